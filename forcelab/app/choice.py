"""What a person decides before a session begins, and what there is to choose from. Knows no Qt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from forcelab.model import Assessment, SetUp, Side

SIMULATED = "simulated:progressor"
"""Chosen in the place of a sensor's name: a puppet, to try things out without hardware."""


SIMULATED_PAIR = "left=simulated:progressor + right=simulated:progressor"
"""The same with a sensor at each limb; two real ones are written likewise, with their names."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A session as it was chosen.

    Attributes:
        participant, operator: codes, never names; the operator may be empty.
        assessment: its id.
        side: one limb, or "both" in turn (or at once, if the test is of that kind).
        trials, practice: how many a side.
        sensor: as behind `--device`, such as a name or address, "" for whichever known sensor is heard first, or
            `SIMULATED`; of two sensors as in `SIMULATED_PAIR`.
        capacity: N, or None if unknown.
        set_up: what was measured on the participant, None if nothing was.
    """

    participant: str
    operator: str
    assessment: str
    side: Side
    trials: int
    practice: int
    sensor: str
    capacity: float | None
    set_up: SetUp | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose from.

    Attributes:
        assessments: by id.
        problems: sentences to be shown, such as that an assessment of one's own could not be read.
        unclosed: sessions that ended without closing.
        recover: marks one of them as dealt with and gives a sentence about what was found.
        last: the choice to begin with, None for the first time.
        sensors: names of those used before.
    """

    assessments: Mapping[str, Assessment]
    problems: tuple[str, ...] = ()
    unclosed: tuple[Path, ...] = ()
    recover: Callable[[Path], str] = str
    last: Choice | None = None
    sensors: tuple[str, ...] = ()
