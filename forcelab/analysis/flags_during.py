"""Flags about the push itself: samples that are missing or cut off, and pushes that are not what was asked for.

Each rule is one function whose docstring is its definition. μ0, σ0: mean and SD of the quiet window; P: peak net force.
SHORT_HOLD, DOUBLE_PUSH and SIGN are our own judgement, with limits that no study and no simulation has been held
against; the others are too, but have been tried on closed-form curves (`python -m tests.studies flags`).
"""

from typing import Final

import numpy as np

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.doubt import Demand, Rule, above, gap
from forcelab.model import Flag

_GAP: Final = 0.050


def dropout(c: Contraction, _demand: Demand) -> Flag | None:
    """DROPOUT: samples are missing where the numbers are made.

    Two neighbouring samples lie more than 50 ms apart (for sensors below 30 Hz: more than 1.5 sample intervals), and
    the gap reaches into the time from 0.5 s before onset to 0.1 s after the peak. Timed numbers are then withheld.

    >>> from forcelab.analysis.contraction import drawn
    >>> c = drawn([(0, 0), (0.99, 0), (1, 0), (1.05, 100), (1.1625, 325), (1.2, 400), (1.25, 500)], onset=1.0)
    >>> round(dropout(c, Demand()).value, 4)
    0.99
    """
    start, stop = c.effort.onset - 0.5, c.effort.peak_at + 0.1
    t = c.trace.t
    i, j = max(int(np.searchsorted(t, start)) - 1, 0), int(np.searchsorted(t, stop)) + 1
    gaps = np.diff(t[i:j])
    if len(gaps) == 0:
        return None
    sentence = "Samples are missing for {value:.2f} s around the push: bring the sensor closer and repeat."
    return above("DROPOUT", "s", float(gaps.max()), max(_GAP, 1.5 / c.trace.rate), sentence)


def clipped(c: Contraction, _demand: Demand) -> Flag | None:
    """CLIPPED: the sensor was at the end of its range.

    Of the samples of the push that lie at or above 99 % of the sensor's capacity, in either direction, three in a row
    are equal. Those between them that lie lower are passed over: a sensor at its end may flicker. Without a known
    capacity: not assessed. Value is the greatest force, limit the capacity.

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

    The mean of the last 0.25 s exceeds the mean of the 0.5 s before by more than max(3 SE, 2 % P); SE is the standard
    error of the difference, from the samples of both stretches. A push that was released before that end was over, and
    whatever rises later is the next one.

    >>> from forcelab.analysis.contraction import drawn
    >>> rising = [(0, 0), (1, 0), *((1 + k / 10, 50.0 * k) for k in range(1, 11))]
    >>> peak_late(drawn(rising, onset=1.0), Demand(hold=5.0)).name
    'PEAK_LATE'
    """
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

    90 % P is reached later than 1.5 s after onset, where numbers are wanted that rest on a fast start.

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

    Force stays above 90 % P for less than 1.0 s altogether.

    >>> from forcelab.analysis.contraction import drawn
    >>> round(short_hold(drawn([(0, 0), (1, 0), (1.5, 500), (2, 500), (2.5, 0)], onset=1.0), Demand()).value, 6)
    0.6
    """
    if not demand.plateau:
        return None
    # Time above a level on straight lines: each step counts by the share of it that lies above.
    y = c.net - 0.9 * c.effort.peak
    low, high = np.minimum(y[:-1], y[1:]), np.maximum(y[:-1], y[1:])
    share = np.clip(high / np.where(high > low, high - low, 1.0), 0.0, 1.0)
    share = np.where(high > low, share, (high >= 0.0).astype(np.float64))
    held = float(np.sum(np.diff(c.t) * share))
    if held >= 1.0:
        return None
    sentence = f"The plateau lasted {held:.1f} s (wanted: 1.0 s): hold on at full force until told to stop."
    return Flag("SHORT_HOLD", sentence, held, 1.0, "s")


def double_push(c: Contraction, _demand: Demand) -> Flag | None:
    """DOUBLE_PUSH: force gave way and came again.

    After onset net force falls by more than 30 % P below what it had reached, and later rises above 80 % P again.

    >>> from forcelab.analysis.contraction import drawn
    >>> twice = [(0, 0), (1, 0), (1.2, 500), (2, 200), (2.2, 490), (4, 490)]
    >>> double_push(drawn(twice, onset=1.0), Demand()).value
    300.0
    """
    first = int(np.searchsorted(c.t, c.effort.onset))
    again = np.flatnonzero(c.net > 0.8 * c.effort.peak)
    last = int(again[-1]) + 1 if len(again) else first
    if last - first < 2:
        return None
    net = c.net[first:last]
    fall = float((np.maximum.accumulate(net) - net).max())
    sentence = "Force gave way by {value:.0f} N (limit {limit:.0f} N) and came again: push once, without a break."
    return above("DOUBLE_PUSH", "N", fall, 0.3 * c.effort.peak, sentence)


def sign(c: Contraction, _demand: Demand) -> Flag | None:
    """SIGN: the sensor is loaded the wrong way round, or pull and push are mixed.

    Net force falls below −30 % P somewhere, or the rest itself lies below the recorded zero by more than 30 % P. If
    none was recorded, a rest below 0 N may be that of a sensor that was never zeroed; it then counts only if the record
    began higher by so much and the push does not rise above 30 % P: the rests between pulls, seen upside down. Value
    and limit are given as positive depths.

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
