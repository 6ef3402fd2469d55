"""Jumps from a stand: the countermovement or squat jump that led to a flight, from weighing to take-off."""

from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.motion import Motion, move
from forcelab.analysis.jump.onset import BACK, find_onset
from forcelab.analysis.jump.record import SLOWEST, PlateRecord
from forcelab.model import JumpKind, JumpMarks, Weighing

# The push of a jump peaks in the last 1.5 s before take-off; the stand ends 0.1 s before that peak at the latest.
_PUSH, _CLEAR = 1.5, 0.1
# A window that reaches into the creeping start of the movement is weighed too light and too restless: having found
# onset, we weigh again this much before it, as long as the record allows.
_AHEAD = (0.2, 0.1, 0.05)


def from_stand(record: PlateRecord, k: int) -> Jump | None:
    """The countermovement or squat jump that led to flight k; None if there was none."""
    flight, t, force = record.flights[k], record.trace.t, record.trace.force
    takeoff = flight.takeoff
    if takeoff is None:
        return None
    since, until = record.part(k)
    i, j = int(t.searchsorted(max(since, takeoff - _PUSH))), flight.first
    peak = float(t[i + int(force[i:j].argmax())]) if j > i else since
    stand, onset = _stand_before(record, since, peak - _CLEAR, takeoff)
    start = None if onset is None else max(onset - BACK, since)
    lowest = turn = None
    if stand is not None and start is not None:
        motion = move(t, force, start, takeoff, weight=stand.weight, g=record.g)
        if motion.v[-1] < SLOWEST:
            return None
        lowest, turn = _phases(motion, record.kind)
    elif flight.landing is None:
        return None
    if stand is None and record.weight is not None:
        stand = Weighing(record.weight, 0.0, since, since, given=True)
    entry = None if start is None else 0.0
    marks = JumpMarks(
        record.kind, onset, start, lowest, turn, takeoff, flight.landing, None, flight.threshold, flight.residue,
        entry, None if start is None else "rest",
    )  # fmt: skip
    return record.jump(marks, stand, since, until)


def _stand_before(
    record: PlateRecord, since: float, until: float, takeoff: float
) -> tuple[Weighing | None, float | None]:
    """The stand before a push and the onset after it: weighed, onset found, and weighed again ahead of that onset."""
    t, force, rising = record.trace.t, record.trace.force, record.kind == "sj"
    stand = record.weighing(since, until)
    onset = None if stand is None else find_onset(t, force, stand, takeoff, rising=rising)
    if stand is None or onset is None:
        return stand, onset
    # A squat jump may dip before it rises, and no stand may reach into that either.
    away = find_onset(t, force, stand, takeoff, rising=False) or onset
    for gap in _AHEAD:
        again = record.weighing(since, min(until, away - gap))
        if again is not None and again.stop - again.start > 0.9 * (stand.stop - stand.start):
            return again, find_onset(t, force, again, takeoff, rising=rising)
    return stand, onset


def _phases(motion: Motion, kind: JumpKind) -> tuple[float | None, float | None]:
    """Least velocity and turn; a squat jump is all propulsion."""
    if kind == "sj":
        return None, float(motion.t[0])
    lowest, _ = motion.least_velocity()
    return lowest, motion.turn(lowest)
