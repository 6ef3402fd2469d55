"""All efforts in one record, found without help: first where force is up, then baseline, onset, peak and release.

Works on any record with a rest before each push: a trial of one pull, a table of ten repetitions, a record of noise
(none). It refuses to know which assessment asked and whether an effort is any good.

A push lower than a fifth of the strongest in its record is passed over: hands that arrange a strap do as much, and each
would stand as a trial. How many there were is told by `passed_over`, so that weak pulls do not vanish without a word;
below a tenth nothing is seen at all.
"""

import math
from functools import partial
from typing import Final, Literal

import numpy as np

from forcelab.analysis.baseline import RESTING, QuietRule, quiet_window, resolution_floor
from forcelab.analysis.contraction import Contraction, Part
from forcelab.analysis.curve import crossing, value_at, widest_run
from forcelab.analysis.onset import MANUAL, find_release
from forcelab.analysis.onset_choice import Choice, choose
from forcelab.analysis.onset_method import Rise
from forcelab.model import Array, Effort, OnsetRule, Trace

EFFORTS_RULE = "efforts/3"

# A push is where force is more than 10 % up from the low to the high of the record, for more than a moment; inside
# it, force falling below 30 % of the way for 0.3 s parts two pushes whose rest still holds some load.
_UP, _MERGE = 0.10, 0.10
_INNER, _INNER_MERGE = 0.30, 0.30
_WORTH = 0.20
# Less than this is noise or a knock: 8 quiet SD (the largest of 60 000 samples of noise lies near 4.5), 5 N, and a
# peak that stays above its half for 80 ms.
_SD, _LEAST, _WIDTH = 8.0, 5.0, 0.080
_UNSURE = 3.0  # times that: too short a rest has few samples, whose SD may be a third of the true one by chance
_BACK = 10.0  # s before a push: its rest is looked for there and no further, or many knocks would cost their square
_SLIGHT: Final = "slight"  # and left in the rest of the push that follows


def find_efforts(trace: Trace, rule: OnsetRule) -> list[Effort]:
    """All efforts in a record, in order; each with its own quiet window. Empty for noise.

    Args:
        trace: force against time.
        rule: how onset is found.

    Returns:
        One `Effort` a repetition, in order of time.
    """
    return [contraction.effort for contraction in contractions(trace, rule)]


def contractions(
    trace: Trace,
    rule: OnsetRule,
    onset_at: float | None = None,
    *,
    body_weight: float | None = None,
    least: float = _WORTH,
    quiet: QuietRule = RESTING,
) -> list[Contraction]:
    """All efforts with the parts of the record that belong to them.

    Args:
        trace: force against time.
        rule: how onset is found. Where it gives no onset, the effort is found nonetheless; see `onset_choice.choose`.
        onset_at: s; onset given by hand. Then only the effort that follows it (or holds it) is returned, with the
            baseline and the peak that it has by the rule: the hand moves onset and nothing else.
        body_weight: N, for rules that are a share of it; None where nobody was weighed.
        least: share of the way from the low to the high of the record below which a push does not count.
        quiet: which rest the baseline is read in.

    Returns:
        In order of time; empty if there is none.
    """
    if len(trace.t) < 3:
        return []
    pushes = _pushes(trace.t, trace.force, trace.rate, least)
    floor = resolution_floor(trace.force)
    look = partial(_contraction, trace, rule, floor=floor, body_weight=body_weight, rest=quiet)
    found: list[Contraction] = []
    seen: Part | None = None
    begin = 0
    for k, (start, stop) in enumerate(pushes):
        # What came before an onset by hand is judged too: an effort ends the rest of the next one, a knock does not.
        meant = onset_at is None or trace.t[stop - 1] > onset_at
        part = Part(begin, start, stop, pushes[k + 1][0] if k + 1 < len(pushes) else len(trace.t))
        contraction = look(part, onset_at=onset_at if meant else None)
        if contraction == _SLIGHT:
            seen = seen or (part if meant and onset_at is not None else None)
            continue
        begin = stop
        if contraction is not None and meant:
            found.append(contraction)
            if onset_at is not None:
                break
    if seen is not None and not found:
        # No effort follows: then a person has seen one where the rule sees a knock, or a record that ends too soon.
        taken = look(seen, onset_at=onset_at, slight=True)
        return [taken] if isinstance(taken, Contraction) else []
    return found


def passed_over(trace: Trace, rule: OnsetRule, quiet: QuietRule = RESTING) -> int:
    """How many pushes would have been efforts, were they not lower than a fifth of the strongest in the record."""
    if len(trace.t) < 3:
        return 0
    low, high = _low(trace.force, trace.rate), _high(trace.force, trace.rate)
    found = contractions(trace, rule, least=_UP, quiet=quiet)
    return sum(float(trace.force[c.part.start : c.part.stop].max()) < low + _WORTH * (high - low) for c in found)


