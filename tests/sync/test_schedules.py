#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections cut and stalled at any byte and clients killed at any moment, during sync and while watching, while another
client goes on: afterwards `verify` finds nothing, and the cache equals the server.

A block is one profile and ten schedules in a row, so that what one of them damaged is there for the next. KITTIWAKE_SEED
repeats a run; KITTIWAKE_SCHEDULES says how many (500: about a quarter of an hour on two cores with nothing else to do).
"""

import concurrent.futures
import os
import random
import sqlite3
import time
import unittest

from suite import SyncCase
from ctl import CtlError
from faultyrelay import CALL, CUT, STALL, Fault, FaultyRelay
from history import History
from imapreader import ImapReader
from testservers import CyrusServer, DovecotServer

SCHEDULES = int(os.environ.get("KITTIWAKE_SCHEDULES") or 40)
IN_A_BLOCK = 10
AT_ONCE = 2
SERVERS = (
    ("QRESYNC", DovecotServer, ()),
    ("CONDSTORE", DovecotServer, ("--hide-capability=QRESYNC",)),
    ("plain", DovecotServer, ("--hide-capability=QRESYNC,CONDSTORE",)),
    ("Cyrus", CyrusServer, ()),
)
# A first sync of what is in a mailbox here passes about 150 KB, one with nothing to do about 10, TLS included.
FARTHEST = 150_000


class Block:
    def __init__(self, case, seed, number):
        self.case, self.seed = case, seed
        self.chance = random.Random(seed)
        self.name, make, arguments = SERVERS[number % len(SERVERS)]
        self.server = make(*arguments)
        self.relay = FaultyRelay(self.server.imaps_port)
        self.readers = []
        self.met = {CUT: 0, STALL: 0, CALL: 0}

    def run(self, count):
        done = 0
        try:
            self.prepare()
            for done in range(count):
                self.schedule()
                self.check(whole=done == count - 1)
            return self.met
        except Exception as error:
            raise AssertionError(f"{self.name}, schedule {done} of the block KITTIWAKE_SEED={self.seed}: {error}") from error
        finally:
            self.relay.close()
            self.server.close()
            for reader in self.readers:
                reader.imap.shutdown()

    def prepare(self):
        self.readers += [ImapReader(self.server), ImapReader(self.server)]
        self.reader, actor = self.readers
        self.server.fill("INBOX", 150, seed=self.seed % 1000)
        self.server.fill("Archive", 60, seed=self.seed % 1000 + 1)
        self.history = History(self.server, actor, self.seed)
        self.history.run(30)
        self.ctl = self.case.empty_ctl()
        self.ctl.add_account(self.server, port=self.relay.port)

    def faults(self):
        found = []
        for _ in range(self.chance.randint(1, 4)):
            # Most of the interesting bytes are among the first ones.
            after = int(FARTHEST ** self.chance.random())
            kind = self.chance.choices((CUT, STALL, CALL), (4, 2, 3))[0]
            found.append(Fault(after, kind, self.chance.choice((0.02, 0.1, 0.4)) if kind == STALL else 0))
        return found

    def schedule(self):
        if self.chance.random() < 0.2:
            self.ctl.run("cache", "drop")  # A first sync again.
        self.history.run(self.chance.randint(0, 12))
        begin_at_rest = self.chance.random() < 0.5
        watches = self.chance.random() < 0.5
        faults = self.faults()
        running = None

        def kill():
            # The first bytes pass after the process was started, but maybe before start() has returned.
            if running is not None:
                running.process.kill()
        if not watches or not begin_at_rest:
            self.relay.plan(faults, kill)
        command = ("watch", "--json") if watches else ("sync",)
        with self.ctl.start(*command) as running:
            if watches and begin_at_rest:
                running.wait_until(lambda: running.has_ended() or any(
                    event["event"] == "connected" for _, event in running.events()), what="the connection")
                self.relay.plan(faults, kill)
            for _ in range(self.chance.randint(3, 15)):
                self.history.step()
            if watches:
                if self.chance.random() < 0.3:
                    running.interrupt()
                    running.wait(30)
                # Otherwise killed in the middle of whatever it does.
            elif self.chance.random() < 0.7:
                try:
                    running.wait_until(running.has_ended, 60, "the end of sync")
                except CtlError:
                    self.relay.calm()
        for kind in self.relay.calm():
            self.met[kind] += 1

    def check(self, whole):
        """The databases are sound, the next sync succeeds, and the cache is the server's."""
        self.sound()
        self.ctl.run("sync")
        verified = self.ctl.json("verify")
        self.case.assertTrue(verified["ok"], verified)
        if whole:
            self.case.assert_equal_to_server(self.ctl, self.reader)
            self.case.assertEqual(self.ctl.json("audit")["body_bytes_on_disk"], 0)

    def sound(self):
        for name in ("cache.db", "pending.db"):
            path = self.ctl.sandbox.profile / name
            if path.exists():
                database = sqlite3.connect(path)
                try:
                    self.case.assertEqual(database.execute("PRAGMA quick_check").fetchall(), [("ok",)], name)
                    self.case.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [], name)
                finally:
                    database.close()


class TestSchedules(SyncCase):
    def test_verify_is_green_after_every_one(self):
        seed = int(os.environ.get("KITTIWAKE_SEED") or 7)
        blocks = max(1, SCHEDULES // IN_A_BLOCK)
        print(f"\nKITTIWAKE_SEED={seed}: {blocks * IN_A_BLOCK} schedules", flush=True)
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            futures = [pool.submit(lambda number: Block(self, seed + number, number).run(IN_A_BLOCK), number)
                       for number in range(blocks)]
        failed = [str(future.exception()) for future in futures if future.exception()]
        met = [future.result() for future in futures if not future.exception()]
        print(f"{time.monotonic() - begin:.0f} s, faults met: "
              + ", ".join(f"{kind} {sum(block[kind] for block in met)}" for kind in (CUT, STALL, CALL)), flush=True)
        self.assertEqual(failed, [])
        for kind in (CUT, STALL, CALL) if SCHEDULES >= 40 else ():
            self.assertTrue(any(block[kind] for block in met), f"no {kind} was met")


if __name__ == "__main__":
    unittest.main(verbosity=2)
