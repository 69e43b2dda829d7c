-- SPDX-License-Identifier: GPL-3.0-or-later
-- pending.db, version 2: how far an operation has got, apart from what it is, because it is written more often.

ALTER TABLE operation ADD COLUMN progress BLOB NOT NULL DEFAULT x'';
