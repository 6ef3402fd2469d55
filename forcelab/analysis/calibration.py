"""What known weights say of a sensor: the line through its readings, and how far they lie off what hung there.

A check and no calibration: nothing that comes out here is ever laid upon a recorded number. Knows no sensor, no file,
and not how the readings were taken.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from forcelab.analysis.distributions import t_quantile
from forcelab.analysis.estimate import Estimate, RefusedError

STANDARD_GRAVITY: Final = 9.80665
"""m/s², exact by definition (3rd CGPM, 1901); where the weights hang it is 9.780 to 9.834, from equator to pole."""

OF_READING: Final = 1.0
"""% of the applied force that a reading may be off [J]."""
AT_LEAST: Final = 2.0
"""N that it may be off in any case [J]: the least onset threshold is no smaller."""

STILL: Final = 0.5
"""N of sample SD, and of movement within a reading, at which a weight hangs still [J]; one step of a coarse sensor."""
STILL_PART: Final = 0.005
"""Part of the reading that is allowed instead, where it is more [J]."""

FEWEST: Final = 3
"""Readings below which a line has no interval."""

Direction: TypeAlias = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line by least squares: reading = offset + slope · applied.

    Attributes:
        slope, offset: each with its 95 % t interval; SD of both in `slope_se` and `offset_se`.
        residual_sd: √(Σ residual² / (n − 2)), in the unit of the readings.
        n: pairs.
    """

    slope: Estimate
    offset: Estimate
    slope_se: float
    offset_se: float
    residual_sd: float
    n: int


