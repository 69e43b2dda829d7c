# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes in memory for the scripted servers (scriptedimap.py), and how IMAP describes a message."""

import base64
import copy
import email
import email.policy
import email.utils
import itertools
import re
import time

from messagegenerator import internal_date

CRLF = b"\r\n"


def to_utf7(name):
    """Modified UTF-7 (RFC 3501 section 5.1.3)."""
    def wide(match):
        code = base64.b64encode(match[0].encode("utf-16-be")).rstrip(b"=")
        return "&" + code.decode().replace("/", ",") + "-"
    return re.sub("[^\x20-\x7e]+", wide, name.replace("&", "&-"))


def from_utf7(name):
    def wide(match):
        code = match[1].replace(",", "/")
        return base64.b64decode(code + "=" * (-len(code) % 4)).decode("utf-16-be") if code else "&"
    return re.sub("&([^-]*)-", wide, name)


def in_quotes(text):
    """A quoted string; whether UTF-8 may stand in it is for the caller to know (RFC 6855 section 3)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def gmail_label(name):
    """The service's own labels have names of their own."""
    own = {"INBOX": "\\Inbox", "[Gmail]/Sent Mail": "\\Sent", "[Gmail]/Drafts": "\\Draft", "[Gmail]/Trash": "\\Trash"}
    return own.get(name, name)


class Content:
    """What is the same in every mailbox that shows a message: Gmail shows one in All Mail and under each label."""

    numbers = itertools.count(1_700_000_000_000_000_001)

    def __init__(self, data, flags, date):
        self.data, self.flags, self.date = data, set(flags), date
        self.number = next(self.numbers)
        self.header, _, self.text = data.partition(CRLF * 2)
        self.header += CRLF * 2

    def copy(self):
        """The same message with flags of its own."""
        other = copy.copy(self)
        other.flags = set(self.flags)
        return other

    def is_poison(self, header=False):
        """Whether no FETCH of its body succeeds, or not even of its header."""
        return b"\r\nX-Poison: " + (b"header" if header else b"") in b"\r\n" + self.header

    def parsed(self):
        return email.message_from_bytes(self.data, policy=email.policy.compat32)


class Entry:
    def __init__(self, uid, content, modseq):
        self.uid, self.content, self.modseq = uid, content, modseq


class Mailbox:
    numbers = itertools.count(1)

    def __init__(self, name, attributes, validity):
        self.number = next(self.numbers)
        self.name, self.attributes, self.validity = name, list(attributes), validity
        self.next, self.modseq = 1, 1
        self.entries = []
        self.expunged = []  # (UID, MODSEQ)

    def add(self, content):
        self.modseq += 1
        self.entries.append(Entry(self.next, content, self.modseq))
        self.next += 1
        return self.next - 1

    def remove(self, uids):
        gone = [entry for entry in self.entries if entry.uid in uids]
        if gone:
            self.modseq += 1
            self.expunged += [(entry.uid, self.modseq) for entry in gone]
            self.entries = [entry for entry in self.entries if entry.uid not in uids]
        return gone

    def is_no_mailbox(self):
        return "\\Noselect" in self.attributes or "\\NonExistent" in self.attributes

    def renumber(self, validity, numbers):
        """The same messages under another UIDVALIDITY, in another order; numbers is a random.Random."""
        self.validity = validity
        numbers.shuffle(self.entries)
        self.modseq += 1
        self.expunged = []
        self.next = 1
        for entry in self.entries:
            entry.uid, entry.modseq = self.next, self.modseq
            self.next += 1

    def unseen(self):
        return sum("\\Seen" not in entry.content.flags for entry in self.entries)


class Account:
    def __init__(self, folders):
        self.validity = int(time.time())
        self.mailboxes = {}
        self.subscribed = {name for name, attributes in folders if "\\Noselect" not in attributes}
        for name, attributes in folders:
            self.create(name, attributes)

    def create(self, name, attributes=()):
        self.validity += 1
        self.mailboxes[name] = Mailbox(name, attributes, self.validity)

    def rename(self, old, new, delimiter):
        for name in [name for name in self.mailboxes if name == old or (delimiter and name.startswith(old + delimiter))]:
            mailbox = self.mailboxes.pop(name)
            mailbox.name = new + name[len(old):]
            self.mailboxes[mailbox.name] = mailbox

    def labels(self, content, besides):
        """The mailboxes that show a message, but for All Mail and the one it is looked at in."""
        return [box.name for box in self.mailboxes.values() if box is not besides and "\\All" not in box.attributes
                and any(entry.content is content for entry in box.entries)]

    def set_flags(self, contents, change):
        """change(flags) of each; every mailbox that shows one of them says so."""
        for content in contents:
            content.flags = change(content.flags)
        wanted = set(map(id, contents))
        for mailbox in self.mailboxes.values():
            touched = [entry for entry in mailbox.entries if id(entry.content) in wanted]
            for entry in touched:
                mailbox.modseq += 1
                entry.modseq = mailbox.modseq


