"""All jumps in one record, found without help: empty stretches first, then what led to each.

Works on any record of vertical ground force: one jump, several, with the athlete stepping on and off between them.
It refuses to judge whether a jump is any good.
"""

from collections.abc import Mapping

import numpy as np

from forcelab.analysis.baseline import resolution_floor
from forcelab.analysis.jump.drop import from_box
from forcelab.analysis.jump.flight import find_flights
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.record import PlateRecord, believable, zeroed
from forcelab.analysis.jump.standing import from_stand
from forcelab.model import GRAVITY, JumpKind, Role, Trace


def find_jumps(
    trace: Trace,
    kind: JumpKind,
    *,
    sides: Mapping[Role, Trace] | None = None,
    g: float = GRAVITY,
    weight: float | None = None,
    box: float | None = None,
) -> list[Jump]:
    """All jumps of one kind in a record, in order.

    A recorded zero (`Trace.zero`) is taken off. A flight that nobody pushed off for is no jump: velocity at take-off
    must reach 0.25 m/s. What has no stand before it (a bounce after landing) is kept if it lands again, with the
    numbers that rest on flight alone.

    Args:
        trace: vertical ground force, both plates summed (see `plates.together`).
        kind: "cmj", "sj" or "dj".
        sides: the plates by themselves, under "left" and "right".
        g: m/s².
        weight: N, body weight where the record holds no stand.
        box: m, height of the box of a drop jump.

    Returns:
        Jumps; empty if there is none (see `no_jump`).
    """
    if not believable(trace):
        return []
    total = zeroed(trace)
    plates: dict[Role, Trace] = {role: zeroed(side) for role, side in (sides or {}).items()}
    make = from_box if kind == "dj" else from_stand
    with np.errstate(all="ignore"):
        flights = find_flights(total.t, total.force)
        record = PlateRecord(total, kind, plates, g, weight, box, resolution_floor(total.force), flights)
        found = (make(record, k) for k in range(len(flights)))
        return [jump for jump in found if jump is not None]


def no_jump(trace: Trace, kind: JumpKind) -> str:
    """Why a record holds no jump, in one sentence.

    >>> no_jump(Trace(np.arange(3.0), np.full(3, 700.0), 1.0), "cmj")
    'no jump found: force never falls below 20 N for 0.1 s'
    """
    if len(trace.t) == 0:
        return "no jump found: the record holds no samples"
    if not believable(trace):
        return "no jump found: the record is too short, or holds forces or times that no plate gives"
    flights = find_flights(trace.t, zeroed(trace).force)
    if not flights:
        return "no jump found: force never falls below 20 N for 0.1 s"
    if kind == "dj":
        return "no jump found: no contact of at most 1.5 s lies between the box and a flight with a landing"
    return "no jump found: the plate is empty at times, but nobody pushes off from it and lands on it"
