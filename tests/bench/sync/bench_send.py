#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes to send a message with a large attachment: time, processor, memory, and whether progress is told evenly.

kittiwakectl sends it to a scripted submission server on this computer, once with DATA and once with BDAT. The memory of
the same program that sends a short message is measured too, so that what the message costs can be told apart.

  bench_send.py [--megabytes N] [--json FILE]
The environment variable KITTIWAKECTL names the program, beside which bench_measure lies; otherwise the newest build
below build/ is taken.
"""

import argparse
import base64
import json
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

ENDINGS = {"DATA": ("8BITMIME", "SIZE 99999999"), "BDAT": ("8BITMIME", "SIZE 99999999", "CHUNKING")}


def message(octets):
    """A message of about so many octets, most of them an attachment in base64."""
    data = random.Random(7).randbytes(octets * 57 // 78)
    body = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return (b"From: anna@kittiwake.example\r\nTo: ben@kittiwake.example\r\nSubject: large\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body)


def send(ctl, file):
    """Runs `send` to its end: seconds, processor seconds, peak memory in octets."""
    figures = ctl.sandbox.root / "figures"
    tool = pathlib.Path(program()).with_name("bench_measure")
    with open(file, "rb") as source:
        done = subprocess.run([tool, figures, *ctl.command(["--json", "send", "--no-copy"])], stdin=source, check=False,
                              stdout=subprocess.PIPE, env=ctl.environment, cwd=ctl.sandbox.root)
    if json.loads(done.stdout)["state"] != "sent":
        raise SystemExit(f"not sent: {done.stdout}")
    told = json.loads(figures.read_text())
    return {"seconds": round(told["wall"], 2), "cpu": round(told["user"] + told["system"], 2), "peak": told["peak"]}


def measure(server, kind, megabytes):
    tls = server.directory / "tls"
    smtp = ScriptedSmtp(users=[(server.user(), server.password())], tls="implicit", extensions=ENDINGS[kind],
                        tls_files=(tls / "good.pem", tls / "good.key"))
    ctl = Ctl()
    try:
        ctl.add_account(server, arguments=("--smtp", f"127.0.0.1:{smtp.port}"))
        large = message(megabytes << 20)
        short = send(ctl, ctl.sandbox.write("short", message(1000).decode()))
        result = send(ctl, ctl.sandbox.write("large", large.decode()))
        if smtp.complaints or smtp.accepted[-1].message.split(b"\r\n\r\n", 1)[1] != large.split(b"\r\n\r\n", 1)[1]:
            raise SystemExit("it did not arrive as it was written")
        result |= {"kind": kind, "octets": len(large), "short_peak": short["peak"],
                   "ratio": round((result["peak"] - short["peak"]) / len(large), 2)}
        print(f"{kind}: {len(large) / (1 << 20):.1f} MB in {result['seconds']} s, {result['cpu']} s of processor; memory "
              f"{result['peak'] / (1 << 20):.0f} MB, {short['peak'] / (1 << 20):.0f} MB with a short message: "
              f"{result['ratio']} times the message")
        return result
    finally:
        smtp.close()
        ctl.sandbox.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=25)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    server = DovecotServer()
    try:
        results = [measure(server, kind, options.megabytes) for kind in ENDINGS]
    finally:
        server.close()
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
