"""The rate gate: which numbers a sensor's sampling rate can carry.

A table and its reading. It goes by the rate that the sensor declares; where it had to be estimated, within 2 %.
Knows metrics by name and window only.
"""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from forcelab.analysis.metric import Metric

Leave: TypeAlias = Literal["shown", "indicative", "withheld"]

TOLERANCE: Final = 0.02
WITHHELD: Final = ("rate:", "sensor:")
"""How a reason begins that the sensor is to blame for and not the trial."""
NO_TIME: Final = "rate: this sensor keeps no time of its own, and times of arrival are too uncertain"

# (from this rate on in Hz, name of the class, what is withheld, what is indicative), the fastest class first.
# Sampling error with the true onset given, at 80 Hz: about −5 ± 2 % for RFD 0–50, −3 ± 1 % for 0–100, −2 ± 1 % for
# 0–200 on a sharp start; a sensor's own averaging (about 50 ms for common load-cell converters, not verified) takes
# another 14 to 26 % off RFD 0–50. The classes themselves are our judgement.
_EARLY: Final = ("rfd_0_50", "force_at_50", "impulse_0_50", "peak_rfd_20")
GATE: Final[tuple[tuple[float, str, frozenset[str], frozenset[str]], ...]] = (
    (500.0, "500 Hz and above", frozenset(), frozenset()),
    (100.0, "100 to 500 Hz", frozenset(), frozenset(_EARLY)),
    (
        0.0,
        "below 100 Hz",
        frozenset((*_EARLY, "peak_rfd_50")),
        # Force at 90 ms cannot be better off than force at 100 ms.
        frozenset(("rfd_0_100", "force_at_90", "force_at_100", "impulse_0_100")),
    ),
)

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

_LEAST_STEPS: Final = 4
"""A window must span four sample intervals, or it holds the interpolation and not the force."""


def fast_enough(rate: float, least: float, *, estimated: bool = True) -> bool:
    """Whether a rate counts as at least this one, with a tolerance where it is estimated.

    >>> fast_enough(98.5, 100.0), fast_enough(97.0, 100.0), fast_enough(98.5, 100.0, estimated=False)
    (True, False, False)
    """
    return rate >= least * (1.0 - TOLERANCE if estimated else 1.0)


def rate_class(rate: float, *, estimated: bool = False) -> str:
    """The class of a rate as it stands in recipes: values of time-based metrics compare only within one class.

    >>> rate_class(80.0)
    'rate below 100 Hz'
    """
    return "rate " + next(name for least, name, _, _ in GATE if fast_enough(rate, least, estimated=estimated))


def timeless(*, own_time: bool, untimed: str = "") -> str:
    """Why a sensor carries no number at all that rests on times; "" if its rate is to decide.

    Args:
        own_time: whether time stamps come from the sensor; times of arrival carry nothing that is timed.
        untimed: what else stands against it.

    >>> timeless(own_time=True, untimed="it sends whole pounds")
    'sensor: it sends whole pounds'
    """
    if untimed:
        return f"sensor: {untimed}"
    return "" if own_time else NO_TIME


def gate(
    metric: Metric, rate: float, *, own_time: bool, estimated: bool = False, untimed: str = ""
) -> tuple[Leave, str]:
    """Whether a sensor of this rate carries a number, and if not, why.

    Args:
        metric: what is asked for.
        rate: Hz.
        own_time: see `timeless`.
        estimated: whether the rate is an estimate.
        untimed: see `timeless`.

    Returns:
        The leave and, when withheld, the reason; it begins with one of `WITHHELD`.
    """
    if not metric.timed:
        return "shown", ""
    if why := timeless(own_time=own_time, untimed=untimed):
        return "withheld", why
    least, name, withheld, indicative = next(row for row in GATE if fast_enough(rate, row[0], estimated=estimated))
    judged_as = GATED_AS.get(metric.id, metric.id)
    if judged_as in withheld:
        return "withheld", f"rate: {rate:.0f} Hz does not carry {metric.term} (sensors {name})"
    # From 100 Hz on the table alone decides: it lets the 20 ms window of peak RFD pass as indicative.
    short = metric.window is not None and not fast_enough(rate, _LEAST_STEPS / metric.window, estimated=estimated)
    if least == 0.0 and short:
        return "withheld", f"rate: at {rate:.0f} Hz {metric.term} would rest on fewer than four sample intervals"
    return ("indicative" if judged_as in indicative else "shown"), ""
