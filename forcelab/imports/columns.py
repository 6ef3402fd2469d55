"""A table as read: its columns as traces, and which limb or plate each of them is.

Knows names of columns and no rows; whoever asks for limbs where the names do not tell them is asked back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from forcelab.imports.dialect import TableError
from forcelab.imports.headings import folded
from forcelab.model import Role, Trace

_SIDES: Final[dict[str, Role]] = {
    **dict.fromkeys(("left", "l", "links", "gauche", "izquierda"), "left"),
    **dict.fromkeys(("right", "r", "rechts", "droite", "derecha"), "right"),
}


@dataclass(frozen=True, eq=False)
class Table:
    """A table as read.

    Attributes:
        source: name of the file.
        traces: column name -> trace, in the order of the file; at least one.
        detected: sentences for the user: how the table was read and what was assumed.
    """

    source: str
    traces: Mapping[str, Trace]
    detected: tuple[str, ...]

    def total(self) -> Trace:
        """The sum of all columns (two plates under one person), at the times at which each of them has a number."""
        first, *others = self.traces.values()
        t = first.t
        for other in others:
            t = np.intersect1d(t, other.t, assume_unique=True)
        if len(t) < 2:
            raise TableError(self.source, "its columns have no two times in common; they cannot be added")
        force = np.sum([trace.force[np.isin(trace.t, t)] for trace in self.traces.values()], axis=0)
        dropped = max(len(trace.t) + trace.discarded for trace in self.traces.values()) - len(t)
        return replace(first, t=t, force=force, discarded=dropped)

    def roles(self) -> dict[Role, Trace]:
        """The traces as an assessment wants them: one column is the whole, two called left and right are the limbs.

        Raises:
            TableError: when it has several columns and does not say which is which.
        """
        if len(self.traces) == 1:
            return {"total": next(iter(self.traces.values()))}
        sides = {_side(name): trace for name, trace in self.traces.items()}
        if len(self.traces) == 2 and set(sides) == {"left", "right"}:
            return {role: trace for role, trace in sides.items() if role is not None}
        names = ", ".join(f'"{name}"' for name in self.traces)
        raise TableError(self.source, f"it has {len(self.traces)} columns of force ({names}); say which one (--column)")

    def plates(self) -> dict[Role, Trace]:
        """The traces of a jump: one plate, a left and a right one, or else all columns added up under one body."""
        sides = {_side(name) for name in self.traces}
        if len(self.traces) > 1 and not (len(self.traces) == 2 and sides == {"left", "right"}):
            return {"total": self.total()}
        return self.roles()


def _side(name: str) -> Role | None:
    words = folded(name).replace("_", " ").replace("(", " ").replace("[", " ").split()
    return next((_SIDES[word] for word in words if word in _SIDES), None)
