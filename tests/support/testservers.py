# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers of tests/servers for test scripts: the counterpart of dovecotserver.h and oddserver.h."""

import json
import pathlib
import subprocess
import sys

SCRIPTS = pathlib.Path(__file__).resolve().parents[1] / "servers"


class ServerProcess:
    """A script that says on its first line where it listens, and then answers commands, one a line."""

    def __init__(self, script, *arguments):
        self.process = subprocess.Popen([sys.executable, "-B", str(SCRIPTS / script), *map(str, arguments)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        first = self.process.stdout.readline()
        if not first:
            raise RuntimeError(f"{script} ended with {self.process.wait()}")
        self.facts = json.loads(first)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.process.stdin.closed:
            return
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()

    def command(self, name, **arguments):
        self.process.stdin.write(json.dumps({"cmd": name, **arguments}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if not answer.pop("ok"):
            raise RuntimeError(f"{name}: {answer['error']}")
        return answer


class MailServer(ServerProcess):
    """A private mail server; its commands are those of tests/servers/servercommands.py."""

    def __init__(self, script, *arguments):
        super().__init__(script, *arguments)
        self.imaps_port, self.imap_port = self.facts["imaps_port"], self.facts["imap_port"]
        self.ca_file, self.directory = self.facts["ca_file"], pathlib.Path(self.facts["directory"])

    def user(self, index=0):
        return self.facts["users"][index]["user"]

    def password(self, index=0):
        return self.facts["users"][index]["password"]

    @staticmethod
    def _text(message):
        return message if isinstance(message, str) else message.decode("utf-8", "surrogateescape")

    def deliver(self, message, **more):
        return self.command("deliver", message=self._text(message), **more)

    def append(self, mailbox, message, **more):
        return self.command("append", mailbox=mailbox, message=self._text(message), **more)

    def fill(self, mailbox, count, seed=1, **more):
        return self.command("fill", mailbox=mailbox, count=count, seed=seed, **more)

    def tidy(self, **more):
        """Before a mailbox is renamed: takes away what the server would fall over."""

    def stop(self):
        self.command("stop")

    def start(self, certificate="good"):
        self.command("start", certificate=certificate)


class DovecotServer(MailServer):
    """tests/servers/dovecot.py."""

    def __init__(self, *arguments):
        super().__init__("dovecot.py", *arguments)

    def doveadm(self, *arguments):
        """What doveadm prints; RuntimeError where it fails."""
        answer = self.command("doveadm", args=list(arguments))
        if answer["code"] != 0:
            raise RuntimeError(f"doveadm {' '.join(arguments)}: {answer['errors']}")
        return answer["output"]


class CyrusServer(MailServer):
    """tests/servers/cyrus.py."""

    def __init__(self, *arguments):
        super().__init__("cyrus.py", *arguments)


def has_courier():
    """Whether this release has Courier (tests/servers/unpacked.py)."""
    asked = subprocess.run([sys.executable, "-B", str(SCRIPTS / "unpacked.py"), "usr/bin/imapd"], check=False)
    return asked.returncode == 0


class CourierServer(MailServer):
    """tests/servers/courier.py. Its mailboxes are below INBOX: "INBOX.Sent"."""

    def __init__(self, *arguments):
        super().__init__("courier.py", *arguments)

    def tidy(self, **more):
        self.command("tidy", **more)


class PersonalityServer(MailServer):
    """tests/servers/personality.py; change() takes its commands for what another client does."""

    def __init__(self, name, *arguments):
        super().__init__("personality.py", "--personality", name, *arguments)

    def change(self, name, mailbox, **more):
        self.command(name, mailbox=mailbox, **more)

    def contents(self):
        return self.command("contents")["mailboxes"]

    def log(self):
        return self.command("log")["lines"]


class OddServer(ServerProcess):
    """tests/servers/oddserver.py of one kind."""

    def __init__(self, kind):
        super().__init__("oddserver.py", "--kind", kind)
        self.port, self.ca_file = self.facts["port"], self.facts["ca_file"]
