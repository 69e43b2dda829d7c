#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` at random points of a first sync: the next sync completes, equals the server, and no database is damaged.

The points are spread over the time that a whole first sync takes; KITTIWAKE_SEED repeats a run's points.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import unittest

from suite import SyncCase
from imapreader import differences
from testservers import DovecotServer

MESSAGES = 10_000
KILLS = 20
IN_A_ROW = 5


class TestCtlKill(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)
        cls.server.fill("INBOX", MESSAGES, seed=17)
        cls.server.fill("Projekte/Größe", 200, seed=18)

    def setUp(self):
        seed = int(os.environ.get("KITTIWAKE_SEED") or random.SystemRandom().randrange(1 << 32))
        print(f"\nKITTIWAKE_SEED={seed}")
        self.random = random.Random(seed)
        self.ctl = self.new_ctl()
        # As it is after "account add": every first sync starts from here.
        self.fresh = self.ctl.sandbox.root / "fresh"
        shutil.copytree(self.ctl.sandbox.profile, self.fresh)
        self.ctl.run("sync")  # Warms Dovecot's own caches: the second first sync is as fast as the next twenty.
        self.start_afresh()
        self.whole = self.ctl.run("sync").seconds
        reader = self.reader()
        self.expected = {name: reader.messages(name) for name in ("INBOX", "Projekte/Größe")}
        self.assert_equal()

    def start_afresh(self):
        shutil.rmtree(self.ctl.sandbox.profile)
        shutil.copytree(self.fresh, self.ctl.sandbox.profile)

    def kill_after(self, seconds):
        """Starts a sync and kills it; returns how many headers the cache held then, -1 where it could not say."""
        sync = subprocess.Popen(self.ctl.command(["sync"]), env=self.ctl.environment, cwd=self.ctl.sandbox.root)
        try:
            sync.wait(seconds)
        except subprocess.TimeoutExpired:
            sync.kill()
            sync.wait()
        return self.cached_messages()

    def cached_messages(self):
        outcome = self.ctl.run("--json", "list", "INBOX", code=None)
        return len(outcome.json()) if outcome.code == 0 else -1

    def assert_sound(self):
        for name in ("cache.db", "pending.db"):
            path = self.ctl.sandbox.profile / name
            if not path.exists():
                continue
            database = sqlite3.connect(path)
            try:
                self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)], name)
                self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [], name)
            finally:
                database.close()

    def assert_equal(self):
        for name, expected in self.expected.items():
            self.assertEqual(differences(expected, self.ctl.json("list", name)), [], name)
        self.assertEqual(self.ctl.json("audit")["body_bytes_on_disk"], 0)
        self.assert_sound()

    def test_killed_once(self):
        # One in each twentieth of the time, so that no phase is left out by chance.
        points = [(number + self.random.random()) / KILLS * self.whole for number in range(KILLS)]
        reached = []
        for seconds in points:
            with self.subTest(seconds=seconds):
                self.start_afresh()
                reached.append(self.kill_after(seconds))
                self.assert_sound()
                report = self.ctl.json("sync")
                self.assertEqual(report["messages"], MESSAGES + 200)
                self.assert_equal()
        print(f"a whole first sync takes {self.whole:.2f} s; headers in the cache when it was killed: {reached}")
        self.assertTrue(any(0 < count < MESSAGES for count in reached), "no kill came while headers were stored")

    def test_killed_again_and_again(self):
        self.start_afresh()
        reached = [self.kill_after(self.random.uniform(0.3, 0.9) * self.whole) for _ in range(IN_A_ROW)]
        print(f"headers in the cache after each kill: {reached}")
        self.assertEqual(reached, sorted(reached), "a kill took away what was there before")
        self.ctl.run("sync")
        self.assert_equal()


if __name__ == "__main__":
    unittest.main(verbosity=2)
