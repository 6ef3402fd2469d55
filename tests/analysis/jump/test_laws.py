"""Laws that hold for any record: it never raises, never says NaN, and tells a reason for what is missing."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelab.analysis.jump.answers import answers
from forcelab.analysis.jump.find import find_jumps, no_jump
from forcelab.analysis.jump.flags import assess_jump, jump_verdict
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.motion import move
from forcelab.analysis.jump.plates import together
from forcelab.model import JumpKind, Trace
from tests.analysis.jump.signals import Curve, countermovement, drop, sample, squat

KINDS = st.sampled_from(get_args(JumpKind))


def sound(jumps: Sequence[Jump], trace: Trace, kind: JumpKind) -> None:
    """What must hold whatever came in."""
    if not jumps:
        assert no_jump(trace, kind).startswith("no jump found: ")
    for jump in jumps:
        marks = jump.marks
        order = [marks.start, marks.lowest_velocity, marks.turn, marks.takeoff, marks.landing, marks.settled]
        times = [x for x in order if x is not None]
        assert times == sorted(times)
        for result in answers(jump, show_all=True):
            if result.value is None:
                assert result.reason
            else:
                assert math.isfinite(result.value)
                assert result.reason is None
        flags = assess_jump(jump)
        assert all(flag.value is None or math.isfinite(flag.value) for flag in flags)
        assert jump_verdict(flags) in {"trusted", "peak_only", "repeat"}


@st.composite
def any_trace(draw: st.DrawFn) -> Trace:
    """Any finite record: levels held for a while, or single samples, at even or uneven times."""
    wide = st.floats(allow_nan=False, allow_infinity=False)
    force = st.one_of(st.floats(-50.0, 4000.0), st.sampled_from([0.0, 0.0, 700.0, 700.0, 1500.0, 5.0, 20.0]), wide)
    pieces = draw(st.lists(st.tuples(force, st.integers(1, 300)), min_size=0, max_size=12))
    y = np.concatenate([np.full(n, level) for level, n in pieces]) if pieces else np.empty(0)
    rate = draw(st.sampled_from([1e-3, 40.0, 80.0, 200.0, 500.0, 1000.0, 1e7]))
    steps = np.full(len(y), 1.0 / rate)
    if draw(st.booleans()):
        steps = steps * np.random.default_rng(draw(st.integers(0, 99))).uniform(0.01, 2.0, len(y))
    if draw(st.booleans()):
        y = y + np.random.default_rng(draw(st.integers(0, 99))).normal(0.0, 2.0, len(y))
    zero = draw(st.sampled_from([None, 0.0, 15.0, -300.0]))
    return Trace(np.cumsum(steps), y, rate, capacity=draw(st.sampled_from([None, 2000.0])), zero=zero)


@given(any_trace(), KINDS, st.sampled_from([None, 700.0]), st.sampled_from([None, 0.0, 0.3]))
@settings(deadline=None, max_examples=150)
def test_any_record_is_answered(trace: Trace, kind: JumpKind, weight: float | None, box: float | None) -> None:
    jumps = find_jumps(trace, kind, weight=weight, box=box)
    sound(jumps, trace, kind)


@given(
    st.sampled_from([countermovement(), countermovement("smooth"), squat(), drop()]),
    KINDS,
    st.tuples(st.floats(0.0, 5.0), st.floats(0.1, 4.9)),
    st.integers(0, 99),
    st.sampled_from([80.0, 300.0, 1000.0]),
)
@settings(deadline=None, max_examples=80)
def test_any_stretch_of_a_jump_is_answered(
    curve: Curve, kind: JumpKind, stretch: tuple[float, float], seed: int, rate: float
) -> None:
    trace = sample(curve, rate, noise=seed % 7, seed=seed)
    keep = (trace.t >= stretch[0]) & (trace.t <= sum(stretch))
    trace = replace(trace, t=trace.t[keep], force=trace.force[keep])
    left, right = replace(trace, force=0.3 * trace.force), replace(trace, force=0.7 * trace.force)
    sound(find_jumps(together(left, right), kind, sides={"left": left, "right": right}), trace, kind)


def values(trace: Trace) -> dict[str, float]:
    (jump,) = find_jumps(trace, "cmj")
    return {r.metric: r.value for r in answers(jump) if r.value is not None}


@pytest.fixture(scope="module")
def clean() -> Trace:
    return sample(countermovement(), noise=1.0, seed=5)


def test_shifting_time_changes_nothing(clean: Trace) -> None:
    expected, got = values(clean), values(replace(clean, t=clean.t + 1234.5))
    for metric, value in expected.items():
        assert got[metric] == pytest.approx(value, rel=1e-6), metric


def test_scaling_force_scales_forces_and_leaves_motion() -> None:
    # Thresholds of take-off scale too, as long as they follow the noise: between 5 and 20 N.
    noisy = sample(countermovement(), noise=1.5, seed=5)
    expected, got = values(noisy), values(replace(noisy, force=1.5 * noisy.force))
    for metric in ("jump_height", "flight_time", "depth", "rsi_mod", "braking_time"):
        assert got[metric] == pytest.approx(expected[metric], rel=1e-9), metric
    for metric in ("body_weight", "braking_impulse", "peak_power", "braking_rfd", "leg_stiffness", "landing_impulse"):
        assert got[metric] == pytest.approx(1.5 * expected[metric], rel=1e-9), metric


def test_an_offset_that_is_recorded_changes_nothing(clean: Trace) -> None:
    expected, got = values(clean), values(replace(clean, force=clean.force + 40.0, zero=40.0))
    for metric, value in expected.items():
        assert got[metric] == pytest.approx(value, rel=1e-9), metric


def test_samples_put_in_on_the_straight_lines_change_no_motion(clean: Trace) -> None:
    t = np.sort(np.concatenate((clean.t, 0.5 * (clean.t[1:] + clean.t[:-1]))))
    plain = move(clean.t, clean.force, 1.97, 2.5995, weight=784.8, g=9.81)
    dense = move(t, np.interp(t, clean.t, clean.force), 1.97, 2.5995, weight=784.8, g=9.81)
    assert dense.v[-1] == pytest.approx(plain.v[-1], rel=1e-9)
    assert dense.s[-1] == pytest.approx(plain.s[-1], rel=1e-9)
    assert dense.least_velocity() == pytest.approx(plain.least_velocity(), rel=1e-9)
    assert dense.turn(2.3) == pytest.approx(plain.turn(2.3), rel=1e-9)
    assert dense.greatest_power() == pytest.approx(plain.greatest_power(), rel=1e-9)
    assert dense.work(2.3, 2.55) == pytest.approx(plain.work(2.3, 2.55), rel=1e-9)


def test_work_is_the_integral_of_power() -> None:
    # F = 2 + 2 t on 1 kg without weight, from rest: v = 2 t + t², ∫ F v dt = v(1)²/2 = 4.5; greatest power 4 × 3.
    motion = move(np.array([0.0, 1.0]), np.array([2.0, 4.0]), 0.0, 1.0, weight=1e-9, g=1e-9)
    assert motion.work(0.0, 1.0) == pytest.approx(4.5, rel=1e-6)
    assert motion.greatest_power() == pytest.approx(12.0, rel=1e-6)
    assert motion.displacement(1.0) == pytest.approx(4.0 / 3.0, rel=1e-6)


def test_power_is_sought_between_samples() -> None:
    # F = 3 − 3 t on 1 kg without weight: v = 3 t − 1.5 t², power 4.5 t (1 − t) (2 − t), greatest at t = 1 − 1/√3.
    motion = move(np.array([0.0, 1.0]), np.array([3.0, 0.0]), 0.0, 1.0, weight=1e-9, g=1e-9)
    x = 1.0 - 3.0**-0.5
    assert motion.greatest_power() == pytest.approx(4.5 * x * (1.0 - x) * (2.0 - x), rel=1e-6)


def test_the_turn_is_found_inside_a_step() -> None:
    # v = −1 + t + t² with a knot at each end only: zero at (√5 − 1)/2.
    motion = move(np.array([0.0, 1.0]), np.array([1.0, 3.0]), 0.0, 1.0, weight=1e-12, g=1e-12, entry=-1.0)
    assert motion.turn(0.0) == pytest.approx((5.0**0.5 - 1.0) / 2.0, rel=1e-9)
