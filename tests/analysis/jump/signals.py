"""Ground force of jumps in closed form, whose numbers are known, and samplers that read them as plates do.

The countermovement jump (80 kg, g = 9.81): quiet; 0–0.30 s body weight less 500 sin N; the next 0.28 s body weight plus
1700 sin N; straight down to zero in 0.020 s; flight; landing; stand. Truths are typed from the specification or written
out as formulas. The landing is not of closed form, nothing is checked on it but where it begins.
"""

from collections.abc import Callable
from typing import Final, Literal

import numpy as np

from forcelab.model import Array, Trace

MASS: Final = 80.0
GRAVITY: Final = 9.81
WEIGHT: Final = 784.8
FLIGHT: Final = 0.508894
VELOCITY: Final = 2.496126
TAKEOFF: Final = 0.600
LANDING: Final = TAKEOFF + 2.0 * VELOCITY / GRAVITY
LANDED: Final = 0.2

Touch = Literal["abrupt", "smooth"]
Curve = Callable[[Array], Array]


def _half(tau: Array, start: float, length: float) -> Array:
    x = (tau - start) / length
    return np.where((x > 0.0) & (x < 1.0), np.sin(np.pi * np.clip(x, 0.0, 1.0)), 0.0)


def _down(tau: Array, end: float) -> Array:
    """Body weight, straight down to zero in the 20 ms before `end`."""
    return WEIGHT * np.clip((end - tau) / 0.020, 0.0, 1.0)


def _landing(tau: Array, at: float, velocity: float, touch: Touch) -> Array:
    """Lands from this velocity to rest within 0.2 s, then stands."""
    x = np.clip((tau - at) / LANDED, 0.0, 1.0)
    stand = np.where(tau >= at + LANDED, WEIGHT, 0.0)
    if touch == "abrupt":
        top = 0.5 * np.pi * (MASS * velocity / LANDED + WEIGHT)
        return np.asarray(stand + np.where(tau < at + LANDED, top * np.sin(np.pi * x), 0.0))
    # Body weight comes up as a smooth step, whose mean is half of it; the rest is a squared sine.
    top = 2.0 * (MASS * velocity / LANDED + 0.5 * WEIGHT)
    return np.asarray(WEIGHT * x * x * (3.0 - 2.0 * x) + top * np.sin(np.pi * x) ** 2)


def countermovement(touch: Touch = "abrupt", *, lands: bool = True) -> Curve:
    """The countermovement jump; time zero is its true onset."""

    def force(tau: Array) -> Array:
        ground = _down(tau, TAKEOFF) - 500.0 * _half(tau, 0.0, 0.30) + 1700.0 * _half(tau, 0.30, 0.28)
        return np.asarray(ground + (_landing(tau, LANDING, VELOCITY, touch) if lands else 0.0))

    return force


SQUAT_TOP: Final = 1500.0
SQUAT_PUSH: Final = 0.30
SQUAT_VELOCITY: Final = 2.0 * SQUAT_TOP * SQUAT_PUSH / np.pi / MASS - GRAVITY * 0.020 / 2.0


def squat(touch: Touch = "abrupt", *, dipping: float = 0.0) -> Curve:
    """A squat jump: body weight plus 1500 sin N for 0.3 s, straight down; `dipping` N lower in the 0.2 s before."""
    end = SQUAT_PUSH + 0.020
    landing = end + 2.0 * SQUAT_VELOCITY / GRAVITY

    def force(tau: Array) -> Array:
        ground = _down(tau, end) + SQUAT_TOP * _half(tau, 0.0, SQUAT_PUSH) - dipping * _half(tau, -0.2, 0.2)
        return np.asarray(ground + _landing(tau, landing, SQUAT_VELOCITY, touch))

    return force


DROP_BOX: Final = 0.30
DROP_ENTRY: Final = -((2.0 * GRAVITY * DROP_BOX) ** 0.5)
DROP_TOP: Final = 4000.0
DROP_CONTACT: Final = 0.20
DROP_VELOCITY: Final = DROP_ENTRY + 2.0 * DROP_TOP * DROP_CONTACT / np.pi / MASS - GRAVITY * DROP_CONTACT


def drop() -> Curve:
    """A drop jump from 0.30 m: a half sine of 4000 N for 0.2 s, flight, landing."""
    landing = DROP_CONTACT + 2.0 * DROP_VELOCITY / GRAVITY

    def force(tau: Array) -> Array:
        return np.asarray(DROP_TOP * _half(tau, 0.0, DROP_CONTACT) + _landing(tau, landing, DROP_VELOCITY, "abrupt"))

    return force


def sample(
    curve: Curve,
    rate: float = 1000.0,
    *,
    before: float = 2.0,
    after: float = 3.0,
    phase: float = 0.0,
    noise: float = 0.0,
    seed: int = 0,
) -> Trace:
    """What a plate records from `before` s ahead of time zero to `after` s behind it; its clock starts at 0.

    `phase` shifts the samples by a share of their interval.
    """
    count = int(np.floor((before + after) * rate))
    tau = (np.arange(count, dtype=np.float64) + phase) / rate - before
    force = curve(tau) + noise * np.random.default_rng(seed).normal(size=count)
    return Trace(np.asarray(tau + before), force, rate)
