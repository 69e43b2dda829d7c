-- SPDX-License-Identifier: GPL-3.0-or-later
-- cache.db, version 6: what people did to mailboxes and the server has not confirmed. Made of pending.db.

-- 1: asked for, the server does not have it yet; 2: where messages stand that no server has yet, never shown.
ALTER TABLE mailbox ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0;

CREATE TABLE mailbox_overlay (
    mailbox INTEGER PRIMARY KEY REFERENCES mailbox (id) ON DELETE CASCADE,
    name TEXT NOT NULL DEFAULT '', -- it is shown by; empty: its own
    hidden INTEGER NOT NULL DEFAULT 0, -- deleted
    subscribed INTEGER NOT NULL DEFAULT -1 -- -1: as the server says
) STRICT;
