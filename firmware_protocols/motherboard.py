"""The Griptonite Motherboard: a hangboard with three zones that speaks in lines of text, thirty samples a second.

Two public sources describe it, and no owner has confirmed this file. A sample is a line of 32 hex digits: its index
(which shows loss), the battery in units that nobody knows, and what the converters gave. What that is in kilograms
stands in the board's own calibration, which is asked for first: four points for each of four sensors, straight lines
between and beyond them. The fourth sensor is not used. That centre and right count downwards under load is the word of
one source (not verified). Without a whole calibration there are counts and no force.

Every command ends the stream, so the question for the serial number is what stops it: it changes nothing. Refuses to
know the board's memory, its debugging stream and its lights.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from firmware_protocols import sig
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
    Lost,
    Malformed,
    Notify,
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
    Unit,
    UnsupportedCommand,
    Write,
)
from firmware_protocols.units import KILOGRAM

NAME: Final = "Motherboard"
SERVICE: Final = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
CONTROL: Final = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
DATA: Final = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"

CALIBRATION: Final = b"C"
SERIAL: Final = b"#"
STREAM: Final = b"S30"
SLEEP: Final = b"\0"

RATE: Final = 30.0
ZONES: Final[Mapping[str, int]] = {"left": 1, "center": -1, "right": -1}
"""In the order of the sensors: the sign of a converter's value under load."""

_SENSORS, _POINTS = 4, 4
_LAST_POINT: Final = (_SENSORS - 1, _POINTS - 1)
_SAMPLE: Final = re.compile(rb"[0-9A-Fa-f]{32}")
_POINT: Final = re.compile(rb"([0-3]),([0-3]),(-?[0-9]{1,9}(?:\.[0-9]{1,12})?),(-?[0-9]{1,9})")
_STREAM: Final = re.compile(rb"Stream: ?([1-9][0-9]{0,3})")
_LONGEST_LINE: Final = 512  # its memory, of 320 bytes, may come as one
_DUMP_WITHIN: Final = 3.0  # a client waits 2.5 s for the calibration
_TRIES: Final = 3

Curve = tuple[tuple[float, float], ...]
"""The points (count, kg) of one zone by rising count."""


def curve(points: Mapping[tuple[int, int], tuple[float, float]], sensor: int) -> Curve | None:
    """The calibration of a sensor, or None if a point is missing or two stand at the same count."""
    found = sorted(points[sensor, n] for n in range(_POINTS) if (sensor, n) in points)
    whole = len(found) == _POINTS and len({count for count, _ in found}) == _POINTS
    return tuple(found) if whole else None


def kilograms(line: Curve, count: float) -> float:
    """Straight between the points, and straight on beyond the first and the last of them."""
    k = next((k for k in range(1, len(line) - 1) if count < line[k][0]), len(line) - 1)
    (x0, y0), (x1, y1) = line[k - 1], line[k]
    return y0 + (count - x0) * (y1 - y0) / (x1 - x0)


def _steepest(line: Curve) -> float:
    return max(abs((y1 - y0) / (x1 - x0)) for (x0, y0), (x1, y1) in pairwise(line))


