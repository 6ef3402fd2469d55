"""How heavy and how long: body weight and the times of the phases. Each docstring is the full definition.

The examples are the jumps of `example.py`, with onset at 1.5 s and g = 10 m/s².
"""

from typing import Final

from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.metric import STANDING, JumpMetric


def body_weight(jump: Jump) -> float | None:
    """Body weight: mean force in the quiet stand.

    Formula: BW = mean F over the latest quiet second that ends ahead of onset (drop jump: after landing). Unit: N.

    Edge cases: where nobody stands still for a second, half a second, 0.25 s or 0.1 s are taken and SHORT_WEIGHING
    warns. None if the weight was not measured in this record.

    Source: weighing phase of at least 1 s, Owen et al. 2014, doi:10.1519/JSC.0000000000000311 (not verified).

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(body_weight(by_hand()), 6)
    800.0
    """
    return None if jump.weighing is None or jump.weighing.given else jump.weighing.weight


def body_mass(jump: Jump) -> float | None:
    """Body mass.

    Formula: m = BW / g. Unit: kg.

    Edge cases: as for `body_weight`; rests on the local g (9.81 m/s² unless set).

    Source: definition.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(body_mass(by_hand()), 6)
    80.0
    """
    weight = body_weight(jump)
    return None if weight is None else weight / jump.g


def _between(start: float | None, stop: float | None) -> float | None:
    return None if start is None or stop is None else stop - start


def contraction_time(jump: Jump) -> float | None:
    """Contraction time: from the start of the movement to take-off, with the back-shift.

    Formula: t_to − t_0, t_0 the detected onset less 30 ms. Unit: s.

    Edge cases: restless standing raises the threshold of 5 SD and shortens it.

    Source: back-shift Owen et al. 2014, doi:10.1519/JSC.0000000000000311 (not verified).

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(contraction_time(by_hand()), 6)
    0.93
    """
    return _between(jump.marks.start, jump.marks.takeoff)


def contraction_time_detected(jump: Jump) -> float | None:
    """Contraction time on the detected onset.

    Formula: t_to − t_on, t_on where |F − BW| leaves max(5 SD, 1 N) for 20 ms. Unit: s.

    Edge cases: as for `contraction_time`.

    Source: 5 SD, Owen et al. 2014, doi:10.1519/JSC.0000000000000311 (not verified).

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(contraction_time_detected(by_hand()), 6)
    0.9
    """
    return _between(jump.marks.onset, jump.marks.takeoff)


def contact_time(jump: Jump) -> float | None:
    """Contact time of a drop jump: from touch-down to take-off.

    Formula: t_to − t_td. Unit: s.

    Edge cases: contacts longer than 1.5 s are no drop jump and are not found.

    Source: definition; threshold as for `flight_time`.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(contact_time(by_hand("dj")), 6)
    0.25
    """
    return _between(jump.marks.start, jump.marks.takeoff)


def unweighting_time(jump: Jump) -> float | None:
    """Duration of unweighting: from the start of the movement to the least velocity.

    Formula: t_v − t_0; at t_v force comes back up to body weight. Unit: s.

    Edge cases: holds the 30 ms of the back-shift.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(unweighting_time(by_hand()), 6)
    0.43
    """
    return _between(jump.marks.start, jump.marks.lowest_velocity)


def braking_time(jump: Jump) -> float | None:
    """Duration of braking: from the least velocity (drop jump: touch-down) to velocity zero.

    Formula: t_s − t_v. Unit: s.

    Edge cases: zero if there is no downward movement.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(braking_time(by_hand()), 6)
    0.2
    """
    start = braking_start(jump)
    return _between(start, jump.marks.turn)


def braking_start(jump: Jump) -> float | None:
    """When braking begins: at the least velocity, in drop jumps at touch-down; squat jumps have none."""
    return jump.marks.start if jump.marks.kind == "dj" else jump.marks.lowest_velocity


def propulsion_time(jump: Jump) -> float | None:
    """Duration of propulsion: from velocity zero to take-off (squat jump: from its start).

    Formula: t_to − t_s. Unit: s.

    Edge cases: a squat jump's holds the 30 ms of the back-shift.

    Source: McMahon et al. 2018, doi:10.1519/SSC.0000000000000375.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(propulsion_time(by_hand()), 6)
    0.3
    """
    return _between(jump.marks.turn, jump.marks.takeoff)


_OWEN: Final = "Owen et al. 2014, doi:10.1519/JSC.0000000000000311 (not verified)"
_MCMAHON: Final = "McMahon et al. 2018, doi:10.1519/SSC.0000000000000375"
_NONE: Final = "the jump does not give this number"

TIMING: Final = (
    JumpMetric(
        "body_weight", 1, "Body weight", "N", "mean F in the stand", ("cmj", "sj", "dj"), ("stand",), _OWEN, _NONE,
        body_weight, body_weight, timed=False,
    ),
    JumpMetric(
        "body_mass", 1, "Body mass", "kg", "BW / g", ("cmj", "sj", "dj"), ("stand",), "definition", _NONE,
        body_mass, body_mass, timed=False,
    ),
    JumpMetric(
        "contraction_time", 1, "Contraction time", "s", "t_to − t_0", STANDING, ("weight", "motion"), _OWEN, _NONE,
        contraction_time, contraction_time,
    ),
    JumpMetric(
        "contraction_time_detected", 1, "Contraction time on the detected onset", "s", "t_to − t_on", STANDING,
        ("weight", "motion"), _OWEN, _NONE, contraction_time_detected, contraction_time_detected,
    ),
    JumpMetric(
        "contact_time", 1, "Contact time", "s", "t_to − t_td", ("dj",), (), "definition", _NONE,
        contact_time, contact_time,
    ),
    JumpMetric(
        "unweighting_time", 1, "Unweighting time", "s", "t_v − t_0", ("cmj",), ("weight", "motion", "dip"), _MCMAHON,
        _NONE, unweighting_time, unweighting_time,
    ),
    JumpMetric(
        "braking_time", 1, "Braking time", "s", "t_s − t_v", ("cmj", "dj"), ("weight", "motion", "turn"), _MCMAHON,
        _NONE, braking_time, braking_time,
    ),
    JumpMetric(
        "propulsion_time", 1, "Propulsion time", "s", "t_to − t_s", ("cmj", "sj", "dj"), ("weight", "motion", "turn"),
        _MCMAHON, _NONE, propulsion_time, propulsion_time,
    ),
)  # fmt: skip
