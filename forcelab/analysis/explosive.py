"""How fast: rate of force development, force at fixed times after onset, and impulse.

Definitions only; each function's docstring is the full definition of the numbers that it gives, one a window.
"""

from functools import partial
from typing import Final

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.curve import steepest
from forcelab.analysis.metric import Metric

_AFTER_ONSET: Final = 0.5


def rfd_epoch(c: Contraction, *, window: float) -> float | None:
    """Rate of force development from onset over a fixed time: the mean slope of the curve.

    Formula: RFD = (F(t_on + w) − F(t_on)) / w, w = 0.05, 0.10, 0.15, 0.20, 0.25 s. Unit: N/s. Both forces by linear
    interpolation. Some write net force over time, N(w)/w, instead; that differs by θ/w, where θ is the net force at
    onset (12 N in 50 ms: 240 N/s), and is not what is meant here.

    Edge cases: uses no sample from before onset except to interpolate at it. Negative when force falls. None when the
    record ends before onset + w. Depends on the onset rule: a threshold onset lies later than the true one and makes
    early RFD larger.

    Source: Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified); Maffiuletti et al. 2016,
    doi:10.1007/s00421-016-3346-6.

    >>> from forcelab.analysis.contraction import drawn
    >>> ramp = drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)  # 2000 N/s for 0.25 s
    >>> round(rfd_epoch(ramp, window=0.1), 9)
    2000.0
    """
    start, stop = c.gross(0.0), c.gross(window)
    return None if start is None or stop is None else (stop - start) / window


def rfd_20_80(c: Contraction) -> float | None:
    """Rate of force development between 20 % and 80 % of peak force.

    Formula: RFD = 0.6 P / (t80 − t20), where t_p is the first time after onset at which net force rises through the
    share p of the peak P. Unit: N/s. Onset only says where the search begins, so the number hardly depends on it.

    Edge cases: None if force at onset is above 20 % of P already (an onset set late by hand). When force rises in one
    step of the sampling, the result is limited by that step.

    Source: as Tindeq's apps name it (rfd2080), read in public code; between-level slopes are in common use.

    >>> from forcelab.analysis.contraction import drawn
    >>> round(rfd_20_80(drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)), 9)
    2000.0
    """
    low, high = c.rise_to(0.2), c.rise_to(0.8)
    return None if low is None or high is None or high <= low else 0.6 * c.effort.peak / (high - low)


def peak_rfd(c: Contraction, *, window: float) -> float | None:
    """Peak rate of force development: the steepest mean slope over a window, around and after onset.

    Formula: max over s in [t_on − w, t_on + 0.5 s] of (F(s + w) − F(s)) / w, w = 0.02, 0.05 or 0.20 s. Unit: N/s.
    The maximum is over all starts s, exactly, on the straight lines between samples.

    Edge cases: the smaller the window the larger and the noisier the number, so the window is part of its name; plain
    `peak_rfd` is an alias that is resolved by the sensor's rate. None when the record ends before onset + w.

    Source: 20 ms in isometric pulls, Haff et al. 2015, doi:10.1519/JSC.0000000000000705 (not verified); 200 ms was the
    most reliable for hand-held dynamometers in Mentiplay et al. 2015, doi:10.1371/journal.pone.0140822.

    >>> from forcelab.analysis.contraction import drawn
    >>> ramp = drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)
    >>> round(peak_rfd(ramp, window=0.2), 9)
    2000.0
    """
    if c.after(window) is None:
        return None
    onset = c.effort.onset
    best = steepest(c.trace.t, c.trace.force, onset - window, onset + _AFTER_ONSET, window)
    return None if best is None else best[1]


def force_at(c: Contraction, *, window: float) -> float | None:
    """Force at a fixed time after onset, above the baseline.

    Formula: N(w) = F(t_on + w) − μ0, w = 0.05, 0.09, 0.10, 0.15, 0.20, 0.25 s, by linear interpolation. Unit: N.

    Edge cases: None when the record ends before onset + w. Depends on the onset rule as `rfd_0_…` does.

    Source: Comfort et al. 2019, doi:10.1519/SSC.0000000000000433 (not verified).

    >>> from forcelab.analysis.contraction import drawn
    >>> ramp = drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)
    >>> round(force_at(ramp, window=0.15), 9)
    300.0
    """
    return c.after(window)


def impulse(c: Contraction, *, window: float) -> float | None:
    """Impulse: the area under net force from onset over a fixed time.

    Formula: J = ∫ (F − μ0) dt from t_on to t_on + w, w = 0.05, 0.10, 0.15, 0.20, 0.25 s. Unit: N·s. Trapezoids on the
    time stamps as they are, end points interpolated; not mean force times w, which uneven sampling biases.

    Edge cases: None when the record ends before onset + w.

    Source: Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified).

    >>> from forcelab.analysis.contraction import drawn
    >>> ramp = drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)
    >>> round(impulse(ramp, window=0.2), 9)  # half of 0.2 s × 400 N
    40.0
    """
    return c.area(window)


_NEEDS: Final = ("a quiet phase", "onset")
_AAGAARD: Final = "Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified)"
_COMFORT: Final = "Comfort et al. 2019, doi:10.1519/SSC.0000000000000433 (not verified)"
_PEAK_RFD: Final = {
    20: "Haff et al. 2015, doi:10.1519/JSC.0000000000000705 (not verified)",
    50: "in common use (not verified)",
    200: "Mentiplay et al. 2015, doi:10.1371/journal.pone.0140822",
}


def _ends(window: int) -> str:
    return f"the record ends before {window} ms after onset"


EXPLOSIVE: Final = (
    *(
        Metric(
            f"rfd_0_{w}", 1, f"RFD 0–{w} ms", "N/s", "(F(t_on + w) − F(t_on)) / w", w / 1000, _NEEDS,
            _AAGAARD + "; Maffiuletti et al. 2016, doi:10.1007/s00421-016-3346-6",
            _ends(w), partial(rfd_epoch, window=w / 1000), rfd_epoch,
        )
        for w in (50, 100, 150, 200, 250)
    ),
    Metric(
        "rfd_20_80", 1, "RFD 20–80 %", "N/s", "0.6 P / (t80 − t20)", None, _NEEDS,
        "Tindeq's rfd2080, read in public code", "force does not rise from below 20 % to 80 % of peak after onset",
        rfd_20_80, rfd_20_80, of_peak="share",
    ),
    *(
        Metric(
            f"peak_rfd_{w}", 1, f"Peak RFD ({w} ms window)", "N/s",
            "max over s in [t_on − w, t_on + 0.5 s] of (F(s + w) − F(s)) / w", w / 1000, _NEEDS,
            _PEAK_RFD[w],
            _ends(w), partial(peak_rfd, window=w / 1000), peak_rfd,
        )
        for w in (20, 50, 200)
    ),
    *(
        Metric(
            f"force_at_{w}", 1, f"Force at {w} ms", "N", "F(t_on + w) − μ0", w / 1000, _NEEDS, _COMFORT,
            _ends(w), partial(force_at, window=w / 1000), force_at,
        )
        for w in (50, 90, 100, 150, 200, 250)
    ),
    *(
        Metric(
            f"impulse_0_{w}", 1, f"Impulse 0–{w} ms", "N·s", "∫ (F − μ0) dt from t_on to t_on + w", w / 1000, _NEEDS,
            _AAGAARD, _ends(w), partial(impulse, window=w / 1000), impulse,
        )
        for w in (50, 100, 150, 200, 250)
    ),
)  # fmt: skip
