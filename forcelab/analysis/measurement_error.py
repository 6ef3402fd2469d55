"""How large the error of a test is, in the unit of the test: typical error, SEM, CV, detectable and worthwhile change.

Knows a complete table of persons by trials or sessions. How well it tells persons apart is `reliability`'s; what one
client's change means, `change`'s.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from forcelab.analysis.distributions import Z90, Z95, chi2_quantile
from forcelab.analysis.estimate import Estimate, RefusedError, complete, positive, strength
from forcelab.analysis.variance import anova

TE_FORMULA: Final = "TE = √MSE (= SD(x₂ − x₁) / √2 for two sessions); ends TE · √(df / χ²)"
MDC95_FORMULA: Final = "MDC95 = 1.96 · √2 · SEM"
MDC90_FORMULA: Final = "MDC90 = 1.645 · √2 · SEM"


def typical_error(values: Sequence[Sequence[float]] | ArrayLike, unit: str = "N", level: float = 0.95) -> Estimate:
    """Typical error: the standard deviation of one person's repeated scores, shifts of everybody taken out.

    Formula: TE = √MSE; for two sessions the same as SD(x₂ − x₁) / √2. Interval: TE · √(df / χ²_q(df)), df =
    (n − 1)(k − 1), q = (1 ± level) / 2. Unit: that of the values.

    Edge cases: from few persons the interval is wide: for 10 persons twice, 0.69 to 1.83 times the value.

    Source: Hopkins 2000, doi:10.2165/00007256-200030010-00001 (not verified).

    >>> found = typical_error([[300, 310], [400, 402], [500, 512]])  # differences 10, 2, 12: SD is √28
    >>> round(found.value**2, 9), found.df
    (14.0, 2.0)
    """
    found = anova(values)
    value = math.sqrt(found.mse)
    below, above = _chi_factors(found.df, level)
    return Estimate("typical_error", value, unit, TE_FORMULA, value * below, value * above, level, float(found.df))


def sem_consistency(values: Sequence[Sequence[float]] | ArrayLike, unit: str = "N", level: float = 0.95) -> Estimate:
    """Standard error of measurement, consistency: the error that remains when shifts of everybody are taken out.

    Formula: SEM = √MSE. The same as SD · √(1 − ICC(3,1)) with SD = √(mean of the columns' variances). Interval: as
    for the typical error. Unit: that of the values.

    Edge cases: it is the error of one score. It is not divided by √n: that would be the error of a group's mean.

    Source: the identity with SD · √(1 − ICC(3,1)) follows from the mean squares and is tested.

    >>> round(sem_consistency([[300, 310], [400, 402], [500, 512]]).value ** 2, 9)
    14.0
    """
    found = typical_error(values, unit, level)
    return Estimate("sem_consistency", found.value, unit, "SEM = √MSE", found.low, found.high, found.level, found.df)


def sem_agreement(values: Sequence[Sequence[float]] | ArrayLike, unit: str = "N") -> Estimate:
    """Standard error of measurement, agreement: shifts between sessions, raters or devices count as error.

    Formula: SEM = √(MSE + max(0, (MSJ − MSE) / n)). Unit: that of the values.

    Edge cases: never below the SEM for consistency; equal to it where the columns differ less than chance makes them.
    No interval is given.

    Source: the variance components behind ICC(2,1), Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420.

    >>> round(sem_agreement([[300, 310], [400, 402], [500, 512]]).value ** 2, 9)  # MSJ 96, MSE 14: 14 + 82/3
    41.333333333
    """
    found = anova(values)
    value = math.sqrt(found.mse + max(0.0, (found.msj - found.mse) / found.n))
    return Estimate("sem_agreement", value, unit, "SEM = √(MSE + max(0, (MSJ − MSE) / n))")


def cv_log(values: Sequence[Sequence[float]] | ArrayLike, level: float = 0.95) -> Estimate:
    """Coefficient of variation from logarithms: the typical error in percent, where error grows with strength.

    Formula: CV = 100 · (exp(√MSE of ln x) − 1); for two sessions 100 · (exp(SD(Δ ln x) / √2) − 1). Interval: that of
    the typical error of ln x, turned the same way. Unit: %.

    Edge cases: refused if a value is not above 0. Up by CV is not down by CV: −10 % is a factor of 0.90, +10 % of 1.10.

    Source: Hopkins 2000, doi:10.2165/00007256-200030010-00001 (not verified).

    >>> a, b = math.exp(0.0), math.exp(0.2)  # differences of ln: 0.2 and −0.2, SD 0.2·√2, so TE is 0.2
    >>> round(cv_log([[a, b], [b, a]]).value, 6), round(100 * (math.exp(0.2) - 1), 6)
    (22.140276, 22.140276)
    """
    found = typical_error(np.log(_above_zero(values)), "1", level)

    def percent(x: float) -> float:
        return 100.0 * math.expm1(x)

    return Estimate(
        "cv_log", percent(found.value), "%", "CV = 100 · (exp(√MSE of ln x) − 1)",
        percent(found.low or 0.0), percent(found.high or 0.0), level, found.df,
    )  # fmt: skip


def cv_rms(values: Sequence[Sequence[float]] | ArrayLike) -> Estimate:
    """Root-mean-square coefficient of variation: each person's own CV, combined over persons.

    Formula: CV = 100 · √(mean over persons of (SD_i / x̄_i)²), SD_i with k − 1. Unit: %.

    Edge cases: a shift of everybody counts as variation here, unlike in `cv_log`. Refused if a value is not above 0.

    Source: usual.

    >>> round(cv_rms([[90.0, 100.0, 110.0], [45.0, 50.0, 55.0]]).value, 9)
    10.0
    """
    table = _above_zero(values)
    own = np.std(table, axis=1, ddof=1) / table.mean(axis=1)
    return Estimate("cv_rms", 100.0 * math.sqrt(float((own**2).mean())), "%", "CV = 100 · √(mean of (SD_i / x̄_i)²)")


def mdc95(sem: float, unit: str = "N") -> Estimate:
    """Minimal detectable change, 95 %: the change of one person that error alone exceeds in 5 of 100.

    Formula: MDC95 = 1.96 · √2 · SEM = 2.772 · SEM. Unit: that of the SEM.

    Edge cases: of one score against another of the same kind. √2 because both have the error.

    Source: usual; the normal distribution is assumed and the SEM taken as known.

    >>> round(mdc95(10.0).value, 2)
    27.72
    """
    return Estimate("mdc95", Z95 * math.sqrt(2.0) * strength(sem, "SEM"), unit, MDC95_FORMULA)


def mdc90(sem: float, unit: str = "N") -> Estimate:
    """Minimal detectable change, 90 %.

    Formula: MDC90 = 1.645 · √2 · SEM = 2.326 · SEM. Unit: that of the SEM.

    Edge cases: as for `mdc95`; error alone exceeds it in 10 of 100, which is often.

    Source: usual.

    >>> round(mdc90(10.0).value, 2)
    23.26
    """
    return Estimate("mdc90", Z90 * math.sqrt(2.0) * strength(sem, "SEM"), unit, MDC90_FORMULA)


def mdc_percent(mdc: float, grand_mean: float) -> Estimate:
    """Minimal detectable change in percent of the mean of all.

    Formula: MDC% = 100 · MDC / grand mean. Unit: %.

    Edge cases: refused if the mean is not above 0. Holds near that mean; weak clients have a greater one.

    Source: usual.

    >>> mdc_percent(27.0, 180.0).value
    15.0
    """
    return Estimate(
        "mdc_percent", 100.0 * strength(mdc, "MDC") / positive(grand_mean, "grand mean"), "%",
        "MDC% = 100 · MDC / grand mean",
    )  # fmt: skip


def mdc_of_mean(mdc: float, persons: int, unit: str = "N") -> Estimate:
    """Minimal detectable change of the mean of a group; never of one client.

    Formula: MDC / √n. Unit: that of the MDC.

    Edge cases: n = 1 gives the MDC itself. Refused below 1.

    Source: the error of a mean of n independent changes.

    >>> mdc_of_mean(30.0, 9).value
    10.0
    """
    return Estimate("mdc_of_mean", strength(mdc, "MDC") / math.sqrt(positive(persons, "number of persons")), unit,
                    "MDC of a mean = MDC / √n")  # fmt: skip


def swc(values: Sequence[Sequence[float]] | ArrayLike, unit: str = "N") -> Estimate:
    """Smallest worthwhile change by distribution: a fifth of the spread between persons.

    Formula: SWC = 0.2 · SD of the persons' means, with n − 1. Unit: that of the values.

    Edge cases: it is about how persons differ, not about what helps one; a published minimal important change is
    better where there is one. Usually well below the MDC: then a worthwhile change cannot be seen in one retest.

    Source: after Hopkins 2000, doi:10.2165/00007256-200030010-00001 (not verified).

    >>> swc([[90, 110], [190, 210], [290, 310]]).value  # means 100, 200, 300
    20.0
    """
    table = complete(values)
    return Estimate(
        "swc", 0.2 * float(np.std(table.mean(axis=1), ddof=1)), unit, "SWC = 0.2 · SD of the persons' means"
    )


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A published error, computed again from the SD and ICC that the same paper prints.

    Attributes:
        sem: SD · √(1 − ICC), in `unit`.
        mdc95: from that SEM.
        unit: of both.
        formula: of both.
        printed: the SEM as the paper prints it, or None.
        agrees: whether it agrees within 10 %; None without a printed one.
        source: the paper.
    """

    sem: float
    mdc95: float
    unit: str
    formula: str
    printed: float | None
    agrees: bool | None
    source: str


def recompute(sd: float, icc: float, source: str, *, printed: float | None = None, unit: str = "N") -> Recomputed:
    """What the error of a published study is, by its own SD and ICC; the printed one is only compared.

    Formula: SEM = SD · √(1 − ICC); MDC95 = 1.96 · √2 · SEM. Unit: that of the SD.

    Edge cases: refused for an ICC outside 0 to 1. The 10 % of the comparison is our judgement: printed SD and ICC are
    rounded.

    Source: Byrne et al. 2020 (PMC7853325) print 1.75 N for hip abduction with ICC(3,1) .947 and SD 42.5 N.

    >>> found = recompute(42.5, 0.947, "Byrne et al. 2020, PMC7853325", printed=1.75)
    >>> round(found.sem, 1), round(found.mdc95), found.agrees
    (9.8, 27, False)
    """
    if not 0.0 <= icc <= 1.0:
        raise RefusedError(f"An ICC of {icc:g} gives no error: it must lie between 0 and 1.")
    sem = strength(sd, "SD") * math.sqrt(1.0 - icc)
    agrees = None if printed is None else abs(printed - sem) <= 0.1 * sem
    formula = f"SEM = SD · √(1 − ICC); {MDC95_FORMULA}"
    return Recomputed(sem, mdc95(sem).value, unit, formula, printed, agrees, source)


def _chi_factors(df: int, level: float) -> tuple[float, float]:
    tail = (1.0 - level) / 2.0
    return math.sqrt(df / chi2_quantile(1.0 - tail, df)), math.sqrt(df / chi2_quantile(tail, df))


def _above_zero(values: Sequence[Sequence[float]] | ArrayLike) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    table = complete(values)
    if float(table.min()) <= 0.0:
        raise RefusedError("A coefficient of variation needs values above 0.")
    return table
