# SPDX-License-Identifier: GPL-3.0-or-later
"""A relay between a client and a server of the tests: it can be switched over, cut and shut, and it can end TLS
on both sides to see what travels, with the moment at which it came."""

import asyncio
import socket
import ssl
import threading
import time


class Relay:
    """Listens on an ephemeral port of 127.0.0.1 and passes everything on to 127.0.0.1:target.

    With `certificate` (certificate file, key file) it ends TLS towards the client; with `ca_file` it speaks TLS to the
    server. on_server_data(bytes, time.monotonic_ns()) is called, in the relay's thread, with what the server says.
    Everything takes `delay` seconds on its way, in each direction: a round trip takes twice as long.
    """

    def __init__(self, target, certificate=None, ca_file=None, on_server_data=None, delay=0.0):
        self.target = target
        self.delay = delay
        self.on_server_data = on_server_data
        self.server_context = self.client_context = None
        if certificate:
            self.server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.server_context.load_cert_chain(*certificate)
        if ca_file:
            self.client_context = ssl.create_default_context(cafile=ca_file)
        self.connections = set()
        self.clients = {}  # towards the server: towards the client
        self.accepted = 0
        self.server = None
        self.port = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.open()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _run(self, task):
        return asyncio.run_coroutine_threadsafe(task, self.loop).result(30)

    def open(self):
        """Accepts connections, on the same port as before."""
        self._run(self._open())

    def shut(self):
        """Cuts all connections; new ones are refused until open()."""
        self._run(self._shut())

    def cut(self):
        """Cuts all connections without a word; new ones are welcome."""
        self._run(self._cut())

    def switch(self, target):
        """Another server from now on; connections to the old one are cut."""
        self.target = target
        self.cut()

    def close(self):
        if self.loop.is_closed():
            return
        self.shut()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def _open(self):
        # asyncio turns Nagle's algorithm off only for sockets that say they are TCP.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(100)
        self.port = listener.getsockname()[1]
        self.server = await asyncio.start_server(self._serve, sock=listener, ssl=self.server_context)

    async def _shut(self):
        if self.server:
            self.server.close()
            await self._cut()
            await self.server.wait_closed()
            self.server = None

    async def _cut(self):
        for writer in list(self.connections):
            writer.transport.abort()

    async def _serve(self, reader, writer):
        self.accepted += 1
        self.connections.add(writer)
        remote = None
        try:
            far, remote = await asyncio.open_connection("127.0.0.1", self.target, ssl=self.client_context,
                                                        server_hostname="localhost" if self.client_context else None)
            self.connections.add(remote)
            self.clients[remote] = writer
            await asyncio.gather(self._pump(reader, remote, None), self._pump(far, writer, self.on_server_data))
        except OSError:
            pass  # One side is gone, and the other one goes with it.
        finally:
            self.clients.pop(remote, None)
            for end in (writer, remote):
                if end:
                    self.connections.discard(end)
                    end.transport.abort()

    async def _pump(self, reader, writer, told):
        queue = asyncio.Queue(256)
        sender = asyncio.ensure_future(self._send(queue, writer))
        try:
            while data := await reader.read(1 << 16):
                if told:
                    told(data, time.monotonic_ns())
                await queue.put((self.loop.time() + self.delay, data))
            await queue.put((self.loop.time() + self.delay, b""))
            await sender
        finally:
            sender.cancel()
        raise ConnectionResetError

    async def _send(self, queue, writer):
        while True:
            due, data = await queue.get()
            if due > self.loop.time():
                await asyncio.sleep(due - self.loop.time())
            if not data:
                return
            writer.write(data)
            await writer.drain()
