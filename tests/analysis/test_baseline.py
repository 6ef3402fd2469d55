"""The quiet window: the latest quiet one, its mean and sample SD, never stiller than the sensor can tell."""

import numpy as np
import pytest

from forcelab.analysis.baseline import quiet_window, resolution_floor
from forcelab.model import Array


def seconds(until: float, rate: float = 100.0) -> Array:
    return np.arange(int(until * rate)) / rate


def test_mean_and_sample_sd_of_the_half_second_that_ends_200_ms_before_the_rise() -> None:
    t = seconds(3.0)
    force = 20.0 + np.where(np.arange(len(t)) % 2, 1.0, -1.0)
    quiet = quiet_window(t, force, rise=2.5, floor=0.0)
    assert quiet is not None
    base = quiet.baseline
    assert quiet.full
    assert base.start == pytest.approx(1.8, abs=0.011)
    assert base.stop == pytest.approx(2.3, abs=0.011)
    n = round((base.stop - base.start) * 100) + 1
    assert base.mean == pytest.approx(20.0, abs=1.01 / n)
    # ±1 by turns: the sum of squares about the mean is n (less 1/n if n is odd), divided by n - 1.
    assert base.sd == pytest.approx(((n - (n % 2) / n) / (n - 1)) ** 0.5, rel=1e-12)


def test_the_latest_quiet_window_and_not_the_stillest() -> None:
    t = seconds(4.0)
    rng = np.random.default_rng(0)
    force = rng.normal(0.0, 1.0, len(t)) + np.where(t > 2.6, 40.0, 0.0)
    force[t < 1.0] *= 0.9  # a little stiller at first, before the limb was pressed on
    quiet = quiet_window(t, force, rise=3.6, floor=0.0)
    assert quiet is not None
    assert quiet.baseline.mean == pytest.approx(40.0, abs=1.0)


def test_restless_windows_are_passed_over() -> None:
    t = seconds(4.0)
    force = np.random.default_rng(0).normal(0.0, 1.0, len(t))
    force[t > 2.5] *= 5.0
    quiet = quiet_window(t, force, rise=3.5, floor=0.0)
    assert quiet is not None
    assert quiet.baseline.sd < 1.5
    assert quiet.baseline.stop < 2.7


def test_a_still_record_is_no_stiller_than_its_resolution() -> None:
    t = seconds(3.0)
    force = np.full(len(t), 20.0)
    force[-1] = 20.3
    floor = resolution_floor(force)
    assert floor == pytest.approx(0.3 / 12**0.5)
    quiet = quiet_window(t, force, rise=2.5, floor=floor)
    assert quiet is not None
    assert quiet.baseline.sd == floor
    assert resolution_floor(np.full(5, 7.0)) == 0.0


def test_too_short_a_rest_is_taken_and_told() -> None:
    t = seconds(1.0)
    quiet = quiet_window(t, np.zeros(len(t)), rise=0.5, floor=0.0)
    assert quiet is not None
    assert not quiet.full
    # All of it is as level as it can be: then all of it is taken.
    assert (quiet.baseline.start, quiet.baseline.stop) == (0.0, 0.5)
    assert quiet_window(t, np.zeros(len(t)), rise=0.01, floor=0.0) is None


def test_too_short_a_rest_does_not_begin_with_the_end_of_the_push_before() -> None:
    t = seconds(0.6)
    force = np.where(t < 0.15, 40.0 * (1.0 - t / 0.15), 0.0)
    quiet = quiet_window(t, force, rise=0.55, floor=0.0)
    assert quiet is not None
    assert not quiet.full
    assert (quiet.baseline.mean, quiet.baseline.sd) == (0.0, 0.0)


def test_three_samples_are_taken_where_there_are_no_more() -> None:
    t = seconds(1.0, rate=10.0)
    quiet = quiet_window(t, np.array([2.0] * 3 + [90.0] * 7), rise=0.25, floor=0.0)
    assert quiet is not None
    assert quiet.baseline.mean == 2.0
    assert (quiet.baseline.start, quiet.baseline.stop) == (0.0, 0.2)


def test_rounding_is_no_resolution() -> None:
    force = np.array([0.0, 1e-13, 0.0, 0.05, 0.05 + 2e-14, 0.1])
    assert resolution_floor(force) == pytest.approx(0.05 / 12**0.5, rel=1e-9)
