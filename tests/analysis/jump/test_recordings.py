"""Jumps that other people recorded, against what is known of them. The files lie beside the project, never in it.

What is known was read where force passes 20 N; forcelab's threshold follows the noise of the empty plate and lies
lower, so its take-off is 2 ms later on the slow decay of these records. Both readings are held here.
"""

from pathlib import Path

import numpy as np
import pytest

from forcelab.analysis.curve import crossing
from forcelab.analysis.jump.answers import answers
from forcelab.analysis.jump.find import find_jumps
from forcelab.analysis.jump.flags import assess_jump, jump_verdict
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.plates import together
from forcelab.model import JumpKind, Trace

G = 9.81


def single(folder: Path, name: str) -> Trace:
    force = np.loadtxt(folder / "gidiel-machado" / f"Single-{name}-Fz.txt")
    return Trace(np.arange(len(force)) / 1000.0, force, 1000.0)


def dual(folder: Path, name: str) -> tuple[Trace, Trace]:
    force = np.loadtxt(folder / "gidiel-machado" / f"Dual-{name}-Fz.txt", skiprows=1)
    t = np.arange(len(force)) / 1000.0
    return Trace(t, force[:, 0].copy(), 1000.0), Trace(t, force[:, 1].copy(), 1000.0)


def timed(folder: Path, name: str) -> Trace:
    table = np.loadtxt(folder / "BMClab" / name, skiprows=1)
    return Trace(table[:, 0].copy(), table[:, 1].copy(), 450.0)


def values(jump: Jump) -> dict[str, float]:
    return {r.metric: r.value for r in answers(jump) if r.value is not None}


def names(jump: Jump) -> set[str]:
    return {flag.name for flag in assess_jump(jump) if flag.assessed}


def flight_at(trace: Trace, jump: Jump, level: float) -> tuple[float, float]:
    """Where force falls and rises through a level around this jump's flight."""
    landing = jump.marks.landing
    assert landing is not None
    low = np.flatnonzero((trace.force < level) & (np.abs(trace.t - 0.5 * (jump.marks.takeoff + landing)) < 0.4))
    first, last = int(low[0]), int(low[-1])
    return crossing(trace.t, trace.force, first - 1, level), crossing(trace.t, trace.force, last, level)


def test_countermovement_jump(shared_data: Path) -> None:
    trace = single(shared_data, "CMJ")
    (jump,) = find_jumps(trace, "cmj")
    got = values(jump)
    assert got["body_weight"] == pytest.approx(663.1, abs=0.1)
    down, up = flight_at(trace, jump, 20.0)
    assert up - down == pytest.approx(0.511, abs=0.001)
    assert jump.motion is not None
    assert jump.motion.velocity(down) == pytest.approx(2.514, rel=0.005)
    # Our own definition: later by the tail between 20 N and the threshold, and slower by g times that.
    assert got["flight_time"] == pytest.approx(0.511, rel=0.01)
    assert got["takeoff_velocity"] == pytest.approx(2.514, rel=0.015)
    assert got["jump_height"] == pytest.approx(got["jump_height_flight"], rel=0.02)
    assert names(jump) == set()
    assert jump_verdict(assess_jump(jump)) == "trusted"


@pytest.mark.parametrize(("name", "kind"), [("CMJ", "cmj"), ("SJ", "sj"), ("DJ", "dj")])
def test_two_plates_are_the_single_one(shared_data: Path, name: str, kind: JumpKind) -> None:
    left, right = dual(shared_data, name)
    (jump,) = find_jumps(together(left, right), kind, sides={"left": left, "right": right})
    (alone,) = find_jumps(single(shared_data, name), kind)
    got, expected = values(jump), values(alone)
    assert set(expected) <= set(got)
    # The two files are rounded apart by 1 mN, and one begins a sample later.
    shift = jump.marks.takeoff - alone.marks.takeoff
    assert abs(shift) < 0.0015
    for metric in ("body_weight", "flight_time", "push_peak_force", "landing_peak_force", "propulsive_impulse"):
        assert got[metric] == pytest.approx(expected[metric], rel=0.002), metric
    for phase in ("braking", "propulsion", "landing"):
        if f"{phase}_impulse_left_gross" not in got:
            continue
        left_impulse, right_impulse = got[f"{phase}_impulse_left_gross"], got[f"{phase}_impulse_right_gross"]
        asymmetry = 100.0 * (right_impulse - left_impulse) / (left_impulse + right_impulse)
        assert got[f"{phase}_asymmetry"] == pytest.approx(asymmetry, rel=1e-12)
    net = got["propulsion_impulse_left_gross"] + got["propulsion_impulse_right_gross"]
    assert net - got["body_weight"] * got["propulsion_time"] == pytest.approx(got["propulsive_impulse"], rel=1e-9)


