"""Every spoilt trial is caught, no clean one is accused, and each flag leads to the verdict that it must.

A small share of the seeds; `python -m tests.studies flags` runs them all and writes the table of rates.
"""

from dataclasses import replace

import numpy as np
import pytest

from forcelab.analysis.quality import FLAGS, verdict
from forcelab.evaluate import evaluate
from forcelab.model import Evaluation, Flag, Trace
from tests.analysis.test_efforts import pulls
from tests.signals import CLEAN, ONSET, RESOLUTION, S4, SPOILT, Signal, assessment, sample

ALL = assessment()
SEEDS = 25


def look(trace: Trace) -> Evaluation:
    evaluations = evaluate({"total": trace}, ALL, show_all=True, intervals=False)
    assert len(evaluations) == 1
    return evaluations[0]


def names(evaluation: Evaluation) -> set[str]:
    return {flag.name for flag in evaluation.flags if flag.assessed}


@pytest.mark.parametrize("rate", [1000.0, 80.0])
@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("signal", SPOILT, ids=lambda s: s.name)
def test_spoilt_is_caught(signal: Signal, noise: float, rate: float) -> None:
    for seed in range(SEEDS):
        found = names(look(sample(signal, rate, seed=seed, noise=noise, resolution=RESOLUTION)))
        assert signal.expected <= found, seed


@pytest.mark.parametrize("rate", [1000.0, 80.0])
@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("signal", CLEAN, ids=lambda s: s.name)
def test_clean_is_silent_and_trusted(signal: Signal, noise: float, rate: float) -> None:
    for seed in range(SEEDS):
        evaluation = look(sample(signal, rate, seed=seed, noise=noise, resolution=RESOLUTION))
        assert evaluation.flags == (), seed
        assert evaluation.verdict == "trusted"


def test_what_is_missing_is_told_and_is_no_doubt() -> None:
    evaluation = look(replace(sample(S4, 80.0), zero=None, capacity=None))
    assert [(flag.name, flag.assessed) for flag in evaluation.flags] == [("PRELOAD", False), ("CLIPPED", False)]
    assert evaluation.verdict == "trusted"


def test_a_dropout_takes_the_timed_numbers_and_leaves_peak_and_mean() -> None:
    missing = next(signal for signal in SPOILT if signal.missing is not None)
    evaluation = look(sample(missing, 80.0))
    kept = {result.metric for result in evaluation.results if result.value is not None}
    assert kept == {"peak_force", "peak_force_gross", "mean_1s", "mean_500ms", "mean_200ms", "plateau_ratio"}
    assert all("dropout" in (result.reason or "") for result in evaluation.results if result.value is None)
    assert evaluation.verdict == "peak_only"


def test_other_flags_take_no_number() -> None:
    preloaded = next(signal for signal in SPOILT if "PRELOAD" in signal.expected)
    evaluation = look(sample(preloaded, 1000.0))
    assert {result.metric for result in evaluation.results if result.value is None} == {"peak_rfd_2"}  # by its rate
    assert evaluation.verdict == "peak_only"


def test_a_gap_far_from_the_rise_is_no_dropout() -> None:
    late = replace(S4, missing=(3.4, 3.6))
    # The peak sits on the plateau before 3.3 s; what follows release by 0.1 s carries no number.
    assert "DROPOUT" not in names(look(sample(late, 80.0)))


def upside_down(trace: Trace, level: float) -> Trace:
    return replace(trace, force=2.0 * level - trace.force)


def signs(trace: Trace) -> list[bool]:
    """Whether SIGN is told of each effort, or of the record without any."""
    evaluations = evaluate({"total": trace}, ALL)
    told = ["SIGN" in names(evaluation) for evaluation in evaluations]
    assert all((evaluation.verdict == "repeat") >= sign for evaluation, sign in zip(evaluations, told, strict=True))
    return told


