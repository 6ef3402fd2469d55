"""What a session is to be, decided before it begins: who, which test, which sensor, into which file."""

from dataclasses import dataclass, field
from pathlib import Path

from firmware_protocols import codecs, identify
from firmware_protocols.codec import Codec, Settings
from forcelab.acquisition.link import Found
from forcelab.evaluate import supported
from forcelab.model import Assessment, Role, SetUp, Side


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
    """

    role: Role
    called: str = ""
    capacity: float | None = None
    family: str = ""
    settings: Settings = field(default_factory=dict)

    def codec(self, found: Found) -> Codec | None:
        """The codec to use if this is the sensor that is meant, else None."""
        codec, named = identify(found.advertisement), self._named(found)
        if self.family:
            # Whoever tells name and family knows better than the name: look-alikes and clones go by any.
            told = codecs()[self.family]
            return told if (named if self.called else told.recognises(found.advertisement)) else None
        if codec is None or not self.called:
            return codec
        if self.called in codecs():
            return codec if codec.id == self.called else None
        return codec if named else None

    def _named(self, found: Found) -> bool:
        return self.called.casefold() in (found.address.casefold(), (found.advertisement.name or "").casefold())


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A session to be recorded, with exactly one sensor in this version: `evaluate` takes one trace a trial.

    Attributes:
        participant, operator: codes, never names; the operator may be empty.
        assessment, text: the test, and the TOML text that it was read from.
        sides: in the order in which they are tested.
        trials, practice: how many of each a side.
        rest: between trials, s, if not as long as the assessment says.
        sensors: one; several, each with its role, have their place here but are refused.
        path: the session file; it must not exist.
        set_up: what was measured on the participant, None if nothing was.
        waits_at_end: whether a person must say that the session is over.

    Raises:
        ValueError: there is no sensor, or more than one, or the test cannot be recorded live (see `not_live`).
    """

    participant: str
    assessment: Assessment
    text: str
    sides: tuple[Side, ...]
    trials: int
    sensors: tuple[WantedSensor, ...]
    path: Path
    practice: int = 0
    rest: float | None = None
    operator: str = ""
    set_up: SetUp | None = None
    waits_at_end: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be evaluated before anything is recorded."""
        if len(self.sensors) != 1:
            raise ValueError(f"A session takes one sensor in this version, not {len(self.sensors)}.")
        if reason := not_live(self.assessment):
            raise ValueError(reason)


def not_live(assessment: Assessment) -> str:
    """Why a test cannot be recorded with this version, in one sentence; "" if it can.

    A trial begins when force rises and ends when it is let go. A jump starts from a loaded plate and leaves it empty,
    and a series is many pushes in one record: cut by that rule they would give wrong trials.
    """
    if problems := supported(assessment):
        return f"This test cannot be recorded: {'; '.join(problems)}."
    if assessment.kind == "jump":
        why = "Jumps are not recorded live in this version"
    elif assessment.series:
        why = "Numbers over repetitions need all of them in one record, which is not recorded live in this version"
    else:
        return ""
    return f"{why}: record with the software of the sensor, and evaluate its table with `forcelab analyse`."
