#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing in the real window: a mailto: link opens a composer, what is typed is sent through a real submission server
and read by its recipient, and what is closed is a draft on the server."""

import os
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "sync"), str(ROOT / "tests" / "support"), str(ROOT / "scripts" / "lib")]

from ctl import Ctl  # noqa: E402
from sandbox import Sandbox  # noqa: E402
from screen import OtherWindow, Screen, Window  # noqa: E402
from suite import smtp_server  # noqa: E402
from testservers import DovecotServer  # noqa: E402

WIDTH, HEIGHT = 1280, 800
BEN = "ben@kittiwake.example"


def program():
    named = os.environ.get("KITTIWAKE")
    if named:
        return named
    built = sorted(ROOT.glob("build/*/bin/kittiwake"), key=lambda path: path.stat().st_mtime)
    if not built:
        raise RuntimeError("kittiwake is not built; set KITTIWAKE")
    return str(built[-1])


class Writing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exchanger = smtp_server(deliver=lambda sender, recipient, message: cls.server.deliver(
            message, user=recipient, **{"from": sender}))
        cls.addClassCleanup(cls.exchanger.close)
        cls.server = DovecotServer("--submission-relay", cls.exchanger.port)
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.remove)
        port = self.server.facts["submissions_port"]
        Ctl(self.sandbox).add_account(self.server, arguments=("--smtp", f"127.0.0.1:{port}", "--smtp-tls", "implicit"))
        self.screen = Screen(WIDTH, HEIGHT)
        self.addCleanup(self.screen.close)

    def open(self, *arguments):
        environment = self.sandbox.environment(NO_AT_BRIDGE="1", QTWEBENGINE_DISABLE_SANDBOX="1", QT_QPA_PLATFORM="xcb")
        window = Window(self.screen, [program(), "--profile", str(self.sandbox.profile), *arguments], environment,
                        self.sandbox.root / "log")
        self.addCleanup(window.close)
        return window

    def reader(self, user):
        """Somebody else's program, for the account."""
        sandbox = Sandbox()
        self.addCleanup(sandbox.remove)
        ctl = Ctl(sandbox)
        ctl.add_account(self.server, user=user)
        return ctl

    def wait_for_message(self, window, ctl, mailbox, subject):
        def arrived():
            ctl.run("sync")
            found = [one for one in ctl.json("list", mailbox) if one["subject"] == subject]
            return found or None
        found = window.wait_for(arrived, 120, f"{subject} in {mailbox}")
        self.assertEqual(len(found), 1)
        return ctl.run("show", mailbox, found[0]["uid"], "--raw").output

    def test_what_is_typed_arrives(self):
        main = self.open(f"mailto:{BEN}?subject=Walk%20along%20the%20pier&attach=/etc/passwd")
        composer = OtherWindow(main, "Walk along the pier")
        composer.wait_until_still()
        composer.key("ctrl+Home")  # the text has the keyboard: recipient and subject are there
        composer.type("The ferry leaves at two.")
        composer.wait_until_still()
        composer.key("ctrl+Return")
        composer.wait_until_gone()
        raw = self.wait_for_message(main, self.reader(1), "INBOX", "Walk along the pier")
        self.assertIn(b"The ferry leaves at two.", raw)
        self.assertNotIn(b"root:", raw)

    def test_what_is_closed_is_a_draft_on_the_server(self):
        main = self.open(f"mailto:{BEN}?subject=Half%20a%20letter")
        composer = OtherWindow(main, "Half a letter")
        composer.wait_until_still()
        composer.key("ctrl+Home")
        composer.type("Dear Ben")
        composer.wait_until_still()
        composer.key("ctrl+w")
        composer.wait_until_gone()
        raw = self.wait_for_message(main, self.reader(0), "Drafts", "Half a letter")
        self.assertIn(b"Dear Ben", raw)


    def test_a_template_is_on_the_server_beside_the_drafts(self):
        main = self.open(f"mailto:{BEN}?subject=Invitation&body=Dear%20all")
        composer = OtherWindow(main, "Invitation")
        composer.wait_until_still()
        composer.key("ctrl+shift+t")
        reader = self.reader(0)

        def made():
            reader.run("sync")
            return [one for one in reader.json("mailboxes") if one["name"].endswith("Templates")]
        name = main.wait_for(made, 120, "the folder of templates")[0]["name"]
        raw = self.wait_for_message(main, reader, name, "Invitation")
        self.assertIn(b"Dear all", raw)
        self.assertIn(f"To: {BEN}".encode(), raw)
        flags = reader.json("list", name)[0]["flags"]
        self.assertEqual({"\\Draft", "\\Seen"}, {flag for flag in flags if flag.startswith("\\") and flag != "\\Recent"})
        # It was kept beside what is being written, which is thrown away here.
        composer.key("ctrl+shift+d")
        composer.wait_until_gone()

    def test_a_message_is_redirected_byte_by_byte(self):
        original = (b"From: Ingrid <ingrid@fjordline.example>\r\nTo: someone@else.example\r\n"
                    b"Date: Thu, 24 Sep 2026 11:40:00 +0200\r\nMessage-ID: <redirected@fjordline.example>\r\n"
                    b"Subject: To whom it may concern\r\nDKIM-Signature: v=1;\r\n\tb=folded\r\n"
                    b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n"
                    b"\r\nGr=FC=DFe,  \r\n.\r\n..dots\r\nIngrid\r\n")
        self.server.deliver(original)
        main = self.open()
        main.wait_until_still()
        main.key("n")  # the next unread message
        main.wait_until_still()
        main.key("ctrl+shift+e")
        redirect = OtherWindow(main, "Redirect: To whom")
        redirect.wait_until_still()
        redirect.type(BEN)
        redirect.key("ctrl+Return")
        redirect.wait_until_gone()
        raw = self.wait_for_message(main, self.reader(1), "INBOX", "To whom it may concern")
        self.assertTrue(raw.endswith(original), raw)
        block = raw[:-len(original)]
        self.assertIn(f"Resent-To: {BEN}".encode(), block)
        for name in (b"Resent-From: ", b"Resent-Date: ", b"Resent-Message-ID: <"):
            self.assertEqual(1, block.count(name), name)
        sent = self.wait_for_message(main, self.reader(0), "Sent", "To whom it may concern")
        self.assertTrue(sent.endswith(original), sent)


if __name__ == "__main__":
    unittest.main(verbosity=2)
