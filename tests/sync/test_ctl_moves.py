#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that are moved, copied, archived, deleted: on the server once, whatever it can do and whatever happens on the
way; shown at once; undone exactly."""

import unittest

import suite
from ctl import FAILED, USAGE
from suite import SyncCase
from testservers import DovecotServer

COUNT = 14
USERS = [word for index in range(16) for word in ("--user", f"user{index}@kittiwake.example:pass{index}")]


def known(messages):
    """What a message is, wherever it is."""
    return sorted((message["message_id"], message["subject"], tuple(sorted(message["flags"])),
                   tuple(sorted(message["keywords"]))) for message in messages)


class MoveCase(SyncCase):
    """A mailbox of COUNT messages; what an action does to them, seen by Python's own IMAP client."""

    next_user = 0

    def synced(self, count=COUNT, server=None, seed=5):
        server = server or self.server
        user = MoveCase.next_user = (MoveCase.next_user + 1) % 16
        server.fill("INBOX", count, seed=seed, user=server.user(user))
        ctl = self.new_ctl(user, server)
        ctl.json("sync")
        return ctl, self.reader(user, server)

    @staticmethod
    def state(reader):
        """{mailbox: what is in it}, without those that are empty."""
        found = {name: known(reader.messages(name)) for name in reader.mailboxes()[0]}
        return {name: messages for name, messages in found.items() if messages}

    @staticmethod
    def shown(ctl):
        found = {box["name"]: known(ctl.json("list", box["name"])) for box in ctl.json("mailboxes")}
        return {name: messages for name, messages in found.items() if messages}

    def counts(self, ctl):
        return {box["name"]: (box["messages"], box["unseen"]) for box in ctl.json("mailboxes")}

    def assert_counts_are_right(self, ctl):
        for name, (messages, unseen) in self.counts(ctl).items():
            listed = ctl.json("list", name)
            self.assertEqual((messages, unseen), (len(listed), sum("\\Seen" not in one["flags"] for one in listed)), name)

    def assert_settled(self, ctl, reader):
        self.assertEqual(ctl.json("pending"), [])
        self.assertEqual(self.shown(ctl), self.state(reader))
        ctl.json("sync")
        self.assert_equal_to_server(ctl, reader)


class TestWhatStays(MoveCase):
    def test_what_cannot_be_expunged_is_in_the_cache_as_it_is(self):
        """Without UIDPLUS: hidden, and known to be marked at once and not with the next comparison."""
        server = DovecotServer("--hide-capability=COMPRESS=DEFLATE MOVE UIDPLUS", *USERS)
        self.addCleanup(server.close)
        ctl, reader = self.synced(4, server)
        for action in (("delete", "INBOX", "3", "--expunge"), ("move", "INBOX", "1:2", "Archive")):
            self.assertEqual(ctl.json(*action)["state"], "done")
            self.assertTrue(all(box["ok"] for box in ctl.json("verify")["mailboxes"]))
        self.assertEqual([one["uid"] for one in reader.messages("INBOX") if "\\Deleted" in one["flags"]], [1, 2, 3])


