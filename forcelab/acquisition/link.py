"""The two small shapes behind which every radio hides: `Radio` finds and opens, `Link` writes and closes.

Real Bluetooth (`ble`), puppets (`simulated`) and recorded sessions (`replay`) fill them in, and nothing above this
room can tell which one it has. Knows no device and no force.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from firmware_protocols.codec import Advertisement
from forcelab.model import Packet

EVERYTHING: Final = "*"
"""Among `also_listens`: each characteristic of the device that notifies or indicates."""


@dataclass(frozen=True, slots=True)
class Found:
    """A device that was heard: how to open it, what it called, how strongly (dBm, None where unknown).

    `address` is a MAC address, on macOS a UUID that only this computer knows.
    """

    address: str
    advertisement: Advertisement
    signal: float | None = None


class RadioError(Exception):
    """The world did something to the radio. `str(error)` is one or two sentences: what happened, what to do.

    `retry` tells the reconnection whether trying again can help: not when Bluetooth was refused by the system.
    `stranger` tells that this one device is not what it calls itself, and that another one should be looked for.
    """

    def __init__(self, sentence: str, *, retry: bool = True, stranger: bool = False) -> None:
        super().__init__(sentence)
        self.retry = retry
        self.stranger = stranger


class Link(Protocol):
    """One open connection."""

    async def write(self, characteristic: str, data: bytes, *, response: bool) -> None:
        """Write; raises RadioError."""

    async def read(self, characteristic: str) -> None:
        """Read; the value comes as a packet. Nothing comes where there is no such characteristic. Raises RadioError."""

    async def close(self) -> None:
        """Close, quietly also when it is already gone. Afterwards neither callback is called."""


class Radio(Protocol):
    """A way to reach devices. All of it runs on one event loop."""

    def find(self) -> AsyncIterator[Found]:
        """Devices as they are heard, the same one again and again, until the iterator is closed; raises RadioError."""

    async def open(
        self,
        found: Found,
        listens: Sequence[str],
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
        also_listens: Sequence[str] = (),
    ) -> Link:
        """Connect and listen to the characteristics named. Raises RadioError.

        Where `listens` is `(ADVERTISEMENT,)` alone, nothing is connected: the sensor's broadcasts are the packets.
        `also_listens` are listened to where the device has them and lets us.
        `on_packet` gets each notification, stamped with host time in the first line of the radio's callback.
        `on_lost` is called at most once, with a sentence, when the connection ends without `close`.
        """
