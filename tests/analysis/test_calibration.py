"""Known weights: the line against a published one, everything else against what can be told by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.analysis.calibration import findings, regression, unsteady, ways
from forcelab.analysis.estimate import RefusedError

# NIST Statistical Reference Datasets, "Norris": calibration of ozone monitors, (reading, applied) as published.
NORRIS = """
0.1 0.2 338.8 337.4 118.1 118.2 888.0 884.6 9.2 10.1 228.1 226.5 668.5 666.3 998.5 996.3 449.1 448.6
778.9 777.0 559.2 558.2 0.3 0.4 0.1 0.6 778.1 775.5 668.8 666.9 339.3 338.0 448.9 447.5 10.8 11.6
557.7 556.0 228.3 228.1 998.0 995.8 888.8 887.6 119.6 120.2 0.3 0.3 0.6 0.3 557.6 556.8 339.3 339.1
888.0 887.2 998.5 999.0 778.9 779.0 10.2 11.1 117.6 118.3 228.9 229.2 668.4 669.1 449.2 448.9 0.2 0.5
"""


def test_the_line_is_the_certified_one() -> None:
    numbers = [float(word) for word in NORRIS.split()]
    line = regression(numbers[1::2], numbers[::2])
    assert line.n == 36
    assert line.offset.value == pytest.approx(-0.262323073774029, rel=1e-9)
    assert line.offset_se == pytest.approx(0.232818234301152, rel=1e-9)
    assert line.slope.value == pytest.approx(1.00211681802045, rel=1e-12)
    assert line.slope_se == pytest.approx(0.429796848199937e-3, rel=1e-9)
    assert line.residual_sd == pytest.approx(0.884796396144373, rel=1e-9)
    # The 97.5 % quantile of t with 34 degrees of freedom is 2.0322 in printed tables.
    assert line.slope.high == pytest.approx(1.00211681802045 + 2.0322 * 0.429796848199937e-3, abs=1e-7)
    assert line.offset.low == pytest.approx(-0.262323073774029 - 2.0322 * 0.232818234301152, abs=1e-4)


UP_AND_DOWN = [0.0, 50.0, 100.0, 200.0, 100.0, 50.0, 0.0]


@given(st.floats(0.5, 1.5), st.floats(-100, 100))
def test_a_sensor_with_a_wrong_gain_is_a_straight_line(gain: float, offset: float) -> None:
    found = findings(UP_AND_DOWN, [offset + gain * weight for weight in UP_AND_DOWN])
    assert found.line.slope.value == pytest.approx(gain, abs=1e-9)
    assert found.line.offset.value == pytest.approx(offset, abs=1e-9)
    assert found.linearity == pytest.approx(0.0, abs=1e-9)
    assert found.hysteresis == pytest.approx(0.0, abs=1e-9)
    assert found.zero_return == pytest.approx(0.0, abs=1e-9)
    error = (gain - 1.0) * 200.0
    # At 50, 100 and 200 N the limit is 2 N: the greatest weight shows most of a gain.
    assert found.passed == (abs(found.error) <= 2.0)
    if abs(error) > 1e-6:
        assert found.error == pytest.approx(error, abs=1e-9)
        assert (found.error_at, found.error_limit) == (200.0, 2.0)


def test_each_fault_has_its_number() -> None:
    read = [1.0, 51.0, 101.0, 201.0, 104.0, 51.0, 2.5]
    found = findings(UP_AND_DOWN, read)
    assert found.hysteresis == 3.0
    assert found.zero_return == 1.5
    assert found.repeatability is None
    assert "repeats" in found.missing["repeatability"]
    assert (found.error, found.error_at, found.passed) == (3.0, 100.0, False)
    assert findings(UP_AND_DOWN, read, least=3.0).passed


def test_what_bends_is_told_in_newtons_and_percent_of_the_span() -> None:
    # Three weights at equal steps, the middle one 3 N high: the line lies 1 N above it all, so 2 N are left over there.
    found = findings([0, 100, 200], [0, 103, 200])
    assert found.linearity == pytest.approx(2.0)
    assert found.linearity_percent == pytest.approx(1.0)


def test_repeats_are_pooled_over_weights_and_ways() -> None:
    # Up at 100: 99 and 101 (SD √2, one degree of freedom); down at 0: 0 and 2 (SD √2, one). The rest stands alone.
    found = findings([0, 100, 0, 100, 0], [0, 99, 0, 101, 2])
    assert found.repeatability == pytest.approx(math.sqrt(2.0))
    assert found.repeatability_df == 2


def test_every_turn_is_measured_from_its_own_zero() -> None:
    found = findings([0, 100, 0, 100, 0], [0, 100, 5, 105, 5])
    assert found.error == 0.0
    assert found.passed
    assert found.zero_return == 5.0
    assert "hysteresis" in found.missing


@pytest.mark.parametrize(
    ("applied", "read", "why"),
    [
        ([], [], "begin with the empty sensor"),
        ([10, 20, 30], [10, 20, 30], "begin with the empty sensor"),
        ([0, -10, 20], [0, -10, 20], "less than 0"),
        ([0, 10], [0, 10], "3 readings"),
        ([0, 0, 0], [1, 2, 3], "two different weights"),
        ([0, 10, math.nan], [0, 10, 20], "no number"),
        ([0, 10, 20], [0, math.inf, 20], "no number"),
        ([0, 10, 20], [0, 10], "as many readings"),
    ],
)
def test_what_tells_nothing_is_refused(applied: list[float], read: list[float], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        findings(applied, read)


@given(st.lists(st.tuples(st.sampled_from([0.0, 5.0, 50.0, 500.0]), st.floats(-1e3, 1e3)), max_size=12))
def test_a_series_is_refused_or_has_finite_numbers(pairs: list[tuple[float, float]]) -> None:
    try:
        found = findings([0.0, *(weight for weight, _ in pairs)], [0.0, *(reading for _, reading in pairs)])
    except RefusedError:
        return
    numbers = (found.linearity, found.hysteresis, found.repeatability, found.zero_return, found.error)
    assert all(number is None or math.isfinite(number) for number in numbers)
    assert len(ways([weight for weight, _ in pairs])) == len(pairs)


def test_what_swings_or_creeps_does_not_hang_still() -> None:
    still = [100.0] * 160
    assert unsteady(still) == ""
    swinging = [100.0 + 3.0 * math.sin(2 * math.pi * i / 40) for i in range(160)]
    assert "does not hang still (2.1 N SD" in unsteady(swinging)
    # 400 N allow 2 N: a creep of 4 N within the reading has an SD of 1.2 N, and moves by 2 N from half to half.
    creeping = [400.0 + 4.2 * i / 159 for i in range(160)]
    assert "still moves (2.1 N" in unsteady(creeping)
    assert unsteady([0.0, 4.4, 0.0, 4.4], step=4.45) == "", "one step of a coarse sensor is no swing"
