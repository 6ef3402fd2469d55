"""A question inside the window with a few answers, each with a key: nothing stops while it is open.

Used instead of message boxes. Knows nothing of what is asked.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from forcelab.app.actions import KeyButton
from forcelab.app.flow_layout import FlowLayout
from forcelab.app.labels import Card, Text
from forcelab.app.words import say


class AskBar(Card):
    """One question at a time; the last answer is always to leave things as they are (Esc)."""

    def __init__(self) -> None:
        super().__init__()
        self.question = Text("", 1.2, bold=True)
        self.answers: list[KeyButton] = []
        self._row = FlowLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addWidget(self.question)
        column.addLayout(self._row)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVisible(False)

    def ask(self, question: str, answers: Sequence[tuple[str, str, Callable[[], None]]], leave: str = "") -> None:
        """Put a question.

        Args:
            question: a sentence.
            answers: words, key and what to do, for each answer.
            leave: the words for "do nothing".
        """
        self.close_question()
        self.question.say(question)
        for words, key, do in (*answers, (leave or say("cancel"), "Esc", lambda: None)):
            button = KeyButton(key, partial(self._answer, do))
            button.call(words)
            shortcut = QAction(button)
            shortcut.setShortcut(key)
            shortcut.triggered.connect(button.click)  # a button's own shortcut would act a tenth of a second later
            button.addAction(shortcut)
            self.answers.append(button)
            self._row.addWidget(button)
        self.setVisible(True)
        self.setAccessibleName(question)
        self.answers[-1].setFocus(Qt.FocusReason.TabFocusReason)  # a stray Space or pedal then changes nothing

    def close_question(self) -> None:
        """Take the question away."""
        self.setVisible(False)
        parent = self.parentWidget()
        if parent is not None and self.answers:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)  # away from all buttons: Space means "start" again
        for button in self.answers:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.answers.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Return presses the answer that has the focus."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, KeyButton):
            focused.click()
        else:
            super().keyPressEvent(event)

    def _answer(self, do: Callable[[], None]) -> None:
        self.close_question()
        do()
