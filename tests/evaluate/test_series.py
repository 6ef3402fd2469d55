"""Numbers over all repetitions of one record, against what the record was drawn with."""

import numpy as np
import pytest
from msgspec import structs

from forcelab.analysis.critical_force import CAUTION
from forcelab.analysis.definitions import definition
from forcelab.evaluate import evaluate, evaluate_series, supported
from forcelab.evaluate.series import SERIES
from forcelab.model import Assessment, LimbWeight, OnsetRule, Regime, Result, SetUp, Trace
from tests.signals import assessment

FATIGUE = ("fatigue_index", "fatigue_index_pt")
ALL_OUT = ("end_test_force", "impulse_above_end", "end_test_average")
BEAT = Regime(8, 7.0, 3.0)
TOPS = (500.0, 450.0, 400.0, 350.0, 320.0, 300.0, 290.0, 280.0)


def asked(*series: str, regime: Regime | None = None) -> Assessment:
    return structs.replace(assessment("peak_force"), series=series, regime=regime)


def blocks(tops: tuple[float, ...] = TOPS, rate: float = 80.0, edge: float = 0.2) -> Trace:
    """Pushes of 7 s from half to half of their height, 3 s apart, up and down in straight lines."""
    points = [(0.0, 0.0)]
    for k, top in enumerate(tops):
        start = 2.0 + 10.0 * k
        points += [(start, 0.0), (start + edge, top), (start + 7.0, top), (start + 7.0 + edge, 0.0)]
    t = np.arange(0.0, points[-1][0] + 2.0, 1.0 / rate)
    x, y = np.array(points).T
    return Trace(t, 15.0 + np.interp(t, x, y), rate)


def pulses(count: int = 40, rate: float = 1000.0, slope: float = 9.0, offset: float = 50.0) -> Trace:
    """Triangles of 100 to 400 N, or to the tenth part of it, whose rise is slope × height + offset N/s."""
    heights = [100.0 * (1 + k % 4) for k in range(count)]
    points = [(0.0, 0.0)]
    for k, height in enumerate(heights):
        start, rise = 2.0 + 2.0 * k, height / (slope * height + offset)
        points += [(start, 0.0), (start + rise, height), (start + rise + 0.1, 0.0)]
    t = np.arange(0.0, points[-1][0] + 1.0, 1.0 / rate)
    x, y = np.array(points).T
    return Trace(t, 5.0 + np.interp(t, x, y), rate)


def by_name(results: tuple[Result, ...]) -> dict[str, Result]:
    return {result.metric: result for result in results}


def test_fatigue_of_the_peaks_that_were_drawn() -> None:
    got = by_name(evaluate_series({"total": blocks()}, asked(*FATIGUE)))
    assert got["fatigue_index"].value == pytest.approx(100.0 * (500.0 - 290.0) / 500.0)
    assert got["fatigue_index_pt"].value == pytest.approx(44.0)


def test_end_test_force_of_blocks() -> None:
    got = by_name(evaluate_series({"total": blocks()}, asked(*ALL_OUT, regime=BEAT)))
    # Between the edges at half height each block is 0.1 s at 75 % on either side of 6.8 s at full height.
    share = (6.8 + 0.2 * 0.75) / 7.0
    level = share * (300.0 + 290.0 + 280.0) / 3.0
    assert got["end_test_force"].value == pytest.approx(level, rel=1e-3)
    assert got["end_test_average"].value == pytest.approx(0.7 * level, rel=1e-3)
    above = sum((share * top - level) * 7.0 for top in TOPS if share * top > level)
    assert got["impulse_above_end"].value == pytest.approx(above, rel=5e-3)
    assert all("8 × 7:3 s" in result.recipe for result in got.values())
    known = definition("end_test_force")
    assert known is not None
    assert known.caution == CAUTION


@pytest.mark.parametrize(("count", "said"), [(7, "7 repetitions"), (9, "cut it to the test")])
def test_another_number_of_repetitions_is_another_test(count: int, said: str) -> None:
    tops = (*TOPS, 270.0)[:count]
    for result in evaluate_series({"total": blocks(tops)}, asked(*ALL_OUT, *FATIGUE, regime=BEAT)):
        assert result.value is None
        assert said in (result.reason or ""), result


def test_a_repetition_that_was_cut_off_is_told() -> None:
    trace = blocks()
    keep = trace.t < trace.t[-1] - 4.0
    cut = Trace(trace.t[keep], trace.force[keep], 80.0)
    (result,) = evaluate_series({"total": cut}, asked("end_test_force", regime=BEAT))
    assert result.reason == "The record ends before the last repetition does."


def test_the_scaling_factor_that_the_pulses_were_drawn_with() -> None:
    names = ("rfd_scaling_factor", "rfd_scaling_intercept", "rfd_scaling_r2", "rfr_scaling_factor")
    got = by_name(evaluate_series({"total": pulses()}, asked(*names)))
    assert got["rfd_scaling_factor"].value == pytest.approx(9.0, rel=0.01)
    assert got["rfd_scaling_intercept"].value == pytest.approx(50.0, abs=30.0)
    assert got["rfd_scaling_r2"].value == pytest.approx(1.0, abs=1e-3)
    assert got["rfr_scaling_factor"].value == pytest.approx(-10.0, rel=0.01)


