"""Weighing: the quiet stand in which body weight is read. Finds and measures it; flags judge it."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from forcelab.model import Array, Weighing

WEIGHING_RULE: Final = "weighing latest/1(window=1,short=0.5|0.25|0.1,step=0.025,within=5,ratio=1.5,still=0.05)"
"""Name, version and parameters, as they stand in every recipe that rests on body weight."""

FULL: Final = 1.0
_LENGTHS: Final = (FULL, 0.5, 0.25, 0.1)
_STEP, _WITHIN, _RATIO = 0.025, 5.0, 1.5
# Nobody stands on a plate that shows less; more spread than 5 % of the mean is moving and not standing.
_LOADED, _STANDING, _STILL = 20.0, 100.0, 0.05
# The end of a window must belong to it: within 5 SD (at least 1 N) of the rest, or movement has begun in it.
_TAIL, _TAIL_SD, _TAIL_LEAST = 0.05, 5.0, 1.0
_FEWEST = 5


def weigh(t: Array, force: Array, since: float, until: float, floor: float) -> Weighing | None:
    """The latest quiet second between two times, or a shorter stretch where there is none.

    Windows of 1.0 s, stepped back by 25 ms from `until` and at most 5 s before it. A window is a stand if no sample
    lies below 20 N, its mean is at least 100 N, its SD at most 5 % of its mean, and the mean of its last 50 ms (of a
    quarter, if shorter) lies within max(5 SD, 1 N) of the rest of it: a window into which the movement reaches is
    no stand. Of the stands, the latest whose SD is at most 1.5 times the smallest one. If there is none, the same is
    tried with 0.5 s, 0.25 s and 0.1 s; the flag SHORT_WEIGHING then warns.

    Args:
        t: s, shape (n,).
        force: N, shape (n,).
        since: s.
        until: s.
        floor: N, least SD.

    Returns:
        Mean and sample SD of the window; None if nobody stands still.

    >>> t = np.linspace(0.0, 2.0, 201)
    >>> weigh(t, np.where(t > 1.5, 300.0, 700.0), 0.0, 2.0, 0.1)
    Weighing(weight=700.0, sd=0.1, start=0.5, stop=1.5, given=False)
    """
    first = max(since, float(t[0]), until - _WITHIN)
    for length in _LENGTHS:
        found = _latest(t, force, (first, until), length, floor)
        if found is not None:
            return found
    return None


def _latest(t: Array, force: Array, ends: tuple[float, float], length: float, floor: float) -> Weighing | None:
    first, until = ends
    # A stretch of exactly the window's length holds it, whatever the last bit of the time stamps says.
    count = int(np.floor((until - length - first) / _STEP + 1e-6)) + 1
    if count < 1:
        return None
    starts = (until - length) - _STEP * np.arange(count)
    i, j = np.searchsorted(t, starts - 1e-9), np.searchsorted(t, starts + length + 1e-9)
    k = np.searchsorted(t, starts + length - min(_TAIL, 0.25 * length))
    enough = (k - i >= _FEWEST) & (j - k >= 1)
    if not enough.any():
        return None
    i, j, k = i[enough], j[enough], k[enough]
    spreads = _spreads(force[int(i.min()) : int(j.max())], i - i.min(), k - i.min(), j - i.min())
    stand = np.flatnonzero(np.isfinite(spreads))
    if len(stand) == 0:
        return None
    # A tenth of a millinewton more is rounding of the running sums. Windows are in order of lateness.
    limit = _RATIO * max(float(spreads[stand].min()), floor) + 1e-4
    chosen = int(stand[np.flatnonzero(spreads[stand] <= limit)[0]])
    a, b = int(i[chosen]), int(j[chosen])
    part = force[a:b]
    return Weighing(float(part.mean()), max(float(part.std(ddof=1)), floor), float(t[a]), float(t[b - 1]))


def _spreads(force: Array, i: np.ndarray, k: np.ndarray, j: np.ndarray) -> Array:
    """SD of each window [i, j) with tail [k, j), NaN where nobody stands still in it; all at once, by running sums."""
    middle = float(np.partition(force, len(force) // 2)[len(force) // 2])
    sums, squares, empty = (np.concatenate(((0.0,), np.cumsum(x))) for x in _terms(force, middle))
    body, tail, whole = (k - i).astype(np.float64), (j - k).astype(np.float64), (j - i).astype(np.float64)
    body_mean = (sums[k] - sums[i]) / body
    body_sd = np.sqrt(np.maximum((squares[k] - squares[i]) / body - body_mean * body_mean, 0.0))
    mean = (sums[j] - sums[i]) / whole
    sd = np.sqrt(np.maximum((squares[j] - squares[i]) / whole - mean * mean, 0.0))
    off = np.abs((sums[j] - sums[k]) / tail - body_mean)
    standing = (middle + mean >= _STANDING) & (sd <= _STILL * (middle + mean)) & (empty[j] == empty[i])
    still = standing & (off <= np.maximum(_TAIL_SD * body_sd, _TAIL_LEAST))
    return np.where(still, sd * np.sqrt(whole / (whole - 1.0)), np.nan)


def _terms(force: Array, middle: float) -> Iterator[Array]:
    # About a middle value, so that the squares are of the noise and not of the weight.
    centred = force - middle
    yield centred
    yield centred * centred
    yield (force < _LOADED).astype(np.float64)
