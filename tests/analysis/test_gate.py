"""What each sampling rate carries, typed here and not taken from the table."""

import pytest

from forcelab.analysis.gate import gate, rate_class
from forcelab.analysis.metrics import METRICS, resolve

HIDDEN_BELOW_100 = {"rfd_0_50", "force_at_50", "impulse_0_50", "peak_rfd_20", "peak_rfd_50"}
INDICATIVE_BELOW_100 = {"rfd_0_100", "force_at_90", "force_at_100", "impulse_0_100"}
INDICATIVE_BELOW_500 = {"rfd_0_50", "force_at_50", "impulse_0_50", "peak_rfd_20"}

# The further metrics, by the same stretch of curve (our judgement).
EARLY = {"nrfd_0_50", "rfd_per_peak_0_50", "rfd_50_100", "force_at_50_gross"}
SHORT = {"peak_rfd_2", "peak_rfd_5", "peak_rfd_10", "peak_rfr_20"}
HIDDEN_BELOW_100 |= EARLY | SHORT | {"peak_rfr_50"}
INDICATIVE_BELOW_100 |= {
    "nrfd_0_100", "rfd_per_peak_0_100", "force_at_90_gross", "force_at_100_gross", "peak_rfd_100", "peak_rfr_100",
}  # fmt: skip
INDICATIVE_BELOW_500 |= EARLY | SHORT
FEWER_THAN_FOUR_AT_50 = {"rfd_100_150", "rfd_150_200"}
UNTIMED = {"peak_force", "peak_force_gross", "mean_1s", "mean_500ms", "mean_200ms", "plateau_ratio"}


@pytest.mark.parametrize(
    ("rate", "estimated", "withheld", "indicative"),
    [
        (50.0, False, HIDDEN_BELOW_100 | FEWER_THAN_FOUR_AT_50, INDICATIVE_BELOW_100),
        (80.0, False, HIDDEN_BELOW_100, INDICATIVE_BELOW_100),
        (97.9, True, HIDDEN_BELOW_100, INDICATIVE_BELOW_100),
        (98.1, True, set(), INDICATIVE_BELOW_500),
        (98.1, False, HIDDEN_BELOW_100, INDICATIVE_BELOW_100),
        (99.9, False, HIDDEN_BELOW_100, INDICATIVE_BELOW_100),
        (100.0, False, set(), INDICATIVE_BELOW_500),
        (250.0, False, set(), INDICATIVE_BELOW_500),
        (489.0, True, set(), INDICATIVE_BELOW_500),
        (491.0, True, set(), set()),
        (499.9, False, set(), INDICATIVE_BELOW_500),
        (500.0, False, set(), set()),
        (1000.0, False, set(), set()),
    ],
)
def test_leave(rate: float, estimated: bool, withheld: set[str], indicative: set[str]) -> None:
    leaves = {name: gate(metric, rate, own_time=True, estimated=estimated) for name, metric in METRICS.items()}
    assert {name for name, (leave, _) in leaves.items() if leave == "withheld"} == withheld
    assert {name for name, (leave, _) in leaves.items() if leave == "indicative"} == indicative
    assert all(why.startswith("rate:") for leave, why in leaves.values() if leave == "withheld")


def test_a_window_spans_four_intervals() -> None:
    leaves = {name: gate(metric, 10.0, own_time=True)[0] for name, metric in METRICS.items()}
    shown = {name for name, leave in leaves.items() if leave != "withheld"}
    assert shown == UNTIMED | {
        "time_to_peak", "time_to_30", "time_to_50", "time_to_80", "time_to_90", "rfd_20_80", "rfd_to_1_6", "rfd_to_1_2",
        "rfd_to_2_3", "impulse_total", "half_relaxation", "rfr_75_25", "rfr_90_10",
    }  # fmt: skip


def test_times_of_arrival_carry_nothing_timed() -> None:
    leaves = {name: gate(metric, 1000.0, own_time=False)[0] for name, metric in METRICS.items()}
    assert {name for name, leave in leaves.items() if leave == "shown"} == UNTIMED


@pytest.mark.parametrize(("rate", "meant"), [(80.0, 200), (99.0, 200), (100.0, 50), (400.0, 50), (500.0, 20)])
def test_plain_peak_rfd_is_resolved_by_rate(rate: float, meant: int) -> None:
    assert resolve("peak_rfd", rate) == f"peak_rfd_{meant}"
    assert resolve("peak_rfd", 0.985 * rate, estimated=True) == f"peak_rfd_{meant}"


@pytest.mark.parametrize(
    ("rate", "words"), [(98.1, "below 100 Hz"), (100.0, "100 to 500 Hz"), (499.0, "100 to 500 Hz")]
)
def test_the_class_in_recipes_is_the_gates(rate: float, words: str) -> None:
    assert rate_class(rate) == f"rate {words}"
    assert rate_class(0.99 * max(rate, 100.0), estimated=True) != "rate below 100 Hz"
