"""Two plates, one body: the sum of two records on the union of their sample times. Aligns no clocks."""

from typing import Final

import numpy as np

from forcelab.model import Trace

_SAME: Final = 1e-7  # s


def together(left: Trace, right: Trace) -> Trace:
    """The force on both plates.

    Each record is straight between its samples, so the sum is straight between the samples of both: on the union of
    their times, in the span that both cover, it is exact; times less than 0.1 µs apart count
    as one. Records of equal times are added sample by sample.

    Args:
        left: one plate.
        right: the other, on the same clock.

    Returns:
        The sum. Its rate is the lower one; zero and capacity are summed where both are known (a capacity that only
        one plate reaches is seen on that plate, not on the sum). Empty if the records do not overlap.

    >>> both = together(Trace(np.array([0.0, 2.0]), np.array([0.0, 20.0]), 1.0),
    ...                 Trace(np.array([0.0, 1.0, 2.0]), np.array([5.0, 0.0, 5.0]), 1.0))
    >>> both.t.tolist(), both.force.tolist()
    ([0.0, 1.0, 2.0], [5.0, 10.0, 25.0])
    """
    if np.array_equal(left.t, right.t):
        t, force = left.t, left.force + right.force
    else:
        t, force = np.empty(0), np.empty(0)
        if len(left.t) and len(right.t):
            t = np.union1d(left.t, right.t)
            t = t[(t >= max(left.t[0], right.t[0])) & (t <= min(left.t[-1], right.t[-1]))]
            # One moment that the last bits of two clocks' stamps write in two ways is one sample.
            t = t[np.diff(t, prepend=-np.inf) > _SAME]
            force = np.interp(t, left.t, left.force) + np.interp(t, right.t, right.force)
    return Trace(
        t,
        force,
        min(left.rate, right.rate),
        left.own_time and right.own_time,
        None if left.capacity is None or right.capacity is None else left.capacity + right.capacity,
        None if left.zero is None or right.zero is None else left.zero + right.zero,
        left.lost + right.lost,
        left.discarded + right.discarded,
        left.rate_estimated or right.rate_estimated,
        untimed=left.untimed or right.untimed,
        scale_settled=left.scale_settled and right.scale_settled,
    )
