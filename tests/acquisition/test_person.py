"""Simulated people push when told, within what is believable, and the same way for the same seed."""

import itertools
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.acquisition.person import Curve, Person, effort_curve, recorded_curve
from forcelab.model import Side

RATE = 80.0
SIDES: tuple[Side, Side] = ("right", "left")


def played(curve: Curve, seconds: float, start: float = 0.0) -> list[float]:
    return [curve(start + index / RATE) for index in range(round(seconds * RATE))]


def test_a_recording_is_played_as_it_was_with_straight_lines_between() -> None:
    curve = recorded_curve([10.0, 10.5, 11.0], [0.0, 100.0, 40.0], start=2.0)
    assert [curve(at) for at in (0.0, 2.0, 2.25, 2.5, 2.75, 3.0, 99.0)] == [0.0, 0.0, 50.0, 100.0, 70.0, 40.0, 40.0]


@given(st.lists(st.tuples(st.floats(0.001, 10.0), st.floats(-5000.0, 5000.0)), min_size=1, max_size=30))
def test_a_recording_meets_each_of_its_own_samples(steps: list[tuple[float, float]]) -> None:
    times = [sum(step for step, _ in steps[:count]) for count in range(1, len(steps) + 1)]
    curve = recorded_curve(times, [force for _, force in steps], start=times[0])
    assert [curve(at) for at in times] == [force for _, force in steps]


@pytest.mark.parametrize(("seconds", "force"), [([], []), ([0.0, 1.0], [5.0]), ([0.0, 0.0], [1.0, 2.0])])
def test_what_is_no_recording_is_refused(seconds: list[float], force: list[float]) -> None:
    with pytest.raises(ValueError, match=r"recording"):
        recorded_curve(seconds, force)


def test_efforts_come_on_their_schedule_out_of_quiet() -> None:
    curve = effort_curve([3.0, 12.0], peak=250.0, hold=5.0, rest=4.0, seed=1)
    force = played(curve, 20.0)
    quiet = force[: round(2.9 * RATE)]
    assert statistics.mean(quiet) == pytest.approx(4.0, abs=0.5)
    assert statistics.stdev(quiet) < 0.5
    for onset in (3.0, 12.0):
        early = force[round((onset + 0.5) * RATE) : round((onset + 1.5) * RATE)]
        assert statistics.mean(early) == pytest.approx(254.0, rel=0.1)
        assert curve(onset + 0.02) < 0.05 * 250.0 < curve(onset + 0.2)
        assert force[round((onset + 5.6) * RATE)] < 8.0
    # The effort begins, it does not jump: no step between two samples above a tenth of the peak.
    assert max(abs(later - earlier) for earlier, later in itertools.pairwise(force)) < 30.0


def test_the_strongest_moment_is_not_the_last() -> None:
    force = played(effort_curve([1.0], hold=5.0, seed=3), 6.0)
    first, last = force[round(1.5 * RATE) : round(2.5 * RATE)], force[round(5.0 * RATE) :]
    assert statistics.mean(last) < statistics.mean(first)


def test_the_same_seed_is_the_same_person() -> None:
    def once(seed: int) -> list[float]:
        return played(effort_curve([1.0], seed=seed), 3.0)

    assert once(4) == once(4) != once(5)


def test_a_curve_does_not_depend_on_how_often_it_is_asked() -> None:
    often, seldom = effort_curve([1.0], seed=4), effort_curve([1.0], seed=4)
    assert played(often, 3.0)[::8] == [seldom(index * 8 / RATE) for index in range(30)]


def a_push(person: Person, side: Side, at: float, strength: float = 1.0) -> list[float]:
    """Quiet for 1 s, a push of 4 s, a second to let go."""
    person.rest()
    force = played(person.curve, 1.0, at)
    person.push(side, strength)
    force += played(person.curve, 4.0, at + 1.0)
    person.rest()
    return force + played(person.curve, 1.0, at + 5.0)


def test_an_untouched_sensor_feels_nothing_and_a_resting_limb_a_little() -> None:
    person = Person(seed=2)
    assert set(played(person.curve, 2.0)) == {0.0}
    person.rest()
    assert statistics.mean(played(person.curve, 2.0, 2.0)) == pytest.approx(4.0, abs=0.5)
    person.leave()
    assert set(played(person.curve, 1.0, 4.0)) == {0.0}


def test_a_person_pushes_on_cue_after_a_moment_and_lets_go_on_cue() -> None:
    force = a_push(Person(seed=2), "right", 10.0)
    cue, release = round(1.0 * RATE), round(5.0 * RATE)
    assert max(force[: cue + round(0.15 * RATE)]) < 8.0  # nobody reacts sooner
    assert 0.8 * 260.0 < max(force) < 1.1 * 260.0
    assert force[release] > 200.0
    assert force[-1] < 8.0


def test_the_left_side_is_weaker_and_no_two_pushes_are_alike() -> None:
    person = Person(seed=7, left=0.8)
    right, left = ([max(a_push(person, side, 10.0 * turn)) for turn in range(4)] for side in SIDES)
    assert statistics.mean(left) / statistics.mean(right) == pytest.approx(0.8, abs=0.06)
    assert len(set(right)) == 4


def test_a_practice_push_is_as_weak_as_it_was_asked_for() -> None:
    assert max(a_push(Person(seed=1), "right", 0.0, strength=0.5)) == pytest.approx(130.0, rel=0.15)


def test_persons_differ_by_their_seed_only() -> None:
    one, same, other = (a_push(Person(seed=seed), "right", 0.0) for seed in (1, 1, 2))
    assert one == same != other
