"""All metrics of one effort beyond the first ones, as one tuple, and how the rate gate looks at them.

A list and nothing else.
"""

from collections.abc import Mapping
from typing import Final

from forcelab.analysis.epochs import EPOCHS
from forcelab.analysis.metric import Metric
from forcelab.analysis.normalised import NORMALISED
from forcelab.analysis.plateau import PLATEAU
from forcelab.analysis.relaxation import RELAXATION
from forcelab.analysis.timing import TIMING

FURTHER: Final[tuple[Metric, ...]] = (*PLATEAU, *EPOCHS, *NORMALISED, *TIMING, *RELAXATION)

GATED_AS: Final[Mapping[str, str]] = {
    "peak_rfd_2": "peak_rfd_20",
    "peak_rfd_5": "peak_rfd_20",
    "peak_rfd_10": "peak_rfd_20",
    "peak_rfd_100": "rfd_0_100",
    "rfd_50_100": "rfd_0_50",
    **{f"force_at_{w}_gross": f"force_at_{w}" for w in (50, 90, 100, 150, 200, 250)},
    **{f"{name}_0_{w}": f"rfd_0_{w}" for name in ("nrfd", "rfd_per_peak") for w in (50, 100, 150, 200, 250)},
    "peak_rfr_20": "peak_rfd_20",
    "peak_rfr_50": "peak_rfd_50",
    "peak_rfr_100": "rfd_0_100",
}
"""Metric -> the one whose leave it has: what rests on the same stretch of curve is no better off (our judgement)."""