def test_quiet_means_of_the_two_plates(shared_data: Path) -> None:
    left, right = dual(shared_data, "CMJ")
    (jump,) = find_jumps(together(left, right), "cmj", sides={"left": left, "right": right})
    got, stand = values(jump), jump.weighing
    assert stand is not None
    seconds = stand.stop - stand.start
    # Theirs are of another stretch of the stand; weight wanders between the feet by about a newton.
    assert got["weighing_impulse_left_gross"] / seconds == pytest.approx(307.9, abs=1.0)
    assert got["weighing_impulse_right_gross"] / seconds == pytest.approx(355.0, abs=1.2)
    assert got["weighing_impulse_left_gross"] + got["weighing_impulse_right_gross"] == pytest.approx(
        663.1 * seconds, abs=0.2
    )


def test_squat_jump(shared_data: Path) -> None:
    (jump,) = find_jumps(single(shared_data, "SJ"), "sj")
    got = values(jump)
    assert got["body_weight"] == pytest.approx(661.0, abs=3.0)
    assert got["jump_height"] == pytest.approx(got["jump_height_flight"], rel=0.02)
    assert names(jump) == set()


def test_drop_jump(shared_data: Path) -> None:
    (jump,) = find_jumps(single(shared_data, "DJ"), "dj")
    got = values(jump)
    assert got["contact_time"] == pytest.approx(0.25, abs=0.01)
    assert got["flight_time"] == pytest.approx(0.48, abs=0.01)
    assert got["rsi"] == pytest.approx(G * got["flight_time"] ** 2 / 8.0 / got["contact_time"], rel=1e-9)
    # The same person, weighed after landing.
    assert got["body_weight"] == pytest.approx(663.1, abs=5.0)
    assert 0.2 < got["fall_height"] < 0.45


def test_the_600_hz_jump_warns_of_its_short_weighing(shared_data: Path) -> None:
    force = np.loadtxt(shared_data / "BMClab" / "GRFZjump.txt")
    trace = Trace(np.arange(len(force)) / 600.0, force, 600.0)
    (jump,) = find_jumps(trace, "cmj")
    got = values(jump)
    flag = next(flag for flag in assess_jump(jump) if flag.name == "SHORT_WEIGHING")
    assert flag.value == pytest.approx(0.1, abs=0.01)
    assert jump_verdict(assess_jump(jump)) == "peak_only"
    assert got["body_weight"] == pytest.approx(627.3, abs=0.5)
    # 600 Hz: one interval is 1.7 ms, and the empty plate shows 6 N.
    assert got["flight_time"] == pytest.approx(0.425, abs=0.0025)
    assert got["jump_height_flight"] == pytest.approx(0.221, abs=0.002)
    assert got["jump_height"] == pytest.approx(0.246, rel=0.025)
    assert names(jump) == {"SHORT_WEIGHING", "UNZEROED"}


@pytest.mark.parametrize(("name", "stand"), [("jump1.txt", 692.5), ("jump2.txt", 772.5)])
def test_who_steps_on_jumps_and_steps_off(shared_data: Path, name: str, stand: float) -> None:
    (jump,) = find_jumps(timed(shared_data, name), "cmj")
    got = values(jump)
    assert got["body_weight"] == pytest.approx(stand, abs=2.5)
    assert got["jump_height"] == pytest.approx(got["jump_height_flight"], rel=0.1)
    assert names(jump) == {"LOW_RATE"}
    assert all(r.mark == "indicative" for r in answers(jump, ["jump_height", "flight_time"]))
