#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Dovecot for tests and the demo, on ephemeral ports of 127.0.0.1, in a temporary folder.

Prints one JSON line when it is ready:
  {"imaps_port", "imap_port", "lmtp_port", "ca_file", "users": [{"user", "password"}], "directory", "log_file", "pid"}
and runs until its standard input ends or SIGTERM comes; then Dovecot is stopped and the folder removed
(unless --keep). When whoever started it dies, standard input ends, and when this process itself is
killed a guard cleans up: nothing stays behind.

Each line on standard input is a command, answered by one line {"ok": true, ...} or {"ok": false, "error"}:
  {"cmd": "deliver", "user", "message" | "message_file"}   through LMTP, as a real delivery
  {"cmd": "fill", "user", "mailbox", "count", "seed"}      many generated messages, quickly
  {"cmd": "append", "user", "mailbox", "message" | "message_file", "flags", "date"}   one, straight into a mailbox
  {"cmd": "doveadm", "args": [...]}                        "code", "output", "errors"
  {"cmd": "kick"}      cuts all connections        {"cmd": "pause"} / {"cmd": "resume"}   freezes the IMAP processes
  {"cmd": "stop"} / {"cmd": "start", "certificate"}        down and up again on the same ports
"""

import argparse
import json
import os
import pathlib
import signal
import smtplib
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import certificates  # noqa: E402
import dovecotconfig  # noqa: E402
from dovecotprocess import Dovecot  # noqa: E402
from messagegenerator import MessageGenerator, internal_date  # noqa: E402

DEFAULT_USERS = [("anna@kittiwake.example", "correct horse"), ("ben@kittiwake.example", "päßwörd:1"),
                 ("clara@kittiwake.example", "battery staple")]


def mailbox_utf7(name):
    """Modified UTF-7 of RFC 3501, section 5.1.3, quoted."""
    import base64
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
    """An IMAP session straight to a mailbox: no TLS, no sign-in, no login process in the way."""

    def __init__(self, dovecot, user):
        self.process = dovecot.run([dovecot.doveadm_program, "-c", str(dovecot.config_file), "exec", "imap",
                                    "-u", user], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        greeting = self.process.stdout.readline()
        if b"PREAUTH" not in greeting:
            self.process.kill()
            self.process.communicate()
            raise RuntimeError(f"no such user: {user}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def write(self, data):
        self.process.stdin.write(data)

    def wait(self, tag):
        self.process.stdin.flush()
        while line := self.process.stdout.readline():
            if line.startswith(tag + b" "):
                if not line.startswith(tag + b" OK"):
                    raise RuntimeError("the server says: " + line.decode(errors="replace").strip())
                return line.decode(errors="replace").strip()
        raise RuntimeError("the server closed the connection")

    def command(self, text):
        self.write(b"c " + text.encode() + b"\r\n")
        return self.wait(b"c")


def fill(dovecot, user, mailbox, messages, batch=500):
    """Appends (bytes, flags, seconds) tuples with MULTIAPPEND and literals that need no answer."""
    name = mailbox_utf7(mailbox).encode()
    added = 0
    with DirectImap(dovecot, user) as session:
        if mailbox.upper() != "INBOX":
            session.write(b"e CREATE " + name + b"\r\n")
            try:
                session.wait(b"e")
            except RuntimeError:
                pass  # It exists already; if not, APPEND says so.
        pending = 0
        for message, flags, seconds in messages:
            if pending == 0:
                session.write(b"a APPEND " + name)
            session.write(b" (%s) %s {%d+}\r\n%s" % (flags.encode(), internal_date(seconds).encode(), len(message),
                                                     message))
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


def message_bytes(command):
    if "message_file" in command:
        data = pathlib.Path(command["message_file"]).read_bytes()
    else:
        data = command["message"].encode("utf-8", "surrogateescape")
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


class Commands:
    def __init__(self, dovecot, options):
        self.dovecot = dovecot
        self.options = options
        self.lmtp = None

    def answer(self, line):
        try:
            command = json.loads(line)
            handler = getattr(self, "on_" + str(command.get("cmd")), None)
            if handler is None:
                raise ValueError("unknown command")
            return {"ok": True, **(handler(command) or {})}
        except Exception as error:  # Whatever happens is the caller's to report; the server runs on.
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}

    def user(self, command):
        return command.get("user") or self.options.users[0][0]

    def on_deliver(self, command):
        message, user = message_bytes(command), self.user(command)
        sender = command.get("from", "sender@example.org")
        for attempt in (1, 2):
            try:
                if self.lmtp is None:
                    self.lmtp = smtplib.LMTP("127.0.0.1", self.dovecot.ports["lmtp"], timeout=30)
                self.lmtp.sendmail(sender, [user], message)
                break
            except (smtplib.SMTPServerDisconnected, OSError):
                # A kept connection may have idled out or been cut by "kick" or "stop".
                self.lmtp = None
                if attempt == 2:
                    raise
        return {"at": time.time()}

    def on_fill(self, command):
        begin = time.monotonic()
        user, count = self.user(command), int(command["count"])
        generator = MessageGenerator(int(command.get("seed", 1)), f"<{user}>")
        added = fill(self.dovecot, user, command.get("mailbox", "INBOX"), generator.messages(count))
        return {"added": added, "seconds": round(time.monotonic() - begin, 3)}

    def on_append(self, command):
        seconds = command.get("date", time.time())
        fill(self.dovecot, self.user(command), command.get("mailbox", "INBOX"),
             [(message_bytes(command), command.get("flags", ""), seconds)])

    def on_doveadm(self, command):
        code, output, errors = self.dovecot.doveadm(command["args"])
        return {"code": code, "output": output, "errors": errors}

    def on_kick(self, _):
        return {"processes": self.dovecot.kick()}

    def on_pause(self, _):
        return {"processes": self.dovecot.pause()}

    def on_resume(self, _):
        return {"processes": self.dovecot.resume()}

    def on_stop(self, _):
        self.lmtp = None
        self.dovecot.stop()

    def on_start(self, command):
        self.options.certificate = command.get("certificate", self.options.certificate)
        self.dovecot.stop()
        self.dovecot.start()


def words(text):
    return text.replace(",", " ").split()


def user_and_password(text):
    user, separator, password = text.partition(":")
    if not user or not separator:
        raise argparse.ArgumentTypeError("expected USER:PASSWORD")
    return user, password


def parse_options():
    # @FILE holds one argument a line: a password in it is not seen in the list of processes.
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     fromfile_prefix_chars="@")
    parser.add_argument("--user", dest="users", action="append", type=user_and_password, metavar="USER:PASSWORD")
    parser.add_argument("--format", choices=sorted(dovecotconfig.LOCATIONS), default="mdbox")
    parser.add_argument("--certificate", choices=certificates.KINDS, default="good")
    parser.add_argument("--mechanisms", default="plain login scram-sha-1 scram-sha-256")
    parser.add_argument("--hide-capability", type=words, default=[], metavar="WORDS",
                        help="capabilities that are not announced, e.g. CONDSTORE,QRESYNC")
    parser.add_argument("--capability", default="", metavar="LINE", help="announce exactly this")
    parser.add_argument("--no-special-use", action="store_true", help="Drafts, Sent and so on without their roles")
    parser.add_argument("--separator", default="/")
    parser.add_argument("--prefix", default="", help='prefix of the personal namespace, e.g. "INBOX."')
    parser.add_argument("--quota", default="0", help='storage quota, e.g. "1M"; 0 is none')
    parser.add_argument("--idle-notify", default="2 mins", help='how often IDLE says "Still here"')
    parser.add_argument("--allow-plaintext", action="store_true", help="let a client sign in without TLS")
    parser.add_argument("--extra-config", default="", help="a file with more lines for dovecot.conf")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args()
    options.users = options.users or DEFAULT_USERS
    if options.extra_config:
        options.extra_config = pathlib.Path(options.extra_config).read_text()
    return options


def stop_now(*_):
    raise SystemExit(0)


def main():
    options = parse_options()
    signal.signal(signal.SIGTERM, stop_now)
    signal.signal(signal.SIGINT, stop_now)
    signal.signal(signal.SIGHUP, stop_now)
    try:
        dovecot = Dovecot(options)
    except RuntimeError as error:
        sys.exit(str(error))
    try:
        dovecot.start()
        print(json.dumps({
            "imaps_port": dovecot.ports["imaps"], "imap_port": dovecot.ports["imap"],
            "lmtp_port": dovecot.ports["lmtp"], "ca_file": str(dovecot.ca_file),
            "users": [{"user": user, "password": password} for user, password in options.users],
            "directory": str(dovecot.directory), "log_file": str(dovecot.log_file), "pid": os.getpid()}), flush=True)
        commands = Commands(dovecot, options)
        for line in sys.stdin:
            print(json.dumps(commands.answer(line)), flush=True)
    except (RuntimeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        dovecot.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
