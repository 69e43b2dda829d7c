#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cache and a server that contradict each other: all is compared, nothing that the server has is lost, and nothing is
fetched that is here. The cache's memory is changed instead of the server's, which does not let itself be changed so."""

import contextlib
import sqlite3
import unittest

from suite import SyncCase
from linerelay import LineRelay
from testservers import DovecotServer

MESSAGES = 400
COLUMNS = ("thread, flags, modseq, internal_date, date, size, has_attachment, keywords, message_id, subject, from_name, "
           "from_address, from_others, to_list, cc_list, reply_to_list")


class Contradictions:
    """With every way of RFC 7162, and the plain one."""
    hidden = ()

    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer("--hide-capability", " ".join(cls.hidden))
        cls.addClassCleanup(cls.server.close)
        cls.server.fill("INBOX", MESSAGES, seed=41)

    def setUp(self):
        self.ctl, self.other = self.new_ctl(), self.reader()
        self.ctl.json("sync")

    @contextlib.contextmanager
    def cache(self):
        database = sqlite3.connect(self.ctl.sandbox.profile / "cache.db", isolation_level=None)
        try:
            yield database
        finally:
            database.close()

    def forget(self, set_text):
        with self.cache() as database:
            database.execute(f"UPDATE mailbox SET {set_text} WHERE name = 'INBOX'")

    def uids(self):
        return [message["uid"] for message in self.ctl.json("list", "INBOX")]

    def lose(self, uid, unlink=False):
        """The cache has never seen this one; or thinks that it went."""
        with self.cache() as database:
            if unlink:
                database.execute(
                    f"INSERT INTO unlinked (id, mailbox, uidvalidity, uid, pass, {COLUMNS}) SELECT id, mailbox, "
                    "(SELECT uidvalidity FROM mailbox AS mine WHERE mine.id = message.mailbox), uid, 0, "
                    f"{COLUMNS} FROM message WHERE uid = ?", (uid,))
            identity, unseen = database.execute("SELECT id, 1 - (flags & 1) FROM message WHERE uid = ?", (uid,)).fetchone()
            database.execute("DELETE FROM message WHERE uid = ?", (uid,))
            database.execute("UPDATE mailbox SET cached = cached - 1, cached_unseen = cached_unseen - ? "
                             "WHERE name = 'INBOX'", (unseen,))
            return identity

    def identity(self, uid):
        with self.cache() as database:
            return database.execute("SELECT id FROM message WHERE uid = ?", (uid,)).fetchone()[0]

    def sync(self, path, added=0, removed=0):
        report = self.ctl.json("sync")
        self.assertEqual((report["path"]["INBOX"], report["added"], report["removed"]), (path, added, removed))
        self.assert_messages_equal(self.ctl, "INBOX", self.other.messages("INBOX"))
        return report

    def flag(self, uids, change):
        self.other.select("INBOX")
        self.other.command("STORE", ",".join(map(str, uids)), change, "(\\Flagged)")

    def assert_found_again(self, forget):
        """UIDs mean nothing any more: all messages are looked at, and one that is another one now is fetched."""
        kept, replaced = self.uids()[:2]
        identity = self.identity(kept)
        self.forget(forget)
        with self.cache() as database:
            database.execute("UPDATE message SET size = size + 1 WHERE uid = ?", (replaced,))
        self.sync("full", added=1, removed=1)
        self.assertEqual(self.identity(kept), identity)

    def test_uidnext_goes_back(self):
        self.assert_found_again("uidnext = uidnext + 7")

    def test_another_uidvalidity(self):
        self.assert_found_again("uidvalidity = uidvalidity + 1")

    def test_a_mailbox_that_may_be_another_one(self):
        self.assert_found_again("doubtful = 1, complete = 0, highestmodseq = 0")

    def test_a_message_below_uidnext_was_never_seen(self):
        self.lose(self.uids()[100])
        self.sync("plain", added=1)

    def test_what_seemed_gone_is_there_again_without_being_fetched(self):
        uid = self.uids()[50]
        before = self.identity(uid)
        self.lose(uid, unlink=True)
        self.assertNotIn(uid, self.uids())
        self.flag([uid], "+FLAGS")
        trace = self.ctl.run("--verbose", "sync").errors
        self.assertIn("UID FETCH", trace)
        self.assertNotIn("ENVELOPE", trace)
        self.assert_messages_equal(self.ctl, "INBOX", self.other.messages("INBOX"))
        self.assertEqual(self.identity(uid), before)
        self.flag([uid], "-FLAGS")
        self.ctl.json("sync")

    def test_what_went_is_deleted_after_a_later_pass(self):
        self.server.deliver("From: a@example.org\nSubject: short-lived\n\nx\n")
        self.ctl.json("sync")
        uid = max(self.uids())
        self.other.select("INBOX")
        self.other.command("STORE", str(uid), "+FLAGS", "(\\Deleted)")
        self.other.command("EXPUNGE", str(uid))
        self.ctl.json("sync")
        with self.cache() as database:
            self.assertEqual(database.execute("SELECT uid FROM unlinked").fetchall(), [(uid,)])
        for _ in range(2):
            self.flag(self.uids()[:1], "+FLAGS")
            self.flag(self.uids()[:1], "-FLAGS")
            self.ctl.json("sync")
        with self.cache() as database:
            self.assertEqual(database.execute("SELECT uid FROM unlinked").fetchall(), [])


class CondStore(Contradictions):
    def test_modseq_goes_back(self):
        self.forget("highestmodseq = highestmodseq + 1000")
        with self.cache() as database:
            database.execute("UPDATE message SET flags = flags | 2 WHERE uid = ?", (self.uids()[7],))
        self.sync("plain")

    def test_one_never_seen_and_one_that_is_not_there(self):
        """Their counts add up; that the server tells of one that was never here shows it."""
        first, second = self.uids()[10], self.uids()[20]
        self.lose(first)
        with self.cache() as database:
            database.execute(f"INSERT INTO message (mailbox, uid, {COLUMNS}) SELECT mailbox, "
                             f"(SELECT max(uid) FROM message WHERE uid < 4294967295) + 1, {COLUMNS} FROM message "
                             "WHERE uid = ?", (second,))
            ghost = database.execute("SELECT max(uid) FROM message").fetchone()[0]
            database.execute("UPDATE mailbox SET cached = cached + 1, cached_unseen = (SELECT count(*) FROM message "
                             "WHERE mailbox = mailbox.id AND flags & 1 = 0) WHERE name = 'INBOX'")
        self.flag([first], "+FLAGS")
        self.sync("plain", added=1, removed=1)
        self.assertNotIn(ghost, self.uids())
        self.flag([first], "-FLAGS")


class TestQResync(CondStore, SyncCase):
    def test_changes_are_told(self):
        self.flag(self.uids()[:3], "+FLAGS")
        self.sync("qresync")


class TestCondStore(CondStore, SyncCase):
    hidden = ("QRESYNC",)

    def test_changes_are_told(self):
        self.flag(self.uids()[:3], "+FLAGS")
        self.sync("condstore")


class TestPlain(Contradictions, SyncCase):
    hidden = ("QRESYNC", "CONDSTORE", "LIST-STATUS")

    def test_nothing_is_told(self):
        self.flag(self.uids()[:3], "+FLAGS")
        self.sync("plain")


class ForgetfulRelay(LineRelay):
    """What SELECT with QRESYNC tells of changes does not arrive, or only some of it."""

    def __init__(self, server, forgets):
        self.forgets = forgets
        self.selecting = None
        self.forgotten = 0
        super().__init__(server)

    async def _pump(self, reader, writer, told):
        while line := await reader.readline():
            words = line.split(None, 3)
            if b" SELECT " in line and b"QRESYNC" in line:
                self.selecting = words[0]
            elif self.selecting and words and words[0] == self.selecting:
                self.selecting = None
            elif self.selecting and words[0] == b"*" and self.forgets(line):
                self.forgotten += 1
                continue
            writer.write(line)
            await writer.drain()
        raise ConnectionResetError


class TestForgetfulQResync(SyncCase):
    """One came and one went: the server has as many messages as before, and says little about it."""

    def check(self, forgets):
        server = DovecotServer("--hide-capability", "COMPRESS=DEFLATE")
        self.addCleanup(server.close)
        server.fill("INBOX", 30, seed=5)
        relay = ForgetfulRelay(server, forgets)
        self.addCleanup(relay.close)
        other, ctl = self.reader(server=server), self.empty_ctl()
        ctl.add_account(server, port=relay.port)
        ctl.json("sync")
        other.select("INBOX")
        other.command("STORE", "3", "+FLAGS.SILENT", "(\\Deleted)")
        other.imap.expunge()
        other.command("STORE", "7", "+FLAGS.SILENT", "(\\Flagged)")
        server.deliver("Subject: the new one\n\nx\n")
        ctl.json("sync")
        self.assertGreater(relay.forgotten, 0)
        self.assert_equal_to_server(ctl, self.reader(server=server))

    def test_nothing_is_told(self):
        self.check(lambda line: b"VANISHED" in line or b" FETCH " in line)

    def test_flags_are_told(self):
        self.check(lambda line: b"VANISHED" in line or (b" FETCH " in line and b"Flagged" not in line))

    def test_the_new_one_is_told(self):
        self.check(lambda line: b"VANISHED" in line)


if __name__ == "__main__":
    unittest.main(verbosity=2)
