#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ids that servers have for messages and mailboxes (RFC 8474, X-GM-EXT-1): asked for where they are offered, and
never believed further than they prove."""

import contextlib
import re
import sqlite3
import unittest

import suite  # noqa: F401 - the way to the helpers
from test_personalities import PersonalityCase

SAME = "From: a@example.org\nSubject: twice the same\nMessage-ID: <same@example.org>\n\nx\n"


class TestObjectIds(PersonalityCase):
    def fetches(self, server):
        return [line for line in server.log() if " FETCH " in line and "ENVELOPE" in line]

    def headers(self, server):
        """How many messages' headers were asked for since it was asked last."""
        count = 0
        for line in self.fetches(server):
            for first, _, last in re.findall(r"(\d+)(:(\d+))?", line.split(" FETCH ")[1].split(" ")[0]):
                count += int(last or first) - int(first) + 1
        return count

    def rows(self, ctl, mailbox="INBOX"):
        """{UID: (id, EMAILID)} of the cache."""
        with contextlib.closing(sqlite3.connect(ctl.sandbox.profile / "cache.db")) as database:
            return {uid: (row, identity.decode()) for uid, row, identity in database.execute(
                "SELECT uid, message.id, email_id FROM message JOIN mailbox ON mailbox.id = mailbox WHERE name = ?",
                (mailbox,))}

    def numbers(self, server, mailbox="INBOX"):
        """{UID: the server's number of the message}"""
        return {message["uid"]: message["number"] for message in server.contents()[mailbox]["messages"]}

    def row_of_number(self, ctl, server, mailbox="INBOX"):
        rows = self.rows(ctl, mailbox)
        return {number: rows[uid][0] for uid, number in self.numbers(server, mailbox).items()}

    def flagged(self, server, mailbox="INBOX"):
        return {message["number"] for message in server.contents()[mailbox]["messages"]
                if "Waited" in message["flags"]}

    def synced_with(self, name, *arguments, count=60):
        server = self.start(name, count, arguments)
        ctl = self.ctl_of_service(server)
        self.synced(ctl, server)
        return server, ctl

    def test_gmail_is_asked_for_its_ids(self):
        server, ctl = self.synced_with("gmail")
        asked = self.fetches(server)
        self.assertTrue(asked)
        for line in asked:
            self.assertIn("X-GM-MSGID", line)
            self.assertNotIn("EMAILID", line)
        self.assertEqual({uid: int(identity) for uid, (_, identity) in self.rows(ctl).items()}, self.numbers(server))
        # Renumbered: known by its id, also where nothing else tells two apart.
        for _ in range(2):
            server.append("INBOX", SAME, date=1_600_000_000)
        self.synced(ctl, server)
        self.check_renumbered(ctl, server)

    def check_renumbered(self, ctl, server):
        """INBOX is numbered anew: nothing comes or goes, nothing is fetched, and each message keeps its row."""
        before = self.row_of_number(ctl, server)
        server.log()
        server.change("renumber", "INBOX")
        report = self.synced(ctl, server)
        self.assertEqual((report["added"], report["removed"]), (0, 0))
        self.assertEqual(self.fetches(server), [])
        self.assertEqual(self.row_of_number(ctl, server), before)

    def test_others_are_not(self):
        for name in ("gmx", "exchange", "icloud", "mail.ru"):
            with self.subTest(name):
                server, ctl = self.synced_with(name)
                lines = server.log()
                self.assertTrue(any("ENVELOPE" in line for line in lines))
                for line in lines:
                    self.assertNotRegex(line, "EMAILID|THREADID|X-GM-|MAILBOXID")
                self.assertEqual({identity for _, identity in self.rows(ctl).values()}, {""})

    def test_email_ids(self):
        for name in ("objectids", "yahoo"):
            with self.subTest(name):
                server, ctl = self.synced_with(name)
                for line in self.fetches(server):
                    self.assertIn("EMAILID", line)
                    self.assertNotIn("X-GM-", line)
                self.assertEqual({uid: identity for uid, (_, identity) in self.rows(ctl).items()},
                                 {uid: f"M{number}" for uid, number in self.numbers(server).items()})
                self.check_renumbered(ctl, server)

    def test_mailbox_ids(self):
        server, ctl = self.synced_with("objectids")
        for name in ("One", "Two"):
            server.change("create", name)
            server.fill(name, 20, seed=len(name) + ord(name[0]))
        self.synced(ctl, server)
        before = {name: self.row_of_number(ctl, server, name) for name in ("One", "Two")}
        uid = ctl.json("list", "One")[5]["uid"]
        number = self.numbers(server, "One")[uid]
        ctl.json("flag", "--offline", "One", uid, "+Waited")
        server.log()
        # They exchange their names.
        for old, new in (("One", "Three"), ("Two", "One"), ("Three", "Two")):
            server.change("rename", old, target=new)
        server.append("Two", "Subject: one more\n\nx\n")
        self.synced(ctl, server)
        self.assertEqual(self.headers(server), 1)
        self.assertEqual(self.row_of_number(ctl, server, "One"), before["Two"])
        self.assertLessEqual(before["One"].items(), self.row_of_number(ctl, server, "Two").items())
        self.assertEqual((self.flagged(server, "One"), self.flagged(server, "Two")), (set(), {number}))
        self.assertEqual(ctl.json("pending"), [])

    def hostile(self, kind, tells_twins=False):
        """Whatever ids a server tells: the cache is what the server has, and what waits is done to the right message or
        to none."""
        server, ctl = self.synced_with("objectids", "--object-ids", kind)
        for _ in range(2):
            server.append("INBOX", SAME, date=1_600_000_000)
        for name in ("One", "Two"):
            server.change("create", name)
            server.fill(name, 20, seed=len(name) + ord(name[0]))
        self.synced(ctl, server)
        again = self.synced(ctl, server)
        self.assertEqual((again["added"], again["removed"]), (0, 0), again)
        rows = self.row_of_number(ctl, server)
        server.log()
        waited, twins = {}, {}
        listed = ctl.json("list", "INBOX")
        numbers = self.numbers(server)
        for message in listed[3:20:4]:
            waited[numbers[message["uid"]]] = message["uid"]
        for message in listed:
            if message["message_id"] == "<same@example.org>":
                twins[numbers[message["uid"]]] = message["uid"]
        self.assertEqual(len(twins), 2)
        uids = ",".join(map(str, [*waited.values(), next(iter(twins.values()))]))
        ctl.json("flag", "--offline", "INBOX", uids, "+Waited")
        in_one = ctl.json("list", "One")[4]["uid"]
        of_one = self.numbers(server, "One")[in_one]
        ctl.json("flag", "--offline", "One", in_one, "+Waited")
        server.change("renumber", "INBOX")
        server.change("rename", "One", target="Renamed")
        self.synced(ctl, server)
        if tells_twins:
            waited.update([next(iter(twins.items()))])
        self.assertEqual(self.flagged(server), set(waited))
        self.assertLessEqual(self.flagged(server, "Renamed"), {of_one})
        self.assertEqual(self.flagged(server, "Two"), set())
        parked = ctl.json("pending")
        self.assertLessEqual({one["state"] for one in parked}, {"failed"})
        self.assertEqual(sum(one["messages"] for one in parked),
                         (not tells_twins) + (not self.flagged(server, "Renamed")))
        # All but the two that are the same are where they were.
        for number, row in self.row_of_number(ctl, server).items():
            if number in twins and not tells_twins:
                self.assertNotIn(row, rows.values())
            else:
                self.assertEqual(row, rows[number])
        return server, ctl

    def test_one_id_for_all_messages(self):
        server, _ = self.hostile("same")
        self.assertEqual(self.headers(server), 2)

    def test_ids_of_absurd_length(self):
        server, ctl = self.hostile("huge")
        self.assertEqual({identity for _, identity in self.rows(ctl).values()}, {""})

    def test_mailbox_ids_that_jump(self):
        server, ctl = self.hostile("jumping", tells_twins=True)
        for _ in range(5):
            report = self.synced(ctl, server)
            self.assertEqual((report["added"], report["removed"]), (0, 0), report)


if __name__ == "__main__":
    unittest.main(verbosity=2)
