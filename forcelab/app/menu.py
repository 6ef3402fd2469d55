"""The button at the top right: how the window looks, and what is asked seldom. Knows the window that it serves."""

from typing import Protocol

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton

from forcelab.app.palette import DARK, LIGHT, SCALES, Theme
from forcelab.app.words import say


class Served(Protocol):
    """What the menu can do to a window."""

    theme: Theme

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        ...

    def set_text_scale(self, scale: float) -> None:
        """Change the size of text."""
        ...

    def ask_battery(self) -> None:
        """Ask the sensors for their battery."""
        ...

    def switch_off(self) -> None:
        """Switch the sensors off."""
        ...


class ViewButton(QPushButton):
    """Opens the menu; its keys work without it."""

    def __init__(self, window: Served) -> None:
        super().__init__(say("more"))
        self._window = window
        self._step = 0
        menu = QMenu(self)
        for words, keys, do in (
            ("larger", ("Ctrl++", "Ctrl+="), lambda: self._size(self._step + 1)),
            ("smaller", ("Ctrl+-",), lambda: self._size(self._step - 1)),
            ("normal", ("Ctrl+0",), lambda: self._size(0)),
        ):
            self._add(menu, words, keys).triggered.connect(do)
        self.dark = self._add(menu, "dark", ("Ctrl+D",))
        self.dark.setCheckable(True)
        self.dark.setChecked(window.theme is DARK)
        self.dark.triggered.connect(lambda checked: window.set_theme(DARK if checked else LIGHT))
        menu.addSeparator()
        self._add(menu, "ask_battery", ("B",)).triggered.connect(window.ask_battery)
        self._add(menu, "switch_off", ()).triggered.connect(window.switch_off)
        self.setMenu(menu)
        self.setAccessibleName(say("more"))

    def _add(self, menu: QMenu, words: str, keys: tuple[str, ...]) -> QAction:
        action = QAction(say(words), self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        menu.addAction(action)
        self.addAction(action)  # so that the key works while the menu is closed
        return action

    def _size(self, step: int) -> None:
        self._step = min(max(step, 0), len(SCALES) - 1)
        self._window.set_text_scale(SCALES[self._step])
