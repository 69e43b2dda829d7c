#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scanner itself: it finds what was planted, in every disguise, and nothing else."""

import base64
import json
import os
import pathlib
import quopri
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import canaryscan  # noqa: E402

WRITER = """
import os, socket, sys
kind, folder, text = sys.argv[1:]
data = text.encode()
if kind == "file":
    os.write(os.open(folder + "/new file", os.O_WRONLY | os.O_CREAT), b"x" * 5000 + data)
elif kind == "vector":
    os.writev(os.open(folder + "/vector", os.O_RDWR | os.O_CREAT), [b"x", data])
elif kind == "deleted":
    handle = os.open(folder + "/deleted", os.O_RDWR | os.O_CREAT)
    os.unlink(folder + "/deleted")
    os.pwrite(handle, data, 0)
elif kind == "streams":
    os.write(1, data)
    left, right = socket.socketpair()
    left.send(data)
    os.write(os.open("/dev/null", os.O_WRONLY), b"x")
elif kind == "harmless":
    os.write(os.open(folder + "/harmless", os.O_WRONLY | os.O_CREAT), b"nothing")
elif kind == "renamed":
    os.rename(folder + "/harmless", folder + "/../moved")
"""


class TestCanaryScan(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="kittiwake-canary-")
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name).resolve()
        self.canary = canaryscan.new_canary("test")
        self.scanner = canaryscan.Scanner([self.canary])

    def found(self, data):
        return {finding.what for finding in self.scanner.scan(data, "place")}

    def test_finds_every_disguise(self):
        text = "Some words before " + self.canary + " and behind it, long enough for a second line of any encoding."
        for coding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
            data = text.encode(coding)
            self.assertTrue(self.found(data), coding)
            self.assertTrue(self.found(data.hex().upper().encode()), coding + " hex")
            for offset in range(3):
                self.assertTrue(self.found(base64.b64encode(b"-" * offset + data)), f"{coding} base64 {offset}")
                self.assertTrue(self.found(base64.encodebytes(b"-" * offset + data)), f"{coding} lines {offset}")
        self.assertTrue(self.found(text.upper().encode()))
        self.assertTrue(self.found(quopri.encodestring(text.encode())))
        self.assertTrue(self.found(b"".join(b"=%02X" % byte for byte in text.encode())))
        self.assertTrue(self.found(json.dumps(text).encode()))

    def test_finds_nothing_else(self):
        other = canaryscan.new_canary("test")
        self.assertEqual(self.found(other.encode() + self.canary[:12].encode() + base64.b64encode(other.encode())),
                         set())

    def test_looks_into_every_file_and_name(self):
        deep = self.path / "a" / ".hidden"
        deep.mkdir(parents=True)
        self.assertEqual(self.scanner.scan_folder(self.path), [])
        (deep / "file.db-wal").write_bytes(b"\0" * 70000 + base64.b64encode(b"ab" + self.canary.encode()))
        os.symlink("/nowhere/" + self.canary, deep / "link")
        (deep / ("name " + self.canary)).touch()
        places = {finding.place for finding in self.scanner.scan_folder(self.path)}
        self.assertEqual(places, {str(deep / "file.db-wal"), f"target of {deep / 'link'}",
                                  f"name of {deep / ('name ' + self.canary)}"})
        script = pathlib.Path(canaryscan.__file__)
        done = subprocess.run([sys.executable, "-B", script, "--canary", self.canary, "--folder", self.path],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual({json.loads(line)["place"] for line in done.stdout.splitlines()}, places)

    def trace(self, kind, may_write):
        prefix = self.path / ("trace-" + kind)
        written = self.path / "written"
        written.mkdir(exist_ok=True)
        # sys.executable may be a wrapper script; what it does is none of our business.
        python = os.path.realpath(sys.executable)
        subprocess.run(["strace", *canaryscan.STRACE_OPTIONS, "-o", prefix, python, "-B", "-c", WRITER, kind,
                        written, self.canary], check=True, stdout=subprocess.DEVNULL)
        return self.scanner.scan_trace(prefix, [self.path / folder for folder in may_write])

    def test_sees_writes(self):
        for kind in ("file", "vector", "deleted"):
            findings, writes = self.trace(kind, ["written"])
            self.assertGreaterEqual(writes, 1)
            self.assertTrue(findings, kind)
            self.assertTrue(all(" to " in finding.place for finding in findings), findings)
        self.assertEqual(self.trace("harmless", ["written"]), ([], 1))
        findings, writes = self.trace("streams", ["written"])
        self.assertEqual(findings, [])
        self.assertGreaterEqual(writes, 3)

    def test_sees_files_elsewhere(self):
        findings, _ = self.trace("harmless", ["elsewhere"])
        self.assertTrue(findings)
        self.assertTrue(all("outside" in finding.what for finding in findings), findings)
        findings, _ = self.trace("renamed", ["written"])
        self.assertEqual(["outside" in finding.what for finding in findings], [True])

    def test_descriptors_that_another_thread_has_closed(self):
        def line(data, result):
            return 'write(9, "' + "".join(f"\\x{byte:02x}" for byte in data) + f'", {len(data)}) = {result}\n'
        waking, more = bytes([1, 0, 0, 0, 0, 0, 0, 0]), b"more than a wake-up"
        canary = self.canary.encode()
        for number, (data, result, found) in enumerate(((waking, "8", False), (more, "19", True),
                                                        (more, "-1 EBADF (Bad)", False), (canary, "-1 EBADF", True))):
            prefix = self.path / f"closed-{number}"
            pathlib.Path(f"{prefix}.1").write_text(line(data, result))
            findings, writes = self.scanner.scan_trace(prefix, [self.path])
            self.assertEqual((bool(findings), writes), (found, 1), (data, result, findings))


if __name__ == "__main__":
    unittest.main(verbosity=2)
