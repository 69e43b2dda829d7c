#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies that are there although nobody has heard of it, and that somebody else takes away meanwhile: a message that is
moved or copied is not copied a second time."""

import unittest

import suite
from ctl import FAILED
from linerelay import LineRelay
from test_ctl_moves import MoveCase, USERS
from test_move_accidents import WITHOUT, living
from testservers import DovecotServer


class TestMovedOn(MoveCase):
    def setUp(self):
        super().setUp()
        self.server = DovecotServer(WITHOUT["MOVE"], *USERS)
        self.addCleanup(self.server.close)
        self.relay = LineRelay(self.server)
        self.addCleanup(self.relay.close)
        self.server.fill("INBOX", 8, seed=4, user=self.server.user(0))
        self.ctl = self.empty_ctl()
        self.ctl.add_account(self.server, 0, port=self.relay.port)
        self.ctl.json("sync")
        self.imap = self.reader(0, self.server)
        self.ids = {one["uid"]: one["message_id"] for one in self.imap.messages("INBOX")}

    def places(self, uid):
        """The mailboxes in which the message with this UID in INBOX at the beginning is, once for each copy."""
        return sorted(name for name, messages in living(self.state(self.imap)).items()
                      for one in messages if one[0] == self.ids[uid])

    def move_on(self, source, target):
        self.imap.select(source)
        self.imap.command("MOVE", "1:*", target)
        self.imap.unselect()

    def settle(self):
        for _ in range(4):
            for operation in self.ctl.json("pending"):
                self.ctl.run("--json", "pending", "retry", operation["id"], code=None)
            self.ctl.run("--json", "sync")
            if not self.ctl.json("pending"):
                break
        self.assertEqual(self.ctl.json("pending"), [])
        self.assertEqual(living(self.shown(self.ctl)), living(self.state(self.imap)))

    def unconfirmed(self, action, uid, target):
        """The answer to COPY is lost."""
        self.relay.plan(0, b"COPYUID")
        self.assertEqual(self.ctl.json(action, "INBOX", uid, target)["state"], "queued")
        self.assertTrue(self.relay.calm())

    def test_before_it_was_confirmed(self):
        for action, uid, there in (("move", 1, ["Trash"]), ("copy", 2, ["INBOX", "Trash"])):
            with self.subTest(action):
                self.unconfirmed(action, uid, "Archive")
                self.move_on("Archive", "Trash")
                self.settle()
                self.assertEqual(self.places(uid), there)
        # What was moved is brought back from where it is. A copy that somebody has put elsewhere is not ours to delete.
        self.ctl.run("--json", "undo", code=None)
        self.assertEqual(self.places(2), ["INBOX", "Trash"])
        self.assertEqual(self.ctl.json("undo")["state"], "done")
        self.assertEqual(self.places(1), ["INBOX"])

    def test_what_was_there_before_is_not_it(self):
        self.assertEqual(self.ctl.json("copy", "INBOX", 3, "Junk")["state"], "done")
        # It has not arrived, though something else has come and gone.
        self.relay.plan(0, b"UID COPY")
        self.assertEqual(self.ctl.json("copy", "INBOX", 3, "Archive")["state"], "queued")
        self.assertTrue(self.relay.calm())
        self.imap.select("INBOX")
        self.imap.command("COPY", "5", "Archive")
        self.imap.unselect()
        self.move_on("Archive", "Trash")
        self.settle()
        self.assertEqual(self.places(3), ["Archive", "INBOX", "Junk"])
        # It has, and another client has moved it on.
        self.unconfirmed("copy", 3, "Sent")
        self.move_on("Sent", "Trash")
        self.settle()
        self.assertEqual(self.places(3), ["Archive", "INBOX", "Junk", "Trash"])

    def test_while_the_original_cannot_be_taken_away(self):
        self.relay.refuse(b"UID STORE 4 ")
        self.assertEqual(self.ctl.json("move", "INBOX", 4, "Archive")["state"], "queued")
        self.assertEqual(self.places(4), ["Archive", "INBOX"])
        shown = self.shown(self.ctl)
        self.assertEqual([name for name, messages in shown.items() for one in messages if one[0] == self.ids[4]],
                         ["Archive"])
        self.move_on("Archive", "Trash")
        self.ctl.run("--json", "sync", code=None)
        self.assertEqual(self.places(4), ["INBOX", "Trash"])
        self.relay.refuse(b"")
        self.settle()
        self.assertEqual(self.places(4), ["Trash"])

    def test_a_copy_is_not_taken_back_where_it_is_the_last_one(self):
        for action, moves in ((("copy", "INBOX", "4:6", "Archive"), True), (("copy", "INBOX", "7:8", "Sent"), False)):
            self.assertEqual(self.ctl.json(*action)["state"], "done")
            first, last = map(int, action[2].split(":"))
            self.imap.select("INBOX")
            if moves:
                self.imap.imap.uid("MOVE", str(first), "Trash")
            else:
                self.imap.imap.uid("STORE", str(first), "+FLAGS.SILENT", "(\\Deleted)")
                self.imap.imap.expunge()
            self.imap.unselect()
            told = self.ctl.run("--json", "undo", code=None).json()
            self.assertEqual(told["state"], "failed")
            self.assertEqual(self.places(first), sorted([action[3], *(["Trash"] if moves else [])]))
            for uid in range(first + 1, last + 1):
                self.assertEqual(self.places(uid), ["INBOX"])
            [parked] = self.ctl.json("pending")
            self.assertIn("stay", parked["error"])
            self.assertEqual(self.shown(self.ctl)[action[3]], self.state(self.imap)[action[3]])
            # Tried again, it is looked at again, and nothing has changed.
            self.ctl.run("--json", "pending", "retry", parked["id"], code=None)
            [still] = self.ctl.json("pending")
            self.assertEqual((still["state"], still["error"]), ("failed", parked["error"]))
            self.ctl.json("pending", "drop", parked["id"])
            self.settle()
            self.assertEqual(self.places(first), sorted([action[3], *(["Trash"] if moves else [])]))

    def test_what_has_begun_to_be_deleted_is_not_said_to_be_brought_back(self):
        self.relay.refuse(b"UID EXPUNGE 4")
        self.assertEqual(self.ctl.json("delete", "INBOX", "4", "--expunge")["state"], "queued")
        [message] = [one for one in self.imap.messages("INBOX") if one["uid"] == 4]
        self.assertIn("\\Deleted", message["flags"])
        self.assertIn("undo", self.ctl.run("undo", code=FAILED).errors.lower())
        self.relay.refuse(b"")
        self.settle()
        self.assertEqual(self.places(4), [])

    def test_the_person_moves_it_on(self):
        self.relay.refuse(b"UID STORE 4 ")
        self.assertEqual(self.ctl.json("move", "INBOX", 4, "Archive")["state"], "queued")
        self.ctl.run("--json", "sync", code=None)
        [copy] = [one for one in self.ctl.json("list", "Archive") if one["message_id"] == self.ids[4]]
        self.assertEqual(self.ctl.json("move", "Archive", copy["uid"], "Junk")["state"], "done")
        self.relay.refuse(b"")
        self.settle()
        self.assertEqual(self.places(4), ["Junk"])
        for there in (["Archive"], ["INBOX"]):
            self.assertEqual(self.ctl.json("undo")["state"], "done")
            self.assertEqual(self.places(4), there)


if __name__ == "__main__":
    unittest.main(verbosity=2)
