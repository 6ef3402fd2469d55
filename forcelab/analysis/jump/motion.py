"""Motion of the body's centre from ground force: exact on straight lines between samples, no filter, no resampling.

Force is straight between samples, so acceleration is straight, velocity a parabola and displacement a cubic in each
step, and all three are given exactly at every knot. A knot is added wherever force crosses body weight: there velocity
has its extremes, and between knots it runs one way only. Knows no phases.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forcelab.analysis.curve import value_at
from forcelab.model import Array


@dataclass(frozen=True, eq=False)
class Motion:
    """What the body does from `t[0]` on.

    Attributes:
        t: s, shape (n,): the knots.
        force: N, shape (n,).
        weight: N.
        mass: kg.
        v: m/s at the knots, upward.
        s: m at the knots, relative to the first one.
    """

    t: Array
    force: Array
    weight: float
    mass: float
    v: Array
    s: Array

    @cached_property
    def a(self) -> Array:
        """Acceleration at the knots in m/s²."""
        return (self.force - self.weight) / self.mass

    def _step(self, x: float) -> tuple[int, float]:
        """The knot before x and the time since it; x is held inside the motion."""
        x = min(max(x, float(self.t[0])), float(self.t[-1]))
        i = min(max(int(self.t.searchsorted(x, side="right")) - 1, 0), len(self.t) - 2)
        return i, x - float(self.t[i])

    def velocity(self, x: float) -> float:
        """Velocity at time x in m/s (at the ends beyond them).

        >>> fall = move(np.array([0.0, 1.0]), np.array([0.0, 0.0]), 0.0, 1.0, weight=100.0, g=10.0)
        >>> fall.velocity(0.5), fall.displacement(0.5)
        (-5.0, -1.25)
        """
        i, d = self._step(x)
        slope = float(self.a[i + 1] - self.a[i]) / float(self.t[i + 1] - self.t[i])
        return float(self.v[i]) + d * (float(self.a[i]) + 0.5 * d * slope)

    def displacement(self, x: float) -> float:
        """Displacement since the first knot at time x in m (at the ends beyond them)."""
        i, d = self._step(x)
        slope = float(self.a[i + 1] - self.a[i]) / float(self.t[i + 1] - self.t[i])
        return float(self.s[i]) + d * (float(self.v[i]) + d * (0.5 * float(self.a[i]) + d * slope / 6.0))

    def least_velocity(self) -> tuple[float, float]:
        """Time and value of the least velocity; it lies at a knot."""
        i = int(np.argmin(self.v))
        return float(self.t[i]), float(self.v[i])

    def turn(self, since: float) -> float | None:
        """The first time at or after `since` at which velocity comes up to zero; None if it never does."""
        up = np.flatnonzero((self.v >= 0.0) & (self.t >= since))
        if len(up) == 0:
            return None
        i = int(up[0])
        if i == 0 or self.t[i - 1] < since or self.v[i] == 0.0:
            return float(self.t[i])
        h, below, above = float(self.t[i] - self.t[i - 1]), float(self.v[i - 1]), float(self.a[i - 1])
        slope = float(self.a[i] - self.a[i - 1]) / h
        # Root of below + above·d + slope·d²/2, written so that a vanishing slope or start does no harm.
        inner = max(above * above - 2.0 * slope * below, 0.0)
        divisor = above + inner**0.5
        d = h if divisor <= 0.0 else -2.0 * below / divisor
        return float(self.t[i - 1]) + min(max(d, 0.0), h)

    def greatest_power(self) -> float:
        """The greatest F·v in W, also between knots: in a step it is a cubic, whose turning points are tried."""
        h = np.diff(self.t)
        f, v, a = self.force[:-1], self.v[:-1], self.a[:-1]
        k = np.diff(self.force) / h
        # Derivative of (f + k·d)(v + a·d + k·d²/2m): c2·d² + 2·c1·d + c0.
        c2, c1, c0 = 1.5 * k * k / self.mass, k * a + 0.5 * f * k / self.mass, k * v + f * a
        with np.errstate(divide="ignore", invalid="ignore"):
            root = np.sqrt(c1 * c1 - c2 * c0)
            turns = np.stack(((-c1 - root) / c2, (-c1 + root) / c2))
        d = np.where(np.isfinite(turns), np.clip(turns, 0.0, h), 0.0)
        power = (f + k * d) * (v + d * (a + 0.5 * k * d / self.mass))
        return float(max(power.max(), float(self.force[-1] * self.v[-1])))

    def work(self, start: float, stop: float) -> float:
        """∫ F·v dt from start to stop in J: what the legs give, as gain of kinetic and potential energy."""
        first, last = self.velocity(start), self.velocity(stop)
        height = self.displacement(stop) - self.displacement(start)
        return 0.5 * self.mass * (last * last - first * first) + self.weight * height


def move(t: Array, force: Array, start: float, stop: float, *, weight: float, g: float, entry: float = 0.0) -> Motion:
    """Integrates force from start to stop.

    Args:
        t: s, shape (n,), strictly increasing.
        force: N, shape (n,).
        start: s, inside the record; velocity there is `entry`, displacement zero.
        stop: s, inside the record, after start.
        weight: N, above zero.
        g: m/s².
        entry: m/s.

    Returns:
        The motion, with knots at start, stop, all samples between them and all crossings of body weight.
    """
    inside = slice(int(t.searchsorted(start, side="right")), int(t.searchsorted(stop, side="left")))
    x = np.concatenate(((start,), t[inside], (stop,)))
    y = np.concatenate(((value_at(t, force, start) or 0.0,), force[inside], (value_at(t, force, stop) or 0.0,)))
    net = y - weight
    i = np.flatnonzero(net[:-1] * net[1:] < 0.0)
    at = x[i] + (x[i + 1] - x[i]) * net[i] / (net[i] - net[i + 1])
    # A crossing closer to a sample than time stamps can tell is that sample.
    apart = (at > x[i]) & (at < x[i + 1])
    x, y = np.insert(x, i[apart] + 1, at[apart]), np.insert(y, i[apart] + 1, weight)
    mass = weight / g
    a, h = (y - weight) / mass, np.diff(x)
    v, s = np.empty(len(x)), np.empty(len(x))
    v[0], s[0] = entry, 0.0
    v[1:] = entry + np.cumsum(0.5 * h * (a[:-1] + a[1:]))
    s[1:] = np.cumsum(h * (v[:-1] + h * (2.0 * a[:-1] + a[1:]) / 6.0))
    return Motion(x, y, weight, mass, v, s)
