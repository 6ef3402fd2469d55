"""What can happen in a session: what sensors and time bring, and what a person may want."""

from dataclasses import dataclass
from typing import TypeAlias

from forcelab.model import Side


@dataclass(frozen=True, slots=True)
class SensorReady:
    """Every sensor of the session is connected and can be started."""


@dataclass(frozen=True, slots=True)
class SensorLost:
    """A sensor that the session needs is gone."""


@dataclass(frozen=True, slots=True)
class Zeroed:
    """The unloaded sensors have been read."""


@dataclass(frozen=True, slots=True)
class Force:
    """Force in N above zero, as just heard: the last sample of a notification."""

    newtons: float


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Go:
    """Do not wait: the person is ready. While no sensor is connected: try again to reach it."""


@dataclass(frozen=True, slots=True)
class Zero:
    """Read the unloaded sensors again before the next trial."""


@dataclass(frozen=True, slots=True)
class RepeatTrial:
    """Do the last trial's side once more, next."""


@dataclass(frozen=True, slots=True)
class SkipTrial:
    """Leave out the trial that is due; one under way is ended first."""


@dataclass(frozen=True, slots=True)
class SwitchSide:
    """Make the next trial one of this side."""

    side: Side


@dataclass(frozen=True, slots=True)
class EndSession:
    """Finish and save."""


@dataclass(frozen=True, slots=True)
class Exclude:
    """Leave a finished trial out of the scores, for a reason. It stays in the file."""

    trial: int
    reason: str


@dataclass(frozen=True, slots=True)
class Include:
    """Take a trial back into the scores."""

    trial: int


@dataclass(frozen=True, slots=True)
class AskBattery:
    """Ask the sensors for their battery."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Switch the sensors off. Only ever on the user's explicit wish; a button on the sensor wakes it."""


Request: TypeAlias = (
    Go | Zero | RepeatTrial | SkipTrial | SwitchSide | EndSession | Exclude | Include | AskBattery | Sleep
)
"""What a person may want of a session; the last four change nothing in its order, so no rule stands for them."""

Event: TypeAlias = (
    SensorReady | SensorLost | Zeroed | Force | Tick | Go | Zero | RepeatTrial | SkipTrial | SwitchSide | EndSession
)
