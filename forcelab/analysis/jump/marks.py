"""The nouns of a jump: how it was weighed and when its phases begin. Plain frozen values; computes nothing."""

from typing import Final, Literal, TypeAlias

from forcelab.model import Record

JumpKind: TypeAlias = Literal["cmj", "sj", "dj"]
"""Countermovement jump, squat jump (from a held squat, without a dip), drop jump (from a box)."""

GRAVITY: Final = 9.81
"""m/s², used where the local value is not given."""


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
