"""The flow is a table: each rule is reached here, and what is not in the table changes nothing."""

import typing
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab import assessments, flow
from forcelab.flow import SECOND, Force, Item, State, Tick
from forcelab.model import Phase

ABDUCTION = assessments.available()["abd_supine_long"][0]
PHASES: tuple[Phase, ...] = typing.get_args(Phase)
EVENTS: tuple[flow.Event, ...] = (
    flow.SensorReady(),
    flow.SensorLost(),
    flow.Zeroed(),
    Force(200.0),
    Force(0.0),
    Tick(),
    flow.Go(),
    flow.Zero(),
    flow.RepeatTrial(),
    flow.SkipTrial(),
    flow.SwitchSide("right"),
    flow.EndSession(),
)


class Player:
    """Plays events into the flow and keeps what came out."""

    def __init__(self, state: State, now: int = 0) -> None:
        self.state, self.now = state, now
        self.actions: list[flow.Action] = []

    def __call__(self, *events: flow.Event, after: float = 0.0) -> list[flow.Action]:
        self.now += int(after * SECOND)
        said: list[flow.Action] = []
        for event in events:
            self.state, actions = flow.step(self.state, event, self.now)
            said += actions
        self.actions += said
        return said

    def to(self, phase: Phase) -> "Player":
        """One way through a trial, as far as the phase."""
        way: list[tuple[float, flow.Event]] = [
            (0, flow.SensorReady()),
            (1, flow.Zeroed()),
            (3, Tick()),
            (1, Force(200.0)),
            (5, Tick()),
            (0.1, Force(0.0)),
            (0.6, Tick()),
        ]
        for after, event in way:
            if self.state.phase == phase:
                return self
            self(event, after=after)
        assert self.state.phase == phase
        return self


def session(*, trials: int = 2, practice: int = 0, waits: bool = False) -> Player:
    return Player(flow.begin(ABDUCTION, ("left", "right"), trials=trials, practice=practice, waits_at_end=waits))


def test_a_session_from_the_first_connection_to_the_last_trial() -> None:
    play = session(trials=1)
    assert play(flow.SensorReady()) == [flow.Cue("zero"), flow.TareAndStart(), flow.TakeZero()]
    assert play(flow.Zeroed(), after=1) == [flow.Cue("ready", Item("left"))]
    assert play(Tick(), after=2.9) == []
    assert play(Tick(), after=0.1) == [flow.Cue("push", Item("left"))]
    assert play(Force(ABDUCTION.start_at - 0.1), after=1) == []
    started = play.now + SECOND
    assert play(Force(ABDUCTION.start_at), after=1) == [flow.StartTrial(1, Item("left"), started - 4 * SECOND)]
    assert play(Tick(), after=ABDUCTION.hold) == [flow.Cue("relax", Item("left"))]
    assert play(Force(0.0), after=0.3) == []
    assert play(Tick(), after=0.5) == [flow.StopTrial(1, Item("left"), 1, "released"), flow.Cue("rest", Item("right"))]
    assert play(Tick(), after=ABDUCTION.rest) == [flow.Cue("ready", Item("right"))]
    play(Tick(), after=3)
    play(Force(150.0), Force(0.0), after=1)
    assert play(Tick(), after=0.5) == [
        flow.StopTrial(2, Item("right"), 1, "released"),
        flow.Cue("done"),
        flow.Finish(),
    ]
    assert play.state.phase == "done"


def test_sides_take_turns_and_practice_comes_first() -> None:
    queue = flow.begin(ABDUCTION, ("left", "right"), trials=2, practice=1).queue
    assert [(item.side, item.practice) for item in queue] == [
        ("left", True),
        ("right", True),
        ("left", False),
        ("right", False),
        ("left", False),
        ("right", False),
    ]


def test_no_sample_of_one_trial_belongs_to_the_next() -> None:
    play = session().to("resting")
    ended = play.now
    play(flow.Go(), flow.Go())
    (start,) = play(Force(100.0), after=1)
    assert isinstance(start, flow.StartTrial)
    assert start.since_ns == ended


def test_the_weight_of_a_limb_does_not_keep_a_trial_open() -> None:
    play = session().to("effort")
    play(Force(400.0))
    weight = 0.09 * 400.0
    assert weight > ABDUCTION.stop_at
    play(Force(weight), after=1)
    (stop, *_rest) = play(Force(weight), after=0.5)
    assert stop == flow.StopTrial(1, Item("left"), 1, "released")


def test_a_short_dip_does_not_end_a_trial() -> None:
    play = session().to("effort")
    play(Force(0.0), after=1)
    play(Force(300.0), after=0.3)
    assert play(Tick(), after=0.4) == []
    assert play.state.phase == "effort"


def test_who_never_lets_go_is_not_recorded_for_ever() -> None:
    play = session().to("releasing")
    (stop, *_rest) = play(Force(200.0), after=5)
    assert stop == flow.StopTrial(1, Item("left"), 1, "timeout")


def test_a_lost_sensor_ends_the_trial_and_the_trial_is_done_again() -> None:
    play = session().to("effort")
    assert play(flow.SensorLost()) == [flow.StopTrial(1, Item("left"), 1, "interrupted")]
    assert play.state.phase == "interrupted"
    assert play(flow.SensorReady(), after=2) == [flow.Cue("zero"), flow.TareAndStart(), flow.TakeZero()]
    assert play(flow.Zeroed(), after=2) == [flow.Cue("rest", Item("left"))]
    play(flow.Go(), flow.Go())
    (start,) = play(Force(100.0))
    assert isinstance(start, flow.StartTrial)
    assert start.trial == 2


