#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants the defects of defects.txt into copies of the product's sources.

plant.py DEFECTS SOURCE_DIR OUTPUT_DIR writes OUTPUT_DIR/<path with _ for />, and OUTPUT_DIR/defectlist.cpp, which says
what was planted. Seeds are the histories that have found a defect before. A defect whose place has changed is not
planted and listed as such: the test then fails, the build does not."""

import sys
from pathlib import Path


def parse(text):
    """name -> what it is, its file, and [old, new] of each change; in the order of the file."""
    defects = {}
    name = None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("["):
            name, what = line[1:].split("] ", 1)
            defects[name] = {"what": what, "file": None, "seeds": [], "changes": []}
        elif line.startswith("seed "):
            defects[name]["seeds"] = [int(seed) for seed in line[5:].split()]
        elif line.startswith("file "):
            defects[name]["file"] = line[5:].strip()
        elif line.startswith("- "):
            defects[name]["changes"].append([line[2:], None])
        elif line.startswith("+ "):
            change = defects[name]["changes"][-1]
            change[1] = line[2:] if change[1] is None else change[1] + "\n" + line[2:]
        else:
            raise SystemExit(f"defects.txt:{number}: what is this?")
    return defects


def main():
    defects_file, source_dir, output_dir = (Path(argument) for argument in sys.argv[1:4])
    defects = parse(defects_file.read_text(encoding="utf-8"))
    texts = {}
    planted = {}
    for name, defect in defects.items():
        path = defect["file"]
        text = texts.get(path)
        if text is None:
            text = (source_dir / path).read_text(encoding="utf-8")
        planted[name] = True
        for old, new in defect["changes"]:
            if text.count(old) != 1:
                planted[name] = False
                break
            text = text.replace(old, new.replace("PLANTED", f'kittiwake::sim::planted("{name}")'))
        if planted[name]:
            texts[path] = text
        else:
            texts.setdefault(path, (source_dir / path).read_text(encoding="utf-8"))
    output_dir.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        target = output_dir / path.replace("/", "_")
        content = f'#include "tests/sim/defects/planted.h"\n#line 1 "{path}"\n{text}'
        if not target.exists() or target.read_text(encoding="utf-8") != content:
            target.write_text(content, encoding="utf-8")
    rows = ",\n".join(
        f'    {{"{name}", "{defect["what"]}", {{{", ".join(map(str, defect["seeds"]))}}}, '
        f'{"true" if planted[name] else "false"}}}' for name, defect in defects.items())
    (output_dir / "defectlist.cpp").write_text(
        '#include "tests/sim/defects/defectlist.h"\n\nnamespace kittiwake::sim\n{\n\n'
        f"const std::vector<Defect> &allDefects()\n{{\n    static const std::vector<Defect> all{{\n{rows}}};\n"
        "    return all;\n}\n\n} // namespace kittiwake::sim\n",
        encoding="utf-8")


if __name__ == "__main__":
    main()
