"""The window of a session: it looks at the engine up to sixty times a second and posts what a person wants.

It is never fed and never waits: no dialog, no copy and no painting of it can hold up the radio. Everything that it
shows comes from the frozen `View` and the ring; it keeps only what is its own: theme, text size, the chosen trial.
"""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from forcelab import flow
from forcelab.app.actions import ActionBar, ActionId
from forcelab.app.ask import AskBar
from forcelab.app.curve import SECONDS, LiveGraph
from forcelab.app.header import Header, ProblemBar
from forcelab.app.labels import Card, Text
from forcelab.app.menu import ViewButton
from forcelab.app.palette import LIGHT, Theme, dress, scaled_font
from forcelab.app.requests import Requests
from forcelab.app.results import ResultStrip, best_trial, summary_of, with_parts
from forcelab.app.save_as import SaveAs
from forcelab.app.source import EngineShape
from forcelab.app.stage import Stage
from forcelab.app.trial_card import TrialCard
from forcelab.app.trial_table import SideTable, leading_metrics
from forcelab.app.words import say
from forcelab.model import Side, TrialView, View

FRAME_MS = 16
"""Between two looks at the engine: the pace of an ordinary screen."""

ROW, COLUMN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom

ROOM_FOR_TABLES, ROOM_FOR_GRAPHS = 62, 44
"""Widths, in lines of text, below which tables or graphs stand under one another: large text on a small screen."""


