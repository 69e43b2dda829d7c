#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`kittiwakectl verify` against a real Dovecot: it names exactly what differs, mends it, and its fingerprints are what
another program computes."""

import hashlib
import json
import sqlite3
import time
import unittest

from suite import SyncCase
from testservers import DovecotServer

USERS = ("anna@kittiwake.example:a", "ben@kittiwake.example:b", "clara@kittiwake.example:c", "dora@kittiwake.example:d",
         "emil@kittiwake.example:e")
ANNA, BEN, CLARA, DORA, EMIL = range(5)
KINDS = ("missing", "extra", "flags_differ", "fields_differ", "unreadable")


def fingerprint(messages, status):
    """docs/verify.md, computed from what Python's imaplib reads."""
    flags, identity = hashlib.sha256(), hashlib.sha256()
    for message in sorted(messages, key=lambda one: one["uid"]):
        names = sorted(name.lower() for name in message["flags"] + message["keywords"])
        flags.update(f"{message['uid']} {' '.join(names)}\n".encode())
        identity.update(f"{message['message_id']} {message['size']} {message['internal']}\n".encode())
    return {"uidvalidity": status["uidvalidity"], "uidnext": status["uidnext"], "messages": len(messages),
            "unseen": status["unseen"], "flags": flags.hexdigest(), "identity": identity.hexdigest()}


