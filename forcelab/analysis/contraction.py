"""One effort together with the record that it lies in: what every metric and every flag is computed from.

A plain holder of values. It refuses to know assessments and devices: what a rule needs of them is passed in here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forcelab.analysis.curve import first_rise, value_at
from forcelab.model import Array, Baseline, Effort, Trace


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

    def gross(self, seconds: float) -> float | None:
        """Force as recorded so many seconds after onset (before it, if negative); None outside the record."""
        return value_at(self.trace.t, self.trace.force, self.effort.onset + seconds)

    def after(self, seconds: float) -> float | None:
        """Net force so many seconds after onset (before it, if negative); None outside the record."""
        force = self.gross(seconds)
        return None if force is None else force - self.effort.baseline.mean

    def rise_to(self, share: float) -> float | None:
        """Time at which net force first rises through this share of the peak after onset; None if it never does."""
        return first_rise(self.t, self.net, share * self.effort.peak, self.effort.onset)

    def window(self, start: float, stop: float) -> tuple[Array, Array]:
        """The samples (t, net) of the effort's own part with start <= t <= stop."""
        i, j = np.searchsorted(self.t, (start, np.nextafter(stop, np.inf)))
        return self.t[i:j], self.net[i:j]


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
