#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies stay on the server: what is looked at of attached files, and what is laid out for paper, never reaches the disk.
(A file that is opened does, in a folder of its own: tests/unit/base/test_openedfiles.cpp.)"""

import os
import pathlib
import signal
import stat
import subprocess
import sys
import unittest
import unittest.mock
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import test_window_privacy as reading  # noqa: E402
import canaryscan  # noqa: E402
from ctl import Ctl  # noqa: E402
from testservers import DovecotServer  # noqa: E402
from screen import Screen  # noqa: E402

KINDS = ("text", "notes", "picture", "event", "zipped")


def files_message(canary):
    def part(type_, name, data):
        return f"""\
--mixed
Content-Type: {type_}; name={name}
Content-Disposition: attachment; filename={name}
Content-Transfer-Encoding: base64

{reading.encoded(data)}
"""
    event = (f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART:20261224T120000Z\r\n"
             f"SUMMARY:{canary['event']}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    return f"""\
From: Private Person <private@example.org>
To: anna@kittiwake.example
Subject: files in confidence
Message-ID: <files@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=mixed

--mixed
Content-Type: text/plain; charset=utf-8

{canary["text"]} starts the message.

""" + part("application/zip", "annexes.zip", canary["zipped"].encode()) \
        + part("text/calendar", "event.ics", event.encode()) \
        + part("text/plain", "notes.txt", (canary["notes"] + " in a file").encode()) \
        + part("image/png", "picture.png", reading.png(reading.PICTURE, canary["picture"])) + "--mixed--\n"


class TestFilesPrivacy(reading.TestWindowPrivacy):
    # Those of the other file are run there.
    test_nothing_that_is_read_is_written = None
    test_a_planted_leak_is_found = None

    @classmethod
    def setUpClass(cls):
        cls.canaries = {kind: canaryscan.new_canary(kind) for kind in KINDS}
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)
        cls.screen = Screen(reading.WIDTH, reading.HEIGHT)
        cls.addClassCleanup(cls.screen.close)

    def chip(self, window, back):
        """The keyboard goes from the text back over "Save all" to the chips; the last of them first."""
        window.key("F6")
        for _ in range(1 + back):
            window.key("shift+Tab")

    def windows(self, name):
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", name],
                              env=self.screen.environment(), capture_output=True, text=True)
        return done.stdout.split()

    def close_other(self, name):
        """There is no window manager that would give it the keyboard."""
        self.screen.xdotool("windowfocus", self.windows(name)[0], "key", "Escape")

    def wait_for_window(self, window, name):
        window.wait_for(lambda: self.windows(name), 60, f"the window {name}")

    def open_files_message(self, window):
        self.open_next(window, "files in confidence")
        window.wait_until_still()

    def test_nothing_that_is_looked_at_or_printed_is_written(self):
        self.server.append("INBOX", files_message(self.canaries))
        window = self.open_window()
        self.open_files_message(window)
        self.chip(window, 1)
        window.key("space")
        self.wait_for_colour(window, reading.PICTURE)
        self.close_other("picture.png")
        self.screen.xdotool("windowfocus", window.identifier)
        window.wait_until_still()
        window.key("shift+Tab")
        window.key("space")
        self.wait_for_window(window, "notes.txt")
        window.wait_until_still()
        self.close_other("notes.txt")
        self.screen.xdotool("windowfocus", window.identifier)
        window.wait_until_still()
        window.key("ctrl+p")
        self.wait_for_window(window, "^Print ")
        window.wait_until_still()
        self.close_other("^Print ")
        window.close()
        self.assertEqual(window.process.returncode, 0)
        self.assertEqual(self.trace_findings(), [])
        self.assertEqual(self.scanner.scan_folder(self.sandbox.root), [])
        self.assertEqual(os.listdir(self.sandbox.root / "tmp"), [])
        self.assertFalse((self.sandbox.profile / "opened").exists())

    def test_an_opened_file_is_private_and_goes(self):
        """Opened by the desktop's program from a folder of its own; deleted at the end, and after a kill at the next
        start."""
        tools = self.traces.root / "bin"
        tools.mkdir()
        told = self.traces.root / "opened"
        opener = tools / "xdg-open"
        opener.write_text(f"#!/bin/sh\nprintf '%s' \"$1\" >'{told}.new' && mv '{told}.new' '{told}'\n")
        opener.chmod(0o700)
        path_with_tools = unittest.mock.patch.dict(os.environ, {"PATH": f"{tools}:{os.environ['PATH']}"})
        path_with_tools.start()
        self.addCleanup(path_with_tools.stop)
        for way in ("closed", "killed"):
            self.server.append("INBOX", files_message(self.canaries))  # an unread one, for the key that goes there
            window = self.open_window()
            self.open_files_message(window)
            self.chip(window, 4)  # annexes.zip, the first
            window.key("space")
            window.wait_for(told.exists, 60, "the file to be opened")
            path = pathlib.Path(urllib.parse.unquote(told.read_text().removeprefix("file://")))
            self.assertEqual(path.name, "annexes.zip")
            self.assertEqual(path.read_text(), self.canaries["zipped"])
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            opened = self.sandbox.profile / "opened"
            self.assertIn(opened, path.parents)
            for folder in (path.parent, path.parent.parent, opened):
                self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
            report = Ctl(self.sandbox).json("audit")
            self.assertIn("opened attachment", [file["kind"] for file in report["files"]])
            told.unlink()
            if way == "closed":
                window.close()
                self.assertFalse(opened.exists())
                continue
            owner = int((self.sandbox.profile / "profile.lock").read_text().split()[0])
            os.kill(owner, signal.SIGKILL)
            window.process.wait(30)
            self.assertTrue(path.exists(), "nobody could have deleted it")
            self.open_window().close()
            self.assertFalse(opened.exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
