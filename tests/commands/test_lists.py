"""`devices`, `assessments`, `metrics`: everything that is known, readable in a narrow terminal and as JSON."""

import pytest

from firmware_protocols import CODECS
from forcelab import assessments
from forcelab.analysis.metrics import METRICS
from tests.commands.running import forcelab


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize(
    ("command", "names"), [("devices", CODECS), ("assessments", assessments.available()), ("metrics", METRICS)]
)
def test_all_that_is_known_is_listed(command: str, names: object) -> None:
    expected = list(names)  # type: ignore[call-overload] # three mappings
    said = forcelab(command)
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 80
    assert all(name in said.out for name in expected), "no name is broken in two"
    told = forcelab(command, "--json")
    assert (told.code, told.err) == (0, "")
    assert [one["id"] for one in told.json] == expected


def test_the_support_of_a_sensor_is_told_honestly() -> None:
    assert "tested on a virtual device only" in forcelab("devices").out


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_tells_its_definition(metric: str) -> None:
    said = forcelab("metrics", metric)
    assert METRICS[metric].formula in said.out
    assert METRICS[metric].definition in said.out
    told = forcelab("metrics", metric, "--json").json
    assert set(told) >= {"id", "version", "term", "unit", "formula", "source", "definition"}
    assert told["id"] == metric


@pytest.mark.parametrize("name", assessments.available())
def test_every_assessment_tells_all_about_itself(name: str) -> None:
    assessment, text = assessments.available()[name]
    words, told = assessment.words(), forcelab("assessments", name).out
    for said in (words.name, words.position, words.fixation, words.landmark, words.instruction, assessment.lever):
        assert " ".join(said.split()) in " ".join(told.split())
    for source in assessment.sources:
        assert source in told
    assert forcelab("assessments", name, "--json").json["text"] == text


@pytest.mark.parametrize(("command", "known"), [("assessments", "thrust_iso"), ("metrics", "rfd_0_200")])
def test_an_unknown_name_is_told_with_those_that_are_known(command: str, known: str) -> None:
    said = forcelab(command, "no\x1bpe")
    assert said.code == 1
    assert known in said.sentence
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("nope",), ("metrics", "--jsn"), ("check",), ("record", "--side", "up")])
def test_wrong_usage_is_one_sentence_too(arguments: tuple[str, ...]) -> None:
    said = forcelab(*arguments)
    assert said.code == 2
    assert "--help" in said.sentence
    assert len(said.err.splitlines()) == 1


def test_the_version_is_told() -> None:
    assert forcelab("--version").out.startswith("forcelab 0")
