#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`account add --password-stdin` with a real keychain: gnome-keyring on a message bus of this test's own."""

import os
import shutil
import subprocess
import sys
import unittest

from suite import SyncCase
from canaryscan import Scanner
from ctl import SIGN_IN_REFUSED, STORE_UNAVAILABLE, USAGE
from sandbox import Sandbox
from testservers import DovecotServer

PASSWORD = "correct: hörse 'battery\" staple"
INNER = "KITTIWAKE_TEST_ON_A_BUS"
# The keyring's files lie below the sandbox, and it dies with the bus.
UNLOCK = 'printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"'


class TestCtlKeychain(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer("--user=anna@kittiwake.example:" + PASSWORD)
        cls.addClassCleanup(cls.server.close)
        cls.server.fill("INBOX", 25, seed=9)

    def new_ctl(self, *_, **__):
        ctl = self.empty_ctl(DBUS_SESSION_BUS_ADDRESS=os.environ["DBUS_SESSION_BUS_ADDRESS"])
        self.add = ("account", "add", "--email", self.server.user(), "--imap", f"127.0.0.1:{self.server.imaps_port}",
                    "--ca-file", self.server.ca_file, "--password-stdin")
        return ctl

    def test_password_lives_in_the_keychain(self):
        ctl = self.new_ctl()
        account = ctl.json(*self.add, stdin=PASSWORD.encode() + b"\n")
        self.assertEqual(ctl.json("sync")["added"], 25)
        self.assert_equal_to_server(ctl, self.reader())
        self.assertEqual(Scanner([PASSWORD]).scan_folder(ctl.sandbox.root), [])
        with ctl.start("watch", "--json") as watch:
            watch.wait_for_event(lambda event: event["event"] == "connected")

        # Another profile does not see this one's password, and takes nothing away from it.
        second = self.new_ctl()
        second.run(*self.add, stdin=PASSWORD.encode())
        second.run("account", "remove", self.server.user())
        self.assertEqual(ctl.json("sync")["added"], 0)

        ctl.run("account", "remove", account["account"])
        self.assertEqual(ctl.json("account", "list"), {"accounts": []})
        self.assertEqual(self.secrets(), [], "the password is still in the keychain")

    def test_refusals(self):
        ctl = self.new_ctl()
        ctl.run(*self.add, stdin=b"wrong\n", code=SIGN_IN_REFUSED)
        ctl.run(*self.add, stdin=b"", code=USAGE)
        self.assertEqual(ctl.json("account", "list"), {"accounts": []})
        self.assertEqual(self.secrets(), [])
        # Without a keychain nothing is stored anywhere, and it is said in a sentence.
        ctl.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + str(ctl.sandbox.root / "no-bus")
        outcome = ctl.run(*self.add, stdin=PASSWORD.encode(), code=STORE_UNAVAILABLE)
        self.assertEqual(outcome.errors.count("\n"), 1, outcome.errors)
        self.assertRegex(outcome.errors, "keychain|keyring")
        self.assertEqual(ctl.json("account", "list"), {"accounts": []})
        self.assertEqual(Scanner([PASSWORD]).scan_folder(ctl.sandbox.root), [])

    @staticmethod
    def secrets():
        """The paths of all items of the keychain, by way of the Secret Service itself."""
        done = subprocess.run(
            ["dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.secrets",
             "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.SearchItems", "dict:string:string:"],
            capture_output=True, text=True, check=True)
        return [word for word in done.stdout.split() if "/collection/" in word]


def main():
    if os.environ.get(INNER):
        return unittest.main(verbosity=2)
    for program in ("dbus-run-session", "gnome-keyring-daemon", "dbus-send"):
        if not shutil.which(program):
            sys.exit(f"{program} is not installed; run scripts/setup")
    with Sandbox() as sandbox:
        environment = sandbox.environment(**{INNER: "1"})
        del environment["DBUS_SESSION_BUS_ADDRESS"]
        if "KITTIWAKECTL" in os.environ:
            environment["KITTIWAKECTL"] = os.environ["KITTIWAKECTL"]
        return sys.exit(subprocess.run(["dbus-run-session", "--", "sh", "-c", UNLOCK, "sh", sys.executable, "-B",
                                        *sys.argv], env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
