#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders that are made, renamed, deleted, emptied: shown at once, on the server once, what waits for their messages
follows, and it is undone."""

import unittest

import suite
from ctl import FAILED, USAGE
from test_ctl_moves import MoveCase, USERS
from test_move_accidents import WITHOUT, living
from testservers import CourierServer, CyrusServer, DovecotServer, PersonalityServer, has_courier




class FolderCase(MoveCase):
    def names(self, ctl):
        return {box["name"] for box in ctl.json("mailboxes")}

    def on_server(self, reader):
        there, containers = reader.mailboxes()
        return set(there) | containers

    def folder(self, ctl, *arguments, state="done"):
        done = ctl.json("mailbox", *arguments)
        self.assertEqual(done["state"], state, (arguments, done))
        return done

    def assert_folders_settled(self, ctl, reader):
        self.assertEqual(self.names(ctl), self.on_server(reader))
        self.assert_settled(ctl, reader)


class TestCtlFolders(FolderCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer(*USERS)
        cls.addClassCleanup(cls.server.close)

    def test_each_and_its_undo(self):
        ctl, reader = self.synced()
        begin = self.on_server(reader)
        self.folder(ctl, "create", "Projekte")
        self.folder(ctl, "create", "Projekte/Größe & Co")
        self.assertIn("Projekte/Größe & Co", self.on_server(reader))
        self.assert_folders_settled(ctl, reader)
        self.assertLessEqual({"Projekte", "Projekte/Größe & Co"}, set(reader.subscribed()))
        ctl.json("move", "INBOX", "1:3", "Projekte/Größe & Co")
        self.folder(ctl, "rename", "Projekte", "Arbeit/日本")
        self.assertEqual(self.on_server(reader) - begin, {"Arbeit", "Arbeit/日本", "Arbeit/日本/Größe & Co"})
        self.assertEqual(len(self.state(reader)["Arbeit/日本/Größe & Co"]), 3)
        self.assert_folders_settled(ctl, reader)
        self.assertLessEqual({"Arbeit/日本", "Arbeit/日本/Größe & Co"}, set(reader.subscribed()))
        self.assertFalse({"Projekte", "Projekte/Größe & Co"} & set(reader.subscribed()))
        self.folder(ctl, "unsubscribe", "Arbeit/日本")
        self.assertNotIn("Arbeit/日本", reader.subscribed())
        for _ in range(5):  # the subscription, the name, the move, both folders
            ctl.json("undo")
        self.assertEqual(self.on_server(reader), begin)
        self.folder(ctl, "create", "Arbeit")
        self.folder(ctl, "delete", "Arbeit")
        self.assert_folders_settled(ctl, reader)
        self.assertIn("for good", ctl.run("undo", code=FAILED).errors)

    def test_offline_it_shows_at_once(self):
        ctl, reader = self.synced()
        begin = self.on_server(reader)
        reader.create("Old")
        reader.create("Old/Inner")
        reader.create("Doomed")
        reader.append("Old/Inner", "Subject: inner\n\ntext\n")
        ctl.json("sync")
        server_side = self.on_server(reader)
        self.folder(ctl, "create", "--offline", "New", state="queued")
        ctl.json("move", "--offline", "INBOX", "1:2", "New")
        self.folder(ctl, "rename", "--offline", "Old", "Newer", state="queued")
        self.folder(ctl, "create", "--offline", "Newer/Second", state="queued")
        self.folder(ctl, "rename", "--offline", "Newer/Inner", "Newer/Outer", state="queued")
        ctl.json("flag", "--offline", "Newer/Outer", "1", "+Flagged")
        ctl.json("move", "--offline", "INBOX", "3", "Newer/Second")
        self.folder(ctl, "delete", "--offline", "Doomed", state="queued")
        wanted = begin | {"New", "Newer", "Newer/Second", "Newer/Outer"}
        self.assertEqual(self.names(ctl), wanted)
        self.assertEqual(self.on_server(reader), server_side)
        shown = self.shown(ctl)
        self.assertEqual({name: len(messages) for name, messages in shown.items()},
                         {"INBOX": 11, "New": 2, "Newer/Outer": 1, "Newer/Second": 1})
        self.assert_counts_are_right(ctl)
        # The cache may go: everything is there again, and shown as it was.
        ctl.run("cache", "drop")
        ctl.json("sync")
        self.assertEqual(self.on_server(reader), wanted)
        self.assertEqual(self.state(reader), shown)
        self.assert_folders_settled(ctl, reader)

    def test_undo_offline_takes_it_back_unsent(self):
        ctl, reader = self.synced()
        begin = self.on_server(reader)
        for arguments in (("create", "--offline", "New"), ("rename", "--offline", "Sent", "Gone"),
                          ("delete", "--offline", "Drafts")):
            self.folder(ctl, *arguments, state="queued")
        self.assertEqual(self.names(ctl), (begin | {"New", "Gone"}) - {"Sent", "Drafts"})
        for _ in range(3):
            self.assertEqual(ctl.json("undo", "--offline")["state"], "none")
        self.assertEqual(self.names(ctl), begin)
        self.assert_folders_settled(ctl, reader)

    def test_what_cannot_be(self):
        ctl, reader = self.synced(2)
        for arguments, word in ((("create", "Sent"), "already"), (("create", "inbox"), "already"),
                                (("create", "a//b"), "without a name"), (("create", "50%"), "control"),
                                (("create", " "), "name"), (("create", "x" * 3000), "long"),
                                (("rename", "INBOX", "Other"), "inbox"), (("rename", "Sent", "Trash"), "already"),
                                (("rename", "Sent", "Sent/Deeper"), "itself"), (("delete", "INBOX"), "inbox")):
            with self.subTest(arguments):
                self.assertIn(word, ctl.run("mailbox", *arguments, code=FAILED).errors)
        ctl.run("mailbox", "create", code=USAGE)
        ctl.run("mailbox", "rename", "Sent", code=USAGE)
        ctl.run("mailbox", "sell", "Sent", code=USAGE)
        ctl.run("mailbox", "delete", "Nowhere", code=FAILED)
        self.folder(ctl, "create", "A")
        self.folder(ctl, "create", "A/B")
        self.assertIn("folders in", ctl.run("mailbox", "delete", "A", code=FAILED).errors)
        self.folder(ctl, "subscribe", "A", state="none")
        self.folder(ctl, "rename", "A", "A", state="none")
        self.assert_folders_settled(ctl, reader)

    def test_a_folder_that_is_not_the_one_any_more_is_left_alone(self):
        ctl, reader = self.synced(2)
        for name in ("Filled", "Anew"):
            reader.create(name)
        ctl.json("sync")
        before = reader.mailboxes()[0]["Anew"]["uidvalidity"]
        for name in ("Filled", "Anew"):
            self.folder(ctl, "delete", "--offline", name, state="queued")
        reader.append("Filled", "Subject: new\n\ntext\n")
        # UIDVALIDITY counts seconds.
        while reader.mailboxes()[0].get("Anew", {"uidvalidity": before})["uidvalidity"] == before:
            reader.delete("Anew")
            reader.create("Anew")
        ctl.json("sync")
        self.assertLessEqual({"Filled", "Anew"}, self.on_server(reader))
        self.assertEqual({one["state"] for one in ctl.json("pending")}, {"failed"})
        self.assertEqual(self.names(ctl), self.on_server(reader))
        self.assertTrue(any("New messages" in one["error"] for one in ctl.json("pending")), ctl.json("pending"))
        self.assertTrue(any("made anew" in one["error"] for one in ctl.json("pending")), ctl.json("pending"))
        for one in ctl.json("pending"):
            ctl.run("pending", "drop", one["id"])
        self.assert_folders_settled(ctl, reader)

    def test_moves_into_a_folder_that_went_ask_where_to(self):
        ctl, reader = self.synced()
        reader.create("Doomed")
        ctl.json("sync")
        ctl.json("move", "--offline", "INBOX", "1:2", "Doomed")
        self.assertIn("on their way", ctl.run("mailbox", "delete", "--offline", "Doomed", code=FAILED).errors)
        reader.delete("Doomed")
        ctl.json("sync")
        [parked] = ctl.json("pending")
        self.assertEqual(parked["state"], "failed")
        self.assertIn("not there any more", parked["error"])
        self.assertEqual(len(ctl.json("list", "INBOX")), 14)
        self.assertEqual(ctl.json("pending", "retarget", parked["id"], "Sent")["state"], "done")
        self.assertEqual(len(self.state(reader)["Sent"]), 2)
        self.assertEqual(ctl.json("undo")["state"], "done")
        self.assertNotIn("Sent", self.state(reader))
        self.assert_folders_settled(ctl, reader)

    def test_only_what_was_there_is_emptied(self):
        for without in ("", "MOVE", "UIDPLUS"):
            with self.subTest(without):
                server = DovecotServer(WITHOUT[without], *USERS)
                self.addCleanup(server.close)
                ctl, reader = self.synced(server=server)
                ctl.json("delete", "INBOX", "1:4")
                ctl.json("delete", "--offline", "INBOX", "5")
                self.folder(ctl, "empty", "--offline", "Trash", state="queued")
                self.assertEqual(ctl.json("list", "Trash"), [])
                # Meanwhile another client puts something there, and marks something of its own.
                reader.append("Trash", "Subject: later\n\ntext\n")
                reader.append("Trash", "Subject: marked\n\ntext\n", "\\Deleted")
                ctl.json("sync")
                ctl.json("sync")
                left = reader.messages("Trash")
                self.assertLessEqual({"later", "marked"}, {one["subject"] for one in left})
                if without != "UIDPLUS":
                    self.assertEqual(len(left), 2)
                self.assertEqual({one["subject"] for one in ctl.json("list", "Trash")}, {"later", "marked"})
                self.assertEqual(len(ctl.json("list", "INBOX")), 9)
                self.assertEqual(ctl.json("pending"), [])
                self.folder(ctl, "empty", "Junk", state="none")

    def test_one_action_over_several_folders_is_undone_whole(self):
        ctl, reader = self.synced()
        begin = self.state(reader)
        ctl.json("delete", "INBOX", "1:3")
        ctl.json("delete", "--offline", "INBOX", "4")
        self.folder(ctl, "empty", "--offline", "Trash", state="queued")
        self.assertEqual([one["kind"] for one in ctl.json("pending")], ["delete", "expunge", "expunge"])
        ctl.json("undo", "--offline")
        self.assertEqual([one["kind"] for one in ctl.json("pending")], ["delete"])
        for _ in range(2):
            ctl.json("undo")
        self.assertEqual(self.state(reader), begin)
        self.assert_folders_settled(ctl, reader)


class TestSpecialFolders(FolderCase):
    """Archive, delete and junk where there is no folder for that."""

    def check(self, server, prefix=""):
        ctl, reader = self.synced(server=server)
        uids = [one["uid"] for one in reader.messages("INBOX")]
        for name in ("Trash", "Archive", "Junk"):
            if prefix + name in self.on_server(reader) and (prefix, name) != ("INBOX.", "Trash"):  # Courier keeps that
                reader.delete(prefix + name)
        ctl.json("sync")
        begin = living(self.state(reader))
        ctl.json("archive", "--offline", "INBOX", uids[0])
        ctl.json("delete", "--offline", "INBOX", uids[1])
        ctl.json("delete", "--offline", "INBOX", uids[2])
        shown = [len(messages) for _, messages in sorted(self.shown(ctl).items())]
        self.assertEqual(shown, [1, 11, 2])
        ctl.json("sync")
        self.assertEqual(ctl.json("junk", "INBOX", uids[3])["state"], "done")
        self.assertEqual(ctl.json("delete", "INBOX", uids[4])["state"], "done")
        now = living(self.state(reader))
        self.assertEqual({name: len(messages) for name, messages in now.items()},
                         {"INBOX": 9, prefix + "Archive": 1, prefix + "Trash": 3, prefix + "Junk": 1})
        ctl.json("sync")
        self.assertEqual(ctl.json("pending"), [])
        self.assertEqual(living(self.shown(ctl)), now)
        roles = {box["name"]: box["role"] for box in ctl.json("mailboxes")}
        # What is deleted there is deleted for good.
        [first, *_] = ctl.json("list", prefix + "Trash")
        self.assertEqual(ctl.json("delete", prefix + "Trash", first["uid"])["state"], "done")
        self.assertEqual(len(living(self.state(reader))[prefix + "Trash"]), 2, roles)
        ctl.run("undo", code=FAILED)
        for _ in range(5):
            ctl.run("undo", code=None)
        now = living(self.state(reader))
        self.assertEqual(len(now["INBOX"]), 13, now)
        self.assertEqual(set(begin), {"INBOX"})

    def test_every_server(self):
        for name, make, arguments, prefix in (
                ("Dovecot", DovecotServer, ("--no-special-folders", *USERS), ""),
                ("without UIDPLUS and roles", DovecotServer,
                 ("--no-special-folders", "--no-special-use", WITHOUT["UIDPLUS"], *USERS), ""),
                ("below INBOX", DovecotServer,
                 ("--no-special-folders", "--separator=.", "--prefix=INBOX.", *USERS), "INBOX."),
                *([("Courier", CourierServer, USERS, "INBOX.")] if has_courier() else [])):
            with self.subTest(name):
                server = make(*arguments)
                self.addCleanup(server.close)
                self.check(server, prefix)

    def test_one_that_came_meanwhile_is_used(self):
        server = DovecotServer("--no-special-folders", *USERS)
        self.addCleanup(server.close)
        ctl, reader = self.synced(server=server)
        ctl.json("archive", "--offline", "INBOX", "1:2")
        self.assertIn("Archive", self.names(ctl))
        reader.create("Archive")
        reader.append("Archive", "Subject: there\n\ntext\n")
        ctl.json("sync")
        self.assertEqual(len(self.state(reader)["Archive"]), 3)
        self.assert_folders_settled(ctl, reader)


class TestFoldersEverywhere(FolderCase):
    """The same on every server."""

    def check(self, server, prefix=""):
        ctl, reader = self.synced(server=server)
        # Of another program: Courier does not find this name unless it is quoted.
        reader.create(prefix + "peter~")
        reader.append(prefix + "peter~", "Subject: there\n\ntext\n")
        ctl.json("sync")
        self.assertEqual(len(ctl.json("list", prefix + "peter~")), 1)
        uids = [one["uid"] for one in reader.messages("INBOX")]
        delimiter = "." if prefix else "/"
        begin = self.on_server(reader)
        self.folder(ctl, "create", "Top")
        top = prefix + "Top"
        self.folder(ctl, "create", "--offline", f"{top}{delimiter}Größe", state="queued")
        ctl.json("move", "--offline", "INBOX", f"{uids[0]}:{uids[2]}", f"{top}{delimiter}Größe")
        self.folder(ctl, "rename", "--offline", top, prefix + "Other", state="queued")
        ctl.json("flag", "--offline", "INBOX", uids[0], "+Flagged")
        ctl.json("sync")
        ctl.json("sync")
        self.assertEqual(ctl.json("pending"), [])
        target = f"{prefix}Other{delimiter}Größe"
        self.assertEqual(self.on_server(reader) - begin, {prefix + "Other", target})
        self.assertEqual(len(self.state(reader)[target]), 3)
        self.assertEqual(living(self.shown(ctl)), living(self.state(reader)))
        undone = [ctl.run("--json", "undo", code=None).json()["state"] for _ in range(5)]
        ctl.json("sync")
        if undone[3] == "failed":
            # Without UIDPLUS what was moved out of it is still there, marked: it is not empty.
            self.assertNotIn("UIDPLUS", reader.imap.capabilities)
            self.assertEqual(living(self.shown(ctl)), living(self.state(reader)))
            return
        self.assertEqual(undone, ["done"] * 5)
        self.assertEqual(self.on_server(reader), begin)
        self.assertEqual(self.names(ctl), begin)

    def test_every_server(self):
        for name, make, arguments, prefix in (("MOVE", DovecotServer, USERS, ""),
                                              ("no UIDPLUS", DovecotServer, (WITHOUT["UIDPLUS"], *USERS), ""),
                                              ("Cyrus", CyrusServer, USERS, ""),
                                              *([("Courier", CourierServer, USERS, "INBOX.")] if has_courier() else [])):
            with self.subTest(name):
                server = make(*arguments)
                self.addCleanup(server.close)
                self.check(server, prefix)


if __name__ == "__main__":
    unittest.main(verbosity=2)
