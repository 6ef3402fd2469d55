import re
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from PySide6.QtWidgets import QTableWidgetItem
from pytestqt.qtbot import QtBot

from forcelab.app.palette import LIGHT
from forcelab.app.trial_card import TrialCard, doubts, summary
from forcelab.app.trial_plot import picture
from forcelab.app.trial_table import SideTable, cells, leading_metrics
from forcelab.app.uncertainty import tip
from forcelab.assessments import available
from forcelab.evaluate import evaluate
from forcelab.model import Assessment, Evaluation, Result, TrialView
from tests.analysis.jump.signals import countermovement, sample
from tests.app.fakes import ABDUCTION, COUNTER, GAP, LATE, push, trial

METRICS = ("peak_force", "rfd_0_200")


def test_time_is_counted_from_onset_and_force_from_the_baseline() -> None:
    shown = trial(1, "left", 200.0)
    assert shown.trace is not None
    drawn = picture(shown.trace, shown.evaluation)
    assert drawn.x[0] == pytest.approx(-2.005)
    assert np.allclose(drawn.y, shown.trace.force - 1.0)
    assert drawn.windows == (0.1, 0.15, 0.2, 0.25)  # 0–50 is withheld and has no mark


def test_without_an_effort_the_recording_is_shown_as_it_is() -> None:
    trace = push(30.0)
    drawn = picture(trace, Evaluation(None, (), (), "repeat"))
    assert drawn.x[0] == 0.0
    assert drawn.effort is None
    assert drawn.windows == ()


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (trial(1, "left", 200.0), ["1", "trust it", "none"]),
        (trial(2, "left", 200.0, "peak_only", (COUNTER,)), ["2", "peak only", "counter-movement"]),
        (trial(3, "left", 200.0, "repeat", (LATE, GAP)), ["3", "repeat", "still rising at the end"]),
        (trial(1, "left", 200.0, practice=True), ["practice", "trust it", "none"]),
        (trial(1, "left", 200.0, excluded=True), ["1", "excluded", "none"]),
    ],
)
def test_rows_tell_verdict_and_doubts_in_words(shown: TrialView, words: list[str]) -> None:
    row = cells(shown, METRICS, best=False)
    assert [row[0], *row[3:]] == words


def test_the_best_is_called_best_and_what_is_withheld_is_called_so() -> None:
    row = cells(trial(2, "left", 200.0), ("peak_force", "rfd_0_50", "impulse_0_50"), best=True)
    assert row[0] == "2 · best"
    assert row[2:4] == ["withheld", "–"]


def test_peak_and_rfd_lead_where_the_assessment_has_them() -> None:
    assert leading_metrics(ABDUCTION) == METRICS
    assert leading_metrics(replace_metrics("impulse_0_100", "time_to_peak")) == ("impulse_0_100", "time_to_peak")


def replace_metrics(*metrics: str) -> Assessment:
    return msgspec.structs.replace(ABDUCTION, metrics=metrics)


def cell(table: SideTable, row: int, column: int) -> QTableWidgetItem:
    item = table.table.item(row, column)
    assert item is not None
    return item


def test_what_was_left_out_is_struck_through_in_its_place(qtbot: QtBot) -> None:
    table = SideTable("left")
    qtbot.addWidget(table)
    trials = [trial(1, "left", 180.0), trial(2, "left", 190.0, excluded=True), trial(1, "right", 150.0, session=3)]
    table.show_trials(trials, METRICS, trials[0])
    assert table.table.rowCount() == 2
    assert cell(table, 0, 0).text() == "1 · best"
    assert cell(table, 1, 3).text() == "excluded"
    assert cell(table, 1, 1).font().strikeOut()
    assert not cell(table, 1, 3).font().strikeOut()
    assert not cell(table, 0, 1).font().strikeOut()


def test_doubts_are_sentences_and_gaps_are_told_as_gaps() -> None:
    told = doubts(trial(1, "left", 180.0, "repeat", (GAP, LATE), stopped="timeout")).split("\n")
    assert told[0] == "Ended by time: force was not let go."
    assert told[1].startswith("Still rising at the end. Force was still rising")
    assert told[2] == "Not assessed: Nobody recorded a zero, so a pre-load cannot be seen."
    assert doubts(trial(1, "left", 180.0)) == "No doubts about this trial."


