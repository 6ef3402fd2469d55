"""Sides: five formulas with five numbers for one pair of forces, and the rules for when a difference is real."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelab.analysis.asymmetry import ASYMMETRIES, Asymmetry, bsa, compare, percent_difference, symmetry_angle
from forcelab.analysis.difference import by_error, by_variation, kappa, limb_cv, same_side, stronger_sides
from forcelab.analysis.estimate import RefusedError

FORCES = st.floats(1.0, 5000.0)
SWAPPED_SIGN = ("percent_difference", "bai_1", "bai_2", "symmetry_angle")


def value(name: str, first: float, second: float) -> float:
    return compare(name, first, second).value


@pytest.mark.parametrize(
    ("name", "first", "second", "expected"),
    [
        # R = 300, L = 255; the left side is the involved and the non-dominant one. By hand: 255/300, 45/300, 45/277.5,
        # 45/555 and 45° − atan 0.85 = 4.63546° of 90°.
        ("lsi", 255.0, 300.0, 85.000),
        ("lsi_dnd", 300.0, 255.0, 85.000),
        ("bsa", 255.0, 300.0, 15.000),
        ("percent_difference", 300.0, 255.0, 15.000),
        ("bai_1", 300.0, 255.0, 8.108),
        ("bai_2", 300.0, 255.0, 16.216),
        ("symmetry_angle", 300.0, 255.0, 5.1505),
        ("epic", 240.0, 320.0, 75.0),
    ],
)
def test_one_pair_of_forces_by_each_formula(name: str, first: float, second: float, expected: float) -> None:
    assert value(name, first, second) == pytest.approx(expected, abs=5e-4 if name != "symmetry_angle" else 5e-5)


def test_every_formula_is_held_to_a_number() -> None:
    assert set(ASYMMETRIES) == {
        "lsi",
        "lsi_dnd",
        "bsa",
        "percent_difference",
        "bai_1",
        "bai_2",
        "symmetry_angle",
        "epic",
    }


@pytest.mark.parametrize("entry", ASYMMETRIES.values(), ids=ASYMMETRIES.keys())
def test_a_formula_explains_itself(entry: Asymmetry) -> None:
    assert ASYMMETRIES[entry.id] is entry
    assert entry.version >= 1
    assert entry.compute(250.0, 250.0) == entry.equal
    for text in (entry.term, entry.formula, entry.use, *entry.inputs):
        assert text
    assert "doi:" in entry.source
    for part in ("Formula:", "Unit:", "Edge cases:", "Source:", ">>>"):
        assert part in entry.definition, part
    found = compare(entry.id, 200.0, 100.0)
    assert (found.id, found.unit, found.formula) == (entry.id, "%", entry.formula)


def test_what_nobody_checked_says_so() -> None:
    for doi in ("10.1249/mss.0b013e31814fb55c", "10.1519/SSC.0000000000000371", "10.1016/j.gaitpost.2007.08.006"):
        entry = next(entry for entry in ASYMMETRIES.values() if doi in entry.source)
        for text in (entry.source, re.sub(r"\s+", " ", entry.definition)):
            assert f"{doi} (not verified)" in text


@settings(deadline=None)
@given(FORCES, FORCES)
def test_swapping_the_sides_turns_the_sign(one: float, other: float) -> None:
    for name in SWAPPED_SIGN:
        assert value(name, one, other) == pytest.approx(-value(name, other, one), abs=1e-9)
    assert bsa(one, other) == bsa(other, one)
    assert value("lsi", one, other) * value("lsi", other, one) == pytest.approx(1e4)


@settings(deadline=None)
@given(FORCES, FORCES, st.floats(1e-3, 1e3))
def test_the_unit_of_the_forces_does_not_matter(one: float, other: float, scale: float) -> None:
    for name in ASYMMETRIES:
        assert value(name, scale * one, scale * other) == pytest.approx(value(name, one, other), rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(FORCES, FORCES)
def test_the_formulas_hang_together(right: float, left: float) -> None:
    assert abs(percent_difference(right, left)) == bsa(right, left)
    assert value("bai_2", right, left) == pytest.approx(2.0 * value("bai_1", right, left))
    assert value("lsi_dnd", right, left) == pytest.approx(value("lsi", left, right))
    # tan(45° − a) = (1 − tan a) / (1 + tan a): the angle is BAI-1 bent.
    angle = math.radians(0.9 * symmetry_angle(right, left))
    assert 100.0 * math.tan(angle) == pytest.approx(value("bai_1", right, left), abs=1e-9)
    assert (percent_difference(right, left) > 0.0) == (right > left)


def test_the_symmetry_angle_wraps_where_signs_differ() -> None:
    # atan(−2) = −63.435°: 108.435° is past 90°, less 180° it is −71.565°, of 90°.
    assert symmetry_angle(100.0, -200.0) == pytest.approx(-79.517, abs=5e-4)
    assert symmetry_angle(-100.0, 200.0) == pytest.approx(-79.517, abs=5e-4)
    assert symmetry_angle(-200.0, 100.0) == pytest.approx(79.517, abs=5e-4)
    assert symmetry_angle(100.0, -100.0) == 100.0
    assert symmetry_angle(-300.0, -255.0) == pytest.approx(5.1505, abs=5e-5)
    for zero in (0.0, -0.0):
        assert symmetry_angle(zero, 200.0) == -50.0
        assert symmetry_angle(200.0, zero) == 50.0


@pytest.mark.parametrize("name", ASYMMETRIES)
def test_what_has_no_value_is_refused_in_words(name: str) -> None:
    for pair in ((0.0, 0.0), (math.nan, 100.0), (100.0, math.inf)):
        with pytest.raises(RefusedError, match=r"^[A-Z].*\.$"):
            compare(name, *pair)
    if name != "symmetry_angle":
        for pair in ((-1.0, 300.0), (300.0, -1.0)):
            with pytest.raises(RefusedError, match=r"cannot be negative|must be above 0"):
                compare(name, *pair)


def test_a_side_without_force_is_zero_and_never_a_reference() -> None:
    assert value("lsi", 0.0, 300.0) == 0.0
    assert value("bsa", 0.0, 300.0) == 100.0
    for name, pair in (("lsi", (300.0, 0.0)), ("lsi_dnd", (0.0, 300.0)), ("epic", (300.0, 0.0))):
        with pytest.raises(RefusedError, match="must be above 0"):
            compare(name, *pair)


def test_an_unknown_formula_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(RefusedError, match=r"“ratio”.*lsi"):
        compare("ratio", 1.0, 2.0)


def test_a_difference_is_real_only_beyond_the_greater_variation() -> None:
    assert by_variation(300.0, 255.0, 14.9, 3.0).real  # 15 %
    assert not by_variation(300.0, 255.0, 3.0, 15.0).real  # equal to the limit
    found = by_variation(255.0, 300.0, 4.0, 6.0)
    assert (found.limit, found.difference, found.stronger, found.unit) == (6.0, -15.0, "left", "%")
    assert found.sentence == "The left side is stronger by more than the trials vary (15 %, limit 6 %)."


def test_a_difference_is_real_only_beyond_the_error() -> None:
    # √(3² + 4²) = 5: the limit is 9.8 N.
    assert by_error(300.0, 290.0, 3.0, 4.0).real
    found = by_error(300.0, 290.5, 3.0, 4.0)
    assert not found.real
    assert found.limit == pytest.approx(9.8)
    assert found.stronger == "equal"
    assert found.sentence == "No difference between the sides can be shown (9.5 N, limit 9.8 N)."
    assert not by_error(9.8, 0.0, 3.0, 4.0).real  # equal to the limit
    with pytest.raises(RefusedError, match="without knowing the error"):
        by_error(300.0, 290.0, 0.0, 0.0)


@settings(deadline=None)
@given(FORCES, FORCES, st.floats(0.1, 100.0), st.floats(0.1, 100.0))
def test_the_rules_do_not_care_which_side_is_which(right: float, left: float, one: float, other: float) -> None:
    turned = {"right": "left", "left": "right", "equal": "equal"}
    for rule in (by_error, by_variation):
        a, b = rule(right, left, one, other), rule(left, right, other, one)
        assert (a.real, a.difference, a.limit) == (b.real, -b.difference, b.limit)
        assert a.stronger == turned[b.stronger]


def test_the_variation_of_a_limb() -> None:
    assert limb_cv([90.0, 100.0, 110.0]) == 10.0
    assert limb_cv([100.0, 102.0]) == pytest.approx(100.0 * math.sqrt(2.0) / 101.0)
    for trials in ([300.0], [300.0, math.nan], [0.0, 0.0]):
        with pytest.raises(RefusedError):
            limb_cv(trials)


def test_the_side_over_sessions() -> None:
    sides = stronger_sides([300.0, 280.0, 310.0, 300.0], [255.0, 290.0, 300.0, 300.0])
    assert sides == ("right", "left", "right", "equal")
    assert same_side(sides) == "right side stronger in 2 of 4 sessions"
    assert same_side(("left",)) == "left side stronger in 1 of 1 session"
    assert same_side(("left", "right")) == "no side stronger more often in 2 sessions"
    with pytest.raises(RefusedError, match="2 scores of the right side and 1"):
        stronger_sides([300.0, 280.0], [255.0])
    with pytest.raises(RefusedError):
        same_side(())


def test_kappa_of_a_table_by_hand() -> None:
    # Right/right 20, right/left 5, left/right 10, left/left 15: p_o = 35/50, p_e = (25·30 + 25·20)/2500 = 1/2.
    cells = (("right", "right", 20), ("right", "left", 5), ("left", "right", 10), ("left", "left", 15))
    first = [a for a, _, count in cells for _ in range(count)]
    second = [b for _, b, count in cells for _ in range(count)]
    assert kappa(first, second).value == pytest.approx(0.4)  # type: ignore[arg-type] # literals widened by the table
    assert kappa(("right", "left"), ("left", "right")).value == -1.0
    assert kappa(("right", "left"), ("right", "left")).value == 1.0
    with pytest.raises(RefusedError, match="chance"):
        kappa(("right", "right"), ("right", "right"))
    with pytest.raises(RefusedError, match="same persons"):
        kappa(("right",), ())
