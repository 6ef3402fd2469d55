"""How the jump is made: forces, impulses, power and stiffness from onset to take-off.

Definitions only; each function's docstring is the full definition. The examples are the countermovement jump of
`example.py`: 400 N for 0.4 s, 1600 N for 0.5 s, body weight 800 N, mass 80 kg.
"""

from typing import Final

from forcelab.analysis.curve import value_at
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.metric import ALL, JumpMetric
from forcelab.analysis.jump.timing import braking_start


def push_peak_force(jump: Jump) -> float | None:
    """Peak force of the push.

    Formula: max F, t_0 to t_to (without a known start: in the 1.5 s before take-off). Unit: N, gross: body weight is
    in it.

    Edge cases: the largest sample, noise included.

    Source: definition.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(push_peak_force(by_hand()), 6)
    1600.0
    """
    m, t = jump.marks, jump.trace.t
    start = max(jump.since, m.takeoff - 1.5) if m.start is None else m.start
    i, j = int(t.searchsorted(start)), int(t.searchsorted(m.takeoff, side="right"))
    return float(jump.trace.force[i:j].max()) if j > i else None


def force_at_turn(jump: Jump) -> float | None:
    """Force at velocity zero, at the lowest point of the movement.

    Formula: F(t_s), by linear interpolation. Unit: N, gross.

    Edge cases: None if velocity never turns upward, which a wrong body weight can cause.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(force_at_turn(by_hand()), 6)
    1600.0
    """
    turn = jump.marks.turn
    return None if turn is None else value_at(jump.trace.t, jump.trace.force, turn)


def _mean(jump: Jump, start: float | None, stop: float | None) -> float | None:
    """Mean gross force between two times."""
    if start is None or stop is None or not stop > start or jump.weighing is None:
        return None
    net = jump.net_impulse(start, stop)
    return None if net is None else jump.weighing.weight + net / (stop - start)


def mean_braking_force(jump: Jump) -> float | None:
    """Mean force of braking.

    Formula: ∫ F dt / (t_s − t_v), t_v to t_s (drop jump: from touch-down). Unit: N, gross.

    Edge cases: None if there is no braking.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(mean_braking_force(by_hand()), 4)
    1600.0
    """
    return _mean(jump, braking_start(jump), jump.marks.turn)


def mean_propulsive_force(jump: Jump) -> float | None:
    """Mean force of propulsion.

    Formula: ∫ F dt / (t_to − t_s), t_s to t_to. Unit: N, gross.

    Edge cases: as for `force_at_turn`.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(mean_propulsive_force(by_hand()), 4)
    1600.0
    """
    return _mean(jump, jump.marks.turn, jump.marks.takeoff)


def least_velocity(jump: Jump) -> float | None:
    """Least velocity: how fast the body falls before it is braked.

    Formula: min v, t_0 to t_to. Unit: m/s, negative downward.

    Edge cases: zero without a downward movement.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(least_velocity(by_hand()), 6)
    -2.0
    """
    return None if jump.motion is None else jump.motion.least_velocity()[1]


def depth(jump: Jump) -> float | None:
    """Depth of the countermovement: how far the body's centre goes down (drop jump: after touch-down).

    Formula: s(t_s), displacement since t_0 where velocity is zero. Unit: m, negative downward.

    Edge cases: integrated twice, so an error of body weight counts double; zero without a downward movement.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(depth(by_hand()), 6)
    -0.6
    """
    turn = jump.marks.turn
    return None if jump.motion is None or turn is None else jump.motion.displacement(turn)


def braking_impulse(jump: Jump) -> float | None:
    """Net impulse of braking.

    Formula: ∫ (F − BW) dt, t_v to t_s (drop jump: from touch-down) = m |v(t_v)|. Unit: N·s.

    Edge cases: equal to the impulse of unweighting by definition, so the one checks the integration of the other.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375; eccentric impulse was not reliable within a session
    in Merrigan et al. 2021, Sports 9:4 (not verified).

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(braking_impulse(by_hand()), 4)
    160.0
    """
    start, turn = braking_start(jump), jump.marks.turn
    return None if start is None or turn is None else jump.net_impulse(start, turn)


def propulsive_impulse(jump: Jump) -> float | None:
    """Net impulse of propulsion.

    Formula: ∫ (F − BW) dt, t_s to t_to = m v_to. Unit: N·s.

    Edge cases: as for `force_at_turn`.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(propulsive_impulse(by_hand()), 4)
    240.0
    """
    turn = jump.marks.turn
    return None if turn is None else jump.net_impulse(turn, jump.marks.takeoff)


def braking_rfd(jump: Jump) -> float | None:
    """Rate of force development of braking.

    Formula: (F(t_s) − F(t_v)) / (t_s − t_v). Unit: N/s. At t_v force is body weight.

    Edge cases: None without braking.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375; eccentric RFD was not reliable within a session in
    Merrigan et al. 2021, Sports 9:4 (not verified).

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(braking_rfd(by_hand()), 3)  # 800 N to 1600 N in 0.2 s
    4000.0
    """
    start, turn, force = jump.marks.lowest_velocity, jump.marks.turn, force_at_turn(jump)
    before = None if start is None else value_at(jump.trace.t, jump.trace.force, start)
    if start is None or turn is None or force is None or before is None or not turn > start:
        return None
    return (force - before) / (turn - start)


