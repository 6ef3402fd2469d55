"""Fewer points with the same picture: the least and the greatest sample of every pixel column.

The columns lie on a fixed grid of device time, so a sample stays in its column while the curve moves and nothing
shimmers, also where samples were lost. Knows no widget.
"""

import numpy as np

from forcelab.model import Array


def outline(t: Array, force: Array, column: float) -> tuple[Array, Array]:
    """What has to be drawn of a curve.

    Args:
        t: s, shape (n,), not decreasing.
        force: N, shape (n,).
        column: s, the width of one pixel column.

    Returns:
        t in s and force in N, equal shapes: the samples themselves while they are few, else two points a column, at its
        first and its last sample: its least and its greatest, in the order in which force runs. No peak is ever hidden.
    """
    if t.size < 2 or column <= 0:
        return t, force
    first, last = np.floor(t[[0, -1]] / column)
    columns = int(last - first) + 1
    if t.size <= 4 * columns:  # fewer points would look the same and cost the same
        return t, force
    edges = np.arange(first + 1, last + 1) * column
    starts = np.unique(np.concatenate(([0], np.searchsorted(t, edges))))
    starts = starts[starts < t.size]
    ends = np.append(starts[1:], t.size) - 1
    least, greatest = np.minimum.reduceat(force, starts), np.maximum.reduceat(force, starts)
    rises = force[ends] >= force[starts]  # so that a slope is drawn as a slope and not as steps
    bounds = np.column_stack((np.where(rises, least, greatest), np.where(rises, greatest, least)))
    return np.column_stack((t[starts], t[ends])).ravel(), bounds.ravel()


def since_restart(t: Array, force: Array) -> tuple[Array, Array]:
    """The part after the last step back in time: where a sensor was started again, its time begins anew."""
    back = np.flatnonzero(np.diff(t) < 0)
    if not back.size:
        return t, force
    cut = int(back[-1]) + 1
    return t[cut:], force[cut:]


def nice_top(force: float) -> float:
    """The end of a calm force axis in N: the least of 50, 100, 150, 200, 250, 300, 400, 500, 600, 800 … above it."""
    for scale in (100.0, 1000.0, 10_000.0):
        for step in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0):
            if force <= step * scale:
                return step * scale
    return float(force)


def tick_step(span: float, wanted: int = 5) -> float:
    """Distance of grid lines in N: 1, 2, 2.5 or 5 times a power of ten, about `wanted` of them in the span."""
    power = 10.0 ** np.floor(np.log10(span / wanted))
    return float(next(step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0) if span / (step * power) <= wanted + 0.5))
