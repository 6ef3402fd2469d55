"""When force gets where: times to shares of the peak, and the impulse of the whole effort.

Definitions only; each function's docstring is the full definition of the numbers that it gives.
"""

from functools import partial
from typing import Final

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.metric import Metric


def time_to(c: Contraction, *, share: float) -> float | None:
    """Time to a share of the peak: from onset to the first rise of net force through it.

    Formula: t(p·P) − t_on, first up-crossing after onset, p = 0.3, 0.5, 0.8, 0.9; interpolated between samples.
    Unit: s.

    Edge cases: None if force at onset is above p·P already (an onset set late by hand). Unlike the time to peak it
    does not depend on which sample of a plateau is the largest, but 90 % comes near that on a slow rise.

    Source: in common use (not verified); the definition by crossings is our own.

    >>> from forcelab.analysis.contraction import drawn
    >>> round(time_to(drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0), share=0.8), 9)
    0.2
    """
    reached = c.rise_to(share)
    return None if reached is None else reached - c.effort.onset


def impulse_total(c: Contraction) -> float | None:
    """Total impulse: the area under net force from onset to release.

    Formula: J = ∫ (F − μ0) dt from t_on to t_off; t_off is the last fall through 5 % of the peak after it that is
    followed by 100 ms below. Unit: N·s. Trapezoids on the time stamps as they are, end points interpolated.

    Edge cases: None when the record ends before the release. Grows with the length of the hold, so that it compares
    only between efforts of one commanded length.

    Source: Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified), for the impulse of a contraction.

    >>> from forcelab.analysis.contraction import Contraction, Part, drawn
    >>> from dataclasses import replace
    >>> import msgspec
    >>> box = drawn([(0, 20), (1, 20), (1.5, 120), (2.5, 120), (3, 20), (4, 20)], onset=1.0, baseline=20.0)
    >>> impulse_total(box), impulse_total(replace(box, effort=msgspec.structs.replace(box.effort, release=3.0)))
    (None, 150.0)
    """
    release = c.effort.release
    return None if release is None else c.area(release - c.effort.onset)


_NEEDS: Final = ("a quiet phase", "onset")

TIMING: Final = (
    *(
        Metric(
            f"time_to_{percent}", 1, f"Time to {percent} % of peak", "s", f"t({percent} % P) − t_on", None, _NEEDS,
            "in common use (not verified); definition by crossings our own",
            f"force does not rise through {percent} % of peak after onset",
            partial(time_to, share=percent / 100), time_to, of_peak="share",
        )
        for percent in (30, 50, 80, 90)
    ),
    Metric(
        "impulse_total", 1, "Total impulse", "N·s", "∫ (F − μ0) dt from t_on to t_off", None, (*_NEEDS, "release"),
        "Aagaard et al. 2002, doi:10.1152/japplphysiol.00283.2002 (not verified)",
        "the record ends before force is released", impulse_total, impulse_total,
    ),
)  # fmt: skip
