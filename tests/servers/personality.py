#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail service as it is, limits and defects included, on an ephemeral port of 127.0.0.1 over TLS.

  personality.py --personality yahoo
Prints {"imaps_port", "imap_port", "ca_file", "users", "directory", "pid"} when ready; takes the commands of
servercommands.py (deliver, fill, append, kick) and, for what another client does behind one's back:
  {"cmd": "flag", "mailbox", "uids", "add", "remove"}    {"cmd": "expunge", "mailbox", "uids"}
  {"cmd": "move", "mailbox", "uids", "target"}           {"cmd": "label", "mailbox", "uids", "target"}   Gmail
  {"cmd": "create" | "delete" | "subscribe" | "unsubscribe", "mailbox"}    {"cmd": "rename", "mailbox", "target"}
  {"cmd": "renumber", "mailbox"}   another UIDVALIDITY, the same messages in another order
  {"cmd": "delay", "mailbox", "when": "before" | "after"}   the next APPEND's connection ends, and what it brought is there
                        when the one after that comes: just before its message, or just after it
  {"cmd": "break", "mailbox", "count"}   so many STOREs of \\Deleted end their connection instead of being done
  {"cmd": "contents"}   all that is there: {"mailboxes": {name: {"uidvalidity", "subscribed", "messages": [{"uid", "labels",
                        "flags", "size", "date", "number", "header"}]}}}, as a client should see it who knows the service
  {"cmd": "log"}        the command lines that came: {"lines"}; forgets them
