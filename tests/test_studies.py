"""Every study can be run by its name, and `docs/README.md` tells what it shows and how long it takes."""

import importlib
import re

import pytest

from tests.studies import flags
from tests.studies.__main__ import HERE, STUDIES, main

INDEX = HERE.parents[1] / "docs" / "README.md"


def test_the_studies_are_those_that_the_index_lists() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", INDEX.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == STUDIES
    assert "flags" in STUDIES


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_tells_what_it_shows(name: str) -> None:
    study = importlib.import_module(f"tests.studies.{name}")
    assert study.__doc__
    assert study.main.__doc__


def test_there_is_no_other(caplog: pytest.LogCaptureFixture) -> None:
    assert main(["__main__"]) == 2
    assert "flags" in caplog.text


def test_a_promise_that_is_broken_is_told() -> None:
    def row(expected: set[str], raised: set[str], out_of: int) -> flags.Row:
        """All seeds but one raise something."""
        names = frozenset(expected)
        return flags.count("any", 80.0, 0.0, expected=names, look=lambda k: raised if k else set(), seeds=out_of)

    assert row({"SLOPE"}, {"SLOPE", "CREEP"}, 100).kept
    assert not row({"SLOPE"}, {"SLOPE"}, 99).kept
    assert not row({"SLOPE", "CREEP"}, {"CREEP"}, 1000).kept
    assert row(set(), set(), 10).kept
    assert not row(set(), {"CREEP"}, 10).kept
