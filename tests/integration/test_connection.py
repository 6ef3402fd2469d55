"""The reconnecting `Connection` over the real Bluetooth front end: it comes back after every loss, and goes quietly."""

import asyncio
from collections.abc import AsyncIterator, Callable

import numpy as np
import pytest

from firmware_protocols import identify
from firmware_protocols.codec import Start, Tare, Told
from forcelab.acquisition.ble import BleRadio
from forcelab.acquisition.connection import Connection
from forcelab.acquisition.link import Found
from forcelab.acquisition.stream import Stream
from forcelab.model import LinkState, Packet, Trace
from tests.integration.backend import Computer
from tests.integration.conftest import NAME, felt_as
from tests.integration.test_progressor_streams import FLOAT32
from tests.radio.air import Air
from tests.radio.peripheral import Peripheral


class Diary:
    """A listener that writes everything down, and lets a test wait for what it wants to read."""

    def __init__(self) -> None:
        self.states: list[tuple[LinkState, str]] = []
        self.ends: list[str] = []
        self.found: list[Found] = []
        self.stream: Stream | None = None
        self._changed = asyncio.Event()

    def connected(self, found: Found, stream: Stream) -> None:
        self.found.append(found)
        self.stream = stream

    def packet(self, _packet: Packet) -> None:
        self._changed.set()

    def sent(self, _packet: Packet) -> None:
        pass

    def told(self, _told: Told) -> None:
        pass

    def state(self, state: LinkState, sentence: str) -> None:
        self.states.append((state, sentence))
        self._changed.set()

    def disconnected(self, why: str) -> None:
        self.ends.append(why)

    def trace(self) -> Trace:
        assert self.stream is not None
        return self.stream.trace(rate=80.0, capacity=None, zero=None)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(120.0):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def until_state(self, state: LinkState) -> str:
        await self.until(lambda: bool(self.states) and self.states[-1][0] == state)
        return self.states[-1][1]

    async def until_samples(self, samples: int) -> None:
        await self.until(lambda: self.stream is not None and self.trace().t.size >= samples)


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
async def connection(radio: BleRadio, diary: Diary) -> AsyncIterator[Connection]:
    connection = Connection(radio, lambda found: identify(found.advertisement), diary)
    running = asyncio.create_task(connection.run())
    yield connection
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_it_connects_tares_and_streams(connection: Connection, diary: Diary, progressor: Peripheral) -> None:
    assert NAME in await diary.until_state("ready")
    connection.post(Start())
    await diary.until_samples(160)
    trace = diary.trace()
    np.testing.assert_allclose(trace.force, felt_as(progressor, trace), rtol=FLOAT32)
    progressor.curve = lambda _: 50.0
    await diary.until_samples(320)
    connection.post(Tare())
    await diary.until(lambda: diary.trace().t.size < 80)  # a new run
    await diary.until_samples(80)
    assert np.abs(diary.trace().force).max() < 1e-9


async def test_it_comes_back_when_the_sensor_hung_up(
    connection: Connection, diary: Diary, progressor: Peripheral
) -> None:
    await diary.until_state("ready")
    connection.post(Start())
    await diary.until_samples(80)
    await progressor.hang_up()
    assert "was lost" in await diary.until_state("lost")
    await diary.until_state("ready")
    connection.post(Start())
    await diary.until_samples(80)
    assert len(diary.found) == 2
    assert len(diary.ends) == 1


@pytest.mark.usefixtures("progressor")
async def test_it_comes_back_when_the_sensor_is_in_range_again(connection: Connection, diary: Diary, air: Air) -> None:
    await diary.until_state("ready")
    connection.post(Start())
    await diary.until_samples(80)
    air.out_of_range(supervision=6.0)  # the watch for silence is faster
    assert "sends nothing" in await diary.until_state("lost")
    air.in_range()
    await diary.until_state("ready")


@pytest.mark.usefixtures("progressor")
async def test_it_comes_back_when_bluetooth_is_switched_on_again(
    connection: Connection, diary: Diary, computer: Computer
) -> None:
    await diary.until_state("ready")
    await computer.switch_off()
    await diary.until_state("lost")
    await diary.until(lambda: diary.states[-1][1].startswith("Bluetooth is switched off."))
    computer.switch_on()
    await diary.until_state("ready")
    assert connection.stream is not None


async def test_without_a_sensor_it_says_what_to_do(connection: Connection, diary: Diary) -> None:
    await diary.until(lambda: diary.states[-1][1].startswith("No sensor is in range."))
    assert connection.stream is None


async def test_cancelled_it_stops_the_sensor_and_lets_it_go(
    radio: BleRadio, diary: Diary, computer: Computer, progressor: Peripheral
) -> None:
    connection = Connection(radio, lambda found: identify(found.advertisement), diary)
    running = asyncio.create_task(connection.run())
    await diary.until_state("ready")
    connection.post(Start())
    await diary.until_samples(80)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not computer.device.connections
    assert not computer.scanners
    assert len(diary.ends) == 1
    assert progressor.puppet.sample(1000.0, 0.0) == []  # not measuring any more
