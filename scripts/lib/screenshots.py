# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens the window of the demo on a screen of its own and saves pictures of its main states."""

import os
import subprocess

from screen import OtherWindow, Screen, ScreenError, Window

# (name of the pictures, colour scheme, scale factor, all states or only some)
VARIANTS = (
    ("light", "light", 1, ("list", "html", "composer-rich", "plain", "composer", "asian", "switcher",
                           "arrival", "compact")),
    ("dark", "dark", 1, ("list", "html", "composer-rich", "plain", "composer")),
    ("light-200", "light", 2, ("list", "html", "composer-rich")),
    ("dark-200", "dark", 2, ("list", "html")),
)
WIDTH, HEIGHT = 1280, 800
# A piece of the subject by which a message is found; newest first all of these are on the first page.
MESSAGES = {"html": "Harbour Letters", "plain": "Klettern am", "asian": "京都での打ち合わせ"}
# Text has a few shades; so has the text of the message before, so of the one with a picture more is expected.
COLOURS = {"html": 300, "plain": 5, "asian": 5}
STEPS = 60


class Tour:
    def __init__(self, demo, window, target, name, scale):
        self.demo = demo
        self.window = window
        self.target = target
        self.name = name
        self.scale = scale

    def save(self, state):
        path = self.target / f"{self.name}-{state}.png"
        self.window.screen.picture(path)
        print(f"  {path.name}  ({self.window.title()})", flush=True)

    def state_list(self):
        self.window.wait_for(lambda: self.window.title() and "INBOX" in self.window.title().upper()
                             or "POSTEINGANG" in self.window.title().upper(), 60, "the inbox to open")
        self.window.wait_until_still()
        self.save("list")

    def open_message(self, state):
        """Walks down the list until the window's title names the message."""
        wanted = MESSAGES[state]
        self.window.key("ctrl+k")
        self.window.wait_until_still()
        self.window.type("inbox")
        self.window.wait_until_still()
        self.window.key("Return")
        self.window.wait_until_still()
        self.window.key("Home")
        self.window.wait_until_still(quiet=0.3)
        for _ in range(STEPS):
            if wanted in self.window.title():
                break
            before = self.window.title()
            self.window.key("Down")
            try:
                self.window.wait_for(lambda: self.window.title() != before, 3, "the next message")
            except ScreenError:
                pass  # Two messages of one conversation have the same title.
        else:
            raise ScreenError(f"no message {wanted!r} among the first {STEPS}")
        # A pane that is still empty is at rest too: the first HTML message starts a renderer.
        self.window.wait_for(lambda: self.reader_is_painted(COLOURS[state]), 60, "the message to be painted")
        self.window.wait_until_still(quiet=1.0)
        self.save(state)

    def reader_is_painted(self, colours):
        """Whether the pane below the message's header holds so many colours."""
        pixels, width = self.window.screen.pixels(), WIDTH * self.scale
        left, right = 600 * self.scale, 1240 * self.scale
        rows = range(150 * self.scale, 760 * self.scale, 3)
        seen = {pixels[(y * width + x) * 3:(y * width + x) * 3 + 3] for y in rows for x in range(left, right, 5)}
        return len(seen) >= colours

    def state_switcher(self):
        before = self.window.screen.pixels()
        self.window.key("ctrl+k")
        self.window.wait_for_change(before, "the switcher to open")
        self.window.type("re")
        self.window.wait_until_still()
        self.save("switcher")
        self.window.key("Escape")
        self.window.wait_until_still()

    def state_arrival(self):
        """Push, seen: a delivered message changes the picture without any key."""
        before = self.window.screen.pixels()
        if not self.demo.deliver_next():
            raise ScreenError("the message was not delivered")
        self.window.wait_for_change(before, "the delivered message to appear")
        self.window.wait_until_still()
        self.save("arrival")

    def state_compact(self):
        before = self.window.screen.pixels()
        self.window.place(700 * self.scale, HEIGHT * self.scale)
        self.window.wait_for_change(before, "the narrow layout")
        self.window.wait_until_still()
        self.save("compact")
        self.window.place(WIDTH * self.scale, HEIGHT * self.scale)
        self.window.wait_until_still()

    def answer(self, state, typed, *keys):
        """Answers the message in the reader; what is written is kept as a draft when the window closes."""
        self.window.key("ctrl+r")
        composer = OtherWindow(self.window, "Re: ")
        composer.place(880 * self.scale, 700 * self.scale)
        composer.wait_until_still()
        composer.key("ctrl+Home", *keys)
        for line in typed.splitlines():
            composer.type(line)
            composer.key("Return")
        composer.wait_until_still(quiet=2.0)  # long enough for it to be saved
        self.save(state)
        composer.key("ctrl+shift+d")
        composer.wait_until_gone()
        self.window.wait_until_still()

    def state_composer(self):
        self.answer("composer", "Hallo,\nich komme gern mit.\n")

    def state_composer_rich(self):
        self.answer("composer-rich", "Thank you for the letters.\nI have read every one of them.\n")

    def go(self, states):
        for state in states:
            if state in MESSAGES:
                self.open_message(state)
            else:
                getattr(self, "state_" + state.replace("-", "_"))()


def take(demo, target):
    target.mkdir(parents=True, exist_ok=True)
    for name, scheme, scale, states in VARIANTS:
        screen = Screen(WIDTH * scale, HEIGHT * scale)
        try:
            environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": str(scale), "NO_AT_BRIDGE": "1",
                           "LC_ALL": "C.UTF-8"}
            for variable in ("QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME"):
                environment.pop(variable, None)
            if os.geteuid() == 0:
                environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
            window = Window(screen, demo.window_command("--color-scheme", scheme), environment, target / "kittiwake.log")
            try:
                window.place(WIDTH * scale, HEIGHT * scale)
                Tour(demo, window, target, name, scale).go(states)
            finally:
                window.close()
        except subprocess.CalledProcessError as error:
            raise ScreenError(f"{error.cmd[0]}: {(error.stderr or b'').decode(errors='replace').strip()}") from error
        finally:
            screen.close()
