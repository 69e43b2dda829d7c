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

    async def _pump(self, reader, writer, told):
        while line := await reader.readline():
            if self.cut_at is not None:
                if self.lines or self.wanted in line:
                    if self.lines >= self.cut_at:
                        self.cut_at = None
                        await self._cut()
                        raise ConnectionResetError
                    self.lines += 1
            writer.write(line)
            await writer.drain()
        raise ConnectionResetError
