"""A trial with one sensor or with two: the entry by which everybody evaluates.

Two sensors give three evaluations: of their sum, and of each by itself as if it had been alone. What compares times of
the two rests on the alignment of their clocks and says so. Refuses to know how one record becomes numbers.
"""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import msgspec

from forcelab.analysis.quality import FLAGS, verdict
from forcelab.evaluate.apart import apart, nearest
from forcelab.evaluate.between import between
from forcelab.evaluate.doubted import of_sum
from forcelab.evaluate.jumps import evaluate_jumps
from forcelab.evaluate.one_clock import ALIGNMENT_RULE, Pair, pair
from forcelab.evaluate.trial import evaluate_one, strongest, supported
from forcelab.model import Assessment, Effort, Evaluation, Flag, Result, Role, SetUp, Trace, Verdict

SUM_RULE: Final = f"sum of left and right, {ALIGNMENT_RULE}"
"""What the recipe of a number of the sum says beside what all recipes say."""

OF_SENSOR: Final = frozenset({"DISCARDED", "RATE_OFF", "ZERO_DRIFT", "CLIPPED", "DROPOUT"})
"""Doubts that are about one sensor: on the union of the times of two they would be raised falsely, or missed."""

LOST: Final = "SENSOR_LOST"
NO_SUM: Final = "a sensor was lost in the trial, so there is no sum of both"


def evaluate(
    traces: Mapping[Role, Trace],
    assessment: Assessment,
    *,
    set_up: SetUp | None = None,
    onset_at: float | None = None,
    show_all: bool = False,
    intervals: bool = True,
) -> tuple[Evaluation, ...]:
    """All efforts or jumps of one trial with their numbers, flags and verdict.

    Args:
        traces: what each sensor of the trial recorded: one, or a left and a right one at once.
        assessment: which numbers, which onset rule, how long a hold.
        set_up: what was measured on the participant, for torque, numbers per kg, the limb's weight and onset rules by
            body weight.
        onset_at: s on the trace's clock, of two sensors on that of their sum; onset given by hand. Then only the
            effort that follows it is evaluated.
        show_all: give also what the sensor's rate does not carry, marked "below_rate".
        intervals: say of each number how far it may lie off; takes many times as long as the numbers themselves.

    Returns:
        One `Evaluation` an effort, in order; never empty: without an effort it is one with `effort` None, whose
        numbers are None with a reason and whose verdict is "repeat". Of two sensors: one an effort of their sum.

    Raises:
        ValueError: the assessment names what is not known (see `supported`), the traces are not those of one sensor or
            of a left and a right one, or `onset_at` lies outside the record.
    """
    problems = supported(assessment)
    if problems:
        raise ValueError("; ".join(problems))
    if assessment.kind == "jump":
        return evaluate_jumps(
            traces, assessment, set_up=set_up, onset_at=onset_at, show_all=show_all, intervals=intervals
        )
    asked = partial(evaluate_one, assessment=assessment, set_up=set_up, show_all=show_all)
    if len(traces) == 1:
        return asked(next(iter(traces.values())), onset_at=onset_at, intervals=intervals)
    both = pair(traces)
    sides: dict[Role, Trace] = {"left": both.left, "right": both.right}
    alone = {role: asked(trace, intervals=intervals) for role, trace in sides.items()}
    total = asked(both.whole(), onset_at=onset_at, intervals=intervals)
    if any(trace.broken_off for trace in sides.values()):
        return (_without_sum(total[0], sides, alone, both),)
    shifts = (-both.uncertainty, both.uncertainty) if both.uncertainty > 0.0 else ()
    moved = [asked(both.whole(shift), onset_at=onset_at, intervals=False) for shift in shifts]
    return tuple(_with_sides(one, alone, moved, both, held=assessment.kind == "hold") for one in total)


