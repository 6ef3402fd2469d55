"""The table of metrics: every number that can be asked for by name, and the one alias.

A new metric is one function with its definition and one entry here (through its room's tuple).
"""

from collections.abc import Mapping
from typing import Final

from forcelab.analysis.epochs import EPOCHS
from forcelab.analysis.explosive import EXPLOSIVE
from forcelab.analysis.gate import fast_enough
from forcelab.analysis.metric import Metric
from forcelab.analysis.normalised import NORMALISED
from forcelab.analysis.plateau import PLATEAU
from forcelab.analysis.relaxation import RELAXATION
from forcelab.analysis.strength import STRENGTH
from forcelab.analysis.timing import TIMING

METRICS: Final[Mapping[str, Metric]] = {
    metric.id: metric for metric in (*STRENGTH, *PLATEAU, *EXPLOSIVE, *EPOCHS, *NORMALISED, *TIMING, *RELAXATION)
}

PEAK_RFD: Final = "peak_rfd"
"""An alias: which window is meant depends on the sensor's rate; what is stored is the resolved name."""

ALIASES: Final[Mapping[str, tuple[tuple[float, str], ...]]] = {
    PEAK_RFD: ((500.0, "peak_rfd_20"), (100.0, "peak_rfd_50"), (0.0, "peak_rfd_200")),
}
"""Alias -> (from this rate on in Hz, the metric that is meant), the fastest first."""


def resolve(name: str, rate: float, *, estimated: bool = False) -> str:
    """The id of the metric that a name means for a sensor of this rate.

    >>> resolve("peak_rfd", 80.0), resolve("peak_rfd", 1000.0), resolve("peak_force", 80.0)
    ('peak_rfd_200', 'peak_rfd_20', 'peak_force')
    """
    rows = ALIASES.get(name, ())
    return next((metric for least, metric in rows if fast_enough(rate, least, estimated=estimated)), name)
