# SPDX-License-Identifier: GPL-3.0-or-later
"""What the private servers of the tests have in common: a folder of their own, a user, a session of processes, and
that nothing of it stays behind, however its owner ends."""

import grp
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import unpacked


MEMORY = "/dev/shm"
ENOUGH_ROOM = 512 << 20


def has_room(folder):
    try:
        figures = os.statvfs(folder)
    except OSError:
        return False
    return os.access(folder, os.W_OK) and figures.f_bavail * figures.f_frsize >= ENOUGH_ROOM


class PrivateServer:
    """One server in a temporary folder. Mail servers do not serve mail as root, so when this runs as root everything of
    the server runs as "nobody", which every system has; an ordinary user keeps their own account. No other system user
    is needed."""

    services = ("imap",)  # Programs that serve mailboxes: what pause() freezes.

    def __init__(self, name, keep, in_memory=False):
        """in_memory: for servers with a file for every message, which would make a test wait for the disk; where there
        is no room for it, the disk it is."""
        self.keep = keep
        self.as_root = os.geteuid() == 0
        account = pwd.getpwnam("nobody") if self.as_root else pwd.getpwuid(os.geteuid())
        self.uid, self.gid, self.account = account.pw_uid, account.pw_gid, account.pw_name
        self.group = grp.getgrgid(self.gid).gr_name
        # Not below $TMPDIR as root: that may be a folder which "nobody" cannot enter. A short
        # path also keeps the server's socket names below the 108 bytes of a sun_path.
        place = MEMORY if in_memory and not keep and has_room(MEMORY) else "/tmp"
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix=f"kittiwake-{name}-", dir=place))
        self.pid = 0
        self.session_id = 0
        self.more_environment = {}
        self.guard_pipe = self._start_guard()

    def hand_over(self):
        """Gives everything in the folder to the user that the server runs as."""
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
                    self.session_id = self.master_pid()
                    self.end_processes(0.2)
                    if not self.keep:
                        shutil.rmtree(self.directory, ignore_errors=True)
            finally:
                os._exit(0)
        os.close(reading)
        return writing

    def master_pid(self):
        """The id of the server's first process as its own file tells, for the guard; 0 where there is none."""
        return 0

    def processes(self):
        """The ids of all processes of this server: the master leads a session of its own, and its
        services stay in it. (Their environment may be cleared, and their titles name no folder.)"""
        if not self.session_id:
            return []
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    with open(f"/proc/{entry}/stat", "rb") as file:
                        # The second field is the program in parentheses and may hold anything.
                        state, _, _, session = file.read().rpartition(b")")[2].split()[:4]
                    if int(session) == self.session_id and state != b"Z":
                        found.append(int(entry))
                except OSError:
                    pass
        return found

    def end_processes(self, grace):
        """Asks the server to end and kills what is left after `grace` seconds: some services of
        Dovecot take their time (one second, three with clients), and nothing here needs it."""
        for pid in self.serving():
            self.signal(pid, signal.SIGCONT)
        if self.session_id in self.processes():
            self.signal(self.session_id, signal.SIGTERM)
        deadline = time.monotonic() + grace
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.005)
        for pid in self.processes():
            self.signal(pid, signal.SIGKILL)
        while self.processes() and time.monotonic() < deadline + 3:
            time.sleep(0.005)
        if self.pid:
            try:
                os.waitpid(self.pid, 0)
            except ChildProcessError:
                pass
        self.pid = self.session_id = 0

    @staticmethod
    def signal(pid, number):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass

    def spawn(self, arguments, listeners=()):
        """Starts the server's first process in a session of its own, as the user that owns the mail. The listeners
        become its handles 3 and up, as systemd would hand them over. Returns its id."""
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
            if handles:
                environment.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(handles)))
            os.execve(arguments[0], list(map(str, arguments)), environment)
        finally:
            os._exit(127)

    @staticmethod
    def _move_up(handle):
        import fcntl
        return fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, 20)

    def has_ended(self):
        """Whether the first process is gone already."""
        if self.pid and os.waitpid(self.pid, os.WNOHANG)[0] == self.pid:
            self.pid = 0
            return True
        return False

    def environment(self):
        return unpacked.environment(self.more_environment)

    def stop(self, grace=0.4):
        """Ends all processes; the folder and the ports' numbers stay, so that start() continues."""
        self.end_processes(grace)

    def remove(self):
        """Stops, and removes the folder unless it is to be kept. Nothing can be started after it."""
        self.stop(2 if self.keep else 0.05)
        if not self.keep:
            shutil.rmtree(self.directory, ignore_errors=True)
        try:
            os.write(self.guard_pipe, b".")
        except OSError:
            pass

    def run(self, arguments, **more):
        """Runs a program as the user that owns the mail."""
        identity = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.as_root else {}
        more.setdefault("env", self.environment())
        return subprocess.Popen(list(map(str, arguments)), cwd=self.directory, **identity, **more)

    def processes_of(self, *services):
        """Ids of the processes of these programs; the title may say more, the program does not."""
        found = []
        for pid in self.processes():
            try:
                if os.path.basename(os.readlink(f"/proc/{pid}/exe")) in services:
                    found.append(pid)
            except OSError:
                pass
        return found

    def serving(self):
        """Ids of the processes that serve mailboxes."""
        return self.processes_of(*self.services)

    def _signal_serving(self, number):
        pids = self.serving()
        for pid in pids:
            self.signal(pid, number)
        return len(pids)

    def pause(self):
        """Freezes the processes that serve mailboxes: connections stay open and say nothing."""
        return self._signal_serving(signal.SIGSTOP)

    def resume(self):
        return self._signal_serving(signal.SIGCONT)

    def kick(self):
        """Cuts every connection without a BYE, as a dropped network would look to the server's side."""
        return self._signal_serving(signal.SIGKILL)