class TestCtlVerify(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer(*(f"--user={user}" for user in USERS))
        cls.addClassCleanup(cls.server.close)

    def verify(self, ctl, *arguments, code=0):
        report = ctl.json("verify", *arguments, code=code)
        self.assertEqual(report["ok"], code == 0, report)
        return {mailbox["name"]: mailbox for mailbox in report["mailboxes"]}

    def assert_found(self, mailbox, **expected):
        """Exactly these UIDs, by kind; every other list is empty."""
        self.assertEqual({kind: mailbox[kind] for kind in KINDS}, {kind: sorted(expected.get(kind, ())) for kind in KINDS})

    def edit(self, ctl, sql, *values):
        """Damages the cache behind everybody's back."""
        with sqlite3.connect(ctl.sandbox.profile / "cache.db") as database:
            changed = database.execute(sql, values).rowcount
        database.close()
        return changed

    def test_names_exactly_the_ten_changes_in_a_hundred_thousand(self):
        server, user = self.server, self.server.user(ANNA)
        server.fill("INBOX", 100_000, seed=1)
        ctl, other = self.new_ctl(ANNA), self.reader(ANNA)
        ctl.json("sync")
        begin = time.monotonic()
        found = self.verify(ctl)
        print(f"\nverify of 100,000 without a difference: {time.monotonic() - begin:.2f} s")
        self.assertTrue(found["INBOX"]["ok"])
        self.assertEqual(found["INBOX"]["fingerprint"], found["INBOX"]["server_fingerprint"])
        self.assertEqual(found["INBOX"]["fingerprint"]["messages"], 100_000)

        other.select("INBOX")
        gone, seen, tagged = [7, 50_000, 99_999], [1, 33_333, 77_777], [2, 100_000]
        other.command("STORE", ",".join(map(str, gone)), "+FLAGS", "(\\Deleted)")
        other.command("EXPUNGE", ",".join(map(str, gone)))
        for uid in seen:
            other.command("STORE", str(uid), "+FLAGS" if uid != 1 else "-FLAGS", "(\\Flagged)")
            other.command("STORE", str(uid), "+FLAGS", "($Touched)")
        other.command("STORE", ",".join(map(str, tagged)), "+FLAGS", "(project-x)")
        for number in range(2):
            server.deliver(f"Subject: behind your back {number}\n\nx\n", user=user)
        begin = time.monotonic()
        found = self.verify(ctl, code=1)["INBOX"]
        print(f"verify of 100,000 with ten: {time.monotonic() - begin:.2f} s")
        self.assert_found(found, missing=[100_001, 100_002], extra=gone, flags_differ=seen + tagged)
        self.assertEqual(len(found["differences"]), 10)
        by_uid = {one["uid"]: one for one in found["differences"]}
        self.assertEqual((by_uid[7]["kind"], by_uid[100_001]["kind"]), ("extra", "missing"))
        [field] = by_uid[33_333]["fields"]
        self.assertEqual(field["field"], "flags")
        self.assertIn("$Touched", field["server"].split())
        self.assertNotIn("$Touched", field["cache"].split())
        # For people, the same ten.
        text = ctl.run("verify", code=1).text
        self.assertIn("3 gone from the server: UID 7,50000,99999", text)
        self.assertIn("2 missing here: UID 100001:100002", text)

        mended = self.verify(ctl, "--repair")["INBOX"]
        self.assertTrue(mended["repaired"])
        self.assert_found(mended, missing=[100_001, 100_002], extra=gone, flags_differ=seen + tagged)
        found = self.verify(ctl)["INBOX"]
        self.assertFalse(found["repaired"])
        self.assert_found(found)
        self.assertEqual(ctl.json("sync")["added"], 0)

    def test_damaged_rows_are_found_and_mended(self):
        self.server.fill("INBOX", 1500, seed=2, user=self.server.user(BEN))
        ctl, reader = self.new_ctl(BEN), self.reader(BEN)
        ctl.json("sync")
        damage = {
            "subject": ("subject", "another subject"), "from_name": ("from", "Somebody Else"),
            "from_address": ("from", "else@example.org"), "to_list": ("to", "x\x1fy@example.org"),
            "cc_list": ("cc", "x\x1fy@example.org"), "reply_to_list": ("reply_to", "x\x1fy@example.org"),
            "size": ("size", 123_456_789), "internal_date": ("internal_date", 1), "date": ("date", 2),
            "message_id": ("message_id", b"<forged@example.org>"), "keywords": ("flags", b"forged"),
            "flags": ("flags", 31), "subject ": ("subject", "\u202etxt.exe\x07"),
        }
        expected = {}
        for uid, (column, (field, value)) in enumerate(damage.items(), 100):
            self.assertEqual(self.edit(ctl, f"UPDATE message SET {column} = ? WHERE uid = ?", value, uid), 1)
            expected[uid] = field
        self.assertEqual(self.edit(ctl, "UPDATE message SET has_attachment = 1 - has_attachment WHERE uid = 200"), 1)
        expected[200] = "has_attachment"
        self.assertEqual(self.edit(ctl, "DELETE FROM message WHERE uid IN (300, 301, 1500)"), 3)
        self.assertEqual(self.edit(ctl, "UPDATE message SET uid = 4000000000 WHERE uid = 400"), 1)
        found = self.verify(ctl, code=1)["INBOX"]
        flags = [uid for uid, field in expected.items() if field == "flags"]
        self.assert_found(found, missing=[300, 301, 400, 1500], extra=[4_000_000_000], flags_differ=flags,
                          fields_differ=[uid for uid in expected if uid not in flags])
        listed = {one["uid"]: [field["field"] for field in one.get("fields", ())] for one in found["differences"]}
        self.assertEqual({uid: fields for uid, fields in listed.items() if fields},
                         {uid: [field] for uid, field in expected.items()})
        self.assertEqual([field["field"] for field in found["mailbox_differs"]], ["messages", "unseen"])
        self.assertNotEqual(found["fingerprint"]["identity"], found["server_fingerprint"]["identity"])
        # An ordinary sync need not see any of it, since the server says that nothing changed.
        self.assertTrue(self.verify(ctl, "--repair")["INBOX"]["repaired"])
        self.assertTrue(self.verify(ctl)["INBOX"]["ok"])
        self.assert_equal_to_server(ctl, reader)

    def test_folders_that_only_one_side_has(self):
        server, user = self.server, self.server.user(CLARA)
        for name, count in (("INBOX", 20), ("Old", 5), ("Renumbered", 30)):
            server.fill(name, count, seed=count, user=user)
        ctl, other, reader = self.new_ctl(CLARA), self.reader(CLARA), self.reader(CLARA)
        ctl.json("sync")
        other.delete("Old")
        other.create("Neu/Straße")
        server.fill("Neu/Straße", 7, seed=3, user=user)
        server.doveadm("mailbox", "update", "-u", user, "--uid-validity", "1234567", "Renumbered")
        found = self.verify(ctl, code=1)
        self.assertEqual(found["Neu/Straße"]["state"], "not_in_cache")
        self.assert_found(found["Neu/Straße"], missing=range(1, 8))
        self.assertEqual(found["Old"]["state"], "not_on_server")
        self.assert_found(found["Old"], extra=range(1, 6))
        self.assertEqual(found["Renumbered"]["state"], "renumbered")
        self.assert_found(found["Renumbered"], missing=range(1, 31), extra=range(1, 31))
        self.assertEqual(found["Renumbered"]["mailbox_differs"][0]["field"], "uidvalidity")
        self.assertTrue(found["INBOX"]["ok"])
        only = self.verify(ctl, "--mailbox", "INBOX")
        self.assertEqual(list(only), ["INBOX"])
        ctl.run("verify", "--mailbox", "No such", code=1)
        repaired = self.verify(ctl, "--repair")
        self.assertEqual([name for name, one in repaired.items() if one["repaired"]],
                         [name for name, one in found.items() if not one["ok"]])
        self.assertTrue(all(one["ok"] for one in self.verify(ctl).values()))
        self.assert_equal_to_server(ctl, reader)

    def test_a_first_sync_that_was_not_finished_and_an_empty_cache(self):
        server, user = self.server, self.server.user(DORA)
        server.fill("INBOX", 300, seed=5, user=user)
        ctl = self.new_ctl(DORA)
        found = self.verify(ctl, code=1)["INBOX"]
        self.assertEqual(found["state"], "not_in_cache")
        self.assert_found(found, missing=range(1, 301))
        self.assertTrue(self.verify(ctl, "--repair")["INBOX"]["repaired"])
        # Emptied on the server: far more here than there.
        other = self.reader(DORA)
        other.select("INBOX")
        other.command("STORE", "1:*", "+FLAGS", "(\\Deleted)")
        other.command("EXPUNGE", "1:*")
        self.assert_found(self.verify(ctl, code=1)["INBOX"], extra=range(1, 301))
        self.assertTrue(self.verify(ctl, "--repair")["INBOX"]["repaired"])
        self.assertEqual(ctl.json("list", "INBOX"), [])

    def test_fingerprints_of_two_machines(self):
        server, user = self.server, self.server.user(EMIL)
        server.fill("INBOX", 400, seed=6, user=user)
        server.fill("Projekte/Größe", 50, seed=7, user=user)
        first, second, reader = self.new_ctl(EMIL), self.new_ctl(EMIL), self.reader(EMIL)
        first.json("sync")
        second.json("sync")
        exported = first.run("verify", "--fingerprint").text
        told = {mailbox["name"]: mailbox["fingerprint"] for mailbox in json.loads(exported)["mailboxes"]}
        for name in ("INBOX", "Projekte/Größe"):
            status = reader.status(name)
            self.assertEqual(told[name], fingerprint(reader.messages(name), status), name)
            reader.imap.unselect()
        file = second.sandbox.write("first.json", exported)
        same = second.json("verify", "--compare", file)
        self.assertEqual((same["ok"], {one["name"] for one in same["mailboxes"]}), (True, set(told)))
        # The full report can be compared as well.
        full = second.sandbox.write("full.json", first.run("--json", "verify").text)
        self.assertTrue(second.json("verify", "--compare", full)["ok"])

        reader.select("INBOX")
        reader.command("STORE", "17", "+FLAGS", "($Elsewhere)")
        reader.create("New")
        second.json("sync")
        differs = second.json("verify", "--compare", file, code=1)
        self.assertEqual({one["name"]: one["differs"] for one in differs["mailboxes"] if not one["ok"]},
                         {"INBOX": ["flags"], "New": ["only_here"]})
        self.assertTrue(second.json("verify", "--compare", file, "--mailbox", "Projekte/Größe")["ok"])
        for bad in ("", "[]", "{}", '{"mailboxes": [{"name": 3}]}', "\0" * 100):
            second.run("verify", "--compare", "-", stdin=bad.encode(), code=1)
        second.run("verify", "--compare", "/nowhere/at/all", code=1)
        second.run("verify", "--compare", file, "--repair", code=2)

    def test_refused_and_unreachable(self):
        ctl = self.new_ctl(EMIL)
        ctl.json("sync")
        self.server.stop()
        try:
            ctl.run("verify", code=5)
            ctl.run("verify", "--fingerprint")  # Of the cache: no server is needed.
        finally:
            self.server.start()


if __name__ == "__main__":
    unittest.main(verbosity=2)
