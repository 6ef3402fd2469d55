"""Two sensors at once: their sum, each by itself, and what compares their times."""

from dataclasses import replace

import numpy as np
import pytest

from forcelab import assessments
from forcelab.acquisition.alignment import uncertainty
from forcelab.evaluate import evaluate, whole
from forcelab.evaluate.between import NO_PUSH
from forcelab.evaluate.both import LOST, NO_SUM, SUM_RULE
from forcelab.model import Array, Evaluation, HostClock, Result, Role, Trace

SQUEEZE, _ = assessments.available()["squeeze_0_long"]
LEFT_PEAK, RIGHT_PEAK, LAG = 200.0, 260.0, 0.05
AFTER = 40.0
"""s of the right device's clock at the zero of the left one's."""


def push(t: Array, peak: float, onset: float) -> Array:
    """Nothing, a straight rise of 0.25 s, a plateau, a release."""
    return np.interp(t, (onset, onset + 0.25, 6.0, 6.2), (0.0, peak, peak, 0.0))


def squeeze(rate: float = 80.0, phase: float = 0.004, wait: float = 0.015, ppm: float = 0.0) -> dict[Role, Trace]:
    """Both sides on host time, stamped by two devices that do not know of each other."""
    on_host = np.arange(0.0, 9.0, 1.0 / rate)
    noise = 0.05 * np.random.default_rng(7).standard_normal((2, len(on_host)))
    late = wait / 2.0  # the middle of what is possible is what `event` takes for true
    left = HostClock(100.0 + late, 1.0, wait, (0.0, 0.0))
    right = HostClock(100.0 - AFTER * (1.0 + ppm * 1e-6) + phase + late, 1.0 + ppm * 1e-6, wait, (0.0, 0.0))
    return {
        "left": Trace(on_host, push(on_host, LEFT_PEAK, 2.0) + noise[0], rate, zero=0.0, clock=left),
        "right": Trace(
            AFTER + on_host / (1.0 + ppm * 1e-6),
            push(on_host + phase, RIGHT_PEAK, 2.0 + LAG) + noise[1],
            rate,
            zero=0.0,
            clock=right,
        ),
    }


@pytest.fixture(scope="module")
def squeezed() -> Evaluation:
    (found,) = evaluate(squeeze(), SQUEEZE)
    return found


def number(results: tuple[Result, ...], name: str) -> Result:
    return next(result for result in results if result.metric == name)


def value(results: tuple[Result, ...], name: str) -> float:
    found = number(results, name).value
    assert found is not None, number(results, name).reason
    return found


def test_the_sum_is_that_of_both_and_each_side_is_as_if_it_had_been_alone(squeezed: Evaluation) -> None:
    assert value(squeezed.results, "peak_force") == pytest.approx(LEFT_PEAK + RIGHT_PEAK, abs=0.5)
    for role, trace in squeeze().items():
        (alone,) = evaluate({role: trace}, SQUEEZE)
        assert squeezed.parts[role] == alone


def test_the_sum_is_formed_on_the_union_of_sample_times() -> None:
    both = squeeze(phase=0.004)
    total = whole(both)
    assert total is not None
    steps = np.round(np.diff(total.t), 6)
    assert set(steps.tolist()) == {0.004, 0.0085}
    assert total.rate == 80.0
    assert not [flag for flag in evaluate(both, SQUEEZE)[0].flags if flag.name == "RATE_OFF"]


def test_the_lag_is_the_true_one_and_its_interval_holds_the_alignment(squeezed: Evaluation) -> None:
    lag = number(squeezed.between, "onset_lag")
    assert lag.value == pytest.approx(LAG, abs=0.003)
    assert lag.interval is not None
    assert squeezed.alignment is not None
    stated = squeezed.alignment.uncertainty
    assert stated == uncertainty(squeezed.alignment.clocks["left"], squeezed.alignment.clocks["right"])
    assert lag.interval[1] - lag.interval[0] > 2.0 * stated
    assert lag.interval[1] - lag.interval[0] < 2.5 * stated


def test_a_clock_that_runs_fast_is_taken_for_what_it_is() -> None:
    (found,) = evaluate(squeeze(ppm=20_000.0), SQUEEZE)
    assert number(found.between, "onset_lag").value == pytest.approx(LAG, abs=0.003)
    assert value(found.results, "peak_force") == pytest.approx(LEFT_PEAK + RIGHT_PEAK, abs=0.5)


