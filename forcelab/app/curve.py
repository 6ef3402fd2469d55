"""The live graph: the last ten seconds of force on an axis that stands still.

What it shows is a preview and never a measurement. The time axis is fixed (−10 s … 0) because axes that are drawn anew
cost as much as the curve. Knows no engine: arrays come in, pixels go out.
"""

from collections.abc import Callable, Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from forcelab.app.labels import number, text_font
from forcelab.app.outline import nice_top, outline, since_restart, tick_step
from forcelab.app.palette import Theme
from forcelab.app.plotting import Layer, Plot, draw_line
from forcelab.app.words import say
from forcelab.model import Array, Role

SECONDS = 10.0
"""How much of the past is shown, s."""

PATIENCE = 0.25
"""How far, s, the axis runs ahead of the newest sample: packets of slow sensors come ten a second, and a curve that
waited for each would jerk. A sensor that falls silent stops the curve."""


class LiveClock:
    """Where "now" lies on the sensor's clock: it runs with the host's clock between two packets.

    Args:
        host: the host's clock in s.
    """

    def __init__(self, host: Callable[[], float]) -> None:
        self._host = host
        self._at = 0.0
        self._now: float | None = None

    def now(self, newest: float) -> float:
        """The sensor's time to put at the right edge, s; never before the newest sample."""
        host = self._host()
        ran = newest if self._now is None else self._now + host - self._at
        self._now, self._at = min(max(ran, newest), newest + PATIENCE), host
        return self._now


class LiveCurve(Layer):
    """The line of one sensor; `other` is that of the second. With a name it bears it at its newest point."""

    def __init__(self, plot: Plot, *, other: bool = False) -> None:
        super().__init__(plot)
        self.other, self.name = other, ""
        self.x: Array = np.empty(0)
        self.y: Array = np.empty(0)

    def feed(self, x: Array, y: Array) -> None:
        """Show these points: s before now (so ≤ 0) and N."""
        self.x, self.y = x, y
        self.update()

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """Paint the line."""
        if self.x.size > 1:
            theme = self.plot_widget.theme
            colour = QColor(theme.other_curve if self.other else theme.curve)
            draw_line(painter, transform, self.x, self.y, colour)
            if self.name:
                end = transform.map(QPointF(float(self.x[-1]), float(self.y[-1])))
                painter.setPen(colour)
                painter.setFont(text_font(0.85))
                painter.drawText(end - QPointF(painter.fontMetrics().horizontalAdvance(self.name) + 4, 6), self.name)


class Band(Layer):
    """The ground of the target band; it lies under the grid."""

    def __init__(self, plot: Plot, goals: "Goals") -> None:
        super().__init__(plot)
        self.goals = goals

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """Paint it."""
        if self.goals.band is not None:
            area = transform.mapRect(self.plot_widget.visible())
            low, high = (transform.map(QPointF(0, value)).y() for value in self.goals.band)
            painter.fillRect(QRectF(area.left(), high, area.width(), low - high), QColor(self.plot_widget.theme.band))


