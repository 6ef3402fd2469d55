"""Jumps through the keystone: closed forms in, numbers with reasons, flags and marks out. Truths are formulas."""

from dataclasses import replace

import numpy as np
import pytest
from msgspec import structs

from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.assessments import available
from forcelab.evaluate import evaluate, ground_force, strongest, supported
from forcelab.model import Assessment, Evaluation, JumpForm, Role, SetUp, Trace
from tests.analysis.jump.signals import (
    DROP_ENTRY,
    DROP_VELOCITY,
    FLIGHT,
    GRAVITY,
    MASS,
    SQUAT_VELOCITY,
    VELOCITY,
    WEIGHT,
    countermovement,
    drop,
    sample,
    squat,
)

CMJ, SJ, DJ = (available()[name][0] for name in ("cmj", "sj", "dj_30"))


def given(evaluation: Evaluation) -> dict[str, float]:
    return {result.metric: result.value for result in evaluation.results if result.value is not None}


def why(evaluation: Evaluation, metric: str) -> str:
    return next(result.reason or "" for result in evaluation.results if result.metric == metric)


def with_metrics(assessment: Assessment, *metrics: str) -> Assessment:
    return Assessment(
        **{name: getattr(assessment, name) for name in assessment.__struct_fields__} | {"metrics": metrics}
    )


def with_form(assessment: Assessment, form: JumpForm | None) -> Assessment:
    return structs.replace(assessment, jump=form)


def shared_out(trace: Trace, share: float = 0.45) -> dict[Role, Trace]:
    return {
        "left": replace(trace, force=share * trace.force),
        "right": replace(trace, force=(1.0 - share) * trace.force),
    }


def test_a_countermovement_jump_in_closed_form() -> None:
    (jump,) = evaluate({"total": sample(countermovement())}, CMJ)
    got = given(jump)
    assert got["jump_height"] == pytest.approx(0.317566, rel=5e-4)
    assert got["jump_height_flight"] == pytest.approx(0.317566, rel=2e-3)
    assert got["flight_time"] == pytest.approx(FLIGHT, rel=1e-3)
    assert got["takeoff_velocity"] == pytest.approx(VELOCITY, rel=3e-4)
    assert got["body_weight"] == pytest.approx(WEIGHT)
    assert jump.effort is None
    assert jump.jump is not None
    assert jump.jump.kind == "cmj"
    assert jump.weighing is not None
    assert not jump.weighing.given
    assert jump.verdict == "trusted"
    assert [result.metric for result in jump.results] == list(CMJ.metrics)
    assert all(result.recipe.startswith(f"{result.metric}/") for result in jump.results)


def test_a_squat_jump_and_a_drop_jump_in_closed_form() -> None:
    (jump,) = evaluate({"total": sample(squat())}, SJ)
    assert given(jump)["takeoff_velocity"] == pytest.approx(SQUAT_VELOCITY, rel=1e-3)
    (bounce,) = evaluate({"total": sample(drop())}, DJ)
    assert bounce.jump is not None
    assert bounce.jump.entry == pytest.approx(DROP_ENTRY)
    assert given(bounce)["takeoff_velocity"] == pytest.approx(DROP_VELOCITY, rel=2e-3)
    (guess,) = evaluate({"total": sample(drop())}, with_form(DJ, JumpForm("dj")))
    assert guess.jump is not None
    assert guess.jump.entry_from == "flight"


def test_two_plates_are_one_body_and_tell_its_sides() -> None:
    trace = sample(countermovement())
    (jump,), (alone,) = evaluate(shared_out(trace), CMJ), evaluate({"total": trace}, CMJ)
    got, expected = given(jump), given(alone)
    assert expected == pytest.approx({name: got[name] for name in expected}, rel=1e-9)
    sides = {name for name in got if name.endswith("_asymmetry")}
    assert len(sides) == 5
    assert [got[name] for name in sides] == pytest.approx([10.0] * 5)
    assert "one plate" in why(alone, "braking_asymmetry")


def test_plates_that_do_not_keep_the_same_beat_are_added_on_all_their_times() -> None:
    left = sample(lambda tau: 0.5 * countermovement()(tau), 1000.0)
    right = sample(lambda tau: 0.5 * countermovement()(tau), 900.0, phase=0.3)
    whole = ground_force({"left": left, "right": right})
    inside = left.t[(left.t >= right.t[0]) & (left.t <= right.t[-1])]
    # Some times of the two clocks are the same but for their last bit.
    assert np.abs(whole.t[whole.t.searchsorted(inside - 1e-8)] - inside).max() < 1e-8
    assert np.diff(whole.t).min() > 1e-6
    (jump,) = evaluate({"left": left, "right": right}, CMJ)
    assert given(jump)["jump_height"] == pytest.approx(0.317566, rel=2e-3)


