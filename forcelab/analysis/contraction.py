"""One effort together with the record that it lies in: what every metric and every flag is computed from.

A holder of values, and of what several metrics read from them: that is computed once, when it is first asked for. It
refuses to know assessments and devices: what a rule needs of them is passed in here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import msgspec
import numpy as np

from forcelab.analysis.curve import Climb, area_to, best_window, climb, crossing, integral, running_integral, value_at
from forcelab.model import Array, Baseline, Effort, Trace

HELD: Final = 0.9
"""Share of the peak at which force counts as held: before its first and after its last time there it is none."""


@dataclass(frozen=True)
class Part:
    """Indices into a trace: [begin, end) is what belongs to one effort with the rest around it, [start, stop) the push.

    `begin` is where the effort before it was over, `end` where the next one starts.
    """

    begin: int
    start: int
    stop: int
    end: int


@dataclass(frozen=True, eq=False)
class Contraction:
    """One effort in its record. Times in s on the trace's clock, forces in N.

    Attributes:
        trace: the whole record; windows near onset may reach beyond the effort's own part.
        part: which samples belong to this effort and to the rest around it.
        effort: the marks.
        full_quiet: whether a quiet window of the full length was found.
        refused: why the onset rule that was chosen gives none; then the onset is a substitute's, and no number may
            rest on it.
    """

    trace: Trace
    part: Part
    effort: Effort
    full_quiet: bool = True
    refused: str | None = None

    @cached_property
    def t(self) -> Array:
        """Times of the effort's own part, quiet phase and rest included."""
        return self.trace.t[self.part.begin : self.part.end]

    @cached_property
    def net(self) -> Array:
        """Force above the baseline in the effort's own part."""
        return self.trace.force[self.part.begin : self.part.end] - self.effort.baseline.mean

    @cached_property
    def climb(self) -> Climb:
        """Net force from onset on, ready for its first rises."""
        return climb(self.t, self.net, self.effort.onset)

    @cached_property
    def widest_step(self) -> float:
        """The longest time between neighbouring samples of the effort's own part, s; 0 where there are none."""
        return float((self.t[1:] - self.t[:-1]).max(initial=0.0))

    @cached_property
    def fall(self) -> Climb | None:
        """Net force upside down from its last time at 90 % of the peak on; None if the record ends before it falls."""
        level = HELD * self.effort.peak
        held = (self.net >= level).nonzero()[0]
        if len(held) == 0 or held.item(-1) + 1 >= len(self.t):
            return None
        return climb(self.t, -self.net, crossing(self.t, self.net, held.item(-1), level))

    def moved(self, onset: float) -> "Contraction":
        """The same effort with its onset elsewhere; what does not rest on onset is not read again."""
        moved = replace(self, effort=msgspec.structs.replace(self.effort, onset=onset))
        vars(moved).update({name: getattr(self, name) for name in ("t", "net", "areas", "fall", "widest_step")})
        return moved

    def gross(self, seconds: float) -> float | None:
        """Force as recorded so many seconds after onset (before it, if negative); None outside the record."""
        if seconds not in self._forces:
            self._forces[seconds] = value_at(self.trace.t, self.trace.force, self.effort.onset + seconds)
        return self._forces[seconds]

    @cached_property
    def _forces(self) -> dict[float, float | None]:
        return {}

    def after(self, seconds: float) -> float | None:
        """Net force so many seconds after onset (before it, if negative); None outside the record."""
        force = self.gross(seconds)
        return None if force is None else force - self.effort.baseline.mean

    def area(self, seconds: float) -> float | None:
        """Area under net force from onset over so many seconds; None if the record does not hold them."""
        onset = self.effort.onset
        start, stop = self._area_to_onset, area_to(self.t, self.net, self.areas, onset + seconds)
        if start is not None and stop is not None:
            return stop - start
        # Over the ends of the effort's own part.
        area = integral(self.trace.t, self.trace.force, onset, onset + seconds)
        return None if area is None else area - self.effort.baseline.mean * seconds

    @cached_property
    def areas(self) -> Array:
        """Area under net force from the start of the effort's own part to each of its samples."""
        return running_integral(self.t, self.net)

    @cached_property
    def _area_to_onset(self) -> float | None:
        return area_to(self.t, self.net, self.areas, self.effort.onset)

    def rise_to(self, share: float) -> float | None:
        """Time at which net force first rises through this share of the peak after onset; None if it never does."""
        return self.climb.through(share * self.effort.peak)

    def best_mean(self, window: float) -> float | None:
        """The greatest mean of net force over a window in the effort's own part; None if that is shorter."""
        if window not in self._means:
            self._means[window] = self._best_mean(window)
        return self._means[window]

    @cached_property
    def _means(self) -> dict[float, float | None]:
        return {}

    def _best_mean(self, window: float) -> float | None:
        start = best_window(self.t, self.net, window)
        if start is None:
            return None
        stop = min(start + window, self.t.item(-1))
        first, last = (area_to(self.t, self.net, self.areas, x) for x in (start, stop))
        return ((last or 0.0) - (first or 0.0)) / window

    def window(self, start: float, stop: float) -> tuple[Array, Array]:
        """The samples (t, net) of the effort's own part with start <= t <= stop."""
        part = slice(self.t.searchsorted(start), self.t.searchsorted(stop, side="right"))
        return self.t[part], self.net[part]


def drawn(points: Sequence[tuple[float, float]], onset: float, *, baseline: float = 0.0) -> Contraction:
    """A contraction drawn by hand as straight lines between (s, N) points, for definitions and their examples.

    >>> c = drawn([(0, 0), (1, 0), (1.25, 500), (4.25, 500)], onset=1.0)
    >>> round(c.after(0.1), 9), c.effort.peak
    (200.0, 500.0)
    """
    t = np.array([x for x, _ in points], dtype=np.float64)
    force = np.array([y for _, y in points], dtype=np.float64)
    at = int(np.argmax(force))
    effort = Effort(
        onset=onset,
        peak_at=float(t[at]),
        release=None,
        peak=float(force[at]) - baseline,
        threshold=0.0,
        rule="manual",
        baseline=Baseline(baseline, 0.0, float(t[0]), onset),
    )
    return Contraction(Trace(t, force, rate=1000.0), Part(0, 0, len(t), len(t)), effort)
