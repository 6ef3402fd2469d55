"""How much a sensor's reading wavers about the force, and the level at the top of a push with that wavering taken out.

Noise is read where force rests, and on the top of the push where force stands still there too. Refuses to know
onsets and metrics: what an uncertainty does to a number is the business of `interval`.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from forcelab.analysis.baseline import resolution_floor
from forcelab.analysis.contraction import Contraction
from forcelab.analysis.curve import widest_run
from forcelab.model import Array

_LADDER: Final = 0.9
"""Each window that is tried on the top of a push is so much shorter than the one before."""
_DOUBT: Final = 2.2
"""Standard errors from which on a slope or a bend counts as seen: of 36 level tops one is taken for bent."""
_EXCESS: Final = 2.33
"""Likewise for the spread about the fitted line, in standard errors of a ratio of variances."""
_SEEN: Final = 2.0
"""Standard errors (1/√n) from which on neighbouring samples count as correlated."""
_FEWEST: Final = 5
_HINT: Final = 1.0
"""Standard errors from which on a slope or a bend that does not count as seen may still hide a higher maximum."""
_INNER: Final = 0.6
"""Share of the window that one parabola fits in which the vertex is read: a window is as long as nothing is seen to be
wrong with it, and so what is wrong pulls at its ends; and the least share of it that a level top must have."""
_FITTED: Final = 3
"""Parameters of a parabola."""
_SLOWEST, _LEAST_DOF = 0.64, 8.0
"""The least share of the samples, and the least number, that noise counts as known from, however slowly it wavers."""
_TRIM: Final = 0.2
"""Share of a level window that is left out at either end: what bends there too little to be seen still pulls a mean."""


@dataclass(frozen=True, slots=True)
class Noise:
    """The wavering of single samples about the force.

    Attributes:
        sd: N, of one sample.
        dof: degrees of freedom that `sd × stretch` rests on: fewer where the correlation is itself an estimate.
        correlation: of one sample with the next, 0 where none is seen; then e(k) = correlation × e(k − 1) + white.
        step: N, the smallest step of the record: what the device rounds to.
    """

    sd: float
    dof: float
    correlation: float
    step: float

    @property
    def stretch(self) -> float:
        """How much wider a mean of many samples scatters than it would if they were independent: √((1+ρ)/(1−ρ))."""
        return math.sqrt((1.0 + self.correlation) / (1.0 - self.correlation))

    def of_mean(self, n: float) -> float:
        """Standard uncertainty in N of the mean of n samples of a level force.

        sd × stretch / √n, and what rounding leaves in a mean however many samples it has: with normal noise of SD σ
        before rounding to steps q, at most (q / π) exp(−2 π² σ² / q²), the first term of the rounding error's Fourier
        series (Widrow & Kollár 2008, Quantization Noise; not verified), taken as an even spread between its ends.
        """
        left = 0.0
        if self.step > 0.0:
            before = max(self.sd**2 - self.step**2 / 12.0, 0.0)
            left = min(self.step / math.pi * math.exp(-2.0 * math.pi**2 * before / self.step**2), self.step / 2.0)
        return math.hypot(self.sd * self.stretch / math.sqrt(max(n, 1.0)), left / math.sqrt(3.0))


@dataclass(frozen=True, slots=True)
class Top:
    """The noise-free maximum of a push as well as the record tells it.

    Attributes:
        level: N above the baseline.
        sd: N, its standard uncertainty without the baseline's.
        beyond: N, how far the maximum may lie above `level` unseen: between samples, or in a slope or bend too slight
            to tell from noise; 0 where nothing hints at it.
        seconds: the length of the level stretch it was read from; 0 if the top is not level.
    """

    level: float
    sd: float
    beyond: float
    seconds: float


def read_noise(c: Contraction) -> tuple[Noise, Top]:
    """The noise of the record around one effort, and the level of its top.

    Rest: the samples of the quiet window, less a parabola, so that a slow drift or the foot of the rise is not taken
    for noise. Top: see `_top`; where it stands still and wavers no more than at rest (it always does, or it would not
    have been accepted), both are pooled: 40 samples of rest alone give the SD no better than to 11 %.

    Returns:
        The noise and the top.
    """
    t, force = c.trace.t, c.trace.force
    base = c.effort.baseline
    i, j = t.searchsorted(base.start), t.searchsorted(base.stop, side="right")
    step = resolution_floor(c.trace.force[c.part.begin : c.part.end]) * 12.0**0.5
    rest = _leave(t[i:j], force[i:j], 2)
    alone = _pooled(step, rest)
    top, left = _top(c, alone)
    if left is None:
        return alone, top
    noise = _pooled(step, rest, left)
    if top.seconds > 0.0:
        top = replace(top, sd=noise.of_mean(len(left)))
    return noise, top


def _pooled(step: float, *stretches: Array) -> Noise:
    """What stretches of force, each less its parabola, tell of the noise.

    A parabola takes more than three samples' worth of noise with it where neighbours are alike: their slow part. Where
    they are so alike that hardly anything would be left, as in a smooth tremor, they are no such noise; so the SD is
    raised by a quarter at most (`_SLOWEST`), and is not taken for known worse than from a few samples (`_LEAST_DOF`).
    """
    n = sum(len(x) for x in stretches)
    squares = sum(float((x * x).sum()) for x in stretches)
    fitted = _FITTED * len(stretches)
    rho = _correlation(n, fitted, squares, *stretches)
    slow = (1.0 + rho) / (1.0 - rho)
    sd = max(math.sqrt(squares / max(n - fitted * slow, _SLOWEST * n, 1.0)), step / 12.0**0.5)
    dof = max(n - float(fitted), 1.0)
    if rho > 0.0:
        dof = 1.0 / ((1.0 + rho**2) / (1.0 - rho**2) / dof + 2.0 / (n * (1.0 - rho**2)))
    return Noise(sd, max(dof, min(n - fitted, _LEAST_DOF), 1.0), rho, step)


def _basis(t: Array, order: int) -> Array:
    """Orthonormal polynomials over the times of a window, shape (order + 1, n)."""
    half = 0.5 * float(t[-1] - t[0]) or 1.0
    u = (t - 0.5 * (t[0] + t[-1])) / half
    rows = [np.full(len(t), 1.0 / math.sqrt(len(t)))]
    for _ in range(order):
        row = rows[-1] * u
        for earlier in rows:
            row = row - earlier * float((earlier * row).sum())
        rows.append(row / math.sqrt(max(float((row * row).sum()), 1e-300)))
    return np.array(rows)


def _leave(t: Array, force: Array, order: int) -> Array:
    """What is left of a stretch of force when the best polynomial is taken off."""
    if len(t) <= order + 1:
        return np.asarray(force - force.mean())
    basis = _basis(t, order)
    weights = (basis * force).sum(axis=1)
    return np.asarray(force - (basis * weights[:, np.newaxis]).sum(axis=0))


def _correlation(n: int, fitted: int, squares: float, *stretches: Array) -> float:
    """Correlation of one sample with the next over stretches of noise, 0 unless it is seen clearly.

    Taking off a fit of k parameters lowers it by about (k (1 + ρ) + 2 ρ) / n (as Marriott & Pope 1954, Biometrika 41,
    for a mean; not verified), which is mended.
    """
    products = sum(float((x[1:] * x[:-1]).sum()) for x in stretches)
    if squares <= 0.0 or n <= fitted + 2:
        return 0.0
    rho = (products / squares + fitted / n) / (1.0 - (fitted + 2.0) / n)
    return min(rho, 0.95) if rho > _SEEN / math.sqrt(n) else 0.0


def _top(c: Contraction, noise: Noise) -> tuple[Top, Array | None]:
    """The noise-free maximum: the mean of the longest level stretch at the top, else the vertex of a parabola there.

    Windows from as long as force is above half of its peak down to five samples, each 0.9 of the one before, are laid
    where their mean is greatest. The first one in which neither slope nor bend is seen against the noise, nor more
    spread than at rest, is the level top; its level is the mean of its middle 60 %. Where slope or bend are hinted at,
    the maximum may lie above it, by as much as the parabola through the window does. A window too bent for that but a
    clean parabola gives its vertex, read from its middle 60 %, unless a level window of so much of its length is found.
    If not even five samples are a parabola the greatest sample stands for the maximum, which may lie above it between
    samples by an eighth of the greatest second difference around it.

    Returns:
        The top, and what is left of the samples in the window once the fit is taken off (None without a window).
    """
    t, net = c.t, c.net
    at = int(np.argmax(np.where((t == c.effort.peak_at), net, -np.inf)))
    first, last = widest_run(net > 0.5 * c.effort.peak, at)
    t, net, at = t[first : last + 1], net[first : last + 1], at - first
    running = np.concatenate(((0.0,), np.cumsum(net)))
    spread = noise.sd * noise.stretch
    n, least = len(net), _FEWEST
    vertex: tuple[Top, Array] | None = None
    while n >= least and spread > 0.0:
        k = int(np.argmax(running[n:] - running[:-n]))
        found = _fitted(t[k : k + n], net[k : k + n], spread, noise)
        if found is not None and found[0].seconds > 0.0:
            return found
        if found is not None and vertex is None:
            vertex, least = found, max(least, int(_INNER * n))
        n = min(n - 1, int(n * _LADDER))
    if vertex is not None:
        return vertex
    near = net[max(at - 2, 0) : at + 3]
    beyond = float(np.abs(np.diff(near, 2)).max()) / 8.0 if len(near) >= 3 else 0.0
    return Top(float(net[at]), noise.of_mean(1.0), beyond, 0.0), None


def _fitted(t: Array, net: Array, spread: float, noise: Noise) -> tuple[Top, Array] | None:
    """The top as told by one window, or None if it is neither level nor a parabola."""
    n = len(net)
    basis = _basis(t, 3)
    weights = (basis * net).sum(axis=1)
    left = net - (basis[:3] * weights[:3, np.newaxis]).sum(axis=0)
    dof = n - 3.0
    ratio = float((left * left).sum()) / (noise.sd**2 * dof)
    if ratio > 1.0 + _EXCESS * noise.stretch * math.sqrt(2.0 / dof + 2.0 / noise.dof):
        return None
    slope, bend, twist = np.abs(weights[1:]) / spread
    fit = (basis[:3] * weights[:3, np.newaxis]).sum(axis=0)
    if slope <= _DOUBT and bend <= _DOUBT:
        trim = int(_TRIM * n)
        inner = net[trim : n - trim]
        level = float(inner.mean())
        hidden = max(float(fit.max()) - level, 0.0) if max(slope, bend) > _HINT else 0.0
        return Top(level, noise.of_mean(len(inner)), hidden, float(t[-1] - t[0])), left[trim : n - trim]
    if weights[2] >= 0.0 or twist > _DOUBT:
        return None
    best = int(np.argmax(fit))
    if best in (0, n - 1):
        return None
    return _vertex(t, net, best, spread, noise), left


def _vertex(t: Array, net: Array, best: int, spread: float, noise: Noise) -> Top:
    """The vertex of a parabola through the middle of a window that one fits: what is wrong with it pulls less there."""
    n = len(net)
    m = max(_FEWEST, int(_INNER * n))
    k = min(max(best - m // 2, 0), n - m)
    basis = _basis(t[k : k + m], 2)
    weights = (basis * net[k : k + m]).sum(axis=1)
    fit = (basis * weights[:, np.newaxis]).sum(axis=0)
    at = int(np.argmax(fit))
    sd = spread * math.sqrt(float(np.sum(basis[:, at] ** 2)))
    return Top(float(fit[at]), math.hypot(sd, noise.of_mean(1e9)), 0.0, 0.0)
