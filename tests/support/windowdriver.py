# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window on a real engine, driven by the names of what is in it (tests/ui/window/windowdriver.cpp)."""

import json
import os
import subprocess


class WindowError(AssertionError):
    pass


class DrivenWindow:
    """The window on the profile of a sandbox that has an account. Every wait is for something that is to be read."""

    def __init__(self, sandbox):
        environment = sandbox.environment(QT_QPA_PLATFORM="offscreen", QTWEBENGINE_DISABLE_SANDBOX="1")
        self.process = subprocess.Popen([os.environ["KITTIWAKE_WINDOWDRIVER"], str(sandbox.profile)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        env=environment, cwd=sandbox.root)

    def do(self, what, **more):
        self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise WindowError(f"the window has ended: {self.process.wait(30)}")
        return json.loads(line)["answer"]

    def must(self, what, **more):
        answer = self.do(what, **more)
        if answer is not True:
            raise WindowError(f"{what} {more}: {answer}")

    def see(self, name, **more):
        return self.do("see", name=name, **more)

    def click(self, name, text="", **more):
        self.must("click", name=name, text=text, **more)

    def until(self, name, text, seconds=60, **more):
        self.must("until", name=name, text=text, ms=seconds * 1000, **more)

    def until_gone(self, name, seconds=60, **more):
        self.must("until", name=name, ms=seconds * 1000, **more)

    def kill(self):
        """It ends in the middle of everything."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()

    def close(self):
        """Ends it, as somebody who quits."""
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
