"""The program's own half for a case: a `Connection` over real Bluetooth, and a diary of all that it tells."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from firmware_protocols.codec import Codec, Command, Info, Told
from firmware_protocols.progressor import PROGRESSOR
from forcelab.acquisition.ble import BleRadio
from forcelab.acquisition.connection import Connection
from forcelab.acquisition.link import Found
from forcelab.acquisition.stream import Stream
from forcelab.model import Array, LinkState, Packet, Trace
from tests.system.orders import SENSOR, order

NAME: Final = "Progressor_4711"
STANDARD_GRAVITY: Final = 9.80665
"""m/s²; from a kilogram on the wire to newtons."""


@dataclass
class Diary:
    """A listener that writes everything down, and lets a case wait for what it is about.

    Attributes:
        packets: of the present connection.
        states: (s of the loop's clock, state, sentence).
    """

    stream: Stream | None = None
    packets: list[Packet] = field(default_factory=list)
    states: list[tuple[float, LinkState, str]] = field(default_factory=list)
    info: dict[str, object] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def connected(self, _found: Found, stream: Stream) -> None:
        self.stream = stream
        self.packets.clear()

    def packet(self, packet: Packet) -> None:
        self.packets.append(packet)

    def sent(self, packet: Packet) -> None:
        pass

    def told(self, told: Told) -> None:
        if isinstance(told, Info):
            self.info[told.name] = told.value
        self._news.set()

    def state(self, state: LinkState, sentence: str) -> None:
        self.states.append((asyncio.get_running_loop().time(), state, sentence))
        self._news.set()

    def disconnected(self, why: str) -> None:
        self.reasons.append(why)

    async def until(self, condition: Callable[[], bool], limit: float = 30.0) -> None:
        """Wait until the diary fulfils a condition; TimeoutError after `limit` s."""
        async with asyncio.timeout(limit):
            while not condition():
                self._news.clear()
                await self._news.wait()


class Sensor:
    """The connection that a case talks through, and its diary.

    Args:
        radio: of this computer; several sensors share it.
        codec: of the only family that is wanted.
        address: of the only sensor that is wanted, if not any of the family.
    """

    def __init__(self, radio: BleRadio, codec: Codec = PROGRESSOR, address: str | None = None) -> None:
        def wanted(found: Found) -> Codec | None:
            meant = address in (None, found.address) and codec.recognises(found.advertisement)
            return codec if meant else None

        self.diary = Diary()
        self.connection = Connection(radio, wanted, self.diary)
        self._rate = codec.capabilities.rate

    def post(self, command: Command) -> None:
        """Send a command when the sensor is ready."""
        self.connection.post(command)

    def trace(self) -> Trace:
        """The present run."""
        assert self.diary.stream is not None
        return self.diary.stream.trace(rate=self._rate, capacity=None, zero=None)

    async def reaches(self, state: LinkState, limit: float = 30.0) -> str:
        """Wait for a state; its sentence."""
        await self.diary.until(lambda: [s for _, s, _ in self.diary.states[-1:]] == [state], limit)
        return self.diary.states[-1][2]

    async def says(self, words: str, limit: float = 30.0) -> None:
        """Wait until a sentence with these words has been said."""
        await self.diary.until(lambda: any(words in sentence for _, _, sentence in self.diary.states), limit)

    async def measures(self, seconds: float) -> Trace:
        """Wait until a run of ours has so many seconds of samples; its trace. The rest of another's does not count."""

        def has_them() -> bool:
            stream = self.diary.stream
            if stream is None or not stream.running:
                return False
            lasted = stream.seconds_since(0)  # a trace for each packet would cost more than the packet
            return lasted is not None and lasted + 1.0 / self._rate + 1e-9 >= seconds

        await self.diary.until(has_them, seconds + 30.0)
        return self.trace()


@asynccontextmanager
async def sensor(
    radio: BleRadio | None = None,
    comes: Callable[[], Awaitable[None]] | None = None,
    codec: Codec = PROGRESSOR,
    address: str | None = None,
) -> AsyncIterator[Sensor]:
    """Keep the sensor in range connected for the length of a block; ready when the block begins.

    With `comes` there is none at first: a minute after the search began, that is called to bring one.
    """
    kept = Sensor(radio or BleRadio(), codec, address)
    running = asyncio.create_task(kept.connection.run())
    try:
        if comes is not None:
            await asyncio.sleep(60.0)
            await comes()
        await kept.reaches("ready")
        yield kept
    finally:
        running.cancel()
        await asyncio.wait([running], timeout=20)


async def find(radio: BleRadio) -> Found:
    """The sensor, when it has been heard with its name."""
    heard = radio.find()
    async with asyncio.timeout(20):
        found = await anext(heard)
        while found.advertisement.name != NAME:
            found = await anext(heard)
    assert isinstance(heard, AsyncGenerator)
    await heard.aclose()
    return found


async def is_what_was_felt(trace: Trace, first_tick: int | None = 0, address: str = SENSOR) -> None:
    """Hold a trace against what the sensor felt: no sample lost, none changed, to the float32 that the wire carries.

    Ticks are whole microseconds, 80 times a second; `first_tick` None lets them begin anywhere.
    """
    answer = await order("felt", address=address)
    felt: Array = np.array([force for _, force in answer["felt"]])
    # The puppet weighs in kg, takes off its own tare, and sends a float32.
    expected = (felt / STANDARD_GRAVITY - answer["zero"]).astype(np.float32).astype(np.float64) * STANDARD_GRAVITY
    (starts,) = np.nonzero(expected == trace.force[0])
    n = trace.t.size
    assert any(np.array_equal(expected[start : start + n], trace.force) for start in starts)
    assert trace.lost == 0
    assert trace.discarded == 0
    first = round(trace.t[0] * 1e6) if first_tick is None else first_tick
    assert np.array_equal(trace.t, (first + np.arange(n) * 12_500) / 1e6)


async def heard_of_felt(trace: Trace, codec: Codec, address: str = SENSOR) -> float:
    """The share of what was felt that was heard, from the first to the last sample.

    Raises IndexError where something was heard that was not felt, or not in this order. For curves on which each
    sample is further from the next than a step of the wire.
    """
    answer = await order("felt", address=address)
    felt: Array = np.array([force for _, force in answer["felt"]])
    step = (codec.capabilities.resolution or 0.0) / 2 + 1e-9
    near = step + np.abs(felt) * 2.0**-23  # of a float32, where the wire carries one
    first = at = int(np.flatnonzero(np.abs(felt - trace.force[0]) <= near)[0])
    for force in trace.force[1:]:
        at += 1
        while abs(felt[at] - force) > near[at]:
            at += 1
    return float(trace.force.size / (at - first + 1))
