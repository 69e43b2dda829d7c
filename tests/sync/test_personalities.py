#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail services of the world, with their limits and defects (tests/servers/personalities.py), each through the same
life: first sync, changes behind the client's back, arrivals while it watches, a body, folders that change."""

import json
import pathlib
import sys
import unittest

from suite import SyncCase
from imapreader import SYSTEM_FLAGS, addresses, decoded, differences, parse_date, parse_header, utc
from messages import LETTER
from testservers import PersonalityServer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
from personalities import PERSONALITIES  # noqa: E402


CONTAINERS = {"[Gmail]", "~meier", "#shared", "#news.comp"}  # names that are shown, but hold no messages


def described(message):
    """A message of contents() as `kittiwakectl list --json` should describe it."""
    fields = parse_header(message["header"].encode("utf-8", "surrogateescape"))
    date = parse_date(fields.get("date", ""))
    senders = addresses(fields.get("from", ""))
    return {"uid": message["uid"], "flags": sorted(flag for flag in message["flags"] if flag in SYSTEM_FLAGS),
            "keywords": sorted(flag for flag in message["flags"] if not flag.startswith("\\")),
            "size": message["size"], "date": utc(message["date"] if date is None else date),
            "subject": decoded(fields.get("subject", "")), "from": senders[0] if senders else None,
            "to": addresses(fields.get("to", "")), "message_id": fields.get("message-id", "").strip()}


class PersonalityCase(SyncCase):
    def start(self, name, count=60, arguments=()):
        server = PersonalityServer(name, *arguments)
        self.addCleanup(server.close)
        server.fill("INBOX", count, seed=3)
        server.fill("Sent" if name != "gmail" else "[Gmail]/Sent Mail", 12, seed=4)
        return server

    def assert_equal(self, ctl, server):
        there = server.contents()
        here = {mailbox["name"]: mailbox for mailbox in ctl.json("mailboxes")}
        self.assertEqual(set(here) - CONTAINERS, set(there))
        for name, mailbox in there.items():
            expected = [described(message) for message in mailbox["messages"]]
            listed = ctl.json("list", name)
            self.assertEqual(differences(expected, listed), [], name)
            self.assertEqual({message["uid"]: message.get("labels", []) for message in listed},
                             {message["uid"]: message["labels"] for message in mailbox["messages"]}, name)
            unseen = sum("\\Seen" not in message["flags"] for message in expected)
            self.assertEqual(
                tuple(here[name][field] for field in ("messages", "unseen", "subscribed")),
                (len(expected), unseen, mailbox["subscribed"]), name)
            if mailbox["uidvalidity"] is not None:
                self.assertEqual(here[name]["uidvalidity"], mailbox["uidvalidity"], name)

    def synced(self, ctl, server):
        """Syncs as often as a person would press the button: a service that fails once is not the client's fault."""
        for _ in range(3):
            outcome = ctl.run("--json", "sync", code=None)
            if outcome.code == 0:
                break
            self.assertIn(outcome.code, (1, 5), outcome.errors)
            self.assertEqual(len(outcome.errors.strip().splitlines()), 1, outcome.errors)
        self.assertEqual(outcome.code, 0, outcome.errors)
        self.assert_equal(ctl, server)
        return json.loads(outcome.output)

    def live(self, name):
        server = self.start(name)
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        sent = "[Gmail]/Sent Mail" if name == "gmail" else "Sent"

        # Behind its back.
        server.change("flag", "INBOX", uids=[3, 9, 40], add=["\\Flagged", "work"])
        server.change("flag", "INBOX", uids=[5], remove=["\\Seen"])
        server.change("expunge", "INBOX", uids=[1, 20, 21, 60])
        server.change("label" if name == "gmail" else "move", "INBOX", uids=[30, 31], target=sent)
        server.deliver(LETTER)
        report = self.synced(ctl, server)
        self.assertGreaterEqual(report["added"], 3)
        again = self.synced(ctl, server)
        if name != "home.pl":  # Where no UID means anything tomorrow, each session begins anew.
            self.assertEqual((again["added"], again["removed"], again["changed"]), (0, 0, 0), again)

        # A body, of the one that was delivered.
        uid = server.contents()["INBOX"]["messages"][-1]["uid"]
        self.assertIn("Schöne Grüße, das kostet 10 €.", ctl.run("show", "INBOX", uid).text)

        # Folders, subscriptions among them: one that outlives its folder makes no folder.
        server.change("create", "Größe & Maße")
        server.append("Größe & Maße", "Subject: in a new folder\n\nx\n")
        server.change("subscribe", "Größe & Maße")
        server.change("unsubscribe", "INBOX")
        self.synced(ctl, server)
        server.change("rename", "Größe & Maße", target="日本語 &AOQ-")
        self.synced(ctl, server)
        server.change("delete", "日本語 &AOQ-")
        server.change("subscribe", "INBOX")
        self.synced(ctl, server)
        return server, ctl

    def watch(self, name, server, ctl):
        """Arrivals, flags and expunges are told while the client watches."""
        with ctl.start("watch", "--json", "--verbose") as watch:
            watch.wait_for_event(lambda event: event["event"] == "connected", what="the connection")
            if name == "home.pl":  # What comes before it has begun anew is part of that, and no news.
                watch.wait_until(lambda: any(line.endswith(" IDLE") for line in watch.texts("err")), 60, "IDLE")

            def wait(kind, uid):
                watch.wait_for_event(lambda event: event["event"] == kind and event["mailbox"] == "INBOX"
                                     and uid in event["uids"], 60, f"{kind} of UID {uid}")
            for number in range(3):
                server.deliver(f"From: a@example.org\nSubject: pushed {number}\n\nx\n")
                uid = server.contents()["INBOX"]["messages"][-1]["uid"]
                wait("added", uid)
            server.change("flag", "INBOX", uids=[uid], add=["\\Flagged"])
            wait("changed", uid)
            server.change("expunge", "INBOX", uids=[uid - 1])
            wait("removed", uid - 1)
            watch.interrupt()
            watch.wait(30)
        self.synced(ctl, server)


