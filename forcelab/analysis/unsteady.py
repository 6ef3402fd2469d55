"""The interval of a spread: how unsteady a force is beside noise that is as unsteady itself.

A displayed SD holds the noise of the sensor, the measurand does not. So the interval is sought for the square, from
which the noise's own is taken off, and the end of it may be nothing at all. Refuses to know holds.
"""

import math
from typing import Final

import numpy as np

from forcelab.analysis.distributions import chi2_quantile
from forcelab.model import Array

UNSTEADY_RULE: Final = "square less noise/1(mover)"
_LOST: Final = 0.02


def around_square(
    value: float, true: float, replicas: Array, noise: tuple[float, Array], dof: float
) -> tuple[float, float] | None:
    """The 95 % interval of a root of a mean square from which noise is to be taken.

    With v̂ = value² − noise² the errors of the replicas are v̂_i − true². Their 2.5 % and 97.5 % points are put together
    with those of the noise's variance (chi-square of `dof`) as the intervals of a difference are (method of variance
    estimates recovery, Zou & Donner 2008, doi:10.1002/sim.3095; not verified). A square below zero is none: where the
    noise alone would explain what is seen, the interval begins at 0.

    Args:
        value: as displayed.
        true: of the curve without noise.
        replicas: as displayed in other records, shape (n,), NaN where there is none.
        noise: what noise alone gives of the number, in the record and in each of the others.
        dof: degrees of freedom on which the noise rests.

    Returns:
        (low, high); None where more than 2 % of the replicas have no value.

    >>> rows = np.sqrt(1.0 + np.linspace(-0.1, 0.1, 39))  # noise 1, no spread of force
    >>> low, high = around_square(1.0, 0.0, rows, (1.0, np.ones(39)), 1e6)
    >>> low, round(high, 2)
    (0.0, 0.32)
    """
    there = np.isfinite(replicas)
    if not math.isfinite(true) or there.sum() < (1.0 - _LOST) * len(replicas):
        return None
    alone, each = noise
    errors = np.sort((replicas**2 - each**2)[there]) - true * true
    rank = 0.025 * (len(errors) + 1) - 1.0
    at = (rank, 0.5 * (len(errors) - 1), len(errors) - 1 - rank)
    few, middle, many = np.interp(at, np.arange(len(errors)), errors).tolist()
    square = alone * alone
    more = square * (dof / chi2_quantile(0.025, dof) - 1.0)
    less = square * (1.0 - dof / chi2_quantile(0.975, dof))
    found = value * value - square - middle
    low = found - math.hypot(many - middle, more)
    high = max(found, 0.0) + math.hypot(middle - few, less)
    return math.sqrt(max(low, 0.0)), math.sqrt(high)
