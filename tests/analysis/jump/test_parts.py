"""The parts by themselves, on curves small enough to be solved in the head."""

import numpy as np
import pytest

from forcelab.analysis.curve import first_rise
from forcelab.analysis.jump import landing
from forcelab.analysis.jump.answers import answers
from forcelab.analysis.jump.example import by_hand
from forcelab.analysis.jump.find import find_jumps
from forcelab.analysis.jump.flight import find_flights
from forcelab.analysis.jump.motion import move
from forcelab.analysis.jump.onset import find_onset
from forcelab.analysis.jump.plates import together
from forcelab.analysis.jump.sides import span
from forcelab.analysis.jump.weighing import weigh
from forcelab.model import Array, Trace, Weighing
from tests.analysis.jump.signals import DROP_ENTRY, LANDED, MASS, VELOCITY, WEIGHT, countermovement, drop, sample

T = np.arange(0.0, 3.0, 0.001)


def test_velocity_is_least_where_force_crosses_weight_between_samples() -> None:
    # 1 kg, 10 N: acceleration from −10 to 10 m/s² in 1 s, least velocity −2.5 m/s half-way, −2 m/s entry on top.
    motion = move(np.array([0.0, 1.0]), np.array([0.0, 20.0]), 0.0, 1.0, weight=10.0, g=10.0, entry=-2.0)
    assert motion.least_velocity() == pytest.approx((0.5, -4.5))


def test_an_empty_plate_does_no_work() -> None:
    motion = move(np.array([0.0, 1.0]), np.zeros(2), 0.0, 1.0, weight=10.0, g=10.0)
    assert motion.work(0.0, 1.0) == pytest.approx(0.0, abs=1e-12)


def test_onset_needs_20_ms() -> None:
    stand = Weighing(700.0, 1.0, 0.0, 1.0)
    spike = np.where((T > 1.1) & (T < 1.11), 800.0, 700.0)
    assert find_onset(T, spike, stand, 3.0, rising=False) is None
    assert find_onset(T, np.where(T > 1.1, 800.0, 700.0), stand, 3.0, rising=False) == pytest.approx(1.1, abs=0.001)


@pytest.mark.parametrize(("sd", "level"), [(2.0, 10.0), (4.0, 20.0), (0.0, 1.0)])
def test_onset_lies_at_five_sd_or_a_newton(sd: float, level: float) -> None:
    force = 700.0 - 100.0 * np.clip(T - 1.5, 0.0, 1.0)
    onset = find_onset(T, force, Weighing(700.0, sd, 0.0, 1.0), 3.0, rising=False)
    assert onset == pytest.approx(1.5 + level / 100.0, abs=1e-9)


@pytest.mark.parametrize(("gone", "flights"), [(0.05, 0), (0.15, 1)])
def test_less_than_100_ms_is_no_flight(gone: float, flights: int) -> None:
    assert len(find_flights(T, np.where(np.abs(T - 1.0 - 0.5 * gone) < 0.5 * gone, 0.0, 700.0))) == flights


def test_weighing_looks_back_five_seconds() -> None:
    t = np.arange(0.0, 12.0, 0.001)
    force = 700.0 + np.where(t > 4.0, 8.0 * np.sin(40.0 * t), 0.0)
    stand = weigh(t, force, 0.0, 12.0, 0.01)
    assert stand is not None
    assert stand.start > 7.0 - 0.001


def test_a_window_whose_end_has_begun_to_move_is_no_stand() -> None:
    t = np.arange(0.0, 1.0, 0.001)
    stand = weigh(t, np.where(t > 0.97, 600.0, 700.0), 0.0, 0.9995, 0.01)
    assert stand is not None
    assert stand.stop <= 0.971
    assert stand.weight == 700.0


def test_a_foot_lifted_for_a_moment_is_no_stand() -> None:
    force = np.full(len(T), 700.0)
    force[2500] = 0.0
    stand = weigh(T, force, 0.0, 2.999, 10.0)
    assert stand is not None
    assert stand.stop < 2.5


ONE_SECOND = np.arange(1001) / 1000.0
"""So long that there is one window of a second, which is a stand or is none: no better one stands beside it."""


