"""The shape of a number that does not come from one contraction: from a hold, from repetitions, from many pulses.

What a metric is to one effort, a measure is to these. Holds no definition itself.
"""

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from forcelab.analysis.estimate import RefusedError
from forcelab.model import Result

T = TypeVar("T")


# Without slots: Python 3.11 cannot make a frozen, slotted, generic class by Measure[T](…).
@dataclass(frozen=True)
class Measure(Generic[T]):
    """One number that can be asked for.

    Attributes:
        id: the name in assessments, files and exports.
        version: raised whenever the same record would give another value.
        term: the name for people.
        unit: SI, "%", or a ratio of them.
        formula: in symbols.
        window: s, the length of curve that it looks at, or None.
        needs: what must be recorded, in words for people.
        source: author, year, DOI; what nobody checked against the paper says so.
        compute: the number in `unit`. It refuses (`RefusedError`, with the reason) where there is none.
        define: the function that bears the definition.
        caution: what must be shown with the number, or "".
    """

    id: str
    version: int
    term: str
    unit: str
    formula: str
    window: float | None
    needs: tuple[str, ...]
    source: str
    compute: Callable[[T], float]
    define: Callable[..., object]
    caution: str = ""

    @property
    def definition(self) -> str:
        """The whole definition with its example: the docstring of the function that computes it."""
        return inspect.getdoc(self.define) or ""

    def recipe(self, conditions: str = "") -> str:
        """Everything that the number depends on besides the record, in one line; equal lines, equal definitions."""
        return "; ".join(filter(None, (f"{self.id}/{self.version}", conditions)))

    def result(self, subject: T, conditions: str = "") -> Result:
        """The number with its recipe, or None with the reason.

        Args:
            subject: what it is computed from.
            conditions: the recipe of the subject: how a hold was cut out, which regime of repetitions.
        """
        recipe = self.recipe(conditions)
        try:
            value = self.compute(subject)
        except RefusedError as refusal:
            return Result(self.id, None, self.unit, recipe, reason=str(refusal))
        if not math.isfinite(value):
            return Result(self.id, None, self.unit, recipe, reason="The number is not finite.")
        return Result(self.id, float(value), self.unit, recipe)
