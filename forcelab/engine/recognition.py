"""Which of the devices in range is the sensor that is meant, and of which family it is.

What a person said goes before what is remembered, and that before what a device calls itself. Where a name fits several
families, one after the other is tried: of a wrong one the frames make no sense. What cannot be decided so is asked, in
a sentence. Opens nothing and hears no frame itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from firmware_protocols import candidates, codecs, surest
from firmware_protocols.codec import Codec, Settings
from forcelab.acquisition.link import Found
from forcelab.journal import Kept
from forcelab.model import Role

OWN_FIRST: Final = 3.0
"""s for which only sensors are taken that were used before, where any would do: a neighbour's may be heard first."""
NAMELESS: Final = 1.0
"""s for which a device without a name is passed over: the name often comes apart from the rest, and tells more."""


@dataclass(frozen=True, slots=True)
class KnownSensor:
    """A sensor that was used before, and what was said of it then.

    `family` is the id of its codec, `capacity` in N, None if unknown.
    """

    address: str
    name: str
    family: str
    settings: Settings = field(default_factory=dict)
    capacity: float | None = None

    def is_it(self, found: Found) -> bool:
        """Whether this is heard: by its address, or by its name, since some systems change addresses."""
        return found.address == self.address or (bool(self.name) and found.advertisement.name == self.name)


@dataclass(frozen=True, slots=True)
class WantedSensor:
    """Which sensor is to play which role.

    Attributes:
        role: what it measures.
        called: name or address of the sensor as the user gave it, or a codec's id for any sensor of that family;
            empty for whichever known sensor is heard first.
        capacity: N, as the user told it, or None.
        family: the id of its family, as the user told it; then `called`, if anything, is its name or address.
        settings: what the user chose for it; it takes a family that is told.
        known: sensors used before, the last one first; where neither name nor family is told, they are looked for
            first.
        calibrations: checks of any sensors; the last one of the sensor that is found is named in the session.
    """

    role: Role
    called: str = ""
    capacity: float | None = None
    family: str = ""
    settings: Settings = field(default_factory=dict)
    known: tuple[KnownSensor, ...] = ()
    calibrations: tuple[Kept, ...] = ()

    @property
    def any_of(self) -> str:
        """The family of which any sensor will do, "" if one sensor is meant or none at all."""
        if self.called:
            return self.called if self.called in codecs() else ""
        return self.family

    def named(self, found: Found) -> bool:
        """Whether it is called what the user said."""
        names = (found.address.casefold(), (found.advertisement.name or "").casefold())
        return not self.any_of and bool(self.called) and self.called.casefold() in names


@dataclass(frozen=True, slots=True)
class Recognised:
    """A device that will do, and how to speak with it.

    Attributes:
        codec: its family.
        settings: every option of it.
        capacity: N, None if unknown.
        maybe: other families that it may be of as well.
    """

    codec: Codec
    settings: Settings
    capacity: float | None
    maybe: tuple[Codec, ...] = ()

    @property
    def as_set(self) -> Codec:
        """Its codec, whose dialogues go by the settings."""
        return self.codec.set_to(self.settings)

    def doubt(self, name: str) -> str:
        """What to do where it may be of another family, in a sentence; "" if nothing."""
        if not self.maybe:
            return ""
        others = " or ".join(codec.family for codec in self.maybe)
        return f"{name} may as well be: {others}. If its numbers make no sense, say so: {_say(self.maybe[0], name)}."


class Recognition:
    """The search for one sensor.

    Args:
        wanted: which one.
        now: the host's clock, ns.

    Attributes:
        problem: a sentence for people where the sensor that is meant was heard but cannot be used; else "".
    """

    def __init__(self, wanted: WantedSensor, now: Callable[[], int]) -> None:
        self._wanted, self._now = wanted, now
        self._began: int | None = None
        self._strangers: set[tuple[str, str]] = set()
        self.problem = ""

    def look(self, found: Found) -> Recognised | None:
        """What to do with a device that was heard; None if it is to be passed over."""
        self._began = self._now() if self._began is None else self._began
        wanted = self._wanted
        named = wanted.named(found)
        if wanted.called and not wanted.any_of and not named:
            return None
        if named and wanted.family:
            # Whoever tells name and family knows better than the name: look-alikes and clones go by any.
            return self._as(codecs()[wanted.family], wanted.settings)
        known = next((one for one in wanted.known if one.is_it(found) and one.family in codecs()), None)
        if known is not None and wanted.any_of in ("", known.family):
            return self._known(known)
        seconds = (self._now() - self._began) * 1e-9
        early = found.advertisement.name is None and seconds < NAMELESS
        if not named and (early or (wanted.known and not wanted.any_of and seconds < OWN_FIRST)):
            return None
        return self._by_itself(found, named=named)

    def stranger(self, found: Found, codec: Codec) -> None:
        """It was connected to, and what it sent made no sense in this family."""
        self._strangers.add((found.address, codec.id))
        self.problem = f"{_name(found)} is not what it seemed to be: nothing that it sends belongs to {codec.family}."

    def _known(self, known: KnownSensor) -> Recognised:
        codec = codecs()[known.family]
        try:
            settings = codec.chosen({**known.settings, **self._wanted.settings})
        except ValueError:  # an option that has gone since then
            settings = codec.chosen(self._wanted.settings)
        return self._as(codec, settings, known.capacity)

    def _by_itself(self, found: Found, *, named: bool) -> Recognised | None:
        """Go by what the device calls itself."""
        families = [one for one in candidates(found.advertisement) if self._wanted.any_of in ("", one.id)]
        possible = [one for one in families if (found.address, one.id) not in self._strangers]
        if families and not possible:  # each was tried; what a radio says of a device may be better the next time
            self._strangers = {pair for pair in self._strangers if pair[0] != found.address}
            possible = families
        if not possible:
            if named and not self.problem:
                self.problem = (
                    f"{_name(found)} is in range, but no family knows it by its name: say which it is, as in "
                    f"{_say(next(iter(codecs().values())), _name(found))}. `forcelab devices` lists them."
                )
            return None
        if not (named or self._wanted.any_of or any(one.sure(found.advertisement) for one in possible)):
            return None  # a guess: somebody has to say that it is one of these
        sure = surest(found.advertisement, possible)
        first = sure or possible[0]
        others = () if sure else tuple(possible[1:])
        settings = self._wanted.settings if self._wanted.family == first.id else {}
        return self._as(first, settings, maybe=others)

    def _as(
        self,
        codec: Codec,
        settings: Settings,
        capacity: float | None = None,
        maybe: tuple[Codec, ...] = (),
    ) -> Recognised:
        self.problem = ""
        return Recognised(codec, codec.chosen(settings), self._wanted.capacity or capacity, maybe)


def _name(found: Found) -> str:
    return found.advertisement.name or found.address


def _say(codec: Codec, name: str) -> str:
    """What to write for a sensor of this family and name."""
    return f"{codec.id}:{name}"
