"""The 95 % instrument interval of each number, and the range of a number over onset rules.

What an interval is about: the number's own rule applied to the noise-free, continuous force, with the true noise in
the threshold. Inside it: noise, resolution, sampling interval and phase. Not inside: the person, the set-up, the
calibration, a sensor's own averaging, and how far the rule lies from a true onset. It is no error of the test; the
MDC is. Refuses to know assessments and sensors, and how to show what it gives.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.distributions import t_quantile
from forcelab.analysis.level import LEVELS, Range, of_level, resting
from forcelab.analysis.metric import NO_INTERVAL
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.noise import Noise, Top, read_noise
from forcelab.analysis.onset import CERTAIN, MANUAL
from forcelab.analysis.onset_rules import THRESHOLDS
from forcelab.analysis.replicas import EPOCHS, NUMBERS, Curves, find_onsets, sample_anew
from forcelab.analysis.rise import Rise, redraw
from forcelab.model import Array, OnsetRule

INTERVAL_RULE: Final = "interval/3(level=0.95,replicas=199,stretch=1.05,timid=0.25)"
"""Name, version and parameters of the method: whoever changes it raises the version and runs the studies again."""

ONSET: Final = "onset"
"""Asks for the interval of onset itself, in s on the trace's clock."""

REPLICAS: Final = 199
"""So that the 5th smallest and the 5th greatest of them bound 95 % exactly (rank / (replicas + 1) = 2.5 %)."""
_BEFORE: Final = 0.10
"""s of rest before onset that are drawn again: at least so much, and eight samples."""
_LONGEST: Final = 3.0
"""s: of a rise slower than that to 80 or 90 % what rests on that share has no interval, and onset has none if it is so
slow to 25 %; the flag SLOW_RISE has told."""
STRETCH: Final = 1.05
"""By how much the errors of the replicas are stretched about their median, beside what `_stretch` adds. The redrawn
rise is itself drawn from noisy samples, so that the replicas' errors scatter a little less than the number's own. Set
once, on closed forms, and the same for all numbers."""
_TIMID: Final = 0.25
"""The relative doubt of a bias, which is known no better than the redrawn rise is. Of a bias b with half an interval h
the share b² / (b² + (0.25 h)²) is taken off, and 0.25 of what is taken off is added as a standard uncertainty: less by
the share of the noise that is left in the redrawn rise, of which a smoother one tells the bias better."""
_VAGUE: Final = 0.5
"""The greatest relative uncertainty that the slope at onset is given: more says only that it is not known."""
_Z: Final = 1.959964
_STUDIED: Final = frozenset(("percent", "sd3", "sd5", "abs"))
"""The onset rules whose intervals were held to their coverage."""
_LOST: Final = 0.02
"""Share of the replicas that may have no value."""
_REFUSED: Final = {
    "peak_rfd_": "no interval: the steepest part of a noisy curve is steeper than the force was, by an unknown amount",
    "time_to_peak": "no interval: which sample of a level top is the greatest is chance",
}
"""Starts of ids -> why no interval is given: those tried held in 37 to 90 %."""
_NO_RULE: Final = "no interval: none was shown to hold for the onset rule"
_NONE: Final = "no interval: the record or the rise is too short, too slow or too noisy for it, or onset was given"

Threshold = Callable[[float, float], float]  # from peak and quiet SD to net force at onset, N


@dataclass(frozen=True, slots=True)
class Intervals:
    """The 95 % intervals of an effort's numbers.

    Attributes:
        given: metric id -> (low, high) in the metric's unit.
        reasons: metric id -> why there is none.
    """

    given: Mapping[str, Range]
    reasons: Mapping[str, str]


def intervals(c: Contraction, metrics: Iterable[str], rule: OnsetRule, *, seed: int = 0) -> dict[str, Range | None]:
    """As `measure`, without the reasons: metric id -> (low, high), or None where there is none."""
    asked = tuple(metrics)
    given = measure(c, asked, rule, seed=seed).given
    return {name: given.get(name) for name in asked}


