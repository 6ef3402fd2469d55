"""The Frez Dyno: 250 samples a second, each with its time in ms, nine in a packet.

Its maker publishes the frames (version 1), but what it sends is what its converter gave: how many kilograms a count is
differs from piece to piece and is told by the maker alone, over the internet, to whoever has a key. So a person enters
that coefficient as an option, and until then counts are all there is. The maker takes the mean of the first hundred
samples as zero; here zero is taken as for every other sensor. Its clock wraps after 49.7 days.

Refuses to know the network.
"""

import math
import struct
from dataclasses import dataclass, field
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
    Lost,
    Malformed,
    Notify,
    Option,
    Played,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Service,
    Settings,
    Sleep,
    Start,
    Stop,
    Ticks,
    UnsupportedCommand,
    Write,
)
from firmware_protocols.units import KILOGRAM

NAME: Final = "FrezDyno-"
SERVICE: Final = "da8a6c41-154b-4b9a-9b00-2f84dfcebfe9"
DATA: Final = "da8a6c42-154b-4b9a-9b00-2f84dfcebfe9"
CONTROL: Final = "da8a6c43-154b-4b9a-9b00-2f84dfcebfe9"

START: Final = b"\x01\x00"
STOP: Final = b"\x02\x00"
POWER_OFF: Final = b"\xff\x00"

RATE: Final = 250.0
TICKS: Final = Ticks(hz=1000.0, bits=32)
BUNDLE: Final = 9
_SPAN: Final = 1 << TICKS.bits
_PERIOD: Final = round(TICKS.hz / RATE)
_GAP: Final = _PERIOD * 3 // 2  # whole ms beat against the real rate, so that a step is 3 to 5 of them at times
_HEADER: Final = b"\x01\x00"
_SAMPLE: Final = struct.Struct("<iI")
_SATURATED: Final = (-(1 << 31), (1 << 31) - 1)
"""What no converter gives: nobody states what the sensor carries, so these ends are all that can be refused."""
_LENGTH: Final = len(_HEADER) + BUNDLE * _SAMPLE.size


def coefficient(text: str) -> float | None:
    """Kilograms per count, or None for a text that is none; below zero for a cell wired the other way round."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and 1e-9 <= abs(value) <= 1e3 else None


class FrezDialogue:
    """Our half of one connection. The device answers nothing.

    Args:
        kilograms: per count, or None where nobody told.
    """

    waiting: Final = False

    def __init__(self, kilograms: float | None = None) -> None:
        self._kilograms = kilograms
        self._last_tick: int | None = None

    def open(self) -> list[Said]:
        """Ready at once; then what it tells of itself."""
        if self._kilograms is None:
            return [Ready((Channel("force", "count"),), TICKS), *sig.GREETING]
        resolution = abs(self._kilograms) * KILOGRAM
        return [Ready((Channel("force", "kg"),), TICKS, resolution=resolution), *sig.GREETING]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One packet: always nine samples."""
        if characteristic != DATA:
            return sig.told(characteristic, data)
        if not data.startswith(_HEADER):
            return [Malformed("not a packet of samples", data)]
        if len(data) != _LENGTH:
            # That is how it looks when the link's packets are too small for it.
            return [Malformed(f"a packet of {len(data)} bytes instead of {_LENGTH}", data)]
        pairs = [*_SAMPLE.iter_unpack(data[len(_HEADER) :])]
        said: list[Said] = [lost for _, tick in pairs for lost in self._gap_before(tick)]
        scale = 1.0 if self._kilograms is None else self._kilograms
        good = [(raw * scale, tick) for raw, tick in pairs if raw not in _SATURATED]
        if good:
            said.append(Samples({"force": tuple(force for force, _ in good)}, tuple(tick for _, tick in good)))
        if len(good) < BUNDLE:
            said.append(Malformed("the converter is at its end", data, samples=BUNDLE - len(good)))
        return said

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """A run begins and ends with the command."""
        if characteristic == CONTROL and data == START:
            self._last_tick = None
            return [RunStarted()]
        if characteristic == CONTROL and data == STOP:
            return [RunStopped()]
        return []

    def send(self, command: Command) -> list[Said]:
        """The script for a command; it has no zero of its own."""
        match command:
            case Start():
                return [_write(START)]
            case Stop():
                return [_write(STOP)]
            case Sleep():
                return [_write(POWER_OFF)]
            case Ask():
                return sig.reads(command)
        raise UnsupportedCommand(f"{type(command).__name__}: this sensor has no such command")

    def overdue(self) -> list[Said]:
        """Nothing is ever asked."""
        return []

    def _gap_before(self, tick: int) -> list[Said]:
        last, self._last_tick = self._last_tick, tick
        # From half the span on it is a step back: the stream passes such a sample over, and the run goes on.
        if last is None or not _GAP < (step := (tick - last) % _SPAN) < _SPAN // 2:
            return []
        return [Lost(round(step / _PERIOD) - 1, f"a step of {step} ms between two samples")]


