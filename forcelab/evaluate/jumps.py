"""From a record of ground force to its jumps, their numbers, doubts and verdict. Knows no efforts and draws nothing."""

from collections.abc import Mapping, Sequence

import msgspec

from forcelab.analysis.estimate import positive
from forcelab.analysis.jump.answers import answers, unanswered
from forcelab.analysis.jump.find import find_jumps, no_jump
from forcelab.analysis.jump.flags import assess_jump, jump_rules, jump_verdict
from forcelab.analysis.jump.interval import JUMP_INTERVAL_RULE, jump_intervals
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.jump.plates import together
from forcelab.analysis.scaling import Body
from forcelab.evaluate.doubted import MARK_RULE, of_jump
from forcelab.evaluate.uncertain import SEED
from forcelab.model import Assessment, Evaluation, Result, Role, SetUp, Trace


def unsupported_jumps(assessment: Assessment) -> list[str]:
    """What an assessment of jumps asks for that this version cannot do, one sentence each; empty if nothing."""
    where = f"assessment {assessment.id}"
    problems = [
        f"{where} names {name!r}, which is no metric of a jump"
        for name in assessment.metrics
        if name not in JUMP_METRICS
    ]
    if assessment.jump is None:
        problems.append(f"{where} does not say which jump it asks for (jump.form)")
    elif assessment.jump.box is not None and assessment.jump.form != "dj":
        problems.append(f"{where} names a box, which only a drop jump has")
    if assessment.series:
        problems.append(f"{where} asks for numbers over repetitions, which jumps do not have")
    return problems


def evaluate_jumps(
    traces: Mapping[Role, Trace],
    assessment: Assessment,
    *,
    set_up: SetUp | None = None,
    onset_at: float | None = None,
    show_all: bool = False,
    intervals: bool = True,
) -> tuple[Evaluation, ...]:
    """All jumps of one record with their numbers, flags and verdict.

    Args:
        traces: one plate under the whole body, whatever its role, or "left" and "right" on the same clock.
        assessment: of kind "jump" and supported.
        set_up: local gravity, and body mass: that counts only where nobody stands still in the record.
        onset_at: refused; the argument is here because efforts have it.
        show_all: give also what the plate's rate does not carry, marked "below_rate".
        intervals: say of each number how far it may lie off; takes some hundred times as long as the numbers.

    Returns:
        One `Evaluation` a jump, in order; never empty: without a jump it is one whose numbers are None with a reason
        and whose verdict is "repeat".

    Raises:
        ValueError: an onset is given, the plates are neither one nor left and right, or body mass or gravity are none.
    """
    if onset_at is not None:
        raise ValueError("an onset cannot be set by hand for a jump: its phases follow from body weight")
    assert assessment.jump is not None, "supported() has asked"
    form, names = assessment.jump, tuple(dict.fromkeys(assessment.metrics))
    place = set_up or SetUp()
    total, g = ground_force(traces), positive(place.gravity, "acceleration of free fall")
    found = find_jumps(
        total,
        form.form,
        sides=traces,
        g=g,
        weight=None if place.body_mass is None else Body(place.body_mass, g).weight,
        box=form.box,
    )
    rules = "; ".join((jump_rules(form.form), *((JUMP_INTERVAL_RULE,) if intervals else ()), MARK_RULE))
    if not found:
        missing = unanswered(names, form.form, total.rate, no_jump(total, form.form), g=g, box=form.box)
        return (Evaluation(None, missing, (), "repeat", rules),)
    return tuple(_evaluation(jump, names, rules, show_all=show_all, intervals=intervals) for jump in found)


def ground_force(traces: Mapping[Role, Trace]) -> Trace:
    """The force under the whole body: that of the one plate, or of the left and the right one together.

    Args:
        traces: by role.

    Raises:
        ValueError: neither one plate nor left and right.
    """
    if len(traces) == 1:
        return next(iter(traces.values()))
    if set(traces) != {"left", "right"}:
        named = ", ".join(traces) or "none"
        raise ValueError(f"a jump is recorded with one plate or with a left and a right one; here there are: {named}")
    return together(traces["left"], traces["right"])


def _evaluation(jump: Jump, names: tuple[str, ...], rules: str, *, show_all: bool, intervals: bool) -> Evaluation:
    flags = assess_jump(jump)
    results = answers(jump, names, show_all=show_all)
    if intervals:
        results = _doubted(jump, results)
    return Evaluation(
        None,
        of_jump(results, flags),
        flags,
        jump_verdict(flags),
        rules,
        jump.marks,
        jump.weighing,
    )


def _doubted(jump: Jump, results: Sequence[Result]) -> tuple[Result, ...]:
    """Each number that is given with its interval, or with the reason why there is none."""
    told = jump_intervals(jump, [result.metric for result in results if result.value is not None], seed=SEED)

    def add(result: Result) -> Result:
        found = told.get(result.metric)
        if isinstance(found, str):
            return msgspec.structs.replace(result, no_interval=found)
        return msgspec.structs.replace(result, interval=found)

    return tuple(add(result) for result in results)