def test_asymmetry_is_the_surplus_of_the_right_over_the_sum(squeezed: Evaluation) -> None:
    found = number(squeezed.between, "mean_1s_asymmetry")
    assert found.value == pytest.approx(100.0 * (RIGHT_PEAK - LEFT_PEAK) / (RIGHT_PEAK + LEFT_PEAK), abs=0.05)
    assert found.interval is not None
    assert found.value is not None
    assert found.interval[0] <= found.value <= found.interval[1]
    assert value(squeezed.between, "peak_force_asymmetry") == pytest.approx(60.0 / 4.6, abs=0.1)


def test_what_rides_on_alignment_says_so_and_its_interval_grows_with_it(squeezed: Evaluation) -> None:
    (surer,) = evaluate(squeeze(wait=0.0), SQUEEZE)
    assert all(SUM_RULE in result.recipe for result in squeezed.results)
    assert not any(SUM_RULE in result.recipe for part in squeezed.parts.values() for result in part.results)
    for name in ("rfd_0_100", "rfd_0_200", "impulse_0_200"):
        wide, narrow = number(squeezed.results, name).interval, number(surer.results, name).interval
        assert wide is not None
        assert narrow is not None
        assert wide[1] - wide[0] > narrow[1] - narrow[0]
    peak, sure = number(squeezed.results, "mean_1s").interval, number(surer.results, "mean_1s").interval
    assert peak is not None
    assert sure is not None
    assert peak == pytest.approx(sure, abs=0.05), "a plateau does not mind"


def test_a_side_that_was_lost_leaves_the_other_one() -> None:
    both = squeeze()
    right = both["right"]
    both["right"] = replace(right, t=right.t[:200], force=right.force[:200], broken_off="It is out of range.")
    (found,) = evaluate(both, SQUEEZE)
    assert found.verdict == "repeat"
    assert [flag.name for flag in found.flags] == [LOST]
    assert "right sensor was lost" in found.flags[0].sentence
    assert {result.reason for result in found.results} == {NO_SUM}
    assert all(result.value is None for result in found.parts["right"].results)
    assert found.parts["left"] == evaluate({"left": both["left"]}, SQUEEZE)[0]
    assert found.parts["left"].verdict == "trusted"
    assert not found.between


def test_a_side_that_does_not_push_is_told() -> None:
    both = squeeze()
    both["right"] = replace(both["right"], force=np.zeros_like(both["right"].force))
    (found,) = evaluate(both, SQUEEZE)
    assert value(found.results, "mean_1s") == pytest.approx(LEFT_PEAK, abs=0.5)
    assert found.parts["right"].effort is None
    assert number(found.between, "onset_lag").reason == NO_PUSH
    assert number(found.between, "peak_force_asymmetry").value is None


def test_a_sensor_without_a_packet_gives_no_number_and_no_traceback() -> None:
    both = squeeze()
    both["right"] = Trace(np.empty(0), np.empty(0), 80.0)
    (found,) = evaluate(both, SQUEEZE)
    assert all(result.value is None and result.reason for result in found.results)
    assert found.parts["left"].verdict == "trusted"


def test_an_overload_of_one_side_rejects_the_sum() -> None:
    both = squeeze()
    both["right"] = replace(both["right"], force=np.minimum(both["right"].force, 240.0), capacity=240.0)
    both["left"] = replace(both["left"], capacity=1000.0)
    (found,) = evaluate(both, SQUEEZE)
    assert found.verdict == "repeat"
    (clipped,) = (flag for flag in found.flags if flag.name == "CLIPPED")
    assert clipped.sentence.startswith("Right: ")
    assert number(found.results, "peak_force").mark == "rejected"
    assert found.parts["left"].verdict == "trusted"


def test_columns_of_a_file_are_on_one_clock_already() -> None:
    both = {role: replace(trace, t=trace.t - trace.t[0], clock=None) for role, trace in squeeze(phase=0.0).items()}
    (found,) = evaluate(both, SQUEEZE)
    assert found.alignment is None
    assert number(found.between, "onset_lag").value == pytest.approx(LAG, abs=0.003)


def test_one_known_clock_of_two_is_refused() -> None:
    both = squeeze()
    both["left"] = replace(both["left"], clock=None)
    with pytest.raises(ValueError, match="only one of the two"):
        evaluate(both, SQUEEZE)
