"""A record drawn again without its noise, sampled anew with other noise, and what the errors of that tell of a number.

For numbers that rest on a whole record and not on one rise: jumps, holds, areas, relaxation. The number's own function
is asked each time, so there is no second definition of it here. Refuses to know any number, jump or hold.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from forcelab.analysis.noise import Noise
from forcelab.analysis.rise import sampling
from forcelab.model import Array

AGAIN_RULE: Final = "noise again/1(level=0.95,replicas=99,ici=2.5,kink=10|3,fine=16)"
"""Name, version and parameters of the method: whoever changes it raises the version and runs the study again."""

REPLICAS: Final = 99
FINE: Final = 16
"""Steps of the drawn curve in one sampling interval."""

_HALVES: Final = (2, 3, 5, 8, 12, 18, 27)
"""Half lengths in samples of the parabolas that are tried for smoothing."""
_APART: Final = 2.5
"""Standard errors by which the levels that two parabolas give at one sample may lie apart, or the longer is refused."""
_KINK, _ALONE = 10.0, 3.0
"""A kink is a change of slope that moves the next sample by 10 SD of the noise, and thrice as far as the changes of
slope two samples before and after it do: a curve that bends everywhere has none."""
_LOST: Final = 0.02
"""Share of the replicas that may have no value."""
_MEMORY: Final = 60
"""Samples after which correlated noise has forgotten."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A record without its noise, and how the sensor samples.

    Attributes:
        t: s, shape (n,), an even grid, finer than the samples.
        force: N, shape (n,).
        interval: s, between samples.
        jitter: s, half the range in which a stamp lies about its place in an even grid.
        noise: that was taken out.
    """

    t: Array
    force: Array
    interval: float
    jitter: float
    noise: Noise


def draw_again(
    t: Array,
    force: Array,
    noise: Noise,
    corners: Sequence[tuple[float, float]] = (),
    *,
    fine: int = FINE,
) -> Drawn:
    """Take the noise out of a record and join its samples to a curve.

    1. At each sample the level is that of a parabola through its neighbours, the longest one that does not contradict
       the shorter ones: the intervals level ± 2.5 standard errors of all lengths up to it have a point in common
       (intersection of confidence intervals, Goldenshluger & Nemirovski 1997; not verified). So a peak or a kink keeps
       its samples as they are, and a level stretch becomes level. No parabola reaches over a kink: a step of which the
       lines through the samples on both sides meet inside it.
    2. Between samples run cubic pieces with Akima's slopes (Akima 1970, doi:10.1145/321607.321609; not verified),
       which do not swing about a kink. At kinks, and at the corners that are given, the curve is broken.

    Args:
        t: s, shape (n,), strictly increasing, at least 5 samples.
        force: N, shape (n,).
        noise: of single samples.
        corners: (s, N), in order: where the curve has a corner between samples. No parabola reaches over one.
        fine: steps of the drawn curve in one sampling interval.

    Returns:
        The curve on a fine grid.
    """
    interval, jitter = sampling(t)
    corners = _with_kinks(t, force, noise, corners)
    grid = np.arange(t.item(0), t.item(-1), interval / fine)
    curve = np.empty(len(grid))
    ends = [-math.inf, *(at for at, _ in corners), math.inf]
    points = [None, *corners, None]
    for k in range(len(ends) - 1):
        inside = slice(t.searchsorted(ends[k], side="right"), t.searchsorted(ends[k + 1]))
        x, y = t[inside], _without(t[inside], force[inside], noise)
        before, after = points[k], points[k + 1]
        if before is not None:
            x, y = np.insert(x, 0, before[0]), np.insert(y, 0, before[1])
        if after is not None:
            x, y = np.append(x, after[0]), np.append(y, after[1])
        here = slice(grid.searchsorted(ends[k]), grid.searchsorted(ends[k + 1]))
        curve[here] = _akima(x, y, grid[here])
    return Drawn(grid, curve, interval, jitter, noise)


def _with_kinks(
    t: Array, force: Array, noise: Noise, corners: Sequence[tuple[float, float]]
) -> Sequence[tuple[float, float]]:
    """The corners that are given, and the kinks that are seen at least three samples away from them, in order."""
    slope = np.diff(force) / np.diff(t)
    # Step i from sample i to i + 1, with the slope of the step before it and of the step after it.
    step = np.diff(t)[1:-1]
    turn = np.abs(slope[2:] - slope[:-2]) * step
    around = np.maximum(np.concatenate((np.full(2, np.inf), turn[:-2])), np.concatenate((turn[2:], np.full(2, np.inf))))
    seen = np.flatnonzero((turn > _KINK * noise.sd) & (turn > _ALONE * around)) + 1
    found = list(corners)
    for i in seen.tolist():
        before, after = slope.item(i - 1), slope.item(i + 1)
        # Where the two lines meet, counted from sample i.
        x = (force.item(i + 1) - after * (t.item(i + 1) - t.item(i)) - force.item(i)) / (before - after)
        at = t.item(i) + x
        if t.item(i) < at < t.item(i + 1) and all(abs(at - known) > 3.0 * step.item(i - 1) for known, _ in found):
            found.append((at, force.item(i) + before * x))
    return sorted(found)


def _without(t: Array, force: Array, noise: Noise) -> Array:
    """The samples less their noise."""
    best = force.copy()
    error = noise.sd * noise.stretch
    low, high = force - _APART * noise.sd, force + _APART * noise.sd
    going = np.ones(len(force), dtype=np.bool_)
    for half in _HALVES:
        n = 2 * half + 1
        if n > len(t) or not error > 0.0:
            break
        level, share = _parabolas(t, force, half)
        reach = _APART * min(error * math.sqrt(share), noise.sd)
        inner = slice(half, len(t) - half)
        low[inner], high[inner] = np.maximum(low[inner], level - reach), np.minimum(high[inner], level + reach)
        going[:half], going[len(t) - half :] = False, False
        going &= low <= high
        best[going] = level[going[inner]]
    return best


def _parabolas(t: Array, force: Array, half: int) -> tuple[Array, float]:
    """The level of the least-squares parabola through 2 × half + 1 samples at their middle one, where they all exist.

    Returns:
        Shape (n − 2 half,), and the share of a sample's variance that is left in it, at even steps.
    """
    n = 2 * half + 1
    k = np.arange(-half, half + 1.0)
    k2, k4 = float((k**2).sum()), float((k**4).sum())
    even = (k4 - k2 * k**2) / (n * k4 - k2 * k2)
    steps = np.diff(t)
    if float(np.ptp(steps)) < 1e-3 * float(steps.mean()):
        return np.convolve(force, even, mode="valid"), even.item(half)
    u = sliding_window_view(t, n) - t[half : len(t) - half, np.newaxis]
    u = u / (half * float(t[-1] - t[0]) / (len(t) - 1))
    y = sliding_window_view(force, n)
    u2 = u * u
    s1, s2, s3, s4 = u.sum(1), u2.sum(1), (u2 * u).sum(1), (u2 * u2).sum(1)
    y0, y1, y2 = y.sum(1), (u * y).sum(1), (u2 * y).sum(1)
    a, b, d = s2 * s4 - s3 * s3, s2 * s3 - s1 * s4, s1 * s3 - s2 * s2
    return np.asarray((a * y0 + b * y1 + d * y2) / (n * a + s1 * b + s2 * d)), even.item(half)


def _akima(x: Array, y: Array, at: Array) -> Array:
    """Cubic pieces through points with Akima's slopes; straight lines where there are fewer than three points."""
    if len(x) < 3:
        return np.interp(at, x, y) if len(x) else np.zeros(len(at))
    h = np.diff(x)
    m = np.diff(y) / h
    m = np.concatenate(
        ((3.0 * m[0] - 2.0 * m[1], 2.0 * m[0] - m[1]), m, (2.0 * m[-1] - m[-2], 3.0 * m[-1] - 2.0 * m[-2]))
    )
    left, right = np.abs(m[1:-2] - m[:-3]), np.abs(m[3:] - m[2:-1])
    both = left + right
    even = both <= 1e-9 * (np.abs(m[1:-2]) + np.abs(m[2:-1]) + 1e-300)
    slope = np.where(even, 0.5 * (m[1:-2] + m[2:-1]), (right * m[1:-2] + left * m[2:-1]) / np.where(even, 1.0, both))
    m = m[2:-2]
    i = np.clip(x.searchsorted(at, side="right") - 1, 0, len(h) - 1)
    s = np.clip((at - x[i]) / h[i], 0.0, 1.0)
    bow = (slope[i] - m[i]) * (1.0 - s) - (slope[i + 1] - m[i]) * s
    return np.asarray(y[i] + s * (y[i + 1] - y[i]) + (1.0 - s) * s * h[i] * bow)


