"""What happens next in a session: a pure state machine, from the first connection to the last trial.

`step(state, event, now)` gives the next state and the actions that the engine is to carry out. `FLOW` is the table:
what is not in it does not happen, so an event that means nothing in a phase changes nothing. Time comes in with the
events (ns of the host's clock); force comes in as N above the recorded zero. Knows no sensor, no file and no window.

    connecting -> zeroing -> ready -> armed -> effort -> releasing -> resting -> ready ... -> review -> done
                                (a lost sensor leads to `interrupted` and from there to zeroing again)
"""

from forcelab.flow.actions import Action, Cue, Finish, StartTrial, StopTrial, TakeZero, TareAndStart, TryAgain
from forcelab.flow.events import (
    AskBattery,
    EndSession,
    Event,
    Exclude,
    Force,
    Go,
    Include,
    RepeatTrial,
    Request,
    SensorLost,
    SensorReady,
    SkipTrial,
    Sleep,
    SwitchSide,
    Tick,
    Zero,
    Zeroed,
)
from forcelab.flow.rules import FLOW, step
from forcelab.flow.state import SECOND, Item, State, begin

__all__ = [
    "FLOW",
    "SECOND",
    "Action",
    "AskBattery",
    "Cue",
    "EndSession",
    "Event",
    "Exclude",
    "Finish",
    "Force",
    "Go",
    "Include",
    "Item",
    "RepeatTrial",
    "Request",
    "SensorLost",
    "SensorReady",
    "SkipTrial",
    "Sleep",
    "StartTrial",
    "State",
    "StopTrial",
    "SwitchSide",
    "TakeZero",
    "TareAndStart",
    "Tick",
    "TryAgain",
    "Zero",
    "Zeroed",
    "begin",
    "step",
]
