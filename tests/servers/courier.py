#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Courier for tests, on an ephemeral port of 127.0.0.1, in a temporary folder.

Prints one JSON line when it is ready: {"imaps_port", "ca_file", "users", "directory", "pid"}; takes the commands of
servercommands.py; ends, and leaves nothing behind, as dovecot.py does.

Courier's daemon, its sign-in program and its authentication library have their places in the system compiled in. So
TLS and the sign-in are played here, and every connection that has signed in goes to a real Courier imapd of its own,
which starts signed in when a program runs it by hand. All that comes after the sign-in is Courier.
"""

import base64
import binascii
import contextlib
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import certificates  # noqa: E402
import directimap  # noqa: E402
import servercommands  # noqa: E402
import unpacked  # noqa: E402
from directimap import DirectImap  # noqa: E402
from privateserver import PrivateServer  # noqa: E402

# The line of Debian's /etc/courier/imapd, and what imaplogin adds to it over TLS.
CAPABILITY = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"
SETTINGS = {"IMAP_CAPABILITY": CAPABILITY, "IMAP_KEYWORDS": "1", "IMAP_ACL": "1", "IMAP_CHECK_ALL_FOLDERS": "0",
            "IMAP_MOVE_EXPUNGE_TO_TRASH": "0", "IMAP_EMPTYTRASH": "", "IMAP_ENHANCEDIDLE": "0", "IMAP_USELOCKS": "0",
            # How often IDLE looks at the folder, in seconds (60 in the package's configuration).
            "IMAP_IDLE_TIMEOUT": "1", "TCPREMOTEIP": "127.0.0.1"}
FOLDERS = ("Drafts", "Sent", "Archive", "Junk", "Trash")
LONGEST_LINE = 16_384


class Refused(Exception):
    pass


class Courier(PrivateServer):
    services = ("imapd",)

    def __init__(self, options):
        self.options = options
        self.program, libraries = unpacked.find("usr/bin/imapd")
        # Before the guard is started, which ends as this object does.
        self.children, self.connections, self.lock = set(), set(), threading.Lock()
        super().__init__("courier", options.keep, in_memory=True)
        # gamin's server is found by this name; ours must not be shared with anybody's.
        self.more_environment = {**SETTINGS, **libraries, "GAM_CLIENT_ID": self.directory.name}
        self.passwords = dict(options.users)
        self.port = 0
        self.listener = None
        self.fill = directimap.fill_slowly
        self.deliveries = 0
        for user in self.passwords:
            self._make_maildir(self.maildir(user))
            for folder in FOLDERS:
                self._make_maildir(self.maildir(user) / f".{folder}")
            # Every folder is subscribed, as with the other servers.
            (self.maildir(user) / "courierimapsubscribed").write_text(
                "".join(f"INBOX.{folder}\n" for folder in FOLDERS))
        self.ca_file = None

    def maildir(self, user):
        return self.directory / "mail" / user / "Maildir"

    @staticmethod
    def _make_maildir(folder):
        for name in ("cur", "new", "tmp"):
            (folder / name).mkdir(parents=True)
        if folder.name.startswith("."):
            (folder / "maildirfolder").touch()

    def start(self):
        certificate, key, self.ca_file = certificates.make_server_certificate(self.directory / "tls",
                                                                              self.options.certificate)
        self.hand_over()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(100)
        self.port = self.listener.getsockname()[1]
        self._start_watcher()
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _start_watcher(self):
        """imapd would start one by itself, and it would outlive us."""
        with contextlib.suppress(RuntimeError):
            program, _ = unpacked.find("usr/libexec/gam_server")
            self.pid = self.session_id = self.spawn([program, "--notimeout", self.directory.name])
            (self.directory / "watcher.pid").write_text(str(self.pid))

    def master_pid(self):
        with contextlib.suppress(OSError, ValueError):
            return int((self.directory / "watcher.pid").read_text())
        return 0

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # stop() has closed it.
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def stop(self, grace=0.4):
        if self.listener:
            # close() alone does not wake the thread that waits in accept().
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        with self.lock:
            connections = list(self.connections)
        for connection in connections:
            self._shut(connection)
        self.resume()
        self.kick()
        self.end_processes(grace)

    def serving(self):
        with self.lock:
            return [child.pid for child in self.children]

    def start_imapd(self, user):
        home = self.directory / "mail" / user
        return self.run([self.program, "Maildir"], env={**self.environment(), "HOME": str(home), "PWD": str(home),
                                                        "MAILDIR": "Maildir"}, chdir=home,
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def run(self, arguments, chdir=None, **more):
        identity = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.as_root else {}
        return subprocess.Popen(list(map(str, arguments)), cwd=chdir or self.directory, **identity, **more)

    def session(self, user):
        if user not in self.passwords:
            raise RuntimeError(f"no such user: {user}")
        return DirectImap.of_process(self.start_imapd(user), user)

    def deliver(self, user, message, _):
        """What maildrop does: written to tmp, then moved to new (https://cr.yp.to/proto/maildir.html)."""
        folder = self.maildir(user)
        self.deliveries += 1
        name = f"{int(time.time())}.M{self.deliveries:08}P{os.getpid()}.test"
        path = folder / "tmp" / name
        path.write_bytes(message.replace(b"\r\n", b"\n"))
        if self.as_root:
            os.chown(path, self.uid, self.gid)
        path.rename(folder / "new" / name)

    # One connection.

    def _serve(self, connection):
        stream = connection
        try:
            stream = self.context.wrap_socket(connection, server_side=True)
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.connections.add(stream)
            with stream.makefile("rb") as lines:
                stream.sendall(f"* OK [CAPABILITY {CAPABILITY} AUTH=PLAIN] Courier-IMAP ready. Copyright 1998-2022 "
                               "Double Precision, Inc.  See COPYING for distribution information.\r\n".encode())
                signed_in = self._sign_in(stream, lines)
                if signed_in:
                    self._hand_on(stream, lines, *signed_in)
        except OSError:
            pass  # The client went away, or refused the certificate.
        finally:
            with self.lock:
                self.connections.discard(stream)
            stream.close()

    def _sign_in(self, stream, lines):
        """Returns (tag, user), or None where the client has left."""
        while line := lines.readline(LONGEST_LINE):
            tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
            verb, _, arguments = rest.partition(b" ")
            verb = verb.upper()
            if verb == b"CAPABILITY":
                stream.sendall(f"* CAPABILITY {CAPABILITY} AUTH=PLAIN\r\n".encode() + tag + b" OK CAPABILITY completed\r\n")
            elif verb == b"NOOP":
                stream.sendall(tag + b" OK NOOP completed\r\n")
            elif verb == b"LOGOUT":
                stream.sendall(b"* BYE Courier-IMAP server shutting down\r\n" + tag + b" OK LOGOUT completed\r\n")
                return None
            elif verb in (b"LOGIN", b"AUTHENTICATE"):
                try:
                    read = self._login if verb == b"LOGIN" else self._authenticate
                    return tag, self._user(*read(stream, lines, arguments))
                except Refused:
                    stream.sendall(tag + b" NO Login failed.\r\n")
            else:
                stream.sendall(tag + b" NO Error in IMAP command received by server.\r\n")
        return None

    def _user(self, user, password):
        if self.passwords.get(user) != password:
            raise Refused
        return user

    @staticmethod
    def _login(stream, lines, arguments):
        while match := re.search(rb"\{(\d{1,4})\}$", arguments):
            stream.sendall(b"+ OK\r\n")
            literal = lines.read(int(match[1]))
            quoted = b'"' + literal.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
            arguments = arguments[:match.start()] + quoted + lines.readline(LONGEST_LINE).rstrip(b"\r\n")
        words = [re.sub(rb"\\(.)", rb"\1", quoted) if quoted or not atom else atom
                 for quoted, atom in re.findall(rb'"((?:[^"\\]|\\.)*)"|([^ "]+)', arguments)]
        if len(words) != 2:
            raise Refused
        return tuple(word.decode("utf-8", "replace") for word in words)

    @staticmethod
    def _authenticate(stream, lines, arguments):
        words = arguments.split()
        if not words or words[0].upper() != b"PLAIN":
            raise Refused
        if len(words) == 1:
            stream.sendall(b"+ \r\n")
            words.append(lines.readline(LONGEST_LINE).strip())
        try:
            _, user, password = base64.b64decode(words[1]).decode().split("\0")
        except (binascii.Error, ValueError) as error:
            raise Refused from error
        return user, password

    def _hand_on(self, stream, lines, tag, user):
        """To an imapd of its own, whose greeting becomes the answer to the sign-in."""
        child = self.start_imapd(user)
        with self.lock:
            self.children.add(child)
        try:
            while not (greeting := child.stdout.readline()).startswith(b"* PREAUTH"):
                if not greeting:
                    return
                stream.sendall(greeting)
            stream.sendall(tag + b" OK LOGIN Ok.\r\n")
            answers = threading.Thread(target=self._answers, args=(child, stream), daemon=True)
            answers.start()
            while data := lines.read1(65_536):
                child.stdin.write(data)
                child.stdin.flush()
            child.stdin.close()
            answers.join(5)
        except (OSError, ValueError):
            pass
        finally:
            with self.lock:
                self.children.discard(child)
            child.kill()
            child.wait()

    def _answers(self, child, stream):
        try:
            while data := child.stdout.read1(65_536):
                stream.sendall(data)
        except (OSError, ValueError):
            pass
        self._shut(stream)

    @staticmethod
    def _shut(stream):
        try:
            stream.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Commands(servercommands.Commands):
    def on_tidy(self, command):
        """Courier 5.0.13 dies of RENAME where there are access rights of a folder below: it takes their file in
        courierimaphieracl for a folder (November 2026). The rights are its defaults, so nothing goes with them."""
        with contextlib.suppress(FileNotFoundError):
            for path in (self.server.maildir(self.user(command)) / "courierimaphieracl").iterdir():
                path.unlink()


def facts(server):
    return {"imaps_port": server.port, "imap_port": 0, "log_file": ""}


if __name__ == "__main__":
    sys.exit(servercommands.serve(Courier, servercommands.option_parser(__doc__).parse_args(), facts, Commands))
