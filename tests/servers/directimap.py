# SPDX-License-Identifier: GPL-3.0-or-later
"""An IMAP session of the tests' own with a private server, and filling mailboxes through it."""

import base64

from messagegenerator import internal_date


def mailbox_utf7(name):
    """Modified UTF-7 of RFC 3501, section 5.1.3, quoted."""
    result, wide = [], ""

    def flush():
        nonlocal wide
        if wide:
            code = base64.b64encode(wide.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
            result.append("&" + code.decode() + "-")
            wide = ""
    for character in name:
        if " " <= character <= "~":
            flush()
            result.append("&-" if character == "&" else character)
        else:
            wide += character
    flush()
    return '"' + "".join(result).replace("\\", "\\\\").replace('"', '\\"') + '"'


class DirectImap:
    """A signed-in session over a pair of binary files, closed by close()."""

    def __init__(self, reading, writing, close):
        self.reading, self.writing, self.close = reading, writing, close

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @classmethod
    def of_process(cls, process, user):
        """A program that speaks IMAP on its standard input and output and greets with PREAUTH."""
        def close():
            process.stdin.close()
            process.stdout.close()
            process.wait()
        greeting = process.stdout.readline()
        while greeting.startswith(b"* OK"):  # Courier complains before it greets.
            greeting = process.stdout.readline()
        if b"PREAUTH" not in greeting:
            process.kill()
            process.communicate()
            raise RuntimeError(f"no such user: {user}")
        return cls(process.stdout, process.stdin, close)

    def write(self, data):
        self.writing.write(data)

    def wait(self, tag):
        self.writing.flush()
        while line := self.reading.readline():
            if line.startswith(tag + b" "):
                if not line.startswith(tag + b" OK"):
                    raise RuntimeError("the server says: " + line.decode(errors="replace").strip())
                return line.decode(errors="replace").strip()
        raise RuntimeError("the server closed the connection")

    def wait_for_continuation(self):
        self.writing.flush()
        line = self.reading.readline()
        while line.startswith(b"*"):
            line = self.reading.readline()
        if not line.startswith(b"+"):
            raise RuntimeError("the server says: " + line.decode(errors="replace").strip())

    def command(self, text):
        self.write(b"c " + text.encode() + b"\r\n")
        return self.wait(b"c")


def ensure_mailbox(session, mailbox):
    """The mailbox's name as it goes over the wire; it exists afterwards, unless APPEND says otherwise."""
    name = mailbox_utf7(mailbox).encode()
    if mailbox.upper() != "INBOX":
        session.write(b"e CREATE " + name + b"\r\n")
        try:
            session.wait(b"e")
        except RuntimeError:
            pass  # It exists already; if not, APPEND says so.
    return name


def fill(session, mailbox, messages, batch=500):
    """Appends (bytes, flags, seconds) tuples with MULTIAPPEND and literals that need no answer (RFC 3502, 7888)."""
    added, pending = 0, 0
    name = ensure_mailbox(session, mailbox)
    for message, flags, seconds in messages:
        if pending == 0:
            session.write(b"a APPEND " + name)
        session.write(b" (%s) %s {%d+}\r\n%s" % (flags.encode(), internal_date(seconds).encode(), len(message), message))
        pending += 1
        added += 1
        if pending == batch:
            session.write(b"\r\n")
            session.wait(b"a")
            pending = 0
    if pending:
        session.write(b"\r\n")
        session.wait(b"a")
    return added


def fill_slowly(session, mailbox, messages):
    """The same for a server that has neither: one message a command, and each literal is waited for."""
    added = 0
    name = ensure_mailbox(session, mailbox)
    for message, flags, seconds in messages:
        session.write(b"a APPEND %s (%s) %s {%d}\r\n" % (name, flags.encode(), internal_date(seconds).encode(),
                                                         len(message)))
        session.wait_for_continuation()
        session.write(message + b"\r\n")
        session.wait(b"a")
        added += 1
    return added
