"""Listening to a sensor that only broadcasts, as a `Link`: nothing is connected, written or read.

Each entry of a maker in each advertisement is one packet: the company's number, little-endian, and its payload. That
such a sensor is gone shows in nothing but its silence, which the conversation watches. Knows no radio and no device.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from firmware_protocols.codec import ADVERTISEMENT
from forcelab.acquisition.link import RadioError
from forcelab.model import Packet

logger = logging.getLogger(__name__)

ONE_WAY: Final = "This sensor only broadcasts: nothing can be sent to it."


def only_broadcasts(listens: Sequence[str]) -> bool:
    """Whether a device with these characteristics is listened to and never connected to."""
    return tuple(listens) == (ADVERTISEMENT,)


def packets_of(host_ns: int, manufacturer: Mapping[int, bytes]) -> list[Packet]:
    """One advertisement as packets.

    >>> packets_of(7, {0x0100: bytes([2, 3])})[0].data.hex(" ")
    '00 01 02 03'
    """
    return [
        Packet(host_ns, ADVERTISEMENT, company.to_bytes(2, "little") + payload)
        for company, payload in manufacturer.items()
    ]


class BroadcastLink:
    """One listener to one broadcasting sensor.

    Args:
        on_packet: gets each packet.
        on_lost: is told why there will be no more of them, unless it is closed.
        leave: takes it off the list of those who listen.

    Attributes:
        heard: done with the first packet; fails when it is lost before that.
    """

    def __init__(
        self,
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
        leave: Callable[["BroadcastLink"], Awaitable[None]],
    ) -> None:
        self._on_packet, self._on_lost, self._leave = on_packet, on_lost, leave
        self._over = False
        self.failures = 0
        self.heard: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def hear(self, packet: Packet) -> None:
        """The sensor broadcast this."""
        if self._over:
            return
        if not self.heard.done():
            self.heard.set_result(None)
        try:
            self._on_packet(packet)
        except Exception:  # it would end in the system's callback, where it helps nobody: count it, say it once
            self.failures += 1
            level = logging.ERROR if self.failures == 1 else logging.DEBUG
            logger.log(level, "handling a broadcast failed (%d times so far)", self.failures, exc_info=True)

    def lose(self, why: str) -> None:
        """Nothing can be heard any more."""
        if self._over:
            return
        self._over = True
        if self.heard.done():
            self._on_lost(why)
        else:
            self.heard.set_exception(RadioError(why))

    async def write(self, characteristic: str, data: bytes, *, response: bool) -> None:  # noqa: ARG002 - as in `Link`
        """There is nobody to write to."""
        raise RadioError(ONE_WAY)

    async def read(self, characteristic: str) -> None:
        """There is nothing to read."""

    async def close(self) -> None:
        """See `Link.close`."""
        self._over = True
        self.heard.cancel()
        await self._leave(self)
