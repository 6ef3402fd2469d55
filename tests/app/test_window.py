from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from forcelab import flow
from forcelab.app.actions import KEYS
from forcelab.app.palette import DARK, LIGHT
from forcelab.app.save_as import copy_session
from forcelab.app.window import MainWindow
from forcelab.model import SensorView, View
from tests.app.conftest import Open
from tests.app.fakes import ABDUCTION, COUNTER, LATE, SENSOR, FakeEngine, trial

TRIALS = (
    trial(1, "left", 168.0, session=1),
    trial(1, "right", 151.0, "peak_only", (COUNTER,), session=2),
    trial(2, "left", 175.0, "repeat", (LATE,), session=3),
)
RESTING = View(
    phase="resting",
    assessment=ABDUCTION,
    participant="P-017",
    side="right",
    number=2,
    trials_wanted=3,
    force=0.4,
    peak=181.0,
    remaining=24.2,
    sensors=(SENSOR,),
    trials=TRIALS,
    saved_as="somewhere/P-017.forcelab",
)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(view=RESTING)


@pytest.fixture
def window(open_window: Open, engine: FakeEngine) -> MainWindow:
    return open_window(engine)


def show(window: MainWindow, engine: FakeEngine, view: View) -> None:
    engine.view = view
    window.refresh()


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name))


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window, key, modifier)


# --- what is shown ---


def test_force_peak_side_and_prompt_are_the_views(window: MainWindow, engine: FakeEngine) -> None:
    show(window, engine, replace(RESTING, phase="effort", force=167.4, peak=171.6, remaining=2.6))
    assert window.stage.force.figure.text() == "167"
    assert window.stage.force.peak.text() == "Peak of this trial  172 N"
    assert window.stage.force.live.text() == "live, unverified"
    assert window.stage.side.word.text() == "RIGHT"
    assert window.stage.side.arrow_right.isVisible()
    assert not window.stage.side.arrow_left.isVisible()
    assert window.stage.prompt.line.text() == "Hold … 3 s"


def test_a_force_that_is_not_there_is_a_dash_and_never_zero(window: MainWindow, engine: FakeEngine) -> None:
    show(window, engine, replace(RESTING, force=None))
    assert window.stage.force.figure.text() == "–"
    show(window, engine, replace(RESTING, force=-0.3))
    assert window.stage.force.figure.text() == "0"


def test_peak_of_the_trial_before_is_not_shown_as_this_ones(window: MainWindow, engine: FakeEngine) -> None:
    show(window, engine, replace(RESTING, phase="armed"))
    assert window.stage.force.peak.text() == "Peak of this trial  – N"


def test_scores_are_those_of_summarise(window: MainWindow) -> None:
    left, right, symmetry = (value.text() for value in window.results.values)
    best = {one.side: one for one in TRIALS[:2]}
    peaks = {side: one.evaluation.effort.peak for side, one in best.items() if one.evaluation and one.evaluation.effort}
    assert (left, right) == (f"{peaks['left']:.1f} N", f"{peaks['right']:.1f} N")
    assert symmetry == f"{100 * peaks['left'] / peaks['right']:.1f} %"
    assert window.results.formula.text() == (
        "LSI = 100 × left / right. No retest error is known here: nothing can be said about a real difference."
    )


def test_one_more_trial_is_advised_once_a_side_had_its_trials(window: MainWindow, engine: FakeEngine) -> None:
    apart = [trial(n, "left", peak, session=n) for n, peak in ((1, 200.0), (2, 150.0), (3, 160.0))]
    show(window, engine, replace(RESTING, trials=tuple(apart[:2]), trials_wanted=3))
    assert window.results.advice.text() == ""
    show(window, engine, replace(RESTING, trials=tuple(apart), trials_wanted=3))
    words = window.results.advice.text()
    assert words.startswith("Left: The best two trials are ")
    assert "more than 10 %." in words
    assert words.endswith("One more trial is advised.")


def test_a_new_trial_is_shown_until_the_next_push(window: MainWindow, engine: FakeEngine) -> None:
    assert window.card.trial is TRIALS[-1]
    show(window, engine, replace(RESTING, phase="armed"))
    assert window.card.trial is TRIALS[-1]
    show(window, engine, replace(RESTING, phase="effort"))
    assert window.card.trial is None
    assert window.card.pages.currentIndex() == 0
    after = trial(2, "right", 160.0, session=4)
    show(window, engine, replace(RESTING, phase="resting", trials=(*TRIALS, after)))
    assert window.card.trial is after


def test_a_row_brings_its_trial_back(window: MainWindow) -> None:
    window.tables["left"].table.selectRow(0)
    assert window.card.trial is TRIALS[0]
    assert window.chosen is TRIALS[0]


