#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An attached file is dragged out of the window into that of another program, which gets its bytes, and nothing is left."""

import base64
import os
import pathlib
import subprocess
import sys
import unittest
import urllib.parse

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "scripts" / "lib"), str(pathlib.Path(__file__).parent)]

import test_message_files  # noqa: E402
from test_leaks import built  # noqa: E402

WIDTH, HEIGHT = 1240, 800
BYTES = bytes(range(256)) * 40
NAME = "Lageplan Größe.pdf"


def message(name, data):
    return f"""\
From: Anna <anna@example.org>
To: Ben <ben@example.org>
Subject: a file to take
Date: Thu, 24 Sep 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=mixed

--mixed
Content-Type: text/plain; charset=utf-8

The text.
--mixed
Content-Type: application/octet-stream
Content-Disposition: attachment; filename*=utf-8''{urllib.parse.quote(name)}
Content-Transfer-Encoding: base64

{base64.encodebytes(data).decode()}
--mixed--
"""


class TestDragOut(test_message_files.FileWindows):
    size = (WIDTH, HEIGHT)

    def open_message(self):
        file = self.sandbox.root / "message.eml"
        file.write_text(message(NAME, BYTES))
        window = self.open(file)
        window.place(800, HEIGHT)
        window.wait_until_still()
        return window

    def target(self):
        """Another program, and what it prints."""
        process = subprocess.Popen([built("KITTIWAKE_DROPTARGET", "tests/ui/droptarget")], stdout=subprocess.PIPE,
                                   env=self.screen.environment(self.environment))
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.set_blocking(process.stdout.fileno(), False)
        told = bytearray()

        def line(beginning):
            told.extend(process.stdout.read() or b"")
            return next((one for one in told.decode().split("\n")[:-1] if one.startswith(beginning)), None)
        return line

    def chip(self, window):
        """The middle of what the keyboard goes to from the text: the frame of the focus is drawn around it."""
        before = self.screen.pixels()
        window.key("shift+Tab")
        row = WIDTH * 3

        def frame():
            """(columns, rows) that are different."""
            after = self.screen.pixels()
            rows = [y for y in range(HEIGHT) if before[y * row:(y + 1) * row] != after[y * row:(y + 1) * row]]
            if len(rows) < 20:
                return None
            at = rows[len(rows) // 2] * row
            columns = [x for x in range(WIDTH) if before[at + x * 3:at + x * 3 + 3] != after[at + x * 3:at + x * 3 + 3]]
            return columns, rows
        columns, rows = window.wait_for(frame, 30, "the frame around the file")
        return (columns[0] + columns[-1]) // 2, rows[len(rows) // 2]

    def test_another_program_gets_the_file(self):
        line = self.target()
        window = self.open_message()
        x, y = self.chip(window)
        self.screen.xdotool("mousemove", x, y, "mousedown", 1)
        step = iter(range(10**6))

        def is_over():
            # The file is written first; from then on the pointer drags it.
            self.screen.xdotool("mousemove", 1000 + next(step) % 50, 400)
            return line("over")
        window.wait_for(is_over, 60, "the file to be over the other window")
        self.screen.xdotool("mouseup", 1)
        dropped = window.wait_for(lambda: line("dropped"), 60, "the file to be dropped")
        _, name, data = dropped.split(" ")
        self.assertEqual(urllib.parse.unquote(name), NAME)
        self.assertEqual(base64.b64decode(data), BYTES)
        window.key("ctrl+w")
        self.assertEqual(window.process.wait(60), 0)
        self.assertFalse((self.sandbox.profile / "opened").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
