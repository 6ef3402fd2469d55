"""The Climbro hangboard: a stream of bytes in which each byte is a whole kilogram.

All that is known comes from one public client (not verified). A marker says what the bytes after it are, until the
next marker, over the borders of packets: force, or the battery. The number 36 has a byte of its own, for in plain it is
the sign by which the radio module leaves its transparent mode. The board streams unasked, at a pace that nobody states,
without time, counter or any check.

Refuses to know that module's commands: nothing is ever written.
"""

from dataclasses import dataclass, field
from typing import Final

from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Info,
    Malformed,
    Notify,
    Played,
    Ready,
    Said,
    Service,
)
from firmware_protocols.listening import Listening, Unasked
from firmware_protocols.units import KILOGRAM

NAME: Final = "Climbro"
SERVICE: Final = "49535343-fe7d-4ae5-8fa9-9fafd205e455"
DATA: Final = "49535343-1e4d-4bd9-ba61-23c647249616"

RATE: Final = 10.0  # an assumption: nobody states it

_BATTERY: Final = 0xF0
_FORCE: Final = 0xF5
_THIRTY_SIX: Final = 0xF6
_EMPTY, _FULL = 112, 230  # of the battery


class ClimbroDialogue(Listening):
    """Our half of one connection: nothing but listening. A run begins with the first force that is heard."""

    def __init__(self) -> None:
        super().__init__()
        self._about: int | None = None

    def open(self) -> list[Said]:
        """Ready at once."""
        return [Ready((Channel("force", "kg"),), Arrival(RATE))]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """A piece of the stream, cut anywhere."""
        if characteristic != DATA:
            return [Malformed(f"nothing is expected from {characteristic}", data)]
        kilograms: list[float] = []
        percent: int | None = None
        wrong: list[str] = []
        for byte in data:
            if byte in (_BATTERY, _FORCE):
                self._about = byte
                continue
            value = 36 if byte == _THIRTY_SIX else byte
            if self._about == _FORCE:
                kilograms.append(float(value))
            elif self._about is None:
                wrong.append("bytes before any marker")
            elif _EMPTY <= value <= _FULL:
                percent = round((value - _EMPTY) * 100 / (_FULL - _EMPTY))
            else:
                wrong.append("a battery that is neither empty nor full nor between")
        said: list[Said] = [Malformed(why, data) for why in dict.fromkeys(wrong)]
        if percent is not None:
            said.append(Info("battery_percent", percent))
        return [*said, *self._heard(*kilograms)] if kilograms else said


@dataclass
class ClimbroPuppet(Unasked):
    """The device's half.

    Attributes:
        batch: samples in a packet.
        battery: the byte that it sends for it.
        zero: kg that it took off when it was switched on.
    """

    batch: int = 1
    battery: int = 0xAB
    zero: float = 0.0
    _told: bool = field(default=False, init=False)
    _pending: bytearray = field(default_factory=bytearray, init=False)
    _count: int = field(default=0, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """The name only."""
        return Advertisement(NAME + "_01")

    @property
    def services(self) -> tuple[Service, ...]:
        """The module's transparent service, without its control."""
        return (Service(SERVICE, (Characteristic(DATA, frozenset({"notify"})),)),)

    @property
    def rate(self) -> float:
        """As assumed."""
        return RATE

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Send `force` (N) less its zero in whole kilograms; before the first one the battery."""
        if not self._told:
            self._told = True
            self._pending += bytes([_BATTERY, self.battery, _FORCE])
        weight = min(max(round(force / KILOGRAM - self.zero), 0), _BATTERY - 1)
        self._pending.append(_THIRTY_SIX if weight == 36 else weight)
        self._count += 1
        if self._count < self.batch:
            return []
        packet, self._pending, self._count = bytes(self._pending), bytearray(), 0
        return [Notify(DATA, packet)]

    def hung_up(self) -> None:
        """Whoever connects next is told all from the beginning."""
        self._told = False
        self._pending.clear()
        self._count = 0


CLIMBRO: Final = Codec(
    id="climbro",
    version=1,
    family="Climbro hangboard",
    status="tested on a virtual device only; one source: scale not verified, check with a known weight; rate unknown",
    evidence="C",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=KILOGRAM,
        capacity=None,
        direction="tension",
        tare=False,
        rate_settled=False,
        scale_settled=False,
        timed="it sends whole kilograms (9.8 N) without a time of their own",
    ),
    listens=(DATA,),
    recognises=lambda advertisement: (advertisement.name or "").startswith(NAME),
    dialogue_with=lambda _settings: ClimbroDialogue(),
    puppet=ClimbroPuppet,
)
CODECS: Final = (CLIMBRO,)
