#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to find out what has changed: a large mailbox and many folders in which nothing did, and a large mailbox
in which something did. Each over loopback, and through a relay that lets a round trip take 50 ms.

The floor of the last one is what the server must send: bench_drain, in the same state, asks by QRESYNC what changed, and
fetches the headers that are new. Round trips and bytes are all that kittiwakectl reports, from the connection on.

  bench_resync.py [--messages N] [--folders N] [--each N] [--rtt MS] [--json FILE]
"""

import argparse
import json
import pathlib
import random
import re
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from bench_firstsync import beside, measure  # noqa: E402
from ctl import Ctl  # noqa: E402
from imapreader import ImapReader  # noqa: E402
from relay import Relay  # noqa: E402
from testservers import DovecotServer  # noqa: E402

USERS = ("anna@kittiwake.example:a", "ben@kittiwake.example:b")


class Bench:
    """A synced profile of one user, which every measurement begins with anew."""

    def __init__(self, server, user, rtt):
        self.server, self.user = server, user
        self.relay = Relay(server.imaps_port, delay=rtt / 2000)
        self.ctl = Ctl()
        self.ctl.add_account(server, user, host="localhost")
        self.ctl.run("sync", timeout=600)
        self.synced = self.ctl.sandbox.root / "synced"
        shutil.copytree(self.ctl.sandbox.profile, self.synced)

    def close(self):
        self.relay.close()
        self.ctl.sandbox.remove()

    def start_anew(self, slow):
        profile = self.ctl.sandbox.profile
        shutil.rmtree(profile)
        shutil.copytree(self.synced, profile)
        if slow:
            accounts = profile / "accounts.json"
            accounts.write_text(re.sub(rf"\b{self.server.imaps_port}\b", str(self.relay.port), accounts.read_text()))

    def sync(self, slow):
        self.start_anew(slow)
        return measure(self.ctl.command(["--json", "sync"]), self.ctl.environment)

    def trace(self):
        self.start_anew(False)
        return self.ctl.run("--verbose", "sync", timeout=600).errors

    def drain(self, commands):
        path = self.ctl.sandbox.write("commands", "".join(command + "\n" for command in commands))
        return measure([beside("bench_drain"), "localhost", str(self.server.imaps_port), self.server.ca_file,
                        self.server.user(self.user), str(self.ctl.sandbox.root / "password"), str(path), "--compress"])


def row(name, bench, aim, expected=None):
    """Both rows of a measurement; expected: what the report must say, or it was not what should be measured."""
    results = {}
    for way, slow in (("loopback", False), ("slow", True)):
        run = bench.sync(slow)
        for field, value in (expected or {}).items():
            if run.facts[field] != value:
                raise SystemExit(f"{name}: {field} is {run.facts[field]} instead of {value}")
        print(f"  {name:<34}{way:<10}{run.facts['round_trips']:>6}{run.facts['bytes_received']:>12}"
              f"{run.facts['bytes_sent']:>10}{run.facts['elapsed_ms']:>10}{run.cpu:>9.3f}   {aim}")
        results[way] = run.facts | {"wall": run.wall, "cpu": run.cpu}
    return results


def change(server, user, mailbox, count):
    """One flag each of `count` messages, a tenth as many expunged, a tenth as many new ones."""
    reader = ImapReader(server, user)
    reader.select(mailbox)
    uids = sorted(message["uid"] for message in reader.messages(mailbox))
    chosen = random.Random(7).sample(uids, count + count // 10)
    reader.select(mailbox)
    for start in range(0, count, 500):
        # Whatever it was, it is another one now.
        reader.command("STORE", ",".join(map(str, chosen[start:start + 500])), "+FLAGS", "(bench)")
    gone = ",".join(map(str, chosen[count:]))
    reader.command("STORE", gone, "+FLAGS", "(\\Deleted)")
    reader.command("EXPUNGE", gone)
    reader.__exit__()
    server.fill(mailbox, count // 10, seed=99, user=server.user(user))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--folders", type=int, default=300)
    parser.add_argument("--each", type=int, default=200, help="messages in each of the folders")
    parser.add_argument("--rtt", type=int, default=50, metavar="MS")
    parser.add_argument("--json", metavar="FILE", help="also write all figures there")
    options = parser.parse_args()
    results = {}
    with DovecotServer(*(f"--user={user}" for user in USERS)) as server:
        server.fill("INBOX", options.messages, seed=7)
        for number in range(options.folders):
            server.fill(f"Folder {number:03}", options.each, seed=100 + number, user=server.user(1))
        large, many = Bench(server, 0, options.rtt), Bench(server, 1, options.rtt)
        try:
            print(f"  {'':<44}{'trips':>6}{'received':>12}{'sent':>10}{'ms':>10}{'CPU s':>9}")
            results["unchanged"] = row(f"{options.messages} messages, unchanged", large, "aim: 6 trips, 4096 bytes",
                                       {"added": 0, "removed": 0, "changed": 0})
            results["folders"] = row(f"{options.folders} folders, unchanged", many, "aim: 10 trips",
                                     {"added": 0, "removed": 0, "changed": 0})
            known = next(mailbox for mailbox in large.ctl.json("mailboxes") if mailbox["name"] == "INBOX")
            count = min(1000, options.messages // 10)
            change(server, 0, "INBOX", count)
            fetches = re.findall(r"^C: \w+ (UID FETCH .*ENVELOPE.*)$", large.trace(), re.MULTILINE)
            floor = large.drain(["ENABLE QRESYNC",
                                 f'SELECT "INBOX" (QRESYNC ({known["uidvalidity"]} {known["highestmodseq"]}))',
                                 *fetches])
            results["changed"] = row(f"{count} flags, {count // 10} gone, {count // 10} new", large,
                                     "aim: 1.5 times the floor",
                                     {"added": count // 10, "removed": count // 10, "changed": count})
            results["changed"]["floor"] = floor.facts
            must, did = floor.facts["bytes_received"], results["changed"]["loopback"]["bytes_received"]
            print(f"  what the server must send: {must} bytes ({floor.facts['bytes_inflated']} inflated); "
                  f"{did / must:.2f} times as many were received")
        finally:
            for bench in (large, many):
                bench.close()
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
