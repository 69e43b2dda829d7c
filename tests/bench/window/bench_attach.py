#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window does while somebody attaches a large file and sends it: the longest time in which it answers to
nothing, and its memory, beside those of the same window with a short file (the floor).

  bench_attach.py [--megabytes N] [--json FILE]
The environment variables KITTIWAKECTL and BENCH_ATTACH name the programs; otherwise the newest build below build/.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys

sys.dont_write_bytecode = True
for folder in ("support", "servers"):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / folder))

from ctl import Ctl, program  # noqa: E402
from scriptedsmtp import ScriptedSmtp  # noqa: E402
from testservers import DovecotServer  # noqa: E402


def measure(megabytes):
    server = DovecotServer()
    tls = server.directory / "tls"
    smtp = ScriptedSmtp(users=[(server.user(), server.password())], tls="implicit",
                        extensions=("8BITMIME", "SIZE 99999999", "PIPELINING"),
                        tls_files=(tls / "good.pem", tls / "good.key"))
    ctl = Ctl()
    try:
        ctl.add_account(server, arguments=("--smtp", f"127.0.0.1:{smtp.port}"))
        ctl.json("sync")
        (ctl.sandbox.profile / "window.ini").write_text("[composer]\nundoSeconds=0\n")
        files = []
        for name, octets in (("short.bin", 1000), ("large.bin", megabytes * 1_000_000)):
            files.append(ctl.sandbox.root / name)
            files[-1].write_bytes(random.Random(octets).randbytes(octets))
        bench = os.environ.get("BENCH_ATTACH") or pathlib.Path(program()).with_name("bench_attach")
        done = subprocess.run([bench, ctl.sandbox.profile, server.user(1), *files], stdout=subprocess.PIPE, text=True,
                              env=ctl.environment | {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"},
                              check=False, timeout=600)
        figures = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode != 0 or len(figures) != 2 or len(smtp.accepted) != 2 or smtp.complaints:
            raise SystemExit(f"not sent: {done.returncode} {figures} {smtp.complaints}")
        return figures
    finally:
        smtp.close()
        server.close()
        ctl.sandbox.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=25)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    floor, large = measure(options.megabytes)
    for name, one in (("a short file", floor), (f"{options.megabytes} MB", large)):
        print(f"{name}: {one['total_ms']} ms; the window computed {one['longest_cpu_ms']} ms at a time at most "
              f"({one['over']} times over 16), and was held up {one['longest_ms']} ms; memory at most "
              f"{one['peak'] / 1e6:.0f} MB; {one['progress']} steps of progress were shown")
    print(f"more memory than with a short file: {(large['peak'] - floor['peak']) / large['octets']:.2f} times the file")
    if options.json:
        options.json.write_text(json.dumps([floor, large], indent=1))


if __name__ == "__main__":
    main()
