#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The private Cyrus and Courier keep what docs/testing.md promises of them, and leave nothing behind."""

import imaplib
import os
import pathlib
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from imapreader import ImapReader  # noqa: E402
from testservers import CourierServer, CyrusServer, has_courier  # noqa: E402


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def processes_in(folder):
    """Ids of the processes whose working folder or arguments are below a folder."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            place = os.readlink(f"/proc/{entry}/cwd")
            arguments = pathlib.Path(f"/proc/{entry}/cmdline").read_bytes()
        except OSError:
            continue
        if place.startswith(str(folder)) or str(folder).encode() in arguments:
            found.append(int(entry))
    return found


class MailServerCase:
    server_class = None
    folder_prefix = ""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.server_class()
        cls.addClassCleanup(cls.server.close)

    def reader(self, user=0):
        reader = ImapReader(self.server, user)
        self.addCleanup(reader.imap.shutdown)
        return reader

    def test_mail_comes_in(self):
        server, sent = self.server, self.folder_prefix + "Sent"
        before = len(self.reader().messages("INBOX"))
        server.fill("INBOX", 250, seed=5)
        server.deliver("From: a@example.org\nSubject: delivered\n\nx\n")
        server.deliver("From: a@example.org\nSubject: delivered\n\nx\n")  # The same again is a second message.
        server.append(sent, "From: b@example.org\nSubject: appended\n\ny\n", flags="\\Seen Urgent", date=1_600_000_000)
        reader = self.reader()
        subjects = [message["subject"] for message in reader.messages("INBOX")]
        self.assertEqual((len(subjects), subjects.count("delivered")), (before + 252, 2))
        message, = reader.messages(sent)
        self.assertEqual((message["subject"], message["flags"], message["keywords"], message["date"]),
                         ("appended", ["\\Seen"], ["Urgent"], "2020-09-13T12:26:40Z"))
        folders = {self.folder_prefix + name for name in ("Drafts", "Sent", "Archive", "Junk", "Trash")}
        self.assertEqual(set(reader.mailboxes()[0]), folders | {"INBOX"})

    def test_users_have_mail_and_passwords_of_their_own(self):
        self.server.append("INBOX", "Subject: for Ben\n\nx\n", user=self.server.user(1))
        self.assertEqual([message["subject"] for message in self.reader(1).messages("INBOX")], ["for Ben"])
        self.assertEqual(self.reader(2).messages("INBOX"), [])
        with self.assertRaises(RuntimeError):
            self.server.append("INBOX", "Subject: for nobody\n\nx\n", user="nobody@kittiwake.example")

    def test_idle_tells_of_a_delivery(self):
        imap = self.reader().imap
        imap.select("INBOX")
        imap.send(b"i1 IDLE\r\n")
        self.assertTrue(imap.readline().startswith(b"+"))
        self.server.deliver("Subject: pushed\n\nx\n")
        imap.sock.settimeout(10)
        self.assertRegex(imap.readline(), rb"^\* \d+ EXISTS")

    def test_faults(self):
        server = self.server
        server.append("INBOX", "Subject: stays\n\nx\n")
        reader = self.reader()
        count = len(reader.messages("INBOX"))
        self.assertGreaterEqual(server.command("kick")["processes"], 1)
        with self.assertRaises((imaplib.IMAP4.abort, OSError)):
            reader.imap.noop()
        reader = self.reader()
        reader.select("INBOX")
        self.assertGreaterEqual(server.command("pause")["processes"], 1)
        reader.imap.sock.settimeout(0.2)
        with self.assertRaises((TimeoutError, imaplib.IMAP4.abort)):
            reader.imap.noop()
        server.command("resume")
        port = server.imaps_port
        server.stop()
        with self.assertRaises(OSError):
            ImapReader(server)
        server.start()
        self.assertEqual((server.imaps_port, len(self.reader().messages("INBOX"))), (port, count))

    def test_leaves_nothing_behind(self):
        with self.server_class() as server:
            folder = server.directory
            with ImapReader(server):
                self.assertTrue(folder.exists())
                self.assertTrue(processes_in(folder))
        self.assertFalse(folder.exists())
        self.assertTrue(wait_until(lambda: not processes_in(folder)), processes_in(folder))

        server = self.server_class()
        folder = server.directory
        reader = ImapReader(server)
        server.process.kill()
        self.assertTrue(wait_until(lambda: not folder.exists() and not processes_in(folder)), processes_in(folder))
        reader.imap.shutdown()
        server.close()


class TestCyrus(MailServerCase, unittest.TestCase):
    server_class = CyrusServer


if has_courier():
    class TestCourier(MailServerCase, unittest.TestCase):
        server_class = CourierServer
        folder_prefix = "INBOX."


if __name__ == "__main__":
    unittest.main(verbosity=2)