def test_both_sides_at_once_have_one_table(window: MainWindow, engine: FakeEngine) -> None:
    assert [side for side, table in window.tables.items() if table.isVisible()] == ["left", "right"]
    both = msgspec.structs.replace(ABDUCTION, sides="both")
    show(window, engine, replace(RESTING, assessment=both, side="both"))
    assert [side for side, table in window.tables.items() if table.isVisible()] == ["both"]


def test_problems_are_sentences_in_the_window(window: MainWindow, engine: FakeEngine) -> None:
    assert not window.problems.isVisible()
    warned = replace(SENSOR, warning="The battery is low: charge it now.")
    show(window, engine, replace(RESTING, problem="The disk is full.", sensors=(warned,)))
    assert window.problems.isVisible()
    assert window.problems.words.text() == "The disk is full.\nThe battery is low: charge it now."
    window.problems.close_button.click()
    assert not window.problems.isVisible()
    show(window, engine, replace(RESTING, problem="The disk is gone."))
    assert window.problems.words.text() == "The disk is gone."


def test_a_fault_of_the_engine_is_told_and_stays(window: MainWindow, engine: FakeEngine) -> None:
    engine.failure = "forcelab itself failed."
    window.refresh()
    assert window.problems.words.text() == "forcelab itself failed."
    assert not window.problems.close_button.isVisible()


def test_what_a_sensor_tells_of_itself_is_shown_with_it_as_text(window: MainWindow, engine: FakeEngine) -> None:
    about = (("firmware", "1.2.3.4"), ("maker", "<b>Acme</b>"))
    sensor = SensorView("P", "Toy", "ready", battery="87 %, 3.90 V", warning="Charge it now.", about=about)
    show(window, engine, replace(RESTING, sensors=(sensor,)))
    chip = window.header.chips[0]
    assert chip.words.text() == "P · ready · battery 87 %, 3.90 V"
    assert chip.words.accessibleDescription() == "Toy\nfirmware: 1.2.3.4\nmaker: <b>Acme</b>\nCharge it now."
    assert "maker: &lt;b&gt;Acme&lt;/b&gt;<br>Charge" in chip.toolTip()
    assert window.problems.words.text() == "Charge it now."


def test_what_a_family_rests_on_stands_below_the_sensors(window: MainWindow, engine: FakeEngine) -> None:
    assert not window.header.status.isVisible()
    sensors = [SensorView(name, "Scale", "ready", status="Scale: rate not settled.") for name in ("A", "B")]
    show(window, engine, replace(RESTING, sensors=tuple(sensors)))
    assert window.header.status.isVisible()
    assert window.header.status.text() == "Scale: rate not settled."


def test_html_in_a_sensors_name_is_text(window: MainWindow, engine: FakeEngine) -> None:
    name = "<b>Progressor</b><img src=x>"
    sensor = SensorView(name, "Progressor", "ready")
    show(window, engine, replace(RESTING, sensors=(sensor,), problem=f"{name} is lost"))
    chip = window.header.chips[0].words
    assert chip.text() == f"{name} · ready"
    for label in window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
    assert chip.sizeHint().width() >= chip.fontMetrics().horizontalAdvance(name)


# --- what is posted ---


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Qt.Key.Key_Space, flow.Go()),
        (Qt.Key.Key_Z, flow.Zero()),
        (Qt.Key.Key_R, flow.RepeatTrial()),
        (Qt.Key.Key_K, flow.SkipTrial()),
        (Qt.Key.Key_S, flow.SwitchSide("left")),
        (Qt.Key.Key_B, flow.AskBattery()),
    ],
)
def test_each_key_posts_its_command(window: MainWindow, engine: FakeEngine, key: Qt.Key, command: flow.Request) -> None:
    press(window, key)
    assert engine.posted == [command]


def test_space_presses_the_button_that_has_the_focus(window: MainWindow, engine: FakeEngine) -> None:
    window.actions_bar.buttons["zero"].setFocus(Qt.FocusReason.TabFocusReason)
    press(window, Qt.Key.Key_Space)
    assert engine.posted == [flow.Zero()]


def test_a_held_key_asks_once(window: MainWindow, engine: FakeEngine) -> None:
    for repeated in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Z, Qt.KeyboardModifier.NoModifier, "z", autorep=repeated)
        QApplication.sendEvent(window, event)
    assert len(engine.posted) <= 1
    assert not any(shortcut.autoRepeat() for shortcut in window.actions_bar.shortcuts.values())


