# SPDX-License-Identifier: GPL-3.0-or-later
"""What two clients say to a server, chosen by a seed and by what they have been told so far."""

import dataclasses
import random

FLAGS = ("\\Seen", "\\Flagged", "\\Answered", "\\Deleted", "\\Draft", "$Forwarded", "Later")
ITEMS = ("(UID FLAGS)", "(UID INTERNALDATE RFC822.SIZE)", "(UID ENVELOPE)", "(UID BODYSTRUCTURE)",
         "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (REFERENCES)])",
         "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])", "(UID BODY.PEEK[])", "(UID BODY.PEEK[TEXT])",
         "(UID BODY.PEEK[HEADER])", "(UID BODY.PEEK[1])", "(UID BODY.PEEK[2.MIME])", "(UID BODY.PEEK[]<7.40>)",
         "(UID BODY[TEXT])")
KEYS = ("ALL", "UNDELETED", "DELETED", "SEEN", "UNSEEN FLAGGED", "NOT FLAGGED", "KEYWORD Later", "UID {uids}",
        "NOT UID {uids}", "HEADER Message-ID <m{number}@sim.example>", "(UNFLAGGED) SEEN")
LISTS = ('"" "*"', '"" "%"', '"" "Work*"', '"" "Work/%"', '"" "nothing"', '"" "INBOX"',
         '"" "*" RETURN (SUBSCRIBED CHILDREN)', '"" "*" RETURN (SPECIAL-USE)',
         '"" "*" RETURN (STATUS (MESSAGES UIDNEXT UNSEEN))')
WEIGHTS = {"append": 20, "noop": 8, "store": 14, "silent": 6, "replace": 3, "unchanged": 12, "expunge": 3,
           "uidexpunge": 4, "copy": 6, "move": 7, "fetch": 10, "since": 6, "search": 6, "esearch": 4, "status": 5,
           "list": 3, "lsub": 1, "select": 5, "resync": 9, "examine": 2, "close": 1, "unselect": 1, "create": 2,
           "delete": 1, "rename": 1, "subscribe": 1, "idle": 1}
SPECIAL = ("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash")  # there from the beginning, and to stay
NAMES = ("Work", "Work/Old", "Work/New", "Lists", "Lists/Qt")


