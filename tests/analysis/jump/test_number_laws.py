"""Laws that hold for every number of a jump at once, by its unit, and what is said of records too short for a jump.

Domain of scaling: noise sets the threshold of the empty plate (5 to 20 N) before and after. Which sample is the first
one of a flight's middle may hang on the 20 N that bound it, or on the last bit of a stamp, so that with noise a number
may move by what one sample does.
"""

import math
from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelab.analysis.jump.answers import answers, unanswered
from forcelab.analysis.jump.find import find_jumps, no_jump
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.jump.plates import together
from forcelab.model import JumpKind, Role, Trace
from tests.analysis.jump.signals import DROP_BOX, sample
from tests.analysis.jump.vectors import CLEAN, Vector
from tests.analysis.units import DEGREE, JUMP

LEFT: Final = 0.45
ONE_SAMPLE: Final = 1e-3
VECTORS: Final = st.sampled_from(CLEAN)
EACH: Final = pytest.mark.parametrize("vector", CLEAN, ids=lambda vector: vector.name)


def jumps(trace: Trace, kind: JumpKind, left: float = LEFT) -> list[Jump]:
    """The jumps of a record from two plates, of which the left one bears so much of the force."""
    sides: dict[Role, Trace] = {}
    for role, share in (("left", left), ("right", 1.0 - left)):
        zero = None if trace.zero is None else share * trace.zero
        sides[role] = replace(trace, force=share * trace.force, zero=zero)  # type: ignore[index] # the two roles
    return find_jumps(together(sides["left"], sides["right"]), kind, sides=sides, box=DROP_BOX)


def numbers(trace: Trace, kind: JumpKind, left: float = LEFT) -> dict[str, float]:
    (jump,) = jumps(trace, kind, left)
    return {result.metric: result.value for result in answers(jump, show_all=True) if result.value is not None}


def record(vector: Vector, noise: float, seed: int, rate: float = 500.0) -> Trace:
    return sample(vector.curve, rate, noise=noise, seed=seed, phase=seed % 10 / 10.0)


def test_every_metric_is_in_the_table_and_given_somewhere() -> None:
    assert set(JUMP) == set(JUMP_METRICS)
    there = {name for vector in CLEAN for name in numbers(record(vector, 1.5, 1), vector.kind)}
    assert there == set(JUMP)


@settings(max_examples=20, deadline=None)
@given(VECTORS, st.integers(0, 9999), st.floats(0.8, 2.0))
def test_a_number_grows_with_force_as_its_unit_says(vector: Vector, seed: int, factor: float) -> None:
    trace = record(vector, 1.5, seed)
    before, after = (numbers(replace(trace, force=k * trace.force), vector.kind) for k in (1.0, factor))
    assert set(after) == set(before)
    for name, value in before.items():
        truth = value * factor ** DEGREE[JUMP[name].unit]
        assert after[name] == pytest.approx(truth, rel=ONE_SAMPLE), name


@settings(max_examples=20, deadline=None)
@given(VECTORS, st.integers(0, 9999), st.integers(-300, 300), st.integers(-1024, 8192))
def test_a_recorded_zero_and_the_time_of_day_change_nothing(vector: Vector, seed: int, load: int, later: int) -> None:
    trace = record(vector, 1.5, seed)
    moved = replace(trace, t=trace.t + later, force=trace.force + load, zero=float(load))
    before, after = numbers(trace, vector.kind), numbers(moved, vector.kind)
    assert set(after) == set(before)
    for name, value in before.items():
        assert after[name] == pytest.approx(value, rel=ONE_SAMPLE), name


@settings(max_examples=20, deadline=None)
@given(VECTORS, st.floats(0.0, 0.9), st.integers(0, 3000), st.integers(0, 3000))
def test_more_rest_at_either_end_changes_nothing(vector: Vector, phase: float, ahead: int, behind: int) -> None:
    trace = sample(vector.curve, 500.0, phase=phase)
    t = np.concatenate(
        (trace.t[0] - 0.002 * np.arange(ahead, 0, -1), trace.t, trace.t[-1] + 0.002 * np.arange(1, behind + 1))
    )
    force = np.concatenate((np.full(ahead, trace.force[0]), trace.force, np.full(behind, trace.force[-1])))
    before, after = numbers(trace, vector.kind), numbers(replace(trace, t=t, force=force), vector.kind)
    assert set(after) == set(before)
    for name, value in before.items():
        assert after[name] == pytest.approx(value, rel=1e-6, abs=1e-9), name


