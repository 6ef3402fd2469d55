"""What each sampling rate carries, typed from the specification's ruling and not from the table."""

import pytest

from forcelab.analysis.gate import gate
from forcelab.analysis.metrics import METRICS, resolve

HIDDEN_BELOW_100 = {"rfd_0_50", "force_at_50", "impulse_0_50", "peak_rfd_20", "peak_rfd_50"}
INDICATIVE_BELOW_100 = {"rfd_0_100", "force_at_90", "force_at_100", "impulse_0_100"}
INDICATIVE_BELOW_500 = {"rfd_0_50", "force_at_50", "impulse_0_50", "peak_rfd_20"}


@pytest.mark.parametrize(
    ("rate", "withheld", "indicative"),
    [
        (50.0, HIDDEN_BELOW_100, INDICATIVE_BELOW_100),
        (80.0, HIDDEN_BELOW_100, INDICATIVE_BELOW_100),
        (97.9, HIDDEN_BELOW_100, INDICATIVE_BELOW_100),
        (98.1, set(), INDICATIVE_BELOW_500),
        (250.0, set(), INDICATIVE_BELOW_500),
        (489.0, set(), INDICATIVE_BELOW_500),
        (491.0, set(), set()),
        (1000.0, set(), set()),
    ],
)
def test_leave(rate: float, withheld: set[str], indicative: set[str]) -> None:
    leaves = {name: gate(metric, rate, own_time=True) for name, metric in METRICS.items()}
    assert {name for name, (leave, _) in leaves.items() if leave == "withheld"} == withheld
    assert {name for name, (leave, _) in leaves.items() if leave == "indicative"} == indicative
    assert all(why.startswith("rate:") for leave, why in leaves.values() if leave == "withheld")


def test_a_window_spans_four_intervals() -> None:
    leaves = {name: gate(metric, 10.0, own_time=True)[0] for name, metric in METRICS.items()}
    shown = {name for name, leave in leaves.items() if leave != "withheld"}
    assert shown == {"peak_force", "peak_force_gross", "mean_1s", "time_to_peak", "rfd_20_80"}


def test_times_of_arrival_carry_nothing_timed() -> None:
    leaves = {name: gate(metric, 1000.0, own_time=False)[0] for name, metric in METRICS.items()}
    assert {name for name, leave in leaves.items() if leave == "shown"} == {"peak_force", "peak_force_gross", "mean_1s"}


@pytest.mark.parametrize(("rate", "meant"), [(80.0, 200), (99.0, 50), (100.0, 50), (400.0, 50), (500.0, 20)])
def test_plain_peak_rfd_is_resolved_by_rate(rate: float, meant: int) -> None:
    assert resolve("peak_rfd", rate) == f"peak_rfd_{meant}"
