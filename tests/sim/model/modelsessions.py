# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections to the model server and to a Dovecot, for those who compare them."""

import socket
import ssl
import subprocess

PATIENCE = 60  # seconds for one answer of a Dovecot


class ModelWire:
    """Sessions of the model, in one process (sim_model)."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.received = {}

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def send(self, number, data):
        self.process.stdin.write(b"%d %d\n" % (number, len(data)) + data)
        self.process.stdin.flush()
        while (line := self.process.stdout.readline()) != b"done\n":
            if not line:
                raise RuntimeError("the model has ended")
            to, size = map(int, line.split())
            self.received[to] = self.received.get(to, b"") + self.process.stdout.read(size)


class ModelSession:
    def __init__(self, wire, number):
        self.wire, self.number = wire, number
        self.send(b"")

    def send(self, data):
        self.wire.send(self.number, data)

    def receive(self):
        """All that it will ever say has been said when send() returns."""
        if self.number not in self.wire.received:
            raise AssertionError("the model says nothing")
        return self.wire.received.pop(self.number)


class DovecotSession:
    def __init__(self, server):
        context = ssl.create_default_context(cafile=server.ca_file)
        raw = socket.create_connection(("127.0.0.1", server.imaps_port), timeout=PATIENCE)
        self.socket = context.wrap_socket(raw, server_hostname="127.0.0.1")

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise AssertionError("Dovecot has hung up")
        return data
