"""Laws over all that `evaluate` and `evaluate_series` can be asked for at once: efforts, holds, jumps, repetitions.

Torque, numbers per kg and numbers of a hold are among them. A number is one or has a reason; it grows with force as its
unit says; its interval and its range over onset rules grow with it.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from forcelab.analysis.derived import DERIVED
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.metrics import METRICS
from forcelab.evaluate import evaluate, evaluate_series
from forcelab.evaluate.holds import HOLD_NUMBERS
from forcelab.evaluate.series import SERIES
from forcelab.model import Assessment, JumpForm, Regime, Result, SetUp, Trace
from tests.analysis.jump import vectors
from tests.analysis.test_efforts import pulls
from tests.analysis.units import DEGREE, MEASURES
from tests.signals import S1, S2, S4, Signal, assessment, sample

BODY: Final = SetUp(body_mass=70.0, sex="female", lever_arm=0.8, lever_arm_error=0.005, pull_angle=1.5)
EVERYTHING: Final = assessment(*METRICS, *DERIVED, *sorted(HOLD_NUMBERS))
HOLD: Final = structs.replace(EVERYTHING, kind="hold", hold=3.2, target=(400.0, 440.0))
REPEATED: Final = structs.replace(
    assessment("peak_force"), series=tuple(sorted(SERIES)), regime=Regime(repetitions=3, work=2.0, rest=2.0)
)
MAY_BE_NIL: Final = {"time_in_band"}
"""None of the time may be spent in the band."""


def well(results: Iterable[Result]) -> dict[str, Result]:
    """Each is a number or has a reason; low is below high. By metric, those that are numbers."""
    found = {}
    for result in results:
        pairs = (result.interval, result.method_range, result.set_up_range)
        if result.value is None:
            assert result.reason, result
            assert pairs == (None, None, None), result
            continue
        assert result.reason is None, result
        assert math.isfinite(result.value), result
        assert result.value != 0.0 or result.metric in MAY_BE_NIL, result
        assert all(pair is None or (np.isfinite(pair).all() and pair[0] <= pair[1]) for pair in pairs), result
        found[result.metric] = result
    return found


def cut(trace: Trace, start: float, length: float) -> Trace:
    """A share of a record, from a share of it on."""
    first = int(start * len(trace.t))
    part = slice(first, first + int(length * (len(trace.t) - first)))
    return replace(trace, t=trace.t[part], force=trace.force[part])


def first(trace: Trace, n: int) -> Trace:
    return replace(trace, t=trace.t[:n], force=trace.force[:n])


SHARES: Final = st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
TRIALS: Final = st.builds(
    lambda signal, rate, seed: sample(signal, rate, seed=seed, noise=0.3),
    st.sampled_from([S1, S2, S4]),
    st.sampled_from([80.0, 500.0]),
    st.integers(0, 999),
)


@settings(max_examples=25, deadline=None)
@given(TRIALS, SHARES, st.sampled_from([EVERYTHING, HOLD]), st.sampled_from([BODY, None]))
def test_any_stretch_of_a_push_has_numbers_or_reasons(
    trace: Trace, shares: tuple[float, float], asked: Assessment, body: SetUp | None
) -> None:
    for evaluation in evaluate({"left": cut(trace, *shares)}, asked, set_up=body, show_all=True):
        assert len(evaluation.results) == len(asked.metrics)
        well(evaluation.results)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10])
@pytest.mark.parametrize("asked", [EVERYTHING, HOLD], ids=["effort", "hold"])
def test_next_to_no_samples_have_reasons(asked: Assessment, n: int) -> None:
    (evaluation,) = evaluate({"left": first(sample(S4, 80.0, noise=0.3), n)}, asked, set_up=BODY)
    assert well(evaluation.results) == {}
    assert evaluation.verdict == "repeat"


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(vectors.CLEAN), SHARES, st.integers(0, 99), st.sampled_from([BODY, None]))
def test_any_stretch_of_a_jump_has_numbers_or_reasons(
    vector: vectors.Vector, shares: tuple[float, float], seed: int, body: SetUp | None
) -> None:
    asked = structs.replace(
        EVERYTHING,
        kind="jump",
        metrics=tuple(JUMP_METRICS),
        jump=JumpForm(vector.kind, 0.3 if vector.kind == "dj" else None),
    )
    trace = cut(vector.jump(500.0, 1.0, seed).trace, *shares)
    plates = {"left": replace(trace, force=0.45 * trace.force), "right": replace(trace, force=0.55 * trace.force)}
    for evaluation in evaluate(plates, asked, set_up=body, show_all=True):  # type: ignore[arg-type] # the two roles
        assert len(evaluation.results) == len(JUMP_METRICS)
        well(evaluation.results)


@settings(max_examples=25, deadline=None)
@given(SHARES, st.integers(0, 99))
def test_any_stretch_of_repetitions_has_numbers_or_reasons(shares: tuple[float, float], seed: int) -> None:
    trace = pulls([500.0, 450.0, 420.0, 400.0], hold=2.0, rest=2.0)
    noise = np.random.default_rng(seed).normal(0.0, 0.5, len(trace.t))
    results = evaluate_series({"left": cut(replace(trace, force=trace.force + noise), *shares)}, REPEATED)
    assert [result.metric for result in results] == list(REPEATED.series)
    well(results)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10])
def test_next_to_no_repetitions_have_reasons(n: int) -> None:
    assert well(evaluate_series({"left": first(pulls([500.0, 400.0]), n)}, REPEATED)) == {}


def degree(name: str) -> int:
    """The power of force in a number; what is related to the body has that of the number it follows from."""
    if name in DERIVED:
        return DEGREE[DERIVED[name].base.unit]
    return DEGREE[METRICS[name].unit if name in METRICS else MEASURES[name].unit]


@settings(max_examples=10, deadline=None)
@given(TRIALS, st.integers(-1, 3))
def test_a_number_and_its_ranges_grow_with_force_as_its_unit_says(trace: Trace, power: int) -> None:
    factor = 2.0**power  # so that rounding stays the same
    more = replace(trace, force=factor * trace.force, zero=factor * (trace.zero or 0.0))
    # Only the rules of the assessment that hold at any force: 5 N stay 5 N.
    asked = structs.replace(EVERYTHING, onset=structs.replace(EVERYTHING.onset, compare=("percent", "sd5", "deriv")))
    (one,), (other,) = (evaluate({"left": x}, asked, set_up=BODY, show_all=True) for x in (trace, more))
    before, after = well(one.results), well(other.results)
    assert set(after) == set(before)
    assert any(result.interval for result in before.values())
    assert any(result.method_range for result in before.values())
    for name, result in before.items():
        k = factor ** degree(name)
        got = after[name]
        assert got.value == pytest.approx((result.value or 0.0) * k, rel=1e-9), name
        for ours, theirs in (
            (got.interval, result.interval),
            (got.method_range, result.method_range),
            (got.set_up_range, result.set_up_range),
        ):
            assert (ours is None) == (theirs is None), name
            if ours is not None and theirs is not None:
                assert ours == pytest.approx((theirs[0] * k, theirs[1] * k), rel=1e-9), name


@pytest.mark.parametrize("signal", [S1, S4], ids=lambda signal: signal.name)
def test_a_range_over_onset_rules_holds_the_number(signal: Signal) -> None:
    (one,) = evaluate({"left": sample(signal, 500.0, noise=0.3)}, EVERYTHING, set_up=BODY, show_all=True)
    for name, result in well(one.results).items():
        if result.method_range is not None:
            low, high = result.method_range
            assert low - 1e-9 * abs(low) <= (result.value or 0.0) <= high + 1e-9 * abs(high), name
