"""A force–time curve as what it is: straight lines between time-stamped samples. Exact sums and crossings on it.

All that is computed from a record goes through here, so there is one reading of "force at time x" (linear
interpolation of the raw samples, never the nearest one), one of "integral" (the exact area under the straight lines)
and one of "best window" (the true maximum over all windows, not over those that happen to start at a sample). Nothing
is filtered and nothing is resampled. Knows no onset, no baseline and no effort.

Sums are elementwise reductions (`np.cumsum`, `np.mean`), never `np.dot`: the last bit of a matrix product may depend
on the number of threads, and the same record must give the same bits.
"""

import numpy as np

from forcelab.model import Array


def value_at(t: Array, force: Array, x: float) -> float | None:
    """The curve at time x, by linear interpolation.

    Args:
        t: s, shape (n,), strictly increasing.
        force: any unit, shape (n,).
        x: s.

    Returns:
        The value, or None outside [t[0], t[-1]]: nothing is extrapolated.

    >>> value_at(np.array([0.0, 2.0]), np.array([0.0, 10.0]), 0.5)
    2.5
    """
    if len(t) == 0 or not t[0] <= x <= t[-1]:
        return None
    i = min(max(int(t.searchsorted(x, side="right")) - 1, 0), len(t) - 1)
    if t[i] == x or i == len(t) - 1:
        return float(force[i])
    share = (x - t[i]) / (t[i + 1] - t[i])
    return float(force[i] + share * (force[i + 1] - force[i]))


def running_integral(t: Array, force: Array) -> Array:
    """Area under the straight lines from t[0] to each sample, shape (n,).

    >>> running_integral(np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 2.0])).tolist()
    [0.0, 1.0, 5.0]
    """
    area = np.zeros(len(t))
    np.cumsum(0.5 * (t[1:] - t[:-1]) * (force[1:] + force[:-1]), out=area[1:])
    return area


def integral(t: Array, force: Array, start: float, stop: float) -> float | None:
    """Area under the curve from start to stop, end points interpolated; None if the record does not hold both.

    >>> integral(np.array([0.0, 2.0]), np.array([0.0, 10.0]), 0.5, 1.5)
    5.0
    """
    first, last = value_at(t, force, start), value_at(t, force, stop)
    if first is None or last is None or stop < start:
        return None
    inside = slice(int(t.searchsorted(start, side="right")), int(t.searchsorted(stop, side="left")))
    x = np.concatenate(((start,), t[inside], (stop,)))
    y = np.concatenate(((first,), force[inside], (last,)))
    return float(np.sum(0.5 * (x[1:] - x[:-1]) * (y[1:] + y[:-1])))


def _window_starts(t: Array, lo: float, hi: float, window: float) -> Array:
    """Ordered starts s in [lo, hi] at which F(s + window) or F(s) may change its slope: s or s + window is a sample."""
    starts = t[t.searchsorted(lo, side="right") : t.searchsorted(hi, side="left")]
    ends = t - window
    ends = ends[ends.searchsorted(lo, side="right") : ends.searchsorted(hi, side="left")]
    # Two sorted runs: the stable sort merges them in one pass.
    return np.sort(np.concatenate(((lo,), starts, ends, (hi,))), kind="stable")


def best_mean(t: Array, force: Array, window: float) -> tuple[float, float] | None:
    """The window of given length with the greatest time-weighted mean (area / length).

    The derivative of the mean with respect to the start s is (F(s+w) − F(s))/w, which is straight between breakpoints;
    so the maximum lies at a breakpoint or where F(s+w) = F(s), and both are tried.

    Args:
        t: s, shape (n,), strictly increasing.
        force: shape (n,).
        window: s.

    Returns:
        (start of the window in s, mean), or None if the record is shorter than the window.

    >>> best_mean(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0]), 1.0)  # a triangle: the best second is 0.5..1.5
    (0.5, 0.75)
    """
    # A record of exactly the window's length holds it, whatever the last bit of the time stamps says.
    if len(t) < 2 or t[-1] - t[0] < window - 1e-9:
        return None
    hi = max(float(t[-1]) - window, float(t[0]))
    first = integral(t, force, float(t[0]), min(float(t[0]) + window, float(t[-1])))
    s = _window_starts(t, float(t[0]), hi, window)
    gain = np.interp(s + window, t, force) - np.interp(s, t, force)
    # The area in the window grows by F(s+w) − F(s) as the window moves on; that is straight between breakpoints.
    area = (first or 0.0) + running_integral(s, gain)
    turn = np.flatnonzero((gain[:-1] > 0.0) & (gain[1:] < 0.0))
    step = (s[turn + 1] - s[turn]) * gain[turn] / (gain[turn] - gain[turn + 1])
    s = np.concatenate((s, s[turn] + step))
    area = np.concatenate((area, area[turn] + 0.5 * step * gain[turn]))
    best = int(np.argmax(area))
    return float(s[best]), float(area[best]) / window


def steepest(t: Array, force: Array, lo: float, hi: float, window: float) -> tuple[float, float] | None:
    """The greatest mean slope (F(s+w) − F(s))/w over all starts s in [lo, hi], at most to the ends of the record.

    F(s+w) − F(s) is straight between breakpoints, so its maximum lies at one: a window that starts or ends at a
    sample, or an end of [lo, hi].

    Returns:
        (start of the window in s, slope in force/s), or None if no such window lies in the record.

    >>> steepest(np.array([0.0, 1.0, 1.5, 3.0]), np.array([0.0, 0.0, 5.0, 5.0]), 0.0, 2.0, 0.5)
    (1.0, 10.0)
    """
    if len(t) < 2:
        return None
    lo, hi = max(lo, float(t[0])), min(hi, float(t[-1]) - window)
    if hi < lo:
        return None
    s = _window_starts(t, lo, hi, window)
    slope = (np.interp(s + window, t, force) - np.interp(s, t, force)) / window
    best = int(np.argmax(slope))
    return float(s[best]), float(slope[best])


def crossing(t: Array, force: Array, before: int, level: float) -> float:
    """The time at which the straight line from sample `before` to the next one meets `level`, inside that step."""
    low, high = float(force[before]), float(force[before + 1])
    share = 0.0 if high == low else min(max((level - low) / (high - low), 0.0), 1.0)
    return float(t[before] + share * (t[before + 1] - t[before]))


def first_rise(t: Array, force: Array, level: float, since: float) -> float | None:
    """The first time after `since` at which the curve rises through `level`.

    Returns:
        The interpolated time in s; None if the curve is above the level at `since` already, or never rises so far.

    >>> first_rise(np.array([0.0, 1.0, 2.0]), np.array([0.0, 10.0, 10.0]), 2.5, 0.0)
    0.25
    """
    start = int(t.searchsorted(since, side="left"))
    above = force[start:] > level
    if len(above) == 0:
        return None
    first = start + int(np.argmax(above))
    if not above[first - start] or first == 0:
        return None
    x = crossing(t, force, first - 1, level)
    return x if x >= since else None


def widest_run(mask: np.ndarray, at: int) -> tuple[int, int]:
    """The unbroken run of True around index `at`, as (first, last); (at, at - 1) if `at` itself is False.

    >>> widest_run(np.array([False, True, True, False]), 2)
    (1, 2)
    """
    if not mask[at]:
        return at, at - 1
    breaks = np.flatnonzero(~mask)
    k = int(np.searchsorted(breaks, at))
    first = int(breaks[k - 1]) + 1 if k > 0 else 0
    last = int(breaks[k]) - 1 if k < len(breaks) else len(mask) - 1
    return first, last
