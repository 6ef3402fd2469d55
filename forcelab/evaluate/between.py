"""Left against right in one trial: how unlike they pushed, and which began first. Says nothing about what it means."""

import math
from typing import Final

from forcelab.analysis.between import ASYMMETRY_OF, BETWEEN, ONSET_LAG
from forcelab.analysis.estimate import RefusedError
from forcelab.evaluate.one_clock import ALIGNMENT_RULE, Pair
from forcelab.model import Evaluation, Result

NO_PUSH: Final = "one side has no push in this trial"
UNTRUSTED: Final = "the start of the {side} push cannot be trusted"
NO_CLOCK: Final = "one sensor brought no packet by which its clock could be told"


def between(left: Evaluation, right: Evaluation, both: Pair) -> tuple[Result, ...]:
    """The numbers of one side against the other.

    Args:
        left: one side in one effort.
        right: the other in the same effort.
        both: their records on one clock.

    Returns:
        The asymmetry of each number that both were asked for and that has one, then the lag of onset.
    """
    others = {result.metric: result for result in right.results}
    found = [
        _asymmetry(name, one, others[base])
        for base, name in ASYMMETRY_OF.items()
        for one in left.results
        if one.metric == base and base in others
    ]
    return (*found, _lag(left, right, both))


def _asymmetry(name: str, left: Result, right: Result) -> Result:
    known = BETWEEN[name]
    recipe = f"{known.id}/{known.version} of {left.recipe}"
    if left.recipe != right.recipe:
        recipe = f"{recipe} and {right.recipe}"
    for side, one in (("left", left), ("right", right)):
        if one.value is None:
            return Result(name, None, known.unit, recipe, reason=f"{side}: {one.reason or 'no value'}")
        if one.mark == "rejected":
            return Result(name, None, known.unit, recipe, reason=f"{side}: rejected")
    assert left.value is not None, "just asked"
    assert right.value is not None, "just asked"
    try:
        value = known.compute(right.value, left.value)
        interval = (
            None
            if left.interval is None or right.interval is None
            else (
                known.compute(right.interval[0], left.interval[1]),
                known.compute(right.interval[1], left.interval[0]),
            )
        )
    except RefusedError as refused:
        return Result(name, None, known.unit, recipe, reason=str(refused))
    why = None if interval else left.no_interval or right.no_interval
    mark = left.mark or right.mark
    return Result(name, value, known.unit, recipe, interval=interval, no_interval=why, mark=mark)


def _lag(left: Evaluation, right: Evaluation, both: Pair) -> Result:
    """Onset on the right less onset on the left; its interval holds that of both onsets and the alignment."""
    known = BETWEEN[ONSET_LAG]
    recipe = f"{known.id}/{known.version}; {ALIGNMENT_RULE}; {left.effort.rule if left.effort else 'no onset'}"

    def missing(why: str) -> Result:
        return Result(known.id, None, known.unit, recipe, reason=why)

    if left.effort is None or right.effort is None:
        return missing(NO_PUSH)
    if both.alignment is None and (both.left.clock or both.right.clock):
        return missing(NO_CLOCK)
    for side, one in (("left", left), ("right", right)):
        if one.verdict != "trusted":
            return missing(UNTRUSTED.format(side=side))
    value = both.at(both.right, right.effort.onset) - both.at(both.left, left.effort.onset)
    mine, theirs = left.effort.onset_interval, right.effort.onset_interval
    if mine is None or theirs is None:
        why = left.effort.no_onset_interval or right.effort.no_onset_interval
        clocks = f"; the two clocks alone leave ±{1e3 * both.uncertainty:.0f} ms open" if both.uncertainty else ""
        return Result(known.id, value, known.unit, recipe, no_interval=f"{why}{clocks}" if why else None)
    low = math.hypot(both.uncertainty, right.effort.onset - theirs[0], mine[1] - left.effort.onset)
    high = math.hypot(both.uncertainty, theirs[1] - right.effort.onset, left.effort.onset - mine[0])
    return Result(known.id, value, known.unit, recipe, interval=(value - low, value + high))
