#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to move all messages of a large mailbox, and to bring them back: kittiwakectl, wall and CPU, beside the same
MOVE in one command by bench_drain on another user's equal mailbox of the same server, which is Dovecot's own time.

  bench_move.py [--messages N] [--json FILE]
"""

import argparse
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from bench_firstsync import beside, measure  # noqa: E402
from ctl import Ctl  # noqa: E402
from imapreader import ImapReader  # noqa: E402
from testservers import DovecotServer  # noqa: E402

USERS = ("anna@kittiwake.example:a", "ben@kittiwake.example:b")


def run(messages):
    results = {"messages": messages}
    with DovecotServer(*[word for user in USERS for word in ("--user", user)]) as server:
        for user in range(len(USERS)):
            server.fill("INBOX", messages, seed=3, user=server.user(user))
        ctl = Ctl()
        try:
            ctl.add_account(server, 0, host="localhost")
            ctl.run("sync", timeout=900)
            path = ctl.sandbox.write("commands", "SELECT INBOX\nUID MOVE 1:* Archive\n")
            password = ctl.sandbox.write("ben", server.password(1) + "\n")
            floor = measure([beside("bench_drain"), "localhost", str(server.imaps_port), server.ca_file, server.user(1),
                             str(password), str(path)])
            print(f"  {'MOVE in one command (floor)':<34}{floor.wall:>9.2f} s wall {floor.cpu:>9.2f} s CPU")
            results["floor"] = {"wall": floor.wall, "cpu": floor.cpu}
            for name, words in (("kittiwakectl move", ("move", "INBOX", "1:*", "Archive")),
                                ("kittiwakectl undo", ("undo",)),
                                ("kittiwakectl flag", ("flag", "INBOX", "1:*", "+Flagged")),
                                ("kittiwakectl undo of it", ("undo",)),
                                ("kittiwakectl delete", ("delete", "INBOX", "1:*"))):
                done = measure(ctl.command(["--json", *words]), ctl.environment)
                if done.facts["state"] != "done":
                    raise SystemExit(f"{name}: {done.facts}")
                ctl.run("sync", timeout=900)
                print(f"  {name:<34}{done.wall:>9.2f} s wall {done.cpu:>9.2f} s CPU   "
                      f"{done.wall / floor.wall:.1f} times the floor, peak {done.peak / 2**20:.0f} MiB")
                results[name] = {"wall": done.wall, "cpu": done.cpu, "peak": done.peak, "ratio": done.wall / floor.wall}
            with ImapReader(server, 0) as reader:
                there = {name: reader.status(name)["messages"] for name in ("INBOX", "Archive", "Trash")}
            if there != {"INBOX": 0, "Archive": 0, "Trash": messages}:
                raise SystemExit(f"the server has {there}")
        finally:
            ctl.sandbox.remove()
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    print(f"{options.messages} messages")
    results = run(options.messages)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
