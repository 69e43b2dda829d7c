#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes into defects.txt which histories find each planted defect now; to be run when the simulator or the engine has
changed so much that the recorded ones do not find it any more.

record.py SIM_DEFECTS [DEFECT ...]: of these, or of all.
--count: seeds to try at most for each, --seeds: how many to record."""

import argparse
import pathlib
import re
import subprocess
import sys

DEFECTS = pathlib.Path(__file__).resolve().parent / "defects.txt"
FOUND = re.compile(r"found +(\S+) \(.*?\) by seed (\d+), history")


def search(program, name, count, seeds, every):
    """The seeds that find this defect."""
    arguments = [program, "--defect", name, "--count", str(count), "--seeds", str(seeds), "--every", str(every)]
    printed = subprocess.run(arguments, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False).stdout
    print(printed, end="", flush=True)
    found = [int(match[2]) for match in map(FOUND.match, printed.splitlines()) if match and match[1] == name]
    return list(dict.fromkeys(found))


def write_down(name, seeds):
    lines, is_there = [], False
    for line in DEFECTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            is_there = line.startswith(f"[{name}] ")
        if is_there and line.startswith("seed "):
            continue
        lines.append(line)
        if is_there and line.startswith("file "):
            lines.append("seed " + " ".join(map(str, seeds)))
    DEFECTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("defects", nargs="*")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--every", type=int, default=1, help="each so many-th seed only; 5: those that send mail")
    options = parser.parse_args()
    names = options.defects or re.findall(r"^\[(\S+)\]", DEFECTS.read_text(encoding="utf-8"), re.M)
    missed = []
    for name in names:
        seeds = search(options.program, name, options.count, options.seeds, options.every)
        if seeds:
            write_down(name, seeds)
        else:
            missed.append(name)
    print(f"{len(names)} defects, not found: {' '.join(missed) or 'none'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
