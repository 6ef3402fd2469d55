"""Late rates of force development, further windows of peak rate and gross force at fixed times.

Definitions only; each function's docstring is the full definition of the numbers that it gives, one a window.
"""

from functools import partial
from typing import Final

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.explosive import peak_rfd
from forcelab.analysis.gate import fast_enough
from forcelab.analysis.metric import Metric
from forcelab.model import Trace

_LEAST_STEPS: Final = 4.0
"""A window that spans fewer sample intervals holds the interpolation and not the force."""


def spans(window: float, trace: Trace) -> bool:
    """Whether a window spans at least four sample intervals of a sensor.

    >>> import numpy as np
    >>> [spans(0.010, Trace(np.zeros(0), np.zeros(0), rate)) for rate in (400.0, 250.0)]
    [True, False]
    """
    return fast_enough(trace.rate, _LEAST_STEPS / window, estimated=trace.rate_estimated)


def rfd_between(c: Contraction, *, start: float, stop: float) -> float | None:
    """Late rate of force development: the mean slope of the curve between two fixed times after onset.

    Formula: RFD a–b = (F(t_on + b) − F(t_on + a)) / (b − a), a–b = 50–100, 100–150, 150–200 and 100–200 ms; the last
    one is meant where "late RFD" stands alone. Unit: N/s. Both forces by linear interpolation.

    Edge cases: negative when force falls. None when the record ends before onset + b. Depends less on the onset rule
    than RFD from onset does.

    Source: Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified); Maffiuletti et al. 2016,
    doi:10.1007/s00421-016-3346-6: early rates reflect neural drive, late ones maximal strength.

    >>> from forcelab.analysis.contraction import drawn
    >>> bent = drawn([(0, 0), (1, 0), (1.1, 200), (1.2, 300), (4, 300)], onset=1.0)
    >>> round(rfd_between(bent, start=0.1, stop=0.2), 6), round(rfd_between(bent, start=0.05, stop=0.1), 6)
    (1000.0, 2000.0)
    """
    first, last = c.gross(start), c.gross(stop)
    return None if first is None or last is None else (last - first) / (stop - start)


def peak_rfd_resolved(c: Contraction, *, window: float) -> float | None:
    """Peak rate of force development over a window that only some sensors can resolve.

    Formula: max over s in [t_on − w, t_on + 0.5 s] of (F(s + w) − F(s)) / w, w = 0.002, 0.005, 0.010 or 0.100 s, the
    exact maximum as for the other windows of peak RFD. Unit: N/s.

    Edge cases: None when the window spans fewer than four sample intervals (2 ms needs 2000 Hz, 5 ms 800 Hz, 10 ms
    400 Hz, 100 ms 40 Hz), or when the record ends before onset + w. Noise raises the maximum, the more the smaller the
    window: 5 % at 20 ms and 1 % at 100 ms on a ramp to 500 N with σ = 0.5 N at 1000 Hz (computed).

    Source: windows of 2 to 200 ms are in use (not verified); the limit of four intervals is our judgement.

    >>> from forcelab.analysis.contraction import drawn
    >>> ramp = drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)  # a sensor of 1000 Hz
    >>> round(peak_rfd_resolved(ramp, window=0.005), 6), peak_rfd_resolved(ramp, window=0.002)
    (2000.0, None)
    """
    return peak_rfd(c, window=window) if spans(window, c.trace) else None


def force_at_gross(c: Contraction, *, window: float) -> float | None:
    """Gross force at a fixed time after onset: what the sensor gave, nothing taken off.

    Formula: F(t_on + w), w = 0.05, 0.09, 0.10, 0.15, 0.20, 0.25 s, by linear interpolation. Unit: N.

    Edge cases: holds the weight of limb or body; compare net forces. None when the record ends before onset + w.

    Source: reporting both gross and net is usual in isometric pulls, Comfort et al. 2019,
    doi:10.1519/SSC.0000000000000433 (not verified).

    >>> from forcelab.analysis.contraction import drawn
    >>> ramp = drawn([(0, 20), (1, 20), (1.25, 520), (4, 520)], onset=1.0, baseline=20.0)
    >>> round(force_at_gross(ramp, window=0.15), 9)
    320.0
    """
    return c.gross(window)


_NEEDS: Final = ("a quiet phase", "onset")
_AAGAARD: Final = (
    "Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified); "
    "Maffiuletti et al. 2016, doi:10.1007/s00421-016-3346-6"
)


def _ends(window: int) -> str:
    return f"the record ends before {window} ms after onset"


EPOCHS: Final = (
    *(
        Metric(
            f"rfd_{a}_{b}", 1, f"RFD {a}–{b} ms", "N/s", "(F(t_on + b) − F(t_on + a)) / (b − a)", (b - a) / 1000,
            _NEEDS, _AAGAARD, _ends(b), partial(rfd_between, start=a / 1000, stop=b / 1000), rfd_between,
        )
        for a, b in ((50, 100), (100, 150), (150, 200), (100, 200))
    ),
    *(
        Metric(
            f"peak_rfd_{w}", 1, f"Peak RFD ({w} ms window)", "N/s",
            "max over s in [t_on − w, t_on + 0.5 s] of (F(s + w) − F(s)) / w", w / 1000,
            (*_NEEDS, f"{4000 / w:.0f} Hz"), "in common use (not verified); limit of four intervals our judgement",
            f"{w} ms span fewer than four sample intervals, or {_ends(w)}",
            partial(peak_rfd_resolved, window=w / 1000), peak_rfd_resolved,
        )
        for w in (2, 5, 10, 100)
    ),
    *(
        Metric(
            f"force_at_{w}_gross", 1, f"Gross force at {w} ms", "N", "F(t_on + w)", w / 1000, _NEEDS,
            "Comfort et al. 2019, doi:10.1519/SSC.0000000000000433 (not verified)",
            _ends(w), partial(force_at_gross, window=w / 1000), force_at_gross,
        )
        for w in (50, 90, 100, 150, 200, 250)
    ),
)  # fmt: skip
