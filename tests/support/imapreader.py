# SPDX-License-Identifier: GPL-3.0-or-later
"""What an IMAP server holds, read with Python's imaplib and email packages: nothing of Kittiwake's own code."""

import base64
import calendar
import email
import email.header
import email.utils
import imaplib
import re
import socket
import ssl
import time

SYSTEM_FLAGS = ("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft")
ROLES = {"\\drafts": "drafts", "\\sent": "sent", "\\archive": "archive", "\\junk": "junk", "\\trash": "trash",
         "\\all": "all", "\\flagged": "flagged", "\\important": "important"}


def encode_name(name):
    """Modified UTF-7 (RFC 3501 section 5.1.3), quoted."""
    def wide(match):
        code = match[0].encode("utf-16-be")
        return "&" + base64.b64encode(code).rstrip(b"=").replace(b"/", b",").decode() + "-"
    encoded = re.sub(r"[^ -~]+", wide, name.replace("&", "&-"))
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def decode_name(name):
    def wide(match):
        if not match[1]:
            return "&"
        code = match[1].replace(",", "/")
        return base64.b64decode(code + "=" * (-len(code) % 4)).decode("utf-16-be")
    return re.sub(r"&([^-]*)-", wide, name)


def one_line(text):
    return " ".join(text.split())


def decoded(value):
    """The text of a header value as email hands it out (raw bytes as surrogates)."""
    value = re.sub(r"\r?\n(?=[ \t])", "", value).strip()
    try:
        value.encode("ascii")
    except UnicodeEncodeError:
        raw = value.encode("ascii", "surrogateescape")
        try:
            return one_line(raw.decode("utf-8"))
        except UnicodeDecodeError:
            return one_line(raw.decode("cp1252"))
    pieces = [piece if isinstance(piece, str) else piece.decode(charset or "ascii")
              for piece, charset in email.header.decode_header(value)]
    return one_line("".join(pieces))


