#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Cyrus for tests, on ephemeral ports of 127.0.0.1, in a temporary folder.

Prints one JSON line when it is ready: {"imaps_port", "imap_port", "ca_file", "users", "directory", "log_file", "pid"};
takes the commands of servercommands.py; ends, and leaves nothing behind, as dovecot.py does.
"""

import contextlib
import pathlib
import socket
import socketserver
import struct
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

PROGRAMS = "usr/lib/cyrus/bin"

IMAPD_CONF = """\
# Written by tests/servers/cyrus.py.
cyrus_user: {account}
cyrus_group: {group}
configdirectory: {directory}/config
proc_path: {directory}/run/proc
mboxname_lockpath: {directory}/run/lock
defaultpartition: default
partition-default: {directory}/mail
sieveusehomedir: no
sievedir: {directory}/sieve
admins: admin
unixhierarchysep: yes
altnamespace: yes
# A user is the whole address; without a default domain none of them loses its part behind the "@".
virtdomains: userid
username_tolower: no
autocreate_quota: 0
autocreate_post: yes
autocreate_inbox_folders: Drafts | Sent | Archive | Junk | Trash
autocreate_subscribe_folders: Drafts | Sent | Archive | Junk | Trash
xlist-drafts: Drafts
xlist-sent: Sent
xlist-archive: Archive
xlist-junk: Junk
xlist-trash: Trash
# The same message delivered twice is two messages.
duplicatesuppression: no
delete_mode: immediate
skiplist_unsafe: yes
timeout: 30
imapidlepoll: 1
idlesocket: {directory}/run/idle
lmtpsocket: {directory}/run/lmtp
notifysocket: {directory}/run/notify
munge8bit: no
allowplaintext: no
sasl_mech_list: PLAIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {directory}/run/auth
tls_server_cert: {certificate}
tls_server_key: {key}
tls_session_timeout: 0
syslog_prefix: kittiwake-test
"""

CYRUS_CONF = """\
START {{
  recover cmd="{programs}/ctl_cyrusdb -C {config} -r"
}}
SERVICES {{
  imaps cmd="{programs}/imapd -s -C {config}" listen="127.0.0.1:{imaps_port}" prefork=1 maxchild=200
  imap cmd="{programs}/imapd -C {config}" listen="127.0.0.1:{imap_port}" prefork=0 maxchild=200
  # For the tests' own sessions: the same server without TLS, reachable by this user only.
  direct cmd="{programs}/imapd -p 256 -C {config}" listen="{directory}/run/direct" prefork=1 maxchild=200
  lmtp cmd="{programs}/lmtpd -a -C {config}" listen="{directory}/run/lmtp" prefork=1 maxchild=20
}}
EVENTS {{
}}
DAEMON {{
  idled cmd="{programs}/idled -C {config}"
}}
"""


class PasswordCheck(socketserver.ThreadingUnixStreamServer):
    """Answers as saslauthd does: four strings with their lengths come (user, password, service, realm), one goes."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self, path, passwords):
        self.passwords = passwords
        super().__init__(str(path), self.Request)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    class Request(socketserver.StreamRequestHandler):
        def _string(self):
            (length,) = struct.unpack("!H", self.rfile.read(2))
            return self.rfile.read(length).decode("utf-8", "replace")

        def handle(self):
            try:
                user, password, _, realm = (self._string() for _ in range(4))
            except struct.error:
                return
            # Where realms are wanted, SASL takes the name apart at its "@".
            names = (user, f"{user}@{realm}")
            good = any(self.server.passwords.get(name) == password for name in names)
            answer = b"OK" if good else b"NO"
            self.wfile.write(struct.pack("!H", len(answer)) + answer)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cyrus(PrivateServer):
    services = ("imapd",)

    def __init__(self, options):
        self.options = options
        imapd, libraries = unpacked.find(f"{PROGRAMS}/imapd")
        self.programs = imapd.parent
        super().__init__("cyrus", options.keep, in_memory=True)
        self.more_environment = {**libraries, "CYRUS_USER": self.account}
        self.ports = {"imaps": 0, "imap": 0}
        for folder in ("config", "mail", "sieve", "run", "run/proc", "run/lock"):
            (self.directory / folder).mkdir()
        self.passwords = dict(options.users)
        self.check = PasswordCheck(self.directory / "run" / "auth", self.passwords)
        self.ca_file = None
        self.delivery = None
        self.fill = directimap.fill

    @property
    def config_file(self):
        return self.directory / "imapd.conf"

    @property
    def log_file(self):
        return self.directory / "start.log"

    def master_pid(self):
        try:
            return int((self.directory / "run" / "master.pid").read_text())
        except (OSError, ValueError):
            return 0

    def start(self, timeout=20):
        """Starts Cyrus and returns when it greets. After stop(), the same ports are taken again."""
        chosen = not self.ports["imaps"]
        for attempt in range(5):
            # Cyrus binds its ports itself, so another process may come first: then others are taken.
            if chosen:
                self.ports = {name: free_port() for name in self.ports}
            try:
                self._start_once(timeout)
                return
            except RuntimeError:
                if not chosen or attempt == 4:
                    raise
                self.stop()

    def _start_once(self, timeout):
        certificate, key, self.ca_file = certificates.make_server_certificate(self.directory / "tls",
                                                                              self.options.certificate)
        facts = {"directory": self.directory, "account": self.account, "group": self.group, "certificate": certificate,
                 "key": key, "programs": self.programs, "config": self.config_file,
                 "imaps_port": self.ports["imaps"], "imap_port": self.ports["imap"]}
        self.config_file.write_text(IMAPD_CONF.format(**facts))
        (self.directory / "cyrus.conf").write_text(CYRUS_CONF.format(**facts))
        self.hand_over()
        self.pid = self.session_id = self.spawn([
            self.programs / "master", "-C", self.config_file, "-M", self.directory / "cyrus.conf",
            "-p", self.directory / "run" / "master.pid"])
        deadline = time.monotonic() + timeout
        for name, port in self.ports.items():
            self._wait_for_greeting(name, port, deadline)
        for user in self.passwords:
            # Signing in makes the mailboxes.
            self.session(user).close()

    def _wait_for_greeting(self, name, port, deadline):
        while time.monotonic() < deadline:
            if self.has_ended():
                raise RuntimeError("Cyrus did not start: " + self.log_text())
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                # Behind TLS a greeting needs a client; that it accepts must do there.
                if name == "imaps" or connection.recv(64).startswith(b"* OK"):
                    return
            time.sleep(0.01)
        raise RuntimeError("Cyrus does not answer: " + self.log_text())

    def log_text(self):
        try:
            return self.log_file.read_text(errors="replace")[-4000:]
        except OSError:
            return ""

    def session(self, user):
        """A session without TLS, through a socket that only this user may use."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(str(self.directory / "run" / "direct"))
        files = connection.makefile("rwb")

        def close():
            files.close()
            connection.close()
        session = DirectImap(files, files, close)
        if not files.readline().startswith(b"* OK"):
            raise RuntimeError("Cyrus does not greet")
        literals = [text.encode() for text in (user, self.passwords[user])]
        session.write(b"c LOGIN " + b" ".join(b"{%d+}\r\n%s" % (len(text), text) for text in literals) + b"\r\n")
        session.wait(b"c")
        return session

    def deliver(self, user, message, sender):
        if self.delivery is None:
            self.delivery = servercommands.LmtpDelivery((str(self.directory / "run" / "lmtp"),))
        self.delivery.send(sender, user, message)

    def stop(self, grace=0.4):
        self.delivery = None
        super().stop(grace)

    def remove(self):
        self.check.shutdown()
        self.check.server_close()
        super().remove()


def facts(server):
    return {"imaps_port": server.ports["imaps"], "imap_port": server.ports["imap"], "log_file": str(server.log_file)}


if __name__ == "__main__":
    sys.exit(servercommands.serve(Cyrus, servercommands.option_parser(__doc__).parse_args(), facts))