def test_jumps_of_one_record_come_in_order_and_the_highest_stands_for_it() -> None:
    low, high = sample(countermovement()), sample(countermovement(), after=4.0)
    strong = 1.0 + 0.05 * ((high.t > 2.0) & (high.t < 2.6))
    t = np.concatenate((low.t, low.t[-1] + 0.001 + high.t))
    trace = Trace(t, np.concatenate((low.force, high.force * strong)), 1000.0)
    jumps = evaluate({"total": trace}, CMJ)
    assert len(jumps) == 2
    takeoffs = [jump.jump.takeoff for jump in jumps if jump.jump]
    assert takeoffs == sorted(takeoffs)
    assert given(jumps[1])["jump_height"] > given(jumps[0])["jump_height"]
    assert strongest(jumps) is jumps[1]


def test_a_record_without_a_jump_says_so_for_every_number() -> None:
    t = np.arange(3000) / 1000.0
    for trace in (Trace(t, np.full(3000, 700.0), 1000.0), Trace(t[:0], t[:0], 1000.0)):
        (nothing,) = evaluate({"total": trace}, CMJ)
        assert (nothing.effort, nothing.jump, nothing.verdict) == (None, None, "repeat")
        assert all(
            result.value is None and (result.reason or "").startswith("no jump found") for result in nothing.results
        )


def test_a_weight_that_was_given_stands_in_where_nobody_stands_still() -> None:
    trace = sample(drop(), after=0.95)  # the record ends as the landing does
    (without,), (with_mass,) = (
        evaluate({"total": trace}, DJ),
        evaluate({"total": trace}, DJ, set_up=SetUp(body_mass=MASS)),
    )
    assert why(without, "takeoff_velocity").startswith("nobody stands still")
    assert given(with_mass)["takeoff_velocity"] == pytest.approx(DROP_VELOCITY, rel=2e-3)
    assert with_mass.weighing is not None
    assert with_mass.weighing.given
    recipe = next(result.recipe for result in with_mass.results if result.metric == "takeoff_velocity")
    assert "as given" in recipe
    # A stand in the record is worth more than what was told.
    (weighed,) = evaluate({"total": sample(countermovement())}, CMJ, set_up=SetUp(body_mass=60.0))
    assert given(weighed)["body_mass"] == pytest.approx(MASS)


def test_gravity_is_that_of_the_place() -> None:
    (jump,) = evaluate({"total": sample(countermovement())}, CMJ, set_up=SetUp(gravity=2.0 * GRAVITY))
    assert given(jump)["body_mass"] == pytest.approx(0.5 * MASS)


def test_a_slow_plate_gives_what_it_does_not_carry_only_when_asked() -> None:
    trace = sample(countermovement(), 100.0)
    (jump,), (all_of_it,) = evaluate({"total": trace}, CMJ), evaluate({"total": trace}, CMJ, show_all=True)
    assert why(jump, "jump_height").startswith("rate:")
    shown = next(result for result in all_of_it.results if result.metric == "jump_height")
    assert (shown.mark, shown.value is None) == ("below_rate", False)


def test_what_cannot_be_is_refused_in_a_sentence() -> None:
    trace = sample(countermovement())
    with pytest.raises(ValueError, match="onset cannot be set by hand"):
        evaluate({"total": trace}, CMJ, onset_at=2.0)
    with pytest.raises(ValueError, match="left and a right"):
        evaluate({"total": trace, "left": trace}, CMJ)
    with pytest.raises(ValueError, match="left and a right"):
        evaluate({}, CMJ)
    for set_up in (SetUp(body_mass=0.0), SetUp(body_mass=float("nan")), SetUp(gravity=0.0)):
        with pytest.raises(ValueError, match=r"mass|free fall"):
            evaluate({"total": trace}, CMJ, set_up=set_up)


def test_what_an_assessment_asks_wrongly_is_told() -> None:
    assert supported(CMJ) == []
    assert "'rfd_0_100'" in supported(with_metrics(CMJ, "rfd_0_100"))[0]
    assert "which jump" in supported(with_form(CMJ, None))[0]
    assert "box" in supported(with_form(CMJ, JumpForm("cmj", 0.3)))[0]
    assert supported(with_metrics(CMJ, *JUMP_METRICS)) == []


def test_each_number_of_a_jump_has_an_interval_or_a_reason_and_without_intervals_nothing_is_said() -> None:
    trace = sample(countermovement(), 1000.0, noise=0.5)
    every = with_metrics(CMJ, *JUMP_METRICS)
    (whole,), (bare,) = evaluate({"total": trace}, every), evaluate({"total": trace}, every, intervals=False)
    for told in whole.results:
        if told.value is None:
            assert (told.interval, told.no_interval) == (None, None), told.metric
        else:
            assert (told.interval is None) != (told.no_interval is None), told.metric
    assert [told.value for told in whole.results] == [told.value for told in bare.results]
    assert all((told.interval, told.no_interval) == (None, None) for told in bare.results)
    assert "jump noise again/" in whole.rules
    assert "noise again/" not in bare.rules
    low, high = next(told.interval or (0.0, 0.0) for told in whole.results if told.metric == "jump_height")
    assert 0.3 < low < high < 0.33
