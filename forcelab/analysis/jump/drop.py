"""Drop jumps: the contact between an empty plate (the athlete is on the box) and a flight, from touch-down on."""

from typing import Literal

from forcelab.analysis.curve import crossing
from forcelab.analysis.jump.flight import Flight
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.motion import move
from forcelab.analysis.jump.record import SLOWEST, PlateRecord
from forcelab.model import JumpMarks, Trace, Weighing

_LONGEST_CONTACT = 1.5
_SETTLING = 0.3


def from_box(record: PlateRecord, k: int) -> Jump | None:
    """The drop jump whose contact lies between empty plate k − 1 and flight k; None if that is no drop jump."""
    flight = record.flights[k]
    if k == 0 or flight.takeoff is None:
        return None
    before, takeoff = record.flights[k - 1], flight.takeoff
    # However long the plate was empty: the athlete stood on the box.
    down = _touchdown(record.trace, before)
    if down is None or takeoff - down > _LONGEST_CONTACT:
        return None
    _, until = record.part(k)
    stand = _stand_around(record, flight, until, down)
    impulse = record.net_impulse(stand, down, takeoff)
    entry, source = _entry(record, flight, impulse, stand)
    speed = None if entry is None or impulse is None or stand is None else entry + impulse * record.g / stand.weight
    if (speed is not None and speed < SLOWEST) or (speed is None and flight.landing is None):
        return None
    turn = None
    if stand is not None and entry is not None:
        motion = move(record.trace.t, record.trace.force, down, takeoff, weight=stand.weight, g=record.g, entry=entry)
        turn = motion.turn(down)
    marks = JumpMarks(
        "dj", down, down, None, turn, takeoff, flight.landing, None, flight.threshold, flight.residue,
        entry, source,
    )  # fmt: skip
    return record.jump(marks, stand, down, until)


def _touchdown(trace: Trace, before: Flight) -> float | None:
    """When the plate is met after a stretch of emptiness of any length."""
    if before.landing is not None:
        return before.landing
    i = before.last
    if i + 1 >= len(trace.t):
        return None
    return crossing(trace.t, trace.force, i, before.residue)


def _stand_around(record: PlateRecord, flight: Flight, until: float, down: float) -> Weighing | None:
    """Body weight of a drop jump: the stand after landing, else one before it, else as given."""
    found = None
    if flight.landing is not None:
        found = record.weighing(flight.landing + _SETTLING, until)
    if found is None:
        found = record.weighing(float(record.trace.t[0]), down)
    if found is None and record.weight is not None:
        found = Weighing(record.weight, 0.0, down, down, given=True)
    return found


def _entry(
    record: PlateRecord, flight: Flight, impulse: float | None, stand: Weighing | None
) -> tuple[float, Literal["box", "flight"]] | tuple[None, None]:
    """Velocity at touch-down: from the box, else from flight time and impulse."""
    if record.box is not None:
        return -((2.0 * record.g * max(record.box, 0.0)) ** 0.5), "box"
    if flight.landing is None or flight.takeoff is None or impulse is None or stand is None:
        return None, None
    return 0.5 * record.g * (flight.landing - flight.takeoff) - impulse * record.g / stand.weight, "flight"
