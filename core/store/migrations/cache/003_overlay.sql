-- SPDX-License-Identifier: GPL-3.0-or-later
-- cache.db, version 3: what people did and the server has not confirmed, laid over the messages. Made of pending.db.

CREATE TABLE overlay (
    message INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    set_flags INTEGER NOT NULL DEFAULT 0, -- mail::SystemFlag
    set_keywords BLOB NOT NULL DEFAULT x'', -- sorted, separated by spaces
    clear_flags INTEGER NOT NULL DEFAULT 0,
    clear_keywords BLOB NOT NULL DEFAULT x'',
    hidden INTEGER NOT NULL DEFAULT 0 -- moved away or deleted
) STRICT;
