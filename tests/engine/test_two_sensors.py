"""A session with a sensor at each limb: both in one trial, on one clock; and what is left when one of them is lost."""

from pathlib import Path

import pytest

from forcelab import flow
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.person import Person
from forcelab.assemble import traces
from forcelab.check import check
from forcelab.evaluate import evaluate, strongest, whole
from forcelab.evaluate.both import LOST
from forcelab.journal import read, records, state
from forcelab.model import Evaluation, Result, Trace
from tests.engine.sessions import LEFT, RIGHT, Simulation, squeeze

SHARE, LAG, PEAK = 0.8, 0.06, 260.0
APART = {LEFT: Faults(interval=0.03, drift=40.0), RIGHT: Faults(interval=0.0225, delay=0.02, drift=-40.0)}
"""Other connection intervals, other crystals, other air."""


def pusher() -> Person:
    return Person(peak=PEAK, left=SHARE, lag=LAG, seed=3)


def equal(one: Trace, other: Trace) -> bool:
    arrays = one.t.tobytes() == other.t.tobytes() and one.force.tobytes() == other.force.tobytes()
    fields = ("rate", "zero", "lost", "discarded", "zero_before", "clock", "broken_off")
    return arrays and all(getattr(one, name) == getattr(other, name) for name in fields)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    path = tmp_path_factory.mktemp("session") / "s.forcelab"
    return Simulation(squeeze(path), faults=APART, person=pusher()).run()


def number(results: tuple[Result, ...], name: str) -> Result:
    return next(result for result in results if result.metric == name)


def evaluated(simulation: Simulation) -> list[Evaluation]:
    made = [trial.evaluation for trial in simulation.engine.view.trials]
    assert all(made)
    return [one for one in made if one is not None]


def test_each_sensor_has_its_connection_and_each_trial_both(finished: Simulation) -> None:
    session = state(read(finished.engine.plan.path).story)
    roles = {connection.role: number for number, connection in session.connections.items()}
    assert set(roles) == {"left", "right"}
    assert {session.connections[roles["left"]].address, session.connections[roles["right"]].address} == {LEFT, RIGHT}
    assert session.zeros.keys() == set(roles.values())
    assert [trial.started.roles for trial in session.trials.values()] == [roles, roles]
    assert [trial.started.side for trial in session.trials.values()] == ["both", "both"]


def test_replay_is_live_with_two_sensors(finished: Simulation) -> None:
    again = dict(traces(read(finished.engine.plan.path).story))
    for trial in finished.engine.view.trials:
        assert [part.side for part in trial.parts] == ["left", "right"]
        for part in trial.parts:
            assert part.trace is not None
            assert part.side != "both"
            assert equal(part.trace, again[trial.trial][part.side or "total"])
            assert part.trace.clock is not None
        total = whole(again[trial.trial])
        assert trial.trace is not None
        assert total is not None
        assert equal(trial.trace, total)


def test_live_replay_and_re_analysis_agree_on_two_sensors(finished: Simulation) -> None:
    story = read(finished.engine.plan.path).story
    stored, again = state(story).trials, dict(traces(story))
    for trial in finished.engine.view.trials:
        kept = stored[trial.trial].in_force
        assert kept is not None
        fresh = strongest(evaluate(again[trial.trial], finished.engine.plan.assessment))
        assert trial.evaluation == kept.evaluation == fresh
    report = check(finished.engine.plan.path)
    assert report.verdict == "identical", report.sentence
    assert {"alignment", "onset_lag", "left peak_force", "right flags"} <= {one.what for one in report.results}


def test_the_difference_of_the_limbs_is_found(finished: Simulation) -> None:
    true = 100.0 * (1.0 - SHARE) / (1.0 + SHARE)
    for evaluation in evaluated(finished):
        assert number(evaluation.between, "mean_1s_asymmetry").value == pytest.approx(true, abs=2.0)
        left, right = (number(evaluation.parts[side].results, "mean_1s").value for side in ("left", "right"))
        total = number(evaluation.results, "mean_1s").value
        assert left is not None
        assert right is not None
        assert total == pytest.approx(left + right, rel=0.01)


def test_the_lag_of_the_right_limb_lies_within_what_is_stated(finished: Simulation) -> None:
    for evaluation in evaluated(finished):
        lag = number(evaluation.between, "onset_lag")
        assert lag.value is not None
        assert evaluation.alignment is not None
        stated = evaluation.alignment.uncertainty
        assert 0.05 < stated < 0.2, "the Progressor's declared latency alone is 0.1 s"
        assert lag.value == pytest.approx(LAG, abs=stated)
        if lag.interval is None:  # how far an onset may lie off is not told of every push; how far the clocks may, is
            assert f"±{1e3 * stated:.0f} ms" in (lag.no_interval or "")
        else:
            assert lag.interval[0] <= LAG <= lag.interval[1]
            assert lag.interval[1] - lag.interval[0] >= 2.0 * stated


