"""How strong: peak force and the best second of it.

Definitions only; each function's docstring is the full definition of the number that bears its name.
"""

from typing import Final

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.metric import Metric

MEAN_WINDOW: Final = 1.0


def peak_force(c: Contraction) -> float | None:
    """Peak force: the largest sample of the effort, above the baseline.

    Formula: P = max F − μ0, over the samples of the effort; μ0 is the mean of its quiet window. Unit: N.

    Edge cases: it is the largest *sample*, noise included, as hand-held dynamometers display it. On a steady plateau
    that lies above the noise-free maximum by about 2.4 σ for 80 samples and 3.2 σ for 1000. A clipped sensor gives the
    clipped value; the flag CLIPPED says so. Missing samples do not take it away.

    Source: the displayed value of every hand-held dynamometer; the noise bias is the expected maximum of independent
    normal samples, computed.

    >>> from forcelab.analysis.contraction import drawn
    >>> peak_force(drawn([(0, 20), (1, 20), (1.25, 520), (4, 520)], onset=1.0, baseline=20.0))
    500.0
    """
    return c.effort.peak


def peak_force_gross(c: Contraction) -> float | None:
    """Gross peak force: the largest sample of the effort as the sensor gave it.

    Formula: max F. Unit: N. Nothing is taken off but what the device itself was tared by: with a limb hanging in the
    strap it holds the limb's weight, in a standing test the body's.

    Edge cases: as for `peak_force`.

    Source: reporting both gross and net peak force is usual in isometric pulls, Comfort et al. 2019,
    doi:10.1519/SSC.0000000000000433 (not verified).

    >>> from forcelab.analysis.contraction import drawn
    >>> peak_force_gross(drawn([(0, 20), (1, 20), (1.25, 520), (4, 520)], onset=1.0, baseline=20.0))
    520.0
    """
    return float(c.trace.force[c.part.start : c.part.stop].max())


def mean_1s(c: Contraction) -> float | None:
    """Best 1-s mean: the greatest mean force over any one second of the effort, above the baseline.

    Formula: max over s of (1/w) ∫ F(t) dt from s to s + w, minus μ0, w = 1 s. Unit: N. The mean is weighted by time
    (area under the straight lines between samples), so uneven sampling does not move it, and the maximum is over all
    starts s and not only over those at a sample.

    Edge cases: windows reach from the rest before the effort to the rest after it, so a push shorter than a second
    gives the mean of its best second with the rest included: it is then marked indicative and has no interval. None if
    the record is shorter than a second. Missing samples do not take it away: the curve is straight across the gap.

    Source: the plateau of a maximal voluntary contraction as a 1-s mean is usual; the exact window search is ours.

    >>> from forcelab.analysis.contraction import drawn
    >>> mean_1s(drawn([(0, 0), (2, 0), (3, 100), (4, 0)], onset=2.0))  # a triangle: the best second is 2.5 to 3.5 s
    75.0
    """
    return c.best_mean(MEAN_WINDOW)


def time_to_peak(c: Contraction) -> float | None:
    """Time to peak: from onset to the largest sample.

    Formula: t(P) − t_on. Unit: s.

    Edge cases: on a long plateau the largest sample is a matter of noise and may lie anywhere on it; a poor number
    for holds, kept because it is asked for. The first of several equal samples counts.

    Source: said to be commonly unreliable by Merrigan et al. 2021, Sports 9:4 (not verified).

    >>> from forcelab.analysis.contraction import drawn
    >>> time_to_peak(drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0))
    0.25
    """
    return c.effort.peak_at - c.effort.onset


STRENGTH: Final = (
    Metric(
        "peak_force", 1, "Peak force", "N", "P = max F − μ0", None, ("a quiet phase",),
        "definition; noise bias computed", "no effort in the record",
        peak_force, peak_force, timed=False,
    ),
    Metric(
        "peak_force_gross", 1, "Gross peak force", "N", "max F", None, (),
        "Comfort et al. 2019, doi:10.1519/SSC.0000000000000433 (not verified)", "no effort in the record",
        peak_force_gross, peak_force_gross, net=False, timed=False,
    ),
    Metric(
        "mean_1s", 1, "Best 1-s mean force", "N", "max over s of ∫ F dt / w − μ0, w = 1 s", MEAN_WINDOW,
        ("a quiet phase", "1 s of record"),
        "usual plateau measure of an MVIC (not verified); exact window search our own",
        "the record around this effort is shorter than 1 s", mean_1s, mean_1s, timed=False,
    ),
    Metric(
        "time_to_peak", 1, "Time to peak force", "s", "t(P) − t_on", None, ("a quiet phase", "onset"),
        "Merrigan et al. 2021, Sports 9:4, on its poor reliability (not verified)", "no onset in the record",
        time_to_peak, time_to_peak,
    ),
)  # fmt: skip
