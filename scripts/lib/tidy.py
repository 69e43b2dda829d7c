#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs clang-tidy over all sources and remembers which of them are clean.

clang-tidy spends four fifths of its time on the system's headers (6 of 7 seconds for a small file that
uses Qt). So several files are checked as one: a generated source includes them all, and where they do not
compile together (two files may define the same helper in their unnamed namespaces) the group is halved
until they do. A file is not looked at again until it, a project header that it includes, its options
or the checks change.
"""

import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOP_FOLDERS = ("app", "core", "ui", "tests")
PROGRAM = "clang-tidy-16"
GROUP_SIZE = 10
# Of the arguments of a compilation: those with a value of their own that mean nothing here.
DROPPED_WITH_VALUE = ("-o", "-MF", "-MT", "-MQ")
DROPPED = ("-c", "-MD", "-MMD", "-Winvalid-pch")
FINDING = re.compile(r"^(?P<file>[^\s:]+):\d+:\d+: (?:error|warning): .*\[(?P<check>[\w.,-]+)\]$", re.MULTILINE)


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


@functools.lru_cache(maxsize=None)
def included(path):
    """The project headers that `path` names itself. Generated files (.moc) follow from their sources."""
    found = []
    for name in re.findall(rb'^\s*#\s*include\s+"([^"]+)"', read(path), re.MULTILINE):
        for folder in (ROOT, path.parent):
            candidate = folder / name.decode()
            if candidate.is_file():
                found.append(candidate.resolve())
                break
    return tuple(found)


@functools.lru_cache(maxsize=None)
def digest(path):
    return hashlib.sha256(read(path)).digest()


def closure(path):
    seen, waiting = {path}, [path]
    while waiting:
        for header in included(waiting.pop()):
            if header not in seen:
                seen.add(header)
                waiting.append(header)
    return sorted(seen)


def useful_arguments(command):
    """The compiler's arguments without launcher, compiler, output, input and precompiled header."""
    words = shlex.split(command)
    start = next(index for index, word in enumerate(words) if re.search(r"clang\+\+[-\d]*$", word))
    result, skip = [], False
    words = words[start + 1:]
    for index, word in enumerate(words):
        if skip:
            skip = False
        elif word in DROPPED_WITH_VALUE:
            skip = True
        elif word == "-Xclang" and words[index + 1:index + 2] == ["-include-pch"]:
            # "-Xclang -include-pch -Xclang FILE": four words; the header itself is still included as text.
            words[index + 1:index + 4] = ["-DKITTIWAKE_LINT"] * 3
        elif word in DROPPED or word.endswith(".cpp") or word.startswith("-DQT_TESTCASE_"):
            pass
        else:
            result.append(word)
    return result


class Source:
    def __init__(self, path, arguments):
        self.path = path
        self.arguments = arguments

    def key(self, salt):
        hasher = hashlib.sha256(salt)
        # Where the build folder is does not matter for what clang-tidy says.
        hasher.update("\0".join(word for word in self.arguments if not word.startswith(("-I", "-Xclang", "/"))).encode())
        for part in closure(self.path):
            hasher.update(str(part.relative_to(ROOT) if part.is_relative_to(ROOT) else part).encode() + b"\0" + digest(part))
        return hasher.hexdigest()


def sources(build):
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in TOP_FOLDERS and path.is_file():
            found[path] = Source(path, useful_arguments(entry["command"]))
    return [found[path] for path in sorted(found)]


def union(lists):
    """All arguments, each once, in order. Pairs such as "-isystem DIR" and "-Xclang WORD" stay together."""
    seen, result = set(), []
    for arguments in lists:
        index = 0
        while index < len(arguments):
            pair = arguments[index] in ("-isystem", "-include", "-I")
            # "-Xclang -include -Xclang FILE" is one thing in four words.
            count = 4 if arguments[index:index + 2] == ["-Xclang", "-include"] else 2 if pair or \
                arguments[index] == "-Xclang" else 1
            item = tuple(arguments[index:index + count])
            if item not in seen:
                seen.add(item)
                result.extend(item)
            index += count
    return result


