#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`kittiwakectl watch` tells everything that happens on a real Dovecot, once, soon, and across lost connections.

Times are printed, not judged: on a busy machine they say more about the machine.
"""

import re
import statistics
import threading
import time
import unittest

from suite import SyncCase
from imapreader import differences
from relay import Relay
from testservers import DovecotServer

DELIVERIES = 50
BURST = 30
ANNA, BEN, CLARA = range(3)


def figures(name, nanoseconds):
    times = sorted(value / 1e6 for value in nanoseconds)
    print(f"{name}: median {statistics.median(times):.1f} ms, "
          f"90 % {times[int(len(times) * 0.9)]:.1f} ms, max {times[-1]:.1f} ms ({len(times)} times)")


class ServerLog:
    """When the server said EXISTS, as seen by a relay that ends TLS between it and the client; and when IDLE began."""

    def __init__(self):
        self.changed = threading.Condition()
        self.exists = {}
        self.idles_since = 0  # The highest number in EXISTS when IDLE was last confirmed.
        self.rest = b""

    def __call__(self, data, at):
        data = self.rest + data
        with self.changed:
            for match in re.finditer(rb"\* (\d+) EXISTS\r\n|\+ idling\r\n", data):
                if match[1]:
                    self.exists.setdefault(int(match[1]), at)
                else:
                    self.idles_since = max(self.exists, default=0)
            self.changed.notify_all()
        self.rest = data[data.rfind(b"\n") + 1:][-100:]

    def wait_for_idle(self, exists):
        with self.changed:
            if not self.changed.wait_for(lambda: self.idles_since >= exists, 30):
                raise AssertionError(f"the client did not go back to IDLE after {exists} EXISTS")


class TestCtlWatch(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)

    def watch(self, ctl, *arguments):
        """A watch that is connected; what happens from now on it must tell."""
        watch = ctl.start("watch", "--json", *arguments)
        self.addCleanup(watch.kill)
        watch.wait_for_event(lambda event: event["event"] == "connected", what="the connection")
        return watch

    @staticmethod
    def uids(watch, kind, mailbox="INBOX"):
        """Every UID that was told, as often as it was told."""
        return [uid for _, event in watch.events() if event["event"] == kind and event["mailbox"] == mailbox
                for uid in event["uids"]]

    def wait_for_uids(self, watch, kind, uids, mailbox="INBOX", timeout=60):
        watch.wait_until(lambda: set(uids) <= set(self.uids(watch, kind, mailbox)), timeout,
                         f"{kind} of UIDs {sorted(uids)} in {mailbox}")

    def deliver(self, number, user):
        self.server.deliver(f"From: Sender {number} <s{number}@example.org>\nSubject: delivery {number}\n"
                            f"Message-ID: <delivery-{number}@example.org>\n\nBody\n", user=self.server.user(user))
        return time.monotonic_ns()

    def test_fifty_deliveries(self):
        # Without COMPRESS=DEFLATE, or the relay would see nothing; without NOTIFY, so that there is IDLE to be seen.
        server = DovecotServer("--hide-capability=COMPRESS=DEFLATE NOTIFY")
        self.addCleanup(server.close)
        server.fill("INBOX", 100, seed=3)
        log, tls = ServerLog(), server.directory / "tls"
        relay = Relay(server.imaps_port, (tls / "good.pem", tls / "good.key"), server.ca_file, log)
        self.addCleanup(relay.close)
        ctl = self.empty_ctl()
        ctl.add_account(server, port=relay.port)
        ctl.run("sync")
        watch = self.watch(ctl)
        answered, told = {}, {}
        for number in range(DELIVERIES):
            uid = 101 + number
            # As in life: the client idles when mail comes. In between, Dovecot would tell at once.
            log.wait_for_idle(uid - 1)
            server.deliver(f"From: s{number}@example.org\nSubject: delivery {number}\n\nBody\n")
            answered[uid] = time.monotonic_ns()
            told[uid] = watch.wait_for_event(lambda event, uid=uid: event["event"] == "added" and uid in event["uids"],
                                             what=f"UID {uid}")[0]
        print()
        figures("LMTP's answer to the printed event", [told[uid] - answered[uid] for uid in told])
        # UIDs and sequence numbers are the same here: nothing was ever expunged.
        figures("EXISTS to the printed event", [told[uid] - log.exists[uid] for uid in told])

        # Many at once.
        for number in range(BURST):
            server.deliver(f"From: s{number}@example.org\nSubject: burst {number}\n\nBody\n")
        everything = range(101, 101 + DELIVERIES + BURST)
        self.wait_for_uids(watch, "added", everything)
        self.assertEqual(sorted(self.uids(watch, "added")), list(everything), "each message is told exactly once")
        self.assertEqual({event["event"] for _, event in watch.events()}, {"connected", "added"})
        for _, event in watch.events():
            self.assertRegex(event["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        # The cache beside it holds what was told, headers included.
        listed = ctl.json("list", "INBOX")
        self.assertEqual(differences(self.reader(server=server).messages("INBOX"), listed), [])
        watch.kill()

    def test_compressed_and_in_two_mailboxes(self):
        server, user = self.server, self.server.user(BEN)
        server.fill("INBOX", 10, seed=3, user=user)
        server.fill("Projekte/Größe", 10, seed=4, user=user)
        server.fill("Elsewhere", 10, seed=5, user=user)
        ctl = self.new_ctl(BEN)
        ctl.run("sync")
        watch = self.watch(ctl, "--mailbox", "Projekte/Größe", "--mailbox", "INBOX")
        told = []
        for number in range(5):
            answered = self.deliver(number, BEN)
            told.append(watch.wait_for_event(lambda event, uid=11 + number: event["event"] == "added"
                                             and uid in event["uids"] and event["mailbox"] == "INBOX")[0] - answered)
        print()
        figures("compressed, LMTP's answer to the printed event", told)
        server.append("Projekte/Größe", "Subject: in the open mailbox\n\nx\n", user=user)
        server.append("Elsewhere", "Subject: in neither\n\nx\n", user=user)
        self.wait_for_uids(watch, "added", [11], "Projekte/Größe")
        self.assertEqual(self.uids(watch, "added", "Elsewhere"), [])

    def test_changes_of_another_client(self):
        user = self.server.user(CLARA)
        self.server.fill("INBOX", 60, seed=6, user=user)
        ctl, other = self.new_ctl(CLARA), self.reader(CLARA)
        ctl.run("sync")
        watch = self.watch(ctl)
        other.select("INBOX")
        flagged = {message["uid"] for message in other.messages("INBOX") if "\\Flagged" not in message["flags"]}
        flagged = set(sorted(flagged)[:9])
        other.select("INBOX")
        other.command("STORE", ",".join(map(str, flagged)), "+FLAGS", "(\\Flagged)")
        self.wait_for_uids(watch, "changed", flagged)
        other.command("STORE", "20", "+FLAGS", "(NewKeyword)")
        self.wait_for_uids(watch, "changed", {20})
        other.command("STORE", "30:34,50", "+FLAGS.SILENT", "(\\Deleted)")
        other.command("EXPUNGE", "30:34,50")
        self.wait_for_uids(watch, "removed", {30, 31, 32, 33, 34, 50})
        self.deliver(1, CLARA)
        self.wait_for_uids(watch, "added", {61})
        other.imap.noop()  # Dovecot acts on what this session knows of.
        other.command("STORE", "61", "+FLAGS", "(\\Seen)")
        self.wait_for_uids(watch, "changed", {61})
        other.command("STORE", "61", "+FLAGS", "(\\Deleted)")
        other.command("EXPUNGE", "61")
        self.wait_for_uids(watch, "removed", {61})
        self.assertEqual(sorted(self.uids(watch, "removed")), [30, 31, 32, 33, 34, 50, 61])
        self.assertEqual(self.uids(watch, "added"), [61])
        self.assertEqual(differences(other.messages("INBOX"), ctl.json("list", "INBOX")), [])

    def test_lost_connections(self):
        user = self.server.user(ANNA)
        self.server.fill("INBOX", 20, seed=7, user=user)
        first = len(self.reader(ANNA).messages("INBOX")) + 1
        relay = Relay(self.server.imaps_port)
        self.addCleanup(relay.close)
        ctl = self.empty_ctl()
        ctl.add_account(self.server, ANNA, port=relay.port)
        ctl.run("sync")
        watch = self.watch(ctl)

        def count(kind):
            return sum(event["event"] == kind for _, event in watch.events())

        self.deliver(1, ANNA)
        self.wait_for_uids(watch, "added", [first])
        # The server throws its clients out.
        self.server.doveadm("kick", user)
        self.server.command("kick")
        watch.wait_until(lambda: count("disconnected") == 1 and count("connected") == 2, 60, "a new connection")
        self.deliver(2, ANNA)
        self.wait_for_uids(watch, "added", [first + 1])

        # Nobody can be reached for a while, and mail comes in meanwhile; another client reads and deletes.
        relay.shut()
        watch.wait_until(lambda: count("disconnected") == 2 and count("error") >= 1, 60, "the loss")
        self.deliver(3, ANNA)
        other = self.reader(ANNA)
        other.select("INBOX")
        other.command("STORE", "2", "FLAGS", "(Outage)")
        other.command("STORE", "3", "+FLAGS", "(\\Deleted)")
        other.command("EXPUNGE", "3")
        relay.open()
        watch.wait_until(lambda: count("connected") == 3, 120, "the connection after the outage")
        self.wait_for_uids(watch, "added", [first + 2])
        self.wait_for_uids(watch, "removed", [3])
        self.wait_for_uids(watch, "changed", [2])
        self.deliver(4, ANNA)
        self.wait_for_uids(watch, "added", [first + 3])
        self.assertEqual(self.uids(watch, "added"), [first + number for number in range(4)])
        self.assertEqual(self.uids(watch, "removed"), [3])
        for _, event in watch.events():
            if event["event"] == "error":
                self.assertTrue(event["text"].strip().endswith("."), event)
        self.assertEqual(differences(self.reader(ANNA).messages("INBOX"), ctl.json("list", "INBOX")), [])

    def test_ends_after_its_time(self):
        ctl = self.new_ctl(BEN)
        outcome = ctl.run("--json", "watch", "--seconds", 1)
        self.assertGreaterEqual(outcome.seconds, 1)
        self.assertIn(b'"connected"', outcome.output)
        self.assertEqual(outcome.errors, "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
