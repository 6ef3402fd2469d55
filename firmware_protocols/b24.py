"""The Mantracourt B24: a transmitter for strain gauges that broadcasts its value, or notifies it over a connection.

Its maker publishes the manual; what stands here comes from open clients made after it, and one recorded broadcast. In a
broadcast status, unit and value are veiled by a view PIN; the tag of the device, once plain and twice veiled, shows
whether the PIN was right. While somebody is connected it broadcasts nothing, so a connection (a family of its own here)
is only made on a person's wish. Newtons and kilograms are force; whatever else it measures is refused.

How often it sends is a setting that it keeps, from 80 ms to 10 s, with 0 for never: it is written only if a person asks
for it, and never 0. Refuses to know all other settings: calibration, PINs, resolution, names.
"""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from firmware_protocols.codec import (
    ADVERTISEMENT,
    Advertisement,
    Arrival,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Malformed,
    Notify,
    Option,
    Played,
    Read,
    Ready,
    Said,
    Service,
    Write,
)
from firmware_protocols.listening import Listening, Unasked
from firmware_protocols.units import KILOGRAM

COMPANY: Final = 0x04C3
CONFIGURATION: Final = "a970fd30-a0e8-11e6-bdf4-0800200c9a66"
INTERVAL: Final = "a970fd31-a0e8-11e6-bdf4-0800200c9a66"
PIN: Final = "a970fd39-a0e8-11e6-bdf4-0800200c9a66"
MEASUREMENT: Final = "a9712440-a0e8-11e6-bdf4-0800200c9a66"
STATUS: Final = "a9712441-a0e8-11e6-bdf4-0800200c9a66"
VALUE: Final = "a9712442-a0e8-11e6-bdf4-0800200c9a66"
UNIT: Final = "a9712443-a0e8-11e6-bdf4-0800200c9a66"

RATE: Final = 12.5
UNITS: Final[Mapping[int, tuple[str, float | None]]] = {
    0x41: ("N", 1.0),
    0x2D: ("kg", KILOGRAM),
    0x96: ("N m", None),
}
"""Code: its name, and what it is in N if it is a force."""

_COMPANY_BYTES: Final = COMPANY.to_bytes(2, "little")
_FORMAT: Final = 0x01
_LENGTH: Final = 13
_SEED: Final = bytes.fromhex("5C 6F 2F 41 21 7A 26 45 5C 6F")
_SECRET: Final = struct.Struct(">BBf2s2s")
_SHUNTED, _BROKEN, _TARED, _OVER, _LOW = 0x01, 0x02, 0x04, 0x08, 0x20


class Reading(NamedTuple):
    """What a broadcast holds."""

    tag: bytes
    status: int
    unit: int
    value: float


def veil(secret: bytes, pin: str) -> bytes:
    """Hide ten bytes, or bring them to light again."""
    key = pin.encode("ascii")
    return bytes(byte ^ _SEED[i] ^ key[i % len(key)] for i, byte in enumerate(secret))


def unveil(payload: bytes, pin: str) -> Reading | None:
    """Read the payload of a broadcast; None if the tags differ, as they do by a wrong PIN."""
    status, unit, value, first, second = _SECRET.unpack(veil(payload[3:], pin))
    tag = payload[1:3]
    return Reading(tag, status, unit, value) if first == second == tag else None


def _is_ours(payload: bytes) -> bool:
    return len(payload) == _LENGTH and payload[0] == _FORMAT


