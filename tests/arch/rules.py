# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the house (docs/architecture.md), as data and as functions on a folder of sources.

Each rule returns sentences that name the file; no sentence means that the rule holds.
"""

import pathlib
import re

# What each part may use directly. "a -> b" means that files of a may include headers of b, and of what b may
# use in turn. Arrows point down: whoever adds one that points up makes a cycle, which is refused.
LAYERS = {
    "core/base": (),
    "core/async": ("core/base",),
    "core/mail": ("core/base",),
    "core/mime": ("core/mail",),
    "core/net": ("core/base", "core/async"),
    # Pictures that a person asked for. It knows nothing of accounts and mail but the values.
    "core/remote": ("core/net", "core/mime"),
    "core/sasl": ("core/base",),
    "core/imap/codec": ("core/mail",),
    "core/imap/session": ("core/imap/codec", "core/sasl"),
    "core/imap/client": ("core/imap/session", "core/net", "core/async"),
    "core/smtp": ("core/mime", "core/net", "core/async", "core/sasl"),
    "core/credentials": ("core/base", "core/async", "core/net"),
    # Which words are right. It knows nothing of mail.
    "core/spell": ("core/base",),
    "core/discovery": ("core/net", "core/async", "core/mail"),
    "core/accounts": ("core/credentials", "core/mail", "core/net"),
    "core/store": ("core/mail", "core/async"),
    "core/search": ("core/store", "core/mail"),
    # Pure: a function of values. It opens no connection and no database.
    "core/sync/planner": ("core/mail",),
    "core/sync": ("core/sync/planner", "core/imap/client", "core/smtp", "core/mime", "core/store", "core/accounts"),
    "core/engine": ("core/sync", "core/search", "core/discovery", "core/remote"),
    # Both front ends know the engine and values, never sockets, SQL or protocol: the headers below are all of core
    # that they see.
    "ui": ("values",),
    "app/window": ("ui", "values", "core/engine"),
    "app/ctl": ("values", "core/engine"),
    # Files of strangers are taken apart here, and nothing else is known.
    "app/helper": (),
}

# What is a value and may be seen by the front ends ("values" above): whole folders, or single headers.
VALUES = (
    "core/base/", "core/mail/", "core/mime/", "core/spell/", "core/search/", "core/engine/", "core/accounts/account.h",
    "core/store/rows.h", "core/store/storechanges.h", "core/store/cachereader.h",
)

# Where a line end of a protocol may be written.
CODECS = ("core/imap/codec/", "core/mime/", "core/smtp/", "core/net/", "core/remote/http")

MAXIMUM_LINES = 600
SOURCE_FOLDERS = ("app", "core", "ui")
ENDINGS_WITH_LICENCE = {".cpp", ".h", ".py", ".cmake", ".sh", ".sql", ".qrc"}
NAMES_WITH_LICENCE = {"CMakeLists.txt"}
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^(\s]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
                   re.DOTALL)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.MULTILINE)


def without_comments(text):
    def replace(match):
        token = match.group()
        return "\n" * token.count("\n") if token.startswith(("//", "/*")) else token
    return TOKEN.sub(replace, text)


def code_only(text):
    """Without comments and without the contents of literals."""
    return TOKEN.sub(lambda match: "\n" * match.group().count("\n") or " ", text)


class Sources:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.text = {}
        for folder in SOURCE_FOLDERS:
            for path in sorted((self.root / folder).rglob("*")):
                if path.suffix in (".cpp", ".h") and path.is_file():
                    self.text[path.relative_to(self.root).as_posix()] = path.read_text(encoding="utf-8")
        self.includes = {name: INCLUDE.findall(without_comments(text)) for name, text in self.text.items()}


def layer_of(name):
    """The deepest part of LAYERS that a file lies in, or None."""
    found = [layer for layer in LAYERS if name.startswith(layer + "/")]
    return max(found, key=len) if found else None


def reachable(layer):
    seen, waiting = set(), [layer]
    while waiting:
        for used in LAYERS.get(waiting.pop(), ()):
            if used not in seen:
                seen.add(used)
                waiting.append(used)
    return seen


def layers_point_down():
    return [f"{layer}: it may use itself through {' '.join(LAYERS[layer])}" for layer in LAYERS
            if layer in reachable(layer)]


def allowed(including, included):
    layer = layer_of(including)
    target = layer_of(included)
    if target == layer:
        return True
    if layer in ("ui", "app/window", "app/ctl"):
        if included.startswith(VALUES):
            return True
        return target is not None and not target.startswith("core/") and target in LAYERS[layer]
    return target in reachable(layer)


def includes_follow_the_layers(sources):
    problems = []
    for name, includes in sources.includes.items():
        if layer_of(name) is None:
            if not name.startswith("app/"):
                problems.append(f"{name}: its folder is in no layer; add it to LAYERS in tests/arch/rules.py")
            continue
        for included in includes:
            if not included.startswith(tuple(folder + "/" for folder in SOURCE_FOLDERS)):
                # Generated (.moc), from tests/, or relative. The last would hide an arrow.
                if included.endswith(".moc"):
                    continue
                problems.append(f"{name}: includes \"{included}\"; write the path from the top folder")
            elif included not in sources.text:
                problems.append(f"{name}: includes \"{included}\", which does not exist")
            elif not allowed(name, included):
                problems.append(f"{name}: includes \"{included}\", but {layer_of(name)} may not use "
                                f"{layer_of(included) or included}")
    return problems


def no_include_cycles(sources):
    problems, done, path = [], set(), []

    def visit(name):
        if name in path:
            problems.append(" -> ".join(path[path.index(name):] + [name]) + ": these headers include each other")
            return
        if name in done:
            return
        path.append(name)
        for included in sources.includes.get(name, ()):
            if included in sources.text:
                visit(included)
        path.pop()
        done.add(name)
    for name in sources.text:
        visit(name)
    return problems


def line_ends_only_in_codecs(sources):
    problems = []
    for name, text in sources.text.items():
        if name.startswith(CODECS):
            continue
        for match in TOKEN.finditer(text):
            if match.group()[0] in "\"R" and r"\r\n" in match.group():
                line = text.count("\n", 0, match.start()) + 1
                problems.append(f"{name}:{line}: writes \\r\\n; that belongs into a codec")
    return problems


def matches(sources, pattern, where, why, only_headers=False):
    problems = []
    for name, text in sources.text.items():
        if name.startswith(where) and (not only_headers or name.endswith(".h")):
            code = code_only(text)
            for match in re.finditer(pattern, code):
                problems.append(f"{name}:{code.count(chr(10), 0, match.start()) + 1}: {why}")
    return problems


def no_friends(sources):
    return matches(sources, r"\bfriend\b", ("core/",), "a friend in a header of core", only_headers=True)


def no_nested_event_loops(sources):
    return matches(sources, r"\bQEventLoop\b(?!\s*::\s*ProcessEventsFlag)|\bprocessEvents\s*\(|(?:\.|->|::)\s*exec\s*\(",
                   ("core/", "ui/"), "a nested event loop; whatever runs in it may delete the caller")


def files_are_short(sources):
    problems = []
    for name, text in sources.text.items():
        lines = text.count("\n")
        if lines > MAXIMUM_LINES:
            problems.append(f"{name}: {lines} lines; split it by what it does (the limit is {MAXIMUM_LINES})")
    return problems


def licence_lines(root):
    """The SPDX line stands in the first three lines of every source file and script."""
    root, problems = pathlib.Path(root), []
    for folder in (*SOURCE_FOLDERS, "tests", "scripts", "cmake", "resources", ".ci"):
        for path in sorted((root / folder).rglob("*")):
            if not path.is_file() or "__pycache__" in path.parts or "corpus" in path.parts:
                continue
            script = path.suffix == "" and path.parent.name in ("scripts", ".ci")
            if script or path.suffix in ENDINGS_WITH_LICENCE or path.name in NAMES_WITH_LICENCE:
                with path.open(encoding="utf-8", errors="replace") as file:
                    if not any(LICENCE in file.readline() for _ in range(3)):
                        problems.append(f"{path.relative_to(root)}: no SPDX line")
    if LICENCE not in (root / "CMakeLists.txt").read_text(encoding="utf-8"):
        problems.append("CMakeLists.txt: no SPDX line")
    return problems
