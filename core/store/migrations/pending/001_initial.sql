-- SPDX-License-Identifier: GPL-3.0-or-later
-- pending.db, version 1: what people did and no server has confirmed. docs/schema.md says why.

CREATE TABLE operation (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- also the order of replay
    account INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state INTEGER NOT NULL DEFAULT 0, -- store::OperationState
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, -- milliseconds since 1970 UTC
    next_attempt_at INTEGER NOT NULL DEFAULT 0, -- milliseconds since 1970 UTC
    error TEXT NOT NULL DEFAULT '',
    undo BLOB NOT NULL DEFAULT x'',
    payload BLOB NOT NULL DEFAULT x''
) STRICT;

CREATE INDEX operation_account ON operation (account, id);
