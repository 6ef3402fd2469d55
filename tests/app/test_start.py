"""The first page: what is chosen on it is what comes out."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from forcelab import assessments
from forcelab.app.choice import SIMULATED, Choice, Offer
from forcelab.app.palette import LIGHT
from forcelab.app.start import StartPage
from forcelab.model import SetUp

TESTS = {name: assessment for name, (assessment, _text) in assessments.available().items()}


def page(qtbot: QtBot, offer: Offer | None = None) -> StartPage:
    made = StartPage(offer or Offer(TESTS), LIGHT)
    qtbot.addWidget(made)
    made.show()
    return made


def test_nobody_is_tested_without_a_code(qtbot: QtBot) -> None:
    start = page(qtbot)
    assert not start.start.isEnabled()
    qtbot.keyClicks(start.participant, "  ")
    assert not start.start.isEnabled()
    qtbot.keyClicks(start.participant, "P7")
    assert start.start.isEnabled()


def test_what_is_chosen_is_what_comes_out(qtbot: QtBot) -> None:
    start = page(qtbot)
    qtbot.keyClicks(start.participant, "P7")
    start.test.setCurrentIndex(start.test.findData("ext_prone_kn90"))
    start.side.setCurrentIndex(start.side.findData("left"))
    start.sensor.setCurrentIndex(start.sensor.findData(SIMULATED))
    start.trials.setValue(2)
    start.practice.setValue(0)
    start.capacity.setCurrentIndex(1)
    qtbot.keyClick(start, Qt.Key.Key_Return)
    assert start.choice == Choice("P7", "", "ext_prone_kn90", "left", 2, 0, SIMULATED, 1471.0)


def test_a_sensor_can_be_named(qtbot: QtBot) -> None:
    start = page(qtbot)
    qtbot.keyClicks(start.participant, "P7")
    start.sensor.setEditText(" Progressor_1234 ")
    start.start.click()
    assert start.choice is not None
    assert start.choice.sensor == "Progressor_1234"


@pytest.mark.parametrize("typed", ["Progressor_1234", SIMULATED])
def test_a_typed_sensor_survives_return(qtbot: QtBot, typed: str) -> None:
    start = page(qtbot)
    qtbot.keyClicks(start.participant, "P7")
    line = start.sensor.lineEdit()
    assert line is not None
    line.selectAll()
    qtbot.keyClicks(line, typed)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    start.start.click()
    assert start.choice is not None
    assert start.choice.sensor == typed


def test_a_test_of_both_limbs_at_once_offers_no_single_side(qtbot: QtBot) -> None:
    start = page(qtbot)
    start.test.setCurrentIndex(start.test.findData("squeeze_0_long"))
    assert [start.side.itemData(index) for index in range(start.side.count())] == ["both"]
    start.test.setCurrentIndex(start.test.findData("abd_side"))
    assert [start.side.itemData(index) for index in range(start.side.count())] == ["both", "left", "right"]


def test_what_was_chosen_last_is_offered_again(qtbot: QtBot) -> None:
    last = Choice("P7", "T1", "er_prone", "both", 3, 1, "Progressor_1234", 1961.0, SetUp(body_mass=72.125))
    start = page(qtbot, Offer(TESTS, last=last))
    start.start.click()
    assert start.choice == last


def test_what_was_measured_comes_out_in_si(qtbot: QtBot) -> None:
    start = page(qtbot)
    qtbot.keyClicks(start.participant, "P7")
    qtbot.keyClicks(start.measures.body_mass, "72,5")
    qtbot.keyClicks(start.measures.lever_arm, "0.82")
    qtbot.keyClick(start, Qt.Key.Key_Return)
    assert start.choice is not None
    assert start.choice.set_up == SetUp(body_mass=72.5, lever_arm=0.82)


def test_both_measures_may_stay_empty(qtbot: QtBot) -> None:
    start = page(qtbot)
    qtbot.keyClicks(start.participant, "P7")
    start.start.click()
    assert start.choice is not None
    assert start.choice.set_up is None


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("lever_arm", "82", "A lever arm of 82 m cannot be right."),
        ("body_mass", "0", "A body mass of 0 kg cannot be right."),
        ("body_mass", "heavy", "“heavy” is no number."),
        ("lever_arm", "inf", "“inf” is no number."),
    ],
)
def test_a_measure_that_cannot_be_right_is_told_and_starts_nothing(
    qtbot: QtBot, field: str, typed: str, sentence: str
) -> None:
    start = page(qtbot)
    qtbot.keyClicks(start.participant, "P7")
    line: QLineEdit = getattr(start.measures, field)
    qtbot.keyClicks(line, typed)
    assert start.measures.problem.isVisible()
    assert start.measures.problem.text() == sentence
    assert not start.start.isEnabled()
    line.clear()
    assert not start.measures.problem.isVisible()
    assert start.start.isEnabled()


def test_what_was_measured_on_somebody_else_is_not_offered(qtbot: QtBot) -> None:
    last = Choice("P7", "T1", "er_prone", "both", 3, 1, "", None, SetUp(body_mass=72.5, lever_arm=0.4))
    start = page(qtbot, Offer(TESTS, last=last))
    assert start.measures.set_up == last.set_up
    start.test.setCurrentIndex(start.test.findData("abd_side"))  # its lever is measured elsewhere
    assert start.measures.set_up == SetUp(body_mass=72.5)
    start = page(qtbot, Offer(TESTS, last=last))
    qtbot.keyClicks(start.participant, "8")
    assert start.measures.set_up is None
    qtbot.keyClicks(start.measures.body_mass, "80")
    qtbot.keyClicks(start.participant, "1")
    assert start.measures.set_up == SetUp(body_mass=80.0)


def test_an_unclosed_session_is_recovered_and_said_so(qtbot: QtBot) -> None:
    asked: list[Path] = []

    def recover(path: Path) -> str:
        asked.append(path)
        return "It is whole."

    start = page(qtbot, Offer(TESTS, unclosed=(Path("lost.forcelab"),), recover=recover))
    (button,) = (b for b in start.findChildren(QPushButton) if "lost.forcelab" in b.accessibleName())
    button.click()
    assert asked == [Path("lost.forcelab")]
    assert not button.isVisible()


def test_leaving_the_page_chooses_nothing(qtbot: QtBot) -> None:
    start = page(qtbot)
    qtbot.keyClicks(start.participant, "P7")
    qtbot.keyClick(start, Qt.Key.Key_Escape)
    assert start.choice is None


@pytest.mark.parametrize("kind", [QLineEdit, QComboBox, QSpinBox])
def test_every_field_has_a_name_and_room_for_its_text(qtbot: QtBot, kind: type[QWidget]) -> None:
    start = page(qtbot)
    for field in start.findChildren(kind):
        if field.parent() in (start.sensor, start.trials, start.practice):
            continue  # the inner line of a field that has its own name
        assert field.accessibleName()
        assert field.height() >= 1.5 * field.fontMetrics().height()
