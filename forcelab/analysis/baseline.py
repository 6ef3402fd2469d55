"""The quiet window before an effort: where the zero of "net" force and the noise of the day are read.

Finds it and measures it; judges nothing (that a window is too restless is a flag's business).
"""

import math
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

import numpy as np

from forcelab.analysis.distributions import t_quantile
from forcelab.model import Array, Baseline

_STEP, _FROM, _TO, _RATIO = 0.05, -3.0, -0.2, 1.5
_ROUNDING = 1e-9  # N
_FEWEST = 3  # samples, below which a spread says nothing
_SHORTEST = 0.01  # s: of hundreds of windows of three samples one looks still by chance
_DRIFT, _P = 0.04, 0.975


@dataclass(frozen=True, slots=True)
class QuietRule:
    """How long the quiet window is, s: what a test chooses of the rules below."""

    window: float

    @property
    def recipe(self) -> str:
        """Name, version and parameters of the rules below, as they stand in every recipe that rests on them."""
        window = f"window={self.window:g},step={_STEP:g},from={_FROM:g},to={_TO:g},ratio={_RATIO:g}"
        return f"quiet latest/3({window};short={_SHORTEST:g},drift={_DRIFT:g},p={_P:g})"


RESTING: Final = QuietRule(0.5)
"""Of a limb at rest."""
STANDING: Final = QuietRule(1.0)
"""Of who stands on the sensor: as long as weighing takes, since a body sways slowly."""


def quiet_rule(standing: bool) -> QuietRule:
    """The rule for a test, by whether the participant stands on the sensor.

    >>> quiet_rule(standing=False).recipe
    'quiet latest/3(window=0.5,step=0.05,from=-3,to=-0.2,ratio=1.5;short=0.01,drift=0.04,p=0.975)'
    """
    return STANDING if standing else RESTING


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


def quiet_window(t: Array, force: Array, rise: float, floor: float, rule: QuietRule = RESTING) -> Quiet | None:
    """The latest quiet half second before a rise; of who stands on the sensor, the latest quiet second.

    Windows of 0.5 s (1.0 s), stepped by 50 ms, inside [rise − 3.0 s, rise − 0.2 s]; `rise` is the time at which force
    passes 10 % of its way up. Of those, the latest whose SD is at most 1.5 times the smallest one found. The latest
    and not the quietest: with a limb pressed evenly against the strap before the pull, "quietest" picks the unloaded
    part at random and moves onset by almost a second, while "latest" keeps onset and lets PRELOAD see the load.
    If not even one window fits, the most level stretch before the rise is taken, see `_most_level`.

    Args:
        t: s, shape (n,): the part of the record that may hold this effort's quiet phase.
        force: N, shape (n,).
        rise: s.
        floor: N, least SD, see `resolution_floor`.
        rule: how long a window is.

    Returns:
        Mean and sample SD (ddof = 1, not below the floor) in N; None if no rest can be shown: fewer than three
        samples, or none of them level.
    """
    first, last = max(t.item(0), rise + _FROM), rise + _TO
    count = math.floor((last - rule.window - first) / _STEP + 1e-9) + 1
    if count < 1:
        return _most_level(t, force, rise, floor)
    # Stepped back from the end, so that the latest window always reaches up to 0.2 s before the rise.
    starts = (last - rule.window) - _STEP * np.arange(count - 1, -1, -1)
    i, j = t.searchsorted(starts), t.searchsorted(starts + rule.window, side="right")
    spread = _spreads(force, i, j)
    usable = np.isfinite(spread)
    if not usable.any():
        return _most_level(t, force, rise, floor)
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


def _most_level(t: Array, force: Array, rise: float, floor: float) -> Quiet | None:
    """The stretch before a rise, of any length and place, that leads to the rise with the least drift.

    A short rest ends in the foot of the push and may begin with the end of the push before, and both are steep. The
    drift of a window is how far force may come, from its middle to the rise, at the slope of its regression line: the
    slope and t₉₇.₅ of its standard errors, times that time. So a long window is better than a short one, an even one
    better than a sloping one, and the foot better left out. Windows of all samples before the rise, of those by √2
    fewer, and so on down to 10 ms or three samples.

    The least drift must be at most 4 % of the push (ten times the way from the mean to the force at the rise). More
    shows no rest: of a straight ramp it is 10 %. Tried on closed forms, see the tests: 2.5 % refuses many weak pushes
    whose mean is right, 5 % lets in many whose mean is wrong.
    """
    start, stop = int(t.searchsorted(rise + _FROM)), int(t.searchsorted(rise, side="right"))
    n = stop - start
    if n < _FEWEST:
        return None
    fewest = max(_FEWEST, math.ceil(_SHORTEST * (n - 1) / (t.item(stop - 1) - t.item(start))))
    lengths = sorted({fewest, *(int(n / 2 ** (k / 2)) for k in range(2 * n.bit_length()))}, reverse=True)
    before = rise - t[start:stop]
    drifts = [(*_least_drift(before, force[start:stop], m, floor), m) for m in lengths if fewest <= m <= n]
    if not drifts:
        return None
    drift, i, m = min(drifts, key=itemgetter(0))  # of equals the longest
    base = _measure(t, force, start + i, start + i + m, floor)
    way = float(np.interp(rise, t, force)) - base.mean
    return Quiet(base, full=False) if drift <= _DRIFT * 10.0 * way + _ROUNDING else None


def _least_drift(before: Array, force: Array, m: int, floor: float) -> tuple[float, int]:
    """The least drift (N) of all windows of m samples, and where the window starts; `before`: s to the rise."""
    # About the middle value, as in `_spreads`.
    y = force - np.median(force)
    x_mean, y_mean = _sums(before, m) / m, _sums(y, m) / m
    xx = _sums(before * before, m) - m * x_mean * x_mean
    xy = _sums(before * y, m) - m * x_mean * y_mean
    yy = np.maximum(_sums(y * y, m) - m * y_mean * y_mean, 0.0)
    sd = np.maximum(np.sqrt(yy / (m - 1)), floor)
    drift = (np.abs(xy) / xx + t_quantile(_P, m - 2) * sd / np.sqrt(xx)) * x_mean
    return float(drift.min()), int(drift.argmin())


def _sums(values: Array, m: int) -> Array:
    """The sum of each m neighbours."""
    sums = np.zeros(len(values) + 1)
    values.cumsum(out=sums[1:])
    return np.asarray(sums[m:] - sums[:-m])


def _measure(t: Array, force: Array, i: int, j: int, floor: float) -> Baseline:
    part, n = force[i:j], j - i
    mean = float(part.sum()) / n
    away = part - mean
    sd = math.sqrt(float((away * away).sum()) / (n - 1))
    return Baseline(mean, max(sd, floor), t.item(i), t.item(j - 1))
