# SPDX-License-Identifier: GPL-3.0-or-later
"""A home of their own for the programs under test: profile, HOME, XDG folders and TMPDIR below one
temporary folder, and nothing of this machine's settings, keychain or session in the environment."""

import os
import pathlib
import shutil
import stat
import tempfile

FOLDERS = {"HOME": "home", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "home/.config", "XDG_DATA_HOME": "home/.local/share",
           "XDG_STATE_HOME": "home/.local/state", "XDG_CACHE_HOME": "home/.cache", "XDG_RUNTIME_DIR": "run"}


class Sandbox:
    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="kittiwake-test-")).resolve()
        self.profile = self.root / "profile"
        for folder in FOLDERS.values():
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        (self.root / "run").chmod(stat.S_IRWXU)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def environment(self, **more):
        """The environment for programs under test; `more` adds to it."""
        environment = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
                                                           "LLVM_PROFILE_FILE") if name in os.environ}
        environment.update({name: str(self.root / folder) for name, folder in FOLDERS.items()})
        # No message bus unless a test starts one: nothing must reach the keychain of whoever runs the tests.
        environment.update(LANG="C.UTF-8", LC_ALL="C.UTF-8", TZ="UTC", QT_QPA_PLATFORM="offscreen",
                           DBUS_SESSION_BUS_ADDRESS="unix:path=" + str(self.root / "run" / "no-bus"))
        environment.update(more)
        return environment

    def write(self, name, text):
        """A file of the test's own, beside the profile; returns its path."""
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)
