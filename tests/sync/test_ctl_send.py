#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kittiwakectl send: through a real submission server (Dovecot) to a second account that is read back, and through a
scripted one whose refusals are told as they are."""

import datetime
import email.policy
import email.utils
import json
import random
import re
import sys
import unittest

import suite
from ctl import DONE, FAILED, SIGN_IN_REFUSED, TLS_REFUSED, UNREACHABLE, USAGE
from suite import SyncCase, smtp_server
from test_ctl_parts import MEASURE
from testservers import DovecotServer

ANNA, BEN, CLARA = (f"{name}@kittiwake.example" for name in ("anna", "ben", "clara"))
MESSAGE = f"""From: Anna <{ANNA}>
To: Ben <{BEN}>
Cc: {CLARA}
Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii

.
..two dots
From the beginning
.""".encode()


def parsed(message):
    return email.message_from_bytes(message, policy=email.policy.SMTP)


def limit_of(ctl):
    """Octets of a message that the account's server takes, as it is remembered; 0: none is."""
    (account,) = json.loads((ctl.sandbox.profile / "accounts.json").read_text())["accounts"]
    return account.get("submissionLimit", 0)


class TestSend(SyncCase):
    """A real submission server takes it, and the recipients read it."""

    @classmethod
    def setUpClass(cls):
        # What Dovecot submits to: it hands each message to Dovecot's own delivery.
        cls.exchanger = smtp_server(deliver=lambda sender, recipient, message: cls.server.deliver(
            message, user=recipient, **{"from": sender}))
        cls.addClassCleanup(cls.exchanger.close)
        cls.server = DovecotServer("--submission-relay", cls.exchanger.port)
        cls.addClassCleanup(cls.server.close)

    def sender(self, tls="implicit", **more):
        port = self.server.facts["submissions_port" if tls == "implicit" else "submission_port"]
        ctl = self.empty_ctl()
        added = ctl.add_account(self.server, arguments=("--smtp", f"127.0.0.1:{port}", "--smtp-tls", tls), **more)
        self.assertEqual(added["smtp"], f"127.0.0.1:{port}")
        ctl.json("sync")
        return ctl

    def received(self, user, message_id):
        """The bytes that a recipient has, read by kittiwakectl."""
        ctl = self.new_ctl(user)
        ctl.json("sync", "--mailbox", "INBOX")
        found = [one for one in ctl.json("list", "INBOX") if one["message_id"] == message_id]
        return [ctl.run("show", "INBOX", one["uid"], "--raw").output for one in found]

    def test_a_message_arrives_as_it_was_written(self):
        for tls in ("implicit", "starttls"):
            ctl = self.sender(tls)
            sent = ctl.json("send", stdin=MESSAGE.replace(b"\nCc: ", b"\nBcc: "))
            self.assertEqual(sent["state"], "sent")
            self.assertEqual(ctl.json("pending"), [])
            for user in (1, 2):
                copies = self.received(user, sent["message_id"])
                self.assertEqual(len(copies), 1)
                message = parsed(copies[0])
                self.assertEqual(message["Subject"], "Größe")
                self.assertIsNone(message["Bcc"])
                self.assertNotIn(b"clara", copies[0].split(b"\r\n\r\n", 1)[0].split(b"From: Anna")[1])
                self.assertEqual(message.get_payload().replace("\r\n", "\n"), ".\n..two dots\nFrom the beginning\n.\n")
                self.assertLess(abs(email.utils.parsedate_to_datetime(message["Date"])
                                    - datetime.datetime.now(datetime.timezone.utc)), datetime.timedelta(minutes=5))
                self.assertRegex(sent["message_id"], r"^<[A-Za-z0-9.]+@kittiwake\.example>$")

    def test_what_the_server_can_is_used(self):
        ctl = self.sender()
        lines = ctl.run("--verbose", "--json", "send", stdin=MESSAGE).errors
        self.assertRegex(lines, r"C: AUTH SCRAM-SHA-256 \(SASL response\)")
        self.assertRegex(lines, r"C: BDAT \d+ LAST")
        self.assertNotIn("two dots", lines)
        self.assertNotIn(self.server.password(), lines)

    def test_the_limit_of_the_server_is_remembered(self):
        ctl = self.sender()
        lines = ctl.run("--verbose", "--json", "send", stdin=MESSAGE).errors
        (told,) = set(re.findall(r"S: 250.* SIZE (\d+)", lines))
        self.assertEqual(limit_of(ctl), int(told))

    def test_the_sign_in_is_checked_when_the_account_is_added(self):
        port = self.server.facts["submissions_port"]
        ctl = self.empty_ctl()
        password = ctl.sandbox.write("password", "wrong\n")
        arguments = ("account", "add", "--email", ANNA, "--imap", f"127.0.0.1:{self.server.imaps_port}", "--ca-file",
                     self.server.ca_file, "--password-command")
        file = ctl.sandbox.write("good", self.server.password() + "\n")
        # The IMAP server answers; the submission server does not, or not with TLS, or not with a good certificate.
        for smtp, code in (((f"127.0.0.1:{port}", "starttls"), UNREACHABLE),
                           ((f"127.0.0.1:{self.server.facts['submission_port']}", "implicit"), TLS_REFUSED),
                           ((f"127.0.0.1:{self.server.imap_port}", "starttls"), FAILED)):
            refused = ctl.run(*arguments, f"cat '{file}'", "--smtp", smtp[0], "--smtp-tls", smtp[1], code=None)
            self.assertEqual(refused.code, code, refused.errors)
            self.assertEqual(ctl.json("account", "list")["accounts"], [])
        self.assertEqual(ctl.run(*arguments, f"cat '{password}'", "--smtp", f"127.0.0.1:{port}",
                                 code=None).code, SIGN_IN_REFUSED)
        other = suite.smtp_server(users=[(ANNA, "other")], tls="implicit", tls_files=self.tls_files())
        self.addCleanup(other.close)
        refused = ctl.run(*arguments, f"cat '{file}'", "--smtp", f"127.0.0.1:{other.port}", code=SIGN_IN_REFUSED)
        self.assertIn("outgoing mail", refused.errors)

    def tls_files(self):
        tls = self.server.directory / "tls"
        return tls / "good.pem", tls / "good.key"


