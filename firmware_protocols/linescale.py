"""The LineGrip LineScale 3: a tension meter for 30 kN that speaks in twenty characters, forty times a second.

Its maker publishes the commands and the frame. The frame holds mode, value, the zero that the value is relative to,
battery, unit, speed, and the last two decimal digits of a sum. Six characters hold a value; the maker's one example
fills them with zeros, and nobody says that spaces never stand in their place: both are read (spaces not verified). The
text says that sixteen bytes are summed; its own example is right for seventeen only, and so are these frames. It
ignores most commands while its screen is locked, and sends neither time nor counter. A step is 10 N: coarse for a limb.

Refuses to know the faster speeds, which only a cable carries, the units of the display, and how to overwrite the
absolute zero.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from firmware_protocols import sig
from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Command,
    HangUp,
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
    UnsupportedCommand,
    Write,
)
from firmware_protocols.units import KILOGRAM, POUND

SERVICE: Final = sig.uuid(0x1000)
CONTROL: Final = sig.uuid(0x1001)
DATA: Final = sig.uuid(0x1002)

UNITS: Final[Mapping[str, tuple[str, float]]] = {"N": ("kN", 1000.0), "G": ("kgf", KILOGRAM), "B": ("lbf", POUND)}
"""What the letter stands for, and that in N."""
SPEEDS: Final[Mapping[str, float]] = {"S": 10.0, "F": 40.0, "M": 640.0, "Q": 1280.0}
"""Hz; the last two over a cable only."""
RATE: Final = SPEEDS["F"]
CAPACITY: Final = 30_000.0

_END: Final = b"\r"
_SUMMED: Final = 17
_LENGTH: Final = 19  # without the end
_FRAME: Final = re.compile(r"([ROC])([-+ 0-9.]{6})([NZ])([-+ 0-9.]{6})([ -R])([NGB])([SFMQ])([0-9]{2})", re.DOTALL)
_NUMBER: Final = re.compile(r" *[-+ ]?[0-9]+(\.[0-9]*)?")
_LONGEST: Final = 64
_AGAIN: Final = Pause(0.2)  # the public library says it twice: the first one may find the device asleep
_SETTLE: Final = Pause(0.5)  # nobody says how long a zero takes


def command(letter: str) -> bytes:
    """A command: letter, line end, sum."""
    body = letter.encode("ascii") + b"\r\n"
    return body + bytes([sum(body) & 0xFF])


ONLINE: Final = command("A")
OFFLINE: Final = command("E")
ZERO: Final = command("Z")
POWER: Final = command("O")


def _write(data: bytes) -> Write:
    return Write(CONTROL, data, response=True)


class LineScaleDialogue:
    """Our half of one connection. Commands are not answered."""

    waiting: Final = False

    def __init__(self) -> None:
        self._buffer = b""
        self._running = False
        self._rate = RATE
        self._known: dict[str, str | int | bool] = {"overload": False}

    def open(self) -> list[Said]:
        """Ready at once."""
        return [self._ready()]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """A piece of the text, cut anywhere."""
        if characteristic != DATA:
            return [Malformed(f"nothing is expected from {characteristic}", data)]
        *frames, rest = (self._buffer + data).split(_END)
        self._buffer = rest
        said = [message for frame in frames for message in self._resynchronised(frame)]
        if len(rest) > _LONGEST:
            self._buffer = b""
            said.append(Malformed("a frame without an end", rest))
        return said

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """A run begins with the first of the commands that start it."""
        if characteristic != CONTROL or data not in (ONLINE, OFFLINE):
            return []
        before, self._running = self._running, data == ONLINE
        if self._running:
            return [] if before else [RunStarted()]
        return [RunStopped()]

    def send(self, command: Command) -> list[Said]:
        """The script for a command; going online also sets forty a second."""
        match command:
            case Start():
                return [_write(ONLINE), _AGAIN, _write(ONLINE)]
            case Stop():
                return [_write(OFFLINE)]
            case Tare():
                return [_write(ZERO), _SETTLE]
            case Sleep():
                return [_write(POWER)]
        raise UnsupportedCommand(f"{type(command).__name__}: this meter has no such command")

    def overdue(self) -> list[Said]:
        """Nothing is ever asked."""
        return []

    def _ready(self) -> Ready:
        return Ready((Channel("force", "N"),), Arrival(self._rate), rate=self._rate)

    def _resynchronised(self, text: bytes) -> list[Said]:
        """The frame at the end of a line; what stands before it is the rest of one whose end was lost."""
        start = len(text) - _LENGTH
        if start <= 0 or not _FRAME.fullmatch(text[start:].decode("latin-1")):
            return self._frame(text)
        return [
            Malformed("a frame without an end", text[:start], samples=int(text[:1] in (b"R", b"O"))),
            *self._frame(text[start:]),
        ]

    def _frame(self, frame: bytes) -> list[Said]:
        fields = _FRAME.fullmatch(frame.decode("latin-1"))
        if fields is None:
            return [Malformed("not a frame of this meter", frame)]
        mode, value, relative, reference, battery, letter, speed, check = fields.groups()
        if sum(frame[:_SUMMED]) % 100 != int(check) or not (_NUMBER.fullmatch(value) and _NUMBER.fullmatch(reference)):
            return [Malformed("a frame whose sum or number is wrong", frame, samples=1)]
        unit, newtons = UNITS[letter]
        said: list[Said] = []
        if SPEEDS[speed] != self._rate:
            self._rate = SPEEDS[speed]
            said.append(self._ready())
        said += self._news("battery_percent", (ord(battery) - 0x20) * 2)
        said += self._news("unit", unit)
        said += self._news("zero", f"{float(reference):g} {unit}" if relative == "Z" else "absolute")
        if mode == "C":
            # The largest value so far, and not the present one: no sample.
            return [*said, *self._news("shows", "maximum")]
        said += self._news("shows", "force") + self._news("overload", mode == "O")
        return [*said, Samples({"force": (float(value) * newtons,)})]

    def _news(self, name: str, value: str | int | bool) -> list[Said]:
        if self._known.get(name) == value:
            return []
        self._known[name] = value
        return [Info(name, value)]


@dataclass
class LineScalePuppet:
    """The device's half.

    Attributes:
        battery: percent, even.
        speed: the letter of its pace.
    """

    battery: int = 80
    speed: str = "F"
    _streams: bool = field(default=False, init=False)
    _felt: float = field(default=0.0, init=False)
    _reference: float | None = field(default=None, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """The service: by that it is found."""
        return Advertisement(None, frozenset({SERVICE}))

    @property
    def services(self) -> tuple[Service, ...]:
        """One service."""
        control = Characteristic(CONTROL, frozenset({"write"}))
        data = Characteristic(DATA, frozenset({"notify"}))
        return (Service(SERVICE, (control, data)),)

    @property
    def rate(self) -> float:
        """By its speed."""
        return SPEEDS[self.speed]

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """Obey a command."""
        if characteristic != CONTROL:
            return []
        if data in (ONLINE, OFFLINE):
            self._streams = data == ONLINE
            self.speed = "F"
        elif data == ZERO:
            self._reference = self._felt
        elif data == POWER:
            return [HangUp()]
        return []

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Feel `force` (N); while online, send it in hundredths of a kN."""
        self._felt = round(force / 10.0) / 100
        if not self._streams:
            return []
        mode = "O" if abs(self._felt) * 1000 > CAPACITY else "R"
        relative, zero = ("N", 0.0) if self._reference is None else ("Z", self._reference)
        value = f"{self._felt - zero:06.2f}{relative}{zero:06.2f}"
        body = f"{mode}{value}{chr(0x20 + self.battery // 2)}N{self.speed}".encode("ascii")
        return [Notify(DATA, body + f"{sum(body) % 100:02d}".encode("ascii") + _END)]

    def hung_up(self) -> None:
        """Go offline; the zero stays."""
        self._streams = False


LINESCALE: Final = Codec(
    id="linescale",
    version=2,
    family="LineGrip LineScale 3",
    status="tested on a virtual device only; 40 Hz are asked for, and 10 Hz is possible: the sensor tells which",
    evidence="A",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=10.0,
        capacity=CAPACITY,
        direction="tension",
        tare=True,
        latency=(0.0, 1.0 / RATE),  # an assumption: each sample goes out as it is made
        timed="it sends force in steps of 10 N, without a time of their own",
    ),
    listens=(DATA,),
    recognises=lambda advertisement: SERVICE in advertisement.services,
    sure=lambda _advertisement: False,  # any maker may take that short number, and nobody tells its name
    dialogue_with=lambda _settings: LineScaleDialogue(),
    puppet=LineScalePuppet,
)
CODECS: Final = (LINESCALE,)