class Goals(Layer):
    """What the force is to reach: the edges of the target band and the threshold at which a trial starts."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot)
        self.band: tuple[float, float] | None = None
        self.start: float | None = None

    def aim(self, band: tuple[float, float] | None, start: float | None) -> None:
        """Show these, in N; None for nothing."""
        if (band, start) != (self.band, self.start):
            self.band, self.start = band, start
            self.update()

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """Paint lines and their names."""
        theme, area = self.plot_widget.theme, transform.mapRect(self.plot_widget.visible())
        painter.setFont(text_font(0.85))
        if self.band is not None:
            low, high = (transform.map(QPointF(0, value)).y() for value in self.band)
            painter.setPen(QPen(QColor(theme.band_edge), 0))
            for y in (low, high):
                painter.drawLine(QPointF(area.left(), round(y)), QPointF(area.right(), round(y)))
            words = say("target_band", low=number(self.band[0]), high=number(self.band[1]))
            _write_above(painter, area, high, words, theme.band_edge)
        if self.start is not None:
            y = round(transform.map(QPointF(0, self.start)).y())
            painter.setPen(QPen(QColor(theme.muted), 0, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            _write_above(painter, area, y, say("start_line", value=number(self.start)), theme.muted)


def _write_above(painter: QPainter, area: QRectF, y: float, words: str, colour: str) -> None:
    height = painter.fontMetrics().height()
    painter.setPen(QColor(colour))
    painter.drawText(QRectF(area.left() + 8, y - height - 2, area.width(), height), Qt.AlignmentFlag.AlignLeft, words)


class LiveGraph(Plot):
    """Force in N against the last ten seconds, with its goals.

    Args:
        theme: the colours.
        host: the host's clock in s.
    """

    def __init__(self, theme: Theme, host: Callable[[], float]) -> None:
        super().__init__(theme, x_label=say("axis_ago"), y_label=say("axis_force"))
        self.clock = LiveClock(host)
        self.goals, self.curve, self.other = Goals(self), LiveCurve(self), LiveCurve(self, other=True)
        self.band = Band(self, self.goals)
        for layer, depth in ((self.band, -60), (self.goals, -40), (self.other, -1), (self.curve, 0)):
            layer.setZValue(depth)
            self.addItem(layer, ignoreBounds=True)
        self._top, self._bottom = 0.0, 0.0
        self._drawn: tuple[float, int] | None = None
        self.setAccessibleName(say("live_graph"))
        self.scale_to(100.0, 0.0)

    def aim(self, band: tuple[float, float] | None, start: float | None) -> None:
        """Show target band and start threshold, N."""
        self.goals.aim(band, start)
        self.band.update()
        if band is not None:
            self.scale_to(max(self._top, 1.2 * band[1]), self._bottom)

    def feed(self, t: Array, force: Array) -> bool:
        """Show the newest force.

        Args:
            t: device time, s, shape (n,).
            force: N, shape (n,).

        Returns:
            Whether anything had to be drawn.
        """
        t, force = since_restart(t, force)
        if not t.size:
            return False
        now = self.clock.now(float(t[-1]))
        if (now, t.size) == self._drawn:
            return False
        self._drawn = (now, t.size)
        self._make_room(force)
        x, y = outline(t, force, SECONDS / max(1.0, self.getViewBox().width()))
        self.curve.feed(x - now, y)
        return True

    def feed_all(self, newest: Mapping[Role, tuple[Array, Array]]) -> None:
        """Show the newest force of each sensor; a second one gets a line of its own, and both their names.

        Args:
            newest: of one sensor or of two, by what they measure: s and N, each of shape (n,), on one rough clock.
        """
        (role, first), *more = newest.items()
        self.curve.name = say(f"limb_{role}") if more else ""
        fed = self.feed(*first)
        for other, (times, forces) in more[:1]:
            t, force = since_restart(times, forces)
            if fed and t.size and self._drawn is not None:
                self._make_room(force)
                x, y = outline(t, force, SECONDS / max(1.0, self.getViewBox().width()))
                self.other.name = say(f"limb_{other}")
                self.other.feed(x - self._drawn[0], y)

    def rest(self) -> None:
        """A new trial is near: take the axis back to what the coming seconds need."""
        self._top = 0.0

    def scale_to(self, top: float, bottom: float) -> None:
        """Put the force axis so that both values are seen, N; it grows in steps and stays calm between them."""
        top = nice_top(max(top, 50.0))
        bottom = -nice_top(-bottom) if bottom < -0.06 * top else -0.06 * top
        if (top, bottom) == (self._top, self._bottom):
            return
        self._top, self._bottom = top, bottom
        self.frame((-SECONDS, 0.0), (bottom, top))
        step = tick_step(top - min(0.0, bottom if bottom < -0.06 * top else 0.0))
        ticks = np.arange(np.ceil(bottom / step), np.floor(top / step) + 1) * step
        self.mark_ticks(
            [(float(x), number(x)) for x in np.arange(-SECONDS, 1.0, 2.0)],
            [(float(y), number(y)) for y in ticks],
        )

    def _make_room(self, force: Array) -> None:
        highest, lowest = float(force.max()), float(force.min())
        band_top = self.goals.band[1] * 1.2 if self.goals.band else 0.0
        if 1.05 * highest > self._top or lowest < self._bottom:
            self.scale_to(max(1.15 * highest, self._top, band_top, 100.0), min(lowest, 0.0))