@pytest.mark.parametrize(("tremor", "shift", "still"), [(0.1, 0.9, True), (0.1, 1.2, False), (2.0, 9.0, True),
                                                        (2.0, 11.5, False), (2.0, -11.5, False)])  # fmt: skip
def test_the_end_of_a_stand_lies_within_five_sd_or_a_newton_of_it(tremor: float, shift: float, still: bool) -> None:
    force = 700.0 + tremor * np.where(np.arange(1001) % 2, 1.0, -1.0) + np.where(ONE_SECOND > 0.9505, shift, 0.0)
    stand = weigh(ONE_SECOND, force, 0.0, 1.0, 0.01)
    assert stand is not None
    assert (stand.stop - stand.start > 0.99) == still
    if not still:
        assert stand.stop < 0.96
        assert stand.weight == pytest.approx(700.0, abs=0.1)


@pytest.mark.parametrize(("least", "still"), [(19.0, False), (21.0, True)])
def test_no_sample_of_a_stand_is_empty(least: float, still: bool) -> None:
    force = np.full(1001, 700.0)
    force[300] = least
    stand = weigh(ONE_SECOND, force, 0.0, 1.0, 0.01)
    assert stand is not None
    assert (stand.start < 0.3) == still
    if not still:
        assert stand.weight == 700.0


def test_landing_begins_with_touch_down_and_not_with_take_off() -> None:
    jump = by_hand()
    assert span(jump, "landing") == pytest.approx((3.0, 3.2), abs=1e-6)
    assert span(jump, "propulsion") == pytest.approx((2.1, 2.4), abs=1e-6)


def test_the_rate_of_landing_is_sought_up_to_its_peak_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []

    def counted(t: Array, force: Array, level: float, since: float) -> float | None:
        looked.append(len(t))
        return first_rise(t, force, level, since)

    monkeypatch.setattr(landing, "first_rise", counted)
    (jump,) = find_jumps(sample(countermovement(), after=20.0), "cmj")
    assert landing.landing_loading_rate(jump) is not None
    assert looked
    assert max(looked) < 1000.0 * LANDED


def test_a_drop_jump_without_a_box_falls_as_fast_as_flight_time_tells() -> None:
    (jump,) = find_jumps(sample(drop()), "dj")
    assert jump.marks.entry_from == "flight"
    assert jump.marks.entry == pytest.approx(DROP_ENTRY, rel=0.01)


def test_the_landing_of_a_half_sine() -> None:
    (jump,) = find_jumps(sample(countermovement()), "cmj")
    got = {r.metric: r.value for r in answers(jump)}
    top = 0.5 * np.pi * (MASS * VELOCITY / LANDED + WEIGHT)
    assert got["landing_peak_force"] == pytest.approx(top, rel=1e-4)
    assert got["landing_peak_bw"] == pytest.approx(top / WEIGHT, rel=1e-4)
    assert got["landing_time_to_peak"] == pytest.approx(0.5 * LANDED, abs=0.0012)
    rise = (np.arcsin(0.8) - np.arcsin(0.2)) / np.pi * LANDED
    assert got["landing_loading_rate"] == pytest.approx(0.6 * top / rise, rel=0.002)


def test_local_gravity_is_used_throughout() -> None:
    got = {r.metric: r.value for r in answers(by_hand())}
    assert got["jump_height"] == pytest.approx(0.45, rel=1e-6)
    assert got["jump_height_flight"] == pytest.approx(0.45, rel=1e-6)
    assert got["body_mass"] == pytest.approx(80.0, rel=1e-9)
    whole = (got["landing_impulse_left_gross"] or 0.0) + (got["landing_impulse_right_gross"] or 0.0)
    assert whole == pytest.approx(400.0, rel=1e-5)


def test_the_sum_of_two_plates_is_as_fast_as_the_slower_one() -> None:
    slow, fast = Trace(T, T, 500.0, capacity=10.0), Trace(T, T, 1000.0, capacity=20.0, zero=1.0)
    both = together(slow, fast)
    assert (both.rate, both.capacity, both.zero) == (500.0, 30.0, None)
