"""What the Bluetooth SIG has settled for all devices: battery level and device information.

Both are read, not notified, and a device may have any part of them or none. Refuses to know any family.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from firmware_protocols.codec import Ask, Characteristic, Info, Malformed, Read, Said, Service, UnsupportedCommand


def uuid(short: int) -> str:
    """The full form of a UUID of 16 bits.

    >>> uuid(0x2A19)
    '00002a19-0000-1000-8000-00805f9b34fb'
    """
    return f"0000{short:04x}-0000-1000-8000-00805f9b34fb"


BATTERY_LEVEL: Final = uuid(0x2A19)
SERIAL: Final = uuid(0x2A25)
FIRMWARE: Final = uuid(0x2A26)
_TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        uuid(0x2A24): "model",
        SERIAL: "serial",
        FIRMWARE: "firmware",
        uuid(0x2A27): "hardware",
        uuid(0x2A28): "software",
        uuid(0x2A29): "maker",
    }
)
_ABOUT: Final[Mapping[str, str]] = MappingProxyType({"battery": BATTERY_LEVEL, "firmware": FIRMWARE, "id": SERIAL})

GREETING: Final[tuple[Said, ...]] = tuple(Read(one) for one in (BATTERY_LEVEL, *_TEXTS))
"""Reads of all that a device may tell of itself; what it has not, tells nothing."""


def reads(ask: Ask) -> list[Said]:
    """The reading that answers a question.

    Raises:
        UnsupportedCommand: no standard characteristic does.
    """
    if ask.about not in _ABOUT:
        raise UnsupportedCommand(f"no standard characteristic tells {ask.about}")
    return [Read(_ABOUT[ask.about])]


def told(characteristic: str, data: bytes) -> list[Said]:
    """What the value of a standard characteristic tells; `Malformed` for any other characteristic."""
    if characteristic == BATTERY_LEVEL:
        if len(data) == 1 and data[0] <= 100:
            return [Info("battery_percent", data[0])]
        return [Malformed("a battery level that is no percentage", data)]
    if characteristic in _TEXTS:
        text = data.split(b"\0", 1)[0].decode("utf-8", "replace").strip()
        return [Info(_TEXTS[characteristic], text)] if text else []
    return [Malformed(f"nothing is expected from {characteristic}", data)]


def battery_service(percent: int) -> Service:
    """The battery of a puppet."""
    return Service(uuid(0x180F), (Characteristic(BATTERY_LEVEL, frozenset({"read"}), bytes([percent])),))
