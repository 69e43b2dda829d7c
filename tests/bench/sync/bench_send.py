#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes to send a message with a large attachment, and to keep it as a draft: time, processor and memory.

kittiwakectl sends it to a scripted submission server on this computer, with DATA, with BDAT, and with the copy in Sent
of a Dovecot; it saves a draft with the same attachment there, and sends that. The memory of the same program that does
the same with a few octets is the floor, so that what the attachment costs can be told apart.

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

CHUNKS = ("8BITMIME", "SIZE 99999999", "CHUNKING")
KINDS = {  # words of the command, extensions of the submission server
    "DATA": (("send", "--no-copy"), CHUNKS[:2]),
    "BDAT": (("send", "--no-copy"), CHUNKS),
    "DATA, copy in Sent": (("send",), CHUNKS[:2]),
    "draft saved": (("draft", "write"), CHUNKS[:2]),
    "draft sent, copy in Sent": (("draft", "write", "--send"), CHUNKS[:2]),
}


def message(data):
    """A message whose only part is an attachment in base64."""
    body = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return (b"From: anna@kittiwake.example\r\nTo: ben@kittiwake.example\r\nSubject: large\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body)


def run(ctl, words, octets):
    """Runs the command to its end: seconds, processor seconds, peak memory in octets."""
    data = random.Random(7).randbytes(octets)
    file = ctl.sandbox.root / "input"
    if words[0] == "draft":
        attached = ctl.sandbox.root / "attached.bin"
        attached.write_bytes(data)
        file.write_text(f"To: ben@kittiwake.example\nSubject: large\nAttach: {attached}\nA sentence.\n")
    else:
        file.write_bytes(message(data))
    figures = ctl.sandbox.root / "figures"
    tool = pathlib.Path(program()).with_name("bench_measure")
    with open(file, "rb") as source:
        done = subprocess.run([tool, figures, *ctl.command(["--json", *words])], stdin=source, check=False,
                              stdout=subprocess.PIPE, env=ctl.environment, cwd=ctl.sandbox.root)
    if done.returncode != 0 or ctl.json("pending") != []:
        raise SystemExit(f"not done: {done.stdout} {ctl.json('pending')}")
    told = json.loads(figures.read_text())
    return {"seconds": round(told["wall"], 2), "cpu": round(told["user"] + told["system"], 2), "peak": told["peak"]}


def measure(server, kind, megabytes):
    words, extensions = KINDS[kind]
    tls = server.directory / "tls"
    smtp = ScriptedSmtp(users=[(server.user(), server.password())], tls="implicit", extensions=extensions,
                        tls_files=(tls / "good.pem", tls / "good.key"))
    ctl = Ctl()
    try:
        ctl.add_account(server, arguments=("--smtp", f"127.0.0.1:{smtp.port}"))
        ctl.json("sync")
        floor = run(ctl, words, 1000)
        octets = megabytes * 1_000_000
        result = run(ctl, words, octets)
        if smtp.complaints or (kind != "draft saved" and len(smtp.accepted[-1].message) < octets * 4 // 3):
            raise SystemExit("it did not arrive as it was written")
        result |= {"kind": kind, "octets": octets, "floor": floor["peak"],
                   "ratio": round(result["peak"] / octets, 2), "more": round((result["peak"] - floor["peak"]) / octets, 2)}
        print(f"{kind}: {megabytes} MB in {result['seconds']} s, {result['cpu']} s of processor; memory "
              f"{result['peak'] / 1e6:.0f} MB ({result['ratio']} times the file), {floor['peak'] / 1e6:.0f} MB with a "
              f"short one")
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
        results = [measure(server, kind, options.megabytes) for kind in KINDS]
    finally:
        server.close()
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
