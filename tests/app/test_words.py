import ast
import string
from pathlib import Path

import pytest

from forcelab.app import words
from forcelab.assessments import available
from forcelab.evaluate import supported

APP = Path(words.__file__).parent
USED = {
    node.args[0].value
    for path in APP.glob("*.py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Call)
    and isinstance(node.func, ast.Name)
    and node.func.id == "say"
    and isinstance(node.args[0], ast.Constant)
    and isinstance(node.args[0].value, str)
}


def test_every_text_that_the_window_asks_for_is_in_the_table() -> None:
    assert len(USED) > 50
    assert set(words.ENGLISH) >= USED


def test_another_language_takes_over_and_what_it_lacks_is_english() -> None:
    words.choose({"zero": "Nollställ"})
    try:
        assert (words.say("zero"), words.say("repeat")) == ("Nollställ", "Repeat")
    finally:
        words.choose(words.ENGLISH)


@pytest.mark.parametrize("key", sorted(words.ENGLISH))
def test_values_in_texts_are_named(key: str) -> None:
    fields = [name for _, name, _, _ in string.Formatter().parse(words.ENGLISH[key]) if name is not None]
    assert all(name.isidentifier() for name in fields)


def test_every_metric_of_every_assessment_has_a_name_in_words() -> None:
    for assessment, _ in available().values():
        assert supported(assessment) == []
        for metric in assessment.metrics:
            assert "_" not in words.metric_words(metric)


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("peak_force", "Peak force"),
        ("rfd_0_200", "RFD 0–200"),
        ("rfd_20_80", "RFD 20–80 %"),
        ("peak_rfd_50", "Peak RFD, 50 ms"),
        ("impulse_0_100", "Impulse 0–100 ms"),
        ("force_at_150", "Force at 150 ms"),
        ("peak_torque_per_kg", "Peak torque, per kg"),
        ("rtd_20_80_per_kg", "RTD 20–80 %, per kg"),
        ("peak_force_allometric_067", "Peak force, per kg^0.67"),
        ("force_at_150_percent_bw", "Force at 150 ms, % of body weight"),
        ("something_new", "something new"),
    ],
)
def test_names_of_metrics(metric: str, name: str) -> None:
    assert words.metric_words(metric) == name


def test_a_flag_that_nobody_has_named_is_still_words() -> None:
    assert words.flag_words("PEAK_LATE") == "still rising at the end"
    assert words.flag_words("STRAP_TORN") == "strap torn"
