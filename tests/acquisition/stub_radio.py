"""A radio without any device behind it, for what a simulated one does too well."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from firmware_protocols.codec import Advertisement
from forcelab.acquisition.link import Found, Link, RadioError
from forcelab.acquisition.virtual_time import now_ns
from forcelab.model import Packet
from tests.acquisition.toy import ADDRESS, DATA, HELLO, NAME

GONE = "Gone."


class StubLink:
    """Answers the greeting of a toy, closes as slowly as it is told, and does nothing else."""

    def __init__(self, closing: float, on_packet: Callable[[Packet], None]) -> None:
        self.closing = closing
        self.closed = False
        self.written: list[tuple[str, bytes, bool]] = []
        self.on_packet = on_packet

    async def write(self, characteristic: str, data: bytes, *, response: bool) -> None:
        self.written.append((characteristic, data, response))
        if data == HELLO:
            self.on_packet(Packet(now_ns(), DATA, b"!"))

    async def read(self, characteristic: str) -> None:
        """It has nothing to read."""

    async def close(self) -> None:
        await asyncio.sleep(self.closing)
        self.closed = True


class StubRadio:
    """Heard every `after` s, or never; fails, refuses and loses connections as it is told.

    `refusals` are raised by the next attempts to connect, `losses` are the s after which the next links are lost (0
    while they are being opened), and `early` arrives before an opened link is handed over.
    """

    def __init__(self, *, after: float | None = 0.1, scan: RadioError | None = None, closing: float = 0.0) -> None:
        self.after, self.scan, self.closing = after, scan, closing
        self.refusals: list[RadioError] = []
        self.losses: list[float] = []
        self.early: list[Packet] = []
        self.found = Found(ADDRESS, Advertisement(NAME))
        self.others: list[Found] = []
        self.scans: list[float] = []
        self.attempts: list[Found] = []
        self.links: list[StubLink] = []
        self.scanning = 0

    async def find(self) -> AsyncIterator[Found]:
        self.scans.append(now_ns() * 1e-9)
        self.scanning += 1
        try:
            if self.scan is not None:
                raise self.scan
            while True:
                await asyncio.sleep(self.after or 0.1)
                if self.after is not None:
                    yield self.found
                    for other in self.others:
                        yield other
        finally:
            self.scanning -= 1

    async def open(
        self,
        found: Found,
        listens: Sequence[str],
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
        also_listens: Sequence[str] = (),
    ) -> Link:
        assert (listens, also_listens) == ((DATA,), ())
        assert self.scanning == 0
        self.attempts.append(found)
        await asyncio.sleep(0.1)
        if self.refusals:
            raise self.refusals.pop(0)
        for packet in self.early:
            on_packet(packet)
        if self.losses:
            after = self.losses.pop(0)
            if after == 0.0:
                on_lost(GONE)
            else:
                asyncio.get_running_loop().call_later(after, on_lost, GONE)
        self.links.append(StubLink(self.closing, on_packet))
        return self.links[-1]
