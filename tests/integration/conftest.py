"""What the integration tests share: a virtual air with a computer and a Progressor in it, and time that jumps."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing

import numpy as np
import pytest

from firmware_protocols.codec import Asked, Codec, Info, Pause, Read, Said, Start, Told, Write
from firmware_protocols.progressor import PROGRESSOR, ProgressorPuppet
from forcelab.acquisition.ble import BleRadio
from forcelab.acquisition.link import Found, Link
from forcelab.acquisition.stream import Stream
from forcelab.acquisition.virtual_time import VirtualLoop, now_ns
from forcelab.model import Packet, Trace
from tests.integration.backend import Computer
from tests.radio.air import Air
from tests.radio.peripheral import Peripheral

ADDRESS = "F0:F1:F2:F3:F4:F5"
NAME = "Progressor_4711"


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Nothing here touches a real radio, so nothing need wait: limits of seconds pass at once, and always alike."""
    return {"virtual": VirtualLoop}


def wave(seconds: float) -> float:
    """A force in N that never repeats itself, so that a stretch of it can be found again."""
    return float(300.0 + 200.0 * np.sin(2.0 * np.pi * 0.37 * seconds) + 10.0 * seconds)


class Sitting:
    """What becomes of one connection: the packets, what they mean, and how it ended.

    A stand-in for the reconnecting `Connection` where a test wants to see the link itself.
    """

    def __init__(self, codec: Codec = PROGRESSOR) -> None:
        self.codec = codec
        self.stream = Stream(codec.dialogue(codec.examples))
        self.packets: list[Packet] = []
        self.told: list[Told] = []
        self.losses: list[str] = []
        self.link: Link | None = None
        self._changed = asyncio.Event()
        self._asked: asyncio.Queue[Asked] = asyncio.Queue()

    def on_packet(self, packet: Packet) -> None:
        self.packets.append(packet)
        self._take(self.stream.receive(packet))

    def on_lost(self, sentence: str) -> None:
        self.losses.append(sentence)
        self._changed.set()

    async def open(self, radio: BleRadio, found: Found) -> None:
        self.link = await radio.open(found, self.codec.listens, self.on_packet, self.on_lost, self.codec.also_listens)

    async def greet(self) -> None:
        self._take(self.stream.open())
        await self.play()
        await self.until(lambda: any(isinstance(told, Info) and told.name == "errors" for told in self.told))

    async def play(self, script: list[Said] | None = None) -> None:
        """Carry out a script, and what the answers to it ask for."""
        self._take(script or [])
        assert self.link is not None
        while not self._asked.empty():
            match self._asked.get_nowait():
                case Pause(seconds):
                    await asyncio.sleep(seconds)
                case Read(characteristic):
                    await self.link.read(characteristic)
                case Write(characteristic, data, response):
                    # Reported before it is carried out: the reply may come in the same connection event as the
                    # confirmation of the write, and then stands before its end.
                    self._take(self.stream.wrote(Packet(now_ns(), characteristic, data)))
                    await self.link.write(characteristic, data, response=response)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to come true, carrying out what is asked meanwhile."""
        async with asyncio.timeout(60.0):
            while not condition():
                self._changed.clear()
                await self._changed.wait()
                if not self.losses:
                    await self.play()

    def trace(self) -> Trace:
        return self.stream.trace(rate=80.0, capacity=None, zero=None)

    def _take(self, said: list[Said]) -> None:
        for message in said:
            if isinstance(message, Write | Read | Pause):
                self._asked.put_nowait(message)
            else:
                self.told.append(message)
        self._changed.set()


async def first(radio: BleRadio, name: str = NAME) -> Found:
    """The first device of that name, or a timeout."""
    async with asyncio.timeout(60.0), aclosing(radio.find()) as heard:
        async for found in heard:
            if found.advertisement.name == name:
                return found
    raise AssertionError("the search ended by itself")


async def streaming(radio: BleRadio, found: Found | None = None) -> Sitting:
    """A connection on which samples have begun to come."""
    sitting = Sitting()
    await sitting.open(radio, found or await first(radio))
    await sitting.greet()
    await sitting.play(sitting.stream.send(Start()))
    await sitting.until(lambda: sitting.trace().t.size > 0)
    return sitting


def felt_as(device: Peripheral, trace: Trace) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What the device felt, in N, at the times of a trace of its only run.

    The trace begins where the force felt is nearest to its first sample; from there on the times decide.
    """
    seconds, force = np.array(device.felt).T
    began = seconds[np.argmin(np.abs(force - trace.force[0]))]
    return np.array([device.curve(float(began + t)) for t in trace.t])


@pytest.fixture
def air() -> Air:
    return Air()


@pytest.fixture
async def computer(air: Air, monkeypatch: pytest.MonkeyPatch) -> Computer:
    computer = Computer(air)
    computer.install(monkeypatch)
    await computer.device.power_on()
    return computer


@pytest.fixture
async def progressor(air: Air) -> AsyncIterator[Peripheral]:
    device = Peripheral(air, ProgressorPuppet(), wave, address=ADDRESS)
    await device.power_on()
    yield device
    await device.vanish()


@pytest.fixture
def radio(computer: Computer) -> BleRadio:  # noqa: ARG001 - without it there would be no virtual adapter
    return BleRadio(now=now_ns)
