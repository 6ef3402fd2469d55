"""How high: velocity at take-off, heights by impulse and by flight time, and heights against time on the ground.

Definitions only; each function's docstring is the full definition of the number that bears its name. The examples
are the jumps of `example.py`: 3 m/s at take-off, 0.6 s in the air, g = 10 m/s².
"""

from typing import Final

from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.metric import ALL, STANDING, JumpMetric


def takeoff_velocity(jump: Jump) -> float | None:
    """Velocity at take-off, from impulse and momentum.

    Formula: v_to = v(t_0) + (1/m) ∫ (F − BW) dt from t_0 to t_to, m = BW/g. Unit: m/s. t_0 is the detected onset less
    30 ms, where the body is at rest. Drop jump: t_0 is touch-down, v(t_0) = −√(2 g H) from the height H of the box.

    Edge cases: 1 N too much in body weight takes 12.5 mm/s off 80 kg in 1 s, about 1 % of the height. The maximum of
    v is not v_to: it comes earlier, where force falls below body weight. Drop jump without the height of the box: None,
    since the velocity at touch-down would come from flight time.

    Source: Linthorne 2001, doi:10.1119/1.1397460 (not verified); back-shift Owen et al. 2014,
    doi:10.1519/JSC.0000000000000311 (not verified).

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(takeoff_velocity(by_hand()), 6)
    3.0
    """
    return jump.takeoff_velocity


def jump_height(jump: Jump) -> float | None:
    """Jump height, from impulse and momentum: how far the body's centre rises after take-off.

    Formula: h = v_to² / (2 g). Unit: m. The primary height: it does not depend on how the athlete lands.

    Edge cases: as for `takeoff_velocity`. It counts from the centre's height at take-off, on the toes; see
    `jump_height_com`.

    Source: Linthorne 2001, doi:10.1119/1.1397460 (not verified).

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(jump_height(by_hand()), 6)
    0.45
    """
    v = jump.takeoff_velocity
    return None if v is None else v * v / (2.0 * jump.g)


def flight_time(jump: Jump) -> float | None:
    """Flight time: from take-off to touch-down.

    Formula: t_f = t_ld − t_to. Unit: s. Take-off: force stays below the mean plus 5 SD of the empty plate (between 5
    and 20 N) for 0.1 s; both ends lie in the step in which it crosses, where the line meets the empty plate's mean.

    Edge cases: None without a landing within 1.5 s. Body weight does not enter it.

    Source: 5 SD of flight force, Chavda et al. 2018, doi:10.1519/SSC.0000000000000353 (not verified); bounds our own.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(flight_time(by_hand()), 6)
    0.6
    """
    return jump.flight


def jump_height_flight(jump: Jump) -> float | None:
    """Jump height from flight time.

    Formula: h_ft = g t_f² / 8. Unit: m.

    Edge cases: holds if the body's centre is as high at touch-down as at take-off; who lands with bent knees flies
    for longer and seems to jump higher. None without a landing.

    Source: Linthorne 2001, doi:10.1119/1.1397460 (not verified).

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(jump_height_flight(by_hand()), 6)
    0.45
    """
    return None if jump.flight is None else jump.g * jump.flight * jump.flight / 8.0


def jump_height_com(jump: Jump) -> float | None:
    """Jump height from standing: how far the body's centre rises above its height in the stand.

    Formula: h_com = h + s(t_to), s the displacement since t_0. Unit: m. Squat jumps start from the squat, so theirs is
    the rise from there.

    Edge cases: displacement is integrated twice, so an error of body weight counts more than in `jump_height`.

    Source: Linthorne 2001, doi:10.1119/1.1397460 (not verified).

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(jump_height_com(by_hand()), 6)  # 0.15 m below the stand at take-off
    0.3
    """
    h = jump_height(jump)
    return None if h is None or jump.motion is None else h + float(jump.motion.s[-1])


def _ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or below is None or not below > 0.0 else above / below


