import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from forcelab.app.outline import nice_top, outline, since_restart, tick_step

forces = npst.arrays(np.float64, st.integers(2, 3000), elements=st.floats(-2000, 2000, width=32))


@given(force=forces, start=st.floats(0, 1e5), rate=st.sampled_from([10, 80, 1000, 4000]), column=st.floats(0.001, 1.0))
def test_no_sample_lies_outside_what_is_drawn_of_its_column(
    force: np.ndarray, start: float, rate: int, column: float
) -> None:
    t = start + np.arange(force.size) / rate
    x, y = outline(t, force, column)
    assert (y.max(), y.min()) == (force.max(), force.min())
    assert np.all(np.diff(x) >= 0)
    peak_at = t[int(np.argmax(force))]
    assert np.min(np.abs(x[y == force.max()] - peak_at)) <= column * (1 + 1e-9)


def test_columns_are_thinned_to_their_least_and_greatest() -> None:
    x, y = outline(np.arange(100) / 100, np.arange(100.0), 0.25)
    assert y.tolist() == [0, 24, 25, 49, 50, 74, 75, 99]
    assert x.tolist() == [0, 0.24, 0.25, 0.49, 0.5, 0.74, 0.75, 0.99]
    assert outline(np.arange(100) / 100, -np.arange(100.0), 0.25)[1].tolist() == (-y).tolist()


def test_a_curve_that_moves_on_keeps_its_columns() -> None:
    t, force = np.arange(4000) / 1000, np.random.default_rng(3).normal(size=4000)
    x, y = outline(t, force, 0.02)
    later_x, later_y = outline(t[300:], force[300:], 0.02)  # 0.3 s is 15 whole columns
    assert np.array_equal(later_x, x[30:])
    assert np.array_equal(later_y, y[30:])


def test_few_samples_are_drawn_as_they_are() -> None:
    t, force = np.arange(10) / 80, np.arange(10.0)
    assert outline(t, force, 0.01)[1] is force


def test_lost_samples_leave_no_empty_column() -> None:
    t = np.concatenate((np.arange(500), np.arange(1500, 2000))) / 1000
    x, y = outline(t, np.ones(1000), 0.05)
    assert x.size == y.size == 2 * 20


def test_a_sensor_started_anew_begins_a_new_curve() -> None:
    t, force = since_restart(np.array([5.0, 5.1, 0.0, 0.1]), np.array([1.0, 2.0, 3.0, 4.0]))
    assert (t.tolist(), force.tolist()) == ([0.0, 0.1], [3.0, 4.0])


@pytest.mark.parametrize(
    ("force", "top"), [(0, 50), (50, 50), (51, 100), (171, 200), (201, 250), (810, 1000), (1001, 1500)]
)
def test_the_axis_ends_on_a_calm_number(force: float, top: float) -> None:
    assert nice_top(force) == top


@pytest.mark.parametrize(("span", "step"), [(100, 20), (250, 50), (400, 100), (1000, 200), (7, 2)])
def test_grid_lines_lie_on_round_numbers(span: float, step: float) -> None:
    assert tick_step(span) == step
