"""Flags about what happened before onset: an honest start is what every number after it rests on.

Each rule is one function whose docstring is its definition. μ0, σ0: mean and SD of the quiet window; P: peak net force.
"""

from typing import Final

from forcelab.analysis.baseline import quiet_rule
from forcelab.analysis.contraction import Contraction
from forcelab.analysis.doubt import Demand, Rule, above, gap
from forcelab.model import Flag

_STANDING: Final = 50.0
"""N, of who stands on the sensor: how far force may lie above body weight at rest, and below it before the peak."""


def no_quiet(c: Contraction, demand: Demand) -> Flag | None:
    """NO_QUIET: no quiet phase before the push.

    Formula: σ0 > max(1 % P, 3 N), or no window of 0.5 s (of who stands on the sensor 1.0 s) fits before the rise.
    Unit: N, or s where no window fits: then the value is the length of what was taken instead.

    Edge cases: a window that does not fit is told first, since an SD of few samples says little. Which
    window is looked at is `quiet_window`'s definition: a knock long before the push does not raise its SD.

    Source: our own judgement, checked against closed-form vectors.

    >>> from forcelab.analysis.contraction import drawn
    >>> no_quiet(drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0), Demand()) is None
    True
    """
    if not c.full_quiet:
        quiet = c.effort.baseline.stop - c.effort.baseline.start
        sentence = f"Only {quiet:.2f} s of rest could be used before the push: wait a second, still, before pushing."
        return Flag("NO_QUIET", sentence, quiet, quiet_rule(demand.standing).window, "s")
    sentence = "The rest before the push was not quiet (SD {value:.1f} N, limit {limit:.1f} N): keep still, then push."
    return above("NO_QUIET", "N", c.effort.baseline.sd, max(0.01 * c.effort.peak, 3.0), sentence)


def preload(c: Contraction, demand: Demand) -> Flag | None:
    """PRELOAD: the limb pressed against the sensor while it should have rested.

    Formula: μ0 − zero > 5 % P, zero the recorded force of the unloaded sensor; of who stands on the sensor
    μ0 − zero − BW > 50 N, since some pull that takes up slack is usual there. Unit: N.

    Edge cases: not assessed without a recorded zero, nor of who stands there without a body weight that was measured
    apart from this record: a bar held all the while would weigh as part of the body. Blind to what was there already
    when the zero was read: a limb that hung in the strap then is no pre-load, which is what taring the limb's weight
    rests on.

    Source: our own judgement, checked against closed-form vectors; 50 N over body weight after Comfort et al. 2019,
    doi:10.1519/SSC.0000000000000433 (not verified).

    >>> from forcelab.analysis.contraction import drawn
    >>> preload(drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0), Demand()).assessed
    False
    """
    if c.trace.zero is None:
        return gap("PRELOAD", "Pre-load was not assessed: no zero of the unloaded sensor was recorded.")
    held = c.effort.baseline.mean - c.trace.zero
    if demand.standing:
        return _slack(held, demand.body_weight)
    sentence = (
        "{value:.0f} N were held before the push (limit {limit:.0f} N): let go fully, or zero with the limb at rest."
    )
    return above("PRELOAD", "N", held, 0.05 * c.effort.peak, sentence)


def _slack(held: float, weight: float | None) -> Flag | None:
    if weight is None:
        return gap("PRELOAD", "Pre-load was not assessed: body mass was not measured.")
    sentence = (
        "{value:.0f} N more than body weight were held before the pull (limit {limit:.0f} N): stand still with slack "
        "in the bar or strap, then pull."
    )
    return above("PRELOAD", "N", held - weight, _STANDING, sentence)


