"""A number that a doubt takes away says so itself: nobody has to read the verdict to know it is not to be used."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from forcelab.analysis.jump.example import by_hand
from forcelab.analysis.jump.flags_athlete import no_dip
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.quality import FLAGS
from forcelab.evaluate import evaluate, summarise
from forcelab.evaluate.doubted import of_jump
from forcelab.model import Assessment, Evaluation, Flag, Result, SetUp, Trace
from forcelab.report.notes import legend, notes, signs
from forcelab.report.results import term, verdict_words
from tests.analysis.jump.signals import countermovement
from tests.analysis.jump.signals import sample as jumped
from tests.evaluate.test_holds import held, hold
from tests.evaluate.test_jumps import CMJ
from tests.signals import S4, SPOILT, Signal, assessment, raised_cosine, sample
from tests.test_summary import Kept

ALL = assessment()


def one(trace: Trace, asked: Assessment = ALL, *, show_all: bool = False) -> Evaluation:
    return evaluate({"total": trace}, asked, show_all=show_all)[0]


def by_name(evaluation: Evaluation) -> dict[str, Result]:
    return {result.metric: result for result in evaluation.results}


def raised(evaluation: Evaluation) -> set[str]:
    return {flag.name for flag in evaluation.flags if flag.assessed}


@pytest.mark.parametrize("signal", [signal for signal in SPOILT if signal.expected], ids=lambda signal: signal.name)
@pytest.mark.parametrize("show_all", [False, True])
def test_every_number_that_a_flag_rejects_is_marked_and_no_other(signal: Signal, show_all: bool) -> None:
    evaluation = one(sample(signal, 1000.0, noise=0.3), show_all=show_all)
    rejects = {FLAGS[name].rejects for name in raised(evaluation)}
    for result in evaluation.results:
        gone = "all" in rejects or ("timed" in rejects and METRICS[result.metric].timed)
        if result.value is None:
            assert result.mark is None, result.metric
            continue
        assert (result.mark == "rejected") is gone, result.metric
        if gone:
            assert result.interval is None
            by = (result.no_interval or "").removeprefix("no interval: rejected by ").split(", ")
            assert by
            assert set(by) <= raised(evaluation)
            assert signs(result)[0] == "x"
    if rejects & {"all", "timed"} and "DROPOUT" not in raised(evaluation):
        assert legend(evaluation.results)[0].startswith("x: rejected")


def test_rejected_is_told_before_what_the_rate_does_not_carry() -> None:
    early = by_name(one(sample(SPOILT[0], 80.0), show_all=True))["rfd_0_50"]
    assert (early.mark, early.value is None) == ("rejected", False)


def test_a_torque_is_rejected_with_the_force_that_it_follows_from() -> None:
    asked = assessment("peak_torque", "peak_force_per_kg", "rtd_0_200")
    clipped = next(signal for signal in SPOILT if signal.expected == {"CLIPPED"})
    (made,) = evaluate({"total": sample(clipped, 1000.0)}, asked, set_up=SetUp(body_mass=70.0, lever_arm=0.8))
    assert [(result.mark, result.interval) for result in made.results] == [("rejected", None)] * 3


def test_no_rejected_number_enters_a_score() -> None:
    doubted, clean = one(sample(SPOILT[0], 1000.0)), one(sample(S4, 1000.0))
    assert doubted.verdict == "peak_only"
    found = summarise([Kept(1, "left", doubted, None), Kept(2, "left", clean, None)], ALL).sides["left"]
    assert len(found.values["rfd_0_200"]) == 1
    assert len(found.values["peak_force"]) == 2


def test_noise_that_sets_the_onset_makes_what_rests_on_it_indicative() -> None:
    # 5 SD of 3 N are 15 N; 2 % of 600 N are 12 N; 1 % of peak, 6 N, is quiet enough.
    evaluation = one(sample(S4, 1000.0, noise=3.0))
    assert raised(evaluation) == {"NOISY_BASELINE"}
    for name, result in by_name(evaluation).items():
        if result.value is not None:
            assert result.mark == ("indicative" if METRICS[name].timed else None), name
    (words,) = (line for line in legend(evaluation.results) if line.startswith("i:"))
    assert "noise" in words


def test_of_a_mean_over_more_than_the_push_it_is_said_that_part_of_it_is_rest() -> None:
    # Above threshold for less than 0.8 s: up in 0.3 s, at once let go within 0.3 s.
    short = by_name(one(sample(Signal("short", raised_cosine(), 0.45), 1000.0, noise=0.3)))
    for name in ("mean_1s", "plateau_ratio"):
        assert (short[name].mark, short[name].interval) == ("indicative", None), name
        assert "part of which is rest" in (short[name].no_interval or "")
    for name in ("mean_500ms", "mean_200ms", "peak_force"):
        assert short[name].mark is None, name
    assert by_name(one(sample(S4, 1000.0)))["mean_1s"].mark is None


def test_a_push_that_is_cut_off_has_no_mean_to_rely_on() -> None:
    cut = next(signal for signal in SPOILT if signal.cut == 0.25)
    mean = by_name(one(sample(cut, 1000.0)))["mean_1s"]
    assert (mean.mark, mean.interval) == ("rejected", None)


def test_a_hold_may_begin_as_it_likes_and_no_early_number_is_promised() -> None:
    trace = held(rise=2.5)
    # A quarter of a second of slow pull and a swing before it: of an effort both are doubted.
    before = 20.0 + np.interp(trace.t, [0.5, 0.9, 1.0], [0.0, 0.0, 3.0])
    leaning = Trace(trace.t, np.where(trace.t < 1.0, before, np.maximum(trace.force, 23.0)), 80.0, zero=20.0)
    of_hold = one(leaning, hold("steadiness_cv", "peak_force"))
    early = {"PRETENSION", "SLOPE", "COUNTERMOVEMENT", "CREEP", "SLOW_RISE"}
    assert not early & raised(of_hold)
    assert not any("push at once" in flag.sentence for flag in of_hold.flags)
    assert of_hold.verdict == "trusted"
    assert "rate of force development" not in verdict_words(of_hold).sentence
    explosive = one(leaning, hold("steadiness_cv", "rfd_0_200"))
    assert early & raised(explosive)
    assert "rate of force development" in verdict_words(one(sample(S4, 80.0), ALL)).sentence


@pytest.mark.parametrize(
    ("flag", "gone"),
    [
        ("CLIPPED", {"jump_height", "body_weight", "flight_time", "push_peak_force"}),
        ("RESTLESS_WEIGHING", {"jump_height", "body_weight"}),
        ("SLOW_START", {"jump_height"}),
        ("HEIGHTS_DISAGREE", set()),
    ],
)
def test_a_doubt_about_a_jump_takes_what_rests_on_it(flag: str, gone: set[str]) -> None:
    names = ("jump_height", "body_weight", "flight_time", "push_peak_force")
    made = of_jump([Result(name, 1.0, "", "r") for name in names], [Flag(flag, ""), Flag("DIP", "", assessed=False)])
    assert {result.metric for result in made if result.mark == "rejected"} == gone


def test_a_jump_at_the_end_of_its_plate_has_no_number_to_use() -> None:
    trace = jumped(countermovement())
    full = Trace(trace.t, np.minimum(trace.force, 1800.0), trace.rate, capacity=1800.0)
    (jump,) = evaluate({"total": full}, CMJ)
    assert "CLIPPED" in raised(jump)
    assert {result.mark for result in jump.results if result.value is not None} == {"rejected"}
    assert {result.no_interval for result in jump.results if result.value is not None} == {
        "no interval: rejected by CLIPPED"
    }


def test_an_asymmetry_tells_its_side_and_a_jump_without_depth_no_minus_zero() -> None:
    (said,) = notes([Result("braking_asymmetry", 10.0, "%", ""), Result("landing_asymmetry", -4.0, "%", "")])
    assert said.startswith("Asymmetry of braking (+ right), Asymmetry of landing (+ right): 100 (R − L) / (R + L)")
    assert signs(Result("leg_stiffness", 5000.0, "N/m", "", mark="indicative")) == ("~",)
    assert term("braking_impulse_left_gross") == "Gross impulse of braking, left"
    flag = no_dip(replace(by_hand("sj"), marks=msgspec.structs.replace(by_hand("sj").marks, kind="cmj")))
    assert flag is not None
    assert "by only 0.00 m" in flag.sentence
