"""A window on a session that stands still: it is refreshed by hand, so no test depends on a timer."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forcelab.app.window import MainWindow
from tests.app.fakes import FakeEngine

Open = Callable[[FakeEngine], MainWindow]


class Clock:
    """The host's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, clock: Clock) -> Iterator[Open]:
    qapp.setStyle("Fusion")
    font = qapp.font()
    opened: list[MainWindow] = []

    def open_it(engine: FakeEngine) -> MainWindow:
        window = MainWindow(engine, host=clock)
        window.timer.stop()
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        opened.append(window)
        return window

    yield open_it
    for window in opened:
        window.close()
    qapp.setFont(font)
    qapp.setStyleSheet("")
