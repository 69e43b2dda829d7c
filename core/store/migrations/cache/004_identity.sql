-- SPDX-License-Identifier: GPL-3.0-or-later
-- cache.db, version 4: what identifies a message and a mailbox when UIDs and names change.

ALTER TABLE mailbox ADD COLUMN object_id BLOB NOT NULL DEFAULT x''; -- MAILBOXID (RFC 8474)
ALTER TABLE mailbox ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0; -- renamed, or another one: UIDs prove nothing
ALTER TABLE message ADD COLUMN email_id BLOB NOT NULL DEFAULT x''; -- EMAILID (RFC 8474), or X-GM-MSGID in decimal
ALTER TABLE unlinked ADD COLUMN email_id BLOB NOT NULL DEFAULT x'';
