#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model server of the simulator and a real Dovecot get the same random traffic from two clients, and give the same
answers, once numbers that each server chooses by itself are left out."""

import os
import pathlib
import random
import re
import socket
import ssl
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from testservers import DovecotServer  # noqa: E402

MAILBOXES = ("INBOX", "Work", "Work/Old", "Lists")
STANDARD = (b"Archive", b"Drafts", b"Junk", b"Sent", b"Trash")
FLAGS = ("\\Seen", "\\Flagged", "\\Answered", "\\Deleted", "$Forwarded")
HEADER_ITEMS = ("(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE "
                "BODY.PEEK[HEADER.FIELDS (REFERENCES)])")


class ModelWire:
    """Sessions of the model, in one process."""

    def __init__(self):
        self.process = subprocess.Popen([os.environ["SIM_MODEL"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.received = {}

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def send(self, number, data):
        self.process.stdin.write(b"%d %d\n" % (number, len(data)) + data)
        self.process.stdin.flush()
        while (line := self.process.stdout.readline()) != b"done\n":
            to, size = map(int, line.split())
            self.received[to] = self.received.get(to, b"") + self.process.stdout.read(size)

    def take(self, number):
        return self.received.pop(number, b"")


class ModelSession:
    def __init__(self, wire, number):
        self.wire, self.number, self.buffer = wire, number, b""
        self.send(b"")

    def send(self, data):
        self.wire.send(self.number, data)

    def receive(self):
        return self.wire.take(self.number)


class DovecotSession:
    def __init__(self, server):
        context = ssl.create_default_context(cafile=server.ca_file)
        raw = socket.create_connection(("127.0.0.1", server.imaps_port), timeout=60)
        self.socket = context.wrap_socket(raw, server_hostname="127.0.0.1")

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def receive(self):
        return self.socket.recv(65536)


class Client:
    """One client: its commands, and what it knows of the numbers of the selected mailbox."""

    def __init__(self, session):
        self.session = session
        self.buffer = b""
        self.count = 0
        self.uids = []
        self.flags = {}
        self.numbers = {}
        self.mailbox = None
        self.responses(until=b"*")

    def read_response(self):
        """One line with its literals."""
        line = b""
        while True:
            while b"\r\n" not in self.buffer:
                self.buffer += self.session.receive()
            part, self.buffer = self.buffer.split(b"\r\n", 1)
            line += part
            literal = re.search(rb"\{(\d+)\}$", part)
            if not literal:
                return line
            size = int(literal[1])
            while len(self.buffer) < size:
                self.buffer += self.session.receive()
            line += b"\r\n" + self.buffer[:size]
            self.buffer = self.buffer[size:]

    def responses(self, until):
        found = []
        while True:
            line = self.read_response()
            if line.startswith(until + b" "):
                return found, line[len(until) + 1:]
            found.append(line)

    def command(self, text, **numbers):
        """The normalised answer. {validity} and {modseq} in text are what this server said last."""
        self.count += 1
        tag = b"t%d" % self.count
        values = {"validity": 0, "modseq": 1, **{key: value for key, value in self.numbers.items()}, **numbers}
        if isinstance(text, bytes):
            self.session.send(tag + b" " + text)
        else:
            self.session.send(tag + b" " + text.format(**values).encode() + b"\r\n")
        untagged, tagged = self.responses(tag)
        return self.normalise(untagged), self.normalise_tagged(tagged)

    def normalise_tagged(self, line):
        words = line.split(b" ", 1)
        code = re.match(rb"\[([A-Z-]+)([^]]*)\]", words[1]) if len(words) > 1 else None
        kept = b""
        if code and code[1] in (b"COPYUID", b"APPENDUID"):
            kept = code[1] + b" " + expanded(b" ".join(code[2].split()[1:]))
        elif code and code[1] in (b"READ-ONLY", b"READ-WRITE", b"MODIFIED"):
            kept = code[1] + code[2]
        return words[0] + b" " + kept

    def normalise(self, lines):
        kept, gone, flags = [], [], {}
        for line in lines:
            line = line[2:] if line.startswith(b"* ") else line
            match = re.match(rb"(\d+) (EXISTS|EXPUNGE|FETCH)(.*)", line, re.S)
            if match and match[2] == b"EXISTS":
                while len(self.uids) < int(match[1]):
                    self.uids.append(None)
                kept.append(b"EXISTS " + match[1])
            elif match and match[2] == b"EXPUNGE":
                gone.append(self.uids.pop(int(match[1]) - 1))
            elif match:
                self.fetch(int(match[1]), match[3].strip(), kept, flags)
            elif line.startswith(b"OK ["):
                for key, pattern in (("validity", rb"UIDVALIDITY (\d+)"), ("modseq", rb"HIGHESTMODSEQ (\d+)")):
                    if found := re.search(pattern, line):
                        self.numbers[key] = int(found[1])
                if found := re.search(rb"\[(UIDNEXT|COPYUID) (?:\d+ )?(.*?)\]", line):
                    kept.append(found[1] + b" " + expanded(found[2]))
                    if found[1] == b"UIDNEXT":
                        self.numbers["uidnext"] = int(found[2])
                if b"[CLOSED]" in line:
                    kept.append(b"CLOSED")
            elif line.startswith(b"VANISHED"):
                kept.append(line)
                if b"EARLIER" not in line:
                    away = {uid for uid in expand(line.split()[-1])}
                    self.uids = [uid for uid in self.uids if uid not in away]
            elif line.startswith(b"LIST") and line.endswith(STANDARD):
                continue  # those that this Dovecot makes by itself
            elif line.startswith((b"STATUS", b"SEARCH", b"ESEARCH", b"LIST", b"LSUB")):
                line = re.sub(rb"UIDVALIDITY \d+", b"UIDVALIDITY", line)
                line = re.sub(rb"HIGHESTMODSEQ \d+", b"HIGHESTMODSEQ", line)
                line = re.sub(rb"\(TAG \S+\)", b"", line)
                line = re.sub(rb"\\(HasChildren|HasNoChildren|UnMarked|Marked)( |(?=\)))", b"", line)
                line = re.sub(rb"\(MODSEQ \d+\)|MODSEQ \d+", b"", line)
                kept.append(b" ".join(line.replace(b'"', b"").replace(b" )", b")").split()))
        if gone:
            # As UIDs, since a server may tell of them in any order.
            kept.append(b"EXPUNGED " + repr(sorted(gone, key=lambda uid: uid or 0)).encode())
        # What is said once more is no news: a STORE that changes nothing may be answered or not.
        kept.extend(b"FLAGS of %d: %s" % (uid, text) for uid, text in flags.items() if self.flags.get(uid) != text)
        self.flags.update(flags)
        return sorted(kept)

    def fetch(self, number, text, kept, flags):
        text = re.sub(rb" ?MODSEQ \(\d+\)", b"", text)
        uid = re.search(rb"UID (\d+)", text)
        if uid:
            while len(self.uids) < number:
                self.uids.append(None)
            self.uids[number - 1] = int(uid[1])
        known = self.uids[number - 1] if number <= len(self.uids) else None
        found = re.search(rb"FLAGS \((.*?)\)", text)
        if found and known:
            flags[known] = b" ".join(sorted(flag for flag in found[1].split() if flag != b"\\Recent"))
        rest = re.sub(rb" ?FLAGS \(.*?\)| ?UID \d+", b"", text)
        # A literal and a quoted string are the same string.
        rest = re.sub(rb"\{\d+\}\r\n", b"", rest).replace(b'"', b"")
        rest = b" ".join(rest.strip(b"() ").split())
        if rest:
            kept.append(b"FETCH %d %s" % (known or 0, rest))


def expand(text):
    for part in text.split(b","):
        first, _, last = part.partition(b":")
        yield from range(int(first), int(last or first) + 1)


def expanded(sets):
    """The same set of UIDs can be written in several ways."""
    return b" ".join(b",".join(b"%d" % uid for uid in expand(part)) for part in sets.split())


def is_arrival(line, first):
    found = re.match(rb"FLAGS of (\d+):", line)
    return bool(found) and int(found[1]) >= first


def message(number, chance):
    text = f"Text {number}.\r\n"
    lines = [f"Date: Thu, 01 Oct 2026 09:{number % 60:02}:00 +0000", "From: Ann Lee <ann@example.org>",
             "To: me@example.org", f"Subject: Message {number}", f"Message-ID: <m{number}@sim.example>"]
    if number > 1 and chance.random() < 0.4:
        lines += [f"In-Reply-To: <m{number - 1}@sim.example>", f"References: <m{number - 1}@sim.example>"]
    lines.append("MIME-Version: 1.0")
    if chance.random() < 0.3:
        lines.append('Content-Type: multipart/mixed; boundary="=-sim"')
        text = ("--=-sim\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text
                + "\r\n--=-sim\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a.pdf\""
                  "\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--=-sim--\r\n")
    else:
        lines.append("Content-Type: text/plain; charset=utf-8")
    return ("\r\n".join(lines) + "\r\n\r\n" + text).encode()


class Traffic:
    """What the two clients say, chosen by a seed; uids are those of the mailbox that a client has selected."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.delivered = 0

    def uid_set(self, client):
        known = [uid for uid in client.uids if uid]
        if not known:
            return "1:*"
        chosen = sorted(self.chance.sample(known, self.chance.randint(1, min(4, len(known)))))
        return ",".join(map(str, chosen))

    def next(self, client):
        chance = self.chance
        mailbox = chance.choice(MAILBOXES)
        uids = self.uid_set(client)
        flags = " ".join(chance.sample(FLAGS, chance.randint(1, 2)))
        kind = chance.choices(
            ("append", "noop", "store", "silent", "expunge", "uidexpunge", "copy", "move", "fetch", "since",
             "search", "esearch", "status", "list", "select", "resync", "examine"),
            (20, 12, 14, 6, 4, 4, 5, 5, 8, 8, 4, 4, 5, 2, 6, 6, 2))[0]
        if kind == "status" and mailbox == client.mailbox:
            kind = "noop"  # STATUS is not for the selected mailbox (RFC 9051 section 6.3.11)
        if kind == "append":
            self.delivered += 1
            body = message(self.delivered, chance)
            return (b'APPEND "' + mailbox.encode() + b'" (\\Flagged) "01-Oct-2026 10:00:%02d +0000" {%d+}\r\n'
                    % (self.delivered % 60, len(body)) + body + b"\r\n")
        return {"noop": "NOOP", "store": f"UID STORE {uids} {chance.choice('+-')}FLAGS ({flags})",
                "silent": f"UID STORE {uids} +FLAGS.SILENT ({flags})",
                "expunge": "EXPUNGE",
                "uidexpunge": f"UID EXPUNGE {uids}", "copy": f'UID COPY {uids} "{mailbox}"',
                "move": f'UID MOVE {uids} "{mailbox}"', "fetch": f"UID FETCH {uids} {HEADER_ITEMS}",
                "since": "UID FETCH 1:* (FLAGS) (CHANGEDSINCE {modseq} VANISHED)", "search": "UID SEARCH UNDELETED",
                "esearch": "UID SEARCH RETURN (ALL) ALL",
                "status": f'STATUS "{mailbox}" (MESSAGES UIDNEXT UNSEEN)', "list": 'LIST "" "*"',
                "select": f'SELECT "{mailbox}"', "resync": "RESYNC", "examine": f'EXAMINE "{mailbox}"'}[kind]


