#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kittiwakectl's cache equals a real Dovecot, message by message, at first and after every change behind its back."""

import random
import time
import unittest

from suite import SyncCase
from messages import odd_messages
from testservers import DovecotServer

USERS = ("anna@kittiwake.example:correct horse", "ben@kittiwake.example:päßwörd:1", "clara@kittiwake.example:c",
         "dora@kittiwake.example:d", "emil@kittiwake.example:e")
ANNA, BEN, CLARA, DORA, EMIL = range(5)
NAMES = ("Projekte/Größe", "日本語/メモ", 'R&D "quoted" \\ back', "Sent", "peter~", "&-")


class TestCtlSync(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer(*(f"--user={user}" for user in USERS))
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.cached = {}  # How many messages a cache held after the last sync of all mailboxes.

    def sync(self, ctl, *arguments):
        """One sync whose figures fit together."""
        report = ctl.json("sync", *arguments)
        before = self.cached.get(ctl, 0)
        self.assertEqual(report["messages"], before + report["added"] - report["removed"], report)
        self.cached[ctl] = report["messages"]
        for field in ("elapsed_ms", "bytes_received", "bytes_sent", "round_trips", "connections"):
            self.assertGreater(report[field], 0, field)
        return report

    def test_first_sync_of_ten_thousand(self):
        server, expected = self.server, 10_000 + 300
        server.fill("INBOX", 10_000, seed=11)
        server.fill(NAMES[0], 300, seed=12)
        for number, name in enumerate(NAMES[1:], 2):
            server.fill(name, number, seed=20 + number)
            expected += number
        for message in odd_messages():
            server.append("INBOX", message, flags="\\Flagged $Odd", date=1_600_000_000)
            expected += 1
        ctl, reader = self.new_ctl(), self.reader()
        begin = time.monotonic()
        report = self.sync(ctl)
        print(f"\nfirst sync: {time.monotonic() - begin:.2f} s, {report}")
        self.assertEqual((report["messages"], report["added"], report["removed"], report["changed"]),
                         (expected, expected, 0, 0))
        self.assertEqual(report["mailboxes"], len(report["path"]))
        self.assertEqual(set(report["path"]), set(reader.mailboxes()[0]))
        self.assertLessEqual(0, report["first_page_ms"])
        self.assertLess(report["first_page_ms"], report["elapsed_ms"])
        snapshot = self.assert_equal_to_server(ctl, reader)
        self.assertEqual(sum(map(len, snapshot[2].values())), expected)

        # Nothing changed: nothing is fetched, and nothing is told.
        again = self.sync(ctl)
        print(f"second sync: {again}")
        self.assertEqual((again["messages"], again["added"], again["removed"], again["changed"]), (expected, 0, 0, 0))
        self.assertLess(again["bytes_received"], 20_000)
        self.assert_windows_of_the_list(ctl)

        # The cache is disposable.
        ctl.run("cache", "drop")
        self.assertEqual(ctl.json("mailboxes"), [])
        del self.cached[ctl]
        self.assertEqual(self.sync(ctl)["added"], expected)
        self.assert_equal_to_server(ctl, reader, snapshot)
        full = self.sync(ctl, "--full")
        self.assertEqual(full["added"], expected)
        self.assertEqual({name for name, way in full["path"].items() if way != "full"},
                         {name for name, messages in snapshot[2].items() if not messages})
        self.assert_equal_to_server(ctl, reader, snapshot)

    def assert_windows_of_the_list(self, ctl):
        everything = ctl.json("list", "INBOX")
        self.assertEqual(ctl.json("list", "INBOX", "--limit", 7, "--offset", 5000), everything[5000:5007])
        self.assertEqual(ctl.json("list", "inbox", "--limit", 0), [])
        self.assertEqual(ctl.json("list", "INBOX", "--offset", len(everything)), [])
        sizes = [message["size"] for message in ctl.json("list", "INBOX", "--sort", "size")]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        for sort in ("from", "subject"):
            uids = [message["uid"] for message in ctl.json("list", "INBOX", "--sort", sort)]
            self.assertEqual(sorted(uids), sorted(message["uid"] for message in everything))
        threads = ctl.json("list", "INBOX", "--threads")
        self.assertEqual(len(threads), len({message["thread"] for message in everything}))
        self.assertEqual(sum(thread["thread_messages"] for thread in threads), len(everything))
        self.assertEqual({message["has_attachment"] for message in everything}, {True, False})
        # And for people.
        lines = ctl.run("list", "INBOX", "--limit", 3).text.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn(everything[0]["subject"], lines[0])
        self.assertIn("Projekte/Größe", ctl.run("mailboxes").text)

    def test_follows_changes_of_others(self):
        server, user = self.server, self.server.user(BEN)
        server.fill("INBOX", 2000, seed=31, user=user)
        server.fill("Projekte/Größe", 100, seed=32, user=user)
        ctl, reader, other = self.new_ctl(BEN), self.reader(BEN), self.reader(BEN)
        self.sync(ctl)
        before = reader.messages("INBOX")
        plain = [str(message["uid"]) for message in before
                 if "\\Flagged" not in message["flags"] and "project" not in message["keywords"]][-300:]
        flagged, tagged, gone = plain[:40], plain[40:65], plain[100:111] + plain[200:250:7]

        other.select("INBOX")
        other.command("STORE", ",".join(flagged), "+FLAGS", "(\\Flagged \\Deleted)")
        other.command("STORE", ",".join(tagged), "+FLAGS", "(project $Label1)")
        other.command("STORE", ",".join(flagged), "-FLAGS", "(\\Deleted)")
        other.command("STORE", ",".join(gone), "+FLAGS", "(\\Deleted)")
        other.command("EXPUNGE", ",".join(gone))
        for number in range(5):
            server.deliver(f"From: new{number}@example.org\nSubject: new {number}\n\nx\n", user=user)
        server.fill("Projekte/Größe", 13, seed=33, user=user)
        report = self.sync(ctl)
        self.assertEqual((report["added"], report["removed"], report["changed"]),
                         (5 + 13, len(gone), len(flagged) + len(tagged)))
        self.assert_equal_to_server(ctl, reader)

        # Flags alone, cleared flags, and a message that came and went between two looks.
        other.select("INBOX")
        other.command("STORE", ",".join(flagged[:3]), "FLAGS", "()")
        server.deliver("Subject: gone at once\n\nx\n", user=user)
        other.imap.noop()
        newest = reader.messages("INBOX")[-1]["uid"]
        other.command("STORE", str(newest), "+FLAGS", "(\\Deleted)")
        other.command("EXPUNGE", str(newest))
        report = self.sync(ctl)
        self.assertEqual((report["added"], report["removed"], report["changed"]), (0, 0, 3))
        self.assert_equal_to_server(ctl, reader)

        # All of a mailbox, and only one mailbox asked for.
        other.select("Projekte/Größe")
        other.command("STORE", "1:*", "+FLAGS", "(\\Deleted)")
        other.command("EXPUNGE", "1:*")
        server.deliver("Subject: not asked for\n\nx\n", user=user)
        report = self.sync_only(ctl, "Projekte/Größe")
        self.assertEqual((report["added"], report["removed"], report["changed"]), (0, 113, 0))
        self.assertEqual(ctl.json("list", "Projekte/Größe"), [])
        self.cached[ctl] -= 113
        self.assertEqual(self.sync(ctl)["added"], 1)
        self.assert_equal_to_server(ctl, reader)

    def sync_only(self, ctl, mailbox):
        report = ctl.json("sync", "--mailbox", mailbox)
        self.assertEqual((report["mailboxes"], list(report["path"])), (1, [mailbox]))
        return report

    def test_changes_during_a_first_sync(self):
        user = self.server.user(EMIL)
        self.server.fill("INBOX", 6000, seed=70, user=user)
        ctl, reader, other = self.new_ctl(EMIL), self.reader(EMIL), self.reader(EMIL)
        numbers = random.Random(5)
        other.select("INBOX")
        rounds = 0
        with ctl.start("--json", "sync") as sync:
            while sync.process.poll() is None or rounds < 5:
                rounds += 1
                there = other.command("SEARCH", "ALL")[0].decode().split()
                some = ",".join(numbers.sample(there, 40))
                other.command("STORE", some, numbers.choice(("+FLAGS", "-FLAGS")), "(\\Seen Round)")
                gone = ",".join(numbers.sample(there, 5))
                other.command("STORE", gone, "+FLAGS", "(\\Deleted)")
                other.command("EXPUNGE", gone)
                self.server.deliver(f"Subject: round {rounds}\n\nx\n", user=user)
            self.assertEqual(sync.wait(30), 0)
        print(f"\n{rounds} rounds of changes during the first sync")
        ctl.json("sync")
        self.assert_equal_to_server(ctl, reader)

    def test_follows_the_folder_tree(self):
        server, user = self.server, self.server.user(CLARA)
        for name, count in (("INBOX", 30), ("Old", 12), ("Old/Deeper", 5), ("Doomed", 9), ("Renumbered", 20)):
            server.fill(name, count, seed=40 + count, user=user)
        ctl, reader, other = self.new_ctl(CLARA), self.reader(CLARA), self.reader(CLARA)
        self.sync(ctl)
        self.assert_equal_to_server(ctl, reader)

        other.create("Neu/Straße")
        server.fill("Neu/Straße", 7, seed=50, user=user)
        other.rename("Old", "Älter")
        other.delete("Doomed")
        report = self.sync(ctl)
        self.assertEqual((report["added"], report["removed"], report["changed"]), (7, 9, 0))
        self.assert_equal_to_server(ctl, reader)
        self.assertIn("Doomed", ctl.run("list", "Doomed", code=1).errors)

        # The server renumbers: every UID that was known means another message, or none. They are found again.
        server.doveadm("mailbox", "update", "-u", user, "--uid-validity", "1234567", "Renumbered")
        report = self.sync(ctl)
        self.assertEqual((report["added"], report["removed"]), (0, 0))
        self.assertEqual(report["path"]["Renumbered"], "full")
        self.assert_equal_to_server(ctl, reader)

        # A mailbox of the same name, made anew.
        other.delete("Renumbered")
        other.create("Renumbered")
        server.fill("Renumbered", 3, seed=51, user=user)
        report = self.sync(ctl)
        self.assertEqual((report["added"], report["removed"]), (3, 20))
        self.assert_equal_to_server(ctl, reader)
        self.assertEqual(self.sync(ctl)["added"], 0)

        # Deleted, but its name must stay for the sake of what lies below it.
        other.delete("Älter")
        report = self.sync(ctl)
        self.assertEqual((report["added"], report["removed"]), (0, 12))
        self.assertIn("Älter", self.assert_equal_to_server(ctl, reader)[1])

    def test_starttls_and_several_accounts(self):
        self.server.fill("INBOX", 40, seed=60, user=self.server.user(DORA))
        ctl = self.empty_ctl()
        first = ctl.add_account(self.server, DORA, host="localhost", port=self.server.imap_port,
                                arguments=("--imap-tls", "starttls"))
        self.assertIn("IMAP4REV1", [name.upper() for name in first["capabilities"]])
        self.assertEqual(first["imap"], f"localhost:{self.server.imap_port}")
        self.assertEqual(ctl.json("sync")["added"], 40)
        self.assert_equal_to_server(ctl, self.reader(DORA))

        # The second account's password comes from the same file, so the file decides whose it is at each sign-in.
        ctl.add_account(self.server, CLARA)
        accounts = ctl.json("account", "list")["accounts"]
        self.assertEqual([account["email"] for account in accounts],
                         [self.server.user(DORA), self.server.user(CLARA)])
        self.assertNotEqual(accounts[0]["id"], accounts[1]["id"])
        ctl.run("list", "INBOX", code=2)
        ctl.json("sync", "--account", self.server.user(CLARA))
        self.assertEqual(len(ctl.json("list", "INBOX", "--account", accounts[0]["id"])), 40)

        ctl.run("account", "remove", accounts[0]["id"])
        self.assertEqual([account["id"] for account in ctl.json("account", "list")["accounts"]], [accounts[1]["id"]])
        self.assertIn("INBOX", [mailbox["name"] for mailbox in ctl.json("mailboxes")])
        ctl.run("account", "remove", accounts[0]["id"], code=1)
        ctl.run("account", "remove", self.server.user(CLARA))
        self.assertEqual(ctl.json("account", "list"), {"accounts": []})
        ctl.run("sync", code=1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
