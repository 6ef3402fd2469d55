"""The ground that both graphs stand on: a plain plot, device-space lines two pixels wide, and an opaque grid.

A pen wider than one pixel leaves Qt's fast path (5 ms become 26 ms for four curves), and so does pyqtgraph's own grid;
so a wide line is drawn as the same one-pixel line a few times, each shifted by a pixel, and the grid is drawn here
with opaque pale pens. Knows no view and no sensor.
"""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from forcelab.app.labels import text_font
from forcelab.app.palette import Theme
from forcelab.model import Array

LINE_WIDTH = 2.0
"""Width of a curve, logical pixels."""


def offsets(pixel_ratio: float) -> list[tuple[float, float]]:
    """Shifts, in logical pixels, at which a line of one device pixel is drawn to look LINE_WIDTH wide, centred."""
    steps = max(2, round(LINE_WIDTH * pixel_ratio * 0.75))  # on dense screens a slightly finer line looks the same
    shifts = [(index - (steps - 1) / 2) / pixel_ratio for index in range(steps)]
    return [(dx, dy) for dx in shifts for dy in shifts]


def draw_line(painter: QPainter, transform: QTransform, x: Array, y: Array, colour: QColor) -> None:
    """Draw a curve with the painter in widget coordinates.

    Args:
        painter: with no transformation of its own.
        transform: from (x, y) to widget coordinates; without rotation.
        x: shape (n,).
        y: shape (n,), finite.
        colour: of the line.
    """
    polygon: QPolygonF = pg.functions.arrayToQPolygonF(
        transform.m11() * x + transform.dx(), transform.m22() * y + transform.dy()
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QPen(colour, 0))
    for dx, dy in offsets(painter.device().devicePixelRatioF()):
        painter.translate(dx, dy)
        painter.drawPolyline(polygon)
        painter.translate(-dx, -dy)


class Layer(pg.GraphicsObject):  # type: ignore[misc] # pyqtgraph ships no types
    """Something painted over the whole visible range of a plot."""

    def __init__(self, plot: "Plot") -> None:
        super().__init__()
        self.plot_widget = plot

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The visible range."""
        return QRectF(self.plot_widget.visible())

    def viewRangeChanged(self) -> None:  # noqa: N802 - pyqtgraph's name
        """The visible range has changed, and the bounds with it."""
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Paint in widget coordinates, so that lines keep to pixels."""
        painter.save()
        transform = painter.transform()
        painter.resetTransform()
        self.draw(painter, transform)
        painter.restore()

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """Paint; `transform` leads from (s, N) to widget coordinates."""
        raise NotImplementedError


class Grid(Layer):
    """Pale opaque lines at the ticks of both axes, a firmer one at zero force."""

    def draw(self, painter: QPainter, transform: QTransform) -> None:
        """Paint the lines."""
        plot, theme = self.plot_widget, self.plot_widget.theme
        area = transform.mapRect(plot.visible())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(QColor(theme.grid), 0))
        for tick in plot.ticks_x:
            x = round(transform.map(QPointF(tick, 0)).x())
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for tick in plot.ticks_y:
            y = round(transform.map(QPointF(0, tick)).y())
            painter.setPen(QPen(QColor(theme.muted if tick == 0 else theme.grid), 0))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))


class Plot(pg.PlotWidget):  # type: ignore[misc] # pyqtgraph ships no types
    """A plot with ranges and ticks of our choice, that no mouse and no Tab key can disturb."""

    def __init__(self, theme: Theme, *, x_label: str, y_label: str) -> None:
        super().__init__()
        self.theme = theme
        self.ticks_x: Sequence[float] = ()
        self.ticks_y: Sequence[float] = ()
        self._labels = {"bottom": x_label, "left": y_label}
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.disableAutoRange()
        self.setMouseEnabled(False, False)
        self.getPlotItem().setContentsMargins(2, 10, 18, 2)  # half a label of the last tick stands out on each axis
        self.grid = Grid(self)
        self.grid.setZValue(-50)
        self.addItem(self.grid, ignoreBounds=True)
        self.wear(theme)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A modest wish: plots take what the rest leaves."""
        return QSize(300, 9 * self.fontMetrics().lineSpacing())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Smaller than this a curve says nothing; its words need their part of it."""
        return QSize(140, 8 * self.fontMetrics().lineSpacing())

    def visible(self) -> QRectF:
        """What can be seen, in s and N."""
        return QRectF(self.getViewBox().viewRect())

    def frame(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show this range, without margins."""
        self.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)

    def mark_ticks(self, x: Sequence[tuple[float, str]], y: Sequence[tuple[float, str]]) -> None:
        """Put ticks and grid lines at these values, with these labels."""
        self.ticks_x, self.ticks_y = [value for value, _ in x], [value for value, _ in y]
        self.getAxis("bottom").setTicks([x])
        self.getAxis("left").setTicks([y])
        self.grid.update()

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme and the present size of text: pyqtgraph follows neither by itself."""
        self.theme = theme
        self.setBackground(theme.card)
        font = text_font(0.85)
        for side, label in self._labels.items():
            axis = self.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(font)
            axis.setStyle(tickLength=0, tickTextOffset=6, hideOverlappingLabels=False)
            axis.label.setFont(font)
            axis.setLabel(label)
            axis.label.setDefaultTextColor(QColor(theme.muted))
        for item in self.items():
            if isinstance(item, QGraphicsItem):
                item.update()
