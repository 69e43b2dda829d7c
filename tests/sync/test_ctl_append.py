#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that are put into a mailbox: safe before they show, shown at once, on the server once, whatever happens.

KITTIWAKE_SEED repeats the kills.
"""

import os
import pathlib
import random
import unittest

import suite
from ctl import FAILED, USAGE
from linerelay import LineRelay
from test_ctl_moves import MoveCase, USERS
from test_move_accidents import WITHOUT, living
from testservers import CourierServer, CyrusServer, DovecotServer, has_courier

SEED = int(os.environ.get("KITTIWAKE_SEED") or 23)
STRIDE = 1 if os.environ.get("KITTIWAKE_EVERY_LINE") else 3


def letter(number, size=400, identified=True):
    head = f"From: Anna <anna@kittiwake.example>\nTo: bob@kittiwake.example\nSubject: Größe {number}\n"
    head += "Date: Thu, 24 Sep 2026 14:03:00 +0200\n"
    if identified:
        head += f"Message-ID: <append.{number}@kittiwake.example>\n"
    body = "".join(f"line {number} {index}\n" for index in range(size // 12))
    return (head + "\n" + body).encode()


class AppendCase(MoveCase):
    def append(self, ctl, mailbox, message, *more, state="done", **options):
        done = ctl.json("append", mailbox, *more, stdin=message, **options)
        self.assertEqual(done["state"], state, done)
        return done


class TestCtlAppend(AppendCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer(*USERS)
        cls.addClassCleanup(cls.server.close)

    def test_it_arrives_as_it_is_and_is_undone(self):
        ctl, reader = self.synced(3)
        begin = self.state(reader)
        done = self.append(ctl, "Archive", letter(1), "--flags", "Seen,Flagged,$Later",
                           "--date", "2026-10-03T04:05:06Z")
        [there] = reader.messages("Archive")
        self.assertEqual(there["uid"], done["uid"])
        self.assertEqual((there["flags"], there["keywords"]), (["\\Flagged", "\\Seen"], ["$Later"]))
        self.assertEqual(there["subject"], "Größe 1")
        reader.select("Archive", readonly=True)
        told = reader.command("FETCH", str(done["uid"]), "(INTERNALDATE)")
        self.assertIn("3-Oct-2026 04:05:06 +0000", str(told))
        reader.unselect()
        self.assertEqual(reader.body("Archive", done["uid"]), letter(1).replace(b"\n", b"\r\n"))
        self.assert_settled(ctl, reader)
        self.assertFalse(self.on_disk(ctl, b"line 1 3"))
        self.assertEqual(ctl.json("undo")["state"], "done")
        self.assertEqual(self.state(reader), begin)
        self.assert_settled(ctl, reader)
        # It is found where it is by then.
        done = self.append(ctl, "INBOX", letter(2))
        ctl.json("move", "INBOX", done["uid"], "Sent")
        for _ in range(2):
            self.assertEqual(ctl.json("undo")["state"], "done")
        self.assertEqual(self.state(reader), begin)

    @staticmethod
    def on_disk(ctl, text):
        return [path for path in pathlib.Path(ctl.sandbox.root).rglob("*")
                if path.is_file() and text in path.read_bytes()]

    def test_offline_it_shows_at_once(self):
        ctl, reader = self.synced(3)
        begin = self.state(reader)
        self.append(ctl, "Archive", letter(1), "--offline", "--flags", "Seen", state="queued")
        self.append(ctl, "Archive", letter(2, identified=False), "--offline", state="queued")
        [second, first] = ctl.json("list", "Archive")
        self.assertEqual(sorted((one["subject"], one["uid"], tuple(one["flags"])) for one in (first, second)),
                         [("Größe 1", None, ("\\Seen",)), ("Größe 2", None, ())])
        self.assert_counts_are_right(ctl)
        self.assertEqual({box["name"] for box in ctl.json("mailboxes")}, set(reader.mailboxes()[0]))
        self.assertEqual([one["kind"] for one in ctl.json("pending")], ["append", "append"])
        ctl.run("cache", "drop")
        shown = None
        self.assertEqual(self.state(reader), begin)
        ctl.json("sync")
        shown = self.shown(ctl)
        self.assertEqual(self.state(reader), shown)
        self.assertEqual(len(shown["Archive"]), 2)
        self.assert_settled(ctl, reader)
        self.append(ctl, "Archive", letter(3), "--offline", state="queued")
        self.assertEqual(ctl.json("undo", "--offline")["state"], "none")
        self.assertEqual(self.shown(ctl), shown)
        self.assertEqual(ctl.json("pending"), [])

    def test_what_is_refused(self):
        ctl, reader = self.synced(2)
        reader.create("Doomed")
        ctl.json("sync")
        self.append(ctl, "Doomed", letter(1), "--offline", state="queued")
        self.append(ctl, "Archive", letter(2), "--offline", state="queued")
        reader.delete("Doomed")
        ctl.json("sync")
        [parked] = ctl.json("pending")
        self.assertEqual((parked["kind"], parked["state"]), ("append", "failed"))
        self.assertIn("not there any more", parked["error"])
        self.assertEqual(len(self.state(reader)["Archive"]), 1)
        self.assertEqual(self.shown(ctl), self.state(reader))
        self.assertEqual(ctl.json("pending", "retarget", parked["id"], "Sent")["state"], "done")
        self.assertEqual(len(self.state(reader)["Sent"]), 1)
        self.assert_settled(ctl, reader)
        self.assertIn("NUL", ctl.run("append", "Sent", stdin=b"Subject: x\n\na\0b\n", code=FAILED).errors)
        ctl.run("append", "Sent", stdin=b"", code=FAILED)
        ctl.run("append", "Nowhere", stdin=letter(3), code=FAILED)
        ctl.run("append", "Sent", "--date", "yesterday", stdin=letter(3), code=USAGE)
        ctl.run("append", stdin=letter(3), code=USAGE)
        self.assertIn("large", ctl.run("append", "Sent", stdin=b"Subject: x\n\n" + b"0123456789012345678901234567890\n"
                                       * (66 * 1024 * 1024 // 32), code=FAILED).errors)
        self.assertEqual(ctl.json("pending"), [])

    def test_a_server_that_takes_no_more(self):
        server = DovecotServer("--quota=60k", *USERS)
        self.addCleanup(server.close)
        ctl, reader = self.synced(2, server)
        refused = ctl.run("--json", "append", "Archive", stdin=letter(1, 100_000), code=FAILED).json()
        self.assertIn("no room", refused["error"])
        self.append(ctl, "Archive", letter(2))
        limited = DovecotServer("--capability=IMAP4rev1 SASL-IR LITERAL+ UIDPLUS APPENDLIMIT=20000", *USERS)
        self.addCleanup(limited.close)
        ctl, reader = self.synced(2, limited)
        refused = ctl.run("--json", "append", "Archive", stdin=letter(3, 30_000), code=FAILED).json()
        self.assertIn("takes no more", refused["error"])
        self.append(ctl, "Archive", letter(4, 10_000))
        self.assertEqual(len(self.state(reader)["Archive"]), 1)

    def test_25_megabytes(self):
        ctl, reader = self.synced(1)
        message = letter(1, 25_000_000)
        done = self.append(ctl, "Archive", message, wrapper=("/usr/bin/env", "time", "-f", "%M KiB"))
        self.assertEqual(len(reader.body("Archive", done["uid"])), len(message) + message.count(b"\n"))
        self.assertLess((ctl.sandbox.profile / "pending.db").stat().st_size, 60_000_000)
        self.assertEqual(ctl.json("undo")["state"], "done")


class TestEverywhere(AppendCase):
    def test_every_server(self):
        for name, make, arguments, prefix in (("Dovecot", DovecotServer, USERS, ""),
                                              ("no UIDPLUS", DovecotServer, (WITHOUT["UIDPLUS"], *USERS), ""),
                                              ("Cyrus", CyrusServer, USERS, ""),
                                              *([("Courier", CourierServer, USERS, "INBOX.")] if has_courier() else [])):
            with self.subTest(name):
                server = make(*arguments)
                self.addCleanup(server.close)
                ctl, reader = self.synced(3, server)
                begin = living(self.state(reader))
                for number, identified in ((1, True), (2, False)):
                    done = self.append(ctl, prefix + "Archive", letter(number, identified=identified),
                                       "--flags", "Seen")
                    self.assertIn(done["uid"], {one["uid"] for one in reader.messages(prefix + "Archive")})
                self.assertEqual(len(living(self.state(reader))[prefix + "Archive"]), 2)
                self.assertEqual(living(self.shown(ctl)), living(self.state(reader)))
                for _ in range(2):
                    self.assertEqual(ctl.json("undo")["state"], "done")
                self.assertEqual(living(self.state(reader)), begin)
                ctl.json("sync")
                self.assertEqual(living(self.shown(ctl)), begin)


class TestAccidents(AppendCase):
    """Cut off at every third line, and killed at any moment: the message is there once."""

    def settle(self, ctl):
        for _ in range(3):
            ctl.run("--json", "sync")
            if not ctl.json("pending"):
                return
        self.fail(ctl.json("pending"))

    def test_cuts(self):
        for without, identified in (("", True), ("UIDPLUS", True), ("UIDPLUS", False)):
            with self.subTest(without=without, identified=identified):
                server = DovecotServer(WITHOUT[without], *USERS)
                self.addCleanup(server.close)
                relay = LineRelay(server)
                self.addCleanup(relay.close)
                server.fill("INBOX", 2, seed=8, user=server.user(0))
                ctl = self.empty_ctl()
                ctl.add_account(server, 0, port=relay.port)
                ctl.json("sync")
                reader = self.reader(0, server)
                number = 0
                met = True
                while met:
                    relay.plan(number, b"SELECT")
                    answer = ctl.run("--json", "append", "Archive", stdin=letter(number, 100, identified), code=None)
                    met = relay.calm()
                    self.assertIn(answer.json()["state"], ("queued", "done"), answer.errors)
                    self.settle(ctl)
                    there = [one["subject"] for one in reader.messages("Archive")]
                    self.assertEqual(there.count(f"Größe {number}"), 1, (number, there))
                    number += STRIDE
                self.assertGreater(number, 10)
                self.assertEqual(len(there), number // STRIDE)
                self.assertEqual(self.shown(ctl), self.state(reader))

    def test_moved_on_by_somebody_before_it_was_confirmed(self):
        server = DovecotServer(WITHOUT[""], *USERS)
        self.addCleanup(server.close)
        relay = LineRelay(server)
        self.addCleanup(relay.close)
        ctl = self.empty_ctl()
        ctl.add_account(server, 0, port=relay.port)
        reader = self.reader(0, server)
        ctl.json("sync")
        # One like it was there before, and is not taken for it.
        self.assertEqual(ctl.json("append", "Junk", stdin=letter(1, 100, True))["state"], "done")
        for target, moves, copies in (("Archive", True, 2), ("Sent", False, 3)):
            with self.subTest(target):
                ctl.json("sync")
                relay.plan(0, b"APPENDUID")
                self.assertEqual(ctl.json("append", target, stdin=letter(1, 100, True))["state"], "queued")
                self.assertTrue(relay.calm())
                if moves:
                    self.assertEqual(len(reader.messages(target)), 1)
                    reader.select(target)
                    reader.command("MOVE", "1:*", "Trash")
                    reader.unselect()
                self.settle(ctl)
                everywhere = [one["subject"] for name in ("Archive", "Junk", "Sent", "Trash") for one in reader.messages(name)]
                self.assertEqual(everywhere, ["Größe 1"] * copies)
                self.assertEqual(self.shown(ctl), self.state(reader))

    def test_kills(self):
        server = DovecotServer(*USERS)
        self.addCleanup(server.close)
        ctl, reader = self.synced(3, server)
        numbers = random.Random(SEED)
        for number in range(14):
            message = ctl.sandbox.write("message", letter(number, 300, number % 2 == 0).decode())
            with ctl.start("--json", "--verbose", "append", "Archive",
                           wrapper=("sh", "-c", 'exec "$0" "$@" < ' + f"'{message}'")) as running:
                lines = numbers.randrange(70)
                running.wait_until(lambda lines=lines: len(running.lines) >= lines or running.texts("out"))
                running.kill()
            was_safe = bool(ctl.json("pending"))
            self.settle(ctl)
            count = [one["subject"] for one in reader.messages("Archive")].count(f"Größe {number}")
            self.assertIn(count, (1,) if was_safe else (0, 1), number)
            self.assertEqual(self.shown(ctl), self.state(reader))


if __name__ == "__main__":
    unittest.main(verbosity=2)