@settings(max_examples=20, deadline=None)
@given(VECTORS, st.integers(0, 9999))
def test_plates_exchanged_are_legs_exchanged(vector: Vector, seed: int) -> None:
    trace = record(vector, 1.5, seed)
    before, after = (numbers(trace, vector.kind, left) for left in (LEFT, 1.0 - LEFT))
    for name, value in before.items():
        other = name.replace("_left", "_RIGHT").replace("_right", "_left").replace("_RIGHT", "_right")
        expected = -value if name.endswith("_asymmetry") else value
        assert after[other] == pytest.approx(expected, rel=1e-9), name


@settings(max_examples=20, deadline=None)
@given(VECTORS, st.integers(0, 9999))
def test_numbers_of_one_jump_fit_together(vector: Vector, seed: int) -> None:
    trace = record(vector, 1.5, seed)
    (jump,) = jumps(trace, vector.kind)
    got, m = numbers(trace, vector.kind), jump.marks
    order = [m.start, m.lowest_velocity, m.turn, m.takeoff, m.landing, m.settled]
    times = [x for x in order if x is not None]
    assert times == sorted(times)
    assert got["jump_height"] == pytest.approx(got["takeoff_velocity"] ** 2 / (2.0 * jump.g))
    assert got["jump_height_flight"] == pytest.approx(jump.g * got["flight_time"] ** 2 / 8.0)
    assert got["propulsive_impulse"] == pytest.approx(got["body_weight"] / jump.g * got["takeoff_velocity"], rel=1e-3)
    if vector.kind == "cmj":
        phases = got["unweighting_time"] + got["braking_time"] + got["propulsion_time"]
        assert got["contraction_time"] == pytest.approx(phases)
        assert got["rsi_mod"] == pytest.approx(got["jump_height"] / got["contraction_time"])
        assert got["braking_impulse"] == pytest.approx(-got["body_mass"] * got["least_velocity"], rel=1e-6)
    for name in [name for name in got if name.endswith("_impulse_left_gross")]:
        left, right = got[name], got[name.replace("_left", "_right")]
        share = got[name.replace("_impulse_left_gross", "_asymmetry")]
        assert share == pytest.approx(100.0 * (right - left) / (right + left))


def said(trace: Trace, kind: JumpKind) -> None:
    """Each number is one or has a reason; none is nil, for nothing here is."""
    found = jumps(trace, kind)
    results = [result for jump in found for result in answers(jump, show_all=True)]
    if not found:
        why = no_jump(trace, kind)
        assert why.startswith("no jump found: ")
        results = list(unanswered(JUMP_METRICS, kind, trace.rate, why))
    assert len(results) >= len(JUMP_METRICS)
    for result in results:
        if result.value is None:
            assert result.reason
        else:
            assert math.isfinite(result.value), result
            assert result.value != 0.0, result
            assert result.reason is None


@EACH
@pytest.mark.parametrize("n", [0, 1, 2, 3, 10])
@pytest.mark.parametrize("start", [0, 900, 1100, 1250, 1450, 1600])
def test_next_to_no_samples_have_reasons(vector: Vector, n: int, start: int) -> None:
    trace = record(vector, 1.0, 1)
    part = slice(start, start + n)
    said(replace(trace, t=trace.t[part], force=trace.force[part]), vector.kind)


@settings(max_examples=60, deadline=None)
@given(VECTORS, st.integers(0, 2000), st.integers(0, 2500), st.integers(0, 99))
def test_any_stretch_of_a_jump_has_numbers_or_reasons(vector: Vector, start: int, n: int, seed: int) -> None:
    trace = record(vector, 1.0, seed)
    part = slice(start, start + n)
    said(replace(trace, t=trace.t[part], force=trace.force[part]), vector.kind)


@pytest.mark.parametrize("kind", ["cmj", "sj", "dj"])
@pytest.mark.parametrize("level", [0.0, 5.0, 700.0, -300.0])
def test_samples_that_are_all_equal_are_no_jump(kind: JumpKind, level: float) -> None:
    trace = Trace(np.arange(3000) / 1000.0, np.full(3000, level), 1000.0)
    assert jumps(trace, kind) == []
    said(trace, kind)
