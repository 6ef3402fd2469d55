"""The intervals of the numbers that rest on no onset: the greatest force of a push and its best means.

Refuses to know how noise and the top of a push are read, and the numbers that are timed from onset.
"""

import math
from typing import Final

import numpy as np

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.curve import best_window
from forcelab.analysis.distributions import t_quantile
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.noise import Noise, Top

LEVELS: Final = ("peak_force", "peak_force_gross", "mean_1s", "mean_500ms", "mean_200ms")
"""Ids of the numbers that rest on no onset."""
_ROUGHLY: Final = 0.25
"""Share of what straight lines cut off a bent top to which that is known (one standard uncertainty)."""

Range = tuple[float, float]


def of_level(name: str, c: Contraction, noise: Noise, top: Top) -> Range | None:
    """The interval of a number that rests on no onset: one of `LEVELS`.

    Peak force: the noise-free maximum as `noise.read_noise` gives it, ± t₉₇.₅ × √(u² of that level + u² of the
    baseline's mean); the upper end lies higher by what the top may rise above that level unseen.

    Best mean over a window: the level of the top where it stands still for as long; else the mean that was found, and
    what straight lines between samples cut off a bent top, ± t₉₇.₅ × √(u² of a mean of as many samples + u² of the
    baseline + u² of what was cut off).

    Args:
        name: the number.
        c: the effort.
        noise: of its record.
        top: of its push.

    Returns:
        (low, high) in N; None if the number has no value.
    """
    zero = noise.of_mean(resting(c))
    t = t_quantile(0.975, noise.dof)
    match name:
        case "peak_force":
            reach = t * math.hypot(top.sd, zero)
            return top.level - reach, top.level + reach + top.beyond
        case "peak_force_gross":
            level, reach = top.level + c.effort.baseline.mean, t * top.sd
            return level - reach, level + reach + top.beyond
    window = METRICS[name].window or 1.0
    if top.seconds >= window:
        reach = t * math.hypot(top.sd, zero)
        return top.level - reach, top.level + reach
    value, cut = METRICS[name].compute(c), cut_off(c, window)
    if value is None or cut is None:
        return None
    reach = t * math.hypot(noise.of_mean(window * c.trace.rate), zero, _ROUGHLY * cut)
    return value + cut - reach, value + cut + reach


def cut_off(c: Contraction, window: float) -> float | None:
    """By how much straight lines between samples lower the best mean over a window, N: they cut a bent top.

    The error of the trapezoid rule, h² (f′(start) − f′(stop)) / 12 over the window, with slopes over four samples.
    """
    start = best_window(c.t, c.net, window)
    if start is None:
        return None
    steps = np.diff(c.window(start, start + window)[0])
    if len(steps) < 4:
        return 0.0
    h = float(steps.mean())
    ends = np.array((start, start + window))
    slopes = (np.interp(ends + 2.0 * h, c.t, c.net) - np.interp(ends - 2.0 * h, c.t, c.net)) / (4.0 * h)
    return float((steps**3).mean()) / h * float(slopes[0] - slopes[1]) / (12.0 * window)


def resting(c: Contraction) -> int:
    """How many samples the baseline rests on."""
    base, t = c.effort.baseline, c.trace.t
    return int(t.searchsorted(base.stop, side="right") - t.searchsorted(base.start))
