# SPDX-License-Identifier: GPL-3.0-or-later
"""A submission server that can be told what to offer, what to refuse, and at which step to cut the connection.

It runs in threads of the test's own process, on an ephemeral port of 127.0.0.1, so that a test can look at what it
has taken (`accepted`), at every line (`lines`), and can do something at a certain step (Fault.action). Without TLS and
sign-in it is the mail exchanger behind another submission server.
"""

import base64
import dataclasses
import socket
import socketserver
import ssl
import threading

LIMIT = 100 << 20


class Cut(Exception):
    """The connection ends here."""


@dataclasses.dataclass
class Fault:
    """At step number `step` (0: the greeting, then the commands; the end of a message is one too), at a moment:

    "before":  the command came, and nothing is done
    "worked":  it was carried out, and the reply is held back
    "replied": the reply was sent
    """
    step: int
    moment: str
    action: object = None  # called before the connection is cut; None: only cut
    met: str = ""  # the command at which it happened


@dataclasses.dataclass
class Accepted:
    sender: str
    recipients: list
    message: bytes
    mail_parameters: list
    recipient_parameters: list


def token_of(mechanism, message):
    """(user, token) of a message of XOAUTH2 or OAUTHBEARER."""
    first, bearer, *rest = message.decode().split("\x01")
    if not bearer.startswith("auth=Bearer ") or rest != ["", ""]:
        raise ValueError(f"no token: {message[:80]!r}")
    if mechanism == "XOAUTH2":
        return first.removeprefix("user="), bearer[12:]
    return first.removeprefix("n,a=").rstrip(",").replace("=2C", ",").replace("=3D", "="), bearer[12:]


class Connection:
    def __init__(self, server, handle):
        self.server, self.handle, self.file = server, handle, None
        self.step = 0
        self.secure = server.tls == "implicit"
        self.signed_in = not server.users
        self.forget()

    def forget(self):
        self.sender, self.recipients, self.content = None, [], b""
        self.mail_parameters, self.recipient_parameters = [], []

    def wrap(self):
        self.handle = self.server.context.wrap_socket(self.handle, server_side=True)
        self.file = None

    def open(self):
        self.file = self.file or self.handle.makefile("rwb", buffering=1 << 16)
        return self.file

    def say(self, *lines):
        for number, line in enumerate(lines):
            text = line[:3] + ("-" if number < len(lines) - 1 else " ") + line[4:]
            self.server.note("S", text)
            self.open().write(text.encode() + b"\r\n")
        self.open().flush()

    def read_line(self):
        line = self.open().readline(1 << 16)
        if not line.endswith(b"\n"):
            raise Cut
        self.server.note("C", line.rstrip(b"\r\n").decode("utf-8", "replace"))
        if not line.endswith(b"\r\n"):
            self.server.complain(f"a line without CR: {line[:80]!r}")
        return line[:-2]

    def at(self, moment, command):
        fault = self.server.fault
        if fault and not fault.met and fault.step == self.step and fault.moment == moment:
            fault.met = command
            if fault.action:
                fault.action()
            raise Cut

    def step_over(self, command, work):
        """One step: work() returns the lines of the reply, and maybe what to do after it."""
        self.at("before", command)
        lines, after = work()
        self.at("worked", command)
        self.say(*lines)
        self.at("replied", command)
        self.step += 1
        if after:
            after()

    def serve(self):
        if self.secure:
            self.wrap()
        self.step_over("greeting", lambda: ([self.server.greeting], None))
        while True:
            line = self.read_line()
            verb = line.split(b" ", 1)[0].upper().decode("ascii", "replace")
            handler = getattr(self, "on_" + verb.lower(), None)
            if handler is None:
                handler = self.unknown
            self.step_over(verb, lambda handler=handler, line=line: handler(line))

    @staticmethod
    def unknown(_):
        return ["502 5.5.1 Unknown command"], None

    def on_ehlo(self, _):
        words = [word for word in self.server.extensions if word != "STARTTLS" or not self.secure]
        if self.server.users and self.secure:
            words.append("AUTH PLAIN XOAUTH2 OAUTHBEARER")
        self.forget()
        return ["250 mail.kittiwake.example", *("250 " + word for word in words)], None

    on_helo = on_ehlo

    def on_starttls(self, _):
        def upgrade():
            self.wrap()
            self.secure = True
        return ["220 2.0.0 Ready"], upgrade

    def on_auth(self, line):
        if not self.secure:
            self.server.complain("a password in the clear")
        words = line.split(b" ")
        mechanism = words[1].decode().upper()
        if mechanism == "PLAIN":
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
        else:
            user, password = token_of(mechanism, base64.b64decode(words[2]))
            if (user, password) not in self.server.users:
                # RFC 7628 section 3.2.3: what is wrong in JSON, which the client acknowledges.
                self.say("334 " + base64.b64encode(b'{"status":"401"}').decode())
                self.server.token_errors.append(base64.b64decode(self.read_line()))
        if (user, password) not in self.server.users:
            return ["535 5.7.8 Wrong user name or password"], None
        self.signed_in = True
        return ["235 2.7.0 Welcome"], None

    def path(self, line):
        address, *parameters = line.split(b":", 1)[1].decode().split(" ")
        return address.strip("<>"), parameters

    def on_mail(self, line):
        if not self.signed_in:
            return ["530 5.7.0 Authentication required"], None
        sender, parameters = self.path(line)
        refusal = self.server.refusals.get(("MAIL", sender))
        if refusal:
            return [refusal], None
        self.forget()
        self.sender, self.mail_parameters = sender, parameters
        return ["250 2.1.0 Ok"], None

    def on_rcpt(self, line):
        if self.sender is None:
            return ["503 5.5.1 MAIL first"], None
        recipient, parameters = self.path(line)
        refusal = self.server.refusal_of(recipient)
        if refusal:
            return [refusal], None
        self.recipients.append(recipient)
        self.recipient_parameters.append(parameters)
        return ["250 2.1.5 Ok"], None

    def on_data(self, _):
        if not self.recipients:
            return ["554 5.5.1 No valid recipients"], None
        return ["354 Go ahead"], self.read_message

    def read_message(self):
        content, size = [], 0
        while True:
            line = self.open().readline(1 << 20)
            if not line.endswith(b"\n"):
                raise Cut
            if line == b".\r\n":
                break
            size += len(line)
            self.server.received(size)
            if self.server.early and size > self.server.early[0]:
                # Says no and hangs up; what is still on its way is read, or a reset would take the words along.
                self.say(self.server.early[1])
                self.handle.settimeout(10)
                while self.open().read1(1 << 16):
                    pass
                raise Cut
            if not line.endswith(b"\r\n") or len(line) > 1000:
                self.server.complain(f"a line of {len(line)} octets: {line[-40:]!r}")
            content.append(line[1:] if line.startswith(b".") else line)
        self.step_over("end of DATA", lambda: ([self.take(b"".join(content))], None))

    def on_bdat(self, line):
        words = line.split(b" ")
        size, is_last = int(words[1]), words[-1].upper() == b"LAST"
        piece = self.open().read(size)
        if len(piece) < size:
            raise Cut
        self.content += piece
        self.server.received(len(self.content))
        return [self.take(self.content) if is_last else f"250 2.0.0 {size} octets"], None

    def take(self, message):
        refusal = self.server.refusals.get("message")
        if refusal:
            self.forget()
            return refusal
        with self.server.lock:
            self.server.accepted.append(Accepted(self.sender, self.recipients, message, self.mail_parameters,
                                                 self.recipient_parameters))
            self.server.idle.notify_all()
        if self.server.deliver:
            for recipient in self.recipients:
                self.server.deliver(self.sender, recipient, message)
        self.forget()
        return f"250 2.0.0 Ok: queued as {len(self.server.accepted)}"

    def on_rset(self, _):
        self.forget()
        return ["250 2.0.0 Ok"], None

    def on_noop(self, _):
        return ["250 2.0.0 Ok"], None

    def on_quit(self, _):
        def end():
            raise Cut
        return ["221 2.0.0 Bye"], end


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        owner = self.server.owner
        connection = Connection(owner, self.request)
        owner.opened(connection)
        try:
            connection.serve()
        except (Cut, OSError, ValueError):
            pass
        finally:
            owner.closed(connection)
            for last in (connection.file, connection.handle):
                try:
                    if last:
                        last.close()
                except OSError:
                    pass


class Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class ScriptedSmtp:
    """users: [(user, password)]; empty: nobody has to sign in. tls: "implicit", "starttls" or "none"; tls_files:
    (certificate, key). deliver(sender, recipient, message): what becomes of what was taken."""

    ALL = ("PIPELINING", "SIZE 50000000", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "ENHANCEDSTATUSCODES")

    def __init__(self, users=(), tls="none", tls_files=None, extensions=ALL, deliver=None):
        self.users, self.tls, self.deliver = list(users), tls, deliver
        self.extensions = [*extensions, *(["STARTTLS"] if tls == "starttls" else [])]
        self.greeting = "220 mail.kittiwake.example ESMTP ready"
        self.context = None
        if tls_files:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls_files)
        self.lock = threading.Lock()
        self.idle = threading.Condition(self.lock)
        self.connections = 0
        self.refusals = {}  # recipient, ("MAIL", sender) or "message": the reply; a list is used up one by one
        self.accepted, self.lines, self.complaints = [], [], []
        self.token_errors = []  # what a client says when its token was refused
        self.fault = None
        self.early = None  # (octets, reply): said in the middle of DATA, when so many octets have come
        self.on_octets = None  # called with the octets of the message that have come
        self.listener = Listener(("127.0.0.1", 0), Handler)
        self.listener.owner = self
        self.port = self.listener.server_address[1]
        self.thread = threading.Thread(target=self.listener.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()
        self.thread.join(10)

    def opened(self, _):
        with self.lock:
            self.connections += 1

    def closed(self, _):
        with self.lock:
            self.connections -= 1
            self.idle.notify_all()

    def wait_until_idle(self, timeout=30):
        """No connection is open: whatever was sent was looked at."""
        with self.lock:
            if not self.idle.wait_for(lambda: self.connections == 0, timeout):
                raise AssertionError("a connection stays open")

    def note(self, who, line):
        with self.lock:
            self.lines.append(f"{who}: {line}")
            self.idle.notify_all()

    def complain(self, text):
        with self.lock:
            self.complaints.append(text)

    def refusal_of(self, recipient):
        refusal = self.refusals.get(recipient)
        if isinstance(refusal, list):
            return refusal.pop(0) if refusal else None
        return refusal

    def received(self, octets):
        if self.on_octets:
            self.on_octets(octets)

    def wait_until_said(self, start, times, timeout=30):
        """A client has said lines that begin so, so often, on all connections together."""
        begin = "C: " + start
        with self.lock:
            if not self.idle.wait_for(lambda: sum(line.startswith(begin) for line in self.lines) >= times, timeout):
                raise AssertionError(f"nobody has said {start} {times} times")

    def wait_until_taken(self, times, timeout=60):
        """So many messages were taken."""
        with self.lock:
            if not self.idle.wait_for(lambda: len(self.accepted) >= times, timeout):
                raise AssertionError(f"{len(self.accepted)} messages were taken instead of {times}")

    def said(self, start):
        with self.lock:
            return [line for line in self.lines if line.startswith("C: " + start)]
