"""Doubts about the plate: its rate, its zero, its range, samples that are missing. Each docstring is the definition.

The examples are the jumps of `example.py`, spoilt in one thing.
"""

import numpy as np

from forcelab.analysis.doubt import above, gap
from forcelab.analysis.gate import TOLERANCE
from forcelab.analysis.jump.jump import Jump
from forcelab.model import Flag


def _slow(name: str, jump: Jump, limit: float, least: float, sentence: str) -> Flag | None:
    """The flag if the rate lies below `limit` and not below `least`."""
    rate = jump.trace.rate
    if not (1.0 - TOLERANCE) * least <= rate < (1.0 - TOLERANCE) * limit:
        return None
    return Flag(name, sentence.format(value=rate, limit=limit), rate, limit, "Hz")


def rate_too_low(jump: Jump) -> Flag | None:
    """RATE_TOO_LOW: below 200 Hz (±2 %) take-off is not seen well enough.

    At 80 Hz heights by flight time of the closed-form jump are 3 % too low, by impulse 0.7 %, and one sample more or
    less of push is 10 % of the height.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> slow = replace(by_hand(), trace=replace(by_hand().trace, rate=80.0))
    >>> rate_too_low(slow).limit
    200.0
    """
    sentence = "{value:.0f} Hz is too slow for jumps (at least {limit:.0f} Hz): use a faster plate."
    return _slow("RATE_TOO_LOW", jump, 200.0, 0.0, sentence)


def low_rate(jump: Jump) -> Flag | None:
    """LOW_RATE: from 200 Hz to below 500 Hz (±2 %) the numbers are indicative.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> low_rate(replace(by_hand(), trace=replace(by_hand().trace, rate=450.0))).value
    450.0
    """
    sentence = "At {value:.0f} Hz the numbers of a jump are indicative: from {limit:.0f} Hz on they are not."
    return _slow("LOW_RATE", jump, 500.0, 200.0, sentence)


def dropout(jump: Jump) -> Flag | None:
    """DROPOUT: samples are missing where the numbers are made.

    Two neighbouring samples lie more than 10 ms (and more than 1.5 sample intervals) apart, and the gap reaches into
    the time from the start of the movement to 0.1 s after touch-down (without a landing: after take-off).

    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> clean = by_hand()
    >>> keep = (clean.trace.t < 2.01) | (clean.trace.t > 2.05)
    >>> holed = replace(clean.trace, t=clean.trace.t[keep], force=clean.trace.force[keep])
    >>> round(dropout(replace(clean, trace=holed)).value, 6)
    0.042
    """
    m, t = jump.marks, jump.trace.t
    start = m.takeoff - 0.5 if m.start is None else m.start
    stop = (m.takeoff if m.landing is None else m.landing) + 0.1
    i, j = max(int(np.searchsorted(t, start)) - 1, 0), int(np.searchsorted(t, stop)) + 1
    gaps = np.diff(t[i:j])
    if len(gaps) == 0:
        return None
    sentence = "Samples are missing for {value:.3f} s in the jump: check the connection of the plate and repeat."
    limit = max(0.010, 1.5 / jump.trace.rate) if jump.trace.rate > 0.0 else 0.010
    return above("DROPOUT", "s", float(gaps.max()), limit, sentence)


def clipped(jump: Jump) -> Flag | None:
    """CLIPPED: a plate was at the end of its range, in push or landing.

    At least three neighbouring samples of one plate are equal and at or above 99 % of its capacity. Without a known
    capacity: not assessed.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> clipped(by_hand()).assessed
    False
    """
    plates = list(jump.sides.values()) or [jump.trace]
    if any(plate.capacity is None for plate in plates):
        return gap("CLIPPED", "Overload was not assessed: the plate's capacity is not known.")
    for plate in plates:
        capacity = plate.capacity or 0.0
        i, j = np.searchsorted(plate.t, (jump.since, jump.until))
        force = plate.force[i:j]
        full = (force[2:] >= 0.99 * capacity) & (force[2:] == force[1:-1]) & (force[1:-1] == force[:-2])
        if full.any():
            sentence = f"A plate reached the end of its range ({capacity:.0f} N): use a stronger plate."
            return Flag("CLIPPED", sentence, float(force.max()), capacity, "N")
    return None


def unzeroed(jump: Jump) -> Flag | None:
    """UNZEROED: the empty plate shows more than 5 N, up or down, while the athlete is in the air.

    An offset cancels in net force, but it makes the body too heavy: 5 N of 700 N are 0.7 % of mass, 1.4 % of height.

    >>> import msgspec
    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> marks = msgspec.structs.replace(by_hand().marks, residue=-8.0)
    >>> unzeroed(replace(by_hand(), marks=marks)).value
    8.0
    """
    sentence = "The empty plate shows {value:.0f} N (limit {limit:.0f} N): zero the plate with nobody on it and repeat."
    return above("UNZEROED", "N", abs(jump.marks.residue), 5.0, sentence)
