"""How well a test tells persons apart: the six intraclass correlations with their intervals.

Knows a complete table of persons by trials, sessions or raters. One client has no ICC: for one there is `change`.
"""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from numpy.typing import ArrayLike

from forcelab.analysis.distributions import f_quantile
from forcelab.analysis.estimate import Estimate, RefusedError, complete
from forcelab.analysis.variance import Anova, anova

LEAST: Final = 5
"""Persons below which an ICC is refused (our judgement)."""

FEW: Final = 15
"""Persons below which it carries a warning (our judgement)."""

BANDS: Final[tuple[tuple[float, str], ...]] = ((0.90, "excellent"), (0.75, "good"), (0.50, "moderate"))
"""Above, or from this lower limit of the interval on: its word; below all: poor. Koo & Li 2016,
doi:10.1016/j.jcm.2016.02.012 (not verified)."""

Triple: TypeAlias = tuple[float, float, float]
"""Value, lower and upper end of its interval."""


@dataclass(frozen=True, slots=True)
class IccForm:
    """One of the six forms.

    Attributes:
        id: as it stands in tables and exports.
        term: as it is written in papers.
        formula: of the value.
        interval: formula of its interval.
        use: when it is the right one.
        compute: value and interval at a level from the mean squares; its docstring is the definition.
    """

    id: str
    term: str
    formula: str
    interval: str
    use: str
    compute: Callable[[Anova, float], Triple]

    @property
    def definition(self) -> str:
        """The whole definition with its example."""
        return inspect.getdoc(self.compute) or ""


def icc_1_1(a: Anova, level: float) -> Triple:
    """ICC(1,1): one measurement, each person measured by others or in no order.

    Formula: (MSB − MSW) / (MSB + (k − 1) MSW). Interval: F₀ = MSB / MSW; F_L = F₀ / F_q(n − 1, n(k − 1)),
    F_U = F₀ · F_q(n(k − 1), n − 1), q = (1 + level) / 2; ends (F − 1) / (F + k − 1). Unit: 1, from −1 / (k − 1) to 1.

    Edge cases: negative where persons differ less than their own measurements do; reported as it is, not as 0.

    Source: Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420.

    >>> value, _, _ = icc_1_1(Anova(n=10, k=2, msb=3.0, msj=1.0, mse=1.0, msw=1.0, mean=0.0), 0.95)
    >>> value  # (3 − 1) / (3 + 1)
    0.5
    """
    return _single(a, a.msw, a.n * (a.k - 1), level)


def icc_2_1(a: Anova, level: float) -> Triple:
    """ICC(2,1), agreement: one measurement; sessions, raters or devices are a sample of many, and their bias counts.

    Formula: (MSB − MSE) / (MSB + (k − 1) MSE + k (MSJ − MSE) / n). Interval: with ρ the value, F_J = MSJ / MSE and
    b = n(1 + (k − 1) ρ) − kρ: v = (k − 1)(n − 1)(kρ F_J + b)² / ((n − 1) k² ρ² F_J² + b²), F* = F_q(n − 1, v),
    F** = F_q(v, n − 1), q = (1 + level) / 2; lower end n(MSB − F* MSE) / (F* (k MSJ + (kn − k − n) MSE) + n MSB), upper
    n(F** MSB − MSE) / (k MSJ + (kn − k − n) MSE + n F** MSB). Unit: 1.

    Edge cases: the interval is an approximation (Satterthwaite). Without any residual v is (n − 1)(k − 1) or, where
    columns differ, k − 1: the limits of the formula.

    Source: Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420.

    >>> value, _, _ = icc_2_1(Anova(n=10, k=2, msb=3.0, msj=6.0, mse=1.0, msw=1.5, mean=0.0), 0.95)
    >>> value  # (3 − 1) / (3 + 1 + 2 · 5 / 10)
    0.4
    """
    n, k, msb, msj, mse = a.n, a.k, a.msb, a.msj, a.mse
    rho = (msb - mse) / (msb + (k - 1) * mse + k * (msj - mse) / n)
    # Both sides of the fraction times MSE², so that a table without residual needs no exception.
    columns, rest = k * rho * msj, (n * (1 + (k - 1) * rho) - k * rho) * mse
    below = (n - 1) * columns**2 + rest**2
    v = (k - 1) * (n - 1) * (columns + rest) ** 2 / below if below > 0.0 else float((k - 1) * (n - 1))
    q = (1.0 + level) / 2.0
    lower, upper = f_quantile(q, n - 1, v), f_quantile(q, v, n - 1)
    error = k * msj + (k * n - k - n) * mse
    low = n * (msb - lower * mse) / (lower * error + n * msb)
    high = n * (upper * msb - mse) / (error + n * upper * msb)
    return rho, low, high


