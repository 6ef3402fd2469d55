"""Limits of agreement: held to the worked example of Bland & Altman 1986."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelab.analysis.agreement import SE_RULES, bland_altman, ratio_limits
from forcelab.analysis.estimate import Estimate, RefusedError
from tests.analysis.test_reliability import M1, W1

ROWS = st.integers(4, 20).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(1, 500).map(float), min_size=n, max_size=n)] * 2)
)


def ends(estimate: Estimate | None) -> tuple[float, float]:
    assert estimate is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low, estimate.high


def test_the_flow_meters_as_in_the_paper() -> None:
    found = bland_altman(W1, M1, "l/min", multiple=2.0, se="approximate")
    assert found.n == 17
    assert found.bias.value == pytest.approx(-2.117647, abs=5e-7)
    assert found.sd == pytest.approx(38.765130, abs=5e-7)
    assert ends(found.bias) == pytest.approx((-22.05, 17.81), abs=5e-3)
    assert found.lower.value == pytest.approx(-79.648, abs=5e-4)
    assert found.upper.value == pytest.approx(75.413, abs=5e-4)
    assert ends(found.lower) == pytest.approx((-114.17, -45.13), abs=5e-3)
    assert ends(found.upper) == pytest.approx((40.89, 109.93), abs=5e-3)
    # As printed, from rounded numbers: −2.1, 38.8, −79.7 and 75.5.
    assert (found.bias.value, found.sd) == pytest.approx((-2.1, 38.8), abs=0.05)
    assert (found.lower.value, found.upper.value) == pytest.approx((-79.7, 75.5), abs=0.1)
    assert found.bias.df == found.upper.df == 16.0
    assert found.upper.unit == "l/min"
    assert SE_RULES["approximate"] in found.upper.formula


def test_the_flow_meters_with_the_multiple_of_today() -> None:
    found = bland_altman(W1, M1)
    assert found.lower.value == pytest.approx(-78.097, abs=5e-4)
    assert found.upper.value == pytest.approx(73.862, abs=5e-4)
    # SD·√(1/17 + 1.96²/32) = 38.76513·√0.178874, times t(16) = 2.1199.
    half = 38.765130 * math.sqrt(1 / 17 + 1.96**2 / 32) * 2.119905
    assert ends(found.lower) == pytest.approx((found.lower.value - half, found.lower.value + half), abs=1e-4)
    assert SE_RULES["exact"] in found.lower.formula
    assert (found.lower.level, found.lower.df) == (0.95, 16.0)


def test_where_the_next_difference_lies() -> None:
    # By t: 2.1199·SD·√(18/17), wider than 1.96·SD.
    half = 2.119905 * 38.765130 * math.sqrt(18 / 17)
    assert bland_altman(W1, M1).prediction == pytest.approx((-2.117647 - half, -2.117647 + half), abs=1e-3)


def test_a_difference_that_grows_with_size_is_seen() -> None:
    size = np.array([100.0, 200.0, 300.0, 400.0, 500.0])
    noise = np.array([1.0, -2.0, 0.0, 2.0, -1.0])  # sums to 0 and is orthogonal to size
    found = bland_altman(size + 0.1 * size + noise, size - 0.1 * size - noise)
    assert found.slope is not None
    assert found.slope.value == pytest.approx(0.2)  # d = 0.2·size + 2·noise, means are size
    # Residuals 2·noise: √(40/3), Σ(x − x̄)² = 100000, t(3) = 3.18245.
    half = 3.18245 * math.sqrt(40.0 / 3.0 / 1e5)
    assert ends(found.slope) == pytest.approx((0.2 - half, 0.2 + half), abs=1e-6)
    assert found.slope.df == 3.0
    assert found.proportional
    assert found.advice is not None
    shrinking = bland_altman(size - 0.1 * size, size + 0.1 * size - noise)
    assert shrinking.proportional
    even = bland_altman(W1, M1)
    assert not even.proportional
    assert even.advice is None


def test_means_without_spread_have_no_slope() -> None:
    found = bland_altman([0.1, 0.2, 0.3], [0.3, 0.2, 0.1])
    assert found.slope is None
    assert not found.proportional


def test_a_constant_difference_is_not_proportional_by_its_last_digits() -> None:
    first = np.array([0.1, 0.7, 1.3, 2.9, 5.1])
    found = bland_altman(first + 0.2, first)
    assert found.slope is not None
    assert (found.slope.value, *ends(found.slope)) == (0.0, 0.0, 0.0)
    assert not found.proportional


def test_ratios_by_hand() -> None:
    # ln ratios 0.1, 0.2, 0.3: mean 0.2, SD 0.1.
    other = [10.0, 50.0, 200.0]
    found = ratio_limits([x * math.exp(r) for x, r in zip(other, (0.1, 0.2, 0.3), strict=True)], other)
    assert found.ratio.value == pytest.approx(math.exp(0.2))
    assert (found.lower, found.upper) == pytest.approx((math.exp(0.2 - 0.196), math.exp(0.2 + 0.196)))
    half = 4.302653 * 0.1 / math.sqrt(3.0)
    assert ends(found.ratio) == pytest.approx((math.exp(0.2 - half), math.exp(0.2 + half)), abs=1e-6)
    with pytest.raises(RefusedError, match="above 0"):
        ratio_limits([1.0, 2.0, 0.0], [1.0, 2.0, 3.0])


def test_what_gives_no_limits_is_refused_in_words() -> None:
    with pytest.raises(RefusedError, match="at least 3 first values"):
        bland_altman([1.0, 2.0], [1.0, 2.0])
    with pytest.raises(RefusedError, match="3 first and 4 second"):
        bland_altman([1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 4.0])
    with pytest.raises(RefusedError, match="missing"):
        bland_altman([1.0, 2.0, math.nan], [1.0, 2.0, 3.0])
    with pytest.raises(RefusedError, match="one row"):
        bland_altman([[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0])


@settings(deadline=None)
@given(ROWS)
def test_exchanging_the_methods_turns_everything(rows: tuple[list[float], list[float]]) -> None:
    a, b = bland_altman(*rows), bland_altman(*rows[::-1])
    assert a.bias.value == pytest.approx(-b.bias.value)
    assert a.upper.value == pytest.approx(-b.lower.value)
    assert a.prediction == pytest.approx((-b.prediction[1], -b.prediction[0]))
    assert (a.sd, a.proportional) == pytest.approx((b.sd, b.proportional))
    if a.slope is not None and b.slope is not None:
        assert a.slope.value == pytest.approx(-b.slope.value)
    assert (ratio_limits(*rows).ratio.value * ratio_limits(*rows[::-1]).ratio.value) == pytest.approx(1.0)


@settings(deadline=None)
@given(ROWS, st.floats(0.01, 100.0), st.floats(-100.0, 100.0))
def test_unit_and_zero(rows: tuple[list[float], list[float]], scale: float, shift: float) -> None:
    first, second = (np.array(row) for row in rows)
    a, b = bland_altman(first, second), bland_altman(scale * first + shift, scale * second + shift)
    assert b.bias.value == pytest.approx(scale * a.bias.value, abs=1e-9)
    assert b.upper.value == pytest.approx(scale * a.upper.value, abs=1e-9)
    assert ratio_limits(scale * first, scale * second).upper == pytest.approx(ratio_limits(first, second).upper)


def test_the_definition_says_what_nobody_checked() -> None:
    text = re.sub(r"\s+", " ", bland_altman.__doc__ or "")
    assert text.count("(not verified)") == text.count("doi:") == 2
