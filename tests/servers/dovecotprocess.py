# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Dovecot: starts it, stops it, and leaves nothing behind, however its owner ends."""

import os
import shutil
import signal
import socket
import subprocess
import time

import certificates
import dovecotconfig
from privateserver import PrivateServer

LISTENERS = ("imaps", "imap", "lmtp")
SUBMISSION = ("submissions", "submission")


def find_program(name):
    # /usr/sbin is not on an ordinary user's PATH on Debian.
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin:/usr/bin")
    if not found:
        raise RuntimeError(f"{name} is not installed; run scripts/setup")
    return found


def _bind(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(511)
    return listener


class Dovecot(PrivateServer):
    """Dovecot 2.3 in a temporary folder, as an unprivileged user."""

    def __init__(self, options):
        self.options = options
        self.program = find_program("dovecot")
        self.doveadm_program = find_program("doveadm")
        super().__init__("dovecot", options.keep)
        self.listeners = LISTENERS + (SUBMISSION if getattr(options, "submission_relay", 0) else ())
        self.ports = dict.fromkeys(self.listeners, 0)
        for folder in ("run", "state", "mail"):
            (self.directory / folder).mkdir()
        users = self.directory / "users"
        users.write_text(dovecotconfig.users_file(options.users))
        self.ca_file = None
        self.hand_over()

    @property
    def config_file(self):
        return self.directory / "dovecot.conf"

    @property
    def log_file(self):
        return self.directory / "dovecot.log"

    def master_pid(self):
        try:
            return int((self.directory / "run" / "master.pid").read_text())
        except (OSError, ValueError):
            return 0

    def write_configuration(self):
        certificate, key, self.ca_file = certificates.make_server_certificate(
            self.directory / "tls", self.options.certificate)
        self.config_file.write_text(dovecotconfig.configuration(
            self.options, directory=self.directory, account=self.account, group=self.group, uid=self.uid,
            gid=self.gid, certificate=certificate, key=key, ports=self.ports))
        self.hand_over()

    def start(self, timeout=20):
        """Starts Dovecot and returns when it greets. After stop(), the same ports are taken again."""
        # Dovecot treats port 0 as "no listener", so the sockets are bound here and handed over as
        # systemd would do it (LISTEN_FDS): no moment in which another process could take the port.
        listeners = [_bind(self.ports[name]) for name in self.listeners]
        self.ports = {name: listener.getsockname()[1] for name, listener in zip(self.listeners, listeners)}
        self.write_configuration()
        self.pid = self.session_id = self.spawn([self.program, "-F", "-c", self.config_file], listeners)
        for listener in listeners:
            listener.close()
        self._wait_for_greeting(timeout)

    def _wait_for_greeting(self, timeout):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.has_ended():
                raise RuntimeError("Dovecot did not start: " + self.log_text())
            try:
                with socket.create_connection(("127.0.0.1", self.ports["imap"]), timeout=1) as connection:
                    if connection.recv(64).startswith(b"* OK"):
                        return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError("Dovecot does not answer: " + self.log_text())

    def log_text(self):
        texts = []
        for path in (self.directory / "start.log", self.log_file):
            try:
                texts.append(path.read_text(errors="replace")[-4000:])
            except OSError:
                pass
        return "".join(texts).strip()

    def doveadm(self, arguments):
        """Returns (exit code, standard output, standard error) of a doveadm command."""
        process = self.run([self.doveadm_program, "-c", str(self.config_file), *arguments],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output, errors = process.communicate()
        return process.returncode, output.decode(errors="replace"), errors.decode(errors="replace")

    def kick(self):
        """Also the sign-in processes, through which TLS goes."""
        pids = self.processes_of("imap", "imap-login")
        for pid in pids:
            self.signal(pid, signal.SIGKILL)
        return len(pids)
