"""Flags about the record and its sensor: time stamps that cannot be used, a rate that is not kept, a zero that moves.

Each rule is one function whose docstring is its definition. P: peak net force. Knows nothing of the push.
"""

from typing import Final

import numpy as np

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.doubt import Demand, Rule
from forcelab.analysis.gate import TOLERANCE
from forcelab.model import Array, Flag

_ENOUGH: Final = 1.0  # s of record, and so many samples: with fewer the jitter of the ends alone may come near 2 %
_SAMPLES: Final = 50
_DRIFT, _OF_CAPACITY = 2.0, 0.005


def discarded(c: Contraction, _demand: Demand) -> Flag | None:
    """DISCARDED: samples came that could not be used.

    Formula: samples that are not finite, are stamped no later than the one before, or lie far ahead of the host's
    clock > 0, in the whole record. Unit: 1, the count.

    Edge cases: of two samples with the same stamp the later one is dropped. Rejects nothing by itself: where a gap of
    more than 50 ms is left, DROPOUT does. Told with each effort of the record.

    Source: our own judgement.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.contraction import drawn
    >>> c = drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)
    >>> discarded(replace(c, trace=replace(c.trace, discarded=2)), Demand()).value
    2.0
    """
    count = c.trace.discarded
    if count == 0:
        return None
    what = "sample was" if count == 1 else "samples were"
    sentence = (
        f"{count} {what} left out (no number, or stamped no later than the one before, limit 0): check the connection "
        "or the file, and repeat if the curve looks broken."
    )
    return Flag("DISCARDED", sentence, float(count), 0.0, "1")


def rate_off(c: Contraction, _demand: Demand) -> Flag | None:
    """RATE_OFF: the sensor does not keep the rate that it declares.

    Formula: |f − f_declared| > 2 % of f_declared, f = (n − 1 + missing) / (t_n − t_1) over the effort's part of the
    record; missing = Σ round(Δt / median Δt) − 1 over the steps longer than 1.5 median steps. Unit: Hz; the limit is
    the nearer end of what is allowed.

    Edge cases: silent where the rate is itself an estimate from these stamps, where the sensor keeps no time of its
    own, and with less than 1 s or 50 samples. Rejects nothing: times are the sensor's own and stay right; what the rate
    gate lets pass goes by the declared rate.

    Source: the limit of 2 % is our own judgement.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.contraction import drawn
    >>> c = drawn([(k / 91.0, min(k, 50.0)) for k in range(400)], onset=0.0)
    >>> round(rate_off(replace(c, trace=replace(c.trace, rate=80.0)), Demand()).value, 6)
    91.0
    """
    trace, t = c.trace, c.t
    if trace.rate_estimated or not trace.own_time or len(t) < _SAMPLES or t[-1] - t[0] < _ENOUGH:
        return None
    # Missing samples make the plain quotient too small, so that only those that are off need a closer look.
    rate = (len(t) - 1) / float(t[-1] - t[0])
    if _near(rate, trace.rate) or _near(rate := _rate(t), trace.rate):
        return None
    sentence = (
        f"The sensor sent {rate:.1f} samples a second and not {trace.rate:g} (limit 2 %): check which sensor this is, "
        "and do not compare its early numbers with those of others."
    )
    nearer = trace.rate * (1.0 + TOLERANCE if rate > trace.rate else 1.0 - TOLERANCE)
    return Flag("RATE_OFF", sentence, rate, nearer, "Hz")


def _near(rate: float, declared: float) -> bool:
    return abs(rate - declared) <= TOLERANCE * declared


def _rate(t: Array) -> float:
    """Samples a second with those reckoned in that are missing."""
    steps = np.diff(t)
    usual = float(np.median(steps))
    gaps = steps[steps > 1.5 * usual]
    return (len(steps) + float(np.sum(np.round(gaps / usual) - 1.0))) / float(t[-1] - t[0])


def zero_drift(c: Contraction, demand: Demand) -> Flag | None:
    """ZERO_DRIFT: the unloaded sensor reads otherwise than for the trial before.

    Formula: |zero − zero of the trial before| > max(2 N, 0.5 % of capacity), both read in the same run of the sensor.
    Unit: N.

    Edge cases: silent where nothing is there to compare: for the first trial, without a recorded zero, after the sensor
    was started or tared anew. Silent where the zero is read with the limb at rest on the sensor, since limbs differ.
    Without a known capacity 2 N count. Rejects nothing: net force rests on the quiet phase of its own trial.

    Source: our own judgement.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.contraction import drawn
    >>> c = drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)
    >>> zero_drift(replace(c, trace=replace(c.trace, zero=3.5, zero_before=0.5)), Demand()).value
    3.0
    """
    now, before = c.trace.zero, c.trace.zero_before
    if now is None or before is None or demand.tared:
        return None
    drift, limit = abs(now - before), max(_DRIFT, _OF_CAPACITY * (c.trace.capacity or 0.0))
    if not drift > limit:
        return None
    sentence = (
        f"The unloaded sensor reads {drift:.1f} N off the trial before (limit {limit:.1f} N): let it hang free, "
        "zero it again, and repeat."
    )
    return Flag("ZERO_DRIFT", sentence, drift, limit, "N")


UNSETTLED: Final = (
    "It is not settled how much force a number of this sensor means: check it with a known weight, and compare it with "
    "itself only."
)


def scale(c: Contraction, _demand: Demand) -> Flag | None:
    """SCALE: it is not settled how much force a number of this sensor means.

    Formula: the sensor's family is listed as one of which sources disagree on the unit, or only one tells it.
    Unit: none.

    Edge cases: silent for tables, whose unit the user gives. Rejects nothing: shapes, times and ratios of the sensor's
    own numbers stay; every newton may be off by a factor.

    Source: definition.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.contraction import drawn
    >>> c = drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)
    >>> scale(c, Demand()), scale(replace(c, trace=replace(c.trace, scale_settled=False)), Demand()).name
    (None, 'SCALE')
    """
    return None if c.trace.scale_settled else Flag("SCALE", UNSETTLED)


_OWN: Final = "our own judgement"

RECORD: Final = (
    Rule("DISCARDED", 1, "none", "1", _OWN, discarded),
    Rule("RATE_OFF", 1, "none", "Hz", _OWN, rate_off),
    Rule("ZERO_DRIFT", 1, "none", "N", _OWN, zero_drift),
    Rule("SCALE", 1, "none", "", "definition", scale),
)