class MotherboardDialogue:
    """Our half of one connection.

    Ready is told when the calibration is whole; in counts, when samples come or all tries are spent without one.
    """

    def __init__(self) -> None:
        self._points: dict[tuple[int, int], tuple[float, float]] = {}
        self._curves: tuple[Curve, ...] | None = None
        self._told: tuple[bool, float] | None = None  # what the last Ready said: whether in kg, and the rate
        self._rate = RATE
        self._buffer = b""
        self._index: int | None = None
        self._running = self._begun = self._beyond = False
        self._dumping = self._wants_serial = False
        self._tries = 0

    def open(self) -> list[Said]:
        """What it tells of itself, then its calibration."""
        return [*sig.GREETING, self._ask()]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """A piece of the text, cut anywhere."""
        if characteristic != DATA:
            return sig.told(characteristic, data)
        *lines, rest = (self._buffer + data).split(b"\n")
        self._buffer = rest
        said = [message for line in lines for message in self._line(line.rstrip(b"\r"))]
        if len(rest) > _LONGEST_LINE:
            self._buffer = b""
            said.append(Malformed("a line without an end", rest))
        return said

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """Any command ends the run; one begins the next."""
        if characteristic != CONTROL or not data:
            return []
        said: list[Said] = [RunStopped()] if self._running else []
        self._dumping = data == CALIBRATION
        self._wants_serial = data == SERIAL
        self._running = data[:1] == STREAM[:1]
        if self._running:
            self._index, self._begun, self._beyond = None, False, False
            asked = data[1:]
            said += self._paced(float(asked)) if asked.isdigit() and 0 < int(asked) <= 9999 else []
            said.append(RunStarted())
        return said

    def send(self, command: Command) -> list[Said]:
        """The script for a command; it has no zero of its own."""
        match command:
            case Start():
                return [_write(STREAM)]
            case Stop():
                return [_write(SERIAL)]
            case Sleep():
                return [_write(SLEEP)]
            case Ask():
                return sig.reads(command)
        raise UnsupportedCommand(f"{type(command).__name__}: this board has no such command")

    @property
    def waiting(self) -> bool:
        """Whether the calibration is still coming."""
        return self._dumping

    def overdue(self) -> list[Said]:
        """Ask again for what is missing; after some tries go on without."""
        self._dumping = False
        return self._dumped()

    def _ask(self) -> Write:
        self._tries += 1
        return _write(CALIBRATION, _DUMP_WITHIN)

    def _dumped(self) -> list[Said]:
        if not self._calibrated() and self._tries < _TRIES:
            return [self._ask()]
        return self._ready()

    def _calibrated(self) -> bool:
        """Whether there is a calibration; the last whole one holds until the next."""
        curves = [line for sensor in range(len(ZONES)) if (line := curve(self._points, sensor))]
        if len(curves) == len(ZONES):
            self._curves = tuple(curves)
        return self._curves is not None

    def _paced(self, rate: float) -> list[Said]:
        self._rate = rate
        return self._ready() if self._told else []

    def _ready(self) -> list[Said]:
        """Ready, unless that has been told already."""
        told = (self._curves is not None, self._rate)
        if told == self._told:
            return []
        self._told = told
        unit: Unit = "kg" if self._curves else "count"
        channels = tuple(Channel(name, unit) for name in ("total", *ZONES))
        step = sum(map(_steepest, self._curves)) * KILOGRAM if self._curves else None
        return [Ready(channels, Index(self._rate), rate=self._rate, resolution=step)]

    def _line(self, line: bytes) -> list[Said]:
        if _SAMPLE.fullmatch(line):
            return self._sample(bytes.fromhex(line.decode("ascii")))
        if point := _POINT.fullmatch(line):
            return self._point(*(float(part) for part in point.groups()))
        if paced := _STREAM.fullmatch(line):
            return self._paced(float(paced[1]))
        text = line.decode("ascii", "replace").strip()
        if text.startswith("Error"):
            return [Info("errors", text)]
        if self._wants_serial and text and text.isprintable() and "\ufffd" not in text:
            self._wants_serial = False
            return [Info("serial", text)]
        return [Malformed("a line that is not understood", line)] if line else []

    def _point(self, sensor: float, number: float, mass: float, count: float) -> list[Said]:
        self._points[int(sensor), int(number)] = (count, mass)
        if (int(sensor), int(number)) != _LAST_POINT:
            return []
        asked, self._dumping = self._dumping, False
        if asked:
            return self._dumped()
        return self._ready() if self._calibrated() else []

    def _sample(self, frame: bytes) -> list[Said]:
        said: list[Said] = []
        if self._told is None:
            self._calibrated()
            said += self._ready()
        index = int.from_bytes(frame[:2], "little")
        last, self._index = self._index, index
        step = 1 if last is None else (index - last) % (1 << 16)
        if step == 0:
            return [*said, Malformed("a sample that came before", frame)]
        # From half the span on it is a step back: its count was begun anew, though the traffic does not show why.
        if 1 < step < 1 << 15:
            said.append(Lost(step - 1, f"a step of {step} in the index of samples"))
        if not self._begun:
            self._begun = True
            said.append(Info("battery_raw", int.from_bytes(frame[2:4], "little")))
        counts = [int.from_bytes(frame[at : at + 3], "little", signed=True) for at in (4, 7, 10)]
        return [*said, *self._checked(counts), self._samples(counts)]

    def _samples(self, counts: list[int]) -> Samples:
        masses = map(kilograms, self._curves, counts) if self._curves and self._told and self._told[0] else counts
        zones = dict(zip(ZONES, (sign * mass for sign, mass in zip(ZONES.values(), masses, strict=True)), strict=True))
        return Samples({"total": (math.fsum(zones.values()),)} | {zone: (float(mass),) for zone, mass in zones.items()})

    def _checked(self, counts: list[int]) -> list[Said]:
        """Tell once in a run that a zone bears more than was calibrated; less than the first point is its zero."""
        for line, sign, count in zip(self._curves or (), ZONES.values(), counts, strict=False):
            if not self._beyond and sign * kilograms(line, count) > max(abs(mass) for _, mass in line):
                self._beyond = True
                return [Info("beyond_calibration", True)]
        return []


