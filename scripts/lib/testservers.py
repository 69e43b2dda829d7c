#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches Cyrus and Courier for the tests and unpacks them into a folder of their own.

They cannot be installed beside Dovecot: each of these packages conflicts with every other IMAP server. And nothing
of them is wanted in the system, neither services nor users nor /etc. So their packages, and those libraries they
need that this system lacks, are downloaded with apt-get and unpacked, no maintainer script is run.
tests/servers/unpacked.py finds them there.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# What the tests start, and what only those packages hold that the programs load.
SERVERS = {"Cyrus": ("cyrus-common", "cyrus-imapd"), "Courier": ("courier-imap", "courier-authlib")}
# Courier's imapd asks it for changes in folders and waits for a second where it is missing. Not in every release.
OPTIONAL = ("gamin",)
# Loaded by programs that are not started here.
NEEDLESS = re.compile(r"libclamav|libzephyr|libcyrus-imap-perl")
FORMAT = 1  # Changes when another set of packages is wanted.


def folders():
    """Where the servers may be, the first one being where they are put."""
    everybody = pathlib.Path("/var/cache/kittiwake-test-servers")
    own = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "kittiwake-test-servers"
    return (everybody, own) if os.geteuid() == 0 else (own, everybody)


def is_complete(folder):
    try:
        return (folder / "format").read_text() == f"{FORMAT}\n"
    except OSError:
        return False


def installed(package):
    done = subprocess.run(["dpkg-query", "-W", "-f=${db:Status-Abbrev}", package], capture_output=True, text=True)
    return done.returncode == 0 and done.stdout.startswith("ii")


def has_candidate(package):
    done = subprocess.run(["apt-cache", "policy", package], capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C"})
    return "Candidate: " in done.stdout and "Candidate: (none)" not in done.stdout


def download(package, folder):
    before = set(folder.iterdir())
    # As root, apt would download as a user that cannot write here.
    done = subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package], cwd=folder,
                          capture_output=True, text=True)
    new = sorted(set(folder.iterdir()) - before)
    if done.returncode or not new:
        raise RuntimeError(f"{package} could not be downloaded: {done.stderr.strip()}")
    return new[0]


def libraries_of(archive):
    """Each library that a package depends on, as a list of alternatives."""
    depends = subprocess.run(["dpkg-deb", "-f", archive, "Depends"], capture_output=True, text=True, check=True).stdout
    for entry in depends.split(","):
        names = [re.sub(r"[\s(:].*", "", name.strip()) for name in entry.split("|")]
        if names[0].startswith("lib") and not NEEDLESS.match(names[0]):
            yield names


def unpack_all(target):
    """Downloads what is needed into `target`, dependencies included as far as the system lacks them."""
    offered = {name: packages for name, packages in SERVERS.items() if all(map(has_candidate, packages))}
    if not offered:
        raise RuntimeError("no package of Cyrus or Courier is known here; run apt-get update")
    for name in SERVERS.keys() - offered.keys():
        print(f"This release has no {name}: the tests go on without it.", flush=True)
    packages = [package for group in offered.values() for package in group]
    with tempfile.TemporaryDirectory(prefix="kittiwake-download-") as name:
        archives, wanted, seen = pathlib.Path(name), [*packages, *filter(has_candidate, OPTIONAL)], set()
        while wanted:
            package = wanted.pop()
            if package in seen:
                continue
            seen.add(package)
            archive = download(package, archives)
            subprocess.run(["dpkg-deb", "-x", archive, target], check=True)
            for alternatives in libraries_of(archive):
                if not any(map(installed, alternatives)):
                    wanted += [found for found in alternatives if has_candidate(found)][:1]


def main():
    if any(map(is_complete, folders())):
        return 0
    folder = folders()[0]
    print(f"Unpacking Cyrus and Courier for the tests into {folder} ...", flush=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = pathlib.Path(tempfile.mkdtemp(prefix=folder.name + "-", dir=folder.parent))
    try:
        unpack_all(fresh)
        (fresh / "format").write_text(f"{FORMAT}\n")
        fresh.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        shutil.rmtree(fresh, ignore_errors=True)
        print(f"scripts/setup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
