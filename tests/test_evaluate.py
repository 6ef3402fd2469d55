"""What `evaluate` promises, on curves that no test author chose: laws, short records, other people's."""

import csv
import math
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelab.analysis.metrics import METRICS
from forcelab.evaluate import evaluate, same_definition, strongest, supported
from forcelab.model import Array, Evaluation, Trace
from tests.signals import ONSET, S1, S4, Signal, assessment, raised_cosine, sample

ALL = assessment()
GROSS = frozenset(name for name in METRICS if name.endswith("_gross"))
DEGREE = {"N": 1, "N/s": 1, "N·s": 1, "s": 0, "1": 0, "1/s": 0, "%/s": 0}


def one(trace: Trace, onset_at: float | None = None) -> Evaluation:
    evaluations = evaluate({"total": trace}, ALL, onset_at=onset_at, show_all=True, intervals=False)
    assert len(evaluations) == 1
    return evaluations[0]


def numbers(evaluation: Evaluation) -> dict[str, float | None]:
    return {result.metric: result.value for result in evaluation.results}


def assert_equal(
    got: Evaluation, expected: Evaluation, *, factor: float = 1.0, apart: frozenset[str] = frozenset()
) -> None:
    assert got.effort is not None
    assert expected.effort is not None
    assert numbers(expected)["rfd_0_100"] is not None
    for name, value in numbers(expected).items():
        if value is None:
            assert numbers(got)[name] is None, name
        elif name not in apart:
            scale = factor ** DEGREE[METRICS[name].unit]
            assert numbers(got)[name] == pytest.approx(value * scale, rel=1e-6, abs=1e-7), name


# Domain: noise so small that 2 % of peak sets the threshold, yet none or more than rounding (which sample of an even
# plateau is the largest is anybody's guess); and the zero is shifted and scaled with the force.
trials = st.builds(
    lambda top, rise, rate, seed, noise: sample(
        Signal("any", raised_cosine(top, rise), rise + 2.0, capacity=None), rate, seed=seed, noise=noise * top
    ),
    st.floats(150.0, 3000.0),
    st.floats(0.1, 1.0),
    st.sampled_from([80.0, 250.0, 1000.0]),
    st.integers(0, 10_000),
    st.just(0.0) | st.floats(1e-5, 1e-3),
)


@settings(max_examples=40, deadline=None)
@given(trials, st.floats(-200.0, 200.0))
def test_a_constant_load_leaves_all_net_numbers(trace: Trace, load: float) -> None:
    shifted = replace(trace, force=trace.force + load, zero=(trace.zero or 0.0) + load)
    got, expected = one(shifted), one(trace)
    assert_equal(got, expected, apart=GROSS)
    for name in GROSS:
        gross, before = numbers(got)[name], numbers(expected)[name]
        assert gross is not None
        assert before is not None
        assert gross == pytest.approx(before + load)


@settings(max_examples=40, deadline=None)
@given(trials, st.floats(0.8, 10.0))
def test_numbers_scale_with_force(trace: Trace, factor: float) -> None:
    scaled = replace(trace, force=trace.force * factor, zero=(trace.zero or 0.0) * factor)
    assert_equal(one(scaled), one(trace), factor=factor)


@settings(max_examples=40, deadline=None)
@given(trials, st.floats(-100.0, 10_000.0))
def test_when_it_happened_does_not_matter(trace: Trace, later: float) -> None:
    got, expected = one(replace(trace, t=trace.t + later)), one(trace)
    assert got.effort is not None
    assert expected.effort is not None
    assert got.effort.onset == pytest.approx(expected.effort.onset + later, abs=1e-6)
    for name, value in numbers(expected).items():
        # Time stamps so far from zero are rounded at 1e-12 s, and a slope divides by the steps between them.
        assert numbers(got)[name] == (None if value is None else pytest.approx(value, rel=1e-5, abs=1e-6)), name


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([S1, S4]), st.sampled_from([80.0, 250.0, 1000.0]), st.integers(0, 10_000))
def test_samples_put_in_on_the_straight_lines_change_nothing(signal: Signal, rate: float, seed: int) -> None:
    # Without noise: twice the samples on the same lines have a smaller spread, and the quiet window is chosen by it.
    still = sample(signal, rate, seed=seed)
    middle = (still.t[1:] + still.t[:-1]) / 2.0
    t = np.sort(np.concatenate((still.t, middle)))
    assert_equal(one(replace(still, t=t, force=np.interp(t, still.t, still.force))), one(still))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(40.0, 1000.0), st.floats(0.0, 0.01))  # slower, jitter makes dropouts
