"""The zero of a session: from the right sensor, in the right run, at the right time, and told when it is doubtful."""

import math
from pathlib import Path

import pytest

from forcelab import flow
from forcelab.assemble import traces
from forcelab.check import check
from forcelab.engine import WantedSensor
from forcelab.engine.sensor import STILL
from forcelab.journal import read, records, state
from tests.engine.sessions import Simulation, Untared, plan

ONE = {"sides": ("left",), "trials": 1}
TWO = {"sides": ("left",), "trials": 2}


def zeros(simulation: Simulation) -> list[records.Zeroed]:
    return [one for one in read(simulation.engine.plan.path).story if isinstance(one, records.Zeroed)]


class Load:
    """A weight that hangs beside the person in the strap, N."""

    def __init__(self, newtons: float) -> None:
        self.newtons = newtons
        self.simulation: Simulation | None = None

    def __call__(self, seconds: float) -> float:
        assert self.simulation is not None
        return self.newtons + self.simulation.person.curve(seconds)

    def at(self, simulation: Simulation) -> Simulation:
        self.simulation = simulation
        return simulation


def test_a_zero_again_is_read_again(tmp_path: Path) -> None:
    load = Load(0.0)

    def change(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "rest" and not load.newtons:
            load.newtons = 20.0
            simulation.engine.post(flow.Zero())

    simulation = load.at(Simulation(plan(tmp_path / "s.forcelab", **TWO), curve=load, on_cue=change)).run()
    first, second = zeros(simulation)
    assert first.mean == pytest.approx(0.0, abs=0.1)
    assert second.mean == pytest.approx(20.0, abs=0.1)
    one, two = simulation.engine.view.trials
    assert one.trace is not None
    assert two.trace is not None
    assert one.trace.zero == first.mean
    assert two.trace.zero == pytest.approx(20.0, abs=0.1)
    assert [trial.trace.zero_before for trial in (one, two) if trial.trace] == [None, first.mean]
    drifts = [[f.value for f in t.evaluation.flags if f.name == "ZERO_DRIFT"] for t in (one, two) if t.evaluation]
    assert drifts == [[], [second.mean - first.mean]]
    again = dict(traces(read(simulation.engine.plan.path).story))
    assert again[2]["left"].zero_before == first.mean, "the file tells it as the session did"
    assert check(simulation.engine.plan.path).verdict == "identical"


def test_a_zero_read_twice_before_a_trial_is_no_drift(tmp_path: Path) -> None:
    load = Load(10.0)

    def change(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "ready" and load.newtons:
            load.newtons = 0.0
            simulation.engine.post(flow.Zero())

    simulation = load.at(Simulation(plan(tmp_path / "s.forcelab", **TWO), curve=load, on_cue=change)).run()
    assert len(zeros(simulation)) == 2
    one, two = simulation.engine.view.trials
    assert one.trace is not None
    assert two.trace is not None
    assert (one.trace.zero_before, two.trace.zero_before) == (None, one.trace.zero)


def test_what_hung_there_before_the_zero_was_asked_for_is_not_read(tmp_path: Path) -> None:
    load = Load(0.0)

    def unload_on_the_cue(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "rest" and load.newtons == 0.0:
            load.newtons = 20.0
        elif cue.word == "ready" and load.newtons == 20.0 and len(simulation.cues) < 8:
            simulation.engine.post(flow.Zero())
        elif cue.word == "zero":
            load.newtons = 1.0 if load.newtons else 0.0

    path = tmp_path / "s.forcelab"
    simulation = load.at(Simulation(plan(path, **TWO), curve=load, on_cue=unload_on_the_cue)).run()
    assert [zero.mean for zero in zeros(simulation)] == pytest.approx([0.0, 1.0], abs=0.01)


def test_a_moving_sensor_is_waited_for_and_told(tmp_path: Path) -> None:
    def swinging(seconds: float) -> float:
        if seconds < 12.0:
            return 4.0 * math.sin(2 * math.pi * 2.0 * seconds)  # SD 2.8 N
        return 200.0 if 18.0 < seconds < 22.0 else 0.0

    simulation = Simulation(plan(tmp_path / "s.forcelab", **ONE), curve=swinging).run()
    (zero,) = zeros(simulation)
    assert zero.sd <= STILL
    assert zero.mean == pytest.approx(0.0, abs=4.5)
    assert any("not still" in problem for problem in simulation.engine.told)
    assert simulation.engine.view.problem == ""


def test_a_sensor_that_takes_no_notice_of_a_tare_is_told_and_its_load_taken_off(tmp_path: Path) -> None:
    load = Load(20.0)
    simulation = Simulation(plan(tmp_path / "s.forcelab", **ONE), curve=load, puppet=Untared())
    load.at(simulation).run()
    (zero,) = zeros(simulation)
    assert zero.mean == pytest.approx(20.0, abs=0.01)
    assert simulation.engine.view.problem.startswith("The sensor shows 20 N although it was told to take its zero")
    started = next(one for one in read(simulation.engine.plan.path).story if isinstance(one, records.Sent))
    assert zero.host_ns - started.host_ns > 4e9, "it is waited for, in case the load comes off"
    _, force = simulation.engine.ring.last(60.0)
    (trial,) = simulation.engine.view.trials
    assert trial.trace is not None
    assert max(force) == pytest.approx(max(trial.trace.force) - 20.0, abs=0.01)


def test_a_load_that_comes_off_in_time_is_not_told(tmp_path: Path) -> None:
    def lifted(seconds: float) -> float:
        if seconds < 3.1:
            return 20.0
        return 200.0 if 9.0 < seconds < 13.0 else 0.0

    simulation = Simulation(plan(tmp_path / "s.forcelab", **ONE), curve=lifted, puppet=Untared()).run()
    assert [zero.mean for zero in zeros(simulation)] == [0.0]
    assert simulation.engine.told <= {""}


def test_zero_pressed_under_a_load_takes_it_as_meant(tmp_path: Path) -> None:
    load = Load(20.0)

    def press(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "ready" and simulation.cues.count(flow.Cue("zero")) == 1:
            simulation.engine.post(flow.Zero())

    simulation = Simulation(plan(tmp_path / "s.forcelab", **ONE), curve=load, puppet=Untared(), on_cue=press)
    load.at(simulation).run()
    assert len(zeros(simulation)) == 2
    assert simulation.engine.view.problem == ""


def test_no_zero_is_read_from_a_connection_that_has_ended(tmp_path: Path) -> None:
    def drop(simulation: Simulation, cue: flow.Cue) -> None:
        cues = simulation.cues.count(flow.Cue("zero"))
        if cue.word == "ready" and cues == 1:
            simulation.engine.post(flow.Zero())
        if cue.word == "zero" and cues == 2:
            assert simulation.radio is not None
            simulation.radio.drop("SIMULATED", away=6.0)

    simulation = Simulation(plan(tmp_path / "s.forcelab", **ONE), on_cue=drop).run()
    gone: set[int] = set()
    for record in read(simulation.engine.plan.path).story:
        if isinstance(record, records.Disconnected):
            gone.add(record.connection)
        if isinstance(record, records.Zeroed):
            assert record.connection not in gone
    assert [zero.connection for zero in zeros(simulation)] == [1, 2]
    assert simulation.engine.told <= {""}
    assert state(read(simulation.engine.plan.path).story).connections.keys() == {1, 2}


@pytest.mark.parametrize("roles", [(), ("left", "left"), ("left", "total"), ("left", "right", "total")])
def test_a_session_takes_one_sensor_or_a_left_and_a_right_one(tmp_path: Path, roles: tuple[str, ...]) -> None:
    sensors = tuple(WantedSensor(role) for role in roles)  # type: ignore[arg-type] # both are roles
    with pytest.raises(ValueError, match="one sensor, or a left and a right one"):
        plan(tmp_path / "s.forcelab", sides=("both",), sensors=sensors)
