#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages and mailboxes are known again when a server gives them other numbers and names: on Dovecot, which has no ids
for them, and on Cyrus, which has (RFC 8474)."""

import collections
import random
import re
import unittest

from suite import SyncCase
from imapreader import encode_name
from testservers import CyrusServer, DovecotServer

MESSAGE = ("From: a@example.org\nTo: b@example.org\nSubject: number {number:03}\nDate: Tue, 3 Mar 2020 10:00:00 +0000\n"
           "Message-ID: <same-size-{number:03}@example.org>\n\nThe same length.\n")


class Traffic:
    """What the server said of messages, counted in a trace (--verbose)."""

    def __init__(self, trace):
        self.count = {"header": 0, "message_id": 0, "scan": 0, "other": 0}
        self.bytes = dict(self.count)
        # One kind of question is asked after the other, so the last one says what an answer is to.
        kind = "other"
        for line in trace.splitlines():
            if line.startswith("C: ") and " UID FETCH " in line:
                kind = ("header" if "ENVELOPE" in line else "message_id" if "(MESSAGE-ID)" in line
                        else "scan" if "RFC822.SIZE" in line else "other")
            elif line.startswith("S: * ") and " FETCH (" in line:
                self.count[kind] += 1
                told = re.search(r"(\d+) bytes\)", line)
                self.bytes[kind] += int(told[1]) if told else len(line.encode())
        self.headers, self.message_ids, self.scanned = (self.count[one] for one in ("header", "message_id", "scan"))
        self.header_bytes = self.bytes["header"] + self.bytes["message_id"]
        self.scan_bytes = self.bytes["scan"]


class IdentityTests:
    count = 10_000
    tells_exchanges = True  # of names
    separator = "/"

    def sync(self, ctl):
        done = ctl.run("--json", "--verbose", "sync")
        return done.json(), Traffic(done.errors)

    def ids(self, ctl, mailbox):
        """{Message-ID: thread} of what is cached; threads are named after row ids, which show whether rows stayed."""
        return {message["message_id"]: message["thread"] for message in ctl.json("list", mailbox)}

    @staticmethod
    def uidvalidity(other, name):
        return re.search(rb"UIDVALIDITY (\d+)", other.imap.status(encode_name(name), "(UIDVALIDITY)")[1][0])[1]

    def copy_anew(self, other, name, pieces=25, seed=3):
        """The same messages in another order under the same name: other UIDs, another UIDVALIDITY."""
        other.create(name + "-new")
        # Cyrus takes the second in which it was made.
        for _ in range(10_000):
            if self.uidvalidity(other, name + "-new") != self.uidvalidity(other, name):
                break
            other.delete(name + "-new")
            other.create(name + "-new")
        other.select(name)
        uids = other.command("SEARCH", "ALL")[0].decode().split()
        random.Random(seed).shuffle(uids)
        for piece in range(pieces):
            chosen = sorted(uids[piece::pieces], key=int)
            for start in range(0, len(chosen), 500):
                other.command("COPY", ",".join(chosen[start:start + 500]), encode_name(name + "-new"))
        other.imap.unselect()
        other.delete(name)
        other.rename(name + "-new", name)

    def test_uidvalidity_changes(self):
        server, user = self.server, self.server.user(0)
        reader = self.reader(0)
        reader.create("Big")
        server.fill("Big", self.count, seed=17, user=user)
        ctl, other = self.new_ctl(0), self.reader(0)
        first, before = self.sync(ctl)
        self.assertEqual(before.headers, first["messages"])
        rows = self.ids(ctl, "Big")
        self.copy_anew(other, "Big")
        report, after = self.sync(ctl)
        share = after.header_bytes / before.header_bytes
        print(f"\n{type(self).__name__}: UIDVALIDITY changed on {self.count} messages: header bytes {before.header_bytes} "
              f"at first, {after.header_bytes} again ({share:.2%}: {after.headers} headers, {after.message_ids} "
              f"Message-IDs); scan of identities {after.scan_bytes} bytes; on the wire {first['bytes_received']} and "
              f"{report['bytes_received']} bytes")
        self.assertLess(share, 0.01)
        self.assertEqual(report["path"]["Big"], "full")
        self.assertLess(report["added"], self.count // 100)
        self.assertEqual(report["added"], report["removed"])
        again = self.ids(ctl, "Big")
        self.assertGreater(sum(again[name] == thread for name, thread in rows.items()), self.count * 99 // 100)
        self.assert_equal_to_server(ctl, reader)
        self.assertTrue(ctl.json("verify", "--mailbox", "Big")["ok"])
        self.assertEqual(self.sync(ctl)[1].scanned, 0)

    def test_changes_that_come_with_a_new_uidvalidity(self):
        server, user = self.server, self.server.user(1)
        reader, other = self.reader(1), self.reader(1)
        reader.create("Box")
        server.fill("Box", 300, seed=23, user=user)
        # The same size and date: only the Message-ID tells them apart. Two are the same in everything.
        for number in [*range(40), 7]:
            server.append("Box", MESSAGE.format(number=number), user=user, date=1_600_000_000)
        ctl = self.new_ctl(1)
        self.sync(ctl)
        self.copy_anew(other, "Box", pieces=6)
        other.select("Box")
        uids = other.command("SEARCH", "ALL")[0].decode().split()
        other.command("STORE", ",".join(uids[:30]), "+FLAGS", "(\\Flagged $Since)")
        other.command("STORE", ",".join(uids[40:50]), "+FLAGS", "(\\Deleted)")
        other.imap.expunge()
        server.append("Box", MESSAGE.format(number=99), user=user, date=1_600_000_000)
        report, traffic = self.sync(ctl)
        print(f"\n{type(self).__name__}: {report}, {vars(traffic)}")
        # The new one, and where there are no ids the two that are the same: each of them might be the other.
        self.assertLessEqual(report["added"], 3)
        self.assertEqual(report["added"] - report["removed"], 1 - 10)
        self.assert_equal_to_server(ctl, reader)

    def test_a_mailbox_of_the_same_name_with_other_messages(self):
        server, user = self.server, self.server.user(1)
        reader, other = self.reader(1), self.reader(1)
        reader.create("Anew")
        for number in range(20):
            server.append("Anew", MESSAGE.format(number=number), user=user, date=1_600_000_000 + number)
        ctl = self.new_ctl(1)
        self.sync(ctl)
        other.delete("Anew")
        other.create("Anew")
        # The same sizes and the same dates.
        for number in range(20):
            server.append("Anew", MESSAGE.format(number=number + 500), user=user, date=1_600_000_000 + number)
        report, _ = self.sync(ctl)
        self.assertEqual((report["added"], report["removed"]), (20, 20))
        self.assert_equal_to_server(ctl, reader)

    def test_renamed_and_moved(self):
        server, user = self.server, self.server.user(2)
        reader, other = self.reader(2), self.reader(2)
        below = "Old" + self.separator + "Below"
        moved = "Elsewhere" + self.separator + "Neu"
        for name, count in (("Old", 200), (below, 30), ("Stays", 10)):
            reader.create(name)
            server.fill(name, count, seed=count, user=user)
        ctl = self.new_ctl(2)
        self.sync(ctl)
        rows = self.ids(ctl, "Old")
        other.create("Elsewhere")
        other.rename("Old", moved)
        report, traffic = self.sync(ctl)
        # Where several mailboxes were made in the same second, their messages are looked at once more.
        self.assertEqual((report["added"], report["removed"], traffic.headers), (0, 0, 0))
        self.assertEqual(self.ids(ctl, moved), rows)
        self.assertEqual(len(ctl.json("list", moved + self.separator + "Below")), 30)
        self.assert_equal_to_server(ctl, reader)
        ctl.run("list", "Old", code=1)

    def flagged(self, reader, mailbox, flag="\\Flagged"):
        """{Message-ID: how often}, of what has the flag on the server."""
        return collections.Counter(message["message_id"] for message in reader.messages(mailbox)
                                   if flag in message["flags"] or flag in message["keywords"])

    def uid_of(self, ctl, mailbox, message_id):
        return [message["uid"] for message in ctl.json("list", mailbox) if message["message_id"] == message_id]

    def test_what_waits_lands_on_the_right_message_or_on_none(self):
        server, user = self.server, self.server.user(0)
        reader, other = self.reader(0), self.reader(0)
        reader.create("Waits")
        server.fill("Waits", 120, seed=29, user=user)
        # The same size and date, so that only the Message-ID tells them apart; and two that nothing does.
        for number in [*range(20), 7]:
            server.append("Waits", MESSAGE.format(number=number), user=user, date=1_600_000_000)
        ctl = self.new_ctl(0)
        self.sync(ctl)
        messages = {message["uid"]: message["message_id"] for message in ctl.json("list", "Waits")}
        plain = [uid for uid, name in messages.items() if "same-size" not in name][:40:5]
        alike = self.uid_of(ctl, "Waits", "<same-size-003@example.org>")
        twins = self.uid_of(ctl, "Waits", "<same-size-007@example.org>")
        self.assertEqual((len(alike), len(twins)), (1, 2))
        # One action on many, one on a twin alone, one on a message that will be gone, and one that was done already.
        done = plain[-1]
        ctl.json("flag", "Waits", done, "+$Done")
        ctl.json("flag", "--offline", "Waits", ",".join(map(str, plain + alike + twins)), "+\\Flagged")
        ctl.json("flag", "--offline", "Waits", twins[0], "+$Twin")
        ctl.json("flag", "--offline", "Waits", plain[1], "+$Gone")
        wanted = collections.Counter(messages[uid] for uid in plain + alike)
        other.select("Waits")
        other.command("STORE", str(plain[1]), "+FLAGS", "(\\Deleted)")
        other.imap.expunge()
        del wanted[messages[plain[1]]]
        self.copy_anew(other, "Waits", pieces=5)
        before = self.flagged(reader, "Waits")
        self.sync(ctl)
        self.assertEqual(self.flagged(reader, "Waits") - before, wanted)
        self.assertEqual(self.flagged(reader, "Waits", "$Twin"), {})
        self.assertEqual(self.flagged(reader, "Waits", "$Gone"), {})
        parked = ctl.json("pending")
        self.assertEqual({one["state"] for one in parked}, {"failed"}, parked)
        self.assertEqual(sorted(one["messages"] for one in parked), [1, 1, 3], parked)
        for one in parked:
            self.assertIn("could not be found", one["error"])
            # Again is no way to another message.
            ctl.run("--json", "pending", "retry", one["id"], code=1)
        self.assertEqual({one["state"] for one in ctl.json("pending")}, {"failed"})
        self.assertEqual(self.flagged(reader, "Waits") - before, wanted)
        for one in parked:
            ctl.run("pending", "drop", one["id"])
        ctl.json("sync")
        self.assert_equal_to_server(ctl, reader)
        # What the server had confirmed before it renumbered is undone on the messages that were meant.
        self.assertEqual(ctl.json("undo")["state"], "done")
        self.assertEqual(self.flagged(reader, "Waits") - before, {})
        self.assertEqual(self.flagged(reader, "Waits", "$Done"), {messages[done]: 1})
        self.assertEqual(ctl.json("undo")["state"], "done")
        self.assertEqual(self.flagged(reader, "Waits", "$Done"), {})
        ctl.json("sync")
        self.assert_equal_to_server(ctl, reader)

    def test_what_waits_follows_its_folder(self):
        server, user = self.server, self.server.user(1)
        reader, other = self.reader(1), self.reader(1)
        for count, name in enumerate(("Before", "Both", "Swap1", "Swap2", "Deleted"), 15):
            reader.create(name)
            server.fill(name, count, seed=count, user=user)
        ctl = self.new_ctl(1)
        self.sync(ctl)
        rows = {name: self.ids(ctl, name) for name in ("Before", "Both", "Swap1", "Swap2")}
        wanted = {name: ctl.json("list", name)[3] for name in (*rows, "Deleted")}
        for name, message in wanted.items():
            ctl.json("flag", "--offline", name, message["uid"], "+$Waited")
        other.rename("Before", "After")
        # Renamed, and another one made under the old name.
        other.rename("Both", "Moved")
        other.create("Both")
        server.fill("Both", 15, seed=99, user=user)
        for before, after in (("Swap1", "Between"), ("Swap2", "Swap1"), ("Between", "Swap2")):
            other.rename(before, after)
        other.delete("Deleted")
        _, traffic = self.sync(ctl)
        names = {"Before": "After", "Both": "Moved", "Swap1": "Swap2", "Swap2": "Swap1"}
        waiting = {one["mailbox"]: one["state"] for one in ctl.json("pending")}
        for before, after in names.items():
            flagged = self.flagged(reader, after, "$Waited")
            right = {wanted[before]["message_id"]: 1}
            # Made in the same second, the two have the same UIDVALIDITY on Cyrus, and keep it under the other's name.
            if self.tells_exchanges or not before.startswith("Swap") or flagged:
                self.assertEqual(flagged, right, after)
                self.assertEqual(self.ids(ctl, after), rows[before], after)
            else:
                self.assertEqual(waiting.pop(before), "failed")
        self.assertEqual(self.flagged(reader, "Both", "$Waited"), {})
        self.assertEqual(waiting, {"Deleted": "failed"})
        if self.tells_exchanges:
            self.assertEqual(traffic.headers, 15)
        for parked in ctl.json("pending"):
            ctl.run("pending", "drop", parked["id"])
        ctl.json("sync")
        self.assert_equal_to_server(ctl, reader)
        # Renamed and renumbered at once.
        [other_uid] = self.uid_of(ctl, "After", wanted["Before"]["message_id"])
        ctl.json("flag", "--offline", "After", other_uid, "+$Again")
        other.rename("After", "Newest")
        self.copy_anew(other, "Newest", pieces=3)
        ctl.json("sync")
        # Nothing tells that it is the same folder, where there is no MAILBOXID: the copy has its own.
        self.assertEqual(self.flagged(reader, "Newest", "$Again"), {})
        [parked] = ctl.json("pending")
        self.assertEqual(parked["state"], "failed")
        ctl.run("pending", "drop", parked["id"])
        ctl.json("sync")
        self.assert_equal_to_server(ctl, reader)

    def test_moves_find_their_messages_and_folders(self):
        server, user = self.server, self.server.user(2)
        reader, other = self.reader(2), self.reader(2)
        for name in ("Source", "Target"):
            reader.create(name)
        server.fill("Source", 60, seed=37, user=user)
        for number in (7, 7):
            server.append("Source", MESSAGE.format(number=number), user=user, date=1_600_000_000)
        ctl = self.new_ctl(2)
        self.sync(ctl)
        listed = ctl.json("list", "Source")
        chosen = [message for message in listed if "same-size" not in message["message_id"]][:30:6]
        twin = next(message for message in listed if "same-size" in message["message_id"])
        uids = ",".join(str(message["uid"]) for message in [*chosen, twin])
        ctl.json("move", "--offline", "Source", uids, "Target")
        other.rename("Target", "Goal")
        self.copy_anew(other, "Source", pieces=4)
        self.sync(ctl)
        self.sync(ctl)
        names = {message["message_id"] for message in chosen}
        self.assertEqual({message["message_id"] for message in reader.messages("Goal")}, names)
        left = [message["message_id"] for message in reader.messages("Source")]
        self.assertEqual(len(left), 62 - len(chosen))
        self.assertFalse(names & set(left))
        [parked] = ctl.json("pending")
        self.assertEqual((parked["state"], parked["messages"], parked["mailbox"]), ("failed", 1, "Source"))
        ctl.run("pending", "drop", parked["id"])
        ctl.json("sync")
        self.assert_equal_to_server(ctl, reader)
        # And back again, after the place where they arrived has other UIDs.
        self.copy_anew(other, "Goal", pieces=2)
        ctl.json("sync")
        ctl.json("undo")
        ctl.json("sync")
        self.assertEqual(reader.messages("Goal"), [])
        self.assertLessEqual(names, {message["message_id"] for message in reader.messages("Source")})
        self.assertEqual(ctl.json("pending"), [])
        self.assert_equal_to_server(ctl, reader)

    def test_renamed_since_the_folders_were_listed(self):
        """Nobody lists the folders between the rename and the action: the answer to SELECT tells that one is missing."""
        server, user = self.server, self.server.user(2)
        reader, other = self.reader(2), self.reader(2)
        reader.create("Watched")
        server.fill("Watched", 10, seed=31, user=user)
        ctl = self.new_ctl(2)
        self.sync(ctl)
        message = ctl.json("list", "Watched")[2]
        other.rename("Watched", "Renamed")
        answer = ctl.json("flag", "Watched", message["uid"], "+$Late")
        self.assertEqual(answer["state"], "done", answer)
        self.assertEqual(self.flagged(reader, "Renamed", "$Late"), {message["message_id"]: 1})
        self.assertEqual(ctl.json("pending"), [])
        _, traffic = self.sync(ctl)
        self.assertEqual(traffic.headers, 0)
        self.assert_equal_to_server(ctl, reader)


class TestIdentityOnDovecot(IdentityTests, SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)

    def test_the_server_renumbers_without_changing_uids(self):
        server, user = self.server, self.server.user(2)
        server.fill("Renumbered", 500, seed=5, user=user)
        ctl, reader = self.new_ctl(2), self.reader(2)
        self.sync(ctl)
        server.doveadm("mailbox", "update", "-u", user, "--uid-validity", "1234567", "Renumbered")
        report, traffic = self.sync(ctl)
        self.assertEqual((report["added"], report["removed"], traffic.headers), (0, 0, 0))
        self.assert_equal_to_server(ctl, reader)


class TestIdentityOnCyrus(IdentityTests, SyncCase):
    count = 2000
    tells_exchanges = False

    @classmethod
    def setUpClass(cls):
        cls.server = CyrusServer()
        cls.addClassCleanup(cls.server.close)


if __name__ == "__main__":
    unittest.main(verbosity=2)
