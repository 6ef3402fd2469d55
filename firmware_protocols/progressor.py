"""The Tindeq Progressor and everything that speaks its language: 80 samples of kg and µs a second.

Frames in both directions are type, length, value; commands without a value may be sent as the bare opcode. What is
known of the device comes from its vendor's published interface and from public clients; no owner has yet confirmed
this file on hardware. Refuses to know calibration and everything above opcode 0x70: there the same number means
another thing on another firmware, and can spoil the device, so those opcodes have no name here at all.
"""

import math
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Literal

from firmware_protocols.codec import (
    Advertisement,
    Ask,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Command,
    HangUp,
    Info,
    Lost,
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
    Ticks,
    UnsupportedCommand,
    Write,
)
from firmware_protocols.units import KILOGRAM

SERVICE: Final = "7e4e1701-1ea6-40c9-9dcc-13d34ffead57"
DATA: Final = "7e4e1702-1ea6-40c9-9dcc-13d34ffead57"
CONTROL: Final = "7e4e1703-1ea6-40c9-9dcc-13d34ffead57"


class Opcode(IntEnum):
    """The commands that we ever send."""

    TARE = 0x64
    START = 0x65
    STOP = 0x66
    FIRMWARE = 0x6B
    ERRORS = 0x6C
    SLEEP = 0x6E
    BATTERY = 0x6F
    ID = 0x70


class Frame(IntEnum):
    """What the device sends."""

    REPLY = 0
    WEIGHT = 1
    RFD_PEAK = 2
    RFD_SERIES = 3
    LOW_POWER = 4


RATE: Final = 80.0
TICKS: Final = Ticks(hz=1e6, bits=32)
_SPAN: Final = 1 << TICKS.bits
_PERIOD: Final = round(TICKS.hz / RATE)
_GAP: Final = _PERIOD * 3 // 2
_SAMPLE: Final = struct.Struct("<fI")

REPLY_WITHIN: Final = 1.0  # the vendor's sample asks its next question 0.5 s later, answered or not

# After Stop the last notifications are still in the air; after Tare a device that weighs its zero (0.5 s to settle,
# 0.5 s to average) must be left alone. Sources disagree whether a genuine one does; this suits both kinds.
_DRAIN: Final = Pause(0.05)
_SETTLE: Final = Pause(1.2)

Value = str | int


# A reply that comes late must not pass for the answer to the next question. No opcode tells them apart, and that a
# question was given up is not in the traffic: so each answer must look as only it can.
_MILLIVOLTS: Final = range(2000, 5001)  # of one lithium cell: open firmware gives up at 2750, full is 4200
_DOTTED: Final = re.compile(rb"[0-9]+(\.[0-9]+)+\0*")  # a version of firmware


def _battery(payload: bytes) -> Value | None:
    millivolts = int.from_bytes(payload, "little")
    return millivolts if len(payload) == 4 and millivolts in _MILLIVOLTS else None


def _firmware(payload: bytes) -> Value | None:
    text = payload.split(b"\0", 1)[0].decode("utf-8", "replace")
    return text if text and text.isprintable() and "\ufffd" not in text else None


def _id(payload: bytes) -> Value | None:
    # Little-endian on the wire; some firmware drops the zero bytes at its end, some does not: the same id for both.
    # Four bytes that end in zeros are neither, but a late battery.
    whole = len(payload) == 8 or (len(payload) < 8 and not payload.endswith(b"\0"))
    return payload.rstrip(b"\0")[::-1].hex() if whole and not _DOTTED.fullmatch(payload) else None


def _errors(payload: bytes) -> Value | None:
    # A log may have lines, and letters of any kind; bytes that are no text are a battery or an id.
    text = payload.split(b"\0", 1)[0].decode("utf-8", "replace")
    return text if "".join(text.split()).isprintable() and not _DOTTED.fullmatch(payload) else None


_QUESTIONS: Final[Mapping[int, tuple[str, Callable[[bytes], Value | None]]]] = {
    Opcode.BATTERY: ("battery_mv", _battery),
    Opcode.FIRMWARE: ("firmware", _firmware),
    Opcode.ID: ("id", _id),
    Opcode.ERRORS: ("errors", _errors),
}
_ABOUT: Final[Mapping[str, Opcode]] = {
    "battery": Opcode.BATTERY,
    "firmware": Opcode.FIRMWARE,
    "id": Opcode.ID,
    "errors": Opcode.ERRORS,
}