def pretension(c: Contraction, demand: Demand) -> Flag | None:
    """PRETENSION: force was up already just before onset.

    Formula: mean of N(τ) over −0.2 s <= τ <= −0.05 s > max(3 σ0, 1 % P). Unit: N.

    Edge cases: not assessed where less than 0.2 s were recorded before onset. A slow ramp draws onset to its own
    beginning and escapes this rule; CREEP and SLOPE see it. Silent in a hold of which no number rests on onset: it
    may begin as it likes.

    Source: 3 SD over the preceding 200 ms, Maffiuletti et al. 2016, doi:10.1007/s00421-016-3346-6; 1 % P and leaving
    out the last 50 ms are our own.

    >>> from forcelab.analysis.contraction import drawn
    >>> early = drawn([(0, 0), (0.79, 0), (0.85, 8), (0.95, 8), (1, 8), (1.2, 500), (4, 500)], onset=1.0)
    >>> pretension(early, Demand()).value
    8.0
    """
    if not demand.start:
        return None
    onset = c.effort.onset
    _, net = c.window(onset - 0.2, onset - 0.05)
    if len(net) == 0 or onset - 0.2 < c.t.item(0):
        return gap("PRETENSION", "Pre-tension was not assessed: less than 0.2 s were recorded before onset.")
    sentence = "Force was up by {value:.1f} N before onset (limit {limit:.1f} N): relax fully, then push at once."
    limit = max(3.0 * c.effort.baseline.sd, 0.01 * c.effort.peak)
    return above("PRETENSION", "N", float(net.sum()) / len(net), limit, sentence)


def creep(c: Contraction, demand: Demand) -> Flag | None:
    """CREEP: a slow take-up before the fast rise, which draws onset forward.

    Formula: t(10 % P) − t_on > 100 ms, first rise through 10 % P after onset. Unit: s.

    Edge cases: looked at only where numbers are wanted that rest on a fast start; not assessed where force is above
    10 % P at onset already (set late by hand). Usual values: 13 ms for an exponential start, 34 ms for a smooth rise of
    300 ms, 69 ms for one of 600 ms (computed).

    Source: our own judgement, checked against closed-form vectors.

    >>> from forcelab.analysis.contraction import drawn
    >>> slow = drawn([(0, 0), (1, 0), (1.5, 50), (1.75, 500), (4, 500)], onset=1.0)
    >>> round(creep(slow, Demand()).value, 6)
    0.5
    """
    if not demand.fast:
        return None
    tenth = c.rise_to(0.1)
    if tenth is None:
        return gap("CREEP", "Slow take-up was not assessed: force was above 10 % of peak at onset already.")
    sentence = "Force crept up for {value:.2f} s before it rose (limit {limit:.1f} s): push at once, from full rest."
    return above("CREEP", "s", tenth - c.effort.onset, 0.1, sentence)


def slope(c: Contraction, demand: Demand) -> Flag | None:
    """SLOPE: the rest before onset was drifting upwards.

    Formula: b > max(10 % of RFD 0–50, max(3 σ0, 1 % P) / 0.2 s), b the least-squares slope of net force over the last
    200 ms before onset. Unit: N/s.

    Edge cases: not assessed with fewer than three samples in these 200 ms, or where 0.2 s before or 50 ms after onset
    were not recorded. Falling force is no fault here; COUNTERMOVEMENT sees it. Silent in a hold of which no number
    rests on onset.

    Source: our own judgement, checked against closed-form vectors; a limit on drift over 200 ms is in use
    (not verified).

    >>> from forcelab.analysis.contraction import drawn
    >>> rest = [(0.05 * k, 0.0) for k in range(17)] + [(0.85, 5), (0.9, 10), (0.95, 15)]
    >>> round(slope(drawn([*rest, (1, 20), (1.25, 220), (4, 220)], onset=1.0), Demand()).value)
    100
    """
    if not demand.start:
        return None
    onset = c.effort.onset
    start, stop = c.after(0.0), c.after(0.05)
    t, net = c.window(onset - 0.2, onset)
    if start is None or stop is None or len(t) < 3 or onset - 0.2 < c.t.item(0):
        return gap("SLOPE", "Drift before onset was not assessed: too little was recorded around onset.")
    away = t - t.sum() / len(t)
    drift = float((away * net).sum() / (away * away).sum())
    limit = max(max(3.0 * c.effort.baseline.sd, 0.01 * c.effort.peak) / 0.2, 0.1 * (stop - start) / 0.05)
    sentence = (
        "Force was rising by {value:.0f} N/s before onset (limit {limit:.0f} N/s): rest fully, then push at once."
    )
    return above("SLOPE", "N/s", drift, limit, sentence)


