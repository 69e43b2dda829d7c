-- SPDX-License-Identifier: GPL-3.0-or-later
-- pending.db, version 3: operations that are one action of the person, and messages that no server has yet.

-- Tables of their own: a column behind the payload would be read by walking over all of that.
CREATE TABLE part_of (
    operation INTEGER PRIMARY KEY REFERENCES operation (id) ON DELETE CASCADE,
    action INTEGER NOT NULL -- the id of the action's first operation, which may have gone
) STRICT;

CREATE TABLE content (
    operation INTEGER PRIMARY KEY REFERENCES operation (id) ON DELETE CASCADE,
    bytes BLOB NOT NULL -- an RFC 5322 message
) STRICT;
