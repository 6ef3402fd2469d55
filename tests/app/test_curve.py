import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from forcelab.app.curve import PATIENCE, SECONDS, LiveClock, LiveGraph
from forcelab.app.palette import DARK, LIGHT, Theme
from forcelab.app.plotting import offsets
from tests.app.conftest import Clock


def open_graph(qtbot: QtBot, theme: Theme = LIGHT) -> LiveGraph:
    graph = LiveGraph(theme, Clock())
    qtbot.addWidget(graph)
    graph.resize(900, 420)
    with qtbot.waitExposed(graph):
        graph.show()
    return graph


def ink(graph: LiveGraph, colour: str) -> np.ndarray:
    """Which pixels of the graph have this colour, [y, x]."""
    image = graph.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return np.asarray((pixels & 0xFFFFFF) == (QColor(colour).rgb() & 0xFFFFFF))


def at(graph: LiveGraph, ago: float, force: float) -> tuple[float, float]:
    """Pixel of a point of the graph."""
    point = graph.getViewBox().mapViewToScene(QPointF(-ago, force))
    return point.x(), point.y()


@pytest.mark.parametrize("rate", [80, 1000])
def test_the_line_lies_where_the_force_is(qtbot: QtBot, rate: int) -> None:
    graph = open_graph(qtbot)
    t = np.arange(0, 10, 1 / rate)
    graph.feed(t, 200 + 150 * np.sin(t))
    drawn = ink(graph, LIGHT.curve)
    ago = np.linspace(0.5, 9.5, 4000)
    wanted = np.array([at(graph, float(x), float(200 + 150 * np.sin(t[-1] - x))) for x in ago])
    rows, columns = np.nonzero(drawn)
    inside = (columns > wanted[:, 0].min()) & (columns < wanted[:, 0].max())
    pixels = np.column_stack((columns[inside], rows[inside])) + 0.5
    apart = np.hypot(*(pixels[:, None, :] - wanted[None, ::4, :]).transpose(2, 0, 1))
    assert apart.min(axis=1).max() <= 1.5, "a pixel that is no force"
    assert apart.min(axis=0).max() <= 1.5, "a force that has no pixel"


def test_one_sample_of_a_thousand_a_second_is_seen_at_its_full_height(qtbot: QtBot) -> None:
    graph = open_graph(qtbot)
    t = np.arange(0, 10, 1 / 1000)
    force = np.full(t.size, 20.0)
    force[4321] = 380.0
    graph.feed(t, force)
    drawn = ink(graph, LIGHT.curve)
    x, y = at(graph, float(t[-1] - t[4321]), 380.0)
    near = drawn[:, round(x) - 2 : round(x) + 3].any(axis=1)
    assert abs(np.flatnonzero(near)[0] - y) <= 1.5


def test_the_line_is_two_pixels_wide_and_drawn_without_a_wide_pen() -> None:
    assert sorted(offsets(1.0)) == [(-0.5, -0.5), (-0.5, 0.5), (0.5, -0.5), (0.5, 0.5)]
    assert len(offsets(2.0)) == 9


def test_axis_stands_still_while_the_curve_moves(qtbot: QtBot) -> None:
    graph = open_graph(qtbot)
    t = np.arange(0, 30, 1 / 80)
    for last in (900, 950, 1000):
        graph.feed(t[:last], np.full(last, 80.0))
        (left, right), _ = graph.getViewBox().viewRange()
        assert (left, right) == (-SECONDS, 0.0)


def test_force_axis_grows_in_steps_and_stays(qtbot: QtBot) -> None:
    graph = open_graph(qtbot)
    tops: list[float] = []
    for force in (10.0, 90.0, 130.0, 140.0, 20.0):
        t = np.array([0.0, 0.1]) + len(tops)
        graph.feed(t, np.full(2, force))
        tops.append(graph.getViewBox().viewRange()[1][1])
    assert tops == [100, 100, 150, 150, 150]


def test_force_below_zero_is_shown(qtbot: QtBot) -> None:
    graph = open_graph(qtbot)
    graph.feed(np.array([0.0, 0.1]), np.array([-40.0, -40.0]))
    assert graph.getViewBox().viewRange()[1][0] <= -40


def test_target_band_lies_between_its_forces(qtbot: QtBot) -> None:
    graph = open_graph(qtbot, DARK)
    graph.aim((100.0, 150.0), None)
    band = ink(graph, DARK.band)
    x, high = at(graph, 5.3, 150.0)
    _, low = at(graph, 5.3, 100.0)
    rows = np.flatnonzero(band[:, round(x)])
    assert abs(rows[0] - high) <= 2.5
    assert abs(rows[-1] - low) <= 2.5


def test_nothing_new_is_not_drawn_again(qtbot: QtBot) -> None:
    graph = open_graph(qtbot)
    t, force = np.arange(0, 1, 1 / 80), np.zeros(80)
    assert graph.feed(t, force)
    assert not graph.feed(t, force)
    assert not graph.feed(np.empty(0), np.empty(0))


def test_the_right_edge_runs_between_packets_and_waits_for_a_silent_sensor() -> None:
    host = Clock()
    clock = LiveClock(host)
    assert clock.now(10.0) == 10.0
    host.now += 0.05
    assert clock.now(10.0) == pytest.approx(10.05)
    host.now += 0.05
    assert clock.now(10.1) == pytest.approx(10.1)
    host.now += 60.0
    assert clock.now(10.1) == pytest.approx(10.1 + PATIENCE)
    host.now += 0.01
    assert clock.now(0.0) == pytest.approx(PATIENCE)  # started anew: time begins again


def test_a_second_sensor_has_a_line_of_its_own_and_both_bear_their_names(qtbot: QtBot) -> None:
    graph = open_graph(qtbot)
    t = np.arange(0, 10, 1 / 80)
    graph.feed_all({"left": (t, np.full(t.size, 200.0)), "right": (t, np.full(t.size, 120.0))})
    for colour, force in ((LIGHT.curve, 200.0), (LIGHT.other_curve, 120.0)):
        drawn = ink(graph, colour)
        x, y = at(graph, 5.0, force)
        assert drawn[round(y) - 2 : round(y) + 3, round(x)].any()
    assert (graph.curve.name, graph.other.name) == ("left side", "right side")
    graph.feed_all({"total": (t + 1.0, np.full(t.size, 200.0))})
    assert graph.curve.name == ""
