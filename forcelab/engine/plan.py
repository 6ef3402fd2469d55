"""What a session is to be, decided before it begins: who, which test, which sensor, into which file."""

from dataclasses import dataclass
from pathlib import Path

from forcelab.engine.recognition import WantedSensor
from forcelab.evaluate import supported
from forcelab.model import Assessment, SetUp, Side


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
