"""A record too short gives no number and a reason: never nil, never NaN, never an exception. Over all metrics at once.

Through `evaluate`, and through `forcelab analyse` on a table.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelab.analysis.metrics import METRICS
from forcelab.evaluate import evaluate
from forcelab.model import Evaluation, Result, Trace
from tests.commands.running import Said, forcelab
from tests.signals import ONSET, S1, S2, S4, SPOILT, Signal, assessment, exponential, sample

ALL: Final = assessment()
# A sensor at its end gives equal samples, between which a slope is nil by right.
SIGNALS: Final = st.sampled_from([S1, S2, S4, *(signal for signal in SPOILT if "CLIPPED" not in signal.expected)])
WAITS: Final = {
    name: int(found[1]) / 1000
    for name, metric in METRICS.items()
    if (found := re.fullmatch(r"the record ends before (\d+) ms after onset", metric.absent))
}
"""Metric -> s after onset that the record must hold, as its own reason says."""


def piece(trace: Trace, start: int, count: int) -> Trace:
    part = slice(start, start + count)
    return replace(trace, t=trace.t[part], force=trace.force[part])


def well(results: Iterable[Result]) -> dict[str, float]:
    """Each is a number, and not nil, or has a reason."""
    given_ = {}
    for result in results:
        if result.value is None:
            assert result.reason, result
            assert result.interval is None
            assert result.method_range is None
            continue
        assert result.reason is None, result
        assert math.isfinite(result.value), result
        assert result.value != 0.0, result
        for pair in (result.interval, result.method_range):
            assert pair is None or (np.isfinite(pair).all() and pair[0] <= pair[1]), result
        given_[result.metric] = result.value
    return given_


def look(trace: Trace, onset_at: float | None = None) -> tuple[Evaluation, ...]:
    """What is said of a record, held to the law; noise is in it, so that nothing is nil by right."""
    evaluations = evaluate({"total": trace}, ALL, onset_at=onset_at, show_all=True)
    assert evaluations
    for evaluation in evaluations:
        assert {result.metric for result in evaluation.results} == set(METRICS)
        numbers = well(evaluation.results)
        assert evaluation.effort is not None or (not numbers and evaluation.verdict == "repeat")
        assert all(flag.sentence for flag in evaluation.flags)
        assert all(flag.value is None or math.isfinite(flag.value) for flag in evaluation.flags)
    return evaluations


@settings(max_examples=80, deadline=None)
@given(SIGNALS, st.sampled_from([80.0, 1000.0]), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(0, 99))
def test_any_stretch_of_a_push_has_numbers_or_reasons(
    signal: Any, rate: float, start: float, length: float, seed: int
) -> None:
    trace = sample(signal, rate, noise=0.5, seed=seed)
    first = int(start * len(trace.t))
    look(piece(trace, first, int(length * (len(trace.t) - first))))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10])
@pytest.mark.parametrize("start", [0, 100, 119, 121, 125, 200, 380, 390])
@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_next_to_no_samples_are_no_effort(rate: float, start: int, n: int) -> None:
    trace = sample(S4, rate, noise=0.5)
    (evaluation,) = look(piece(trace, int(start * rate / 80.0), n))
    assert evaluation.effort is None


@pytest.mark.parametrize("n", [1, 2, 3, 10, 4000])
@pytest.mark.parametrize("level", [0.0, 20.0, -5.0, 1e6])
def test_samples_that_are_all_equal_are_no_effort(n: int, level: float) -> None:
    (evaluation,) = look(Trace(np.arange(n) / 1000.0, np.full(n, level), 1000.0, zero=0.0))
    assert evaluation.effort is None
    assert all("no effort found" in (result.reason or "") for result in evaluation.results)


@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_a_push_that_is_cut_short_is_told_as_one(rate: float) -> None:
    steep = Signal("steep", exponential(600.0, 0.065), 3.0, cut=0.06)
    (evaluation,) = look(sample(steep, rate, noise=0.5))
    assert evaluation.effort is None
    assert all("the record ends too soon after the rise" in (one.reason or "") for one in evaluation.results)
    (rest,) = look(sample(Signal("rest", exponential(0.0), 3.0), rate, noise=0.5))
    assert all("does not rise clearly" in (one.reason or "") for one in rest.results)


@pytest.mark.parametrize("into", [0.05, 0.15, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_a_record_that_begins_in_a_push_gives_none_of_it(rate: float, into: float) -> None:
    trace = sample(S4, rate, noise=0.5)
    begins = int(np.searchsorted(trace.t, ONSET + into))
    for evaluation in look(piece(trace, begins, len(trace.t))):
        assert evaluation.effort is None


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([S1, S2, S4]), st.sampled_from([80.0, 1000.0]), st.floats(0.03, 0.4), st.integers(0, 99))
def test_what_the_record_does_not_hold_any_more_is_told(signal: Any, rate: float, ends: float, seed: int) -> None:
    trace = sample(signal, rate, noise=0.5, seed=seed)
    cut = piece(trace, 0, int(np.searchsorted(trace.t, ONSET + ends)))
    last = float(cut.t[-1]) - ONSET
    (whole,), (short,) = look(trace, ONSET), look(cut, ONSET)
    if short.effort is None:
        return
    numbers = {result.metric: result.value for result in whole.results}
    for result in short.results:
        wait = WAITS.get(result.metric)
        if wait is None or abs(wait - last) < 1e-9:  # the last bit decides
            continue
        assert (result.value is None) == (wait > last), result
        if wait > last:
            assert result.reason == METRICS[result.metric].absent
        elif re.fullmatch(r"rfd_\d+_\d+|force_at_\d+_gross", result.metric):  # what rests on no baseline and no peak
            assert result.value == numbers[result.metric], result


def test_what_must_wait_for_the_record_is_known() -> None:
    assert {f"{what}_0_{w}" for what in ("rfd", "impulse", "nrfd") for w in (50, 100, 150, 200, 250)} <= set(WAITS)
    assert WAITS["rfd_100_200"] == 0.2


def analysed(path: Path, trace: Trace, *options: object) -> Said:
    rows = (f"{t:.7f},{force:.5f}\n" for t, force in zip(trace.t, trace.force, strict=True))
    path.write_text("time (s),force (N)\n" + "".join(rows), encoding="utf-8")
    return forcelab("analyse", path, "--all", "--json", *options)


def told(said: Said) -> list[dict[str, Any]]:
    """The trials of what the command said, held to the law; or none, with a sentence."""
    if said.out == "":
        assert said.code == 1
        assert said.sentence
        return []
    for trial in said.json["trials"]:
        for name, one in trial["results"].items():
            assert (one["value"] is None) == bool(one["reason"]), name
            assert one["value"] != 0.0, name
    trials: list[dict[str, Any]] = said.json["trials"]
    assert said.code == int(all(trial["onset"] is None for trial in trials))
    return trials


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10])
@pytest.mark.parametrize("start", [0, 121, 200])
def test_the_command_says_why_of_next_to_no_samples(n: int, start: int, tmp_path: Path) -> None:
    for trial in told(analysed(tmp_path / "t.csv", piece(sample(S4, 80.0, noise=0.5), start, n))):
        assert trial["onset"] is None
        assert all(one["value"] is None for one in trial["results"].values())


@pytest.mark.parametrize(("start", "count"), [(0, 124), (0, 130), (0, 140), (125, 400), (200, 400), (100, 60)])
def test_the_command_says_why_of_part_of_a_push(start: int, count: int, tmp_path: Path) -> None:
    told(analysed(tmp_path / "t.csv", piece(sample(S4, 80.0, noise=0.5), start, count)))


@pytest.mark.parametrize("n", [2, 3, 10, 400])
def test_the_command_says_why_of_samples_that_are_all_equal(n: int, tmp_path: Path) -> None:
    trials = told(analysed(tmp_path / "t.csv", Trace(np.arange(n) / 80.0, np.full(n, 7.0), 80.0)))
    assert all(one["value"] is None for trial in trials for one in trial["results"].values())
