# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection of a scripted server: IMAP as a personality (personalities.py) speaks it, on the model of imapmodel.py."""

import base64
import re

import imapmodel
import structurelies
from imapmodel import Content, from_utf7, in_quotes, in_set, set_text, to_utf7
from scriptedsmtp import token_of

LITERAL = re.compile(rb"\{(\d{1,9})(\+?)\}$")
TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"|(BODY(?:\.PEEK)?\[[^\]]*\](?:<[\d.]+>)?|[^\s"()]+)|([()])', re.IGNORECASE)
SYSTEM = {flag.lower(): flag for flag in ("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft")}


class Hangup(Exception):
    pass


class Refused(Exception):
    """Becomes the tagged answer."""


class Connection:
    def __init__(self, server, reading, writing):
        self.server, self.who, self.account = server, server.personality, server.account
        self.reading, self.writing = reading, writing
        self.signed_in = self.crippled = self.identified = self.uid_only = self.qresync = self.utf8 = False
        self.replaced = self.who.proxy[2] if self.who.proxy else 0
        self.mailbox, self.seen, self.view = None, 0, []  # view: UIDs by sequence number; None where it is a hole

    # Input and output.

    def say(self, *lines):
        for line in lines:
            if self.replaced and isinstance(line, str) and self.who.proxy[0] in line:
                line = line.replace(*self.who.proxy[:2], 1)
                self.replaced -= 1
            self.writing.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")
        self.writing.flush()

    def read_command(self):
        """(line with literals taken out, the literals)."""
        line, literals = self.reading.readline(100_000), []
        while True:
            if not line.endswith(b"\n"):
                raise Hangup
            line = line.rstrip(b"\r\n")
            if len(line) > self.who.maximum_line:
                return line, None
            if not (match := LITERAL.search(line)):
                return line, literals
            if not match[2]:
                self.say("+ go on")
            literals.append(self.reading.read(int(match[1])))
            line = line[:match.start()] + b"~%d~" % (len(literals) - 1) + self.reading.readline(100_000)

    def words(self, text, literals):
        """Words, and lists of them."""
        stack = [[]]
        for match in TOKEN.finditer(text):
            if match[3] == b"(":
                stack.append([])
            elif match[3] == b")":
                done = stack.pop()
                stack[-1].append(done)
            elif match[1] is not None:
                stack[-1].append(re.sub(rb"\\(.)", rb"\1", match[1]).decode("utf-8", "replace"))
            elif number := re.fullmatch(rb"~(\d+)~", match[2]):
                stack[-1].append(literals[int(number[1])].decode("utf-8", "surrogateescape"))
            else:
                stack[-1].append(match[2].decode("utf-8", "replace"))
        return stack[0]

    def serve(self):
        with self.server.lock:
            self.say(f"* OK [CAPABILITY {self.who.before}] {self.who.greeting}")
        while True:
            line, literals = self.read_command()
            tag, _, rest = line.partition(b" ")
            verb, _, arguments = rest.partition(b" ")
            verb = verb.decode("ascii", "replace").upper()
            uid = verb == "UID"
            if uid:
                verb, _, arguments = arguments.partition(b" ")
                verb = verb.decode("ascii", "replace").upper()
            with self.server.lock:
                self.server.log.append(line.decode("utf-8", "replace"))
                self.answer(tag.decode(), verb, uid, arguments, literals)

    def answer(self, tag, verb, uid, arguments, literals):
        number = self.server.count_command(self.signed_in)
        if literals is None:
            return self.say(f"{tag} BAD Command line too long")
        if self.signed_in and number in self.who.unavailable:
            self.say("Server Unavailable. 15")
            raise Hangup
        if self.signed_in and number in self.who.throttle and verb != "LOGOUT":
            return self.say(f"{tag} BAD Request is throttled. Suggested Backoff Time: {self.who.backoff_ms} milliseconds")
        if self.crippled and verb not in ("LOGOUT", "CAPABILITY"):
            return self.say(f"{tag} BAD User is authenticated but not connected.")
        handler = getattr(self, "do_" + verb.lower(), None)
        if handler is None or (verb == "IDLE" and "IDLE" not in self.who.capability.split()) \
                or (verb in ("MOVE", "REPLACE") and verb not in self.who.capability.split()):
            return self.say(f"{tag} BAD Unrecognised command")
        if verb not in ("CAPABILITY", "NOOP", "LOGOUT", "LOGIN", "AUTHENTICATE", "ID") and not self.signed_in:
            return self.say(f"{tag} BAD Not signed in")
        try:
            code = handler(tag, uid, self.words(arguments, literals))
        except Refused as refusal:
            return self.say(f"{tag} {refusal}")
        if code is None:
            return None
        if verb != "FETCH" or uid:
            self.news(expunges=verb not in ("FETCH", "STORE", "SEARCH") or uid)
        text = " Completed" if self.who.texts else ""
        return self.say(f"{tag} OK{' ' + code if code else ''}{text}" if code or text else f"{tag} OK ")

    # News of the selected mailbox.

    def news(self, expunges=True):
        box = self.mailbox
        if box is None:
            return
        there = {entry.uid: entry for entry in self.visible()}
        if expunges:
            gone = [uid for uid in self.view if uid is not None and uid not in there]
            if gone and self.uid_only:
                self.say("* VANISHED " + set_text(gone))
            for uid in reversed(gone):
                place = self.view.index(uid)
                if not self.uid_only:
                    self.say(f"* {place + 1} EXPUNGE" if not self.qresync else f"* VANISHED {uid}")
                if self.who.renumbers:
                    del self.view[place]
                else:
                    self.view[place] = None
        known = set(self.view)
        fresh = [uid for uid in there if uid not in known]
        if fresh:
            self.view += fresh
            self.say(f"* {sum(uid is not None for uid in self.view) if self.who.renumbers else len(self.view)} EXISTS")
        for place, uid in enumerate(self.view):
            if uid in there and there[uid].modseq > self.seen and uid not in fresh:
                extra = f" MODSEQ ({there[uid].modseq})" if self.qresync else ""
                flags = self.flags(there[uid].content)
                self.say(f"* {uid} UIDFETCH (FLAGS ({flags}))" if self.uid_only
                         else f"* {place + 1} FETCH (UID {uid} FLAGS ({flags}){extra})")
        self.seen = box.modseq

    def visible(self, box=None):
        box = box or self.mailbox
        limited = self.who.window and not self.uid_only
        return box.entries[-self.who.window:] if limited else box.entries

    def flags(self, content):
        odd = [self.who.odd_flag] if self.who.odd_flag else []
        return " ".join(sorted(content.flags) + odd)

    def validity(self, box):
        return box.validity if self.who.keeps_uids else 0

    def number(self, value):
        return f"{value:.5g}".replace("e+0", "e+0") if self.who.integers_as_floats and value >= 1_000_000 else str(value)

    # Names of mailboxes travel in modified UTF-7 until UTF8=ACCEPT is enabled.

    def name(self, text):
        return "INBOX" if text.upper() == "INBOX" else text if self.utf8 else from_utf7(text)

    def told_name(self, name):
        return in_quotes(name if self.utf8 else to_utf7(name))

    def find(self, text):
        name = self.name(text)
        box = self.account.mailboxes.get(name)
        if box is None or box.is_no_mailbox():
            raise Refused("NO [NONEXISTENT] There is no such mailbox")
        return box

    # Any state.

    def capabilities(self):
        return self.who.capability if self.signed_in else self.who.before

    def do_capability(self, *_):
        self.say("* CAPABILITY " + self.capabilities())
        return ""

    def do_noop(self, *_):
        return ""

    def do_logout(self, tag, *_):
        self.say("* BYE bye" if self.who.texts else "* BYE ", f"{tag} OK bye" if self.who.texts else f"{tag} OK ")
        raise Hangup

    def do_id(self, *_):
        self.identified = True
        values = " ".join(f'"{word}"' for word in self.who.identity)
        self.say(f"* ID ({values})" if values else "* ID NIL")
        return ""

    def sign_in(self, user, password):
        if self.server.passwords.get(user) != password:
            raise Refused("NO [AUTHENTICATIONFAILED] Invalid credentials")
        self.signed_in = True
        self.crippled = self.server.take_cripple()
        return f"[CAPABILITY {self.who.capability}]"

    def do_login(self, _, __, words):
        return self.sign_in(*words[:2])

    def do_authenticate(self, _, __, words):
        mechanism = words[0].upper()
        if mechanism not in ("PLAIN", "XOAUTH2", "OAUTHBEARER"):
            raise Refused("NO Unknown mechanism")
        if len(words) == 1:
            self.say("+ ")
            words.append(self.reading.readline(10_000).strip().decode())
        if mechanism != "PLAIN":
            user, token = token_of(mechanism, base64.b64decode(words[1]))
            if self.server.passwords.get(user) != token:
                self.say("+ " + base64.b64encode(b'{"status":"401"}').decode())
                self.reading.readline(10_000)
            return self.sign_in(user, token)
        _, user, password = base64.b64decode(words[1]).decode().split("\0")
        return self.sign_in(user, password)

    # Signed in.

    def do_enable(self, _, __, words):
        offered = self.who.capability.upper().split()
        on = [word.upper() for word in words if word.upper() in offered]
        self.qresync |= "QRESYNC" in on and self.who.tells_vanished
        self.uid_only |= "UIDONLY" in on
        self.utf8 |= "UTF8=ACCEPT" in on
        if self.who.says_enabled:
            self.say("* ENABLED " + " ".join(on))
        return ""

    def do_namespace(self, *_):
        kinds = ["(" + "".join(f"({in_quotes(prefix)} {self.delimiter(prefix)})" for prefix in kind) + ")" if kind else "NIL"
                 for kind in self.who.namespaces]
        self.say("* NAMESPACE " + " ".join(kinds))
        return ""

    def do_list(self, _, __, words, verb="LIST"):
        extended = "RETURN" in [word for word in words if isinstance(word, str)] or isinstance(words[0], list)
        if extended and not self.who.lists_special_use:
            raise Refused("BAD syntax error")
        options = words[words.index("RETURN") + 1] if extended and "RETURN" in words else []
        pattern = words[2] if isinstance(words[0], list) else words[1]
        only = "LSUB" == verb
        shape = "".join(".*" if part == "*" else f"[^{re.escape(self.who.delimiter or chr(0))}]*" if part == "%" else re.escape(part)
                        for part in re.split(r"([*%])", pattern))
        for box in list(self.account.mailboxes.values()):
            subscribed = box.name in self.account.subscribed
            if not re.fullmatch(shape, box.name) or (only and not subscribed):
                continue
            attributes = [*box.attributes, *(["\\Subscribed"] if subscribed and "SUBSCRIBED" in options else [])]
            self.say(f"* {verb} ({' '.join(attributes)}) {self.delimiter(box.name)} {self.told_name(box.name)}")
            if "STATUS" in options and not box.is_no_mailbox():
                self.tell_status(box, options[options.index("STATUS") + 1])
        if only:  # A subscription outlives its mailbox (RFC 9051 section 6.3.9).
            for name in sorted(self.account.subscribed - set(self.account.mailboxes)):
                self.say(f"* LSUB () {self.delimiter(name)} {self.told_name(name)}")
        return ""

    def delimiter(self, name):
        found = self.who.delimiter_of(name)
        return in_quotes(found) if found else "NIL"

    def do_lsub(self, tag, uid, words):
        return self.do_list(tag, uid, words, "LSUB")

    def do_xlist(self, tag, uid, words):
        return self.do_list(tag, uid, words, "XLIST")

    def tell_status(self, box, items):
        entries = self.visible(box)
        extra = self.who.status_extra if "\\All" in box.attributes else 0
        facts = {"MESSAGES": len(entries) + extra, "UIDNEXT": box.next, "UIDVALIDITY": self.validity(box),
                 "UNSEEN": sum("\\Seen" not in entry.content.flags for entry in entries),
                 "HIGHESTMODSEQ": box.modseq if self.who.mod_seq else 0, "RECENT": 0}
        if "OBJECTID" in self.who.capability:
            facts["MAILBOXID"] = f"({self.mailbox_id(box)})"
        told = " ".join(f"{item.upper()} {facts[item.upper()]}" for item in items if item.upper() in facts)
        self.say(f"* STATUS {self.told_name(box.name)} ({told})")

    def mailbox_id(self, box):
        boxes = sorted(self.account.mailboxes.values(), key=lambda one: one.number)
        if self.who.object_ids == "jumping":
            self.server.turn += 1
            box = boxes[(boxes.index(box) + self.server.turn) % len(boxes)]
        return f"F{box.number}" + "x" * (300 if self.who.object_ids == "huge" else 0)

    def email_id(self, content):
        number = 0 if self.who.object_ids == "same" else content.number
        return f"M{number}" + "x" * (10_000 if self.who.object_ids == "huge" else 0)

    def do_status(self, _, __, words):
        self.tell_status(self.find(words[0]), words[1])
        return ""

    def do_select(self, _, __, words):
        self.mailbox = None
        if self.who.needs_id and not self.identified:
            raise Refused("NO SELECT Unsafe Login. Please contact kefu@188.com for help")
        box = self.find(words[0])
        self.mailbox, self.seen = box, box.modseq
        self.view = [entry.uid for entry in self.visible()]
        self.say("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
                 "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft"
                 + (" \\*)] ok" if self.who.keeps_keywords else ")] ok"),
                 f"* {len(self.view)} EXISTS", "* 0 RECENT", f"* OK [UIDVALIDITY {self.validity(box)}] ok",
                 f"* OK [UIDNEXT {box.next}] ok")
        if "OBJECTID" in self.who.capability:
            self.say(f"* OK [MAILBOXID ({self.mailbox_id(box)})] ok")
        if "CONDSTORE" in self.who.capability:
            # Gmail: the code stands alone (modern-email/defects #28).
            self.say(f"* OK [HIGHESTMODSEQ {box.modseq}]" if self.who.mod_seq else "* OK [HIGHESTMODSEQ -1] ok")
        return "[READ-WRITE]"

    def do_examine(self, tag, uid, words):
        self.do_select(tag, uid, words)
        return "[READ-ONLY]"

    def do_unselect(self, *_):
        self.mailbox = None
        return ""

    def do_close(self, *_):
        self.mailbox = None
        return ""

    def do_subscribe(self, _, __, words):
        self.account.subscribed.add(self.name(words[0]))
        return ""

    def do_unsubscribe(self, _, __, words):
        self.account.subscribed.discard(self.name(words[0]))
        return ""

    def do_create(self, _, __, words):
        self.account.create(self.name(words[0]))
        return ""

    # Selected.

    def chosen(self, uid, text):
        """(sequence number, entry) of what a set names; in UIDONLY mode only UIDs are allowed."""
        if self.mailbox is None:
            raise Refused("BAD No mailbox selected")
        if self.uid_only and not uid:
            raise Refused("BAD [UIDREQUIRED] Message numbers are not allowed")
        entries = {entry.uid: entry for entry in self.visible()}
        live = [(place + 1, entries[known]) for place, known in enumerate(self.view) if known in entries]
        largest = (live[-1][1].uid if uid else live[-1][0]) if live else 0
        wanted = in_set(text, largest)
        found = [(place, entry) for place, entry in live if wanted(entry.uid if uid else place)]
        return found

    def limited(self, found):
        """MESSAGELIMIT (RFC 9738): the newest messages of a command are the ones that are handled."""
        limit = self.who.message_limit
        if not limit or len(found) <= limit:
            return found, ""
        kept = found[-limit:]
        return kept, f"[MESSAGELIMIT {limit} {kept[0][1].uid}]"

    def do_fetch(self, tag, uid, words):
        found = self.chosen(uid, words[0])
        items = words[1] if isinstance(words[1], list) else [words[1]]
        modifiers = words[2] if len(words) > 2 and isinstance(words[2], list) else []
        if "PARTIAL" in modifiers:
            first, last = (int(end) for end in modifiers[modifiers.index("PARTIAL") + 1].split(":"))
            lowest, highest = sorted((abs(first), abs(last)))
            chosen = found[::-1] if first < 0 else found
            found = sorted(chosen[lowest - 1:highest], key=lambda pair: pair[1].uid)
        if "CHANGEDSINCE" in modifiers:
            since = int(modifiers[modifiers.index("CHANGEDSINCE") + 1])
            found = [(place, entry) for place, entry in found if entry.modseq > since]
            items = [*items, "MODSEQ"]
        kept, code = self.limited(found)
        body = any(item.upper().startswith("BODY") and "FIELDS" not in item.upper() and "STRUCT" not in item.upper()
                   for item in items if isinstance(item, str))
        for place, entry in kept:
            if entry.content.is_poison() and body or "ENVELOPE" in items and entry.content.is_poison(header=True):
                raise Refused("NO [UNAVAILABLE] UID FETCH Server error - Please try again later")
            values = b" ".join(self.items(entry, items, uid))
            self.say(b"* %d UIDFETCH (%s)" % (entry.uid, values) if self.uid_only
                     else b"* %d FETCH (%s)" % (place, values))
        return code

    def items(self, entry, items, uid):
        content, words = entry.content, list(items)
        if uid and not self.uid_only and "UID" not in [word for word in words if isinstance(word, str)]:
            yield b"UID %d" % entry.uid
        while words:
            item = words.pop(0)
            upper = item.upper()
            if upper == "UID":
                if not self.uid_only:
                    yield b"UID %d" % entry.uid
            elif upper == "FLAGS":
                yield f"FLAGS ({self.flags(content)})".encode()
            elif upper == "MODSEQ":
                yield f"MODSEQ ({entry.modseq if self.who.mod_seq else -1})".encode()
            elif upper == "INTERNALDATE":
                yield b"INTERNALDATE " + imapmodel.date_text(content)
            elif upper == "RFC822.SIZE":
                yield f"RFC822.SIZE {self.number(len(content.data))}".encode()
            elif upper == "ENVELOPE":
                yield b"ENVELOPE " + imapmodel.envelope(content, self.utf8)
            elif upper == "BODYSTRUCTURE":
                truth = imapmodel.structure(content.parsed(), self.who.disposition_without_list)
                yield b"BODYSTRUCTURE " + structurelies.told(content, truth)
            elif upper == "X-GM-MSGID" and self.who.gmail:
                yield f"X-GM-MSGID {content.number}".encode()
            elif upper == "X-GM-LABELS" and self.who.gmail:
                yield b"X-GM-LABELS (" + self.labels(content) + b")"
            elif upper == "EMAILID" and "OBJECTID" in self.who.capability:
                yield f"EMAILID ({self.email_id(content)})".encode()
            elif upper.startswith("BODY"):
                name, _, rest = item.partition("[")[2].rpartition("]")
                data = imapmodel.section(content, name)
                if match := re.fullmatch(r"<(\d+)\.(\d+)>", rest):
                    data = data[int(match[1]):int(match[1]) + int(match[2])]
                    name_end = f"<{match[1]}>"
                else:
                    name_end = ""
                told = b"NIL" if data is None else b"{%d}\r\n%s" % (len(data), data)
                yield f"BODY[{name}]{name_end} ".encode() + told
                if not upper.startswith("BODY.PEEK"):
                    self.account.set_flags([content], lambda flags: flags | {"\\Seen"})
            else:
                raise Refused("BAD Unknown item " + item)

    def labels(self, content):
        told = [imapmodel.gmail_label(name) for name in self.account.labels(content, self.mailbox)]
        return " ".join(in_quotes(label) if label.startswith("\\") else self.told_name(label) for label in told).encode()

    def do_store(self, _, uid, words):
        found, code = self.limited(self.chosen(uid, words[0]))
        words = [word for word in words if word != "UNCHANGEDSINCE"]
        sign, flags = words[1].upper(), {SYSTEM.get(flag.lower(), flag) for flag in words[2]}
        if not (self.who.keeps_keywords or all(flag.startswith("\\") for flag in flags)):
            raise Refused("BAD Command Argument Error. 11")
        if "\\Deleted" in flags and self.server.breaks > 0:
            self.server.breaks -= 1
            raise Hangup
        contents = [entry.content for _, entry in found]
        change = {"+": lambda old: old | flags, "-": lambda old: old - flags}.get(sign[0], lambda old: set(flags))
        self.account.set_flags(contents, change)
        if ".SILENT" in sign:
            self.seen = self.mailbox.modseq
        return code

    def do_search(self, tag, uid, words):
        returned = "RETURN" in words
        keys = words[words.index("RETURN") + 2:] if returned else list(words)
        options = words[words.index("RETURN") + 1] if returned else []
        while keys and keys[0] in ("CHARSET",):
            if self.utf8:
                raise Refused("BAD CHARSET after UTF8=ACCEPT (RFC 6855 section 3)")
            keys = keys[2:]
        found = self.chosen(uid, "1:*")
        largest = found[-1][1].uid if found else 0
        while keys:
            key = keys.pop(0).upper()
            if key == "UID":
                inside = in_set(keys.pop(0), largest)
                found = [(place, entry) for place, entry in found if inside(entry.uid)]
            elif key not in ("ALL", "UNDELETED"):
                raise Refused("NO [UNAVAILABLE] SEARCH is not possible")
        if "PARTIAL" in options:
            first, last = (int(end) for end in options[options.index("PARTIAL") + 1].split(":"))
            lowest, highest = sorted((abs(first), abs(last)))
            found = (found[::-1] if first < 0 else found)[lowest - 1:highest]
            told = set_text(entry.uid for _, entry in found) or "NIL"
            self.say(f'* ESEARCH (TAG "{tag}") UID PARTIAL ({first}:{last} {told})')
            return ""
        found, code = self.limited(found)
        numbers = [entry.uid if uid else place for place, entry in found]
        if returned and self.who.esearch_counts_only:
            self.say(f'* ESEARCH (TAG "{tag}") UID COUNT {len(numbers)}')
        elif returned:
            self.say(f'* ESEARCH (TAG "{tag}") UID' + (f" ALL {set_text(numbers)}" if numbers else ""))
        else:
            self.say("* SEARCH" + "".join(f" {number}" for number in numbers))
        return code

    def do_copy(self, _, uid, words, removes=False):
        found, code = self.limited(self.chosen(uid, words[0]))
        if code and not removes:
            # As a whole or not at all (RFC 9738 section 3.1); MOVE is done in part.
            raise Refused(f"NO [MESSAGELIMIT {self.who.message_limit}] Too many messages")
        target = self.find(words[1])
        contents = [entry.content if self.who.gmail else entry.content.copy() for _, entry in found]
        sources, made = [entry.uid for _, entry in found], [target.add(content) for content in contents]
        if self.who.copyuid == "permuted":
            made = made[1:] + made[:1]
        pairs = f"{set_text(sources)} {','.join(map(str, made))}" if self.who.copyuid != "empty" else " "
        copied = f"[COPYUID {target.validity} {pairs}]"
        if not removes:
            return code or copied
        self.say(f"* OK {copied} moved")
        self.mailbox.remove(set(sources))
        return code or ""

    def do_move(self, tag, uid, words):
        return self.do_copy(tag, uid, words, removes=True)

    def do_expunge(self, _, uid, words):
        found = self.chosen(True, words[0] if uid else "1:*")
        found, code = self.limited([(place, entry) for place, entry in found if "\\Deleted" in entry.content.flags])
        self.mailbox.remove({entry.uid for _, entry in found})
        return code

    def do_append(self, _, __, words):
        box, flags = self.find(words[0]), next((word for word in words if isinstance(word, list)), [])
        data = words[-1].encode("utf-8", "surrogateescape")
        made = self.server.append(box, Content(data, flags, self.server.now()))
        if not made:
            raise Hangup
        return f"[APPENDUID {box.validity} {made}]"

    def do_replace(self, _, uid, words):
        """RFC 8508: the APPENDUID comes untagged, before the old message goes."""
        found = self.chosen(uid, words[0])
        if not found:
            raise Refused("NO [NONEXISTENT] There is no such message")
        self.say(f"* OK {self.do_append(None, False, words[1:])} Replacement message ready")
        self.mailbox.remove({entry.uid for _, entry in found})
        return ""

    def do_idle(self, tag, *_):
        if self.who.exists_before_continuation and self.mailbox is not None:
            self.say(f"* {len(self.view)} EXISTS")
        self.say("+ idling")
        self.server.idle(self)
        self.news()
        self.say(f"{tag} OK done")
