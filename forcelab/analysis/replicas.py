"""Many samplings of one rise at once, and the timed numbers of each: rows are replicas, columns are samples.

The same definitions as in `onset` and `explosive`, for a whole table of curves in one go; a test holds the two
together. Refuses to know where the curves come from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forcelab.analysis.noise import Noise
from forcelab.analysis.onset import CERTAIN
from forcelab.analysis.rise import Rise
from forcelab.model import Array

EPOCHS: Final = (0.0, 0.05, 0.09, 0.1, 0.15, 0.2, 0.25)
"""s after onset at which numbers are read."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Net force in N against s, shape (rows, samples), with the peak and onset of each row, shape (rows,).

    Attributes:
        zero: N, by how much the baseline of each row lies too high.
    """

    t: Array
    net: Array
    peak: Array
    onset: Array
    zero: Array

    def after(self, seconds: float) -> Array:
        """Net force so many seconds after onset (one of `EPOCHS`); NaN outside the row's samples."""
        k = EPOCHS.index(seconds)
        return np.where(self._epochs.inside[k], self._epochs.net[k], np.nan)

    def impulse(self, window: float) -> Array:
        """Area under each row's straight lines from onset over so many seconds, as for `after`."""
        return np.asarray(self._areas[EPOCHS.index(window)] - self._areas[0])

    @cached_property
    def _epochs(self) -> "_Places":
        """Where in each row's samples all epochs end, looked for in one go."""
        n = self.t.shape[1]
        x = self.onset + np.array(EPOCHS)[:, np.newaxis]
        inside = (x >= self.t[:, 0]) & (x < self.t[:, -1])
        held = np.where(inside, x, self.t[:, 0])
        steps = (held - self.t[:, 0]) * (n - 1) / (self.t[:, -1] - self.t[:, 0])
        i = np.minimum(steps.astype(np.intp), n - 2)
        row = np.arange(len(self.t))
        # Jitter moves a stamp by less than half an interval at either end: the guess is at most two samples off.
        for _ in range(3):
            moved = np.minimum(np.maximum(i + (self.t[row, i + 1] <= held) - (self.t[row, i] > held), 0), n - 2)
            if (moved == i).all():
                break
            i = moved
        return _Places(x, i, inside, _line(self.t, self.net, i, x))

    @cached_property
    def _areas(self) -> Array:
        """Area from each row's first sample to the end of each epoch; NaN outside its samples."""
        row, at = np.arange(len(self.t)), self._epochs
        rest = 0.5 * (at.x - self.t[row, at.i]) * (self.net[row, at.i] + at.net)
        return np.where(at.inside, self._running[row, at.i] + rest, np.nan)

    @cached_property
    def _running(self) -> Array:
        """Area from each row's first sample to each of its samples."""
        area = np.zeros(self.t.shape)
        steps = 0.5 * (self.t[:, 1:] - self.t[:, :-1]) * (self.net[:, 1:] + self.net[:, :-1])
        steps.cumsum(axis=1, out=area[:, 1:])
        return area

    def rise_to(self, share: float) -> Array:
        """First time after onset at which each row rises through this share of its peak; NaN if it never does."""
        if share not in self._rises:
            self._rises[share] = self._rise_to(share)
        return self._rises[share]

    @cached_property
    def _rises(self) -> dict[float, Array]:
        return {}

    def _rise_to(self, share: float) -> Array:
        level = share * self.peak
        above = self.net > level[:, np.newaxis]
        above &= self._begun
        k = above.argmax(axis=1)
        found = above[np.arange(len(k)), k] & (k > 0)
        x = _meet(self.t, self.net, np.maximum(k - 1, 0), level)
        return np.where(found & (x >= self.onset), x, np.nan)

    @cached_property
    def _begun(self) -> NDArray[np.bool_]:
        return self.t >= self.onset[:, np.newaxis]


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Times, the last sample before each, whether there is one and one after it, and net force there: (times, rows)."""

    x: Array
    i: NDArray[np.intp]
    inside: NDArray[np.bool_]
    net: Array


def _line(t: Array, net: Array, i: np.ndarray, x: Array) -> Array:
    row = np.arange(len(t))
    t0, y0 = t[row, i], net[row, i]
    return np.asarray(y0 + (x - t0) / (t[row, i + 1] - t0) * (net[row, i + 1] - y0))


def _meet(t: Array, net: Array, i: np.ndarray, level: Array) -> Array:
    """Where the line from sample i of each row to the next meets the level, inside that step."""
    row = np.arange(len(i))
    low, high = net[row, i], net[row, i + 1]
    climb = np.where(high == low, 1.0, high - low)
    share = np.clip((level - low) / climb, 0.0, 1.0)
    return np.asarray(t[row, i] + share * (t[row, i + 1] - t[row, i]))


def find_onsets(t: Array, net: Array, peak: Array, threshold: Array) -> Array:
    """The last sample at or below the threshold before force exceeds 25 % of peak, interpolated; NaN if there is none.

    As `onset.find_onset` but for the confirmation over 20 ms, which a redrawn rise passes.
    """
    rows = np.arange(len(net))
    certain = net > np.maximum(CERTAIN * peak, threshold)[:, np.newaxis]
    first = certain.argmax(axis=1)  # 0 where there is none: then nothing lies before it
    low = net <= threshold[:, np.newaxis]
    low &= np.arange(net.shape[1]) < first[:, np.newaxis]
    last = net.shape[1] - 1 - low[:, ::-1].argmax(axis=1)
    there = low[rows, last]
    return np.where(there, _meet(t, net, np.where(there, last, 0), threshold), np.nan)


def sample_anew(rise: Rise, noise: Noise, rows: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Samples of a rise as the sensor might have taken them: another phase, other jitter, other noise, rounded.

    Phases are stratified: one in each of `rows` equal parts of the sampling interval.

    Returns:
        Times in s and net force in N, shape (rows, samples) each.
    """
    phase = (rng.permutation(rows) + rng.random(rows)) / rows
    steps = np.arange(rise.samples) + phase[:, np.newaxis] + rise.jitter / rise.interval
    if rise.jitter > 0.0:
        steps += rng.uniform(-rise.jitter / rise.interval, rise.jitter / rise.interval, steps.shape)
    white = rng.standard_normal(steps.shape)
    if noise.correlation > 0.0:
        rho = noise.correlation
        fresh = (1.0 - rho * rho) ** 0.5
        for k in range(1, rise.samples):
            white[:, k] = rho * white[:, k - 1] + fresh * white[:, k]
    # Between points of an even grid: `np.interp` would search for each of them.
    places = steps * rise.fine
    before = places.astype(np.intp)
    low = rise.net[before]
    net = low + (places - before) * (rise.net[before + 1] - low) + noise.sd * white
    if noise.step > 0.5 * noise.sd:
        net = np.round(net / noise.step) * noise.step
    return rise.t.item(0) + steps * rise.interval, net