def test_jitter_with_right_stamps_changes_nothing_on_straight_lines(seed: int, rate: float, jitter: float) -> None:
    corners = np.array([0.0, ONSET, ONSET + 0.25, ONSET + 3.25, ONSET + 3.55, ONSET + 4.55])
    force = np.array([20.0, 20.0, 520.0, 520.0, 20.0, 20.0])
    rng = np.random.default_rng(seed)
    even = np.arange(0.0, corners[-1], 1.0 / rate)
    t = np.unique(np.clip(np.concatenate((even + rng.uniform(-jitter, jitter, len(even)), corners)), 0.0, corners[-1]))
    t = t[np.concatenate(([True], np.diff(t) > 1e-6))]
    t = np.unique(np.concatenate((t[np.abs(t[:, None] - corners).min(axis=1) > 1e-6], corners)))
    got = numbers(one(Trace(t, np.interp(t, corners, force), rate, zero=20.0), onset_at=ONSET))
    for w in (50, 100, 150, 200, 250):
        assert got[f"rfd_0_{w}"] == pytest.approx(2000.0, rel=1e-9)
        assert got[f"impulse_0_{w}"] == pytest.approx(1000.0 * (w / 1000) ** 2, rel=1e-9)
    assert got["rfd_20_80"] == pytest.approx(2000.0, rel=1e-9)
    assert got["peak_rfd_200"] == pytest.approx(2000.0, rel=1e-9)
    assert got["mean_1s"] == pytest.approx(500.0, rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(trials, st.integers(0, 1000))
def test_early_numbers_use_no_sample_before_onset(trace: Trace, seed: int) -> None:
    before = int(np.searchsorted(trace.t, ONSET))  # the sample before this one only serves to interpolate at onset
    force = trace.force.copy()
    force[: before - 1] += np.random.default_rng(seed).normal(0.0, 1.0, before - 1)
    got, expected = numbers(one(replace(trace, force=force), ONSET)), numbers(one(trace, ONSET))
    for w in (50, 100, 150, 200, 250):
        assert got[f"rfd_0_{w}"] == expected[f"rfd_0_{w}"]


@settings(max_examples=60, deadline=None)
@given(trials, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_record_too_short_gives_a_reason_and_never_zero(trace: Trace, start: float, length: float) -> None:
    n = len(trace.t)
    first = int(start * 0.5 * n)
    part = slice(first, first + int(length * (n - first)))
    for evaluation in evaluate(
        {"total": replace(trace, t=trace.t[part], force=trace.force[part])}, ALL, show_all=True, intervals=False
    ):
        for result in evaluation.results:
            if result.value is None:
                assert result.reason
            else:
                assert math.isfinite(result.value)
                assert result.reason is None
                if result.metric.startswith("rfd_0"):
                    assert result.value != 0.0


@pytest.mark.parametrize("w", [50, 100, 150, 200, 250])
def test_cut_right_before_a_window_ends(w: int) -> None:
    whole = sample(S1, 1000.0)
    short = whole.t < ONSET + w / 1000 - 0.0005
    got = one(replace(whole, t=whole.t[short], force=whole.force[short]), ONSET)
    result = next(result for result in got.results if result.metric == f"rfd_0_{w}")
    assert result.value is None
    assert result.reason == f"the record ends before {w} ms after onset"


# No bytes can raise, and so no finite numbers can: whatever a sensor sends as float32 has an answer.
forces = st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=60)
plain = st.lists(st.integers(-5, 50).map(float), max_size=200)


@settings(max_examples=200, deadline=None)
@given(forces | plain, st.floats(1.0, 2000.0), st.integers(0, 100), st.booleans())
def test_any_finite_record_has_an_answer(force: list[float], rate: float, seed: int, known: bool) -> None:
    steps = np.random.default_rng(seed).uniform(0.2, 3.0, len(force)) / rate
    trace = Trace(
        np.cumsum(steps), np.array(force), rate, capacity=100.0 if known else None, zero=0.0 if known else None
    )
    evaluations = evaluate({"left": trace}, ALL, show_all=True)
    assert evaluations
    for evaluation in evaluations:
        assert all(result.value is None or math.isfinite(result.value) for result in evaluation.results)
        assert all(flag.value is None or math.isfinite(flag.value) for flag in evaluation.flags)
        assert msgspec.json.decode(msgspec.json.encode(evaluation), type=Evaluation) == evaluation


def test_the_same_record_gives_the_same_bits() -> None:
    trace = sample(S4, 80.0, noise=0.5)
    copy = replace(trace, t=trace.t.copy(), force=trace.force.copy())
    assert msgspec.json.encode(one(trace)) == msgspec.json.encode(one(copy))


def excerpt(shared_data: Path) -> Trace:
    """The portable load cell's pull: microseconds and newtons, semicolons, decimal commas."""
    with (shared_data / "chronojump" / "isometric_pull_excerpt.csv").open(encoding="utf-8") as lines:
        rows = [[float(cell.replace(",", ".")) for cell in row] for row in list(csv.reader(lines, delimiter=";"))[1:]]
    t, force = np.array(rows).T
    return Trace(t * 1e-6, force, rate=1e6 / float(np.median(np.diff(t))))


def test_chronojump_with_the_onset_given_by_hand(shared_data: Path) -> None:
    got = numbers(one(excerpt(shared_data), onset_at=2.70194))
    published = {50: 5405.0, 100: 5011.0, 150: 3279.0, 200: 2542.0, 250: 2083.0}
    for w, rfd in published.items():
        assert got[f"rfd_0_{w}"] == pytest.approx(rfd, rel=1e-3)


def test_chronojump_with_our_defaults(shared_data: Path) -> None:
    trace = excerpt(shared_data)
    evaluation = evaluate({"total": trace}, ALL)[0]
    assert evaluation.effort is not None
    assert evaluation.effort.onset == pytest.approx(2.698, abs=0.001)
    got = numbers(evaluation)
    for w, rfd in {100: 5032.0, 150: 3272.0, 200: 2559.0, 250: 2086.0}.items():
        assert got[f"rfd_0_{w}"] == pytest.approx(rfd, rel=0.01)
    early = next(result for result in evaluation.results if result.metric == "rfd_0_50")
    assert early.value is None
    assert (early.reason or "").startswith("rate")
    shown = next(result for result in one(trace).results if result.metric == "rfd_0_50")
    assert shown.value == pytest.approx(4786.0, rel=0.01)
    assert (shown.mark, evaluation.verdict) == ("rejected", "repeat")


def test_what_is_withheld_and_what_is_marked() -> None:
    trace = sample(S4, 80.0)
    plain_results = {result.metric: result for result in evaluate({"total": trace}, ALL)[0].results}
    everything = {result.metric: result for result in evaluate({"total": trace}, ALL, show_all=True)[0].results}
    withheld = {name for name, result in plain_results.items() if result.value is None}
    assert withheld >= {"rfd_0_50", "force_at_50", "impulse_0_50", "peak_rfd_20", "peak_rfd_50", "nrfd_0_50"}
    assert not withheld & {"peak_force", "rfd_0_100", "rfd_0_200", "rfd_100_200", "time_to_50", "half_relaxation"}
    # Some are not to be had even then: their windows hold the lines between samples and nothing else.
    unresolved = {"peak_rfd_2", "peak_rfd_5", "peak_rfd_10", "peak_rfr_20"}
    assert {name for name, result in everything.items() if result.mark == "below_rate"} == withheld - unresolved
    assert all("fewer than four sample intervals" in (everything[name].reason or "") for name in unresolved)
    for name in METRICS.keys() - withheld:
        assert everything[name] == plain_results[name]
    assert plain_results["rfd_0_100"].mark == "indicative"


def test_an_alias_is_stored_resolved_and_once() -> None:
    evaluation = evaluate({"total": sample(S4, 80.0)}, assessment("peak_rfd", "peak_rfd_200"))[0]
    assert [result.metric for result in evaluation.results] == ["peak_rfd_200"]


def test_results_come_in_the_order_in_which_they_are_asked_for() -> None:
    wanted = ("rfd_0_200", "peak_force", "mean_1s")
    assert (
        tuple(result.metric for result in evaluate({"left": sample(S4, 80.0)}, assessment(*wanted))[0].results)
        == wanted
    )


def test_no_effort_is_one_evaluation_with_reasons() -> None:
    t = np.arange(400) / 80.0
    (evaluation,) = evaluate({"left": Trace(t, np.zeros(400), 80.0)}, ALL)
    assert evaluation.effort is None
    assert evaluation.verdict == "repeat"
    assert all(result.value is None and result.reason for result in evaluation.results)
    (empty,) = evaluate({"left": Trace(t[:0], t[:0], 80.0)}, ALL)
    assert "no samples" in (empty.results[0].reason or "")


def test_mistakes_of_ours_are_told() -> None:
    trace = sample(S4, 80.0)
    unknown = assessment("peak_force", "pork_force")
    assert supported(ALL) == []
    assert "pork_force" in supported(unknown)[0]
    with pytest.raises(ValueError, match="pork_force"):
        evaluate({"left": trace}, unknown)
    jump = msgspec.structs.replace(ALL, kind="jump")
    with pytest.raises(ValueError, match="no metric of a jump"):
        evaluate({"left": trace}, jump)
    with pytest.raises(ValueError, match="outside the record"):
        evaluate({"left": trace}, ALL, onset_at=99.0)
    with pytest.raises(ValueError, match="one sensor"):
        evaluate({"left": trace, "total": trace}, ALL)
    with pytest.raises(ValueError, match="one sensor"):
        evaluate({}, ALL)


def test_a_recipe_holds_all_that_a_number_depends_on() -> None:
    def recipe(trace: Trace, onset_at: float | None = None, percent: float = 2.0) -> str:
        rule = msgspec.structs.replace(ALL.onset, percent=percent)
        asked = msgspec.structs.replace(ALL, onset=rule)
        evaluation = evaluate({"left": trace}, asked, onset_at=onset_at)[0]
        return next(result.recipe for result in evaluation.results if result.metric == "rfd_0_200")

    slow, fast = sample(S4, 80.0), sample(S4, 1000.0)
    assert same_definition(recipe(slow), recipe(sample(S4, 80.0, seed=1)))
    others = [recipe(fast), recipe(slow, onset_at=ONSET), recipe(slow, percent=3.0)]
    assert not any(same_definition(recipe(slow), other) for other in others)
    assert len(set(others)) == 3


def scaled(share: float) -> Evaluation:
    trace = sample(S4, 80.0)
    force: Array = 20.0 + share * (trace.force - 20.0)
    return one(replace(trace, force=force))


def test_the_strongest_effort_stands_for_the_trial() -> None:
    weak, strong = scaled(0.4), scaled(0.5)
    assert strongest([weak, strong]) is strong
    assert strongest([weak, msgspec.structs.replace(strong, verdict="repeat")]) is weak


def test_a_weak_push_with_a_perfect_start_does_not_stand_for_the_strong_one() -> None:
    weak, strong = scaled(0.4), msgspec.structs.replace(scaled(0.5), verdict="peak_only")
    assert strongest([weak, strong]) is strong
    nothing = msgspec.structs.replace(strong, effort=None)
    assert strongest([nothing, msgspec.structs.replace(weak, verdict="repeat")]).effort is not None


def test_an_onset_after_the_last_push_is_told() -> None:
    trace = sample(S4, 80.0)
    (evaluation,) = evaluate({"left": trace}, ALL, onset_at=float(trace.t[-1]) - 0.1)
    assert evaluation.effort is None
    assert evaluation.flags == ()
    assert "no push follows the onset that was set at" in (evaluation.results[0].reason or "")
