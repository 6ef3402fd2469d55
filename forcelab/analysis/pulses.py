"""How the rate of rising and letting go grows with the height of a pulse: the two scaling factors.

Takes many fast pulses of different heights. Knows no order and no session.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.epochs import peak_rfd_resolved
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.gate import fast_enough
from forcelab.analysis.measure import Measure
from forcelab.analysis.relaxation import peak_rfr
from forcelab.model import Array

WINDOW: Final = 0.020
"""s: of peak RFD and peak RFR in each pulse (our choice; four intervals at 200 Hz)."""

LEAST_PULSES: Final = 36
"""Nine at each of four levels still gave ICC(2,1) of at least 0.95; with fewer nobody knows."""

LEAST_RATE: Final = 200.0
LEAST_SPREAD: Final = 2.0
"""The highest pulse must be at least so many times the lowest, or there is no slope to be seen (our choice)."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One pulse: peak net force in N, peak RFD and peak RFR (negative) in N/s, None where it could not carry one."""

    peak: float
    rfd: float | None
    rfr: float | None


@dataclass(frozen=True, slots=True)
class Pulses:
    """All pulses of one test, the rate of the sensor in Hz and whether that is an estimate."""

    pulses: Sequence[Pulse]
    rate: float
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class ScalingFactor:
    """A straight line through pulses: slope in 1/s, intercept in N/s, the share of variance it explains, how many."""

    slope: float
    intercept: float
    r2: float
    count: int


def pulse(c: Contraction) -> Pulse:
    """A pulse from its contraction: peak, and steepest rise and fall over 20 ms.

    >>> from forcelab.analysis.contraction import drawn
    >>> found = pulse(drawn([(0, 0), (1, 0), (1.1, 100), (1.12, 100), (1.17, 50), (1.22, 0), (2, 0)], onset=1.0))
    >>> found.peak, round(found.rfd, 6)
    (100.0, 1000.0)
    """
    return Pulse(c.effort.peak, peak_rfd_resolved(c, window=WINDOW), peak_rfr(c, window=WINDOW))


def fit(peaks: Array, rates: Array) -> ScalingFactor:
    """The least-squares line of rates on peaks.

    >>> fit(np.array([100.0, 200.0, 300.0]), np.array([810.0, 1610.0, 2410.0]))
    ScalingFactor(slope=8.0, intercept=10.0, r2=1.0, count=3)
    """
    x, y = peaks - peaks.mean(), rates - rates.mean()
    slope = float(np.sum(x * y) / np.sum(x * x))
    left, whole = float(np.sum((y - slope * x) ** 2)), float(np.sum(y * y))
    return ScalingFactor(
        slope,
        float(rates.mean()) - slope * float(peaks.mean()),
        1.0 - left / whole if whole > 0.0 else 0.0,
        len(peaks),
    )


def rfd_scaling(test: Pulses) -> ScalingFactor:
    """The line of the RFD scaling factor with its R² and intercept; see `rfd_scaling_factor`.

    Raises:
        RefusedError: see there.

    >>> rfd_scaling(Pulses([Pulse(f, 9.0 * f + 50.0, -8.0 * f) for f in range(100, 460, 10)], rate=1000.0)).intercept
    50.0
    """
    return _scaled(test, [(each.peak, each.rfd) for each in test.pulses])


def rfr_scaling(test: Pulses) -> ScalingFactor:
    """The line of the RFR scaling factor with its R² and intercept; see `rfr_scaling_factor`.

    Raises:
        RefusedError: see there.

    >>> rfr_scaling(Pulses([Pulse(f, 9.0 * f + 50.0, -8.0 * f) for f in range(100, 460, 10)], rate=1000.0)).r2
    1.0
    """
    return _scaled(test, [(each.peak, each.rfr) for each in test.pulses])


def rfd_scaling_factor(test: Pulses) -> float:
    """RFD scaling factor: by how much peak RFD grows with the peak force of a pulse.

    Formula: slope k of the least-squares line pRFD_i = k · PF_i + b over fast pulses of different heights; pRFD over
    20 ms. Unit: 1/s. R² and intercept b belong to it.

    Edge cases: refused below 200 Hz, with fewer than 36 pulses that carry both numbers, and when the highest pulse is
    less than twice the lowest.

    Source: 36 pulses at 20, 40, 60 and 80 % of maximum gave ICC(2,1) of at least 0.95 and a CV below 5 %, knee
    extensors 8.9 ± 1.0 1/s, Smajla et al. 2021, doi:10.3389/fnhum.2021.654443; limit of rate and window are ours.

    >>> round(rfd_scaling_factor(Pulses([Pulse(f, 9.0 * f + 50.0, -8.0 * f) for f in range(100, 460, 10)], 1000.0)), 9)
    9.0
    """
    return rfd_scaling(test).slope