def _low(force: Array, rate: float) -> float:
    """The level of rest: 5 % of the samples lie lower, or a quarter of a second of them where that is less."""
    k = min(int(0.05 * len(force)), int(0.25 * rate))
    return _ordered(force, k).item(k)


def _high(force: Array, rate: float) -> float:
    """The level that force is above for 20 ms altogether, at least for one sample: one mad sample hides no effort."""
    k = max(len(force) - 1 - math.ceil(0.02 * rate), 0)
    return _ordered(force, k).item(k)


def _ordered(force: Array, k: int) -> Array:
    """A copy whose sample k is the one that sorting would put there."""
    force = force.copy()
    force.partition(k)
    return force


def _pushes(t: Array, force: Array, rate: float, least: float) -> list[tuple[int, int]]:
    """Index ranges [start, stop) in which force is up."""
    low = _low(force, rate)
    span = _high(force, rate) - low
    if not span > 0.0:
        return []
    pushes: list[tuple[int, int]] = []
    for start, stop in _runs(t, force > low + _UP * span, _MERGE):
        top = float(force[start:stop].max())
        if top < low + least * span:
            continue
        inner = _runs(t[start:stop], force[start:stop] > low + _INNER * (top - low), _INNER_MERGE)
        # The outer ends stay where they were: only the gaps inside part the push.
        starts = [start, *(start + a for a, _ in inner[1:])]
        stops = [*(start + b for _, b in inner[:-1]), stop]
        pushes += zip(starts, stops, strict=True)
    return pushes


def _runs(t: Array, mask: np.ndarray, merge: float) -> list[tuple[int, int]]:
    """Index ranges [start, stop) of True, where gaps shorter than `merge` seconds do not part them."""
    framed = np.zeros(len(mask) + 2, dtype=np.bool_)
    framed[1:-1] = mask
    edges = (framed[1:] != framed[:-1]).nonzero()[0]
    starts, stops = edges[::2], edges[1::2]
    if len(starts) > 1:
        parted = t[starts[1:]] - t[stops[:-1] - 1] >= merge
        starts = np.concatenate((starts[:1], starts[1:][parted]))
        stops = np.concatenate((stops[:-1][parted], stops[-1:]))
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def _rise(t: Array, force: Array, rate: float, since: int) -> float:
    """Time at which force passes 10 % of its way up to the last sample, walking back from 50 % of this push.

    The half level is looked for from index `since` on, where the push begins: what stands up before it is a knock.
    """
    low, top = _low(force, rate), force.item(-1)
    half = since + int((force[since:] > low + 0.5 * (top - low)).argmax())
    level = low + 0.1 * (top - low)
    below = (force[:half] <= level).nonzero()[0]
    return crossing(t, force, below.item(-1), level) if len(below) else t.item(0)


def _contraction(
    trace: Trace,
    rule: OnsetRule,
    part: Part,
    *,
    floor: float,
    onset_at: float | None,
    body_weight: float | None,
    rest: QuietRule,
    slight: bool = False,
) -> Contraction | Literal["slight"] | None:
    """The marks of one push; "slight" if it is noise or a knock (unless these count), None if it has no rest before."""
    begin = max(part.begin, int(trace.t.searchsorted(trace.t[part.start] - _BACK)))
    t, force = trace.t[begin : part.end], trace.force[begin : part.end]
    push = slice(part.start - begin, part.stop - begin)
    top = push.start + int(force[push].argmax())
    # Rest is judged by what comes before the peak: after the push the strap may hang loose.
    quiet = quiet_window(t, force, _rise(t[: top + 1], force[: top + 1], trace.rate, push.start), floor, rest)
    if quiet is None:
        return None
    base = quiet.baseline
    net = force - base.mean
    peak = net.item(top)
    first, last = widest_run(net > 0.5 * peak, top)
    noise = _SD * base.sd * (1.0 if quiet.full else _UNSURE)
    if not slight and (peak < max(noise, _LEAST) or t[last] - t[first] < _WIDTH):
        return _SLIGHT
    if onset_at is None:
        rise = Rise(t, net, peak, base.sd, trace.rate, push.start, body_weight, estimated=trace.rate_estimated)
        onset = choose(rule, rise, t.item(top))
    else:
        onset = Choice(onset_at, value_at(t, net, onset_at) or 0.0, MANUAL) if onset_at < t[top] else None
    if onset is None:
        return None
    release = find_release(t[top:], net[top:], peak)
    effort = Effort(onset.at, t.item(top), release, peak, onset.threshold, onset.rule, base)
    return Contraction(trace, part, effort, quiet.full, onset.refused)
