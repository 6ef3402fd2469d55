"""What the numbers of a closed-form jump are without noise: the rules applied to the continuous force, on a dense grid.

Own formulas throughout; nothing of `forcelab.analysis` is asked. Body weight is the closed form's; take-off is where
the force comes down to nothing, landing where it passes the threshold that belongs to the true noise.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from forcelab.model import Array, JumpKind
from tests.analysis.jump.signals import DROP_BOX, GRAVITY, MASS, WEIGHT, Curve

STEP: Final = 1e-5
G: Final = GRAVITY
BACK: Final = 0.030


@dataclass(frozen=True, eq=False)
class Dense:
    """A jump on a dense grid, its phases and the motion from its start to take-off (v in m/s, s in m)."""

    kind: JumpKind
    t: Array
    force: Array
    onset: float
    start: float
    takeoff: float
    landing: float
    v: Array
    s: Array

    def at(self, values: Array, x: float) -> float:
        return float(np.interp(x, self.t, values))

    def area(self, values: Array, a: float, b: float) -> float:
        """∫ values dt from a to b."""
        return self.at(running(values), b) - self.at(running(values), a)

    def up(self, values: Array, since: float) -> float:
        """The first time after `since` at which values come up to zero, interpolated."""
        return _passes(self.t, values, 0.0, since)


def running(values: Array) -> Array:
    return np.concatenate(((0.0,), np.cumsum(0.5 * STEP * (values[1:] + values[:-1]))))


def _passes(t: Array, y: Array, level: float, since: float) -> float:
    """The first time after `since` at which y rises above a level, interpolated."""
    k = int(np.argmax((y > level) & (t >= since)))
    return float(t[k - 1] + (level - y[k - 1]) / (y[k] - y[k - 1]) * STEP) if k else float(t[0])


def dense(curve: Curve, kind: JumpKind, sd: float, *, until: float = 1.9) -> Dense:
    """The jump with the thresholds of this noise."""
    t = np.arange(-0.1, until, STEP)
    force = curve(t)
    threshold = min(max(5.0 * sd, 1.0, 5.0), 20.0)
    empty = (force <= 1e-9) & (t > 0.05)
    k = int(np.argmax(empty)) - 1
    takeoff = float(t[k]) + float(force[k]) / float(force[k - 1] - force[k]) * STEP
    landing = _passes(t, force, threshold, takeoff + 0.1)
    if kind == "dj":
        onset = start = 0.0  # a plate that was empty for long is met where force leaves nothing
    else:
        away = force - WEIGHT if kind == "sj" else np.abs(force - WEIGHT)
        onset = _passes(t, away, max(5.0 * sd, 1.0), -0.1)
        start = onset - BACK
    entry = -((2.0 * G * DROP_BOX) ** 0.5) if kind == "dj" else 0.0
    v = running((force - WEIGHT) / MASS)
    v = v - float(np.interp(start, t, v)) + entry
    s = running(v)
    return Dense(kind, t, force, onset, start, takeoff, landing, v, s - float(np.interp(start, t, s)))


def truths(curve: Curve, kind: JumpKind, sd: float) -> dict[str, float]:
    """The truth of each number of this jump for this noise SD."""
    d = dense(curve, kind, sd)
    inside = (d.t >= d.start) & (d.t <= d.takeoff)
    v_to, flight = d.at(d.v, d.takeoff), d.landing - d.takeoff
    h, h_ft, contact = v_to**2 / (2 * G), G * flight**2 / 8, d.takeoff - d.start
    lowest = float(d.t[inside][np.argmin(d.v[inside])])
    turn = d.start if kind == "sj" else d.up(d.v, (d.start if kind == "dj" else lowest) + 2 * STEP)
    brake = d.start if kind == "dj" else lowest
    net = d.force - WEIGHT
    power = d.force * d.v
    found = {
        "jump_height": h, "jump_height_flight": h_ft, "takeoff_velocity": v_to, "flight_time": flight,
        "ft_ct": flight / contact, "body_weight": WEIGHT, "body_mass": MASS,
        "propulsion_time": d.takeoff - turn, "push_peak_force": float(d.force[inside].max()),
        "mean_propulsive_force": d.area(d.force, turn, d.takeoff) / (d.takeoff - turn),
        "propulsive_impulse": d.area(net, turn, d.takeoff), "peak_power": float(power[inside].max()),
        "mean_propulsive_power": d.area(power, turn, d.takeoff) / (d.takeoff - turn), **_landed(d, v_to - G * flight),
    }  # fmt: skip
    if kind == "dj":
        touch = 0.5 * G * flight - d.area(net, d.start, d.takeoff) / MASS
        found |= {
            "contact_time": contact, "rsi": h_ft / contact, "rsi_impulse": h / contact,
            "fall_height": touch**2 / (2 * G),
        }  # fmt: skip
    else:
        found |= {
            "jump_height_com": h + d.at(d.s, d.takeoff), "contraction_time": contact,
            "contraction_time_detected": d.takeoff - d.onset,
        }  # fmt: skip
    if kind == "cmj":
        f, f_v = d.at(d.force, turn), d.at(d.force, lowest)
        found |= {
            "rsi_mod": h / contact, "rsi_mod_detected": h / (d.takeoff - d.onset),
            "ft_ct_detected": flight / (d.takeoff - d.onset), "unweighting_time": lowest - d.start,
            "least_velocity": d.at(d.v, lowest), "braking_rfd": (f - f_v) / (turn - lowest),
            "leg_stiffness": (f - f_v) / (d.at(d.s, lowest) - d.at(d.s, turn)),
        }  # fmt: skip
    if kind != "sj":
        found |= {
            "braking_time": turn - brake, "force_at_turn": d.at(d.force, turn), "depth": d.at(d.s, turn),
            "mean_braking_force": d.area(d.force, brake, turn) / (turn - brake),
            "braking_impulse": d.area(net, brake, turn),
        }  # fmt: skip
    else:
        found.pop("ft_ct")
    return found


def _landed(d: Dense, entry: float) -> dict[str, float]:
    """The numbers of the landing; `entry`: velocity at touch-down."""
    window = (d.t >= d.landing) & (d.t <= d.landing + 0.5)
    k = int(np.argmax(np.where(window, d.force, -np.inf)))
    peak = float(d.force[k])
    low, high = (_passes(d.t, d.force, share * peak, d.landing) for share in (0.2, 0.8))
    v = running((d.force - WEIGHT) / MASS)
    v = v - d.at(v, d.landing) + entry
    settled = d.up(v, d.landing)
    return {
        "landing_peak_force": peak, "landing_peak_bw": peak / WEIGHT, "landing_time_to_peak": float(d.t[k]) - d.landing,
        "landing_loading_rate": 0.6 * peak / (high - low), "landing_time": settled - d.landing,
        "landing_impulse": d.area(d.force, d.landing, settled),
    }  # fmt: skip


def sides(curve: Curve, kind: JumpKind, sd: float, left: float) -> dict[str, float]:
    """The truth of left and right of each phase, where the left plate bears this share of the force throughout.

    The impulses of the stand are those of one second.
    """
    d = dense(curve, kind, sd)
    inside = (d.t >= d.start) & (d.t <= d.takeoff)
    lowest = float(d.t[inside][np.argmin(d.v[inside])])
    turn = d.up(d.v, lowest + 2 * STEP)
    landed = _landed(d, d.at(d.v, d.takeoff) - G * (d.landing - d.takeoff))
    whole = {
        "weighing": WEIGHT,
        "unweighting": d.area(d.force, d.start, lowest),
        "braking": d.area(d.force, lowest, turn),
        "propulsion": d.area(d.force, turn, d.takeoff),
        "landing": landed["landing_impulse"],
    }
    found = {f"{phase}_impulse_left_gross": left * area for phase, area in whole.items()}
    found |= {f"{phase}_impulse_right_gross": (1.0 - left) * area for phase, area in whole.items()}
    return found | {f"{phase}_asymmetry": 100.0 * (1.0 - 2.0 * left) for phase in whole}