def addresses(value):
    found = email.utils.getaddresses([re.sub(r"\r?\n(?=[ \t])", "", value)])
    return [{"name": decoded(name), "address": address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")}
            for name, address in found if name or address]


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def parse_date(value):
    parts = email.utils.parsedate_tz(value)
    if not parts:
        return None
    try:
        return calendar.timegm(parts[:9]) - (parts[9] or 0)
    except (ValueError, OverflowError):
        return None


def parse_header(data):
    """{lower-case name: first raw value}."""
    fields = {}
    for name, value in email.message_from_bytes(data).raw_items():
        fields.setdefault(name.lower(), value)
    return fields


class ImapReader:
    """One connection, signed in as one user of a MailServer (testservers.py)."""

    def __init__(self, server, user=0):
        self.server, self.user = server, user
        self._connect()

    def _connect(self):
        server, user = self.server, self.user
        context = ssl.create_default_context(cafile=server.ca_file)
        self.imap = imaplib.IMAP4_SSL("127.0.0.1", server.imaps_port, ssl_context=context, timeout=120)
        # imaplib writes a literal and its end apart: Nagle's algorithm would hold the end back for 40 ms.
        self.imap.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        credentials = f"\0{server.user(user)}\0{server.password(user)}".encode()
        self._ok(self.imap.authenticate("PLAIN", lambda _: credentials))
        # Servers say more once one is signed in, and imaplib does not ask again.
        self.imap._get_capabilities()

    def reconnect(self):
        self.imap.shutdown()
        self._connect()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.imap.logout()

    @staticmethod
    def _ok(answer):
        if answer[0] != "OK":
            raise RuntimeError(f"the server says {answer}")
        return answer[1]

    def select(self, mailbox, readonly=False):
        try:
            self._ok(self.imap.select(encode_name(mailbox), readonly))
        except imaplib.IMAP4.abort:  # Dovecot as well, when the one that was selected before has gone.
            self.reconnect()
            self._ok(self.imap.select(encode_name(mailbox), readonly))

    def unselect(self):
        if "UNSELECT" in self.imap.capabilities:
            try:
                self._ok(self.imap.unselect())
            except imaplib.IMAP4.abort:  # Cyrus 3.6 ends the session whose mailbox another one has deleted.
                self.reconnect()
        else:  # A SELECT that fails leaves nothing selected (RFC 3501 section 6.3.1).
            self.imap.select('"There is no such mailbox"', readonly=True)

    def command(self, *arguments):
        """A UID command in the selected mailbox: command("STORE", "1:5", "+FLAGS", "(\\\\Seen)")."""
        return self._ok(self.imap.uid(*arguments))

    def uids(self):
        """The UIDs of the selected mailbox, rising."""
        return sorted(int(uid) for uid in (self.command("SEARCH", "ALL")[0] or b"").split())

    def uids_by_message(self):
        """The UIDs of the selected mailbox in an order that is the same on every server: by Message-ID, copies of one
        message by their flags."""
        if not self.uids():  # "1:*" of nothing is an error to some.
            return []
        found = []
        for item in self.command("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"):
            if not isinstance(item, tuple):
                continue
            facts, header = item
            flags = re.search(rb"FLAGS \(([^)]*)\)", facts)[1].split()
            found.append((header.strip(), sorted(flag for flag in flags if flag != b"\\Recent"),
                          int(re.search(rb"UID (\d+)", facts)[1])))
        return [uid for _, _, uid in sorted(found)]

    def append(self, mailbox, message, flags=""):
        data = message.encode().replace(b"\n", b"\r\n")
        self._ok(self.imap.append(encode_name(mailbox), f"({flags})", None, data))

    def namespace(self):
        """(delimiter, prefix) of the personal namespace (RFC 2342)."""
        prefix, delimiter = re.match(rb'\(\("([^"]*)" "(.)"', self._ok(self.imap.namespace())[0]).groups()
        return delimiter.decode(), prefix.decode()

    def create(self, mailbox):
        answer = self.imap.create(encode_name(mailbox))
        # Dovecot 2.3, when another session writes its list of folders at the same moment, now and then makes the mailbox
        # and says that it was there. One that was there is not empty and new, and everybody else gets the refusal.
        if not (b"ALREADYEXISTS" in answer[1][0] and self.status(mailbox)["uidnext"] == 1):
            self._ok(answer)
        self._ok(self.imap.subscribe(encode_name(mailbox)))

    def rename(self, old, new):
        self._ok(self.imap.rename(encode_name(old), encode_name(new)))

    def delete(self, mailbox):
        self._ok(self.imap.delete(encode_name(mailbox)))

    def _list(self):
        if "LIST-EXTENDED" not in self.imap.capabilities:
            return self._ok(self.imap.list())
        # imaplib knows no options of LIST, and has no other way to send them.
        roles = " SPECIAL-USE" if "SPECIAL-USE" in self.imap.capabilities else ""
        self._ok(self.imap._simple_command("LIST", '""', "*", f"RETURN (CHILDREN{roles})"))
        return self.imap._untagged_response("OK", [None], "LIST")[1]

    @staticmethod
    def _listed(line):
        """(attributes, name) of a line of LIST or LSUB."""
        if isinstance(line, tuple):  # A name as a literal.
            line = line[0].rpartition(b" ")[0] + b" " + line[1]
        attributes, name = re.match(r'\(([^)]*)\) (?:"[^"]*"|NIL) (.*)$', line.decode()).groups()
        if name.startswith('"'):
            name = re.sub(r"\\(.)", r"\1", name[1:-1])
        return attributes.lower().split(), decode_name(name)

    def subscribed(self):
        """The names that are subscribed to, whether they are there or not."""
        told = [self._listed(line) for line in self._ok(self.imap.lsub()) if line is not None]
        return {name for attributes, name in told if "\\noselect" not in attributes}

    def names(self):
        """Of everything that LIST tells."""
        return {self._listed(line)[1] for line in self._list() if line is not None}

    def mailboxes(self, known=()):
        """{name: facts of STATUS, role and subscription} of every mailbox that can be selected, and the names of the others.

        known: names that are certainly there. Dovecot 2.3's index of folders can be behind a rename of another session:
        LIST names the old one, which STATUS denies, or leaves out the new one. The index is mended when somebody asks for
        the mailbox, and the session that was behind stays so.
        """
        deadline = time.monotonic() + 20
        while True:
            try:
                found, containers = self._mailboxes()
                missing = set(known) - set(found) - containers
                if not missing:
                    return found, containers
                problem = f"LIST does not name {missing}"
            except RuntimeError as error:
                if "doesn't exist" not in str(error):
                    raise
                problem = str(error)
            if time.monotonic() > deadline:
                raise RuntimeError(problem)
            self.reconnect()
            for name in known:
                self.status(name)

    def _mailboxes(self):
        found, containers = {}, set()
        # STATUS of the selected mailbox tells what this session has seen of it, which may be old.
        if self.imap.state == "SELECTED":
            self.unselect()
        subscribed = self.subscribed()
        for line in self._list():
            if line is None:
                continue
            attributes, name = self._listed(line)
            # Only the extended LIST tells a name that is not there from a folder without messages (RFC 9051 section 7.3.1).
            if "\\nonexistent" in attributes and "\\hasnochildren" in attributes:
                continue
            if "\\noselect" in attributes or "\\nonexistent" in attributes:
                containers.add(name)
                continue
            roles = [ROLES[attribute] for attribute in attributes if attribute in ROLES]
            role = "inbox" if name.upper() == "INBOX" else roles[0] if roles else ""
            # Where the server names no roles a client may go by the folders' names.
            told = {"role": role} if "SPECIAL-USE" in self.imap.capabilities else {}
            found[name] = {**told, "subscribed": name in subscribed, **self.status(name)}
        return found, containers

    def status(self, mailbox):
        mod_seq = " HIGHESTMODSEQ" if "CONDSTORE" in self.imap.capabilities else ""
        wanted = f"(MESSAGES UNSEEN UIDVALIDITY UIDNEXT{mod_seq})"
        line = self._ok(self.imap.status(encode_name(mailbox), wanted))[-1]
        text = (b" ".join(line) if isinstance(line, tuple) else line).decode()
        return {name.lower(): int(value) for name, value in re.findall(r"([A-Z]+) (\d+)", text.rpartition("(")[2])}

    def messages(self, mailbox):
        """Every message of a mailbox, as `kittiwakectl list --json` should describe it, by rising UID."""
        self.select(mailbox, readonly=True)
        answer = self.command("FETCH", "1:*", "(FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER])")
        return sorted((self._message(*item) for item in answer if isinstance(item, tuple)),
                      key=lambda message: message["uid"])

    @staticmethod
    def _message(facts, header):
        text = facts.decode()
        flags = re.search(r"FLAGS \(([^)]*)\)", text)[1].split()
        internal = calendar.timegm(time.strptime(re.search(r'INTERNALDATE "([^"]*)"', text)[1].strip(),
                                                 "%d-%b-%Y %H:%M:%S +0000"))
        fields = parse_header(header)
        date = parse_date(fields.get("date", ""))
        senders = addresses(fields.get("from", ""))
        return {"uid": int(re.search(r"\bUID (\d+)", text)[1]),
                "flags": sorted(flag for flag in flags if flag in SYSTEM_FLAGS),
                "keywords": sorted(flag for flag in flags if not flag.startswith("\\")),
                "size": int(re.search(r"RFC822\.SIZE (\d+)", text)[1]),
                "internal": internal,
                "date": utc(internal if date is None else date),
                "subject": decoded(fields.get("subject", "")),
                "from": senders[0] if senders else None,
                "to": addresses(fields.get("to", "")),
                "message_id": fields.get("message-id", "").strip()}

    def body(self, mailbox, uid):
        """The bytes of one message; \\Seen stays as it is."""
        self.select(mailbox, readonly=True)
        return next(item[1] for item in self.command("FETCH", str(uid), "(BODY.PEEK[])") if isinstance(item, tuple))


def normalised(message):
    """A message of `kittiwakectl list --json` in the shape of ImapReader.messages()."""
    kept = {name: message[name] for name in ("uid", "size", "date", "subject", "from", "to", "message_id")}
    return {**kept, "flags": sorted(message["flags"]), "keywords": sorted(message["keywords"])}


def differences(server, listed, limit=10):
    """Sentences about what is not equal; `listed` as printed by `kittiwakectl list --json`."""
    here = {message["uid"]: normalised(message) for message in listed}
    there = {message["uid"]: message for message in server}
    found = []
    if len(here) != len(listed):
        found.append(f"{len(listed)} messages listed, but only {len(here)} different UIDs")
    if missing := sorted(there.keys() - here.keys()):
        found.append(f"{len(missing)} missing: UIDs {missing[:limit]}")
    if extra := sorted(here.keys() - there.keys()):
        found.append(f"{len(extra)} too many: UIDs {extra[:limit]}")
    wrong = [f"UID {uid}: {field} is {here[uid][field]!r}, on the server {expected!r}"
             for uid in sorted(there.keys() & here.keys())
             for field, expected in there[uid].items() if field != "internal" and here[uid][field] != expected]
    if len(wrong) > limit:
        found.append(f"{len(wrong)} fields differ, the first of them:")
    return found + wrong[:limit]