class TestPersonalities(PersonalityCase):
    """One test for each, made below."""


class TestLimits(PersonalityCase):
    """What only one of them does."""

    def test_yahoo_shows_all_of_a_large_folder(self):
        # More than the window that a client without UIDONLY is shown (there 10,000), in short answers (there 1,000).
        server = self.start("yahoo", 1040, ("--window=1000", "--message-limit=100"))
        ctl = self.ctl_of_service(server)
        self.assertEqual(self.synced(ctl, server)["messages"], 1052)
        lines = server.log()
        self.assertTrue(any("ENABLE UIDONLY" in line for line in lines), lines)
        server.change("expunge", "INBOX", uids=[1, 2, 500, 1039])
        server.change("flag", "INBOX", uids=[3, 700, 900], add=["\\Flagged"])
        server.deliver("Subject: one more\n\nx\n")
        report = self.synced(ctl, server)
        self.assertEqual((report["added"], report["removed"], report["changed"]), (1, 4, 3))

    def test_yahoo_tells_the_newest_page_by_its_place(self):
        # PARTIAL (RFC 9394): no guess at the UIDs of a mailbox that is full of gaps, and no message asked for twice.
        server = self.start("yahoo", 1500)
        server.change("expunge", "INBOX", uids=[uid for uid in range(700, 1500) if uid % 9])
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        self.assert_equal(ctl, server)
        fetched = [line for line in server.log() if "UID FETCH" in line and "ENVELOPE" in line]
        page, = [line for line in fetched if "PARTIAL" in line]
        self.assertIn("(PARTIAL -1:-200)", page)
        self.assertEqual(page, fetched[0])
        for line in fetched[1:]:
            self.assertRegex(line, r"UID FETCH [0-9:,]+ \(")
        newest = sorted(message["uid"] for message in server.contents()["INBOX"]["messages"])[-200:]
        self.assertFalse([line for line in fetched[1:] if f"UID FETCH {newest[0]}" in line], fetched)

    def test_yahoo_moves_and_copies_more_messages_than_one_command_may(self):
        # COPY of so many is refused as a whole, MOVE is done in part: from the largest UID down (RFC 9738).
        server = self.start("yahoo", 240, ("--message-limit=50",))
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        numbers = {message["uid"]: message["number"] for message in server.contents()["INBOX"]["messages"]}
        self.assertEqual(ctl.json("copy", "INBOX", "1:120", "Archive")["state"], "done")
        self.assertEqual(ctl.json("move", "INBOX", "100:240", "Trash")["state"], "done")
        found = {name: sorted(message["number"] for message in mailbox["messages"])
                 for name, mailbox in server.contents().items()}
        self.assertEqual(found["Archive"], sorted(numbers[uid] for uid in range(1, 121)))
        self.assertEqual(found["Trash"], sorted(numbers[uid] for uid in range(100, 241)))
        self.assertEqual(found["INBOX"], sorted(numbers[uid] for uid in range(1, 100)))
        self.synced(ctl, server)

    def test_yahoo_without_uidonly_shows_the_newest_and_says_so(self):
        # A message that another one pushes out of the window was not deleted: that is not said of it.
        server = self.start("yahoo-limited", 10_002)
        ctl = self.ctl_of_service(server)

        def inbox():
            return next(mailbox for mailbox in ctl.json("mailboxes") if mailbox["name"] == "INBOX")

        def uids():
            return {message["uid"] for message in ctl.json("list", "INBOX")}
        ctl.run("sync")
        self.assertEqual((inbox()["newest_only"], uids()), (10_000, set(range(3, 10_003))))
        self.assertIsNone(next(mailbox for mailbox in ctl.json("mailboxes") if mailbox["name"] == "Sent")["newest_only"])
        for _ in range(3):
            server.deliver(LETTER)
        server.change("expunge", "INBOX", uids=[7000])
        report = ctl.json("sync")
        self.assertEqual((report["added"], report["removed"]), (3, 1))
        self.assertEqual(uids(), set(range(5, 10_006)) - {7000})
        # Room again: what was pushed out comes back.
        server.change("expunge", "INBOX", uids=[8000, 8001])
        report = ctl.json("sync")
        self.assertEqual((report["added"], report["removed"]), (2, 2))
        self.assertEqual(uids(), set(range(3, 10_006)) - {7000, 8000, 8001})
        self.assertEqual(inbox()["newest_only"], 10_000)
        self.assertTrue(ctl.run("--json", "verify").json()["ok"])

    def test_yahoo_changes_more_messages_than_one_command_may(self):
        # Announced are 1,000 a command, but 50 are done: those with the largest UIDs, and the others are asked for.
        server = self.start("yahoo", 240, ("--message-limit=50",))
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        self.assertEqual(ctl.json("flag", "INBOX", "1:*", "+Flagged", "+urgent")["state"], "done")
        flags = [set(message["flags"]) for message in server.contents()["INBOX"]["messages"]]
        self.assertEqual([number for number, one in enumerate(flags, 1) if not {"\\Flagged", "urgent"} <= one], [])
        self.assert_equal(ctl, server)
        self.synced(ctl, server)

    def test_exchange_keeps_no_keywords(self):
        # Said before it is asked, which would be answered with BAD (imap_tools issue 181); other marks are not held up.
        server = self.start("exchange", 5)
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        ctl.run("flag", "--offline", "INBOX", 1, "+urgent")
        self.assertEqual(ctl.json("flag", "INBOX", 2, "+Flagged")["state"], "done")
        parked, = ctl.json("pending")
        self.assertEqual(parked["state"], "failed", parked)
        self.assertIn("does not keep this mark", parked["error"])
        self.assertFalse(any("STORE" in line and "urgent" in line for line in server.log()))
        self.synced(ctl, server)

    def test_yahoo_message_that_cannot_be_fetched(self):
        server = self.start("yahoo")
        server.append("INBOX", "From: a@example.org\nSubject: broken\nX-Poison: yes\n\nx\n")
        server.deliver(LETTER)
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        errors = ctl.run("show", "INBOX", 61, code=1).errors
        self.assertEqual(len(errors.strip().splitlines()), 1, errors)
        self.assertIn("Schöne Grüße", ctl.run("show", "INBOX", 62).text)

    def test_yahoo_messages_whose_headers_cannot_be_fetched(self):
        # Any FETCH that one of them is part of ends in NO. The others are there all the same, before and after them.
        server = self.start("yahoo", 300)
        poison = "From: a@example.org\nSubject: broken\nX-Poison: header\n\nx\n"
        server.append("INBOX", poison)
        server.fill("INBOX", 700, seed=8)
        server.append("INBOX", poison)
        server.deliver(LETTER)
        ctl = self.ctl_of_service(server)
        self.assertEqual(ctl.run("sync").code, 0)
        broken = {301, 1002}

        def check():
            there = {message["uid"] for message in server.contents()["INBOX"]["messages"]}
            self.assertEqual({message["uid"] for message in ctl.json("list", "INBOX")}, there - broken)
        check()
        # Changes and arrivals still come, and another one of its kind.
        server.change("expunge", "INBOX", uids=[300, 302])
        server.append("INBOX", poison)
        server.deliver(LETTER)
        broken.add(1004)
        self.assertEqual(ctl.run("sync").code, 0)
        check()
        verified = ctl.run("--json", "verify", code=None).json()
        inbox = next(mailbox for mailbox in verified["mailboxes"] if mailbox["name"] == "INBOX")
        self.assertIn("301", json.dumps(inbox["unreadable"]))
        with ctl.start("watch", "--json") as watch:
            watch.wait_for_event(lambda event: event["event"] == "connected", what="the connection")
            for uid in (1006, 1008):
                broken.add(uid)
                server.append("INBOX", poison)
                server.deliver(LETTER)
                watch.wait_for_event(lambda event, uid=uid: event["event"] == "added" and uid + 1 in event["uids"], 60, "mail")
            watch.interrupt()
            watch.wait(30)
        check()

    def test_a_mailbox_that_cannot_be_fetched_from_is_given_up(self):
        server = self.start("yahoo", 0)
        for _ in range(50):
            server.append("INBOX", "From: a@example.org\nSubject: broken\nX-Poison: header\n\nx\n")
        ctl = self.ctl_of_service(server)
        errors = ctl.run("sync", code=1).errors
        self.assertEqual(len(errors.strip().splitlines()), 1, errors)
        self.assertLess(sum("FETCH" in line for line in server.log()), 150)
        self.assertEqual(len(ctl.json("list", "Sent")), 12)

    def test_names_and_headers_in_utf8(self):
        # Gmail, as the only one here, has UTF8=ACCEPT (RFC 6855). Without it there is no way to tell this sender.
        server = self.start("gmail", 5)
        server.change("create", "Größe & Maße")
        server.append("Größe & Maße", "From: Иван Пример <иван@пример.example>\nTo: b@example.org\nSubject: Привет, мир\n\nx\n")
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        lines = server.log()
        self.assertTrue(any("ENABLE" in line and "UTF8=ACCEPT" in line for line in lines), lines)
        message, = ctl.json("list", "Größe & Maße")
        self.assertEqual(message["from"], {"name": "Иван Пример", "address": "иван@пример.example"})
        self.assertEqual(message["subject"], "Привет, мир")
        self.assertIn("x", ctl.run("show", "Größe & Maße", 1).text)
        # The message is the same one in All Mail: what was told of it here is known of it there.
        self.assertEqual(ctl.json("flag", "Größe & Maße", 1, "+Flagged", "+Seen")["state"], "done")
        self.assert_equal(ctl, server)
        self.synced(ctl, server)

    def test_namespaces(self):
        server = self.start("shared", 5)
        for name in ("~meier/INBOX", "~meier/Plans", "#shared/Team/2026", "#news.comp.mail"):
            server.append(name, f"Subject: in {name}\n\nx\n")
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        here = {mailbox["name"]: mailbox for mailbox in ctl.json("mailboxes")}
        self.assertEqual({name for name in here if name in CONTAINERS}, {"~meier", "#shared", "#news.comp"})
        self.assertEqual([here[name]["messages"] for name in ("~meier", "#shared", "#news.comp")], [0, 0, 0])
        self.assertEqual((here["INBOX"]["role"], here["~meier/INBOX"]["role"]), ("inbox", ""))
        # A name below which nothing is left is no folder any more; one that stays because of what is below it holds nothing.
        server.change("delete", "#news.comp.mail")
        server.change("delete", "#shared/Team/2026")
        server.change("rename", "~meier/Plans", target="~meier/Plans 2027")
        self.synced(ctl, server)
        self.assertNotIn("#news.comp", {mailbox["name"] for mailbox in ctl.json("mailboxes")})

    def test_mail_ru_sizes_as_floats(self):
        server = self.start("mail.ru", 20)
        server.append("INBOX", "From: a@example.org\nSubject: large\n\n" + "0123456789\n" * 120_000)
        ctl = self.ctl_of_service(server)
        ctl.run("sync")
        large = next(message for message in ctl.json("list", "INBOX") if message["subject"] == "large")
        size = server.contents()["INBOX"]["messages"][-1]["size"]
        self.assertLess(abs(large["size"] - size), size * 1e-4)
        self.assertEqual(len(ctl.json("list", "INBOX")), 21)

    def test_gmail_labels(self):
        server = self.start("gmail", 30)
        names = ("Größe & Maße", "A&B", 'quote"d', "日本語", "Work/Deep")
        for name in names:
            server.change("create", name)
        server.change("label", "INBOX", uids=[7], target="日本語")
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        with ctl.start("watch", "--json", "--verbose") as watch:
            watch.wait_until(lambda: any(line.endswith(" IDLE") for line in watch.texts("err")), 60, "IDLE")
            watch.interrupt()
            watch.wait(30)
        for number, name in enumerate(names):
            server.change("label", "INBOX", uids=list(range(number + 1, 6)), target=name)
        report = self.synced(ctl, server)
        # Every label is there, in INBOX and in All Mail; what was told once is not told again.
        fifth = next(message for message in ctl.json("list", "INBOX") if message["uid"] == 5)
        self.assertEqual(fifth["labels"], sorted(names))
        self.assertEqual(report["path"]["INBOX"], "condstore")
        again = self.synced(ctl, server)
        self.assertEqual((again["added"], again["removed"], again["changed"]), (0, 0, 0), again)
        # Taken off by another client.
        uid = server.contents()["A&B"]["messages"][0]["uid"]
        server.change("expunge", "A&B", uids=[uid])
        self.synced(ctl, server)
        # Everything anew: the same.
        ctl.run("sync", "--full")
        self.assert_equal(ctl, server)

    def test_gmail_counts_each_message_once(self):
        server = self.start("gmail", 30)
        server.change("label", "INBOX", uids=[1, 2, 3], target="Work")
        server.change("move", "INBOX", uids=[30], target="[Gmail]/Trash")
        ctl = self.ctl_of_service(server)
        report = self.synced(ctl, server)
        # 30 in INBOX and 12 sent are all in All Mail, the deleted one in this service's Trash as well.
        self.assertEqual(report["messages"], 43)
        self.assertEqual(ctl.json("sync", "--mailbox", "INBOX")["messages"], 29)
        self.assertTrue(all(mailbox["is_label"] for mailbox in ctl.json("mailboxes")))

    def test_gmail_shows_one_message_in_many_places(self):
        server = self.start("gmail", 30)
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        server.change("label", "INBOX", uids=[4, 5], target="Work")
        server.change("flag", "Work", uids=[1], add=["\\Flagged"])  # Is flagged in INBOX and All Mail too.
        server.change("expunge", "INBOX", uids=[4])  # Archived: it stays in All Mail.
        self.synced(ctl, server)
        everything = server.contents()
        numbers = {name: {message["number"] for message in mailbox["messages"]} for name, mailbox in everything.items()}
        self.assertLessEqual(numbers["INBOX"] | numbers["Work"], numbers["[Gmail]/All Mail"])
        flagged = [message for message in ctl.json("list", "[Gmail]/All Mail") if "\\Flagged" in message["flags"]]
        self.assertIn(4, [message["uid"] for message in flagged])


def add_tests(names):
    for name in names:
        def test(self, name=name):
            server, ctl = self.live(name)
            if name != "mail.ru":  # Has no IDLE: what is asked every two minutes is not waited for here.
                self.watch(name, server, ctl)
        setattr(TestPersonalities, "test_" + name.replace(".", "_").replace("-", "_"), test)


add_tests(PERSONALITIES)

if __name__ == "__main__":
    unittest.main(verbosity=2)
