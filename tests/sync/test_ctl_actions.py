#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do to messages: safe before it shows, on the server once, undone exactly, and never lost on the way."""

import random
import unittest

import suite
from ctl import FAILED, USAGE
from suite import SyncCase
from testservers import DovecotServer

USERS = [word for index in range(6) for word in ("--user", f"user{index}@kittiwake.example:pass{index}")]


def flags(listed, uid):
    message = next(message for message in listed if message["uid"] == uid)
    return set(message["flags"]) | set(message["keywords"])


class TestCtlActions(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer(*USERS)
        cls.addClassCleanup(cls.server.close)

    def synced(self, user, count=20):
        self.server.fill("INBOX", count, seed=90 + user, user=self.server.user(user))
        ctl = self.new_ctl(user)
        ctl.json("sync")
        return ctl, self.reader(user)

    def server_flags(self, reader, mailbox="INBOX"):
        """{uid: flags and keywords}, as the server says now."""
        messages = reader.messages(mailbox)
        return {message["uid"]: flags(messages, message["uid"]) for message in messages}

    def test_flags_reach_the_server_and_undo_brings_them_back(self):
        ctl, reader = self.synced(0)
        before = self.server_flags(reader)
        cached = {message["uid"]: flags([message], message["uid"]) for message in ctl.json("list", "INBOX")}
        done = ctl.json("flag", "INBOX", "3,5:7", "+Seen", "+Flagged", "+$Label1")
        self.assertEqual(done["state"], "done")
        after = self.server_flags(reader)
        for uid, was in before.items():
            self.assertEqual(after[uid], was | {"\\Seen", "\\Flagged", "$Label1"} if uid in (3, 5, 6, 7) else was, uid)
        listed = ctl.json("list", "INBOX")
        for uid in (3, 5, 6, 7):
            self.assertLessEqual({"\\Seen", "\\Flagged", "$Label1"}, flags(listed, uid))
        ctl.json("sync")
        self.assert_equal_to_server(ctl, reader)
        self.assertEqual(ctl.json("undo")["state"], "done")
        self.assertEqual(self.server_flags(reader), before)
        self.assertEqual({message["uid"]: flags([message], message["uid"]) for message in ctl.json("list", "INBOX")},
                         cached)
        self.assertIn("undo", ctl.run("undo", code=FAILED).errors)
        self.assertEqual(ctl.json("pending"), [])

    def test_nothing_is_sent_for_what_is_so_already(self):
        ctl, reader = self.synced(1)
        ctl.json("flag", "INBOX", "1:*", "+Seen")
        again = ctl.run("--json", "--verbose", "flag", "INBOX", "1:*", "+Seen")
        self.assertEqual(again.json(), {"operation": None, "state": "none"})
        self.assertNotIn("STORE", again.errors)
        self.assertTrue(all("\\Seen" in one for one in self.server_flags(reader).values()))

    def test_offline_work_shows_at_once_and_goes_out_together(self):
        ctl, reader = self.synced(2)
        before = self.server_flags(reader)
        unseen = next(box for box in ctl.json("mailboxes") if box["name"] == "INBOX")["unseen"]
        fresh = [uid for uid, one in before.items() if "\\Seen" not in one]
        for uid in fresh:
            self.assertEqual(ctl.json("flag", "--offline", "INBOX", uid, "+Seen")["state"], "queued")
        # Read and unread again: nothing of it is left to send.
        ctl.json("flag", "--offline", "INBOX", fresh[0], "-Seen")
        self.assertEqual(self.server_flags(reader), before)
        inbox = next(box for box in ctl.json("mailboxes") if box["name"] == "INBOX")
        self.assertEqual(inbox["unseen"], unseen - len(fresh) + 1)
        waiting = ctl.json("pending")
        self.assertEqual(len(waiting), len(fresh) + 1)
        self.assertEqual({(one["kind"], one["state"], one["mailbox"], one["messages"]) for one in waiting},
                         {("flag", "queued", "INBOX", 1)})
        self.assert_damage_does_not_matter(ctl, fresh)
        sent = ctl.run("--json", "--verbose", "sync").errors
        stores = [line for line in sent.splitlines() if line.startswith("C: ") and "STORE" in line]
        # One for all that are read now, and one that takes the mark off where the last word was "unread".
        self.assertLessEqual(len(stores), 2, stores)
        self.assertEqual(ctl.json("pending"), [])
        after = self.server_flags(reader)
        self.assertEqual({uid for uid, one in after.items() if "\\Seen" not in one}, {fresh[0]})
        ctl.json("sync")
        self.assert_equal_to_server(ctl, reader)

    def assert_damage_does_not_matter(self, ctl, fresh):
        """A dropped cache loses nothing that people did; it shows again when the messages are back."""
        ctl.run("cache", "drop")
        self.assertEqual(len(ctl.json("pending")), len(fresh) + 1)

    def test_an_unreachable_server_delays_and_loses_nothing(self):
        server = DovecotServer(*USERS)
        self.addCleanup(server.close)
        server.fill("INBOX", 5, seed=7, user=server.user(3))
        ctl = self.new_ctl(3, server)
        ctl.json("sync")
        server.stop()
        answer = ctl.json("flag", "INBOX", "2", "+Flagged")
        self.assertEqual(answer["state"], "queued")
        self.assertTrue(answer["error"])
        [waiting] = ctl.json("pending")
        self.assertEqual((waiting["state"], waiting["attempts"]), ("queued", 1))
        self.assertIn("\\Flagged", flags(ctl.json("list", "INBOX"), 2))
        server.start()
        ctl.json("sync")
        self.assertEqual(ctl.json("pending"), [])
        reader = self.reader(3, server)
        self.assertIn("\\Flagged", self.server_flags(reader)[2])

    def test_a_folder_made_anew_parks_the_action_and_nothing_else(self):
        ctl, reader = self.synced(4)
        reader.create("Doomed")
        self.server.fill("Doomed", 4, seed=3, user=self.server.user(4))
        ctl.json("sync")
        ctl.json("flag", "--offline", "Doomed", "1:4", "+Flagged")
        ctl.json("flag", "--offline", "INBOX", "1", "+Flagged")
        reader.delete("Doomed")
        reader.create("Doomed")
        self.server.fill("Doomed", 4, seed=4, user=self.server.user(4))
        ctl.json("sync")
        [parked] = ctl.json("pending")
        self.assertEqual((parked["state"], parked["mailbox"]), ("failed", "Doomed"))
        self.assertTrue(parked["error"])
        self.assertIn("\\Flagged", self.server_flags(reader)[1])
        self.assertFalse(any("\\Flagged" in one for one in self.server_flags(reader, "Doomed").values()))
        ctl.run("pending", "drop", parked["id"])
        self.assertEqual(ctl.json("pending"), [])
        self.assert_equal_to_server(ctl, reader)

    def test_killed_at_any_point_it_is_done_in_the_end(self):
        ctl, reader = self.synced(5, 60)
        numbers = random.Random(11)
        expected = {uid: set(one) for uid, one in self.server_flags(reader).items()}
        for round_number in range(12):
            uid = numbers.choice(sorted(expected))
            with ctl.start("--json", "--verbose", "flag", "INBOX", str(uid), f"+Round{round_number}") as running:
                # From before the journal is written to after the server has answered.
                lines = numbers.randrange(70)
                running.wait_until(lambda: len(running.lines) >= lines or running.texts("out"))
                running.kill()
            waiting = ctl.json("pending")
            ctl.json("sync")
            now = self.server_flags(reader)[uid]
            if waiting or f"Round{round_number}" in now:
                self.assertIn(f"Round{round_number}", now)
                expected[uid].add(f"Round{round_number}")
            self.assertEqual(self.server_flags(reader), expected)
        self.assertEqual(ctl.json("pending"), [])
        self.assert_equal_to_server(ctl, reader)

    def test_what_cannot_be_meant_is_refused(self):
        ctl, _ = self.synced(0, 1)
        for arguments in (("INBOX", "1"), ("INBOX", "1", "Seen"), ("INBOX", "1", "+"), ("INBOX", "1", "+\\Nonsense")):
            ctl.run("flag", *arguments, code=USAGE)
        self.assertIn("UID", ctl.run("flag", "INBOX", "one", "+Seen", code=FAILED).errors)
        ctl.run("flag", "Nowhere", "1", "+Seen", code=FAILED)
        ctl.run("pending", "retry", "99", code=FAILED)
        ctl.run("pending", "nonsense", code=USAGE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
