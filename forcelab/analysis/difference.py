"""Whether a difference between the sides is more than the variation within each: the rules, and the side over time.

Knows two scores and their variation; which formula shows the size of an asymmetry is `asymmetry`'s.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from forcelab.analysis.asymmetry import percent_difference
from forcelab.analysis.distributions import Z95
from forcelab.analysis.estimate import Estimate, RefusedError, positive, sample, strength

Stronger: TypeAlias = Literal["right", "left", "equal"]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an asymmetry is real, by one rule.

    Attributes:
        rule: "variation" or "error".
        real: whether the difference exceeds the limit.
        difference: right against left, + where the right side is stronger, in `unit`.
        limit: what it had to exceed, in `unit`.
        unit: "%" or "N" (or whatever the scores were in).
        formula: of the rule.
        stronger: the stronger side if the asymmetry is real; "equal" says only that no difference could be shown.
        sentence: for people.
    """

    rule: str
    real: bool
    difference: float
    limit: float
    unit: str
    formula: str
    stronger: Stronger
    sentence: str


def limb_cv(trials: Sequence[float]) -> float:
    """Coefficient of variation of one limb: the spread of its trials in percent of their mean.

    Formula: CV = 100 · SD / mean, SD with n − 1. Unit: %.

    Edge cases: refused with fewer than two trials, or if the mean is not above 0. From two or three trials it is a
    rough number.

    Source: usual.

    >>> limb_cv([90.0, 100.0, 110.0])  # SD is 10
    10.0
    """
    row = sample(trials, "trials", 2)
    return 100.0 * float(np.std(row, ddof=1)) / positive(float(row.mean()), "mean of the trials")


def by_variation(right: float, left: float, cv_right: float, cv_left: float) -> Decision:
    """Rule (a): an asymmetry is real if it exceeds the variation within each limb.

    Formula: |%diff| > max(CV_R, CV_L), with the signed percentage difference. Unit: %.

    Edge cases: equal to the limit is not real. Refused if both sides are 0 or a CV is negative.

    Source: a criterion of Exell et al. as cited in Bishop et al. 2016, doi:10.1519/SSC.0000000000000264; that it
    stands for "real" is our judgement.

    >>> by_variation(300.0, 255.0, 4.0, 6.0).real, by_variation(300.0, 285.0, 4.0, 6.0).real  # 15 % and 5 % against 6 %
    (True, False)
    """
    limit = max(strength(cv_right, "CV of the right side"), strength(cv_left, "CV of the left side"))
    difference = percent_difference(right, left)
    return _decide("variation", difference, limit, "%", "|%diff| > max(CV_R, CV_L)")


def by_error(right: float, left: float, sem_right: float, sem_left: float, unit: str = "N") -> Decision:
    """Rule (b), the default: an asymmetry is real if it exceeds what measurement error alone makes in 95 of 100.

    Formula: |R − L| > 1.96 · √(SEM_R² + SEM_L²). Unit: that of the scores.

    Edge cases: equal to the limit is not real. The SEM must be that of the score that is compared: of a mean of
    three trials if that is the score. Refused if both SEM are 0, for then nothing is known about the error.

    Source: the error of a difference of two independent scores; as the rule for "real" it is our judgement.

    >>> found = by_error(300.0, 255.0, 12.0, 16.0)  # √(144 + 256) = 20
    >>> found.real, round(found.limit, 6), found.stronger
    (True, 39.2, 'right')
    """
    error = math.hypot(strength(sem_right, "SEM of the right side"), strength(sem_left, "SEM of the left side"))
    if error == 0.0:
        raise RefusedError("Both SEM are 0: without knowing the error nobody can say whether a difference is real.")
    difference = strength(right, "right side") - strength(left, "left side")
    return _decide("error", difference, Z95 * error, unit, "|R − L| > 1.96 · √(SEM_R² + SEM_L²)")


def _decide(rule: str, difference: float, limit: float, unit: str, formula: str) -> Decision:
    real = abs(difference) > limit
    side: Stronger = "equal" if not real else "right" if difference > 0.0 else "left"
    size = f"{abs(difference):.3g} {unit}, limit {limit:.3g} {unit}"
    by = "the trials vary" if rule == "variation" else "the error"
    sentence = (
        f"The {side} side is stronger by more than {by} ({size})."
        if real
        else f"No difference between the sides can be shown ({size})."
    )
    return Decision(rule, real, difference, limit, unit, formula, side, sentence)


def stronger_sides(rights: Sequence[float], lefts: Sequence[float]) -> tuple[Stronger, ...]:
    """Which side was stronger each time.

    Args:
        rights: scores of the right side, one a session.
        lefts: of the left, of the same sessions.

    Raises:
        RefusedError: not the same number of both, or a score is missing.

    >>> stronger_sides([300, 280], [255, 290])
    ('right', 'left')
    """
    right, left = sample(rights, "scores of the right side", 1), sample(lefts, "scores of the left side", 1)
    if right.size != left.size:
        raise RefusedError(f"There are {right.size} scores of the right side and {left.size} of the left.")
    return tuple("right" if r > l_ else "left" if l_ > r else "equal" for r, l_ in zip(right, left, strict=True))


def same_side(sides: Sequence[Stronger]) -> str:
    """How often the same side was stronger, in words: an asymmetry that changes sides is no finding.

    Formula: n of m, n the count of the side that was stronger most often.

    Edge cases: where both were stronger equally often, says so.

    Source: our judgement.

    >>> same_side(["right", "right", "left"])
    'right side stronger in 2 of 3 sessions'
    """
    right, left, of = sides.count("right"), sides.count("left"), len(sides)
    if not of:
        raise RefusedError("There is no session to look at.")
    if right == left:
        return f"no side stronger more often in {of} {'session' if of == 1 else 'sessions'}"
    side, count = ("right", right) if right > left else ("left", left)
    return f"{side} side stronger in {count} of {of} {'session' if of == 1 else 'sessions'}"


def kappa(first: Sequence[Stronger], second: Sequence[Stronger]) -> Estimate:
    """Cohen's kappa of the stronger side between two occasions (or two metrics), over persons.

    Formula: κ = (p_o − p_e) / (1 − p_e); p_o the share of persons with the same side both times, p_e the share
    expected by chance from how often each side occurs. Unit: 1; 1 is full agreement, 0 is chance.

    Edge cases: refused if every person has the same side both times, for then chance alone agrees fully.

    Source: Cohen 1960, doi:10.1177/001316446002000104 (not verified).

    >>> a = ["right", "right", "left", "left"]
    >>> kappa(a, ["right", "left", "left", "left"]).value  # p_o = 3/4, p_e = 2/4·1/4 + 2/4·3/4 = 1/2
    0.5
    """
    if len(first) != len(second) or not first:
        raise RefusedError("Both occasions must hold the same persons, at least one.")
    count = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / count
    chance = sum(first.count(side) * second.count(side) for side in set(first)) / count**2
    if chance == 1.0:
        raise RefusedError(
            "All persons have the same stronger side both times, so chance cannot be told from agreement."
        )
    return Estimate("kappa", (observed - chance) / (1.0 - chance), "1", "κ = (p_o − p_e) / (1 − p_e)")