def _write(data: bytes) -> Write:
    return Write(CONTROL, data, response=True)


_EXAMPLE: Final = "0.01"


@dataclass
class FrezPuppet:
    """The device's half. It sends full packets only: what is not full when it is told to stop stays behind.

    Attributes:
        kilograms: per count.
        first_tick: ms since it was switched on, at its first sample.
        battery: percent.
        bundle: samples in each packet.
    """

    kilograms: float = float(_EXAMPLE)
    first_tick: int = 0
    battery: int = 87
    bundle: Final = BUNDLE
    _began: float | None = field(default=None, init=False)
    _streams: bool = field(default=False, init=False)
    _pending: list[bytes] = field(default_factory=list, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """Name and service."""
        return Advertisement(NAME + "4711", frozenset({SERVICE}))

    @property
    def services(self) -> tuple[Service, ...]:
        """Data and control in one service."""
        data = Characteristic(DATA, frozenset({"notify"}))
        control = Characteristic(CONTROL, frozenset({"write"}))
        return (Service(SERVICE, (data, control)), sig.battery_service(self.battery))

    @property
    def rate(self) -> float:
        """250 Hz, fixed."""
        return RATE

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """Obey a command."""
        if characteristic == CONTROL and data == START:
            self._streams = True
        elif characteristic == CONTROL and data in (STOP, POWER_OFF):
            self.hung_up()
            return [HangUp()] if data == POWER_OFF else []
        return []

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Feel `force` (N); while streaming, send it in counts, nine at a time."""
        self._began = seconds if self._began is None else self._began
        if not self._streams:
            return []
        tick = (self.first_tick + round((seconds - self._began) * TICKS.hz)) % _SPAN
        raw = min(max(round(force / KILOGRAM / self.kilograms), -(1 << 31)), (1 << 31) - 1)
        self._pending.append(_SAMPLE.pack(raw, tick))
        if len(self._pending) < self.bundle:
            return []
        packet, self._pending = b"".join(self._pending), []
        return [Notify(DATA, _HEADER + packet)]

    def hung_up(self) -> None:
        """Stop measuring."""
        self._streams = False
        self._pending.clear()


def _dialogue(settings: Settings) -> FrezDialogue:
    return FrezDialogue(coefficient(settings["coefficient"]))


FREZ: Final = Codec(
    id="frez",
    version=2,
    family="Frez Dyno",
    status=(
        "tested on a virtual device only; no scale without the coefficient that the maker gives for each sensor: until "
        "it is entered there are counts and no force"
    ),
    evidence="A",
    capabilities=Capabilities(
        rate=RATE,
        own_time=True,
        detects_loss=True,
        resolution=None,
        capacity=None,
        direction="tension",
        tare=False,
        latency=(0.0, BUNDLE / RATE),  # an assumption: the samples of one packet
        scale_settled=False,
    ),
    listens=(DATA,),
    recognises=lambda advertisement: (advertisement.name or "").startswith(NAME),
    dialogue_with=_dialogue,
    puppet=FrezPuppet,
    options=(
        Option(
            name="coefficient",
            what="Kilograms per count of this very sensor, as its maker tells, e.g. 0.01.",
            accepts=lambda value: value == "" or coefficient(value) is not None,
            default="",
            example=_EXAMPLE,
        ),
    ),
)
CODECS: Final = (FREZ,)