def quoted(value):
    if value is None:
        return b"NIL"
    data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
    if re.search(rb'[\r\n"\\\x80-\xff]', data):
        return b"{%d}\r\n%s" % (len(data), data)
    return b'"' + data + b'"'


def in_set(text, largest):
    """A predicate for a sequence set; ranges stay ranges."""
    ranges = []
    for part in text.split(","):
        first, _, last = part.partition(":")
        ends = [largest if end == "*" else int(end) for end in (first, last or first)]
        ranges.append((min(ends), max(ends)))
    return lambda number: any(first <= number <= last for first, last in ranges)


def set_text(numbers):
    parts = []
    for number in sorted(numbers):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in parts)


def _values(message, field):
    """As they came, folding undone, octets that are no ASCII as surrogates."""
    return [re.sub(r"\r?\n(?=[ \t])", "", str(value)) for name, value in message.raw_items()
            if name.lower() == field.lower()]


def _addresses(message, field, utf8):
    values = _values(message, field)
    found = [pair for pair in email.utils.getaddresses(values) if pair[1]]
    if not found:
        return b"NIL"
    parts = []
    for name, address in found:
        if not (utf8 or address.isascii()):  # RFC 6858 section 2.1: there is no way to say it.
            address = "invalid@internationalized-address.invalid"
        local, _, host = address.rpartition("@")
        parts.append(b"(%s NIL %s %s)" % (quoted(name or None), quoted(local), quoted(host)))
    return b"(" + b"".join(parts) + b")"


def envelope(content, utf8=False):
    message = content.parsed()

    def text(field):
        values = _values(message, field)
        return quoted(values[0].strip() if values else None)
    sender = _addresses(message, "From", utf8)
    fields = [text("Date"), text("Subject"), sender,
              *(_addresses(message, field, utf8) if message[field] else sender for field in ("Sender", "Reply-To")),
              *(_addresses(message, field, utf8) for field in ("To", "Cc", "Bcc")), text("In-Reply-To"), text("Message-ID")]
    return b"(" + b" ".join(fields) + b")"


def _raw(part):
    return part.get_payload().encode("utf-8", "surrogateescape").replace(b"\r\n", b"\n").replace(b"\n", CRLF)


def _parameters(pairs):
    found = b" ".join(quoted(name) + b" " + quoted(str(value)) for name, value in pairs if value)
    return b"(" + found + b")" if found else b"NIL"


def structure(part, attachment_without_list=False):
    """BODYSTRUCTURE; Exchange sends "inline" instead of ("inline" NIL) where asked for it."""
    if part.is_multipart():
        children = b"".join(structure(child, attachment_without_list) for child in part.get_payload())
        parameters = _parameters((part.get_params() or [("", "")])[1:])
        return b"(" + children + b" " + quoted(part.get_content_subtype()) + b" " + parameters + b" NIL NIL NIL)"
    data = _raw(part)
    fields = [quoted(part.get_content_maintype()), quoted(part.get_content_subtype()),
              _parameters((part.get_params() or [("", "")])[1:]), quoted(part["Content-ID"]), b"NIL",
              quoted(part["Content-Transfer-Encoding"] or "7bit"), b"%d" % len(data)]
    if part.get_content_maintype() == "text":
        fields.append(b"%d" % data.count(b"\n"))
    disposition = part.get_content_disposition()
    told = b"NIL"
    if disposition:
        name = _parameters([("filename", part.get_filename())])
        told = quoted(disposition) if attachment_without_list else b"(" + quoted(disposition) + b" " + name + b")"
    return b"(" + b" ".join([*fields, b"NIL", told, b"NIL", b"NIL"]) + b")"


def section(content, name):
    """The bytes of BODY[name]; nothing (NIL) where there is no such part."""
    upper = name.upper()
    if not name:
        return content.data
    if upper == "HEADER":
        return content.header
    if upper == "TEXT":
        return content.text
    if match := re.fullmatch(r"HEADER\.FIELDS \(([^)]*)\)", upper):
        wanted = match[1].replace('"', "").split()
        fields = re.findall(rb"[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*", content.header)
        return b"".join(field for field in fields if field.split(b":")[0].decode().upper() in wanted) + CRLF
    numbers = re.match(r"[\d.]*\d", name)
    part = content.parsed()
    if not numbers:
        return None
    for number in map(int, numbers[0].split(".")):
        if part.is_multipart() and number <= len(part.get_payload()):
            part = part.get_payload()[number - 1]
        elif number != 1:
            return None
    if upper.endswith(".MIME"):
        return b"".join(f"{key}: {value}\r\n".encode() for key, value in part.items()) + CRLF
    return content.text if part.get_payload() == content.parsed().get_payload() else _raw(part)


def date_text(content):
    return internal_date(content.date).encode()
