"""The shape of a jump's metric, and the table of what a record may have to hold for one.

Like `analysis/metric.py`, but computed from a `Jump`, defined for some kinds of jump only, and with its needs as names
in a table, so that a number that is missing tells by itself what the record lacked.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from forcelab.analysis.gate import rate_class
from forcelab.analysis.jump.flight import FLIGHT_RULE
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.onset import ONSET_RULE
from forcelab.analysis.jump.weighing import WEIGHING_RULE
from forcelab.model import JumpKind

ALL: Final[tuple[JumpKind, ...]] = ("cmj", "sj", "dj")
STANDING: Final[tuple[JumpKind, ...]] = ("cmj", "sj")
KIND_NAMES: Final[Mapping[JumpKind, str]] = {
    "cmj": "countermovement jump",
    "sj": "squat jump",
    "dj": "drop jump",
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that a record must hold: in words, whether a jump has it, and the reason given when it has not."""

    words: str
    met: Callable[[Jump], bool]
    reason: str


REQUIREMENTS: Final[Mapping[str, Requirement]] = {
    "weight": Requirement(
        "a quiet stand in which body weight is read",
        lambda jump: jump.weighing is not None,
        "nobody stands still on the plate for long enough to be weighed",
    ),
    "stand": Requirement(
        "a quiet stand in the record",
        lambda jump: jump.weighing is not None and not jump.weighing.given,
        "nobody stands still on the plate for long enough to be weighed",
    ),
    "motion": Requirement(
        "a known velocity at the start of the movement",
        lambda jump: jump.motion is not None,
        "the movement's start was not found, or the velocity at it is not known",
    ),
    "independent": Requirement(
        "a velocity at the start that does not rest on flight time",
        lambda jump: jump.marks.entry_from != "flight",
        "without the height of the box this would only repeat the flight time",
    ),
    "dip": Requirement(
        "a downward movement before the push",
        lambda jump: jump.marks.lowest_velocity is not None,
        "no downward movement was found before the push",
    ),
    "turn": Requirement(
        "a moment at which velocity turns upward",
        lambda jump: jump.marks.turn is not None,
        "velocity never turns upward before take-off",
    ),
    "landing": Requirement(
        "a landing on the plate",
        lambda jump: jump.marks.landing is not None,
        "no landing in the record",
    ),
    "peak": Requirement(
        "a peak of force after touch-down",
        lambda jump: jump.landing_peak is not None,
        "the record ends before force peaks after landing",
    ),
    "settled": Requirement(
        "a landing that comes to rest",
        lambda jump: jump.marks.settled is not None,
        "the record ends before the landing comes to rest",
    ),
    "sides": Requirement(
        "two plates",
        lambda jump: "left" in jump.sides and "right" in jump.sides,
        "one plate does not tell left from right",
    ),
}
"""What metrics may need. Order matters: the first one that is not met is the reason given."""


@dataclass(frozen=True, slots=True)
class JumpMetric:
    """One number that can be asked of a jump.

    Attributes:
        id: the name in assessments, files and exports.
        version: raised whenever the same jump would give another value.
        term: the name for people.
        unit: SI.
        formula: in symbols: F force, BW body weight, m mass, v velocity, s displacement; t_0 start of integration,
            t_on onset, t_v least velocity, t_s turn, t_to take-off, t_ld landing, t_f flight time.
        kinds: the jumps for which it is defined.
        requires: names from `REQUIREMENTS`.
        source: author, year, DOI; what nobody checked against the paper says so.
        absent: the reason given when all that is required is there and there is no number all the same.
        compute: the number in `unit`, or None.
        define: the function whose docstring is the definition.
        timed: whether it rests on time stamps near take-off or onset, and so on the sampling rate.
        indicative: whether it is a rough number at any rate.
        caution: what must be told with it, or "".
    """

    id: str
    version: int
    term: str
    unit: str
    formula: str
    kinds: tuple[JumpKind, ...]
    requires: tuple[str, ...]
    source: str
    absent: str
    compute: Callable[[Jump], float | None]
    define: Callable[..., object]
    timed: bool = True
    indicative: bool = False
    caution: str = ""

    @property
    def definition(self) -> str:
        """The whole definition with its example: the docstring of the function that computes it."""
        return inspect.getdoc(self.define) or ""

    @property
    def needs(self) -> tuple[str, ...]:
        """What a record must hold, in words."""
        return tuple(REQUIREMENTS[name].words for name in self.requires)

    @property
    def weighed(self) -> bool:
        """Whether body weight enters it."""
        return any(name in self.requires for name in ("weight", "stand", "motion", "dip", "turn", "settled"))

    def lacking(self, jump: Jump) -> str | None:
        """Why this jump cannot have the number; None if it can."""
        if jump.marks.kind not in self.kinds:
            return f"not defined for a {KIND_NAMES[jump.marks.kind]}"
        return next((need.reason for name, need in REQUIREMENTS.items() if name in self.requires
                     and not need.met(jump)), None)  # fmt: skip

    def recipe(self, kind: JumpKind, rate: float, g: float, box: float | None = None, *, given: bool = False) -> str:
        """Everything that the number depends on besides the trace, in one line; equal lines, equal definitions.

        Args:
            kind: which jump.
            rate: Hz.
            g: m/s².
            box: m.
            given: whether body weight was given and not read from the record.
        """
        parts = [f"{self.id}/{self.version}", kind, FLIGHT_RULE]
        if self.weighed:
            parts += ["body weight as given" if given else WEIGHING_RULE, ONSET_RULE, f"g={g:g}"]
            if kind == "dj":
                parts.append("entry from flight time" if box is None else f"entry from a box of {box:g} m")
        elif self.unit in {"m", "m/s"}:
            parts.append(f"g={g:g}")
        if self.timed:
            parts.append(rate_class(rate))
        return "; ".join(parts)