def _with_sides(
    total: Evaluation,
    alone: Mapping[Role, Sequence[Evaluation]],
    moved: Sequence[Sequence[Evaluation]],
    both: Pair,
    *,
    held: bool,
) -> Evaluation:
    """The evaluation of the sum with that of each side in the same effort."""
    parts = {role: _same_effort(total.effort, made, both, role) for role, made in alone.items()}
    total = apart(total, parts, [nearest(total.effort, others) for others in moved])
    doubts = _of_sensors(parts)
    rank = of_sum((total.rank,), doubts) if total.rank else ()
    flags = (*(flag for flag in total.flags if not (flag.assessed and flag.name in OF_SENSOR)), *doubts)
    return msgspec.structs.replace(
        total,
        results=tuple(_of_sum(result) for result in of_sum(total.results, doubts)),
        rank=_of_sum(rank[0]) if rank else None,
        flags=flags,
        verdict=worse(total.verdict, verdict(flag for flag in doubts if not held or FLAGS[flag.name].rejects == "all")),
        parts=parts,
        between=between(parts["left"], parts["right"], both),
        alignment=both.alignment,
    )


def _of_sensors(parts: Mapping[Role, Evaluation]) -> tuple[Flag, ...]:
    """The doubts about each sensor by itself that its sum with the other would hide, one flag a name."""
    said: dict[str, list[tuple[Role, Flag]]] = {}
    for role, part in parts.items():
        for flag in part.flags:
            if flag.assessed and flag.name in OF_SENSOR:
                said.setdefault(flag.name, []).append((role, flag))
    return tuple(
        msgspec.structs.replace(
            found[0][1], sentence=" ".join(f"{role.title()}: {flag.sentence}" for role, flag in found)
        )
        for found in said.values()
    )


def _of_sum(result: Result) -> Result:
    return msgspec.structs.replace(result, recipe=f"{result.recipe}; {SUM_RULE}")


def _same_effort(effort: Effort | None, made: Sequence[Evaluation], both: Pair, role: Role) -> Evaluation:
    """Of one side's efforts the strongest that overlaps with that of the sum; else what is said without one."""
    trace = both.left if role == "left" else both.right
    if effort is None:
        return strongest(made)

    def overlaps(one: Evaluation) -> bool:
        if one.effort is None:
            return False
        starts = both.at(trace, one.effort.onset)
        ends = math.inf if one.effort.release is None else both.at(trace, one.effort.release)
        return starts <= (math.inf if effort.release is None else effort.release) and ends >= effort.onset

    found = [one for one in made if overlaps(one)]
    if found:
        return strongest(found)
    why = f"no push of the {role} side in this effort"
    return _withheld(made[0], why, ())


def _withheld(evaluation: Evaluation, why: str, flags: tuple[Flag, ...]) -> Evaluation:
    """The same without any number."""
    results = tuple(
        msgspec.structs.replace(
            result, value=None, interval=None, no_interval=None, method_range=None, set_up_range=None, mark=None,
            reason=why,
        )
        for result in evaluation.results
    )  # fmt: skip
    return msgspec.structs.replace(
        evaluation, effort=None, results=results, flags=flags, verdict="repeat", rank=None, weighing=None
    )


def _without_sum(
    total: Evaluation, sides: Mapping[Role, Trace], alone: Mapping[Role, Sequence[Evaluation]], both: Pair
) -> Evaluation:
    """What is left of a trial in which a sensor was lost: the other side, if there is one."""
    lost = tuple(
        Flag(LOST, f"The {role} sensor was lost in the trial: {trace.broken_off}")
        for role, trace in sides.items()
        if trace.broken_off
    )
    parts = {
        role: _withheld(alone[role][0], "this sensor was lost in the trial", lost)
        if trace.broken_off
        else strongest(alone[role])
        for role, trace in sides.items()
    }
    empty = _withheld(total, NO_SUM, lost)
    return msgspec.structs.replace(
        empty, results=tuple(_of_sum(result) for result in empty.results), parts=parts, alignment=both.alignment
    )


def worse(one: Verdict, other: Verdict) -> Verdict:
    """The verdict that promises less."""
    order: tuple[Verdict, ...] = ("trusted", "peak_only", "repeat")
    return max(one, other, key=order.index)