def test_pulses_below_a_fifth_of_the_strongest_count() -> None:
    trace = pulses()
    # The strongest is made half as strong again: pulses of 100 N are then a sixth of it, which is no effort elsewhere.
    high = (trace.t > 7.9) & (trace.t < 8.5)
    strong = Trace(trace.t, np.where(high, 5.0 + 1.5 * (trace.force - 5.0), trace.force), 1000.0)
    assert len(evaluate({"total": strong}, asked())) < 40
    (result,) = evaluate_series({"total": strong}, asked("rfd_scaling_r2"))
    assert result.value is not None, result.reason


@pytest.mark.parametrize(
    ("trace", "said"),
    [
        (pulses(rate=80.0), "rate: 80 Hz"),
        (pulses(count=20), "20 usable pulses"),
        (Trace(np.arange(2000) / 200.0, np.full(2000, 5.0), 200.0), "no effort"),
        (Trace(np.empty(0), np.empty(0), 1000.0), "no effort"),
    ],
)
def test_why_there_is_no_scaling_factor(trace: Trace, said: str) -> None:
    (result,) = evaluate_series({"total": trace}, asked("rfd_scaling_factor"))
    assert result.value is None
    assert said in (result.reason or "")


def test_times_of_arrival_carry_no_scaling_factor() -> None:
    fast = pulses()
    (result,) = evaluate_series(
        {"total": Trace(fast.t, fast.force, 1000.0, own_time=False)}, asked("rfd_scaling_factor")
    )
    assert "arrival" in (result.reason or "")


def test_pulses_whose_onset_goes_by_body_weight_need_one() -> None:
    by_weight = structs.replace(asked("rfd_scaling_factor"), onset=OnsetRule(rule="bw1"))
    (without,) = evaluate_series({"total": pulses()}, by_weight)
    assert "0 usable pulses" in (without.reason or "")
    (weighed,) = evaluate_series({"total": pulses()}, by_weight, set_up=SetUp(body_mass=70.0))
    assert weighed.value == pytest.approx(9.0, rel=0.02)


def test_a_pulse_with_a_gap_carries_no_rate() -> None:
    trace = pulses(count=36)
    keep = (trace.t < 2.01) | (trace.t > 2.07)
    (result,) = evaluate_series({"total": Trace(trace.t[keep], trace.force[keep], 1000.0)}, asked("rfd_scaling_factor"))
    assert "35 usable pulses" in (result.reason or "")


def test_what_an_assessment_asks_wrongly_is_told() -> None:
    assert supported(asked(*sorted(SERIES), regime=BEAT)) == []
    assert "needs a beat" in supported(asked("end_test_force"))[0]
    assert "no number over repetitions" in supported(asked("peak_force"))[0]
    trace = blocks()
    with pytest.raises(ValueError, match="no number over repetitions"):
        evaluate_series({"total": trace}, asked("peak_force"))
    with pytest.raises(ValueError, match="one sensor"):
        evaluate_series({"left": trace, "right": trace}, asked("fatigue_index"))
    assert evaluate_series({"total": trace}, asked()) == ()


def test_a_modelled_limb_is_refused_here_too_and_not_only_by_evaluate() -> None:
    hanging = structs.replace(asked("fatigue_index"), limb_weight=LimbWeight("modelled"))
    with pytest.raises(ValueError, match="without the modelled limb weight"):
        evaluate_series({"total": blocks()}, hanging)


def test_the_numbers_over_repetitions_lie_in_their_intervals_and_scaling_factors_say_why_they_have_none() -> None:
    clean = blocks()
    rng = np.random.default_rng(3)
    trace = Trace(clean.t, clean.force + rng.normal(0.0, 0.5, len(clean.t)), clean.rate)
    got = by_name(evaluate_series({"total": trace}, asked(*FATIGUE, *ALL_OUT, regime=BEAT)))
    edge = 1.0 - 0.05 / 7.0  # twice 0.1 s at three quarters of the height, of 7 s
    best, last = TOPS[0], sum(TOPS[-3:]) / 3.0
    truth = {
        "fatigue_index": 100.0 * (best - last) / best,
        "fatigue_index_pt": 100.0 * (best - TOPS[-1]) / best,
        "end_test_force": last * edge,
        "end_test_average": 0.7 * last * edge,
    }
    for name, number in truth.items():
        low, high = got[name].interval or (0.0, 0.0)
        slack = 0.25 * (high - low)
        assert low - slack <= number <= high + slack, name
        assert high - low < 0.02 * number
    (factor, *_) = evaluate_series({"total": pulses()}, asked("rfd_scaling_factor"))
    assert factor.interval is None
    assert "steepest 20 ms" in (factor.no_interval or "")
    bare = evaluate_series({"total": trace}, asked(*FATIGUE), intervals=False)
    assert all((told.interval, told.no_interval) == (None, None) for told in bare)
