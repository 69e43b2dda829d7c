#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kittiwakectl draft: drafts that live on the server, of Kittiwake and of other programs, on one device and on two."""

import email
import email.policy
import json
import subprocess
import unittest

import suite
from ctl import DONE, FAILED, USAGE
from suite import SyncCase
from testservers import DovecotServer

ANNA = "anna@kittiwake.example"
ATTACHED = bytes(range(256)) * 41
DRAFT = f"""From: Anna <{ANNA}>
To: Ben <ben@kittiwake.example>, half an add
Bcc: clara@kittiwake.example
Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=
X-Mine: as it was
In-Reply-To: <question@elsewhere.example>
References: <older@elsewhere.example> <question@elsewhere.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Grüße, and a sentence.
""".encode()


def thunderbirds():
    """A draft as another program leaves it, with a picture in its HTML and a file."""
    message = email.message.EmailMessage()
    message["From"] = f"Anna <{ANNA}>"
    message["To"] = "Ben <ben@kittiwake.example>"
    message["Bcc"] = "clara@kittiwake.example"
    message["Subject"] = "Half a letter"
    message["Message-ID"] = "<5f6f-11@kittiwake.example>"
    message["X-Mozilla-Draft-Info"] = "internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0"
    message.set_content("Plain half.\n")
    message.add_alternative('<p>Rich <img src="cid:pic@k"> half.</p>', subtype="html")
    message.get_payload()[1].add_related(b"\x89PNG\r\n\x1a\nnot really", "image", "png", cid="<pic@k>")
    message.add_attachment(ATTACHED, "application", "x-odd", filename="Größe.bin")
    return message.as_bytes(policy=email.policy.SMTP)


class DraftCase(SyncCase):
    drafts = "Drafts"

    def on_server(self, user=0):
        """(uid, Message-ID, message) of every draft that is not marked as deleted."""
        reader = self.reader(user)
        reader.select(self.drafts)
        found = []
        for one in reader.messages(self.drafts):
            if "\\Deleted" in one["flags"]:
                continue
            reader.select(self.drafts)
            data = reader.command("FETCH", str(one["uid"]), "(BODY.PEEK[])")[0][1]
            found.append((one["uid"], one["message_id"], email.message_from_bytes(data, policy=email.policy.SMTP)))
        return found

    def empty(self, user=0):
        reader = self.reader(user)
        reader.select(self.drafts)
        if reader.uids():
            reader.command("STORE", "1:*", "+FLAGS", "(\\Deleted)")
            reader.command("EXPUNGE", "1:*")


