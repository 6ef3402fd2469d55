"""The law over the folder: every assessment in it is complete, by being listed."""

from importlib import resources

import pytest
from msgspec.structs import replace

from forcelab import assessments
from forcelab.analysis.critical_force import CRITICAL_FORCE
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.metrics import METRICS as KNOWN
from forcelab.analysis.pulses import SCALING_FACTORS
from forcelab.assessments import available, load
from forcelab.evaluate import everything, supported
from forcelab.evaluate.holds import HOLD_NUMBERS
from forcelab.model import Regime

FILES = {
    file.name: file.read_text(encoding="utf-8")
    for file in resources.files(assessments).iterdir()
    if file.name.endswith(".toml")
}

LOADED = {name: load(text, name) for name, text in FILES.items()}
EFFORTS = [name for name, test in LOADED.items() if test.kind == "effort" and not test.series]
HOLDS = [name for name, test in LOADED.items() if test.kind == "hold"]
SERIAL = [name for name, test in LOADED.items() if test.series]
JUMPS = [name for name, test in LOADED.items() if test.kind == "jump"]

NAMED_IN_THE_ISSUE = {"abd_supine_long", "abd_side", "ext_prone_kn90", "thrust_iso", "er_prone", "squeeze_0_long"}

METRICS = [
    "peak_force",
    "peak_force_gross",
    "mean_1s",
    "rfd_0_50",
    "rfd_0_100",
    "rfd_0_150",
    "rfd_0_200",
    "rfd_0_250",
    "rfd_20_80",
    "peak_rfd_20",
    "peak_rfd_50",
    "peak_rfd_200",
    "force_at_50",
    "force_at_90",
    "force_at_100",
    "force_at_150",
    "force_at_200",
    "force_at_250",
    "impulse_0_50",
    "impulse_0_100",
    "impulse_0_150",
    "impulse_0_200",
    "impulse_0_250",
    "time_to_peak",
]


def test_the_six_tests_the_jumps_and_the_free_one_are_there() -> None:
    assert set(available()) >= NAMED_IN_THE_ISSUE | {"free", "cmj", "sj", "dj_30", "abd_hold_20"}


@pytest.mark.parametrize("file", FILES)
def test_every_file_is_a_complete_assessment(file: str) -> None:
    assessment = load(FILES[file], file)
    assert file == f"{assessment.id}.toml"
    words = assessment.words("en")
    for text in (words.name, words.position, words.fixation, words.landmark, words.instruction, assessment.lever):
        assert text.strip() == text
        assert text
        assert "  " not in text
    assert assessment.sources
    for source in assessment.sources:
        assert source.endswith((" [V]", " [K]")), f"no evidence mark: {source}"
    assert assessment.stop_at < assessment.start_at


@pytest.mark.parametrize("file", EFFORTS)
def test_every_metric_of_the_issue_is_listed_once(file: str) -> None:
    listed = load(FILES[file], file).metrics
    assert len(set(listed)) == len(listed)
    assert set(METRICS) <= set(listed)


@pytest.mark.parametrize("file", JUMPS)
def test_a_jump_is_asked_for_every_number_that_it_has(file: str) -> None:
    assessment = load(FILES[file], file)
    assert assessment.jump is not None
    theirs = {metric.id for metric in JUMP_METRICS.values() if assessment.jump.form in metric.kinds}
    assert set(assessment.metrics) == theirs
    assert (assessment.jump.box is not None) == (assessment.jump.form == "dj")


@pytest.mark.parametrize("file", HOLDS)
def test_a_hold_is_scored_by_its_steadiness_and_long_enough_for_it(file: str) -> None:
    assert LOADED[file].metrics[0] == "steadiness_cv"
    assert LOADED[file].hold >= 10.0


def test_the_series_are_those_that_were_studied() -> None:
    assert {LOADED[file].id for file in SERIAL} == {"abd_all_out_24", "abd_pulses_36"}
    all_out = LOADED["abd_all_out_24.toml"]
    assert all_out.regime == Regime(24, 7.0, 3.0)
    assert set(all_out.series) >= {measure.id for measure in CRITICAL_FORCE}
    assert set(LOADED["abd_pulses_36.toml"].series) == {measure.id for measure in SCALING_FACTORS}


@pytest.mark.parametrize("file", FILES)
def test_everything_it_asks_for_can_be_computed(file: str) -> None:
    assert supported(load(FILES[file], file)) == []


@pytest.mark.parametrize("name", sorted(NAMED_IN_THE_ISSUE))
def test_a_test_with_a_lever_asks_for_torque_and_for_numbers_per_kg(name: str) -> None:
    assessment, _ = available()[name]
    assert {"peak_torque", "peak_torque_per_kg", "peak_force_per_kg"} <= set(assessment.metrics)
    assert assessment.metrics[0] == "peak_force"


def test_the_free_measurement_shows_the_metrics_of_the_issue_in_their_order() -> None:
    assessment, _ = available()["free"]
    assert [name for name in assessment.metrics if name in METRICS] == METRICS


def test_everything_begins_with_what_the_test_asks_for_and_leaves_no_number_out() -> None:
    for name, tables in (("free", {*KNOWN}), ("abd_hold_20", {*KNOWN, *HOLD_NUMBERS}), ("cmj", {*JUMP_METRICS})):
        assessment, _ = available()[name]
        asked = everything(assessment)
        assert asked[: len(assessment.metrics)] == assessment.metrics
        assert set(asked) == tables | set(assessment.metrics)
        assert supported(replace(assessment, metrics=asked)) == []


def test_both_limbs_are_tested_at_once_where_they_push_the_same_thing() -> None:
    catalogue = available()
    both = {name for name, (assessment, _) in catalogue.items() if assessment.sides == "both"}
    jumps = {"cmj", "sj", "dj_30"}
    assert both == {"thrust_iso", "squeeze_0_long"} | jumps
    push = {name for name, (assessment, _) in catalogue.items() if assessment.sensor == "push"}
    assert push == {"squeeze_0_long"} | jumps


def test_the_text_beside_the_assessment_is_the_text_of_its_file() -> None:
    for name, (assessment, text) in available().items():
        assert text == FILES[f"{name}.toml"]
        assert load(text, name) == assessment
