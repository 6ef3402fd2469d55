"""Two fields of the first page: body mass and lever arm, both of which may stay empty.

What cannot be right is told in a sentence below them. Knows no page and no session.
"""

import math

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from forcelab.app.labels import Text, number
from forcelab.app.words import say
from forcelab.evaluate.body import doubts
from forcelab.model import SetUp


class Measures(QObject):
    """Asks for what was measured on the participant; `changed` tells of every letter."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.body_mass, self.lever_arm = QLineEdit(), QLineEdit()
        self.problem = Text("", wrap=True)
        self.problem.hide()
        self.body_mass.setPlaceholderText(say("body_mass_hint"))
        for field in (self.body_mass, self.lever_arm):
            field.setMaxLength(10)
            field.textChanged.connect(self._judge)

    @property
    def right(self) -> bool:
        """Whether all that is written can be used."""
        return not self.problem.text()

    @property
    def set_up(self) -> SetUp | None:
        """What was measured; None if nothing was, or if it cannot be right."""
        found = self._written
        return found if self.right and found != SetUp() else None

    @property
    def _written(self) -> SetUp:
        return SetUp(body_mass=_read(self.body_mass), lever_arm=_read(self.lever_arm))

    def ask_from(self, lever: str) -> None:
        """Say from where to where the lever arm of the chosen test is measured."""
        self.lever_arm.setPlaceholderText(say("lever_arm_hint", lever=lever))
        self.lever_arm.setToolTip(lever)

    def begin_with(self, set_up: SetUp | None) -> None:
        """Write what was measured before."""
        for field, value in (
            (self.body_mass, set_up.body_mass if set_up else None),
            (self.lever_arm, set_up.lever_arm if set_up else None),
        ):
            field.setText("" if value is None else number(value, 3).rstrip("0").rstrip(".,"))

    def _judge(self) -> None:
        unread = [field.text().strip() for field in (self.body_mass, self.lever_arm) if _read(field) is None]
        said = [say("no_number", text=text) for text in unread if text]
        self.problem.say(" ".join(said or doubts(self._written)))
        self.problem.setVisible(not self.right)
        self.changed.emit()


def _read(field: QLineEdit) -> float | None:
    """The number in a field, with a point or a comma; None if there is none."""
    try:
        value = float(field.text().strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
