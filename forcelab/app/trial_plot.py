"""The recorded force of one trial with onset, peak and RFD windows marked: the whole of it, and its rise enlarged.

Draws recorded samples and stored numbers; computes none. Knows no engine.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from forcelab.app.labels import in_unit, number, text_font
from forcelab.app.outline import nice_top, outline, tick_step
from forcelab.app.palette import Theme
from forcelab.app.plotting import Layer, Plot, draw_line
from forcelab.app.words import say
from forcelab.model import Array, Effort, Evaluation, Trace

RISE = (-0.1, 0.4)
"""What the enlarged rise shows, s after onset: the longest RFD window is 250 ms."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A trial ready to be drawn: x in s (after onset if there is one), y in N (net if there is an effort).

    `windows` are the ends, in s after onset, of the RFD windows for which there is a number.
    """

    x: Array
    y: Array
    effort: Effort | None
    windows: tuple[float, ...]

    @property
    def top(self) -> float:
        """The end of the force axis, N, with room for the peak's label."""
        return nice_top(1.15 * max(50.0, float(self.y.max(initial=0.0))))


def picture(trace: Trace, evaluation: Evaluation | None) -> Picture:
    """What is to be drawn of a recording: time after onset and force above baseline."""
    effort = evaluation.effort if evaluation else None
    if effort is None:
        start = trace.t[0] if trace.t.size else 0.0
        return Picture(trace.t - start, trace.force - (trace.zero or 0.0), None, ())
    ends = []
    for result in evaluation.results if evaluation else ():
        parts = result.metric.split("_")
        if parts[:2] == ["rfd", "0"] and len(parts) == 3 and parts[2].isdigit() and result.value is not None:
            ends.append(int(parts[2]) / 1000)
    return Picture(trace.t - effort.onset, trace.force - effort.baseline.mean, effort, tuple(sorted(ends)))


class Marks(Layer):
    """Shade, curve, onset, windows and peak of a picture."""

    def __init__(self, plot: "TrialPlot") -> None:
        super().__init__(plot)
        self.picture: Picture | None = None
        self.enlarged = plot.enlarged

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """Paint them in this order."""
        shown = self.picture
        if shown is None:
            return
        area = transform.mapRect(self.plot_widget.visible())
        painter.setFont(text_font(0.85))
        if shown.effort is not None and shown.windows:
            self._shade(painter, transform, area, shown)
        column = abs(1 / transform.m11()) if transform.m11() else 0.0
        x, y = outline(shown.x, shown.y, column)
        if x.size > 1:
            draw_line(painter, transform, x, y, QColor(self.plot_widget.theme.curve))
        if shown.effort is not None:
            self._onset(painter, transform, area)
            if self.enlarged:
                self._chords(painter, transform, area, shown)
            else:
                self._peak(painter, transform, area, shown.effort)

    def _shade(self, painter: QPainter, transform: QTransform, area: QRectF, shown: Picture) -> None:
        left, right = (transform.map(QPointF(x, 0)).x() for x in (0.0, shown.windows[-1]))
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()), QColor(self.plot_widget.theme.shade))

    def _onset(self, painter: QPainter, transform: QTransform, area: QRectF) -> None:
        theme = self.plot_widget.theme
        x = round(transform.map(QPointF(0, 0)).x())
        painter.setPen(QPen(QColor(theme.onset), 0))
        for shift in (0, 1):
            painter.drawLine(QPointF(x + shift, area.top()), QPointF(x + shift, area.bottom()))
        # To the left of its line, where the quiet phase leaves room; the peak may stand close by on the right.
        width = painter.fontMetrics().horizontalAdvance(say("onset"))
        left = x - width - 6 if x - width - 6 > area.left() else x + 6
        _write(painter, area, QPointF(left, area.top() + 2), say("onset"), theme.text)

    def _chords(self, painter: QPainter, transform: QTransform, area: QRectF, shown: Picture) -> None:
        """From onset to the end of each window: the slope of the chord is the RFD."""
        theme = self.plot_widget.theme
        start = transform.map(QPointF(0.0, float(np.interp(0.0, shown.x, shown.y))))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not shown.windows:
            return
        for end in shown.windows:
            stop = transform.map(QPointF(end, float(np.interp(end, shown.x, shown.y))))
            painter.setPen(QPen(QColor(theme.text), 0, Qt.PenStyle.DashLine))
            painter.drawLine(start, stop)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.text))
            painter.drawEllipse(stop, 3.0, 3.0)
        foot = transform.map(QPointF(RISE[1], 0.0)) - QPointF(0, painter.fontMetrics().height() + 4)
        _write(painter, area, foot, say("window", window=f"0–{number(1000 * shown.windows[-1])}"), theme.text)

    def _peak(self, painter: QPainter, transform: QTransform, area: QRectF, effort: Effort) -> None:
        theme = self.plot_widget.theme
        top = transform.map(QPointF(effort.peak_at - effort.onset, effort.peak))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.card), 1))
        painter.setBrush(QColor(theme.peak))
        painter.drawEllipse(top, 5.0, 5.0)
        height = painter.fontMetrics().height()
        _write(
            painter,
            area,
            QPointF(top.x() + 8, top.y() - height - 4),
            say("peak_mark", value=in_unit(effort.peak, "N")),
            theme.text,
        )


def _write(painter: QPainter, area: QRectF, at: QPointF, words: str, colour: str) -> None:
    """Words at a point, moved left or down as far as it takes to stay inside the area."""
    metrics = painter.fontMetrics()
    x = min(at.x(), area.right() - metrics.horizontalAdvance(words) - 4)
    y = max(at.y(), area.top() + 2)
    painter.setPen(QColor(colour))
    painter.drawText(QPointF(x, y + metrics.ascent()), words)


class TrialPlot(Plot):
    """One recorded trial; `enlarged` shows its first 0.4 s only."""

    def __init__(self, theme: Theme, *, enlarged: bool) -> None:
        self.enlarged = enlarged
        super().__init__(theme, x_label=say("axis_onset"), y_label="" if enlarged else say("axis_force"))
        self.marks = Marks(self)
        self.addItem(self.marks, ignoreBounds=True)

    def show_picture(self, shown: Picture | None) -> None:
        """Draw a trial, or nothing."""
        self.marks.picture = shown
        if shown is not None and shown.x.size:
            bottom = min(-0.06 * shown.top, float(shown.y.min()))
            left, right = RISE if self.enlarged else (float(shown.x[0]), float(shown.x[-1]))
            self.frame((left, max(right, left + 0.1)), (bottom, shown.top))
            self._mark(left, right, bottom, shown.top)
        self.marks.update()

    def _mark(self, left: float, right: float, bottom: float, top: float) -> None:
        wanted = max(2, round(self.width() / 90))
        step_x = 0.1 if self.enlarged else max(0.5, tick_step(right - left, wanted))
        step_y = tick_step(top, 4)
        decimals = 0 if step_x == int(step_x) else 1
        steps = np.arange(np.ceil(left / step_x), np.floor(right / step_x) + 1) * step_x
        rises = np.arange(np.ceil(bottom / step_y), np.floor(top / step_y) + 1) * step_y
        self.mark_ticks(
            [(float(x), number(x, decimals)) for x in steps],
            [(float(y), number(y)) for y in rises],
        )
