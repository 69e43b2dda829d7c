-- SPDX-License-Identifier: GPL-3.0-or-later
-- pending.db, version 4: messages that are being written.

CREATE TABLE draft (
    id TEXT PRIMARY KEY, -- mail::DraftId
    account INTEGER NOT NULL,
    created_at INTEGER NOT NULL, -- milliseconds since 1970 UTC
    changed_at INTEGER NOT NULL, -- likewise, when it was last saved
    revision INTEGER NOT NULL, -- grows with each save
    synced INTEGER NOT NULL DEFAULT 0, -- the revision that the server has; 0: none
    synced_at INTEGER NOT NULL DEFAULT 0, -- milliseconds since 1970 UTC
    is_open INTEGER NOT NULL DEFAULT 1, -- somebody writes: it stays here, also once the server has it
    push INTEGER NOT NULL DEFAULT 0, -- the operation that brings it to the server
    outgoing INTEGER NOT NULL DEFAULT 0, -- the operation that sends it
    notice TEXT NOT NULL DEFAULT '', -- a sentence for the person
    written BLOB NOT NULL, -- what was written, without its files: JSON
    server BLOB NOT NULL DEFAULT x'' -- what the server has of it, and may have: JSON
) STRICT;

-- Files and parts of other messages that go along: written once, however often the text is saved.
CREATE TABLE draft_part (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    draft TEXT NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
    bytes BLOB NOT NULL
) STRICT;

CREATE INDEX draft_part_draft ON draft_part (draft);
