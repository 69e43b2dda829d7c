#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who sent it, on a real server: whose Authentication-Results count, first contact, look-alikes of people one knows; as
`show --json` tells it."""

import unittest

from suite import SyncCase
from testservers import DovecotServer

OWN = "mx.kittiwake.example"
FRIEND = "friend@partner.example"


def message(number, sender, results=None, fields="", to="anna@kittiwake.example"):
    top = f"Authentication-Results: {results}\n" if results else ""
    return (f"{top}{fields}From: {sender}\nTo: {to}\nSubject: message {number}\nMessage-ID: <{number}@example.org>\n\n"
            "text\n")


def passed(domain):
    return f"{OWN}; dmarc=pass header.from={domain}; dkim=pass header.d={domain}"


class TestCtlSender(SyncCase):
    def setUp(self):
        self.server = DovecotServer("--user=anna@kittiwake.example:correct horse")
        self.addCleanup(self.server.close)
        self.count = {}
        self.append("anna@kittiwake.example", "Sent", to=FRIEND)

    def append(self, sender, mailbox="INBOX", **more):
        """Its UID: mailboxes here only grow."""
        self.count[mailbox] = self.count.get(mailbox, 0) + 1
        self.server.append(mailbox, message(f"{mailbox}{self.count[mailbox]}", sender, **more))
        return self.count[mailbox]

    def mail_of_a_usual_week(self, results=passed):
        for domain in ("a.example", "b.example", "c.example", "d.example", "e.example", "f.example"):
            self.append(f"news@{domain}", results=results(domain) if results else None)

    def senders(self, *uids):
        ctl = self.new_ctl()
        ctl.run("sync")
        return [ctl.json("show", "INBOX", uid)["sender"] for uid in uids]

    def warnings(self, *uids):
        return [" ".join(sender["warnings"]) for sender in self.senders(*uids)]

    def test_the_own_service_is_heard(self):
        self.mail_of_a_usual_week()
        good = self.append(f"Friend <{FRIEND}>", results=passed("partner.example"))
        bad = self.append(f"Friend <{FRIEND}>", results=f"{OWN}; dmarc=fail header.from=partner.example")
        unsigned = self.append(f"Friend <{FRIEND}>", results=f"{OWN}; spf=none; dkim=none")
        senders = self.senders(good, bad, unsigned)
        self.assertEqual(senders[0], {"name": "Friend", "address": FRIEND, "verified": True, "warnings": []})
        self.assertIn("does not come from", senders[1]["warnings"][0])
        self.assertIn("could not verify", senders[2]["warnings"][0])
        self.assertEqual([sender["verified"] for sender in senders], [True, False, False])

    def test_forged_results_are_not(self):
        self.mail_of_a_usual_week()
        self.mail_of_a_usual_week()
        below = self.append(FRIEND, results=f"{OWN}; dmarc=fail header.from=partner.example",
                            fields=f"Authentication-Results: {passed('partner.example')}\n")
        foreign = self.append(FRIEND, results="mx.evil.example; dmarc=pass header.from=partner.example")
        none = self.append(FRIEND)
        senders = self.senders(below, foreign, none)
        self.assertEqual([sender["verified"] for sender in senders], [False, False, False])
        self.assertIn("does not come from", senders[0]["warnings"][0])
        self.assertEqual(senders[1]["warnings"] + senders[2]["warnings"], [])

    def test_a_service_that_says_nothing_is_not_played_by_a_sender(self):
        self.mail_of_a_usual_week(results=None)
        uid = self.append(FRIEND, results=passed("partner.example"))
        self.assertEqual(self.senders(uid), [{"name": "", "address": FRIEND, "verified": False, "warnings": []}])

    def test_first_contact(self):
        first = self.append("stranger@new.example")
        known = self.append(FRIEND)
        twice = self.append("regular@old.example")
        self.append("regular@old.example")
        own = self.append("anna@kittiwake.example")
        warnings = self.warnings(first, known, twice, own)
        self.assertIn("never written to", warnings[0])
        self.assertEqual(warnings[1:], ["", "", ""])

    def test_look_alikes_of_people_one_knows(self):
        one_letter = self.append("friend@partnar.example")
        swapped = self.append("friend@patrner.example")
        reads_alike = self.append("friend@p\N{CYRILLIC SMALL LETTER A}rtner.example")
        below = self.append("friend@mail.partner.example")
        other = self.append("friend@gardener.example")
        warnings = self.warnings(one_letter, swapped, reads_alike, below, other)
        for warning in warnings[:3]:
            self.assertIn("only looks like", warning)
            self.assertIn("partner.example", warning)
        for warning in warnings[3:]:
            self.assertNotIn("only looks like", warning)

    def test_the_header_is_heard(self):
        several = self.append(f"{FRIEND}, thief@evil.example")
        sent_by = self.append(FRIEND, fields="Sender: thief@evil.example\n")
        answers = self.append(FRIEND, fields="Reply-To: thief@evil.example\n")
        two_fields = self.append(FRIEND, fields="From: thief@evil.example\n")
        warnings = self.warnings(several, sent_by, answers, two_fields)
        self.assertIn("more than one sender", warnings[0])
        self.assertIn("was sent by", warnings[1])
        self.assertIn("Answers to this message would go to", warnings[2])
        self.assertIn("more than one sender", warnings[3])


if __name__ == "__main__":
    unittest.main(verbosity=2)