def icc_3_1(a: Anova, level: float) -> Triple:
    """ICC(3,1), consistency: one measurement; these very trials or raters, whose bias does not count.

    Formula: (MSB − MSE) / (MSB + (k − 1) MSE). Interval: as for ICC(1,1) with MSE for MSW and (n − 1)(k − 1) degrees
    of freedom. Unit: 1, from −1 / (k − 1) to 1.

    Edge cases: blind to a shift of everybody from one session to the next; for that take ICC(2,1).

    Source: Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420.

    >>> value, _, _ = icc_3_1(Anova(n=10, k=2, msb=3.0, msj=6.0, mse=1.0, msw=1.5, mean=0.0), 0.95)
    >>> value  # (3 − 1) / (3 + 1)
    0.5
    """
    return _single(a, a.mse, a.df, level)


def icc_1_k(a: Anova, level: float) -> Triple:
    """ICC(1,k): as ICC(1,1) where the mean of the k measurements is the score.

    Formula: (MSB − MSW) / MSB. Interval: 1 − 1 / F_L to 1 − 1 / F_U, of ICC(1,1). Unit: 1, at most 1, without lower
    limit.

    Edge cases: refused if all persons have the same mean.

    Source: Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420.

    >>> value, _, _ = icc_1_k(Anova(n=10, k=2, msb=4.0, msj=1.0, mse=1.0, msw=1.0, mean=0.0), 0.95)
    >>> value
    0.75
    """
    return _mean(a, a.msw, a.n * (a.k - 1), level)


def icc_2_k(a: Anova, level: float) -> Triple:
    """ICC(2,k), agreement: as ICC(2,1) where the mean of the k measurements is the score.

    Formula: (MSB − MSE) / (MSB + (MSJ − MSE) / n). Interval: k x / (1 + (k − 1) x) of the ends x of ICC(2,1). Unit: 1.

    Edge cases: refused where the denominator is not above 0. A lower end of ICC(2,1) at or below −1 / (k − 1) gives
    −∞: the interval has no lower end.

    Source: Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420.

    >>> value, _, _ = icc_2_k(Anova(n=10, k=2, msb=3.5, msj=6.0, mse=1.0, msw=1.5, mean=0.0), 0.95)
    >>> value  # (3.5 − 1) / (3.5 + 5 / 10)
    0.625
    """
    below = a.msb + (a.msj - a.mse) / a.n
    if below <= 0.0:
        raise RefusedError("The persons differ less than the error alone explains: this ICC does not exist here.")
    _, low, high = icc_2_1(a, level)
    return (a.msb - a.mse) / below, _stepped_up(low, a.k), _stepped_up(high, a.k)


def icc_3_k(a: Anova, level: float) -> Triple:
    """ICC(3,k), consistency: as ICC(3,1) where the mean of the k measurements is the score.

    Formula: (MSB − MSE) / MSB. Interval: 1 − 1 / F_L to 1 − 1 / F_U, of ICC(3,1). Unit: 1.

    Edge cases: refused if all persons have the same mean. Equal to Cronbach's alpha.

    Source: Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420.

    >>> value, _, _ = icc_3_k(Anova(n=10, k=2, msb=4.0, msj=6.0, mse=1.0, msw=1.5, mean=0.0), 0.95)
    >>> value
    0.75
    """
    return _mean(a, a.mse, a.df, level)


def _single(a: Anova, error: float, df: int, level: float) -> Triple:
    lower, upper = _edges(a, df, level)
    # (F − 1) / (F + k − 1) with F = MSB / error / lower, written without the division by an error that may be 0.
    return (
        (a.msb - error) / (a.msb + (a.k - 1) * error),
        (a.msb - lower * error) / (a.msb + (a.k - 1) * lower * error),
        (upper * a.msb - error) / (upper * a.msb + (a.k - 1) * error),
    )


def _mean(a: Anova, error: float, df: int, level: float) -> Triple:
    if a.msb <= 0.0:
        raise RefusedError("All persons have the same mean: this ICC does not exist here.")
    lower, upper = _edges(a, df, level)
    return 1.0 - error / a.msb, 1.0 - lower * error / a.msb, 1.0 - error / (upper * a.msb)


