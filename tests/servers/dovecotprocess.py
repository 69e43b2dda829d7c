# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Dovecot: starts it, stops it, and leaves nothing behind, however its owner ends."""

import grp
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import certificates
import dovecotconfig

LISTENERS = ("imaps", "imap", "lmtp")


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


class Dovecot:
    """One server in a temporary folder. Dovecot never serves mail as root, so when this runs as
    root everything of Dovecot runs as "nobody", which every system has; an ordinary user keeps
    their own account. No other system user is needed."""

    def __init__(self, options):
        self.options = options
        self.program = find_program("dovecot")
        self.doveadm_program = find_program("doveadm")
        self.as_root = os.geteuid() == 0
        account = pwd.getpwnam("nobody") if self.as_root else pwd.getpwuid(os.geteuid())
        self.uid, self.gid, self.account = account.pw_uid, account.pw_gid, account.pw_name
        self.group = grp.getgrgid(self.gid).gr_name
        # Not below $TMPDIR as root: that may be a folder which "nobody" cannot enter. A short
        # path also keeps Dovecot's socket names below the 108 bytes of a sun_path.
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="kittiwake-dovecot-", dir="/tmp"))
        self.pid = 0
        self.session = 0
        self.ports = dict.fromkeys(LISTENERS, 0)
        self.guard_pipe = self._start_guard()
        for folder in ("run", "state", "mail"):
            (self.directory / folder).mkdir()
        users = self.directory / "users"
        users.write_text(dovecotconfig.users_file(options.users))
        self.ca_file = None
        self._hand_over()

    @property
    def config_file(self):
        return self.directory / "dovecot.conf"

    @property
    def log_file(self):
        return self.directory / "dovecot.log"

    def _hand_over(self):
        if self.as_root:
            for path in (self.directory, *self.directory.rglob("*")):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def _start_guard(self):
        """A child that waits for this process to end, in whatever way, and cleans up after it."""
        reading, writing = os.pipe()
        if os.fork() == 0:
            try:
                os.setsid()
                os.close(writing)
                for standard in (0, 1, 2):
                    os.dup2(os.open(os.devnull, os.O_RDWR), standard)
                for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                # One byte: all was cleaned up in order. End of file: the owner died.
                if not os.read(reading, 1):
                    self.session = self._master_pid()
                    self._end_processes(0.2)
                    if not self.options.keep:
                        shutil.rmtree(self.directory, ignore_errors=True)
            finally:
                os._exit(0)
        os.close(reading)
        return writing

    def _master_pid(self):
        try:
            return int((self.directory / "run" / "master.pid").read_text())
        except (OSError, ValueError):
            return 0

    def processes(self):
        """The ids of all processes of this server: the master leads a session of its own, and its
        services stay in it. (Dovecot clears their environment, and their titles name no folder.)"""
        if not self.session:
            return []
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    with open(f"/proc/{entry}/stat", "rb") as file:
                        # The second field is the program in parentheses and may hold anything.
                        state, _, _, session = file.read().rpartition(b")")[2].split()[:4]
                    if int(session) == self.session and state != b"Z":
                        found.append(int(entry))
                except OSError:
                    pass
        return found

    def _end_processes(self, grace):
        """Asks the server to end and kills what is left after `grace` seconds: some services of
        Dovecot take their time (one second, three with clients), and nothing here needs it."""
        for pid in self.service_processes("imap"):
            self._signal(pid, signal.SIGCONT)
        if self.session in self.processes():
            self._signal(self.session, signal.SIGTERM)
        deadline = time.monotonic() + grace
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.005)
        for pid in self.processes():
            self._signal(pid, signal.SIGKILL)
        while self.processes() and time.monotonic() < deadline + 3:
            time.sleep(0.005)
        if self.pid:
            try:
                os.waitpid(self.pid, 0)
            except ChildProcessError:
                pass
        self.pid = self.session = 0

    @staticmethod
    def _signal(pid, number):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass

    def write_configuration(self):
        certificate, key, self.ca_file = certificates.make_server_certificate(
            self.directory / "tls", self.options.certificate)
        self.config_file.write_text(dovecotconfig.configuration(
            self.options, directory=self.directory, account=self.account, group=self.group, uid=self.uid,
            gid=self.gid, certificate=certificate, key=key, ports=self.ports))
        self._hand_over()

    def start(self, timeout=20):
        """Starts Dovecot and returns when it greets. After stop(), the same ports are taken again."""
        listeners = [_bind(self.ports[name]) for name in LISTENERS]
        self.ports = {name: listener.getsockname()[1] for name, listener in zip(LISTENERS, listeners)}
        self.write_configuration()
        self.pid = self.session = self._spawn(listeners)
        for listener in listeners:
            listener.close()
        self._wait_for_greeting(timeout)

    def _spawn(self, listeners):
        # Dovecot treats port 0 as "no listener", so the sockets are bound here and handed over as
        # systemd would do it (LISTEN_FDS): no moment in which another process could take the port.
        pid = os.fork()
        if pid:
            return pid
        try:
            os.setsid()
            handles = [os.dup(listener.fileno()) for listener in listeners]
            handles = [handle if handle > 10 else self._move_up(handle) for handle in handles]
            for number, handle in enumerate(handles):
                os.dup2(handle, 3 + number, inheritable=True)
            null = os.open(os.devnull, os.O_RDWR)
            output = os.open(self.directory / "start.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.dup2(null, 0)
            os.dup2(output, 1)
            os.dup2(output, 2)
            if self.as_root:
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
            os.chdir(self.directory)
            environment = self.environment()
            environment.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(handles)))
            os.execve(self.program, [self.program, "-F", "-c", str(self.config_file)], environment)
        finally:
            os._exit(127)

    @staticmethod
    def _move_up(handle):
        import fcntl
        return fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, 20)

    def environment(self):
        return {name: os.environ[name] for name in ("PATH", "TZ", "LANG") if name in os.environ}

    def _wait_for_greeting(self, timeout):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.pid and os.waitpid(self.pid, os.WNOHANG)[0] == self.pid:
                self.pid = 0
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

    def stop(self, grace=0.4):
        """Ends all processes; the folder and the ports' numbers stay, so that start() continues."""
        self._end_processes(grace)

    def remove(self):
        """Stops, and removes the folder unless it is to be kept. Nothing can be started after it."""
        self.stop(2 if self.options.keep else 0.05)
        if not self.options.keep:
            shutil.rmtree(self.directory, ignore_errors=True)
        try:
            os.write(self.guard_pipe, b".")
        except OSError:
            pass

    def run(self, arguments, **more):
        """Runs a program as the user that owns the mail."""
        identity = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.as_root else {}
        return subprocess.Popen(arguments, cwd=self.directory, env=self.environment(), **identity, **more)

    def doveadm(self, arguments):
        """Returns (exit code, standard output, standard error) of a doveadm command."""
        process = self.run([self.doveadm_program, "-c", str(self.config_file), *arguments],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output, errors = process.communicate()
        return process.returncode, output.decode(errors="replace"), errors.decode(errors="replace")

    def service_processes(self, service):
        """Ids of the processes of one service; the title may say more, the program does not."""
        found = []
        for pid in self.processes():
            try:
                if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == service:
                    found.append(pid)
            except OSError:
                pass
        return found

    def pause(self):
        """Freezes the processes that serve mailboxes: connections stay open and say nothing."""
        pids = self.service_processes("imap")
        for pid in pids:
            self._signal(pid, signal.SIGSTOP)
        return len(pids)

    def resume(self):
        pids = self.service_processes("imap")
        for pid in pids:
            self._signal(pid, signal.SIGCONT)
        return len(pids)

    def kick(self):
        """Cuts every connection without a BYE, as a dropped network would look to the server's side."""
        pids = self.service_processes("imap") + self.service_processes("imap-login")
        for pid in pids:
            self._signal(pid, signal.SIGKILL)
        return len(pids)
