#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves the rules of the house from the sources, and proves on a small planted house that each rule bites."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import rules  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]


class TheHouse(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sources = rules.Sources(ROOT)

    def holds(self, problems):
        self.assertEqual(problems, [], "\n" + "\n".join(problems))

    def test_there_is_something_to_look_at(self):
        self.assertGreater(len(self.sources.text), 50)
        self.assertGreater(sum(map(len, self.sources.includes.values())), 100)

    def test_layers_point_down(self):
        self.holds(rules.layers_point_down())

    def test_includes_follow_the_layers(self):
        self.holds(rules.includes_follow_the_layers(self.sources))

    def test_no_include_cycles(self):
        self.holds(rules.no_include_cycles(self.sources))

    def test_line_ends_only_in_codecs(self):
        self.holds(rules.line_ends_only_in_codecs(self.sources))

    def test_no_friends_in_core_headers(self):
        self.holds(rules.no_friends(self.sources))

    def test_no_nested_event_loops(self):
        self.holds(rules.no_nested_event_loops(self.sources))

    def test_files_are_short(self):
        self.holds(rules.files_are_short(self.sources))

    def test_every_file_names_its_licence(self):
        self.holds(rules.licence_lines(ROOT))


class TheRulesBite(unittest.TestCase):
    """Each rule on a house with exactly one thing wrong, next to something that only looks so."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="kittiwake-arch-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "CMakeLists.txt").write_text("# " + rules.LICENCE + "\n")

    def plant(self, files):
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("// " + rules.LICENCE + "\n" + text)
        return rules.Sources(self.root)

    def one(self, problems, *words):
        self.assertEqual(len(problems), 1, problems)
        for word in words:
            self.assertIn(word, problems[0])

    def test_an_arrow_that_points_up(self):
        sources = self.plant({
            "core/base/result.h": "", "core/mail/flags.h": '#include "core/base/result.h"\n',
            "core/store/database.h": '#include "core/mail/flags.h"\n// #include "core/imap/codec/parser.h"\n',
            "core/imap/codec/parser.h": '#include "core/mail/flags.h"\n',
            "core/store/cache.cpp": '#include "core/store/database.h"\n#include "core/imap/codec/parser.h"\n'})
        self.one(rules.includes_follow_the_layers(sources), "core/store/cache.cpp", "core/imap/codec")

    def test_the_planner_is_pure(self):
        sources = self.plant({"core/store/database.h": "", "core/sync/planner/plan.cpp": '#include "core/store/database.h"\n',
                              "core/sync/mailboxsync.cpp": '#include "core/store/database.h"\n'})
        self.one(rules.includes_follow_the_layers(sources), "core/sync/planner/plan.cpp")

    def test_a_window_sees_values_only(self):
        sources = self.plant({
            "core/store/rows.h": "", "core/store/database.h": "", "core/engine/engine.h": "", "core/net/bytestream.h": "",
            "ui/models/list.cpp": '#include "core/store/rows.h"\n#include "core/engine/engine.h"\n',
            "ui/reader/pane.cpp": '#include "core/store/database.h"\n'})
        self.one(rules.includes_follow_the_layers(sources), "ui/reader/pane.cpp", "core/store")

    def test_a_relative_include_and_a_missing_file(self):
        sources = self.plant({"core/base/a.h": "", "core/base/a.cpp": '#include "a.h"\n'})
        self.one(rules.includes_follow_the_layers(sources), "path from the top")
        sources = self.plant({"core/base/a.cpp": '#include "core/base/none.h"\n'})
        self.one(rules.includes_follow_the_layers(sources), "does not exist")

    def test_a_folder_in_no_layer(self):
        self.one(rules.includes_follow_the_layers(self.plant({"core/extra/a.h": ""})), "in no layer")

    def test_a_cycle(self):
        sources = self.plant({"core/base/a.h": '#include "core/base/b.h"\n', "core/base/b.h": '#include "core/base/c.h"\n',
                              "core/base/c.h": '#include "core/base/a.h"\n', "core/base/d.h": '#include "core/base/a.h"\n'})
        self.one(rules.no_include_cycles(sources), "core/base/a.h -> core/base/b.h -> core/base/c.h -> core/base/a.h")

    def test_a_line_end_outside_the_codecs(self):
        sources = self.plant({"core/sync/a.cpp": 'auto a = QByteArray("NOOP\\r\\n"); // "\\r\\n"\n',
                              "core/imap/codec/b.cpp": 'auto a = "\\r\\n";\n', "ui/c.cpp": "/* \"\\r\\n\" */\n"})
        self.one(rules.line_ends_only_in_codecs(sources), "core/sync/a.cpp:2")

    def test_a_friend(self):
        sources = self.plant({"core/base/a.h": "// my friend\nclass A { friend class B; };\n",
                              "core/base/b.h": 'auto a = "friend";\n', "ui/c.h": "class A { friend class B; };\n"})
        self.one(rules.no_friends(sources), "core/base/a.h:3")

    def test_a_nested_loop(self):
        for text in ("QEventLoop loop;", "dialog.exec();", "menu->exec(position);", "QCoreApplication::processEvents();"):
            with self.subTest(text):
                sources = self.plant({"ui/a.cpp": text + "\n", "ui/b.cpp": "execute(); // dialog.exec()\n",
                                      "app/main.cpp": "return app.exec();\n"})
                self.one(rules.no_nested_event_loops(sources), "ui/a.cpp:2")

    def test_a_long_file(self):
        sources = self.plant({"core/base/a.cpp": "\n" * 600, "core/base/b.cpp": "\n" * 599})
        self.one(rules.files_are_short(sources), "core/base/a.cpp")

    def test_a_file_without_licence(self):
        self.plant({"core/base/a.cpp": ""})
        (self.root / "core/base/b.cpp").write_text("int b;\n")
        self.one(rules.licence_lines(self.root), "core/base/b.cpp")

    def test_an_arrow_in_the_table_that_points_up(self):
        before = rules.LAYERS["core/base"]
        rules.LAYERS["core/base"] = ("core/mail",)
        try:
            self.assertIn("core/mail", " ".join(rules.layers_point_down()))
        finally:
            rules.LAYERS["core/base"] = before


if __name__ == "__main__":
    unittest.main()
