#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a first sync takes, and what it costs, beside the floor: bench_drain sends the same FETCH commands over TLS
and throws the answers away.

Both run in turns against the same warm Dovecot (a throw-away pass fills its index caches), and the medians are compared:
once with COMPRESS=DEFLATE, which the client uses where it is offered, and once with a server that does not offer it.
Wall time is that of the whole process, start and sign-in included, on both sides, which sign in by the same mechanism.

  bench_firstsync.py [--messages N] [--runs N] [--rtt MS] [--format mdbox|sdbox|maildir] [--json FILE]
With --rtt, a relay lets every round trip of both take that long.
The environment variable KITTIWAKECTL names the program, beside which bench_drain and bench_measure lie; otherwise the
newest build below build/ is taken.
"""

import argparse
import dataclasses
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from ctl import Ctl, program  # noqa: E402
from relay import Relay  # noqa: E402
from testservers import DovecotServer  # noqa: E402


@dataclasses.dataclass
class Run:
    """One process from its start to its end."""
    wall: float  # seconds
    user: float
    system: float
    peak: int  # bytes of resident memory
    facts: dict  # what it printed

    @property
    def cpu(self):
        return self.user + self.system


def beside(name):
    """A program that is built beside kittiwakectl."""
    return str(pathlib.Path(program()).parent / name)


def measure(command, environment=None):
    with tempfile.NamedTemporaryFile() as figures:
        done = subprocess.run([beside("bench_measure"), figures.name, *command], stdout=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, env=environment, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{command[0]} ended with {done.returncode}")
        return Run(**json.load(figures), facts=json.loads(done.stdout))


class Bench:
    """One server, with or without compression, the client's profile on it, and the floor."""

    def __init__(self, options, compressed):
        self.compressed, self.messages = compressed, options.messages
        hide = [] if compressed else ["--hide-capability=COMPRESS=DEFLATE"]
        self.server = DovecotServer("--format", options.format, *hide)
        self.server.fill("INBOX", options.messages, seed=7)
        self.relay = Relay(self.server.imaps_port, delay=options.rtt / 2000) if options.rtt else None
        self.port = self.relay.port if self.relay else self.server.imaps_port
        self.ctl = Ctl()
        self.ctl.add_account(self.server, host="localhost", port=self.port)
        self.fresh = self.ctl.sandbox.root / "fresh"
        shutil.copytree(self.ctl.sandbox.profile, self.fresh)
        self.commands = self.ctl.sandbox.root / "commands"
        self.clients, self.floors = [], []
        # The throw-away pass; its trace says which commands the floor has to repeat.
        trace = self.ctl.run("--verbose", "sync", timeout=600).errors
        sent = re.findall(r"^C: \w+ ((?:SELECT \"INBOX\"|UID FETCH|UID SEARCH).*)$", trace, re.MULTILINE)
        if not any(command.startswith("UID FETCH") for command in sent):
            raise SystemExit("the client's trace shows no UID FETCH")
        self.commands.write_text("".join(command + "\n" for command in sent))
        self.client()

    def close(self):
        if self.relay:
            self.relay.close()
        self.server.close()
        self.ctl.sandbox.remove()

    def client(self):
        shutil.rmtree(self.ctl.sandbox.profile)
        shutil.copytree(self.fresh, self.ctl.sandbox.profile)
        run = measure(self.ctl.command(["--json", "sync"]), self.ctl.environment)
        if run.facts["messages"] != self.messages:
            raise SystemExit(f"synced {run.facts['messages']} instead of {self.messages} messages")
        return run

    def floor(self):
        compress = ["--compress"] if self.compressed else []
        return measure([beside("bench_drain"), "localhost", str(self.port), self.server.ca_file,
                        self.server.user(), str(self.ctl.sandbox.root / "password"), str(self.commands), *compress])

    def take_turns(self):
        self.floors.append(self.floor())
        self.clients.append(self.client())

    def second_sync(self):
        """Nothing has changed since the last one."""
        return measure(self.ctl.command(["--json", "sync"]), self.ctl.environment)


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)


def row(name, runs):
    walls = [run.wall for run in runs]
    return (f"  {name:<26}{median(runs, 'wall'):>8.3f}{min(walls):>8.3f}{max(walls):>8.3f}{median(runs, 'user'):>9.3f}"
            f"{median(runs, 'system'):>8.3f}{median(runs, 'peak') / 1e6:>10.1f}")


def report(bench, second, rtt):
    client, floor = bench.clients, bench.floors
    last, drained = client[-1].facts, floor[-1].facts
    ratios = {field: median(client, field) / median(floor, field) for field in ("wall", "cpu")}
    print(f"\n{bench.messages} messages, " + (f"{rtt} ms round trip, " if rtt else "")
          + ("COMPRESS=DEFLATE" if bench.compressed else "no compression") + f", medians of {len(client)} runs")
    print(f"  {'':<26}{'wall s':>8}{'min':>8}{'max':>8}{'user s':>9}{'sys s':>8}{'peak MB':>10}")
    print(row("floor (bench_drain)", floor))
    print(row("kittiwakectl sync", client))
    print(f"  ratio to the floor: {ratios['wall']:.2f} in wall time, {ratios['cpu']:.2f} in CPU time; "
          f"{median(client, 'cpu') / bench.messages * 1e6:.1f} µs of CPU a message")
    print(f"  received: floor {drained['bytes_received']} bytes ({drained['bytes_inflated']} inflated), "
          f"client {last['bytes_received']}; {last['round_trips']} round trips, first page after {last['first_page_ms']} ms")
    if bench.compressed:
        print(f"  compressed {drained['bytes_inflated'] / drained['bytes_received']:.1f} to 1")
    print(f"  second sync, nothing changed: {second.wall:.3f} s, {second.cpu:.3f} s CPU, {second.facts['round_trips']} "
          f"round trips, {second.facts['bytes_received']} bytes received, {second.facts['bytes_sent']} sent")
    return {"messages": bench.messages, "compressed": bench.compressed, "ratio_wall": ratios["wall"],
            "ratio_cpu": ratios["cpu"], "client": [dataclasses.asdict(run) for run in client],
            "floor": [dataclasses.asdict(run) for run in floor], "second": dataclasses.asdict(second)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rtt", type=int, default=0, metavar="MS", help="milliseconds that a round trip takes")
    parser.add_argument("--format", choices=("mdbox", "sdbox", "maildir"), default="mdbox")
    parser.add_argument("--json", metavar="FILE", help="also write all figures there")
    options = parser.parse_args()
    benches = []
    try:
        for compressed in (True, False):
            benches.append(Bench(options, compressed))
        for _ in range(options.runs):
            for bench in benches:
                bench.take_turns()
        results = [report(bench, bench.second_sync(), options.rtt) for bench in benches]
        # What compression costs a client on a machine where bytes are free.
        print(f"\n  compressed client beside the floor without compression: "
              f"{median(benches[0].clients, 'wall') / median(benches[1].floors, 'wall'):.2f} in wall time")
    finally:
        for bench in benches:
            bench.close()
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
