"""What happens next in a session: a pure state machine, from the first connection to the last trial.

`step(state, event)` gives the next state and the actions that the engine is to carry out. `FLOW` is the table: what is
not in it does not happen, so an event that means nothing in a phase changes nothing. Time comes in with the events (ns
of the host's clock); force comes in as N above the recorded zero. Knows no sensor, no file and no window.

    connecting -> zeroing -> ready -> armed -> effort -> releasing -> resting -> ready ... -> review -> done
                                (a lost sensor leads to `interrupted` and from there to zeroing again)
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from forcelab.model import Assessment, Phase, Side

SECOND = 1_000_000_000

GET_READY = 3 * SECOND
"""From the announcement of a trial until it is armed: long enough to hear the side and take the position."""

LEAD_IN = 4 * SECOND
"""What is kept from before the trigger: the quiet window is looked for in the 3 s before the rise."""

RELEASED = 0.1
"""Share of the trial's peak below which a person has let go, where that is more than the assessment's `stop_at`: the
weight of a limb or a strap held tight must not keep a trial open."""

SETTLED = SECOND // 2
"""So long must force stay below the release threshold before a trial ends; it is also the quiet tail of the record."""

RELEASE_LIMIT = 5 * SECOND
"""A person who has not let go by then has not heard the cue: the trial ends all the same."""


@dataclass(frozen=True, slots=True)
class Item:
    """One trial still to be done."""

    side: Side
    practice: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Where the session stands.

    Attributes:
        queue: trials still to be done; the first is due or under way.
        rest: between trials, s; the assessment's own unless the plan says otherwise.
        since: when the phase began, ns.
        trial: number of the latest trial in the session.
        earliest: no sample from before this host time, ns, may belong to the next trial.
        quiet_since: when force last fell below the release threshold, ns.
        peak: largest force of the trial under way, N.
        waits_at_end: whether a person must say that the session is over; a script does not wait.
    """

    assessment: Assessment
    queue: tuple[Item, ...]
    rest: float
    phase: Phase = "connecting"
    since: int = 0
    trial: int = 0
    earliest: int = 0
    quiet_since: int | None = None
    peak: float = 0.0
    done: tuple[Item, ...] = ()
    waits_at_end: bool = False

    @property
    def item(self) -> Item | None:
        """The trial that is due or under way."""
        return self.queue[0] if self.queue else None

    @property
    def in_trial(self) -> bool:
        """Whether a trial is being recorded."""
        return self.phase in ("effort", "releasing")

    def number(self, item: Item) -> int:
        """Which trial of its side (and kind) the item is, counted from 1."""
        return 1 + sum(1 for earlier in self.done if earlier == item)

    def ends_at(self) -> int | None:
        """When the present phase ends by the clock alone, or None if it waits for something else."""
        length = {
            "ready": GET_READY,
            "effort": int(self.assessment.hold * SECOND),
            "releasing": RELEASE_LIMIT,
            "resting": int(self.rest * SECOND),
        }.get(self.phase)
        return None if length is None else self.since + length


# --- events -----------------------------------------------------------------------------------------------------------


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
    """Do not wait: the person is ready."""


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


Request: TypeAlias = Go | Zero | RepeatTrial | SkipTrial | SwitchSide | EndSession | Exclude | Include | AskBattery
"""What a person may want of a session; the last three change nothing in its order, so no rule stands for them."""

Event: TypeAlias = (
    SensorReady | SensorLost | Zeroed | Force | Tick | Go | Zero | RepeatTrial | SkipTrial | SwitchSide | EndSession
)


# --- actions ----------------------------------------------------------------------------------------------------------


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
    """The trial ends here."""

    trial: int
    item: Item
    why: Literal["released", "timeout", "operator", "interrupted"]


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to be shown, sounded or, by a simulated person, obeyed."""

    word: Literal["zero", "ready", "push", "relax", "rest", "done"]
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """Close the session."""


Action: TypeAlias = TareAndStart | TakeZero | StartTrial | StopTrial | Cue | Finish
Step: TypeAlias = tuple[State, tuple[Action, ...]]
Rule: TypeAlias = Callable[[State, Event, int], Step]


def begin(
    assessment: Assessment,
    sides: tuple[Side, ...],
    *,
    trials: int,
    practice: int,
    rest: float | None = None,
    waits_at_end: bool = False,
) -> State:
    """The state of a session in which each side does `practice` and then `trials` trials, the sides in turn."""
    rounds = [True] * practice + [False] * trials
    queue = tuple(Item(side, practice=easy) for easy in rounds for side in sides)
    return State(assessment, queue, assessment.rest if rest is None else rest, waits_at_end=waits_at_end)


def step(state: State, event: Event, now: int) -> Step:
    """The next state and what to do about it. An event without a rule in this phase changes nothing."""
    rule = FLOW.get((state.phase, type(event)))
    return rule(state, event, now) if rule else (state, ())


# --- rules ------------------------------------------------------------------------------------------------------------


def _enter(state: State, phase: Phase, now: int) -> State:
    return replace(state, phase=phase, since=now, quiet_since=None if phase != "releasing" else state.quiet_since)


def _start_sensors(state: State, _event: Event, now: int) -> Step:
    return _enter(state, "zeroing", now), (Cue("zero"), TareAndStart(), TakeZero())


def _zero_again(state: State, _event: Event, now: int) -> Step:
    return _enter(state, "zeroing", now), (Cue("zero"), TakeZero())


def _announce(state: State, _event: Event, now: int) -> Step:
    if state.item is None:
        return (_enter(state, "review", now), ()) if state.waits_at_end else _finish(state, _event, now)
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


def _end_trial(state: State, now: int, why: Literal["released", "timeout", "operator"]) -> Step:
    item, *queue = state.queue
    after = replace(_enter(state, "resting", now), queue=tuple(queue), done=(*state.done, item), earliest=now)
    stop = StopTrial(state.trial, item, why)
    if after.item is None:
        finished, actions = _announce(after, Tick(), now)
        return finished, (stop, *actions)
    return after, (stop, Cue("rest", after.item))


def _rest_in_time(state: State, event: Event, now: int) -> Step:
    ends = state.ends_at()
    return _announce(state, event, now) if ends is not None and now >= ends else (state, ())


def _interrupt(state: State, _event: Event, now: int) -> Step:
    stop = (StopTrial(state.trial, state.queue[0], "interrupted"),) if state.in_trial else ()
    return replace(_enter(state, "interrupted", now), earliest=now), stop


def _repeat(state: State, event: Event, now: int) -> Step:
    again = replace(state, queue=(*state.done[-1:], *state.queue))
    return (again, ()) if state.phase == "resting" else _announce(again, event, now)


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
    switched = replace(state, queue=(wanted, *rest))
    return (switched, ()) if state.phase == "resting" else _announce(switched, event, now)


def _finish(state: State, _event: Event, now: int) -> Step:
    stop = (StopTrial(state.trial, state.queue[0], "operator"),) if state.in_trial else ()
    return _enter(state, "done", now), (*stop, Cue("done"), Finish())


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
