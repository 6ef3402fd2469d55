"""Jumps drawn by hand, whose every number can be worked out on paper; for definitions and their examples.

g = 10 m/s², body weight 800 N, mass 80 kg, force in steps (of 1 ns), sampled at 1000 Hz, 45 % on the left plate.

Countermovement jump: stand for 1.5 s; 400 N for 0.4 s (velocity −2 m/s, 0.4 m down); 1600 N for 0.5 s (velocity
zero after 0.2 s, 0.6 m down; at take-off 3 m/s, 0.15 m below the stand); 0.6 s in the air (0.45 m high). Landing
with −3 m/s: force jumps to 800 N, rises to 4000 N in 0.1 s (−1 m/s), 1600 N for 0.11 s (velocity zero after 0.1 s),
stand.

Drop jump: from a box of 0.2 m (−2 m/s); 2400 N for 0.25 s (velocity zero after 0.1 s, 3 m/s at take-off);
flight and landing as above.

Squat jump: 2400 N for 0.15 s (3 m/s); flight and landing as above.
"""

from functools import cache
from typing import Final

import numpy as np

from forcelab.analysis.jump.find import find_jumps
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.plates import together
from forcelab.model import JumpKind, Role, Trace

_EDGE: Final = 1e-9
_PUSHES: Final = {
    "cmj": ((1.5, 800.0), (0.4, 400.0), (0.5, 1600.0)),
    "sj": ((1.5, 800.0), (0.15, 2400.0)),
    "dj": ((1.0, 0.0), (0.25, 2400.0)),
}


def drawn_force(kind: JumpKind) -> tuple[np.ndarray, np.ndarray]:
    """Corner points (s, N) of the drawn jump."""
    x, y, now = [0.0], [_PUSHES[kind][0][1]], 0.0
    for duration, level in (*_PUSHES[kind], (0.6, 0.0)):
        x += [now + _EDGE, now + duration]
        y += [level, level]
        now += duration
    x += [now + _EDGE, now + 0.1, now + 0.1 + _EDGE, now + 0.21, now + 0.21 + _EDGE, now + 1.5]
    y += [800.0, 4000.0, 1600.0, 1600.0, 800.0, 800.0]
    return np.array(x), np.array(y)


@cache
def by_hand(kind: JumpKind = "cmj", *, box: float | None = 0.2) -> Jump:
    """The drawn jump of this kind, found in its record."""
    x, y = drawn_force(kind)
    t = np.union1d(np.arange(0.0, x[-1], 1e-3), x)
    t = t[np.concatenate(((True,), np.diff(t) >= 0.9 * _EDGE))]
    force = np.interp(t, x, y)
    left, right = Trace(t, 0.45 * force, 1000.0), Trace(t, 0.55 * force, 1000.0)
    sides: dict[Role, Trace] = {"left": left, "right": right}
    return find_jumps(together(left, right), kind, sides=sides, g=10.0, box=box if kind == "dj" else None)[0]
