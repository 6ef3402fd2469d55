"""Two records of one trial on one clock, and their sum. Knows no assessment and finds no effort."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from forcelab.acquisition.alignment import event, uncertainty
from forcelab.analysis.jump.plates import together
from forcelab.model import Alignment, HostClock, Role, Trace

ALIGNMENT_RULE: Final = "one clock/1"
"""Raised whenever the same arrivals would put two sensors otherwise on one clock; part of what rests on it."""

_PAIR: Final = ("left", "right")


@dataclass(frozen=True, slots=True)
class Pair:
    """The left and the right record on one clock, which starts with the later of them.

    Attributes:
        left: the record as it is, on its own clock.
        right: likewise.
        alignment: None where both had one clock from the beginning.
    """

    left: Trace
    right: Trace
    alignment: Alignment | None

    @property
    def uncertainty(self) -> float:
        """By how many s the two may be apart."""
        return self.alignment.uncertainty if self.alignment else 0.0

    def at(self, trace: Trace, t: float) -> float:
        """A time of one record, s, on the clock of both."""
        return t if trace.clock is None else event(trace.clock, t) - self._origin

    def whole(self, apart: float = 0.0) -> Trace:
        """The sum of both, with the right one moved by `apart` s."""
        return together(self._moved(self.left, 0.0), self._moved(self.right, apart))

    @property
    def _origin(self) -> float:
        """The host's time, s, at the zero of the common clock."""
        starts = [event(one.clock, float(one.t[0])) for one in (self.left, self.right) if one.clock and len(one.t)]
        return max(starts, default=0.0)

    def _moved(self, trace: Trace, apart: float) -> Trace:
        if trace.clock is None:
            return trace
        start = event(trace.clock, 0.0) - self._origin + apart
        return replace(trace, t=start + trace.clock.rate * trace.t, clock=None, broken_off="")


def pair(traces: Mapping[Role, Trace]) -> Pair:
    """Put a left and a right record on one clock.

    Raises:
        ValueError: they are not a left and a right one, or only one of them has a clock that is known.
    """
    if set(traces) != set(_PAIR):
        named = ", ".join(traces) or "none"
        raise ValueError(f"a trial has one sensor, or a left and a right one; here there are: {named}")
    left, right = traces["left"], traces["right"]
    if left.clock is not None and right.clock is not None:
        clocks: dict[Role, HostClock] = {"left": left.clock, "right": right.clock}
        return Pair(left, right, Alignment(uncertainty(left.clock, right.clock), clocks))
    if any(one.clock is None and len(one.t) for one in (left, right)) and (left.clock or right.clock):
        raise ValueError("the clock of only one of the two sensors is known")
    return Pair(left, right, None)


def whole(traces: Mapping[Role, Trace]) -> Trace | None:
    """The record of a trial as one: that of its only sensor, or the sum of two; None without any.

    Raises:
        ValueError: see `pair`.
    """
    if len(traces) < 2:
        return next(iter(traces.values()), None)
    return pair(traces).whole()
