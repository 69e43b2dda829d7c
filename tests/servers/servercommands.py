# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that the private servers of the tests take on standard input, one JSON object a line, each answered by
one line {"ok": true, ...} or {"ok": false, "error"}:

  {"cmd": "deliver", "user", "message" | "message_file"}   as a real delivery
  {"cmd": "fill", "user", "mailbox", "count", "seed"}      many generated messages, quickly
  {"cmd": "append", "user", "mailbox", "message" | "message_file", "flags", "date"}   one, straight into a mailbox
  {"cmd": "kick"}      cuts all connections        {"cmd": "pause"} / {"cmd": "resume"}   freezes the IMAP processes
  {"cmd": "stop"} / {"cmd": "start", "certificate"}        down and up again on the same ports
"""

import argparse
import json
import os
import pathlib
import signal
import smtplib
import sys
import time

import certificates
import directimap
from messagegenerator import MessageGenerator

DEFAULT_USERS = [("anna@kittiwake.example", "correct horse"), ("ben@kittiwake.example", "päßwörd:1"),
                 ("clara@kittiwake.example", "battery staple")]


def message_bytes(command):
    if "message_file" in command:
        data = pathlib.Path(command["message_file"]).read_bytes()
    else:
        data = command["message"].encode("utf-8", "surrogateescape")
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


class LmtpDelivery:
    """Deliveries over one connection that is kept, to (host, port) or to a socket in the file system."""

    def __init__(self, address):
        self.address = address
        self.lmtp = None

    def send(self, sender, user, message):
        for attempt in (1, 2):
            try:
                if self.lmtp is None:
                    self.lmtp = smtplib.LMTP(*self.address, timeout=30)
                self.lmtp.sendmail(sender, [user], message)
                return
            except (smtplib.SMTPServerDisconnected, OSError):
                # A kept connection may have idled out or been cut by "kick" or "stop".
                self.lmtp = None
                if attempt == 2:
                    raise


class Commands:
    """What every server takes. The server offers session(user), deliver(user, message, sender), fill(session, mailbox,
    messages), kick, pause, resume, stop and start."""

    def __init__(self, server, options):
        self.server = server
        self.options = options

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

    def fill(self, user, mailbox, messages):
        with self.server.session(user) as session:
            return self.server.fill(session, mailbox, messages)

    def on_deliver(self, command):
        self.server.deliver(self.user(command), message_bytes(command), command.get("from", "sender@example.org"))
        return {"at": time.time()}

    def on_fill(self, command):
        begin = time.monotonic()
        user, count = self.user(command), int(command["count"])
        generator = MessageGenerator(int(command.get("seed", 1)), f"<{user}>")
        added = self.fill(user, command.get("mailbox", "INBOX"), generator.messages(count))
        return {"added": added, "seconds": round(time.monotonic() - begin, 3)}

    def on_append(self, command):
        seconds = command.get("date", time.time())
        self.fill(self.user(command), command.get("mailbox", "INBOX"),
                  [(message_bytes(command), command.get("flags", ""), seconds)])

    def on_kick(self, _):
        return {"processes": self.server.kick()}

    def on_pause(self, _):
        return {"processes": self.server.pause()}

    def on_resume(self, _):
        return {"processes": self.server.resume()}

    def on_stop(self, _):
        self.server.stop()

    def on_start(self, command):
        self.options.certificate = command.get("certificate", self.options.certificate)
        self.server.stop()
        self.server.start()


def user_and_password(text):
    user, separator, password = text.partition(":")
    if not user or not separator:
        raise argparse.ArgumentTypeError("expected USER:PASSWORD")
    return user, password


def option_parser(description):
    """The options that all servers have."""
    # @FILE holds one argument a line: a password in it is not seen in the list of processes.
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     fromfile_prefix_chars="@")
    parser.add_argument("--user", dest="users", action="append", type=user_and_password, metavar="USER:PASSWORD")
    parser.add_argument("--certificate", choices=certificates.KINDS, default="good")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    return parser


def stop_now(*_):
    raise SystemExit(0)


def serve(make_server, options, facts, commands=Commands):
    """Starts the server, prints where it is, and takes commands until standard input ends or SIGTERM comes."""
    options.users = options.users or DEFAULT_USERS
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop_now)
    try:
        server = make_server(options)
    except RuntimeError as error:
        sys.exit(str(error))
    try:
        server.start()
        print(json.dumps({**facts(server), "ca_file": str(server.ca_file),
                          "users": [{"user": user, "password": password} for user, password in options.users],
                          "directory": str(server.directory), "pid": os.getpid()}), flush=True)
        handler = commands(server, options)
        for line in sys.stdin:
            print(json.dumps(handler.answer(line)), flush=True)
    except (RuntimeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        server.remove()
    return 0