def test_excluding_asks_for_a_reason_and_can_be_undone(window: MainWindow, engine: FakeEngine) -> None:
    press(window, Qt.Key.Key_X)
    assert window.ask.isVisible()
    assert engine.posted == []
    press(window, Qt.Key.Key_3)
    assert engine.posted == [flow.Exclude(3, "Belt or sensor slipped")]
    assert not window.ask.isVisible()
    judged = replace(TRIALS[-1], excluded=True)
    show(window, engine, replace(RESTING, trials=(*TRIALS[:-1], judged)))
    assert window.actions_bar.buttons["exclude"].text() == "Take trial 2 back"
    press(window, Qt.Key.Key_X)
    assert engine.posted[-1] == flow.Include(3)


def test_escape_leaves_things_as_they_are(window: MainWindow, engine: FakeEngine) -> None:
    press(window, Qt.Key.Key_X)
    press(window, Qt.Key.Key_Escape)
    assert engine.posted == []
    assert not window.ask.isVisible()


def test_a_stray_pedal_answers_no_question(window: MainWindow, engine: FakeEngine) -> None:
    press(window, Qt.Key.Key_X)
    press(window, Qt.Key.Key_Space)
    assert engine.posted == []


def test_finishing_early_is_asked_and_finishing_in_time_is_not(window: MainWindow, engine: FakeEngine) -> None:
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert engine.posted == []
    press(window, Qt.Key.Key_1)
    assert engine.posted == [flow.EndSession()]
    show(window, engine, replace(RESTING, phase="review"))
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert engine.posted == [flow.EndSession()] * 2


def test_buttons_offer_only_what_the_flow_has_a_rule_for(window: MainWindow, engine: FakeEngine) -> None:
    buttons = window.actions_bar.buttons
    show(window, engine, replace(RESTING, phase="effort"))
    assert {name for name, button in buttons.items() if button.isEnabled()} == {"skip", "exclude", "save", "finish"}
    assert buttons["skip"].text() == "Stop trial"
    show(window, engine, replace(RESTING, phase="done"))
    assert {name for name, button in buttons.items() if button.isEnabled()} == {"save"}


def test_closing_ends_the_session_in_order(window: MainWindow, engine: FakeEngine) -> None:
    window.close()
    assert engine.posted == [flow.EndSession()]


def test_closing_after_the_end_asks_for_nothing(window: MainWindow, engine: FakeEngine) -> None:
    engine.view = replace(RESTING, phase="done")
    window.close()
    assert engine.posted == []


# --- saving a copy ---


def shows(window: MainWindow, force: float) -> bool:
    """Whether the live curve ends with this force."""
    drawn = window.graph.curve.y
    return bool(drawn.size) and float(drawn[-1]) == force


def give_up(window: MainWindow) -> None:
    if window.saver.dialog is not None:
        window.saver.dialog.reject()


def test_live_curve_goes_on_while_the_file_dialog_is_open(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    window.timer.start(1)
    # If the dialog ever blocks, the key comes back only when it is closed: then this ends the test, and it fails.
    QTimer.singleShot(10_000, window, partial(give_up, window))
    press(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog = window.saver.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible)
    for step in range(1, 6):
        engine.ring.t = np.arange(80 * step) / 80
        engine.ring.force = np.full(80 * step, 10.0 * step)
        qtbot.waitUntil(partial(shows, window, 10.0 * step))
        assert dialog.isVisible()
    dialog.reject()
    assert window.saver.dialog is None


def test_a_copy_is_made_and_told(qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path) -> None:
    source, target = tmp_path / "a.forcelab", tmp_path / "copies" / "b.forcelab"
    source.write_text("all of it", encoding="utf-8")
    show(window, engine, replace(RESTING, saved_as=str(source)))
    window.saver.ask(str(source))
    with qtbot.waitSignal(window.saver.told) as told:
        window.saver.copy_to(str(target))
    assert told.args is not None
    assert told.args[1] is False  # the folder is not there
    target.parent.mkdir()
    with qtbot.waitSignal(window.saver.told):
        window.saver.copy_to(str(target))
    assert target.read_text(encoding="utf-8") == "all of it"
    assert window.problems.words.text() == f"A copy was saved as {target}"
    assert window.saver.dialog is not None
    window.saver.dialog.reject()


def test_a_session_copied_onto_itself_is_left_alone(tmp_path: Path) -> None:
    source = tmp_path / "a.forcelab"
    source.write_bytes(b"all of it")
    assert copy_session(source, source) == ""
    assert source.read_bytes() == b"all of it"
    assert [path.name for path in tmp_path.iterdir()] == ["a.forcelab"]


# --- for everyone ---


def tab_stops(window: MainWindow) -> list[QWidget]:
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None  # such a one passes the focus on
    ]


def test_every_tab_stop_has_a_name(window: MainWindow, engine: FakeEngine) -> None:
    for view in (RESTING, View(phase="connecting"), replace(RESTING, problem="Something is wrong.")):
        show(window, engine, view)
        if view is RESTING:
            press(window, Qt.Key.Key_X)
        stops = tab_stops(window)
        assert len(stops) >= 4
        for widget in stops:
            assert name_of(widget).strip(), widget