class TestCtlMoves(MoveCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer(*USERS)
        cls.addClassCleanup(cls.server.close)

    def test_each_action_and_its_undo(self):
        ctl, reader = self.synced()
        begin = self.state(reader)
        uids = {message["message_id"]: message["uid"] for message in reader.messages("INBOX")}
        for arguments, target, keywords in ((("move", "INBOX", "3,5:7", "Sent"), "Sent", ()),
                                            (("archive", "INBOX", "1"), "Archive", ()),
                                            (("delete", "INBOX", "1:4"), "Trash", ()),
                                            (("junk", "INBOX", "2:3"), "Junk", ("$Junk",))):
            with self.subTest(arguments):
                inbox = {one["message_id"]: one for one in reader.messages("INBOX")}
                numbers = sorted(inbox[one]["uid"] for one in inbox)
                done = ctl.json(*(arguments[:2] + (",".join(map(str, numbers[:3])),) + arguments[3:]))
                self.assertEqual(done["state"], "done", done)
                gone = [one for one in inbox.values() if one["uid"] in numbers[:3]]
                now = self.state(reader)
                self.assertEqual(len(now["INBOX"]), COUNT - 3)
                for message in gone:
                    message["keywords"] = sorted({*message["keywords"], *keywords})
                self.assertEqual(now[target], known(gone))
                self.assert_settled(ctl, reader)
                self.assert_counts_are_right(ctl)
                self.assertEqual(ctl.json("undo")["state"], "done")
                self.assertEqual(self.state(reader), begin)
                self.assert_settled(ctl, reader)
        self.assertEqual(len(uids), COUNT)
        self.assertIn("undo", ctl.run("undo", code=FAILED).errors)

    def test_a_copy_and_its_undo(self):
        ctl, reader = self.synced()
        begin = self.state(reader)
        self.assertEqual(ctl.json("copy", "INBOX", "2,4", "Archive")["state"], "done")
        now = self.state(reader)
        self.assertEqual(now["INBOX"], begin["INBOX"])
        self.assertEqual(now["Archive"], known(one for one in reader.messages("INBOX") if one["uid"] in (2, 4)))
        self.assert_settled(ctl, reader)
        self.assertEqual(ctl.json("undo")["state"], "done")
        self.assertEqual(self.state(reader), begin)
        self.assert_settled(ctl, reader)

    def test_deleted_for_good_is_gone_and_undo_says_so(self):
        ctl, reader = self.synced()
        ctl.json("flag", "INBOX", "9", "+Flagged")
        self.assertEqual(ctl.json("delete", "INBOX", "1", "--expunge")["state"], "done")
        self.assertEqual(ctl.json("delete", "INBOX", "2")["state"], "done")
        [trashed] = ctl.json("list", "Trash")
        self.assertEqual(ctl.json("delete", "Trash", trashed["uid"])["state"], "done")
        now = self.state(reader)
        self.assertEqual(set(now), {"INBOX"})
        self.assertEqual(len(now["INBOX"]), COUNT - 2)
        self.assert_settled(ctl, reader)
        self.assertIn("for good", ctl.run("undo", code=FAILED).errors)
        # What was moved to the Trash and deleted there cannot come back either.
        self.assertEqual(ctl.run("--json", "undo", code=FAILED).json()["state"], "failed")
        [parked] = ctl.json("pending")
        ctl.run("pending", "drop", parked["id"])
        self.assertIn("for good", ctl.run("undo", code=FAILED).errors)
        self.assertEqual(ctl.json("undo")["state"], "done")
        self.assertFalse(any("\\Flagged" in one["flags"] for one in reader.messages("INBOX") if one["uid"] == 9))

    def test_offline_it_shows_at_once_and_goes_out_together(self):
        ctl, reader = self.synced()
        begin = self.state(reader)
        inbox = reader.messages("INBOX")
        for uid in (1, 2, 3, 4, 5):
            self.assertEqual(ctl.json("archive", "--offline", "INBOX", uid)["state"], "queued")
        ctl.json("flag", "--offline", "INBOX", "6", "+Flagged")
        ctl.json("delete", "--offline", "INBOX", "6")
        # By its UID it is meant where it is shown by now.
        ctl.json("flag", "--offline", "INBOX", "6", "+$Later")
        self.assertEqual(self.state(reader), begin)
        expected = {name: list(messages) for name, messages in begin.items()}
        for one in inbox:
            if one["uid"] == 6:
                one["flags"] = sorted({*one["flags"], "\\Flagged"})
                one["keywords"] = sorted({*one["keywords"], "$Later"})
        expected["INBOX"] = known(one for one in inbox if one["uid"] > 6)
        expected["Archive"] = known(one for one in inbox if one["uid"] < 6)
        expected["Trash"] = known(one for one in inbox if one["uid"] == 6)
        self.assertEqual(self.shown(ctl), expected)
        self.assert_counts_are_right(ctl)
        self.assertTrue(all(one["uid"] is None for one in ctl.json("list", "Archive")))
        self.assertEqual([one["kind"] for one in ctl.json("pending")],
                         ["archive"] * 5 + ["flag", "delete", "flag"])
        # The cache may go; what people did stays.
        ctl.run("cache", "drop")
        self.assertEqual(len(ctl.json("pending")), 8)
        sent = ctl.run("--json", "--verbose", "sync").errors
        moves = [line for line in sent.splitlines() if line.startswith("C: ") and "UID MOVE" in line]
        self.assertEqual(len(moves), 2, moves)
        self.assertEqual(self.state(reader), expected)
        self.assert_settled(ctl, reader)

    def test_undo_offline_takes_it_back_unsent(self):
        ctl, reader = self.synced()
        begin = self.state(reader)
        ctl.json("archive", "--offline", "INBOX", "1:3")
        self.assertEqual(ctl.json("undo", "--offline")["state"], "none")
        self.assertEqual(ctl.json("pending"), [])
        self.assertEqual(self.shown(ctl), begin)
        # What the server has done is brought back later.
        ctl.json("archive", "INBOX", "1:3")
        self.assertEqual(ctl.json("undo", "--offline")["state"], "queued")
        self.assertEqual(self.shown(ctl), begin)
        self.assertNotEqual(self.state(reader), begin)
        ctl.json("sync")
        self.assertEqual(self.state(reader), begin)
        self.assert_settled(ctl, reader)

    def test_undo_after_undo_follows_the_message(self):
        ctl, reader = self.synced()
        begin = self.state(reader)
        ctl.json("flag", "INBOX", "2,3", "+Flagged", "+$One")
        ctl.json("move", "INBOX", "2", "Sent")
        [there] = ctl.json("list", "Sent")
        ctl.json("flag", "Sent", there["uid"], "+$Two")
        ctl.json("move", "Sent", there["uid"], "Archive")
        for _ in range(4):
            self.assertEqual(ctl.json("undo")["state"], "done")
        self.assertEqual(self.state(reader), begin)
        self.assert_settled(ctl, reader)

    def test_what_is_refused_is_parked_and_keeps_nobody_waiting(self):
        ctl, reader = self.synced()
        reader.create("Doomed")
        ctl.json("sync")
        ctl.json("move", "--offline", "INBOX", "1", "Doomed")
        ctl.json("archive", "--offline", "INBOX", "2")
        ctl.json("move", "--offline", "INBOX", "3", "Sent")
        ctl.json("flag", "--offline", "INBOX", "1", "+Flagged")
        # Gone behind its back: the folder, and a message.
        reader.delete("Doomed")
        reader.select("INBOX")
        reader.command("STORE", "2", "+FLAGS.SILENT", "(\\Deleted)")
        reader.command("EXPUNGE", "2")
        reader.unselect()
        ctl.json("sync")
        parked = {one["messages"]: one for one in ctl.json("pending")}
        self.assertEqual(sorted((one["kind"], one["state"], one["target"]) for one in ctl.json("pending")),
                         [("archive", "failed", "Archive"), ("move", "failed", "Doomed")])
        self.assertTrue(all(one["error"] for one in parked.values()))
        now = self.state(reader)
        self.assertEqual(len(now["Sent"]), 1)
        self.assertNotIn("Archive", now)
        self.assertEqual(self.shown(ctl), now)
        self.assertTrue(any("\\Flagged" in one["flags"] for one in reader.messages("INBOX") if one["uid"] == 1))
        # The folder comes back, and the person tries again.
        reader.create("Doomed")
        ctl.json("sync")
        mine = next(one for one in ctl.json("pending") if one["kind"] == "move")
        self.assertEqual(ctl.json("pending", "retry", mine["id"])["state"], "done")
        self.assertEqual(len(self.state(reader)["Doomed"]), 1)
        ctl.run("pending", "drop", ctl.json("pending")[0]["id"])
        self.assert_settled(ctl, reader)

    def test_no_room_left(self):
        server = DovecotServer("--quota=60k", *USERS)
        self.addCleanup(server.close)
        ctl, reader = self.synced(4, server)
        letter = "Subject: large\n\n" + "0123456789\n" * 3000
        reader.append("INBOX", letter)
        ctl.json("sync")
        refused = ctl.run("--json", "copy", "INBOX", "5", "Archive", code=FAILED).json()
        self.assertEqual(refused["state"], "failed")
        self.assertIn("no room", refused["error"])
        self.assertEqual(ctl.json("move", "INBOX", "1", "Sent")["state"], "done")
        self.assertNotIn("Archive", self.state(reader))

    def test_what_cannot_be_meant_is_refused(self):
        ctl, _ = self.synced(2)
        for arguments in (("move", "INBOX", "1"), ("copy", "INBOX"), ("delete", "INBOX"), ("archive", "INBOX", "1", "x")):
            ctl.run(*arguments, code=USAGE)
        ctl.run("move", "INBOX", "1", "Nowhere", code=FAILED)
        self.assertIn("UID", ctl.run("delete", "INBOX", "one", code=FAILED).errors)
        self.assertEqual(ctl.json("move", "INBOX", "99", "Sent"), {"operation": None, "state": "none"})
        self.assertEqual(ctl.json("move", "INBOX", "1", "INBOX"), {"operation": None, "state": "none"})

    def test_what_waits_goes_out_while_it_stays_connected(self):
        """Over one connection that is told of everything, and over two of which one watches the Inbox."""
        for hidden in ("", "NOTIFY"):
            with self.subTest(hidden=hidden):
                server = DovecotServer(*([f"--hide-capability={hidden}"] if hidden else []), *USERS)
                self.addCleanup(server.close)
                ctl, reader = self.synced(server=server)
                ctl.json("archive", "--offline", "INBOX", "1:3")
                ctl.json("flag", "--offline", "INBOX", "4", "+Flagged")
                ctl.json("move", "--offline", "INBOX", "4", "Sent")
                shown = self.shown(ctl)
                with ctl.start("watch", "--json") as watch:
                    watch.wait_for_event(lambda event: event["event"] == "removed" and event["mailbox"] == "INBOX"
                                         and 4 in event["uids"], 60, "UID 4 to go")
                    for _ in range(120):
                        if ctl.json("pending") == [] and self.shown(ctl) == shown:
                            break
                        watch.wait_for_more(0.5)
                    else:
                        self.fail(ctl.json("pending"))
                    watch.interrupt()
                    watch.wait(30)
                    told = [event for _, event in watch.events()]
                gone = [uid for event in told if event["event"] == "removed" for uid in event["uids"]]
                self.assertEqual(sorted(gone), [1, 2, 3, 4], told)
                back = [event for event in told if event["event"] == "added" and event["mailbox"] == "INBOX"]
                self.assertEqual(back, [])
                self.assertEqual(self.state(reader), shown)
                self.assert_settled(ctl, reader)

    def test_not_junk_brings_back_to_the_inbox(self):
        ctl, reader = self.synced()
        ctl.json("junk", "INBOX", "1:2")
        uids = ",".join(str(one["uid"]) for one in ctl.json("list", "Junk"))
        self.assertEqual(ctl.json("not-junk", "Junk", uids)["state"], "done")
        now = self.state(reader)
        self.assertEqual(set(now), {"INBOX"})
        self.assertEqual(sum("$NotJunk" in keywords for _, _, _, keywords in now["INBOX"]), 2)
        self.assertFalse(any("$Junk" in keywords for _, _, _, keywords in now["INBOX"]))
        self.assert_settled(ctl, reader)


if __name__ == "__main__":
    unittest.main(verbosity=2)