def regression(applied: ArrayLike, read: ArrayLike) -> Line:
    """Ordinary least squares of readings on what was applied, which is taken as free of error.

    Formula: slope b = Sxy / Sxx; offset a = ȳ − b·x̄; s² = Σ(y − a − b·x)² / (n − 2); SE(b) = s / √Sxx;
    SE(a) = s · √(1/n + x̄² / Sxx); each interval is the value ± t(0.975, n − 2) · SE.

    Source: Draper & Smith, Applied Regression Analysis, 3rd ed., 1998, ch. 1, 10.1002/9781118625590 (not verified);
    held against the certified values of the data set Norris of NIST's Statistical Reference Datasets, the calibration
    of an instrument.

    Args:
        applied: shape (n,), in any unit.
        read: shape (n,), in the same.

    Raises:
        RefusedError: fewer than 3 pairs, one that is no number, or the same weight throughout.

    >>> line = regression([0, 50, 100], [1, 52, 103])
    >>> round(line.slope.value, 9), round(line.offset.value, 9)
    (1.02, 1.0)
    """
    x, y = np.asarray(applied, dtype=float), np.asarray(read, dtype=float)
    if x.shape != y.shape or x.ndim != 1:
        raise RefusedError("A line needs as many readings as weights.")
    if x.size < FEWEST:
        raise RefusedError(f"A line with its interval needs {FEWEST} readings or more, not {x.size}.")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise RefusedError("A weight or a reading is no number.")
    away = x - x.mean()
    sxx = float(away @ away)
    if not sxx > 0.0:
        raise RefusedError("A line needs at least two different weights.")
    slope = float(away @ (y - y.mean())) / sxx
    offset = float(y.mean() - slope * x.mean())
    residuals = y - offset - slope * x
    df = x.size - 2
    sd = math.sqrt(float(residuals @ residuals) / df)
    slope_se, offset_se = sd / math.sqrt(sxx), sd * math.sqrt(1.0 / x.size + float(x.mean()) ** 2 / sxx)
    t = t_quantile(0.975, df)

    def estimate(name: str, value: float, unit: str, formula: str, se: float) -> Estimate:
        return Estimate(name, value, unit, formula, value - t * se, value + t * se, 0.95, df)

    return Line(
        estimate("slope", slope, "1", "Sxy / Sxx", slope_se),
        estimate("offset", offset, "N", "ȳ − slope · x̄", offset_se),
        slope_se, offset_se, sd, int(x.size),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Findings:
    """What a series of weights says of a sensor. N where nothing else is said; None with its reason in `missing`.

    Attributes:
        line: through all readings.
        span: from the least to the greatest weight.
        linearity: largest |mean reading at a weight − line|; `linearity_percent` in % of the span.
        hysteresis: largest |mean reading on the way down − on the way up| at a weight between zero and the greatest.
        repeatability: pooled SD of readings at the same weight on the same way; it rests on `repeatability_df`.
        zero_return: largest |reading of the empty sensor after a load − the first|.
        error: of the reading that lies furthest off, measured against its limit; after the zero before it.
        error_at: at this weight; `error_limit` is what is allowed there.
        passed: whether no reading is further off than its limit.
        missing: name of a number that cannot be given -> why, in a sentence.
    """

    line: Line
    span: float
    linearity: float
    linearity_percent: float
    hysteresis: float | None
    repeatability: float | None
    repeatability_df: int
    zero_return: float | None
    error: float
    error_at: float
    error_limit: float
    passed: bool
    missing: dict[str, str]


def ways(applied: Sequence[float]) -> list[Direction]:
    """Of each reading whether its weight was come to from below or from above; the first, and one again, as before.

    >>> ways([0, 10, 20, 10, 10, 0])
    ['up', 'up', 'up', 'down', 'down', 'down']
    """
    found: list[Direction] = ["up"]
    for before, now in pairwise(applied):
        found.append("up" if now > before else "down" if now < before else found[-1])
    return found[: len(applied)]


def findings(
    applied: Sequence[float], read: Sequence[float], *, percent: float = OF_READING, least: float = AT_LEAST
) -> Findings:
    """What readings of known weights come to, in the order in which they were taken.

    Formulas. Line: `regression` of all readings. Linearity: max over the weights of |mean of its readings − line|, and
    that over (greatest − least weight) in %. Hysteresis: max over the weights between zero and the greatest, which is
    only come to from below, of |mean down − mean up|. Repeatability: √(Σ(nᵢ − 1)·sᵢ² / Σ(nᵢ − 1)) over groups of the
    same weight on the same way. Zero return: max |empty reading after a load − first reading|. Error of a reading:
    reading − the empty reading last before it − weight, as a session takes its zero off too; a sensor passes if each
    |error| ≤ max(percent of the weight, least). The limit is our own judgement, by default 1 % or 2 N.

    Source: the terms are those of OIML R 60-1:2021 and ISO 376:2011 (both not verified); neither is carried out here.

    Args:
        applied: N, shape (n,), beginning with the empty sensor (0).
        read: N, shape (n,).
        percent: allowed error in % of the weight.
        least: N allowed in any case.

    Raises:
        RefusedError: what `regression` refuses; a first weight that is not 0; a weight below 0; nothing but 0.

    >>> found = findings([0, 100, 200, 100, 0], [1, 103, 205, 103, 1])
    >>> round(found.error, 9), found.error_at, found.error_limit, found.passed
    (4.0, 200.0, 2.0, False)
    """
    if not applied or applied[0] != 0.0:
        raise RefusedError("The series must begin with the empty sensor: 0.")
    if min(applied) < 0.0:
        raise RefusedError("A weight cannot be less than 0.")
    line = regression(applied, read)
    x, y = np.asarray(applied, dtype=float), np.asarray(read, dtype=float)
    down = np.asarray([way == "down" for way in ways(applied)])
    span = float(x.max() - x.min())
    off = max(abs(float(y[x == w].mean()) - line.offset.value - line.slope.value * float(w)) for w in np.unique(x))
    missing: dict[str, str] = {}
    repeatability, df = _repeatability(x, y, down)
    if repeatability is None:
        missing["repeatability"] = "No weight was hung twice on the same way: ask for repeats."
    hysteresis = _hysteresis(x, y, down)
    if hysteresis is None:
        missing["hysteresis"] = "No weight below the greatest was read both on the way up and on the way down."
    empty = y[1:][x[1:] == 0.0]
    zero_return = float(np.max(np.abs(empty - y[0]))) if empty.size else None
    if zero_return is None:
        missing["zero_return"] = "The empty sensor was not read again after a load."
    error, at, limit = _worst(x, y, percent, least)
    passed = abs(error) <= limit
    return Findings(
        line, span, off, 100.0 * off / span, hysteresis, repeatability, df, zero_return,
        error, at, limit, passed, missing,
    )  # fmt: skip


def _worst(x: np.ndarray, y: np.ndarray, percent: float, least: float) -> tuple[float, float, float]:
    """Error, weight and limit of the reading that uses most of its limit."""
    zero, worst = float(y[0]), (0.0, float(x.max()), max(percent / 100.0 * float(x.max()), least))
    for weight, reading in zip(x.tolist(), y.tolist(), strict=True):
        if weight == 0.0:
            zero = reading
            continue
        limit = max(percent / 100.0 * weight, least)
        error = reading - zero - weight
        if abs(error) * worst[2] > abs(worst[0]) * limit:
            worst = error, weight, limit
    return worst


def _hysteresis(x: np.ndarray, y: np.ndarray, down: np.ndarray) -> float | None:
    between = [weight for weight in np.unique(x) if 0.0 < weight < x.max()]
    both = [(y[(x == w) & down], y[(x == w) & ~down]) for w in between]
    return max((abs(float(a.mean() - b.mean())) for a, b in both if a.size and b.size), default=None)


def _repeatability(x: np.ndarray, y: np.ndarray, down: np.ndarray) -> tuple[float | None, int]:
    groups = [y[(x == weight) & (down == way)] for weight in np.unique(x) for way in (False, True)]
    squares = sum(float(np.sum((group - group.mean()) ** 2)) for group in groups if group.size)
    df = sum(max(0, group.size - 1) for group in groups)
    return (math.sqrt(squares / df) if df else None), df


def unsteady(force: ArrayLike, step: float | None = None) -> str:
    """Why a reading does not count, in a sentence; "" where the weight hangs still.

    Formula: the sample SD, and |mean of the second half − mean of the first|, must each be no more than
    max(0.5 N, 0.5 % of |mean|, step of the sensor) [J].

    Args:
        force: N, shape (n,), n ≥ 2.
        step: smallest step of the sensor, N.

    >>> unsteady([100.0, 100.1, 100.0, 100.1])
    ''
    >>> unsteady([90.0, 110.0, 90.0, 110.0])
    'The weight does not hang still (11.5 N SD, at most 0.5 N): wait until it does.'
    """
    values = np.asarray(force, dtype=float)
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    limit = max(STILL, STILL_PART * abs(mean), step or 0.0)
    half = values.size // 2
    moved = abs(float(values[half:].mean() - values[:half].mean()))
    if sd > limit:
        return f"The weight does not hang still ({sd:.1f} N SD, at most {limit:.1f} N): wait until it does."
    if moved > limit:
        return f"The reading still moves ({moved:.1f} N within it, at most {limit:.1f} N): wait until it stays."
    return ""
