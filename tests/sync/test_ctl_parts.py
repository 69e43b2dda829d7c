#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only what is read is fetched, and what is saved comes in pieces: bytes on the wire, cuts, memory, broken promises."""

import base64
import hashlib
import random
import re
import sys
import unittest

from suite import SyncCase
from ctl import FAILED
from relay import Relay
from testservers import DovecotServer, PersonalityServer

MEGABYTE = 1 << 20
SIZE = 22 * MEGABYTE  # 30 MB in base64
# What TLS, the sign-in and opening a mailbox cost at most, with room to spare.
HANDSHAKE = 60_000
MEASURE = (sys.executable, "-c", "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); "
           "print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(code)")

TEXT = "The sentence that people read. " * 60


def big_message(data, encoding="base64", md5=None):
    encoded = base64.encodebytes(data).decode() if encoding == "base64" else data.decode("latin-1")
    checksum = f"Content-MD5: {md5}\n" if md5 else ""
    return ("From: big@example.org\nTo: anna@kittiwake.example\nSubject: big\nMessage-ID: <big@example.org>\n"
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\n"
            f"Content-Type: text/plain; charset=utf-8\n\n{TEXT}\n--outer\n"
            f"Content-Type: application/octet-stream; name=big.bin\nContent-Transfer-Encoding: {encoding}\n{checksum}"
            f"Content-Disposition: attachment; filename=big.bin\n\n{encoded}\n--outer--\n")


class CountingRelay(Relay):
    """Counts what the server says, and cuts the connection each time that so much has passed since the last cut."""

    def __init__(self, target):
        self.received = 0
        self.cut_every = 0
        self.since_cut = 0
        self.cuts = 0
        super().__init__(target, on_server_data=self.count)

    def count(self, data, _):
        self.received += len(data)
        self.since_cut += len(data)
        if self.cut_every and self.since_cut > self.cut_every:
            self.since_cut = 0
            self.cuts += 1
            raise ConnectionResetError


