"""Captures what passes between a sensor and us, line by line, and makes nothing of it: for who brings a new device.

Of a known family the conversation is as in a session: it is opened, started, and found again after a loss. A device of
no family is connected to, everything that it can notify is listened to, nothing is written, and each of its
advertisements is kept. The lines are those that `acquisition.capture` reads. Knows no file and no window.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from firmware_protocols.codec import (
    Arrival,
    Capabilities,
    Codec,
    Command,
    Malformed,
    Puppet,
    Ready,
    Said,
    Samples,
    Start,
    Told,
    UnsupportedCommand,
)
from forcelab.acquisition.broadcast import packets_of
from forcelab.acquisition.connection import Connection
from forcelab.acquisition.link import EVERYTHING, Found, Radio, RadioError
from forcelab.acquisition.stream import Stream
from forcelab.engine.recognition import NAMELESS, Recognition, WantedSensor
from forcelab.model import LinkState, Packet

AGAIN: Final = 2.0
"""s after which a radio that failed is listened to again."""


class _Listening:
    """Our half of a conversation with a device of which nothing is known."""

    waiting = False

    def open(self) -> list[Said]:
        """It counts as ready at once."""
        return [Ready((), Arrival(1.0))]

    def receive(self, _characteristic: str, _data: bytes) -> list[Said]:
        """Nobody knows what it says."""
        return []

    def wrote(self, _characteristic: str, _data: bytes) -> list[Said]:
        """Nothing is ever written."""
        return []

    def send(self, command: Command) -> list[Said]:
        """Nobody knows how."""
        raise UnsupportedCommand(f"a device of no known family cannot be told to {command}")

    def overdue(self) -> list[Said]:
        """Nothing was asked."""
        return []


def _nobody() -> Puppet:
    raise NotImplementedError("nobody plays a device of no known family")


UNKNOWN: Final = Codec(
    id="unknown",
    version=1,
    family="no known family",
    status="not verified: nothing is known of it",
    evidence="D",
    capabilities=Capabilities(1.0, False, False, None, None, "both", False, rate_settled=False, scale_settled=False),
    listens=(),
    recognises=lambda _advertisement: False,
    dialogue_with=lambda _settings: _Listening(),
    puppet=_nobody,
    also_listens=(EVERYTHING,),
)


class RawCapture:
    """One capture. Fills in `acquisition.connection.Listener`.

    Args:
        wanted: the sensor; one of no known family is named.
        radio: where it is.
        write: takes each line, without its end, as soon as it is there; what it raises ends the capture.
        tell: takes sentences for people.
        now: the host's clock, ns.

    Attributes:
        packets: how many the sensor has sent; `senseless` how many of them made no sense in its family.
        samples: how many its family found in them.
    """

    def __init__(
        self,
        wanted: WantedSensor,
        radio: Radio,
        *,
        write: Callable[[str], None],
        tell: Callable[[str], None],
        now: Callable[[], int],
    ) -> None:
        self._wanted, self._radio, self._now = wanted, radio, now
        self._write, self._tell = write, tell
        self._recognition = Recognition(wanted, now)
        self._connection = Connection(
            radio, self._choose, self, now=now, stranger=self._recognition.stranger, counts=True
        )
        self._codec: Codec | None = None
        self._first_heard: int | None = None
        self._called = ""
        self.packets = self.senseless = self.samples = 0

    async def run(self, seconds: float | None) -> None:
        """Capture for so long, or until it is cancelled; then the sensor is stopped and left.

        Raises:
            Exception: what `write` raises, or a fault of ours; or an ExceptionGroup around it.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
                hearing = tasks.create_task(self._hear())
                await self._connection.run()
                hearing.cancel()  # it comes back only where Bluetooth is refused, and that was told

    # --- what the connection tells ---

    def connected(self, found: Found, _stream: Stream) -> None:
        """A connection begins: what its lines are of."""
        family = self._codec.family if self._codec else UNKNOWN.family
        self._note(f"connected: {found.address}, {found.advertisement.name or 'no name'}, {family}")

    def packet(self, packet: Packet) -> None:
        """It sent this."""
        self.packets += 1
        self._write(_line(packet, ""))

    def sent(self, packet: Packet) -> None:
        """We write this."""
        self._write(_line(packet, "> "))

    def told(self, told: Told) -> None:
        """What its family makes of it: counted, and not kept."""
        match told:
            case Ready() if self._codec is not UNKNOWN:
                self._connection.post(Start())
            case Malformed():
                self.senseless += 1
            case Samples(values):
                self.samples += len(next(iter(values.values()), ()))
            case _:
                pass

    def state(self, state: LinkState, sentence: str) -> None:
        """The connection has moved on."""
        told = self._recognition.problem if state in ("absent", "lost") and self._codec is None else ""
        if told or sentence:
            self._tell(told or sentence)

    def disconnected(self, why: str) -> None:
        """The connection has ended."""
        self._note(f"disconnected: {why}")

    # --- what is heard ---

    def _choose(self, found: Found) -> Codec | None:
        recognised = self._recognition.look(found)
        if recognised is not None:
            self._codec = recognised.codec
            return recognised.as_set
        if not self._wanted.named(found):
            return None
        self._first_heard = self._now() if self._first_heard is None else self._first_heard
        if self._now() - self._first_heard < NAMELESS * 1e9:
            return None
        self._codec = UNKNOWN
        return UNKNOWN

    async def _hear(self) -> None:
        """Keep each advertisement of a device of no known family, also while it is connected to."""
        while self._wanted.called and not self._wanted.any_of and self._codec in (None, UNKNOWN):
            with suppress(RadioError):  # which the search for the sensor meets as well, and tells
                async for found in self._radio.find():
                    if self._codec not in (None, UNKNOWN):
                        return
                    if self._wanted.named(found):
                        self._keep(found)
            await asyncio.sleep(AGAIN)

    def _keep(self, found: Found) -> None:
        called = found.advertisement
        services = ", ".join(sorted(called.services)) or "none"
        about = f"heard: {found.address}, {called.name or 'no name'}, services: {services}"
        if about != self._called:
            self._called = about
            self._note(about)
        for packet in packets_of(self._now(), called.manufacturer):
            self.packets += 1
            self._write(_line(packet, ""))

    def _note(self, text: str) -> None:
        self._write("# " + "".join(char if char.isprintable() else "�" for char in text))


def _line(packet: Packet, sign: str) -> str:
    return f"{packet.host_ns} {sign}{packet.characteristic} {packet.data.hex()}".rstrip()
