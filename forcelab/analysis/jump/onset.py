"""Onset of a jump: where force leaves body weight. Knows neither flights nor phases."""

from typing import Final

import numpy as np

from forcelab.analysis.curve import crossing
from forcelab.model import Array, Weighing

ONSET_RULE: Final = "jump onset 5sd/1(sd=5,min=1,for=0.02,back=0.03,reweigh=0.2|0.1|0.05)"
"""Name, version and parameters of the onset, the back-shift and the second weighing, as they stand in recipes."""

BACK: Final = 0.030
"""s before the detected onset at which integration starts."""

_SD, _LEAST, _CONFIRM = 5.0, 1.0, 0.020


def find_onset(t: Array, force: Array, stand: Weighing, until: float, *, rising: bool) -> float | None:
    """Where force leaves body weight after the stand.

    The first run of samples after the weighing window, lasting at least 20 ms, in which |F − BW| (rising: F − BW)
    exceeds max(5 SD, 1 N); there the straight line's crossing of that level.

    Args:
        t: s, shape (n,).
        force: N, shape (n,).
        stand: body weight and SD.
        until: s, take-off.
        rising: squat jump; only force above body weight counts.

    Returns:
        s, or None. Source: 5 SD, Owen et al. 2014, doi:10.1519/JSC.0000000000000311 (not verified); the least
        threshold and the confirmation are our own.

    >>> t = np.linspace(0.0, 2.0, 201)
    >>> force = 700.0 - 1000.0 * np.clip(t - 1.5, 0.0, 0.3)
    >>> round(find_onset(t, force, Weighing(700.0, 1.0, 0.0, 1.0), 2.0, rising=False), 9)
    1.505
    """
    i, j = np.searchsorted(t, (stand.stop, until))
    net = force[i:j] - stand.weight
    level = max(_SD * stand.sd, _LEAST)
    over = (net > level) if rising else (np.abs(net) > level)
    edges = np.diff(over.astype(np.int8), prepend=np.int8(0), append=np.int8(0))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    # A run is as long as the time to the first sample that is no more part of it.
    ends = t[np.minimum(stops + i, len(t) - 1)]
    lasting = starts[ends - t[starts + i] >= _CONFIRM]
    if len(lasting) == 0:
        return None
    at = int(lasting[0]) + int(i)
    return crossing(t, force, at - 1, stand.weight + (level if force[at] > stand.weight else -level)) if at else None