def _write(opcode: Opcode, reply_within: float | None = None) -> Write:
    return Write(CONTROL, bytes([opcode]), response=True, reply_within=reply_within)


class ProgressorDialogue:
    """Our half of one connection.

    Two kinds of state are kept apart. What the traffic has shown (`_asked`, `_last_tick`) decides what is told, so
    that a capture decodes as the live link did. What we intend (`_queue`, `_busy`, `_wanted`, `_taring`) only
    decides what is written next.

    A reply carries no opcode. So one question is out at a time, and a reply answers the last question that was
    written, late or not; a reply that nothing asked for stays raw.
    """

    def __init__(self) -> None:
        self._asked: int | None = None
        self._last_tick: int | None = None
        self._queue: list[Opcode] = []
        self._busy = False  # a question is on its way out, or is out and in time
        self._wanted = False
        self._taring = False
        self._left_running = True  # perhaps: a program that was killed may have left the sensor streaming

    def open(self) -> list[Said]:
        """Ready at once; then the questions, battery first: it is the one that has to wait while a run is on."""
        # ERRORS comes last because clones leave it unanswered.
        self._queue = [Opcode.BATTERY, Opcode.FIRMWARE, Opcode.ID, Opcode.ERRORS]
        return [Ready((Channel("force", "kg"),), TICKS), *self._next_question()]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One notification: usually one frame, but several are read as well."""
        if characteristic != DATA:
            return [Malformed(f"nothing is expected from {characteristic}", data)]
        if not data:
            return [Malformed("empty notification", data)]
        said: list[Said] = []
        while data:
            if len(data) < 2:
                return [*said, Malformed("a frame without a length", data)]
            kind, length, payload = data[0], data[1], data[2 : 2 + data[1]]
            if len(payload) < length:
                return [*said, Malformed(f"a frame that declares {length} bytes and has {len(payload)}", data)]
            said += self._frame(kind, payload, data[: 2 + length])
            data = data[2 + length :]
        return said

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """Learn from a write, ours or another program's in a capture; opcode alone and opcode with length 0."""
        if characteristic != CONTROL or not data:
            return []
        if data[0] > Opcode.ID:
            self._asked = None  # another program read calibration: its replies must not pass for answers to us
        if data[1:] not in (b"", b"\0"):
            return []
        match data[0]:
            case Opcode.START:
                self._last_tick, self._wanted, self._taring = None, True, False
                self._left_running = False
                return [RunStarted()]
            case Opcode.STOP:
                self._wanted = self._wanted and self._taring
                return [RunStopped()]
            case opcode if opcode in _QUESTIONS:
                self._asked = opcode
        return []

    def send(self, command: Command) -> list[Said]:
        """The script for a command; all of them are supported.

        A question about the battery during a run is put off until the run stops, as the vendor asks.
        """
        halt: list[Said] = [_write(Opcode.STOP), _DRAIN] if self._wanted else []
        match command:
            case Start():
                self._wanted = True
                return [*halt, _write(Opcode.START)]
            case Stop():
                self._wanted = self._taring = False
                return [_write(Opcode.STOP), _DRAIN, *self._next_question()]
            case Tare() if self._wanted:
                self._taring = True
                return [*halt, _write(Opcode.TARE), _SETTLE, _write(Opcode.START)]
            case Tare():
                return [_write(Opcode.TARE), _SETTLE]
            case Ask(about) if about in _ABOUT:
                if _ABOUT[about] not in self._queue:
                    self._queue.append(_ABOUT[about])
                return [*self._next_question()]
            case Sleep():
                self._queue.clear()
                self._wanted = self._taring = False
                return [*halt, _write(Opcode.SLEEP)]
        raise UnsupportedCommand(f"a Progressor cannot do {command}")

    @property
    def waiting(self) -> bool:
        """By the traffic: a question was written and nothing yet has answered it."""
        return self._asked is not None

    def overdue(self) -> list[Said]:
        """Go on to the next question. The old one stays the last asked: its reply may still come."""
        self._busy = False
        return [*self._next_question()]

    def _next_question(self) -> list[Write]:
        if self._busy:
            return []
        for opcode in self._queue:
            if opcode != Opcode.BATTERY or not self._wanted:
                self._queue.remove(opcode)
                self._busy = True
                return [_write(opcode, REPLY_WITHIN)]
        return []

    def _frame(self, kind: int, payload: bytes, frame: bytes) -> list[Said]:
        match kind:
            case Frame.WEIGHT:
                if not payload or len(payload) % _SAMPLE.size:
                    return [Malformed(f"a weight frame of {len(payload)} bytes: not a multiple of 8", frame)]
                return [*self._weights(payload), *self._stop_what_is_left()]
            case Frame.REPLY:
                return self._reply(payload, frame)
            case Frame.LOW_POWER:
                return [Info("low_power", True)]
            case Frame.RFD_PEAK | Frame.RFD_SERIES:
                # Their layout is unpublished, and what open clients say of it is guesswork: kept raw.
                return [Info(Frame(kind).name.lower(), payload.hex())]
        return [Malformed(f"a frame of unknown type {kind}", frame)]

    def _stop_what_is_left(self) -> list[Said]:
        """Samples that nobody asked for on this connection: stopped once, so that our own run begins its ticks anew."""
        if not self._left_running:
            return []
        self._left_running = False
        return [_write(Opcode.STOP), _DRAIN]

    def _weights(self, payload: bytes) -> list[Said]:
        said: list[Said] = []
        weights: list[float] = []
        ticks: list[int] = []
        for at in range(0, len(payload), _SAMPLE.size):
            weight, tick = _SAMPLE.unpack_from(payload, at)
            said += self._gap_before(tick)
            if math.isfinite(weight):
                weights.append(weight)
                ticks.append(tick)
            else:
                bad = payload[at : at + _SAMPLE.size]
                said.append(Malformed("a sample that is not a finite number", bad, samples=1))
        if weights:
            said.append(Samples({"force": tuple(weights)}, tuple(ticks)))
        return said

    def _gap_before(self, tick: int) -> list[Said]:
        """Loss shows only as a step in the ticks: more than one and a half periods [D: no source settles the limit]."""
        last, self._last_tick = self._last_tick, tick
        if last is None:
            return []
        step = (tick - last) % _SPAN
        # From half the span on it is a step back: a repeated notification, or a restart that the traffic did not show.
        if not _GAP < step < _SPAN // 2:
            return []
        return [Lost(round(step / _PERIOD) - 1, f"a step of {step / TICKS.hz:.4f} s between two samples")]

    def _reply(self, payload: bytes, frame: bytes) -> list[Said]:
        if self._asked is None:
            return [Info("reply", payload.hex())]
        name, read = _QUESTIONS[self._asked]
        value = read(payload)
        if value is None:
            # Perhaps the late answer to the question before: the right one may still come, and has its time to do so.
            return [Malformed(f"a reply of {len(payload)} bytes does not answer the question for {name}", frame)]
        self._asked, self._busy = None, False
        return [Info(name, value), *self._next_question()]