def _write(data: bytes, reply_within: float | None = None) -> Write:
    return Write(CONTROL, data, response=True, reply_within=reply_within)


@dataclass
class MotherboardPuppet:
    """The device's half. All three zones carry alike; centre and right count downwards.

    Attributes:
        counts: per kg, of each sensor.
        masses: kg, of the points of its calibration.
        battery: percent.
    """

    counts: float = 23_517.0
    masses: tuple[float, ...] = (0.0, 10.0, 25.0, 47.3)
    battery: int = 87
    _streams: bool = field(default=False, init=False)
    _index: int = field(default=0, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """Name and service, which many devices share."""
        return Advertisement(NAME, frozenset({SERVICE}))

    @property
    def services(self) -> tuple[Service, ...]:
        """A serial line in both directions."""
        control = Characteristic(CONTROL, frozenset({"write", "write-without-response"}))
        data = Characteristic(DATA, frozenset({"notify"}))
        return (Service(SERVICE, (control, data)), sig.battery_service(self.battery))

    @property
    def rate(self) -> float:
        """As we ask for it."""
        return RATE

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """Obey a command; whichever it is, the stream ends."""
        if characteristic != CONTROL or not data:
            return []
        self._streams = data == STREAM
        match data:
            case b"C":
                points = [(s, n, mass) for s in range(_SENSORS) for n, mass in enumerate(self.masses)]
                return self._lines(*(f"{s},{n},{mass:.8f},{round(mass * self.counts)}" for s, n, mass in points))
            case b"#":
                return self._lines("MB004711")
            case b"S30":
                self._index = 0
                return self._lines("Stream:30")
            case b"\0":
                return [HangUp()]
        return self._lines("Error CMD")

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Feel `force` (N); while streaming, send a line."""
        if not self._streams:
            return []
        self._index = (self._index + 1) % (1 << 16)
        counts = [sign * round(force / KILOGRAM / len(ZONES) * self.counts) for sign in ZONES.values()]
        frame = self._index.to_bytes(2, "little") + (300).to_bytes(2, "little")
        frame += b"".join(count.to_bytes(3, "little", signed=True) for count in (*counts, 0))
        return self._lines(frame.hex().upper())

    def hung_up(self) -> None:
        """Stop streaming."""
        self._streams = False

    def _lines(self, *lines: str) -> list[Played]:
        text = "".join(f"{line}\r\n" for line in lines).encode("ascii")
        return [Notify(DATA, text[at : at + 20]) for at in range(0, len(text), 20)]


MOTHERBOARD: Final = Codec(
    id="motherboard",
    version=1,
    family="Griptonite Motherboard",
    status=(
        "tested on a virtual device only; scale not verified (by one source, two zones count downwards): check each "
        "zone with a known weight; rate as it is asked for, not verified"
    ),
    evidence="C",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=True,
        resolution=None,
        capacity=None,
        direction="tension",
        tare=False,
        latency=(0.0, 1.0 / RATE),  # an assumption: each sample goes out as it is made
        rate_settled=False,
        scale_settled=False,
        timed="it counts its samples, but nobody has verified that it keeps the pace that it is asked for",
    ),
    listens=(DATA,),
    recognises=lambda advertisement: advertisement.name == NAME,
    dialogue_with=lambda _settings: MotherboardDialogue(),
    puppet=MotherboardPuppet,
)
CODECS: Final = (MOTHERBOARD,)
