"""What numbers of levels, areas, holds and repetitions are without noise: the rules on the continuous force, dense.

Own formulas throughout; nothing of `forcelab.analysis` is asked. Force is above its own rest.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from forcelab.model import Array
from tests.signals import ONSET, Signal

STEP: Final = 5e-5


@dataclass(frozen=True, eq=False)
class Dense:
    """A noise-free record on a dense grid: times, force above rest, area since the first time."""

    t: Array
    net: Array
    area: Array

    @property
    def peak(self) -> float:
        return float(self.net.max())

    @property
    def peak_at(self) -> float:
        return float(self.t[np.argmax(self.net)])

    def rises(self, level: float, since: float = 0.0) -> float:
        """The first time after `since` at which force passes a level upwards, interpolated."""
        k = int(np.argmax((self.net > level) & (self.t >= since)))
        return self._between(k, level)

    def falls(self, level: float, since: float) -> float:
        """The first time after `since` at which force passes a level downwards, interpolated."""
        k = int(np.argmax((self.net < level) & (self.t >= since)))
        return self._between(k, level)

    def leaves(self, level: float) -> float:
        """The last time at which force passes a level downwards, interpolated."""
        return self._between(int(np.flatnonzero(self.net >= level)[-1]) + 1, level)

    def _between(self, k: int, level: float) -> float:
        low, high = float(self.net[k - 1]), float(self.net[k])
        return float(self.t[k - 1]) + (level - low) / (high - low) * STEP

    def integral(self, a: float, b: float) -> float:
        return float(np.interp(b, self.t, self.area) - np.interp(a, self.t, self.area))

    def best(self, window: float) -> float:
        n = round(window / STEP)
        return float((self.area[n:] - self.area[:-n]).max()) / window

    def onset(self, sd: float) -> float:
        """By the default rule: the last time before a quarter of the way up at the threshold or below it."""
        threshold = max(0.02 * self.peak, 5.0 * sd, 2.0)
        high = int(np.argmax(self.net > 0.25 * self.peak))
        return self._between(int(np.flatnonzero(self.net[:high] <= threshold)[-1]) + 1, threshold)


def dense(signal: Signal) -> Dense:
    t = np.arange(0.0, signal.end, STEP)
    net = signal.force(t) - signal.baseline
    return Dense(t, net, np.concatenate(((0.0,), np.cumsum(0.5 * STEP * (net[1:] + net[:-1])))))


def of_effort(d: Dense, sd: float) -> dict[str, float]:
    """Numbers of top, area and release."""
    peak, released = d.peak, d.leaves(0.05 * d.peak)
    start = d.leaves(0.9 * peak)
    found = {
        "plateau_ratio": min(d.best(1.0) / peak, 1.0),
        "impulse_total": d.integral(d.onset(sd), released),
        "half_relaxation": d.falls(0.45 * peak, start) - start,
        "rfr_75_25": -0.5 * peak / (d.falls(0.25 * peak, start) - d.falls(0.75 * peak, start)),
        "rfr_90_10": -0.8 * peak / (d.falls(0.1 * peak, start) - start),
    }
    i, j = np.searchsorted(d.t, (start, released))
    for w in (20, 50, 100, 200):
        n = round(w / 1000 / STEP)
        found[f"peak_rfr_{w}"] = float((d.net[i + n : j + n] - d.net[i:j]).min()) * 1000 / w
    return found


def of_hold(d: Dense, sd: float, target: float, length: float) -> dict[str, float]:
    """Steadiness between 2 s after the force is at 90 % of its target and 1 s before the commanded end."""
    a, b = d.rises(0.9 * target) + 2.0, d.onset(sd) + length - 1.0
    inside = (d.t >= a) & (d.t <= b)
    t, net = d.t[inside], d.net[inside]
    x = t - t.mean()
    about = net - net.mean() - x * ((x * net).sum() / (x * x).sum())
    error = net - target
    return {
        "steadiness_cv": 100.0 * float(about.std()) / float(net.mean()),
        "steadiness_cv_raw": 100.0 * float(net.std()) / float(net.mean()),
        "rmse_target": float(np.sqrt((error**2).mean())),
        "mean_error_target": float(np.abs(error).mean()),
        "time_in_band": 100.0 * float((np.abs(error) <= 0.05 * target).mean()),
    }


def of_sustained(d: Dense, sd: float, length: float) -> dict[str, float]:
    """Decline from the greatest force to the commanded end."""
    peak, start, stop = d.peak, d.peak_at, d.onset(sd) + length
    inside = (d.t >= start) & (d.t <= stop)
    x = d.t[inside] - d.t[inside].mean()
    return {
        "fatigue_index_auc": 100.0 * (1.0 - d.integral(start, stop) / (peak * (stop - start))),
        "time_to_half": d.falls(0.5 * peak, start) - start,
        "decline": 100.0 * float((x * d.net[inside]).sum() / (x * x).sum()) / peak,
    }


def of_repetitions(d: Dense, count: int, beat: float, work: float) -> dict[str, float]:
    """Fatigue and end-test force of so many pushes, one a beat, each between its edges at half of its own peak.

    Args:
        d: the record; the first push begins at `ONSET`.
        count: how many.
        beat: s from one push to the next.
        work: s of each beat that are work.
    """
    peaks, means, lengths = [], [], []
    for i in range(count):
        inside = (d.t >= ONSET + i * beat) & (d.t < ONSET + (i + 1) * beat)
        part = Dense(d.t[inside], d.net[inside], d.area[inside])
        a = part.rises(0.5 * part.peak, float(part.t[0]))
        b = part.leaves(0.5 * part.peak)
        peaks.append(part.peak)
        lengths.append(b - a)
        means.append(d.integral(a, b) / (b - a))
    end = sum(means[-3:]) / 3.0
    return {
        "fatigue_index": 100.0 * (max(peaks) - sum(peaks[-3:]) / 3.0) / max(peaks),
        "fatigue_index_pt": 100.0 * (peaks[0] - peaks[-1]) / peaks[0],
        "end_test_force": end,
        "impulse_above_end": sum((m - end) * x for m, x in zip(means, lengths, strict=True) if m > end),
        "end_test_average": end * work / beat,
    }
