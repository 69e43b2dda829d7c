# SPDX-License-Identifier: GPL-3.0-or-later
"""A random life of a mailbox, the same for the same seed on every server: mail is delivered and filed, flagged, tagged,
moved, copied and expunged, folders are made, renamed and deleted, all by another client than the one under test.

A message is chosen by what it is and not by its UID or its place, so that what a server numbers differently (Courier
orders by itself what came within one second) is still the same history. Nothing is done whose outcome differs from server to server: no folder with children is deleted, none
is made below a folder that does not exist.
"""

import imaplib
import random

from imapreader import encode_name

SYSTEM = ("\\Seen", "\\Answered", "\\Flagged", "\\Draft")
KEYWORDS = ("work", "travel", "$Forwarded", "$Important", "invoice", "NonJunk", "$label1", "later")
BASES = ("Projekte", "Größe", "日本語", "R&D", "two words", "list", "Älter", "x", "receipts-2026", "peter~", "q&-a", "Notes")
PEOPLE = ("Zoë <zoe@example.org>", "=?utf-8?Q?J=C3=BCrgen?= <j@example.com>", "list@example.net", '"B, C" <bc@example.org>')
FIXED = "Sent"  # Never renamed or deleted, so that it can be watched.
MOST_FOLDERS = 9
# A folder that is made, deleted and made again within a second has the same UIDVALIDITY on some servers, and no client
# can know. So a name rests for so many steps before it is used again.
REST = 600
NAMES = tuple(f"{base} {number}".rstrip(" 1") for number in range(1, 7) for base in BASES)

# What may happen, and how often.
WEIGHTS = {"deliver": 22, "append": 14, "flag": 26, "keyword": 10, "expunge": 8, "move": 9, "copy": 3, "create": 1.5,
           "rename": 1.5, "delete": 1}


