"""What a person wrote after `--device`: which sensor, in which role, set how. Looks for no sensor."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from firmware_protocols import codecs
from firmware_protocols.codec import NO_SETTINGS, Codec, Ready, Settings
from forcelab.acquisition.scale import in_counts, scaleless
from forcelab.engine import KnownSensor, WantedSensor
from forcelab.journal import Kept
from forcelab.model import Role

SIMULATED: Final = "simulated"
SYNTAX: Final = "[ROLE=][FAMILY:|simulated:]NAME[,OPTION=VALUE...]"


class DeviceError(ValueError):
    """It makes no sense; `str()` is a sentence."""


@dataclass(frozen=True, slots=True)
class AskedDevice:
    """One sensor as it was asked for.

    Attributes:
        role: what it measures.
        family: the id of its family, "" if that was left to what the sensor calls itself.
        called: its name or address, "" for any.
        simulated: whether it is to be played; then `family` is named.
        settings: what was chosen for it, complete; empty where no family was named.
    """

    role: Role = "total"
    family: str = ""
    called: str = ""
    simulated: bool = False
    settings: Settings = field(default_factory=dict)

    def wanted(
        self, capacity: float | None, known: Sequence[KnownSensor], calibrations: tuple[Kept, ...] = ()
    ) -> WantedSensor:
        """What the search for sensors is to look for; a simulated one is found among no others.

        Args:
            capacity: N, as the user told it, or None.
            known: sensors used before.
            calibrations: checks of sensors.
        """
        before = () if self.simulated else tuple(known)
        return WantedSensor(self.role, self.called, capacity, self.family, self.settings, before, calibrations)


def asked_device(text: str, known: Sequence[KnownSensor] = ()) -> AskedDevice:
    """Read `SYNTAX`, where the id of a family may stand for NAME: any sensor of that family.

    Args:
        text: what the person wrote.
        known: sensors used before, whose family need not be named again.

    >>> asked_device("left=progressor:Progressor_4711")
    AskedDevice(role='left', family='progressor', called='Progressor_4711', simulated=False, settings={})

    Raises:
        DeviceError: it is not of that form, or names what is not known.
    """
    head, *pairs = text.split(",")
    role, equals, named = head.partition("=")
    if not equals:
        role, named = "total", head
    if role not in ("left", "right", "total"):
        raise DeviceError(f"A sensor can be left, right or total, not {role!r}.")
    before, colon, rest = named.partition(":")
    if simulated := bool(colon) and before == SIMULATED:
        family, called = rest, ""
    elif colon and before in codecs():
        family, called = before, rest
    else:
        family, called = (named, "") if named in codecs() else ("", named)
        if pairs and not family:
            folded = called.casefold()
            family = next((one.family for one in known if folded in (one.name.casefold(), one.address.casefold())), "")
    settings = _settings(pairs, family, simulated=simulated)
    if family and not (codec := family_codec(family)).live:
        raise DeviceError(f"{codec.family} is read from captures only, see `forcelab decode`: {codec.status}.")
    return AskedDevice(role, family, called, simulated, settings)  # type: ignore[arg-type] # one of the three, as just asked


def without_force(asked: AskedDevice) -> str:
    """Why this sensor could give no force as it is set: a sentence, "" where it could or where nobody knows yet."""
    if not asked.family:
        return ""
    codec = family_codec(asked.family)
    readies = [said for said in codec.dialogue(asked.settings).open() if isinstance(said, Ready)]
    return scaleless(asked.called, codec) if any(in_counts(ready) for ready in readies) else ""


def family_codec(family: str) -> Codec:
    """The codec of a family.

    Raises:
        DeviceError: there is none of this id.
    """
    codec = codecs().get(family)
    if codec is None:
        raise DeviceError(f"No sensor family is called {family!r}. Known are: {', '.join(codecs())}.")
    return codec


def read_settings(pairs: Sequence[str]) -> Settings:
    """Settings from pairs OPTION=VALUE.

    Raises:
        DeviceError: one is no such pair, or an option comes twice.
    """
    settings: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not equals or not name:
            raise DeviceError(f"An option of a sensor is written OPTION=VALUE, not {pair!r}.")
        if name in settings:
            raise DeviceError(f"The option {name!r} is given twice.")
        settings[name] = value
    return settings


def _settings(pairs: Sequence[str], family: str, *, simulated: bool) -> Settings:
    chosen = read_settings(pairs)
    if not family and not simulated:
        if chosen:
            raise DeviceError("What options a sensor has, its family says: name it, as in FAMILY:NAME,OPTION=VALUE.")
        return NO_SETTINGS
    codec = family_codec(family)
    if simulated:
        chosen = {**codec.examples, **chosen}
    try:
        return codec.chosen(chosen)
    except ValueError as error:
        raise DeviceError(str(error)) from error
