# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that comes into many folders while `kittiwakectl watch` runs: what was told of it, and how soon."""

import collections
import time


def make_folders(server, count, messages=2):
    """Folders with a few messages each; their names."""
    names = [f"Folder {number:03}" for number in range(count)]
    for number, name in enumerate(names):
        server.fill(name, messages, seed=number)
    return names


def logins(server):
    """How many connections have signed in so far, as the server's log tells."""
    return (server.directory / "dovecot.log").read_text(errors="replace").count("imap-login: Info: Login:")


class Deliveries:
    """Delivers into folders by chance, and keeps the moment at which each message was there for the server."""

    def __init__(self, server, watch, generator):
        self.server, self.watch, self.generator = server, watch, generator
        self.sent = collections.defaultdict(list)  # folder -> moments
        self.first = {}  # folder -> UID of the first delivery

    def run(self, names, count, pause):
        for number in range(count):
            name = self.generator.choice(names)
            if name not in self.first:
                self.first[name] = self.next_uid(name)
            message = f"From: s{number}@example.org\nSubject: delivery {number}\n\nBody\n"
            if name == "INBOX":
                self.server.deliver(message)
            else:
                self.server.append(name, message)
            self.sent[name].append(time.monotonic_ns())
            # Not "wait until something has happened": mail comes when it comes.
            time.sleep(self.generator.random() * 2 * pause)

    def next_uid(self, name):
        status = self.server.doveadm("mailbox", "status", "-u", self.server.user(), "uidnext", name)
        return int(status.split("uidnext=")[1].split()[0])

    def expected(self):
        """folder -> UIDs that must be told."""
        return {name: list(range(self.first[name], self.first[name] + len(moments)))
                for name, moments in self.sent.items()}

    def told(self):
        """folder -> UIDs that were told, in that order, as often as they were."""
        told = collections.defaultdict(list)
        for _, event in self.watch.events():
            if event["event"] == "added":
                told[event["mailbox"]] += event["uids"]
        return dict(told)

    def wait(self, timeout):
        expected = sum(map(len, self.expected().values()))
        self.watch.wait_until(lambda: sum(map(len, self.told().values())) >= expected, timeout,
                              f"{expected} messages to be told")

    def milliseconds(self):
        """From the server's answer to the printed event, ascending."""
        moments = {(event["mailbox"], uid): at for at, event in self.watch.events() if event["event"] == "added"
                   for uid in event["uids"]}
        return sorted((moments[name, self.first[name] + number] - at) / 1e6
                      for name, sent in self.sent.items() for number, at in enumerate(sent))

    def text(self):
        times = self.milliseconds()
        return (f"delivery to the printed event: median {times[len(times) // 2]:.0f} ms, "
                f"90 % {times[int(len(times) * 0.9)]:.0f} ms, 99 % {times[int(len(times) * 0.99)]:.0f} ms, "
                f"max {times[-1]:.0f} ms ({len(times)} times)")
