# SPDX-License-Identifier: GPL-3.0-or-later
"""What the suites of this folder share: the way to the helpers, and comparing a whole cache with its server."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))

from ctl import Ctl  # noqa: E402
from imapreader import ImapReader, differences  # noqa: E402
from sandbox import Sandbox  # noqa: E402
from scriptedsmtp import ScriptedSmtp  # noqa: E402


def smtp_server(**more):
    """A ScriptedSmtp: without arguments, what another submission server hands its mail to."""
    return ScriptedSmtp(**more)


def smtp_of(server, **more):
    """The scripted submission server of a mail server: the same users, the same certificate."""
    tls = server.directory / "tls"
    if not tls.is_dir():  # a PersonalityServer's
        tls = server.directory
    more.setdefault("tls", "implicit")
    users = [(user["user"], user["password"]) for user in server.facts["users"]]
    return ScriptedSmtp(users=users, tls_files=(tls / "good.pem", tls / "good.key"), **more)


class SyncCase(unittest.TestCase):
    maxDiff = None
    server = None

    def new_ctl(self, user=0, server=None, **environment):
        """kittiwakectl in a fresh sandbox that has one account of the server."""
        ctl = self.empty_ctl(**environment)
        ctl.add_account(server or self.server, user)
        return ctl

    def ctl_of_service(self, server, arguments=()):
        """Likewise for a PersonalityServer: a service that fails once at the sign-in is not the client's fault."""
        ctl = self.empty_ctl()
        for _ in range(3):
            try:
                ctl.add_account(server, arguments=arguments)
                return ctl
            except AssertionError as error:
                failed = error
        raise failed

    def empty_ctl(self, **environment):
        sandbox = Sandbox()
        self.addCleanup(sandbox.remove)
        return Ctl(sandbox, **environment)

    def reader(self, user=0, server=None):
        reader = ImapReader(server or self.server, user)
        self.addCleanup(reader.__exit__)
        return reader

    @staticmethod
    def snapshot(reader, known=()):
        """All that the server holds: (facts of its mailboxes, names of those that hold no messages, messages).

        known: names of mailboxes that are certainly there (ImapReader.mailboxes()).
        """
        there, containers = reader.mailboxes(known)
        return there, containers, {name: reader.messages(name) for name in there}

    def assert_equal_to_server(self, ctl, reader, snapshot=None):
        """Every mailbox and every message, in both directions. Returns the snapshot that it compared with."""
        there, containers, messages = snapshot = snapshot or self.snapshot(reader)
        here = {mailbox["name"]: mailbox for mailbox in ctl.json("mailboxes")}
        self.assertEqual(set(here), set(there) | containers)
        for name in containers:
            self.assertEqual((here[name]["messages"], here[name]["synced_at"]), (0, None), name)
            self.assertEqual(ctl.json("list", name), [])
        for name, facts in there.items():
            mailbox = here[name]
            self.assertIsNotNone(mailbox["synced_at"], name)
            self.assertEqual({key: mailbox[key] for key in facts}, facts, name)
            self.assert_messages_equal(ctl, name, messages[name])
        return snapshot

    def assert_messages_equal(self, ctl, mailbox, expected):
        listed = ctl.json("list", mailbox)
        self.assertEqual(differences(expected, listed), [], mailbox)
        dates = [message["date"] for message in listed]
        self.assertEqual(dates, sorted(dates, reverse=True), f"{mailbox} is not listed newest first")
