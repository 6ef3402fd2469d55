"""The shape of a metric: its name, what it means, what it needs, where it comes from and the function that gives it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from forcelab.analysis.contraction import Contraction

NO_INTERVAL: Final = "no interval: nobody has shown yet how far this number may lie off"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number that can be asked for.

    Attributes:
        id: the name in assessments, files and exports.
        version: raised whenever the same trace would give another value.
        term: the name for people.
        unit: SI.
        formula: in symbols: F force, N(τ) net force τ seconds after onset, P peak of N, w the window.
        window: s, the length of curve that it looks at, or None.
        needs: what a record must hold, in words for people.
        source: author, year, DOI; what nobody checked against the paper says so.
        absent: the reason that is given when the record does not hold what is needed.
        compute: the number in `unit`, or None if the record does not hold what is needed. Its docstring, `define`, is
            the definition.
        define: the function that bears the definition.
        net: whether the baseline enters it.
        timed: whether it rests on onset and on time stamps near it; a dropout there takes such a number away.
        of_peak: "ratio" if it is divided by peak force, "share" if it is read off at shares of it: adding a constant
            to net force changes such a number in another way than a force.
    """

    id: str
    version: int
    term: str
    unit: str
    formula: str
    window: float | None
    needs: tuple[str, ...]
    source: str
    absent: str
    compute: Callable[[Contraction], float | None]
    define: Callable[..., object]
    net: bool = True
    timed: bool = True
    of_peak: Literal["ratio", "share"] | None = None

    @property
    def definition(self) -> str:
        """The whole definition with its example: the docstring of the function that computes it."""
        return inspect.getdoc(self.define) or ""

    def recipe(self, efforts: str, quiet: str, onset: str, rate: str) -> str:
        """Everything that the number depends on besides the trace, in one line; equal lines, equal definitions."""
        parts = [f"{self.id}/{self.version}", efforts]
        if self.net:
            parts.append(quiet)
        if self.timed:
            parts += [onset, rate]
        return "; ".join(parts)
