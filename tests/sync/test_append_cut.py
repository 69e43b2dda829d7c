#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that are put into a folder while the connection is cut, or stalls, or kittiwakectl is killed, after any
number of octets: with and without compression, with literals that wait for the server and such that do not. Each is on
the server once, octet for octet, or still waits; what is there is never half a message.

KITTIWAKE_SEED repeats a run; KITTIWAKE_APPEND_SECONDS says how long it lasts (20).
"""

import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import time
import unittest
import zlib

import suite  # noqa: F401
from faultyrelay import CALL, CUT, STALL, FaultyRelay, Fault
from suite import SyncCase
from testservers import DovecotServer

SEED = int(os.environ.get("KITTIWAKE_SEED") or random.SystemRandom().randrange(1 << 32))
SECONDS = float(os.environ.get("KITTIWAKE_APPEND_SECONDS") or 20)
LEAST = 2  # accidents for each way of sending, however slow the machine is
WAYS = {"compressed": (), "not compressed": ("COMPRESS=DEFLATE",), "compressed, waiting": ("LITERAL+",),
        "not compressed, waiting": ("COMPRESS=DEFLATE", "LITERAL+")}
# What signing in and looking into the folder takes before a message goes out, roughly.
BEFORE = 12_000


class Way:
    """A server that can do this and not that, with a client behind a relay."""

    def __init__(self, case, name, hidden):
        self.name = name
        self.server = DovecotServer(*(["--hide-capability=" + " ".join(hidden)] if hidden else []))
        case.addCleanup(self.server.close)
        self.relay = FaultyRelay(self.server.imaps_port)
        case.addCleanup(self.relay.close)
        self.ctl = case.empty_ctl()
        self.ctl.add_account(self.server, port=self.relay.port)
        self.ctl.json("sync")
        self.reader = case.reader(0, self.server)
        self.written = {}  # of each subject
        self.accidents = {CUT: 0, STALL: 0, CALL: 0}


class TestAppendCut(SyncCase):
    @classmethod
    def setUpClass(cls):
        print(f"KITTIWAKE_SEED={SEED}", file=sys.stderr)

    def message(self, chance, number):
        """From a few hundred octets to three megabytes, of which compression makes little, or nearly nothing."""
        size = int(300 * 10 ** (4 * chance.random()))
        head = f"From: anna@kittiwake.example\r\nSubject: number {number}\r\nDate: Thu, 24 Sep 2026 14:03:00 +0200\r\n"
        if chance.random() < 0.8:
            head += f"Message-ID: <{number}.{SEED}@id.example>\r\n"
        if chance.random() < 0.5:
            octets = chance.randbytes(size // 2).hex().encode()
        else:
            octets = b"all the same " * (size // 13 + 1)
        lines = [octets[at:at + 76] for at in range(0, size, 76)]
        return head.encode() + b"\r\n" + b"\r\n".join(lines) + b"\r\n"

    def put(self, way, chance, number):
        """One message, and one accident. Whether kittiwakectl said that it is safe, or done."""
        message = self.message(chance, number)
        way.written[f"number {number}"] = message
        kind = chance.choice((CUT, CUT, CUT, CALL, CALL, STALL))
        octets = len(message) if way.name.startswith("not") else len(zlib.compress(message))
        where = chance.randrange(BEFORE + octets)
        file = pathlib.Path(way.ctl.sandbox.root) / "message"
        file.write_bytes(message)
        with file.open("rb") as source:
            process = subprocess.Popen(way.ctl.command(["--json", "append", "Archive"]), stdin=source,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=way.ctl.environment,
                                       cwd=way.ctl.sandbox.root)
            way.relay.plan([Fault(where, kind, 0.2)], process.kill)
            said = process.communicate(timeout=120)[0]
        for met in way.relay.calm():
            way.accidents[met] += 1
        return f"{way.name}, {number}: {kind} after {where}, {octets} octets on their way", bool(said)

    def there(self, way):
        """{subject: [octets]} of what the server has."""
        found = {}
        for one in way.reader.messages("Archive"):
            found.setdefault(one["subject"], []).append(way.reader.body("Archive", one["uid"]))
        return found

    def assert_whole(self, way, where, found):
        for subject, copies in found.items():
            self.assertEqual(len(copies), 1, f"{where}: {subject}")
            self.assertTrue(copies[0] == way.written[subject], f"{where}: {subject} is another message")

    def settle(self, way, where):
        for _ in range(4):
            way.ctl.run("--json", "sync")
            if not way.ctl.json("pending"):
                return
        self.fail(f"{where}: {way.ctl.json('pending')}")

    def accident(self, way, chance, number):
        where, was_told = self.put(way, chance, number)
        found = self.there(way)
        self.assert_whole(way, where, found)
        waiting = way.ctl.json("pending")
        self.assertLessEqual(len(waiting), 1, where)
        subject = f"number {number}"
        if was_told:
            self.assertTrue(waiting or subject in found, f"{where}: neither there nor waiting")
        self.settle(way, where)
        found = self.there(way)
        self.assert_whole(way, where, found)
        # A kill may come before it was safe; then nobody was told that it is.
        if was_told or waiting:
            self.assertIn(subject, found, where)
        if subject not in found:
            del way.written[subject]
        self.assertEqual(set(found), set(way.written), where)
        database = sqlite3.connect(way.ctl.sandbox.profile / "pending.db")
        try:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)], where)
            self.assertEqual(database.execute("SELECT count(*) FROM content").fetchall(), [(0,)], where)
        finally:
            database.close()

    def test_anywhere(self):
        chance = random.Random(SEED)
        ways = [Way(self, name, hidden) for name, hidden in WAYS.items()]
        for way in ways:
            # What it really does there is what is tried.
            done = way.ctl.run("--verbose", "--json", "append", "Archive", stdin=b"Subject: first\r\n\r\nText\r\n")
            way.written["first"] = b"Subject: first\r\n\r\nText\r\n"
            self.assertEqual("COMPRESS DEFLATE" in done.errors, "not" not in way.name, way.name)
            asked = done.errors.split(" APPEND ", 1)[1].split("APPENDUID", 1)[0]
            self.assertEqual("S: + " in asked, "waiting" in way.name, asked)
        end = time.monotonic() + SECONDS
        number = 0
        while number < LEAST * len(ways) or time.monotonic() < end:
            self.accident(ways[number % len(ways)], chance, number)
            number += 1
        for way in ways:
            self.assert_equal_to_server(way.ctl, way.reader)
        met = {kind: sum(way.accidents[kind] for way in ways) for kind in (CUT, STALL, CALL)}
        print(f"{number} messages: {met[CUT]} cuts, {met[STALL]} stalls, {met[CALL]} kills", file=sys.stderr)
        self.assertGreater(sum(met.values()), number // 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
