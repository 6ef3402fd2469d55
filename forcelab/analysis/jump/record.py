"""A record of ground force on its way to jumps: what is the same for all jumps in it. Decides nothing about any."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import msgspec
import numpy as np

from forcelab.analysis.curve import integral
from forcelab.analysis.jump.flight import SHORTEST, Flight
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.weighing import weigh
from forcelab.model import GRAVITY, JumpKind, JumpMarks, Role, Trace, Weighing

# Less is no jump: half the velocity that 0.1 s of flight need. Who steps off comes out far below zero, since weight
# goes over to the ground beside the plate.
SLOWEST: Final = 0.25 * GRAVITY * SHORTEST

# No person, no plate: beyond these, numbers could overflow.
_FORCE, _SPAN, _STEP = 1e6, 1e6, 1e-10


@dataclass(frozen=True, eq=False)
class PlateRecord:
    """The record, its zero taken off, with its empty stretches and what was told beside it.

    Attributes:
        trace: the sum of all plates.
        kind: which jump was asked for.
        sides: the plates by themselves.
        g: m/s².
        weight: N, body weight as given, or None.
        box: m, height of the box, or None.
        floor: N, least SD of a weighing.
        flights: all stretches in which the plate is empty.
    """

    trace: Trace
    kind: JumpKind
    sides: Mapping[Role, Trace]
    g: float
    weight: float | None
    box: float | None
    floor: float
    flights: list[Flight]

    def weighing(self, since: float, until: float) -> Weighing | None:
        """The stand between two times, see `weigh`."""
        return weigh(self.trace.t, self.trace.force, since, until, self.floor)

    def net_impulse(self, stand: Weighing | None, start: float, stop: float) -> float | None:
        """∫ (F − body weight) dt in N·s."""
        area = integral(self.trace.t, self.trace.force, start, stop)
        return None if area is None or stand is None else area - stand.weight * (stop - start)

    def part(self, k: int) -> tuple[float, float]:
        """What belongs to flight k: from the last empty sample before it to the last loaded one after it."""
        t, flights = self.trace.t, self.flights
        since = float(t[flights[k - 1].last]) if k else float(t[0])
        return since, float(t[flights[k + 1].first - 1]) if k + 1 < len(flights) else float(t[-1])

    def jump(self, marks: JumpMarks, stand: Weighing | None, since: float, until: float) -> Jump:
        """The jump with these marks and the end of its landing."""
        jump = Jump(self.trace, marks, stand, since, until, self.sides, self.g, self.box)
        if jump.landing_motion is None or marks.landing is None:
            return jump
        settled = jump.landing_motion.turn(marks.landing)
        return replace(jump, marks=msgspec.structs.replace(marks, settled=settled))


def believable(trace: Trace) -> bool:
    """Whether a record can be ground force at all: at least three samples, times and forces of this world."""
    t, force = trace.t, trace.force
    if len(t) < 3 or not (np.isfinite(t).all() and np.isfinite(force).all()):
        return False
    fits = abs(float(t[0])) < _SPAN and abs(float(t[-1])) < _SPAN and float(np.abs(force).max()) < _FORCE
    return fits and float(np.diff(t).min()) >= _STEP


def zeroed(trace: Trace) -> Trace:
    """The trace with its recorded zero taken off."""
    return replace(trace, force=trace.force - trace.zero, zero=0.0) if trace.zero else trace