def measure(c: Contraction, metrics: Iterable[str], rule: OnsetRule, *, seed: int = 0) -> Intervals:
    """The 95 % instrument interval of each number for what its recipe defines.

    Peak force and best means: see `level`. The greatest sample, which is displayed, lies above the interval of the peak
    by the noise of the best of many samples and may well lie outside.

    Timed numbers (onset, RFD, force at time, impulse): a parametric bootstrap (Efron & Tibshirani 1993, An
    Introduction to the Bootstrap, the "basic" interval; not verified). The rise is drawn again as a smooth curve,
    whose numbers x* are known, and sampled anew 199 times with other noise, phase and jitter, each with its own error
    of the baseline, of the peak and of the noise in the threshold. The errors x̂* − x* of the replicas are what the
    displayed number's own error is drawn from: with q their 2.5 % and 97.5 % points the interval is
    x̂ − q₉₇.₅ to x̂ − q₂.₅, with q stretched about their median and the median taken off as far as it is known
    (`STRETCH`, `_stretch`, `_TIMID`). So it is shifted where sampling or noise biases the number, and may leave out x̂.

    One rise is drawn, as long as any number needs it, whichever are asked for: what a number gets rests on nothing else
    that is asked for. How many samples a replica has does not rest on when the push happened.

    Deterministic for a seed: the generator is numpy's PCG64, sums are elementwise; no thread changes a bit.
    Evidence: docs/coverage.md, made by `python -m tests.studies coverage`; further numbers and onset rules in
    docs/coverage-further.md; shapes the method was not made on, and what is too narrow there, in
    docs/coverage-unseen.md.

    Too narrow, as docs/coverage-unseen.md and docs/coverage-shapes.md show: the peak of a push that creeps up to its
    end (78 to 90 %, u / √(1 + u²)) or goes over a corner into a slow sag (72 to 90 % where 550 N lose 25 N/s); with
    0.5 to 1 N of noise at 80 Hz onset, early RFD and impulse of a start that is flatter than any power of time
    (log-normal CDF, 88 to 90 %). Too wide: what noise that is a mean of neighbours touches, since it is taken for one
    that dies away slowly (99 %).

    Args:
        c: the effort; its trace is not changed.
        metrics: ids of `METRICS`, and "onset".
        rule: the onset rule by which it was found.
        seed: of the generator.

    Returns:
        Intervals in the unit of each metric, and reasons for those that have none. Cost: about as many operations as
        200 evaluations of the rise; linear in the number of samples.
    """
    asked = tuple(dict.fromkeys(metrics))
    noise, top = read_noise(c)
    given: dict[str, Range] = {}
    reasons: dict[str, str] = {}
    for name in asked:
        level = of_level(name, c, noise, top) if name in LEVELS else None
        if level is not None:
            given[name] = level
        elif name not in NUMBERS:
            reasons[name] = next((why for start, why in _REFUSED.items() if name.startswith(start)), NO_INTERVAL)
    timed = [name for name in asked if name in NUMBERS]
    if timed:
        found = _of_rise(c, timed, rule, noise, top, seed=seed)
        given |= found.given
        reasons |= found.reasons
    return Intervals(given, reasons)


def _of_rise(c: Contraction, names: Sequence[str], rule: OnsetRule, noise: Noise, top: Top, *, seed: int) -> Intervals:
    """The intervals of timed numbers by sampling the rise anew, and the reasons of those without."""
    threshold = _threshold(c, rule)
    if c.effort.rule != MANUAL and threshold is None:
        return Intervals({}, dict.fromkeys(names, f"{_NO_RULE} {rule.rule!r}"))
    given: dict[str, Range] = {}
    rise = _rise(c, noise)
    if rise is None:
        return Intervals({}, dict.fromkeys(names, "no interval: fewer than eight samples in the rise"))
    true = _truth(c, threshold, noise, top, rise)
    drawn = _replicas(c, threshold, noise, top, rise, rng=np.random.default_rng(seed))
    stretch = _stretch(rise, c.effort.onset)
    for name, (value, errors) in _errors(c, names, true, drawn).items():
        bounds = _bounds(errors, stretch, rise.left)
        given |= {} if bounds is None else {name: (value - bounds[1], value - bounds[0])}
    return Intervals(given, {name: _NONE for name in names if name not in given})


def _errors(c: Contraction, names: Iterable[str], true: Curves, drawn: Curves) -> dict[str, tuple[float, Array]]:
    """Of each number that there is its value, and the errors of the replicas in order of size, NaN last."""
    values: dict[str, float] = {}
    for name in names:
        value = c.effort.onset if name == ONSET else METRICS[name].compute(c)
        if value is not None and not (name == ONSET and c.effort.rule == MANUAL):
            values[name] = float(value)
    if not values:
        return {}
    table = np.array([NUMBERS[name](drawn) - NUMBERS[name](true) for name in values])
    table.sort(axis=1)
    return {name: (value, errors) for (name, value), errors in zip(values.items(), table, strict=True)}


def _threshold(c: Contraction, rule: OnsetRule) -> Threshold | None:
    """What gives the net force at onset from peak and quiet SD; None for rules that have no interval, and by hand."""
    if c.effort.rule == MANUAL or rule.rule not in _STUDIED:
        return None
    return partial(THRESHOLDS[rule.rule], rule)


