# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of a test's own: nothing in it but loopback, a web server that counts who calls, and a name server that
notes what is asked. Whatever leaves a program in it is seen here or goes nowhere."""

import ctypes
import os
import socket
import socketserver
import struct
import subprocess
import sys
import tempfile
import threading

MARK = "KITTIWAKE_OWN_NETWORK"


def enter():
    """Goes on in a network and a view of the file system of its own (unshare(1)), where /etc/resolv.conf names the name
    server of the test. Replaces this process, once."""
    if os.environ.get(MARK):
        resolver = tempfile.NamedTemporaryFile("w", prefix="kittiwake-resolv-", delete=False)
        with resolver:
            resolver.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        subprocess.run(["mount", "--bind", resolver.name, os.path.realpath("/etc/resolv.conf")], check=True)
        os.unlink(resolver.name)
        raise_loopback()
        return
    command = ["unshare", "--mount", "--net"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    os.execvpe(command[0], [*command, sys.executable, "-B", *sys.argv], {**os.environ, MARK: "1"})


def raise_loopback():
    """What `ip link set lo up` does (netdevice(7)), which is not installed everywhere."""
    siocgifflags, siocsifflags, iff_up = 0x8913, 0x8914, 1
    libc = ctypes.CDLL(None, use_errno=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = ctypes.create_string_buffer(struct.pack("16sh14x", b"lo", 0), 40)
        if libc.ioctl(any_socket.fileno(), siocgifflags, request) != 0:
            raise OSError(ctypes.get_errno(), "loopback")
        flags = struct.unpack_from("h", request, 16)[0]
        struct.pack_into("h", request, 16, flags | iff_up)
        if libc.ioctl(any_socket.fileno(), siocsifflags, request) != 0:
            raise OSError(ctypes.get_errno(), "loopback")


class Canary(socketserver.ThreadingTCPServer):
    """Says 404 to everybody, and remembers what they wanted: `calls` are first lines, "" where nothing was said."""
    daemon_threads = True
    allow_reuse_address = True

    class Handler(socketserver.StreamRequestHandler):
        timeout = 5

        def handle(self):
            try:
                lines = [self.rfile.readline(65536).decode("latin-1").strip()]
                while lines[-1]:
                    lines.append(self.rfile.readline(65536).decode("latin-1").strip())
            except OSError:
                lines = [""]
            host = next((line[5:].strip() for line in lines if line.lower().startswith("host:")), "")
            self.server.calls.append((lines[0], host))
            try:
                self.wfile.write(b"HTTP/1.1 404 Not here\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            except OSError:
                pass

    def __init__(self):
        self.calls = []
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class NameServer(socketserver.ThreadingUDPServer):
    """Every name is this computer; `asked` are the names, in order."""
    daemon_threads = True

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            data, connection = self.request
            labels, at = [], 12
            while at < len(data) and data[at]:
                labels.append(data[at + 1:at + 1 + data[at]].decode("latin-1"))
                at += 1 + data[at]
            question = data[12:at + 5]
            kind = struct.unpack_from(">H", data, at + 1)[0]
            self.server.asked.append(".".join(labels).lower())
            answer = b""
            if kind == 1:
                answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 1, 4) + bytes((127, 0, 0, 1))
            header = data[:2] + struct.pack(">HHHHH", 0x8180, 1, 1 if answer else 0, 0, 0)
            connection.sendto(header + question + answer, self.client_address)

    def __init__(self):
        self.asked = []
        super().__init__(("127.0.0.1", 53), self.Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()
