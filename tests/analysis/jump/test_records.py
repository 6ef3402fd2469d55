"""Records as they come: several jumps, no landing, steps on and off, no stand, plates that are not zeroed."""

from dataclasses import replace

import numpy as np
import pytest

from forcelab.analysis.jump.answers import answers, unanswered
from forcelab.analysis.jump.find import find_jumps, no_jump
from forcelab.analysis.jump.flags import assess_jump
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.jump.plates import together
from forcelab.model import Result, Trace
from tests.analysis.jump.signals import WEIGHT, countermovement, sample, squat

RATE = 1000.0
HEIGHT = pytest.approx(0.317566, rel=0.001)


def results(jump: Jump) -> dict[str, Result]:
    return {result.metric: result for result in answers(jump)}


def names(jump: Jump) -> set[str]:
    return {flag.name for flag in assess_jump(jump) if flag.assessed}


def joined(*forces: np.ndarray) -> Trace:
    force = np.concatenate(forces)
    return Trace(np.arange(len(force)) / RATE, force, RATE)


def level(seconds: float, force: float) -> np.ndarray:
    return np.full(int(seconds * RATE), force)


def ramp(seconds: float, start: float, stop: float) -> np.ndarray:
    return np.linspace(start, stop, int(seconds * RATE))


JUMP = sample(countermovement()).force


def test_who_stays_on_the_plate_is_one_jump() -> None:
    jump = find_jumps(joined(JUMP, level(10.0, WEIGHT)), "cmj")
    assert [results(j)["jump_height"].value for j in jump] == [HEIGHT]
    assert names(jump[0]) == set()


def test_who_does_not_land_has_a_height_by_impulse_and_no_flight() -> None:
    (jump,) = find_jumps(sample(countermovement(lands=False)), "cmj")
    got = results(jump)
    assert got["jump_height"].value == HEIGHT
    assert got["rsi_mod"].value is not None
    for metric in ("flight_time", "jump_height_flight", "landing_peak_force", "landing_impulse", "ft_ct"):
        assert got[metric].value is None
        assert got[metric].reason == "no landing in the record"
    assert names(jump) == {"NO_LANDING"}


@pytest.mark.parametrize("end", [3.0, 3.108, 3.12, 3.15, 3.25])
def test_a_record_may_end_anywhere_after_take_off(end: float) -> None:
    whole = sample(countermovement())
    keep = whole.t <= end
    (jump,) = find_jumps(replace(whole, t=whole.t[keep], force=whole.force[keep]), "cmj")
    got = results(jump)
    assert got["jump_height"].value == HEIGHT
    assert all(r.value is not None or r.reason for r in got.values())
    assert got["landing_time"].value is None
    if end < 3.2:  # force peaks 0.1 s after touch-down
        assert got["landing_peak_force"].value is None


def test_all_jumps_of_a_record_are_found_in_order() -> None:
    jumps = find_jumps(joined(JUMP, JUMP, sample(squat()).force), "cmj")
    assert [results(jump)["jump_height"].value for jump in jumps[:2]] == [HEIGHT, HEIGHT]
    assert len(jumps) == 3
    takeoffs = [jump.marks.takeoff for jump in jumps]
    assert takeoffs == pytest.approx([2.6, 7.6, 12.32], abs=0.002)


def test_steps_on_and_off_are_no_jumps() -> None:
    on = np.concatenate((level(1.5, 0.0), ramp(0.4, 0.0, 1.1 * WEIGHT), ramp(0.3, 1.1 * WEIGHT, WEIGHT)))
    off = np.concatenate((ramp(0.5, WEIGHT, 0.0), level(1.2, 0.0)))
    (jump,) = find_jumps(joined(on, JUMP, off, on), "cmj")
    assert results(jump)["jump_height"].value == HEIGHT
    assert find_jumps(joined(on, level(2.0, WEIGHT), off), "cmj") == []
    # Off and on again as quickly as a jump is high: nobody pushed off.
    quick = np.concatenate((ramp(0.5, WEIGHT, 0.0), level(0.5, 0.0), ramp(0.4, 0.0, WEIGHT)))
    assert find_jumps(joined(level(2.0, WEIGHT), quick, level(2.0, WEIGHT)), "cmj") == []


