"""How well the peak is held: best means over shorter windows, and the share of the peak that a second keeps.

Definitions only; each function's docstring is the full definition of the number that bears its name.
"""

from functools import partial
from typing import Final

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.metric import Metric
from forcelab.analysis.strength import mean_1s


def mean_over(c: Contraction, *, window: float) -> float | None:
    """Best mean over a window: the greatest mean force over any stretch of that length, above the baseline.

    Formula: max over s of (1/w) ∫ F(t) dt from s to s + w, minus μ0, w = 0.5 or 0.2 s. Unit: N. Weighted by time and
    searched over all starts s, as the best 1-s mean is.

    Edge cases: windows reach into the rest around the effort; of a push that is shorter than w the mean is marked
    indicative and has no interval. None if the record around it is shorter than w. The shorter the window the nearer to
    peak force, and the more of the noise it keeps.

    Source: 0.2 to 1 s are in use for the plateau of a maximal contraction; the exact window search is ours.

    >>> from forcelab.analysis.contraction import drawn
    >>> tent = drawn([(0, 0), (2, 0), (3, 100), (4, 0)], onset=2.0)
    >>> mean_over(tent, window=0.5)  # from 2.75 to 3.25 s: 75 N at both ends, 100 N in the middle
    87.5
    """
    return c.best_mean(window)


def plateau_ratio(c: Contraction) -> float | None:
    """Plateau ratio: how much of peak force is held for a second.

    Formula: F_1s / P, best 1-s mean over peak force, both net. Unit: 1.

    Edge cases: none if the record around the effort is shorter than 1 s. A true maximal voluntary contraction with a
    plateau reaches 0.90 (our judgement); a jerk does not. Slightly below 1 even on a perfect plateau, since the peak
    is the largest sample with its noise.

    Source: our own; both forces as defined under their names.

    >>> from forcelab.analysis.contraction import drawn
    >>> plateau_ratio(drawn([(0, 0), (2, 0), (3, 100), (4, 0)], onset=2.0))
    0.75
    """
    mean = mean_1s(c)
    return None if mean is None or c.effort.peak <= 0.0 else mean / c.effort.peak


PLATEAU: Final = (
    *(
        Metric(
            f"mean_{w}ms", 1, f"Best {w / 1000:g}-s mean force", "N", "max over s of ∫ F dt / w − μ0", w / 1000,
            ("a quiet phase", f"{w / 1000:g} s of record"),
            "usual plateau measure (not verified); exact window search our own",
            f"the record around this effort is shorter than {w / 1000:g} s",
            partial(mean_over, window=w / 1000), mean_over, timed=False,
        )
        for w in (500, 200)
    ),
    Metric(
        "plateau_ratio", 1, "Plateau ratio", "1", "F_1s / P", 1.0, ("a quiet phase", "1 s of record"),
        "our own; 0.90 as the limit of a plateau is our judgement",
        "the record around this effort is shorter than 1 s", plateau_ratio, plateau_ratio, timed=False,
        of_peak="ratio",
    ),
)  # fmt: skip
