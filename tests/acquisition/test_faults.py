"""Faults come as they were asked for, and by their seed."""

import statistics
from typing import Any

import pytest

from forcelab.acquisition.faults import Faults, Misfortune


def test_without_faults_nothing_is_changed() -> None:
    well = Misfortune(Faults(), 1)
    assert well.force(-3.25) == -3.25
    assert well.arrivals(7.5) == [7.5]
    assert well.device_seconds(600.0) == 600.0


def test_the_same_seed_brings_the_same_faults_and_another_others() -> None:
    def story(seed: int) -> list[object]:
        bad = Misfortune(Faults(loss=0.3, duplication=0.3, delay=0.1, noise=1.0), seed)
        return [[bad.arrivals(float(now)), bad.force(0.0)] for now in range(50)]

    assert story(1) == story(1) != story(2)


def test_what_the_air_does_leaves_the_noise_of_the_cell_as_it_was() -> None:
    def noise(faults: Faults) -> list[float]:
        bad, forces = Misfortune(faults, 5), []
        for now in range(100):
            forces.append(bad.force(10.0))
            bad.arrivals(float(now))
        return forces

    assert noise(Faults(noise=0.5)) == noise(Faults(noise=0.5, loss=0.5, delay=1.0))


def test_shares_are_met() -> None:
    bad = Misfortune(Faults(loss=0.2, duplication=0.1), 3)
    copies = [len(bad.arrivals(float(now))) for now in range(20_000)]
    # Standard errors are 0.3 and 0.2 %; the seed is fixed, so this cannot fail by chance.
    assert copies.count(0) / 20_000 == pytest.approx(0.2, abs=0.01)
    assert copies.count(2) / (20_000 - copies.count(0)) == pytest.approx(0.1, abs=0.01)


def test_late_notifications_keep_their_order_and_their_limit() -> None:
    bad = Misfortune(Faults(delay=0.5), 3)
    sent = [now * 0.1 for now in range(500)]
    arrived = [bad.arrivals(now)[0] for now in sent]
    assert arrived == sorted(arrived)
    assert all(now <= arrival < now + 0.5 for now, arrival in zip(sent, arrived, strict=True))


def test_noise_has_its_deviation_and_saturation_its_edge() -> None:
    noisy = Misfortune(Faults(noise=2.0), 1)
    assert statistics.stdev(noisy.force(0.0) for _ in range(5000)) == pytest.approx(2.0, rel=0.05)
    full = Misfortune(Faults(noise=2.0, saturation=100.0), 1)
    assert {full.force(120.0), full.force(1000.0), full.force(-500.0)} == {100.0, -100.0}


def test_a_crystal_that_runs_fast_counts_more_than_goes_by() -> None:
    fast = Misfortune(Faults(drift=50.0), 1)
    assert fast.device_seconds(600.0) == pytest.approx(600.03)
    assert fast.host_seconds(fast.device_seconds(600.0)) == pytest.approx(600.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": 1.1},
        {"duplication": -0.1},
        {"delay": -1.0},
        {"noise": -1.0},
        {"disconnect_at": (-1.0,)},
        {"away": -2.0},
        {"saturation": -5.0},
        {"silent_at": -5.0},
    ],
)
def test_faults_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"cannot be negative|within 0 and 1"):
        Faults(**wrong)