def test_a_bounce_after_landing_keeps_what_rests_on_flight() -> None:
    bounce = np.concatenate((level(0.15, 2500.0), level(0.3, 0.0), level(0.2, 2000.0), level(2.0, WEIGHT)))
    tau = sample(countermovement()).t
    jumps = find_jumps(joined(JUMP[tau < 3.05], bounce), "cmj")
    assert len(jumps) == 2
    assert results(jumps[0])["jump_height"].value == HEIGHT
    got = results(jumps[1])
    assert got["flight_time"].value == pytest.approx(0.3, abs=0.002)
    assert got["jump_height"].value is None
    assert "NO_WEIGHING" in names(jumps[1])


@pytest.mark.parametrize(("before", "least"), [(0.6, 0.25), (0.3, 0.1), (0.9, 0.5)])
def test_a_short_stand_is_weighed_and_told(before: float, least: float) -> None:
    (jump,) = find_jumps(sample(countermovement(), before=before), "cmj")
    assert jump.weighing is not None
    assert jump.weighing.weight == pytest.approx(WEIGHT, rel=1e-4)
    assert jump.weighing.stop - jump.weighing.start >= least - 0.002
    flag = next(flag for flag in assess_jump(jump) if flag.name == "SHORT_WEIGHING")
    assert flag.value == pytest.approx(jump.weighing.stop - jump.weighing.start)
    assert flag.limit == 1.0


def test_the_latest_stand_is_weighed_and_not_the_first() -> None:
    # A bag was put down two seconds before the jump.
    heavy = joined(level(3.0, WEIGHT + 100.0), JUMP)
    (jump,) = find_jumps(heavy, "cmj")
    assert jump.weighing is not None
    assert jump.weighing.weight == pytest.approx(WEIGHT, rel=1e-5)
    assert jump.weighing.start > 3.0


def test_a_stand_does_not_reach_into_the_creeping_start() -> None:
    trace = sample(countermovement(), noise=1.5, seed=3)
    creep = np.interp(trace.t, [1.75, 2.0, 2.05], [0.0, -12.0, 0.0])
    (jump,) = find_jumps(replace(trace, force=trace.force + creep), "cmj")
    assert jump.weighing is not None
    assert jump.weighing.stop < 1.8
    assert jump.weighing.weight == pytest.approx(WEIGHT, abs=0.5)


def test_restless_and_standing_are_told_apart() -> None:
    trace = sample(countermovement())
    sway = np.where(trace.t < 2.0, 0.03 * WEIGHT * np.sin(2 * np.pi * 6.0 * trace.t), 0.0)
    (jump,) = find_jumps(replace(trace, force=trace.force + sway), "cmj")
    assert "RESTLESS_WEIGHING" in names(jump)


def test_a_recorded_zero_is_taken_off_and_an_offset_told() -> None:
    trace = sample(countermovement())
    lifted = replace(trace, force=trace.force + 12.0)
    (told,) = find_jumps(lifted, "cmj")
    assert "UNZEROED" in names(told)
    (jump,) = find_jumps(replace(lifted, zero=12.0), "cmj")
    assert names(jump) == set()
    assert results(jump)["body_weight"].value == pytest.approx(WEIGHT, rel=1e-6)


def test_one_mad_sample_in_flight_ends_no_flight() -> None:
    trace = sample(countermovement())
    force = trace.force.copy()
    force[2900] = 300.0
    (jump,) = find_jumps(replace(trace, force=force), "cmj")
    assert results(jump)["flight_time"].value == pytest.approx(0.508894, abs=0.001)


def test_a_given_weight_stands_in_for_a_stand_of_a_drop_jump() -> None:
    force = np.concatenate((level(1.0, 0.0), level(0.2, 3000.0), level(0.45, 0.0), level(0.15, 3000.0)))
    (jump,) = find_jumps(joined(force), "dj", weight=700.0, box=0.3)
    assert jump.weighing is not None
    assert jump.weighing.given
    got = results(jump)
    assert got["body_weight"].value is None
    assert got["jump_height"].value is not None
    (bare,) = find_jumps(joined(force), "dj")
    assert results(bare)["rsi"].value is not None
    assert results(bare)["jump_height"].value is None


