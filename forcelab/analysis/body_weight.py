"""Body weight from a weighing phase: who stands still on the plate before a pull or squat.

Finding the phase is the rule that jumps use; here it must last its full second. Knows no plate and no assessment.
"""

from dataclasses import dataclass
from typing import Final

from forcelab.analysis.baseline import resolution_floor
from forcelab.analysis.estimate import RefusedError, positive
from forcelab.analysis.jump.weighing import FULL, WEIGHING_RULE, weigh
from forcelab.analysis.scaling import Body
from forcelab.model import GRAVITY, Array

BODY_WEIGHT_RULE: Final = f"body weight/2; {WEIGHING_RULE}"
"""Name and version, as they stand in every recipe that rests on it."""


@dataclass(frozen=True, slots=True)
class BodyWeight:
    """A weighing: mean force in N, its sample SD in N, start and stop in s, and the body it means."""

    weight: float
    sd: float
    start: float
    stop: float
    body: Body


def body_weight(t: Array, force: Array, since: float, until: float, gravity: float = GRAVITY) -> BodyWeight:
    """Body weight: mean force of the latest quiet second of standing between two times.

    Formula: BW = mean F over at least 1 s of standing still, m = BW / g. Unit: N, and kg for m. What counts as standing
    still is `weigh`'s definition.

    Args:
        t: s, shape (n,), strictly increasing.
        force: N, shape (n,), gross, of the whole body: the sum of the plates.
        since: s, from where on one may stand.
        until: s, where the movement begins.
        gravity: m/s².

    Raises:
        RefusedError: nobody stands still for a full second, or what stands there is no body.

    Source: weighing over at least 1 s is usual in isometric pulls, Comfort et al. 2019,
    doi:10.1519/SSC.0000000000000433 (not verified).

    >>> import numpy as np
    >>> t = np.linspace(0.0, 3.0, 301)
    >>> found = body_weight(t, np.where(t > 2.0, 1500.0, 784.8), 0.0, 2.0)
    >>> round(found.weight, 6), round(found.body.mass, 6)
    (784.8, 80.0)
    """
    positive(gravity, "acceleration of free fall")
    found = weigh(t, force, since, until, resolution_floor(force)) if len(t) else None
    if found is None:
        raise RefusedError("Nobody stands still on the plate before the effort.")
    # A window that begins and ends at a sample is shorter than its length by up to an interval at each end.
    if found.stop - found.start < FULL - 2.0 * float(t[-1] - t[0]) / (len(t) - 1) - 1e-9:
        raise RefusedError(f"Standing still lasts {found.stop - found.start:.2f} s; weighing takes {FULL:.0f} s.")
    return BodyWeight(found.weight, found.sd, found.start, found.stop, Body(found.weight / gravity, gravity))
