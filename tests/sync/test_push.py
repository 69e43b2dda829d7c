#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`kittiwakectl watch` on a Dovecot with many folders: one quiet connection hears of everything (NOTIFY, RFC 5465).

Connections are counted in the server's own log. Times are printed, not judged: on a busy machine they say more about the
machine. tests/bench/sync/bench_push.py measures them.
"""

import random
import unittest

from suite import SyncCase
from push import Deliveries, logins, make_folders
from testservers import DovecotServer

FOLDERS = 100
DELIVERIES = 100


class TestPush(SyncCase):
    def watch(self, ctl, *arguments):
        """A watch that has heard of all folders, so that what happens from now on comes by itself."""
        watch = ctl.start("watch", "--json", "--verbose", *arguments)
        self.addCleanup(watch.kill)
        watch.wait_until(lambda: self.is_resting(watch), 120, "NOTIFY and the listing behind it")
        return watch

    @staticmethod
    def is_resting(watch):
        """NOTIFY was accepted, everything was listed, and then nothing was left selected."""
        lines = watch.texts("err")
        listed = [number for number, line in enumerate(lines) if line.startswith("C: ") and " LIST " in line]
        return bool(listed) and any(line.startswith("S: ") and " OK Unselect" in line for line in lines[listed[0]:])

    def test_deliveries_into_many_folders(self):
        server = DovecotServer()
        self.addCleanup(server.close)
        names = make_folders(server, FOLDERS)
        ctl = self.new_ctl(server=server)
        ctl.run("sync")
        before = logins(server)
        watch = self.watch(ctl)
        seed = random.SystemRandom().randrange(2 ** 32)
        print(f"\nKITTIWAKE_SEED={seed}")
        deliveries = Deliveries(server, watch, random.Random(seed))
        deliveries.run(["INBOX", *names], DELIVERIES, 0.1)
        deliveries.wait(60)
        print(deliveries.text())
        self.assertEqual(logins(server) - before, 1, "connections")
        self.assertEqual(deliveries.told(), deliveries.expected(), "each message is told exactly once")
        self.assertEqual({event["event"] for _, event in watch.events()}, {"connected", "added"})
        watch.kill()
        self.assert_equal_to_server(ctl, self.reader(server=server))

    def test_changes_of_another_client(self):
        server = DovecotServer()
        self.addCleanup(server.close)
        for number, name in enumerate(("INBOX", "One", "Two", "Three", "Parent/Child")):
            server.fill(name, 20, seed=number)
        ctl, other = self.new_ctl(server=server), self.reader(server=server)
        ctl.run("sync")
        before = logins(server)
        watch = self.watch(ctl)

        def wait_for(kind, mailbox, uids=()):
            def found():
                return any(event["event"] == kind and event["mailbox"] == mailbox and set(uids) <= set(event["uids"])
                           for _, event in watch.events())
            watch.wait_until(found, 30, f"{kind} {uids} in {mailbox}")

        def names():
            return {row["name"] for row in ctl.json("mailboxes")}

        other.select("One")
        other.command("STORE", "3", "+FLAGS", "(Something)")
        wait_for("changed", "One", [3])
        other.command("STORE", "5:7", "+FLAGS.SILENT", "(\\Deleted)")
        other.command("EXPUNGE", "5:7")
        wait_for("removed", "One", [5, 6, 7])
        other.imap.copy("1:2", "Two")
        wait_for("added", "Two", [21, 22])
        other.imap.create("New")
        wait_for("mailbox", "New")
        self.assertIn("New", names())
        server.append("New", "Subject: the first one\n\nx\n")
        wait_for("added", "New", [1])
        other.imap.rename("Three", '"Three renamed"')
        wait_for("mailbox", "Three renamed")
        wait_for("mailbox", "Three")
        self.assertNotIn("Three", names())
        other.imap.rename("Parent", "Grandparent")
        wait_for("mailbox", "Grandparent/Child")
        self.assertNotIn("Parent/Child", names())
        other.imap.close()
        other.imap.delete("Two")
        wait_for("mailbox", "Two")
        self.assertNotIn("Two", names())
        server.deliver("Subject: the last one\n\nx\n")
        wait_for("added", "INBOX", [21])
        self.assertEqual(logins(server) - before, 1, "the connection that listens does it all")
        watch.kill()
        self.assert_equal_to_server(ctl, self.reader(server=server))

    def test_without_notify(self):
        # IDLE in INBOX on one line, in the mailbox on screen on the other.
        server = DovecotServer("--hide-capability=NOTIFY")
        self.addCleanup(server.close)
        server.fill("INBOX", 10, seed=1)
        server.fill("Open", 10, seed=2)
        server.fill("Other", 10, seed=3)
        ctl = self.new_ctl(server=server)
        ctl.run("sync")
        before = logins(server)
        watch = ctl.start("watch", "--json", "--mailbox", "Open", "--mailbox", "INBOX")
        self.addCleanup(watch.kill)
        watch.wait_for_event(lambda event: event["event"] == "connected")
        for name in ("Open", "INBOX", "Open", "INBOX"):
            count = sum(event["event"] == "added" for _, event in watch.events())
            server.append(name, "Subject: x\n\nx\n")
            watch.wait_until(lambda: sum(event["event"] == "added" and event["mailbox"] == name  # noqa: B023
                                         for _, event in watch.events()[count:]) >= 1, 30, name)  # noqa: B023
        self.assertEqual(logins(server) - before, 2, "connections")


if __name__ == "__main__":
    unittest.main(verbosity=2)
