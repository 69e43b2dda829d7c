#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree of folders as Dovecot has it: several namespaces, separators and prefixes, names of all kinds, and what another
client does to them."""

import tempfile
import unittest

from suite import SyncCase
from imapreader import encode_name
from testservers import DovecotServer

NAMES = ("Größe & Maße", "日本語/メール", "&", "a&b-c", "a%b*c", 'quote"d', "back\\slash", "[Gmail]/Alle", "Plus+Sign",
         "Emoji 🐦", "(parentheses) {12}", "INBOXes", "x" * 200)

NAMESPACES = """
namespace public {
  type = public
  separator = %(separator)s
  prefix = Public%(separator)s
  location = mdbox:~/public
  subscriptions = yes
  list = yes
}
namespace others {
  type = shared
  separator = %(separator)s
  prefix = Others%(separator)s%%%%u%(separator)s
  location = mdbox:/nowhere/%%%%u
  list = children
  subscriptions = no
}
namespace second {
  type = private
  separator = %(separator)s
  prefix = Second%(separator)s
  location = mdbox:~/second
  list = yes
}
"""


class TestFolders(SyncCase):
    def start_server(self, separator, *arguments):
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as extra:
            extra.write(NAMESPACES % {"separator": separator})
            extra.flush()
            server = DovecotServer("--separator", separator, "--extra-config", extra.name, *arguments)
        self.addCleanup(server.close)
        return server

    def create(self, other, name):
        self.assertEqual(other.imap.create(encode_name(name))[0], "OK", name)

    def check(self, separator, *arguments, prefix=""):
        server = self.start_server(separator, *arguments)
        other = self.reader(server=server)
        names = [prefix + name.replace("/", separator) for name in NAMES]
        names += [separator.join(parts) for parts in (("Public", "News", "2026"), ("Second", "Old Größe"))]
        for name in names:
            self.create(other, name)
            server.append(name, f"Subject: in {len(name)}\n\nx\n")
        for name in names[::2]:
            self.assertEqual(other.imap.subscribe(encode_name(name))[0], "OK", name)
        ctl = self.new_ctl(server=server)
        ctl.run("sync")
        self.assert_equal_to_server(ctl, other)
        here = {row["name"]: row for row in ctl.json("mailboxes")}
        self.assertLessEqual(set(names), set(here))
        self.assertEqual([here[name]["subscribed"] for name in names], [index % 2 == 0 for index in range(len(names))])
        # News of every one of them, in the other namespaces too.
        watch = ctl.start("watch", "--json", "--verbose")
        self.addCleanup(watch.kill)
        watch.wait_until(lambda: any(" OK Unselect" in line for line in watch.texts("err")), 60, "quiet")
        for name in names:
            server.append(name, "Subject: another one\n\nx\n")
        watch.wait_until(lambda: {event["mailbox"] for _, event in watch.events() if event["event"] == "added"}
                         == set(names), 60, "news of every folder")
        watch.kill()
        self.assert_equal_to_server(ctl, self.reader(server=server))
        # Somebody else subscribes and takes subscriptions back: nothing else tells of it.
        self.assertEqual(other.imap.unsubscribe(encode_name(names[0]))[0], "OK")
        self.assertEqual(other.imap.subscribe(encode_name(names[1]))[0], "OK")
        ctl.run("sync")
        here = {row["name"]: row for row in ctl.json("mailboxes")}
        self.assertEqual([here[name]["subscribed"] for name in names[:3]], [False, True, True])

    def test_slash(self):
        self.check("/")

    def test_dot_and_prefix(self):
        self.check(".", "--prefix", "INBOX.", prefix="INBOX.")

    def test_without_extensions(self):
        # LIST and LSUB, STATUS one by one.
        self.check("^", "--hide-capability", "LIST-EXTENDED LIST-STATUS SPECIAL-USE")

    def test_changes_of_another_client(self):
        server = self.start_server("/")
        other = self.reader(server=server)
        for name in ("Parent/Child/Grandchild", "Parent/Other", "Gone", "Stays"):
            self.create(other, name)
            server.append(name, f"Subject: {name}\n\nx\n")
        server.append("Parent", "Subject: the parent itself\n\nx\n")
        ctl = self.new_ctl(server=server)
        ctl.run("sync")
        self.assert_equal_to_server(ctl, other)
        other.imap.rename("Parent", encode_name("Größer"))
        other.imap.delete("Gone")
        # Deleted, but what is below it stays: a name without messages.
        self.create(other, "Stays/Below")
        other.imap.delete("Stays")
        self.create(other, "Brandneu")
        other.imap.rename("INBOX", '"Old inbox"')
        server.deliver("Subject: into the new one\n\nx\n")
        ctl.run("sync")
        self.assert_equal_to_server(ctl, self.reader(server=server))


if __name__ == "__main__":
    unittest.main(verbosity=2)