def check(group, folder):
    """Returns [(sources, text)]: the findings, and the empty text for what is clean."""
    if len(group) == 1:
        target = group[0].path
    else:
        name = hashlib.sha256("".join(str(source.path) for source in group).encode()).hexdigest()[:16]
        target = folder / f"group-{name}.cpp"
        lines = []
        for index, source in enumerate(group):
            # Each test has a main().
            lines += [f"#define main kittiwake_main_{index}", f'#include "{source.path}"', "#undef main"]
        target.write_text("\n".join(lines) + "\n")
    # A group includes sources, which is what that check is against.
    done = subprocess.run(
        [PROGRAM, "--quiet", "--checks=-bugprone-suspicious-include" if len(group) > 1 else "--checks=", f"--config-file={ROOT / '.clang-tidy'}",
         f"--header-filter=^{re.escape(str(ROOT))}/({'|'.join(TOP_FOLDERS)})/.*\\.(h|cpp)$", str(target), "--",
         "-xc++", *union(source.arguments for source in group)], capture_output=True, text=True, cwd=ROOT)
    if len(group) > 1:
        target.unlink(missing_ok=True)
    if done.returncode == 0:
        return [(group, "")]
    if len(group) > 1 and "[clang-diagnostic-" in done.stdout:
        # Errors and warnings of the compiler come of putting files together (a name of one shadows a name of the next).
        middle = len(group) // 2
        return check(group[:middle], folder) + check(group[middle:], folder)
    named = {pathlib.Path(match["file"]).resolve() for match in FINDING.finditer(done.stdout)}
    if not named:
        return [(group, done.stdout + done.stderr)]
    blamed = [source for source in group if source.path in named]
    if len(blamed) < len(named):
        blamed = group  # A header: whoever includes it stays unclean.
    return [(blamed, done.stdout), ([source for source in group if source not in blamed], "")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="a configured and built folder")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    build = options.build.resolve()
    if not (build / "compile_commands.json").exists():
        sys.exit(f"{build} is not configured; run scripts/build first")
    folder = build / "lint"
    (folder / "clean").mkdir(parents=True, exist_ok=True)

    version = subprocess.run([PROGRAM, "--version"], capture_output=True, check=True).stdout
    salt = hashlib.sha256(version + read(ROOT / ".clang-tidy") + read(pathlib.Path(__file__))).digest()
    chosen = {path.resolve() for path in options.files}
    every = [source for source in sources(build) if not chosen or source.path in chosen]
    keys = {source: source.key(salt) for source in every}
    dirty = [source for source in every if not (folder / "clean" / keys[source]).exists()]
    groups = []
    for top in TOP_FOLDERS:
        members = [source for source in dirty if source.path.relative_to(ROOT).parts[0] == top]
        # Small enough that all workers have something to do.
        size = max(1, min(GROUP_SIZE, -(-len(members) // options.jobs)))
        groups += [members[index:index + size] for index in range(0, len(members), size)]

    begin, failed, findings = time.monotonic(), False, set()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(check, group, folder) for group in groups]):
            for group, text in future.result():
                if not text:
                    for source in group:
                        (folder / "clean" / keys[source]).touch()
                    continue
                failed = True
                # A header that several groups include is reported once.
                for block in re.split(r"(?m)^(?=[^\s:]+:\d+:\d+: (?:error|warning): )", text):
                    block = re.sub(r"(?m)^\d+ warnings? (and \d+ errors? )?generated\.\n|^Error while processing .*\n", "", block)
                    if block.strip() and block not in findings:
                        findings.add(block)
                        print(block.rstrip(), flush=True)
    # Keys of former states are of no use; keep the folder as small as the project.
    current = set(keys.values())
    if not chosen:
        for path in (folder / "clean").iterdir():
            if path.name not in current and time.time() - os.stat(path).st_mtime > 30 * 86400:
                path.unlink()
    print(f"clang-tidy: {len(every)} files, {len(dirty)} checked, {len(every) - len(dirty)} known to be clean, "
          f"{time.monotonic() - begin:.0f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
