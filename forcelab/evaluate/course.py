"""One client before and after: the change of each score against the error of the test, where one is known.

Knows two summaries of one assessment. That they may be compared at all (person, sensor, rate) is asked before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from forcelab.analysis.change import Change, Sem, change, choose
from forcelab.analysis.definitions import definition
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.published import published_error
from forcelab.analysis.scores import Score, better
from forcelab.evaluate.summary import Summary, base_of
from forcelab.model import Side

OTHER_DEFINITION: Final = "made by different definitions before and after, which are never compared"
NO_DIRECTION: Final = "neither more nor less of this number is an improvement"


@dataclass(frozen=True, slots=True)
class Errors:
    """What is known of the error of a test beside what was published.

    Attributes:
        site: by number, from a retest study of the site itself.
        stable: summaries of the client's own sessions before anything was done.
    """

    site: Mapping[str, Sem] = field(default_factory=dict)
    stable: Sequence[Summary] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """One number of one side before and after.

    Attributes:
        side: which.
        before, after: scores by the same rule.
        delta: after − before in their unit; None if one of them has no value, or they must not be compared.
        percent: of before; None likewise, or if before is not above 0.
        change: against the error of the test; None if none is known.
        why: a sentence or clause in place of `change`, "" with one.
    """

    side: Side
    before: Score
    after: Score
    delta: float | None
    percent: float | None
    change: Change | None
    why: str


def course(before: Summary, after: Summary, assessment: str, errors: Errors = Errors()) -> tuple[Changed, ...]:
    """The change of each number that both sessions computed, side by side.

    Args:
        before: of the earlier session.
        after: of the later one.
        assessment: id of the one assessment of both.
        errors: of the test; the best origin is used, else a published error if there is one.

    Returns:
        In the order of sides and numbers; a verdict only where an error is known.
    """
    return tuple(
        _changed(side, before.sides[side].scores[metric], after.sides[side].scores[metric], assessment, errors)
        for side in before.sides
        if side in after.sides
        for metric in before.sides[side].scores
        if metric in after.sides[side].scores
    )


def _changed(side: Side, before: Score, after: Score, assessment: str, errors: Errors) -> Changed:
    old, new = before.value, after.value
    if old is None or new is None:
        when, missing = ("before", before) if old is None else ("after", after)
        return Changed(side, before, after, None, None, None, f"{when}: {_why(missing)}")
    if (before.recipe, before.rule) != (after.recipe, after.rule):
        return Changed(side, before, after, None, None, None, OTHER_DEFINITION)
    delta = new - old
    percent = 100.0 * delta / old if old > 0.0 else None
    direction = better(base_of(before.metric))
    if direction is None:
        return Changed(side, before, after, delta, percent, None, NO_DIRECTION)
    try:
        sem = _error(side, before, (old + new) / 2.0, assessment, errors)
        return Changed(side, before, after, delta, percent, change(old, new, sem, direction), "")
    except RefusedError as refused:
        return Changed(side, before, after, delta, percent, None, str(refused))


def _why(missing: Score) -> str:
    """Why a score has no value, without the number's own name in it: equal reasons can then be told once."""
    why, known = missing.reason or "it has no value", definition(base_of(missing.metric))
    for name in (missing.metric, known.term if known else missing.metric):
        why = why.replace(name, "this number")
    return why


def _error(side: Side, score: Score, mean: float, assessment: str, errors: Errors) -> Sem:
    """The error by the best origin that there is; a published one is of the mean of both scores.

    That one is looked up last: where it is refused, it must not hide a better one.
    """
    site = errors.site.get(score.metric)
    own = [held.value for one in errors.stable if (held := _held(one, side, score)) and held.value is not None]
    try:
        sem = choose(site, own or None)
    except RefusedError:
        sem = choose(site, own or None, published_error(assessment, score.metric, mean, score.unit))
    return replace(sem, unit=score.unit)  # that of the client's own sessions comes without one


def _held(summary: Summary, side: Side, score: Score) -> Score | None:
    """The score of the same definition in another session."""
    found = summary.sides[side].scores.get(score.metric) if side in summary.sides else None
    return found if found is not None and (found.recipe, found.rule) == (score.recipe, score.rule) else None
