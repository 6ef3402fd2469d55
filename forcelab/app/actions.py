"""What a person can do, as buttons that show their keys; every one posts a command and waits for nothing.

Which command means something in which phase is read from the flow's own table, so the buttons cannot disagree with it.
"""

from collections.abc import Callable
from functools import partial
from typing import Literal, TypeAlias

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from forcelab import flow
from forcelab.app.flow_layout import FlowLayout
from forcelab.app.labels import text_font
from forcelab.app.palette import Theme
from forcelab.app.words import known, say
from forcelab.model import Side, TrialView, View

ActionId: TypeAlias = Literal["go", "zero", "repeat", "switch", "skip", "exclude", "save", "finish"]

KEYS: dict[ActionId, str] = {
    "go": "Space",
    "zero": "Z",
    "repeat": "R",
    "switch": "S",
    "skip": "K",
    "exclude": "X",
    "save": "Ctrl+S",
    "finish": "Ctrl+Return",
}
"""The key of each action, in the order of the buttons."""

POSTED: dict[ActionId, type[flow.Event]] = {
    "go": flow.Go,
    "zero": flow.Zero,
    "repeat": flow.RepeatTrial,
    "switch": flow.SwitchSide,
    "skip": flow.SkipTrial,
    "finish": flow.EndSession,
}
"""The event of the flow behind an action; it is offered where the flow has a rule for it."""


def other_side(view: View) -> Side | None:
    """The side to which one can switch, or None where the test has no sides."""
    if view.assessment is None or view.assessment.sides == "both" or view.side not in ("left", "right"):
        return None
    return "right" if view.side == "left" else "left"


def allowed(action: ActionId, view: View, chosen: TrialView | None) -> bool:
    """Whether an action means something at this moment."""
    if action == "exclude":
        return chosen is not None and view.phase != "done"
    if action == "save":
        return bool(view.saved_as)
    if action == "switch" and other_side(view) is None:
        return False
    if (action == "repeat" and not view.trials) or (action == "skip" and view.phase == "review"):
        return False
    return (view.phase, POSTED[action]) in flow.FLOW


def label(action: ActionId, view: View, chosen: TrialView | None) -> str:
    """The words on a button, which follow what it would do now."""
    if action == "exclude" and chosen is not None:
        return say("include" if chosen.excluded else "exclude", number=chosen.number)
    keys: dict[ActionId, str] = {
        "go": f"go_{view.phase}" if known(f"go_{view.phase}") else "go_other",
        "skip": "stop" if view.phase in ("effort", "releasing") else "skip",
        "switch": f"switch_{other_side(view) or 'right'}",
        "exclude": "exclude_none",
        "save": "save_as",
    }
    return say(keys.get(action, action))


class KeyButton(QPushButton):
    """A button that shows its key beside its words."""

    def __init__(self, key: str, run: Callable[[], None]) -> None:
        super().__init__()
        self.key = QKeySequence(key)
        self.key_words = self.key.toString(QKeySequence.SequenceFormat.NativeText)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click Space must still mean "start", not "again"
        self.setAutoDefault(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(run)

    def call(self, words: str) -> None:
        """Change the words."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(say("with_key", label=words, key=self.key_words))
            self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the words and the key."""
        size = super().sizeHint()
        size.setWidth(size.width() + self._cap_width() + 10)
        size.setHeight(max(size.height(), round(self.fontMetrics().height() * 2.3)))
        return size

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Nothing is ever cut off."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The style draws the button, we its words and its key."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        group = self.palette().ColorGroup.Normal if self.isEnabled() else self.palette().ColorGroup.Disabled
        ink = option.palette.color(group, option.palette.ColorRole.ButtonText)
        painter.setPen(ink)
        words = self.rect().adjusted(13, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        self._draw_cap(painter)
        painter.end()

    def _cap_width(self) -> int:
        return QFontMetrics(text_font(0.8)).horizontalAdvance(self.key_words) + 14

    def _draw_cap(self, painter: QPainter) -> None:
        width, height = self._cap_width(), round(self.fontMetrics().height() * 1.15)
        box = self.rect()
        box.setLeft(box.right() - 11 - width)
        box.setWidth(width)
        box.setTop((self.height() - height) // 2)
        box.setHeight(height)
        painter.setFont(text_font(0.8))
        painter.setOpacity(0.75)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(box, 4, 4)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.key_words)


class ActionBar(QWidget):
    """The row of buttons. `run` is told which action a person wants."""

    def __init__(self, run: Callable[[ActionId], None]) -> None:
        super().__init__()
        self._run = run
        self.buttons: dict[ActionId, KeyButton] = {}
        self.shortcuts: dict[ActionId, QAction] = {}
        flowing = FlowLayout(self)
        for action, key in KEYS.items():
            button = KeyButton(key, partial(run, action))
            button.setProperty("main", action == "go")
            self.buttons[action] = button
            flowing.addWidget(button)
            shortcut = QAction(self)
            shortcut.setShortcut(QKeySequence(key))
            shortcut.setAutoRepeat(False)  # a key that is held down asks once
            shortcut.triggered.connect(partial(self._press, action))
            self.addAction(shortcut)
            self.shortcuts[action] = shortcut
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_view(self, view: View, chosen: TrialView | None) -> None:
        """Let words and use of each button follow the moment."""
        for action, button in self.buttons.items():
            able = allowed(action, view, chosen)
            button.call(label(action, view, chosen))
            if able != button.isEnabled():
                button.setEnabled(able)
                self.shortcuts[action].setEnabled(able)

    def wear(self, _theme: Theme) -> None:
        """Buttons take their colours from the application; only their sizes are ours."""
        for button in self.buttons.values():
            button.updateGeometry()

    def _press(self, action: ActionId, _checked: bool = False) -> None:
        # Whoever walks with the Tab key expects Space to press the button with the focus, also before "start".
        focused = QApplication.focusWidget()
        if action == "go" and isinstance(focused, QPushButton) and focused is not self.buttons["go"]:
            focused.click()
        else:
            self._run(action)
