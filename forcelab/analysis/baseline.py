"""The quiet window before an effort: where the zero of "net" force and the noise of the day are read.

Finds it and measures it; judges nothing (that a window is too restless is a flag's business).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from forcelab.model import Array, Baseline

QUIET_RULE: Final = "quiet latest/2(window=0.5,step=0.05,from=-3,to=-0.2,ratio=1.5)"
"""Name, version and parameters of the rule below, as they stand in every recipe that rests on it."""

WINDOW: Final = 0.5
_STEP, _FROM, _TO, _RATIO = 0.05, -3.0, -0.2, 1.5
_ROUNDING = 1e-9  # N
_FEWEST = 3  # samples, below which a spread says nothing


@dataclass(frozen=True, slots=True)
class Quiet:
    """A baseline with what its flags need.

    Attributes:
        baseline: mean and SD (floored at the resolution), start and stop.
        full: whether a window of the full length fitted before the rise.
    """

    baseline: Baseline
    full: bool


def resolution_floor(force: Array) -> float:
    """SD that rounding alone would cause: the smallest step between neighbouring samples, divided by √12.

    A quantised record of a still sensor has an SD of zero, and a threshold of 5 × 0 fires on the first step. Steps
    below 1 nN are rounding of the conversion to newtons. No step at all: 0.

    >>> round(resolution_floor(np.array([0.0, 0.0, 0.3, 0.9])) * 12**0.5, 6)
    0.3
    """
    steps = np.abs(force[1:] - force[:-1])
    steps[steps < _ROUNDING] = np.inf
    least = steps.min(initial=np.inf)
    return float(least) / 12.0**0.5 if least < np.inf else 0.0


def quiet_window(t: Array, force: Array, rise: float, floor: float) -> Quiet | None:
    """The latest quiet half second before a rise.

    Windows of 0.5 s, stepped by 50 ms, inside [rise − 3.0 s, rise − 0.2 s]; `rise` is the time at which force passes
    10 % of its way up. Of those, the latest whose SD is at most 1.5 times the smallest one found. The latest and not
    the quietest: with a limb pressed evenly against the strap before the pull, "quietest" picks the unloaded part at
    random and moves onset by almost a second, while "latest" keeps onset and lets the flag PRELOAD see the load.
    If not even one window fits, the later half of the samples up to 0.2 s before the rise is taken, or of those up to
    the rise itself; the earlier half may hold the end of the push before.

    Args:
        t: s, shape (n,): the part of the record that may hold this effort's quiet phase.
        force: N, shape (n,).
        rise: s.
        floor: N, least SD, see `resolution_floor`.

    Returns:
        Mean and sample SD (ddof = 1, not below the floor) in N; None if there are fewer than three samples.
    """
    first, last = max(t.item(0), rise + _FROM), rise + _TO
    count = math.floor((last - WINDOW - first) / _STEP + 1e-9) + 1
    if count < 1:
        return _whatever_there_is(t, force, rise, floor)
    # Stepped back from the end, so that the latest window always reaches up to 0.2 s before the rise.
    starts = (last - WINDOW) - _STEP * np.arange(count - 1, -1, -1)
    i, j = t.searchsorted(starts), t.searchsorted(starts + WINDOW, side="right")
    spread = _spreads(force, i, j)
    usable = np.isfinite(spread)
    if not usable.any():
        return _whatever_there_is(t, force, rise, floor)
    # A nanonewton more than that is rounding of the running sums and not restlessness.
    limit = _RATIO * max(float(spread[usable].min()), floor) + 1e-9
    chosen = (usable & (spread <= limit)).nonzero()[0].item(-1)
    return Quiet(_measure(t, force, i.item(chosen), j.item(chosen), floor), full=True)


def _spreads(force: Array, i: np.ndarray, j: np.ndarray) -> Array:
    """Sample SD of force[i:j] for many windows at once, from running sums; NaN where a window has too few samples."""
    a, b = int(i.min()), int(j.max())
    if b - a < _FEWEST:
        return np.full(len(i), np.nan)
    # About the middle value, so that the squares are of the noise and not of the load.
    centred = force[a:b] - np.partition(force[a:b], (b - a) // 2)[(b - a) // 2]
    sums, squares = np.zeros(b - a + 1), np.zeros(b - a + 1)
    centred.cumsum(out=sums[1:])
    (centred * centred).cumsum(out=squares[1:])
    n = (j - i).astype(np.float64)
    total, square = sums[j - a] - sums[i - a], squares[j - a] - squares[i - a]
    enough = n >= _FEWEST
    n[~enough] = _FEWEST
    spread = np.sqrt(np.maximum(square - total * total / n, 0.0) / (n - 1.0))
    spread[~enough] = np.nan
    return np.asarray(spread)


def _whatever_there_is(t: Array, force: Array, rise: float, floor: float) -> Quiet | None:
    for until in (rise + _TO, rise):
        stop = int(t.searchsorted(until, side="right"))
        if stop >= _FEWEST:
            return Quiet(_measure(t, force, min(stop // 2, stop - _FEWEST), stop, floor), full=False)
    return None


def _measure(t: Array, force: Array, i: int, j: int, floor: float) -> Baseline:
    part, n = force[i:j], j - i
    mean = float(part.sum()) / n
    away = part - mean
    sd = math.sqrt(float((away * away).sum()) / (n - 1))
    return Baseline(mean, max(sd, floor), t.item(i), t.item(j - 1))