class _Gauge(Listening):
    """What both ways of hearing it share: what value, unit and status together tell."""

    def __init__(self) -> None:
        super().__init__()
        self._status = 0
        self._known |= {"tared": False, "overload": False}

    def _measured_in(self, unit: int) -> list[Said]:
        """Tell the unit."""
        return self._news("unit", UNITS.get(unit, (f"code {unit:#04x}", None))[0])

    def _stands(self, status: int) -> list[Said]:
        """Tell what the status says."""
        self._status = status
        low: list[Said] = self._news("low_power", True) if status & _LOW else []
        return [*self._news("tared", bool(status & _TARED)), *self._news("overload", bool(status & _OVER)), *low]

    def _sampled(self, value: float, unit: int | None, data: bytes) -> list[Said]:
        """The value in N, or why it cannot be used."""
        newtons = None if unit is None else UNITS.get(unit, ("", None))[1]
        if self._status & (_SHUNTED | _BROKEN):
            return [Malformed("the sensor is being checked by its shunt, or is broken", data, samples=1)]
        if newtons is None:
            return [Malformed("a value that is no force, or of a unit that is not known", data, samples=1)]
        if not math.isfinite(value * newtons):
            return [Malformed("a value that is not a finite number", data, samples=1)]
        return self._heard(value * newtons)


class B24Dialogue(_Gauge):
    """Our half where it broadcasts.

    Args:
        pin: the view PIN.
    """

    def __init__(self, pin: str) -> None:
        super().__init__()
        self._pin = pin

    def open(self) -> list[Said]:
        """Ready at once."""
        return [Ready((Channel("force", "N"),), Arrival(RATE))]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One broadcast."""
        payload = data[2:]
        if characteristic != ADVERTISEMENT or not data.startswith(_COMPANY_BYTES) or not _is_ours(payload):
            return [Malformed("not a broadcast of this transmitter", data)]
        reading = unveil(payload, self._pin)
        if reading is None:
            return [Malformed("the tags differ: the view PIN is another", data, samples=1)]
        said = self._measured_in(reading.unit) + self._stands(reading.status)
        return [*said, *self._sampled(reading.value, reading.unit, data)]


class B24ConnectedDialogue(_Gauge):
    """Our half of a connection.

    Args:
        pin: of the configuration, without which it lets nobody stay.
        interval: ms between two values, or None to leave it as it is set.
    """

    def __init__(self, pin: int, interval: int | None = None) -> None:
        super().__init__()
        self._pin = pin
        self._interval = interval
        self._unit: int | None = None

    def open(self) -> list[Said]:
        """Ready at once; the PIN first, then what the values are."""
        rate = None if self._interval is None else 1000.0 / self._interval
        ready = Ready((Channel("force", "N"),), Arrival(rate or RATE), rate=rate)
        asked: list[Said] = [_write(PIN, self._pin), Read(UNIT), Read(STATUS)]
        return [ready, *asked] if self._interval is None else [ready, *asked, _write(INTERVAL, self._interval)]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """A value, the unit or the status."""
        if characteristic == UNIT and len(data) == 1:
            self._unit = data[0]
            return self._measured_in(data[0])
        if characteristic == STATUS and len(data) == 1:
            return self._stands(data[0])
        if characteristic == VALUE and len(data) == 4:
            return self._sampled(struct.unpack(">f", data)[0], self._unit, data)
        return [Malformed(f"{len(data)} bytes from {characteristic} are not understood", data)]


def _write(characteristic: str, value: int) -> Write:
    return Write(characteristic, value.to_bytes(4, "big"), response=True)


@dataclass
class B24Puppet(Unasked):
    """The device's half while it broadcasts.

    Attributes:
        pin: its view PIN.
        tag: of the device.
        unit: its code.
        status: its bits.
    """

    pin: str = "0000"
    tag: bytes = b"\x4d\x80"
    unit: int = 0x41
    status: int = 0
    _felt: float = field(default=0.0, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """Name and last value."""
        return Advertisement("B24", manufacturer={COMPANY: self._payload()})

    @property
    def services(self) -> tuple[Service, ...]:
        """None: this one is not connected to."""
        return ()

    @property
    def rate(self) -> float:
        """As fast as it can."""
        return RATE

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Broadcast `force` (N) in its unit."""
        self._felt = force / (UNITS[self.unit][1] or 1.0)
        return [Notify(ADVERTISEMENT, _COMPANY_BYTES + self._payload())]

    def _payload(self) -> bytes:
        secret = _SECRET.pack(self.status, self.unit, self._felt, self.tag, self.tag)
        return bytes([_FORMAT]) + self.tag + veil(secret, self.pin)


