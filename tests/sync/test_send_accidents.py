#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accidents while a message is handed over: the connection is cut at every step, or kittiwakectl is killed there. There
are never two copies at the recipient unless the person asks for another one, and never none without the person knowing.
"""

import sqlite3
import subprocess
import unittest

import suite
from scriptedsmtp import Fault
from suite import SyncCase
from testservers import DovecotServer

ANNA, BEN = "anna@kittiwake.example", "ben@kittiwake.example"
MOMENTS = ("before", "worked", "replied")
WITHOUT_CHUNKS = ("8BITMIME", "SIZE 50000000")  # DATA, and one command after the other
WITH_CHUNKS = ("PIPELINING", "CHUNKING", "8BITMIME", "SIZE 50000000")


class TestSendAccidents(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)

    def account_at(self, extensions, tls="implicit"):
        smtp = suite.smtp_of(self.server, extensions=extensions, tls=tls)
        self.addCleanup(smtp.close)
        ctl = self.empty_ctl()
        ctl.add_account(self.server, arguments=("--smtp", f"127.0.0.1:{smtp.port}", "--smtp-tls", tls))
        ctl.json("sync")
        return smtp, ctl

    def message(self, number, size=0):
        filling = b"".join(b"%070d\r\n" % line for line in range(size // 72))
        return (f"From: {ANNA}\r\nTo: {BEN}\r\nSubject: number {number}\r\nMessage-ID: <{number}@id.example>\r\n\r\n"
                .encode() + filling)

    def copies(self, smtp, number):
        return sum(b"<%d@id.example>" % number in one.message for one in smtp.accepted)

    def assert_sound(self, ctl):
        database = sqlite3.connect(ctl.sandbox.profile / "pending.db")
        try:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            # No message stays behind without its operation.
            self.assertEqual(database.execute("SELECT count(*) FROM content WHERE operation NOT IN "
                                              "(SELECT id FROM operation)").fetchall(), [(0,)])
        finally:
            database.close()

    def settle(self, ctl, smtp, number, where):
        """After the accident: what the person sees, and what the next connections make of it."""
        smtp.fault = None
        smtp.wait_until_idle()
        copies = self.copies(smtp, number)
        self.assertLessEqual(copies, 1, where)
        pending = self.outbox(ctl)
        if not pending:
            self.assertEqual(copies, 1, f"{where}: gone, and nobody has it")
            ctl.json("sync")  # a copy for Sent may wait
            return "sent"
        (one,) = pending
        state = one["state"]
        self.assertIn(state, ("queued", "unknown", "sending"), where)
        ctl.json("sync")
        after = self.outbox(ctl)
        if state == "queued":
            self.assertEqual((self.copies(smtp, number), after), (1, []), where)
            return state
        # Nobody knows: it is not sent again by itself, however often one connects.
        self.assertEqual([item["state"] for item in after], ["unknown"], where)
        self.assertRegex(after[0]["error"], "may have been sent or not")
        ctl.json("sync")
        self.assertEqual(self.copies(smtp, number), copies, where)
        if number % 2:
            ctl.run("pending", "drop", one["id"])
            self.assertEqual(self.copies(smtp, number), copies, where)
        else:
            self.assertEqual(ctl.json("pending", "retry", one["id"])["state"], "sent", where)
            self.assertEqual(self.copies(smtp, number), copies + 1, where)
        self.assertEqual(self.outbox(ctl), [], where)
        return "unknown"

    @staticmethod
    def outbox(ctl):
        return [one for one in ctl.json("pending") if one["kind"] == "send"]

    def sweep(self, extensions, accident, tls="implicit", size=0):
        smtp, ctl = self.account_at(extensions, tls)
        before = {one["uid"] for one in self.reader().messages("Sent")}
        seen, sent, number, step = {}, {}, 0, 0
        while True:
            for moment in MOMENTS:
                number += 1
                smtp.fault = fault = Fault(step, moment)
                accident(ctl, smtp, fault, self.message(number, size))
                where = f"{moment} {step} {fault.met}"
                state = seen[(fault.met, moment)] = self.settle(ctl, smtp, number, where)
                sent[number] = "given up" if state == "unknown" and number % 2 else state
                self.assert_sound(ctl)
            if not fault.met:
                break
            step += 1
        self.assertEqual(smtp.complaints, [])
        # One copy in Sent of each that is known to be sent, whatever happened on the way.
        self.assertEqual(ctl.json("pending"), [])
        ids = [one["message_id"] for one in self.reader().messages("Sent") if one["uid"] not in before]
        self.assertEqual(len(ids), len(set(ids)))
        known = {f"<{number}@id.example>" for number, state in sent.items() if state != "given up"}
        self.assertEqual(set(ids), known)
        return seen

    @staticmethod
    def cut(ctl, _smtp, _fault, message):
        ctl.run("send", stdin=message, code=None)

    @staticmethod
    def kill(ctl, smtp, fault, message):
        process = subprocess.Popen(ctl.command(["send"]), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=ctl.environment, cwd=ctl.sandbox.root)

        def strike():
            process.kill()
            process.wait()
        fault.action = strike
        process.stdin.write(message)
        process.stdin.close()
        process.wait(60)

    def check(self, seen, end):
        """Only at the end of a message does nobody know; with its answer everybody does."""
        for (command, moment), state in seen.items():
            if command == end and moment in ("before", "worked"):
                self.assertEqual(state, "unknown", (command, moment))
            elif (command, moment) in (("DATA", "replied"), ("RCPT", "replied")):
                # The whole message may have left before the cut was seen: then nobody can say that it did not arrive.
                self.assertIn(state, ("queued", "unknown"), (command, moment))
            elif command not in (end, "QUIT", ""):
                self.assertEqual(state, "queued", (command, moment))
        self.assertEqual(seen[("QUIT", "before")], "sent")

    def test_cut_in_dialogue(self):
        seen = self.sweep(WITHOUT_CHUNKS, self.cut)
        self.assertEqual(seen[("end of DATA", "replied")], "sent")
        self.check(seen, "end of DATA")

    def test_cut_in_chunks(self):
        seen = self.sweep(WITH_CHUNKS, self.cut, tls="starttls")
        self.assertEqual(seen[("BDAT", "replied")], "sent")
        self.check(seen, "BDAT")

    def test_killed_in_dialogue(self):
        seen = self.sweep(WITHOUT_CHUNKS, self.kill)
        # Between the answer and what is written down because of it, a kill leaves it unknown.
        self.assertIn(seen[("end of DATA", "replied")], ("sent", "unknown"))
        self.check({key: state for key, state in seen.items() if key[0] != "QUIT"} | {("QUIT", "before"): "sent"},
                   "end of DATA")

    def test_killed_in_chunks(self):
        seen = self.sweep(WITH_CHUNKS, self.kill)
        self.assertIn(seen[("BDAT", "replied")], ("sent", "unknown"))

    def test_cut_in_the_middle_of_a_large_message(self):
        smtp, ctl = self.account_at(WITHOUT_CHUNKS)

        def stop(octets):
            if octets > 1_000_000:
                smtp.on_octets = None
                raise OSError("cut")
        smtp.on_octets = stop
        self.assertEqual(ctl.json("send", stdin=self.message(1, 24_000_000))["state"], "queued")
        self.assertEqual(self.copies(smtp, 1), 0)
        ctl.json("sync")
        self.assertEqual((self.copies(smtp, 1), ctl.json("pending")), (1, []))

    def test_the_server_has_seen_enough(self):
        smtp, ctl = self.account_at(WITHOUT_CHUNKS)
        smtp.early = (500_000, "552 5.3.4 Message too big")
        refused = ctl.run("--json", "send", stdin=self.message(1, 8_000_000), code=1)
        self.assertEqual(refused.json()["state"], "failed")
        self.assertRegex(refused.errors, "too large")


if __name__ == "__main__":
    unittest.main(verbosity=2)
