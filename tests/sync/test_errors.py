#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on the way to a server is said in one clear sentence, with the right exit code, within 30 seconds:
when an account is added, by `sync`, and by `watch`."""

import concurrent.futures
import dataclasses
import re
import socket
import unittest

from suite import SyncCase
from ctl import FAILED, SIGN_IN_REFUSED, TLS_REFUSED, UNREACHABLE
from relay import Relay
from testservers import DovecotServer, OddServer

LIMIT = 30  # seconds


@dataclasses.dataclass(eq=False)
class Case:
    name: str
    codes: tuple  # the exit codes that fit
    words: str  # a regular expression that the sentence must match
    kind: str = ""  # of oddserver.py
    tls: str = "implicit"
    server: object = None


# A server that is no IMAP server, hangs or closes before TLS may be looked at as unreachable or as one that offers no
# TLS; what counts is that it is told from a wrong password and from a bad certificate.
CASES = [
    Case("hangs before TLS", (UNREACHABLE,), "answer|said nothing", "hang"),
    Case("hangs before STARTTLS", (UNREACHABLE,), "answer|said nothing|silent", "hang", "starttls"),
    Case("hangs after TLS", (UNREACHABLE,), "answer|said nothing|silent", "hang-after-tls"),
    Case("hangs after its greeting", (UNREACHABLE,), "answer|said nothing|silent", "hang-after-greeting"),
    Case("HTTP in clear", (FAILED, TLS_REFUSED, UNREACHABLE), "encrypt|not as an IMAP server", "http"),
    Case("HTTP instead of STARTTLS", (FAILED,), "IMAP server", "http", "starttls"),
    Case("HTTP over TLS", (FAILED,), "IMAP server", "http-over-tls"),
    Case("SMTP", (FAILED, TLS_REFUSED, UNREACHABLE), "encrypt|not as an IMAP server", "smtp"),
    Case("SMTP instead of STARTTLS", (FAILED,), "IMAP server", "smtp", "starttls"),
    Case("closes at once", (UNREACHABLE,), "closed the connection|lost", "close"),
    Case("closes at once instead of STARTTLS", (UNREACHABLE,), "closed the connection|lost|ended", "close", "starttls"),
    Case("closes after TLS", (UNREACHABLE,), "closed the connection|lost|ended", "close-after-tls"),
    Case("offers no STARTTLS", (TLS_REFUSED,), "STARTTLS|encryption", "no-starttls", "starttls"),
    Case("injects before TLS", (TLS_REFUSED,), "slipped|attack|tamper", "starttls-injection", "starttls"),
    Case("wrong host name in the certificate", (TLS_REFUSED,), r"mail\.elsewhere\.example", "wronghost"),
    Case("expired certificate", (TLS_REFUSED,), "expired", "expired"),
    Case("self-signed certificate", (TLS_REFUSED,), "signed by itself", "selfsigned"),
    Case("untrusted certificate", (TLS_REFUSED,), "does not trust|cannot be trusted", "untrusted"),
]


class TestErrors(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)
        cls.server.fill("INBOX", 10)
        for case in CASES:
            if case.kind == "http-over-tls":
                # TLS ends in the relay, and behind it a server talks HTTP.
                http = OddServer("http")
                cls.addClassCleanup(http.close)
                tls = cls.server.directory / "tls"
                case.server = Relay(http.port, (tls / "good.pem", tls / "good.key"))
                case.server.ca_file = cls.server.ca_file
            else:
                case.server = OddServer(case.kind)
            cls.addClassCleanup(case.server.close)

    def add_command(self, ctl, host, port, ca_file, password="any", tls="implicit"):
        file = ctl.sandbox.write("password", password + "\n")
        trust = ("--ca-file", ca_file) if ca_file else ()
        return ("account", "add", "--email", self.server.user(), "--imap", f"{host}:{port}", "--imap-tls", tls, *trust,
                "--password-command", f"cat '{file}'")

    def assert_sentence(self, text, words):
        self.assertEqual(text.count("\n"), 0, text)
        self.assertRegex(text, r"^[^\s].{20,400}[.”]$")
        self.assertRegex(text, words)
        # Nothing of the machinery: no types, no numbers of errors, no sentence that was never filled in.
        self.assertNotRegex(text, r"Q[A-Z][a-z]+|::|%\d|errno|SSL_|error:[0-9A-F]{8}|0x|\(null\)")

    def assert_fails(self, ctl, codes, words, *arguments):
        outcome = ctl.run(*arguments, code=None, timeout=2 * LIMIT)
        print(f"{outcome.code} after {outcome.seconds:4.1f} s: {outcome.errors.strip()}")
        self.assertIn(outcome.code, codes, outcome.errors)
        self.assertEqual(outcome.output, b"")
        self.assertTrue(outcome.errors.startswith("kittiwakectl: ") and outcome.errors.endswith("\n"), outcome.errors)
        self.assert_sentence(outcome.errors.removeprefix("kittiwakectl: ")[:-1], words)
        self.assertLess(outcome.seconds, LIMIT)

    def check_add(self, case):
        ctl = self.empty_ctl()
        self.assert_fails(ctl, case.codes, case.words, *self.add_command(
            ctl, "localhost", case.server.port, case.server.ca_file, tls=case.tls))
        self.assertEqual(ctl.json("account", "list"), {"accounts": []})

    def account_that_worked(self, tls):
        """An account that was added while all was well, and the relay through which its server can be exchanged."""
        ctl = self.empty_ctl()
        relay = Relay(self.server.imap_port if tls == "starttls" else self.server.imaps_port)
        self.addCleanup(relay.close)
        with open(self.server.ca_file, encoding="ascii") as file:
            trusted = ctl.sandbox.write("trusted.pem", file.read())
        ctl.run(*self.add_command(ctl, "localhost", relay.port, trusted, self.server.password(), tls))
        ctl.run("sync")
        return ctl, relay

    def exchange(self, ctl, relay, case):
        relay.switch(case.server.port)
        if case.server.ca_file:
            with open(case.server.ca_file, encoding="ascii") as file:
                ctl.sandbox.write("trusted.pem", file.read())

    def check_sync(self, case):
        ctl, relay = self.account_that_worked(case.tls)
        self.exchange(ctl, relay, case)
        self.assert_fails(ctl, case.codes, case.words, "sync")
        # What was cached is still there to be read.
        self.assertEqual(len(ctl.json("list", "INBOX")), 10)

    def check_watch(self, case):
        ctl, relay = self.account_that_worked(case.tls)
        self.exchange(ctl, relay, case)
        self.assert_watch_tells(ctl, case)

    def assert_watch_tells(self, ctl, case):
        """What a person must mend ends the watch; what may pass is told, and it goes on."""
        with ctl.start("watch", "--json") as watch:
            _, event = watch.wait_for_event(lambda event: event["event"] == "error", LIMIT, f"an error: {case.name}")
            self.assert_sentence(event["text"], case.words)
            if set(case.codes) & {SIGN_IN_REFUSED, TLS_REFUSED}:
                code = watch.wait(LIMIT)
                self.assertIn(code, case.codes)
                self.assertEqual(watch.texts("err"), ["kittiwakectl: " + event["text"]])
            else:
                self.assertIsNone(watch.process.poll())

    def test_everything_at_once(self):
        """Most of these wait for a limit of time, so all of them wait together."""
        print()
        checks = [(case, check) for case in CASES for check in (self.check_add, self.check_sync, self.check_watch)]
        waiting = [pair for pair in checks if pair[0].kind.startswith("hang")]
        # The others answer at once: a few at a time beside those that wait, or their start would eat up the limit.
        with (concurrent.futures.ThreadPoolExecutor(len(waiting)) as many,
              concurrent.futures.ThreadPoolExecutor(3) as few):
            running = [(case, check, (many if (case, check) in waiting else few).submit(check, case))
                       for case, check in checks]
            for case, check, future in running:
                with self.subTest(case=case.name, check=check.__name__):
                    future.result()

    def test_wrong_password(self):
        ctl = self.empty_ctl()
        self.assert_fails(ctl, (SIGN_IN_REFUSED,), "password", *self.add_command(
            ctl, "localhost", self.server.imaps_port, self.server.ca_file, "wrong"))
        ctl, _ = self.account_that_worked("implicit")
        ctl.sandbox.write("password", "wrong\n")
        self.assert_fails(ctl, (SIGN_IN_REFUSED,), "password", "sync")
        self.assert_watch_tells(ctl, Case("wrong password", (SIGN_IN_REFUSED,), "password"))
        self.assert_fails(ctl, (SIGN_IN_REFUSED,), "password", "show", "INBOX", "1")

    def test_unknown_host(self):
        # RFC 6761 section 6.4: there is never a name below "invalid".
        ctl = self.empty_ctl()
        self.assert_fails(ctl, (UNREACHABLE,), r"no-such-host\.invalid", *self.add_command(
            ctl, "no-such-host.invalid", 993, self.server.ca_file))

    def test_closed_port(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))  # Bound, so that nobody else takes it, but it does not listen.
            port = unused.getsockname()[1]
            ctl = self.empty_ctl()
            self.assert_fails(ctl, (UNREACHABLE,), f"localhost:{port} refused", *self.add_command(
                ctl, "localhost", port, self.server.ca_file))
        ctl, relay = self.account_that_worked("implicit")
        relay.shut()
        self.assert_fails(ctl, (UNREACHABLE,), "refused", "sync")
        self.assert_watch_tells(ctl, Case("closed port", (UNREACHABLE,), "refused"))

    def test_authority_file(self):
        ctl = self.empty_ctl()
        self.assert_fails(ctl, (TLS_REFUSED,), "does not trust|cannot be trusted|signed by itself", *self.add_command(
            ctl, "localhost", self.server.imaps_port, None))
        missing = ctl.sandbox.root / "nowhere.pem"
        outcome = ctl.run(*self.add_command(ctl, "localhost", self.server.imaps_port, missing), code=None)
        self.assertNotEqual(outcome.code, 0)
        self.assertTrue(re.search("nowhere.pem", outcome.errors), outcome.errors)


if __name__ == "__main__":
    unittest.main(verbosity=2)
