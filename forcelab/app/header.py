"""The top of the window: which test, who, how each sensor is, and what is wrong, each in words.

The name of a sensor comes from a stranger's radio and is shown as plain text only.
"""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from forcelab.app.labels import Card, Text, TonedCard
from forcelab.app.palette import Theme
from forcelab.app.prompt import ShapeName
from forcelab.app.shapes import Sign
from forcelab.app.words import say
from forcelab.model import LinkState, SensorView, View

SIGNS: dict[LinkState, ShapeName] = {
    "absent": "warning",
    "connecting": "dots",
    "greeting": "dots",
    "ready": "check",
    "lost": "warning",
    "refused": "warning",
}


def sensor_words(sensor: SensorView) -> str:
    """A sensor's state in one line."""
    parts = [sensor.name or sensor.family or say("no_sensor"), say(f"sensor_{sensor.state}")]
    if sensor.battery:
        parts.append(say("battery", battery=sensor.battery))
    return " · ".join(parts)


def about_words(sensor: SensorView) -> str:
    """What else is known of a sensor, a line each: its family, what it told of itself, and what to do about it."""
    told = [say("about", name=name, value=value) for name, value in sensor.about]
    return "\n".join(filter(None, [sensor.family, *told, sensor.warning]))


class Header(QWidget):
    """Test and participant at the left, sensors at the right; below, what the support of their families rests on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sensors: tuple[SensorView, ...] = ()
        self._over = False
        self.name = Text("", 1.5, bold=True)
        self.participant = Text("", 1.1)
        self.chips: list[SensorChip] = []
        self._chip_row = QHBoxLayout()
        second = QHBoxLayout()
        second.setSpacing(18)
        second.addWidget(self.participant, 1)
        second.addLayout(self._chip_row)
        self.status = Text("", 0.85, wrap=True)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._line)
        column.addWidget(self.status)
        self._line.addWidget(self.name, 1)
        self._line.addLayout(second)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def stack(self, direction: QBoxLayout.Direction) -> None:
        """Put test and sensors side by side or under one another."""
        self._line.setDirection(direction)

    def show_view(self, view: View) -> None:
        """Show the present state."""
        self.name.say(view.assessment.words().name if view.assessment else say("no_assessment"))
        who = say("participant", code=view.participant) if view.participant else say("no_participant")
        self.participant.say(who)
        over = view.phase == "done"
        if (view.sensors, over) != (self._sensors, self._over) or not self.chips:
            self._sensors, self._over = view.sensors, over
            self._show_sensors(view.sensors or (SensorView("", "", "absent"),))
            self.status.say("\n".join(dict.fromkeys(sensor.status for sensor in view.sensors if sensor.status)))
            self.status.setVisible(bool(self.status.text()))

    def _show_sensors(self, sensors: Sequence[SensorView]) -> None:
        while len(self.chips) > len(sensors):
            self.chips.pop().deleteLater()
        while len(self.chips) < len(sensors):
            chip = SensorChip(self._theme)
            self.chips.append(chip)
            self._chip_row.addWidget(chip)
        for chip, sensor in zip(self.chips, sensors, strict=True):
            chip.show_sensor(sensor, over=self._over)

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.participant.paint_in(theme.muted)
        self.status.paint_in(theme.muted)
        for chip in self.chips:
            chip.wear(theme)


class SensorChip(Card):
    """One sensor: name, state in words, battery."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sensor, self._over = SensorView("", "", "absent"), False
        self.sign, self.words = Sign(1.0), Text()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 14, 5)
        row.addWidget(self.sign)
        row.addWidget(self.words)

    def show_sensor(self, sensor: SensorView, *, over: bool = False) -> None:
        """Show its state; once the session is over, that it was let go is no news."""
        self._sensor, self._over = sensor, over
        self.setVisible(not over)
        self.words.say(sensor_words(sensor))
        about = about_words(sensor)
        # As plain text: Qt takes a tool tip that looks like HTML for HTML, and this one comes from a stranger's radio.
        self.setToolTip(f"<qt>{escape(about).replace(chr(10), '<br>')}</qt>" if about else "")
        self.words.setAccessibleDescription(about)
        fine = sensor.state == "ready" and not sensor.warning
        colour = self._theme.curve if fine else self._theme.attention
        self.sign.show_shape("warning" if sensor.warning else SIGNS[sensor.state], colour)

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.sign.resize_to_text()
        self.show_sensor(self._sensor, over=self._over)


class ProblemBar(TonedCard):
    """What is wrong and what to do about it, as sentences in the window: no box has to be clicked away."""

    dismissed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._good = theme, False
        self.sign, self.words = Sign(1.2), Text("", 1.1, wrap=True)
        self.close_button = QPushButton(say("dismiss"))
        self.close_button.setFocusPolicy(self.close_button.focusPolicy().TabFocus)
        self.close_button.clicked.connect(self.dismissed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 10, 6)
        row.addWidget(self.sign)
        column = QVBoxLayout()
        column.addWidget(self.words)
        row.addLayout(column, 1)
        row.addWidget(self.close_button)
        self.setVisible(False)
        self.wear(theme)

    def tell(self, sentences: Sequence[str], *, closable: bool, good: bool = False) -> None:
        """Show these sentences; none hides the bar. `good` news look calm."""
        text = "\n".join(sentences)
        if good != self._good:
            self._good = good
            self.wear(self._theme)
        self.setVisible(bool(text))
        self.close_button.setVisible(closable)
        if text and text != self.words.text():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        self.words.say(text)

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        ground, ink = theme.tones["ready" if self._good else "stop"]
        self.tone(ground, ink)
        self.words.paint_in(ink)
        self.sign.resize_to_text()
        self.sign.show_shape("check" if self._good else "warning", ink)
