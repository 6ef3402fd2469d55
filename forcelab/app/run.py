"""Makes the Qt application and runs it. Knows no session: the engine comes in started."""

import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from forcelab.app.choice import Choice, Offer
from forcelab.app.palette import DARK, LIGHT, Theme, dress, scaled_font
from forcelab.app.source import EngineShape
from forcelab.app.start import StartPage
from forcelab.app.window import MainWindow

log = logging.getLogger(__name__)

LOOK_MS = 50
"""How often is it looked whether the session is over, when a picture is wanted."""


def application() -> QApplication:
    """The one application of the process, in the style that both themes are made for."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
        app.setApplicationName("forcelab")
        app.setStyle("Fusion")
    return app


def _theme(app: QApplication) -> Theme:
    return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def ask(offer: Offer) -> Choice | None:
    """See `forcelab.app.choose`."""
    app = application()
    app.setFont(scaled_font(app.font(), 1.0))
    dress(app, _theme(app))
    page = StartPage(offer, _theme(app))
    page.exec()
    return page.choice


def run(
    engine: EngineShape,
    *,
    on_ready: Callable[[MainWindow], None] | None = None,
    screenshot: Path | None = None,
) -> int:
    """See `forcelab.app.main`."""
    app = application()
    window = MainWindow(engine, _theme(app))
    window.show()
    # Python hears Ctrl+C only between two of its own steps; the window's timer gives it sixty a second.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    taken: list[bool] = []
    if screenshot is not None:
        timer = QTimer(window)
        timer.timeout.connect(lambda: _picture_at_end(engine, window, screenshot, taken))
        timer.start(LOOK_MS)
    if on_ready is not None:
        on_ready(window)
    code = app.exec()
    return code if screenshot is None or any(taken) else 1


def _picture_at_end(engine: EngineShape, window: MainWindow, path: Path, taken: list[bool]) -> None:
    if engine.view.phase == "done" or engine.failure:
        taken.append(window.screenshot(path))
        window.close()
