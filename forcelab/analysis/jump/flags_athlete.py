"""Doubts about what the athlete did: the stand, the movement, the landing. Each docstring is the rule's definition.

The examples are the jumps of `example.py`, spoilt by changing one of their marks.
"""

import numpy as np

from forcelab.analysis.doubt import above
from forcelab.analysis.jump.height import jump_height, jump_height_flight
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.push import depth
from forcelab.analysis.jump.weighing import FULL
from forcelab.model import Flag


def no_weighing(jump: Jump) -> Flag | None:
    """NO_WEIGHING: nobody stands still, so there is no body weight and no height by impulse.

    Formula: no stand of at least 0.1 s by the definition of `weigh`. Unit: s, found and wanted.

    Edge cases: silent where body weight was given from outside the record.

    Source: definition.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> no_weighing(replace(by_hand(), weighing=None)).name
    'NO_WEIGHING'
    """
    if jump.weighing is not None:
        return None
    sentence = "Nobody stood still on the plate: stand still for at least 1 s before the jump and repeat."
    return Flag("NO_WEIGHING", sentence, 0.0, FULL, "s")


def short_weighing(jump: Jump) -> Flag | None:
    """SHORT_WEIGHING: body weight was read from less than a second of quiet stand.

    Formula: length of the stand <= 0.9 s. Unit: s; the limit that is told is the 1 s that is wanted.

    Edge cases: silent without a stand (NO_WEIGHING tells) and where body weight was given. A window of a second may
    lack a sample interval; 0.9 s allows for that.

    Source: computed: 1 N too much takes 12.5 mm/s off the take-off velocity of 80 kg in 1 s, about 1 % of the height;
    at least 1 s, Owen et al. 2014, doi:10.1519/JSC.0000000000000311 (not verified).

    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> from forcelab.model import Weighing
    >>> short_weighing(replace(by_hand(), weighing=Weighing(800.0, 1.0, 1.0, 1.25))).value
    0.25
    """
    stand = jump.weighing
    if stand is None or stand.given or stand.stop - stand.start > 0.9 * FULL:
        return None
    sentence = (
        "Body weight was read in only {value:.2f} s of quiet stand (wanted: {limit:.0f} s), so heights by impulse may "
        "be off: stand still for longer before the jump."
    )
    value = stand.stop - stand.start
    return Flag("SHORT_WEIGHING", sentence.format(value=value, limit=FULL), value, FULL, "s")


def restless_weighing(jump: Jump) -> Flag | None:
    """RESTLESS_WEIGHING: body weight was read while the athlete was not still.

    Formula: SD of force in the stand > 2 % BW. Unit: N.

    Edge cases: silent without a stand and where body weight was given.

    Source: our own judgement.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> from forcelab.model import Weighing
    >>> restless_weighing(replace(by_hand(), weighing=Weighing(800.0, 20.0, 0.0, 1.0))).limit
    16.0
    """
    stand = jump.weighing
    if stand is None or stand.given:
        return None
    sentence = "The stand before the jump was restless (SD {value:.0f} N, limit {limit:.0f} N): stand still and repeat."
    return above("RESTLESS_WEIGHING", "N", stand.sd, 0.02 * stand.weight, sentence)


def no_landing(jump: Jump) -> Flag | None:
    """NO_LANDING: the athlete does not come back onto the plate.

    Formula: the plate stays empty to the end of the record, or for longer than 1.5 s. Unit: s; no value is given.

    Edge cases: rejects nothing: height by impulse needs no landing.

    Source: definition; 1.5 s of flight would be 2.8 m.

    >>> import msgspec
    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> marks = msgspec.structs.replace(by_hand().marks, landing=None)
    >>> no_landing(replace(by_hand(), marks=marks)).name
    'NO_LANDING'
    """
    if jump.marks.landing is not None:
        return None
    sentence = "There is no landing on the plate: flight time and landing are missing; land where you took off."
    return Flag("NO_LANDING", sentence, None, None, "s")


