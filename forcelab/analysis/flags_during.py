"""Flags about the push itself: samples that are missing or cut off, and pushes that are not what was asked for.

Each rule is one function whose docstring is its definition. μ0, σ0: mean and SD of the quiet window; P: peak net force.
SHORT_HOLD, DOUBLE_PUSH and SIGN are our own judgement, with limits that no study and no simulation has been held
against; the others are too, but have been tried on closed-form curves (`python -m tests.studies flags`).
"""

from typing import Final

import numpy as np

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.curve import time_above
from forcelab.analysis.doubt import Demand, Rule, above, gap
from forcelab.model import Flag

_GAP: Final = 0.050


def dropout(c: Contraction, _demand: Demand) -> Flag | None:
    """DROPOUT: samples are missing where the numbers are made.

    Formula: max Δt > max(50 ms, 1.5 / rate) over neighbouring samples of which one lies between 0.5 s before onset and
    0.1 s after the peak. Unit: s.

    Edge cases: timed numbers are then withheld; peak and mean stay. A gap that only reaches into that time counts.
    Nothing is interpolated to be looked at again: a shorter gap is bridged by the straight line between its ends.

    Source: our own judgement, checked against closed-form vectors.

    >>> from forcelab.analysis.contraction import drawn
    >>> c = drawn([(0, 0), (0.99, 0), (1, 0), (1.05, 100), (1.1625, 325), (1.2, 400), (1.25, 500)], onset=1.0)
    >>> round(dropout(c, Demand()).value, 4)
    0.99
    """
    start, stop = c.effort.onset - 0.5, c.effort.peak_at + 0.1
    t = c.trace.t
    t = t[max(int(t.searchsorted(start)) - 1, 0) : int(t.searchsorted(stop)) + 1]
    gaps = t[1:] - t[:-1]
    if len(gaps) == 0:
        return None
    sentence = "Samples are missing for {value:.2f} s around the push: bring the sensor closer and repeat."
    return above("DROPOUT", "s", float(gaps.max()), max(_GAP, 1.5 / c.trace.rate), sentence)


def clipped(c: Contraction, _demand: Demand) -> Flag | None:
    """CLIPPED: the sensor was at the end of its range.

    Formula: of the samples of the push with |F| >= 99 % of the capacity three in a row are equal. Unit: N; value is the
    greatest |F|, limit the capacity.

    Edge cases: not assessed without a known capacity. Samples between them that lie lower are passed over: a sensor at
    its end may flicker. Gross force counts, since it is what the sensor bears.

    Source: our own judgement, checked against closed-form vectors.

    >>> from forcelab.analysis.contraction import drawn
    >>> clipped(drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0), Demand()).assessed
    False
    """
    capacity = c.trace.capacity
    if capacity is None:
        return gap("CLIPPED", "Overload was not assessed: the sensor's capacity is not known.")
    force = np.abs(c.trace.force[c.part.start : c.part.stop])
    force = force[force >= 0.99 * capacity]
    if len(force) < 3 or not np.any((force[2:] == force[1:-1]) & (force[1:-1] == force[:-2])):
        return None
    sentence = "The sensor reached the end of its range ({value:.0f} N of {limit:.0f} N): use a stronger sensor."
    return Flag("CLIPPED", sentence.format(value=force.max(), limit=capacity), float(force.max()), capacity, "N")


def peak_late(c: Contraction, demand: Demand) -> Flag | None:
    """PEAK_LATE: force was still rising at the end of the record, or of the hold that was asked for.

    Formula: mean of the last 0.25 s − mean of the 0.5 s before > max(3 SE, 2 % P), SE = √(s₁²/n₁ + s₂²/n₂) of the
    samples of both stretches; the end is that of the record or of the commanded hold, whichever comes first. Unit: N.

    Edge cases: silent where the push was released before that end: whatever rises later is the next one, and in a test
    of the kind “hold”, whose force was not to be as great as can be. Not assessed with fewer than two
    samples in a stretch.

    Source: after Comfort et al. 2019, doi:10.1519/SSC.0000000000000433 (not verified), who discard pulls whose peak
    comes at the end; the comparison of means is our own, checked against closed-form vectors.

    >>> from forcelab.analysis.contraction import drawn
    >>> rising = [(0, 0), (1, 0), *((1 + k / 10, 50.0 * k) for k in range(1, 11))]
    >>> peak_late(drawn(rising, onset=1.0), Demand(hold=5.0)).name
    'PEAK_LATE'
    """
    if not demand.maximal:
        return None
    end = min(float(c.t[-1]), c.effort.onset + demand.hold)
    if c.effort.release is not None and c.effort.release < end:
        return None
    _, before = c.window(end - 0.75, end - 0.25)
    _, last = c.window(np.nextafter(end - 0.25, end), end)
    if len(before) < 2 or len(last) < 2:
        return gap("PEAK_LATE", "Whether force was still rising was not assessed: the record is too short.")
    error = float(np.sqrt(last.var(ddof=1) / len(last) + before.var(ddof=1) / len(before)))
    sentence = "Force was still rising at the end, by {value:.0f} N (limit {limit:.0f} N): push longer and repeat."
    limit = max(3.0 * error, 0.02 * c.effort.peak)
    return above("PEAK_LATE", "N", float(last.mean() - before.mean()), limit, sentence)


