"""Error in the unit of the test: held to Shrout & Fleiss 1979, Bland & Altman 1986 and identities."""

import math
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forcelab.analysis import measurement_error
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.measurement_error import (
    cv_log,
    cv_rms,
    mdc90,
    mdc95,
    mdc_of_mean,
    mdc_percent,
    recompute,
    sem_agreement,
    sem_consistency,
    swc,
    typical_error,
)
from forcelab.analysis.reliability import icc
from tests.analysis.test_reliability import JUDGES, MINI, WRIGHT

TABLES = st.integers(5, 12).flatmap(
    lambda n: st.integers(2, 5).flatmap(lambda k: arrays(np.float64, (n, k), elements=st.integers(1, 99).map(float)))
)


def test_the_worked_example_of_the_judges() -> None:
    te = typical_error(JUDGES)
    assert te.value == pytest.approx(1.009675, abs=5e-7)
    assert te.value == pytest.approx(math.sqrt(367 / 360), rel=1e-13)
    assert te.df == 15.0
    assert mdc95(te.value).value == pytest.approx(2.798677, abs=5e-7)
    # MSJ 2339/72, MSE 367/360 and n = 6.
    assert sem_agreement(JUDGES).value == pytest.approx(math.sqrt(367 / 360 + (2339 / 72 - 367 / 360) / 6))


def test_the_wright_meter() -> None:
    te = typical_error(WRIGHT, "l/min")
    assert te.value == pytest.approx(15.361215, abs=5e-7)
    assert te.low == pytest.approx(11.4406, abs=5e-5)
    assert te.high == pytest.approx(23.3787, abs=5e-5)
    assert (te.df, te.unit, te.level) == (16.0, "l/min", 0.95)
    assert float(np.diff(WRIGHT).mean()) == pytest.approx(-4.941176, abs=5e-7)
    assert te.value == pytest.approx(float(np.std(np.diff(WRIGHT), ddof=1)) / math.sqrt(2.0))
    mdc = mdc95(te.value, "l/min")
    assert mdc.value == pytest.approx(42.579114, abs=5e-7)
    assert mdc_percent(mdc.value, float(WRIGHT.mean())).value == pytest.approx(9.5068, abs=5e-5)
    assert cv_log(WRIGHT).value == pytest.approx(3.511767, abs=5e-7)
    assert cv_rms(WRIGHT).value == pytest.approx(3.499559, abs=5e-7)


def test_the_mini_meter() -> None:
    te = typical_error(MINI)
    assert te.value == pytest.approx(20.415806, abs=5e-7)
    assert mdc95(te.value).value == pytest.approx(56.589728, abs=5e-7)
    assert cv_log(MINI).value == pytest.approx(5.358457, abs=5e-7)


def test_the_worthwhile_change_is_by_the_persons_means() -> None:
    # By the pooled columns it would be 23.594862: another number under the same name.
    assert swc(WRIGHT).value == pytest.approx(23.4946, abs=5e-5)


@pytest.mark.parametrize(("n", "low", "high"), [(10, 0.69, 1.83), (20, 0.76, 1.46), (30, 0.80, 1.34)])
def test_how_far_the_typical_error_may_be_off(n: int, low: float, high: float) -> None:
    table = np.column_stack((np.arange(n), np.arange(n) + np.where(np.arange(n) % 2, 1.0, -1.0)))
    found = typical_error(table)
    assert found.low is not None
    assert found.high is not None
    assert (round(found.low / found.value, 2), round(found.high / found.value, 2)) == (low, high)


def test_the_interval_of_the_cv_is_that_of_the_logarithms() -> None:
    found, ln = cv_log(WRIGHT), typical_error(np.log(WRIGHT))
    for end, turned in ((found.low, ln.low), (found.high, ln.high)):
        assert turned is not None
        assert end == pytest.approx(100.0 * (math.exp(turned) - 1.0))
    assert found.unit == "%"