def _rfd(window: float) -> Callable[[Curves], Array]:
    return lambda c: (c.after(window) - c.after(0.0)) / window


def _force(window: float) -> Callable[[Curves], Array]:
    return lambda c: c.after(window)


def _gross(window: float) -> Callable[[Curves], Array]:
    return lambda c: c.after(window) + c.zero


def _impulse(window: float) -> Callable[[Curves], Array]:
    return lambda c: c.impulse(window)


def _rfd_20_80(c: Curves) -> Array:
    width = c.rise_to(0.8) - c.rise_to(0.2)
    climbs = width > 0.0
    return np.where(climbs, 0.6 * c.peak / np.where(climbs, width, 1.0), np.nan)


def _rfd_between(start: float, stop: float) -> Callable[[Curves], Array]:
    return lambda c: (c.after(stop) - c.after(start)) / (stop - start)


def _per_peak(window: float, times: float) -> Callable[[Curves], Array]:
    return lambda c: times * _rfd(window)(c) / c.peak


def _time_to(share: float) -> Callable[[Curves], Array]:
    return lambda c: c.rise_to(share) - c.onset


def _rfd_to(share: float) -> Callable[[Curves], Array]:
    def rate(c: Curves) -> Array:
        time = c.rise_to(share) - c.onset
        return np.where(time > 0.0, share * c.peak / np.where(time > 0.0, time, 1.0), np.nan)

    return rate


def _onset(c: Curves) -> Array:
    return c.onset


_LATE: Final = ((50, 100), (100, 150), (150, 200), (100, 200))

NUMBERS: Final[Mapping[str, Callable[[Curves], Array]]] = {
    "onset": _onset,
    "rfd_20_80": _rfd_20_80,
    **{f"rfd_0_{w}": _rfd(w / 1000) for w in (50, 100, 150, 200, 250)},
    **{f"force_at_{w}": _force(w / 1000) for w in (50, 90, 100, 150, 200, 250)},
    **{f"force_at_{w}_gross": _gross(w / 1000) for w in (50, 90, 100, 150, 200, 250)},
    **{f"impulse_0_{w}": _impulse(w / 1000) for w in (50, 100, 150, 200, 250)},
    **{f"rfd_{a}_{b}": _rfd_between(a / 1000, b / 1000) for a, b in _LATE},
    **{f"nrfd_0_{w}": _per_peak(w / 1000, 100.0) for w in (50, 100, 150, 200, 250)},
    **{f"rfd_per_peak_0_{w}": _per_peak(w / 1000, 1.0) for w in (50, 100, 150, 200, 250)},
    **{f"rfd_to_{a}_{b}": _rfd_to(a / b) for a, b in ((1, 6), (1, 2), (2, 3))},
    **{f"time_to_{percent}": _time_to(percent / 100) for percent in (30, 50, 80, 90)},
}
"""Metric id -> the number of each row.

Only those that a study has held to their coverage: docs/coverage.md in full, docs/coverage-further.md the others.
"""