class TestDrafts(DraftCase):
    @classmethod
    def setUpClass(cls):
        cls.server = DovecotServer()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.empty()
        self.ctl = self.new_ctl()
        self.ctl.json("sync")

    def text(self, message):
        return message.get_body(("plain",)).get_content().replace("\r\n", "\n")

    def test_saved_changed_and_deleted(self):
        saved = self.ctl.json("draft", "save", stdin=DRAFT)
        self.assertEqual((saved["state"], saved["conflict"]), ("server", False))
        ((uid, message_id, message),) = self.on_server()
        self.assertEqual(uid, saved["uid"])
        self.assertIn(saved["id"], message_id)
        self.assertEqual((message["Subject"], message["X-Mine"]), ("Größe", "as it was"))
        self.assertEqual(message["Bcc"].addresses[0].addr_spec, "clara@kittiwake.example")
        self.assertEqual([one.addr_spec for one in message["To"].addresses], ["ben@kittiwake.example"])
        self.assertEqual([group.display_name for group in message["To"].groups if group.display_name],
                         ["half an add"])
        self.assertEqual(message["References"].split(), ["<older@elsewhere.example>", "<question@elsewhere.example>"])
        self.assertEqual(self.text(message), "Grüße, and a sentence.\n")
        self.assertEqual(self.ctl.json("pending"), [])
        # Once more: it takes the place of the first.
        again = self.ctl.json("draft", "save", "--id", saved["id"], stdin=DRAFT.replace(b"a sentence", b"another one"))
        self.assertEqual((again["id"], again["state"], again["conflict"]), (saved["id"], "server", False))
        ((new_uid, new_id, message),) = self.on_server()
        self.assertEqual(new_uid, again["uid"])
        self.assertNotEqual((new_uid, new_id), (uid, message_id))
        self.assertEqual(self.text(message), "Grüße, and another one.\n")
        self.ctl.json("sync")
        (listed,) = self.ctl.json("draft", "list")
        self.assertEqual((listed["id"], listed["uid"], listed["subject"], listed["state"]),
                         (saved["id"], new_uid, "Größe", "server"))
        self.ctl.json("draft", "delete", saved["id"])
        self.assertEqual(self.on_server(), [])
        self.ctl.json("sync")
        self.assertEqual(self.ctl.json("draft", "list"), [])
        self.assertEqual(self.ctl.json("pending"), [])
        self.assertEqual(self.ctl.run("draft", "delete", saved["id"], code=None).code, FAILED)
        self.assertEqual(self.ctl.run("draft", "burn", code=None).code, USAGE)

    def test_offline_it_waits_here(self):
        saved = self.ctl.json("draft", "save", "--offline", stdin=DRAFT)
        self.assertEqual(saved["state"], "here")
        self.assertEqual(self.on_server(), [])
        (listed,) = self.ctl.json("draft", "list")
        self.assertEqual((listed["id"], listed["state"], listed["subject"]), (saved["id"], "here", "Größe"))
        self.assertEqual([one["kind"] for one in self.ctl.json("pending")], ["draft"])
        self.ctl.json("draft", "save", "--offline", "--id", saved["id"], stdin=DRAFT.replace(b"sentence", b"word"))
        self.ctl.json("sync")
        ((_, _, message),) = self.on_server()
        self.assertEqual(self.text(message), "Grüße, and a word.\n")
        self.assertEqual(self.ctl.json("pending"), [])

    def test_drafts_of_other_programs(self):
        self.server.append(self.drafts, thunderbirds(), user=ANNA)
        self.ctl.json("sync")
        (listed,) = self.ctl.json("draft", "list")
        # What somebody writes elsewhere is opened, and written back with one more line.
        with Writer(self.ctl, listed["id"]) as writer:
            writer.write("One more line.")
            state = writer.close()
        self.assertEqual((state["state"], state["conflict"]), ("server", False))
        ((_, message_id, message),) = self.on_server()
        self.assertIn(state["id"], message_id)
        self.assertEqual(self.text(message), "Plain half.One more line.\n")
        self.assertEqual(message["Bcc"].addresses[0].addr_spec, "clara@kittiwake.example")
        self.assertEqual(message["X-Mozilla-Draft-Info"],
                         "internal/draft; vcard=0; receipt=0; DSN=0; uuencode=0")
        self.assertIn("cid:pic@k", message.get_body(("html",)).get_content())
        (attachment,) = message.iter_attachments()
        self.assertEqual((attachment.get_filename(), attachment.get_content_type()), ("Größe.bin", "application/x-odd"))
        self.assertEqual(attachment.get_content(), ATTACHED)
        (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
        self.assertEqual(picture.get_content(), b"\x89PNG\r\n\x1a\nnot really")

    def test_another_device_has_changed_it(self):
        saved = self.ctl.json("draft", "save", stdin=DRAFT)
        self.ctl.json("sync")
        other = self.new_ctl()
        other.json("sync")
        with Writer(self.ctl, saved["id"]) as here:
            here.write("Here.")
            here.saved()
            # Meanwhile, on the other device: seen, changed, and closed.
            changed = other.json("draft", "save", "--id", saved["id"], stdin=DRAFT.replace(b"a sentence", b"more"))
            self.assertFalse(changed["conflict"])
            state = here.close()
        self.assertTrue(state["conflict"])
        self.assertIn("another device", state["notice"])
        texts = sorted(self.text(message) for _, _, message in self.on_server())
        self.assertEqual(texts, ["Grüße, and a sentence.Here.\n", "Grüße, and more.\n"])
        self.assertEqual(len({message_id[:33] for _, message_id, _ in self.on_server()}), 2)

    def test_deleted_elsewhere_while_somebody_writes(self):
        saved = self.ctl.json("draft", "save", stdin=DRAFT)
        self.ctl.json("sync")
        with Writer(self.ctl, saved["id"]) as here:
            here.write("Still here.")
            here.saved()
            self.empty()
            state = here.close()
        self.assertEqual((state["state"], state["conflict"]), ("server", False))
        self.assertEqual([self.text(message) for _, _, message in self.on_server()],
                         ["Grüße, and a sentence.Still here.\n"])

    def test_sent_it_is_no_draft_any_more(self):
        smtp = suite.smtp_of(self.server)
        self.addCleanup(smtp.close)
        ctl = self.empty_ctl()
        ctl.add_account(self.server, arguments=("--smtp", f"127.0.0.1:{smtp.port}"))
        ctl.json("sync")
        question = (f"From: ben@kittiwake.example\r\nTo: {ANNA}\r\nSubject: Question\r\n"
                    "Message-ID: <question@elsewhere.example>\r\n\r\nWhat?\r\n").encode()
        self.server.append("INBOX", question, user=ANNA)
        ctl.json("sync")
        saved = ctl.json("draft", "save", stdin=DRAFT.replace(b", half an add", b""))
        ctl.json("sync")
        before = {one["message_id"] for one in self.reader().messages("Sent")}
        with Writer(ctl, saved["id"], "--send") as writer:
            writer.write("And off.")
            writer.saved()
            report = writer.close()
        self.assertEqual((report["state"], report["error"]), ("sent", ""))
        ctl.json("sync")
        self.assertEqual(self.on_server(), [])
        self.assertEqual(ctl.json("pending"), [])
        (accepted,) = smtp.accepted
        message = email.message_from_bytes(accepted.message, policy=email.policy.SMTP)
        self.assertEqual(message["Message-ID"], report["message_id"])
        self.assertEqual(report["message_id"], f"<{saved['id']}@kittiwake.example>")
        self.assertIsNone(message["Bcc"])
        self.assertEqual(sorted(accepted.recipients), ["ben@kittiwake.example", "clara@kittiwake.example"])
        after = {one["message_id"] for one in self.reader().messages("Sent")}
        self.assertEqual(after - before, {report["message_id"]})
        (answered,) = [one for one in self.reader().messages("INBOX")
                       if one["message_id"] == "<question@elsewhere.example>"]
        self.assertIn("\\Answered", answered["flags"])

    def test_what_is_refused_stays_a_draft(self):
        smtp = suite.smtp_of(self.server)
        self.addCleanup(smtp.close)
        ctl = self.empty_ctl()
        ctl.add_account(self.server, arguments=("--smtp", f"127.0.0.1:{smtp.port}"))
        ctl.json("sync")
        smtp.refusals = {"ben@kittiwake.example": ["550 5.1.1 Nobody of that name"],
                         "clara@kittiwake.example": ["550 5.1.1 Nobody of that name"]}
        with Writer(ctl, None, "--send") as writer:
            writer.write("To: ben@kittiwake.example")
            writer.write("Subject: No")
            writer.write("Text.")
            writer.saved()
            report = writer.close(code=None)
        self.assertEqual(report["state"], "failed")
        (one,) = [draft for draft in ctl.json("draft", "list") if draft["subject"] == "No"]
        self.assertEqual(one["state"], "outbox")
        self.assertIn("Nobody of that name", one["notice"])
        # Given up in the outbox, it is a draft again, and the server gets it.
        ctl.json("pending", "drop", one["operation"], code=DONE)
        ctl.json("sync")
        self.assertEqual([message["Subject"] for _, _, message in self.on_server()], ["No"])
        self.assertEqual(ctl.json("pending"), [])


class TestWithoutExtensions(DraftCase):
    """Servers with less: each version supersedes the one before all the same."""

    def check(self, *hidden):
        server = DovecotServer("--hide-capability", ",".join(hidden))
        self.addCleanup(server.close)
        self.server = server
        ctl = self.new_ctl()
        ctl.json("sync")
        saved = ctl.json("draft", "save", stdin=DRAFT)
        for number in range(3):
            ctl.json("sync")
            again = ctl.json("draft", "save", "--id", saved["id"],
                             stdin=DRAFT.replace(b"a sentence", b"%d" % number))
            self.assertEqual((again["id"], again["conflict"]), (saved["id"], False))
        self.assertEqual(len(self.on_server()), 1)
        ctl.json("sync")
        self.assertEqual(len(ctl.json("draft", "list")), 1)
        ctl.json("draft", "delete", saved["id"])
        self.assertEqual(self.on_server(), [])

    def test_without_uidplus(self):
        self.check("UIDPLUS")

    def test_without_nearly_everything(self):
        self.check("UIDPLUS", "CONDSTORE", "QRESYNC", "MOVE", "ESEARCH", "LIST-STATUS", "NOTIFY", "SPECIAL-USE")


class Writer:
    """kittiwakectl draft write: somebody types."""

    def __init__(self, ctl, draft, *arguments):
        words = ("--json", "draft", "write", *(("--id", draft) if draft else ()), *arguments)
        self.lines = 0
        self.process = subprocess.Popen(ctl.command(words), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=ctl.environment, cwd=ctl.sandbox.root)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def write(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        self.lines += 1

    def saved(self):
        """Waits until it is told that all that was written is durable."""
        while (state := json.loads(self.process.stdout.readline()))["lines"] < self.lines:
            pass
        return state

    def close(self, code=DONE):
        """The end of the input; the last thing that was told."""
        output, errors = self.process.communicate(timeout=60)
        if code is not None and self.process.returncode != code:
            raise AssertionError(f"exit code {self.process.returncode}: {errors.decode()}")
        # A state a line; the report of a message that was sent goes over several.
        begin = output.rindex(b"\n{\n") if b"\n{\n" in output else -2
        return json.loads(output[begin + 1:] if begin >= 0 or output.startswith(b"{\n") else output.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
