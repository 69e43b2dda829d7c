# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs of Cyrus and Courier: of the system, or those that scripts/setup has unpacked, since their packages
cannot be installed beside Dovecot's."""

import os
import pathlib
import sys

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"


def _folders():
    sys.path.insert(0, str(SCRIPTS))
    try:
        import testservers
        return [folder for folder in testservers.folders() if testservers.is_complete(folder)]
    finally:
        sys.path.remove(str(SCRIPTS))


def find(relative):
    """(path of a program such as "usr/lib/cyrus/bin/imapd", what must be in its environment to run it)."""
    for folder in _folders():
        path = folder / relative
        if path.exists():
            libraries = [folder / "usr/lib", *sorted(folder.glob("usr/lib/*-linux-*")), *sorted(folder.glob("lib/*-linux-*"))]
            return path, {"LD_LIBRARY_PATH": ":".join(map(str, libraries))}
    path = pathlib.Path("/") / relative
    if path.exists():
        return path, {}
    raise RuntimeError(f"{relative} is not there; run scripts/setup")


def is_offered(relative):
    """Whether this release has the server at all: Ubuntu 24.04 has no Courier. Before scripts/setup everything counts as
    offered, so that a test which needs it fails and says why."""
    folders = _folders()
    return not folders or any((folder / relative).exists() for folder in [*folders, pathlib.Path("/")])


def environment(more):
    kept = {name: os.environ[name] for name in ("PATH", "TZ", "LANG") if name in os.environ}
    return {**kept, **more}


if __name__ == "__main__":
    sys.exit(0 if is_offered(sys.argv[1]) else 1)
