# SPDX-License-Identifier: GPL-3.0-or-later
"""Structures that servers tell of a message and that are not true: a message chooses one by its field "X-Lie"."""

import copy
import re

import imapmodel


def swapped(parsed):
    """The first two parts in each other's places, as with other numbers than the server's own."""
    other = copy.deepcopy(parsed)
    children = other.get_payload()
    children[0], children[1] = children[1], children[0]
    return imapmodel.structure(other)


def more(parsed):
    """One text more than there is, in the place of the first one."""
    whole = imapmodel.structure(parsed)
    return b"(" + b'("text" "html" ("charset" "utf-8") NIL NIL "7bit" 500 9 NIL NIL NIL NIL)' * 9 + whole[1:]


def encodings(parsed):
    return imapmodel.structure(parsed).replace(b'"base64"', b'"7bit"')


def sizes(parsed):
    """Absurd ones, which nobody may trust with memory."""
    return re.sub(rb'("(?:7bit|base64)") \d+', rb"\1 4294967295", imapmodel.structure(parsed))


def one_text(parsed):
    return b'("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 10 1 NIL NIL NIL NIL)'


def broken(parsed):
    return imapmodel.structure(parsed)[:-9]


def deep(parsed):
    return b"(" * 300 + imapmodel.structure(parsed) + b' "mixed")' * 300


LIES = {"swapped": swapped, "more": more, "encodings": encodings, "sizes": sizes, "one-text": one_text, "broken": broken,
        "deep": deep}


def told(content, truth):
    """What BODYSTRUCTURE says of a message; truth: what it should say."""
    chosen = re.search(rb"\r\nX-Lie: (\S+)\r\n", b"\r\n" + content.header)
    return LIES[chosen[1].decode()](content.parsed()) if chosen else truth
