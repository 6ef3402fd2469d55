"""The shape of a flag's rule: what it looks at, what it rejects, and how it speaks. Holds no rule itself."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from forcelab.analysis.contraction import Contraction
from forcelab.model import Flag


@dataclass(frozen=True, slots=True)
class Demand:
    """What the assessment asks of the participant, as far as a flag depends on it.

    Attributes:
        hold: s, how long the push was to last.
        start: whether it matters how force begins to rise; it does not in a hold of which no number rests on onset.
        fast: whether numbers are wanted that rest on a fast start.
        plateau: whether a plateau is wanted.
        maximal: whether it was to be as strong as can be; a force that is to be held may rise at its end.
        tared: whether the zero is read with the limb at rest on the sensor.
        standing: whether the participant stands on the sensor.
        body_weight: N, as it was measured apart from this record; None: not known.
    """

    hold: float = 5.0
    start: bool = True
    fast: bool = True
    plateau: bool = True
    maximal: bool = True
    tared: bool = False
    standing: bool = False
    body_weight: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One flag.

    Attributes:
        name: as it stands in results.
        version: raised whenever the same effort would be flagged otherwise.
        rejects: "all" numbers, those that are "timed" (peak and mean stay), or none.
        unit: of value and limit, "" where there are none.
        source: what the limit rests on.
        look: the rule; None when there is nothing to say.
        weakens: whether timed numbers are only indicative when it is raised.
    """

    name: str
    version: int
    rejects: Literal["all", "timed", "none"]
    unit: str
    source: str
    look: Callable[[Contraction, Demand], Flag | None]
    weakens: bool = False

    @property
    def definition(self) -> str:
        """The rule in words with its example: the docstring of its function."""
        return inspect.getdoc(self.look) or ""


def above(name: str, unit: str, value: float, limit: float, sentence: str) -> Flag | None:
    """The flag if value exceeds limit, else None. The sentence may use {value} and {limit}.

    >>> above("PRELOAD", "N", 40.0, 30.0, "Held at {value:.0f} N.").sentence
    'Held at 40 N.'
    """
    if not value > limit:
        return None
    return Flag(name, sentence.format(value=value, limit=limit), float(value), float(limit), unit)


def gap(name: str, sentence: str) -> Flag:
    """The statement that a rule could not be applied, and why."""
    return Flag(name, sentence, assessed=False)
