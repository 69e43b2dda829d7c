#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Kittiwake on a sample mailbox (scripts/demo): server, mail, window, new mail; then removes everything."""

import argparse
import json
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "fixtures" / "samplemail"))
sys.path.insert(0, str(ROOT / "scripts" / "lib"))

import samplemail  # noqa: E402
from samplemailbox import SampleMailbox  # noqa: E402
from screen import ScreenError  # noqa: E402

EMAIL = "robin@kittiwake.example"


class Server:
    """The private Dovecot (tests/servers/dovecot.py). It ends when this process does, in whatever way."""

    def __init__(self, arguments_file, keep):
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "servers" / "dovecot.py"), f"@{arguments_file}",
             *(["--keep"] if keep else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lock = threading.Lock()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the mail server did not start")
        self.ready = json.loads(line)

    def deliver(self, message, folder):
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(message)
            file.flush()
            return self.command({"cmd": "deliver", "message_file": file.name})

    def command(self, command):
        with self.lock:
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline() or '{"ok": false, "error": "the server ended"}')

    def stop(self):
        try:
            self.process.stdin.close()
        except OSError:
            pass
        self.process.wait()


class Demo:
    def __init__(self, options):
        self.options = options
        self.build = ROOT / "build" / "release"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kittiwake-demo-"))
        self.profile = self.folder / "profile"
        self.server = None
        self.mailbox = None

    def program(self, name):
        path = self.build / "bin" / name
        if not os.access(path, os.X_OK):
            raise RuntimeError(f"there is no {path}; run scripts/build")
        return str(path)

    def prepare(self):
        password = secrets.token_urlsafe(16)
        password_file, arguments_file = self.folder / "password", self.folder / "server-arguments"
        for path, text in ((password_file, password), (arguments_file, f"--user={EMAIL}:{password}")):
            path.touch(mode=0o600)
            path.write_text(text + "\n")
        print("Starting a mail server of its own ...", flush=True)
        self.server = Server(arguments_file, self.options.keep)
        print("Filling it with a sample mailbox ...", flush=True)
        self.mailbox = SampleMailbox()
        ready = self.server.ready
        samplemail.fill(self.mailbox, "127.0.0.1", ready["imaps_port"], ready["ca_file"], EMAIL, password)
        print(f"{len(self.mailbox.files)} messages in {len(self.mailbox.folders())} folders.", flush=True)
        subprocess.run(
            [self.program("kittiwakectl"), "--profile", str(self.profile), "account", "add", "--email", EMAIL, "--name",
             "Robin Keller", "--imap", f"127.0.0.1:{ready['imaps_port']}", "--imap-tls", "implicit", "--ca-file",
             ready["ca_file"], "--password-command", f"cat '{password_file}'"], check=True, env=self.environment(),
            stdout=subprocess.DEVNULL)

    @staticmethod
    def environment():
        environment = dict(os.environ)
        if os.geteuid() == 0:
            # Chromium's sandbox refuses to run as root. Nothing but the demo and the tests does.
            environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
        return environment

    def window_command(self, *more):
        return [self.program("kittiwake"), "--profile", str(self.profile), *more]

    def deliver_next(self):
        answer = self.server.deliver(self.mailbox.next_message(), self.folder)
        if not answer["ok"]:
            print("A message could not be delivered: " + answer["error"], file=sys.stderr)
        return answer["ok"]

    def show(self):
        """The window for a person; returns when it is closed."""
        closed = threading.Event()

        def deliver():
            while not closed.wait(self.options.every):
                if not self.deliver_next():
                    return
        thread = threading.Thread(target=deliver, daemon=True)
        thread.start()
        print(f"A new message arrives every {self.options.every:g} seconds. Close the window to end.", flush=True)
        try:
            return subprocess.run(self.window_command(), env=self.environment()).returncode
        finally:
            closed.set()
            thread.join()

    def finish(self):
        if self.server:
            self.server.stop()
        if self.options.keep:
            kept = [f"profile and cache: {self.profile}"]
            if self.server:
                kept.append(f"mail server: {self.server.ready['directory']}")
            print("Kept: " + "; ".join(kept))
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


def stop_now(*_):
    raise SystemExit(130)


def main():
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="keep the profile and the server's data")
    parser.add_argument("--every", type=float, default=7, metavar="SECONDS", help="how often new mail arrives")
    parser.add_argument("--screenshots", type=pathlib.Path, metavar="FOLDER",
                        help="save pictures of the main states instead of waiting for a person")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, stop_now)
    demo = Demo(options)
    try:
        demo.prepare()
        if options.screenshots or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            from screenshots import take
            target = (options.screenshots or ROOT / "build" / "screenshots").resolve()
            if not options.screenshots:
                print("There is no display here: looking at the window under Xvfb.", flush=True)
            take(demo, target)
            print(f"Screenshots: {target}")
            return 0
        return demo.show()
    except (RuntimeError, ScreenError, OSError, subprocess.CalledProcessError) as error:
        print(f"scripts/demo: {error}", file=sys.stderr)
        return 1
    finally:
        demo.finish()


if __name__ == "__main__":
    sys.exit(main())