@dataclass
class B24ConnectedPuppet(B24Puppet):
    """The device's half of a connection: it notifies once it was shown its PIN.

    Attributes:
        configuration_pin: that PIN.
        interval: ms between two values.
    """

    configuration_pin: int = 0
    interval: int = 80
    _trusts: bool = field(default=False, init=False)

    @property
    def services(self) -> tuple[Service, ...]:
        """Configuration and data."""
        pin = Characteristic(PIN, frozenset({"write"}))
        interval = Characteristic(INTERVAL, frozenset({"write"}))
        status = Characteristic(STATUS, frozenset({"read", "notify"}), bytes([self.status]))
        value = Characteristic(VALUE, frozenset({"read", "notify"}))
        unit = Characteristic(UNIT, frozenset({"read"}), bytes([self.unit]))
        return (Service(CONFIGURATION, (pin, interval)), Service(MEASUREMENT, (status, value, unit)))

    @property
    def rate(self) -> float:
        """As it is set."""
        return 1000.0 / self.interval

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """Take the PIN, and with it the interval."""
        value = int.from_bytes(data, "big")
        if characteristic == PIN:
            self._trusts = value == self.configuration_pin
        elif characteristic == INTERVAL and self._trusts and 80 <= value <= 10_000:
            self.interval = value
        return []

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Notify `force` (N) in its unit."""
        self._felt = force / (UNITS[self.unit][1] or 1.0)
        return [Notify(VALUE, struct.pack(">f", self._felt))] if self._trusts else []

    def hung_up(self) -> None:
        """Trust nobody."""
        self._trusts = False


def _recognises(advertisement: Advertisement) -> bool:
    # By its payload: the name begins with B24 only until somebody gives it another.
    return _is_ours(advertisement.manufacturer.get(COMPANY, b""))


def _capabilities(how: str) -> Capabilities:
    return Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=None,
        capacity=None,
        direction="both",
        tare=False,
        latency=(0.0, 1.0 / RATE),  # an assumption: one value, sent as it is made
        rate_settled=False,
        timed=f"it {how} twelve values a second at most, without a time of their own",
    )


def _dialogue(pin: str, interval: str) -> B24ConnectedDialogue:
    return B24ConnectedDialogue(int(pin), int(interval) if interval else None)


def _whole(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 10 and least <= int(text) <= most


B24: Final = Codec(
    id="b24",
    version=1,
    family="Mantracourt B24",
    status="tested on a virtual device and one recorded broadcast; rate as it is set, 12.5 a second at most",
    evidence="B",
    capabilities=_capabilities("broadcasts"),
    listens=(ADVERTISEMENT,),
    recognises=_recognises,
    dialogue_with=lambda settings: B24Dialogue(settings["pin"]),
    puppet=B24Puppet,
    options=(
        Option(
            name="pin",
            what="The view PIN by which its broadcasts are veiled, up to ten letters and digits.",
            accepts=lambda value: value.isascii() and value.isalnum() and len(value) <= len(_SEED),
            default="0000",
            example="0000",
        ),
    ),
)
B24_CONNECTED: Final = Codec(
    id="b24_connected",
    version=1,
    family="Mantracourt B24, connected",
    status="tested on a virtual device only; rate as it is set, 12.5 a second at most",
    evidence="B",
    capabilities=_capabilities("notifies"),
    listens=(VALUE,),
    also_listens=(STATUS,),
    recognises=_recognises,
    dialogue_with=lambda settings: _dialogue(settings["pin"], settings["interval"]),
    puppet=B24ConnectedPuppet,
    options=(
        Option(
            name="pin",
            what="The PIN of its configuration, a whole number.",
            accepts=lambda value: _whole(value, 0, 0xFFFF_FFFF),
            default="0",
            example="0",
        ),
        Option(
            name="interval",
            what="Milliseconds between two values, 80 to 10000; the device keeps it. Without it, as it is set.",
            accepts=lambda value: value == "" or _whole(value, 80, 10_000),
            default="",
            example="80",
        ),
    ),
)
CODECS: Final = (B24, B24_CONNECTED)
