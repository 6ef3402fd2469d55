"""Left against right by one number: how unlike they are, each formula by its name, and whether that is beyond error.

Knows two scores of one session. Says nothing about what an asymmetry means.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from forcelab.analysis.asymmetry import compare
from forcelab.analysis.change import Sem
from forcelab.analysis.difference import Decision, by_error, by_variation, limb_cv
from forcelab.analysis.estimate import Estimate, RefusedError
from forcelab.analysis.published import published_error
from forcelab.analysis.ratios import CutOff, cut_offs
from forcelab.analysis.scores import Score

LSI_FORMULA: Final = "LSI = 100 × left / right"
"""Where nobody said which side is injured: the same quotient, with the sides named."""

BAI_FORMULA: Final = "BAI-1 = 100 × (right − left) / (right + left)"

UNKNOWN_ERROR: Final = (
    "No retest error is known for this test here: nothing can be said about a real difference between the sides."
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Left and right by one number.

    Attributes:
        lsi: limb symmetry index in %, its formula with the sides that stand in it; None if it does not exist.
        asymmetries: the other formulas that fit sides tested each by itself.
        error: of one score, with its origin; None if none is known.
        decision: whether the difference exceeds that error; None without one.
        why: a sentence in place of a decision, "" with one.
        variation: the difference against how much the trials of each side vary among themselves, which is less than
            from day to day; None with fewer than two a side.
        cut_offs: what is published for the LSI in this assessment; no judgement on these two scores.
    """

    lsi: Estimate | None
    asymmetries: tuple[Estimate, ...]
    error: Sem | None
    decision: Decision | None
    why: str
    variation: Decision | None
    cut_offs: tuple[CutOff, ...]


@dataclass(frozen=True, slots=True)
class Limb:
    """One side by one number: its score and the values of the trials that count."""

    score: Score
    values: tuple[float, ...]


def compare_sides(
    left: Limb | None,
    right: Limb | None,
    assessment: str,
    *,
    involved: Literal["left", "right"] | None,
    error: Sem | None,
    at_once: bool = False,
) -> Comparison | None:
    """The sides compared by two scores of the same rule and recipe.

    Args:
        left: the left side.
        right: the right side.
        assessment: its id, for cut-offs and published errors.
        involved: the injured side; then the LSI is by that, else left over right.
        error: of one score by a retest; else a published one is looked up.
        at_once: whether both sides pushed in the same trials, where other formulas fit.

    Returns:
        None if a side has no score, or the two were made by different definitions.
    """
    if left is None or right is None or left.score.value is None or right.score.value is None:
        return None
    if (left.score.recipe, left.score.rule) != (right.score.recipe, right.score.rule):
        return None
    one, other, unit = left.score.value, right.score.value, left.score.unit
    try:
        # What is published of a test of both at once is the error of their sum.
        if error is None and not at_once:
            error = published_error(assessment, left.score.metric, (one + other) / 2.0, unit)
        decision = by_error(other, one, error.value, error.value, unit) if error else None
        why = "" if decision else UNKNOWN_ERROR
    except RefusedError as refused:
        decision, why = None, str(refused)
    return Comparison(
        lsi=_lsi(one, other, involved),
        asymmetries=_of_both(other, one)
        if at_once
        else tuple(filter(None, (_estimate(name, other, one) for name in ("percent_difference", "bsa")))),
        error=error,
        decision=decision,
        why=why,
        variation=_variation(left, right, other, one),
        cut_offs=cut_offs("lsi", (assessment,)),
    )


def _of_both(right: float, left: float) -> tuple[Estimate, ...]:
    """BAI-1 with right and left in the places of the dominant and the other side."""
    found = _estimate("bai_1", right, left)
    return () if found is None else (replace(found, formula=BAI_FORMULA),)


def _variation(left: Limb, right: Limb, at_right: float, at_left: float) -> Decision | None:
    try:
        return by_variation(at_right, at_left, limb_cv(right.values), limb_cv(left.values))
    except RefusedError:
        return None


def _lsi(left: float, right: float, involved: Literal["left", "right"] | None) -> Estimate | None:
    if involved is None:
        found = _estimate("lsi", left, right)
        return replace(found, formula=LSI_FORMULA) if found is not None else None
    found = _estimate("lsi", *((left, right) if involved == "left" else (right, left)))
    return replace(found, formula=f"{found.formula}, I the {involved} side") if found is not None else None


def _estimate(name: str, first: float, second: float) -> Estimate | None:
    try:
        return compare(name, first, second)
    except RefusedError:
        return None