def rsi_mod(jump: Jump) -> float | None:
    """Modified reactive strength index: height over time on the ground, with the back-shift.

    Formula: RSImod = h / (t_to − t_0), t_0 the detected onset less 30 ms. Unit: m/s.

    Edge cases: on a jump of 0.6 s the back-shift makes it 5 % less than on the detected onset; that one has an id of
    its own, `rsi_mod_detected`, and the two must not be mixed.

    Source: Ebben & Petushek 2010, J Strength Cond Res (not verified); as in PMC10529540.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(rsi_mod(by_hand()), 6)  # 0.45 m in 0.93 s
    0.483871
    """
    m = jump.marks
    return None if m.start is None else _ratio(jump_height(jump), m.takeoff - m.start)


def rsi_mod_detected(jump: Jump) -> float | None:
    """Modified reactive strength index on the detected onset.

    Formula: h / (t_to − t_on). Unit: m/s. The height is the same as in `rsi_mod`.

    Edge cases: as for `rsi_mod`.

    Source: as for `rsi_mod`; kept for comparison with software that does not shift onset back.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(rsi_mod_detected(by_hand()), 6)  # 0.45 m in 0.9 s
    0.5
    """
    m = jump.marks
    return None if m.onset is None else _ratio(jump_height(jump), m.takeoff - m.onset)


def ft_ct(jump: Jump) -> float | None:
    """Flight time to contraction time, with the back-shift (drop jump: to contact time).

    Formula: t_f / (t_to − t_0). Unit: 1.

    Edge cases: as for `rsi_mod`; `ft_ct_detected` is on the detected onset. None without a landing.

    Source: common on force plates; definition our own where sources differ on onset.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(ft_ct(by_hand()), 6)
    0.645161
    """
    m = jump.marks
    return None if m.start is None else _ratio(jump.flight, m.takeoff - m.start)


def ft_ct_detected(jump: Jump) -> float | None:
    """Flight time to contraction time on the detected onset.

    Formula: t_f / (t_to − t_on). Unit: 1.

    Edge cases: as for `ft_ct`.

    Source: as for `ft_ct`.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(ft_ct_detected(by_hand()), 6)
    0.666667
    """
    m = jump.marks
    return None if m.onset is None else _ratio(jump.flight, m.takeoff - m.onset)


def rsi(jump: Jump) -> float | None:
    """Reactive strength index of a drop jump, by flight time.

    Formula: RSI = h_ft / (t_to − t_td), t_td touch-down from the box. Unit: m/s.

    Edge cases: needs neither body weight nor the height of the box; inherits what flight time owes to bent knees.

    Source: height by flight time over contact time, as sports laboratories define it.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(rsi(by_hand("dj")), 6)  # 0.45 m in 0.25 s
    1.8
    """
    m = jump.marks
    return None if m.start is None else _ratio(jump_height_flight(jump), m.takeoff - m.start)


def rsi_impulse(jump: Jump) -> float | None:
    """Reactive strength index of a drop jump, by impulse.

    Formula: h / (t_to − t_td), h from v_to = −√(2 g H) + J/m, J the net impulse of the contact. Unit: m/s.

    Edge cases: people do not fall from exactly the height of the box (they step down or jump off), and the whole error
    of that goes into v_to. None without the height of the box.

    Source: our own, from impulse and momentum; see `rsi`.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(rsi_impulse(by_hand("dj")), 6)
    1.8
    """
    m = jump.marks
    return None if m.start is None else _ratio(jump_height(jump), m.takeoff - m.start)


def fall_height(jump: Jump) -> float | None:
    """Height from which the athlete really fell, from flight time and impulse.

    Formula: H = v_td² / (2 g), v_td = g t_f / 2 − J/m. Unit: m.

    Edge cases: rests on equal heights of the body's centre at take-off and landing, and on body weight; a rough number,
    good for seeing that somebody stepped down from the box or jumped off it. Zero if v_td points upward.

    Source: our own, from impulse and momentum.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(fall_height(by_hand("dj")), 6)
    0.2
    """
    m = jump.marks
    if m.start is None or jump.flight is None or jump.weighing is None:
        return None
    impulse = jump.net_impulse(m.start, m.takeoff)
    if impulse is None:
        return None
    v = min(0.5 * jump.g * jump.flight - impulse * jump.g / jump.weighing.weight, 0.0)
    return v * v / (2.0 * jump.g)


