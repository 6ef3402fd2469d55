"""What a person is told while a session runs, and what they can do about it."""

import math
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from firmware_protocols.progressor import ProgressorPuppet
from forcelab import flow
from forcelab.acquisition.link import Found, RadioError
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.engine import Engine
from forcelab.engine.sensor import Sensor
from forcelab.engine.session import UNUSABLE
from forcelab.journal import JournalWriter, read, records
from forcelab.model import View
from tests.engine.sessions import Simulation, plan

ONE = {"sides": ("left",), "trials": 1}


def test_a_sensor_that_brings_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sensor, "brings_nothing", property(lambda _sensor: True))
    assert Simulation(plan(tmp_path / "s.forcelab", **ONE)).run().engine.view.problem == UNUSABLE


def test_a_disk_that_refuses_is_told_before_everything_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sensor, "brings_nothing", property(lambda _sensor: True))
    monkeypatch.setattr(JournalWriter, "failure", property(lambda _writer: "The disk is full."))
    assert Simulation(plan(tmp_path / "s.forcelab", **ONE)).run().engine.view.problem == "The disk is full."


def test_a_battery_that_is_nearly_empty_is_told(tmp_path: Path) -> None:
    simulation = Simulation(plan(tmp_path / "s.forcelab", **ONE), puppet=ProgressorPuppet(battery_mv=2700)).run()
    (sensor,) = simulation.engine.view.sensors
    assert "battery is low" in sensor.warning
    assert sensor.battery == "2.70 V"


def test_who_watches_can_try_again_after_a_refusal_by_the_system(tmp_path: Path) -> None:
    refusal = "The system does not let you use Bluetooth."
    simulation = Simulation(plan(tmp_path / "s.forcelab", **ONE, waits_at_end=True))

    def follow(view: View) -> None:
        assert simulation.radio is not None
        if view.phase == "connecting" and not simulation.engine.told - {""}:
            simulation.radio.failure = RadioError(refusal, retry=False)
        if view.problem == refusal and simulation.radio.failure is not None:
            simulation.radio.failure = None
            simulation.engine.post(flow.Go())
        if view.phase == "review":
            simulation.engine.post(flow.EndSession())

    simulation.engine.on_view = follow
    simulation.run()
    assert refusal in simulation.engine.told
    assert simulation.engine.view.problem == ""
    assert [trial.stopped for trial in simulation.engine.view.trials] == ["released"]


def test_who_asks_for_the_battery_again_and_again_breaks_nothing(tmp_path: Path) -> None:
    def ask(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "zero":
            for _ in range(100):
                simulation.engine.post(flow.AskBattery())

    simulation = Simulation(plan(tmp_path / "s.forcelab", **ONE), on_cue=ask).run()
    assert len(simulation.engine.view.trials) == 1


def test_a_sensor_is_switched_off_when_somebody_asks_for_it(tmp_path: Path) -> None:
    def sleep(simulation: Simulation, cue: flow.Cue) -> None:
        if cue.word == "rest":
            simulation.engine.post(flow.Sleep())

    simulation = Simulation(plan(tmp_path / "s.forcelab"), on_cue=sleep)

    def follow(view: View) -> None:
        if view.phase == "interrupted":
            simulation.engine.post(flow.EndSession())

    simulation.engine.on_view = follow
    simulation.run()
    story = read(simulation.engine.plan.path).story
    assert [record.hex for record in story if isinstance(record, records.Sent)][-2:] == ["66", "6e"]
    assert [record.why for record in story if isinstance(record, records.Disconnected)] == [
        "The sensor switched itself off."
    ]


def test_what_is_asked_before_the_start_is_done_and_after_the_end_passed_over(tmp_path: Path) -> None:
    simulation = Simulation(plan(tmp_path / "s.forcelab", **ONE))
    simulation.engine.post(flow.EndSession())
    simulation.run()
    assert not simulation.engine.view.trials
    simulation.engine.post(flow.Go())
    assert simulation.engine.view.phase == "done"


def test_a_refusal_by_the_system_ends_a_session_that_nobody_watches(tmp_path: Path) -> None:
    class Refused(SimulatedRadio):
        async def find(self) -> AsyncIterator[Found]:
            raise RadioError("The system does not let you use Bluetooth.", retry=False)
            yield

    engine = Engine(plan(tmp_path / "s.forcelab"), lambda now: Refused({}, now=now), speed=math.inf)
    engine.start()
    assert engine.join(60.0)
    assert not engine.failure
    assert engine.view.problem == "The system does not let you use Bluetooth."
    assert read(engine.plan.path).closed
