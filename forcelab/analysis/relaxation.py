"""How fast force is let go: steepest falls, half-relaxation time and falls between shares of the peak.

Definitions only; each function's docstring is the full definition of the numbers that it gives. All of them start at
the first fall, t_r: the last time at which net force is at 90 % of its peak.
"""

from functools import partial
from typing import Final

from forcelab.analysis.contraction import HELD, Contraction
from forcelab.analysis.curve import steepest
from forcelab.analysis.epochs import spans
from forcelab.analysis.metric import Metric

_GAP: Final = 0.050
"""s: more than this without a sample, and the fall is not known; as for the rise."""


def first_fall(c: Contraction) -> float | None:
    """The time at which relaxation begins: the last fall of net force through 90 % of its peak.

    Returns:
        s on the trace's clock, interpolated; None if the record ends before force falls.

    >>> from forcelab.analysis.contraction import drawn
    >>> round(first_fall(drawn([(0, 0), (1, 0), (2, 100), (3, 100), (4, 0)], onset=1.0)), 9)
    3.1
    """
    return None if c.fall is None else c.fall.since


def falls_to(c: Contraction, share: float) -> float | None:
    """The first time after the first fall at which net force falls through a share of its peak.

    Returns:
        s on the trace's clock; None if force never falls so far, or if more than 50 ms of samples are missing on the
        way there.

    >>> from forcelab.analysis.contraction import drawn
    >>> fall = [(3 + x / 100, 100 - x) for x in range(101)]
    >>> round(falls_to(drawn([(0, 0), (1, 0), (2, 100), *fall], onset=1.0), 0.45), 9)
    3.55
    """
    if c.fall is None:
        return None
    at = c.fall.through(-share * c.effort.peak)
    return at if at is not None and _unbroken(c, c.fall.since, at) else None


def _unbroken(c: Contraction, start: float, stop: float) -> bool:
    """Whether no two neighbouring samples from the one before `start` to the one after `stop` lie too far apart."""
    most = max(_GAP, 1.5 / c.trace.rate)  # two intervals of a slow sensor are no gap
    if c.widest_step <= most:
        return True
    i = max(int(c.t.searchsorted(start, side="right")) - 1, 0)
    j = min(int(c.t.searchsorted(stop, side="left")), len(c.t) - 1)
    return j <= i or float((c.t[i + 1 : j + 1] - c.t[i:j]).max()) <= most


def peak_rfr(c: Contraction, *, window: float) -> float | None:
    """Peak rate of force relaxation: the steepest mean slope downwards over a window, from the first fall on.

    Formula: min over s from t_r to t_off of (F(s + w) − F(s)) / w, w = 0.02, 0.05, 0.10 or 0.20 s; t_off is the
    release, or the end of the record where it ends first. Unit: N/s, negative. The minimum is over all starts s,
    exactly, on the straight lines between samples.

    Edge cases: None when force is not let go in the record, when less than w of it is left after t_r, when w spans
    fewer than four sample intervals, or when more than 50 ms of samples are missing in the fall. The smaller the
    window the larger and the noisier the number.

    Source: rate of relaxation by window is in use (not verified); relaxation of brief contractions,
    Mathern et al. 2019, doi:10.1007/s00421-018-4024-7. That it starts at 90 % of the peak is our choice.

    >>> from forcelab.analysis.contraction import drawn
    >>> fall = [(3 + x / 100, 100 - x) for x in range(101)]  # 100 N in a second
    >>> round(peak_rfr(drawn([(0, 0), (1, 0), (2, 100), *fall], onset=1.0), window=0.2), 6)
    -100.0
    """
    fall, end = c.fall, c.t.item(-1)
    if fall is None or not spans(window, c.trace):
        return None
    until = end if c.effort.release is None else c.effort.release
    best = steepest(c.t, fall.force, fall.since, until, window)
    if best is None or not _unbroken(c, fall.since, min(until + window, end)):
        return None
    return -best[1]


def half_relaxation(c: Contraction) -> float | None:
    """Half-relaxation time: how long force takes from 90 % to 45 % of its peak.

    Formula: t_45 − t_90; t_90 is the last fall through 90 % of peak net force, t_45 the first fall through 45 % after
    it. Unit: s.

    Edge cases: some take the time from the command, or from the force at the command, to half of it; that holds the
    reaction time and is not what is meant. None when force does not fall so far, or when more than 50 ms of samples
    are missing on the way.

    Source: in common use (not verified); the levels are our choice.

    >>> from forcelab.analysis.contraction import drawn
    >>> fall = [(3 + x / 100, 100 - x) for x in range(101)]
    >>> round(half_relaxation(drawn([(0, 0), (1, 0), (2, 100), *fall], onset=1.0)), 9)
    0.45
    """
    since, half = first_fall(c), falls_to(c, 0.5 * HELD)
    return None if since is None or half is None else half - since


def rfr_between(c: Contraction, *, high: float, low: float) -> float | None:
    """Rate of force relaxation between two shares of the peak.

    Formula: −(p_high − p_low)·P / (t_low − t_high), from 75 to 25 % and from 90 to 10 %; first falls through both
    after the last time at 90 %. Unit: N/s, negative.

    Edge cases: None when force does not fall so far, or when more than 50 ms of samples are missing on the way.

    Source: in common use (not verified); the counterpart of RFD between shares of the peak.

    >>> from forcelab.analysis.contraction import drawn
    >>> fall = [(3 + x / 100, 100 - x) for x in range(101)]
    >>> round(rfr_between(drawn([(0, 0), (1, 0), (2, 100), *fall], onset=1.0), high=0.75, low=0.25), 6)
    -100.0
    """
    start = first_fall(c) if high == HELD else falls_to(c, high)
    stop = falls_to(c, low)
    if start is None or stop is None or stop <= start:
        return None
    return -(high - low) * c.effort.peak / (stop - start)


_NEEDS: Final = ("a quiet phase", "release")

RELAXATION: Final = (
    *(
        Metric(
            f"peak_rfr_{w}", 1, f"Peak relaxation rate ({w} ms window)", "N/s",
            "min over s from t_r to t_off of (F(s + w) − F(s)) / w", w / 1000, (*_NEEDS, f"{4000 / w:.0f} Hz"),
            "in common use (not verified); Mathern et al. 2019, doi:10.1007/s00421-018-4024-7",
            f"force is not let go in the record, samples are missing in the fall, or {w} ms span fewer than four "
            "sample intervals",
            partial(peak_rfr, window=w / 1000), peak_rfr, of_peak="share",
        )
        for w in (20, 50, 100, 200)
    ),
    Metric(
        "half_relaxation", 1, "Half-relaxation time", "s", "t_45 − t_90", None, _NEEDS,
        "in common use (not verified); levels our own", "force does not fall to 45 % of peak, or samples are missing",
        half_relaxation, half_relaxation, of_peak="share",
    ),
    *(
        Metric(
            f"rfr_{high}_{low}", 1, f"Relaxation rate {high}–{low} %", "N/s", f"−{high - low} % P / (t{low} − t{high})",
            None, _NEEDS, "in common use (not verified)",
            f"force does not fall to {low} % of peak, or samples are missing",
            partial(rfr_between, high=high / 100, low=low / 100), rfr_between, of_peak="share",
        )
        for high, low in ((75, 25), (90, 10))
    ),
)  # fmt: skip