class TestCtlParts(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.data = random.Random(5).randbytes(SIZE)
        cls.server = DovecotServer("--user=anna@kittiwake.example:correct horse")
        cls.addClassCleanup(cls.server.close)
        cls.server.append("INBOX", big_message(cls.data))

    def client(self, server=None):
        """A client whose traffic is counted, with its cache filled."""
        server = server or self.server
        relay = CountingRelay(server.imaps_port)
        self.addCleanup(relay.close)
        ctl = self.empty_ctl()
        ctl.add_account(server, host="localhost", port=relay.port)
        ctl.run("sync")
        relay.received = 0
        return ctl, relay

    def test_reading_costs_the_text(self):
        ctl, relay = self.client()
        self.assertIn(TEXT.strip(), ctl.run("show", "INBOX", 1).text)
        self.assertLess(relay.received, HANDSHAKE)

    def test_saving_costs_the_file(self):
        ctl, relay = self.client()
        target = ctl.sandbox.root / "saved.bin"
        outcome = ctl.run("show", "INBOX", 1, "--part", 2, "--output", target, wrapper=MEASURE)
        self.assertEqual(hashlib.sha256(target.read_bytes()).digest(), hashlib.sha256(self.data).digest())
        # BINARY: without the third that base64 adds.
        self.assertLess(relay.received, SIZE * 1.02 + HANDSHAKE)
        peak = int(re.search(r"peak (\d+)", outcome.errors)[1]) * 1024
        print(f"22 MB saved: {relay.received} bytes received, peak {peak / MEGABYTE:.0f} MB", file=sys.stderr)
        self.assertLess(peak, 80 * MEGABYTE)

    def test_a_cut_does_not_begin_again(self):
        ctl, relay = self.client()
        relay.cut_every = 5 * MEGABYTE
        target = ctl.sandbox.root / "saved.bin"
        ctl.run("show", "INBOX", 1, "--part", 2, "--output", target)
        self.assertEqual(target.read_bytes(), self.data)
        self.assertGreaterEqual(relay.cuts, 3)
        # What was on its way at each cut comes twice: a piece of two megabytes at most.
        self.assertLess(relay.received, SIZE + relay.cuts * (2 * MEGABYTE + HANDSHAKE) + MEGABYTE)
        self.assertEqual([path.name for path in ctl.sandbox.root.glob("saved*")], ["saved.bin"])

    def test_without_binary_it_is_decoded_here(self):
        server = DovecotServer("--user=anna@kittiwake.example:correct horse", "--hide-capability=BINARY,COMPRESS=DEFLATE")
        self.addCleanup(server.close)
        data = self.data[:MEGABYTE]
        digest = base64.b64encode(hashlib.md5(data).digest()).decode()
        server.append("INBOX", big_message(data, md5=digest))
        server.append("INBOX", big_message(data[:-5], md5=digest))
        # Cut off in the middle of a group of four.
        whole = big_message(data)
        begin, end = whole.index("\n\n", whole.index("name=big.bin")) + 2, whole.index("\n--outer--")
        server.append("INBOX", whole[:begin + 77 * 1000 + 1] + whole[end:])
        ctl, relay = self.client(server)
        target = ctl.sandbox.root / "saved.bin"
        outcome = ctl.run("show", "INBOX", 1, "--part", 2, "--output", target)
        self.assertEqual((target.read_bytes(), outcome.errors), (data, ""))
        self.assertGreater(relay.received, MEGABYTE * 4 / 3)
        outcome = ctl.run("show", "INBOX", 2, "--part", 2, "--output", target)
        self.assertEqual(target.read_bytes(), data[:-5])
        self.assertIn("checksum", outcome.errors)
        outcome = ctl.run("show", "INBOX", 3, "--part", 2, "--output", target)
        self.assertEqual(target.read_bytes(), data[:len(target.read_bytes())])
        self.assertIn("cut off", outcome.errors)

    def test_damage_that_the_server_will_not_decode(self):
        message = big_message(self.data[:9000]).replace("\n--outer--", "\n!!! \x01 not base64 &&&\n--outer--")
        self.server.append("Damaged", message)
        ctl, _ = self.client()
        target = ctl.sandbox.root / "saved.bin"
        ctl.run("show", "Damaged", 1, "--part", 2, "--output", target)
        self.assertEqual(target.read_bytes()[:9000], self.data[:9000])

    def test_a_server_that_hangs_up_on_damage(self):
        # Dovecot 2.3 ends the connection where base64 ends in the middle of a group, and only when it gets there.
        whole = big_message(self.data[:3 * MEGABYTE])
        end = whole.index("\n--outer--")
        self.server.append("Cut", whole[:end - 7] + whole[end:])
        ctl, relay = self.client()
        target = ctl.sandbox.root / "saved.bin"
        ctl.run("show", "Cut", 1, "--part", 2, "--output", target)
        saved = target.read_bytes()
        self.assertGreater(len(saved), 3 * MEGABYTE - 100)
        self.assertEqual(saved, self.data[:len(saved)])

    def test_a_server_whose_pieces_are_not_to_be_trusted(self):
        server = PersonalityServer("exchange")
        self.addCleanup(server.close)
        data = self.data[:3 * MEGABYTE]
        server.append("INBOX", big_message(data))
        ctl = self.ctl_of_service(server)
        ctl.run("sync")
        target = ctl.sandbox.root / "saved.bin"
        ctl.run("show", "INBOX", 1, "--part", 2, "--output", target)
        self.assertEqual(target.read_bytes(), data)

    def test_structures_that_are_not_true(self):
        """Then the whole message is fetched and taken apart here: the same text, the same file, whatever was told."""
        with PersonalityServer("gmx") as server:
            data = self.data[:90_000]
            lies = ("swapped", "more", "encodings", "sizes", "one-text", "broken", "deep")
            for lie in lies:
                letter = big_message(data).replace("MIME-Version", f"X-Lie: {lie}\nMIME-Version")
                server.append("INBOX", letter.replace("Content-Type: text/plain; charset=utf-8\n", "Content-Type: "
                              "text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n")
                              .replace(TEXT, base64.encodebytes(TEXT.encode()).decode()))
            ctl = self.ctl_of_service(server)
            ctl.run("sync")
            target = ctl.sandbox.root / "saved.bin"
            for uid, lie in enumerate(lies, 1):
                with self.subTest(lie):
                    text = ctl.run("show", "INBOX", uid).text
                    self.assertIn(TEXT.strip(), text)
                    section = re.search(r"\[(\S+)  big\.bin  application/octet-stream", text)
                    self.assertIsNotNone(section, text)
                    ctl.run("show", "INBOX", uid, "--part", section[1], "--output", target)
                    self.assertEqual(target.read_bytes(), data)
                    self.assertEqual(ctl.run("show", "INBOX", uid, "--part", section[1]).output, data)
            ctl.run("show", "INBOX", 1, "--part", "local/9", code=FAILED)

    def test_what_cannot_be_saved_leaves_nothing(self):
        ctl, _ = self.client()
        for part, where in ((9, "file"), (2, "no such folder/file"), (2, ".")):
            outcome = ctl.run("show", "INBOX", 1, "--part", part, "--output", ctl.sandbox.root / where, code=FAILED)
            self.assertEqual(outcome.errors.count("\n"), 1, outcome.errors)
        self.assertFalse((ctl.sandbox.root / "file").exists())


if __name__ == "__main__":
    unittest.main()