@pytest.mark.parametrize("zero", [20.0, None])
@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_a_sensor_hung_the_wrong_way_round_is_told(zero: float | None, rate: float) -> None:
    whole = replace(upside_down(sample(S4, rate, noise=0.5), 20.0), zero=zero)
    # Cut in the hold nothing rises at all; whole, letting go looks like a push.
    inside = whole.t < ONSET + 3.0
    assert signs(whole) == [True]
    (evaluation,) = evaluate({"total": replace(whole, t=whole.t[inside], force=whole.force[inside])}, ALL)
    assert evaluation.effort is None
    assert evaluation.verdict == "repeat"
    (flag,) = evaluation.flags
    assert (flag.name, flag.unit) == ("SIGN", "N")
    assert flag.value == pytest.approx(600.0, abs=3.0)
    assert flag.limit == pytest.approx(180.0, abs=1.0)
    assert "how the sensor is hung" in flag.sentence


@pytest.mark.parametrize("zero", [0.0, None])
def test_several_pulls_the_wrong_way_round_are_told_in_each_rest_that_looks_like_a_push(zero: float | None) -> None:
    trace = replace(upside_down(pulls([300.0, 300.0, 300.0]), 0.0), zero=zero)
    told = signs(trace)
    assert told
    assert all(told)


@pytest.mark.parametrize("offset", [-100.0, -500.0, 100.0])
def test_a_sensor_that_was_never_zeroed_is_not_hung_the_wrong_way(offset: float) -> None:
    trace = pulls([300.0, 300.0])
    assert signs(replace(trace, force=trace.force + offset, zero=None)) == [False, False]
    assert signs(replace(trace, force=trace.force + offset, zero=offset)) == [False, False]


@pytest.mark.parametrize("zero", [0.0, None])
def test_a_load_that_is_only_let_go_is_not_the_wrong_way(zero: float | None) -> None:
    trace = pulls([300.0])
    inside = trace.t > 4.0
    assert signs(replace(trace, t=trace.t[inside], force=trace.force[inside], zero=zero)) == [False]


def test_noise_and_emptiness_are_no_wrong_way() -> None:
    t = np.arange(800) / 80.0
    noise = np.random.default_rng(0).normal(0.0, 1.0, len(t))
    assert signs(Trace(t, noise, 80.0, zero=0.0)) == [False]
    assert signs(Trace(t[:0], noise[:0], 80.0)) == [False]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((), "trusted"),
        (("NOISY_BASELINE", "SHORT_HOLD", "DOUBLE_PUSH"), "trusted"),
        *(
            ((name,), "peak_only")
            for name in [
                "PRELOAD",
                "PRETENSION",
                "CREEP",
                "COUNTERMOVEMENT",
                "SLOPE",
                "NO_QUIET",
                "DROPOUT",
                "SLOW_RISE",
                "NO_ONSET",
            ]
        ),
        *(((name,), "repeat") for name in ("CLIPPED", "SIGN", "PEAK_LATE")),
        (("PRELOAD", "CLIPPED"), "repeat"),
    ],
)
def test_verdict(flags: tuple[str, ...], expected: str) -> None:
    assert verdict([Flag(name, "") for name in flags]) == expected


def test_every_flag_has_a_spoilt_trial() -> None:
    caught = frozenset().union(*(signal.expected for signal in SPOILT))
    assert caught <= set(FLAGS)
    # No onset is a matter of the rule that was chosen, an unsettled scale one of the sensor, and neither of a record.
    assert set(FLAGS) - caught <= {"NO_ONSET", "SCALE"}


@pytest.mark.parametrize("rest", [1.0, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_the_next_push_is_not_the_late_peak_of_this_one(rest: float, rate: float) -> None:
    evaluations = evaluate({"total": pulls([150.0, 500.0, 300.0], hold=0.7, rest=rest, rate=rate)}, ALL)
    assert len(evaluations) == 3
    assert not any("PEAK_LATE" in names(evaluation) for evaluation in evaluations)


def test_what_rests_on_nobodys_study_says_so() -> None:
    for name in ("SHORT_HOLD", "DOUBLE_PUSH", "SIGN"):
        assert FLAGS[name].source == "our own judgement"
