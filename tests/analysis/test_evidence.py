"""No number is on a screen without a source and a mark of how far that source was looked at."""

import re

import pytest

from forcelab.analysis.definitions import DEFINITIONS, Definition, find
from forcelab.analysis.evidence import Source, evidence, sources
from forcelab.analysis.ratios import CUT_OFFS, CutOff

DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")
"""As Crossref recommends to match them."""


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: f"{one.table}-{one.id}")
def test_every_definition_names_sources_that_can_be_read(one: Definition) -> None:
    found = sources(one.source)
    assert found
    assert [source.text for source in found if not source.known] == [], "neither cited, nor ours, nor marked"
    for source in found:
        assert ("doi:" in source.text) == (source.doi is not None)
        assert source.doi is None or DOI.fullmatch(source.doi)


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: f"{one.table}-{one.id}")
def test_what_the_whole_definition_says_of_a_doi_is_what_its_source_says(one: Definition) -> None:
    """A paper that nobody read in the docstring is not read in the table, and the other way round."""
    for source in sources(one.source):
        if source.doi is not None and source.doi in one.text:
            told = one.text.split(source.doi, 1)[1]
            # Several papers by one mark, as in "A. 2014, doi:…; B. 2015, doi:… (not verified)".
            assert ("(not verified)" in re.split(r"\n\n|[.;] ", told, maxsplit=1)[0].replace("\n", " ")) == (
                source.evidence == "not verified"
            )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aagaard et al. 2002, doi:10.1152/x (not verified); Maffiuletti et al. 2016, doi:10.1007/y", "verified"),
        ("Comfort et al. 2019, doi:10.1519/x (not verified)", "not verified"),
        ("in common use (not verified); levels our own", "own"),
        ("everybody does it so", "not verified"),
        ("PMC3776088", "verified"),
        ("", "not verified"),
    ],
)
def test_the_best_source_decides(text: str, expected: str) -> None:
    assert evidence(text) == expected


def test_punctuation_after_a_doi_is_none_of_it() -> None:
    assert sources("M. 2016, doi:10.1007/s00421-016-3346-6: 3 SD") == (
        Source("M. 2016, doi:10.1007/s00421-016-3346-6: 3 SD", "verified", "10.1007/s00421-016-3346-6"),
    )


@pytest.mark.parametrize("one", CUT_OFFS, ids=lambda one: f"{one.of}-{one.low:g}")
def test_a_cut_off_bears_the_mark_of_its_source(one: CutOff) -> None:
    assert one.mark == evidence(one.source)


def test_every_name_resolves_in_any_case_of_its_letters() -> None:
    for one in DEFINITIONS:
        assert one in find(one.id)
        assert one in find(one.id.upper())
