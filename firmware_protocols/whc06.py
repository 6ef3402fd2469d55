"""The Weiheng WH-C06 crane scale, also sold as MAT Muscle Meter: about eight broadcasts a second, and no connection.

Weight stands in the maker's part of the advertisement, in hundredths of a unit that a half byte names. Two public
clients take every weight for kilograms; a third, and a report of doubled readings, follow the unit, as we do: nobody
has settled it (not verified), so there is an option, and a known weight tells. In pounds the number wraps at 655.35,
a little below what the scale carries. Body scales use the same name and company id, but other payloads.

Refuses to know the two bytes at the end (a counter, or nothing: no source agrees), the byte that some take for the unit
and that varies in pounds, and whether a weight is held on the display: the mark for that is the one for a steady load.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from firmware_protocols.codec import (
    ADVERTISEMENT,
    Advertisement,
    Arrival,
    Capabilities,
    Channel,
    Codec,
    Malformed,
    Notify,
    Option,
    Played,
    Ready,
    Said,
    Service,
)
from firmware_protocols.listening import Listening, Unasked
from firmware_protocols.units import KILOGRAM, POUND_IN_KG

COMPANY: Final = 0x0100
NAME: Final = "IF_B7"
RATE: Final = 8.0

_COMPANY_BYTES: Final = COMPANY.to_bytes(2, "little")
_HEADER: Final = bytes.fromhex("02 03 11")
_LENGTH: Final = 17
_WEIGHT: Final = slice(10, 12)
_FLAGS: Final = 14
_ALL_ONES: Final = b"\xff\xff"
CAPACITY: Final = 300.0
"""kg."""
MOST: Final = 1.5 * CAPACITY
"""kg: beyond any overload that the scale would still weigh."""

UNITS: Final[Mapping[int, tuple[str, float]]] = {
    0: ("lb", POUND_IN_KG),  # on scales sold in the United States
    1: ("kg", 1.0),
    2: ("lb", POUND_IN_KG),
    3: ("st", 14 * POUND_IN_KG),
    4: ("jin", 0.5),
}
"""The low half of the byte of flags: what it stands for, and that in kg."""


def _is_ours(payload: bytes) -> bool:
    return len(payload) == _LENGTH and payload.startswith(_HEADER)


class Whc06Dialogue(Listening):
    """Our half: nothing but listening. A run begins with the first weight that is heard."""

    refusal = "this scale only broadcasts"

    def __init__(self, *, always_kg: bool = False) -> None:
        super().__init__()
        self._always_kg = always_kg

    def open(self) -> list[Said]:
        """Ready at once."""
        return [Ready((Channel("force", "kg"),), Arrival(RATE))]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One broadcast."""
        if characteristic != ADVERTISEMENT:
            return [Malformed(f"nothing is expected from {characteristic}", data)]
        payload = data[2:]
        if not data.startswith(_COMPANY_BYTES) or not _is_ours(payload):
            return [Malformed("not a broadcast of this scale", data)]
        unit = UNITS.get(payload[_FLAGS] & 0x0F)
        if unit is None:
            return [Malformed(f"a weight in unknown unit {payload[_FLAGS] & 0x0F}", data, samples=1)]
        said = self._begin()
        name, kilograms = unit
        said += self._news("unit", name)
        shown = int.from_bytes(payload[_WEIGHT], "big") / 100
        weight = shown * (1.0 if self._always_kg else kilograms)
        if payload[_WEIGHT] == _ALL_ONES or weight > MOST:
            return [*said, Malformed(f"more than the scale can carry: {weight:.2f} kg", data, samples=1)]
        return [*said, *self._heard(weight)]


@dataclass
class Whc06Puppet(Unasked):
    """The device's half.

    Attributes:
        unit: the low half of its byte of flags.
        zero: kg that its own button took off.
    """

    unit: int = 1
    zero: float = 0.0
    _felt: float = field(default=0.0, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """Name and last weight."""
        return Advertisement(NAME, manufacturer={COMPANY: self._payload()})

    @property
    def services(self) -> tuple[Service, ...]:
        """None: it takes no connection."""
        return ()

    @property
    def rate(self) -> float:
        """About 8 Hz."""
        return RATE

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Broadcast `force` (N) less its own zero in hundredths of its unit, never below nothing."""
        self._felt = force / KILOGRAM - self.zero
        return [Notify(ADVERTISEMENT, _COMPANY_BYTES + self._payload())]

    def _payload(self) -> bytes:
        _, kilograms = UNITS[self.unit]
        weight = min(max(round(self._felt / kilograms * 100), 0), 0xFFFE)
        marker = b"\x01" if self.unit == 1 else b"\x00"
        return _HEADER + b"\xff" * 6 + marker + weight.to_bytes(2, "big") + b"\x01\xf4" + bytes([self.unit, 0, 0])


def _recognises(advertisement: Advertisement) -> bool:
    # The name may come apart from the payload, but only the payload tells this scale from a body scale.
    return advertisement.name in (None, NAME) and _is_ours(advertisement.manufacturer.get(COMPANY, b""))


WHC06: Final = Codec(
    id="whc06",
    version=2,
    family="Weiheng WH-C06 crane scale (MAT Muscle Meter)",
    status=(
        "tested on a virtual device only; scale not settled: sources disagree whether the weight is in the unit shown "
        "or always in kg, so check with a known weight; rate not verified"
    ),
    evidence="D",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=0.01 * KILOGRAM,
        capacity=CAPACITY * KILOGRAM,
        direction="tension",
        tare=False,
        latency=(0.0, 1.0 / RATE),  # an assumption: the weight of one measurement, broadcast until the next
        rate_settled=False,
        scale_settled=False,
        timed="it broadcasts about eight weights a second, without a time of their own",
    ),
    listens=(ADVERTISEMENT,),
    recognises=_recognises,
    dialogue_with=lambda settings: Whc06Dialogue(always_kg=settings["unit"] == "kg"),
    puppet=Whc06Puppet,
    options=(
        Option(
            name="unit",
            what='"display" if the scale sends the number that it shows, "kg" if it sends kilograms whatever it shows.',
            accepts=lambda value: value in ("display", "kg"),
            default="display",
            example="display",
        ),
    ),
)
CODECS: Final = (WHC06,)
