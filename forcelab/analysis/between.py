"""Numbers of the right side against the left in one bilateral trial: the table of their definitions.

Definitions only: which record a value comes from, and how the clocks of two sensors are brought together, is not known
here. For sides that are tested one after the other see `asymmetry`.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from forcelab.analysis.asymmetry import bai_1
from forcelab.analysis.metrics import METRICS


@dataclass(frozen=True, slots=True)
class Between:
    """One number of two sides.

    Attributes:
        id: as it stands in files and exports.
        version: raised whenever the same sides would give another value.
        term: the name for people.
        unit: "%" or SI.
        formula: in symbols.
        source: author, year, DOI, or that it is ours.
        caution: what must be told with it.
        compute: (right, left) to the value; its docstring is the definition.
    """

    id: str
    version: int
    term: str
    unit: str
    formula: str
    source: str
    caution: str
    compute: Callable[[float, float], float]

    @property
    def definition(self) -> str:
        """The whole definition with its example."""
        return inspect.getdoc(self.compute) or ""


def asymmetry(right: float, left: float) -> float:
    """Bilateral asymmetry: the right side's surplus as a share of the sum of both, in one trial with both at once.

    Formula: 100 · (R − L) / (R + L). Unit: %, from −100 to 100; + where the right side is the greater. It is BAI-1 with
    right and left in the places of the dominant and the other side.

    Edge cases: refused if both are 0 or one is negative.

    Source: one of the formulas in Bishop et al. 2016, doi:10.1519/SSC.0000000000000264.

    >>> round(asymmetry(300.0, 255.0), 3)  # 45 of 555
    8.108
    """
    return bai_1(right, left)


def onset_lag(right: float, left: float) -> float:
    """Lag of the right side: onset on the right less onset on the left, both on one clock.

    Formula: t_on(R) − t_on(L). Unit: s; + where the left side began first.

    Edge cases: not given where the start of one push cannot be trusted. What two sensors may be apart by on one clock
    is part of its interval: an interval that holds 0 does not tell which side was first.

    Source: definition.

    >>> round(onset_lag(2.03, 2.0), 3)
    0.03
    """
    return right - left


ONSET_LAG: Final = "onset_lag"

ASYMMETRY_OF: Final[Mapping[str, str]] = {
    base: f"{base}_asymmetry"
    for base in ("peak_force", "mean_1s", "rfd_0_100", "rfd_0_200", "force_at_100", "force_at_200", "impulse_0_200")
}
"""Id of a number of one side -> id of its asymmetry."""

_BISHOP: Final = "Bishop et al. 2016, doi:10.1519/SSC.0000000000000264"
_WITHIN: Final = "It is of one trial: no retest error is known for it."
_RIDES: Final = "Rests on how well the two sensors are on one clock, which its interval, or the reason for none, tells."

BETWEEN: Final[Mapping[str, Between]] = {
    **{
        name: Between(
            name, 1, f"Asymmetry of {METRICS[base].term}", "%", "100 · (R − L) / (R + L)", _BISHOP, _WITHIN, asymmetry
        )
        for base, name in ASYMMETRY_OF.items()
    },
    ONSET_LAG: Between(
        ONSET_LAG, 1, "Onset lag, right after left", "s", "t_on(R) − t_on(L)", "definition", _RIDES, onset_lag
    ),
}
"""Id -> definition."""