def _edges(a: Anova, df: int, level: float) -> tuple[float, float]:
    q = (1.0 + level) / 2.0
    return f_quantile(q, a.n - 1, df), f_quantile(q, df, a.n - 1)


def _stepped_up(x: float, k: int) -> float:
    below = 1.0 + (k - 1) * x
    return k * x / below if below > 0.0 else -math.inf


_ENDS = "ends (F − 1) / (F + k − 1), F = MSB / {0} / F_q and MSB / {0} · F_q"
_MEANS = "ends 1 − 1 / F, F as for one measurement"

ICCS: Final[Mapping[str, IccForm]] = {
    form.id: form
    for form in (
        IccForm("icc_1_1", "ICC(1,1)", "(MSB − MSW) / (MSB + (k − 1) MSW)", _ENDS.format("MSW"),
                "one measurement, no structure in who measured when", icc_1_1),
        IccForm("icc_2_1", "ICC(2,1), agreement", "(MSB − MSE) / (MSB + (k − 1) MSE + k (MSJ − MSE) / n)",
                "Shrout & Fleiss 1979 with F of v degrees of freedom",
                "one measurement, between sessions, raters or devices (default for sessions)", icc_2_1),
        IccForm("icc_3_1", "ICC(3,1), consistency", "(MSB − MSE) / (MSB + (k − 1) MSE)", _ENDS.format("MSE"),
                "one measurement, trial to trial with the same rater", icc_3_1),
        IccForm("icc_1_k", "ICC(1,k)", "(MSB − MSW) / MSB", _MEANS, "the mean of k, no structure", icc_1_k),
        IccForm("icc_2_k", "ICC(2,k), agreement", "(MSB − MSE) / (MSB + (MSJ − MSE) / n)",
                "k x / (1 + (k − 1) x) of the ends of ICC(2,1)",
                "the mean of k sessions, raters or devices", icc_2_k),
        IccForm("icc_3_k", "ICC(3,k), consistency", "(MSB − MSE) / MSB", _MEANS,
                "the mean of k trials with the same rater", icc_3_k),
    )
}  # fmt: skip
"""Id -> form. Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420; McGraw & Wong 1996,
doi:10.1037/1082-989X.1.1.30 (not verified), name the same six otherwise."""


def icc(name: str, values: Sequence[Sequence[float]] | ArrayLike, level: float = 0.95) -> Estimate:
    """One of ICCS with its interval.

    Args:
        name: an id of ICCS.
        values: shape (n, k), rows persons, columns trials, sessions or raters; complete.
        level: of the interval.

    Returns:
        The value, with a warning below 15 persons.

    Raises:
        RefusedError: fewer than 5 persons, a value missing, or no variation at all.

    >>> icc("icc_2_1", [[300.0, 310.0, 295.0]])
    Traceback (most recent call last):
    forcelab.analysis.estimate.RefusedError: One person has no ICC: it compares persons. Ask for the change instead.
    """
    form = ICCS.get(name)
    if form is None:
        raise RefusedError(f"There is no ICC “{name}”. Known are: {', '.join(ICCS)}.")
    table = complete(values, least=1)
    n = table.shape[0]
    if n == 1:
        raise RefusedError("One person has no ICC: it compares persons. Ask for the change instead.")
    if n < LEAST:
        raise RefusedError(f"An ICC from {n} persons says nothing; at least {LEAST} are needed, better 30.")
    found = anova(table)
    if found.msb + found.mse + found.msj <= 0.0:
        raise RefusedError("All values are the same: this ICC does not exist here.")
    value, low, high = form.compute(found, level)
    warning = f"From {n} persons only: the interval is what counts." if n < FEW else None
    return Estimate(form.id, value, "1", form.formula, low, high, level, float(found.df), warning)


def band(estimate: Estimate) -> str:
    """The word for an ICC, by the lower end of its interval and not by its value.

    Formula: above 0.90 excellent, from 0.75 good, from 0.50 moderate, below poor.

    Source: Koo & Li 2016, doi:10.1016/j.jcm.2016.02.012 (not verified).

    >>> band(Estimate("icc_2_1", 0.95, "1", "", 0.72, 0.99)), band(Estimate("icc_2_1", 0.9, "1", "", 0.90, 0.99))
    ('moderate', 'good')
    """
    low = -math.inf if estimate.low is None else estimate.low
    if low > BANDS[0][0]:
        return BANDS[0][1]
    return next((word for least, word in BANDS[1:] if low >= least), "poor")
