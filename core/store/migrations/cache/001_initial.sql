-- SPDX-License-Identifier: GPL-3.0-or-later
-- cache.db, version 1. docs/schema.md says why each table and index is as it is.

CREATE TABLE account (
    id INTEGER PRIMARY KEY -- of the account registry
) STRICT;

CREATE TABLE mailbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    wire BLOB NOT NULL DEFAULT x'', -- the server's bytes where they are no valid encoding
    delimiter INTEGER NOT NULL DEFAULT 0, -- UTF-16 code unit; 0: flat
    role INTEGER NOT NULL DEFAULT 0, -- mail::MailboxRole
    attributes BLOB NOT NULL DEFAULT x'', -- as in LIST, separated by spaces
    selectable INTEGER NOT NULL DEFAULT 1,
    subscribed INTEGER NOT NULL DEFAULT 0,
    uidvalidity INTEGER NOT NULL DEFAULT 0, -- 0: never selected
    uidnext INTEGER NOT NULL DEFAULT 0,
    highestmodseq INTEGER NOT NULL DEFAULT 0,
    lowest_fetched INTEGER NOT NULL DEFAULT 0, -- all messages in [lowest_fetched, uidnext) are here
    complete INTEGER NOT NULL DEFAULT 0, -- all messages below uidnext are here
    server_messages INTEGER NOT NULL DEFAULT 0, -- as the server last said
    server_unseen INTEGER NOT NULL DEFAULT 0,
    cached INTEGER NOT NULL DEFAULT 0, -- rows in message, kept by the writer in the same transaction
    cached_unseen INTEGER NOT NULL DEFAULT 0,
    synced_at INTEGER NOT NULL DEFAULT 0, -- seconds since 1970 UTC
    UNIQUE (account, name, wire)
) STRICT;

CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox INTEGER NOT NULL REFERENCES mailbox (id),
    uid INTEGER NOT NULL,
    thread INTEGER NOT NULL, -- id of the message that began it
    flags INTEGER NOT NULL DEFAULT 0, -- mail::SystemFlag
    modseq INTEGER NOT NULL DEFAULT 0,
    internal_date INTEGER NOT NULL DEFAULT 0, -- seconds since 1970 UTC
    date INTEGER NOT NULL DEFAULT 0, -- seconds since 1970 UTC
    size INTEGER NOT NULL DEFAULT 0, -- octets
    has_attachment INTEGER NOT NULL DEFAULT 0,
    keywords BLOB NOT NULL DEFAULT x'', -- sorted, separated by spaces
    message_id BLOB NOT NULL DEFAULT x'', -- with angle brackets
    subject TEXT NOT NULL DEFAULT '',
    from_name TEXT NOT NULL DEFAULT '', -- of the first author
    from_address TEXT NOT NULL DEFAULT '',
    from_others TEXT NOT NULL DEFAULT '', -- address lists: name US address, joined by RS
    to_list TEXT NOT NULL DEFAULT '',
    cc_list TEXT NOT NULL DEFAULT '',
    reply_to_list TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX message_uid ON message (mailbox, uid);
CREATE INDEX message_order ON message (mailbox, date, uid, thread);
CREATE INDEX message_thread ON message (thread);

CREATE TABLE thread_link (
    key INTEGER PRIMARY KEY, -- 64-bit hash of account and Message-ID
    account INTEGER NOT NULL,
    thread INTEGER NOT NULL
) STRICT;

CREATE TABLE thread_link_recent ( -- the newest of them, in the order in which they came
    position INTEGER PRIMARY KEY,
    key INTEGER NOT NULL,
    account INTEGER NOT NULL,
    thread INTEGER NOT NULL
) STRICT;

CREATE TABLE thread_merge ( -- threads that became part of another
    thread INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    merged_into INTEGER NOT NULL
) STRICT;
