"""What a person is told while a session runs, and what they can do about it."""

from pathlib import Path

import pytest

from forcelab.engine.sensor import Sensor
from forcelab.engine.session import UNUSABLE
from tests.engine.sessions import Simulation, plan

ONE = {"sides": ("left",), "trials": 1}


def test_a_sensor_that_brings_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sensor, "brings_nothing", property(lambda _sensor: True))
    assert Simulation(plan(tmp_path / "s.forcelab", **ONE)).run().engine.view.problem == UNUSABLE
