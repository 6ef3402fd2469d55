"""Jumps in closed form: every number against its formula, at the rates and tolerances of the specification."""

import numpy as np
import pytest

from forcelab.analysis.jump.answers import answers
from forcelab.analysis.jump.find import find_jumps
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.model import JumpKind
from tests.analysis.jump.signals import (
    DROP_BOX,
    DROP_CONTACT,
    DROP_ENTRY,
    DROP_VELOCITY,
    FLIGHT,
    GRAVITY,
    MASS,
    SQUAT_TOP,
    SQUAT_VELOCITY,
    WEIGHT,
    Curve,
    countermovement,
    drop,
    sample,
    squat,
)

# Typed from the specification. Times from onset hold the 30 ms of the back-shift.
TRUTH = {
    "body_weight": 784.8,
    "body_mass": 80.0,
    "jump_height": 0.317566,
    "takeoff_velocity": 2.496126,
    "flight_time": 0.508894,
    "jump_height_com": 0.317566 + 0.068260,
    "rsi_mod_detected": 0.529276,
    "ft_ct_detected": 0.848157,
    "contraction_time_detected": 0.600000,
    "unweighting_time": 0.330,
    "braking_time": 0.1062443,
    "propulsion_time": 0.1937557,
    "least_velocity": -1.193662,
    "depth": -0.261487,
    "braking_impulse": 95.492966,
    "propulsive_impulse": 199.690046,
    "mean_braking_force": 1683.6052,
    "mean_propulsive_force": 1815.4282,
    "force_at_turn": 2364.3246,
    "push_peak_force": 2484.8,
    "braking_rfd": 14866.9066,
    "peak_power": 4054.8761,
}


def values(jump: Jump) -> dict[str, float]:
    return {r.metric: r.value for r in answers(jump, show_all=True) if r.value is not None}


def only(curve: Curve, kind: JumpKind, rate: float = 1000.0, **how: float) -> Jump:
    jumps = find_jumps(sample(curve, rate, **how), kind)  # type: ignore[arg-type] # seed is the only int, and not used here
    assert len(jumps) == 1
    return jumps[0]


@pytest.mark.parametrize(("rate", "height", "by_flight"), [(1000.0, 0.0005, 0.002), (500.0, 0.0005, 0.003)])
def test_heights_within_the_stated_tolerance(rate: float, height: float, by_flight: float) -> None:
    got = values(only(countermovement(), "cmj", rate))
    assert got["jump_height"] == pytest.approx(0.317566, rel=height)
    assert got["jump_height_flight"] == pytest.approx(0.317566, rel=by_flight)


@pytest.mark.parametrize("rate", [1000.0, 500.0])
@pytest.mark.parametrize("phase", [0.0, 0.13, 0.31, 0.5, 0.77, 0.9, 0.99])
def test_height_by_impulse_does_not_depend_on_where_the_samples_fall(rate: float, phase: float) -> None:
    # The crossing of a threshold is late by up to an interval and costs up to 0.7 % of the height at 1000 Hz.
    got = values(only(countermovement(), "cmj", rate, phase=phase))
    assert got["jump_height"] == pytest.approx(0.317566, rel=0.0005)


@pytest.mark.parametrize("rate", [1000.0, 500.0])
def test_all_numbers_of_the_countermovement_jump(rate: float) -> None:
    got = values(only(countermovement(), "cmj", rate))
    for metric, true in TRUTH.items():
        tolerance = 0.002 if metric in {"flight_time", "ft_ct_detected"} else 0.001
        assert got[metric] == pytest.approx(true, rel=tolerance), metric


def test_rsi_mod_is_defined_on_the_back_shift_and_the_detected_onset_has_its_own_id() -> None:
    got = values(only(countermovement(), "cmj"))
    assert got["contraction_time"] == pytest.approx(0.629, abs=0.001)
    assert got["rsi_mod"] == pytest.approx(0.505, abs=0.001)
    assert got["contraction_time"] - got["contraction_time_detected"] == pytest.approx(0.030, abs=1e-9)
    assert got["rsi_mod"] * got["contraction_time"] == pytest.approx(got["jump_height"], rel=1e-12)


def test_noise_of_a_plate_moves_height_by_little() -> None:
    got = [
        values(find_jumps(sample(countermovement(), noise=1.0, seed=seed, phase=seed / 20), "cmj")[0])["jump_height"]
        for seed in range(20)
    ]
    assert np.mean(got) == pytest.approx(0.317566, rel=0.001)
    assert np.std(got) < 0.002 * 0.317566


