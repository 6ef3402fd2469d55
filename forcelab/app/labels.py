"""Text on the screen: always plain, sized by the person's text scale, numbers as the locale writes them.

A label never guesses that a text is HTML: the name of a sensor is whatever a stranger's radio says. Knows no view.
"""

from PySide6.QtCore import QEvent, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QScrollArea, QWidget

from forcelab.app.palette import BASE_POINTS
from forcelab.report.decimals import decimals

GROWTH = 1.3
"""Text that is already large (a factor above 2) grows no further than this: it has to stay on the screen."""


def number(value: float, places: int = 0) -> str:
    """A number as the locale writes it, for the eye only: files have their own rules. Minus zero is zero."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    rounded = round(value, places) + 0.0
    return locale.toString(rounded, "f", places)


def in_unit(value: float, unit: str) -> str:
    """A number with the decimals of its unit, as it stands in pictures and in the terminal."""
    return number(value, decimals(unit))


def text_font(factor: float, *, bold: bool = False) -> QFont:
    """The application's font, `factor` times as large, with figures of equal width."""
    font = QFont(QApplication.font())
    points = font.pointSizeF() * factor
    font.setPointSizeF(min(points, BASE_POINTS * factor * GROWTH) if factor > 2 else points)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)  # a number that changes must not dance
    return font


class Text(QLabel):
    """A plain-text label that keeps its size relative to running text when the text scale changes."""

    def __init__(self, text: str = "", factor: float = 1.0, *, bold: bool = False, wrap: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self._factor, self._bold = factor, bold
        self.setFont(text_font(factor, bold=bold))
        self.setText(text)

    def paint_in(self, colour: str) -> None:
        """Write in a colour. A new style sheet of the application takes it away again."""
        palette = self.palette()
        palette.setColor(self.foregroundRole(), colour)
        self.setPalette(palette)

    def fit(self) -> None:
        """Take the present size of running text as the measure."""
        self.setFont(text_font(self._factor, bold=self._bold))

    def say(self, text: str) -> None:
        """Change the text, if it is another one."""
        if text != self.text():
            self.setText(text)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the application's font."""
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.fit()
        super().changeEvent(event)


class Card(QFrame):
    """A calm box that groups what belongs together."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)


class TonedCard(QFrame):
    """A card on a colour of its own. It is painted here: a style sheet of its own would undo the fonts inside it."""

    def __init__(self) -> None:
        super().__init__()
        self._ground, self._edge = QColor(), QColor()

    def tone(self, ground: str, edge: str) -> None:
        """Take these colours."""
        self._ground, self._edge = QColor(ground), QColor(edge)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A box with round corners, as the cards have."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._edge, 1))
        painter.setBrush(self._ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.end()


class Scrolling(QScrollArea):
    """Text that may grow longer than its place; the Tab key reaches it, so that the arrow keys can scroll it."""

    def __init__(self, text: QWidget, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidget(text)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.viewport().setAutoFillBackground(False)
        text.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Three lines; more has to be scrolled to."""
        return QSize(200, 3 * self.fontMetrics().lineSpacing())
