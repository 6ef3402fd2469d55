"""The shape of a rule that doubts a jump. Holds no rule itself."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from forcelab.analysis.jump.jump import Jump
from forcelab.model import Flag


@dataclass(frozen=True, slots=True)
class JumpRule:
    """One flag of a jump.

    Attributes:
        name: as it stands in results.
        version: raised whenever the same jump would be flagged otherwise.
        rejects: "all" numbers, those that are "timed" (that rest on body weight and onset), or none.
        unit: of value and limit.
        source: what the limit rests on.
        look: the rule; None when there is nothing to say.
    """

    name: str
    version: int
    rejects: Literal["all", "timed", "none"]
    unit: str
    source: str
    look: Callable[[Jump], Flag | None]

    @property
    def definition(self) -> str:
        """The rule in words with its example: the docstring of its function."""
        return inspect.getdoc(self.look) or ""
