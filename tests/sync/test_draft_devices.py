#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two devices type into one draft, cut off and killed at random: in the end there is one draft, or there are two and the
person was told; nothing that a device had saved is lost; and when all is sent, no draft is left.

KITTIWAKE_DRAFT_MINUTES says how long they type (a third of a minute), KITTIWAKE_SEED repeats the accidents.
"""

import email
import email.policy
import json
import os
import queue
import random
import re
import subprocess
import threading
import time
import unittest

import suite
from relay import Relay
from suite import SyncCase
from testservers import CyrusServer, DovecotServer, PersonalityServer

SEED = int(os.environ.get("KITTIWAKE_SEED") or 11)
SECONDS = float(os.environ.get("KITTIWAKE_DRAFT_MINUTES") or 1 / 3) * 60
USERS = 2
DRAFT = b"""From: Anna <anna@kittiwake.example>
To: Ben <ben@kittiwake.example>
Subject: One draft

Begun.
"""


class Device:
    """A profile of its own, its own connection to the server, and a window in which somebody types."""

    def __init__(self, case, name, ctl, draft):
        self.case, self.name, self.ctl = case, name, ctl
        self.process = None
        self.states = self.reader = None
        self.known = draft  # its id
        self.typed = 0
        self.lines = []  # the words that this process has been given
        self.safe = set()  # the words of which was said that they are saved
        self.conflict = False

    @classmethod
    def behind_relay(cls, case, name, smtp, draft):
        relay = Relay(case.server.imaps_port)
        case.addCleanup(relay.close)
        ctl = case.empty_ctl()
        ctl.add_account(case.server, port=relay.port, arguments=("--smtp", f"127.0.0.1:{smtp.port}"))
        ctl.json("sync")
        device = cls(case, name, ctl, draft)
        device.relay = relay
        return device

    def open(self):
        """The one that is on this device, as after a crash; else the one on the server."""
        here = [one for one in self.ctl.json("draft", "list") if one["state"] == "here"]
        self.case.assertLessEqual(len(here), 1)
        self.known = here[0]["id"] if here else self.known
        self.lines = []
        words = ("--json", "draft", "write", "--pause", "200", "--id", self.known)
        self.process = subprocess.Popen(self.ctl.command(words), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, env=self.ctl.environment, cwd=self.ctl.sandbox.root)
        self.states = queue.Queue()
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout, self.states), daemon=True)
        self.reader.start()

    @staticmethod
    def _read(pipe, states):
        for line in pipe:
            states.put(json.loads(line))
        states.put(None)

    def _take(self, state):
        self.known = state["id"]
        self.conflict = self.conflict or state["conflict"]
        self.safe.update(self.lines[:state["lines"]])

    def type(self):
        """One more word, until it is told that it is saved. A state that is about an earlier one says nothing about it."""
        self.typed += 1
        word = f"{self.name}{self.typed}"
        self.lines.append(word)
        try:
            self.process.stdin.write(word.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return False
        while word not in self.safe:
            state = self.states.get(timeout=30)
            if state is None:
                return False
            self._take(state)
        return True

    def wait_for(self, place, timeout):
        """Until the draft is there, or the time is over."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                state = self.states.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                return False
            if state is None:
                return False
            self._take(state)
            if state["state"] == place:
                return True
        return False

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self._end()

    def _end(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # It was killed while a word was on its way.
        self.reader.join()
        self.process.stdout.close()
        self.process = None

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
        while (state := self.states.get(timeout=30)) is not None:
            self._take(state)
        self._end()


class TestTwoDevices(SyncCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)

    def on_server(self, reader):
        """(Message-ID, message) of each draft; one that goes at this very moment is none."""
        found = []
        for one in reader.messages("Drafts"):
            if "\\Deleted" not in one["flags"]:
                reader.select("Drafts")
                # News of other messages may come along.
                for data in reader.command("FETCH", str(one["uid"]), "(BODY.PEEK[])"):
                    if isinstance(data, tuple):
                        found.append((one["message_id"], email.message_from_bytes(data[1], policy=email.policy.SMTP)))
        return found

    @staticmethod
    def words(message):
        return set(re.findall(r"[AB]\d+", message.get_body(("plain",)).get_content()))

    def test_one_draft_or_two_that_are_shown(self):
        numbers = random.Random(SEED)
        smtp = suite.smtp_of(self.server)
        self.addCleanup(smtp.close)
        devices = [Device.behind_relay(self, name, smtp, None) for name in "AB"]
        saved = devices[0].ctl.json("draft", "save", stdin=DRAFT)
        for device in devices:
            device.known = saved["id"]
            device.ctl.json("sync")
            device.open()
            self.addCleanup(device.kill)
        reader = self.reader()
        end = time.monotonic() + SECONDS
        most, kills, cuts = 0, 0, 0
        while time.monotonic() < end:
            device = numbers.choice(devices)
            accident = numbers.random()
            if device.process is None:
                device.open()
            alive = device.type()
            if accident < 0.04 or not alive:
                device.kill()
                kills += 1
            elif accident < 0.16:
                device.relay.cut()
                cuts += 1
            elif accident < 0.5:
                device.wait_for("server", numbers.random() * 2)
            if accident > 0.9:
                most = max(most, len(self.on_server(reader)))
        for device in devices:
            if device.process is None:
                device.open()
            device.close()
        for device in devices:
            device.ctl.json("sync")
        for device in devices:
            device.ctl.json("sync")
            self.assertEqual(device.ctl.json("pending"), [], device.name)
        drafts = self.on_server(reader)
        where = f"seed {SEED}, {kills} kills, {cuts} cuts, {[len(device.safe) for device in devices]} words"
        self.assertLessEqual(len(drafts), 2, where)
        self.assertLessEqual(most, 8, where)  # two, each of them while the old version goes, and up to two that cannot go now
        if len(drafts) == 2:
            self.assertTrue(any(device.conflict for device in devices), where)
        kept = set().union(*(self.words(message) for _, message in drafts))
        for device in devices:
            self.assertEqual(device.safe - kept, set(), where)
        # Sent from any device, they are gone from the drafts.
        sender = devices[0].ctl
        for one in sender.json("draft", "list"):
            done = subprocess.run(sender.command(("--json", "draft", "write", "--send", "--id", one["id"])),
                                  input=b"Done.\n", capture_output=True, timeout=60, env=sender.environment,
                                  cwd=sender.sandbox.root, check=False)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
        sender.json("sync")
        self.assertEqual(sender.json("pending"), [])
        self.assertEqual(self.on_server(reader), [], where)
        self.assertEqual(len(smtp.accepted), len(drafts))
        print(f"{where}: {len(drafts)} drafts")


class TestReplace(SyncCase):
    """REPLACE, where the server has it: the old version and the new one change places in one step."""

    def versions(self, server):
        """The commands that three versions after the first take; one draft is left."""
        self.server = server
        self.addCleanup(server.close)
        ctl = self.new_ctl()
        ctl.json("sync")
        saved = ctl.json("draft", "save", stdin=DRAFT)
        verbs = []
        for number in range(3):
            ctl.json("sync")
            lines = ctl.run("--verbose", "--json", "draft", "save", "--id", saved["id"],
                            stdin=DRAFT.replace(b"Begun", b"%d" % number)).errors
            verbs.append(re.findall(r"C: \S+ (UID REPLACE|APPEND|UID EXPUNGE)", lines))
            ctl.json("sync")
            (one,) = ctl.json("draft", "list")
            self.assertEqual((one["id"], one["conflict"]), (saved["id"], False))
        self.assertEqual(ctl.json("pending"), [])
        return ctl, saved["id"], verbs

    def test_with_it(self):
        server = PersonalityServer("replace")
        ctl, draft, verbs = self.versions(server)
        self.assertEqual(verbs, [["UID REPLACE"]] * 3)
        ctl.json("draft", "delete", draft)
        ctl.json("sync")
        self.assertEqual(ctl.json("draft", "list"), [])

    def test_without_it(self):
        _, _, verbs = self.versions(CyrusServer())
        self.assertEqual(verbs, [["APPEND", "UID EXPUNGE"]] * 3)


class TestLate(SyncCase):
    """A server goes on with what came over a connection that has ended: it may store a version when nobody expects it any more."""

    def check(self, personality, when):
        self.server = PersonalityServer(personality)
        self.addCleanup(self.server.close)
        ctl = self.new_ctl()
        ctl.json("sync")
        saved = ctl.json("draft", "save", stdin=DRAFT)
        ctl.json("sync")
        self.server.change("delay", "Drafts", when=when)
        for number in range(3):
            ctl.json("draft", "save", "--id", saved["id"], stdin=DRAFT.replace(b"Begun", b"%d" % number))
            ctl.json("sync")
            (one,) = ctl.json("draft", "list")
            self.assertEqual((one["id"], one["conflict"]), (saved["id"], False))
        (last,) = self.server.contents()["Drafts"]["messages"]
        self.assertEqual(last["uid"], one["uid"])
        self.assertEqual(ctl.json("pending"), [])
        ctl.json("draft", "delete", saved["id"])
        ctl.json("sync")
        self.assertEqual(self.server.contents()["Drafts"]["messages"], [])

    def test_broken_before_the_old_one_goes(self):
        """However often that happens, there are no more than the old one and the new one."""
        self.server = PersonalityServer("objectids")
        self.addCleanup(self.server.close)
        ctl = self.new_ctl()
        ctl.json("sync")
        saved = ctl.json("draft", "save", stdin=DRAFT)
        ctl.json("sync")
        self.server.change("break", "Drafts", count=2)
        device = Device(self, "A", ctl, saved["id"])
        device.open()
        self.addCleanup(device.kill)
        most = 0
        for _ in range(60):
            self.assertTrue(device.type())
            device.wait_for("server", 0.2)
            most = max(most, len(self.server.contents()["Drafts"]["messages"]))
        device.close()
        ctl.json("sync")
        self.assertEqual(most, 2)
        self.assertEqual(len(self.server.contents()["Drafts"]["messages"]), 1)
        self.assertEqual(ctl.json("pending"), [])

    def test_before_the_next_one(self):
        self.check("objectids", "before")

    def test_after_the_next_one(self):
        self.check("objectids", "after")

    def test_with_replace(self):
        self.check("replace", "before")
        self.check("replace", "after")


if __name__ == "__main__":
    unittest.main()
