"""The signs of the window, drawn as outlines so that they need no icon font and no file, at any size and colour.

Knows no view: a name and a square in, a picture out.
"""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from forcelab.app.prompt import ShapeName

# All are drawn in a square from (0, 0) to (1, 1), y downwards.
_Points = tuple[tuple[float, float], ...]

OPEN_LINES: dict[str, tuple[_Points, ...]] = {
    "check": (((0.14, 0.55), (0.40, 0.80), (0.88, 0.22)),),
    "down": (((0.5, 0.10), (0.5, 0.84)), ((0.18, 0.54), (0.5, 0.86), (0.82, 0.54))),
    "unload": (((0.5, 0.78), (0.5, 0.14)), ((0.22, 0.40), (0.5, 0.12), (0.78, 0.40)), ((0.14, 0.94), (0.86, 0.94))),
    "again": (((0.62, 0.04), (0.80, 0.20), (0.60, 0.36)),),
}
FILLED: dict[str, tuple[_Points, ...]] = {
    "play": (((0.18, 0.06), (0.94, 0.5), (0.18, 0.94)),),
    "hold": (((0.12, 0.12), (0.88, 0.12), (0.88, 0.88), (0.12, 0.88)),),
    "pause": (
        ((0.16, 0.10), (0.40, 0.10), (0.40, 0.90), (0.16, 0.90)),
        ((0.60, 0.10), (0.84, 0.10), (0.84, 0.90), (0.60, 0.90)),
    ),
    "left": (((0.04, 0.5), (0.52, 0.06), (0.52, 0.32), (0.96, 0.32), (0.96, 0.68), (0.52, 0.68), (0.52, 0.94)),),
    "right": (((0.96, 0.5), (0.48, 0.06), (0.48, 0.32), (0.04, 0.32), (0.04, 0.68), (0.48, 0.68), (0.48, 0.94)),),
}


def _dots(path: QPainterPath, _lines: QPainterPath) -> None:
    for x in (0.16, 0.5, 0.84):
        path.addEllipse(QPointF(x, 0.5), 0.11, 0.11)


def _ring(_path: QPainterPath, lines: QPainterPath) -> None:
    lines.addEllipse(QRectF(0.10, 0.10, 0.80, 0.80))


def _half(path: QPainterPath, lines: QPainterPath) -> None:
    lines.addEllipse(QRectF(0.10, 0.10, 0.80, 0.80))
    path.moveTo(0.5, 0.10)
    path.arcTo(QRectF(0.10, 0.10, 0.80, 0.80), 90, 180)
    path.closeSubpath()


def _again(_path: QPainterPath, lines: QPainterPath) -> None:
    lines.arcMoveTo(QRectF(0.14, 0.20, 0.72, 0.72), 80)
    lines.arcTo(QRectF(0.14, 0.20, 0.72, 0.72), 80, 300)


def _warning(path: QPainterPath, lines: QPainterPath) -> None:
    lines.addPolygon(QPolygonF([QPointF(0.5, 0.08), QPointF(0.94, 0.90), QPointF(0.06, 0.90), QPointF(0.5, 0.08)]))
    path.addRoundedRect(QRectF(0.455, 0.34, 0.09, 0.28), 0.04, 0.04)
    path.addEllipse(QPointF(0.5, 0.74), 0.055, 0.055)


ROUND: dict[str, Callable[[QPainterPath, QPainterPath], None]] = {
    "dots": _dots,
    "ring": _ring,
    "half": _half,
    "again": _again,
    "warning": _warning,
}


def draw_shape(painter: QPainter, name: ShapeName, box: QRectF, colour: QColor) -> None:
    """Paint a sign into a square of the painter's coordinates."""
    filled, lines = QPainterPath(), QPainterPath()
    for points in FILLED.get(name, ()):
        filled.addPolygon(QPolygonF([QPointF(*point) for point in points]))
        filled.closeSubpath()
    for points in OPEN_LINES.get(name, ()):
        lines.addPolygon(QPolygonF([QPointF(*point) for point in points]))
    if name in ROUND:
        ROUND[name](filled, lines)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width(), box.height())
    pen = QPen(colour, 0.11)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(lines, pen)
    painter.fillPath(filled, colour)
    painter.restore()


class Sign(QWidget):
    """A sign as tall as `lines` lines of text; it has no name for screen readers, a word stands beside it."""

    def __init__(self, lines: float = 1.0) -> None:
        super().__init__()
        self._lines = lines
        self._shape: ShapeName | None = None
        self._colour = QColor()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.resize_to_text()

    def show_shape(self, shape: ShapeName | None, colour: str) -> None:
        """Show a sign in a colour, or nothing."""
        wanted = QColor(colour)
        if (shape, wanted) != (self._shape, self._colour):
            self._shape, self._colour = shape, wanted
            self.update()

    def resize_to_text(self) -> None:
        """Take the height of the text around it."""
        side = round(self.fontMetrics().height() * self._lines)
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it."""
        if self._shape is not None:
            painter = QPainter(self)
            inset = self.width() * 0.08
            draw_shape(painter, self._shape, QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), self._colour)
            painter.end()
