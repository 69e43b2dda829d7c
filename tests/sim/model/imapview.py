# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that knows no more than what a server has told it, for comparing two servers: which UID is at which place of
the selected mailbox, and its flags. What an answer looks like is forgotten here, what it says is kept."""

import collections
import re

SYNTAX = re.compile(rb'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|\{(\d+)\}\r\n|([^\s()"{]+))', re.S)


def parse(text):
    """Atoms, strings and lists of one response: bytes and lists. A literal and a quoted string are the same string."""
    stack, at = [[]], 0
    while at < len(text):
        found = SYNTAX.match(text, at)
        if not found:
            if text[at:].strip():
                raise ValueError(f"not IMAP: {text[at:]!r}")
            break
        at = found.end()
        opens, closes, quoted, size, atom = found.groups()
        if opens:
            stack.append([])
        elif closes:
            last = stack.pop()
            stack[-1].append(last)
        elif quoted is not None:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", quoted))
        elif size is not None:
            stack[-1].append(text[at:at + int(size)])
            at += int(size)
        elif b"[" in atom and b"]" not in atom:
            end = text.index(b"]", at)  # BODY[HEADER.FIELDS (X)]: one word
            rest = re.compile(rb"[^\s()]*").match(text, end + 1)
            stack[-1].append(atom + b" " + text[at:end + 1].strip() + rest.group())
            at = rest.end()
        else:
            stack[-1].append(atom)
    return stack[0]


def expand(text):
    """The numbers of a set."""
    numbers = set()
    for part in text.split(b","):
        first, _, last = part.partition(b":")
        low, high = sorted((int(first), int(last or first)))
        numbers.update(range(low, high + 1))
    return numbers


def flag_set(names):
    """Without \\Recent: each server has its own idea of that (RFC 9051 has given it up)."""
    return frozenset(name for name in names if name != b"\\Recent")


class Answer:
    """What came for one command, up to its tagged response."""

    def __init__(self):
        self.status = b""
        self.code = []  # of the tagged response, in words
        self.codes = {}  # of untagged ones
        self.data = []  # STATUS, SEARCH and the like, in words
        self.fetched = {}  # uid -> {item: value}
        self.earlier = set()  # VANISHED (EARLIER)
        self.gone = []  # UIDs, in the order of being told; None: never heard of
        self.modseqs = {}  # uid -> the last one told

    def code_words(self, name):
        return self.code[1:] if self.code and self.code[0] == name else None


class Client:
    """One connection to one server."""

    def __init__(self, session, mode="plain"):
        self.session, self.mode = session, mode
        self.buffer, self.count = b"", 0
        self.said = collections.deque(maxlen=25)  # both ways, for whoever looks for a difference
        self.uids, self.flags = [], {}
        self.mailbox, self.validity, self.modseq, self.read_only = None, 0, 0, False
        self.read_line()

    def forget(self, mailbox=None):
        self.mailbox, self.uids, self.flags, self.modseq = mailbox, [], {}, 0

    def read_line(self):
        """One response with its literals."""
        line = b""
        while True:
            while b"\r\n" not in self.buffer:
                self.buffer += self.session.receive()
            part, self.buffer = self.buffer.split(b"\r\n", 1)
            line += part
            literal = re.search(rb"\{(\d+)\}$", part)
            if not literal:
                self.said.append(b"< " + line[:200])
                return line
            size = int(literal[1])
            while len(self.buffer) < size:
                self.buffer += self.session.receive()
            line += b"\r\n" + self.buffer[:size]
            self.buffer = self.buffer[size:]

    def begin(self, text):
        self.count += 1
        tag = b"t%d" % self.count
        self.said.append(tag + b" " + (text if isinstance(text, bytes) else text.encode())[:200])
        self.session.send(tag + b" " + (text if isinstance(text, bytes) else text.encode()) + b"\r\n")
        return tag

    def command(self, text):
        return self.finish(self.begin(text), Answer())

    def finish(self, tag, answer):
        while True:
            line = self.read_line()
            if not line.startswith(tag + b" "):
                self.take(line, answer)
                continue
            status = line[len(tag) + 1:]
            answer.status = status.split()[0]
            if found := re.match(rb"\S+ \[([^]]*)\]", status):
                answer.code = found[1].split()
            return answer

    def idle_until(self, is_told):
        """IDLE, until what came is enough; the answer has everything, also what is told at DONE."""
        answer = Answer()
        tag = self.begin("IDLE")
        if not (line := self.read_line()).startswith(b"+"):
            raise AssertionError(f"no IDLE: {line!r}")

        def go_on():
            while not is_told():
                self.take(self.read_line(), answer)
            self.session.send(b"DONE\r\n")
            return self.finish(tag, answer)

        return go_on

    def take(self, line, answer):
        found = re.match(rb"\* (\d+) (EXISTS|EXPUNGE|FETCH|RECENT)(.*)", line, re.S)
        if found and found[2] == b"EXISTS":
            count = int(found[1])
            if count < len(self.uids):
                raise AssertionError(f"{line!r} takes messages away")
            self.uids += [None] * (count - len(self.uids))
        elif found and found[2] == b"EXPUNGE":
            self.drop(self.uids[int(found[1]) - 1], int(found[1]) - 1, answer)
        elif found and found[2] == b"FETCH":
            self.take_fetch(int(found[1]), parse(found[3])[0], answer)
        elif found := re.match(rb"\* OK \[([A-Z-]+) ?([^]]*)\]", line):
            answer.codes[found[1]] = found[2]
            if found[1] == b"UIDVALIDITY":
                self.validity = int(found[2])
            elif found[1] == b"HIGHESTMODSEQ":
                self.modseq = int(found[2])
        elif line.startswith(b"* VANISHED (EARLIER) "):
            answer.earlier |= expand(line.split()[-1])
        elif line.startswith(b"* VANISHED "):
            for uid in sorted(expand(line.split()[-1])):
                if uid in self.uids:
                    self.drop(uid, self.uids.index(uid), answer)
                else:  # of one that arrived and went before anybody asked for its UID
                    self.drop(None, self.uids.index(None), answer)
        elif line.startswith((b"* STATUS", b"* SEARCH", b"* ESEARCH", b"* LIST", b"* LSUB", b"* ENABLED")):
            answer.data.append(parse(line[2:]))
        elif line.startswith(b"* BYE"):
            raise AssertionError(f"{line!r}")

    def assume(self, step):
        """What .SILENT will have done: nobody tells."""
        sign, names = re.search(r"([+-])FLAGS\.SILENT \((.*)\)", step.text).groups()
        named = frozenset(names.encode().split())
        for uid in step.uids & self.flags.keys():
            self.flags[uid] = self.flags[uid] | named if sign == "+" else self.flags[uid] - named

    def drop(self, uid, index, answer):
        del self.uids[index]
        self.flags.pop(uid, None)
        answer.gone.append(uid)

    def take_fetch(self, number, words, answer):
        if number > len(self.uids):
            raise AssertionError(f"FETCH of message {number} of {len(self.uids)}")
        items = {name.upper(): value for name, value in zip(words[::2], words[1::2])}
        if b"UID" in items:
            uid = int(items[b"UID"])
            if self.uids[number - 1] not in (None, uid):
                raise AssertionError(f"message {number} is UID {self.uids[number - 1]}, not {uid}")
            self.uids[number - 1] = uid
        uid = self.uids[number - 1]
        if uid is None:
            return  # it is asked for soon
        if b"FLAGS" in items:
            items[b"FLAGS"] = self.flags[uid] = flag_set(items[b"FLAGS"])
        if b"MODSEQ" in items:
            answer.modseqs[uid] = int(items[b"MODSEQ"][0])
        answer.fetched.setdefault(uid, {}).update(items)

    def catch_up(self):
        """Asks for what was only announced. UIDs of new messages are larger than all others."""
        answer = Answer()
        if any(uid is None or uid not in self.flags for uid in self.uids):
            known = [uid for uid in self.uids if uid in self.flags]
            answer = self.command(f"UID FETCH {max(known, default=0) + 1}:* (UID FLAGS)")
        return answer
