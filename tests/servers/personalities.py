# SPDX-License-Identifier: GPL-3.0-or-later
"""How the mail services of the world differ from the RFCs, as data for scriptedimap.py: what they announce, what they
limit, what they do wrong. Read in other projects' sources and reports (autumn 2026); no service was contacted."""

import dataclasses

ROLES = (("INBOX", ()), ("Drafts", ("\\Drafts",)), ("Sent", ("\\Sent",)), ("Archive", ()), ("Trash", ("\\Trash",)))


@dataclasses.dataclass(frozen=True)
class Personality:
    greeting: str = "ready"
    before: str = "IMAP4rev1 AUTH=PLAIN SASL-IR"  # CAPABILITY before the sign-in
    capability: str = "IMAP4rev1"  # and after it
    identity: tuple = ()  # what ID answers: name, value, ...
    delimiter: object = "/"  # None: a flat namespace (NIL)
    namespaces: tuple = (("",), (), ())  # prefixes: personal, other users', shared
    other_delimiters: tuple = ()  # (prefix, delimiter) of namespaces that have another one
    folders: tuple = ROLES
    renumbers: bool = True  # EXPUNGE shifts the sequence numbers
    window: int = 0  # without UIDONLY only so many of the newest messages are there
    message_limit: int = 0  # MESSAGELIMIT: so many messages in one command (RFC 9738)
    copyuid: str = "right"  # "permuted", "empty"
    says_enabled: bool = True
    tells_vanished: bool = True
    esearch_counts_only: bool = False
    texts: bool = True  # OK and BYE are followed by a text
    integers_as_floats: bool = False
    odd_flag: str = ""  # a flag that every message has
    keeps_keywords: bool = True  # PERMANENTFLAGS with \\*
    gmail: bool = False
    status_extra: int = 0  # STATUS of All Mail counts chats that SELECT does not
    disposition_without_list: bool = False
    throttle: tuple = ()  # these commands (counted over all connections) are refused as throttled
    backoff_ms: int = 0
    not_connected: int = 0  # the first so many sign-ins end in "User is authenticated but not connected"
    unavailable: tuple = ()  # before these commands: a line without a tag, and the connection ends
    refuses_select: tuple = ()  # mailboxes
    uidnext_in_select: bool = True
    mod_seq: bool = True  # HIGHESTMODSEQ that means something
    needs_id: bool = False  # SELECT is refused until the client has said who it is
    exists_before_continuation: bool = False
    keeps_uids: bool = True  # False: UIDVALIDITY 0
    proxy: tuple = ()  # what a proxy replaces in the stream, by what, and how often
    lists_special_use: bool = True  # LIST ... RETURN (SPECIAL-USE) is understood
    maximum_line: int = 64_000
    # Of EMAILID and MAILBOXID: "same" for all messages, "huge", or "jumping" from one mailbox to the next at each word.
    object_ids: str = "right"

    def delimiter_of(self, name):
        return next((one for prefix, one in self.other_delimiters if name.startswith(prefix)), self.delimiter)


