#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model server of the simulator and a real Dovecot get the same random traffic from two clients, and give the same
answers. When a server tells of something and in which words is left open by the RFCs: what is compared is what commands
return, and what a client knows of the mailbox after a NOOP. SIM_MODEL is the model (sim_model), SIM_MODEL_SEEDS says
which seeds ("1 2 random", "1-200"), SIM_MODEL_STEPS how many commands of each."""

import collections
import os
import pathlib
import random
import re
import sys
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "model"), str(HERE.parent / "support")]

from imapview import Client, expand  # noqa: E402
from modelsessions import DovecotSession, ModelSession, ModelWire  # noqa: E402
from testservers import DovecotServer  # noqa: E402
from traffic import SPECIAL, Step, Traffic  # noqa: E402

NAMES = ("model", "Dovecot")
# Answers that must not take a message out of the numbering (RFC 3501 section 7.4.1); those by UID may.
NO_EXPUNGE = re.compile(r"(FETCH|STORE|SEARCH) ")
CODES = (b"READ-ONLY", b"READ-WRITE", b"TRYCREATE")
OPEN_ATTRIBUTES = (b"\\MARKED", b"\\UNMARKED")  # a hint: RFC 9051 section 7.3.1


class Checkpoint:
    """What one client knew of a mailbox at some time, to come back to."""

    def __init__(self, client, answer):
        self.validity, self.flags = client.validity, dict(client.flags)
        self.modseq = max([client.modseq, *answer.modseqs.values()])


class Pair:
    """The same client of both servers."""

    def __init__(self, sessions, mode, server):
        self.clients = [Client(session, mode) for session in sessions]
        for client in self.clients:
            client.command(f'LOGIN "{server.user()}" "{server.password()}"')
            if mode != "plain":
                client.command("ENABLE " + mode.upper())

    def __getitem__(self, index):
        return self.clients[index]

    def command(self, text):
        return [client.command(text) for client in self.clients]


def normalise_list(words):
    name, attributes = words[0], words[1] if isinstance(words[1], list) else []
    kept = sorted(word for word in map(bytes.upper, attributes) if word not in OPEN_ATTRIBUTES)
    # Attributes of LSUB may be any (RFC 3501 section 6.3.9): Dovecot repeats the role there.
    return [name, kept if name == b"LIST" else [], words[-1]]


def normalise_data(data):
    """The order of lines of LIST and of items of STATUS is open."""
    lines = []
    for words in data:
        if words[0] in (b"LIST", b"LSUB"):
            words = normalise_list(words)
        elif words[0] == b"STATUS":
            words = [*words[:2], sorted(zip(words[2][::2], words[2][1::2]))]
        elif words[0] == b"SEARCH":
            # With CONDSTORE a server may add MODSEQ (RFC 7162 section 3.1.5), as a list at the end.
            words = [words[0], *sorted(map(int, (word for word in words[1:] if isinstance(word, bytes))))]
        elif words[0] == b"ESEARCH":
            rest = [word for word in words[1:] if isinstance(word, bytes) and word != b"UID"]
            items = dict(zip(rest[::2], rest[1::2]))
            words = [words[0], int(items[b"COUNT"]), sorted(expand(items[b"ALL"])) if b"ALL" in items else []]
        lines.append(words)
    return sorted(lines, key=repr)


class Comparison:
    def __init__(self, test, wire, server, seed):
        self.test, self.server = test, server
        self.traffic = Traffic(seed)
        self.log, self.title = [], f"seed {seed}"
        self.pairs = []
        for number, mode in enumerate(self.traffic.modes(), 1):
            dovecot = DovecotSession(server)
            test.addCleanup(dovecot.close)
            self.pairs.append(Pair((ModelSession(wire, number), dovecot), mode, server))
        self.seen = collections.Counter()  # that the traffic has brought about what is to be compared
        self.checkpoints = {}  # mailbox -> one of each server
        for name in SPECIAL:
            self.same(self.pairs[0].command(f'SUBSCRIBE "{name}"'))

    def equal(self, model, dovecot, what):
        self.check(model == dovecot, f"{what}\nmodel:   {model}\nDovecot: {dovecot}")

    def check(self, is_good, what):
        if is_good:
            return
        lines = [f"{self.title}: {what}", *self.log[-20:]]
        for number, pair in enumerate(self.pairs, 1):
            for name, one in zip(NAMES, pair):
                lines += [f"-- client {number} and the {name}", *map(repr, one.said)]
        self.test.fail("\n".join(lines))

    def same(self, answers):
        """Equal results of one command."""
        model, dovecot = answers
        self.equal(model.status, dovecot.status, "tagged answer")
        self.equal(*([word for word in answer.code if word in CODES] for answer in answers), "code")
        self.equal(*([sorted(expand(part)) for part in (answer.code_words(name) or [])[1:]] for answer in answers
                     for name in (b"APPENDUID",)), "APPENDUID")
        self.equal(*(self.copies(answer) for answer in answers), "COPYUID")
        self.equal(b"CLOSED" in model.codes, b"CLOSED" in dovecot.codes, "CLOSED")
        self.equal(normalise_data(model.data), normalise_data(dovecot.data), "data")

    @staticmethod
    def copies(answer):
        """COPYUID comes before or with the tagged answer; source and target in the order of the copies."""
        words = answer.code_words(b"COPYUID") or answer.codes.get(b"COPYUID", b"").split()
        if not words:
            return []
        return list(zip(*(sorted(expand(part)) for part in words[1:])))

    def step(self, pair, other, step):
        client = pair[0]
        if step.kind in ("search", "list", "expunge", "close"):
            self.settle(pair)  # whether they see what has not been told yet is open
        self.log.append(f"{self.pairs.index(pair) + 1} ({client.mode}, {client.mailbox}): {step.text[:150]}")
        if step.kind == "idle":
            return self.idle(pair, other, step)
        if step.kind in ("select", "resync", "close"):
            for one in pair:
                one.forget(None if step.kind == "close" else step.mailbox)
        if step.kind == "silent" and not client.read_only:
            for one in pair:
                one.assume(step)
        numbers = [dict(zip(("modseq", "validity"), (saved.modseq, saved.validity)))
                   for saved in self.checkpoints.get(step.mailbox, ())] or [{}, {}]
        self.before = frozenset(client.uids)
        answers = []
        for one, values in zip(pair, numbers):
            text = step.text.format(**values).encode() + step.literal
            answers.append(one.command(text))
        if NO_EXPUNGE.match(step.text):
            self.check(not answers[0].gone and not answers[1].gone, "EXPUNGE in the answer of this command")
        return self.settle(pair, answers, numbers, step)

    def settle(self, pair, answers=None, numbers=None, step=None):
        """After a NOOP both clients must know the same."""
        news = pair.command("NOOP") if pair[0].mailbox else []
        for one in pair:
            one.catch_up()
        if answers:
            self.judge(pair, answers, news, numbers, step)
        self.equal(pair[0].uids, pair[1].uids, "UIDs that are known")
        self.equal(*(sorted((uid, sorted(flags)) for uid, flags in one.flags.items()) for one in pair),
                   "flags that are known")

    def judge(self, pair, answers, news, numbers, step):
        there = frozenset(pair[0].uids)
        if step.kind in ("store", "silent", "fetch", "unchanged") and not step.uids <= there:
            # What another client has expunged meanwhile: NO, OK, both with or without a code (RFC 2180 section 4.1).
            for answer in answers:
                answer.status, answer.code = b"OK", [word for word in answer.code if word != b"EXPUNGEISSUED"]
        if pair[0].read_only and step.kind in ("expunge", "move", "store", "silent", "unchanged"):
            # Nothing may change then (RFC 3501 section 6.3.2); whether that is NO, or OK and ignored, is open.
            for answer in answers:
                answer.status, answer.code = b"OK", []
        self.same(answers)
        self.count(step, answers[0], news)
        if step.kind == "fetch":
            for uid in step.uids & there:
                # A section that is not there is NIL or empty.
                items = [{name: b"" if value == b"NIL" else value for name, value in answer.fetched.get(uid, {}).items()
                          if name not in (b"FLAGS", b"MODSEQ", b"UID")} for answer in answers]
                self.equal(*items, f"UID {uid}")
        # Of what has been expunged meanwhile it may be said that it has changed, or nothing.
        self.equal(*(expand((answer.code_words(b"MODIFIED") or [b"0"])[0]) & there for answer in answers), "MODIFIED")
        if answers[0].status == b"OK":
            self.follow(step)
        if step.kind in ("select", "resync"):
            for one in pair:
                one.read_only = step.text.startswith("EXAMINE")
        if step.kind in ("since", "resync") and answers[0].status == b"OK":
            self.judge_changes(pair, answers, news, step)
        elif step.kind == "resync":
            for one in pair:
                one.forget()
        if step.kind == "select" and answers[0].status != b"OK":
            for one in pair:
                one.forget()

    def count(self, step, answer, news):
        self.seen[step.kind] += 1
        for name, is_there in (("a refusal", answer.status == b"NO"), ("COPYUID", self.copies(answer)),
                               ("MODIFIED", answer.code_words(b"MODIFIED")), ("VANISHED (EARLIER)", answer.earlier),
                               ("expunges by the other client", any(one.gone for one in news) or answer.gone),
                               ("changes since", step.kind in ("since", "resync") and answer.fetched),
                               ("messages that were gone", step.uids and step.kind in ("copy", "move")
                                and answer.code_words(b"EXPUNGEISSUED") is not None)):
            self.seen[name] += bool(is_there)

    def judge_changes(self, pair, answers, news, step):
        """What was known at the checkpoint and what came since is what is there now. More may be told than that."""
        for index, one in enumerate(pair):
            saved = self.checkpoints[step.mailbox][index]
            flags = {} if saved.validity != one.validity else dict(saved.flags)
            for answer in [answers[index], *(news[index:index + 1])]:
                for uid in [*answer.earlier, *answer.gone]:
                    flags.pop(uid, None)
                flags.update((uid, items[b"FLAGS"]) for uid, items in answer.fetched.items() if b"FLAGS" in items
                             and uid in flags)
            if step.known is not None:
                self.check(answers[index].earlier <= step.known, f"{NAMES[index]} tells of UIDs that were not named")
                flags = {uid: names for uid, names in flags.items() if uid in step.known}
            if step.kind == "since":  # the checkpoint may be of the other client, who had been told of more messages
                flags = {uid: names for uid, names in flags.items() if uid in self.before}
            is_told = step.kind == "resync" or one.mode == "qresync"  # else expunges are not asked for
            truth = self.truth(one)
            for uid, names in flags.items():
                if uid in truth or is_told:
                    self.check(truth.get(uid) == names, f"{NAMES[index]}: UID {uid} is {truth.get(uid)}, "
                               f"and was told to be {names}")

    def follow(self, step):
        """What a folder command has done."""
        folders = self.traffic.folders
        if step.kind == "create":
            folders.append(step.mailbox)
        elif step.kind == "delete":
            folders.remove(step.mailbox)
            self.checkpoints.pop(step.mailbox, None)
        elif step.kind == "rename":
            new = step.text.split('"')[3]
            for name in [name for name in folders if name == step.mailbox or name.startswith(step.mailbox + "/")]:
                folders[folders.index(name)] = new + name[len(step.mailbox):]
                if name in self.checkpoints:
                    self.checkpoints[new + name[len(step.mailbox):]] = self.checkpoints.pop(name)
        # Whether a new folder is subscribed, or a renamed one still is, is open (RFC 3501 section 6.3.6).
        if step.kind in ("create", "rename"):
            for name in folders:
                self.same(self.pairs[0].command(f'SUBSCRIBE "{name}"'))

    def truth(self, client):
        """The flags of all messages, asked for anew."""
        answer = client.command("UID FETCH 1:* (UID FLAGS" + ("" if client.mode == "plain" else " MODSEQ") + ")")
        client.asked = answer
        return {uid: items[b"FLAGS"] for uid, items in answer.fetched.items()}

    def look(self, pair):
        """Nothing was left untold; what is known now is written down."""
        if not pair[0].mailbox:
            return
        known = [dict(one.flags) for one in pair]
        for name, one, flags in zip(NAMES, pair, known):
            self.check(self.truth(one) == flags, f"{name} has not told everything: {flags} {one.flags}")
        if pair[0].mode != "plain":
            self.checkpoints[pair[0].mailbox] = [Checkpoint(one, one.asked) for one in pair]

    def idle(self, pair, other, step):
        waits = []
        for one in pair:
            waits.append(one.idle_until(lambda one=one: None in one.uids))
        for piece in step.pieces:
            self.step(other, pair, piece)
        for go_on in waits:
            self.equal(go_on().status, b"OK", "IDLE")
        self.settle(pair)


STEPS = int(os.environ.get("SIM_MODEL_STEPS", "400"))


def chosen_seeds():
    for word in os.environ.get("SIM_MODEL_SEEDS", "1 2 3 random").split():
        first, _, last = word.partition("-")
        chosen = [random.SystemRandom().randrange(10 ** 9)] if first == "random" \
            else range(int(first), int(last or first) + 1)
        for seed in chosen:
            print(f"seed {seed}", flush=True)
            yield seed


class TestModel(unittest.TestCase):
    def compare(self, seed, steps):
        wire = ModelWire(os.environ["SIM_MODEL"])
        self.addCleanup(wire.close)
        with DovecotServer() as server:
            comparison = Comparison(self, wire, server, seed)
            traffic = comparison.traffic
            for pair, other in (comparison.pairs, comparison.pairs[::-1]):
                comparison.step(pair, other, Step("select", 'SELECT "INBOX"', mailbox="INBOX"))
            for _ in range(steps):
                pair, other = traffic.chance.sample(comparison.pairs, 2)
                step = traffic.next(pair[0], other[0], {name: saved[0].flags for name, saved in
                                                        comparison.checkpoints.items()})
                comparison.step(pair, other, step)
                comparison.seen["idle"] += step.kind == "idle"
                if traffic.chance.random() < 0.15:
                    comparison.look(pair)
        return comparison.seen

    def test_same_traffic_same_answers(self):
        seen = collections.Counter()
        for seed in chosen_seeds():
            seen.update(self.compare(seed, STEPS))
        print(", ".join(f"{name}: {count}" for name, count in sorted(seen.items())), flush=True)
        self.assertEqual([name for name, count in seen.items() if count == 0], [], "never came about")

    def test_notify_tells_of_all_mailboxes(self):
        """What NOTIFY has told in the end is what STATUS and LIST say. RFC 5465 leaves open how often it tells."""
        for seed in chosen_seeds():
            self.compare_watchers(seed, STEPS // 4)

    def compare_watchers(self, seed, steps):
        wire = ModelWire(os.environ["SIM_MODEL"])
        self.addCleanup(wire.close)
        with DovecotServer() as server:
            comparison = Comparison(self, wire, server, seed)
            chance = comparison.traffic.chance
            dovecot = DovecotSession(server)
            self.addCleanup(dovecot.close)
            watchers = [Watcher(client) for client in Pair((ModelSession(wire, 3), dovecot), "plain", server)]
            for number in range(steps):
                pair, other = chance.sample(comparison.pairs, 2)
                step = None
                while step is None or step.kind not in Watcher.KINDS:
                    step = comparison.traffic.next(pair[0], other[0], {})
                comparison.step(pair, other, step)
                # Dovecot 2.3 overlooks a second change of its list of folders at the same moment.
                if number % 10 == 9 or step.kind in ("create", "delete", "rename"):
                    for name, one, watcher in zip(NAMES, comparison.pairs[0], watchers):
                        truth = watcher.truth(one)
                        comparison.check(watcher.follows(truth), f"{name} does not tell by NOTIFY: {truth}, "
                                         f"told {watcher.status} of {watcher.names}; {watcher.client.said}")
            for name, watcher in zip(NAMES, watchers):
                comparison.check(watcher.told > 0, f"{name} has told nothing")


class Watcher:
    """A client that has selected nothing and asked to be told of everything."""

    KINDS = ("append", "copy", "move", "select", "store", "expunge", "create", "delete", "rename", "noop")

    def __init__(self, client):
        self.client = client
        self.status, self.names, self.told = {}, set(), 0
        answer = client.command('LIST "" "*"')
        self.take(answer)
        self.take(client.command("NOTIFY SET STATUS (personal (MessageNew MessageExpunge MailboxName))"))
        self.told = 0

    def take(self, answer):
        self.told += len(answer.data)
        for words in answer.data:
            if words[0] == b"STATUS":
                items = dict(zip(words[2][::2], words[2][1::2]))
                self.status[words[1]] = (items[b"MESSAGES"], items[b"UIDNEXT"])
            elif words[0] == b"LIST" and {b"\\NONEXISTENT", b"\\NOSELECT"} & {word.upper() for word in words[1]}:
                self.names.discard(words[3])
                self.status.pop(words[3], None)
            elif words[0] == b"LIST":
                self.names.add(words[3])
                for old in words[4:]:  # ("OLDNAME" (name)) of RFC 5465 section 5.4
                    self.names.discard(old[1][0])
                    self.status.pop(old[1][0], None)
        answer.data.clear()

    @staticmethod
    def truth(client):
        """{mailbox: (messages, next UID)} as another client gets it."""
        client.command("NOOP")
        answer = client.command('LIST "" "*" RETURN (STATUS (MESSAGES UIDNEXT))')
        result = {}
        for words in answer.data:
            if words[0] == b"STATUS":
                items = dict(zip(words[2][::2], words[2][1::2]))
                result[words[1]] = (items[b"MESSAGES"], items[b"UIDNEXT"])
        return result

    def follows(self, truth):
        """Waits for what is still to be told; false where nothing comes for a minute."""
        answer = self.client.command("NOOP")
        self.take(answer)
        while self.status != truth or self.names != set(truth):
            try:
                self.client.take(self.client.read_line(), answer)
            except TimeoutError:
                return False
            self.take(answer)
        return True


if __name__ == "__main__":
    unittest.main()
