#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing in a mail calls anybody: each file of leaks/vectors is read, quoted, forwarded and printed, and nobody is
connected to and no name is looked up. Each wall holds alone; without both the canary is hit, so this can fail."""

import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "ui" / "leaks"), str(ROOT / "tests" / "support"), str(ROOT / "scripts" / "lib")]

import canarynet  # noqa: E402
from ctl import Ctl  # noqa: E402
from sandbox import Sandbox  # noqa: E402
from screen import OtherWindow, Screen, Window  # noqa: E402
from testservers import DovecotServer  # noqa: E402

VECTORS = sorted((ROOT / "tests" / "ui" / "leaks" / "vectors").glob("*.html"))
WIDTH, HEIGHT = 1280, 800
TOGETHER = 8


def built(variable, name):
    named = os.environ.get(variable)
    if named:
        return named
    found = sorted(ROOT.glob(f"build/*/{name}"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise RuntimeError(f"{name} is not built; set {variable}")
    return str(found[-1])


class Watched(unittest.TestCase):
    def setUp(self):
        self.canary = canarynet.Canary()
        self.addCleanup(self.canary.close)
        self.names = canarynet.NameServer()
        self.addCleanup(self.names.close)
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.remove)

    def environment(self, **more):
        return self.sandbox.environment(NO_AT_BRIDGE="1", QTWEBENGINE_DISABLE_SANDBOX="1", **more)

    def nobody_was_called(self):
        self.assertEqual(self.canary.calls, [])
        self.assertEqual(self.names.asked, [])


class Walls(Watched):
    """The program's own view and sanitiser, in a test program that can leave either out."""

    def view(self, *options):
        command = [built("KITTIWAKE_LEAKVIEWER", "tests/ui/leakviewer"), *options, "--port", str(self.canary.port)]
        done = subprocess.run([*command, *map(str, VECTORS)], env=self.environment(QT_QPA_PLATFORM="offscreen"),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:])

    def hit(self):
        """The vectors that got through, by the path or by the name that they asked for."""
        seen = set()
        for line, host in self.canary.calls:
            words = line.split()
            path = words[1].lstrip("/").split("/")[0] if len(words) > 1 else ""
            seen.add(host.removesuffix(f".canary.example:{self.canary.port}") if "canary" in host else path)
        looked_up = {name.removesuffix(".canary.example") for name in self.names.asked}
        known = {path.stem + "-view" for path in VECTORS}
        return seen & known, looked_up & known

    def test_there_are_enough(self):
        self.assertGreaterEqual(len(VECTORS), 60)
        for path in VECTORS:
            text = path.read_text()
            self.assertTrue("@U@" in text or "@H@" in text or "@P@" in text, path.name)

    def test_both_walls(self):
        self.view()
        self.nobody_was_called()

    def test_the_sanitiser_alone(self):
        self.view("--without-browser-wall")
        self.nobody_was_called()

    def test_the_browser_wall_alone(self):
        self.view("--without-sanitiser")
        self.nobody_was_called()

    def test_without_walls_the_canary_is_hit(self):
        self.view("--without-sanitiser", "--without-browser-wall")
        called, looked_up = self.hit()
        missed = sorted({path.stem for path in VECTORS} - {name.removesuffix("-view") for name in called | looked_up})
        print(f"{len(called)} vectors reach the canary, {len(looked_up)} ask for a name; neither: {', '.join(missed)}")
        self.assertGreaterEqual(len(called), 60, missed)
        self.assertGreaterEqual(len(looked_up), 40, missed)


class TheWindow(Watched):
    """The product itself: the vectors are messages in INBOX, opened one after the other."""

    def html(self, path):
        name = path.stem
        return path.read_text().replace("@U@", f"http://127.0.0.1:{self.canary.port}/{name}") \
            .replace("@H@", f"http://{name}.canary.example:{self.canary.port}") \
            .replace("@N@", name).replace("@P@", str(self.canary.port))

    def message(self, paths, number, colour):
        name = paths[0].stem
        html = "".join(f"<div>{self.html(path)}</div>\n" for path in paths) if len(paths) > 1 else self.html(paths[0])
        body = f'<body style="background:rgb{colour};margin:0"><p>vector</p>{html}'
        return (f"From: Stranger <stranger@example.org>\nTo: anna@kittiwake.example\nSubject: vector {number} {name}\n"
                f"Message-ID: <{name}@example.org>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
                f"Content-Transfer-Encoding: 8bit\n\n{body}\n")

    @staticmethod
    def colour(number):
        # Far from the window's own greys, and from each other.
        return (200 + number % 56, 20 + number * 7 % 100, 140 + number * 13 % 100)

    @staticmethod
    def open_next(window, subject):
        """The next unread one, newest first. Where the list is not there yet, the key does nothing and is pressed again."""
        pressed = []

        def is_open():
            if subject in window.title():
                return True
            if not pressed or time.monotonic() - pressed[-1] > 10:
                window.key("n")
                pressed.append(time.monotonic())
            return False
        window.wait_for(is_open, 120, subject)

    def open_window(self, groups):
        """With a message for each group of vectors."""
        server = DovecotServer()
        self.addCleanup(server.close)
        for number, paths in enumerate(groups):
            server.append("INBOX", self.message(paths, number, self.colour(number)))
        ctl = Ctl(self.sandbox)
        ctl.add_account(server)
        ctl.run("sync")  # so that the list is whole when the window opens
        screen = Screen(WIDTH, HEIGHT)
        self.addCleanup(screen.close)
        window = Window(screen, [built("KITTIWAKE", "bin/kittiwake"), "--profile", str(self.sandbox.profile)],
                        self.environment(QT_QPA_PLATFORM="xcb"), self.sandbox.root / "log")
        self.addCleanup(window.close)
        window.place(WIDTH, HEIGHT)
        window.wait_for(lambda: "inbox" in window.title().lower(), 60, "the inbox to open")
        return window

    def read_next(self, window, number, what):
        """Until it is painted."""
        self.open_next(window, f"vector {number} ")
        row = bytes(self.colour(number)) * 20
        window.wait_for(lambda: row in window.screen.pixels(), 90, f"{what} to be painted")

    def test_reading_calls_nobody(self):
        window = self.open_window([[path] for path in VECTORS])
        for number, path in reversed(list(enumerate(VECTORS))):
            self.read_next(window, number, path.name)
        window.close()
        self.assertEqual(window.process.returncode, 0)
        self.nobody_was_called()

    def test_answering_passing_on_and_printing_call_nobody(self):
        """Several vectors in a message; KITTIWAKE_EACH_VECTOR=1 takes them one by one, which takes minutes."""
        together = 1 if os.environ.get("KITTIWAKE_EACH_VECTOR") else TOGETHER
        groups = [VECTORS[at:at + together] for at in range(0, len(VECTORS), together)]
        window = self.open_window(groups)
        for number, paths in reversed(list(enumerate(groups))):
            self.read_next(window, number, paths[0].name)
            for key, word, close in (("ctrl+r", f"^Re: vector {number} ", "ctrl+w"),
                                     ("ctrl+l", f"^Fwd: vector {number} ", "ctrl+w"), ("ctrl+p", "^Print ", "Escape")):
                window.key(key)
                other = OtherWindow(window, word)
                other.wait_until_still(quiet=0.3)
                other.key(close)
                other.wait_until_gone()
        window.close()
        self.assertEqual(window.process.returncode, 0)
        self.nobody_was_called()


if __name__ == "__main__":
    canarynet.enter()
    unittest.main(verbosity=2)
