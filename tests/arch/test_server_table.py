#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fixture that docs/servers.md names is there, and every scripted service has its line."""

import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "servers"))

from personalities import PERSONALITIES  # noqa: E402


def rows(text):
    """(what a server does, what stands in the second column) of every line of a table."""
    found = re.findall(r"^\| (.+?) \| (.+) \|$", text, re.MULTILINE)
    return [row for row in found if row[0] != "what it does"]


def is_there(reference, sources):
    if reference.endswith(".imap"):
        return (ROOT / "tests" / "transcripts" / "imap" / reference).is_file()
    file, _, name = reference.partition(": ")
    if file == "personality":
        return name in PERSONALITIES
    return any(re.search(rf"\b(?:def |void |::){re.escape(name)}\(", text) for path, text in sources.items() if path.stem == file)


class TestServerTable(unittest.TestCase):
    def test_fixtures_are_there(self):
        text = (ROOT / "docs" / "servers.md").read_text(encoding="utf-8")
        sources = {path: path.read_text(encoding="utf-8") for pattern in ("test_*.cpp", "test_*.py")
                   for path in (ROOT / "tests").rglob(pattern)}
        table = rows(text)
        self.assertGreater(len(table), 40)
        named = set()
        for what, fixtures in table:
            references = re.findall(r"`([^`]+)`", fixtures)
            self.assertTrue(references or fixtures.startswith("- ("), what)
            named.update(references)
            for reference in references:
                self.assertTrue(is_there(reference, sources), f"{what}: {reference}")
        missing = {name for name in PERSONALITIES if f"personality: {name}" not in named}
        self.assertEqual(missing - {"mail.ru", "yandex"}, set())

    def test_what_is_not_there_is_seen(self):
        sources = {pathlib.Path("test_a.cpp"): "    void there()\n"}
        self.assertTrue(is_there("test_a: there", sources))
        for reference in ("test_a: elsewhere", "test_b: there", "nothing.imap", "personality: nobody"):
            self.assertFalse(is_there(reference, sources), reference)


if __name__ == "__main__":
    unittest.main()