class TestMemory(SyncCase):
    """A large attachment: progress is told, and memory stays below three times its size, that of the program included."""

    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)

    SIZE = 25_000_000

    def setUp(self):
        self.smtp = suite.smtp_of(self.server, extensions=("8BITMIME", "SIZE 99999999"))
        self.addCleanup(self.smtp.close)
        self.ctl = self.empty_ctl()
        self.ctl.add_account(self.server, arguments=("--smtp", f"127.0.0.1:{self.smtp.port}"))
        self.ctl.json("sync")

    def check_peak(self, outcome, what):
        peak = int(re.search(r"peak (\d+)", outcome.errors)[1]) * 1024
        print(f"25 MB {what}: peak {peak / 1e6:.0f} MB", file=sys.stderr)
        self.assertLess(peak, 3 * self.SIZE)

    def newest(self, mailbox):
        """The bytes of the last message there, as the server has them."""
        reader = self.reader()
        reader.select(mailbox)
        return reader.command("FETCH", str(max(one["uid"] for one in reader.messages(mailbox))), "(BODY.PEEK[])")[0][1]

    def test_sent_with_its_copy(self):
        line = b"QUJD" * 19 + b"\r\n"
        body = line * (self.SIZE * 4 // 3 // 76)
        message = (f"From: {ANNA}\r\nTo: {BEN}\r\nBcc: {CLARA}\r\nMIME-Version: 1.0\r\nContent-Type: application/"
                   "octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n").encode() + body
        outcome = self.ctl.run("--json", "send", stdin=message, wrapper=MEASURE)
        self.assertEqual((outcome.json()["state"], self.ctl.json("pending")), ("sent", []))
        taken = self.smtp.accepted[0].message
        self.assertTrue(taken.endswith(body))
        self.assertEqual(self.newest("Sent"), f"Bcc: {CLARA}\r\n".encode() + taken)
        self.check_peak(outcome, "sent, with the copy in Sent")

    def write(self, *arguments):
        """A draft with 25 MB, as the composer writes it: saved, and then closed or sent."""
        data = random.Random(1).randbytes(self.SIZE)
        file = self.ctl.sandbox.root / "large.bin"
        file.write_bytes(data)
        lines = f"To: {BEN}\nSubject: large\nAttach: {file}\nA sentence.\n".encode()
        return data, self.ctl.run("draft", "write", *arguments, stdin=lines, wrapper=MEASURE, timeout=300)

    def attached(self, message):
        (part,) = parsed(message).iter_attachments()
        return part.get_filename(), part.get_content()

    def test_a_draft(self):
        data, outcome = self.write()
        self.assertEqual(self.ctl.json("pending"), [])
        self.assertEqual(self.attached(self.newest("Drafts")), ("large.bin", data))
        self.check_peak(outcome, "saved as a draft")

    def test_a_draft_that_is_sent(self):
        data, outcome = self.write("--send")
        self.assertEqual(self.ctl.json("pending"), [])
        taken = self.smtp.accepted[0].message
        self.assertEqual(self.attached(taken), ("large.bin", data))
        self.assertEqual(self.newest("Sent"), taken)
        self.check_peak(outcome, "written, sent, with the copy in Sent")


class TestSentCopy(SyncCase):
    """The copy in Sent: made once, also where the server has made one."""

    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)

    def account_at(self, user, **more):
        smtp = suite.smtp_of(self.server, **more)
        self.addCleanup(smtp.close)
        ctl = self.empty_ctl()
        ctl.add_account(self.server, user, arguments=("--smtp", f"127.0.0.1:{smtp.port}"))
        return smtp, ctl

    def in_sent(self, user, message_id):
        return [one for one in self.reader(user).messages("Sent") if one["message_id"] == message_id]

    def test_a_copy_is_there_when_it_was_sent(self):
        smtp, ctl = self.account_at(0)
        ctl.json("sync")
        before = len(self.reader(0).messages("Sent"))
        sent = ctl.json("send", stdin=MESSAGE)
        self.assertEqual((sent["state"], ctl.json("pending")), ("sent", []))
        (copy,) = self.in_sent(0, sent["message_id"])
        self.assertIn("\\Seen", copy["flags"])
        ctl.json("sync")
        (listed,) = [one for one in ctl.json("list", "Sent") if one["message_id"] == sent["message_id"]]
        self.assertEqual(ctl.run("show", "Sent", listed["uid"], "--raw").output, smtp.accepted[0].message)
        ctl.json("send", "--no-copy", stdin=MESSAGE)
        self.assertEqual(len(self.reader(0).messages("Sent")), before + 1)

    def test_the_copy_tells_of_bcc_and_the_wire_does_not(self):
        smtp, ctl = self.account_at(0)
        ctl.json("sync")
        hidden = MESSAGE.replace(b"\nCc: ", "\nBcc: Größe <dora@kittiwake.example>,\n ".encode())
        sent = ctl.json("send", stdin=hidden)
        self.assertEqual(sent["state"], "sent")
        (taken,) = smtp.accepted
        self.assertEqual(taken.recipients, [BEN, "dora@kittiwake.example", CLARA])
        for name in (b"bcc", b"dora", b"clara"):
            self.assertNotIn(name, taken.message.lower())
        ctl.json("sync")
        (listed,) = [one for one in ctl.json("list", "Sent") if one["message_id"] == sent["message_id"]]
        copy = ctl.run("show", "Sent", listed["uid"], "--raw").output
        self.assertEqual(parsed(copy)["Bcc"], f"Größe <dora@kittiwake.example>, {CLARA}")
        self.assertTrue(copy.endswith(taken.message))

    def test_a_server_that_saves_it_itself_gets_no_second_one(self):
        def save(_sender, _recipient, message):
            # With a line of its own, so that its size is another one.
            self.server.append("Sent", b"Received: by this server\r\n" + message, user=self.server.user(1))
        _, ctl = self.account_at(1, deliver=save)
        ctl.json("sync")
        sent = ctl.json("send", stdin=MESSAGE.replace(b"\nCc: clara@kittiwake.example", b""))
        self.assertEqual((sent["state"], ctl.json("pending")), ("sent", []))
        self.assertEqual(len(self.in_sent(1, sent["message_id"])), 1)

    def test_without_folders_it_waits_for_them(self):
        _, ctl = self.account_at(2)
        sent = ctl.json("send", stdin=MESSAGE)
        self.assertEqual(sent["state"], "sent")
        ctl.json("sync")
        self.assertEqual((len(self.in_sent(2, sent["message_id"])), ctl.json("pending")), (1, []))

    def test_some_recipients_later_and_one_copy(self):
        smtp, ctl = self.account_at(0)
        ctl.json("sync")
        smtp.refusals = {CLARA: ["450 4.2.0 Greylisted"]}
        sent = ctl.json("send", stdin=MESSAGE)
        self.assertEqual(sent["state"], "queued")
        self.assertEqual(ctl.json("pending", "retry", sent["operation"])["state"], "sent")
        self.assertEqual((len(self.in_sent(0, sent["message_id"])), [one["kind"] for one in ctl.json("pending")]), (1, []))


