#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mark whose confirmation was lost, and another device that was there in between: nothing the person did is lost, and
nothing is done a second time that somebody else has taken back since."""

import unittest

import suite
from linerelay import LineRelay
from suite import SyncCase
from testservers import DovecotServer

USERS = [word for index in range(8) for word in ("--user", f"user{index}@kittiwake.example:pass{index}")]
PLAIN = "--hide-capability=COMPRESS=DEFLATE"
UID = 4


class TestFlagRaces(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer(PLAIN, *USERS)
        cls.addClassCleanup(cls.server.close)
        cls.old = DovecotServer(PLAIN + " CONDSTORE QRESYNC", *USERS)
        cls.addClassCleanup(cls.old.close)

    def interrupted(self, user, line, server=None):
        """INBOX after a "+Flagged" that was cut off in line number line of its STORE: the first is the command."""
        server = server or self.server
        server.fill("INBOX", 8, seed=user, user=server.user(user))
        relay = LineRelay(server)
        self.addCleanup(relay.close)
        ctl = self.empty_ctl()
        ctl.add_account(server, user, port=relay.port)
        ctl.json("sync")
        reader = self.reader(user, server)
        self.change(reader, "-FLAGS", "\\Flagged")
        ctl.json("sync")
        relay.plan(line, b" STORE ")
        answer = ctl.json("flag", "INBOX", UID, "+Flagged")
        self.assertTrue(relay.calm())
        self.assertEqual(answer["state"], "queued")
        return ctl, reader

    def change(self, reader, item, flag):
        reader.select("INBOX")
        reader.command("STORE", str(UID), item, f"({flag})")
        reader.unselect()

    def flags(self, reader):
        [message] = [one for one in reader.messages("INBOX") if one["uid"] == UID]
        return set(message["flags"])

    def finish(self, ctl, reader, flagged):
        """What the repetition says to the server."""
        trace = ctl.run("--json", "--verbose", "sync").errors
        self.assertEqual("\\Flagged" in self.flags(reader), flagged)
        self.assertEqual(ctl.json("pending"), [])
        self.assert_equal_to_server(ctl, reader)
        return [line for line in trace.splitlines() if line.startswith("C: ") and " STORE " in line]

    def test_lost_on_the_way(self):
        ctl, reader = self.interrupted(0, 0)
        self.assertNotIn("\\Flagged", self.flags(reader))
        [store] = self.finish(ctl, reader, True)
        self.assertIn("(UNCHANGEDSINCE ", store)

    def test_only_the_answer_was_lost(self):
        ctl, reader = self.interrupted(1, 1)
        self.assertIn("\\Flagged", self.flags(reader))
        self.assertEqual(self.finish(ctl, reader, True), [])

    def test_somebody_took_it_back_before_it_was_confirmed(self):
        ctl, reader = self.interrupted(2, 1)
        self.change(reader, "-FLAGS", "\\Flagged")
        self.assertEqual(self.finish(ctl, reader, False), [])

    def test_lost_on_the_way_while_somebody_did_something_else(self):
        ctl, reader = self.interrupted(3, 0)
        self.change(reader, "+FLAGS", "\\Answered")
        [store] = self.finish(ctl, reader, True)
        self.assertIn("(UNCHANGEDSINCE ", store)
        self.assertIn("\\Answered", self.flags(reader))

    def test_a_second_wish_goes_out_whatever_became_of_the_first(self):
        ctl, reader = self.interrupted(4, 1)
        self.change(reader, "-FLAGS", "\\Flagged")
        ctl.json("flag", "--offline", "INBOX", UID, "-Flagged")
        ctl.json("flag", "--offline", "INBOX", UID, "+Flagged")
        self.finish(ctl, reader, True)

    def test_without_condstore_the_wish_is_repeated(self):
        for user, line in ((5, 0), (6, 1)):
            with self.subTest(line=line):
                ctl, reader = self.interrupted(user, line, self.old)
                [store] = self.finish(ctl, reader, True)
                self.assertNotIn("UNCHANGEDSINCE", store)


if __name__ == "__main__":
    unittest.main(verbosity=2)
