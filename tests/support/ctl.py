# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs kittiwakectl in a sandbox: to its end, or as a process whose lines can be waited for."""

import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import threading
import time

from sandbox import Sandbox

DONE, FAILED, USAGE, SIGN_IN_REFUSED, TLS_REFUSED, UNREACHABLE, STORE_UNAVAILABLE = range(7)


def program():
    """The path of kittiwakectl: what ctest says, or the newest build below build/."""
    named = os.environ.get("KITTIWAKECTL")
    if named:
        return named
    source = pathlib.Path(__file__).resolve().parents[2]
    built = sorted(source.glob("build/*/bin/kittiwakectl"), key=lambda path: path.stat().st_mtime)
    if not built:
        raise RuntimeError("kittiwakectl is not built; set KITTIWAKECTL")
    return str(built[-1])


@dataclasses.dataclass
class Outcome:
    code: int
    output: bytes
    errors: str
    seconds: float

    @property
    def text(self):
        return self.output.decode("utf-8")

    def json(self):
        return json.loads(self.output)


class CtlError(AssertionError):
    pass


class Ctl:
    """kittiwakectl on the profile of one sandbox."""

    def __init__(self, sandbox=None, **environment):
        self.sandbox = sandbox or Sandbox()
        self.environment = self.sandbox.environment(**environment)

    def command(self, arguments):
        return [program(), "--profile", str(self.sandbox.profile), *map(str, arguments)]

    def run(self, *arguments, code=DONE, stdin=b"", timeout=120, wrapper=()):
        """Runs to the end; the exit code must be `code` (None: any)."""
        begin = time.monotonic()
        done = subprocess.run([*wrapper, *self.command(arguments)], input=stdin, capture_output=True, timeout=timeout,
                              env=self.environment, cwd=self.sandbox.root, check=False)
        outcome = Outcome(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"),
                          time.monotonic() - begin)
        if code is not None and outcome.code != code:
            raise CtlError(f"kittiwakectl {' '.join(map(str, arguments))}: exit code {outcome.code} instead of "
                           f"{code}\n{outcome.errors}{outcome.output[-2000:].decode('utf-8', 'replace')}")
        return outcome

    def json(self, *arguments, **more):
        return self.run("--json", *arguments, **more).json()

    def add_account(self, server, user=0, host="127.0.0.1", port=None, arguments=()):
        """Adds an account of a DovecotServer, with a password command; returns the command's answer."""
        password_file = self.sandbox.write("password", server.password(user) + "\n")
        return self.json("account", "add", "--email", server.user(user), "--imap", f"{host}:{port or server.imaps_port}",
                         "--ca-file", server.ca_file, "--password-command", f"cat '{password_file}'", *arguments)

    def start(self, *arguments, wrapper=()):
        return Running([*wrapper, *self.command(arguments)], self.environment, self.sandbox.root)


@dataclasses.dataclass
class Line:
    at: int  # time.monotonic_ns() when it could be read
    stream: str  # "out" or "err"
    text: str


class Running:
    """A process that goes on; every line of its output is stamped with the moment it could be read."""

    def __init__(self, command, environment, folder):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=environment, cwd=folder)
        self.lines = []
        self.changed = threading.Condition()
        self.open = 2  # streams that have not ended
        self.readers = [threading.Thread(target=self._read, args=(pipe, name), daemon=True)
                        for pipe, name in ((self.process.stdout, "out"), (self.process.stderr, "err"))]
        for reader in self.readers:
            reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def _read(self, pipe, name):
        for line in pipe:
            at = time.monotonic_ns()
            with self.changed:
                self.lines.append(Line(at, name, line.decode("utf-8", "replace").rstrip("\n")))
                self.changed.notify_all()
        with self.changed:
            self.open -= 1
            self.changed.notify_all()

    def has_ended(self):
        """Whether all that it says has been said."""
        return self.open == 0

    def texts(self, stream):
        with self.changed:
            return [line.text for line in self.lines if line.stream == stream]

    def events(self):
        """(stamp, event) of every line of `watch --json` so far."""
        with self.changed:
            return [(line.at, json.loads(line.text)) for line in self.lines if line.stream == "out"]

    def wait_until(self, condition, timeout=30, what="a condition"):
        """Waits until condition() holds; it is asked again whenever a line has come."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0 or self.has_ended():
                    if condition():
                        return
                    raise CtlError(f"waited in vain for {what}; exit code {self.process.poll()}; last lines:\n"
                                   + "\n".join(line.text for line in self.lines[-20:]))
                self.changed.wait(left)

    def wait_for_event(self, matches, timeout=30, what="an event"):
        """The first (stamp, event) for which matches(event) holds."""
        found = []

        def look():
            found[:] = [(at, event) for at, event in self.events() if matches(event)]
            return bool(found)
        self.wait_until(look, timeout, what)
        return found[0]

    def wait_for_more(self, timeout):
        """Until another line comes, or for so many seconds."""
        with self.changed:
            count = len(self.lines)
            self.changed.wait_for(lambda: len(self.lines) > count, timeout)

    def wait(self, timeout):
        """The exit code; subprocess.TimeoutExpired when it goes on."""
        code = self.process.wait(timeout)
        for reader in self.readers:
            reader.join(timeout)
        return code

    def interrupt(self):
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self.readers:
            reader.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
