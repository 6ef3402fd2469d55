"""A device that no codec of ours knows, and somebody who listens: for tests of what must not know any device.

The toy asks to be greeted before it is ready, keeps an even pace of 50 Hz without any time of its own, and sends one
sample a notification as a double in newtons.
"""

import asyncio
import math
import struct
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from firmware_protocols.codec import (
    Advertisement,
    Ask,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Command,
    HangUp,
    Index,
    Info,
    Malformed,
    Notify,
    Pause,
    Played,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Service,
    Sleep,
    Start,
    Stop,
    Tare,
    Told,
    UnsupportedCommand,
    Write,
)
from forcelab.acquisition.connection import Connection
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.link import Found, Radio
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.acquisition.stream import Stream
from forcelab.acquisition.virtual_time import now_ns, run
from forcelab.model import LinkState, Packet

T = TypeVar("T")

CURVE = float
DATA, CONTROL = "toy-data", "toy-control"
NAME, ADDRESS = "Toy_1", "00:00:00:00:00:01"
HELLO, START, STOP, TARE, OFF, BATTERY = b"?", b"s", b"x", b"t", b"z", b"b"


class ToyDialogue:
    waiting = False

    def open(self) -> list[Said]:
        return [Write(CONTROL, HELLO, response=True, reply_within=0.5)]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        if characteristic != DATA:
            return [Malformed("from where?", data)]
        if data == b"!":
            self.waiting = False
            return [Ready((Channel("force", "N"),), Index(50.0))]
        if len(data) == 9:
            return [Samples({"force": struct.unpack("<d", data[1:])})]
        return [Info("noise", data.hex())]

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        assert characteristic == CONTROL
        self.waiting = data in (HELLO, BATTERY)
        if data == START:
            return [RunStarted()]
        return [RunStopped()] if data == STOP else []

    def send(self, command: Command) -> list[Said]:
        match command:
            case Start():
                return [Write(CONTROL, START, response=True)]
            case Stop():
                return [Write(CONTROL, STOP, response=False)]
            case Tare():
                return [
                    Write(CONTROL, STOP, response=True),
                    Pause(0.05),
                    Write(CONTROL, TARE, response=True),
                    Pause(1.2),
                    Write(CONTROL, START, response=True),
                ]
            case Sleep():
                return [Write(CONTROL, OFF, response=True)]
            case Ask("battery"):  # which the puppet never answers
                return [Write(CONTROL, BATTERY, response=True, reply_within=0.5)]
        raise UnsupportedCommand(f"a toy cannot do {command}")

    def overdue(self) -> list[Said]:
        return self.open()


@dataclass
class ToyPuppet:
    """`deaf`: how many greetings it does not hear; `felt`: every sample that it sent, (device s, N).

    `instead`: what it says to a question about its battery, which is no answer; `spoilt_at`: device s from which on
    its samples are no numbers.
    """

    deaf: int = 0
    name: str = NAME
    running: bool = False
    felt: list[tuple[float, float]] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    instead: bytes | None = None
    spoilt_at: float = math.inf

    @property
    def advertisement(self) -> Advertisement:
        return Advertisement(self.name, frozenset({"toy"}))

    @property
    def services(self) -> tuple[Service, ...]:
        data = Characteristic(DATA, frozenset({"notify"}))
        return (Service("toy", (data, Characteristic(CONTROL, frozenset({"write", "write-without-response"})))),)

    @property
    def rate(self) -> float:
        return 50.0

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        assert characteristic == CONTROL
        self.heard.append(data)
        if data == HELLO:
            self.deaf -= 1
            return [Notify(DATA, b"!")] if self.deaf < 0 else []
        if data == BATTERY and self.instead is not None:
            return [Notify(DATA, self.instead)]
        if data in (START, STOP):
            self.running = data == START
        return [HangUp()] if data == OFF else []

    def sample(self, seconds: float, force: float) -> list[Played]:
        if not self.running:
            return []
        self.felt.append((seconds, force))
        return [Notify(DATA, b"F" + struct.pack("<d", force if seconds < self.spoilt_at else math.nan))]

    def hung_up(self) -> None:
        self.running = False


TOY = Codec(
    id="toy",
    version=1,
    family="Toy",
    status="does not exist",
    evidence="A",
    capabilities=Capabilities(50.0, False, False, None, None, "both", True),
    listens=(DATA,),
    recognises=lambda advertisement: advertisement.name == NAME,
    dialogue_with=lambda _settings: ToyDialogue(),
    puppet=ToyPuppet,
)


def radio_with(puppet: ToyPuppet, faults: Faults | None = None, seed: int = 0) -> SimulatedRadio:
    """One toy, that feels as many newtons as its clock shows seconds."""
    return SimulatedRadio({ADDRESS: (puppet, CURVE)}, faults=faults or Faults(), seed=seed)


def wanted(found: Found) -> Codec | None:
    """Any toy, whatever its number."""
    return TOY if (found.advertisement.name or "").startswith("Toy") else None


class Diary:
    """A listener that writes everything down, with the seconds since it was made, in the order of calls."""

    def __init__(self) -> None:
        self.lines: list[tuple[float, str, Any]] = []
        self.streams: list[Stream] = []
        self._began = now_ns()

    def _note(self, kind: str, what: object) -> None:
        self.lines.append((round((now_ns() - self._began) * 1e-9, 6), kind, what))

    def connected(self, found: Found, stream: Stream) -> None:
        self.streams.append(stream)
        self._note("connected", found.address)

    def packet(self, packet: Packet) -> None:
        self._note("packet", packet)

    def sent(self, packet: Packet) -> None:
        self._note("sent", packet)

    def told(self, told: Told) -> None:
        self._note("told", told)

    def state(self, state: LinkState, sentence: str) -> None:
        self._note("state", (state, sentence))

    def disconnected(self, why: str) -> None:
        self._note("disconnected", why)

    def of(self, kind: str) -> list[Any]:
        """What was noted of one kind."""
        return [what for _, is_kind, what in self.lines if is_kind == kind]

    def states(self) -> list[str]:
        return [state for state, _ in self.of("state")]

    def writes(self) -> list[tuple[float, bytes]]:
        return [(at, what.data) for at, kind, what in self.lines if kind == "sent"]

    def when(self, kind: str, what: object = None) -> float:
        """When something was first noted; a state goes by its name alone."""
        for at, is_kind, noted in self.lines:
            if is_kind == kind and what in (None, noted, noted[0] if kind == "state" else noted):
                return at
        raise AssertionError(f"{kind} {what} is not in {self.lines}")


@asynccontextmanager
async def kept(
    radio: Radio, listener: Any, want: Callable[[Found], Codec | None] = wanted, *, fails: bool = False
) -> AsyncIterator[tuple[Connection, "asyncio.Task[None]"]]:
    """A connection that is kept while the block lasts; it must not fail, unless the test is about that."""
    connection = Connection(radio, want, listener)
    task = asyncio.create_task(connection.run())
    try:
        yield connection, task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not fails:
            with suppress(asyncio.CancelledError):
                task.result()


def at_once(main: Coroutine[Any, Any, T]) -> T:
    """Run without waiting."""
    return run(main, speed=math.inf)
