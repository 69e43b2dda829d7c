#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other commands of kittiwakectl: show, debug, audit, account, and the exit codes that scripts rely on."""

import email
import email.policy
import json
import os
import stat
import unittest

import messages
from suite import SyncCase
from ctl import FAILED, SIGN_IN_REFUSED, STORE_UNAVAILABLE, TLS_REFUSED, UNREACHABLE, USAGE
from relay import Relay
from testservers import DovecotServer

# One session, as a server would send it: literals, brackets in quotes, a greeting, a broken line in the middle.
BROKEN = b'* 2 FETCH (FLAGS (\\Seen) UID )\r\n'
SESSION = (b'* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n'
           b'* LIST (\\HasNoChildren \\Sent) "/" "Gesendet &- &APY-"\r\n'
           b'* LIST () NIL {5}\r\na\\"b)\r\n'
           b'* 3 EXISTS\r\n'
           b'* 2 FETCH (UID 17 FLAGS (\\Seen $Work) RFC822.SIZE 44 INTERNALDATE " 1-Jan-2020 00:00:00 +0000" '
           b'ENVELOPE ("Wed, 1 Jan 2020 00:00:00 +0000" {9}\r\nsubject\r\n (("A" NIL "a" "example.org")) NIL NIL NIL NIL '
           b'NIL NIL "<1@example.org>"))\r\n'
           + BROKEN +
           b'* SEARCH 1 2 3\r\n'
           b'a1 OK [READ-WRITE] done\r\n')


