"""The nouns of forcelab: frozen values that rooms hand to each other.

SI throughout: seconds, newtons, hertz; a field whose name ends in `_ns` is in nanoseconds of the host's
`perf_counter_ns`. What is written into the session file is a msgspec struct; what holds arrays is a dataclass.
Here stand what came out of a trial and what the window sees; what is asked stands in `assessment`, what a sensor gave
in `recorded`, the words of all in `terms`. Knows no file, no device, no window and computes nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import msgspec

from forcelab.model.assessment import Assessment, JumpForm, LimbWeight, OnsetRule, Regime, Words
from forcelab.model.recorded import HostClock, Packet, Trace
from forcelab.model.terms import GRAVITY, Array, JumpKind, Kind, Mark, OnsetName, Record, Role, Side, Value, Verdict

__all__ = [
    "GRAVITY",
    "Alignment",
    "Array",
    "Assessment",
    "Baseline",
    "Effort",
    "Environment",
    "Evaluation",
    "Flag",
    "HostClock",
    "JumpForm",
    "JumpKind",
    "JumpMarks",
    "Kind",
    "LimbWeight",
    "LinkState",
    "Mark",
    "OnsetName",
    "OnsetRule",
    "Packet",
    "Phase",
    "Record",
    "Regime",
    "Result",
    "Role",
    "SensorView",
    "SetUp",
    "Side",
    "Trace",
    "TrialView",
    "Value",
    "Verdict",
    "View",
    "Weighing",
    "Words",
]


class Baseline(Record, frozen=True):
    """The quiet window before an effort: mean and sample SD of force in N, start and stop in s."""

    mean: float
    sd: float
    start: float
    stop: float


class Effort(Record, frozen=True):
    """One contraction found in a trace. Times in s on the trace's clock, forces in N.

    `threshold` is the net force at which onset was taken; `rule` names the onset rule; `release` is None when the
    record ends first; `peak` is the largest net sample. `onset_interval`, `no_onset_interval` and `onset_range` are to
    onset what `interval`, `no_interval` and `method_range` are to a result.
    """

    onset: float
    peak_at: float
    release: float | None
    peak: float
    threshold: float
    rule: str
    baseline: Baseline
    onset_interval: tuple[float, float] | None = None
    onset_range: tuple[float, float] | None = None
    no_onset_interval: str | None = None


class Weighing(Record, frozen=True):
    """Body weight and how it was found.

    `weight` in N is the mean of the quiet window, `sd` in N its sample SD (not below the resolution), `start` and
    `stop` in s. `given`: the weight was not measured in this record, so that there is no window (start = stop).
    """

    weight: float
    sd: float
    start: float
    stop: float
    given: bool = False


class JumpMarks(Record, frozen=True):
    """When the phases of one jump begin. Times in s on the trace's clock; None: not in the record.

    Attributes:
        kind: which jump was asked for.
        onset: where force leaves body weight by more than the threshold (drop jump: touch-down from the box).
        start: where integration starts: onset less 30 ms (drop jump: touch-down).
        lowest_velocity: end of unweighting, start of braking (least velocity); None for squat and drop jumps.
        turn: end of braking, start of propulsion (velocity zero); for squat jumps equal to `start`.
        takeoff: feet leave the plate.
        landing: feet meet it again.
        settled: end of landing (velocity zero again).
        threshold: N, force below which the plate counts as empty in this jump.
        residue: N, mean force of the empty plate in flight.
        entry: m/s, velocity at `start`: zero at rest, below zero for drop jumps; None if not known.
        entry_from: what `entry` rests on: "rest", "box" height, or "flight" time.
    """

    kind: JumpKind
    onset: float | None
    start: float | None
    lowest_velocity: float | None
    turn: float | None
    takeoff: float
    landing: float | None
    settled: float | None
    threshold: float
    residue: float
    entry: float | None
    entry_from: Literal["rest", "box", "flight"] | None


class SetUp(Record, frozen=True):
    """What was measured on the participant and the set-up for a trial, or told of them; None: nobody did.

    Attributes:
        body_mass: kg.
        sex: for tables of limb masses.
        lever_arm: m, from the centre of the joint along the limb to the line of force; `lever_arm_error` either way.
        pull_angle: rad, between limb and line of force; `pull_angle_error` either way.
        to_mass: m, from the centre of the joint to the limb's centre of mass.
        gravity: m/s², that of the place.
        involved: the injured side, by which the sides are compared.
    """

    body_mass: float | None = None
    sex: Literal["female", "male"] | None = None
    lever_arm: float | None = None
    lever_arm_error: float = 0.0
    pull_angle: float = math.pi / 2
    pull_angle_error: float = 0.0
    to_mass: float | None = None
    gravity: float = GRAVITY
    involved: Literal["left", "right"] | None = None


class Result(Record, frozen=True):
    """One number, or the reason why there is none.

    Attributes:
        value: in `unit`, None when it is withheld; then `reason` says why.
        interval: 95 % instrument interval for the number as its recipe defines it. None for a number that is withheld,
            where no intervals were asked for, and where there is none; then `no_interval` says why.
        method_range: least and greatest value over the onset rules that the evaluation's rules list; None for numbers
            that rest on no onset, and where onset was given by hand.
        set_up_range: least and greatest value that the errors of lever arm and angle of pull leave open: bounds and no
            confidence interval; None where nothing is turned by a lever or no errors were given.
        recipe: everything that the number depends on besides the trace, in one line; trends join on it.
        mark: "rejected" when a doubt about the trial takes the number away; "indicative" when rate, noise or the length
            of the push only just carry it; "below_rate" when the rate does not and it is shown because everything was
            asked for; else None.
    """

    metric: str
    value: float | None
    unit: str
    recipe: str
    interval: tuple[float, float] | None = None
    method_range: tuple[float, float] | None = None
    reason: str | None = None
    mark: Mark | None = None
    set_up_range: tuple[float, float] | None = None
    no_interval: str | None = None


class Flag(Record, frozen=True):
    """A doubt about a trial: what was seen against which limit (`unit`), and what to do about it.

    `assessed` is False when what the rule needs is missing: then it is not a doubt but a gap, and is told as one.
    """

    name: str
    sentence: str
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    assessed: bool = True


class Alignment(Record, frozen=True):
    """How well the sensors of one trial are on one clock.

    Attributes:
        uncertainty: s by which the times of two of them may be apart; it holds 97 % of what is possible.
        clocks: of each role, how its clock stands to the host's.
    """

    uncertainty: float
    clocks: dict[Role, HostClock]


class Evaluation(Record, frozen=True):
    """What `evaluate` makes of one effort or jump: its marks, its numbers, its doubts and the verdict they lead to.

    `rules` is to marks, flags, intervals and ranges what a recipe is to a number; "" in sessions from before it was
    recorded. `jump` are the marks of a jump, whose `effort` is None; `weighing` is of who stands on the sensor. `rank`
    is the force by which the scores of fast numbers rank the trials, where it is not among the results; never shown.

    Of two sensors at once it is about their sum, on a clock that starts with the later of them; `parts` is about each
    by itself, on its own clock, `between` are numbers of one against the other, and `alignment` is what those that
    compare times rest on.
    """

    effort: Effort | None
    results: tuple[Result, ...]
    flags: tuple[Flag, ...]
    verdict: Verdict
    rules: str = ""
    jump: JumpMarks | None = None
    weighing: Weighing | None = None
    rank: Result | None = None
    parts: dict[Role, "Evaluation"] = msgspec.field(default_factory=dict)
    between: tuple[Result, ...] = ()
    alignment: Alignment | None = None


class Environment(Record, frozen=True):
    """What the last bits of a number may depend on."""

    forcelab: str
    python: str
    numpy: str
    platform: str


Phase: TypeAlias = Literal[
    "connecting", "zeroing", "ready", "armed", "effort", "releasing", "resting", "review", "interrupted", "done"
]
LinkState: TypeAlias = Literal["absent", "connecting", "greeting", "ready", "lost", "refused"]


@dataclass(frozen=True, slots=True)
class SensorView:
    """What the window shows of one sensor. `sentence` is for people: what is going on and what to do.

    `warning` is what should be done soon, in sentences; `about` is what else the sensor has told of itself, as (name,
    value) in words for people; `status` tells what the support of its family rests on.
    """

    name: str
    family: str
    state: LinkState
    sentence: str = ""
    battery: str = ""
    warning: str = ""
    about: tuple[tuple[str, str], ...] = ()
    status: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class TrialView:
    """A finished trial as the window shows it; `trace` and `evaluation` are the recorded ones, not the preview.

    `trial` is its number in the session, `number` that among the trials of its side. Of two sensors at once `trace` is
    their sum, and `parts` are the same trial by each of them.
    """

    trial: int
    number: int
    side: Side
    practice: bool
    stopped: str
    evaluation: Evaluation | None
    trace: Trace | None
    excluded: bool = False
    parts: tuple["TrialView", ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Everything the window needs, frozen: replaced whole by the engine, asked for by the window.

    Forces are N above the recorded zero and are a preview: `force` of all sensors that take part together, `forces` of
    each. `remaining` is s left in this phase, None if open-ended.
    """

    phase: Phase
    assessment: Assessment | None = None
    participant: str = ""
    side: Side | None = None
    number: int = 0
    trials_wanted: int = 0
    practice: bool = False
    force: float | None = None
    peak: float | None = None
    remaining: float | None = None
    sensors: tuple[SensorView, ...] = ()
    trials: tuple[TrialView, ...] = ()
    problem: str = ""
    saved_as: str = ""
    forces: Mapping[Role, float] = field(default_factory=dict)
