#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kittiwake FILE.eml: messages from files in windows of their own, without an account, beside a window that runs; what is
no message is refused with a sentence."""

import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts" / "lib"), str(pathlib.Path(__file__).parent)]

from sandbox import Sandbox  # noqa: E402
from screen import Screen, Window  # noqa: E402
from test_window_privacy import program  # noqa: E402

WIDTH, HEIGHT = 1000, 800
MESSAGE = """\
From: Anna <anna@example.org>
To: Ben <ben@example.org>
Subject: {subject}
Date: Thu, 24 Sep 2026 10:00:00 +0000
Content-Type: text/plain; charset=utf-8

The text.
"""


class FileWindows(unittest.TestCase):
    """Windows that show messages of files, without an account, on a screen of their own."""

    size = (WIDTH, HEIGHT)

    @classmethod
    def setUpClass(cls):
        cls.screen = Screen(*cls.size)
        cls.addClassCleanup(cls.screen.close)

    def setUp(self):
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.remove)
        self.environment = self.sandbox.environment(QT_QPA_PLATFORM="xcb", NO_AT_BRIDGE="1")
        if os.geteuid() == 0:
            self.environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"

    def command(self, *files):
        return [program(), "--profile", str(self.sandbox.profile), *map(str, files)]

    def open(self, *files):
        window = Window(self.screen, self.command(*files), self.environment, self.sandbox.root / "log")
        self.addCleanup(window.close)
        return window


class TestMessageFiles(FileWindows):
    def windows(self, name):
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", name],
                              env=self.screen.environment(), capture_output=True, text=True)
        return done.stdout.split()

    def close_windows(self, window, name):
        for identifier in self.windows(name):
            self.screen.xdotool("windowfocus", identifier, "key", "Escape")
        window.wait_for(lambda: not self.windows(name), 30, f"{name} to close")

    def test_each_file_has_its_window_also_beside_a_running_one(self):
        files = [self.sandbox.write(f"{name}.eml", MESSAGE.format(subject=name)) for name in ("Heron", "Egret")]
        running = self.open()  # without any account, it holds the profile
        readers = self.open(*files)
        readers.wait_for(lambda: self.windows("Heron") and self.windows("Egret"), 60, "both messages")
        self.assertIsNone(running.process.poll())
        self.close_windows(readers, "Heron")
        self.assertIsNone(readers.process.poll())
        identifier = self.windows("Egret")[0]
        self.screen.xdotool("windowfocus", identifier, "key", "Escape")
        self.assertEqual(readers.process.wait(30), 0)
        self.assertIsNone(running.process.poll())
        self.assertFalse((self.sandbox.profile / "opened").exists())

    def test_what_is_no_message_is_refused(self):
        text = self.sandbox.write("diary.eml", "Dear diary,\n\ntoday was a day.\n")
        for path, sentence in ((self.sandbox.root, "is a folder"), (text, "is not a mail message"),
                               (self.sandbox.root / "missing.eml", "There is no file"),
                               ("/dev/zero", "is not an ordinary file")):
            # The program says it on standard error and in a box; Esc closes that, and with it the program.
            with subprocess.Popen(self.command(path), env=self.screen.environment(self.environment),
                                  stderr=subprocess.PIPE, text=True) as process:
                self.addCleanup(process.kill)
                said = process.stderr.readline()
                while sentence not in said and said:
                    said = process.stderr.readline()
                self.assertIn(sentence, said)
                until = time.monotonic() + 30
                while not self.windows("Kittiwake") and time.monotonic() < until:
                    self.assertIsNone(process.poll())
                self.screen.xdotool("windowfocus", self.windows("Kittiwake")[0], "key", "Escape")
                self.assertEqual(process.wait(30), 1, path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
