"""Left and right of each phase, from two plates: impulses and the asymmetry between them.

The phases are those of the sum, so left + right = the whole. Knows of no limb which one is injured or dominant.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final, Literal, TypeAlias

from forcelab.analysis.curve import integral
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.metric import ALL, JumpMetric
from forcelab.analysis.jump.timing import braking_start
from forcelab.model import JumpKind

JumpPhase: TypeAlias = Literal["weighing", "unweighting", "braking", "propulsion", "landing"]

PHASES: Final[dict[JumpPhase, tuple[str, tuple[JumpKind, ...], tuple[str, ...]]]] = {
    "weighing": ("stand", ALL, ("stand",)),
    "unweighting": ("unweighting", ("cmj",), ("weight", "motion", "dip")),
    "braking": ("braking", ("cmj", "dj"), ("weight", "motion", "turn")),
    "propulsion": ("propulsion", ALL, ("weight", "motion", "turn")),
    "landing": ("landing", ALL, ("weight", "landing", "settled")),
}
"""Each phase: its name for people, the jumps that have it, what it requires."""

SIGN: Final = "100 (R − L) / (R + L) of gross impulses: above zero the right side gives more, below zero the left."
"""How an asymmetry is to be read."""


def span(jump: Jump, phase: JumpPhase) -> tuple[float, float] | None:
    """Start and stop of a phase in s, or None if the jump does not have it.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> start, stop = span(by_hand(), "braking")
    >>> round(start, 6), round(stop, 6)
    (1.9, 2.1)
    """
    m, stand = jump.marks, jump.weighing
    ends: dict[JumpPhase, tuple[float | None, float | None]] = {
        "weighing": (None, None) if stand is None or stand.given else (stand.start, stand.stop),
        "unweighting": (m.start, m.lowest_velocity),
        "braking": (braking_start(jump), m.turn),
        "propulsion": (m.turn, m.takeoff),
        "landing": (m.landing, m.settled),
    }
    start, stop = ends[phase]
    return None if start is None or stop is None or not stop > start else (start, stop)


def side_impulse(jump: Jump, phase: JumpPhase, role: Literal["left", "right"]) -> float | None:
    """Impulse of one side in one phase.

    Formula: ∫ F_side dt over the phase. Unit: N·s, gross: what belongs to body weight cannot be parted between the
    sides without an assumption. In the stand the phase is the window in which body weight is read.

    Edge cases: None with one plate, and where the jump does not have the phase. Left + right = ∫ F dt of the whole.

    Source: phase impulses of two plates, our own choice of gross.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(side_impulse(by_hand(), "braking", "left"), 4)  # 45 % of 1600 N in 0.2 s
    144.0
    """
    ends, side = span(jump, phase), jump.sides.get(role)
    return None if ends is None or side is None else integral(side.t, side.force, *ends)


def side_asymmetry(jump: Jump, phase: JumpPhase) -> float | None:
    """Asymmetry between the sides in one phase.

    Formula: 100 (R − L) / (R + L), L and R the gross impulses of the phase (bilateral asymmetry index 1 with the
    right side in the place of the dominant one). Unit: %, above zero where the right side gives more.

    Edge cases: None where the two impulses together are not above zero. Unweighting has little impulse to part, and
    its asymmetry scatters accordingly.

    Source: index as catalogued by Bishop et al. 2016, doi:10.1519/SSC.0000000000000264.

    >>> from forcelab.analysis.jump.example import by_hand
    >>> round(side_asymmetry(by_hand(), "propulsion"), 6)  # 45 % and 55 %
    10.0
    """
    left, right = side_impulse(jump, phase, "left"), side_impulse(jump, phase, "right")
    if left is None or right is None or not left + right > 0.0:
        return None
    return 100.0 * (right - left) / (right + left)


def _metrics() -> Iterator[JumpMetric]:
    for phase, (name, kinds, requires) in PHASES.items():
        absent = f"this jump has no {name} to speak of"
        for role in ("left", "right"):
            yield JumpMetric(
                f"{phase}_impulse_{role}_gross", 1, f"Gross impulse of {name}, {role}", "N·s",
                f"∫ F_{role} dt over {name}",
                kinds, ("sides", *requires), "our own choice of gross impulse", absent,
                partial(side_impulse, phase=phase, role=role), side_impulse, timed=phase != "weighing",
            )  # fmt: skip
        yield JumpMetric(
            f"{phase}_asymmetry", 1, f"Asymmetry of {name} (+ right)", "%",
            f"100 (R − L) / (R + L), gross impulses of {name}", kinds,
            ("sides", *requires), "Bishop et al. 2016, doi:10.1519/SSC.0000000000000264", absent,
            partial(side_asymmetry, phase=phase), side_asymmetry, timed=phase != "weighing", caution=SIGN,
        )  # fmt: skip


SIDES: Final = tuple(_metrics())
