"""Any scale that keeps to the Bluetooth SIG's Weight Scale Service: one weight, indicated once for each weighing.

Kilograms and pounds have steps of their own (0.005 kg, 0.01 lb), and what follows the weight depends on flags, so the
length is checked against them. Refuses to know who stood on it: height, body mass index and users are not told.
"""

import struct
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
    Info,
    Malformed,
    Notify,
    Played,
    Read,
    Ready,
    Said,
    Service,
)
from firmware_protocols.listening import Listening, Unasked
from firmware_protocols.units import KILOGRAM, POUND_IN_KG

SERVICE: Final = sig.uuid(0x181D)
MEASUREMENT: Final = sig.uuid(0x2A9D)
FEATURE: Final = sig.uuid(0x2A9E)

RATE: Final = 1.0
"""Hz, for want of any: a scale tells a weight when it has one."""

_POUNDS, _STAMPED, _OF_A_USER, _WITH_HEIGHT = 0x01, 0x02, 0x04, 0x08
_KNOWN_FLAGS: Final = 0x0F
_UNSUCCESSFUL: Final = 0xFFFF
_KG_STEP: Final = 0.005
_LB_STEP: Final = 0.01
_STAMP: Final = struct.Struct("<HBBBBB")
# kg, by code, as the feature characteristic tells them; 0 is "not told"
_RESOLUTIONS: Final = {1: 0.5, 2: 0.2, 3: 0.1, 4: 0.05, 5: 0.02, 6: 0.01, 7: 0.005}


class WeightScaleDialogue(Listening):
    """Our half of one connection: listening, and reading what it tells of itself."""

    tells = True

    def open(self) -> list[Said]:
        """Ready at once; then battery, model and the rest."""
        return [Ready((Channel("force", "kg"),), Arrival(RATE)), Read(FEATURE), *sig.GREETING]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One weighing, or a value that was read."""
        if characteristic == FEATURE:
            return _features(data)
        if characteristic != MEASUREMENT:
            return sig.told(characteristic, data)
        flags = data[0] if data else 0
        length = 3 + 7 * bool(flags & _STAMPED) + bool(flags & _OF_A_USER) + 4 * bool(flags & _WITH_HEIGHT)
        if len(data) < length or (len(data) > length and not flags & ~_KNOWN_FLAGS):
            return [Malformed(f"a weighing of {len(data)} bytes whose flags promise {length}", data)]
        count = int.from_bytes(data[1:3], "little")
        if count == _UNSUCCESSFUL:
            return [Info("errors", "the scale could not weigh")]
        said = self._begin()
        if flags & _STAMPED:
            # Scales send what they have kept as well: the time tells an old weighing from this one.
            year, *rest = _STAMP.unpack_from(data, 3)
            said.append(Info("weighed_at", "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(year, *rest)))
        weight = count * _LB_STEP * POUND_IN_KG if flags & _POUNDS else count * _KG_STEP
        return [*said, *self._heard(weight)]


def _features(data: bytes) -> list[Said]:
    if len(data) != 4:
        return [Malformed(f"features of {len(data)} bytes instead of 4", data)]
    resolution = _RESOLUTIONS.get(int.from_bytes(data, "little") >> 3 & 0x0F)
    return [] if resolution is None else [Info("resolution_kg", resolution)]


@dataclass
class WeightScalePuppet(Unasked):
    """The device's half. It weighs every second, as no real one would.

    Attributes:
        pounds: whether it tells pounds.
        battery: %.
        zero: kg that it takes off.
    """

    pounds: bool = False
    battery: int = 87
    zero: float = 0.0

    @property
    def advertisement(self) -> Advertisement:
        """The service is what such a scale has in common with others of its kind."""
        return Advertisement("Scale", frozenset({SERVICE}))

    @property
    def services(self) -> tuple[Service, ...]:
        """The scale, and its battery."""
        feature = Characteristic(FEATURE, frozenset({"read"}), (7 << 3).to_bytes(4, "little"))
        measurement = Characteristic(MEASUREMENT, frozenset({"indicate"}))
        return (Service(SERVICE, (feature, measurement)), sig.battery_service(self.battery))

    @property
    def rate(self) -> float:
        """Once a second."""
        return RATE

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Tell `force` (N) less its zero, never below nothing."""
        kilograms = max(force / KILOGRAM - self.zero, 0.0)
        count = round(kilograms / POUND_IN_KG / _LB_STEP if self.pounds else kilograms / _KG_STEP)
        return [Notify(MEASUREMENT, bytes([self.pounds]) + min(count, _UNSUCCESSFUL - 1).to_bytes(2, "little"))]


WEIGHTSCALE: Final = Codec(
    id="weightscale",
    version=1,
    family="Weight scale by the Bluetooth standard (body weight)",
    status="tested on a virtual device only; it tells one weight for each weighing, so it has no rate of its own",
    evidence="B",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=_KG_STEP * KILOGRAM,
        capacity=(_UNSUCCESSFUL - 1) * _KG_STEP * KILOGRAM,
        direction="compression",
        tare=False,
        latency=None,
        rate_settled=False,
        timed="it tells one weight for each weighing and not how the force went",
        steady=False,
    ),
    listens=(MEASUREMENT,),
    # The service is the family here; devices that offer it beside a protocol of their own stand before this one.
    recognises=lambda advertisement: SERVICE in advertisement.services,
    dialogue_with=lambda _settings: WeightScaleDialogue(),
    puppet=WeightScalePuppet,
)
CODECS: Final = (WEIGHTSCALE,)
