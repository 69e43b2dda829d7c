-- SPDX-License-Identifier: GPL-3.0-or-later
-- pending.db, version 5: words that the person has taught the spell checker.

CREATE TABLE known_word (
    word TEXT PRIMARY KEY,
    added_at INTEGER NOT NULL -- milliseconds since 1970 UTC
) STRICT;
