"""Rates of force development related to the effort's own peak: by fixed times and by shares of the way up.

Definitions only. What is related to the body is scaling's business.
"""

from functools import partial
from typing import Final

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.explosive import rfd_epoch
from forcelab.analysis.metric import Metric


def rfd_per_peak(c: Contraction, *, window: float) -> float | None:
    """RFD per peak force: how many peaks a second force would gain at its mean slope from onset.

    Formula: RFD_0–w / P, w = 0.05, 0.10, 0.15, 0.20, 0.25 s, P peak net force of the same effort. Unit: 1/s.

    Edge cases: as `rfd_0_…`; None when the record ends before onset + w.

    Source: in common use (not verified).

    >>> from forcelab.analysis.contraction import drawn
    >>> round(rfd_per_peak(drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0), window=0.1), 9)
    4.0
    """
    rate = rfd_epoch(c, window=window)
    return None if rate is None or c.effort.peak <= 0.0 else rate / c.effort.peak


def rfd_normalised(c: Contraction, *, window: float) -> float | None:
    """Normalised RFD: the mean slope from onset in percent of maximal force a second.

    Formula: nRFD_0–w = 100 · RFD_0–w / MVC, w = 0.05, 0.10, 0.15, 0.20, 0.25 s; MVC is the peak net force P of the
    same effort. Unit: %/s (percent of MVC a second).

    Edge cases: as `rfd_0_…`; None when the record ends before onset + w. An effort that stopped short of the true
    maximum looks fast by this number.

    Source: Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified).

    >>> from forcelab.analysis.contraction import drawn
    >>> round(rfd_normalised(drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0), window=0.1), 6)
    400.0
    """
    rate = rfd_per_peak(c, window=window)
    return None if rate is None else 100.0 * rate


def rfd_relative(c: Contraction, *, share: float) -> float | None:
    """Relative RFD: the mean slope from onset to a share of peak force.

    Formula: p·P / t_p, p = 1/6, 1/2 or 2/3; t_p is the time from onset to the first rise of net force through p·P
    after it. Unit: N/s.

    Edge cases: with a threshold onset force at onset is θ and not 0, so that the number is θ / t_p above the slope
    between the two points. None if force at onset is above p·P already.

    Source: Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified); less reliable beyond half of the
    peak, Thompson et al. 2012, doi:10.1016/j.jelekin.2012.05.008.

    >>> from forcelab.analysis.contraction import drawn
    >>> round(rfd_relative(drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0), share=0.5), 6)
    2000.0
    """
    reached = c.rise_to(share)
    if reached is None or reached <= c.effort.onset:
        return None
    return share * c.effort.peak / (reached - c.effort.onset)


_NEEDS: Final = ("a quiet phase", "onset")
_AAGAARD: Final = "Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified)"
_COMMON: Final = "in common use (not verified)"
_WINDOWS: Final = (50, 100, 150, 200, 250)


def _ends(window: int) -> str:
    return f"the record ends before {window} ms after onset"


NORMALISED: Final = (
    *(
        Metric(
            f"nrfd_0_{w}", 1, f"Normalised RFD 0–{w} ms", "%/s", "100 · RFD_0–w / P", w / 1000, _NEEDS,
            _AAGAARD, _ends(w), partial(rfd_normalised, window=w / 1000), rfd_normalised, of_peak="ratio",
        )
        for w in _WINDOWS
    ),
    *(
        Metric(
            f"rfd_per_peak_0_{w}", 1, f"RFD 0–{w} ms per peak force", "1/s", "RFD_0–w / P", w / 1000, _NEEDS,
            _COMMON, _ends(w), partial(rfd_per_peak, window=w / 1000), rfd_per_peak, of_peak="ratio",
        )
        for w in _WINDOWS
    ),
    *(
        Metric(
            f"rfd_to_{a}_{b}", 1, f"RFD to {a}/{b} of peak", "N/s", f"p·P / t_p, p = {a}/{b}", None, _NEEDS,
            f"{_AAGAARD}; Thompson et al. 2012, doi:10.1016/j.jelekin.2012.05.008",
            f"force is above {a}/{b} of peak at onset already", partial(rfd_relative, share=a / b), rfd_relative,
            of_peak="share",
        )
        for a, b in ((1, 6), (1, 2), (2, 3))
    ),
)  # fmt: skip
