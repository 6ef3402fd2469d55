"""How force declines: over repetitions, and within one sustained hold.

Takes peaks of repetitions, or the curve of a hold from its peak to its commanded end. Knows no onset.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.curve import first_rise, integral
from forcelab.analysis.estimate import RefusedError, positive, sample
from forcelab.analysis.measure import Measure
from forcelab.model import Array

LAST: Final = 3
"""Repetitions at the end whose mean stands for the fatigued state."""

LEAST: Final = 5.0
"""s: less than this is no sustained hold (our choice)."""


@dataclass(frozen=True, eq=False)
class Sustained:
    """A hold at full effort from its peak on. Times in s, forces in N above the baseline.

    Attributes:
        t: shape (n,), strictly increasing.
        net: shape (n,).
        start: when force was greatest.
        stop: the commanded end.
        peak: that greatest force.
    """

    t: Array
    net: Array
    start: float
    stop: float
    peak: float

    def inside(self) -> tuple[Array, Array]:
        """The samples (t, net) from start to stop.

        Raises:
            RefusedError: shorter than 5 s, or the record ends before.
        """
        if not self.stop - self.start >= LEAST:
            ended = f"{self.stop - self.start:.1f} s after" if self.stop > self.start else "before"
            raise RefusedError(f"The commanded hold ended {ended} the peak; {LEAST:.0f} s after it are needed.")
        if len(self.t) == 0 or not (self.t[0] <= self.start and self.stop <= self.t[-1]):
            raise RefusedError("The record ends before the commanded end of the hold.")
        positive(self.peak, "peak force")
        i, j = np.searchsorted(self.t, (self.start, np.nextafter(self.stop, np.inf)))
        if j - i < 2:
            raise RefusedError("There are no samples in the hold.")
        return self.t[i:j], self.net[i:j]


def sustained(c: Contraction, stop: float) -> Sustained:
    """The hold of an effort from its peak to its commanded end at `stop` s on the trace's clock.

    The release must lie behind `stop`, or letting go would count as fatigue.
    """
    return Sustained(c.t, c.net, c.effort.peak_at, stop, c.effort.peak)


def fatigue_first_last(peaks: Sequence[float]) -> float:
    """Fatigue index of the first and the last repetition.

    Formula: FI_pt = 100 · (F_1 − F_n) / F_1. Unit: %.

    Edge cases: first repetitions are often not maximal, which makes it too small; negative when the last is stronger.
    Refused with fewer than two repetitions.

    Source: used with 12 repetitions of 3 s and 5 s of rest, grip 30 % and quadriceps 18 %, PMC3776088.

    >>> fatigue_first_last([500.0, 520.0, 450.0, 400.0])
    20.0
    """
    row = sample(peaks, "repetitions", 2)
    first = positive(float(row[0]), "first repetition")
    return 100.0 * (first - float(row[-1])) / first


def fatigue_best_last(peaks: Sequence[float]) -> float:
    """Fatigue index of the best and the last three repetitions: what fatigue index means where nothing else is said.

    Formula: FI = 100 · (F_best − mean(F_{n−2}, F_{n−1}, F_n)) / F_best. Unit: %.

    Edge cases: never negative. Refused with fewer than four repetitions: the last three must not be all there are.

    Source: that an index from the first repetition comes out too small was found in OSSJ 10:37; best and last three
    are our choice.

    >>> fatigue_best_last([480.0, 500.0, 450.0, 410.0, 400.0, 390.0])
    20.0
    """
    row = sample(peaks, "repetitions", LAST + 1)
    best = positive(float(row.max()), "best repetition")
    return 100.0 * (best - float(row[-LAST:].mean())) / best


def fatigue_area(hold: Sustained) -> float:
    """Fatigue index of a sustained hold: how much of the area under its peak is lost.

    Formula: FI_auc = 100 · (1 − ∫ F dt / (F_max · T)) from the time of the greatest force to the commanded end, T
    apart. Unit: %. Trapezoids on the time stamps as they are.

    Edge cases: a peak that is noise makes it larger. Refused when less than 5 s are left after the peak or when the
    record ends before the commanded end.

    Source: in common use (not verified).

    >>> round(fatigue_area(Sustained(np.array([0.0, 60.0]), np.array([500.0, 300.0]), 0.0, 60.0, 500.0)), 9)
    20.0
    """
    hold.inside()
    area = integral(hold.t, hold.net, hold.start, hold.stop)
    if area is None:
        raise RefusedError("The record ends before the commanded end of the hold.")
    return 100.0 * (1.0 - area / (hold.peak * (hold.stop - hold.start)))


def time_to_half(hold: Sustained) -> float:
    """Time to half: how long a sustained hold stays above half of its greatest force.

    Formula: t_50 − t(F_max), first fall of net force through 50 % of F_max after its peak, before the commanded end.
    Unit: s.

    Edge cases: refused when force stays above half until then; that is a finding and no failure. A single lapse counts.

    Source: in common use (not verified).

    >>> time_to_half(Sustained(np.array([0.0, 80.0]), np.array([500.0, 100.0]), 0.0, 80.0, 500.0))
    50.0
    """
    hold.inside()
    at = first_rise(hold.t, -hold.net, -0.5 * hold.peak, hold.start)
    if at is None or at > hold.stop:
        raise RefusedError("Force stays above half of its peak until the end of the hold.")
    return at - hold.start


def decline(hold: Sustained) -> float:
    """Slope of decline: how many percent of its peak a sustained hold loses a second.

    Formula: 100 · b / F_max, b the least-squares slope of net force on time over the samples from the peak to the
    commanded end. Unit: %/s, negative when force falls.

    Edge cases: a straight line through a bent curve: the longer the hold, the flatter. Refused as the index of area.

    Source: in common use (not verified).

    >>> round(decline(Sustained(np.array([0.0, 30.0, 60.0]), np.array([500.0, 400.0, 300.0]), 0.0, 60.0, 500.0)), 9)
    -0.666666667
    """
    t, net = hold.inside()
    x = t - t.mean()
    return 100.0 * float(np.sum(x * net) / np.sum(x * x)) / hold.peak


_HOLD: Final = ("a hold of 5 s from its peak on",)

OVER_REPETITIONS: Final[tuple[Measure[Sequence[float]], ...]] = (
    Measure(
        "fatigue_index", 1, "Fatigue index (best to last three)", "%", "100 · (F_best − mean of last 3) / F_best", None,
        ("four repetitions",), "OSSJ 10:37; best and last three our choice", fatigue_best_last, fatigue_best_last,
    ),
    Measure(
        "fatigue_index_pt", 1, "Fatigue index (first to last)", "%", "100 · (F_1 − F_n) / F_1", None,
        ("two repetitions",), "PMC3776088", fatigue_first_last, fatigue_first_last,
        "First repetitions are often not maximal, which makes this index too small.",
    ),
)  # fmt: skip
"""Measures of the peaks of repetitions, in their order."""

OVER_HOLD: Final[tuple[Measure[Sustained], ...]] = (
    Measure(
        "fatigue_index_auc", 1, "Fatigue index (area)", "%", "100 · (1 − ∫ F dt / (F_max · T))", None, _HOLD,
        "in common use (not verified)", fatigue_area, fatigue_area,
    ),
    Measure(
        "time_to_half", 1, "Time above half of peak", "s", "t_50 − t(F_max)", None, _HOLD,
        "in common use (not verified)", time_to_half, time_to_half,
    ),
    Measure(
        "decline", 1, "Slope of decline", "%/s", "100 · b / F_max", None, _HOLD,
        "in common use (not verified)", decline, decline,
    ),
)  # fmt: skip
"""Measures of a sustained hold."""