ZEROED = (flow.Zero(), flow.Zeroed())
AWAY = (flow.SensorLost(), flow.SensorReady(), flow.Zeroed())


@pytest.mark.parametrize("meanwhile", [ZEROED, AWAY, (flow.SkipTrial(),), (flow.RepeatTrial(),), (*ZEROED, *AWAY)])
def test_nothing_but_the_person_shortens_the_rest(meanwhile: tuple[flow.Event, ...]) -> None:
    play = session(trials=3).to("resting")
    ended = play.now
    play(*meanwhile, after=5)
    assert play.state.phase == "resting"
    assert play.state.ends_at() == ended + ABDUCTION.rest * SECOND
    assert play(Tick(), after=ABDUCTION.rest - 5.1) == []
    assert play(Tick(), after=0.2) == [flow.Cue("ready", play.state.item)]


def test_a_trial_that_was_broken_off_is_rested_from_as_well() -> None:
    for broken_off in (AWAY, (flow.SkipTrial(),)):
        play = session().to("effort")
        play(*broken_off)
        assert play.state.phase == "resting"
        assert play.state.ends_at() == play.now + ABDUCTION.rest * SECOND


def test_who_does_not_want_to_rest_is_not_sent_back_to_it() -> None:
    play = session().to("resting")
    assert play(flow.Go(), after=1) == [flow.Cue("ready", Item("right"))]
    assert play(*ZEROED, after=1)[-1] == flow.Cue("ready", Item("right"))


def test_an_interrupted_trial_keeps_its_number_and_one_more_is_wanted() -> None:
    play = session(trials=2).to("effort")
    assert (play.state.number(Item("left")), play.state.wanted(Item("left"))) == (1, 2)
    play(*AWAY)
    assert (play.state.number(Item("left")), play.state.wanted(Item("left"))) == (2, 3)
    play(flow.Go(), flow.Go(), Force(100.0))
    assert play(flow.SkipTrial())[0] == flow.StopTrial(2, Item("left"), 2, "operator")
    assert play.state.wanted(Item("right")) == 2


def test_the_operator_decides_the_end_where_there_is_one() -> None:
    play = session(trials=1, waits=True).to("resting")
    play(flow.Go(), flow.Go(), Force(100.0))
    play(Force(0.0), Tick(), after=0.1)
    play(Tick(), after=0.6)
    assert play.state.phase == "review"
    assert flow.Finish() not in play.actions
    assert play(flow.RepeatTrial()) == [flow.Cue("rest", Item("right"))]
    assert play.state.number(Item("right")) == 2
    assert play(flow.EndSession())[-1] == flow.Finish()


def test_ending_in_the_middle_of_a_trial_keeps_it() -> None:
    play = session().to("effort")
    assert play(flow.EndSession()) == [
        flow.StopTrial(1, Item("left"), 1, "operator"),
        flow.Cue("done"),
        flow.Finish(),
    ]


def test_switching_side_takes_the_next_trial_of_that_side() -> None:
    play = session().to("ready")
    play(flow.SwitchSide("right"))
    assert [item.side for item in play.state.queue] == ["right", "left", "left", "right"]
    play(flow.SwitchSide("right"))
    assert [item.side for item in play.state.queue] == ["right", "left", "left", "right"]


def test_skipping_leaves_out_the_trial_that_is_due() -> None:
    play = session().to("armed")
    play(flow.SkipTrial())
    assert [item.side for item in play.state.queue] == ["right", "left", "right"]


@pytest.mark.parametrize(("phase", "event"), list(product(PHASES, EVENTS)), ids=str)
def test_what_is_not_in_the_table_changes_nothing(phase: Phase, event: flow.Event) -> None:
    state = replace(session().state, phase=phase, trial=1)
    if (phase, type(event)) not in flow.FLOW:
        assert flow.step(state, event, SECOND) == (state, ())


def test_every_rule_of_the_table_can_change_something() -> None:
    for phase, kind in flow.FLOW:
        state = replace(session().state, phase=phase, trial=1, done=(Item("left"),), quiet_since=0)
        events = [event for event in EVENTS if isinstance(event, kind)]
        changed = [
            flow.step(before, event, 100 * SECOND) != (before, ())
            for event in events
            for before in (state, replace(state, quiet_since=None))
        ]
        assert any(changed), (phase, kind)


@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.floats(0, 10)), max_size=60), st.booleans())
def test_trials_start_and_stop_in_turn_whatever_happens(events: list[tuple[flow.Event, float]], waits: bool) -> None:
    play = session(trials=2, practice=1, waits=waits)
    for event, after in events:
        play(event, after=after)
    marks = [action for action in play.actions if isinstance(action, flow.StartTrial | flow.StopTrial)]
    starts, stops = marks[::2], marks[1::2]
    assert all(isinstance(mark, flow.StartTrial) for mark in starts)
    assert all(isinstance(mark, flow.StopTrial) for mark in stops)
    assert [mark.trial for mark in starts] == list(range(1, len(starts) + 1))
    assert [mark.trial for mark in stops] == [mark.trial for mark in starts][: len(stops)]
    assert play.actions.count(flow.Finish()) == (play.state.phase == "done")