@dataclasses.dataclass
class Step:
    kind: str
    text: str = ""  # {modseq}, {validity}: of the checkpoint of this server
    literal: bytes = b""
    uids: frozenset = frozenset()  # that the command speaks of
    mailbox: str = ""
    known: frozenset = None  # of resync: the UIDs that are named
    by_uid: bool = True
    pieces: list = dataclasses.field(default_factory=list)  # of idle: what the other client does meanwhile


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
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.delivered = 0
        self.folders = list(SPECIAL)
        self.renamed = 0

    def modes(self):
        """What the two clients speak: one of them mostly what this program does with such a server."""
        return self.chance.choice(("qresync", "qresync", "condstore")), \
            self.chance.choice(("plain", "condstore", "qresync"))

    def next(self, client, other, checkpoints):
        """A step that client can take; checkpoints: mailboxes of which a state has been written down."""
        while True:
            kind = self.chance.choices(tuple(WEIGHTS), tuple(WEIGHTS.values()))[0]
            if step := getattr(self, "make_" + kind)(client, other, checkpoints):
                return step

    def some(self, client):
        """UIDs that the client knows of, some at the end of the mailbox, and a set that names them."""
        known = [uid for uid in client.uids if uid]
        if not known:
            return frozenset(), "1:*"
        chosen = sorted(self.chance.sample(known, self.chance.randint(1, min(5, len(known)))))
        if self.chance.random() < 0.2:
            first = chosen[0]
            return frozenset(uid for uid in known if uid >= first), f"{first}:*"
        return frozenset(chosen), ",".join(map(str, chosen))

    def named(self, client, command):
        """A command and its messages: by UID, or by their places where the client knows them all."""
        uids, text = self.some(client)
        if not uids or self.chance.random() < 0.75:
            return uids, f"UID {command} {text}", True
        places = sorted(client.uids.index(uid) + 1 for uid in uids)
        return uids, f"{command} {','.join(map(str, places))}", False

    def flags(self):
        return " ".join(self.chance.sample(FLAGS, self.chance.randint(1, 2)))

    def free(self, client, other):
        """Folders that nobody has open: what is told to those who have is left to the server."""
        return [name for name in self.folders if name not in (client.mailbox, other.mailbox)]

    def make_append(self, client, other, checkpoints, mailbox=None):
        self.delivered += 1
        mailbox = mailbox or self.chance.choice((client.mailbox or "INBOX", self.chance.choice(self.folders)))
        body = message(self.delivered, self.chance)
        flags = self.flags() if self.chance.random() < 0.4 else ""
        return Step("append", f'APPEND "{mailbox}" ({flags}) "01-Oct-2026 10:00:{self.delivered % 60:02} +0000" '
                    f"{{{{{len(body)}+}}}}\r\n", literal=body, mailbox=mailbox)

    def make_noop(self, *_):
        return Step("noop", self.chance.choice(("NOOP", "CHECK")))

    def make_store(self, client, *_):
        uids, text, by_uid = self.named(client, "STORE")
        return client.mailbox and Step("store", f"{text} {self.chance.choice('+-')}FLAGS ({self.flags()})", uids=uids,
                                       by_uid=by_uid)

    def make_silent(self, client, *_):
        uids, text, by_uid = self.named(client, "STORE")
        return client.mailbox and Step("silent", f"{text} {self.chance.choice('+-')}FLAGS.SILENT ({self.flags()})",
                                       uids=uids, by_uid=by_uid)

    def make_replace(self, client, *_):
        uids, text, by_uid = self.named(client, "STORE")
        return client.mailbox and Step("store", f"{text} FLAGS ({self.flags()})", uids=uids, by_uid=by_uid)

    def make_unchanged(self, client, _, checkpoints):
        if client.mode == "plain" or client.mailbox not in checkpoints:
            return None
        # Of what arrived later Dovecot does not say that it has changed, and need not.
        old = [uid for uid in client.uids if uid in checkpoints[client.mailbox]]
        if not old:
            return None
        uids = sorted(self.chance.sample(old, self.chance.randint(1, min(6, len(old)))))
        return Step("unchanged", f"UID STORE {','.join(map(str, uids))} (UNCHANGEDSINCE {{modseq}}) "
                    f"{self.chance.choice('+-')}FLAGS ({self.flags()})", uids=frozenset(uids), mailbox=client.mailbox)

    def make_expunge(self, client, *_):
        return client.mailbox and Step("expunge", "EXPUNGE")

    def make_uidexpunge(self, client, *_):
        uids, text = self.some(client)
        return client.mailbox and Step("expunge", f"UID EXPUNGE {text}", uids=uids)

    def target(self, client):
        if self.chance.random() < 0.05:
            return "Nowhere"
        return self.chance.choice([name for name in self.folders if name != client.mailbox])

    def make_copy(self, client, *_):
        uids, text, by_uid = self.named(client, "COPY")
        return client.mailbox and Step("copy", f'{text} "{self.target(client)}"', uids=uids, by_uid=by_uid)

    def make_move(self, client, *_):
        uids, text, by_uid = self.named(client, "MOVE")
        if client.read_only:
            return None  # Dovecot copies then, and says OK
        return client.mailbox and Step("move", f'{text} "{self.target(client)}"', uids=uids, by_uid=by_uid)

    def make_fetch(self, client, *_):
        uids, text, by_uid = self.named(client, "FETCH")
        return client.mailbox and Step("fetch", f"{text} {self.chance.choice(ITEMS)}", uids=uids, by_uid=by_uid)

    def make_since(self, client, _, checkpoints):
        if client.mode == "plain" or client.mailbox not in checkpoints:
            return None
        vanished = " VANISHED" if client.mode == "qresync" else ""
        return Step("since", f"UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE {{modseq}}{vanished})", mailbox=client.mailbox)

    def make_search(self, client, *_):
        uids, text = self.some(client)
        if not client.mailbox or not uids:
            return None
        key = self.chance.choice(KEYS).format(uids=text, number=self.chance.randint(1, max(1, self.delivered)))
        return Step("search", f"{self.chance.choice(('UID ', ''))}SEARCH {key}", uids=uids)

    def make_esearch(self, client, *_):
        step = self.make_search(client)
        if step:
            step.text = step.text.replace("SEARCH", "SEARCH RETURN (ALL COUNT)", 1)
        return step

    def make_status(self, client, other, _):
        # Not of the selected one: RFC 9051 section 6.3.11.
        mailbox = self.chance.choice([*(name for name in self.folders if name != client.mailbox), "Nowhere"])
        return Step("status", f'STATUS "{mailbox}" (MESSAGES UIDNEXT UNSEEN)')

    def make_list(self, *_):
        return Step("list", "LIST " + self.chance.choice(LISTS))

    def make_lsub(self, *_):
        return Step("list", 'LSUB "" "*"')

    def make_select(self, *_):
        mailbox = self.chance.choice(("INBOX", self.chance.choice(self.folders)))
        return Step("select", f'SELECT "{mailbox}"', mailbox=mailbox)

    def make_examine(self, *_):
        mailbox = self.chance.choice(self.folders)
        return Step("select", f'EXAMINE "{mailbox}"', mailbox=mailbox)

    def make_resync(self, client, _, checkpoints):
        if client.mode != "qresync" or not checkpoints:
            return None
        mailbox = self.chance.choice(sorted(checkpoints))
        uids = sorted(checkpoints[mailbox])
        step = Step("resync", f'SELECT "{mailbox}" (QRESYNC ({{validity}} {{modseq}}))', mailbox=mailbox)
        if uids and self.chance.random() < 0.5:
            step.known = frozenset(self.chance.sample(uids, self.chance.randint(1, len(uids))))
            step.text = step.text.replace("))", " " + ",".join(map(str, sorted(step.known))) + "))")
        return step

    def make_close(self, client, *_):
        return client.mailbox and Step("close", "CLOSE")

    def make_unselect(self, client, *_):
        return client.mailbox and Step("close", "UNSELECT")

    def make_create(self, *_):
        name = self.chance.choice(NAMES)
        above = name.rpartition("/")[0]
        if above and above not in self.folders:
            return None  # what a server makes of a folder above that is not there is its own affair
        return Step("create", f'CREATE "{name}"', mailbox=name)

    def make_delete(self, client, other, _):
        names = [name for name in self.free(client, other) if name not in SPECIAL]
        leaves = [name for name in names if not any(one.startswith(name + "/") for one in self.folders)]
        return leaves and Step("delete", f'DELETE "{(name := self.chance.choice(leaves))}"', mailbox=name)

    def make_rename(self, client, other, _):
        above = [name.partition("/")[0] for name in (client.mailbox, other.mailbox) if name]
        names = [name for name in self.folders if name not in SPECIAL and "/" not in name and name not in above]
        if not names:
            return None
        name = self.chance.choice(names)
        self.renamed += 1
        return Step("rename", f'RENAME "{name}" "Renamed {self.renamed}"', mailbox=name)

    def make_subscribe(self, *_):
        # Those that Dovecot has made by itself stay subscribed for ever.
        name = self.chance.choice(["INBOX", *(name for name in self.folders if name not in SPECIAL)])
        return Step("subscribe", f'{self.chance.choice(("SUBSCRIBE", "UNSUBSCRIBE"))} "{name}"', mailbox=name)

    def make_idle(self, client, other, checkpoints):
        if not client.mailbox:
            return None
        pieces = []
        for kind in self.chance.choices(("store", "append", "copy", "move", "expunge", "noop"), k=4):
            if piece := getattr(self, "make_" + kind)(other, client, checkpoints):
                pieces.append(piece)
        pieces.append(self.make_append(other, client, checkpoints, client.mailbox))
        return Step("idle", "IDLE", mailbox=client.mailbox, pieces=pieces)
