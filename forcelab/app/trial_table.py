"""The trials of one side as a table: number, the two leading numbers of the test, verdict, doubts in words.

What was left out stays in its place, struck through and called so; the best is called best. Shows stored numbers only.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout

from forcelab.app.labels import Card, Text, in_unit
from forcelab.app.palette import Theme
from forcelab.app.trial_card import LEADING, VERDICTS
from forcelab.app.uncertainty import marked, tip
from forcelab.app.words import flag_words, metric_words, say
from forcelab.model import Assessment, Result, Side, TrialView


def leading_metrics(assessment: Assessment | None, count: int = 2) -> tuple[str, ...]:
    """The metrics that stand in the table: those everybody asks for first, else the first of the test."""
    if assessment is None:
        return LEADING[:count]
    first = [metric for metric in LEADING if metric in assessment.metrics]
    return tuple(dict.fromkeys([*first, *assessment.metrics]))[:count]


def result_of(trial: TrialView, metric: str) -> Result | None:
    """A trial's result for a metric, if it was computed."""
    results = trial.evaluation.results if trial.evaluation else ()
    return next((result for result in results if result.metric == metric), None)


def cells(trial: TrialView, metrics: Sequence[str], *, best: bool) -> list[str]:
    """The words of one row."""
    label = say("practice_short") if trial.practice else str(trial.number)
    numbers = []
    for metric in metrics:
        result = result_of(trial, metric)
        if result is None:
            numbers.append(say("no_value"))
        elif result.value is None:
            numbers.append(say("withheld"))
        else:
            numbers.append(marked(result, in_unit(result.value, result.unit)))
    if best:
        label = f"{label} · {say('best')}"
    verdict = say(f"{VERDICTS[trial.evaluation.verdict][0]}_short") if trial.evaluation else say("no_value")
    if trial.excluded:
        verdict = say("excluded")
    flags = [flag_words(flag.name) for flag in trial.evaluation.flags if flag.assessed] if trial.evaluation else []
    return [label, *numbers, verdict, ", ".join(flags) or say("flag_none")]


class SideTable(Card):
    """Heading and table of one side."""

    chosen = Signal(int)
    """Number in the session of the trial that a person has picked."""

    def __init__(self, side: Side) -> None:
        super().__init__()
        self.side: Side = side
        self._trials: tuple[TrialView, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        self.heading = Text(say(f"heading_{side}"), 1.1, bold=True)
        self.table = _Table()
        self.table.setAccessibleName(say("table_name", side=say(f"heading_{side}")))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(True)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.itemSelectionChanged.connect(self._pick)
        column.addWidget(self.heading)
        column.addWidget(self.table, 1)

    def show_trials(self, trials: Sequence[TrialView], metrics: Sequence[str], best: TrialView | None) -> None:
        """Fill the table with the trials of this side."""
        mine = tuple(trial for trial in trials if trial.side == self.side)
        table = self.table
        table.blockSignals(True)
        table.setColumnCount(3 + len(metrics))
        table.setRowCount(len(mine))
        table.setHorizontalHeaderLabels(
            [
                say("column_trial"),
                *(f"{metric_words(metric)}\n({_unit(mine, metric)})" for metric in metrics),
                say("column_verdict"),
                say("column_flags"),
            ]
        )
        for row, trial in enumerate(mine):
            for column, words in enumerate(cells(trial, metrics, best=trial is best)):
                item = QTableWidgetItem(words)
                font = item.font()
                font.setStrikeOut(trial.excluded and column in range(1, 1 + len(metrics)))
                font.setBold(trial is best)
                item.setFont(font)
                if column in range(1, 1 + len(metrics)) and (result := result_of(trial, metrics[column - 1])):
                    item.setToolTip(tip(result))
                table.setItem(row, column, item)
        self._trials = mine
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(table.columnCount() - 1, QHeaderView.ResizeMode.Stretch)
        table.resizeRowsToContents()
        table.scrollToBottom()
        table.blockSignals(False)

    def mark(self, trial: int | None) -> None:
        """Select the row of a trial by its number in the session, or none."""
        self.table.blockSignals(True)
        self.table.clearSelection()
        for row, shown in enumerate(self._trials):
            if shown.trial == trial:
                self.table.selectRow(row)
        self.table.blockSignals(False)

    def wear(self, theme: Theme) -> None:
        """Take the colours and text size of a theme."""
        self.heading.paint_in(theme.text)
        self.table.resizeRowsToContents()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Rows grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.table.resizeRowsToContents()

    def _pick(self) -> None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        for row in rows:
            self.chosen.emit(self._trials[row].trial)


class _Table(QTableWidget):
    """A table that is content with four rows."""

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Header and four rows."""
        return QSize(200, 8 * self.fontMetrics().lineSpacing() + 24)


def _unit(trials: Sequence[TrialView], metric: str) -> str:
    for trial in trials:
        result = result_of(trial, metric)
        if result is not None:
            return result.unit
    return "N/s" if "rfd" in metric else "N·s" if metric.startswith("impulse") else "N"
