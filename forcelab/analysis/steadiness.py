"""How steadily a force is held: fluctuation, error against a target and time within a band around it.

Looks at the middle of a hold, the first 2 s and the last 1 s left out. Knows no effort and no onset: where the hold
begins and ends is the assessment's business, or `plateau_of` for an effort that was not commanded.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from forcelab.analysis.contraction import HELD, Contraction
from forcelab.analysis.curve import crossing, widest_run
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.measure import Measure
from forcelab.model import Array

HOLD_RULE: Final = "hold middle/1(skip=2,drop=1,least=2)"
"""Name, version and parameters of what is left out of a hold, as they stand in every recipe that rests on it."""

SKIP, DROP, LEAST = 2.0, 1.0, 2.0
_FEWEST: Final = 10  # samples, below which a spread says nothing
BAND: Final = 0.05
_CLOSE: Final = 1e-9  # s: the last bit of a time stamp parts no sample from a window


@dataclass(frozen=True, eq=False)
class Hold:
    """A held contraction. Times in s, forces in N above the baseline.

    Attributes:
        t: shape (n,), strictly increasing.
        net: shape (n,).
        start: when the hold was to begin (or began).
        stop: when it was to end (or ended).
        target: the force that was to be held, or None.
    """

    t: Array
    net: Array
    start: float
    stop: float
    target: float | None = None

    @cached_property
    def middle(self) -> tuple[Array, Array]:
        """The samples (t, net) that are looked at: from 2 s after the start to 1 s before the stop.

        Raises:
            RefusedError: less than 2 s or fewer than 10 samples are left, or the record does not hold all of it.
        """
        first, last = self.start + SKIP, self.stop - DROP
        if last - first < LEAST - _CLOSE:
            raise RefusedError(
                f"The hold lasts {self.stop - self.start:.1f} s; without its first {SKIP:.0f} s and its last "
                f"{DROP:.0f} s at least {LEAST:.0f} s must be left."
            )
        if len(self.t) == 0 or self.t[0] > self.start + SKIP + _CLOSE or self.t[-1] < self.stop - DROP - _CLOSE:
            raise RefusedError("The record does not reach over the whole hold.")
        i, j = np.searchsorted(self.t, (first - _CLOSE, last + _CLOSE))
        if j - i < _FEWEST:
            raise RefusedError(f"The hold has {j - i} samples in its middle; at least {_FEWEST} are needed.")
        return self.t[i:j], self.net[i:j]

    def wanted(self) -> float:
        """The target in N.

        Raises:
            RefusedError: there is none, or it is not above 0.
        """
        if self.target is None or not self.target > 0.0:
            raise RefusedError("No target force was set.")
        return self.target


def plateau_of(c: Contraction, target: float | None = None) -> Hold:
    """The hold of an effort that nobody timed: from the first to the last time that net force is at 90 % of its peak.

    >>> from forcelab.analysis.contraction import drawn
    >>> hold = plateau_of(drawn([(0, 0), (1, 0), (2, 100), (8, 100), (9, 0)], onset=1.0))
    >>> round(hold.start, 9), round(hold.stop, 9)
    (1.9, 8.1)
    """
    level = HELD * c.effort.peak
    # A knock in the rest before may reach as high; it does not hang together with the peak.
    first, last = widest_run(c.net > 0.0, int(np.argmax(c.t >= c.effort.peak_at)))
    held = first + np.flatnonzero(c.net[first : last + 1] >= level)
    i, j = int(held[0]), int(held[-1])
    start = crossing(c.t, c.net, i - 1, level) if i > 0 else float(c.t[0])
    stop = crossing(c.t, c.net, j, level) if j + 1 < len(c.t) else float(c.t[-1])
    return Hold(c.t, c.net, start, stop, target)


def cv_raw(hold: Hold) -> float:
    """Coefficient of variation of a hold, drift included.

    Formula: 100 · SD(F) / mean(F), sample SD (n − 1), over the samples from 2 s after the start of the hold to 1 s
    before its end. Unit: %.

    Edge cases: a slow drift counts as unsteadiness; the detrended one does not have it. Refused when less than 2 s are
    left, when the record does not reach over them, or when mean force is not above 0. Missing samples are passed over.

    Source: Enoka & Farina 2021, doi:10.1152/physiol.00027.2020 (not verified); worse with experimental knee pain in
    Rice et al. 2015, doi:10.1186/s13075-015-0768-1; what is left out of the hold is our choice.

    >>> t = np.arange(0.0, 10.0, 0.25)
    >>> hold = Hold(t, np.where(np.arange(40) % 2, 101.0, 99.0), 0.0, 9.75)  # 2 to 8.75 s: 14 × 99 N, 14 × 101 N
    >>> round(cv_raw(hold), 6)  # √(28/27)
    1.01835
    """
    _, force = hold.middle
    return 100.0 * float(force.std(ddof=1)) / _mean(force)


def cv_detrended(hold: Hold) -> float:
    """Coefficient of variation of a hold about its straight trend: what steadiness means where nothing else is said.

    Formula: 100 · SD(F − line) / mean(F); the line is the least-squares one of force on time, the SD is that of the
    residuals (n − 1), over the samples from 2 s after the start of the hold to 1 s before its end. Unit: %.

    Edge cases: as for the raw one. A bent drift, as at the end of a long hold, is not taken out.

    Source: Enoka & Farina 2021, doi:10.1152/physiol.00027.2020 (not verified); to detrend by default is our choice.

    >>> t = np.arange(0.0, 10.0, 0.25)
    >>> round(cv_detrended(Hold(t, 100.0 + 2.0 * t, 0.0, 10.0)), 9)  # nothing but drift
    0.0
    """
    t, force = hold.middle
    return 100.0 * float((force - _line(t, force)).std(ddof=1)) / _mean(force)


def rmse_target(hold: Hold) -> float:
    """Root mean square error against the target force.

    Formula: √mean((F − f_T)²) over the samples from 2 s after the start of the hold to 1 s before its end. Unit: N.

    Edge cases: holds both unsteadiness and standing off the target. Refused without a target, and as the others are.

    Source: Enoka & Farina 2021, doi:10.1152/physiol.00027.2020 (not verified).

    >>> t = np.arange(0.0, 10.0, 0.25)
    >>> rmse_target(Hold(t, np.where(np.arange(40) % 2, 103.0, 97.0), 0.0, 10.0, target=100.0))
    3.0
    """
    error = hold.middle[1] - hold.wanted()
    return float(np.sqrt(np.mean(error * error)))


def mean_error(hold: Hold) -> float:
    """Mean absolute error against the target force.

    Formula: mean |F − f_T| over the samples from 2 s after the start of the hold to 1 s before its end. Unit: N.

    Edge cases: as for the root mean square error, but a single lapse weighs less.

    Source: Enoka & Farina 2021, doi:10.1152/physiol.00027.2020 (not verified).

    >>> t = np.arange(0.0, 10.0, 0.25)
    >>> mean_error(Hold(t, np.where(np.arange(40) % 2, 103.0, 97.0), 0.0, 10.0, target=100.0))
    3.0
    """
    return float(np.mean(np.abs(hold.middle[1] - hold.wanted())))


def time_in_band(hold: Hold) -> float:
    """Time in band: the share of the hold in which force is within 5 % of the target.

    Formula: 100 · (time with |F − f_T| <= 5 % of f_T) / (time looked at), on the straight lines between the samples
    from 2 s after the start of the hold to 1 s before its end. Unit: %.

    Edge cases: exact between samples, so it does not depend on how evenly they fall. Refused without a target, and as
    the others are.

    Source: our own definition; the band of 5 % is our choice.

    >>> t = np.array([0.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0])
    >>> net = np.array([0.0, 100, 100, 100, 100, 100, 100, 110, 110, 110, 110, 110])  # 105 N are passed at 7.5 s
    >>> round(time_in_band(Hold(t, net, 0.0, 12.0, target=100.0)), 6)  # 5.5 of 9 s
    61.111111
    """
    t, force = hold.middle
    target = hold.wanted()
    low, high = (1.0 - BAND) * target, (1.0 + BAND) * target
    step, a, b = t[1:] - t[:-1], np.minimum(force[:-1], force[1:]), np.maximum(force[:-1], force[1:])
    overlap = np.clip(np.minimum(b, high) - np.maximum(a, low), 0.0, None)
    flat = b == a
    share = np.where(flat, (a >= low) & (a <= high), overlap / np.where(flat, 1.0, b - a))
    return 100.0 * float(np.sum(share * step)) / float(t[-1] - t[0])


def _mean(force: Array) -> float:
    mean = float(force.mean())
    if not mean > 0.0:
        raise RefusedError("Mean force of the hold is not above 0.")
    return mean


def _line(t: Array, force: Array) -> Array:
    """The least-squares straight line through the samples, at their times."""
    x = t - t.mean()
    return np.asarray(force.mean() + x * (np.sum(x * force) / np.sum(x * x)))


_ENOKA: Final = "Enoka & Farina 2021, doi:10.1152/physiol.00027.2020 (not verified)"
_NEEDS: Final = ("a hold of 5 s",)
_TARGET: Final = (*_NEEDS, "a target force")

STEADINESS: Final[tuple[Measure[Hold], ...]] = (
    Measure(
        "steadiness_cv", 1, "Unsteadiness (CV, trend removed)", "%", "100 · SD(F − line) / mean F", None, _NEEDS,
        _ENOKA, cv_detrended, cv_detrended,
    ),
    Measure(
        "steadiness_cv_raw", 1, "Unsteadiness (CV, drift included)", "%", "100 · SD(F) / mean F", None, _NEEDS, _ENOKA,
        cv_raw, cv_raw,
    ),
    Measure(
        "rmse_target", 1, "Root mean square error to target", "N", "√mean((F − f_T)²)", None, _TARGET, _ENOKA,
        rmse_target, rmse_target,
    ),
    Measure(
        "mean_error_target", 1, "Mean absolute error to target", "N", "mean |F − f_T|", None, _TARGET, _ENOKA,
        mean_error, mean_error,
    ),
    Measure(
        "time_in_band", 1, "Time within 5 % of target", "%", "100 · time(|F − f_T| <= 5 % f_T) / time", None, _TARGET,
        "definition and band our own", time_in_band, time_in_band,
    ),
)  # fmt: skip
"""Measures of a hold."""
