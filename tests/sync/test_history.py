#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same random history through QRESYNC, CONDSTORE and plain on Dovecot, on Cyrus and on Courier: the caches are
identical and equal to the server, also while it goes on.

Each server has three clients besides the one that lives the history: one that syncs again and again meanwhile, one that
watches all the time, and a new one at the end. KITTIWAKE_SEED repeats a history; KITTIWAKE_HISTORY_STEPS and
KITTIWAKE_HISTORY_SEEDS make them longer and more.
"""

import concurrent.futures
import json
import os
import time
import unittest

from suite import SyncCase
from history import FIXED, History
from imapreader import ImapReader, differences
from testservers import CourierServer, CyrusServer, DovecotServer, has_courier

STEPS = int(os.environ.get("KITTIWAKE_HISTORY_STEPS") or 400)
SEEDS = int(os.environ.get("KITTIWAKE_HISTORY_SEEDS") or 1)
# How much of what a client said and heard is shown when it is behind.
TOLD = 400
# How often the history stops and everything is compared.
PAUSES = 4

# (name, how to start it, the ways that its folders are synced, besides a first sync and the plain one that follows a
# change in the middle)
WAYS = (
    ("QRESYNC", DovecotServer, (), {"qresync", "condstore"}),
    ("CONDSTORE", DovecotServer, ("--hide-capability=QRESYNC",), {"condstore"}),
    ("plain", DovecotServer, ("--hide-capability=QRESYNC,CONDSTORE",), {"plain"}),
    ("Cyrus", CyrusServer, (), {"qresync", "condstore"}),
    *([("Courier", CourierServer, (), {"plain"})] if has_courier() else []),
)
# What is the same on all servers; sizes are not, because each adds fields of its own to what is delivered.
COMMON = ("subject", "from", "to", "date", "message_id", "flags", "keywords")


class Syncer:
    """A client that syncs without a pause, in processes of its own."""

    def __init__(self, ctl):
        self.ctl = ctl
        self.running = None
        self.runs = 0
        self.failures = 0
        self.paths = set()  # The ways that folders were synced.

    def keep_going(self):
        """Starts the next sync when the last one is over. A folder that goes while it is synced is an error of one
        sentence (exit code 1), or Dovecot hangs up (5); everything else is not right."""
        if self.running and self.running.process.poll() is None:
            return
        self.finish()
        self.running = self.ctl.start("--json", "sync")
        self.runs += 1

    def finish(self):
        if self.running is None:
            return
        code = self.running.wait(120)
        errors = self.running.texts("err")
        left = code == 5 and "ended the connection: “" in errors[-1]
        if not (code == 0 or left or (code == 1 and errors)):
            raise AssertionError(f"sync ended with {code}: {errors}")
        self.failures += code != 0
        if code == 0:
            self.paths |= set(json.loads("".join(self.running.texts("out")))["path"].values())
        self.running.kill()
        self.running = None


class Life:
    """One server, its clients and the history on it."""

    def __init__(self, case, seed, way):
        self.case, self.seed = case, seed
        self.name, make, arguments, self.ways = way
        self.server = make(*arguments)
        self.readers = []

    def live(self):
        try:
            case = self.case
            self.readers += [ImapReader(self.server), ImapReader(self.server)]
            self.reader, actor = self.readers
            self.history = History(self.server, actor, self.seed)
            self.syncer = Syncer(case.new_ctl(server=self.server))
            self.watching = case.new_ctl(server=self.server, QT_LOGGING_RULES="kittiwake.*=true")
            fixed = self.history.name((FIXED,))
            self.watched = ("INBOX", fixed)
            begin = time.monotonic()
            self.watching.run("sync")
            with self.watching.start("--json", "--verbose", "watch", "--mailbox", fixed) as watch:
                watch.wait_for_event(lambda event: event["event"] == "connected", what="the connection")
                for _ in range(PAUSES):
                    for step in range(STEPS // PAUSES):
                        self.history.step()
                        if step < STEPS // PAUSES * 0.95:  # The rest is left for one sync.
                            self.syncer.keep_going()
                    self.compare(watch)
                watch.interrupt()
                watch.wait(30)
            snapshot = case.snapshot(self.reader, self.history.names())
            self.watching.run("sync")
            case.assert_equal_to_server(self.watching, self.reader, snapshot)
            fresh = case.new_ctl(server=self.server)
            fresh.run("sync")
            case.assert_equal_to_server(fresh, self.reader, snapshot)
            case.assertLessEqual(self.ways, self.syncer.paths, "a way was never gone")
            caches = [self.cache(ctl) for ctl in (self.syncer.ctl, self.watching, fresh)]
            case.assertEqual(caches[0], caches[1])
            case.assertEqual(caches[0], caches[2])
            print(f"{self.name}: {STEPS} steps in {time.monotonic() - begin:.1f} s, {self.syncer.runs} syncs meanwhile, "
                  f"{self.syncer.failures} of them met a folder that went; {sum(map(len, caches[0].values()))} messages in "
                  f"{len(caches[0])} folders; synced by {', '.join(sorted(self.syncer.paths))}", flush=True)
            return caches[0]
        except BaseException as error:
            raise AssertionError(f"{self.name}, KITTIWAKE_SEED={self.seed}: {error}") from error
        finally:
            self.server.close()
            for reader in self.readers:
                reader.imap.shutdown()

    def compare(self, watch):
        """At rest: one more sync is equal, and the watching client comes to it by itself."""
        case = self.case
        self.syncer.finish()
        # First the reader, who asks for each mailbox by itself: until somebody does, Dovecot 2.3 may list one that was
        # renamed meanwhile under its old name, with counts, to everybody.
        snapshot = case.snapshot(self.reader, self.history.names())
        report = self.syncer.ctl.json("sync")
        self.syncer.paths |= set(report["path"].values())
        case.assertLessEqual(self.syncer.paths, self.ways | {"full", "plain"}, report)
        case.assert_equal_to_server(self.syncer.ctl, self.reader, snapshot)
        # Two in a row: nothing is left to do.
        again = self.syncer.ctl.json("sync")
        case.assertEqual((again["added"], again["removed"], again["changed"]), (0, 0, 0), again)
        for name in self.watched:
            wrong = []

            def equal(name=name, wrong=wrong):
                wrong[:] = differences(snapshot[2][name], self.watching.json("list", name))
                return not wrong
            deadline = time.monotonic() + 60
            while not equal():
                if time.monotonic() > deadline:
                    told = "\n".join(f"{line.at / 1e9:.3f} {line.text}" for line in list(watch.lines)[-TOLD:])
                    case.fail(f"watch is behind in {name} at step {self.history.steps}, now {time.monotonic():.3f}: {wrong}\n{told}")
                case.assertIsNone(watch.process.poll(), watch.texts("err"))
                watch.wait_for_more(1)

    def cache(self, ctl):
        """The whole cache as it should be everywhere: by logical names, without UIDs and their order."""
        found = {}
        for mailbox in ctl.json("mailboxes"):
            common = ({**{field: message[field] for field in COMMON}, "flags": sorted(message["flags"]),
                       "keywords": sorted(message["keywords"])} for message in ctl.json("list", mailbox["name"]))
            found[self.history.logical(mailbox["name"])] = sorted(common, key=json.dumps)
        return found


class TestHistory(SyncCase):
    def test_the_same_everywhere(self):
        first = int(os.environ.get("KITTIWAKE_SEED") or 7)
        for seed in range(first, first + SEEDS):
            print(f"\nKITTIWAKE_SEED={seed}", flush=True)
            # At the same time: Courier sleeps for seconds whenever a folder is made.
            with concurrent.futures.ThreadPoolExecutor(len(WAYS)) as pool:
                futures = [pool.submit(Life(self, seed, way).live) for way in WAYS]
            caches = [future.result() for future in futures]
            for way, cache in zip(WAYS[1:], caches[1:]):
                self.assertEqual(caches[0], cache, f"{WAYS[0][0]} and {way[0]}, KITTIWAKE_SEED={seed}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