def rfr_scaling_factor(test: Pulses) -> float:
    """RFR scaling factor: by how much peak rate of relaxation grows with the peak force of a pulse.

    Formula: slope k of the least-squares line pRFR_i = k · PF_i + b over fast pulses of different heights; pRFR over
    20 ms. Unit: 1/s. Negative as the rates themselves are; the literature gives its amount.

    Edge cases: as for the RFD scaling factor.

    Source: Mathern et al. 2019, doi:10.1007/s00421-018-4024-7 (ICC 0.54 to 0.76, CV below 15 %); knee extensors
    8.0 ± 1.3 1/s, Smajla et al. 2021, doi:10.3389/fnhum.2021.654443.

    >>> round(rfr_scaling_factor(Pulses([Pulse(f, 9.0 * f + 50.0, -8.0 * f) for f in range(100, 460, 10)], 1000.0)), 9)
    -8.0
    """
    return rfr_scaling(test).slope


def _scaled(test: Pulses, pairs: Sequence[tuple[float, float | None]]) -> ScalingFactor:
    if not fast_enough(test.rate, LEAST_RATE, estimated=test.estimated):
        raise RefusedError(f"rate: {test.rate:.0f} Hz is too slow for pulses, which need {LEAST_RATE:.0f} Hz")
    whole = [(peak, rate) for peak, rate in pairs if rate is not None]
    if len(whole) < LEAST_PULSES:
        raise RefusedError(f"There are {len(whole)} usable pulses; at least {LEAST_PULSES} are needed.")
    table = np.array(whole, dtype=np.float64)
    if not table[:, 0].min() > 0.0 or table[:, 0].max() < LEAST_SPREAD * table[:, 0].min():
        raise RefusedError("The pulses are too equal in height: the highest must be at least twice the lowest.")
    return fit(table[:, 0], table[:, 1])


_NEEDS: Final = (f"{LEAST_PULSES} fast pulses of different heights", f"{LEAST_RATE:.0f} Hz")

SCALING_FACTORS: Final[tuple[Measure[Pulses], ...]] = (
    Measure(
        "rfd_scaling_factor", 1, "RFD scaling factor", "1/s", "slope k of pRFD = k · PF + b", WINDOW, _NEEDS,
        "Smajla et al. 2021, doi:10.3389/fnhum.2021.654443", rfd_scaling_factor, rfd_scaling_factor,
    ),
    Measure(
        "rfr_scaling_factor", 1, "RFR scaling factor", "1/s", "slope k of pRFR = k · PF + b", WINDOW, _NEEDS,
        "Mathern et al. 2019, doi:10.1007/s00421-018-4024-7; Smajla et al. 2021, doi:10.3389/fnhum.2021.654443",
        rfr_scaling_factor, rfr_scaling_factor,
    ),
    Measure(
        "rfd_scaling_r2", 1, "R² of the RFD scaling factor", "1", "1 − SS_residual / SS_total", WINDOW, _NEEDS,
        "least squares", lambda test: rfd_scaling(test).r2, rfd_scaling_factor,
    ),
    Measure(
        "rfr_scaling_r2", 1, "R² of the RFR scaling factor", "1", "1 − SS_residual / SS_total", WINDOW, _NEEDS,
        "least squares", lambda test: rfr_scaling(test).r2, rfr_scaling_factor,
    ),
    Measure(
        "rfd_scaling_intercept", 1, "Intercept of the RFD scaling factor", "N/s", "b of pRFD = k · PF + b", WINDOW,
        _NEEDS, "least squares", lambda test: rfd_scaling(test).intercept, rfd_scaling_factor,
    ),
    Measure(
        "rfr_scaling_intercept", 1, "Intercept of the RFR scaling factor", "N/s", "b of pRFR = k · PF + b", WINDOW,
        _NEEDS, "least squares", lambda test: rfr_scaling(test).intercept, rfr_scaling_factor,
    ),
)  # fmt: skip
"""Measures of many pulses."""
