"""What a Go Direct device says of itself: the bodies of its replies, read into values and told as `Info`.

Refuses to know when it is asked, and what a measurement looks like.
"""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firmware_protocols.codec import Info, Malformed, Said

_STATUS: Final = struct.Struct("<BxBBHBBHBB")
_SENSOR: Final = struct.Struct("<bxIBB60s32sdddIQIII")
_DEVICE: Final = struct.Struct("<16s16s32sHHBB8s6sI64s")

_CHARGER: Final = ("idle", "charging", "complete", "error")

OVERFLOW: Final = 0x40
_STATUS_BITS: Final = {
    0x01: "a request was not recognised",
    0x02: "a request was ignored",
    0x04: "the converter is not calibrated",
    0x08: "the automatic identification is not calibrated",
    0x10: "an internal error",
    0x20: "another internal error",
    OVERFLOW: "its buffer ran over, so samples were lost",
    0x80: "a change of a digital input was lost",
}


@dataclass(frozen=True, slots=True)
class Sensor:
    """A channel that measures force in N, as the device describes it.

    Attributes:
        number: of the channel, 0 to 31.
        whole: whether it sends integers.
        greatest: N, the greatest amount of its range; None if it tells none.
        fastest, slowest, typical, grain: its periods and their step, in µs.
        excludes: mask of channels that cannot be on together with it.
    """

    number: int
    whole: bool
    greatest: float | None
    fastest: int
    slowest: int
    typical: int
    grain: int
    excludes: int


def text(field: bytes) -> str:
    """Text up to its NUL, with what is no text left out."""
    found = field.split(b"\0", 1)[0].decode("utf-8", "replace")
    return "".join(letter for letter in found if letter.isprintable() and letter != "\ufffd").strip()


def errors(status: int) -> list[Said]:
    """What the bits of a status say, if any is set."""
    told = [meaning for bit, meaning in _STATUS_BITS.items() if status & bit]
    return [Info("errors", "; ".join(told))] if told else []


def status(body: bytes) -> tuple[int, list[Said]]:
    """The status bits; firmware of both processors, battery and charger as they are told."""
    bits, major, minor, build, radio_major, radio_minor, radio_build, battery, charger = _STATUS.unpack(body)
    said: list[Said] = [
        Info("firmware", f"{major}.{minor}.{build}"),
        Info("firmware_radio", f"{radio_major}.{radio_minor}.{radio_build}"),
        Info("battery_percent", battery) if battery <= 100 else Malformed(f"a battery of {battery} %", body),
        Info("charger", _CHARGER[charger] if charger < len(_CHARGER) else str(charger)),
    ]
    return bits, said + errors(bits)


def device(body: bytes) -> list[Said]:
    """Model and serial; the rest of what it tells serves nobody here."""
    code, serial, *_ = _DEVICE.unpack(body)
    told = {"model": text(code), "serial": text(serial), "maker": "Vernier"}
    return [Info(name, value) for name, value in told.items() if value]


def sensor(body: bytes) -> tuple[int, Sensor | None]:
    """The channel that a reply describes (-1 if there is no such channel), and what it is if it measures force in N."""
    number, kind, numeric, mode, _, unit, _, least, greatest, fastest, slowest, typical, grain, excludes = (
        _SENSOR.unpack(body)
    )
    if not 0 <= number < 32:
        return -1, None
    periodic = mode == 0
    if kind == 0 or not periodic or text(unit) != "N":
        return number, None
    most = max(abs(least), abs(greatest))
    return number, Sensor(
        number,
        numeric == 1,
        most if math.isfinite(most) and most > 0.0 else None,
        fastest,
        slowest,
        typical,
        max(grain, 1),
        excludes,
    )


def together(sensors: Sequence[Sensor]) -> tuple[Sensor, ...]:
    """Those that can be on at the same time, the first ones going before."""
    chosen: list[Sensor] = []
    for one in sensors:
        if not any(one.excludes >> other.number & 1 or other.excludes >> one.number & 1 for other in chosen):
            chosen.append(one)
    return tuple(chosen)


def period(sensors: Sequence[Sensor], rate: float) -> int:
    """The period in µs that comes nearest to a rate (Hz) and that all the sensors allow; it never is shorter."""
    grain = max(one.grain for one in sensors)
    fastest = max(one.fastest for one in sensors)
    steps = max(math.ceil(fastest / grain), math.ceil(1e6 / rate / grain - 1e-9), 1)
    slowest = min(one.slowest for one in sensors) // grain
    return grain * (min(steps, slowest) if slowest * grain >= max(fastest, 1) else steps)
