-- SPDX-License-Identifier: GPL-3.0-or-later
-- cache.db, version 2: messages that seem gone are kept aside for a while.

ALTER TABLE mailbox ADD COLUMN pass INTEGER NOT NULL DEFAULT 0; -- how often it was compared as a whole

CREATE TABLE unlinked ( -- messages that went from the server, or seem to; the columns of message, and when
    id INTEGER PRIMARY KEY, -- of the message, which has it again when it turns up
    mailbox INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    pass INTEGER NOT NULL, -- of the mailbox, in which it went
    thread INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    modseq INTEGER NOT NULL,
    internal_date INTEGER NOT NULL,
    date INTEGER NOT NULL,
    size INTEGER NOT NULL,
    has_attachment INTEGER NOT NULL,
    keywords BLOB NOT NULL,
    message_id BLOB NOT NULL,
    subject TEXT NOT NULL,
    from_name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    from_others TEXT NOT NULL,
    to_list TEXT NOT NULL,
    cc_list TEXT NOT NULL,
    reply_to_list TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX unlinked_uid ON unlinked (mailbox, uid);
CREATE INDEX unlinked_thread ON unlinked (thread);