class History:
    """server: a MailServer; actor: an ImapReader of the same user, of this history alone."""

    def __init__(self, server, actor, seed, user=0):
        self.server, self.actor = server, actor
        self.user = server.user(user)
        self.random = random.Random(seed)
        self.delimiter, self.prefix = actor.namespace()
        self.folders = [()]  # Paths of those that come and go; () is INBOX.
        self.used = {}  # The step at which a name was last used.
        self.steps = self.made = 0
        self.counts = dict.fromkeys(WEIGHTS, 0)
        self.can_move = "MOVE" in actor.imap.capabilities
        self.fixed = (FIXED,)

    # Names.

    def name(self, path):
        return self.prefix + self.delimiter.join(path) if path else "INBOX"

    def names(self):
        """Of all mailboxes that are there as far as this history goes."""
        return [self.name(path) for path in (*self.folders, self.fixed)]

    def logical(self, name):
        """The path of a mailbox as its name here: what is compared between servers."""
        if name.upper() == "INBOX":
            return ()
        return tuple(name.removeprefix(self.prefix).split(self.delimiter))

    def is_parent(self, path):
        return any(other[:len(path)] == path and other != path for other in self.folders if path)

    def any_folder(self):
        # INBOX is where most of it happens.
        return self.random.choice([(), (), (), self.fixed, *self.folders])

    # Messages.

    def message(self):
        self.made += 1
        chance = self.random
        date = f"{chance.randint(1, 28):02} {chance.choice(('Jan', 'May', 'Oct'))} {chance.randint(2019, 2026)} " \
               f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02} +0000"
        lines = [f"From: {chance.choice(PEOPLE)}", "To: anna@kittiwake.example", f"Subject: number {self.made}",
                 f"Date: {date}", f"Message-ID: <history-{self.made}@example.org>"]
        if chance.random() < 0.3 and self.made > 1:
            lines.append(f"In-Reply-To: <history-{chance.randint(1, self.made - 1)}@example.org>")
        return "\n".join([*lines, "", "text " * chance.randint(1, 200), ""])

    def chosen(self, path):
        """Selects a folder and picks some of its messages: a UID set, or None where it is empty."""
        self.actor.select(self.name(path))
        uids = self.actor.uids_by_message()
        picks = sorted(self.random.random() for _ in range(self.random.choice((1, 1, 1, 2, 3, 8, 30))))
        if not uids:
            return None
        chosen = sorted({uids[int(pick * len(uids))] for pick in picks})
        if self.random.random() < 0.1:  # A run of neighbours.
            first = int(picks[0] * len(uids))
            chosen = uids[first:first + 12]
        return ",".join(map(str, sorted(chosen)))

    # Steps. Each draws the same numbers from the same history on every server.

    def step(self):
        self.steps += 1
        name = self.random.choices(tuple(WEIGHTS), tuple(WEIGHTS.values()))[0]
        if getattr(self, name)():
            self.counts[name] += 1

    def run(self, steps):
        for _ in range(steps):
            self.step()

    def deliver(self):
        self.server.deliver(self.message(), user=self.user)
        return True

    def append(self):
        flags = " ".join(flag for flag in (*SYSTEM, *KEYWORDS[:3]) if self.random.random() < 0.2)
        self.actor.append(self.name(self.any_folder()), self.message(), flags)
        return True

    def store(self, flags):
        path = self.any_folder()
        sign = self.random.choice(("+FLAGS", "+FLAGS", "-FLAGS", "FLAGS"))
        uids = self.chosen(path)
        if uids is None:
            return False
        self.actor.command("STORE", uids, sign, f"({' '.join(flags)})")
        return True

    def flag(self):
        return self.store(self.random.sample(SYSTEM, self.random.randint(1, 3)))

    def keyword(self):
        return self.store(self.random.sample(KEYWORDS, self.random.randint(1, 2)))

    def expunge(self):
        path = self.any_folder()
        uids = self.chosen(path)
        if uids is None:
            return False
        self.actor.command("STORE", uids, "+FLAGS.SILENT", "(\\Deleted)")
        self.actor.command("EXPUNGE", uids)
        return True

    def _transfer(self, removes):
        source, target = self.any_folder(), self.any_folder()
        uids = self.chosen(source)
        if uids is None or source == target:
            return False
        name = encode_name(self.name(target))
        if removes and self.can_move:
            self.actor.command("MOVE", uids, name)
        else:
            self.actor.command("COPY", uids, name)
            if removes:
                self.actor.command("STORE", uids, "+FLAGS.SILENT", "(\\Deleted)")
                self.actor.command("EXPUNGE", uids)
        return True

    def move(self):
        return self._transfer(True)

    def copy(self):
        return self._transfer(False)

    def _new_path(self, below):
        there = {path[-1] for path in self.folders if path}
        free = [name for name in NAMES if name not in there and self.used.get(name, -REST) + REST <= self.steps]
        name = self.random.choice(free)
        self.used[name] = self.steps
        return (*below, name)

    def create(self):
        parent = self.random.choice([(), (), *(path for path in self.folders if len(path) == 1)])
        path = self._new_path(parent)
        if len(self.folders) >= MOST_FOLDERS:
            return False
        self.actor.create(self.name(path))
        self.folders.append(path)
        return True

    def _own_folder(self, leaf):
        found = [path for path in self.folders if path and not (leaf and self.is_parent(path))]
        pick = self.random.random()
        return found[int(pick * len(found))] if found else None

    def leave(self):
        """Nobody should have a folder open whose name goes."""
        if self.actor.imap.state == "SELECTED":
            self.actor.unselect()

    def rename(self):
        old = self._own_folder(leaf=False)
        if old is None:
            return False
        new = self._new_path(old[:-1])
        self.leave()
        self.used[old[-1]] = self.steps
        self.server.tidy(user=self.user)
        self._rename(old, new)
        self.folders = [new + path[len(old):] if path[:len(old)] == old else path for path in self.folders]
        return True

    def _rename(self, old, new):
        """Courier 5.0 sometimes hangs up in the middle ("Fatal error: Not a directory", when another session is at work
        in the maildir): what still has its old name is renamed then."""
        left = [path for path in self.folders if path[:len(old)] == old]
        for _ in range(10):
            path = min(left, key=len)
            try:
                self.actor.rename(self.name(path), self.name(new + path[len(old):]))
                return
            except imaplib.IMAP4.abort:
                self.actor.reconnect()
            names = self.actor.names()
            left = [path for path in left if self.name(path) in names]
            if not left:
                return
        raise RuntimeError(f"{self.name(old)} cannot be renamed")

    def delete(self):
        path = self._own_folder(leaf=True)
        if path is None:
            return False
        self.leave()
        self.used[path[-1]] = self.steps
        self.actor.delete(self.name(path))
        self.folders.remove(path)
        return True