def sample_again(drawn: Drawn, phase: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Samples of the curve as the sensor might have taken them: at this phase, with other jitter and noise, rounded.

    Args:
        drawn: the curve.
        phase: share of the interval by which the first sample lies behind the start of the curve.
        rng: where jitter and noise come from.

    Returns:
        Times in s and force in N.
    """
    first, last = drawn.t.item(0) + drawn.jitter, drawn.t.item(-1) - drawn.jitter
    count = int((last - first) / drawn.interval)
    t = np.asarray(first + (np.arange(count) + phase) * drawn.interval, dtype=np.float64)
    if drawn.jitter > 0.0:
        t += rng.uniform(-drawn.jitter, drawn.jitter, count)
    noise = drawn.noise
    # Rounding is done below and must not be counted twice.
    sd = math.sqrt(max(noise.sd**2 - noise.step**2 / 12.0, 0.0))
    force = np.interp(t, drawn.t, drawn.force) + sd * _wavering(count, noise.correlation, rng)
    if noise.step > 0.0:
        force = np.round(force / noise.step) * noise.step
    return np.asarray(t), np.asarray(force)


def _wavering(count: int, correlation: float, rng: np.random.Generator) -> Array:
    """Normal noise of SD 1, each sample correlated with the one before it."""
    if correlation <= 0.0:
        return rng.standard_normal(count)
    kernel = math.sqrt(1.0 - correlation**2) * correlation ** np.arange(_MEMORY)
    return np.convolve(rng.standard_normal(count + _MEMORY - 1), kernel, mode="valid")


def phases(rows: int, rng: np.random.Generator) -> Iterator[float]:
    """One phase in each of `rows` equal parts of the sampling interval, in any order."""
    yield from ((rng.permutation(rows) + rng.random(rows)) / rows).tolist()


def around(value: float, true: float, replicas: Array) -> tuple[float, float] | None:
    """The 95 % interval of a number from what its replicas are off: value − q₉₇.₅ to value − q₂.₅ of the errors.

    So it is shifted where noise or sampling biases the number, and may leave out the value itself.

    Args:
        value: as the record gives it.
        true: of the curve that the replicas were sampled from.
        replicas: shape (n,), NaN where one has no value.

    Returns:
        (low, high); None where more than 2 % of the replicas have no value.

    >>> around(100.0, 100.0, np.arange(82.0, 121.0))  # 39 replicas, from 18 too little to 20 too much
    (80.0, 118.0)
    """
    errors = np.sort(replicas[np.isfinite(replicas)]) - true
    if not math.isfinite(true) or len(errors) < (1.0 - _LOST) * len(replicas):
        return None
    rank = 0.025 * (len(errors) + 1) - 1.0
    low, high = np.interp((rank, len(errors) - 1 - rank), np.arange(len(errors)), errors).tolist()
    return value - high, value - low