def slow_rise(c: Contraction, demand: Demand) -> Flag | None:
    """SLOW_RISE: a ramp and not a fast push.

    Formula: t(90 % P) − t_on > 1.5 s. Unit: s.

    Edge cases: looked at only where numbers are wanted that rest on a fast start. Silent where force never rises
    through 90 % P after onset (an onset set late by hand).

    Source: our own judgement, checked against closed-form vectors.

    >>> from forcelab.analysis.contraction import drawn
    >>> round(slow_rise(drawn([(0, 0), (1, 0), (5, 400), (6, 400)], onset=1.0), Demand()).value, 6)
    3.6
    """
    late = c.rise_to(0.9)
    if not demand.fast or late is None:
        return None
    sentence = "90 % of peak took {value:.1f} s (limit {limit:.1f} s): for RFD push as fast and hard as possible."
    return above("SLOW_RISE", "s", late - c.effort.onset, 1.5, sentence)


def short_hold(c: Contraction, demand: Demand) -> Flag | None:
    """SHORT_HOLD: no plateau to speak of, where one is wanted.

    Formula: time with N > 90 % P < 1.0 s, on the straight lines between samples. Unit: s.

    Edge cases: looked at only where a plateau is wanted. The time is summed over all stretches, so that one dip under
    90 % does not halve it.

    Source: our own judgement; held against no study.

    >>> from forcelab.analysis.contraction import drawn
    >>> round(short_hold(drawn([(0, 0), (1, 0), (1.5, 500), (2, 500), (2.5, 0)], onset=1.0), Demand()).value, 6)
    0.6
    """
    if not demand.plateau:
        return None
    held = time_above(c.t, c.net, 0.9 * c.effort.peak)
    if held >= 1.0:
        return None
    sentence = f"The plateau lasted {held:.1f} s (wanted: 1.0 s): hold on at full force until told to stop."
    return Flag("SHORT_HOLD", sentence, held, 1.0, "s")


def double_push(c: Contraction, _demand: Demand) -> Flag | None:
    """DOUBLE_PUSH: force gave way and came again.

    Formula: after onset net force falls by more than 30 % P below the most that it had reached, and later rises above
    80 % P again. Unit: N, the depth of the fall.

    Edge cases: a release at the end is no second push, since force does not come back. Two pushes with a rest between
    them are two efforts and are not seen here.

    Source: our own judgement; held against no study.

    >>> from forcelab.analysis.contraction import drawn
    >>> twice = [(0, 0), (1, 0), (1.2, 500), (2, 200), (2.2, 490), (4, 490)]
    >>> double_push(drawn(twice, onset=1.0), Demand()).value
    300.0
    """
    first = c.climb.first
    again = (c.net > 0.8 * c.effort.peak).nonzero()[0]
    last = again.item(-1) + 1 if len(again) else first
    if last - first < 2:
        return None
    fall = float((c.climb.highest[: last - first] - c.net[first:last]).max())
    sentence = "Force gave way by {value:.0f} N (limit {limit:.0f} N) and came again: push once, without a break."
    return above("DOUBLE_PUSH", "N", fall, 0.3 * c.effort.peak, sentence)


def sign(c: Contraction, _demand: Demand) -> Flag | None:
    """SIGN: the sensor is loaded the wrong way round, or pull and push are mixed.

    Formula: max(−min N, zero − μ0) > 30 % P. Unit: N; value and limit are positive depths.

    Edge cases: without a recorded zero a rest below 0 N may be that of a sensor that was never zeroed; the start of the
    record (median of its first five samples) then stands for the zero, and only if the push does not rise above 30 % P:
    the rests between pulls, seen upside down.

    Source: our own judgement; held against no study.

    >>> from forcelab.analysis.contraction import drawn
    >>> sign(drawn([(0, 0), (1, 0), (1.2, 500), (2, 500), (2.2, -200), (4, 0)], onset=1.0), Demand()).value
    200.0
    """
    rest, limit = c.effort.baseline.mean, 0.3 * c.effort.peak
    level = c.trace.zero
    if level is None:
        start = float(np.median(c.trace.force[:5]))
        level = start if rest + c.effort.peak <= limit else rest
    return wrong_way(max(-float(c.net.min()), level - rest), c.effort.peak)


def wrong_way(depth: float, peak: float) -> Flag | None:
    """The flag SIGN if force went so deep the wrong way beside such a peak, both in N; else None.

    >>> wrong_way(31.0, 100.0).name, wrong_way(29.0, 100.0)
    ('SIGN', None)
    """
    sentence = "Force went {value:.0f} N the wrong way (limit {limit:.0f} N): check how the sensor is hung, and repeat."
    return above("SIGN", "N", depth, 0.3 * peak, sentence)


_OWN: Final = "our own judgement"
_CHECKED: Final = _OWN + ", checked against closed-form vectors"
_COMFORT: Final = "after Comfort et al. 2019, doi:10.1519/SSC.0000000000000433 (not verified)"

DURING: Final = (
    Rule("DROPOUT", 1, "timed", "s", _CHECKED, dropout),
    Rule("CLIPPED", 1, "all", "N", _CHECKED, clipped),
    Rule("PEAK_LATE", 2, "all", "N", _COMFORT, peak_late),
    Rule("SLOW_RISE", 1, "timed", "s", _CHECKED, slow_rise),
    Rule("SHORT_HOLD", 1, "none", "s", _OWN, short_hold),
    Rule("DOUBLE_PUSH", 1, "none", "N", _OWN, double_push),
    Rule("SIGN", 2, "all", "N", _OWN, sign),
)
