"""What the numbers of a closed-form trial are without noise: the rule applied to the continuous force, on a dense grid.

Own formulas throughout; nothing of `forcelab.analysis` is asked. The zero of "net" is the mean of the noise-free
force over the quiet window that the rule laid in that record, because a foot of the rise may reach into it (logistic).
"""

from dataclasses import dataclass

import numpy as np

from forcelab.model import Array
from tests.signals import ONSET, Signal

METRICS = ("peak_force", "mean_1s", "rfd_0_100", "rfd_0_150", "rfd_0_200", "rfd_20_80", "impulse_0_200", "onset")
STEP = 2e-5
DENSE_FOR = 2.0  # s after onset up to which the grid is dense; rises are through by then


@dataclass(frozen=True, eq=False)
class Dense:
    """A noise-free trial on a dense grid: times, gross force, and area since the first time."""

    t: Array
    force: Array
    area: Array
    peak: float
    best_second: float

    def at(self, x: float) -> float:
        return float(np.interp(x, self.t, self.force))

    def reaches(self, gross: float) -> float:
        """The last time before a quarter of the way up at which force is no greater than this, or the first after."""
        high = int(np.argmax(self.force > self.force[0] + 0.25 * (self.peak - self.force[0])))
        if gross >= self.force[high]:
            k = high + int(np.argmax(self.force[high:] > gross))
        else:
            k = int(np.flatnonzero(self.force[: high + 1] <= gross)[-1]) + 1
        low, up = float(self.force[k - 1]), float(self.force[k])
        return float(self.t[k - 1] + (gross - low) / (up - low) * STEP)


def dense(signal: Signal) -> Dense:
    t = np.arange(0.0, ONSET + DENSE_FOR, STEP)
    force = signal.force(t)
    area = np.concatenate(((0.0,), np.cumsum(0.5 * STEP * (force[1:] + force[:-1]))))
    coarse = np.arange(0.0, signal.end, 2e-4)
    whole = signal.force(coarse)
    running = np.concatenate(((0.0,), np.cumsum(0.5 * 2e-4 * (whole[1:] + whole[:-1]))))
    best = float((running[5000:] - running[:-5000]).max())
    return Dense(t, force, area, float(whole.max()), best)


def truths(d: Dense, sd: float, quiet: tuple[float, float]) -> dict[str, float]:
    """The truth of each metric for this noise SD and this quiet window; onset is on the record's clock."""
    a, b = (float(np.interp(x, d.t, d.area)) for x in quiet)
    zero = (b - a) / (quiet[1] - quiet[0])
    peak = d.peak - zero
    onset = d.reaches(zero + max(0.02 * peak, 5.0 * sd, 2.0))
    start = d.at(onset)
    area = float(np.interp(onset + 0.2, d.t, d.area) - np.interp(onset, d.t, d.area))
    t20, t80 = d.reaches(zero + 0.2 * peak), d.reaches(zero + 0.8 * peak)
    return {
        "peak_force": peak,
        "mean_1s": d.best_second - zero,
        **{f"rfd_0_{w}": (d.at(onset + w / 1000) - start) * 1000 / w for w in (100, 150, 200)},
        "rfd_20_80": 0.6 * peak / (t80 - t20),
        "impulse_0_200": area - 0.2 * zero,
        "onset": onset,
    }
