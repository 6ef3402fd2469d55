"""One jump together with the record that it lies in: what every metric and every flag is computed from.

A plain holder of values with the motions that follow from them. It refuses to know assessments and devices.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from forcelab.analysis.curve import integral
from forcelab.analysis.jump.motion import Motion, move
from forcelab.model import GRAVITY, JumpMarks, Role, Trace, Weighing

LANDING_WINDOW: Final = 0.5
"""s after touch-down in which the peak of landing is sought."""


@dataclass(frozen=True, eq=False)
class Jump:
    """One jump in its record. Times in s on the trace's clock, forces in N, zero when the plate is empty.

    Attributes:
        trace: the whole record, both plates summed.
        marks: when its phases begin.
        weighing: body weight, or None if nobody stood still and it was not given.
        since: where this jump's part of the record begins: the landing before it, or the start of the record.
        until: where it ends: the next empty plate, or the end of the record.
        sides: the plates by themselves, if there are two: "left" and "right".
        g: m/s².
        box: m, height of the box of a drop jump, or None.
    """

    trace: Trace
    marks: JumpMarks
    weighing: Weighing | None
    since: float
    until: float
    sides: Mapping[Role, Trace] = field(default_factory=dict)
    g: float = GRAVITY
    box: float | None = None

    @cached_property
    def motion(self) -> Motion | None:
        """The body's motion from `marks.start` to take-off; None without body weight, start or velocity at start."""
        m = self.marks
        if self.weighing is None or m.start is None or m.entry is None or not m.takeoff > m.start:
            return None
        t, force = self.trace.t, self.trace.force
        return move(t, force, m.start, m.takeoff, weight=self.weighing.weight, g=self.g, entry=m.entry)

    @property
    def takeoff_velocity(self) -> float | None:
        """Velocity at take-off in m/s from impulse and momentum, or None without motion."""
        return None if self.motion is None else float(self.motion.v[-1])

    @property
    def flight(self) -> float | None:
        """Time in the air in s, or None without landing."""
        return None if self.marks.landing is None else self.marks.landing - self.marks.takeoff

    def net_impulse(self, start: float, stop: float) -> float | None:
        """∫ (F − body weight) dt in N·s; None outside the record or without body weight."""
        area = integral(self.trace.t, self.trace.force, start, stop)
        return None if area is None or self.weighing is None else area - self.weighing.weight * (stop - start)

    @cached_property
    def landing_motion(self) -> Motion | None:
        """The motion from touch-down to the end of this jump's part; None without landing or body weight.

        It begins with take-off velocity less g times flight time; without take-off velocity with half of that time.
        """
        landing, flight = self.marks.landing, self.flight
        if landing is None or flight is None or self.weighing is None or not self.until > landing:
            return None
        up = self.takeoff_velocity
        entry = -0.5 * self.g * flight if up is None else up - self.g * flight
        t, force = self.trace.t, self.trace.force
        return move(t, force, landing, self.until, weight=self.weighing.weight, g=self.g, entry=entry)

    @cached_property
    def landing_peak(self) -> tuple[float, float] | None:
        """Time and force of the greatest sample in the 0.5 s after touch-down; None if the record ends as it rises."""
        landing = self.marks.landing
        if landing is None:
            return None
        t, force = self.trace.t, self.trace.force
        i = int(t.searchsorted(landing, side="right"))
        j = int(t.searchsorted(min(landing + LANDING_WINDOW, self.until), side="right"))
        if j <= i:
            return None
        at = i + int(force[i:j].argmax())
        return None if at == len(t) - 1 else (float(t[at]), float(force[at]))