def test_card_shows_verdict_trial_and_a_summary_for_screen_readers(qtbot: QtBot) -> None:
    card = TrialCard(LIGHT)
    qtbot.addWidget(card)
    shown = trial(2, "right", 180.0, "peak_only", (COUNTER,))
    card.show_trial(shown, announce=True)
    assert (card.verdict.text(), card.title.text()) == ("Trust the peak only", "Trial 2, right side")
    told = card.plot.accessibleDescription()
    assert told == summary(shown)
    assert "Peak force 1" in told
    assert "Trust the peak only" in told
    assert "Force fell by 9 N" in told


def test_card_of_a_jump_shows_its_recording_and_does_not_miss_an_onset(qtbot: QtBot) -> None:
    trace = sample(countermovement())
    (jump,) = evaluate({"total": trace}, available()["cmj"][0])
    view = TrialView(1, 1, "both", practice=False, stopped="released", evaluation=jump, trace=trace)
    card = TrialCard(LIGHT)
    qtbot.addWidget(card)
    card.show_trial(view)
    assert picture(trace, jump).effort is None
    assert "onset" not in doubts(view)
    assert summary(view)


def test_card_of_a_trial_without_recording_says_so(qtbot: QtBot) -> None:
    card = TrialCard(LIGHT)
    qtbot.addWidget(card)
    card.show_trial(replace(trial(1, "left", 100.0), trace=None, evaluation=None, stopped="interrupted"))
    assert card.doubts.text() == "Cut short: the sensor was lost.\nThere is no recording of this trial."
    assert card.verdict.text() == "–"


def uncertain(result: Result) -> Result:
    assert result.value is not None
    return msgspec.structs.replace(
        result,
        interval=(result.value - 2.0, result.value + 1.0),
        method_range=(result.value - 5.0, result.value + 5.0),
    )


def with_intervals(shown: TrialView) -> TrialView:
    assert shown.evaluation is not None
    results = tuple(uncertain(one) if one.metric in METRICS else one for one in shown.evaluation.results)
    return replace(shown, evaluation=msgspec.structs.replace(shown.evaluation, results=results))


def test_the_card_tells_the_main_numbers_with_their_intervals_and_what_those_are_not(qtbot: QtBot) -> None:
    card = TrialCard(LIGHT)
    qtbot.addWidget(card)
    card.show_trial(with_intervals(trial(1, "left", 200.0)))
    peak, rfd = card.numbers.text().split("\n")
    assert peak.startswith("Peak force ")
    assert re.fullmatch(r"Peak force (\d+\.\d) N \((\d+\.\d)–(\d+\.\d)\)", peak)
    assert rfd.startswith("RFD 0–200 ")
    assert "not the error of the test" in card.meaning.text()
    assert not card.meaning.isHidden()
    assert "Over the onset rules" in card.numbers.toolTip()


def test_without_intervals_nothing_is_said_of_brackets(qtbot: QtBot) -> None:
    card = TrialCard(LIGHT)
    qtbot.addWidget(card)
    shown = trial(1, "left", 200.0)
    assert shown.evaluation is not None
    bare = tuple(msgspec.structs.replace(one, interval=None, method_range=None) for one in shown.evaluation.results)
    card.show_trial(replace(shown, evaluation=msgspec.structs.replace(shown.evaluation, results=bare)))
    assert "(" not in card.numbers.text()
    assert card.meaning.isHidden()


def test_a_number_in_the_table_tells_interval_range_and_evidence_as_a_tooltip(qtbot: QtBot) -> None:
    table = SideTable("left")
    qtbot.addWidget(table)
    shown = with_intervals(trial(1, "left", 200.0))
    assert shown.evaluation is not None
    doubtful = Result("impulse_0_200", 11.0, "N·s", "impulse_0_200/1")
    results = (*shown.evaluation.results, doubtful)
    shown = replace(shown, evaluation=msgspec.structs.replace(shown.evaluation, results=results))
    table.show_trials([shown], ("peak_force", "impulse_0_200"), None)
    peak, impulse = (table.table.item(0, column) for column in (1, 2))
    assert peak is not None
    assert impulse is not None
    assert "95 % interval of the instrument" in peak.toolTip()
    assert "Over the onset rules" in peak.toolTip()
    assert "not verified" not in peak.toolTip()
    assert "Definition not verified against its source." in impulse.toolTip()


def test_a_value_outside_its_interval_says_why_in_the_tooltip() -> None:
    lifted = Result("peak_force", 410.0, "N", "peak_force/1", (399.0, 401.0))
    assert "the greatest of many noisy samples" in tip(lifted)
    assert tip(Result("rfd_0_50", None, "N/s", "", reason="rate: too slow")) == "rate: too slow"
