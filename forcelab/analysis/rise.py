"""The rise of one push drawn again as a smooth curve: what is sampled anew to see how far a number may lie off.

The curve need not be right to a newton: only the way a number scatters when this curve is sampled is used, never the
curve's own numbers alone. Refuses to know metrics.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.optimize import isotonic_regression

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.noise import Noise
from forcelab.model import Array

_HALVES: Final = (27, 18, 12, 8, 5, 3, 2)
"""Half lengths in samples of the parabolas that are tried for smoothing, the longest first: a short one may fail by
chance, and what is wrong shows the better the longer it is."""
_LONGEST: Final = 0.100
"""s: no parabola is longer; what is faster than that is force and not noise."""
_EXCESS: Final = 2.0
_ONE_SIDED: Final = 1.6
"""Standard errors of a sum of neighbours from which on they count as off to one side."""
_REST: Final = 1.5
"""Standard deviations up to which a sample before the rise is taken for rest."""
_POWERS: Final = np.array((1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0))
"""Powers of time that the foot of a rise is tried with: 1 begins with a corner, 2 as a raised cosine does."""
_KINK, _SEEN = 4.0, 6.0
"""How many times its neighbours' change, and how many SDs of noise a step, a change of slope must be to be a kink."""
_CLEARLY: Final = 1.0 + 1e-6
"""Rounded forces make exact ties, in which the last bit of a stamp would decide: a tie is no kink."""
_TIE: Final = 1e-6
"""s by which a stretch begins early, so that a sample right at its start does not hang on the last bit of a stamp."""
_FINE_SLOW, _FINE_FAST = 16, 4  # points a sample interval on which the curve is kept, below and from 500 Hz


