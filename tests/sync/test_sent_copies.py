#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The copy in Sent at services that save one by themselves (Gmail, Exchange and Outlook): at once, seconds later, under
another Message-ID, or not at all. There are never two copies, and never none."""

import re
import unittest

import suite
from suite import SyncCase
from testservers import PersonalityServer

ANNA, BEN, CLARA = (f"{name}@kittiwake.example" for name in ("anna", "ben", "clara"))
SENT = {"gmail": "[Gmail]/Sent Mail", "exchange": "Sent"}
LOOKS = 8  # the first one at once


def message(number, hidden=b""):
    return (f"From: Anna <{ANNA}>\r\nTo: Ben <{BEN}>\r\nCc: {CLARA}\r\nSubject: number {number}\r\n"
            f"Date: Sun, 22 Nov 2026 10:00:{number:02} +0100\r\nMessage-ID: <Number.{number}@Kittiwake.example>\r\n"
            ).encode() + hidden + b"\r\nText\r\n"


def renamed(data, original=None):
    """As Exchange stores it: with another Message-ID, with lines of its own, and other lines in another order."""
    head, body = data.split(b"\r\n\r\n", 1)
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"message-id:")]
    added = [b"Message-ID: <DB9PR08MB1234.eurprd08.prod.outlook.com>", b"Thread-Index: AQHa", b"X-MS-Has-Attach:"]
    if original:
        added.append(b"X-Microsoft-Original-Message-ID: " + original)
    return b"\r\n".join(lines[::-1] + added) + b"\r\n\r\n" + body


class TestSentCopies(SyncCase):
    def service(self, name, saves=None):
        """A service, and an account there. saves: what it puts into Sent at once, made of what was submitted."""
        server = PersonalityServer(name)
        self.addCleanup(server.close)
        server.fill(SENT[name], 12, seed=4)
        deliveries = []

        def deliver(_sender, recipient, data):
            if recipient == BEN:
                deliveries.append(data)
                if saves:
                    server.append(SENT[name], saves(data))
        smtp = suite.smtp_of(server, deliver=deliver)
        self.addCleanup(smtp.close)
        ctl = self.ctl_of_service(server, arguments=("--smtp", f"127.0.0.1:{smtp.port}"))
        return server, smtp, ctl

    def sent(self, server, name, number):
        """Headers of what is in Sent of that message."""
        copies = [one["header"] for one in server.contents()[SENT[name]]["messages"]]
        return [one for one in copies if re.search(rf"^Subject: number {number}\r?$", one, re.MULTILINE)]

    def waiting(self, ctl):
        return [one for one in ctl.json("pending") if one["kind"] == "append"]

    @staticmethod
    def sync(ctl):
        """To its end, also where the service asks for a pause (Exchange, once)."""
        for _ in range(5):
            if ctl.run("sync", code=None).code == 0:
                return
        ctl.json("sync")

    def settle(self, ctl):
        """Looks again and again, without its pauses; how often."""
        looks = 1
        while self.waiting(ctl):
            (one,) = self.waiting(ctl)
            self.assertEqual(one["state"], "queued", one)
            self.assertLess(looks, 2 * LOOKS)
            ctl.json("pending", "retry", one["id"])
            looks += 1
        return looks

    @staticmethod
    def each(synced=(True,)):
        """(service, whether its folders were known before the message was sent)."""
        return [(name, known) for name in SENT for known in synced]

    def test_saved_at_once(self):
        for name, synced in self.each((True, False)):
            server, smtp, ctl = self.service(name, saves=lambda data: b"X-Received: by the service\r\n" + data)
            if synced:
                self.sync(ctl)
            self.assertEqual(ctl.json("send", stdin=message(1))["state"], "sent")
            self.sync(ctl)
            self.settle(ctl)
            self.assertEqual(len(self.sent(server, name, 1)), 1)
            self.assertEqual(len(smtp.accepted), 1)

    def test_saved_seconds_later(self):
        for name, synced in self.each():
            server, smtp, ctl = self.service(name)
            if synced:
                self.sync(ctl)
            self.assertEqual(ctl.json("send", stdin=message(1))["state"], "sent")
            if not synced:
                self.sync(ctl)
            (one,) = self.waiting(ctl)
            # It waits: nothing was stored.
            self.assertEqual((self.sent(server, name, 1), one["state"]), ([], "queued"))
            ctl.json("pending", "retry", one["id"])
            self.assertEqual(self.sent(server, name, 1), [])
            server.append(SENT[name], smtp.accepted[0].message)
            self.settle(ctl)
            self.assertEqual(len(self.sent(server, name, 1)), 1)

    def test_saved_under_another_message_id(self):
        for original in (None, b"<number.1@kittiwake.example>"):
            for name, synced in self.each():
                server, _, ctl = self.service(name, saves=lambda data, known=original: renamed(data, known))
                if synced:
                    self.sync(ctl)
                self.assertEqual(ctl.json("send", stdin=message(1))["state"], "sent")
                self.sync(ctl)
                self.settle(ctl)
                (copy,) = self.sent(server, name, 1)
                self.assertIn("outlook.com", copy)

    def test_saved_with_the_message_id_in_another_case(self):
        for name, _ in self.each():
            server, _, ctl = self.service(name, saves=lambda data: data.replace(b"@Kittiwake.example>",
                                                                                b"@KITTIWAKE.EXAMPLE>", 1))
            self.sync(ctl)
            self.assertEqual(ctl.json("send", stdin=message(1))["state"], "sent")
            self.settle(ctl)
            self.assertEqual(len(self.sent(server, name, 1)), 1)

    def test_not_saved_at_all(self):
        for name, synced in self.each((True, False)):
            server, _, ctl = self.service(name)
            if synced:
                self.sync(ctl)
            hidden = b"Bcc: dora@kittiwake.example\r\n"
            self.assertEqual(ctl.json("send", stdin=message(1, hidden))["state"], "sent")
            if not synced:
                self.sync(ctl)
            self.assertGreaterEqual(self.settle(ctl), LOOKS)  # more where the service asks for a pause
            (copy,) = self.sent(server, name, 1)
            self.assertIn("Bcc: dora@kittiwake.example", copy)
            self.sync(ctl)
            self.assertEqual(len(self.sent(server, name, 1)), 1)
            self.assertEqual(sum(one["subject"] == "number 1" for one in ctl.json("list", SENT[name])), 1)

    def test_others_that_are_alike_are_not_it(self):
        for name, _ in self.each():
            server, _, ctl = self.service(name)
            self.sync(ctl)
            # Another device has sent nearly the same: at another time, to another person, or as what it says it is.
            for other in (message(2).replace(b"number 2", b"number 1"), message(1).replace(b"ben@", b"berta@"),
                          renamed(message(1), b"<another@kittiwake.example>")):
                server.append(SENT[name], other.replace(b"<Number.", b"<Other."))
            before = len(self.sent(server, name, 1))
            self.assertEqual(ctl.json("send", stdin=message(1))["state"], "sent")
            self.settle(ctl)
            self.assertEqual(len(self.sent(server, name, 1)), before + 1)

    def test_the_copy_comes_while_the_program_is_not_running(self):
        for name, _ in self.each():
            server, smtp, ctl = self.service(name)
            self.sync(ctl)
            ctl.json("send", stdin=message(1))
            ctl.json("send", stdin=message(2))
            self.assertEqual(len(self.waiting(ctl)), 2)
            for one in smtp.accepted:
                server.append(SENT[name], renamed(one.message))
            with ctl.start("--json", "watch") as watch:
                watch.wait_until(lambda: not self.waiting(ctl), what="the copies")
            for number in (1, 2):
                self.assertEqual(len(self.sent(server, name, number)), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
