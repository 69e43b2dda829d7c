# SPDX-License-Identifier: GPL-3.0-or-later
"""A relay that has accidents: at certain bytes of what passes it cuts a connection, stalls it, or tells whoever asked."""

import asyncio
import dataclasses

from relay import Relay

CUT, STALL, CALL = "cut", "stall", "call"


@dataclasses.dataclass
class Fault:
    after: int  # Bytes in both directions, from plan() on or from the fault before.
    kind: str
    seconds: float = 0  # How long a stall lasts; 0: until calm().


class FaultyRelay(Relay):
    """Faults come one after the other, whatever connection the bytes belong to. on_call(), for CALL, is called in the
    relay's thread, between two bytes."""

    def __init__(self, target):
        self.faults = []
        self.passed = 0
        self.met = []
        self.on_call = None
        self.released = None
        super().__init__(target)

    def plan(self, faults, on_call=None):
        """From now on these will happen."""
        async def change():
            self.faults, self.passed, self.met, self.on_call = list(faults), 0, [], on_call
            self.released = asyncio.Event()
        self._run(change())

    def calm(self):
        """Nothing happens any more, and what is stalled is cut. Returns the faults that were met."""
        async def change():
            self.faults, met = [], self.met
            if self.released:
                self.released.set()
            return met
        met = self._run(change())
        self.cut()
        return met

    async def _pump(self, reader, writer, told):
        while data := await reader.read(1 << 16):
            while data:
                fault = self.faults[0] if self.faults else None
                here = data if fault is None else data[:max(0, fault.after - self.passed)]
                if here:
                    writer.write(here)
                    await writer.drain()
                    self.passed += len(here)
                    data = data[len(here):]
                # Another connection may have come upon it while this one was writing.
                if fault is not None and self.faults and self.faults[0] is fault and self.passed >= fault.after:
                    self.faults.pop(0)
                    self.passed = 0
                    self.met.append(fault.kind)
                    await self._happen(fault)
        raise ConnectionResetError

    async def _happen(self, fault):
        if fault.kind == CUT:
            raise ConnectionResetError
        if fault.kind == CALL:
            self.on_call()
        elif fault.kind == STALL:
            try:
                await asyncio.wait_for(self.released.wait(), fault.seconds or None)
            except asyncio.TimeoutError:
                pass  # It goes on as if nothing had been.
