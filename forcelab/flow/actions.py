"""What the flow wants done: each action is carried out by the engine, in the order given."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from forcelab.flow.state import Item

Stopped: TypeAlias = Literal["released", "timeout", "operator", "interrupted"]


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Look for the sensors again, where that was given up because the system refused."""


@dataclass(frozen=True, slots=True)
class TareAndStart:
    """Let the sensors take their own zero, then start them."""


@dataclass(frozen=True, slots=True)
class TakeZero:
    """Read the unloaded sensors as soon as they are still, then say `Zeroed`."""


@dataclass(frozen=True, slots=True)
class StartTrial:
    """A trial begins; samples since the host time `since_ns` belong to it."""

    trial: int
    item: Item
    since_ns: int


@dataclass(frozen=True, slots=True)
class StopTrial:
    """The trial ends here. `number` is which of its side (and kind) it was, counted from 1."""

    trial: int
    item: Item
    number: int
    why: Stopped


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to be shown, sounded or, by a simulated person, obeyed."""

    word: Literal["zero", "ready", "push", "relax", "rest", "done"]
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """Close the session."""


Action: TypeAlias = TryAgain | TareAndStart | TakeZero | StartTrial | StopTrial | Cue | Finish
