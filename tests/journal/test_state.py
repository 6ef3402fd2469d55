from forcelab.journal import state
from forcelab.journal.records import (
    AnyRecord,
    AssessmentText,
    ClockAnchor,
    Closed,
    Connected,
    Disconnected,
    Evaluated,
    Judged,
    Measured,
    OnsetSet,
    Operator,
    Planned,
    Recovered,
    TrialStarted,
    TrialStopped,
    Unknown,
    Zeroed,
)
from forcelab.model import Evaluation, SetUp
from tests.journal.story import HERE, SMALL

FIRST = AssessmentText(host_ns=1, id="abd_side", version=1, text="first")
SECOND = AssessmentText(host_ns=2, id="er_prone", version=1, text="second")
NOTHING = Evaluation(effort=None, results=(), flags=(), verdict="repeat")


def connected(number: int) -> Connected:
    return Connected(
        host_ns=1, connection=number, role="left", codec="progressor", codec_version=1, family="", name="", address=""
    )


def zeroed(number: int, mean: float) -> Zeroed:
    return Zeroed(host_ns=1, connection=number, mean=mean, sd=0.0, seconds=1.0)


def started(trial: int, connection: int = 1) -> TrialStarted:
    return TrialStarted(host_ns=1, trial=trial, side="left", roles={"left": connection}, since_ns=0)


def evaluated(trial: int, host_ns: int) -> Evaluated:
    return Evaluated(host_ns=host_ns, trial=trial, environment=HERE, evaluation=NOTHING)


def test_who_and_where() -> None:
    session = state([*SMALL, Operator(host_ns=1, code="O")])
    assert (session.participant, session.operator, session.environment) == ("P-07 ä", "O", HERE)
    assert session.trials[1].excluded
    assert session.trials[1].stopped == TrialStopped(host_ns=9, trial=1, why="released")


def test_a_trial_keeps_what_was_in_force_when_it_started() -> None:
    story: list[AnyRecord] = [
        FIRST,
        connected(1),
        zeroed(1, 1.0),
        started(1),
        SECOND,
        zeroed(1, 2.0),
        Disconnected(host_ns=1, connection=1, why="gone"),
        connected(2),
        started(2, connection=2),
    ]
    session = state(story)
    assert (session.trials[1].assessment, session.trials[2].assessment) == (FIRST, SECOND)
    assert session.trials[1].zeros == {1: zeroed(1, 1.0)}
    assert session.trials[1].connections == {"left": connected(1)}
    assert session.trials[2].connections == {"left": connected(2)}
    assert session.trials[2].stopped is None
    assert set(session.gone) == {1}
    assert session.zeros == {1: zeroed(1, 2.0)}


def test_what_was_measured_holds_for_the_trials_that_start_after_it() -> None:
    light, heavy = SetUp(body_mass=60.0), SetUp(body_mass=62.0, lever_arm=0.8)
    story: list[AnyRecord] = [
        started(1),
        Measured(host_ns=1, set_up=light),
        started(2),
        Measured(host_ns=1, set_up=heavy),
        TrialStopped(host_ns=1, trial=2, why="released"),
        started(3),
    ]
    session = state(story)
    assert [session.trials[number].set_up for number in (1, 2, 3)] == [None, light, heavy]
    assert session.set_up == heavy


def test_the_last_plan_counts_and_an_old_file_has_none() -> None:
    first = Planned(host_ns=1, trials=3, practice=1, rest=60.0, sides=("left", "right"))
    last = Planned(host_ns=2, trials=2, practice=0, rest=30.0, sides=("left",))
    assert state([first, *SMALL, last]).planned == last
    assert state(SMALL).planned is None


def test_the_last_evaluation_and_the_last_judgement_are_in_force() -> None:
    out = Judged(host_ns=1, trial=1, excluded=True, reason="cough")
    back = Judged(host_ns=2, trial=1, excluded=False, reason="")
    session = state([started(1), evaluated(1, 10), out, evaluated(1, 20), back, started(2), evaluated(2, 30), out])
    first, second = session.trials[1], session.trials[2]
    assert first.evaluated == (evaluated(1, 10), evaluated(1, 20))
    assert first.in_force == evaluated(1, 20)
    assert (first.excluded, second.excluded) == (True, False)
    assert session.trials[2].in_force == evaluated(2, 30)
    assert state([started(1)]).trials[1].in_force is None


def test_what_is_told_of_a_trial_that_never_started_is_passed_over() -> None:
    assert state([evaluated(5, 1), TrialStopped(host_ns=1, trial=5, why="released"), Unknown("x", "{}")]).trials == {}


def test_whether_it_was_closed() -> None:
    closed, recovered = Closed(host_ns=1), Recovered(host_ns=1, torn_hex="")
    stories: list[list[AnyRecord]] = [[closed], [recovered], [closed, FIRST], []]
    assert [state(story).closed for story in stories] == [True, True, False, False]
    assert state([recovered, FIRST, closed]).recovered


def test_an_onset_by_hand_counts_until_the_next_and_knows_when_it_was_set() -> None:
    def onset(host_ns: int, at: float | None) -> OnsetSet:
        return OnsetSet(host_ns=host_ns, trial=1, at=at, by="AB", reason="knock")

    session = state([onset(1, 9.0), started(1)])
    assert session.trials[1].onset_at is None, "a trial that has not started has no onset"
    # One counter of the host for each time that it was started: the last anchor ties what follows it.
    story: list[AnyRecord] = [started(1), onset(5, 1.25), ClockAnchor(host_ns=100, utc_ns=7_000), onset(103, 1.5)]
    trial = state(story).trials[1]
    assert trial.onset_at == 1.5
    assert [(one.record.at, one.utc_ns) for one in trial.onsets] == [(1.25, None), (1.5, 7_003)]
    assert state([*story, onset(104, None)]).trials[1].onset_at is None
