"""The table of the flow: which rule applies to which event in which phase, and the rules themselves.

Each rule takes state, event and time (ns) and gives the next state and the actions; none keeps anything.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from forcelab.flow.actions import Action, Cue, Finish, StartTrial, Stopped, StopTrial, TakeZero, TareAndStart, TryAgain
from forcelab.flow.events import (
    EndSession,
    Event,
    Force,
    Go,
    RepeatTrial,
    SensorLost,
    SensorReady,
    SkipTrial,
    SwitchSide,
    Tick,
    Zero,
    Zeroed,
)
from forcelab.flow.state import LEAD_IN, RELEASE_LIMIT, RELEASED, SECOND, SETTLED, Item, State
from forcelab.model import Phase

Step: TypeAlias = tuple[State, tuple[Action, ...]]
Rule: TypeAlias = Callable[[State, Event, int], Step]


def step(state: State, event: Event, now: int) -> Step:
    """The next state and what to do about it. An event without a rule in this phase changes nothing."""
    rule = FLOW.get((state.phase, type(event)))
    return rule(state, event, now) if rule else (state, ())


def _enter(state: State, phase: Phase, now: int) -> State:
    return replace(state, phase=phase, since=now, quiet_since=None if phase != "releasing" else state.quiet_since)


def _start_sensors(state: State, _event: Event, now: int) -> Step:
    return _enter(state, "zeroing", now), (Cue("zero"), TareAndStart(), TakeZero())


def _try_again(state: State, _event: Event, _now: int) -> Step:
    return state, (TryAgain(),)


def _zero_again(state: State, _event: Event, now: int) -> Step:
    return _enter(state, "zeroing", now), (Cue("zero"), TakeZero())


def _announce(state: State, event: Event, now: int) -> Step:
    if state.item is None:
        return (_enter(state, "review", now), ()) if state.waits_at_end else _finish(state, event, now)
    if isinstance(event, Go):
        state = replace(state, rest_until=now)  # they have rested enough, and a zero now does not send them back
    if now < state.rest_until:
        return _enter(state, "resting", now), (Cue("rest", state.item),)
    return _enter(state, "ready", now), (Cue("ready", state.item),)


def _arm(state: State, _event: Event, now: int) -> Step:
    return _enter(state, "armed", now), (Cue("push", state.item),)


def _arm_in_time(state: State, event: Event, now: int) -> Step:
    ends = state.ends_at()
    return _arm(state, event, now) if ends is not None and now >= ends else (state, ())


def _watch_for_push(state: State, event: Event, now: int) -> Step:
    if not isinstance(event, Force) or event.newtons < state.assessment.start_at or state.item is None:
        return state, ()
    trial = state.trial + 1
    since = max(state.earliest, now - LEAD_IN)
    started = replace(_enter(state, "effort", now), trial=trial, peak=event.newtons)
    return started, (StartTrial(trial, state.item, since),)


def _watch_hold(state: State, event: Event, now: int) -> Step:
    let_go, actions = _watch_release(state, event, now)
    if actions:
        return let_go, actions
    ends = state.ends_at()
    if ends is not None and now >= ends:
        return _enter(let_go, "releasing", now), (Cue("relax", state.item),)
    return let_go, ()


def _watch_release(state: State, event: Event, now: int) -> Step:
    if isinstance(event, Force):
        peak = max(state.peak, event.newtons)
        below = event.newtons < max(state.assessment.stop_at, RELEASED * peak)
        since = (now if state.quiet_since is None else state.quiet_since) if below else None
        state = replace(state, quiet_since=since, peak=peak)
    if state.quiet_since is not None and now - state.quiet_since >= SETTLED:
        return _end_trial(state, now, "released")
    if state.phase == "releasing" and now >= state.since + RELEASE_LIMIT:
        return _end_trial(state, now, "timeout")
    return state, ()


def _stopped(state: State, now: int, why: Stopped) -> tuple[State, StopTrial]:
    """The trial under way is over; what was pushed has to be rested from, however it ended."""
    item = state.queue[0]
    rest_until = now + int(state.rest * SECOND)
    after = replace(state, done=(*state.done, item), earliest=now, rest_until=rest_until)
    return after, StopTrial(state.trial, item, state.number(item), why)


def _end_trial(state: State, now: int, why: Stopped) -> Step:
    after, stop = _stopped(state, now, why)
    rested = _enter(replace(after, queue=after.queue[1:]), "resting", now)
    announced, actions = _announce(rested, Tick(), now)
    return announced, (stop, *actions)


def _rest_in_time(state: State, event: Event, now: int) -> Step:
    ends = state.ends_at()
    return _announce(state, event, now) if ends is not None and now >= ends else (state, ())


def _interrupt(state: State, _event: Event, now: int) -> Step:
    if not state.in_trial:
        return replace(_enter(state, "interrupted", now), earliest=now), ()
    after, stop = _stopped(state, now, "interrupted")
    return _enter(after, "interrupted", now), (stop,)


def _repeat(state: State, event: Event, now: int) -> Step:
    return _announce(replace(state, queue=(*state.done[-1:], *state.queue)), event, now)


def _skip(state: State, event: Event, now: int) -> Step:
    return _announce(replace(state, queue=state.queue[1:]), event, now)


def _stop_and_rest(state: State, _event: Event, now: int) -> Step:
    return _end_trial(state, now, "operator")


def _switch(state: State, event: Event, now: int) -> Step:
    if not isinstance(event, SwitchSide) or (state.item is not None and event.side == state.item.side):
        return state, ()
    wanted = next((item for item in state.queue if item.side == event.side), Item(event.side))
    rest = list(state.queue)
    if wanted in rest:
        rest.remove(wanted)
    return _announce(replace(state, queue=(wanted, *rest)), event, now)


def _finish(state: State, _event: Event, now: int) -> Step:
    if not state.in_trial:
        return _enter(state, "done", now), (Cue("done"), Finish())
    after, stop = _stopped(state, now, "operator")
    return _enter(after, "done", now), (stop, Cue("done"), Finish())


_UNDER_WAY: tuple[Phase, ...] = (
    "connecting",
    "zeroing",
    "ready",
    "armed",
    "effort",
    "releasing",
    "resting",
    "review",
    "interrupted",
)
_BETWEEN_TRIALS: tuple[Phase, ...] = ("ready", "armed", "resting", "review")

FLOW: dict[tuple[Phase, type[Event]], Rule] = {
    ("connecting", SensorReady): _start_sensors,
    ("connecting", Go): _try_again,
    ("interrupted", Go): _try_again,
    ("interrupted", SensorReady): _start_sensors,
    ("zeroing", Zeroed): _announce,
    ("ready", Go): _arm,
    ("ready", Tick): _arm_in_time,
    ("armed", Force): _watch_for_push,
    ("effort", Force): _watch_hold,
    ("effort", Tick): _watch_hold,
    ("effort", SkipTrial): _stop_and_rest,
    ("releasing", Force): _watch_release,
    ("releasing", Tick): _watch_release,
    ("releasing", SkipTrial): _stop_and_rest,
    ("resting", Go): _announce,
    ("review", Go): _finish,
    ("resting", Tick): _rest_in_time,
    **{(phase, Zero): _zero_again for phase in _BETWEEN_TRIALS},
    **{(phase, RepeatTrial): _repeat for phase in _BETWEEN_TRIALS},
    **{(phase, SkipTrial): _skip for phase in _BETWEEN_TRIALS},
    **{(phase, SwitchSide): _switch for phase in _BETWEEN_TRIALS},
    **{(phase, SensorLost): _interrupt for phase in _UNDER_WAY if phase not in ("connecting", "interrupted")},
    **{(phase, EndSession): _finish for phase in _UNDER_WAY},
}
"""The whole of it: (phase, event) -> rule."""
