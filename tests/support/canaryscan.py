#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for words that must not have reached a disk ("canaries"): in folders, and in what strace saw written.

A canary is found as plain text in UTF-8, UTF-16 and UTF-32 (with any case), in base64 at each of its three
alignments, also broken into lines, in quoted-printable and in hexadecimal.

For tests in other languages:
  canaryscan.py --canary WORD... [--folder FOLDER]... [--trace PREFIX [--may-write FOLDER]...]
prints one JSON object a finding and ends with 1 where there is any. PREFIX is what was given to
`strace -ff -o PREFIX`, with the options that `canaryscan.py --strace-options` prints.
"""

import argparse
import base64
import dataclasses
import glob
import json
import os
import pathlib
import quopri
import re
import secrets
import string
import sys

# -xx: strings and paths as \\xNN, so that nothing in them can look like strace's own punctuation.
STRACE_OPTIONS = ["-ff", "-yy", "-xx", "-s", str(64 * 1024 * 1024), "-e", "signal=none", "-e",
                  "trace=open,openat,openat2,creat,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg,"
                  "sendfile,copy_file_range,splice,tee,vmsplice,mmap,memfd_create,rename,renameat,renameat2,link,linkat,"
                  "symlink,symlinkat,mknod,mknodat"]

CREATING_FLAGS = re.compile(rb"\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b")
HEX_STRING = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
CALL = re.compile(rb"^(?:\d+ +)?(\w+)\((.*)$", re.DOTALL)
# 5<\x2f…>, 5<\x2f…>(deleted), 1<\x2f…<char 1:3>>, 4<TCP:[127.0.0.1:1->127.0.0.1:2]>
DESCRIPTOR = re.compile(rb"^(-?\d+|AT_FDCWD)(?:<([^<>]*(?:->[^<>]*)?)(?:<[^<>]*>)?>(?:\(deleted\))?)?(?:, |\))")
# The last path of a call, behind the folder that a relative one belongs to.
LAST_PATH = re.compile(rb'(?:AT_FDCWD|\d+)<([^>]*)>, "((?:\\x[0-9a-f]{2})*)"|"((?:\\x[0-9a-f]{2})*)"')


def new_canary(name):
    """A word that is nowhere else: small letters and digits, a letter beyond ASCII, and again."""
    def piece():
        return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(14))
    return f"{name}{piece()}ö{piece()}"


def base64_needles(data):
    """What base64 makes of `data` wherever it begins, without the characters that depend on its neighbours."""
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + data)
        yield encoded[(offset * 8 + 5) // 6:(offset + len(data)) * 8 // 6]


def needles(canary):
    """{description: (bytes, where to look: "lower", "joined" or "quoted")} of one canary.

    Besides the whole word its longest ASCII piece counts, which survives escapes of JSON, HTML and URLs.
    """
    found = {}
    pieces = {canary, max(re.findall(r"[ -~]+", canary), key=len)}
    for piece in sorted(pieces):
        for coding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            data = piece.encode(coding)
            found[f"{piece} {coding}"] = (data.lower(), "lower")
            for number, needle in enumerate(base64_needles(data)):
                found[f"{piece} {coding} base64 {number}"] = (needle, "joined")
                found[f"{piece} {coding} base64url {number}"] = (needle.translate(bytes.maketrans(b"+/", b"-_")),
                                                                 "joined")
            found[f"{piece} {coding} hex"] = (data.hex().encode(), "lower")
        quoted = quopri.encodestring(piece.encode(), quotetabs=False).replace(b"=\n", b"").strip()
        found[f"{piece} quoted-printable"] = (quoted.lower(), "quoted")
        every = "".join(f"={byte:02x}" for byte in piece.encode()).encode()
        found[f"{piece} quoted-printable, every byte"] = (every, "quoted")
    return found


@dataclasses.dataclass(frozen=True)
class Finding:
    place: str
    what: str


class Scanner:
    def __init__(self, canaries):
        self.needles = {what: needle for canary in canaries for what, needle in needles(canary).items()}

    def scan(self, data, place):
        """Findings in bytes."""
        joined = re.sub(rb"[\r\n]+", b"", data)
        views = {"lower": data.lower(), "joined": joined, "quoted": re.sub(rb"=\r?\n", b"", data).lower()}
        return [Finding(place, what) for what, (needle, view) in self.needles.items() if needle in views[view]]

    def scan_folder(self, folder):
        """Findings in the files below `folder`, in their names and in the targets of links."""
        found = []
        for parent, folders, files in os.walk(folder):
            for name in folders + files:
                path = pathlib.Path(parent, name)
                found += self.scan(os.fsencode(name), f"name of {path}")
                if path.is_symlink():
                    found += self.scan(os.fsencode(os.readlink(path)), f"target of {path}")
                elif path.is_file():
                    found += self.scan(path.read_bytes(), str(path))
        return found

    def scan_trace(self, prefix, may_write):
        """Findings in the files that strace wrote: a canary in a write to anything but a socket or a pipe, and a file
        opened for writing, made or mapped outside the folders `may_write`. Returns (findings, number of writes)."""
        return TraceScan(self, [pathlib.Path(folder).resolve() for folder in may_write]).run(prefix)


def unescaped(text):
    return bytes.fromhex(text.replace(b"\\x", b"").decode("ascii")) if text.startswith(b"\\x") else text


# What goes through an eventfd; one byte where it is a pipe.
WAKE_BYTES = 8


class TraceScan:
    WRITING = {b"write", b"pwrite64", b"writev", b"pwritev", b"pwritev2", b"sendto", b"sendmsg", b"sendmmsg", b"vmsplice"}
    # Sockets only (send(2): ENOTSOCK), also where strace does not know which: another thread has just closed it.
    SENDING = {b"sendto", b"sendmsg", b"sendmmsg"}
    COPYING = {b"sendfile", b"copy_file_range", b"splice", b"tee"}
    MAKING = {b"rename", b"renameat", b"renameat2", b"link", b"linkat", b"symlink", b"symlinkat", b"mknod", b"mknodat"}
    OPENING = {b"open", b"openat", b"openat2", b"creat"}

    def __init__(self, scanner, may_write):
        self.scanner = scanner
        self.may_write = may_write
        self.findings = []
        self.writes = 0

    def run(self, prefix):
        files = sorted(glob.glob(glob.escape(str(prefix)) + ".*"))
        if not files:
            raise RuntimeError(f"strace wrote nothing to {prefix}")
        for name in files:
            with open(name, "rb") as trace:
                for number, line in enumerate(trace, 1):
                    call = CALL.match(line)
                    if call:
                        self.look(f"{os.path.basename(name)}:{number}", call[1], call[2])
        return self.findings, self.writes

    def look(self, where, name, arguments):
        if name in self.WRITING:
            self.writes += 1
            target = self.descriptor(arguments)
            data = b"".join(unescaped(piece) for piece, _ in HEX_STRING.findall(arguments))
            if name not in self.SENDING and not self.is_stream(target):
                if target or not self.is_late_wake(arguments, data):
                    self.check_place(where, name, target)
                self.findings += self.scanner.scan(data, f"{where} {name.decode()} to {target}")
        elif name in self.COPYING:
            for target in re.findall(rb"\d+<((?:\\x[0-9a-f]{2})*)>", arguments):
                if target and not self.is_stream(unescaped(target).decode("utf-8", "replace")):
                    self.add(where, f"{name.decode()} copies a file within the kernel, which is not looked into")
        elif name in self.OPENING:
            flags, _, result = arguments.rpartition(b") = ")
            if (name == b"creat" or CREATING_FLAGS.search(HEX_STRING.sub(b"", flags))) and not result.startswith(b"-"):
                self.check_place(where, name, self.descriptor(result.rstrip(b"\n") + b", "))
        elif name == b"mmap":
            fields = arguments.split(b", ")
            if len(fields) >= 5 and b"PROT_WRITE" in fields[2] and b"MAP_SHARED" in fields[3] and fields[4][:1] != b"-":
                self.check_place(where, name, self.descriptor(fields[4] + b", "))
        elif name in self.MAKING and not re.search(rb"\) = -", arguments):
            folder, below, alone = LAST_PATH.findall(arguments)[-1]
            # A path without its folder is relative to one that is not known, and so counts as outside.
            path = os.path.join(unescaped(folder), unescaped(below or alone))
            self.check_place(where, name, path.decode("utf-8", "replace"))
        elif name == b"memfd_create":
            self.add(where, "memfd_create: what is written to it is not on a disk, but not looked into either")

    @staticmethod
    def is_late_wake(arguments, data):
        """Of a descriptor that strace does not know, because another thread closed it between the call and the look: the
        few bytes by which threads wake each other, or a call that failed. What they hold is looked into all the same."""
        return len(data) <= WAKE_BYTES or re.search(rb"\) = -1 ", arguments) is not None

    @staticmethod
    def descriptor(arguments):
        """What the first descriptor is: "/path", "pipe:[1]", "TCP:[…]", or "" where strace does not know."""
        found = DESCRIPTOR.match(arguments)
        return unescaped(found[2] or b"").decode("utf-8", "replace") if found else ""

    @staticmethod
    def is_stream(target):
        """Whether what is written goes somewhere that keeps nothing."""
        return (target in ("/dev/null", "/dev/tty") or target.startswith("/dev/pts/")
                or re.match(r"(pipe|socket|anon_inode|TCP|TCPv6|UDP|UDPv6|UNIX[A-Z-]*|NETLINK)[:\[]", target) is not None)

    def check_place(self, where, name, target):
        path = os.path.normpath(target) if target else ""
        if self.is_stream(path):
            return
        if not path or not any(pathlib.Path(path).is_relative_to(folder) for folder in self.may_write):
            self.add(where, f"{name.decode()}: writes outside the folders it may write to: {target or 'unknown'}")

    def add(self, where, what):
        self.findings.append(Finding(where, what))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--canary", action="append", default=[])
    parser.add_argument("--folder", action="append", default=[])
    parser.add_argument("--trace", metavar="PREFIX")
    parser.add_argument("--may-write", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--strace-options", action="store_true", help="print them, one a line, and end")
    options = parser.parse_args()
    if options.strace_options:
        print("\n".join(STRACE_OPTIONS))
        return 0
    if not options.canary or not (options.folder or options.trace):
        parser.error("nothing to look for, or nowhere to look")
    scanner = Scanner(options.canary)
    findings = [finding for folder in options.folder for finding in scanner.scan_folder(folder)]
    if options.trace:
        findings += scanner.scan_trace(options.trace, options.may_write)[0]
    for finding in findings:
        print(json.dumps(dataclasses.asdict(finding), ensure_ascii=False))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
