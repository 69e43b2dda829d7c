#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that a mail client must neither be fooled nor stopped by, on an ephemeral port of 127.0.0.1.

Prints {"port", "ca_file", "pid"} when ready and runs until its standard input ends or SIGTERM comes.
The line {"cmd": "received"} on standard input is answered by {"ok", "bytes", "connections"}: everything
that clients have sent so far, in base64, decrypted where there was TLS.
"""

import argparse
import base64
import json
import os
import pathlib
import shutil
import signal
import socketserver
import ssl
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import certificates  # noqa: E402

CERTIFICATE_KINDS = ("wronghost", "expired", "selfsigned", "untrusted")
TLS_KINDS = ("hang-after-tls", "hang-after-greeting", "close-after-tls", *CERTIFICATE_KINDS)
KINDS = ("http", "smtp", "hang", "close", "starttls-injection", "no-starttls", *TLS_KINDS)

GREETING = b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n"
PLAIN_GREETING = b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN] ready\r\n"
STARTTLS_GREETING = b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n"
PAGE = b"<html><body><h1>400 Bad Request</h1></body></html>\n"
HTTP_ANSWER = (b"HTTP/1.1 400 Bad Request\r\nServer: test\r\nContent-Type: text/html\r\nContent-Length: %d\r\n"
               b"Connection: close\r\n\r\n%s" % (len(PAGE), PAGE))


class Connection(socketserver.BaseRequestHandler):
    def handle(self):
        server = self.server
        with server.lock:
            server.connections += 1
        try:
            self.talk(server.kind)
        except OSError:
            pass  # The client went away, or refused the certificate.

    def start_tls(self):
        self.request = self.server.context.wrap_socket(self.request, server_side=True)

    def receive(self):
        data = self.request.recv(65536)
        with self.server.lock:
            self.server.received += data
        return data

    def receive_until_end(self):
        while self.receive():
            pass

    def lines(self):
        buffer = b""
        while data := self.receive():
            buffer += data
            *complete, buffer = buffer.split(b"\n")
            yield from (line.rstrip(b"\r") for line in complete)

    def talk(self, kind):
        if kind in TLS_KINDS:
            self.start_tls()
        if kind in ("hang", "hang-after-tls"):
            self.receive_until_end()
        elif kind == "hang-after-greeting":
            self.request.sendall(GREETING)
            self.receive_until_end()
        elif kind == "http":
            # An HTTP server waits for a request; whatever comes is a bad one. One that never gets
            # any would only hang, and that has a kind of its own: answer after half a second then.
            self.request.settimeout(0.5)
            try:
                self.receive()
            except TimeoutError:
                pass
            self.request.sendall(HTTP_ANSWER)
        elif kind == "smtp":
            self.request.sendall(b"220 mail.example.org ESMTP ready\r\n")
            for line in self.lines():
                verb = line.split(b" ")[0].upper()
                self.request.sendall(b"221 2.0.0 Bye\r\n" if verb == b"QUIT" else
                                     b"250 mail.example.org\r\n" if verb in (b"EHLO", b"HELO") else
                                     b"500 5.5.1 Command not recognised\r\n")
        elif kind in ("no-starttls", *CERTIFICATE_KINDS):
            self.request.sendall(PLAIN_GREETING if kind == "no-starttls" else GREETING)
            self.serve_imap(starttls=False)
        elif kind == "starttls-injection":
            self.request.sendall(STARTTLS_GREETING)
            self.serve_imap(starttls=True)

    def serve_imap(self, starttls):
        secure = False
        for line in self.lines():
            tag, _, command = line.partition(b" ")
            verb = command.split(b" ")[0].upper()
            if verb == b"STARTTLS" and starttls and not secure:
                # What follows the OK is sent before TLS and must be thrown away by the client.
                self.request.sendall(tag + b" OK begin TLS\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN X-INJECTED\r\n"
                                     b"* OK [ALERT] injected before TLS\r\n")
                self.start_tls()
                secure = True
            elif verb == b"CAPABILITY":
                offers = b"AUTH=PLAIN SASL-IR" if secure or not starttls else b"STARTTLS LOGINDISABLED"
                self.request.sendall(b"* CAPABILITY IMAP4rev1 " + offers + b"\r\n" + tag + b" OK done\r\n")
            elif verb == b"LOGOUT":
                self.request.sendall(b"* BYE bye\r\n" + tag + b" OK done\r\n")
                return
            elif verb in (b"NOOP", b"ID"):
                self.request.sendall(tag + b" OK done\r\n")
            elif verb in (b"LOGIN", b"AUTHENTICATE"):
                self.request.sendall(tag + b" NO [AUTHENTICATIONFAILED] no accounts here\r\n")
            else:
                self.request.sendall(tag + b" BAD unknown command\r\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 100

    def __init__(self, kind, context):
        self.kind = kind
        self.context = context
        self.lock = threading.Lock()
        self.received = b""
        self.connections = 0
        super().__init__(("127.0.0.1", 0), Connection)


def stop_now(*_):
    raise SystemExit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", required=True, choices=KINDS)
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop_now)
    folder = tempfile.mkdtemp(prefix="kittiwake-oddserver-")
    try:
        context, ca_file = None, None
        if options.kind in TLS_KINDS or options.kind == "starttls-injection":
            kind = options.kind if options.kind in CERTIFICATE_KINDS else "good"
            certificate, key, ca_file = certificates.make_server_certificate(folder, kind)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
        server = Server(options.kind, context)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"port": server.server_address[1], "ca_file": str(ca_file) if ca_file else "",
                          "pid": os.getpid()}), flush=True)
        for line in sys.stdin:
            try:
                if json.loads(line).get("cmd") != "received":
                    raise ValueError("unknown command")
                with server.lock:
                    answer = {"ok": True, "bytes": base64.b64encode(server.received).decode(),
                              "connections": server.connections}
            except ValueError as error:
                answer = {"ok": False, "error": str(error)}
            print(json.dumps(answer), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
