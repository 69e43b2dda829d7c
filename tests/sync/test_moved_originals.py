#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is answered or passed on gets its mark wherever another client has put it meanwhile; where it is nowhere any more,
nothing waits for it."""

import unittest

import suite
from linerelay import LineRelay
from suite import SyncCase
from test_move_accidents import WITHOUT
from testservers import DovecotServer

ANNA, BEN = "anna@kittiwake.example", "ben@kittiwake.example"


class TestMovedOriginals(SyncCase):
    def setUp(self):
        self.server = DovecotServer(WITHOUT[""])
        self.addCleanup(self.server.close)
        self.relay = LineRelay(self.server)
        self.addCleanup(self.relay.close)
        self.smtp = suite.smtp_of(self.server)
        self.addCleanup(self.smtp.close)
        self.ctl = self.empty_ctl()
        self.ctl.add_account(self.server, port=self.relay.port, arguments=("--smtp", f"127.0.0.1:{self.smtp.port}"))
        self.imap = self.reader()
        for folder in ("Work", "Lists"):
            self.imap.create(folder)

    def arrives(self, number, folder="INBOX", more=""):
        self.server.append(folder, f"From: {BEN}\r\nMessage-ID: <{number}@id.example>\r\nSubject: number {number}\r\n"
                           f"\r\nText{more}\r\n".encode(), user=ANNA)

    def uid_of(self, number, folder="INBOX"):
        (uid,) = [one["uid"] for one in self.imap.messages(folder) if one["message_id"] == f"<{number}@id.example>"]
        return uid

    def move(self, number, source, target):
        """Another client does it."""
        uid = self.uid_of(number, source)
        self.imap.select(source)
        self.imap.command("MOVE", str(uid), target)
        self.imap.unselect()

    def marks(self, number):
        """(folder, what somebody has answered or passed on) of each copy on the server."""
        there, _ = self.imap.mailboxes()
        return sorted((folder, tuple(sorted({*one["flags"], *one["keywords"]} & {"\\Answered", "$Forwarded"})))
                      for folder in there if folder != "Sent"
                      for one in self.imap.messages(folder) if one["message_id"] == f"<{number}@id.example>")

    def answer(self, number, field="In-Reply-To", *arguments):
        sent = self.ctl.json("send", *arguments, stdin=f"From: {ANNA}\nTo: {BEN}\nSubject: Re\n{field}: "
                             f"<{number}@id.example>\n\nText\n".encode())
        return sent["state"]

    def assert_marked(self, number, *places):
        self.assertEqual(self.marks(number), sorted(places))
        self.assertEqual(self.ctl.json("pending"), [])

    def test_moved_just_before(self):
        for number in (1, 2, 3):
            self.arrives(number)
        self.ctl.json("sync")
        for number in (1, 2):
            self.move(number, "INBOX", "Archive")
        self.assertEqual(self.answer(1), "sent")
        self.assert_marked(1, ("Archive", ("\\Answered",)))
        self.assertEqual(self.answer(2, "X-Forwarded-Message-Id"), "sent")
        self.assert_marked(2, ("Archive", ("$Forwarded",)))
        self.assertEqual(self.answer(3), "sent")
        self.assert_marked(3, ("INBOX", ("\\Answered",)))
        self.ctl.json("sync")
        self.assert_equal_to_server(self.ctl, self.imap)

    def test_it_is_not_known_where_it_has_gone(self):
        self.arrives(1)
        self.ctl.json("sync")
        self.move(1, "INBOX", "Work")
        self.ctl.json("sync", "--mailbox", "INBOX")
        self.assertEqual(self.ctl.json("list", "INBOX"), [])
        self.assertEqual(self.answer(1), "sent")
        self.assert_marked(1, ("Work", ("\\Answered",)))

    def test_a_draft_that_answers(self):
        self.arrives(1)
        self.ctl.json("sync")
        draft = self.ctl.json("draft", "save", stdin=f"From: {ANNA}\nTo: {BEN}\nSubject: Re\nIn-Reply-To: "
                              "<1@id.example>\n\nText\n".encode())
        self.move(1, "INBOX", "Trash")
        self.ctl.run("draft", "write", "--id", draft["id"], "--send", stdin=b"One more line.\n")
        self.assert_marked(1, ("Trash", ("\\Answered",)))

    def test_its_folder_is_another_one_or_none(self):
        for number, folder in ((1, "Work"), (2, "Lists")):
            self.arrives(number, folder)
        self.ctl.json("sync")
        self.move(1, "Work", "Archive")
        self.move(2, "Lists", "Archive")
        for folder in ("Work", "Lists"):
            self.imap.delete(folder)
        self.imap.create("Lists")
        self.assertEqual((self.answer(1), self.answer(2)), ("sent", "sent"))
        self.ctl.json("sync")
        for number in (1, 2):
            self.assert_marked(number, ("Archive", ("\\Answered",)))

    def test_where_it_is_nowhere_nothing_waits(self):
        self.arrives(1)
        self.ctl.json("sync")
        uid = self.uid_of(1)
        self.imap.select("INBOX")
        self.imap.command("STORE", str(uid), "+FLAGS", "(\\Deleted)")
        self.imap.command("EXPUNGE", str(uid))
        self.imap.unselect()
        self.assertEqual(self.answer(1), "sent")
        self.assert_marked(1)
        self.assertEqual(self.answer(4711), "sent")
        self.assert_marked(4711)

    def test_the_one_that_was_answered_and_not_what_a_list_made_of_it(self):
        self.arrives(1)
        self.arrives(1, "Lists", more="\r\n-- \r\nA list")
        self.ctl.json("sync", "--mailbox", "INBOX")
        self.move(1, "INBOX", "Work")
        self.assertEqual(self.answer(1), "sent")
        self.assert_marked(1, ("Lists", ()), ("Work", ("\\Answered",)))

    def test_while_the_mark_waits(self):
        for number in (1, 2):
            self.arrives(number)
        self.ctl.json("sync")
        self.relay.refuse(b"UID STORE")
        self.assertEqual(self.answer(1), "sent")
        (waiting,) = self.ctl.json("pending")
        self.assertEqual((waiting["kind"], waiting["state"]), ("flag", "queued"))
        for folders in (("INBOX", "Work"), ("Work", "Archive"), ("Archive", "Lists"), ("Lists", "Work")):
            self.move(1, *folders)
            self.ctl.json("pending", "retry", waiting["id"])
        self.relay.refuse(b"")
        self.ctl.json("pending", "retry", waiting["id"])
        self.assert_marked(1, ("Work", ("\\Answered",)))
        # The connection is cut while it is looked for.
        self.move(2, "INBOX", "Work")
        self.relay.plan(0, b" HEADER Message-ID ")
        self.assertEqual(self.answer(2), "sent")
        self.assertTrue(self.relay.calm())
        self.ctl.json("sync")
        self.assert_marked(2, ("Work", ("\\Answered",)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