PERSONALITIES = {
    # MailKit's fixtures; Geary (unquoted "]", STATUS counts chats); FairEmail (labels are not pushed).
    "gmail": Personality(
        greeting="Gimap ready for requests from 127.0.0.1",
        before="IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=PLAIN",
        capability="IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE "
                   "MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584",
        identity=("name", "GImap", "vendor", "Google, Inc."), gmail=True, odd_flag="Junk]Old", status_extra=3,
        folders=(("INBOX", ()), ("Work", ()), ("[Gmail]", ("\\Noselect",)), ("[Gmail]/All Mail", ("\\All",)),
                 ("[Gmail]/Drafts", ("\\Drafts",)), ("[Gmail]/Sent Mail", ("\\Sent",)), ("[Gmail]/Trash", ("\\Trash",))),
        maximum_line=16_000),
    # RFC 8474, as Fastmail and Cyrus offer it.
    "objectids": Personality(
        capability="IMAP4rev1 CHILDREN CONDSTORE ENABLE ESEARCH ID IDLE LIST-EXTENDED LIST-STATUS LITERAL+ MOVE NAMESPACE "
                   "OBJECTID SPECIAL-USE UIDPLUS UNSELECT"),
    # RFC 8508, which Fastmail's and Stalwart's servers have.
    "replace": Personality(
        capability="IMAP4rev1 CHILDREN CONDSTORE ENABLE ESEARCH ID IDLE LIST-EXTENDED LIST-STATUS LITERAL+ MOVE NAMESPACE "
                   "REPLACE SPECIAL-USE UIDPLUS UNSELECT"),
    # djc/imap-proto PR 198; Mailspring (permuted COPYUID, 2026-09-24); MailKit #358 (EXPUNGE does not renumber).
    "yahoo": Personality(
        greeting="IMAP4rev1 imapgate ready", before="IMAP4rev1 ID NAMESPACE UIDPLUS LITERAL+ CHILDREN SASL-IR AUTH=PLAIN",
        capability="IMAP4rev1 ID MOVE NAMESPACE XYMHIGHESTMODSEQ UIDPLUS LITERAL+ CHILDREN UNSELECT X-MSG-EXT OBJECTID IDLE "
                   "ENABLE UIDONLY X-UIDONLY LIST-EXTENDED LIST-STATUS SPECIAL-USE MESSAGELIMIT=1000 PARTIAL "
                   "APPENDLIMIT=41697280",
        renumbers=False, window=10_000, message_limit=1000, copyuid="permuted", maximum_line=1000, mod_seq=False),
    # The same without UIDONLY.
    "yahoo-limited": Personality(
        greeting="IMAP4rev1 imapgate ready", before="IMAP4rev1 ID NAMESPACE UIDPLUS LITERAL+ CHILDREN SASL-IR AUTH=PLAIN",
        capability="IMAP4rev1 ID MOVE NAMESPACE XYMHIGHESTMODSEQ UIDPLUS LITERAL+ CHILDREN UNSELECT X-MSG-EXT OBJECTID IDLE "
                   "ENABLE LIST-EXTENDED LIST-STATUS SPECIAL-USE MESSAGELIMIT=1000 PARTIAL APPENDLIMIT=41697280",
        renumbers=False, window=10_000, message_limit=1000, copyuid="permuted", maximum_line=1000, mod_seq=False),
    # imapflow and imapsync (throttling), node-imap #523 (not connected), MailKit #555 (empty COPYUID), #919.
    "exchange": Personality(
        greeting="The Microsoft Exchange IMAP4 service is ready.",
        before="IMAP4 IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+",
        capability="IMAP4 IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES CHILDREN IDLE NAMESPACE "
                   "LITERAL+", copyuid="empty", disposition_without_list=True, exists_before_continuation=True,
        throttle=(14, 15), backoff_ms=300, mod_seq=False, keeps_keywords=False),
    "exchange-not-connected": Personality(
        greeting="The Microsoft Exchange IMAP4 service is ready.",
        capability="IMAP4 IMAP4rev1 UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+", not_connected=1,
        mod_seq=False),
    "exchange-unavailable": Personality(
        greeting="The Microsoft Exchange IMAP4 service is ready.",
        capability="IMAP4 IMAP4rev1 UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+", unavailable=(9,),
        mod_seq=False),
    # enough_mail's fixture: the slow path in all.
    "gmx": Personality(
        greeting="IMAP server ready H mieue154 127.0.0.1 IMAP-1",
        capability="IMAP4rev1 CHILDREN ENABLE ID IDLE LIST-EXTENDED LIST-STATUS LITERAL- MOVE NAMESPACE QUOTA SASL-IR SORT "
                   "SPECIAL-USE THREAD=ORDEREDSUBJECT UIDPLUS UNSELECT WITHIN", mod_seq=False),
    # Thunderbird bug 1747311, horde #17, modern-email/defects.
    "icloud": Personality(
        greeting="iscream.apple.com ready",
        before="IMAP4rev1 XAPPLEPUSHSERVICE SASL-IR AUTH=PLAIN",
        capability="XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 CONDSTORE ENABLE QRESYNC QUOTA XAPPLELITERAL NAMESPACE UIDPLUS CHILDREN "
                   "BINARY UNSELECT SORT CATENATE URLAUTH LANGUAGE ESEARCH ESORT WITHIN SASL-IR SEARCHRES METADATA ID IDLE "
                   "LIST-STATUS", says_enabled=False, tells_vanished=False, esearch_counts_only=True, texts=False,
        # Mailspring-Sync PR 91, isync-devel msg03397 (read 2026-11).
        proxy=("CAPABILITY", "CAPABILITY XAPPLEPUSHSERVICE", 5)),
    # MailKit #1838 (floats), chatmail/core #1868 (no IDLE).
    "mail.ru": Personality(
        capability="IMAP4rev1 ID XLIST UIDPLUS UNSELECT MOVE LIST-STATUS", integers_as_floats=True, mod_seq=False),
    "yandex": Personality(
        greeting="Yandex IMAP4rev1 at ready", delimiter="|",
        capability="IMAP4rev1 CHILDREN UNSELECT LITERAL+ NAMESPACE XLIST UIDPLUS ENABLE ID IDLE MOVE", mod_seq=False),
    # proton-bridge #674.
    "proton": Personality(
        identity=("name", "Proton Mail Bridge"), capability="IMAP4rev1 IDLE UNSELECT UIDPLUS MOVE ID",
        lists_special_use=False, mod_seq=False),
    # NetEase and Coremail want ID first.
    "netease": Personality(
        greeting="Coremail System IMap Server Ready", capability="IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS UIDPLUS IDLE",
        needs_id=True, mod_seq=False),
    # MailKit's fixture; FairEmail (MODSEQ is -1): no CONDSTORE is used.
    "zoho": Personality(
        greeting="mx.zoho.com server ready", identity=("name", "Zoho Mail"),
        capability="IMAP4rev1 UNSELECT CHILDREN XLIST NAMESPACE IDLE MOVE ID SASL-IR UIDPLUS ESEARCH LIST-EXTENDED "
                   "LIST-STATUS WITHIN LITERAL- APPENDLIMIT CONDSTORE", mod_seq=False),
    # home.pl and xwtec (MailKit): UIDVALIDITY 0, so no UID is known to mean tomorrow what it means today.
    "home.pl": Personality(capability="IMAP4rev1 UIDPLUS IDLE CHILDREN NAMESPACE", keeps_uids=False, mod_seq=False),
    # No service: what the RFCs allow and few do. A namespace without levels (RFC 9051 section 7.3.1, NIL) ...
    "flat": Personality(
        delimiter=None, capability="IMAP4rev1 NAMESPACE UIDPLUS IDLE UNSELECT MOVE", mod_seq=False,
        folders=(*ROLES, ("a/b", ()), ("a.b", ()), ("Über", ()))),
    # ... and other people's and shared mailboxes, one namespace with another delimiter (RFC 2342 section 5), with names
    # that are no mailboxes.
    "shared": Personality(
        namespaces=(("",), ("~",), ("#shared/", "#news.")), other_delimiters=(("#news.", "."),),
        capability="IMAP4rev1 NAMESPACE UIDPLUS IDLE UNSELECT MOVE LIST-EXTENDED LIST-STATUS SPECIAL-USE ENABLE CONDSTORE",
        folders=(*ROLES, ("~meier", ("\\Noselect",)), ("~meier/INBOX", ()), ("~meier/Plans", ()),
                 ("#shared", ("\\NonExistent",)), ("#shared/Team", ()), ("#shared/Team/2026", ()),
                 ("#news.comp", ("\\NonExistent",)), ("#news.comp.mail", ()),
                 ("Gone", ("\\NonExistent", "\\HasNoChildren")))),
}