def leg_stiffness(jump: Jump) -> float | None:
    """Leg stiffness of braking.

    Formula: (F(t_s) − F(t_v)) / (s(t_v) − s(t_s)). Unit: N/m.

    Edge cases: a rough number: it takes body and legs for a mass on a spring, which a slow countermovement is not.
    None without braking.

    Source: our own, of the usual kind ΔF/Δs.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(leg_stiffness(by_hand()), 3)  # 800 N over 0.2 m
    4000.0
    """
    start, turn, rfd = jump.marks.lowest_velocity, jump.marks.turn, braking_rfd(jump)
    if jump.motion is None or start is None or turn is None or rfd is None:
        return None
    down = jump.motion.displacement(start) - jump.motion.displacement(turn)
    return rfd * (turn - start) / down if down > 0.0 else None


def peak_power(jump: Jump) -> float | None:
    """Peak power of the push.

    Formula: max F·v, t_0 to t_to, between samples too. Unit: W.

    Edge cases: an error of body weight enters through v.

    Source: definition, gross force times velocity of the body's centre.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(peak_power(by_hand()), 3)  # 1600 N at 3 m/s
    4800.0
    """
    return None if jump.motion is None else jump.motion.greatest_power()


def mean_propulsive_power(jump: Jump) -> float | None:
    """Mean power of propulsion.

    Formula: ∫ F·v dt / (t_to − t_s), t_s to t_to. Unit: W. The integral is the gain of kinetic and potential energy.

    Edge cases: as for `force_at_turn`.

    Source: definition.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(mean_propulsive_power(by_hand()), 3)
    2400.0
    """
    turn, takeoff = jump.marks.turn, jump.marks.takeoff
    if jump.motion is None or turn is None or not takeoff > turn:
        return None
    return jump.motion.work(turn, takeoff) / (takeoff - turn)


_MCMAHON: Final = "McMahon et al. 2018, doi:10.1519/SSC.0000000000000375"
_MERRIGAN: Final = f"{_MCMAHON}; on its reliability Merrigan et al. 2021, Sports 9:4 (not verified)"
_NONE: Final = "the jump does not give this number"
_MOVED: Final = ("weight", "motion")
_TURNED: Final = ("weight", "motion", "turn")

PUSH: Final = (
    JumpMetric(
        "push_peak_force", 1, "Peak force of the push", "N", "max F, t_0 to t_to", ALL, (), "definition", _NONE,
        push_peak_force, push_peak_force, timed=False,
    ),
    JumpMetric(
        "force_at_turn", 1, "Force at velocity zero", "N", "F(t_s)", ("cmj", "dj"), _TURNED, _MCMAHON, _NONE,
        force_at_turn, force_at_turn,
    ),
    JumpMetric(
        "mean_braking_force", 1, "Mean braking force", "N", "∫ F dt / (t_s − t_v), t_v to t_s", ("cmj", "dj"), _TURNED,
        _MCMAHON, "there is no braking", mean_braking_force, mean_braking_force,
    ),
    JumpMetric(
        "mean_propulsive_force", 1, "Mean propulsive force", "N", "∫ F dt / (t_to − t_s), t_s to t_to", ALL, _TURNED,
        _MCMAHON, _NONE, mean_propulsive_force, mean_propulsive_force,
    ),
    JumpMetric(
        "least_velocity", 1, "Least velocity", "m/s", "min v, t_0 to t_to", ("cmj",), (*_MOVED, "dip"), _MCMAHON, _NONE,
        least_velocity, least_velocity,
    ),
    JumpMetric(
        "depth", 1, "Depth of the countermovement", "m", "s(t_s)", ("cmj", "dj"), _TURNED, _MCMAHON, _NONE,
        depth, depth,
    ),
    JumpMetric(
        "braking_impulse", 1, "Braking impulse", "N·s", "∫ (F − BW) dt, t_v to t_s", ("cmj", "dj"), _TURNED, _MERRIGAN,
        _NONE, braking_impulse, braking_impulse,
    ),
    JumpMetric(
        "propulsive_impulse", 1, "Propulsive impulse", "N·s", "∫ (F − BW) dt, t_s to t_to", ALL, _TURNED, _MCMAHON,
        _NONE, propulsive_impulse, propulsive_impulse,
    ),
    JumpMetric(
        "braking_rfd", 1, "Braking RFD", "N/s", "(F(t_s) − F(t_v)) / (t_s − t_v)", ("cmj",), (*_TURNED, "dip"),
        _MERRIGAN, "there is no braking", braking_rfd, braking_rfd,
    ),
    JumpMetric(
        "leg_stiffness", 1, "Leg stiffness", "N/m", "(F(t_s) − F(t_v)) / (s(t_v) − s(t_s))", ("cmj",),
        (*_TURNED, "dip"), "our own, of the usual kind ΔF/Δs", "there is no braking", leg_stiffness, leg_stiffness,
        indicative=True,
    ),
    JumpMetric(
        "peak_power", 1, "Peak power", "W", "max F·v, t_0 to t_to", ALL, _MOVED, "definition", _NONE,
        peak_power, peak_power,
    ),
    JumpMetric(
        "mean_propulsive_power", 1, "Mean propulsive power", "W", "∫ F·v dt / (t_to − t_s), t_s to t_to", ALL, _TURNED,
        "definition", _NONE, mean_propulsive_power, mean_propulsive_power,
    ),
)  # fmt: skip