def test_two_plates_add_up_to_one() -> None:
    trace = sample(countermovement(), noise=1.0)
    left, right = replace(trace, force=0.45 * trace.force), replace(trace, force=0.55 * trace.force)
    (jump,) = find_jumps(together(left, right), "cmj", sides={"left": left, "right": right})
    (single,) = find_jumps(trace, "cmj")
    got, alone = results(jump), results(single)
    for metric, result in alone.items():
        if result.value is not None:
            assert got[metric].value == pytest.approx(result.value, rel=1e-6, abs=1e-9), metric
        elif "sides" in JUMP_METRICS[metric].requires:
            assert result.reason == "one plate does not tell left from right"
    for phase in ("weighing", "unweighting", "braking", "propulsion", "landing"):
        assert got[f"{phase}_asymmetry"].value == pytest.approx(10.0, abs=1e-9)
    whole = (got["braking_impulse_left_gross"].value or 0.0) + (got["braking_impulse_right_gross"].value or 0.0)
    net = (got["braking_impulse"].value or 0.0) + (got["braking_time"].value or 0.0) * (got["body_weight"].value or 0.0)
    assert whole == pytest.approx(net, rel=1e-9)


def test_plates_with_clocks_of_their_own_are_joined_on_all_their_times() -> None:
    left = sample(countermovement(), phase=0.0)
    right = sample(countermovement(), phase=0.4)
    both = together(left, right)
    assert len(both.t) == 2 * len(left.t) - 2
    (jump,) = find_jumps(both, "cmj")
    # Each plate's last line to zero ends at a sample of its own, so the foot of the sum is less sharp.
    assert results(jump)["jump_height"].value == pytest.approx(0.317566, rel=0.002)
    apart = replace(right, t=right.t + 100.0)
    assert len(together(left, apart).t) == 0


@pytest.mark.parametrize(
    ("trace", "words"),
    [
        (Trace(np.empty(0), np.empty(0), RATE), "no samples"),
        (joined(level(3.0, 700.0)), "never falls below 20 N"),
        (joined(level(3.0, 0.0)), "nobody pushes off"),
        (joined(level(3.0, 1e9)), "no plate gives"),
        (joined(np.array([700.0, 0.0])), "too short"),
        (joined(level(2.0, WEIGHT), ramp(0.5, WEIGHT, 0.0), level(1.0, 0.0)), "nobody pushes off"),
    ],
)
def test_no_jump_is_told_with_its_reason(trace: Trace, words: str) -> None:
    assert find_jumps(trace, "cmj") == []
    why = no_jump(trace, "cmj")
    assert words in why
    for result in unanswered(JUMP_METRICS, "cmj", RATE, why):
        assert result.value is None
        assert result.reason == why


def test_below_200_hz_only_what_needs_no_take_off_is_shown() -> None:
    (jump,) = find_jumps(sample(countermovement(), 100.0), "cmj")
    got = results(jump)
    assert got["jump_height"].value is None
    assert (got["jump_height"].reason or "").startswith("rate:")
    assert got["body_weight"].value == pytest.approx(WEIGHT)
    everything = {r.metric: r for r in answers(jump, show_all=True)}
    assert everything["jump_height"].mark == "below_rate"


def test_below_500_hz_numbers_are_indicative() -> None:
    (jump,) = find_jumps(sample(countermovement(), 450.0), "cmj")
    assert results(jump)["jump_height"].mark == "indicative"
    assert results(jump)["body_weight"].mark is None
    (fast,) = find_jumps(sample(countermovement(), 500.0), "cmj")
    assert results(fast)["jump_height"].mark is None
    assert results(fast)["leg_stiffness"].mark == "indicative"


def test_times_of_arrival_carry_no_jump() -> None:
    (jump,) = find_jumps(replace(sample(countermovement()), own_time=False), "cmj")
    assert "no time of its own" in (results(jump)["jump_height"].reason or "")


def test_what_a_plate_owns_up_to_goes_for_a_jump_as_well() -> None:
    plate = replace(sample(countermovement()), untimed="it sends whole pounds", scale_settled=False)
    (jump,) = find_jumps(plate, "cmj")
    assert results(jump)["jump_height"].reason == "sensor: it sends whole pounds"
    assert results(jump)["body_weight"].value is not None
    assert [flag.name for flag in assess_jump(jump) if flag.assessed] == ["SCALE"]
    both = together(sample(countermovement()), plate)
    assert (both.untimed, both.scale_settled) == ("it sends whole pounds", False)


def test_a_dropout_takes_what_is_timed() -> None:
    trace = sample(countermovement())
    keep = (trace.t < 2.2) | (trace.t > 2.23)
    (jump,) = find_jumps(replace(trace, t=trace.t[keep], force=trace.force[keep]), "cmj")
    got = results(jump)
    assert "dropout" in (got["jump_height"].reason or "")
    assert got["body_weight"].value is not None