def test_the_window_is_shown_each_force_and_their_sum(tmp_path: Path) -> None:
    seen: list[tuple[float, float, float]] = []
    simulation = Simulation(squeeze(tmp_path / "s.forcelab", trials=1), person=pusher())

    def look(view: object) -> None:
        view = simulation.engine.view
        if view.phase == "effort" and view.force is not None and len(view.forces) == 2:
            seen.append((view.force, view.forces["left"], view.forces["right"]))

    simulation.engine.on_view = look
    simulation.run()
    assert seen
    assert all(force == pytest.approx(left + right) for force, left, right in seen)
    assert simulation.engine.view.peak == pytest.approx(PEAK * (1.0 + SHARE), rel=0.2)
    assert [view.name.partition(": ")[0] for view in simulation.engine.view.sensors] == ["left", "right"]
    assert all(len(ring.last(5.0)[0]) > 100 for ring in simulation.engine.rings.values())


def drop(simulation: Simulation, address: str, away: float = 3.0) -> None:
    assert simulation.radio is not None
    simulation.radio.drop(address, away=away)


@pytest.mark.parametrize("away", [0.3, 20.0])
def test_a_sensor_that_is_lost_in_a_trial_leaves_the_other_one(tmp_path: Path, away: float) -> None:
    dropped: list[int] = []

    def drop_once(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "relax" and not dropped:
            dropped.append(1)
            drop(simulation, RIGHT, away)

    simulation = Simulation(squeeze(tmp_path / "s.forcelab"), person=pusher(), on_cue=drop_once).run()
    session = state(read(simulation.engine.plan.path).story)
    assert [trial.stopped.why for trial in session.trials.values() if trial.stopped] == ["released", "released"]
    assert any("goes on with the left one" in problem for problem in simulation.engine.told)
    first, second = evaluated(simulation)
    assert [flag.name for flag in first.flags] == [LOST]
    assert first.verdict == "repeat"
    assert first.parts["left"].verdict == "trusted"
    assert number(first.parts["left"].results, "mean_1s").value == pytest.approx(PEAK * SHARE, rel=0.2)
    assert all(result.value is None for result in first.parts["right"].results)
    assert not second.flags or LOST not in {flag.name for flag in second.flags}
    assert number(second.between, "onset_lag").value is not None
    assert len(session.connections) == 3
    assert check(simulation.engine.plan.path).verdict == "identical"
    again = dict(traces(read(simulation.engine.plan.path).story))
    for trial in simulation.engine.view.trials:
        for part in trial.parts:
            assert part.trace is not None
            assert part.side in ("left", "right")
            assert equal(part.trace, again[trial.trial][part.side])


def test_both_lost_in_a_trial_end_it(tmp_path: Path) -> None:
    dropped: list[int] = []

    def drop_once(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "relax" and not dropped:
            dropped.append(1)
            drop(simulation, RIGHT)
            drop(simulation, LEFT)

    simulation = Simulation(squeeze(tmp_path / "s.forcelab", trials=1), person=pusher(), on_cue=drop_once).run()
    session = state(read(simulation.engine.plan.path).story)
    assert [trial.stopped.why for trial in session.trials.values() if trial.stopped] == ["interrupted", "released"]
    assert check(simulation.engine.plan.path).verdict == "identical"


def test_a_sensor_that_is_lost_between_trials_is_waited_for(tmp_path: Path) -> None:
    dropped: list[int] = []
    phases: list[str] = []

    def drop_once(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "rest" and not dropped:
            dropped.append(1)
            drop(simulation, LEFT)

    simulation = Simulation(squeeze(tmp_path / "s.forcelab"), person=pusher(), on_cue=drop_once)
    simulation.engine.on_view = lambda view: phases.append(view.phase)
    simulation.run()
    assert "interrupted" in phases
    assert [trial.stopped for trial in simulation.engine.view.trials] == ["released", "released"]
    assert all(len(evaluation.parts) == 2 for evaluation in evaluated(simulation))
    assert check(simulation.engine.plan.path).verdict == "identical"


def test_limbs_in_turn_are_each_measured_with_their_own_sensor(tmp_path: Path) -> None:
    plan = squeeze(tmp_path / "s.forcelab", sides=("left", "right"), trials=1)
    simulation = Simulation(plan, person=pusher()).run()
    session = state(read(plan.path).story)
    roles = {connection.role: number for number, connection in session.connections.items()}
    assert [trial.started.roles for trial in session.trials.values()] == [
        {"left": roles["left"]},
        {"right": roles["right"]},
    ]
    left, right = (number(one.results, "mean_1s").value for one in evaluated(simulation))
    assert left == pytest.approx(SHARE * PEAK, rel=0.2)
    assert right == pytest.approx(PEAK, rel=0.2)
    assert check(plan.path).verdict == "identical"


def test_two_of_a_kind_are_not_taken_for_one(tmp_path: Path) -> None:
    from forcelab.engine import WantedSensor  # noqa: PLC0415 - only here any sensor will do

    plan = squeeze(tmp_path / "s.forcelab", sensors=(WantedSensor("left"), WantedSensor("right")), trials=1)
    Simulation(plan, person=pusher()).run()
    story = read(plan.path).story
    addresses = [record.address for record in story if isinstance(record, records.Connected)]
    assert sorted(addresses) == [LEFT, RIGHT]
