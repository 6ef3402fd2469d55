"""The first page: who is tested, which test, which sensor; and sessions that want to be recovered.

Everything is chosen by keyboard or mouse in the order in which it is read; Return starts. Gives back a `Choice`.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from forcelab.app.choice import SIMULATED, SIMULATED_PAIR, Choice, Offer
from forcelab.app.labels import Card, Text
from forcelab.app.measures import Measures
from forcelab.app.palette import Theme
from forcelab.app.words import say
from forcelab.model import SetUp, Side

CAPACITIES: dict[str, float | None] = {"150 kg": 1471.0, "200 kg": 1961.0, "300 kg": 2942.0}
"""N; the models of the one family whose capacity no command tells. Beyond them it is left unknown."""

SIDES: tuple[Side, ...] = ("both", "left", "right")


class StartPage(QDialog):
    """Asks for a choice; `choice` is None until it is accepted."""

    def __init__(self, offer: Offer, theme: Theme) -> None:
        super().__init__()
        self.offer, self.theme = offer, theme
        self.choice: Choice | None = None
        self._carried: SetUp | None = None
        self.setWindowTitle(say("title"))
        self._make_fields()
        self._lay_out()
        self._begin_with(offer.last)
        self._show_test()

    def _make_fields(self) -> None:
        self.participant, self.operator = QLineEdit(), QLineEdit()
        self.participant.setPlaceholderText(say("participant_hint"))
        self.operator.setPlaceholderText(say("operator_hint"))
        for field in (self.participant, self.operator):
            field.setMaxLength(40)
            field.textChanged.connect(self._judge)
        self.participant.textChanged.connect(self._measured_before)
        self.measures = Measures()
        self.measures.changed.connect(self._judge)
        self.test, self.side, self.sensor, self.capacity = (QComboBox() for _ in range(4))
        for name, assessment in self.offer.assessments.items():
            self.test.addItem(assessment.words().name, name)
        self.test.currentIndexChanged.connect(self._show_test)
        self.sensor.setEditable(True)
        self.sensor.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)  # a typed name is a name, not a new row
        self.sensor.addItem(say("any_sensor"), "")
        for name in self.offer.sensors:
            self.sensor.addItem(name, name)
        self.sensor.addItem(say("simulated_sensor"), SIMULATED)
        self.sensor.addItem(say("simulated_pair"), SIMULATED_PAIR)
        self.capacity.addItem(say("capacity_unknown"), None)
        for label, newtons in CAPACITIES.items():
            self.capacity.addItem(label, newtons)
        self.trials, self.practice = QSpinBox(), QSpinBox()
        self.trials.setRange(1, 10)
        self.practice.setRange(0, 5)
        self.position = Text("", wrap=True)
        self.start = QPushButton(say("start_session"))
        self.start.setProperty("main", True)
        self.start.setDefault(True)
        self.start.clicked.connect(self._accept)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text(say("start_title"), 1.6, bold=True))
        for sentence in self.offer.problems:
            column.addWidget(self._notice(sentence))
        for path in self.offer.unclosed:
            column.addWidget(self._recovery(path))
        card = Card()
        form = QFormLayout(card)
        form.setContentsMargins(18, 16, 18, 16)
        form.setSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for key, field in (
            ("ask_participant", self.participant),
            ("ask_body_mass", self.measures.body_mass),
            ("ask_operator", self.operator),
            ("ask_test", self.test),
            ("ask_lever_arm", self.measures.lever_arm),
            ("ask_side", self.side),
            ("ask_trials", self.trials),
            ("ask_practice", self.practice),
            ("ask_sensor", self.sensor),
            ("ask_capacity", self.capacity),
        ):
            field.setAccessibleName(say(key))
            field.setMinimumHeight(2 * field.fontMetrics().height())  # Fusion cuts the text of a field in a form
            label = Text(say(key))
            label.setMinimumHeight(field.minimumHeight())
            form.addRow(label, field)
        column.addWidget(card)
        column.addWidget(self.measures.problem)
        column.addWidget(self.position)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(Text(say("not_medical"), 0.9, wrap=True), 1)
        foot.addWidget(self.start)
        column.addLayout(foot)
        self.setMinimumWidth(640)

    def _notice(self, sentence: str, *, button: QPushButton | None = None) -> QWidget:
        card = Card()
        row = QHBoxLayout(card)
        text = Text(sentence, wrap=True)
        row.addWidget(text, 1)
        if button is not None:
            row.addWidget(button)
        return card

    def _recovery(self, path: Path) -> QWidget:
        button = QPushButton(say("recover"))
        notice = self._notice(say("ended_without_closing", name=path.name), button=button)
        button.setAccessibleName(say("recover_named", name=path.name))
        button.clicked.connect(partial(self._recover, path, notice))
        return notice

    def _recover(self, path: Path, notice: QWidget) -> None:
        for text in notice.findChildren(Text):
            text.say(self.offer.recover(path))
        for button in notice.findChildren(QPushButton):
            button.hide()

    def _begin_with(self, last: Choice | None) -> None:
        if last is not None:
            self.participant.setText(last.participant)
            self.operator.setText(last.operator)
            self.test.setCurrentIndex(max(0, self.test.findData(last.assessment)))
            self.measures.begin_with(last.set_up)
            self._carried = self.measures.set_up
            sensor = self.sensor.findData(last.sensor)
            if sensor < 0:
                self.sensor.addItem(last.sensor, last.sensor)
                sensor = self.sensor.count() - 1
            self.sensor.setCurrentIndex(sensor)
            self.capacity.setCurrentIndex(max(0, self.capacity.findData(last.capacity)))
        self._judge()

    def _show_test(self) -> None:
        assessment = self.offer.assessments[self.test.currentData()]
        self.measures.ask_from(assessment.lever)
        self._measured_before()
        words = assessment.words()
        self.position.say("\n".join((words.position, words.fixation, words.landmark)))
        self.trials.setValue(assessment.trials)
        self.practice.setValue(assessment.practice)
        self.side.clear()
        for side in ("both",) if assessment.sides == "both" else SIDES:
            in_turn = side == "both" and assessment.sides == "each"
            self.side.addItem(say("sides_in_turn" if in_turn else f"limb_{side}"), side)

    def _measured_before(self) -> None:
        """What was measured on somebody else, or for another lever, is not offered again."""
        last, tests = self.offer.last, self.offer.assessments
        if last is None or self._carried is None or self.measures.set_up != self._carried:
            return
        if self.participant.text().strip() != last.participant:
            self.measures.begin_with(None)
        elif tests[self.test.currentData()].lever != tests[last.assessment].lever:
            self.measures.lever_arm.clear()

    def _judge(self) -> None:
        self.start.setEnabled(bool(self.participant.text().strip()) and self.measures.right)

    def _accept(self) -> None:
        index = self.sensor.findText(self.sensor.currentText(), Qt.MatchFlag.MatchFixedString)
        self.choice = Choice(
            participant=self.participant.text().strip(),
            operator=self.operator.text().strip(),
            assessment=self.test.currentData(),
            side=self.side.currentData(),
            trials=self.trials.value(),
            practice=self.practice.value(),
            sensor=self.sensor.itemData(index) if index >= 0 else self.sensor.currentText().strip(),
            capacity=self.capacity.currentData(),
            set_up=self.measures.set_up,
        )
        self.accept()
