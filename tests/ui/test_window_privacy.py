#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies stay on the server: what the window shows of text, HTML, inline pictures and sources never reaches the disk,
in any encoding, neither by the program itself nor by Qt WebEngine's processes."""

import base64
import os
import pathlib
import re
import struct
import subprocess
import sys
import time
import unittest
import zlib

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts" / "lib")]

import canaryscan  # noqa: E402
from ctl import Ctl  # noqa: E402
from sandbox import Sandbox  # noqa: E402
from screen import Screen, Window  # noqa: E402
from testservers import DovecotServer  # noqa: E402

WIDTH, HEIGHT = 1280, 800
KINDS = ("text", "quoted", "html", "style", "picture", "attachment", "source")
# Nothing else in the window has these colours, so who sees them sees the page and the picture.
PAGE, PICTURE = (231, 12, 167), (23, 201, 88)
# Chromium's processes share memory through files that have no name any more, on a file system without a disk, and
# tell the kernel which of them may be ended first.
NO_DISK = ("/dev/shm", "/proc")
# Memory that only has a descriptor (memfd_create(2)); a word that is written to it is found all the same.
MEMORY = re.compile("memfd_create:|mmap: .*: /memfd:")


def program():
    named = os.environ.get("KITTIWAKE")
    if named:
        return named
    built = sorted(ROOT.glob("build/*/bin/kittiwake"), key=lambda path: path.stat().st_mtime)
    if not built:
        raise RuntimeError("kittiwake is not built; set KITTIWAKE")
    return str(built[-1])


def png(colour, comment):
    """A picture of one colour with a word inside (PNG specification, section 11.3.4.3: tEXt)."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    side = 120
    rows = (b"\0" + bytes(colour) * side) * side
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"Comment\0" + comment.encode()) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def encoded(data):
    return base64.encodebytes(data).decode()


def text_message(canary):
    return f"""\
From: Private Person <private@example.org>
To: anna@kittiwake.example
Subject: first in confidence
Message-ID: <text@example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

{canary["text"]} starts the message.

> {canary["quoted"]} was quoted.

