"""Ratios and their cut-offs: held as data, each with its source, and never used outside its assessments."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelab.analysis.asymmetry import ASYMMETRIES
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.ratios import CUT_OFFS, RATIOS, CutOff, Ratio, cut_offs, ratio

LONG = ("add_supine_long", "abd_supine_long")


def names(limit: CutOff) -> str:
    return f"{limit.of}-{limit.kind}"


@pytest.mark.parametrize("entry", RATIOS.values(), ids=RATIOS.keys())
def test_a_ratio_explains_itself(entry: Ratio) -> None:
    assert RATIOS[entry.id] is entry
    assert entry.version >= 1
    assert entry.pairs
    assert "=" in entry.formula
    assert "lever" in entry.caution or "position" in entry.caution
    found = ratio(entry.id, 150.0, 200.0, entry.pairs[0])
    assert found.value == pytest.approx(150.0 / 350.0 if entry.share else 0.75)
    assert (found.unit, found.formula, found.warning) == ("1", entry.formula, entry.caution)


@pytest.mark.parametrize("limit", CUT_OFFS, ids=names)
def test_a_cut_off_has_a_source_a_mark_and_its_assessments(limit: CutOff) -> None:
    assert limit.of in RATIOS or limit.of in ASYMMETRIES
    assert limit.assessments
    for assessments in limit.assessments:
        assert limit in cut_offs(limit.of, assessments)
        if limit.of in RATIOS:
            assert assessments in RATIOS[limit.of].pairs
        else:
            assert len(assessments) == 1
    assert limit.unit == ("1" if limit.of in RATIOS else "%")
    assert limit.source
    assert (limit.mark == "not verified") == ("not verified" in limit.source)
    assert limit.sentence.endswith(".")
    assert limit.high is None or limit.high > limit.low


def test_the_published_numbers() -> None:
    found = {limit.kind: limit for limit in cut_offs("add_abd", LONG)}
    assert found["alert"].low == 0.80
    assert "10.1177/03635465010290020301" in found["alert"].source
    assert (found["target"].low, found["target"].high, found["target"].mark) == (0.90, 1.00, "not verified")
    assert (found["range"].low, found["range"].high) == (0.68, 0.88)
    assert [limit.low for limit in cut_offs("lsi", ("abd_supine_long",))] == [90.0]


def test_no_cut_off_is_global() -> None:
    assert cut_offs("add_abd", ("squeeze_45", "abd_side_short")) == ()
    assert cut_offs("lsi", ("my_own_assessment",)) == ()
    for name in ("er_ir", "ext_flex", "ext_share"):
        assert not any(limit.of == name for limit in CUT_OFFS)


def test_what_was_measured_otherwise_says_so() -> None:
    for limit in cut_offs("add_abd", LONG):
        assert re.search("our judgement|frame", limit.carried_over)


def test_ratios_across_levers_or_without_a_denominator_are_refused() -> None:
    with pytest.raises(RefusedError, match="differ in lever or posture"):
        ratio("er_ir", 100.0, 140.0, ("er_prone", "ir_sit"))
    with pytest.raises(RefusedError, match="differ in lever or posture"):
        ratio("add_abd", 100.0, 140.0, LONG[::-1])
    with pytest.raises(RefusedError, match="abduction is 0"):
        ratio("add_abd", 100.0, 0.0, LONG)
    with pytest.raises(RefusedError, match="no ratio “h_q”"):
        ratio("h_q", 1.0, 1.0, LONG)


@settings(deadline=None)
@given(st.floats(1.0, 5000.0), st.floats(1.0, 5000.0), st.floats(1e-3, 1e3))
def test_the_unit_does_not_matter(above: float, below: float, scale: float) -> None:
    for entry in RATIOS.values():
        plain, scaled = (ratio(entry.id, c * above, c * below, entry.pairs[0]).value for c in (1.0, scale))
        assert scaled == pytest.approx(plain)