def test_the_factors() -> None:
    assert mdc95(1.0).value == pytest.approx(2.772, abs=5e-4)
    assert mdc90(1.0).value == pytest.approx(2.326, abs=5e-4)
    assert mdc_of_mean(30.0, 9).value == pytest.approx(10.0)
    assert mdc_of_mean(30.0, 1).value == 30.0


def test_published_errors_are_recomputed() -> None:
    found = recompute(42.5, 0.947, "Byrne et al. 2020, PMC7853325", printed=1.75)
    assert found.sem == pytest.approx(9.8, abs=0.05)
    assert found.mdc95 == pytest.approx(27.0, abs=0.5)
    assert found.agrees is False
    assert found.source == "Byrne et al. 2020, PMC7853325"
    assert recompute(42.5, 0.947, "x", printed=9.8).agrees is True
    assert recompute(42.5, 0.947, "x").agrees is None
    # External and internal rotation of the same paper: 5.0 and 13.9 N, 9.1 and 25.3 N belong together.
    assert mdc95(5.0).value == pytest.approx(13.9, abs=0.1)
    assert mdc95(9.1).value == pytest.approx(25.3, abs=0.1)
    assert recompute(40.0, 1.0, "x").sem == 0.0
    for wrong in (-0.1, 1.01, math.nan):
        with pytest.raises(RefusedError, match="between 0 and 1"):
            recompute(40.0, wrong, "x")


def test_what_gives_no_number_is_refused_in_words() -> None:
    with pytest.raises(RefusedError, match="values above 0"):
        cv_log([[0.0, 1.0], [2.0, 3.0]])
    with pytest.raises(RefusedError, match="values above 0"):
        cv_rms([[-1.0, 1.0], [2.0, 3.0]])
    with pytest.raises(RefusedError, match="at least 2 persons; here there is 1"):
        typical_error([[1.0, 2.0]])
    with pytest.raises(RefusedError, match="grand mean is 0"):
        mdc_percent(3.0, 0.0)
    with pytest.raises(RefusedError, match="number of persons"):
        mdc_of_mean(3.0, 0)
    for number in (mdc95, mdc90):
        with pytest.raises(RefusedError, match="missing"):
            number(math.nan)


@settings(deadline=None)
@given(TABLES)
def test_sem_is_the_pooled_sd_times_the_root_of_one_minus_icc(table: np.ndarray) -> None:
    assume(np.ptp(table) > 0.0)
    pooled = math.sqrt(float(np.var(table, axis=0, ddof=1).mean()))
    expected = pooled * math.sqrt(max(0.0, 1.0 - icc("icc_3_1", table).value))
    assert sem_consistency(table).value == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert sem_agreement(table).value >= sem_consistency(table).value


@settings(deadline=None)
@given(TABLES, st.floats(0.01, 100.0))
def test_errors_scale_with_the_unit_and_percentages_do_not(table: np.ndarray, scale: float) -> None:
    for number in (typical_error, sem_consistency, sem_agreement, swc):
        assert number(scale * table).value == pytest.approx(scale * number(table).value, rel=1e-9, abs=1e-9)
    for percent in (cv_log, cv_rms):
        assert percent(scale * table).value == pytest.approx(percent(table).value, rel=1e-9, abs=1e-7)


@settings(deadline=None)
@given(TABLES, st.floats(-100.0, 100.0), st.floats(-100.0, 100.0))
def test_a_shift_of_everybody_is_no_error_for_consistency(table: np.ndarray, all_: float, last: float) -> None:
    moved = table + all_
    moved[:, -1] += last
    assert typical_error(moved).value == pytest.approx(typical_error(table).value, abs=1e-7)


def test_every_number_has_its_definition() -> None:
    names = (
        "typical_error sem_consistency sem_agreement cv_log cv_rms mdc95 mdc90 mdc_percent mdc_of_mean swc recompute"
    )
    for name in names.split():
        text = re.sub(r"\s+", " ", getattr(measurement_error, name).__doc__)
        for part in ("Formula:", "Unit:", "Edge cases:", "Source:", ">>>"):
            assert part in text, (name, part)
        for found in re.finditer("10.2165/00007256-200030010-00001", text):
            assert text[found.end() :].startswith(" (not verified)"), name
