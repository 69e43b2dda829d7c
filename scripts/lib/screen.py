# SPDX-License-Identifier: GPL-3.0-or-later
"""A screen that nobody sees (Xvfb), and a window on it that is driven by keys and looked at."""

import ctypes
import os
import shutil
import signal
import subprocess
import time


class ScreenError(Exception):
    pass


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, check=True, **more).stdout


LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1  # prctl(2)


def end_with_parent():
    """Run in a new child: it is ended when its parent ends, however that ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Display:
    """Xvfb on a display of its own, which nothing else uses. It ends with whoever started it, however that ends."""

    def __init__(self, width=1280, height=800):
        if not shutil.which("Xvfb"):
            raise ScreenError("Xvfb is not installed; run scripts/setup")
        self.width, self.height = width, height
        reading, writing = os.pipe()
        # The server chooses a free display and says which (-displayfd): no fixed number, nothing to collide with.
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-dpi", "96", "-nolisten", "tcp",
             "-noreset"], pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=end_with_parent)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            self.close()
            raise ScreenError("Xvfb did not start")
        self.name = ":" + number

    def environment(self, base=None):
        """`base` (this process's own) for programs that shall use this display."""
        environment = {**(os.environ if base is None else base), "DISPLAY": self.name}
        environment.pop("WAYLAND_DISPLAY", None)
        return environment

    def close(self):
        self.server.terminate()
        try:
            self.server.wait(5)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()


class Screen(Display):
    """A display that is looked at and whose windows get keys."""

    def __init__(self, width, height):
        for program in ("xdotool", "import"):
            if not shutil.which(program):
                raise ScreenError(f"{program} is not installed; run scripts/setup")
        super().__init__(width, height)

    def xdotool(self, *arguments):
        return run("xdotool", *arguments, env=self.environment()).decode(errors="replace").strip()

    def picture(self, path):
        run("import", "-silent", "-window", "root", path, env=self.environment())

    def pixels(self):
        """What is on the screen, to be compared."""
        return run("import", "-silent", "-window", "root", "-depth", "8", "rgb:-", env=self.environment())


class Window:
    """The main window of a program on a Screen. Every wait is for a condition, with a limit. `environment` is all
    that the program gets, besides the display."""

    def __init__(self, screen, command, environment, log, timeout=60):
        self.screen = screen
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(command, env=screen.environment(environment), stdout=output,
                                            stderr=output, stdin=subprocess.DEVNULL)
        self._seen = None
        self.identifier = self.wait_for(self._find_twice, timeout, "the window to open")

    def _find_twice(self):
        """The same in two looks: one that is taken while windows come up can see a small one and miss the large one, which
        was looked at a moment earlier."""
        before, self._seen = self._seen, self._find()
        return self._seen if self._seen == before else None

    def _find(self):
        # Whatever is on this screen is the program's; its process may be a child of the one that was started.
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "."],
                              env=self.screen.environment(), capture_output=True, text=True)
        largest, found = 0, None
        for identifier in done.stdout.split():
            geometry = dict(line.split("=") for line in
                            self.screen.xdotool("getwindowgeometry", "--shell", identifier).splitlines())
            if int(geometry["WIDTH"]) * int(geometry["HEIGHT"]) > max(largest, 250_000):
                largest, found = int(geometry["WIDTH"]) * int(geometry["HEIGHT"]), identifier
        return found

    def wait_for(self, condition, timeout, what):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise ScreenError(f"Kittiwake ended (code {self.process.returncode}) while waiting for {what}; see {self.log}")
            if result := condition():
                return result
            time.sleep(0.05)  # The interval of looking, not of waiting.
        raise ScreenError(f"waited {timeout} s for {what}; see {self.log}")

    def _on_window(self, *arguments):
        """xdotool on the window, WINDOW standing for it."""
        return self.screen.xdotool(*[self.identifier if word == "WINDOW" else word for word in arguments])

    def title(self):
        return self._on_window("getwindowname", "WINDOW")

    def place(self, width, height):
        self._on_window("windowmove", "WINDOW", 0, 0, "windowsize", "WINDOW", width, height, "windowfocus", "WINDOW")

    def key(self, *keys):
        self._on_window("windowfocus", "WINDOW", "key", "--clearmodifiers", *keys)

    def type(self, text):
        self.screen.xdotool("type", "--delay", 20, text)

    def wait_until_still(self, timeout=40, quiet=0.7):
        """Until the picture has not changed for `quiet` seconds (a blinking cursor is not let count: two
        pictures that differ in less than 1 in 2,000 bytes are taken for the same)."""
        last, since = self.screen.pixels(), time.monotonic()

        def still():
            nonlocal last, since
            now = self.screen.pixels()
            if not self.similar(now, last):
                last, since = now, time.monotonic()
            return time.monotonic() - since > quiet
        self.wait_for(still, timeout, "the picture to come to rest")

    def wait_for_change(self, before, what, timeout=30):
        self.wait_for(lambda: not self.similar(self.screen.pixels(), before), timeout, what)

    @staticmethod
    def similar(one, other):
        if one == other:
            return True
        if len(one) != len(other):
            return False
        # Compared in pieces of 64 bytes: fast enough to do several times a second.
        different = sum(one[at:at + 64] != other[at:at + 64] for at in range(0, len(one), 64))
        return different * 64 * 2000 < len(one) * 4

    def close(self):
        if self.process.poll() is None:
            try:
                self.key("ctrl+q")
                self.process.wait(8)
            except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
                self.process.terminate()
                try:
                    self.process.wait(8)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait()


class OtherWindow(Window):
    """Another window of the program that `main` is of, found by a word of its title."""

    def __init__(self, main, word, timeout=60):  # pylint: disable=super-init-not-called
        self.screen, self.log, self.process, self.word = main.screen, main.log, main.process, word
        self.others = {main.identifier}  # whose title may have the same word in it
        self.identifier = self.wait_for(self._find, timeout, f"a window called {word}")

    def _find(self):
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", self.word],
                              env=self.screen.environment(), capture_output=True, text=True)
        found = [one for one in done.stdout.split() if one not in self.others]
        return (found or [None])[-1]

    def wait_until_gone(self, timeout=60):
        self.wait_for(lambda: self._find() is None, timeout, f"{self.word} to close")
