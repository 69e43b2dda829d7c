#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moves on servers of every kind, cut off at every line and killed at any moment: each message ends where it belongs, once.

KITTIWAKE_SEED repeats the kills. KITTIWAKE_EVERY_LINE=1 cuts at every line, which takes ten minutes; otherwise it is every
third one, another third on each kind of server.
"""

import os
import random
import unittest

import suite
from linerelay import LineRelay
from test_ctl_moves import MoveCase, USERS, known
from testservers import CourierServer, CyrusServer, DovecotServer, PersonalityServer, has_courier

SEED = int(os.environ.get("KITTIWAKE_SEED") or 17)
STRIDE = 1 if os.environ.get("KITTIWAKE_EVERY_LINE") else 3
WITHOUT = {"MOVE": "--hide-capability=COMPRESS=DEFLATE MOVE",
           "UIDPLUS": "--hide-capability=COMPRESS=DEFLATE MOVE UIDPLUS",
           "": "--hide-capability=COMPRESS=DEFLATE"}


def living(state):
    """Without what is only marked as deleted, because the server cannot expunge it alone."""
    kept = {name: [message for message in messages if "\\Deleted" not in message[2]] for name, messages in state.items()}
    return {name: messages for name, messages in kept.items() if messages}


class TestSameEverywhere(MoveCase):
    """The same actions end in the same state on every server."""

    def check(self, server, prefix="", special=True):
        ctl, reader = self.synced(server=server)
        def box(name):
            return prefix + name
        uids = [one["uid"] for one in reader.messages("INBOX")]
        begin = living(self.state(reader))
        ctl.json("flag", "INBOX", uids[0], "+Flagged")
        self.assertEqual(ctl.json("move", "INBOX", f"{uids[0]},{uids[2]}:{uids[4]}", box("Sent"))["state"], "done")
        self.assertEqual(ctl.json("copy", "INBOX", uids[1], box("Archive"))["state"], "done")
        self.assertEqual(ctl.json("archive", "INBOX", uids[5])["state"], "done")
        self.assertEqual(ctl.json("delete", "INBOX", f"{uids[6]}:{uids[7]}")["state"], "done")
        self.assertEqual(ctl.json("delete", "INBOX", uids[8], "--expunge")["state"], "done")
        # Offline, a chain: the later ones speak of the message where it is by then.
        ctl.json("flag", "--offline", "INBOX", uids[9], "+Flagged")
        ctl.json("move", "--offline", "INBOX", uids[9], box("Drafts"))
        ctl.json("move", "--offline", "INBOX", uids[9], box("Sent"))
        ctl.json("flag", "--offline", "INBOX", uids[9], "+Answered")
        ctl.json("sync")
        ctl.json("sync")
        self.assertEqual(ctl.json("pending"), [])
        now = living(self.state(reader))
        self.assertEqual(living(self.shown(ctl)), now)
        now = {name.removeprefix(prefix): messages for name, messages in now.items()}
        for _ in range(3):  # What was marked and moved offline, in one go: flag, move, move, flag.
            ctl.json("undo")
        return begin, now

    def test_every_server(self):
        servers = [("MOVE", DovecotServer, ("--hide-capability=COMPRESS=DEFLATE", *USERS), ""),
                   ("no MOVE", DovecotServer, (WITHOUT["MOVE"], *USERS), ""),
                   ("no UIDPLUS", DovecotServer, (WITHOUT["UIDPLUS"], *USERS), ""),
                   ("Cyrus", CyrusServer, USERS, ""),
                   *([("Courier", CourierServer, USERS, "INBOX.")] if has_courier() else [])]
        states = {}
        for name, make, arguments, prefix in servers:
            with self.subTest(name):
                server = make(*arguments)
                self.addCleanup(server.close)
                states[name] = self.check(server, prefix)
        first = states.pop("MOVE")
        self.assertEqual({len(state[1]["Sent"]) for state in states.values()}, {5})
        for name, state in states.items():
            with self.subTest(name):
                self.assertEqual(state, first)

    def test_undo_on_every_server(self):
        servers = [("no MOVE", DovecotServer, (WITHOUT["MOVE"], *USERS), ""),
                   ("no UIDPLUS", DovecotServer, (WITHOUT["UIDPLUS"], *USERS), ""),
                   ("Cyrus", CyrusServer, USERS, ""),
                   *([("Courier", CourierServer, USERS, "INBOX.")] if has_courier() else [])]
        for name, make, arguments, prefix in servers:
            with self.subTest(name):
                server = make(*arguments)
                self.addCleanup(server.close)
                ctl, reader = self.synced(server=server)
                begin = living(self.state(reader))
                for action in (("move", "INBOX", "2,4:5", prefix + "Sent"), ("copy", "INBOX", "1", prefix + "Archive"),
                               ("delete", "INBOX", "3")):
                    self.assertEqual(ctl.json(*action)["state"], "done")
                for _ in range(3):
                    self.assertEqual(ctl.json("undo")["state"], "done")
                self.assertEqual(living(self.state(reader)), begin)
                ctl.json("sync")
                self.assertEqual(living(self.shown(ctl)), begin)
                self.assertEqual(ctl.json("pending"), [])

    def test_nobody_elses_deleted_mail_goes_along(self):
        for without in ("MOVE", "UIDPLUS"):
            with self.subTest(without):
                server = DovecotServer(WITHOUT[without], *USERS)
                self.addCleanup(server.close)
                ctl, reader = self.synced(server=server)
                reader.select("INBOX")
                reader.command("STORE", "7:8", "+FLAGS.SILENT", "(\\Deleted)")
                reader.unselect()
                ctl.json("sync")
                shown = len(ctl.json("list", "INBOX"))
                for arguments in (("move", "INBOX", "1:2", "Sent"), ("delete", "INBOX", "3", "--expunge"),
                                  ("delete", "INBOX", "4")):
                    self.assertEqual(ctl.json(*arguments)["state"], "done")
                there = {one["uid"] for one in reader.messages("INBOX")}
                self.assertLessEqual({7, 8}, there)
                self.assertEqual({1, 2, 3, 4} & there, set() if without == "MOVE" else {1, 2, 3, 4})
                self.assertEqual(len(ctl.json("list", "INBOX")), shown - 4)
                ctl.json("sync")
                self.assertEqual(len(ctl.json("list", "INBOX")), shown - 4)
                # Also when the cache was dropped; and when somebody expunges them, nothing is left to hide.
                ctl.run("cache", "drop")
                ctl.json("sync")
                self.assertEqual(len(ctl.json("list", "INBOX")), shown - 4)
                reader.select("INBOX")
                reader.imap.expunge()
                reader.unselect()
                ctl.json("sync")
                self.assertEqual(len(ctl.json("list", "INBOX")), shown - 6)


class TestServices(MoveCase):
    """Services with COPYUIDs of their own (personalities.py)."""

    def check(self, name):
        server = PersonalityServer(name)
        self.addCleanup(server.close)
        server.fill("INBOX", 20, seed=3)
        ctl = self.ctl_of_service(server)
        for _ in range(3):
            if ctl.run("--json", "sync", code=None).code == 0:
                break

        def contents(mailbox):
            return [message["number"] for message in server.contents()[mailbox]["messages"]]

        def settle():
            for _ in range(6):
                if not ctl.json("pending"):
                    return
                ctl.run("--json", "sync", code=None)
            self.fail(ctl.json("pending"))
        begin = {message["uid"]: (message["number"], message["flags"])
                 for message in server.contents()["INBOX"]["messages"]}
        moved = [3, 5, 6, 9]
        ctl.run("move", "INBOX", ",".join(map(str, moved)), "Trash", code=None)
        settle()
        self.assertEqual(sorted(contents("Trash")), sorted(begin[uid][0] for uid in moved))
        self.assertEqual(len(contents("INBOX")), 16)
        # Each by itself in the target: the right one is marked, whatever the server says of who is who.
        ctl.run("flag", "--offline", "INBOX", "10", "+Flagged", "-Answered")
        ctl.run("move", "--offline", "INBOX", "10:13", "Trash")
        ctl.run("flag", "--offline", "INBOX", "12", "+Answered", "-Flagged")
        settle()
        marks = {message["number"]: set(message["flags"]) for message in server.contents()["Trash"]["messages"]}
        for uid, add, remove in ((10, "\\Flagged", "\\Answered"), (11, "", ""), (12, "\\Answered", "\\Flagged"),
                                 (13, "", "")):
            number, flags = begin[uid]
            self.assertEqual(marks[number], ({*flags, add} - {remove, ""}), uid)
        for _ in range(4):
            ctl.run("undo", code=None)
            settle()
        self.assertEqual(contents("Trash"), [])
        self.assertEqual(sorted((message["number"], message["flags"])
                                for message in server.contents()["INBOX"]["messages"]), sorted(begin.values()))

    def test_copyuid_that_is_permuted(self):
        self.check("yahoo")

    def test_copyuid_that_is_empty(self):
        self.check("exchange")

    def test_no_move(self):
        self.check("netease")

    def test_usual_ones(self):
        for name in ("gmx", "yandex", "mail.ru", "icloud"):
            with self.subTest(name):
                self.check(name)


class TestCuts(MoveCase):
    """The connection is cut at every line of the conversation, and at the end all is as if nothing had been."""

    def check(self, without):
        server = DovecotServer(WITHOUT[without], *USERS)
        self.addCleanup(server.close)
        relay = LineRelay(server)
        self.addCleanup(relay.close)
        server.fill("INBOX", 12, seed=8, user=server.user(0))
        ctl = self.empty_ctl()
        ctl.add_account(server, 0, port=relay.port)
        ctl.json("sync")
        reader = self.reader(0, server)
        everything = sorted(one["message_id"] for one in reader.messages("INBOX"))
        here, there = "INBOX", "Archive"
        number = list(WITHOUT).index(without) % STRIDE
        while True:
            before = living(self.state(reader))
            chosen = [one for one in reader.messages(here) if "\\Deleted" not in one["flags"]][:3]
            relay.plan(number, b"SELECT")
            answer = ctl.run("--json", "move", here, ",".join(str(one["uid"]) for one in chosen), there, code=None)
            met = relay.calm()
            with self.subTest(line=number, answer=answer.output, errors=answer.errors):
                self.assertIn(answer.json()["state"], ("queued", "done"))
                for _ in range(3):
                    ctl.run("--json", "sync")
                    if not ctl.json("pending"):
                        break
                self.assertEqual(ctl.json("pending"), [])
                after = living(self.state(reader))
                ids = {one["message_id"] for one in chosen}
                expected = {name: [one for one in messages if name != here or one[0] not in ids]
                            for name, messages in before.items()}
                expected[there] = sorted(expected.get(there, []) + [one for one in before[here] if one[0] in ids])
                self.assertEqual(after, {name: messages for name, messages in expected.items() if messages})
                self.assertEqual(living(self.shown(ctl)), after)
            if not met:
                break
            number += STRIDE
            if len(after.get(here, [])) < 3:
                here, there = there, here
        self.assertGreater(number, 10)
        self.assertEqual(sorted(one[0] for messages in after.values() for one in messages), everything)

    def test_with_move(self):
        self.check("")

    def test_without_move(self):
        self.check("MOVE")

    def test_without_uidplus(self):
        self.check("UIDPLUS")


class TestKills(MoveCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer(*USERS)
        cls.addClassCleanup(cls.server.close)

    def kill(self, server, rounds):
        ctl, reader = self.synced(40, server)
        numbers = random.Random(SEED)
        expected = living(self.state(reader))
        for _ in range(rounds):
            here, there = numbers.choice([("INBOX", "Archive"), ("Archive", "INBOX"), ("INBOX", "Trash")])
            choice = [one for one in reader.messages(here) if "\\Deleted" not in one["flags"]]
            if not choice:
                continue
            chosen = numbers.sample(choice, min(3, len(choice)))
            uids = ",".join(str(one["uid"]) for one in chosen)
            with ctl.start("--json", "--verbose", "move", here, uids, there) as running:
                # From before the journal is written to after the server has answered.
                lines = numbers.randrange(90)
                running.wait_until(lambda: len(running.lines) >= lines or running.texts("out"))
                running.kill()
            waiting = ctl.json("pending")
            for _ in range(3):
                ctl.json("sync")
                if not ctl.json("pending"):
                    break
            self.assertEqual(ctl.json("pending"), [])
            now = living(self.state(reader))
            ids = {one["message_id"] for one in chosen}
            if waiting or any(one[0] in ids for one in now.get(there, [])):
                gone = [one for one in expected[here] if one[0] in ids]
                expected[here] = [one for one in expected[here] if one[0] not in ids]
                expected[there] = sorted(expected.get(there, []) + gone)
            expected = {name: messages for name, messages in expected.items() if messages}
            self.assertEqual(now, expected)
            self.assertEqual(living(self.shown(ctl)), now)

    def test_killed_at_any_point(self):
        self.kill(self.server, 14)

    def test_killed_at_any_point_without_move(self):
        server = DovecotServer(WITHOUT["MOVE"], *USERS)
        self.addCleanup(server.close)
        self.kill(server, 14)


if __name__ == "__main__":
    unittest.main(verbosity=2)