{"Lines and lines. " * 60}
"""


def html_message(canary):
    html = f"""<html><head><style>.{canary["style"].replace("ö", "o")}{{color:#111}}</style></head>
<body style="background:rgb{PAGE};margin:0"><p>{canary["html"]}</p><img src="cid:picture@example.org"></body></html>"""
    return f"""\
From: Private Person <private@example.org>
Subject: second in confidence
Message-ID: <html@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=mixed

--mixed
Content-Type: multipart/related; boundary=related

--related
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

{encoded(html.encode())}
--related
Content-Type: image/png
Content-ID: <picture@example.org>
Content-Disposition: inline
Content-Transfer-Encoding: base64

{encoded(png(PICTURE, canary["picture"]))}
--related--
--mixed
Content-Type: text/plain; charset=utf-8; name=notes.txt
Content-Disposition: attachment; filename=notes.txt
Content-Transfer-Encoding: base64

{encoded((canary["attachment"] + " in a file").encode())}
--mixed--
"""


def source_message(canary):
    return f"Subject: third in confidence\nFrom: a@example.org\n\n{canary['source']}\n"


class TestWindowPrivacy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.canaries = {kind: canaryscan.new_canary(kind) for kind in KINDS}
        # Classes of a style sheet are ASCII.
        cls.canaries["style"] = cls.canaries["style"].replace("ö", "o")
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)
        cls.server.fill("INBOX", 30, seed=8)
        for message in (text_message, html_message, source_message):
            cls.server.append("INBOX", message(cls.canaries))
        cls.screen = Screen(WIDTH, HEIGHT)
        cls.addClassCleanup(cls.screen.close)

    def setUp(self):
        self.scanner = canaryscan.Scanner(self.canaries.values())
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.remove)
        # Beside the sandbox, which is looked through afterwards: the trace holds what went over sockets and pipes.
        self.traces = Sandbox()
        self.addCleanup(self.traces.remove)
        Ctl(self.sandbox).add_account(self.server)

    def open_window(self, before=()):
        """The real window under strace. `before`: a command that the traced shell runs first."""
        environment = self.sandbox.environment(QT_QPA_PLATFORM="xcb", NO_AT_BRIDGE="1")
        if os.geteuid() == 0:
            environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
        command = ["strace", "--seccomp-bpf", *canaryscan.STRACE_OPTIONS, "-o", str(self.traces.root / "trace")]
        command += ["sh", "-c", " ".join((*before, 'exec "$@"')), "sh"]
        window = Window(self.screen, [*command, program(), "--profile", str(self.sandbox.profile)], environment,
                        self.sandbox.root / "log")
        self.addCleanup(window.close)
        window.place(WIDTH, HEIGHT)
        window.wait_for(lambda: "inbox" in window.title().lower(), 60, "the inbox to open")
        return window

    @staticmethod
    def open_next(window, subject):
        pressed = None

        def is_open():
            nonlocal pressed
            if subject in window.title():
                return True
            # The next unread message; again, because it may not have been fetched yet.
            if pressed is None or time.monotonic() - pressed > 3:
                window.key("n")
                pressed = time.monotonic()
            return False
        window.wait_for(is_open, 60, f"the message {subject!r}")

    def wait_for_colour(self, window, colour):
        row = bytes(colour) * 20
        window.wait_for(lambda: row in self.screen.pixels(), 90, f"the colour {colour} on the screen")

    def windows_named(self, pattern):
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", pattern],
                              env=self.screen.environment(), capture_output=True, text=True)
        return done.stdout.split()

    def preview_print(self, window):
        """The pages of the message, as they would be printed. Their picture is on them, too."""
        window.key("ctrl+p")
        preview = window.wait_for(lambda: self.windows_named("^Print "), 60, "the print preview")[0]
        window.wait_for(lambda: bytes(PICTURE) * 8 in self.region(preview), 90, "the pages in the preview")
        self.screen.xdotool("windowfocus", preview, "key", "Escape")
        window.wait_for(lambda: not self.windows_named("^Print "), 60, "the print preview to close")

    def region(self, identifier):
        return subprocess.run(["import", "-silent", "-window", identifier, "-depth", "8", "rgb:-"],
                              env=self.screen.environment(), capture_output=True).stdout

    def read_everything(self, window):
        """From the newest message on."""
        self.open_next(window, "third in confidence")
        before = self.screen.pixels()
        window.key("ctrl+u")
        window.wait_for_change(before, "the source")
        window.wait_until_still()
        # There is no window manager that would give it the keyboard.
        source = self.screen.xdotool("search", "--onlyvisible", "--name", "Source of").split()[0]
        self.screen.xdotool("windowfocus", source, "key", "Escape")
        self.open_next(window, "second in confidence")
        self.wait_for_colour(window, PAGE)
        self.wait_for_colour(window, PICTURE)
        self.preview_print(window)
        self.open_next(window, "first in confidence")
        window.wait_until_still()
        before = self.screen.pixels()
        window.key("ctrl+plus")
        window.wait_for_change(before, "larger text")

    def trace_findings(self):
        findings, writes = self.scanner.scan_trace(self.traces.root / "trace", [self.sandbox.root, *NO_DISK])
        self.assertGreater(writes, 100, "strace saw next to nothing")
        return [finding for finding in findings if not MEMORY.match(finding.what)]

    def test_nothing_that_is_read_is_written(self):
        window = self.open_window()
        self.read_everything(window)
        identifier = window.identifier
        self.assertEqual(window._find(), identifier, "the window was made anew")
        window.close()
        self.assertEqual(window.process.returncode, 0)
        self.assertEqual(self.trace_findings(), [])
        self.assertEqual(self.scanner.scan_folder(self.sandbox.root), [])
        self.assertEqual(os.listdir(self.sandbox.root / "tmp"), [])
        # It did sync, and the scanner can read the cache.
        cache = b"".join(path.read_bytes() for path in self.sandbox.profile.glob("cache.db*"))
        self.assertIn(b"second in confidence", cache)

    def test_a_planted_leak_is_found(self):
        leak = self.sandbox.root / "home" / "leak"
        word = base64.b64encode(("x" + self.canaries["html"]).encode()).decode()
        window = self.open_window(before=(f"echo {word} >'{leak}'; rm '{leak}';", f"echo {word} >'{leak}2';"))
        window.close()
        places = [finding.place for finding in self.trace_findings()]
        self.assertTrue(any(str(leak) + "2" in place for place in places), places)
        self.assertTrue(any(place.endswith(str(leak)) for place in places), "removed before anybody looked")
        self.assertIn(str(leak) + "2", {finding.place for finding in self.scanner.scan_folder(self.sandbox.root)})


if __name__ == "__main__":
    unittest.main(verbosity=2)