def heights_disagree(jump: Jump) -> Flag | None:
    """HEIGHTS_DISAGREE: heights by impulse and by flight time differ by more than 20 % of the former.

    Formula: 100 · |h_ft − h| / h > 20 %. Unit: %.

    Edge cases: silent where one of them is missing, or where the entry velocity rests on flight time itself. Bent knees
    at landing lengthen the flight; a wrong body weight spoils the impulse.

    Source: our own judgement.

    >>> import msgspec
    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> marks = msgspec.structs.replace(by_hand().marks, landing=by_hand().marks.landing + 0.1)
    >>> round(heights_disagree(replace(by_hand(), marks=marks)).value, 2)  # 0.6125 m and 0.45 m
    36.11
    """
    if jump.marks.entry_from == "flight":
        return None
    impulse, flight = jump_height(jump), jump_height_flight(jump)
    if impulse is None or flight is None or not impulse > 0.0:
        return None
    sentence = (
        "Heights by impulse and by flight time differ by {value:.0f} % (limit {limit:.0f} %): land with straight "
        "knees, and stand still before the jump."
    )
    return above("HEIGHTS_DISAGREE", "%", 100.0 * abs(flight - impulse) / impulse, 20.0, sentence)


def dip(jump: Jump) -> Flag | None:
    """DIP: a squat jump with a countermovement, so that it is none.

    Formula: BW − min F between the end of the stand and onset > max(5 SD, 2.5 % BW). Unit: N, depths.

    Edge cases: squat jumps only; silent without a stand or an onset.

    Source: our own judgement.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> clean = by_hand("sj")
    >>> t, force = clean.trace.t, clean.trace.force.copy()
    >>> force[(t > 1.4) & (t < 1.45)] = 700.0
    >>> round(dip(replace(clean, trace=replace(clean.trace, force=force))).value, 6)
    100.0
    """
    stand, onset = jump.weighing, jump.marks.onset
    if jump.marks.kind != "sj" or stand is None or onset is None:
        return None
    i, j = np.searchsorted(jump.trace.t, (stand.stop, onset), side="right")
    if j <= i:
        return None
    fall = stand.weight - float(jump.trace.force[i:j].min())
    sentence = "Force dipped by {value:.0f} N (limit {limit:.0f} N) before the push: push from the squat without a dip."
    return above("DIP", "N", fall, max(5.0 * stand.sd, 0.025 * stand.weight), sentence)


def no_dip(jump: Jump) -> Flag | None:
    """NO_DIP: a countermovement jump without a countermovement.

    Formula: −min s < 0.05 m, s the displacement of the body's centre before take-off. Unit: m.

    Edge cases: countermovement jumps only; silent where displacement is not known.

    Source: our own judgement.

    >>> from dataclasses import replace
    >>> import msgspec
    >>> from forcelab.analysis.jump.example import by_hand
    >>> marks = msgspec.structs.replace(by_hand("sj").marks, kind="cmj")
    >>> no_dip(replace(by_hand("sj"), marks=marks)).limit
    0.05
    """
    lowest = depth(jump)
    if jump.marks.kind != "cmj" or lowest is None or -lowest >= 0.05:
        return None
    down = max(0.0, -lowest)  # in this order: of 0.0 and -0.0 max gives the first
    sentence = f"The body went down by only {down:.2f} m (limit 0.05 m): dip before the jump, or test squat jumps."
    return Flag("NO_DIP", sentence, down, 0.05, "m")


def slow_start(jump: Jump) -> Flag | None:
    """SLOW_START: take-off comes more than 2 s after onset, so that onset was restlessness or the jump had a pause.

    Formula: t_to − t_on > 2 s. Unit: s.

    Edge cases: silent without an onset. Integration drifts over such a time: 1 N of body weight are then 2 % of the
    height.

    Source: our own judgement.

    >>> import msgspec
    >>> from dataclasses import replace
    >>> from forcelab.analysis.jump.example import by_hand
    >>> marks = msgspec.structs.replace(by_hand().marks, onset=0.1)
    >>> round(slow_start(replace(by_hand(), marks=marks)).value, 6)
    2.3
    """
    if jump.marks.onset is None:
        return None
    sentence = "Onset lies {value:.1f} s before take-off (limit {limit:.0f} s): stand still, then jump in one go."
    return above("SLOW_START", "s", jump.marks.takeoff - jump.marks.onset, 2.0, sentence)
