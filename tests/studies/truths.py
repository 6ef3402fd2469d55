"""What the numbers of a closed-form trial are without noise: the rule applied to the continuous force, on a dense grid.

Own formulas throughout; nothing of `forcelab.analysis` is asked. The zero of "net" is the mean of the noise-free
force over the quiet window that the rule laid in that record, because a foot of the rise may reach into it (logistic).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forcelab.model import Array
from tests.signals import ONSET, Signal

METRICS = ("peak_force", "mean_1s", "rfd_0_100", "rfd_0_150", "rfd_0_200", "rfd_20_80", "impulse_0_200", "onset")
WINDOWS, LATE, SHARES = (
    (50, 100, 150, 200, 250),
    ((50, 100), (100, 150), (150, 200), (100, 200)),
    ((1, 6), (1, 2), (2, 3)),
)
FURTHER = (
    "peak_force_gross",
    "mean_500ms",
    "mean_200ms",
    "rfd_0_50",
    "rfd_0_250",
    *(f"impulse_0_{w}" for w in (50, 100, 150, 250)),
    *(f"force_at_{w}" for w in (50, 90, 100, 150, 200, 250)),
    *(f"force_at_{w}_gross" for w in (50, 90, 100, 150, 200, 250)),
    *(f"rfd_{a}_{b}" for a, b in LATE),
    *(f"{name}_0_{w}" for name in ("nrfd", "rfd_per_peak") for w in (50, 100, 150, 200, 250)),
    *(f"rfd_to_{a}_{b}" for a, b in SHARES),
    *(f"time_to_{percent}" for percent in (30, 50, 80, 90)),
)
"""Those that only the smaller study looks at."""
STEP = 2e-5
DENSE_FOR = 2.0  # s after onset up to which the grid is dense; rises are through by then


@dataclass(frozen=True, eq=False)
class Dense:
    """A noise-free trial on a dense grid: times, gross force, and area since the first time."""

    t: Array
    force: Array
    area: Array
    peak: float
    best: Mapping[float, float]

    def at(self, x: float) -> float:
        return float(np.interp(x, self.t, self.force))

    def reaches(self, gross: float) -> float:
        """The last time before a quarter of the way up at which force is no greater than this, or the first after."""
        high, highest, lowest = self._climb
        if gross >= self.force[high]:
            k = int(highest.searchsorted(gross, side="right"))
        else:
            k = int(lowest.searchsorted(gross, side="right"))
        low, up = float(self.force[k - 1]), float(self.force[k])
        return float(self.t[k - 1] + (gross - low) / (up - low) * STEP)

    @cached_property
    def _climb(self) -> tuple[int, Array, Array]:
        """Where force is first above a quarter of the way up, the greatest force up to each time, the least from each
        time before that quarter on."""
        high = int(np.argmax(self.force > self.force[0] + 0.25 * (self.peak - self.force[0])))
        return high, np.maximum.accumulate(self.force), np.minimum.accumulate(self.force[high::-1])[::-1]


def dense(signal: Signal) -> Dense:
    t = np.arange(0.0, ONSET + DENSE_FOR, STEP)
    force = signal.force(t)
    area = np.concatenate(((0.0,), np.cumsum(0.5 * STEP * (force[1:] + force[:-1]))))
    coarse = np.arange(0.0, signal.end, 2e-4)
    whole = signal.force(coarse)
    running = np.concatenate(((0.0,), np.cumsum(0.5 * 2e-4 * (whole[1:] + whole[:-1]))))
    best = {w: _greatest(running, round(w / 2e-4)) / w for w in (1.0, 0.5, 0.2)}
    return Dense(t, force, area, float(whole.max()), best)


def _greatest(values: Array, apart: int) -> float:
    """The greatest growth of values over so many of their steps."""
    return float((values[apart:] - values[:-apart]).max())


def by_percent(peak: float, sd: float) -> float:
    """The threshold of the default rule, N."""
    return max(0.02 * peak, 5.0 * sd, 2.0)


def truths(
    d: Dense, sd: float, quiet: tuple[float, float], threshold: Callable[[float, float], float] = by_percent
) -> dict[str, float]:
    """The truth of each metric for this noise SD and this quiet window; onset is on the record's clock."""
    a, b = (float(np.interp(x, d.t, d.area)) for x in quiet)
    zero = (b - a) / (quiet[1] - quiet[0])
    peak = d.peak - zero
    onset = d.reaches(zero + threshold(peak, sd))

    def rate(a: float, b: float) -> float:
        return (d.at(onset + b / 1000) - d.at(onset + a / 1000)) * 1000 / (b - a)

    def area(w: float) -> float:
        return float(np.interp(onset + w / 1000, d.t, d.area) - np.interp(onset, d.t, d.area)) - zero * w / 1000

    def passes(share: float) -> float:
        return d.reaches(zero + share * peak)

    return {
        "peak_force": peak,
        "peak_force_gross": d.peak,
        **{f"mean_{name}": d.best[w] - zero for name, w in (("1s", 1.0), ("500ms", 0.5), ("200ms", 0.2))},
        **{f"rfd_0_{w}": rate(0, w) for w in WINDOWS},
        "rfd_20_80": 0.6 * peak / (passes(0.8) - passes(0.2)),
        **{f"impulse_0_{w}": area(w) for w in WINDOWS},
        "onset": onset,
        **{f"force_at_{w}": d.at(onset + w / 1000) - zero for w in (90, *WINDOWS)},
        **{f"force_at_{w}_gross": d.at(onset + w / 1000) for w in (90, *WINDOWS)},
        **{f"rfd_{a}_{b}": rate(a, b) for a, b in LATE},
        **{f"nrfd_0_{w}": 100.0 * rate(0, w) / peak for w in WINDOWS},
        **{f"rfd_per_peak_0_{w}": rate(0, w) / peak for w in WINDOWS},
        **{f"rfd_to_{a}_{b}": a / b * peak / (passes(a / b) - onset) for a, b in SHARES},
        **{f"time_to_{percent}": passes(percent / 100) - onset for percent in (30, 50, 80, 90)},
    }
