#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two clients at one account of a real Dovecot, both with random actions, one of them cut off and killed: in the end both and
the server are equal, and every message is there once.

KITTIWAKE_SEED names the first run, KITTIWAKE_RUNS how many there are (8). A run that fails says its seed.
"""

import collections
import os
import random
import unittest

import suite
from linerelay import LineRelay
from test_ctl_moves import MoveCase
from test_move_accidents import living
from testservers import DovecotServer

SEED = int(os.environ.get("KITTIWAKE_SEED") or 1)
RUNS = int(os.environ.get("KITTIWAKE_RUNS") or 8)
COUNT = 20
STEPS = 14
FOLDERS = ("INBOX", "Archive", "Sent", "Trash", "Junk")


class Client:
    """kittiwakectl, and what it may do next."""

    def __init__(self, case, ctl, numbers, name):
        self.case, self.ctl, self.numbers, self.name = case, ctl, numbers, name
        self.appended = 0
        self.log = []

    def uids(self, mailbox):
        listed = [one["uid"] for one in self.ctl.json("list", mailbox) if one["uid"]]
        count = min(len(listed), self.numbers.randrange(1, 5))
        return ",".join(map(str, sorted(self.numbers.sample(listed, count))))

    def action(self):
        """(arguments, standard input)"""
        numbers = self.numbers
        boxes = [box["name"] for box in self.ctl.json("mailboxes") if box["messages"]] or ["INBOX"]
        own = [box["name"] for box in self.ctl.json("mailboxes") if box["name"].startswith("Own")]
        box = numbers.choice(boxes)
        uids = self.uids(box)
        kind = numbers.choice(("flag", "flag", "move", "move", "delete", "archive", "junk", "undo", "append", "folder", "sync"))
        if kind == "folder":
            verb = numbers.choice(("create", "create", "rename", "delete"))
            if verb == "create" or not own:
                return ("mailbox", "create", f"Own {self.name} {numbers.randrange(1000)}"), b""
            chosen = numbers.choice(own)
            if verb == "rename":
                return ("mailbox", "rename", chosen, f"Own {self.name} {numbers.randrange(1000)}"), b""
            return ("mailbox", "delete", chosen), b""
        if kind == "append":
            self.appended += 1
            identity = f"<{self.name}.{self.appended}@run.example>"
            return ("append", numbers.choice(FOLDERS[:3])), \
                f"From: a@run.example\nSubject: appended\nMessage-ID: {identity}\n\ntext of {identity}\n".encode()
        if kind in ("undo", "sync") or not uids:
            return (("undo",) if kind == "undo" else ("sync",)), b""
        if kind == "flag":
            return ("flag", box, uids, numbers.choice("+-") + numbers.choice(("Flagged", "Seen", "$Work"))), b""
        if kind == "move":
            target = numbers.choice([*FOLDERS, *own])
            return ("move", box, uids, target), b""
        if (kind, box) == ("delete", "Trash"):
            return ("move", box, uids, "INBOX"), b""
        return (kind, box, uids), b""

    def step(self, kills=False):
        arguments, message = self.action()
        if arguments[0] != "sync" and self.numbers.random() < 0.3:
            arguments += ("--offline",)
        entry = [self.name, *arguments]
        self.log.append(entry)
        if kills and not message and self.numbers.random() < 0.3:
            lines = self.numbers.randrange(80)
            with self.ctl.start("--json", "--verbose", *arguments) as running:
                running.wait_until(lambda: len(running.lines) >= lines or running.texts("out")
                                   or running.has_ended())
                running.kill()
            entry.append("(killed)")
            return
        done = self.ctl.run("--json", *arguments, stdin=message, code=None)
        entry.append(f"({done.output.strip() if done.code == 0 and arguments[0] != 'sync' else done.code} {done.errors.strip()[-80:]})")

    def settle(self):
        """What is refused for good is given up, as a person would, and what is put off, because the connection broke under it
        three times, is not waited for."""
        for _ in range(6):
            self.ctl.json("sync")
            waiting = self.ctl.json("pending")
            if not waiting:
                return True
            for one in waiting:
                self.ctl.run("pending", "drop" if one["state"] == "failed" else "retry", one["id"], code=None)
        return False


class TestTwoClients(MoveCase):
    @classmethod
    def setUpClass(cls):
        users = [word for index in range(RUNS) for word in ("--user", f"run{index}@kittiwake.example:pass{index}")]
        cls.server = DovecotServer("--hide-capability=COMPRESS=DEFLATE", *users)
        cls.addClassCleanup(cls.server.close)
        cls.relay = LineRelay(cls.server)
        cls.addClassCleanup(cls.relay.close)

    def run_once(self, user, seed):
        numbers = random.Random(seed)
        server = self.server
        server.fill("INBOX", COUNT, seed=seed, user=server.user(user))
        first, second = self.empty_ctl(), self.empty_ctl()
        first.add_account(server, user, port=self.relay.port)
        second.add_account(server, user)
        reader = self.reader(user)
        clients = [Client(self, first, numbers, "A"), Client(self, second, numbers, "B")]
        for client in clients:
            client.ctl.json("sync")
        identities = collections.Counter(one["message_id"] for one in reader.messages("INBOX"))
        log = []
        for _ in range(STEPS):
            client = numbers.choice(clients)
            if client is clients[0] and numbers.random() < 0.4:
                self.relay.plan(numbers.randrange(60), b"")
            client.step(kills=client is clients[0])
            self.relay.calm()
            log = clients[0].log, clients[1].log
        for _ in range(3):
            settled = [client.settle() for client in clients]
        self.assertEqual(settled, [True, True], log)
        server_has = living(self.state(reader))
        self.assertEqual(living(self.shown(first)), server_has, log)
        self.assertEqual(living(self.shown(second)), server_has, log)
        there = collections.Counter(one[0] for messages in server_has.values() for one in messages)
        own = [identity for identity in there if "run.example" in identity]
        deleted = {identity for identity, count in identities.items() if there[identity] != count}
        self.assertEqual({identity for identity in deleted if there[identity] > identities[identity]}, set(), log)
        # Folders may have been deleted with messages in them: only then may one be gone.
        if not any(entry[1:3] == ["mailbox", "delete"] for log_of in log for entry in log_of):
            self.assertEqual(deleted, set(), log)
        self.assertEqual({identity: there[identity] for identity in own if there[identity] != 1}, {}, log)
        for client in clients:
            self.assert_equal_to_server(client.ctl, reader)

    def test_runs(self):
        for index in range(RUNS):
            with self.subTest(seed=SEED + index):
                self.run_once(index, SEED + index)
                self.doCleanups()
            print(f"run {SEED + index} is over", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
