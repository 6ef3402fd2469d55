"""Who stands on the sensor is weighed before the pull, and slack and dips are judged by 50 N and not by the peak."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from forcelab.assessments import available
from forcelab.evaluate import evaluate, evaluate_series
from forcelab.model import Assessment, Evaluation, OnsetRule, SetUp, Trace

WEIGHT, PULL, ONSET = 784.8, 1000.0, 3.0  # 80 kg at 9.81 m/s²
STANDING: Assessment = msgspec.structs.replace(
    available()["free"][0],
    standing=True,
    metrics=("peak_force", "peak_force_gross", "peak_force_per_kg", "peak_force_percent_bw"),
    onset=OnsetRule(rule="bw2.5"),
)


def pull(*, dip: float = 0.0, held: float = 0.0, empty: float = 0.0, stands: float = 0.0) -> Trace:
    """A pull of 1000 N over body weight from 3 s on, 0.3 s of rise; `dip` N lost in the 0.1 s before it."""
    t = np.arange(7001) / 1000.0
    rise = 0.5 * PULL * (1.0 - np.cos(np.pi * np.clip((t - ONSET) / 0.3, 0.0, 1.0)))
    gone = np.where((t > 2.9) & (t < 3.0), dip, 0.0)
    noise = np.random.default_rng(1).normal(0.0, 1.0, len(t))
    restless = np.where(t < stands, 200.0 * np.sin(40.0 * t), 0.0)
    return Trace(t, empty + WEIGHT + held + rise - gone + noise + restless, 1000.0, zero=empty)


def value(evaluation: Evaluation, metric: str) -> float | None:
    return next(result.value for result in evaluation.results if result.metric == metric)


def names(trace: Trace, set_up: SetUp | None = None, assessment: Assessment = STANDING) -> dict[str, bool]:
    (evaluation,) = evaluate({"total": trace}, assessment, set_up=set_up, intervals=False)
    return {flag.name: flag.assessed for flag in evaluation.flags if flag.name in ("PRELOAD", "COUNTERMOVEMENT")}


@pytest.mark.parametrize("empty", [0.0, 30.0])
def test_the_body_is_weighed_in_the_record_above_the_zero(empty: float) -> None:
    (evaluation,) = evaluate({"total": pull(empty=empty)}, STANDING, intervals=False)
    assert value(evaluation, "peak_force") == pytest.approx(PULL, abs=5.0)
    assert value(evaluation, "peak_force_gross") == pytest.approx(PULL + WEIGHT + empty, abs=5.0)
    assert value(evaluation, "peak_force_per_kg") == pytest.approx(PULL / 80.0, abs=0.08)
    assert value(evaluation, "peak_force_percent_bw") == pytest.approx(100.0 * PULL / WEIGHT, abs=0.8)
    assert evaluation.weighing is not None
    assert evaluation.weighing.weight == pytest.approx(WEIGHT, abs=0.2)
    assert 0.99 <= evaluation.weighing.stop - evaluation.weighing.start <= 1.001
    assert evaluation.weighing.stop <= ONSET + 0.05
    # 2.5 % of 784.8 N = 19.62 N on the cosine: 300 ms / π · acos(1 − 19.62 / 500).
    assert evaluation.effort is not None
    assert evaluation.effort.onset - ONSET == pytest.approx(0.3 / np.pi * np.arccos(1.0 - 19.62 / 500.0), abs=0.002)


def test_a_measured_mass_counts_and_the_recipe_tells_the_two_apart() -> None:
    by_scale, by_plate = (
        evaluate({"total": pull()}, STANDING, set_up=set_up, intervals=False)[0]
        for set_up in (SetUp(body_mass=100.0), None)
    )
    assert value(by_scale, "peak_force_per_kg") == pytest.approx(PULL / 100.0, abs=0.08)
    recipes = [one.results[2].recipe for one in (by_scale, by_plate)]
    assert recipes[0] != recipes[1]
    assert "weighing" in recipes[1]


def test_an_onset_by_body_weight_tells_the_two_apart_too() -> None:
    early = msgspec.structs.replace(STANDING, metrics=("rfd_0_100", "peak_force"))
    compared = msgspec.structs.replace(early, onset=OnsetRule(compare=("bw1",)))
    for set_up, told in ((SetUp(body_mass=80.0), False), (None, True)):
        (one,) = evaluate({"total": pull()}, early, set_up=set_up)
        assert ("weighing" in one.results[0].recipe) == told
        (one,) = evaluate({"total": pull()}, compared, set_up=set_up)
        assert ("weighing" in one.rules.split("range ")[1]) == told
    one = evaluate({"total": pull()}, early)[0]
    assert "weighing" not in one.results[1].recipe, "peak force rests on no onset"
    assert "body weight/" in one.rules


def test_over_repetitions_the_weight_is_that_of_the_trial() -> None:
    test = msgspec.structs.replace(STANDING, series=("rfd_scaling_factor",), onset=OnsetRule(rule="bw5"))
    single = np.exp(-0.5 * ((np.arange(1000) / 1000.0 - 0.5) / 0.05) ** 2)
    tops = np.linspace(200.0, 1000.0, 40)
    t = np.arange(3000 + 40 * 1000) / 1000.0
    force = np.concatenate((np.zeros(3000), np.outer(tops, single).ravel()))
    noise = np.random.default_rng(0).normal(0.0, 0.5, len(t))
    trace = Trace(t, WEIGHT + force + noise, 1000.0, zero=0.0)
    (weighed,) = evaluate_series({"total": trace}, test)
    # Slope of a bell of SD s: at most top · exp(−1/2) / s.
    assert weighed.value == pytest.approx(np.exp(-0.5) / 0.05, rel=0.03)
    assert "weighing" in weighed.recipe
    (by_scale,) = evaluate_series({"total": trace}, test, set_up=SetUp(body_mass=WEIGHT / 9.81))
    assert by_scale.value == pytest.approx(weighed.value, rel=1e-3)
    assert "weighing" not in by_scale.recipe
    (sitting,) = evaluate_series({"total": trace}, msgspec.structs.replace(test, standing=False))
    assert sitting.value is None


def test_who_does_not_stand_still_for_a_second_has_no_weight() -> None:
    (evaluation,) = evaluate({"total": pull(stands=2.5)}, STANDING, intervals=False)
    assert value(evaluation, "peak_force_per_kg") is None
    assert value(evaluation, "peak_force") == pytest.approx(PULL, abs=5.0)


def test_who_stands_there_rests_for_a_whole_second_and_the_recipe_tells_so() -> None:
    swaying = pull()
    swaying = replace(
        swaying, force=swaying.force + 5.0 * np.sin(2.0 * np.pi * swaying.t)
    )  # one sway a second: none in a second's mean
    sitting = msgspec.structs.replace(STANDING, standing=False, onset=OnsetRule())
    for test, seconds in ((STANDING, 1.0), (sitting, 0.5)):
        (found,) = evaluate({"total": swaying}, test, set_up=SetUp(body_mass=80.0), intervals=False)
        assert found.effort is not None
        base = found.effort.baseline
        assert base.stop - base.start == pytest.approx(seconds, abs=0.0015)
        off = abs(base.mean - WEIGHT)
        assert off < 0.2 if test.standing else off > 1.0  # half a sway: up to 2 · 5 / π N
        assert f"quiet latest/3(window={seconds:g}," in found.results[0].recipe
        assert f"quiet latest/3(window={seconds:g}," in found.rules


def test_less_than_a_second_is_no_quiet_phase_of_who_stands_there() -> None:
    whole = pull()
    late = whole.t >= ONSET - 0.9
    short = Trace(whole.t[late], whole.force[late], 1000.0, zero=0.0)
    sitting = msgspec.structs.replace(STANDING, standing=False, onset=OnsetRule())
    for test, told in ((STANDING, [("NO_QUIET", 1.0)]), (sitting, [])):
        (found,) = evaluate({"total": short}, test, set_up=SetUp(body_mass=80.0), intervals=False)
        assert [(flag.name, flag.limit) for flag in found.flags if flag.name == "NO_QUIET"] == told


def test_50_n_over_body_weight_are_slack_and_more_are_pre_load() -> None:
    eighty = SetUp(body_mass=80.0)
    assert names(pull(held=48.0), eighty) == {}
    assert names(pull(held=52.0), eighty) == {"PRELOAD": True}
    assert names(pull()) == {"PRELOAD": False}, "without a mass it is not assessed"
    sitting = msgspec.structs.replace(STANDING, standing=False)
    assert names(pull(), eighty, sitting) == {"PRELOAD": True}, "who does not stand there presses with all that"


def test_50_n_below_body_weight_before_the_peak_are_a_countermovement() -> None:
    eighty = SetUp(body_mass=80.0)
    assert names(pull(dip=45.0), eighty) == {}
    assert names(pull(dip=56.0), eighty) == {"COUNTERMOVEMENT": True}
    assert "COUNTERMOVEMENT" in names(pull(dip=45.0), eighty, msgspec.structs.replace(STANDING, standing=False))
