"""`devices`, `assessments`, `metrics`: everything that is known, readable in a narrow terminal and as JSON."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from firmware_protocols import CODECS
from firmware_protocols.codec import Capabilities
from forcelab import assessments
from forcelab.analysis.definitions import DEFINITIONS, find
from forcelab.commands import lists
from tests.commands.running import forcelab
from tests.firmware_protocols.imaginary import CODECS as IMAGINARY


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize(
    ("command", "names"),
    [("devices", CODECS), ("assessments", assessments.available()), ("metrics", [one.id for one in DEFINITIONS])],
)
def test_all_that_is_known_is_listed(command: str, names: object) -> None:
    expected = list(names)  # type: ignore[call-overload] # mappings and a list
    said = forcelab(command)
    assert said.code == 0
    assert max(map(cell_len, said.out.splitlines())) <= 80
    assert all(name in said.out for name in expected), "no name is broken in two"
    told = forcelab(command, "--json")
    assert (told.code, told.err) == (0, "")
    assert [one["id"] for one in told.json] == expected


def test_the_support_of_a_sensor_is_told_honestly() -> None:
    told = {one["id"]: one for one in forcelab("devices", "--json").json}
    for codec in CODECS.values():
        one, can, said = told[codec.id], codec.capabilities, forcelab("devices", codec.id)
        assert (one["rate"], one["rate_settled"], one["scale_settled"]) == (
            can.rate, can.rate_settled, can.scale_settled,
        )  # fmt: skip
        assert (one["timed"], one["status"]) == (can.timed, codec.status)
        assert ("not verified" in one["evidence"]) == (codec.evidence in ("C", "D"))
        assert [option["name"] for option in one["options"]] == [option.name for option in codec.options]
        for sentence in (codec.status, can.timed, *(option.what for option in codec.options)):
            assert "".join(sentence.split()) in "".join(said.out.split())


def test_the_list_tells_what_is_not_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    (gauge,) = IMAGINARY
    doubtful = replace(
        gauge,
        evidence="D",
        capabilities=Capabilities(
            10.0, False, False, None, None, "tension", False, (0.0, 0.2), False, False, sleeps_after=300.0
        ),
    )
    monkeypatch.setattr(lists, "codecs", lambda: {"imaginary": doubtful})
    assert forcelab("devices").out.split().count("~10") == 1
    said = " ".join(forcelab("devices", "imaginary").out.split())
    for told in (
        "10 Hz (not settled: taken from each record)",
        "scale not settled: check it with a known weight",
        "timed numbers none, unless the sensor tells its rate",
        "rests on inferred, or sources disagree (not verified)",
        "delay 0 to 200 ms until it is sent",
        "switches itself off after 300 s",
        "option step Newtons a count, above 0. (usually 0.1)",
    ):
        assert told in said


@pytest.mark.parametrize("name", dict.fromkeys(one.id for one in DEFINITIONS))
def test_every_name_tells_its_definition(name: str) -> None:
    told = forcelab("metrics", name, "--json").json
    every = told if isinstance(told, list) else [told]
    for one, meant in zip(every, find(name), strict=True):
        assert set(one) >= {"id", "version", "term", "unit", "formula", "window", "needs", "source", "definition"}
        assert (one["id"], one["evidence"], one["definition"]) == (name, meant.evidence, meant.text)


@pytest.mark.parametrize(
    "name", ["rfd_0_200", "steadiness_cv", "jump_height", "per_kg", "lsi", "best", "sd3", "PRELOAD"]
)
def test_a_definition_is_told_whole(name: str) -> None:
    said = forcelab("metrics", name).out
    (meant,) = find(name)
    assert meant.text in said
    for part in (meant.term, meant.formula, meant.unit, *meant.needs, *meant.source.split("; ")):
        assert part in said


def test_what_is_not_verified_says_so_wherever_it_is_listed() -> None:
    assert "evidence  not verified against its source" in forcelab("metrics", "impulse_0_100").out
    assert "evidence  verified" in forcelab("metrics", "rfd_0_100").out
    listed = forcelab("metrics").out
    assert "│ impulse_0_100 ?" in listed
    assert "│ rfd_0_100 ?" not in listed
    assert "?: definition not verified against its source" in listed


def test_a_flag_tells_what_its_limit_rests_on_and_an_alias_what_it_may_mean() -> None:
    assert "limit     our own judgement" in forcelab("metrics", "preload").out
    said = forcelab("metrics", "peak_rfd").out
    per_kg = forcelab("metrics", "peak_rtd_per_kg").out
    assert "peak_rtd_20_per_kg" in per_kg
    assert "is an alias" in per_kg
    assert "alias" in said
    assert all(f"peak_rfd_{window}" in said for window in (20, 50, 200))


@pytest.mark.parametrize("name", assessments.available())
def test_every_assessment_tells_all_about_itself(name: str) -> None:
    assessment, text = assessments.available()[name]
    words, told = assessment.words(), forcelab("assessments", name).out
    for said in (words.name, words.position, words.fixation, words.landmark, words.instruction, assessment.lever):
        assert " ".join(said.split()) in " ".join(told.split())
    for source in assessment.sources:
        assert source.removesuffix(" [K]").removesuffix(" [V]") in told
    assert forcelab("assessments", name, "--json").json["text"] == text


@pytest.mark.parametrize(("command", "known"), [("assessments", "thrust_iso"), ("metrics", "forcelab metrics")])
def test_an_unknown_name_is_told_with_those_that_are_known(command: str, known: str) -> None:
    said = forcelab(command, "no\x1bpe")
    assert said.code == 1
    assert known in said.sentence
    assert len(said.err.splitlines()) == 1


def test_a_mistyped_name_is_told_with_what_may_have_been_meant() -> None:
    assert "Did you mean peak_force," in forcelab("metrics", "peek_force").sentence


@pytest.mark.parametrize("arguments", [("nope",), ("metrics", "--jsn"), ("check",), ("record", "--side", "up")])
def test_wrong_usage_is_one_sentence_too(arguments: tuple[str, ...]) -> None:
    said = forcelab(*arguments)
    assert said.code == 2
    assert "--help" in said.sentence
    assert len(said.err.splitlines()) == 1


def test_the_version_is_told() -> None:
    assert forcelab("--version").out.startswith("forcelab 0")


@pytest.mark.parametrize("name", assessments.available())
def test_what_nobody_read_again_is_shown_as_not_verified(name: str) -> None:
    said = forcelab("assessments", name)
    sources = assessments.available()[name][0].sources
    assert said.out.count("(not verified)") == sum(source.endswith("[K]") for source in sources)
    assert "[K]" not in said.out
    assert "[V]" not in said.out


def test_a_family_that_nobody_knows_is_told() -> None:
    said = forcelab("devices", "nobody")
    assert said.code != 0
    assert "No sensor family is called 'nobody'" in said.err
