"""The Jlyscales CTS500 and CTS-300 climbing scales: weights of 0.01 kg through a serial module, ten to 320 a second.

All that is known is a supplier's set of commands in one public client (not verified). Frames begin with 05 and end with
the sum of all bytes before; the module cuts them anywhere, so whatever does not add up is passed over byte by byte. An
echo acknowledges a command. What the second byte of a weight means nobody says, nor how a weight below zero is sent: in
that client it reads as 42 million kilograms, and is refused here.

Refuses to know the commands for range, division, calibration, zero point, alarms and the module's own speed: their
numbers are known only so that echoes of them are not taken for weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from firmware_protocols import sig
from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Ask,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Command,
    Info,
    Malformed,
    Notify,
    Option,
    Pause,
    Played,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Service,
    Start,
    Stop,
    Tare,
    UnsupportedCommand,
    Write,
)
from firmware_protocols.units import KILOGRAM

NAMES: Final = ("CTS500", "CTS-300")
SERVICE: Final = sig.uuid(0xFFE0)
DATA: Final = sig.uuid(0xFFE1)
CONTROL: Final = sig.uuid(0xFFE2)


class Opcode(IntEnum):
    """The commands that we ever send."""

    TARE = 0xA6
    START = 0xAA
    STOP = 0xAB
    RATE = 0xC1
    BATTERY = 0xC4


RATES: Final[Mapping[str, int]] = {"10": 0, "20": 1, "40": 2, "80": 3, "160": 4, "320": 5}
"""What stands for each rate (Hz)."""
SLOWEST: Final = 10.0

_HEADER: Final = 0x05
_REPLY: Final = 0x80
_ECHOED: Final = frozenset(
    bytes.fromhex("81 82 83 84 85 86 A1 A2 A4 A6 A7 A9 AA AB C0 C1 C3 C4 C5 C6 C7 CA D1 D2 D3 D4")
)
_TEMPERATURE: Final = 0xC5
_MOST: Final = 300_000  # hundredths of a kilogram: the largest range that any of these scales can be set to
_REPLY_WITHIN: Final = 2.0  # that client's patience; a new rate may be taken up without an echo
_SETTLE: Final = Pause(0.5)  # nobody says how long a tare takes


def frame(*body: int) -> bytes:
    """A frame: header, body, sum."""
    return bytes([_HEADER, *body, (_HEADER + sum(body)) & 0xFF])


def _command(opcode: Opcode, value: int = 0, reply_within: float | None = None) -> Write:
    return Write(CONTROL, frame(opcode, 0, 0, value), response=True, reply_within=reply_within)


class Cts500Dialogue:
    """Our half of one connection.

    Args:
        rate: a key of `RATES`, or "" to leave the scale as it is set.
    """

    def __init__(self, rate: str = "") -> None:
        self._rate = rate
        self._asked: int | None = None
        self._buffer = b""

    def open(self) -> list[Said]:
        """Ready at once; then what it tells of itself, and the rate, if a person wants another."""
        rate = float(self._rate) if self._rate else None
        said: list[Said] = [Ready((Channel("force", "kg"),), Arrival(rate or SLOWEST), rate=rate), *sig.GREETING]
        if self._rate:
            said.append(_command(Opcode.RATE, RATES[self._rate], _REPLY_WITHIN))
        return [*said, _command(Opcode.BATTERY, reply_within=_REPLY_WITHIN)]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """A piece of the serial stream, cut anywhere."""
        if characteristic != DATA:
            return sig.told(characteristic, data)
        self._buffer += data
        said: list[Said] = []
        kilograms: list[float] = []
        skipped = bytearray()
        while (size := self._next()) is not None:
            found, self._buffer = self._buffer[:size], self._buffer[size:]
            if size == 1:
                skipped += found
            elif found[1] == _REPLY:
                said.append(self._reply(found))
            elif found[1] in _ECHOED:
                self._answered(found[1])
            elif (weight := int.from_bytes(found[2:6], "big")) <= _MOST:
                kilograms.append(weight / 100)
            else:
                said.append(
                    Malformed("a weight below zero, or more than any of these scales carries", found, samples=1)
                )
        if skipped:
            said.append(Malformed("bytes that make no frame", bytes(skipped)))
        return [*said, Samples({"force": tuple(kilograms)})] if kilograms else said

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """A run begins and ends with the command."""
        if characteristic != CONTROL or len(data) != 6 or data != frame(*data[1:-1]):
            return []
        match data[1]:
            case Opcode.START:
                return [RunStarted()]
            case Opcode.STOP:
                return [RunStopped()]
            case Opcode.RATE | Opcode.BATTERY | Opcode.TARE as opcode:
                self._asked = opcode
        return []

    def send(self, command: Command) -> list[Said]:
        """The script for a command; it switches itself off and not on command."""
        match command:
            case Start():
                return [_command(Opcode.START)]
            case Stop():
                return [_command(Opcode.STOP)]
            case Tare():
                return [_command(Opcode.TARE, reply_within=_REPLY_WITHIN), _SETTLE]
            case Ask("battery"):
                return [_command(Opcode.BATTERY, reply_within=_REPLY_WITHIN)]
            case Ask():
                return sig.reads(command)
        raise UnsupportedCommand(f"{type(command).__name__}: this scale has no such command")

    @property
    def waiting(self) -> bool:
        """Whether an echo or a reply is still to come."""
        return self._asked is not None

    def overdue(self) -> list[Said]:
        """Go on without: a new rate may be taken up in silence."""
        self._asked = None
        return []

    def _next(self) -> int | None:
        """How many bytes to take next: a whole frame, 1 to pass over, or None to wait for more."""
        if not self._buffer:
            return None
        if self._buffer[0] != _HEADER:
            return 1
        if len(self._buffer) < 2:
            return None
        size = 6 if self._buffer[1] in _ECHOED else 7
        if len(self._buffer) < size:
            return None
        return size if self._buffer[:size] == frame(*self._buffer[1 : size - 1]) else 1

    def _reply(self, found: bytes) -> Said:
        self._answered(found[2])
        if found[2] == Opcode.BATTERY:
            return Info("battery_mv", int.from_bytes(found[4:6], "big") * 10)
        if found[2] == _TEMPERATURE:
            degrees = found[5] & 0x7F
            return Info("temperature", -degrees if found[5] & 0x80 else degrees)
        return Info("reply", found.hex())

    def _answered(self, opcode: int) -> None:
        if opcode == self._asked:
            self._asked = None


@dataclass
class Cts500Puppet:
    """The device's half. Its module sends twenty bytes at a time, wherever that cuts.

    Attributes:
        name: one of `NAMES`.
        centivolts: of its battery.
        echoes_rate: whether it echoes the command for a new rate; some do not.
        zero: kg that its own tare takes off.
    """

    name: str = NAMES[0]
    centivolts: int = 355
    echoes_rate: bool = True
    zero: float = 0.0
    _rate: float = field(default=SLOWEST, init=False)
    _streams: bool = field(default=False, init=False)
    _felt: float = field(default=0.0, init=False)
    _pending: bytes = field(default=b"", init=False)

    @property
    def advertisement(self) -> Advertisement:
        """Name and service, which many modules share."""
        return Advertisement(self.name, frozenset({SERVICE}))

    @property
    def services(self) -> tuple[Service, ...]:
        """The module's one service."""
        data = Characteristic(DATA, frozenset({"notify"}))
        control = Characteristic(CONTROL, frozenset({"write", "write-without-response"}))
        return (Service(SERVICE, (data, control)),)

    @property
    def rate(self) -> float:
        """As it was set."""
        return self._rate

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """Obey a command, and echo it."""
        if characteristic != CONTROL or len(data) != 6 or data != frame(*data[1:-1]):
            return []
        answer = data
        match data[1]:
            case Opcode.START:
                self._streams = True
            case Opcode.STOP:
                self._streams = False
            case Opcode.TARE:
                self.zero = self._felt
            case Opcode.RATE if data[4] in RATES.values():
                self._rate = SLOWEST * 2 ** data[4]
                answer = data if self.echoes_rate else b""
            case Opcode.BATTERY:
                answer = frame(_REPLY, Opcode.BATTERY, 0, *self.centivolts.to_bytes(2, "big"))
            case _:
                return []
        text, self._pending = self._pending + answer, b""
        return [Notify(DATA, text[at : at + 20]) for at in range(0, len(text), 20)]

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Feel `force` (N); while streaming, send it in hundredths of a kilogram, below zero as the complement."""
        self._felt = force / KILOGRAM
        if not self._streams:
            return []
        weight = round((self._felt - self.zero) * 100) % (1 << 32)
        self._pending += frame(1, *weight.to_bytes(4, "big"))
        if len(self._pending) < 20:
            return []
        piece, self._pending = self._pending[:20], self._pending[20:]
        return [Notify(DATA, piece)]

    def hung_up(self) -> None:
        """Stop streaming; zero and rate stay."""
        self._streams = False
        self._pending = b""


CTS500: Final = Codec(
    id="cts500",
    version=1,
    family="Jlyscales CTS500, CTS-300",
    status=(
        "tested on a virtual device only; scale and rate not verified (one source; weights below zero are refused): "
        "check with a known weight"
    ),
    evidence="C",
    capabilities=Capabilities(
        rate=SLOWEST,
        own_time=False,
        detects_loss=False,
        resolution=0.01 * KILOGRAM,
        capacity=None,
        direction="tension",
        tare=True,
        latency=(0.0, 0.1),  # an assumption: a few frames of a serial line in one packet
        rate_settled=False,
        scale_settled=False,
        timed="its weights come through a serial line without a time of their own, at a pace that nobody has verified",
    ),
    listens=(DATA,),
    recognises=lambda advertisement: advertisement.name in NAMES,
    dialogue_with=lambda settings: Cts500Dialogue(settings["rate"]),
    puppet=Cts500Puppet,
    options=(
        Option(
            name="rate",
            what=f"How many weights a second the scale shall send: {', '.join(RATES)}; without it, as it is set.",
            accepts=lambda value: value == "" or value in RATES,
            default="",
            example="80",
        ),
    ),
)
CODECS: Final = (CTS500,)
