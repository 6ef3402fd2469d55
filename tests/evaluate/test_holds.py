"""Holds through the keystone, against closed forms: what is cut out of a record, and what is refused and why."""

import numpy as np
import pytest
from msgspec import structs

from forcelab.evaluate import evaluate, supported
from forcelab.evaluate.holds import HOLD_NUMBERS
from forcelab.model import Array, Assessment, Evaluation, OnsetRule, Result, SetUp, Trace
from tests.signals import assessment

STEADY = ("steadiness_cv", "steadiness_cv_raw", "rmse_target", "mean_error_target", "time_in_band")
DECLINE = ("fatigue_index_auc", "time_to_half", "decline")
TREMOR = 4.0
"""N, at 8 Hz."""


def hold(*metrics: str, target: float | None = 200.0, length: float = 15.0) -> Assessment:
    band = None if target is None else (0.95 * target, 1.05 * target)
    return structs.replace(assessment(*metrics), kind="hold", hold=length, target=band)


def record(net: Array, t: Array) -> Trace:
    return Trace(t, 20.0 + net, 80.0, zero=20.0)


def held(*, rise: float = 1.0, until: float = 16.5, top: float = 200.0, end: float = 20.0) -> Trace:
    """Rest to 1 s, up in `rise` s, a tremor about `top` until it is let go within 0.2 s."""
    t = np.arange(0.0, end, 1.0 / 80.0)
    shape = np.interp(t, [1.0, 1.0 + rise, until, until + 0.2], [0.0, 1.0, 1.0, 0.0])
    return record(shape * (top + TREMOR * np.cos(2.0 * np.pi * 8.0 * t)), t)


def by_name(evaluation: Evaluation) -> dict[str, Result]:
    return {result.metric: result for result in evaluation.results}


def one(trace: Trace, asked: Assessment) -> Evaluation:
    (evaluation,) = evaluate({"total": trace}, asked)
    return evaluation


def test_a_tremor_in_closed_form() -> None:
    got = by_name(one(held(), hold(*STEADY)))
    rms = TREMOR / np.sqrt(2.0)
    assert got["steadiness_cv"].value == pytest.approx(100.0 * rms / 200.0, rel=0.02)
    assert got["rmse_target"].value == pytest.approx(rms, rel=0.02)
    assert got["time_in_band"].value == pytest.approx(100.0)
    assert all("90 % of the target" in result.recipe and "15 s after onset" in result.recipe for result in got.values())


def test_the_target_is_a_measurement_of_the_day_and_no_part_of_a_recipe() -> None:
    by_target = [
        {name: result.recipe for name, result in by_name(one(held(), hold(*STEADY, target=target))).items()}
        for target in (200.0, 210.0, None)
    ]
    assert by_target[0] == by_target[1]
    assert all(by_target[2][name] != by_target[0][name] for name in STEADY)  # by peak, where there is no target


def test_what_is_looked_at_ends_with_the_command_and_not_with_the_release() -> None:
    longer = held(until=25.0, end=30.0)
    wild = np.where(longer.t > 16.5, 100.0 * np.sin(20.0 * longer.t), 0.0)
    got = by_name(one(Trace(longer.t, longer.force + wild, 80.0, zero=20.0), hold("steadiness_cv")))
    assert got["steadiness_cv"].value == pytest.approx(100.0 * TREMOR / np.sqrt(2.0) / 200.0, rel=0.02)


def test_a_slow_start_is_no_doubt_about_a_hold() -> None:
    evaluation = one(held(rise=2.5), hold("steadiness_cv", "peak_force"))
    assert evaluation.verdict == "trusted", evaluation.flags
    assert not {"PEAK_LATE", "SHORT_HOLD", "SLOW_RISE", "CREEP"} & {flag.name for flag in evaluation.flags}
    explosive = one(held(rise=2.5), hold("steadiness_cv", "rfd_0_200"))
    assert explosive.verdict == "peak_only"


def test_a_force_that_was_to_be_held_may_rise_at_its_end() -> None:
    t = np.arange(0.0, 20.0, 1.0 / 80.0)
    rising = record(np.interp(t, [1.0, 2.0, 15.0, 16.5, 16.7], [0.0, 200.0, 200.0, 260.0, 0.0]), t)
    asked = hold("steadiness_cv")
    assert one(rising, asked).verdict == "trusted"
    effort = one(rising, structs.replace(asked, kind="effort", metrics=("peak_force",)))
    assert "PEAK_LATE" in {flag.name for flag in effort.flags}


def test_where_no_onset_is_known_no_hold_ends_by_it() -> None:
    by_weight = structs.replace(hold(*STEADY, *DECLINE), onset=OnsetRule(rule="bw1"))
    for result in one(held(), by_weight).results:
        assert (result.reason or "").startswith("no onset"), result
    (weighed,) = evaluate({"total": held()}, by_weight, set_up=SetUp(body_mass=70.0))
    assert by_name(weighed)["steadiness_cv"].value is not None


def test_letting_go_early_is_refused_and_no_unsteadiness() -> None:
    got = by_name(one(held(until=9.0), hold(*STEADY, *DECLINE)))
    for result in got.values():
        assert result.value is None
        assert "was let go after 8." in (result.reason or ""), result