def countermovement(c: Contraction, demand: Demand) -> Flag | None:
    """COUNTERMOVEMENT: the limb swung away from the sensor before the push.

    Formula: −min of the moving mean of 3 samples of N(τ) over −0.4 s <= τ <= 0 > max(5 σ0, 1 % P); of who stands on
    the sensor, between the quiet window and the peak, > 50 N below body weight. Unit: N; value and limit are positive
    depths.

    Edge cases: not assessed with fewer than three samples there. Three samples are averaged so that one mad sample
    counts for a third. Who stands there weighs what the quiet window shows. Silent in a hold of which no number rests
    on onset.

    Source: our own judgement, checked against closed-form vectors; 50 N below body weight as imtp-processor screens
    pulls.

    >>> from forcelab.analysis.contraction import drawn
    >>> dip = [(0, 0), (0.7, 0), (0.75, -30), (0.8, -30), (0.85, -30), (0.9, 0), (1, 0), (1.25, 500), (4, 500)]
    >>> countermovement(drawn(dip, onset=1.0), Demand()).value
    30.0
    """
    if not demand.start:
        return None
    since, until = c.effort.onset - 0.4, c.effort.onset
    if demand.standing:
        since, until = c.effort.baseline.stop, c.effort.peak_at
    _, net = c.window(since, until)
    if len(net) < 3:
        return gap("COUNTERMOVEMENT", "Counter-movement was not assessed: too little was recorded before onset.")
    depth = -float((net[:-2] + net[1:-1] + net[2:]).min()) / 3.0
    limit = _STANDING if demand.standing else max(5.0 * c.effort.baseline.sd, 0.01 * c.effort.peak)
    sentence = "Force dipped by {value:.1f} N before the push (limit {limit:.1f} N): do not swing, push from rest."
    return above("COUNTERMOVEMENT", "N", depth, limit, sentence)


def noisy_baseline(c: Contraction, _demand: Demand) -> Flag | None:
    """NOISY_BASELINE: the noise, and not the peak, sets the threshold of onset.

    Formula: 5 σ0 > 2 % P. Unit: N.

    Edge cases: rejects nothing; timed numbers are then marked indicative. Told whatever onset rule was asked for,
    since it is about the record.

    Source: our own judgement, checked against closed-form vectors.

    >>> from forcelab.analysis.contraction import drawn
    >>> noisy_baseline(drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0), Demand()) is None
    True
    """
    sentence = (
        "The noise at rest (5 SD = {value:.1f} N) sets the onset, not the peak ({limit:.1f} N): "
        "read early values with care, and look for vibration or a loose strap."
    )
    return above("NOISY_BASELINE", "N", 5.0 * c.effort.baseline.sd, 0.02 * c.effort.peak, sentence)


def no_onset(c: Contraction, _demand: Demand) -> Flag | None:
    """NO_ONSET: the onset rule of this test gives no onset for this push.

    Formula: the rule refuses (see its definition). Unit: none; no value is given.

    Edge cases: the other flags then rest on the onset by percent of peak, and no timed number is given.

    Source: definition.

    >>> from dataclasses import replace
    >>> from forcelab.analysis.contraction import drawn
    >>> ramp = drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)
    >>> no_onset(replace(ramp, refused="nobody was weighed"), Demand()).sentence
    'The start of the push could not be found (nobody was weighed): choose another rule, or set it by hand.'
    """
    if c.refused is None:
        return None
    return Flag(
        "NO_ONSET", f"The start of the push could not be found ({c.refused}): choose another rule, or set it by hand."
    )


_OWN: Final = "our own judgement, checked against closed-form vectors"
_MAFFIULETTI: Final = "Maffiuletti et al. 2016, doi:10.1007/s00421-016-3346-6: 3 SD over the preceding 200 ms"

BEFORE: Final = (
    Rule("NO_QUIET", 2, "timed", "N", _OWN, no_quiet),
    Rule("PRELOAD", 2, "timed", "N", _OWN, preload),
    Rule("PRETENSION", 2, "timed", "N", _MAFFIULETTI, pretension),
    Rule("CREEP", 1, "timed", "s", _OWN, creep),
    Rule("SLOPE", 2, "timed", "N/s", _OWN + "; a limit on drift over 200 ms is in use (not verified)", slope),
    Rule("COUNTERMOVEMENT", 3, "timed", "N", _OWN, countermovement),
    Rule("NOISY_BASELINE", 1, "none", "N", _OWN, noisy_baseline, weakens=True),
    Rule("NO_ONSET", 1, "timed", "", "definition", no_onset),
)