_LINTHORNE: Final = "Linthorne 2001, doi:10.1119/1.1397460 (not verified)"
_RSI: Final = "Ebben & Petushek 2010, J Strength Cond Res (not verified); as in PMC10529540"
_NONE: Final = "the jump does not give this number"

HEIGHT: Final = (
    JumpMetric(
        "jump_height", 1, "Jump height (impulse)", "m", "v_to² / (2 g)", ALL, ("weight", "motion", "independent"),
        _LINTHORNE, _NONE, jump_height, jump_height,
    ),
    JumpMetric(
        "jump_height_flight", 1, "Jump height (flight time)", "m", "g t_f² / 8", ALL, ("landing",), _LINTHORNE, _NONE,
        jump_height_flight, jump_height_flight,
    ),
    JumpMetric(
        "jump_height_com", 1, "Jump height from the stand", "m", "v_to² / (2 g) + s(t_to)", STANDING,
        ("weight", "motion"), _LINTHORNE, _NONE, jump_height_com, jump_height_com,
    ),
    JumpMetric(
        "takeoff_velocity", 1, "Take-off velocity", "m/s", "v(t_0) + ∫ (F − BW) dt / m, t_0 to t_to", ALL,
        ("weight", "motion", "independent"),
        f"{_LINTHORNE}; Owen et al. 2014, doi:10.1519/JSC.0000000000000311 (not verified)", _NONE,
        takeoff_velocity, takeoff_velocity,
    ),
    JumpMetric(
        "flight_time", 1, "Flight time", "s", "t_ld − t_to", ALL, ("landing",),
        "Chavda et al. 2018, doi:10.1519/SSC.0000000000000353 (not verified); bounds our own", _NONE,
        flight_time, flight_time,
    ),
    JumpMetric(
        "rsi_mod", 1, "RSImod", "m/s", "h / (t_to − t_0)", ("cmj",), ("weight", "motion"), _RSI, _NONE,
        rsi_mod, rsi_mod,
    ),
    JumpMetric(
        "rsi_mod_detected", 1, "RSImod on the detected onset", "m/s", "h / (t_to − t_on)", ("cmj",),
        ("weight", "motion"), _RSI, _NONE, rsi_mod_detected, rsi_mod_detected,
    ),
    JumpMetric(
        "ft_ct", 1, "Flight to contraction time", "1", "t_f / (t_to − t_0)", ("cmj", "dj"), ("landing",),
        "common on force plates (not verified); definition our own", "no onset in the record", ft_ct, ft_ct,
    ),
    JumpMetric(
        "ft_ct_detected", 1, "Flight to contraction time on the detected onset", "1", "t_f / (t_to − t_on)", ("cmj",),
        ("weight", "landing"), "common on force plates (not verified); definition our own", "no onset in the record",
        ft_ct_detected, ft_ct_detected,
    ),
    JumpMetric(
        "rsi", 1, "RSI (flight time)", "m/s", "h_ft / (t_to − t_td)", ("dj",), ("landing",),
        "height by flight time over contact time, in common use (not verified)", _NONE, rsi, rsi,
    ),
    JumpMetric(
        "rsi_impulse", 1, "RSI (impulse)", "m/s", "h / (t_to − t_td)", ("dj",), ("weight", "motion", "independent"),
        "our own, from impulse and momentum", _NONE, rsi_impulse, rsi_impulse,
    ),
    JumpMetric(
        "fall_height", 1, "Height of fall", "m", "(g t_f / 2 − J/m)² / (2 g)", ("dj",), ("weight", "landing"),
        "our own, from impulse and momentum", _NONE, fall_height, fall_height, indicative=True,
    ),
)  # fmt: skip
