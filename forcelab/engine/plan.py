"""What a session is to be, decided before it begins: who, which test, which sensor, into which file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from forcelab.engine.recognition import WantedSensor
from forcelab.evaluate import supported
from forcelab.model import Assessment, SetUp, Side


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A session to be recorded, with one sensor or with a left and a right one.

    Attributes:
        participant, operator: codes, never names; the operator may be empty.
        assessment, text: the test, and the TOML text that it was read from.
        sides: in the order in which they are tested.
        trials, practice: how many of each a side.
        rest: between trials, s, if not as long as the assessment says.
        sensors: one, or a left and a right one; in a trial of one limb the other limb's sensor takes no part.
        path: the session file; it must not exist.
        set_up: what was measured on the participant, None if nothing was.
        waits_at_end: whether a person must say that the session is over.

    Raises:
        ValueError: the sensors are neither one nor a left and a right one, or the test cannot be recorded live with
            them (see `not_live`).
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
        if reason := no_such_set(self.sensors) or not_live(self.assessment):
            raise ValueError(reason)
        if len(self.sensors) > 1 and "both" in self.sides and self.assessment.limb_weight.mode == "modelled":
            raise ValueError("The weight of a limb is modelled for one limb, not for two at once: use one sensor.")


def no_such_set(sensors: Sequence[WantedSensor]) -> str:
    """Why these sensors cannot record a session together, in one sentence; "" if they can."""
    roles = [sensor.role for sensor in sensors]
    if len(roles) == 1 or sorted(roles) == ["left", "right"]:
        return ""
    named = " and ".join(roles) or "none"
    return f"A session takes one sensor, or a left and a right one; here there are: {named}."


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
