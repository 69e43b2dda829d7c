-- SPDX-License-Identifier: GPL-3.0-or-later
-- cache.db, version 5: what some services have besides: labels of one message, and mailboxes that show only their newest messages.

ALTER TABLE mailbox ADD COLUMN is_label INTEGER NOT NULL DEFAULT 0; -- its messages are those of other mailboxes too
ALTER TABLE mailbox ADD COLUMN newest_only INTEGER NOT NULL DEFAULT 0; -- the server shows no more than so many; 0: all

CREATE TABLE message_label (
    message INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    gm_msgid INTEGER NOT NULL, -- X-GM-MSGID: rows with the same one are one and the same message
    labels TEXT NOT NULL -- sorted, joined by RS; without that of the mailbox itself
) STRICT;

CREATE INDEX message_label_gm_msgid ON message_label (gm_msgid);
