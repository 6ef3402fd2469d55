"""A recorded connection offered as a live device: the same packets, in the same order, with the same spacing.

What the host writes reaches nobody. But as an answer should not come before its question, nor a run before its start,
the recording waits where something had been written until the host writes the same again; a host that asks for less
than the recorded one did gets the rest after a while all the same. Takes plain values: knows no journal, no device.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Final, Literal, TypeAlias

from forcelab.acquisition.link import Found, Link, RadioError
from forcelab.acquisition.virtual_time import now_ns
from forcelab.model import Packet

Direction: TypeAlias = Literal["received", "sent"]

ADVERTISING: Final = 0.1  # s
PATIENCE: Final = 10.0  # s beyond its recorded time for which a write is waited for
BREATH: Final = 64  # packets after which others get their turn on the loop, when the recording comes at once
OVER: Final = "The recording is at its end."


class ReplayRadio:
    """A `Radio` with one device in range, which plays a recording once and then is gone.

    Packets are stamped with the recorded spacing at every speed, so that a device that keeps no time of its own gives
    the same samples as well. A whole session, whose other times come from the host's clock, is played faster with
    `virtual_time.run(speed=...)` and a recording at 1x; and a host that does not stop a run at about the recorded time
    finds the sensor silent, as there is nothing more to give.

    Args:
        packets: (direction, packet) in the order of the recording, host times not decreasing.
        found: as what the device is heard.
        speed: 1, 10 or any other above 0 times as fast as recorded; `math.inf` gives all of it at once.
        now: the host's clock in ns.

    Raises:
        ValueError: if `speed` is not above 0.
    """

    def __init__(
        self,
        packets: Iterable[tuple[Direction, Packet]],
        found: Found,
        *,
        speed: float = 1.0,
        now: Callable[[], int] = now_ns,
    ) -> None:
        if not speed > 0:
            raise ValueError(f"a recording cannot be played at a speed of {speed}")
        self._packets = tuple(packets)
        self._found = found
        self._speed = speed
        self._now = now
        self._begun = False

    async def find(self) -> AsyncIterator[Found]:
        """The device, ten times a second, until it is opened; raises RadioError from then on."""
        while True:
            await asyncio.sleep(ADVERTISING)
            self._must_be_new()
            yield self._found

    async def open(
        self,
        found: Found,  # noqa: ARG002 - there is only one
        listens: Sequence[str],  # noqa: ARG002 - what was not listened to then is not in the recording
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
        also_listens: Sequence[str] = (),  # noqa: ARG002 - likewise
    ) -> Link:
        """Begin to play."""
        self._must_be_new()
        self._begun = True
        return _ReplayLink(self._packets, on_packet, on_lost, speed=self._speed, now=self._now)

    def _must_be_new(self) -> None:
        if self._begun:
            raise RadioError(OVER, retry=False)


class _ReplayLink:
    """The recording while it plays."""

    def __init__(
        self,
        packets: Sequence[tuple[Direction, Packet]],
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
        *,
        speed: float,
        now: Callable[[], int],
    ) -> None:
        self._packets = packets
        self._on_packet = on_packet
        self._on_lost = on_lost
        self._speed = speed
        self._now = now
        self._written: list[tuple[str, bytes]] = []
        self._wrote = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        # Where the recording is tied to the present: its own ns, the ns to stamp with, and s on the loop.
        self._tied = (packets[0][1].host_ns if packets else 0, now(), self._loop.time())
        self._last_ns = now()
        self._playing = self._loop.create_task(self._play())

    async def write(self, characteristic: str, data: bytes, *, response: bool) -> None:  # noqa: ARG002 - nobody answers
        """Take note that the host has got as far as this."""
        if self._playing.done():
            raise RadioError(OVER, retry=False)
        self._written.append((characteristic, data))
        self._wrote.set()

    async def read(self, characteristic: str) -> None:
        """Nothing to do: what was read then is among the packets."""

    async def close(self) -> None:
        """Stop playing."""
        self._playing.cancel()
        # `wait` and not `await`: it neither raises what the task did nor takes our own cancellation for the task's.
        if self._playing is not asyncio.current_task():
            await asyncio.wait([self._playing])

    async def _play(self) -> None:
        for number, (direction, packet) in enumerate(self._packets, start=1):
            if direction == "sent":
                await self._wait_for_write(packet)
                continue
            await self._wait_until(self._due(packet))
            if number % BREATH == 0:
                await asyncio.sleep(0)
            self._on_packet(Packet(self._stamp(packet), packet.characteristic, packet.data))
        self._on_lost(OVER)

    def _due(self, packet: Packet) -> float:
        """When a packet has its turn, in s on the loop's clock."""
        recorded_ns, _, at = self._tied
        return at + (packet.host_ns - recorded_ns) * 1e-9 / self._speed

    def _stamp(self, packet: Packet) -> int:
        recorded_ns, stamp_ns, _ = self._tied
        self._last_ns = stamp_ns + packet.host_ns - recorded_ns
        return self._last_ns

    async def _wait_until(self, at: float) -> None:
        remaining = at - self._loop.time()
        if remaining > 0:
            await asyncio.sleep(remaining)

    async def _wait_for_write(self, packet: Packet) -> None:
        wanted = (packet.characteristic, packet.data)
        try:
            async with asyncio.timeout_at(self._due(packet) + PATIENCE):
                while wanted not in self._written:
                    self._wrote.clear()
                    await self._wrote.wait()
        except TimeoutError:
            return
        self._written.remove(wanted)
        # At more than 1x the stamps run ahead of the clock, and must not fall back to it.
        self._tied = (packet.host_ns, max(self._now(), self._last_ns), self._loop.time())
