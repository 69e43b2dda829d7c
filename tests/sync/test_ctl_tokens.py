#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in with a token of OAuth 2 that a command prints, at a service that takes tokens, for reading and for sending."""

import unittest

import suite
from ctl import SIGN_IN_REFUSED
from suite import SyncCase
from testservers import PersonalityServer

MESSAGE = b"From: a@service.example\nTo: b@service.example\nSubject: token\n\nText\n"


class TestTokens(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = PersonalityServer("gmail")
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        tls = self.server.directory
        self.smtp = suite.smtp_server(users=[(self.server.user(), self.server.password())], tls="implicit",
                                      tls_files=(tls / "good.pem", tls / "good.key"))
        self.addCleanup(self.smtp.close)

    def test_both_mechanisms(self):
        for mechanism in ("XOAUTH2", "OAUTHBEARER"):
            with self.subTest(mechanism):
                ctl = self.empty_ctl()
                ctl.add_account(self.server, arguments=("--auth", mechanism, "--smtp", f"127.0.0.1:{self.smtp.port}"))
                ctl.json("sync", "--mailbox", "INBOX")
                sent = ctl.json("send", "--from", self.server.user(), stdin=MESSAGE)
                self.assertEqual(sent["state"], "sent")
                lines = ctl.run("--verbose", "--json", "sync", "--mailbox", "INBOX").errors
                self.assertIn(f"AUTHENTICATE {mechanism}", lines)
                self.assertNotIn(self.server.password(), lines)
        self.assertEqual(self.smtp.complaints, [])

    def test_a_token_that_has_run_out(self):
        for mechanism, said in (("XOAUTH2", b""), ("OAUTHBEARER", b"\1")):
            with self.subTest(mechanism):
                ctl = self.empty_ctl()
                token = ctl.sandbox.write("token", "run out\n")
                arguments = ("account", "add", "--email", self.server.user(), "--imap",
                             f"127.0.0.1:{self.server.imaps_port}", "--ca-file", self.server.ca_file, "--auth", mechanism)
                refused = ctl.run(*arguments, "--password-command", f"cat '{token}'", code=SIGN_IN_REFUSED)
                self.assertNotIn("run out", refused.errors)
                # The IMAP server takes it, the submission server does not.
                self.smtp.users = [(self.server.user(), "another")]
                good = ctl.sandbox.write("good", self.server.password() + "\n")
                ctl.run(*arguments, "--password-command", f"cat '{good}'", "--smtp", f"127.0.0.1:{self.smtp.port}",
                        code=SIGN_IN_REFUSED)
                self.assertEqual(self.smtp.token_errors.pop(), said)


if __name__ == "__main__":
    unittest.main()
