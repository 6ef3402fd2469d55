"""Whether two ways to measure may stand for each other: bias and limits of agreement after Bland and Altman.

Knows pairs of values, one pair a person. Which of the two is right, and how wide limits may be, is for people to say.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from forcelab.analysis.distributions import Z95, t_quantile
from forcelab.analysis.estimate import Estimate, RefusedError, Table, sample, settled

SeRule: TypeAlias = Literal["approximate", "exact"]

SE_RULES: Final[dict[SeRule, str]] = {
    "approximate": "SE(limit) = SD · √(3 / n)",
    "exact": "SE(limit) = SD · √(1 / n + m² / (2 (n − 1)))",
}
"""Rule -> formula of the standard error of a limit of agreement, m its multiple of SD."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Bland–Altman of the differences first − second.

    Attributes:
        n: pairs.
        bias: mean difference with its t interval.
        sd: of the differences.
        lower: lower limit of agreement with its t interval.
        upper: upper limit, likewise.
        prediction: where the next difference lies at this level, by t: wider than the limits for small n.
        prediction_formula: of it.
        slope: of the differences on the means of the pairs, with its t interval; None if all means are equal.
        proportional: whether that interval leaves out 0: the difference grows or shrinks with size.
        advice: a sentence where the limits should not be used as they are, or None.
    """

    n: int
    bias: Estimate
    sd: float
    lower: Estimate
    upper: Estimate
    prediction: tuple[float, float]
    prediction_formula: str
    slope: Estimate | None
    proportional: bool
    advice: str | None


def bland_altman(
    first: Sequence[float] | ArrayLike,
    second: Sequence[float] | ArrayLike,
    unit: str = "N",
    *,
    multiple: float = Z95,
    se: SeRule = "exact",
    level: float = 0.95,
) -> Agreement:
    """Bias and limits of agreement of paired values.

    Formula: d = first − second; bias = mean d ± t·SD / √n; limits = bias ± m · SD with m = 1.96, each ± t · SE(limit),
    SE(limit) = SD · √(1 / n + m² / (2 (n − 1))) ("exact") or SD · √(3 / n) ("approximate"), t with n − 1 degrees of
    freedom; prediction = bias ± t · SD · √(1 + 1 / n); proportional bias: slope of d on the pairs' means ± t · SE with
    n − 2 degrees of freedom. Unit: that of the values; of the slope, 1.

    Args:
        first: shape (n,), one method or session.
        second: shape (n,), the other, the same persons in the same order.
        unit: of the values.
        multiple: m; the paper of 1986 works with 2.
        se: which standard error of the limits.
        level: of the intervals and the prediction.

    Returns:
        All of it; with a sentence of advice if the slope is not 0, where `ratio_limits` is the better description.

    Raises:
        RefusedError: fewer than 3 pairs, or the two rows differ in length.

    Edge cases: one pair a person; several pairs of one person make the limits too narrow.

    Source: Bland & Altman 1986, doi:10.1016/S0140-6736(86)90837-8 (not verified), and 1999,
    doi:10.1177/096228029900800204 (not verified).

    >>> found = bland_altman([12.0, 20.0, 31.0], [11.0, 20.0, 32.0])  # d is 1, 0, −1: bias 0, SD 1
    >>> found.bias.value, found.sd, found.upper.value, found.lower.value
    (0.0, 1.0, 1.96, -1.96)
    """
    one, other = _pairs(first, second)
    d = one - other
    row = _Differences(d.size, float(d.mean()), float(np.std(d, ddof=1)), unit, level)
    error = row.error(se, multiple)
    formula = f"bias ± {multiple:g} · SD; {SE_RULES[se]}"
    slope = _slope(d, (one + other) / 2.0, level)
    proportional = slope is not None and _leaves_out_0(slope)
    reach = row.t * row.sd * math.sqrt(1.0 + 1.0 / row.n)
    return Agreement(
        row.n,
        row.around("bias", row.mean, row.sd / math.sqrt(row.n), "bias = mean (first − second)"),
        row.sd,
        row.around("lower_limit", row.mean - multiple * row.sd, error, formula),
        row.around("upper_limit", row.mean + multiple * row.sd, error, formula),
        (row.mean - reach, row.mean + reach),
        "bias ± t · SD · √(1 + 1 / n)",
        slope,
        proportional,
        "The difference depends on the size: describe it by ratios instead of these limits." if proportional else None,
    )


@dataclass(frozen=True, slots=True)
class _Differences:
    """What is known of n differences: their mean and SD in `unit`, and the level of every interval."""

    n: int
    mean: float
    sd: float
    unit: str
    level: float

    @property
    def t(self) -> float:
        """Quantile for the level."""
        return t_quantile((1.0 + self.level) / 2.0, self.n - 1)

    def error(self, rule: SeRule, multiple: float) -> float:
        """Standard error of a limit of agreement."""
        if rule == "approximate":  # the exact one with m² = 4 (1.96² is 3.84) and n for n − 1
            return self.sd * math.sqrt(3.0 / self.n)
        return self.sd * math.sqrt(1.0 / self.n + multiple**2 / (2.0 * (self.n - 1)))

    def around(self, name: str, value: float, error: float, formula: str) -> Estimate:
        """A value with its t interval."""
        half = self.t * error
        return Estimate(name, value, self.unit, formula, value - half, value + half, self.level, float(self.n - 1))


def _leaves_out_0(estimate: Estimate) -> bool:
    return estimate.low is not None and estimate.high is not None and (estimate.low > 0.0 or estimate.high < 0.0)


@dataclass(frozen=True, slots=True)
class RatioAgreement:
    """Bland–Altman of the ratios first / second, for differences that grow with size.

    Attributes:
        n: pairs.
        ratio: geometric mean of the ratios with its t interval.
        lower: lower limit of agreement of the ratio.
        upper: upper limit.
        formula: of the limits.
    """

    n: int
    ratio: Estimate
    lower: float
    upper: float
    formula: str


def ratio_limits(
    first: Sequence[float] | ArrayLike, second: Sequence[float] | ArrayLike, level: float = 0.95
) -> RatioAgreement:
    """Limits of agreement of the ratio, from logarithms.

    Formula: d = ln first − ln second; ratio = exp(mean d ± t · SD / √n), limits = exp(mean d ± 1.96 · SD). Unit: 1.

    Edge cases: refused if a value is not above 0, with fewer than 3 pairs, or rows of unequal length.

    Source: Bland & Altman 1999, doi:10.1177/096228029900800204 (not verified).

    >>> found = ratio_limits([11.0, 22.0, 33.0], [10.0, 20.0, 30.0])  # always 10 % more
    >>> round(found.ratio.value, 9), round(found.lower, 9), round(found.upper, 9)
    (1.1, 1.1, 1.1)
    """
    one, other = _pairs(first, second)
    if min(float(one.min()), float(other.min())) <= 0.0:
        raise RefusedError("Ratios need values above 0.")
    found = bland_altman(np.log(one), np.log(other), "1", level=level)
    low, high = (None if end is None else math.exp(end) for end in (found.bias.low, found.bias.high))
    return RatioAgreement(
        found.n,
        Estimate("ratio", math.exp(found.bias.value), "1", "ratio = exp(mean (ln first − ln second))", low, high, level,
                 found.bias.df),
        math.exp(found.lower.value),
        math.exp(found.upper.value),
        "exp(mean d ± 1.96 · SD), d = ln first − ln second",
    )  # fmt: skip


def _pairs(first: Sequence[float] | ArrayLike, second: Sequence[float] | ArrayLike) -> tuple[Table, Table]:
    one, other = sample(first, "first values", 3), sample(second, "second values", 3)
    if one.size != other.size:
        raise RefusedError(f"There are {one.size} first and {other.size} second values; pairs are needed.")
    return one, other


def _slope(d: Table, size: Table, level: float) -> Estimate | None:
    """Least squares of the differences on the means of the pairs; an exact line has no width of interval."""
    # Means or differences that vary only in their last digits are equal: a slope among them would be rounding.
    largest = float(np.abs(size).max())
    centred, varied = settled(size - size.mean(), largest), settled(d - d.mean(), largest)
    spread = float((centred**2).sum())
    if spread == 0.0:
        return None
    slope = float((centred * varied).sum()) / spread
    residual = varied - slope * centred
    df = d.size - 2
    half = t_quantile((1.0 + level) / 2.0, df) * math.sqrt(float((residual**2).sum()) / df / spread)
    return Estimate("slope", slope, "1", "slope of d on the pair means", slope - half, slope + half, level, float(df))
