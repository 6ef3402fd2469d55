"""From a jump to results: the number with its recipe, or the reason why there is none. Knows no assessment."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from forcelab.analysis.gate import fast_enough, timeless
from forcelab.analysis.jump.flags import assess_jump
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.metric import JumpMetric
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.model import GRAVITY, Flag, JumpKind, Mark, Result, Trace

LEAST_RATE: Final = 200.0
"""Hz; below it numbers that rest on take-off are not shown. 80 Hz makes a jump by flight time 3 % too low."""

GOOD_RATE: Final = 500.0
"""Hz; below it they are indicative."""


def answers(jump: Jump, names: Iterable[str] = tuple(JUMP_METRICS), *, show_all: bool = False) -> tuple[Result, ...]:
    """The numbers that are asked for, in their order.

    Args:
        jump: as found.
        names: ids from `JUMP_METRICS`.
        show_all: give also what the rate does not carry, marked "below_rate".

    Returns:
        One `Result` a name; None with a reason where there is no number, never NaN.

    Raises:
        KeyError: a name is not in the table.
    """
    flags = assess_jump(jump)
    dropout = next((flag for flag in flags if flag.name == "DROPOUT" and flag.assessed), None)
    return tuple(_answer(JUMP_METRICS[name], jump, dropout, show_all) for name in names)


def _answer(metric: JumpMetric, jump: Jump, dropout: Flag | None, show_all: bool) -> Result:
    trace = jump.trace
    given = jump.weighing is not None and jump.weighing.given
    recipe = metric.recipe(jump.marks.kind, trace.rate, jump.g, jump.box, given=given)

    def missing(why: str) -> Result:
        return Result(metric.id, None, metric.unit, recipe, reason=why)

    lacking = metric.lacking(jump)
    if lacking is not None:
        return missing(lacking)
    withheld = _withheld(metric, trace)
    if withheld is not None and not show_all:
        return missing(withheld)
    if dropout is not None and metric.timed:
        return missing(f"dropout: {dropout.value:.2f} s of samples are missing around the jump")
    with np.errstate(all="ignore"):
        value = metric.compute(jump)
    if value is None or not math.isfinite(value):
        return missing(metric.absent)
    mark: Mark | None = None
    if withheld is not None:
        mark = "below_rate"
    elif metric.indicative or (metric.timed and not fast_enough(trace.rate, GOOD_RATE)):
        mark = "indicative"
    return Result(metric.id, float(value), metric.unit, recipe, mark=mark)


def _withheld(metric: JumpMetric, trace: Trace) -> str | None:
    if not metric.timed:
        return None
    if why := timeless(own_time=trace.own_time, untimed=trace.untimed):
        return why
    if not fast_enough(trace.rate, LEAST_RATE):
        return f"rate: {trace.rate:.0f} Hz does not carry {metric.term} (at least {LEAST_RATE:.0f} Hz)"
    return None


def unanswered(
    names: Iterable[str], kind: JumpKind, rate: float, why: str, *, g: float = GRAVITY, box: float | None = None
) -> tuple[Result, ...]:
    """What is said of a record without a jump: no number, and why.

    >>> unanswered(["jump_height"], "cmj", 1000.0, "no jump found")[0].reason
    'no jump found'
    """
    metrics = [JUMP_METRICS[name] for name in names]
    return tuple(
        Result(metric.id, None, metric.unit, metric.recipe(kind, rate, g, box), reason=why) for metric in metrics
    )