def test_known_limitation_of_80_hz() -> None:
    # Why jumps are not shown below 200 Hz: sampling alone, with samples on the corners.
    got = values(only(countermovement(), "cmj", 80.0))
    assert 100.0 * (got["jump_height"] / 0.317566 - 1.0) == pytest.approx(-0.7, abs=0.15)
    assert 100.0 * (got["jump_height_flight"] / 0.317566 - 1.0) == pytest.approx(-3.2, abs=0.2)


def test_take_off_is_not_the_greatest_velocity() -> None:
    jump = only(countermovement(), "cmj")
    assert jump.motion is not None
    assert float(jump.motion.v.max()) == pytest.approx(2.594226, rel=1e-4)
    assert float((jump.motion.force * jump.motion.v).min()) == pytest.approx(-1538.7523, rel=1e-3)


def test_a_smooth_touch_down_lengthens_flight_and_leaves_the_impulse() -> None:
    got = values(only(countermovement("smooth"), "cmj"))
    assert got["jump_height"] == pytest.approx(0.317566, rel=0.0005)
    # Until 5 N are reached: most of 1.3 ms, on a force that starts with no slope at all.
    assert 0.0 < got["flight_time"] - FLIGHT < 0.003


@pytest.mark.parametrize("phase", [0.0, 0.4])
def test_squat_jump(phase: float) -> None:
    got = values(only(squat(), "sj", phase=phase))
    assert got["takeoff_velocity"] == pytest.approx(SQUAT_VELOCITY, rel=0.0005)
    assert got["jump_height"] == pytest.approx(SQUAT_VELOCITY**2 / 2 / GRAVITY, rel=0.001)
    assert got["flight_time"] == pytest.approx(2 * SQUAT_VELOCITY / GRAVITY, rel=0.002)
    assert got["contraction_time_detected"] == pytest.approx(0.320, abs=0.001)
    assert got["propulsion_time"] == pytest.approx(0.350, abs=0.001)
    assert got["propulsive_impulse"] == pytest.approx(MASS * SQUAT_VELOCITY, rel=0.0005)
    assert got["push_peak_force"] == pytest.approx(WEIGHT + SQUAT_TOP, rel=1e-4)
    assert "braking_time" not in got
    assert "depth" not in got


def test_drop_jump_with_the_box() -> None:
    trace = sample(drop())
    jump = find_jumps(trace, "dj", box=DROP_BOX)[0]
    got = values(jump)
    assert jump.marks.entry == pytest.approx(DROP_ENTRY, rel=1e-12)
    assert got["contact_time"] == pytest.approx(DROP_CONTACT, abs=0.0005)
    assert got["takeoff_velocity"] == pytest.approx(DROP_VELOCITY, rel=0.002)
    assert got["jump_height"] == pytest.approx(DROP_VELOCITY**2 / 2 / GRAVITY, rel=0.004)
    assert got["jump_height_flight"] == pytest.approx(DROP_VELOCITY**2 / 2 / GRAVITY, rel=0.004)
    assert got["rsi"] == pytest.approx(got["jump_height_flight"] / got["contact_time"], rel=1e-12)
    assert got["rsi_impulse"] == pytest.approx(DROP_VELOCITY**2 / 2 / GRAVITY / DROP_CONTACT, rel=0.006)
    assert got["ft_ct"] == pytest.approx(2 * DROP_VELOCITY / GRAVITY / DROP_CONTACT, rel=0.006)
    assert got["fall_height"] == pytest.approx(DROP_BOX, rel=0.01)
    assert got["push_peak_force"] == pytest.approx(4000.0, rel=1e-4)
    # What stops the fall is body weight's share and the fall's momentum.
    assert got["braking_impulse"] == pytest.approx(-MASS * DROP_ENTRY, rel=0.002)


def test_drop_jump_without_the_box_gives_no_height_by_impulse() -> None:
    results = {r.metric: r for r in answers(find_jumps(sample(drop()), "dj")[0])}
    assert results["rsi"].value is not None
    assert results["fall_height"].value == pytest.approx(DROP_BOX, rel=0.01)
    for metric in ("jump_height", "takeoff_velocity", "rsi_impulse"):
        assert results[metric].value is None
        assert "box" in (results[metric].reason or "")


def test_nobody_forgets_a_metric() -> None:
    # Every metric is given by at least one of the three jumps with two plates, or by none only for lack of plates.
    given = set(values(only(countermovement(), "cmj"))) | set(values(find_jumps(sample(drop()), "dj", box=0.3)[0]))
    left = {metric for metric in JUMP_METRICS if metric not in given}
    assert all("sides" in JUMP_METRICS[metric].requires for metric in left)
