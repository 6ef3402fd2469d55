"""The two scaling factors: lines known by hand, pulses of closed form, and what is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.analysis.efforts import contractions
from forcelab.analysis.pulses import (
    LEAST_PULSES,
    SCALING_FACTORS,
    Pulse,
    Pulses,
    fit,
    pulse,
    rfd_scaling,
    rfr_scaling,
)
from forcelab.model import OnsetRule, Trace

TABLE = {measure.id: measure for measure in SCALING_FACTORS}


def straight(count: int = 36, rate: float = 1000.0) -> Pulses:
    heights = [100.0 + 300.0 * n / (count - 1) for n in range(count)]
    return Pulses([Pulse(f, 9.0 * f + 50.0, -8.0 * f - 20.0) for f in heights], rate)


def test_a_straight_line_is_found() -> None:
    truth = {"rfd_scaling_factor": 9.0, "rfr_scaling_factor": -8.0, "rfd_scaling_r2": 1.0, "rfr_scaling_r2": 1.0,
             "rfd_scaling_intercept": 50.0, "rfr_scaling_intercept": -20.0}  # fmt: skip
    assert set(truth) == set(TABLE)
    for name, value in truth.items():
        assert TABLE[name].result(straight()).value == pytest.approx(value, abs=1e-9), name


def test_a_scattered_line_by_hand() -> None:
    # x −1 0 1 and y −1 2 −1 about their means: slope 0, nothing explained. Then y 1 2 6: slope 2.5, 12.5 of 14.
    flat = fit(np.array([1.0, 2.0, 3.0]), np.array([0.0, 3.0, 0.0]))
    assert (flat.slope, flat.intercept, flat.r2) == (0.0, 1.0, 0.0)
    bent = fit(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 6.0]))
    assert (bent.slope, bent.intercept) == pytest.approx((2.5, -2.0))
    assert bent.r2 == pytest.approx(12.5 / 14.0)
    assert bent.count == 3


def bells(count: int, rate: float) -> Trace:
    """Pulses of 100 to 400 N, up and down within 0.3 s as raised cosines, every 2 s."""
    t = np.arange(0.0, 2.0 * count + 1.5, 1.0 / rate)
    force = np.zeros(len(t))
    for n in range(count):
        tau = t - 1.5 - 2.0 * n
        height = 100.0 + 300.0 * n / (count - 1)
        force += np.where((tau > 0) & (tau < 0.3), 0.5 * height * (1.0 - np.cos(2.0 * np.pi * tau / 0.3)), 0.0)
    return Trace(t, force + 20.0, rate)


def test_bells_of_one_width_scale_as_their_sine() -> None:
    found = [pulse(c) for c in contractions(bells(36, 1000.0), OnsetRule())]
    assert len(found) == 36
    # The steepest 20 ms of A/2·(1 − cos(2πt/0.3)): A/2 · 2·sin(2π·0.01/0.3) / 0.02.
    k = math.sin(2.0 * math.pi * 0.01 / 0.3) / 0.02
    line = rfd_scaling(Pulses(found, 1000.0))
    assert line.slope == pytest.approx(k, rel=2e-3)
    assert line.r2 == pytest.approx(1.0, abs=1e-4)
    assert line.count == 36
    assert rfr_scaling(Pulses(found, 1000.0)).slope == pytest.approx(-k, rel=2e-3)


@pytest.mark.parametrize(
    ("test", "why"),
    [
        (straight(35), "35 usable pulses; at least 36"),
        (straight(rate=199.0), "199 Hz is too slow"),
        (straight(rate=80.0), "80 Hz is too slow"),
        (Pulses([replace(p, peak=p.peak + 300.0) for p in straight().pulses], 1000.0), "too equal"),
        (Pulses([Pulse(p.peak, None, None) for p in straight().pulses], 1000.0), "0 usable pulses"),
        (Pulses([Pulse(p.peak - 100.0, p.rfd, p.rfr) for p in straight().pulses], 1000.0), "too equal"),
        (Pulses([], 1000.0), "0 usable pulses"),
    ],
)
def test_refused_with_a_reason(test: Pulses, why: str) -> None:
    for measure in SCALING_FACTORS:
        result = measure.result(test)
        assert result.value is None
        assert why in (result.reason or "")


def test_an_estimated_rate_and_a_pulse_without_a_fall() -> None:
    assert rfd_scaling(replace(straight(rate=198.0), estimated=True)).count == 36
    cut = [*straight(37).pulses[:36], Pulse(400.0, 3650.0, None)]
    assert rfd_scaling(Pulses(cut, 1000.0)).count == 37
    assert rfr_scaling(Pulses(cut, 1000.0)).count == LEAST_PULSES


@given(scale=st.floats(0.01, 100.0), seed=st.integers(0, 100), offset=st.floats(-1e4, 1e4))
def test_laws(*, scale: float, seed: int, offset: float) -> None:
    rng = np.random.default_rng(seed)
    peaks = np.linspace(100.0, 400.0, 40)
    rates = 9.0 * peaks + rng.normal(0.0, 100.0, 40)
    one, other, up = fit(peaks, rates), fit(peaks * scale, rates * scale), fit(peaks, rates + offset)
    assert (other.slope, other.r2) == pytest.approx((one.slope, one.r2), rel=1e-9)
    assert other.intercept == pytest.approx(scale * one.intercept, rel=1e-6)
    assert (up.slope, up.r2) == pytest.approx((one.slope, one.r2), rel=1e-6)
    assert up.intercept == pytest.approx(one.intercept + offset, rel=1e-6, abs=1e-6)
    slope, intercept = np.polyfit(peaks, rates, 1)
    assert (one.slope, one.intercept) == pytest.approx((slope, intercept), rel=1e-9)
    assert one.r2 == pytest.approx(np.corrcoef(peaks, rates)[0, 1] ** 2, rel=1e-9)
