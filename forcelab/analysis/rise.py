"""The rise of one push drawn again as a smooth curve: what is sampled anew to see how far a number may lie off.

The curve need not be right to a newton: only the way a number scatters when this curve is sampled is used, never the
curve's own numbers alone. Refuses to know metrics.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.optimize import isotonic_regression

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.noise import Noise
from forcelab.model import Array

_HALVES: Final = (2, 3, 5, 8, 12, 18, 27)
"""Half lengths in samples of the parabolas that are tried for smoothing."""
_LONGEST: Final = 0.100
"""s: no parabola is longer; what is faster than that is force and not noise."""
_EXCESS: Final = 2.0
_ONE_SIDED: Final = 2.2
"""Standard errors of a sum of neighbours from which on they count as off to one side."""
_REST: Final = 1.5
"""Standard deviations up to which a sample before the rise is taken for rest."""
_FINE_SLOW, _FINE_FAST = 16, 4  # points a sample interval on which the curve is kept, below and from 500 Hz


@dataclass(frozen=True, eq=False)
class Rise:
    """A smooth curve of net force through one rise, on a fine grid, and how the sensor samples.

    Attributes:
        t: s, shape (n,).
        net: N, shape (n,).
        interval: s, between samples.
        jitter: s, half the range in which a stamp lies about its place in an even grid.
    """

    t: Array
    net: Array
    interval: float
    jitter: float


def sampling(t: Array) -> tuple[float, float]:
    """Interval and jitter of time stamps: the median step, and √3 × the SD of a stamp about an even grid.

    Steps longer than 1.5 intervals are gaps and not jitter. The SD of a stamp is that of the steps over √2.
    """
    steps = np.diff(t)
    interval = float(np.median(steps))
    steps = steps[steps < 1.5 * interval]
    sd = float(steps.std()) / math.sqrt(2.0) if len(steps) > 1 else 0.0
    jitter = min(math.sqrt(3.0) * sd, 0.45 * interval)
    return interval, jitter if jitter > 1e-6 * interval else 0.0


def redraw(c: Contraction, noise: Noise, start: float, stop: float) -> Rise | None:
    """Draw the rise of a push again between two times.

    1. Noise is taken out by local parabolas, as long as the spread about them stays what it is at rest, over the whole
       stretch and near onset; a sensor whose samples are far apart for the rise is left as it is.
    2. Up to half of the peak the samples are replaced by the rise that never falls and fits them best (isotonic
       regression; Barlow et al. 1972, Statistical Inference under Order Restrictions; not verified).
    3. What is before the last of them within 1.5 SD of the baseline is rest: exactly zero. The straight line through
       the next two, drawn back to zero, gives the corner; it stays within the step in which the rise begins.
    4. From there on cubic pieces with parabolic slopes join the samples (piecewise linear pieces would tell nothing of
       what lies between samples).

    Args:
        c: the effort.
        noise: of its record.
        start: s, in the rest before onset.
        stop: s.

    Returns:
        The curve, or None if the record holds fewer than eight samples there.
    """
    i, j = np.searchsorted(c.trace.t, (start, stop))
    i, j = max(int(i) - 1, 0), min(int(j) + 3, len(c.trace.t))
    t = c.trace.t[i:j]
    if len(t) < 8:
        return None
    net = c.trace.force[i:j] - c.effort.baseline.mean
    interval, jitter = sampling(t)
    crossing = max(int(np.searchsorted(t, c.effort.onset, side="right")) - 1, 0)
    smooth, gain = _smooth(t, net, noise, crossing, interval)
    # Up to half of the peak a rise that never falls fits the samples best: a slow foot stays a foot, noise a level.
    high = crossing + int(np.argmax(smooth[crossing:] > 0.5 * c.effort.peak)) + 1
    smooth = np.concatenate((isotonic_regression(smooth[:high]).x, smooth[high:]))
    level = _REST * noise.sd * gain
    low = np.flatnonzero(smooth[: crossing + 1] <= level)
    k = int(low[-1]) if len(low) else 0
    k = min(k, len(t) - 3)
    corner = _corner(t, smooth, k) if len(low) else float(t[k])
    x = np.concatenate(((corner,), t[k + 1 :]))
    y = np.concatenate(((0.0 if len(low) else smooth[k],), smooth[k + 1 :]))
    fine = _FINE_FAST if interval <= 1.0 / 499.0 else _FINE_SLOW
    grid = np.arange(float(t[0]), float(t[-1]), interval / fine)
    curve = np.where(grid < corner, y[0], _hermite(x, y, np.maximum(grid, corner)))
    return Rise(grid, curve, interval, jitter)


def _corner(t: Array, net: Array, k: int) -> float:
    """Where the line through the two samples after k comes from zero, within the step from k to k + 1."""
    step = float(t[k + 1] - t[k])
    climb = float(net[k + 2] - net[k + 1]) / float(t[k + 2] - t[k + 1])
    back = float(net[k + 1]) / climb if climb > 0.0 else 0.5 * step
    return float(t[k + 1]) - min(max(back, 0.05 * step), step)


def _smooth(t: Array, net: Array, noise: Noise, crossing: int, interval: float) -> tuple[Array, float]:
    """Net force by the longest local parabolas that the noise allows, and what is left of the noise's SD."""
    best, gain = net, 1.0
    for half in _HALVES:
        n = 2 * half + 1
        if noise.sd <= 0.0 or noise.correlation > 0.0 or n * interval > _LONGEST or n >= len(t):
            break
        fitted, lever = _parabolas(t, net, half)
        left = (net - fitted) / noise.sd
        near = left[max(crossing - half, 0) : crossing + half + 1]
        if _too_much(left**2, lever) or _too_much(near**2, lever) or _drawn_out(near, max(half // 2, 2)):
            break
        best, gain = fitted, math.sqrt(lever)
    return best, gain


def _too_much(square: Array, lever: float) -> bool:
    n = len(square)
    return float(square.sum()) / (n * (1.0 - lever)) > 1.0 + _EXCESS * math.sqrt(2.0 / n)


def _drawn_out(left: Array, n: int) -> bool:
    """Whether n neighbours are all off to one side, as where a parabola cuts a corner."""
    running = np.concatenate(((0.0,), np.cumsum(left)))
    return len(left) > n and float(np.abs(running[n:] - running[:-n]).max()) > _ONE_SIDED * math.sqrt(n)


def _parabolas(t: Array, net: Array, half: int) -> tuple[Array, float]:
    """At each sample the value there of the least-squares parabola through 2 × half + 1 samples; the ends stay.

    Returns:
        Fitted values, and the share of a sample's variance that is left in them, at even steps.
    """
    n = 2 * half + 1
    u = sliding_window_view(t, n) - t[half : len(t) - half, np.newaxis]
    u = u / (u[:, -1:] - u[:, :1])
    y = sliding_window_view(net, n)
    u2 = u * u
    s1, s2, s3, s4 = u.sum(1), u2.sum(1), (u2 * u).sum(1), (u2 * u2).sum(1)
    y0, y1, y2 = y.sum(1), (u * y).sum(1), (u2 * y).sum(1)
    a, b, d = s2 * s4 - s3 * s3, s2 * s3 - s1 * s4, s1 * s3 - s2 * s2
    fitted = net.copy()
    fitted[half : len(t) - half] = (a * y0 + b * y1 + d * y2) / (n * a + s1 * b + s2 * d)
    return fitted, 9.0 / (4.0 * n)


def _hermite(x: Array, y: Array, at: Array) -> Array:
    """Cubic pieces through points (x, y) with slopes of the parabolas through three neighbours."""
    h = np.diff(x)
    slope = np.diff(y) / h
    d = np.empty(len(x))
    d[1:-1] = (h[1:] * slope[:-1] + h[:-1] * slope[1:]) / (h[:-1] + h[1:])
    # At the corner a rise goes up, and no more than thrice as steeply as to its first sample.
    d[0] = min(max(2.0 * slope[0] - d[1], 0.0), 3.0 * max(slope[0], 0.0))
    d[-1] = slope[-1]
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(h) - 1)
    s = (at - x[i]) / h[i]
    s = np.minimum(s, 1.0)
    m = (1.0 - s) * s
    bow = (d[i] - slope[i]) * (1.0 - s) - (d[i + 1] - slope[i]) * s
    return np.asarray(y[i] + s * (y[i + 1] - y[i]) + m * h[i] * bow)
