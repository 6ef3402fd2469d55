"""What is read from the other side of the room: the side, what to do now, and the force in large figures.

Knows views and words; posts nothing.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forcelab.app.labels import Card, Text, TonedCard, number
from forcelab.app.palette import Theme
from forcelab.app.prompt import Prompt, ShapeName, prompt_for, trial_words
from forcelab.app.shapes import Sign
from forcelab.app.words import say
from forcelab.model import Side, View


class Stage(QWidget):
    """Three cards in a row: side, prompt, force."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.side, self.prompt, self.force = SideTile(theme), PromptTile(theme), ForceTile(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.side)
        row.addWidget(self.prompt, 1)
        row.addWidget(self.force)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_view(self, view: View) -> None:
        """Show the present moment."""
        self.side.show_view(view)
        self.prompt.show_prompt(prompt_for(view))
        self.force.show_view(view)

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for tile in (self.side, self.prompt, self.force):
            tile.wear(theme)


class SideTile(Card):
    """LEFT or RIGHT with an arrow, and which trial it is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._side: Side | None = None
        self.arrow_left, self.arrow_right = Sign(2.4), Sign(2.4)
        self.word = Text(say("side_right"), 2.6, bold=True)
        self.word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.trial = Text("", 1.2)
        self.trial.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.arrow_left)
        row.addWidget(self.word)
        row.addWidget(self.arrow_right)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.trial)
        column.addStretch(1)

    def show_view(self, view: View) -> None:
        """Show whose turn it is."""
        self._side = view.side
        self.setVisible(view.side is not None)
        self.word.say(say(f"side_{view.side}") if view.side else say("no_value"))
        self.trial.say(trial_words(view) if view.side else "")
        self._draw_arrows()

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        for arrow in (self.arrow_left, self.arrow_right):
            arrow.resize_to_text()
        # Nothing beside it may move when the side changes.
        words = (say(f"side_{side}") for side in ("left", "right", "both"))
        widest = max(self.word.fontMetrics().horizontalAdvance(word) for word in words)
        self.setMinimumWidth(widest + self.arrow_left.width() + 60)
        self.trial.paint_in(theme.muted)
        self._draw_arrows()

    def _draw_arrows(self) -> None:
        for arrow, side in ((self.arrow_left, "left"), (self.arrow_right, "right")):
            shape: ShapeName = "left" if side == "left" else "right"
            arrow.show_shape(shape, self._theme.text)
            arrow.setVisible(self._side in (side, "both"))


class PromptTile(TonedCard):
    """What to do now, as a sign, a large line and a smaller one, on the colour of its tone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._prompt: Prompt | None = None
        self.sign = Sign(4.0)
        self.line = Text("", 3.0, bold=True, wrap=True)
        self.hint = Text("", 1.15, wrap=True)
        column = QVBoxLayout()
        column.addStretch(1)
        column.addWidget(self.line)
        column.addWidget(self.hint)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 16, 8)
        row.setSpacing(18)
        row.addWidget(self.sign)
        row.addLayout(column, 1)

    def show_prompt(self, prompt: Prompt) -> None:
        """Show a prompt; a new phase is also announced to screen readers, a running countdown is not."""
        before, self._prompt = self._prompt, prompt
        if prompt == before:
            return
        self.line.say(prompt.text)
        self.hint.say(prompt.hint)
        if before is None or (prompt.tone, prompt.shape) != (before.tone, before.shape):
            self._paint()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{prompt.text}. {prompt.hint}"))

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.sign.resize_to_text()
        # Two large lines and two small: the window must not jump from one phase to the next.
        lines = self.line.fontMetrics().lineSpacing() + self.hint.fontMetrics().lineSpacing()
        self.setMinimumHeight(2 * lines + 40)
        self._paint()

    def _paint(self) -> None:
        ground, ink = self._theme.tones[self._prompt.tone if self._prompt else "wait"]
        self.tone(ground, self._theme.line)
        for text in (self.line, self.hint):
            text.paint_in(ink)
        self.sign.show_shape(self._prompt.shape if self._prompt else None, ink)


class ForceTile(Card):
    """The force of this moment in figures that can be read at two metres, with the peak so far. Both are previews."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.caption = Text(say("force_now"), 1.0)
        self.live = Text(say("live"), 0.9)
        self.figure = Text("", 6.0, bold=True)
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.unit = Text("N", 2.4)
        self.peak = Text("", 1.2)
        head = QHBoxLayout()
        head.addWidget(self.caption)
        head.addStretch(1)
        head.addWidget(self.live)
        middle = QHBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self.figure, 1)
        middle.addWidget(self.unit, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addWidget(self.peak)
        self.wear(theme)

    def show_view(self, view: View) -> None:
        """Show force and peak; a value that is not there is a dash, never zero."""
        force = say("no_value") if view.force is None else number(view.force)
        # Until the next push begins, the engine's peak is still that of the trial before; after the last one the
        # recorded peak stands in the table.
        under_way = view.phase in ("effort", "releasing", "resting")
        peak = number(view.peak) if view.peak is not None and under_way else say("no_value")
        self.figure.say(force)
        self.figure.setAccessibleName(f"{say('force_now')} {force} N, {say('live')}")
        words = f"{say('peak_now')}  {peak} N"
        self.peak.say(words)

    def wear(self, theme: Theme) -> None:
        """Take the colours and the text size of a theme."""
        for text in (self.caption, self.live, self.unit, self.peak):
            text.paint_in(theme.muted)
        self.figure.paint_in(theme.text)
        # Room for the largest number, so that nothing moves when a digit is added.
        self.figure.setMinimumWidth(self.figure.fontMetrics().horizontalAdvance("-0000"))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.card))
        self.setPalette(palette)