class TestModel(unittest.TestCase):
    def setUp(self):
        self.server = DovecotServer()
        self.addCleanup(self.server.close)

    def clients(self, wire):
        """[(model, Dovecot)] of two connections, signed in, with INBOX selected."""
        pairs = []
        for number in (1, 2):
            dovecot = DovecotSession(self.server)
            self.addCleanup(dovecot.close)
            pair = (Client(ModelSession(wire, number)), Client(dovecot))
            for client in pair:
                client.command(f'LOGIN "{self.server.user()}" "{self.server.password()}"')
                client.command("ENABLE QRESYNC")
            pairs.append(pair)
        return pairs

    def compare(self, pair, text, log):
        model, dovecot = pair
        firsts = [client.numbers.get("uidnext", 1) for client in pair]
        if text == "RESYNC":
            numbers = [(client.numbers.get("validity"), client.numbers.get("modseq")) for client in pair]
            if None in numbers[0] + numbers[1] or not model.mailbox:
                return
            answers = []
            for client, (validity, modseq) in zip(pair, numbers):
                client.uids = []
                client.flags = {}
                answers.append(client.command(f'SELECT "{model.mailbox}" (QRESYNC ({validity} {modseq}))'))
        else:
            if isinstance(text, str) and text.startswith(("SELECT", "EXAMINE")):
                model.mailbox = text.split(" ", 1)[1].strip('"')
                model.uids, dovecot.uids = [], []
                model.flags, dovecot.flags = {}, {}
            answers = [client.command(text) for client in pair]
        if text == "RESYNC" or "CHANGEDSINCE" in str(text):
            # Dovecot does not count arrivals as changes: a new message need not be told of as changed.
            first = min(firsts)
            answers = [([line for line in lines if not is_arrival(line, first)], tagged) for lines, tagged in answers]
        # A STORE that changes nothing may be answered or not: what it leaves is looked at.
        stores = isinstance(text, str) and text.startswith("UID STORE")
        if stores:
            answers = [([line for line in lines if not line.startswith(b"FLAGS of")], tagged) for lines, tagged in answers]
        log.append(repr(text))
        self.assertEqual(answers[0], answers[1], "\n".join(log[-12:]))
        if stores:
            model.flags, dovecot.flags = {}, {}
            seen = [client.command("UID FETCH 1:* (UID FLAGS)") for client in pair]
            self.assertEqual(seen[0], seen[1], "\n".join(log[-12:]))
        # Everybody knows the same before the next command.
        if dovecot.uids != model.uids or None in model.uids:
            seen = [client.command("UID FETCH 1:* (UID)") for client in pair]
            self.assertEqual(seen[0], seen[1], "\n".join(log[-12:]))

    def test_same_traffic_same_answers(self):
        steps = int(os.environ.get("SIM_MODEL_STEPS", "600"))
        wire = ModelWire()
        self.addCleanup(wire.close)
        pairs = self.clients(wire)
        log = []
        for name in MAILBOXES[1:]:
            self.compare(pairs[0], f'CREATE "{name}"', log)
        for pair in pairs:
            self.compare(pair, 'SELECT "INBOX"', log)
        traffic = Traffic(int(os.environ.get("SIM_MODEL_SEED", "1")))
        for _ in range(steps):
            pair = traffic.chance.choice(pairs)
            self.compare(pair, traffic.next(pair[0]), log)


if __name__ == "__main__":
    unittest.main()
