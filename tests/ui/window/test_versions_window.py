#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One draft, two devices without a network: the window on one of them, kittiwakectl on the other. Both write, both come
back, both versions are shown; one is chosen, and one draft is left on the server and on both."""

import email
import email.policy
import pathlib
import sqlite3
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("sync", "support", "servers")]

from ctl import Ctl  # noqa: E402
from relay import Relay  # noqa: E402
from sandbox import Sandbox  # noqa: E402
from test_ctl_drafts import DraftCase  # noqa: E402
from testservers import DovecotServer  # noqa: E402
from windowdriver import DrivenWindow  # noqa: E402

SUBJECT = "Two hands"
DRAFT = f"From: anna@kittiwake.example\nTo: ben@kittiwake.example\nSubject: {SUBJECT}\n\nBegun.\n".encode()
HERE, THERE = "Begun. In the window.", "Begun. On the other one."


class VersionsWindow(DraftCase):
    def setUp(self):
        self.server = DovecotServer()
        self.addCleanup(self.server.close)
        self.relay = Relay(self.server.imaps_port)
        self.addCleanup(self.relay.close)
        self.other = self.new_ctl()
        self.other.json("sync")
        self.draft = self.other.json("draft", "save", stdin=DRAFT)["id"]
        sandbox = Sandbox()
        self.addCleanup(sandbox.remove)
        self.here = Ctl(sandbox)
        self.here.add_account(self.server, port=self.relay.port)
        self.here.json("sync")
        database = sqlite3.connect(f"file:{sandbox.profile}/cache.db?mode=ro", uri=True)
        ((row,),) = database.execute("SELECT m.id FROM message m JOIN mailbox b ON b.id = m.mailbox "
                                     "WHERE m.subject = ?", (SUBJECT,)).fetchall()
        database.close()
        self.window = DrivenWindow(sandbox)
        self.addCleanup(self.window.close)
        self.window.must("draft", id=row)
        self.window.until("composerWindow", SUBJECT)

    def part(self):
        """Both write without a network; the other one comes back first."""
        self.relay.shut()
        self.window.must("type", name="plainEditor", text=HERE.removeprefix("Begun."))
        self.window.until("draftState", "on this computer")
        self.other.json("draft", "save", "--offline", "--id", self.draft, stdin=DRAFT.replace(b"Begun.", THERE.encode()))
        self.other.json("sync")
        self.relay.open()
        self.window.until("composerVersions", "also changed on another device", 120)

    def show_both(self):
        self.window.click("composerVersions", "Show the other one")
        self.window.until("plainEditor", THERE)
        self.window.until("composerVersions", "two versions")
        self.assertEqual(sorted(text.strip() for text in self.window.see("plainEditor")), [HERE, THERE])
        self.assertEqual(len(self.window.see("composerVersions")), 2)
        self.assertEqual(sorted(self.texts()), [HERE, THERE])  # as on the server

    def texts(self):
        return [message.get_body(("plain",)).get_content().strip() for _, _, message in self.on_server()]

    def end(self):
        """The windows are closed, and what still waits is done."""
        for _ in self.window.see("composerWindow"):
            self.window.must("close", name="composerWindow")
        self.window.until_gone("composerWindow")
        self.window.close()
        for ctl in (self.here, self.other):
            ctl.json("sync")
            ctl.json("sync")
            self.assertEqual(ctl.json("pending"), [])

    def assert_one_left(self, text):
        self.assertEqual(self.texts(), [text])
        for ctl in (self.here, self.other):
            ctl.json("sync")
            (one,) = ctl.json("draft", "list")
            self.assertEqual((one["subject"], one["conflict"]), (SUBJECT, False))
            (listed,) = ctl.json("list", "Drafts")
            raw = email.message_from_bytes(ctl.run("show", "Drafts", listed["uid"], "--raw").output,
                                           policy=email.policy.SMTP)
            self.assertEqual(raw.get_body(("plain",)).get_content().strip(), text)

    def index_of(self, text):
        return [one.strip() for one in self.window.see("plainEditor")].index(text)

    def keep(self, text):
        """In the window of that version."""
        self.window.must("click", name="composerVersions", nth=self.index_of(text), text="Keep this one")
        self.window.until_gone("composerVersions")
        self.assertEqual([one.strip() for one in self.window.see("plainEditor")], [text])

    def test_killed_while_one_writes(self):
        """What was said to be safe is offered at the next start, with and without a network."""
        self.relay.shut()
        self.window.must("type", name="plainEditor", text=HERE.removeprefix("Begun."))
        self.window.until("draftState", "on this computer", 10)
        self.window.kill()
        again = DrivenWindow(self.here.sandbox)
        self.addCleanup(again.close)
        again.until("leftOpenBanner", f"You were writing {SUBJECT}")
        again.click("leftOpenBanner", "Go on writing")
        again.until("plainEditor", HERE)
        self.relay.open()
        again.until("draftState", "to server", 120)
        self.assertEqual(self.texts(), [HERE])

    def test_one_is_chosen(self):
        for text in (HERE, THERE):
            with self.subTest(text):
                if text is THERE:
                    self.doCleanups()
                    self.setUp()
                self.part()
                self.show_both()
                self.keep(text)
                self.end()
                self.assert_one_left(text)

    def delete_there(self, text):
        """The other one throws that version away, without a network."""
        (uid,) = [uid for uid, _, message in self.on_server()
                  if message.get_body(("plain",)).get_content().strip() == text]
        self.assertEqual(self.other.json("delete", "--offline", "Drafts", uid)["state"], "queued")

    def test_the_same_is_chosen_on_both_at_once(self):
        for text, unwanted, first in ((HERE, THERE, "the window"), (THERE, HERE, "the other one")):
            with self.subTest(f"{text} {first} comes back first"):
                self.doCleanups()
                self.setUp()
                self.part()
                self.show_both()
                self.other.json("sync")
                self.assertEqual(len(self.other.json("draft", "list")), 2)
                self.relay.shut()
                self.keep(text)
                self.delete_there(unwanted)
                if first == "the other one":
                    self.other.json("sync")
                self.relay.open()
                self.end()
                self.assert_one_left(text)

    def test_when_each_has_chosen_the_other_one_stays(self):
        """What is kept here is thrown away there at the same time: then what would have gone here is all that is left."""
        for text, left in ((HERE, THERE), (THERE, HERE)):
            with self.subTest(f"{text} is kept here"):
                self.doCleanups()
                self.setUp()
                self.part()
                self.show_both()
                self.other.json("sync")
                self.relay.shut()
                self.keep(text)
                self.delete_there(text)
                self.other.json("sync")
                self.relay.open()
                self.end()
                self.assert_one_left(left)


if __name__ == "__main__":
    unittest.main(verbosity=2)
