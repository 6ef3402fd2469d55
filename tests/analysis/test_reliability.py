"""Intraclass correlations: held to the worked example of Shrout & Fleiss 1979, in exact fractions."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forcelab.analysis.estimate import Estimate, RefusedError
from forcelab.analysis.reliability import ICCS, IccForm, band, icc
from forcelab.analysis.variance import Anova, anova

# Rows are targets, columns are judges.
JUDGES = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]

# Peak expiratory flow, Bland & Altman 1986: the Wright meter, first and second reading; 17 persons.
W1 = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
W2 = [490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421]
M1 = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
M2 = [525, 415, 508, 444, 500, 625, 460, 390, 642, 432, 420, 605, 227, 467, 268, 370, 443]
WRIGHT = np.column_stack((W1, W2))
MINI = np.column_stack((M1, M2))

TABLES = st.integers(5, 12).flatmap(
    lambda n: st.integers(2, 5).flatmap(lambda k: arrays(np.float64, (n, k), elements=st.integers(-50, 50).map(float)))
)


def test_the_mean_squares_of_the_worked_example() -> None:
    found = anova(JUDGES)
    assert (found.n, found.k, found.df) == (6, 4, 15)
    assert found.mean == pytest.approx(127 / 24, rel=1e-14)
    for value, exact in (
        (found.msb, Fraction(1349, 120)),
        (found.msj, Fraction(2339, 72)),
        (found.mse, Fraction(367, 360)),
        (found.msw, Fraction(451, 72)),
    ):
        assert value == pytest.approx(float(exact), rel=1e-13)


@pytest.mark.parametrize(
    ("name", "exact", "published", "interval", "places"),
    [
        ("icc_1_1", Fraction(448, 2703), 0.17, (-0.1329, 0.7226), 4),
        ("icc_2_1", Fraction(184, 635), 0.29, (0.0188, 0.7611), 4),
        ("icc_3_1", Fraction(920, 1287), 0.71, (0.3425, 0.9459), 4),
        ("icc_1_k", Fraction(1792, 4047), 0.44, (-0.88, 0.91), 2),
        ("icc_2_k", Fraction(736, 1187), 0.62, (0.0711, 0.9272), 4),
        ("icc_3_k", Fraction(3680, 4047), 0.91, (0.6757, 0.9859), 4),
    ],
)
def test_the_worked_example(
    name: str, exact: Fraction, published: float, interval: tuple[float, float], places: int
) -> None:
    found = icc(name, JUDGES)
    assert found.value == pytest.approx(float(exact), rel=1e-12)
    assert round(found.value, 2) == published
    assert found.low is not None
    assert found.high is not None
    assert (round(found.low, places), round(found.high, places)) == interval
    assert found.level == 0.95
    assert found.formula == ICCS[name].formula


@pytest.mark.parametrize("form", ICCS.values(), ids=ICCS.keys())
def test_a_form_explains_itself(form: IccForm) -> None:
    assert ICCS[form.id] is form
    for text in (form.term, form.formula, form.interval, form.use):
        assert text
    for part in ("Formula:", "Interval:", "Unit:", "Edge cases:", "10.1037/0033-2909.86.2.420", ">>>"):
        assert part in form.definition, part


def test_all_six_forms_are_there() -> None:
    assert set(ICCS) == {"icc_1_1", "icc_2_1", "icc_3_1", "icc_1_k", "icc_2_k", "icc_3_k"}


def test_the_flow_meters() -> None:
    three, two = icc("icc_3_1", WRIGHT), icc("icc_2_1", WRIGHT)
    assert three.value == pytest.approx(0.983046, abs=5e-7)
    assert three.low == pytest.approx(0.9539, abs=5e-5)
    assert three.high == pytest.approx(0.9938, abs=5e-5)
    assert two.value == pytest.approx(0.983164, abs=5e-7)
    assert icc("icc_2_k", WRIGHT).value == pytest.approx(0.991511, abs=5e-7)
    assert icc("icc_3_1", MINI).value == pytest.approx(0.966905, abs=5e-7)
    assert icc("icc_2_1", MINI).value == pytest.approx(0.968471, abs=5e-7)
    assert three.warning is None
    assert band(three) == "excellent"


def test_one_person_has_no_icc_and_few_persons_hardly_one() -> None:
    with pytest.raises(RefusedError, match="One person has no ICC"):
        icc("icc_3_1", [[300.0, 310.0]])
    with pytest.raises(RefusedError, match="from 4 persons says nothing"):
        icc("icc_3_1", JUDGES[:4])
    assert icc("icc_3_1", JUDGES[:5]).warning == "From 5 persons only: the interval is what counts."
    assert icc("icc_3_1", WRIGHT[:14]).warning is not None
    assert icc("icc_3_1", WRIGHT[:15]).warning is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([[1.0], [2.0], [3.0], [4.0], [5.0]], "at least twice"),
        ([1.0, 2.0, 3.0, 4.0, 5.0], "one row a person"),
        ([[1, 2], [3, 4], [5, math.nan], [7, 8], [9, 9]], "A value is missing"),
        ([[1, 2], [3, 4, 5], [5, 6], [7, 8], [9, 9]], "same number of values"),
        ([[7.0, 7.0]] * 5, "All values are the same"),
        ([[0.1 + 0.2, 0.3]] * 7, "All values are the same"),  # the first differs in its last digit
    ],
)
def test_tables_that_carry_no_icc(values: list[list[float]], sentence: str) -> None:
    with pytest.raises(RefusedError, match=sentence):
        icc("icc_2_1", values)


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"“icc”.*icc_2_1"):
        icc("icc", JUDGES)


def test_agreement_without_residual_and_perfect_agreement() -> None:
    same = [[float(n)] * 2 for n in range(6)]
    for name in ICCS:
        found = icc(name, same)
        assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)
    shifted = [[float(n), n + 2.0] for n in range(6)]
    assert icc("icc_3_1", shifted).value == pytest.approx(1.0)
    two = icc("icc_2_1", shifted)  # MSB 7, MSJ 12: 7 / (7 + 2·12/6)
    assert two.value == pytest.approx(7.0 / 11.0)
    assert two.low is not None
    assert two.low < two.value


def test_persons_who_do_not_differ() -> None:
    # All means are 0.2, but for the last digit.
    flat = [[0.1, 0.3], [0.3, 0.1], [0.2, 0.2], [0.1, 0.3], [0.3, 0.1]]
    assert icc("icc_3_1", flat).value == pytest.approx(-1.0)
    for name in ("icc_1_k", "icc_3_k"):
        with pytest.raises(RefusedError, match="same mean"):
            icc(name, flat)
    with pytest.raises(RefusedError, match="less than the error"):
        icc("icc_2_k", flat)


def test_a_lower_end_past_the_pole_has_no_lower_end() -> None:
    low_persons = Anova(n=6, k=2, msb=0.5, msj=0.1, mse=1.0, msw=1.0, mean=0.0)
    _, low, _ = ICCS["icc_2_k"].compute(low_persons, 0.95)
    assert low == -math.inf


def test_the_words_go_by_the_lower_end() -> None:
    for low, word in ((0.91, "excellent"), (0.90, "good"), (0.75, "good"), (0.74, "moderate"), (0.5, "moderate"),
                      (0.49, "poor"), (-1.0, "poor")):  # fmt: skip
        assert band(Estimate("icc_2_1", 0.99, "1", "", low, 1.0)) == word
    assert "not verified" in re.sub(r"\s+", " ", band.__doc__ or "")


@settings(deadline=None)
@given(TABLES, st.sampled_from((0.1, 3.0, -2.0, 9.80665)), st.floats(-100.0, 100.0))
def test_unit_and_zero_do_not_matter(table: np.ndarray, scale: float, shift: float) -> None:
    assume(min(anova(table).msb, anova(table).mse) >= 1.0)  # else what is left is rounding
    for name in ICCS:
        try:
            before = icc(name, table)
        except RefusedError:
            continue
        if abs(before.value) > 100.0:
            continue  # next to the pole of ICC(2,k)
        after = icc(name, scale * table + shift)
        for a, b in ((before.value, after.value), (before.low, after.low), (before.high, after.high)):
            assert a == pytest.approx(b, rel=1e-6, abs=1e-6)


@settings(deadline=None)
@given(TABLES)
def test_order_of_persons_and_columns_and_the_laws_between_the_forms(table: np.ndarray) -> None:
    found = anova(table)
    turned = anova(table[::-1, ::-1])
    for a, b in ((found.msb, turned.msb), (found.msj, turned.msj), (found.mse, turned.mse), (found.msw, turned.msw)):
        assert a == pytest.approx(b, abs=1e-9)
    total = float(((table - table.mean()) ** 2).sum())
    n, k = table.shape
    assert (n - 1) * found.msb + n * (k - 1) * found.msw == pytest.approx(total, abs=1e-7)
    assume(min(found.msb, found.mse) >= 1.0)
    for one, mean in (("icc_1_1", "icc_1_k"), ("icc_3_1", "icc_3_k")):
        x, y = icc(one, table), icc(mean, table)
        # Spearman–Brown joins one measurement and the mean of k.
        assert y.value == pytest.approx(k * x.value / (1 + (k - 1) * x.value), rel=1e-9)
        for form in (x, y):
            assert form.low is not None
            assert form.high is not None
            assert form.low <= form.value <= form.high
            assert form.value <= 1.0


@settings(deadline=None)
@given(TABLES, st.floats(10.0, 1000.0))
def test_a_shift_of_one_session_lowers_agreement_and_leaves_consistency(table: np.ndarray, shift: float) -> None:
    found = anova(table)
    assume(found.msb > found.mse >= 1.0)
    moved = table.copy()
    moved[:, -1] += np.sign(table[:, -1].mean() - table[:, :-1].mean() + 1e-9) * shift
    assert icc("icc_3_1", moved).value == pytest.approx(icc("icc_3_1", table).value, abs=1e-7)
    assert icc("icc_2_1", moved).value < icc("icc_2_1", table).value


def test_the_intervals_cover() -> None:
    # True ICC 0.75 for both forms: persons SD √3, error SD 1, no shift between columns. 2000 seeds, 95 ± 4·0.5 %.
    rng = np.random.default_rng(7)
    hits = dict.fromkeys(("icc_1_1", "icc_2_1", "icc_3_1"), 0)
    for _ in range(2000):
        table = math.sqrt(3.0) * rng.normal(size=(20, 1)) + rng.normal(size=(20, 3))
        for name in hits:
            found = icc(name, table)
            assert found.low is not None
            assert found.high is not None
            hits[name] += found.low <= 0.75 <= found.high
    for name, count in hits.items():
        assert count / 2000 == pytest.approx(0.95, abs=0.02), name
