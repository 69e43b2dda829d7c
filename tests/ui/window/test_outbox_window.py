#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody sees in the window of a message that its server does not take: for a while, for good, because it is too
large; and what they can do about it."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("sync", "support", "servers")]

import suite  # noqa: E402
from ctl import Ctl  # noqa: E402
from sandbox import Sandbox  # noqa: E402
from testservers import DovecotServer  # noqa: E402
from windowdriver import DrivenWindow  # noqa: E402

BEN, CLARA, DORA = (f"{name}@kittiwake.example" for name in ("ben", "clara", "dora"))
LATER = "451 4.3.0 Come back when the tide is out"


class OutboxWindow(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.smtp = suite.smtp_of(self.server, extensions=("PIPELINING", "SIZE 1000000", "8BITMIME"))
        self.addCleanup(self.smtp.close)
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.remove)
        self.ctl = Ctl(self.sandbox)
        self.ctl.add_account(self.server, arguments=("--smtp", f"127.0.0.1:{self.smtp.port}"))
        (self.sandbox.profile / "window.ini").write_text("[composer]\nundoSeconds=0\n")
        self.window = DrivenWindow(self.sandbox)
        self.addCleanup(self.window.close)

    def write(self, subject, *recipients):
        self.window.must("mailto", uri=f"mailto:{','.join(recipients)}?subject={subject.replace(' ', '%20')}&body=Text")
        self.window.until("composerWindow", subject)

    def send(self, subject, *recipients):
        self.write(subject, *recipients)
        self.window.click("sendButton", window=subject)
        self.window.until_gone("composerWindow", window=subject)

    def open_panel(self):
        self.window.click("activityLine")

    def put_off(self, subject):
        """A message that the server wants later; the panel is open."""
        self.smtp.refusals = {BEN: LATER}
        self.send(subject, BEN)
        self.open_panel()
        self.window.until("pendingState", "The next attempt is at")

    def sent(self):
        return [one.message for one in self.smtp.accepted]

    def test_what_is_put_off_says_why_and_until_when(self):
        self.put_off("Low water")
        self.assertEqual(self.window.see("pendingAction"), ["Send Low water"])
        (state,) = self.window.see("pendingState")
        self.assertRegex(state, r"^Waits since .*tide is out.* The next attempt is at [^ ]+\.$")
        self.assertEqual(self.window.see("actionBanner"), [])  # nothing is asked of anybody
        self.assertEqual([self.window.see(name) for name in ("retryAction", "editAction", "dropAction")],
                         [["Try now"], ["Edit"], ["Give up"]])
        self.assertEqual(self.sent(), [])
        # It goes by itself.
        self.smtp.refusals = {}
        self.window.until_gone("pendingAction", 120)
        self.assertEqual(len(self.sent()), 1)

    def test_whoever_knows_better_need_not_wait(self):
        self.put_off("High water")
        self.window.click("retryAction")
        self.smtp.wait_until_said("RCPT", 2)
        self.window.until("pendingState", "The next attempt is at")
        self.window.until("retryAction", "Try now")
        self.smtp.wait_until_idle()
        self.assertEqual(self.sent(), [])
        self.smtp.refusals = {}
        self.window.click("retryAction")
        self.window.until_gone("pendingAction", 20)  # sooner than it would have gone by itself
        self.assertEqual(len(self.sent()), 1)

    def test_it_is_taken_back_with_the_reason(self):
        self.put_off("Spring tide")
        self.window.click("editAction")
        self.window.until("composerTrouble", "tide is out", window="Spring tide")
        self.window.must("type", name="plainEditor", text="And more.", window="Spring tide")
        self.assertEqual(self.window.see("pendingAction"), [])
        self.smtp.refusals = {}
        self.window.click("sendButton", window="Spring tide")
        self.window.until_gone("composerWindow", window="Spring tide")
        self.smtp.wait_until_taken(1)
        (message,) = self.sent()
        self.assertIn(b"And more.", message)

    def test_it_is_given_up(self):
        self.put_off("Neap tide")
        self.window.click("dropAction")
        self.window.until_gone("pendingAction")
        self.smtp.wait_until_idle()
        self.assertEqual(self.sent(), [])
        # It is a draft again, and nothing of that is told as something that waits.
        self.window.close()
        self.ctl.json("sync")
        self.assertEqual([one["subject"] for one in self.ctl.json("draft", "list")], ["Neap tide"])

    def test_what_is_refused_comes_back_with_the_reason_of_each(self):
        self.smtp.refusals = {BEN: "550 5.1.1 Nobody of that name", CLARA: "550 5.2.2 Full to the brim"}
        self.send("To three", BEN, CLARA, DORA)
        self.window.until("actionBanner", "The others have the message.")
        self.assertEqual([one.recipients for one in self.smtp.accepted], [[DORA]])
        self.window.click("actionBanner", "Edit message")
        self.window.until("composerTrouble", f"no mailbox {BEN}", window="To three")
        (reason,) = self.window.see("composerTrouble")
        for part in (f"{CLARA} is full", "Nobody of that name", "Full to the brim"):
            self.assertIn(part, reason)
        # Only those who do not have it get what is written now.
        self.smtp.refusals = {}
        self.window.click("sendButton", window="To three")
        self.window.until_gone("composerWindow", window="To three")
        self.smtp.wait_until_taken(2)
        self.assertEqual([sorted(one.recipients) for one in self.smtp.accepted], [[DORA], [BEN, CLARA]])

    def test_what_is_too_large_is_said_before_it_is_sent(self):
        self.send("Small", BEN)
        self.smtp.wait_until_taken(1)
        large = self.sandbox.root / "large.bin"
        large.write_bytes(bytes(range(256)) * 6000)  # 1.5 MB, and a third more on its way
        self.write("Large", BEN)
        self.window.must("attach", file=str(large))
        self.window.until("outgoingSize", "1 MB", window="Large")  # its size, beside what the server takes
        self.window.click("sendButton", window="Large")
        self.window.until("composerQuestion", "takes no more than 1", window="Large")
        self.window.click("composerQuestion", "Go on writing", window="Large")
        self.window.until_gone("composerQuestion", window="Large")
        self.assertEqual(len(self.sent()), 1)
        # Whoever tries all the same: the server is asked, and it stays a message that is written.
        self.window.click("sendButton", window="Large")
        self.window.until("composerQuestion", "takes no more than 1", window="Large")
        self.window.click("composerQuestion", "Try anyway", window="Large")
        self.window.until("composerTrouble", "takes no more than", window="Large")
        self.assertEqual(len(self.sent()), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
