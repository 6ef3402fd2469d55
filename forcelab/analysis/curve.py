"""A force–time curve as what it is: straight lines between time-stamped samples. Exact sums and crossings on it.

All that is computed from a record goes through here, so there is one reading of "force at time x" (linear
interpolation of the raw samples, never the nearest one), one of "integral" (the exact area under the straight lines)
and one of "best window" (the true maximum over all windows, not over those that happen to start at a sample). Nothing
is filtered and nothing is resampled. Knows no onset, no baseline and no effort.

Sums are elementwise reductions (`np.cumsum`, `np.mean`), never `np.dot`: the last bit of a matrix product may depend
on the number of threads, and the same record must give the same bits.

A trial asks for some hundred small things here, so the cost of a call counts for more than that of an element:
`t.searchsorted(x)` and `t.item(i)` take a quarter of the time of `np.searchsorted(t, x)` and `float(t[i])`.
"""

from dataclasses import dataclass

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
    i = _before(t, x)
    return None if i is None else _on_line(t, force, i, x)


def _before(t: Array, x: float) -> int | None:
    """The last sample at time x or before it; None outside the record."""
    if len(t) == 0 or not t.item(0) <= x <= t.item(-1):
        return None
    return int(t.searchsorted(x, side="right")) - 1


def _on_line(t: Array, force: Array, i: int, x: float) -> float:
    """The curve at time x, which lies at sample i or between it and the next one."""
    before, low = t.item(i), force.item(i)
    if before == x:
        return float(low)
    share = (x - before) / (t.item(i + 1) - before)
    return float(low + share * (force.item(i + 1) - low))


def running_integral(t: Array, force: Array) -> Array:
    """Area under the straight lines from t[0] to each sample, shape (n,).

    >>> running_integral(np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 2.0])).tolist()
    [0.0, 1.0, 5.0]
    """
    area = np.zeros(len(t))
    (0.5 * (t[1:] - t[:-1]) * (force[1:] + force[:-1])).cumsum(out=area[1:])
    return area


def integral(t: Array, force: Array, start: float, stop: float) -> float | None:
    """Area under the curve from start to stop, end points interpolated; None if the record does not hold both.

    >>> integral(np.array([0.0, 2.0]), np.array([0.0, 10.0]), 0.5, 1.5)
    5.0
    """
    first, last = value_at(t, force, start), value_at(t, force, stop)
    if first is None or last is None or stop < start:
        return None
    inside = slice(t.searchsorted(start, side="right"), t.searchsorted(stop))
    x = np.concatenate(((start,), t[inside], (stop,)))
    y = np.concatenate(((first,), force[inside], (last,)))
    return float((0.5 * (x[1:] - x[:-1]) * (y[1:] + y[:-1])).sum())


def area_to(t: Array, force: Array, areas: Array, x: float) -> float | None:
    """Area under the curve from t[0] to time x, with the `running_integral` at hand; None outside the record.

    >>> t, force = np.array([0.0, 2.0]), np.array([0.0, 10.0])
    >>> area_to(t, force, running_integral(t, force), 1.0)
    2.5
    """
    i = _before(t, x)
    if i is None:
        return None
    return float(areas.item(i) + 0.5 * (x - t.item(i)) * (force.item(i) + _on_line(t, force, i, x)))


def _window_starts(t: Array, lo: float, hi: float, window: float) -> Array:
    """Starts s in [lo, hi] at which F(s + window) or F(s) may change its slope: s or s + window is a sample.

    Two sorted runs between `lo` and `hi`, not merged.
    """
    starts = t[t.searchsorted(lo, side="right") : t.searchsorted(hi)]
    stops = t[t.searchsorted(lo + window, side="right") : t.searchsorted(hi + window)]
    return np.concatenate(((lo,), starts, stops - window, (hi,)))


def _best_part(t: Array, force: Array, window: float) -> slice:
    """The samples among which the best window lies.

    Where the curve is above half of its maximum in one run that is no shorter than the window, the best one lies in
    it: a window that reaches out can be moved in, where it leaves less than this half behind and takes in more.
    """
    above = force > 0.5 * force.max()
    first, last = int(above.argmax()), len(above) - 1 - int(above[::-1].argmax())
    if not above[first : last + 1].all() or t.item(last) - t.item(first) < window:
        return slice(0, len(t))
    return slice(max(first - 1, 0), last + 2)