"""

import dataclasses
import pathlib
import random
import shutil
import socketserver
import ssl
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import certificates  # noqa: E402
import imapmodel  # noqa: E402
import servercommands  # noqa: E402
from imapmodel import Content  # noqa: E402
from personalities import PERSONALITIES  # noqa: E402
from scriptedimap import Connection, Hangup  # noqa: E402

ALL_MAIL = "[Gmail]/All Mail"


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        owner, stream = self.server.owner, None
        try:
            stream = owner.context.wrap_socket(self.request, server_side=True)
            with owner.lock:
                owner.streams.add(stream)
            with stream.makefile("rb") as reading, stream.makefile("wb") as writing:
                Connection(owner, reading, writing).serve()
        except (OSError, ValueError, Hangup):
            pass  # The client has left, or was cut off.
        finally:
            with owner.lock:
                owner.streams.discard(stream)
            if stream:
                stream.close()


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 50
    block_on_close = False


class Service:
    def __init__(self, options):
        limits = {name: value for name in ("window", "message_limit", "object_ids")
                  if (value := getattr(options, name)) is not None}
        self.personality = dataclasses.replace(PERSONALITIES[options.personality], **limits)
        self.passwords = dict(options.users)
        self.account = imapmodel.Account(self.personality.folders)
        # One lock for all, as one process would: what a command does, it does at once.
        self.lock = threading.Condition(threading.RLock())
        self.streams, self.log = set(), []
        self.commands, self.cripples, self.turn = 0, self.personality.not_connected, 0
        self.delayed, self.late = None, None  # when a message that was appended shall be there, and it
        self.breaks = 0  # so many times still
        self.numbers = random.Random(8474)
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="kittiwake-personality-"))
        self.listener, self.ca_file = None, None

    def start(self):
        certificate, key, self.ca_file = certificates.make_server_certificate(self.directory, "good")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.listener = Listener(("127.0.0.1", 0), Handler)
        self.listener.owner = self
        self.port = self.listener.server_address[1]
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def remove(self):
        if self.listener:
            self.listener.shutdown()
            self.listener.server_close()
        self.kick()
        shutil.rmtree(self.directory, ignore_errors=True)

    def kick(self):
        with self.lock:
            for stream in self.streams:
                try:
                    stream.shutdown(2)
                except OSError:
                    pass
            return len(self.streams)

    # What connections ask.

    @staticmethod
    def now():
        return int(time.time())

    def count_command(self, signed_in):
        self.commands += signed_in
        return self.commands

    def take_cripple(self):
        self.cripples -= 1
        return self.cripples >= 0

    def idle(self, connection):
        """Tells of news until the client says DONE; called with the lock held, which is let go of meanwhile."""
        ended = threading.Event()

        def read():
            try:
                connection.reading.readline(1000)
            except (OSError, ValueError):
                pass
            with self.lock:
                ended.set()
                self.lock.notify_all()
        threading.Thread(target=read, daemon=True).start()
        while not ended.is_set():
            connection.news()
            connection.writing.flush()
            self.lock.wait()

    # What the commands need.

    def add(self, mailbox, data, flags, seconds):
        with self.lock:
            content = Content(data, flags, int(seconds))
            if self.personality.gmail:
                self.account.mailboxes[ALL_MAIL].add(content)
            if mailbox != ALL_MAIL or not self.personality.gmail:
                self.account.mailboxes[mailbox].add(content)
            self.lock.notify_all()

    def append(self, box, content):
        """UID of the message; 0: nobody will hear of it, and it is there later."""
        when, late = self.delayed, self.late
        if when and late is None:
            self.late = content
            return 0
        self.delayed = self.late = None
        if when == "before":
            box.add(late)
        made = box.add(content)
        if when == "after":
            box.add(late)
        return made

    def deliver(self, _, message, __):
        self.add("INBOX", message, (), self.now())


class Commands(servercommands.Commands):
    def fill(self, _, mailbox, messages):
        count = 0
        for data, flags, seconds in messages:
            self.server.add(mailbox, data, flags.split(), seconds)
            count += 1
        return count

    def _chosen(self, command):
        wanted = set(command["uids"])
        box = self.server.account.mailboxes[command["mailbox"]]
        return box, [entry.content for entry in box.entries if entry.uid in wanted]

    def answer(self, line):
        with self.server.lock:
            answer = super().answer(line)
            self.server.lock.notify_all()
            return answer

    def on_flag(self, command):
        _, contents = self._chosen(command)
        add, remove = set(command.get("add", ())), set(command.get("remove", ()))
        self.server.account.set_flags(contents, lambda flags: (flags | add) - remove)

    def on_expunge(self, command):
        box, contents = self._chosen(command)
        box.remove(set(command["uids"]))
        self._touch(contents)

    def _touch(self, contents):
        """Whoever shows one of them sees another MODSEQ, since its X-GM-LABELS has changed."""
        if self.server.personality.gmail:
            self.server.account.set_flags(contents, lambda flags: flags)

    def on_label(self, command):
        contents = self._chosen(command)[1]
        for content in contents:
            self.server.account.mailboxes[command["target"]].add(content)
        self._touch(contents)

    def on_move(self, command):
        self.on_label(command)
        self.on_expunge(command)

    def on_create(self, command):
        self.server.account.create(command["mailbox"])

    def on_subscribe(self, command):
        self.server.account.subscribed.add(command["mailbox"])

    def on_unsubscribe(self, command):
        self.server.account.subscribed.discard(command["mailbox"])

    def on_delete(self, command):
        gone = self.server.account.mailboxes.pop(command["mailbox"])
        self._touch([entry.content for entry in gone.entries])

    def on_rename(self, command):
        delimiter = self.server.personality.delimiter_of(command["mailbox"])
        self.server.account.rename(command["mailbox"], command["target"], delimiter)
        self._touch([entry.content for entry in self.server.account.mailboxes[command["target"]].entries])

    def on_renumber(self, command):
        self.server.account.validity += 1
        self.server.account.mailboxes[command["mailbox"]].renumber(self.server.account.validity, self.server.numbers)

    def on_delay(self, command):
        self.server.delayed, self.server.late = command["when"], None

    def on_break(self, command):
        self.server.breaks = command["count"]

    def on_contents(self, _):
        found = {}
        for box in self.server.account.mailboxes.values():
            if not box.is_no_mailbox():
                who, odd = self.server.personality, self.server.personality.odd_flag
                found[box.name] = {"uidvalidity": box.validity if who.keeps_uids else None,
                                   "subscribed": box.name in self.server.account.subscribed, "messages": [{
                    "uid": entry.uid, "labels": self._labels(box, entry.content), "flags": sorted(entry.content.flags) + ([odd] if odd else []),
                    "size": len(entry.content.data), "date": entry.content.date, "number": entry.content.number,
                    "header": entry.content.header.decode("utf-8", "surrogateescape")} for entry in box.entries]}
        return {"mailboxes": found}

    def _labels(self, box, content):
        if not self.server.personality.gmail:
            return []
        return sorted(imapmodel.gmail_label(name) for name in self.server.account.labels(content, box))

    def on_log(self, _):
        lines, self.server.log = self.server.log, []
        return {"lines": lines}


def facts(server):
    return {"imaps_port": server.port, "imap_port": 0}


if __name__ == "__main__":
    parser = servercommands.option_parser(__doc__)
    parser.add_argument("--personality", choices=sorted(PERSONALITIES), required=True)
    parser.add_argument("--window", type=int, help="another one than the service's, to need fewer messages in a test")
    parser.add_argument("--message-limit", type=int, help="likewise; what is announced stays")
    parser.add_argument("--object-ids", choices=("right", "same", "huge", "jumping"), help="another kind than the service's")
    sys.exit(servercommands.serve(Service, parser.parse_args(), facts, Commands))
