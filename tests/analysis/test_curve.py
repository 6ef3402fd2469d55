"""Exact sums, crossings and best windows, held against slow and simple ways of getting the same."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.analysis.curve import (
    area_to,
    best_mean,
    first_rise,
    integral,
    running_integral,
    steepest,
    time_above,
    value_at,
)
from forcelab.model import Array

WINDOW = 0.5


@st.composite
def curves(draw: st.DrawFn) -> tuple[Array, Array]:
    steps = draw(st.lists(st.floats(0.01, 0.4), min_size=4, max_size=30))
    force = draw(st.lists(st.floats(-100.0, 1000.0), min_size=len(steps), max_size=len(steps)))
    return np.cumsum(np.array(steps)), np.array(force)


@given(curves(), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_integral_is_the_area_under_the_straight_lines(curve: tuple[Array, Array], a: float, b: float) -> None:
    t, force = curve
    lo, hi = sorted(t[0] + share * (t[-1] - t[0]) for share in (a, b))
    grid = np.union1d(np.linspace(lo, hi, 50), t[(t > lo) & (t < hi)])
    y = np.interp(grid, t, force)
    slow = float(np.sum((grid[1:] - grid[:-1]) * (y[1:] + y[:-1]) / 2.0))
    assert integral(t, force, lo, hi) == pytest.approx(slow, abs=1e-6)
    areas = running_integral(t, force)
    first, last = area_to(t, force, areas, lo), area_to(t, force, areas, hi)
    assert first is not None
    assert last is not None
    assert last - first == pytest.approx(slow, abs=1e-6)


@given(curves())
def test_best_mean_is_not_beaten_by_any_window(curve: tuple[Array, Array]) -> None:
    t, force = curve
    best = best_mean(t, force, WINDOW)
    if t[-1] - t[0] < WINDOW:
        assert best is None
        return
    assert best is not None
    start, mean = best
    area = integral(t, force, start, min(start + WINDOW, float(t[-1])))
    assert area is not None
    assert mean == pytest.approx(area / WINDOW, abs=1e-6)
    for s in np.linspace(t[0], t[-1] - WINDOW, 200):
        tried = integral(t, force, float(s), min(float(s) + WINDOW, float(t[-1])))
        assert tried is not None
        assert tried / WINDOW <= mean + 1e-6


@given(curves())
def test_no_window_is_steeper_than_the_steepest(curve: tuple[Array, Array]) -> None:
    t, force = curve
    best = steepest(t, force, -1.0, 100.0, WINDOW)
    if t[-1] - t[0] < WINDOW:
        assert best is None
        return
    assert best is not None
    s = np.linspace(t[0], t[-1] - WINDOW, 200)
    assert ((np.interp(s + WINDOW, t, force) - np.interp(s, t, force)) / WINDOW <= best[1] + 1e-6).all()


def test_the_mean_of_a_tent_is_best_between_samples() -> None:
    # A tent with its top at 1.0: the best 0.5 s lie half before and half after it, where no sample is.
    t, force = np.array([0.0, 1.0, 2.0]), np.array([0.0, 100.0, 0.0])
    assert best_mean(t, force, 0.5) == (0.75, 87.5)


@given(curves(), st.floats(-100.0, 1000.0))
def test_first_rise_meets_the_level_and_nothing_before_it_does(curve: tuple[Array, Array], level: float) -> None:
    t, force = curve
    x = first_rise(t, force, level, float(t[0]))
    if x is None:
        assert force[0] > level or (force <= level).all()
        return
    # Loose where a step of force is steep against the resolution of time.
    assert np.interp(x, t, force) == pytest.approx(level, abs=1e-6)
    assert (force[t < x] <= level).all()


def test_nothing_is_extrapolated() -> None:
    t, force = np.array([1.0, 2.0]), np.array([10.0, 20.0])
    assert value_at(t, force, 0.999) is None
    assert value_at(t, force, 2.001) is None
    assert value_at(t, force, 2.0) == 20.0
    assert integral(t, force, 0.9, 1.5) is None
    assert running_integral(t, force).tolist() == [0.0, 15.0]


@given(curves(), st.floats(-500.0, 500.0))
def test_time_above_is_the_sum_over_the_steps(curve: tuple[Array, Array], level: float) -> None:
    t, force = curve
    fine = np.unique(np.concatenate([np.linspace(a, b, 400) for a, b in itertools.pairwise(t.tolist())]))
    y = np.interp(fine, t, force)
    counted = float(np.sum(np.diff(fine)[(y[1:] + y[:-1]) / 2.0 >= level]))
    # Each crossing lies inside one of the fine steps.
    assert time_above(t, force, level) == pytest.approx(counted, abs=len(t) * float(np.diff(fine).max()) + 1e-9)