class TestRefusals(SyncCase):
    """A scripted submission server: what it says is told, and what it did not take is kept."""

    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.smtp, self.ctl = self.with_smtp()

    def with_smtp(self, **more):
        smtp = suite.smtp_of(self.server, **more)
        self.addCleanup(smtp.close)
        ctl = self.empty_ctl()
        ctl.add_account(self.server, arguments=("--smtp", f"127.0.0.1:{smtp.port}"))
        ctl.json("sync")
        return smtp, ctl

    def tearDown(self):
        self.assertEqual(self.smtp.complaints, [])

    def pending(self):
        (one,) = self.ctl.json("pending")
        return one

    def test_what_is_no_message_is_refused_with_a_sentence(self):
        cases = {
            b"": "header",
            b"just words\n\nand more": "header",
            b"Subject: x\n\ntext": "recipient",
            b"To: undisclosed-recipients:;\n\ntext": "recipient",
            b"To: ben@\n\nx": "address",
            b"To: ben@kittiwake.example\n\nx": "From",
            b"From: a@b.example\nTo: b@c.example\n\n" + b"x" * 999: "998",
            b"From: a@b.example\nTo: b@c.example\n\nx\0y": "NUL",
        }
        for message, words in cases.items():
            with self.subTest(message=message[:40]):
                refused = self.ctl.run("send", stdin=message, code=FAILED)
                self.assertIn(words, refused.errors)
                self.assertEqual(refused.errors.count("\n"), 1, refused.errors)
        self.assertEqual(self.ctl.json("pending"), [])
        self.assertEqual(self.smtp.accepted, [])
        self.assertEqual(self.ctl.run("send", "--from", "x@y.example", "--account", "9", code=None).code, FAILED)

    def test_the_envelope_is_what_the_header_says(self):
        message = (b"From: A <a@kittiwake.example>, B <b@kittiwake.example>\r\nSender: a@kittiwake.example\r\n"
                   b"To: friends: Ben <ben@kittiwake.example>, clara@kittiwake.example;\r\n"
                   b"Cc: \"ben again\"\r\n <BEN@kittiwake.example>, ben@KITTIWAKE.example\r\n"
                   b"Bcc: hidden@kittiwake.example,\r\n\tother@kittiwake.example\r\nDate: Thu, 1 Oct 2026 09:00:00 +0200"
                   b"\r\nMessage-ID: <my.own@id.example>\r\nX-Long: " + b"x" * 900 + b"\r\n\r\nText\r\n")
        sent = self.ctl.json("send", stdin=message)
        self.assertEqual((sent["state"], sent["message_id"]), ("sent", "<my.own@id.example>"))
        (taken,) = self.smtp.accepted
        self.assertEqual(taken.sender, "a@kittiwake.example")
        self.assertEqual(taken.recipients, ["ben@kittiwake.example", "clara@kittiwake.example", "BEN@kittiwake.example",
                                            "hidden@kittiwake.example", "other@kittiwake.example"])
        begin = message.index(b"Bcc:")
        self.assertEqual(taken.message, message[:begin] + message[message.index(b"Date:"):])
        self.assertEqual(self.ctl.json("send", "--from", "b@kittiwake.example", stdin=message)["state"], "sent")
        self.assertEqual(self.smtp.accepted[1].sender, "b@kittiwake.example")

    def test_a_delivery_report_is_asked_for(self):
        message = b"From: a@kittiwake.example\nTo: ben@kittiwake.example\nMessage-ID: <one+1@id.example>\n\nText\n"
        self.assertEqual(self.ctl.json("send", stdin=message)["state"], "sent")
        self.assertEqual(self.ctl.json("send", "--delivery-report", stdin=message)["state"], "sent")
        usual, asked = self.smtp.accepted
        self.assertEqual(usual.recipient_parameters, [[]])
        self.assertEqual(asked.recipient_parameters, [["NOTIFY=SUCCESS,FAILURE,DELAY", "ORCPT=rfc822;ben@kittiwake.example"]])
        self.assertIn("RET=HDRS", asked.mail_parameters)
        self.assertIn("ENVID=one+2B1@id.example", asked.mail_parameters)
        # A server that cannot gets the message all the same.
        self.smtp, self.ctl = self.with_smtp(extensions=("PIPELINING", "8BITMIME"))
        self.assertEqual(self.ctl.json("send", "--delivery-report", stdin=message)["state"], "sent")
        self.assertEqual(self.smtp.accepted[0].recipient_parameters, [[]])

    def test_international_mail_goes_as_it_is(self):
        message = "From: a@kittiwake.example\nTo: Bén <bén@bücher.example>\nSubject: Größe\n\nÄ\n".encode()
        self.assertEqual(self.ctl.json("send", stdin=message)["state"], "sent")
        (taken,) = self.smtp.accepted
        self.assertEqual(taken.recipients, ["bén@xn--bcher-kva.example"])
        self.assertIn("SMTPUTF8", taken.mail_parameters)
        self.assertTrue(taken.message.endswith("Subject: Größe\r\n\r\nÄ\r\n".encode()) or "Größe".encode() in taken.message)
        self.smtp, self.ctl = self.with_smtp(extensions=("PIPELINING", "8BITMIME"))
        refused = self.ctl.run("--json", "send", stdin=message, code=FAILED)
        self.assertEqual(refused.json()["state"], "failed")
        self.assertIn("beyond ASCII", refused.errors)
        self.assertEqual(self.smtp.said("MAIL"), [])

    def test_what_is_too_large_is_not_queued(self):
        self.smtp, self.ctl = self.with_smtp(extensions=("8BITMIME", "SIZE 100000"))
        self.assertEqual(limit_of(self.ctl), 100_000)  # known since the account was added
        large = MESSAGE + b"x" * 70 + b"\n"
        large += (b"y" * 70 + b"\n") * 1500
        connections = len(self.smtp.said("EHLO"))
        refused = self.ctl.run("--json", "send", stdin=large, code=FAILED)
        self.assertRegex(refused.errors, r"The message has 105\.\d+ (KiB|kB), but 127.0.0.1:\d+ takes no more than 97.66 KiB")
        self.assertEqual((self.ctl.json("pending"), self.smtp.said("MAIL")), ([], []))
        # It was asked again, for what it said may be long ago: by now it takes more.
        self.assertEqual(len(self.smtp.said("EHLO")), connections + 1)
        self.smtp.extensions = ["8BITMIME", "SIZE 200000"]
        self.assertEqual(self.ctl.json("send", stdin=large)["state"], "sent")
        self.assertEqual(limit_of(self.ctl), 200_000)
        # What fits is not asked about; without a limit nothing is too large.
        connections = len(self.smtp.said("EHLO"))
        self.smtp.extensions = ["8BITMIME", "SIZE"]
        self.assertEqual(self.ctl.json("send", stdin=MESSAGE)["state"], "sent")
        self.assertEqual((len(self.smtp.said("EHLO")), limit_of(self.ctl)), (connections + 1, 0))
        self.assertEqual(self.ctl.json("send", stdin=large)["state"], "sent")

    def test_a_draft_that_is_too_large_stays_one(self):
        self.smtp, self.ctl = self.with_smtp(extensions=("8BITMIME", "SIZE 100000"))
        file = self.ctl.sandbox.root / "large.bin"
        file.write_bytes(bytes(80_000))  # in base64 it is a third more
        lines = f"To: {BEN}\nSubject: large\nAttach: {file}\nA sentence.\n".encode()
        refused = self.ctl.run("draft", "write", "--send", stdin=lines, code=FAILED)
        self.assertIn("takes no more than", refused.errors)
        self.assertEqual([one["kind"] for one in self.ctl.json("pending") if one["kind"] == "send"], [])
        (draft,) = self.ctl.json("draft", "list")
        self.assertEqual((draft["subject"], self.smtp.accepted), ("large", []))

    def test_some_recipients_are_refused(self):
        self.smtp.refusals = {BEN: "550 5.1.1 No such user here", CLARA: ["450 4.2.0 Greylisted, try again"]}
        message = MESSAGE.replace(b"Cc: ", b"Cc: dora@kittiwake.example, ")
        report = self.ctl.run("--json", "send", stdin=message).json()
        self.assertEqual(report["state"], "queued")
        self.assertEqual([one.recipients for one in self.smtp.accepted], [["dora@kittiwake.example"]])
        waiting = self.pending()
        self.assertEqual({one["address"]: one["state"] for one in waiting["recipients"]},
                         {BEN: "refused", CLARA: "waiting", "dora@kittiwake.example": "accepted"})
        self.assertIn("The others have the message.", waiting["error"])
        self.assertIn(BEN, waiting["error"])
        self.assertGreater(waiting["not_before"], waiting["created_at"])
        # Its time has not come: sync does not hurry.
        self.ctl.json("sync")
        self.assertEqual(len(self.smtp.accepted), 1)
        # A person does, and Ben is there by now; who has it does not get it again.
        self.smtp.refusals = {}
        self.assertEqual(self.ctl.json("pending", "retry", waiting["id"])["state"], "sent")
        self.assertEqual([one.recipients for one in self.smtp.accepted],
                         [["dora@kittiwake.example"], [BEN, CLARA]])
        self.assertEqual(self.smtp.accepted[0].message, self.smtp.accepted[1].message)
        self.assertEqual(self.ctl.json("pending"), [])

    def test_a_refused_message_is_kept_with_its_reason(self):
        self.smtp.refusals = {"message": "554 5.7.1 It looks like spam"}
        refused = self.ctl.run("--json", "send", stdin=MESSAGE, code=FAILED)
        self.assertEqual(refused.json()["state"], "failed")
        self.assertRegex(refused.errors, "because of its rules.*looks like spam")
        kept = self.pending()
        self.assertEqual((kept["kind"], kept["state"], kept["subject"]), ("send", "failed", "Größe"))
        self.ctl.json("sync")
        self.assertEqual(self.smtp.accepted, [])
        self.smtp.refusals = {}
        self.assertEqual(self.ctl.json("pending", "retry", kept["id"])["state"], "sent")
        self.assertEqual(len(self.smtp.accepted), 1)

    def test_a_refusal_that_passes_is_tried_again_later(self):
        self.smtp.refusals = {"message": "451 4.3.0 Try again later"}
        self.assertEqual(self.ctl.json("send", stdin=MESSAGE)["state"], "queued")
        kept = self.pending()
        self.assertEqual((kept["state"], kept["attempts"]), ("queued", 1))
        self.assertIsNotNone(kept["not_before"])
        self.ctl.run("pending", "drop", kept["id"])
        self.assertEqual(self.ctl.json("pending"), [])

    def test_nothing_is_lost_without_a_server(self):
        port = self.smtp.port
        self.smtp.close()
        self.assertEqual(self.ctl.json("send", stdin=MESSAGE)["state"], "queued")
        self.assertIn(str(port), self.pending()["error"])
        self.assertEqual(self.ctl.json("send", "--offline", stdin=MESSAGE)["state"], "queued")
        self.assertEqual(len(self.ctl.json("pending")), 2)

    def test_offline_and_later(self):
        self.assertEqual(self.ctl.json("send", "--offline", stdin=MESSAGE)["state"], "queued")
        later = self.ctl.json("send", "--not-before", "2099-01-01T00:00:00Z", stdin=MESSAGE)
        self.assertEqual((later["state"], self.smtp.accepted), ("queued", []))
        self.ctl.json("sync")
        self.assertEqual(len(self.smtp.accepted), 1)
        self.assertEqual([one["id"] for one in self.ctl.json("pending")], [later["operation"]])
        self.assertEqual(self.pending()["not_before"], "2099-01-01T00:00:00.000Z")
        self.ctl.run("pending", "drop", later["operation"])
        self.ctl.json("sync")
        self.assertEqual((len(self.smtp.accepted), self.ctl.json("pending")), (1, []))

    def test_what_is_answered_is_marked(self):
        self.server.deliver("From: ben@kittiwake.example\nMessage-ID: <asked@id.example>\nSubject: a\n\nx\n")
        self.server.deliver("From: ben@kittiwake.example\nMessage-ID: <passed@id.example>\nSubject: b\n\nx\n")
        self.ctl.json("sync")
        answer = MESSAGE.replace(b"\nTo:", b"\nIn-Reply-To: <asked@id.example>\n"
                                 b"X-Forwarded-Message-Id: <passed@id.example>\nTo:")
        self.assertEqual(self.ctl.json("send", stdin=answer)["state"], "sent")
        reader = self.reader()
        marks = {one["message_id"]: {*one["flags"], *one["keywords"]} for one in reader.messages("INBOX")}
        self.assertIn("\\Answered", marks["<asked@id.example>"])
        self.assertIn("$Forwarded", marks["<passed@id.example>"])
        self.assertEqual(self.ctl.json("pending"), [])

    def test_what_is_answered_is_marked_once(self):
        known = "<once@id.example>"
        self.server.deliver(f"From: {BEN}\nMessage-ID: {known}\nSubject: a\n\nx\n")
        self.ctl.json("sync")
        self.smtp.refusals = {CLARA: ["450 4.2.0 Greylisted, try again"]}
        answer = MESSAGE.replace(b"\nTo:", f"\nIn-Reply-To: {known}\nTo:".encode())
        report = self.ctl.json("send", stdin=answer)
        self.assertEqual(report["state"], "queued")
        self.ctl.json("sync")
        reader = self.reader()
        (one,) = [item for item in reader.messages("INBOX") if item["message_id"] == known]
        self.assertIn("\\Answered", one["flags"])
        # Somebody takes the mark off, and then the last recipient gets the message.
        reader.select("INBOX")
        reader.command("STORE", str(one["uid"]), "-FLAGS", "(\\Answered)")
        self.assertEqual(self.ctl.json("pending", "retry", report["operation"])["state"], "sent")
        self.ctl.json("sync")
        (one,) = [item for item in self.reader().messages("INBOX") if item["message_id"] == known]
        self.assertNotIn("\\Answered", one["flags"])

    def test_usage(self):
        self.ctl.run("send", "--not-before", "tomorrow", stdin=MESSAGE, code=USAGE)
        self.ctl.run("send", "extra", stdin=MESSAGE, code=USAGE)
        without = self.new_ctl()
        self.assertIn("outgoing mail", without.run("send", stdin=MESSAGE, code=FAILED).errors)
        self.assertEqual(self.ctl.run("pending", "retry", 4711, code=None).code, FAILED)
        self.assertEqual(self.ctl.run("send", stdin=MESSAGE).code, DONE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
