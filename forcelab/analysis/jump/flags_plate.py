"""Doubts about the plate: its rate, its zero, its range, samples that are missing. Each docstring is the definition.

The examples are the jumps of `example.py`, spoilt in one thing.
"""

import numpy as np

from forcelab.analysis.doubt import above, gap
from forcelab.analysis.flags_record import UNSETTLED
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

    Formula: declared rate < 0.98 · 200 Hz. Unit: Hz.

    Edge cases: at 80 Hz heights by flight time of the closed-form jump are 3 % too low, by impulse 0.7 %, and one
    sample more or less of push is 10 % of the height.

    Source: computed on the closed-form jump; 200 Hz is our own judgement.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> slow = replace(by_hand(), trace=replace(by_hand().trace, rate=80.0))
    >>> rate_too_low(slow).limit
    200.0
    """
    sentence = "{value:.0f} Hz is too slow for jumps (at least {limit:.0f} Hz): use a faster plate."
    return _slow("RATE_TOO_LOW", jump, 200.0, 0.0, sentence)


def low_rate(jump: Jump) -> Flag | None:
    """LOW_RATE: the plate is fast enough to see the jump, and not fast enough to be sure of its numbers.

    Formula: 0.98 · 200 Hz <= declared rate < 0.98 · 500 Hz. Unit: Hz.

    Edge cases: rejects nothing; the numbers are marked indicative.

    Source: at least 500 Hz is recommended (not verified).

    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> low_rate(replace(by_hand(), trace=replace(by_hand().trace, rate=450.0))).value
    450.0
    """
    sentence = (
        "At {value:.0f} Hz the numbers of a jump are indicative (from {limit:.0f} Hz on they are not): "
        "use a faster plate."
    )
    return _slow("LOW_RATE", jump, 500.0, 200.0, sentence)


def dropout(jump: Jump) -> Flag | None:
    """DROPOUT: samples are missing where the numbers are made.

    Formula: max Δt > max(10 ms, 1.5 / rate) over neighbouring samples of which one lies between the start of the
    movement and 0.1 s after touch-down. Unit: s.

    Edge cases: without a landing until 0.1 s after take-off; without a start from 0.5 s before take-off on.

    Source: our own judgement.

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

    Formula: three neighbouring samples of one plate are equal and at least 99 % of its capacity. Unit: N.

    Edge cases: not assessed without a known capacity. Each plate is looked at by itself, since the sum hides it.

    Source: our own judgement.

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

    Formula: |mean F of the empty plate in flight| > 5 N. Unit: N.

    Edge cases: rejects nothing: an offset cancels in net force, but it makes the body too heavy.

    Source: computed: 5 N of 700 N are 0.7 % of mass, 1.4 % of height; the limit is our own.

    >>> import msgspec
    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> marks = msgspec.structs.replace(by_hand().marks, residue=-8.0)
    >>> unzeroed(replace(by_hand(), marks=marks)).value
    8.0
    """
    sentence = "The empty plate shows {value:.0f} N (limit {limit:.0f} N): zero the plate with nobody on it and repeat."
    return above("UNZEROED", "N", abs(jump.marks.residue), 5.0, sentence)


def scale(jump: Jump) -> Flag | None:
    """SCALE: it is not settled how much force a number of a plate means.

    Formula: the family of a plate is listed as one of which sources disagree on the unit, or only one tells it.
    Unit: none.

    Edge cases: rejects nothing: body weight is read from the same plate, so that what is scaled by it stays.

    Source: definition.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> scale(replace(by_hand(), trace=replace(by_hand().trace, scale_settled=False))).name
    'SCALE'
    """
    plates = [jump.trace, *jump.sides.values()]
    return None if all(plate.scale_settled for plate in plates) else Flag("SCALE", UNSETTLED)
