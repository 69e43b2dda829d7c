# SPDX-License-Identifier: GPL-3.0-or-later
"""A relay that reads along and cuts the connections at a certain line of the conversation."""

from relay import Relay


class LineRelay(Relay):
    """Ends TLS on both sides (see Relay), so that it sees lines. The server must not compress."""

    def __init__(self, server):
        tls = server.directory / "tls"
        self.cut_at = None
        self.lines = 0
        self.wanted = None
        self.refused = None
        super().__init__(server.imaps_port, (tls / "good.pem", tls / "good.key"), server.ca_file)

    def plan(self, lines, wanted=b""):
        """From now on: instead of the line with this number, the first being 0, all connections are cut. Lines count from
        the first one on that contains wanted."""
        async def change():
            self.cut_at, self.lines, self.wanted = lines, 0, wanted
        self._run(change())

    def calm(self):
        """Nothing happens any more; whether it has."""
        async def change():
            met, self.cut_at = self.cut_at is None, None
            return met
        return self._run(change())

    def refuse(self, wanted, answer=b"NO [INUSE] Somebody else works with it."):
        """From now on: commands that contain wanted do not reach the server and are answered like this; b"" ends that."""
        async def change():
            self.refused = (wanted, answer) if wanted else None
        self._run(change())

    async def _pump(self, reader, writer, told):
        while line := await reader.readline():
            if self.cut_at is not None:
                if self.lines or self.wanted in line:
                    if self.lines >= self.cut_at:
                        self.cut_at = None
                        await self._cut()
                        raise ConnectionResetError
                    self.lines += 1
            client = self.clients.get(writer)
            if client and self.refused and self.refused[0] in line:
                client.write(line.split(b" ", 1)[0] + b" " + self.refused[1] + b"\r\n")
                await client.drain()
                continue
            writer.write(line)
            await writer.drain()
        raise ConnectionResetError