class MainWindow(QMainWindow):
    """The one window.

    Args:
        engine: the running session.
        theme: the colours to begin with.
        host: the host's clock in s.
    """

    def __init__(
        self, engine: EngineShape, theme: Theme = LIGHT, host: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__()
        self.engine = engine
        self.theme = theme
        self.chosen: TrialView | None = None
        self._base_font = QApplication.font()
        self._view: View | None = None
        self._dismissed: tuple[str, ...] = ()
        self._note: tuple[str, bool] = ("", True)
        self._build(host)
        self.set_text_scale(1.0)
        self.setWindowTitle(say("title"))
        self.resize(QSize(1280, 800))
        self.timer = QTimer(self)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self.refresh)
        self.timer.start(FRAME_MS)
        self.refresh()

    # --- building ---

    def _build(self, host: Callable[[], float]) -> None:
        theme = self.theme
        self.header, self.problems, self.ask = Header(theme), ProblemBar(theme), AskBar()
        self.view_button = ViewButton(self)
        self.stage, self.graph, self.card = Stage(theme), LiveGraph(theme, host), TrialCard(theme)
        self.tables: dict[Side, SideTable] = {side: SideTable(side) for side in ("left", "right", "both")}
        self.results = ResultStrip(theme)
        self.actions_bar = ActionBar(self.do)
        self.saver = SaveAs(self)
        self.requests = Requests(self.engine, self.ask, self.saver)
        self.saver.told.connect(self._tell_note)
        self.problems.dismissed.connect(self._dismiss)
        for table in self.tables.values():
            table.chosen.connect(self._choose)

        head = QHBoxLayout()
        head.addWidget(self.header, 1)
        head.addWidget(self.view_button)
        self._middle, self._lower = middle, lower = QBoxLayout(ROW), QBoxLayout(ROW)
        middle.setSpacing(10)
        middle.addWidget(_framed(self.graph), 3)
        middle.addWidget(self.card, 2)
        lower.setSpacing(10)
        for table in self.tables.values():
            lower.addWidget(table, 5)
        lower.addWidget(self.results, 3)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.stage)
        column.addLayout(middle, 5)
        column.addLayout(lower, 1)
        self.graph.setMinimumWidth(320)
        self.card.setMinimumWidth(380)

        page = QWidget()
        page.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(12, 10, 12, 12)
        outer.setSpacing(10)
        outer.addLayout(head)
        outer.addWidget(self.problems)
        outer.addWidget(self.ask)
        outer.addWidget(_scrolling(body), 1)
        outer.addWidget(self.actions_bar)
        self.setCentralWidget(page)
        page.setFocus()  # not on a button: Space must mean "start" from the first moment

    # --- looking ---

    def refresh(self) -> None:
        """One look at the engine."""
        view = self.engine.view
        if view is not self._view:
            before, self._view = self._view, view
            self._show_view(view, before)
        self._show_problems(view)
        self.graph.feed_all({role: ring.last(SECONDS + 0.5) for role, ring in self.engine.rings.items()})

    def _show_view(self, view: View, before: View | None) -> None:
        self.header.show_view(view)
        self.stage.show_view(view)
        if before is None or view.assessment is not before.assessment:
            self._show_assessment(view)
        if before is None or not _same(view.trials, before.trials):
            self._show_trials(view, before)
        if before is not None and view.phase != before.phase:
            if view.phase == "effort":
                self.card.explain(view.assessment)
            elif view.phase == "ready":
                self.graph.rest()
        self.actions_bar.show_view(view, self.chosen)

    def _show_assessment(self, view: View) -> None:
        assessment = view.assessment
        self.graph.aim(assessment.target if assessment else None, assessment.start_at if assessment else None)
        self.card.explain(assessment)
        both = assessment is not None and assessment.sides == "both"
        for side, table in self.tables.items():
            table.setVisible((side == "both") == both)
        self.results.show_sides(both=both)

    def _show_trials(self, view: View, before: View | None) -> None:
        metrics, summary, trials = leading_metrics(view.assessment), summary_of(view), with_parts(view.trials)
        for side, table in self.tables.items():
            table.show_trials(trials, metrics, best_trial(trials, summary, side))
            if len(trials) > len(view.trials):
                table.show()
        self.results.show_summary(summary)
        new = len(view.trials) > (len(before.trials) if before else 0)
        if new:
            self._show_chosen(view.trials[-1], announce=True)
        elif self.chosen is not None:  # the same trial, judged or evaluated since
            number = self.chosen.trial
            self._show_chosen(next((trial for trial in view.trials if trial.trial == number), None))

    def _show_chosen(self, trial: TrialView | None, *, announce: bool = False) -> None:
        self.chosen = trial
        for table in self.tables.values():
            table.mark(trial.trial if trial else None)
        if trial is not None:
            self.card.show_trial(trial, announce=announce)

    def _choose(self, number: int) -> None:
        view = self.engine.view
        self._show_chosen(next((trial for trial in view.trials if trial.trial == number), None))
        self.actions_bar.show_view(view, self.chosen)

    def _show_problems(self, view: View) -> None:
        sentences = self._sentences(view)
        if sentences and sentences != self._dismissed:
            self.problems.tell(sentences, closable=not self.engine.failure)
        else:
            note, good = self._note
            self.problems.tell([note] if note else [], closable=True, good=good)
        if not sentences:
            self._dismissed = ()

    def _sentences(self, view: View) -> tuple[str, ...]:
        """What is wrong, each sentence once."""
        found = [self.engine.failure, view.problem, *(sensor.warning for sensor in view.sensors)]
        return tuple(dict.fromkeys(filter(None, found)))

    def _dismiss(self) -> None:
        view = self.engine.view
        if self._note[0] and not view.problem:
            self._note = ("", True)
        self._dismissed = self._sentences(view)
        self._show_problems(view)

    def _tell_note(self, note: str, good: bool) -> None:
        self._note = (note, good)
        self._show_problems(self.engine.view)

    # --- doing ---

    def do(self, action: ActionId) -> None:
        """What a person wants, by button or by key."""
        self.requests.do(action, self.engine.view, self.chosen)

    def ask_battery(self) -> None:
        """Ask the sensors for their battery."""
        self.engine.post(flow.AskBattery())

    def switch_off(self) -> None:
        """Switch the sensors off; they wake by their own button only."""
        self.engine.post(flow.Sleep())

    # --- looks ---

    def set_theme(self, theme: Theme) -> None:
        """Change the colours of everything."""
        self.theme = theme
        app = QApplication.instance()
        assert isinstance(app, QApplication), "a window needs its application"
        dress(app, theme)
        self._wear()

    def set_text_scale(self, scale: float) -> None:
        """Change the size of all text; 1 is 100 %."""
        QApplication.setFont(scaled_font(self._base_font, scale))
        self.set_theme(self.theme)  # Qt measures a style sheet again only when it is set again

    def _wear(self) -> None:
        for text in self.findChildren(Text):
            text.fit()
        for part in (self.header, self.problems, self.stage, self.graph, self.card, self.results, self.actions_bar):
            part.wear(self.theme)
        for table in self.tables.values():
            table.wear(self.theme)
        self._arrange()

    def _arrange(self) -> None:
        room = self.width() / QFontMetrics(QApplication.font()).lineSpacing()
        self._lower.setDirection(ROW if room >= ROOM_FOR_TABLES else COLUMN)
        self.header.stack(ROW if room >= ROOM_FOR_GRAPHS else COLUMN)
        self._middle.setDirection(ROW if room >= ROOM_FOR_GRAPHS else COLUMN)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put things side by side only where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def screenshot(self, path: Path) -> bool:
        """Write a picture of the window as it is; whether that succeeded."""
        self.refresh()
        return self.grab().save(str(path))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Closing the window ends the session in order; what was recorded is in the file already."""
        self.timer.stop()
        if self.engine.view.phase != "done":
            self.engine.post(flow.EndSession())
        super().closeEvent(event)


def _same(some: tuple[TrialView, ...], others: tuple[TrialView, ...]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))


def _framed(graph: LiveGraph) -> Card:
    card = Card()
    column = QVBoxLayout(card)
    column.setContentsMargins(8, 6, 8, 6)
    column.addWidget(graph)
    return card


def _scrolling(body: QWidget) -> QScrollArea:
    """A small screen with large text scrolls; nothing is squeezed until it cannot be read."""
    area = QScrollArea()
    area.setWidget(body)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
