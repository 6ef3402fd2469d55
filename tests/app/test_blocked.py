"""The radio never waits for the painter: the engine goes on while the window is held up, and the window catches up."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from firmware_protocols import CODECS
from forcelab import assessments, flow
from forcelab.acquisition.person import Person
from forcelab.acquisition.ring import Ring
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.app.window import MainWindow
from forcelab.engine import Engine, SessionPlan, WantedSensor

NOTIFICATIONS = 30


class CountingRing(Ring):
    """A ring that tells when another so many notifications have come in since it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.enough = threading.Event()
        self._left = 0

    def expect(self, notifications: int) -> None:
        self.enough.clear()
        self._left = notifications

    def add(self, t: Sequence[float], force: Sequence[float]) -> None:
        super().add(t, force)
        self._left -= 1
        if self._left == 0:
            self.enough.set()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    assessment, text = assessments.available()["abd_supine_long"]
    plan = SessionPlan(
        participant="P-1",
        assessment=assessment,
        text=text,
        sides=("left",),
        trials=1,
        sensors=(WantedSensor("total"),),
        path=tmp_path / "session.forcelab",
    )
    person = Person(seed=1)
    engine = Engine(
        plan,
        lambda now: SimulatedRadio({"A": (CODECS["progressor"].puppet(), person.curve)}, now=now, seed=1),
        speed=4.0,
    )
    engine.rings["total"] = CountingRing()
    return engine


def test_the_engine_hears_its_sensor_while_the_window_is_held_up(qtbot: QtBot, engine: Engine) -> None:
    ring = engine.ring
    assert isinstance(ring, CountingRing)
    engine.start()
    window = MainWindow(engine)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.graph.curve.x.size > 0, timeout=20_000)
    before = ring.last(60.0)[0].size
    heard: list[bool] = []

    def hold_up() -> None:
        ring.expect(NOTIFICATIONS)
        heard.append(ring.enough.wait(30.0))

    QTimer.singleShot(0, hold_up)
    qtbot.waitUntil(lambda: bool(heard), timeout=40_000)
    assert heard == [True]
    assert ring.last(60.0)[0].size > before
    drawn = window.graph.curve.x
    qtbot.waitUntil(lambda: window.graph.curve.x is not drawn, timeout=20_000)  # and the window catches up
    engine.post(flow.EndSession())
    qtbot.waitUntil(lambda: window.engine.view.phase == "done", timeout=20_000)
    window.close()
    assert engine.join(20.0)
    assert engine.failure == ""
