"""What the doubts about an effort or a jump take from its numbers, as the mark that each of them bears.

A number stays what it is: it is recorded and can be looked up. But one that a flag rejects has no interval, since the
doubt is about the curve and not about the instrument. Refuses to know what raises a flag, and gives no verdict.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.jump.flags import JUMP_FLAGS
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.quality import FLAGS
from forcelab.model import Flag, Mark, Result

MARK_RULE: Final = "marks/1"
"""Raised whenever the same flags would mark the same numbers otherwise; part of the rules of an evaluation."""

SHORT: Final = "the push is shorter than the window, part of which is rest"

OF_STAND: Final = frozenset({"NO_WEIGHING", "SHORT_WEIGHING", "RESTLESS_WEIGHING"})
"""Doubts about a jump's body weight itself."""


def of_effort(c: Contraction, results: Iterable[Result], flags: Iterable[Flag]) -> tuple[Result, ...]:
    """The numbers of an effort as its doubts leave them.

    "rejected" is what a raised flag rejects; "indicative" what rests on an onset that the noise sets, and a mean over a
    window that is longer than the push: part of it is rest, so it has no interval either. What the rate does not carry
    and is shown all the same stays "below_rate", unless it is rejected.

    Args:
        c: the effort.
        results: its numbers, with their intervals, before they are related to the body.
        flags: all that was said about it.
    """
    raised = [flag.name for flag in flags if flag.assessed and flag.name in FLAGS]
    noisy = any(FLAGS[name].weakens for name in raised)
    marked = _rejected(tuple(results), [(name, FLAGS[name].rejects) for name in raised], _timed)
    pushed = (c.t.item(-1) if c.effort.release is None else c.effort.release) - c.effort.onset

    def weakened(result: Result) -> Result:
        metric = METRICS.get(result.metric)
        if metric is None or result.value is None or result.mark == "rejected":
            return result
        if not metric.timed and metric.window is not None and pushed < metric.window:
            return _without_interval(result, "indicative", f"no interval: {SHORT}")
        if noisy and metric.timed and result.mark is None:
            return msgspec.structs.replace(result, mark="indicative")
        return result

    return tuple(weakened(result) for result in marked)


def of_jump(results: Iterable[Result], flags: Iterable[Flag]) -> tuple[Result, ...]:
    """The numbers of a jump as its doubts leave them.

    With the stand goes what rests on body weight, with the start what rests on both. Too low a rate rejects nothing
    here: what it does not carry is withheld already, or marked "below_rate".

    Args:
        results: its numbers.
        flags: all that was said about it.
    """
    names = {flag.name for flag in flags if flag.assessed and flag.name in JUMP_FLAGS} - {"RATE_TOO_LOW"}
    raised = [(name, rule.rejects) for name, rule in JUMP_FLAGS.items() if name in names]
    stand = [(name, rejects) for name, rejects in raised if name in OF_STAND]

    def rests_on_start(name: str) -> bool:
        return JUMP_METRICS[name].weighed and JUMP_METRICS[name].timed

    by_start = _rejected(tuple(results), raised, rests_on_start)
    return _rejected(by_start, stand, lambda name: JUMP_METRICS[name].weighed and not JUMP_METRICS[name].timed)


def of_sum(results: Iterable[Result], flags: Iterable[Flag]) -> tuple[Result, ...]:
    """The numbers of the sum of two sensors as doubts about one of the two leave them.

    Args:
        results: of the sum, as its own doubts have left them.
        flags: those that were raised about one sensor.
    """
    raised = [(flag.name, FLAGS[flag.name].rejects) for flag in flags if flag.assessed]
    return _rejected(tuple(results), raised, _timed)


def _timed(name: str) -> bool:
    """Numbers of a hold, which are in another table, do not rest on a fast start."""
    return name in METRICS and METRICS[name].timed


def _rejected(
    results: tuple[Result, ...], raised: Sequence[tuple[str, str]], timed: Callable[[str], bool]
) -> tuple[Result, ...]:
    """The results with the mark "rejected" on those that one of the flags, each with what it rejects, takes away."""
    everything = [name for name, rejects in raised if rejects == "all"]
    of_start = [name for name, rejects in raised if rejects != "none"]
    if not of_start:
        return results

    def judged(result: Result) -> Result:
        by = of_start if timed(result.metric) else everything
        if not by or result.value is None:
            return result
        return _without_interval(result, "rejected", f"no interval: rejected by {', '.join(by)}")

    return tuple(judged(result) for result in results)


def _without_interval(result: Result, mark: Mark, why: str) -> Result:
    """The result marked; where no intervals were asked for nothing is said of their lack."""
    asked = result.interval is not None or result.no_interval is not None
    return msgspec.structs.replace(result, mark=mark, interval=None, no_interval=why if asked else None)
