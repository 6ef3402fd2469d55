"""The Squegg grip trainer: each packet is a line of text with a weight, as soon as somebody listens.

Digits for battery and squeezing, the weight in kg up to a zero byte, then how many squeezes it has counted; older ones
end with the weight. Known from three public clients and the packets that they recorded; no owner has yet confirmed
this file. It takes no zero but the one at power-on. Refuses to know its commands: nobody has described any.
"""

import re
from dataclasses import dataclass
from typing import Final

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
from firmware_protocols.sig import uuid
from firmware_protocols.units import KILOGRAM

SERVICE: Final = uuid(0xFFB0)
DATA: Final = uuid(0xFFB2)
_COMMANDS: Final = uuid(0xFFB1)

RATE: Final = 5.0
"""Hz, about, while it is squeezed; less at rest."""

# A reader that does not stop at the zero byte takes the count for further decimals of the weight. Three is all it has.
_WEIGHT: Final = rb"[0-9]{1,3}(\.[0-9]{1,3})?|\.[0-9]{1,3}"
_PACKET: Final = re.compile(rb"1(?P<battery>[0-9])(?P<squeezed>[01])(?P<kg>" + _WEIGHT + rb")(\0[0-9]*\0*)?")


class SqueggDialogue(Listening):
    """Our half of one connection: nothing but listening. A run begins with the first weight that is heard."""

    def open(self) -> list[Said]:
        """Ready at once."""
        return [Ready((Channel("force", "kg"),), Arrival(RATE))]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One packet: one weight; battery and squeezing are told when they change."""
        if characteristic != DATA:
            return [Malformed(f"nothing is expected from {characteristic}", data)]
        packet = _PACKET.fullmatch(data)
        if packet is None:
            return [Malformed("not the text of a weight", data)]
        said = self._begin()
        said += self._news("battery_percent", 10 * (int(packet["battery"]) + 1))
        said += self._news("squeezing", packet["squeezed"] == b"1")
        return [*said, *self._heard(float(packet["kg"]))]


@dataclass
class SqueggPuppet(Unasked):
    """The device's half.

    Attributes:
        battery: its digit, 0 to 9.
        counts: whether it sends its count of squeezes, which older ones do not.
        zero: kg that it took off when it was switched on.
        squeezes: how many it has counted.
    """

    battery: int = 8
    counts: bool = True
    zero: float = 0.0
    squeezes: int = 1084

    @property
    def advertisement(self) -> Advertisement:
        """Name and service."""
        return Advertisement("Squegg", frozenset({SERVICE}))

    @property
    def services(self) -> tuple[Service, ...]:
        """It can be written to, but nobody knows what."""
        data = Characteristic(DATA, frozenset({"notify"}))
        return (Service(SERVICE, (Characteristic(_COMMANDS, frozenset({"write"})), data)),)

    @property
    def rate(self) -> float:
        """As often as while it is squeezed."""
        return RATE

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Send `force` (N) less its zero, never below nothing."""
        weight = max(force / KILOGRAM - self.zero, 0.0)
        text = f"1{self.battery}{int(weight > 1.0)}{weight:.3f}" + (f"\0{self.squeezes}" if self.counts else "")
        return [Notify(DATA, text.encode())]


def _recognises(advertisement: Advertisement) -> bool:
    # Its service is one that many cheap modules share; the second name is what an older one calls itself.
    name = (advertisement.name or "").lower()
    return "squegg" in name or name == "weixin-nini"


SQUEGG: Final = Codec(
    id="squegg",
    version=1,
    family="Squegg grip trainer",
    status="tested on a virtual device only; rate (about 5 Hz while squeezed) and scale not verified by its maker",
    evidence="B",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=0.001 * KILOGRAM,
        capacity=None,
        direction="compression",
        tare=False,
        latency=None,
        rate_settled=False,
        scale_settled=False,
        timed="it sends about five weights a second, at no even pace and without a time of their own",
    ),
    listens=(DATA,),
    recognises=_recognises,
    dialogue_with=lambda _settings: SqueggDialogue(),
    puppet=SqueggPuppet,
)
CODECS: Final = (SQUEGG,)
