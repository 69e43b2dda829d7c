#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a test on a screen that nobody sees: onscreen.py PROGRAM [ARGUMENT...]. For what the offscreen platform cannot
show: windows of a window system, and pages that are drawn through OpenGL."""

import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))

from screen import Display, end_with_parent  # noqa: E402


def main():
    display = Display()
    try:
        environment = display.environment()
        environment["QT_QPA_PLATFORM"] = "xcb"
        return subprocess.run(sys.argv[1:], env=environment, preexec_fn=end_with_parent, check=False).returncode
    finally:
        display.close()


if __name__ == "__main__":
    sys.exit(main())
