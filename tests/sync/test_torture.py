#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages of tests/fixtures/torture: by the debug commands, and from a real server, which sees other structures in
them. Each shows what it should or says why not; none takes long."""

import json
import pathlib
import unittest

from suite import SyncCase
from testservers import DovecotServer

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / "torture"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
SECONDS = 20  # a process and all, on a machine that does other things as well; the reader itself has one second


def message(name):
    return (FOLDER / f"{name}.eml").read_bytes()


class TestTorture(SyncCase):
    def setUp(self):
        self.ctl = self.empty_ctl()

    def test_the_set_is_whole(self):
        self.assertGreaterEqual(len(EXPECTED), 40)
        self.assertEqual({path.stem for path in FOLDER.glob("*.eml")}, set(EXPECTED))

    def test_render(self):
        for name, wanted in EXPECTED.items():
            with self.subTest(name):
                outcome = self.ctl.run("--json", "debug", "render", stdin=message(name))
                shown = outcome.json()
                self.assertLess(outcome.seconds, SECONDS)
                self.assertEqual(shown["kind"], wanted["kind"])
                self.assertIn(wanted.get("text", ""), shown["body"])
                self.assertIn(wanted.get("text2", ""), shown["body"])
                if "nottext" in wanted:
                    self.assertNotIn(wanted["nottext"], shown["body"])
                self.assertEqual(bool(shown["notice"]), wanted["kind"] == "empty")
                self.assertIn(wanted.get("notice", ""), shown["notice"])
                if "charset" in wanted:
                    self.assertEqual((shown["charset"], shown["charset_guessed"]), (wanted["charset"], True))
                if "attachments" in wanted:
                    self.assertEqual(len(shown["attachments"]), wanted["attachments"])
                self.assert_defects(shown["defects"], wanted["defects"])
                if wanted["kind"] == "plain":
                    lines = shown["body"].count("\n") + 1
                    self.assertGreaterEqual(sum(run["lines"] for run in shown["lines"]), lines)

    def test_parse_mime(self):
        for name, wanted in EXPECTED.items():
            with self.subTest(name):
                outcome = self.ctl.run("--json", "debug", "parse-mime", stdin=message(name))
                parsed = outcome.json()
                self.assertLess(outcome.seconds, SECONDS)
                self.assert_defects(parsed["defects"], wanted["defects"])
                if "parts" in wanted:
                    self.assertEqual([part["type"] for part in parsed["parts"]], wanted["parts"])
                if "subject" in wanted:
                    self.assertEqual(parsed["subject"], wanted["subject"])
                if wanted["kind"] == "plain":
                    texts = "\n".join(part.get("text", "") for part in parsed["parts"])
                    self.assertIn(wanted["text"], texts)

    def assert_defects(self, told, wanted):
        self.assertEqual(len(told), len(wanted), told)
        for sentence in wanted:
            self.assertTrue(any(sentence in one for one in told), told)

    def test_from_a_server(self):
        """Dovecot's own reading of each structure; what is shown is text, or a sentence that says why there is none."""
        names = [name for name in EXPECTED if name != "body-nothing-at-all"]  # which no server takes
        with DovecotServer("--user=anna@kittiwake.example:correct horse") as server:
            for name in names:
                server.append("INBOX", message(name))
            self.ctl.add_account(server)
            self.ctl.run("sync")
            for uid, name in enumerate(names, 1):
                with self.subTest(name):
                    outcome = self.ctl.run("--json", "show", "INBOX", uid, "--html")
                    shown = outcome.json()
                    self.assertLess(outcome.seconds, 2 * SECONDS)
                    if EXPECTED[name]["kind"] == "empty":
                        self.assertEqual(bool(shown["text"].strip()), not shown.get("notice"), shown)
                    else:
                        self.assertTrue(shown["text"].strip() or shown.get("notice"))


if __name__ == "__main__":
    unittest.main()