def best_window(t: Array, force: Array, window: float) -> float | None:
    """The start of the window of given length with the greatest area under the curve.

    The derivative of the area with respect to the start s is F(s+w) − F(s), which is straight between breakpoints; so
    the maximum lies at a breakpoint or where F(s+w) = F(s), and both are tried.

    Returns:
        s, the first of equals; None if the record is shorter than the window.
    """
    # A record of exactly the window's length holds it, whatever the last bit of the time stamps says.
    if len(t) < 2 or t.item(-1) - t.item(0) < window - 1e-9:
        return None
    part = _best_part(t, force, window)
    t, force = t[part], force[part]
    s = _window_starts(t, t.item(0), max(t.item(-1) - window, t.item(0)), window)
    s.sort(kind="stable")  # merges the two runs in one pass
    gain = np.interp(s + window, t, force) - np.interp(s, t, force)
    area = running_integral(s, gain)
    # Where growth turns to loss inside a step, the area is greatest there.
    turn = ((gain[:-1] > 0.0) & (gain[1:] < 0.0)).nonzero()[0]
    before, after = gain[turn], gain[turn + 1]
    step = (s[turn + 1] - s[turn]) * before / (before - after)
    best = int(np.concatenate((area, area[turn] + 0.5 * step * before)).argmax())
    return s.item(best) if best < len(s) else s.item(turn.item(best - len(s))) + step.item(best - len(s))


def best_mean(t: Array, force: Array, window: float) -> tuple[float, float] | None:
    """The window of given length with the greatest time-weighted mean (area / length), see `best_window`.

    Args:
        t: s, shape (n,), strictly increasing.
        force: shape (n,).
        window: s.

    Returns:
        (start of the window in s, mean), or None if the record is shorter than the window.

    >>> best_mean(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0]), 1.0)  # a triangle: the best second is 0.5..1.5
    (0.5, 0.75)
    """
    start = best_window(t, force, window)
    if start is None:
        return None
    area = integral(t, force, start, min(start + window, t.item(-1)))
    return start, (area or 0.0) / window


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
    lo, hi = max(lo, t.item(0)), min(hi, t.item(-1) - window)
    if hi < lo:
        return None
    s = _window_starts(t, lo, hi, window)
    gain = np.interp(s + window, t, force) - np.interp(s, t, force)
    best = int(gain.argmax())
    return s.item(best), gain.item(best) / window


def crossing(t: Array, force: Array, before: int, level: float) -> float:
    """The time at which the straight line from sample `before` to the next one meets `level`, inside that step."""
    low, high = force.item(before), force.item(before + 1)
    share = 0.0 if high == low else min(max((level - low) / (high - low), 0.0), 1.0)
    start = t.item(before)
    return float(start + share * (t.item(before + 1) - start))


@dataclass(frozen=True, slots=True, eq=False)
class Climb:
    """A curve from some time on, as what its first rises through any number of levels are read from.

    Attributes:
        t: s, shape (n,), strictly increasing; `force` at these times.
        since: s.
        first: index of the first sample at or after `since`.
        highest: the greatest force from that sample up to each one after it.
    """

    t: Array
    force: Array
    since: float
    first: int
    highest: Array

    def through(self, level: float) -> float | None:
        """The first time after `since` at which the curve rises through a level, see `first_rise`."""
        k = self.first + int(self.highest.searchsorted(level, side="right"))
        if k in (0, len(self.t)):
            return None
        x = crossing(self.t, self.force, k - 1, level)
        return x if x >= self.since else None


def climb(t: Array, force: Array, since: float) -> Climb:
    """One pass over a curve, for its first rises after `since`."""
    first = int(t.searchsorted(since))
    return Climb(t, force, since, first, np.maximum.accumulate(force[first:]))


def first_rise(t: Array, force: Array, level: float, since: float) -> float | None:
    """The first time after `since` at which the curve rises through `level`.

    Returns:
        The interpolated time in s; None if the curve is above the level at `since` already, or never rises so far.

    >>> first_rise(np.array([0.0, 1.0, 2.0]), np.array([0.0, 10.0, 10.0]), 2.5, 0.0)
    0.25
    """
    return climb(t, force, since).through(level)


def time_above(t: Array, force: Array, level: float) -> float:
    """How long the curve is at a level or above it altogether, crossings interpolated.

    >>> time_above(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 10.0, 10.0, 0.0]), 5.0)
    2.0
    """
    above = force >= level
    k = (above[1:] != above[:-1]).nonzero()[0]
    low = force[k]
    ends = (t[k] + (level - low) / (force[k + 1] - low) * (t[k + 1] - t[k])).tolist()
    # Rises and falls take turns; a stretch may be open at either end of the record.
    starts, stops = (ends[1::2], ends[::2]) if above[0] else (ends[::2], ends[1::2])
    return float(sum(stops) - sum(starts) + (t.item(-1) if above[-1] else 0.0) - (t.item(0) if above[0] else 0.0))


def widest_run(mask: np.ndarray, at: int) -> tuple[int, int]:
    """The unbroken run of True around index `at`, as (first, last); (at, at - 1) if `at` itself is False.

    >>> widest_run(np.array([False, True, True, False]), 2)
    (1, 2)
    """
    if not mask[at]:
        return at, at - 1
    before, after = mask[at::-1], mask[at:]
    first = 0 if before.all() else at + 1 - int(before.argmin())
    last = len(mask) - 1 if after.all() else at - 1 + int(after.argmin())
    return first, last
