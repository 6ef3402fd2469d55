"""A user's own files: good ones join the others, mistakes are told with file, line and reason."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.assessments import AssessmentError, available, load

GOOD = """\
id = "mine"
version = 1
kind = "effort"
sides = "each"
contraction = "make"
sensor = "pull"
lever = "hip to ankle"
hold = 5.0
trials = 3
rest = 30.0
metrics = ["peak_force"]

[onset]
percent = 2.0

[text.en]
name = "Mine"
position = "Lying"
fixation = \"\"\"
A belt,
landmark = not a key
\"\"\"
landmark = "Ankle"
instruction = "Push"

[text.de]
name = "Meine"
position = "Liegend"
fixation = "Gurt"
landmark = "Knöchel"
instruction = "Drücken"
"""

MISTAKES = [
    ("hold = 5.0", "hold = 500.0", 8, "hold"),
    ("hold = 5.0", 'hold = "5"', 8, "hold"),
    ("hold = 5.0", "hold = nan", 8, "hold"),
    ("hold = 5.0", "holt = 5.0", 8, "holt"),
    ("hold = 5.0", "hold = = 5.0", 8, "TOML"),
    ("hold = 5.0", "", None, "hold"),
    ('kind = "effort"', 'kind = "shove"', 3, "shove"),
    ('id = "mine"', 'id = "My Test"', 1, "id"),
    ("trials = 3", "trials = 11", 9, "trials"),
    ("rest = 30.0", "rest = 30.0\nstart_at = 5.0\nstop_at = 9.0", 12, "stop_at"),
    ("rest = 30.0", "rest = 30.0\nstart_at = inf", 11, "start_at"),
    ("rest = 30.0", "rest = 30.0\ntarget = [80.0, 20.0]", 11, "target"),
    ('["peak_force"]', "[]", 11, "metrics"),
    ('["peak_force"]', "[1]", 11, "metrics"),
    ('["peak_force"]', '["peak_force", "peak_force"]', 11, "twice"),
    ("percent = 2.0", "percent = 20.0", 14, "onset.percent"),
    ("percent = 2.0", "percents = 2.0", 14, "onset.percents"),
    ('landmark = "Ankle"', 'landmark = "\\u001b[2J"', 23, "control character"),
    ('landmark = "Ankle"', 'landmark = " "', 23, "empty"),
    ('landmark = "Ankle"', "", 16, "text.en.landmark"),
    ('landmark = "Knöchel"', "landmark = 5", 30, "text.de.landmark"),
    ('landmark = "Knöchel"', 'landmarks = "Knöchel"', 30, "text.de.landmarks"),
    ("[text.en]", "[text.fr]", None, "text.en"),
    ("lever =", "lever = 1" + "0" * 5000 + " #", None, "value"),
    ("metrics =", "metrics = " + "[" * 3000 + "#", None, ""),
]


@pytest.mark.parametrize(("old", "new", "line", "word"), MISTAKES)
def test_a_mistake_is_told_with_file_line_and_key(old: str, new: str, line: int | None, word: str) -> None:
    assert old in GOOD
    with pytest.raises(AssessmentError) as told:
        load(GOOD.replace(old, new, 1), "mine.toml")
    sentence = str(told.value)
    assert sentence.startswith("mine.toml" if line is None else f"mine.toml, line {line}: ")
    assert told.value.line == line
    assert word in sentence
    assert "\n" not in sentence
    assert "\x1b" not in sentence


def test_a_good_file_joins_the_built_in_ones_and_a_bad_one_hides_none(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    (tmp_path / "bad.toml").write_text("id = \n", encoding="utf-8")
    (tmp_path / "latin.toml").write_bytes(b"id = 'x'\n# \xe4\n")
    (tmp_path / "taken.toml").write_text(GOOD.replace('"mine"', '"abd_side"'), encoding="utf-8")
    (tmp_path / "huge.toml").write_text("#" * 300_000, encoding="utf-8")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "notes.txt").write_text("not an assessment", encoding="utf-8")
    catalogue = available(tmp_path)
    assert set(catalogue) == set(available()) | {"mine"}
    assert catalogue["mine"][0].words("de").name == "Meine"
    assert catalogue["abd_side"] == available()["abd_side"]
    assert [problem.source for problem in catalogue.problems] == [
        "bad.toml",
        "folder.toml",
        "huge.toml",
        "latin.toml",
        "taken.toml",
    ]
    assert "latin.toml, line 2: this is not UTF-8" in str(catalogue.problems[3])


def test_a_folder_that_is_not_there_is_an_empty_one(tmp_path: Path) -> None:
    assert dict(available(tmp_path / "nowhere")) == dict(available())
    assert available(tmp_path / "nowhere").problems == ()


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    file = tmp_path / "assessments"
    file.write_text("", encoding="utf-8")
    catalogue = available(file)
    assert dict(catalogue) == dict(available())
    assert len(catalogue.problems) == 1


@given(st.text())
def test_any_text_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(AssessmentError):
        load(text, "any.toml")


@given(st.integers(0, len(GOOD)), st.integers(0, 12), st.text(max_size=8))
def test_any_damage_to_a_good_file_is_told_or_harmless(at: int, cut: int, added: str) -> None:
    with suppress(AssessmentError):
        assert load(GOOD[:at] + added + GOOD[at + cut :], "any.toml").words("en").name


@given(st.binary(max_size=200))
def test_any_bytes_in_the_folder_become_a_problem(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("assessments")
    (folder / "any.toml").write_bytes(data)
    assert len(available(folder).problems) == 1