@dataclass
class ProgressorPuppet:
    """The device's half. Its ticks begin at `first_tick` with the first sample after each Start.

    Attributes:
        number: the NNNN of its name.
        batch: samples in a notification; 8 needs an ATT MTU of 69, 1 and 2 fit everywhere.
        first_tick: µs; just below 2**32 it wraps soon.
        tares: "streaming" zeroes at once, in a run or out of it; "idle" refuses in a run and otherwise weighs for
            1 s (half to settle, half to average), and gives up if a run is started meanwhile.
        battery_mv: mV; from 2750 down it warns, once.
        firmware, errors: the bytes of its texts.
        serial: its id, 8 bytes at most on the wire.
        zero: kg that its own tare takes off.
    """

    number: int = 4711
    batch: int = 8
    first_tick: int = 0
    tares: Literal["streaming", "idle"] = "streaming"
    battery_mv: int = 3900
    firmware: bytes = b"1.2.3.4"
    errors: bytes = b""
    serial: int = 0x030201
    zero: float = 0.0
    _measuring: bool = field(default=False, init=False)
    _began: float | None = field(default=None, init=False)
    _pending: bytearray = field(default_factory=bytearray, init=False)
    _felt: float = field(default=0.0, init=False)
    _weighing: bool = field(default=False, init=False)
    _weighed: list[tuple[float, float]] = field(default_factory=list, init=False)
    _warned: bool = field(default=False, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """The name only: the genuine device does not advertise its service."""
        return Advertisement(f"Progressor_{self.number:04d}")

    @property
    def services(self) -> tuple[Service, ...]:
        """Without the firmware update service of the real one: nobody has any business there."""
        data = Characteristic(DATA, frozenset({"notify"}))
        control = Characteristic(CONTROL, frozenset({"write", "write-without-response"}))
        return (Service(SERVICE, (data, control)),)

    @property
    def rate(self) -> float:
        """80 Hz, fixed."""
        return RATE

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """Obey an opcode, alone or with length 0. The battery is not measured during a run."""
        if characteristic != CONTROL or data[1:] not in (b"", b"\0"):
            return []
        played: list[Played] = []
        match data[0] if data else None:
            case Opcode.START if not self._measuring:
                self._measuring, self._began, self._weighing = True, None, False
            case Opcode.STOP:
                self._measuring = False
                played = self._flush()
            case Opcode.TARE if self.tares == "streaming":
                self.zero = self._felt
            case Opcode.TARE if not self._measuring:
                self._weighing = True
                self._weighed.clear()
            case Opcode.FIRMWARE:
                played = self._notify(Frame.REPLY, self.firmware)
            case Opcode.ERRORS:
                played = self._notify(Frame.REPLY, self.errors)
            case Opcode.BATTERY if not self._measuring:
                played = self._notify(Frame.REPLY, self.battery_mv.to_bytes(4, "little"))
            case Opcode.ID:
                played = self._notify(Frame.REPLY, self.serial.to_bytes(8, "little").rstrip(b"\0"))
            case Opcode.SLEEP:
                self.hung_up()
                played = [HangUp()]
        return played

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Feel `force` (N); in a run, send it as kg less its own zero, `batch` samples at a time."""
        self._felt = force / KILOGRAM
        if self._weighing:
            self._weigh(seconds)
        played: list[Played] = []
        if self.battery_mv <= 2750 and not self._warned:
            self._warned = True
            played += self._notify(Frame.LOW_POWER, b"")
        if self._measuring:
            self._began = seconds if self._began is None else self._began
            tick = (self.first_tick + round((seconds - self._began) * TICKS.hz)) % _SPAN
            self._pending += _SAMPLE.pack(self._felt - self.zero, tick)
            if len(self._pending) >= self.batch * _SAMPLE.size:
                played += self._flush()
        return played

    def hung_up(self) -> None:
        """Stop measuring; the zero stays."""
        self._measuring = self._weighing = self._warned = False
        self._pending.clear()

    def _weigh(self, seconds: float) -> None:
        self._weighed.append((seconds, self._felt))
        began = self._weighed[0][0]
        if seconds - began >= 1.0:
            settled = [felt for at, felt in self._weighed if at - began >= 0.5]
            self.zero = sum(settled) / len(settled)
            self._weighing = False

    def _flush(self) -> list[Played]:
        payload, self._pending = bytes(self._pending), bytearray()
        return self._notify(Frame.WEIGHT, payload) if payload else []

    def _notify(self, kind: Frame, payload: bytes) -> list[Played]:
        return [Notify(DATA, bytes([kind, len(payload)]) + payload)]


def _recognises(advertisement: Advertisement) -> bool:
    # By name first: the genuine device does not advertise its service, while some clones do and may be renamed.
    return (advertisement.name or "").startswith("Progressor") or SERVICE in advertisement.services


PROGRESSOR: Final = Codec(
    id="progressor",
    version=1,
    family="Tindeq Progressor 150, 200, 300 and compatible",
    status="tested on a virtual device only",
    evidence="B",
    capabilities=Capabilities(
        rate=RATE,
        own_time=True,
        detects_loss=True,
        resolution=None,
        capacity=None,  # 150, 200 or 300 kg by model, and nothing on the wire tells which: the user says it
        direction="tension",
        tare=True,
        # About ten notifications a second of about eight samples each: one source says so, so it is an assumption.
        latency=(0.0, 0.1),
        sleeps_after=600.0,
    ),
    listens=(DATA,),
    recognises=_recognises,
    dialogue_with=lambda _settings: ProgressorDialogue(),
    puppet=ProgressorPuppet,
)

CODECS: Final = (PROGRESSOR,)
