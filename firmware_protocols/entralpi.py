"""The Entralpi force plate (also Lefu, Unique CW275): it sends one weight in a packet as soon as somebody listens.

All that is known comes from one public client (not verified): hundredths of a kilogram, never negative, without time,
counter or any check. How many come in a second nobody says. That client lists two characteristics that may carry them,
so both are listened to where they notify. Where both speak, the first of them is believed and the other's packets are
counted as ignored, for they would be the same weights once more.

Refuses to know commands, and the service for new firmware.
"""

from dataclasses import dataclass
from typing import Final

from firmware_protocols import sig
from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Malformed,
    Notify,
    Played,
    Ready,
    Said,
    Service,
)
from firmware_protocols.listening import Listening, Unasked
from firmware_protocols.units import KILOGRAM

NAME: Final = "ENTRALPI"
SERVICE: Final = sig.uuid(0xFFF0)
FIRST: Final = sig.uuid(0xFFF4)
SECOND: Final = sig.uuid(0xFFF1)

_ALL_ONES: Final = b"\xff\xff"
RATE: Final = 10.0  # an assumption: nobody states it


class EntralpiDialogue(Listening):
    """Our half of one connection: nothing but listening. A run begins with the first weight that is heard."""

    tells = True

    def __init__(self) -> None:
        super().__init__()
        self._source: str | None = None
        self._others = 0  # packets from the other one since the source spoke last

    def open(self) -> list[Said]:
        """Ready at once; then what it tells of itself."""
        return [Ready((Channel("force", "kg"),), Arrival(RATE)), *sig.GREETING]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One packet: one weight."""
        if characteristic not in (FIRST, SECOND):
            return sig.told(characteristic, data)
        if len(data) != 2:
            return [Malformed(f"a weight of {len(data)} bytes instead of 2", data)]
        if data == _ALL_ONES:
            return [Malformed("no weight: all bits are set", data, samples=1)]
        if characteristic == self._source or self._takes_over(characteristic):
            self._source, self._others = characteristic, 0
            return self._heard(int.from_bytes(data, "big") / 100)
        return [Malformed("ignored: the other characteristic carries the weights", data)]

    def _takes_over(self, characteristic: str) -> bool:
        """Whether this one speaks alone: the source has said nothing between two of its packets."""
        if self._source is None:
            return True
        self._others += 1
        return self._others > 1


@dataclass
class EntralpiPuppet(Unasked):
    """The device's half.

    Attributes:
        source: the characteristic that notifies.
        battery: percent.
        zero: kg that it took off when it was switched on.
    """

    source: str = FIRST
    battery: int = 87
    zero: float = 0.0

    @property
    def advertisement(self) -> Advertisement:
        """Name and service."""
        return Advertisement(NAME, frozenset({SERVICE}))

    @property
    def services(self) -> tuple[Service, ...]:
        """Both characteristics can notify; `source` does."""
        first = Characteristic(FIRST, frozenset({"notify"}))
        second = Characteristic(SECOND, frozenset({"write", "notify"}))
        return (Service(SERVICE, (first, second)), sig.battery_service(self.battery))

    @property
    def rate(self) -> float:
        """As assumed."""
        return RATE

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Send `force` (N) less its zero in hundredths of a kilogram, never below nothing."""
        weight = min(max(round((force / KILOGRAM - self.zero) * 100), 0), 0xFFFE)
        return [Notify(self.source, weight.to_bytes(2, "big"))]


ENTRALPI: Final = Codec(
    id="entralpi",
    version=2,
    family="Entralpi force plate",
    status="tested on a virtual device only; one source: scale not verified, check with a known weight; rate unknown",
    evidence="C",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=0.01 * KILOGRAM,
        capacity=None,
        direction="compression",
        tare=False,
        latency=None,
        rate_settled=False,
        scale_settled=False,
        timed="it sends weights without a time of their own, and nobody states how many a second",
    ),
    listens=(FIRST,),
    also_listens=(SECOND,),
    recognises=lambda advertisement: advertisement.name == NAME,
    dialogue_with=lambda _settings: EntralpiDialogue(),
    puppet=EntralpiPuppet,
)
CODECS: Final = (ENTRALPI,)
