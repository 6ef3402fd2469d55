"""The Muscle Meter MUSCLE_V2 (MAT): about 485 samples a second, twenty in a packet, as soon as somebody listens.

All that is known comes from one public client (not verified): tenths of a kilogram, whatever the display shows, and a
byte of flags that tells pull from push. It sends no time and no counter, so that a lost packet does not show, and it
zeroes itself when it is switched on. The other Muscle Meter, the one that only broadcasts, is another device.

Refuses to know commands: nobody has described one.
"""

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
    Malformed,
    Notify,
    Played,
    Ready,
    Said,
    Service,
)
from firmware_protocols.listening import Listening, Unasked
from firmware_protocols.units import KILOGRAM

SERVICE: Final = sig.uuid(0xFFE0)
DATA: Final = sig.uuid(0xFFE1)

RATE: Final = 485.0
BUNDLE: Final = 20
_LENGTH: Final = 3 * BUNDLE
_PUSH: Final = 0x10
_FLAGS: Final = frozenset({0x01, 0x02, 0x11, 0x12})
"""The display in kg or lb, pull or push."""
_MOST: Final = 10_000  # tenths of a kilogram: nobody states what it carries, and no hand-held one a tonne


class MuscleMeterDialogue(Listening):
    """Our half of one connection: nothing but listening. A run begins with the first sample that is heard."""

    tells = True

    def open(self) -> list[Said]:
        """Ready at once; then what it tells of itself."""
        return [Ready((Channel("force", "kg"),), Arrival(RATE)), *sig.GREETING]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One packet: always twenty samples."""
        if characteristic != DATA:
            return sig.told(characteristic, data)
        if len(data) != _LENGTH:
            # That is how it looks when the link's packets are too small for it: the rest is lost, so all of it is.
            return [Malformed(f"a packet of {len(data)} bytes instead of {_LENGTH}", data)]
        triplets = [(int.from_bytes(data[at : at + 2], "big"), data[at + 2]) for at in range(0, _LENGTH, 3)]
        good = [(tenths, flags) for tenths, flags in triplets if flags in _FLAGS and tenths <= _MOST]
        said = self._heard(*((-tenths if flags & _PUSH else tenths) / 10 for tenths, flags in good)) if good else []
        if len(good) < BUNDLE:
            said.append(
                Malformed(
                    "samples with unknown flags, or beyond what any sensor carries", data, samples=BUNDLE - len(good)
                )
            )
        return said


@dataclass
class MuscleMeterPuppet(Unasked):
    """The device's half.

    Attributes:
        shows: what its display shows, 1 for kg and 2 for lb.
        battery: percent.
        zero: kg that it took off when it was switched on.
        bundle: samples in each packet.
    """

    shows: int = 1
    battery: int = 87
    zero: float = 0.0
    bundle: Final = BUNDLE
    _pending: bytearray = field(default_factory=bytearray, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """Name and service, which many modules share."""
        return Advertisement("MUSCLE_V2", frozenset({SERVICE}))

    @property
    def services(self) -> tuple[Service, ...]:
        """Its data, without the characteristic for commands that nobody knows."""
        return (Service(SERVICE, (Characteristic(DATA, frozenset({"notify"})),)), sig.battery_service(self.battery))

    @property
    def rate(self) -> float:
        """About 485 Hz."""
        return RATE

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Feel `force` (N), and send it in tenths of a kilogram, twenty at a time."""
        tenths = round((force / KILOGRAM - self.zero) * 10)
        flags = self.shows | (_PUSH if tenths < 0 else 0)
        self._pending += min(abs(tenths), _MOST).to_bytes(2, "big") + bytes([flags])
        if len(self._pending) < _LENGTH:
            return []
        packet, self._pending = bytes(self._pending), bytearray()
        return [Notify(DATA, packet)]

    def hung_up(self) -> None:
        """What is not full stays behind."""
        self._pending.clear()


def _recognises(advertisement: Advertisement) -> bool:
    name = (advertisement.name or "").lower()
    # Two letters are too few to go by alone, and so is a service that many modules share; both together are a guess.
    return _is_named(advertisement) or (name.startswith("mm") and SERVICE in advertisement.services)


def _is_named(advertisement: Advertisement) -> bool:
    return (advertisement.name or "").lower().startswith("muscle")


MUSCLEMETER: Final = Codec(
    id="musclemeter",
    version=2,
    family="Muscle Meter MUSCLE_V2 (MAT)",
    status="tested on a virtual device only; one source: scale and rate not verified, check with a known weight",
    evidence="C",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=0.1 * KILOGRAM,
        capacity=None,
        direction="both",
        tare=False,
        latency=(0.0, BUNDLE / RATE),  # an assumption: the samples of one packet
        rate_settled=False,
        scale_settled=False,
        timed="its samples carry no time, and neither their pace nor the loss of a packet can be known",
    ),
    listens=(DATA,),
    recognises=_recognises,
    sure=_is_named,
    dialogue_with=lambda _settings: MuscleMeterDialogue(),
    puppet=MuscleMeterPuppet,
)
CODECS: Final = (MUSCLEMETER,)