class TestCtlCommands(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer("--user=anna@kittiwake.example:correct horse")
        cls.addClassCleanup(cls.server.close)
        cls.server.fill("INBOX", 20, seed=5)
        cls.server.append("Projekte/Größe", messages.LETTER, date=1_583_323_200)
        cls.server.append("Projekte/Größe", "From: a@example.org\nSubject: attached\nMIME-Version: 1.0\n"
                          "Content-Type: message/rfc822\n\n" + messages.LETTER)
        cls.server.append("Projekte/Größe", messages.PLAIN)

    def synced(self):
        ctl = self.new_ctl()
        ctl.run("sync")
        return ctl

    def test_show(self):
        ctl, mailbox = self.synced(), "Projekte/Größe"
        raw = self.reader().body(mailbox, 1)
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        self.assertEqual(ctl.run("show", mailbox, 1, "--raw").output, raw)
        self.assertEqual(ctl.run("show", mailbox, 1, "--raw", "--headers").output,
                         raw[:raw.index(b"\r\n\r\n") + 4])

        text = ctl.run("show", mailbox, 1).text
        for expected in ("Zoë", "Übersicht über das Jahr", "Schöne Grüße, das kostet 10 €.", "Jährliche Übersicht.pdf"):
            self.assertIn(expected, text.replace("\N{NO-BREAK SPACE}", " "))
        self.assertIn("Fünf €. This line is long and is broken softly in the middle of its words.\n",
                      ctl.run("show", mailbox, 3).text)
        headers = ctl.run("show", mailbox, 1, "--headers").text
        self.assertIn("Message-ID: <letter@example.org>", headers)
        self.assertIn("X-Folded: one two", headers)
        self.assertNotIn("Schöne", headers)

        html = ctl.run("show", mailbox, 1, "--html").text
        self.assertIn("<b>Grüße</b>", html)
        self.assertNotIn("script", html.lower())
        self.assertNotIn("tracker.example/pixel", html.replace("data-", ""), "a remote picture would be loaded")

        shown = ctl.json("show", mailbox, 1)
        self.assertIn({"name": "X-Folded", "value": "one two"}, shown["headers"])
        parts = {part["id"]: part for part in shown["parts"]}
        leaves = [part for part in letter.walk() if not part.is_multipart()]
        self.assertEqual([part["type"] for part in shown["parts"] if not part["type"].startswith("multipart/")],
                         [leaf.get_content_type() for leaf in leaves])
        pdf = next(part for part in shown["parts"] if part["type"] == "application/pdf")
        self.assertEqual((pdf["name"], pdf["encoding"].lower(), pdf["disposition"].lower()),
                         ("Jährliche Übersicht.pdf", "base64", "attachment"))
        self.assertIn("10 €", shown["text"].replace("\N{NO-BREAK SPACE}", " "))

        # Every part, decoded; into a file as well.
        wanted = {"1.1": b"text", "1.2.1": b"html", "1.2.2": messages.PICTURE, "2": messages.PDF}
        self.assertLessEqual(set(wanted), set(parts))
        self.assertEqual(ctl.run("show", mailbox, 1, "--part", "2").output, messages.PDF)
        self.assertEqual(ctl.run("show", mailbox, 1, "--part", "1.2.2").output, messages.PICTURE)
        self.assertEqual(ctl.run("show", mailbox, 1, "--part", "1.1").output.decode("iso-8859-15").rstrip(),
                         "Schöne Grüße, das kostet 10 €.")
        self.assertIn(b"alert", ctl.run("show", mailbox, 1, "--part", "1.2.1").output)
        target = ctl.sandbox.root / "saved.pdf"
        done = ctl.run("show", mailbox, 1, "--part", "2", "--output", target)
        self.assertEqual((target.read_bytes(), done.output), (messages.PDF, b""))
        ctl.run("show", mailbox, 1, "--raw", "--output", target)
        self.assertEqual(target.read_bytes(), raw)
        self.assertEqual([path.name for path in ctl.sandbox.root.glob("saved*")], ["saved.pdf"])

        # A message in a message; nothing was marked as read; what is not there is said.
        self.assertIn("Übersicht", ctl.run("show", mailbox, 2).text)
        self.assertEqual([message["flags"] for message in self.reader().messages(mailbox)], [[], [], []])
        for arguments in ((mailbox, 1, "--part", "7"), (mailbox, 99), (mailbox, 99, "--raw"), ("Nowhere", 1)):
            outcome = ctl.run("show", *arguments, code=FAILED)
            self.assertEqual((outcome.output, outcome.errors.count("\n")), (b"", 1), arguments)
        missing = ctl.sandbox.root / "no such folder" / "file"
        ctl.run("show", mailbox, 1, "--raw", "--output", missing, code=FAILED)

    def test_debug_parse_imap(self):
        ctl = self.empty_ctl()
        whole = json.loads(ctl.run("--json", "debug", "parse-imap", stdin=SESSION, code=FAILED).output)
        self.assertFalse(whole["incomplete"])
        self.assertEqual([rejected["offset"] for rejected in whole["rejected"]], [SESSION.index(BROKEN)])
        types = [response["type"] for response in whole["responses"]]
        self.assertEqual(len(types), SESSION.count(b"\r\n") - 1 - 1 - 2, types)
        fetch = json.dumps(next(response for response in whole["responses"] if response["type"] == "fetch"))
        for expected in ("17", "$Work", "a1", "subject", "<1@example.org>"):
            self.assertIn(expected, fetch + json.dumps(whole["responses"][-1]))
        for size in (1, 2, 7, 64, 100_000):
            split = ctl.run("--json", "debug", "parse-imap", "--split", size, stdin=SESSION, code=FAILED)
            self.assertEqual(json.loads(split.output), whole, f"in pieces of {size}")

        clean = SESSION.replace(BROKEN, b"")
        self.assertEqual(ctl.json("debug", "parse-imap", stdin=clean)["rejected"], [])
        cut = clean[:clean.index(b"subject\r\n") + 3]
        self.assertTrue(json.loads(ctl.run("--json", "debug", "parse-imap", stdin=cut, code=FAILED).output)["incomplete"])
        self.assertTrue(ctl.json("debug", "parse-imap", "--partial", "--split", 3, stdin=cut)["incomplete"])
        ctl.run("debug", "parse-imap", "--split", 0, stdin=clean, code=USAGE)

    def test_debug_parse_mime(self):
        ctl = self.empty_ctl()
        parsed = ctl.json("debug", "parse-mime", stdin=messages.LETTER.encode())
        letter = email.message_from_bytes(messages.LETTER.encode(), policy=email.policy.default)
        self.assertEqual([part["type"] for part in parsed["parts"]],
                         [part.get_content_type() for part in letter.walk()])
        pdf = next(part for part in parsed["parts"] if part["type"] == "application/pdf")
        self.assertEqual((pdf["path"], pdf["name"], pdf["size"]), ("2", "Jährliche Übersicht.pdf", len(messages.PDF)))
        plain = next(part for part in parsed["parts"] if part["type"] == "text/plain")
        self.assertIn("Schöne Grüße, das kostet 10 €.", plain["text"])
        self.assertEqual(plain["charset"].lower(), "iso-8859-15")
        self.assertEqual(parsed["headers"]["subject"], "Übersicht über das Jahr")
        self.assertEqual(parsed["defects"], [])
        broken = ctl.json("debug", "parse-mime", stdin=messages.LETTER[:900].encode())
        self.assertTrue(broken["parts"])
        self.assertIn("text/plain", ctl.run("debug", "parse-mime", stdin=messages.LETTER.encode()).text)
        ctl.json("debug", "parse-mime", stdin=b"")

    def test_audit(self):
        ctl = self.synced()
        ctl.run("show", "Projekte/Größe", 1)
        there = {str(path.relative_to(ctl.sandbox.profile)): path.stat().st_size
                 for path in ctl.sandbox.profile.rglob("*") if path.is_file()}
        self.assertLessEqual({"accounts.json", "cache.db"}, set(there))
        report = ctl.json("audit")
        self.assertEqual(report["body_bytes_on_disk"], 0)
        # Looking at a database may make its -wal and -shm for the while.
        self.assertEqual({file["path"]: file["bytes"] for file in report["files"]
                          if file["path"] in there or not file["path"].endswith(("-wal", "-shm"))}, there)
        self.assertNotIn("unknown", {file["kind"] for file in report["files"]})
        # It would be seen: a file that Kittiwake does not write counts as a body.
        (ctl.sandbox.profile / "left-over.eml").write_bytes(b"12345")
        self.assertEqual(ctl.json("audit")["body_bytes_on_disk"], 5)
        # Nobody else may read what is known of the mail.
        self.assertEqual(stat.S_IMODE(ctl.sandbox.profile.stat().st_mode), 0o700)
        for path in ("accounts.json", "cache.db"):
            self.assertEqual(stat.S_IMODE((ctl.sandbox.profile / path).stat().st_mode) & 0o077, 0, path)
        self.assertEqual(os.listdir(ctl.sandbox.root / "tmp"), [])

    def refused(self, ctl, code, *arguments, **more):
        outcome = ctl.run(*arguments, code=code, **more)
        self.assertEqual(outcome.output, b"", arguments)
        self.assertTrue(outcome.errors.startswith("kittiwakectl: "), outcome.errors)
        self.assertEqual(outcome.errors.count("\n"), 1, outcome.errors)
        return outcome.errors

    def test_usage(self):
        ctl = self.empty_ctl()
        self.assertIn("usage: kittiwakectl", ctl.run("--help").text)
        self.assertRegex(ctl.run("--version").text, r"^kittiwakectl \d+\.\d+\.\d+\n$")
        self.assertIn("usage", ctl.run(code=USAGE).errors)
        for arguments in (["no-such-command"], ["--no-such-option", "sync"], ["sync", "--no-such-option"], ["list"],
                          ["show", "INBOX"], ["account"], ["account", "add", "--email", "a@example.org"],
                          ["account", "add", "--email", "a@example.org", "--imap", "h:1"], ["cache"], ["debug"],
                          ["account", "add", "--email", "a@example.org", "--imap", "h:0", "--password-command", "true"],
                          ["account", "add", "--email", "a@example.org", "--imap", "h:993", "--password-command", "true",
                           "--password-stdin"], ["watch", "--seconds", "soon"], ["debug", "parse-imap", "--split", "x"]):
            self.refused(ctl, USAGE, *arguments)
        ctl = self.synced()
        for arguments in (["show", "INBOX", "one"], ["show", "INBOX", "0"], ["list", "INBOX", "--limit", "-1"],
                          ["list", "INBOX", "--sort", "colour"], ["list", "INBOX", "Sent"]):
            self.refused(ctl, USAGE, *arguments)

    def test_exit_codes_of_the_network(self):
        ctl, server = self.empty_ctl(), self.server
        password = ctl.sandbox.write("password", server.password() + "\n")

        def add(port=server.imaps_port, ca_file=server.ca_file, command=f"cat '{password}'"):
            trust = ("--ca-file", ca_file) if ca_file else ()
            return ("account", "add", "--email", server.user(), "--imap", f"localhost:{port}", *trust,
                    "--password-command", command)
        self.refused(ctl, SIGN_IN_REFUSED, *add(command="echo wrong"))
        self.refused(ctl, SIGN_IN_REFUSED, *add(command="echo 'no such entry' >&2; exit 3"))
        self.refused(ctl, TLS_REFUSED, *add(ca_file=None))
        relay = Relay(server.imaps_port)
        self.addCleanup(relay.close)
        relay.shut()
        self.refused(ctl, UNREACHABLE, *add(port=relay.port))
        self.assertEqual(ctl.json("account", "list"), {"accounts": []}, "an account that failed its check was kept")

    def test_one_process_owns_a_profile(self):
        ctl = self.synced()
        with ctl.start("watch", "--json") as watch:
            watch.wait_for_event(lambda event: event["event"] == "connected")
            for arguments in (["sync"], ["cache", "drop"], ["account", "remove", "1"], ["show", "INBOX", "1"]):
                sentence = self.refused(ctl, STORE_UNAVAILABLE, *arguments)
                self.assertIn("kittiwakectl", sentence.removeprefix("kittiwakectl: "))
                self.assertIn(str(watch.process.pid), sentence)
            # What only reads works beside it.
            self.assertEqual(len(ctl.json("list", "INBOX")), 20)
            self.assertEqual(len(ctl.json("account", "list")["accounts"]), 1)
            self.assertTrue(ctl.json("mailboxes"))
            self.assertEqual(ctl.json("audit")["body_bytes_on_disk"], 0)
        # It was killed just now: its lock must not outlive it.
        self.assertEqual(ctl.json("sync")["added"], 0)

    def test_damaged_cache(self):
        ctl = self.synced()
        (ctl.sandbox.profile / "cache.db").write_bytes(b"This is no database. " * 1000)
        for name in ("cache.db-wal", "cache.db-shm"):
            (ctl.sandbox.profile / name).unlink(missing_ok=True)
        outcome = ctl.run("list", "INBOX", code=None)
        self.assertEqual(outcome.code, STORE_UNAVAILABLE, outcome.errors)
        # Whatever happens to the cache, dropping it mends it.
        ctl.run("cache", "drop")
        ctl.run("sync")
        self.assert_equal_to_server(ctl, self.reader())


if __name__ == "__main__":
    unittest.main(verbosity=2)