@dataclass(frozen=True, eq=False)
class Rise:
    """A smooth curve of net force through one rise, on a fine grid, and how the sensor samples.

    Attributes:
        t: s, shape (n,).
        net: N, shape (n,).
        interval: s, between samples.
        jitter: s, half the range in which a stamp lies about its place in an even grid.
        samples: how many the sensor takes of it, whatever the phase.
        fine: points of the grid an interval.
        slope_sd: N/s, standard uncertainty of its slope.
        left: which share of the noise's SD is left in the curve; 1 where nothing was smoothed.
    """

    t: Array
    net: Array
    interval: float
    jitter: float
    samples: int
    fine: int
    slope_sd: float
    left: float


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
       stretch and near onset; a sensor whose samples are far apart for the rise is left as it is. Where neighbours are
       alike, both what is left of the noise and that spread are those of noise that is.
    2. Up to half of the peak the samples are replaced by the rise that never falls and fits them best (isotonic
       regression; Barlow et al. 1972, Statistical Inference under Order Restrictions; not verified).
    3. What is before the last of them within 1.5 SD of the baseline is rest: exactly zero. From within the step after
       it up to the next one the foot is that power of time, 1 to 3, which fits the next three best: between two
       samples a corner and a smooth start differ, and the samples after it tell them apart.
    4. From there on cubic pieces with parabolic slopes join the samples (piecewise linear pieces would tell nothing of
       what lies between samples); a bend that lies all in one step is drawn as a corner.

    Args:
        c: the effort.
        noise: of its record.
        start: s, in the rest before onset.
        stop: s.

    Returns:
        The curve, or None if the record holds fewer than eight samples there.
    """
    i, j = np.searchsorted(c.trace.t, (start - _TIE, stop - _TIE))
    i, j = max(int(i) - 1, 0), min(int(j) + 3, len(c.trace.t))
    t = c.trace.t[i:j]
    if len(t) < 8:
        return None
    net = c.trace.force[i:j] - c.effort.baseline.mean
    interval, jitter = sampling(t)
    crossing = max(int(np.searchsorted(t, c.effort.onset, side="right")) - 1, 0)
    smooth, gain, flat = _smooth(t, net, noise, crossing, interval)
    # Up to half of the peak a rise that never falls fits the samples best: a slow foot stays a foot, noise a level.
    high = crossing + int(np.argmax(smooth[crossing:] > 0.5 * c.effort.peak)) + 1
    smooth = np.concatenate((isotonic_regression(smooth[:high]).x, smooth[high:]))
    level = _REST * noise.sd * gain
    low = np.flatnonzero(smooth[: crossing + 1] <= level)
    k = int(low[-1]) if len(low) else 0
    k = min(k, len(t) - 5)
    kink = _SEEN * noise.sd * gain
    fine = _FINE_FAST if interval <= 1.0 / 499.0 else _FINE_SLOW
    # Whole numbers by rounding, so that the last bit of a stamp does not decide how many samples are drawn.
    points = round(fine * (float(t[-1]) - float(t[0])) / interval)
    grid = float(t[0]) + np.arange(points + 1.0) * (interval / fine)
    if len(low):
        curve = _from_rest(t[k:], smooth[k:], grid, kink)
    else:
        curve = _hermite(t[k:], smooth[k:], np.maximum(grid, float(t[k])), None, kink)
    slope_sd = noise.sd * noise.stretch * flat / interval
    return Rise(grid, curve, interval, jitter, points // fine - 1, fine, slope_sd, gain)


def _from_rest(t: Array, net: Array, grid: Array, kink: float) -> Array:
    """Zero up to where the foot begins, the foot a power of the time since, from the first sample on cubic pieces."""
    start, power = foot(t, net)
    first = float(t[1])
    steep = power * float(net[1]) / (first - start)
    share = np.clip((grid - start) / (first - start), 0.0, 1.0)
    return np.where(grid < first, net[1] * share**power, _hermite(t[1:], net[1:], np.maximum(grid, first), steep, kink))


def foot(t: Array, net: Array) -> tuple[float, float]:
    """Where the foot of a rise begins, and its power: of those tried the one that runs nearest to three samples.

    y = (a (t − t₀))ᵖ is a straight line in y^(1/p). The first sample, at rest, holds t₀ between it and the next.
    """
    y = np.maximum(net[1:4], 1e-12)[:, np.newaxis] ** (1.0 / _POWERS)
    slopes = np.diff(y, axis=0) / np.diff(t[1:4])[:, np.newaxis]
    with np.errstate(divide="ignore", invalid="ignore"):
        bent = np.abs(np.log(slopes[1] / slopes[0]))
    best = int(np.argmin(np.where(np.isfinite(bent), bent, np.inf)))
    step = float(t[1] - t[0])
    climb = float(slopes[0, best])
    back = float(y[0, best]) / climb if climb > 0.0 else 0.5 * step
    return float(t[1]) - min(max(back, 0.05 * step), step), float(_POWERS[best])


def _smooth(t: Array, net: Array, noise: Noise, crossing: int, interval: float) -> tuple[Array, float, float]:
    """Net force by the longest local parabolas that the noise allows.

    Returns:
        It, what is left of the noise's SD, and the SD of a slope in units of the noise's SD a step.
    """
    for half in _HALVES:
        n = 2 * half + 1
        if noise.sd <= 0.0 or n * interval > _LONGEST or n >= len(t):
            continue
        fitted = parabolas(t, net, half)
        kept, taken = levers(half, noise.correlation)
        left = (net - fitted) / noise.sd
        near = left[max(crossing - half, 0) : crossing + half + 1]
        doubt = math.sqrt(2.0 * (1.0 + noise.correlation**2) / (1.0 - noise.correlation**2))
        if not (
            _too_much(left**2, taken, doubt)
            or _too_much(near**2, taken, doubt)
            or _drawn_out(near / noise.stretch, max(half // 2, 2))
        ):
            return fitted, math.sqrt(kept), math.sqrt(12.0 / (n * (n * n - 1.0)))
    return net, 1.0, math.sqrt(2.0)


@cache
def levers(half: int, rho: float) -> tuple[float, float]:
    """What share of a sample's variance is left in a local parabola's value at even steps, and what in its residual."""
    j = np.arange(-half, half + 1.0)
    weights = 3.0 * (3.0 * half**2 + 3.0 * half - 1.0 - 5.0 * j**2)
    weights /= (2.0 * half - 1.0) * (2.0 * half + 1.0) * (2.0 * half + 3.0)
    like = rho ** np.abs(j[:, np.newaxis] - j)
    kept = float((weights * (weights * like).sum(axis=1)).sum())
    return kept, 1.0 - 2.0 * float((weights * like[half]).sum()) + kept


def _too_much(square: Array, taken: float, doubt: float) -> bool:
    n = len(square)
    return float(square.sum()) / (n * taken) > 1.0 + _EXCESS * doubt / math.sqrt(n)


def _drawn_out(left: Array, n: int) -> bool:
    """Whether n neighbours are all off to one side, as where a parabola cuts a corner."""
    running = np.concatenate(((0.0,), np.cumsum(left)))
    return len(left) > n and float(np.abs(running[n:] - running[:-n]).max()) > _ONE_SIDED * math.sqrt(n)


def parabolas(t: Array, net: Array, half: int) -> Array:
    """At each sample the value there of the least-squares parabola through 2 × half + 1 samples; the ends stay."""
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
    return fitted


def _hermite(x: Array, y: Array, at: Array, steep: float | None, kink: float) -> Array:
    """Cubic pieces through points (x, y) with slopes of the parabolas through three neighbours, the first one given."""
    x, y, k = with_kink(x, y, kink)
    h = np.diff(x)
    slope = np.diff(y) / h
    d = np.empty(len(x))
    d[1:-1] = (h[1:] * slope[:-1] + h[:-1] * slope[1:]) / (h[:-1] + h[1:])
    d[0] = slope[0] if steep is None else min(steep, 3.0 * max(slope[0], 0.0))
    d[-1] = slope[-1]
    first, last = d[:-1].copy(), d[1:].copy()  # of each piece
    if k is not None:
        last[k - 1], first[k] = slope[k - 1], slope[k]
    i = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(h) - 1)
    s = (at - x[i]) / h[i]
    s = np.minimum(s, 1.0)
    m = (1.0 - s) * s
    bow = (first[i] - slope[i]) * (1.0 - s) - (last[i] - slope[i]) * s
    return np.asarray(y[i] + s * (y[i + 1] - y[i]) + m * h[i] * bow)


def with_kink(x: Array, y: Array, least: float) -> tuple[Array, Array, int | None]:
    """The points and, if the curve bends in one step only, the point in it where the lines from both sides meet.

    Bends in one step: there the slope changes by more than `least` N a step, and by so much more than in the steps
    beside it that a curve that bends evenly is no likelier than one with a kink between two samples.

    Returns:
        Points, and the index of the new one among them (None without).
    """
    if len(x) < 6:
        return x, y, None
    slope = np.diff(y) / np.diff(x)
    change = np.abs(slope[2:] - slope[:-2])  # over step i + 1
    beside = np.maximum(np.abs(np.diff(slope[:-3])), np.abs(np.diff(slope[3:])))  # of steps 2 to len − 3
    alone = np.where(change[1:-1] > _CLEARLY * _KINK * beside, change[1:-1], 0.0)
    best = int(np.argmax(alone))
    i = best + 2
    step = float(x[i + 1] - x[i])
    if alone[best] * step <= _CLEARLY * least:
        return x, y, None
    before, after = float(slope[i - 1]), float(slope[i + 1])
    way = (float(y[i + 1] - y[i]) - after * step) / (before - after)
    if not 0.05 * step < way < 0.95 * step:  # at a sample: nothing is hidden
        return x, y, None
    return np.insert(x, i + 1, x[i] + way), np.insert(y, i + 1, y[i] + before * way), i + 1
