"""What is said to a person when Bluetooth fails: one or two sentences each, what happened and what to do.

Plain tables, keyed by the names that bleak and the systems themselves give their refusals. Knows no bleak, no device
and no connection; `ble` looks up here what it was told.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple


class Trouble(NamedTuple):
    """What to tell, whether trying again can help, and whether it is another device that should be looked for."""

    sentence: str
    retry: bool = True
    stranger: bool = False


def _here(linux: str, darwin: str, win32: str) -> str:
    return {"darwin": darwin, "win32": win32}.get(sys.platform, linux)


DENIED: Final = Trouble(
    _here(
        linux="The system does not let you use Bluetooth. Run forcelab inside your own desktop session, or ask the "
        "administrator to add you to the group bluetooth.",
        darwin="macOS does not let this program use Bluetooth. Allow it under System Settings, Privacy & Security, "
        "Bluetooth, and start forcelab again.",
        win32="Windows does not let this program use Bluetooth. Allow it under Settings, Privacy & security, Radios, "
        "and start forcelab again.",
    ),
    retry=False,
)
NO_SERVICE: Final = Trouble(
    "The Bluetooth service of this computer is not running. "
    + _here(
        linux='Install the package bluez and start the service with "sudo systemctl start bluetooth".',
        darwin="Switch Bluetooth off and on again.",
        win32='Start the "Bluetooth Support Service", or switch Bluetooth off and on again.',
    )
)
OFF: Final = Trouble("Bluetooth is switched off. Switch it on in the settings of the system.")
NO_ADAPTER: Final = Trouble(
    "This computer has no Bluetooth adapter that can be used. Plug one in, or enable it in the settings of the system."
)
TOO_OLD: Final = Trouble(
    "The Bluetooth adapter of this computer cannot talk to sensors. Plug in one with Bluetooth 4.0 or newer."
)
NOT_READY: Final = Trouble("Bluetooth is not ready yet. Wait a moment, or switch it off and on again.")
BUSY: Final = Trouble(
    "The Bluetooth adapter is busy with another program. Close it, or switch Bluetooth off and on again."
)

OF_SYSTEM: Final[Mapping[str, Trouble]] = {
    # reasons that bleak gives for there being no Bluetooth
    "NO_BLUETOOTH": NO_ADAPTER,
    "NO_BLE_CENTRAL_ROLE": TOO_OLD,
    "POWERED_OFF": OFF,
    "DENIED_BY_USER": DENIED,
    "DENIED_BY_SYSTEM": DENIED,
    "DENIED_BY_UNKNOWN": DENIED,
    "UNKNOWN": NOT_READY,
    # what BlueZ and the message bus of Linux answer with
    "org.bluez.Error.InProgress": BUSY,
    "org.bluez.Error.NotAuthorized": DENIED,
    "org.bluez.Error.NotReady": OFF,
    "org.freedesktop.DBus.Error.AccessDenied": DENIED,
    "org.freedesktop.DBus.Error.AuthFailed": DENIED,
    "org.freedesktop.DBus.Error.NameHasNoOwner": NO_SERVICE,
    "org.freedesktop.DBus.Error.ServiceUnknown": NO_SERVICE,
    "org.freedesktop.DBus.Error.Spawn.ServiceNotFound": NO_SERVICE,
    # asked of an adapter that was unplugged a moment ago, which bleak still remembers
    "org.freedesktop.DBus.Error.UnknownMethod": NO_ADAPTER,
    "org.freedesktop.DBus.Error.UnknownObject": NO_ADAPTER,
    # no socket of the message bus, or one that nobody serves or that is not for us
    "FileNotFoundError": NO_SERVICE,
    "ConnectionRefusedError": NO_SERVICE,
    "PermissionError": DENIED,
}
"""Troubles of this computer, by what it calls them."""


WANTS_PAIRING: Final = frozenset(
    ("insufficient authentication", "insufficient encryption", "insufficient encryption key size", "Not paired")
)
"""What a device answers that must be paired first (Core Specification, Vol 3, Part F, 3.4.1.1), and what BlueZ says."""


def _gone(name: str, _why: str) -> Trouble:
    return Trouble(f"{name} was there a moment ago and is gone. Wake it and hold it closer to the computer.")


def _silent(name: str, _why: str) -> Trouble:
    return Trouble(
        f"{name} does not answer. It may be connected to a phone or tablet: close the app there, wake the sensor and "
        "hold it closer to the computer."
    )


def _stranger(name: str, _why: str) -> Trouble:
    return Trouble(
        f"{name} does not offer what a sensor of its family should. It is another device of that name, or forcelab "
        "does not know its firmware. Switch it off, and on the right one.",
        stranger=True,
    )


def _refused(name: str, why: str) -> Trouble:
    if why in WANTS_PAIRING:
        return Trouble(pairing(name))
    return Trouble(f"{name} refused a command ({why}). Switch it off and on again.")


OF_SENSOR: Final[Mapping[str, Callable[[str, str], Trouble]]] = {
    "TimeoutError": _silent,
    "BleakDeviceNotFoundError": _gone,
    "org.freedesktop.DBus.Error.UnknownObject": _gone,
    "BleakCharacteristicNotFoundError": _stranger,
    "org.bluez.Error.NotSupported": _stranger,  # notifications wanted of a characteristic that has none
    "BleakGATTProtocolError": _refused,
    "org.bluez.Error.NotPermitted": _refused,
}
"""Troubles of one sensor, by the same names: functions of its name and of the system's own words."""


def trouble(called: str, why: str, sensor: str | None) -> Trouble:
    """The sentence for an error.

    Args:
        called: the name that the system, or bleak, gives it.
        why: its own words, for when we have none.
        sensor: name of the sensor that was spoken to; None while scanning.
    """
    if why.startswith("Thread is configured for Windows GUI"):
        return Trouble("Windows delivers no Bluetooth events to this program. Start forcelab by itself.", retry=False)
    if sensor is not None and called in OF_SENSOR:
        return OF_SENSOR[called](sensor, why)
    return OF_SYSTEM.get(called, Trouble(f"Bluetooth failed ({why or called}). Switch Bluetooth off and on again."))


def lost(sensor: str) -> str:
    """The connection ended and nobody had asked for it."""
    return f"The connection to {sensor} was lost. Hold the sensor closer to the computer and check that it is on."


def unheard(sensor: str) -> str:
    """A sensor that only broadcasts was not heard any more when it was to be listened to."""
    return f"{sensor} was heard a moment ago and broadcasts nothing any more. Switch it on and bring it closer."


def pairing(sensor: str) -> str:
    """It wants to be paired, which no known sensor of ours does."""
    return (
        f"{sensor} wants to be paired with this computer. Pair it in the Bluetooth settings of the system, "
        "then connect it again."
    )
