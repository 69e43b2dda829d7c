#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies stay on the server: what kittiwakectl syncs and shows never reaches the disk, in any encoding."""

import base64
import os
import quopri
import unittest

from suite import SyncCase
import canaryscan
from testservers import DovecotServer

# What a client may be tempted to keep: previews of text, HTML, pictures, attachments, messages in messages.
KINDS = ("plain", "base64", "quoted", "utf16", "html", "attachment", "inner", "raw8bit", "nextpart")


def encoded_lines(data):
    return base64.encodebytes(data).decode()


def message(canary):
    """One message with a canary in the first words of each of its parts."""
    return f"""\
From: Private Person <private@example.org>
To: anna@kittiwake.example
Subject: for your eyes only
Date: Wed, 4 Mar 2020 12:00:00 +0000
Message-ID: <private@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=mixed

--mixed
Content-Type: text/plain; charset=utf-8

{canary["plain"]} starts the message.
--mixed
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

{encoded_lines((canary["base64"] + " in base64").encode())}
--mixed
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

{quopri.encodestring((canary["quoted"] + " in quoted-printable").encode()).decode()}
--mixed
Content-Type: text/plain; charset=utf-16
Content-Transfer-Encoding: base64

{encoded_lines((canary["utf16"] + " in UTF-16").encode("utf-16"))}
--mixed
Content-Type: application/octet-stream; name=secret.bin
Content-Disposition: attachment; filename=secret.bin
Content-Transfer-Encoding: base64

{encoded_lines(b"12" + canary["attachment"].encode() + bytes(3000))}
--mixed
Content-Type: message/rfc822

From: inner@example.org
Subject: inner

{canary["inner"]} in a message in the message.
--mixed--
"""


def html_message(canary):
    return f"""\
From: Private Person <private@example.org>
Subject: HTML
Message-ID: <html@example.org>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=alt

--alt
Content-Type: text/plain; charset=utf-8

{canary["nextpart"]}
--alt
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

{quopri.encodestring(("<p>" + canary["html"] + "</p>").encode()).decode()}
--alt--
"""


class TestPrivacy(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.canaries = {kind: canaryscan.new_canary(kind) for kind in KINDS}
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)
        cls.server.fill("INBOX", 200, seed=8)
        cls.server.append("INBOX", message(cls.canaries))
        cls.server.append("INBOX", html_message(cls.canaries))
        cls.server.append("INBOX", f"Subject: no MIME\n\n{cls.canaries['raw8bit']}\n")
        cls.first, cls.html, cls.simple = 201, 202, 203

    def setUp(self):
        self.scanner = canaryscan.Scanner(self.canaries.values())
        self.ctl = self.empty_ctl()
        self.trace_folder = self.ctl.sandbox.root / "trace"
        self.trace_folder.mkdir()
        self.runs = 0

    def traced(self, *arguments, **more):
        """Runs kittiwakectl under strace; whatever it writes to a file must hold no canary and lie in the profile."""
        self.runs += 1
        prefix = self.trace_folder / str(self.runs)
        outcome = self.ctl.run(*arguments, wrapper=("strace", *canaryscan.STRACE_OPTIONS, "-o", prefix), **more)
        findings, writes = self.scanner.scan_trace(prefix, [self.ctl.sandbox.profile])
        self.assertEqual(findings, [], arguments)
        self.assertGreater(writes, 0, "strace saw nothing")
        for file in self.trace_folder.iterdir():
            file.unlink()
        return outcome

    def assert_nothing_on_disk(self):
        # Profile, HOME, XDG folders and TMPDIR all lie below the sandbox.
        self.assertEqual(self.scanner.scan_folder(self.ctl.sandbox.root), [])
        self.assertEqual(os.listdir(self.ctl.sandbox.root / "tmp"), [])
        self.assertEqual(self.ctl.json("audit")["body_bytes_on_disk"], 0)

    def test_nothing_of_a_body_is_written(self):
        password = self.ctl.sandbox.write("password", self.server.password() + "\n")
        self.traced("account", "add", "--email", self.server.user(), "--imap", f"127.0.0.1:{self.server.imaps_port}",
                    "--ca-file", self.server.ca_file, "--password-command", f"cat '{password}'")
        self.traced("sync")
        self.assert_nothing_on_disk()
        # The headers are there, so it did sync, and the scanner can read the cache.
        cache = b"".join(path.read_bytes() for path in self.ctl.sandbox.profile.glob("cache.db*"))
        self.assertIn(b"for your eyes only", cache)

        shown = self.traced("show", "INBOX", self.first).text
        for kind in ("plain", "base64", "quoted", "utf16"):
            self.assertIn(self.canaries[kind], shown, "it is not shown, so its absence from the disk proves nothing")
        self.assertIn(self.canaries["plain"], self.traced("--json", "show", "INBOX", self.first).text)
        self.assertIn(self.canaries["html"], self.traced("show", "INBOX", self.html, "--html").text)
        self.assertIn(self.canaries["raw8bit"], self.traced("show", "INBOX", self.simple).text)
        raw = self.traced("show", "INBOX", self.first, "--raw").output
        self.assertIn(self.canaries["inner"].encode(), raw)
        self.assertIn(self.canaries["attachment"].encode(),
                      self.traced("show", "INBOX", self.first, "--part", 5).output)
        self.traced("--verbose", "show", "INBOX", self.first)
        self.traced("sync", "--full")
        self.traced("list", "INBOX")
        self.assert_nothing_on_disk()

    def test_the_trace_in_verbose_mode_keeps_secrets(self):
        self.ctl.add_account(self.server)
        errors = self.ctl.run("--verbose", "sync").errors
        self.assertIn("FETCH", errors)
        for secret in (self.server.password(), base64.b64encode(
                f"\0{self.server.user()}\0{self.server.password()}".encode()).decode()):
            self.assertNotIn(secret, errors)
        self.assertEqual(self.scanner.scan(errors.encode(), "the trace of a sync"), [])

    def test_a_file_that_was_asked_for(self):
        self.ctl.add_account(self.server)
        self.ctl.run("sync")
        target = self.ctl.sandbox.root / "saved"
        self.ctl.run("show", "INBOX", self.first, "--raw", "--output", target)
        places = {finding.place for finding in self.scanner.scan_folder(self.ctl.sandbox.root)}
        self.assertEqual(places, {str(target)})


if __name__ == "__main__":
    unittest.main(verbosity=2)