def test_a_record_that_ends_too_early_is_refused() -> None:
    trace = held(until=40.0, end=12.0)
    got = by_name(one(trace, hold("steadiness_cv", "decline")))
    assert [result.value for result in got.values()] == [None, None]
    assert all("record" in (result.reason or "") for result in got.values())


def test_a_target_that_is_never_reached_and_none_at_all() -> None:
    weak = by_name(one(held(), hold(*STEADY, target=400.0)))
    assert all("never comes to 90 %" in (result.reason or "") for result in weak.values())
    free = by_name(one(held(), hold(*STEADY, target=None)))
    assert free["steadiness_cv"].value == pytest.approx(100.0 * TREMOR / np.sqrt(2.0) / 200.0, rel=0.02)
    assert free["rmse_target"].reason == "No target force was set."


def test_a_sustained_effort_declines_by_the_straight_line_it_was_drawn_with() -> None:
    t = np.arange(0.0, 70.0, 1.0 / 80.0)
    net = np.interp(t, [1.0, 1.2, 61.2, 61.4], [0.0, 500.0, 300.0, 0.0])
    got = by_name(one(record(net, t), hold(*DECLINE, target=None, length=60.0)))
    loss = 100.0 * (1.0 - (500.0 + 500.0 - 200.0 * 59.8 / 60.0) / 2.0 / 500.0)
    assert got["fatigue_index_auc"].value == pytest.approx(loss, rel=0.01)
    assert got["decline"].value == pytest.approx(-100.0 * 200.0 / 60.0 / 500.0, rel=0.01)
    assert "above half" in (got["time_to_half"].reason or "")


def test_an_effort_may_be_asked_how_steady_its_plateau_was() -> None:
    asked = structs.replace(assessment("peak_force", "steadiness_cv", "rfd_0_200"), hold=15.0)
    evaluation = one(held(rise=0.3), asked)
    assert [result.metric for result in evaluation.results] == ["peak_force", "steadiness_cv", "rfd_0_200"]
    got = by_name(evaluation)
    assert got["steadiness_cv"].value == pytest.approx(100.0 * TREMOR / np.sqrt(2.0) / 200.0, rel=0.02)
    assert "90 % of peak" in got["steadiness_cv"].recipe
    nothing = one(Trace(np.arange(500) / 80.0, np.full(500, 20.0), 80.0), asked)
    assert all((result.reason or "").startswith("no effort") for result in nothing.results)


def test_every_number_of_a_hold_is_known() -> None:
    assert set(STEADY) | set(DECLINE) == HOLD_NUMBERS
    assert supported(hold(*HOLD_NUMBERS)) == []
    assert supported(structs.replace(hold(*HOLD_NUMBERS), kind="effort")) == []


def wavering(hertz: float) -> Trace:
    """As `held`, wavering by as much and as often as this."""
    t = held().t
    shape = np.interp(t, [1.0, 2.0, 16.5, 16.7], [0.0, 1.0, 1.0, 0.0])
    return record(shape * (200.0 + TREMOR * np.cos(2.0 * np.pi * hertz * t)), t)


def noisy(trace: Trace, sd: float, seed: int = 0) -> Trace:
    return record(trace.force - 20.0 + np.random.default_rng(seed).normal(0.0, sd, len(trace.t)), trace.t)


def test_an_unsteady_hold_lies_in_its_interval_and_noise_alone_is_no_unsteadiness() -> None:
    rms = TREMOR / np.sqrt(2.0)
    got = by_name(one(noisy(wavering(1.5), 0.5), hold(*STEADY)))
    for name, truth in (("steadiness_cv", 100.0 * rms / 200.0), ("rmse_target", rms)):
        low, high = got[name].interval or (0.0, 0.0)
        assert 0.9 * truth < low - 0.01 * truth < truth < high + 0.01 * truth < 1.1 * truth, name
    still = noisy(record(np.where((held().t > 1.0) & (held().t < 17.0), 200.0, 0.0), held().t), 1.0)
    low, high = by_name(one(still, hold(*STEADY)))["steadiness_cv"].interval or (1.0, 0.0)
    assert low == 0.0
    assert 0.0 < high < 0.5


def test_each_number_of_a_hold_has_an_interval_or_says_why_there_is_none() -> None:
    asked = hold(*STEADY, *DECLINE, target=200.0)
    (whole,), (bare,) = (
        evaluate({"total": noisy(wavering(1.5), 1.0)}, asked, intervals=wanted) for wanted in (True, False)
    )
    for told in whole.results:
        if told.value is None:
            assert (told.interval, told.no_interval) == (None, None), told.metric
        else:
            assert (told.interval is None) != (told.no_interval is None), told.metric
    reasons = {told.metric: told.no_interval for told in whole.results if told.no_interval}
    assert "noise adds to a mean amount" in reasons["mean_error_target"]
    assert "round top" in reasons["decline"]
    assert all((told.interval, told.no_interval) == (None, None) for told in bare.results)
    assert [told.value for told in whole.results] == [told.value for told in bare.results]
    assert "effort noise again/" in whole.rules


def test_a_tremor_that_the_samples_hardly_follow_has_no_interval() -> None:
    got = by_name(one(noisy(held(), 0.5), hold(*STEADY)))
    assert all("trembles within fewer than 20 samples" in (got[name].no_interval or "") for name in STEADY[:3])