def test_buttons_tell_their_keys_and_numbers_are_read_out(window: MainWindow) -> None:
    for action, button in window.actions_bar.buttons.items():
        assert KEYS[action].split("+")[0] in name_of(button)
        assert button.text() in name_of(button)
    assert name_of(window.stage.force.figure) == "Force now 0 N, live, unverified"
    assert name_of(window.results.values[0]).startswith("Best left 1")


def test_no_text_is_cut_off_at_twice_the_size(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    for scale in (1.0, 2.0):
        window.set_text_scale(scale)
        for view in (RESTING, replace(RESTING, phase="ready", practice=True), replace(RESTING, phase="interrupted")):
            show(window, engine, view)
            window.resize(1920, 1080)
            qtbot.waitUntil(lambda: window.width() == 1920)
            QApplication.processEvents()
            for label in window.findChildren(QLabel):
                if not label.isVisible() or not label.text():
                    continue
                if label.wordWrap():
                    assert label.height() >= label.heightForWidth(label.width()), label.text()
                else:
                    assert label.width() >= label.sizeHint().width(), label.text()
                    assert label.height() >= label.sizeHint().height(), label.text()
            for button in window.findChildren(QPushButton):
                if button.isVisible():
                    assert button.width() >= button.sizeHint().width(), button.text()
                    assert button.height() >= button.sizeHint().height(), button.text()


def test_keys_change_text_size_and_colours(window: MainWindow) -> None:
    size = window.stage.prompt.hint.font().pointSizeF()
    press(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert window.stage.prompt.hint.font().pointSizeF() == pytest.approx(1.15 * size)
    press(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.stage.prompt.hint.font().pointSizeF() == pytest.approx(size)
    assert window.theme is LIGHT
    press(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert window.theme is DARK


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_theme_reaches_window_plots_and_prompt(
    window: MainWindow, engine: FakeEngine, theme: object, tmp_path: Path
) -> None:
    assert theme in (LIGHT, DARK)
    wanted = LIGHT if theme is LIGHT else DARK
    window.set_theme(wanted)
    show(window, engine, replace(RESTING, phase="effort"))
    assert window.screenshot(tmp_path / "window.png")
    image = window.grab().toImage()
    assert image.pixelColor(2, 2).name().upper() == wanted.window
    corner = window.graph.mapTo(window, window.graph.rect().topLeft())
    assert image.pixelColor(corner.x() + 3, corner.y() + 3).name().upper() == wanted.card
    tile = window.stage.prompt
    middle = tile.mapTo(window, tile.rect().center())
    assert image.pixelColor(middle.x() + 250, middle.y()).name().upper() == wanted.tones["push"][0]
    assert tile.line.palette().color(tile.line.foregroundRole()).name().upper() == wanted.tones["push"][1]


def test_an_unchanged_window_paints_the_same_picture(window: MainWindow) -> None:
    assert window.grab().toImage() == window.grab().toImage()


def test_the_sensor_is_switched_off_only_from_the_menu(window: MainWindow, engine: FakeEngine) -> None:
    (off,) = (action for action in window.view_button.actions() if action.text() == "Switch the sensor off")
    assert not off.shortcuts()
    off.trigger()
    assert engine.posted == [flow.Sleep()]


@pytest.mark.parametrize("phase", ["connecting", "interrupted"])
def test_a_sensor_that_was_refused_can_be_tried_again(
    window: MainWindow, engine: FakeEngine, phase: Literal["connecting", "interrupted"]
) -> None:
    show(window, engine, View(phase=phase, assessment=ABDUCTION))
    button = next(b for b in window.findChildren(QPushButton) if b.isEnabled() and "Try again" in name_of(b))
    button.click()
    assert engine.posted == [flow.Go()]


def test_of_two_sensors_each_side_has_its_table_beside_that_of_both(window: MainWindow, engine: FakeEngine) -> None:
    sides = (trial(1, "left", 150.0, session=1), trial(1, "right", 170.0, session=1))
    both = replace(trial(1, "both", 320.0, session=1), parts=sides)
    squeeze = msgspec.structs.replace(ABDUCTION, sides="both")
    engine.rings_of = {"left": engine.ring, "right": engine.ring}
    show(window, engine, replace(RESTING, assessment=squeeze, side="both", trials=(both,), force=1.0))
    assert {side: table.table.rowCount() for side, table in window.tables.items()} == {"left": 1, "right": 1, "both": 1}
    assert all(table.isVisibleTo(window) for table in window.tables.values())
    show(window, engine, replace(RESTING, assessment=ABDUCTION, trials=TRIALS))
    assert not window.tables["both"].isVisibleTo(window)