def _bounds(errors: Array, stretch: float, left: float) -> Range | None:
    """The ends of the middle 95 % of sorted errors (NaN last); None where too many replicas had no value."""
    count = np.count_nonzero(np.isfinite(errors))
    if count < (1.0 - _LOST) * len(errors):
        return None
    rank = max(round((count + 1) * 0.025), 1)
    low, middle, high = (errors.item(k) for k in (rank - 1, count // 2, count - rank))
    share = middle**2 / (middle**2 + (_TIMID * 0.5 * (high - low)) ** 2) if middle else 0.0
    centre = share * middle
    doubt = _Z * _TIMID * left * centre
    return (
        centre - math.hypot(stretch * (middle - low), doubt),
        centre + math.hypot(stretch * (high - middle), doubt),
    )


def _stretch(rise: Rise, onset: float) -> float:
    """By how much errors are stretched: the slope at onset sets their scale, and is itself read from few samples.

    With relative standard uncertainty δ of a scale, Student's factor of 1 / (2 δ²) degrees of freedom.
    """
    k = int(rise.t.searchsorted(onset))
    i, j = max(k - rise.fine, 0), min(k + rise.fine, len(rise.t) - 1)
    slope = (rise.net.item(j) - rise.net.item(i)) / (rise.t.item(j) - rise.t.item(i))
    doubt = min(rise.slope_sd / max(slope, 1e-9), _VAGUE)
    return STRETCH * t_quantile(0.975, max(0.5 / max(doubt, 1e-3) ** 2, 1.0)) / _Z


def _rise(c: Contraction, noise: Noise) -> Rise | None:
    """The rise drawn again: as far as the longest window reaches, and well beyond 80 % and 90 % of the peak.

    The same for all numbers, whichever are asked for.
    """
    interval, onset = 1.0 / c.trace.rate, c.effort.onset
    until = max(EPOCHS) + 0.1
    for share, further in ((CERTAIN, 1.0), (0.8, 1.3), (0.9, 1.15)):
        reached = c.rise_to(share)
        if reached is not None and (share == CERTAIN or reached - onset < _LONGEST):
            until = max(until, further * min(reached - onset, _LONGEST))
    return redraw(c, noise, onset - max(_BEFORE, 8.0 * interval), onset + until + 4.0 * interval)


def _truth(c: Contraction, threshold: Threshold | None, noise: Noise, top: Top, rise: Rise) -> Curves:
    """The drawn curve itself, on its fine grid, as one row."""
    t, net = rise.t[np.newaxis], rise.net[np.newaxis]
    peak = np.array([top.level])
    if threshold is None:
        return Curves(t, net, peak, np.array([c.effort.onset]), np.zeros(1))
    return Curves(t, net, peak, find_onsets(t, net, peak, np.array([threshold(top.level, noise.sd)])), np.zeros(1))


def _replicas(
    c: Contraction, threshold: Threshold | None, noise: Noise, top: Top, rise: Rise, *, rng: np.random.Generator
) -> Curves:
    """The curve sampled anew, each row with the errors of the displayed peak, baseline and quiet SD.

    By how much the displayed peak lies above the noise-free one, and the quiet SD beside the pooled one, is known
    for this record; only the uncertainty of the noise-free side is drawn.
    """
    t, net = sample_anew(rise, noise, REPLICAS, rng)
    shift = noise.of_mean(resting(c)) * rng.standard_normal(REPLICAS)
    net = net - shift[:, np.newaxis]
    peak = c.effort.peak - shift + top.sd * rng.standard_normal(REPLICAS)
    if threshold is None:
        return Curves(t, net, peak, np.full(REPLICAS, c.effort.onset), shift)
    scale = 1.0 + rng.standard_normal(REPLICAS) / math.sqrt(2.0 * noise.dof)
    quiet = c.effort.baseline.sd * np.maximum(scale, 0.1)
    levels = np.fromiter(map(threshold, peak.tolist(), quiet.tolist()), dtype=np.float64, count=REPLICAS)
    return Curves(t, net, peak, find_onsets(t, net, peak, levels), shift)


def method_range(metric: str, efforts: Iterable[Contraction]) -> Range | None:
    """The least and the greatest value of a number over the onsets that several rules gave. No coverage is claimed.

    Args:
        metric: id of a metric, or "onset" for the range of the onsets themselves.
        efforts: one effort with its onset as each rule finds it; rules that found none are left out by the caller.

    Returns:
        (least, greatest); None if there is no onset, or the number does not exist for any of them.

    >>> from forcelab.analysis.contraction import drawn
    >>> rise = drawn([(0, 0), (1, 0), (1.1, 100), (1.2, 300), (4, 300)], onset=1.0)
    >>> low, high = method_range("rfd_0_100", [rise, replace_onset(rise, 1.05)])
    >>> round(low, 6), round(high, 6)
    (1000.0, 1500.0)
    """
    found = (c.effort.onset if metric == ONSET else METRICS[metric].compute(c) for c in efforts)
    values = [float(value) for value in found if value is not None and math.isfinite(value)]
    return (min(values), max(values)) if values else None


def replace_onset(c: Contraction, onset: float) -> Contraction:
    """The same effort with its onset elsewhere (s on the trace's clock)."""
    return c.moved(onset)
