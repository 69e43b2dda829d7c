#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence with a number in it has its English singular and plural: without them people read "1 message(s)"."""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree


def unfinished(catalogue):
    """(context, source) of what has no translation, or not both forms."""
    for context in ElementTree.parse(catalogue).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.iter("numerusform")]
            if translation.get("type") == "unfinished" or len(forms) != 2 or not all(forms):
                yield context.findtext("name"), message.findtext("source")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lupdate")
    parser.add_argument("root", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fresh = shutil.copy(options.root / "translations" / "kittiwake_en.ts", folder)
        sources = [str(options.root / name) for name in ("app", "core", "ui")]
        subprocess.run([options.lupdate, "-silent", "-pluralonly", "-locations", "none", "-no-obsolete", "-extensions",
                        "cpp,h", "-I", str(options.root), *sources, "-ts", fresh], check=True)
        if not list(ElementTree.parse(fresh).getroot().iter("message")):
            sys.exit("lupdate has found no plurals at all")
        missing = list(unfinished(fresh))
    for context, source in missing:
        print(f"{context}: {source!r} has no English singular and plural in translations/kittiwake_en.ts")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
