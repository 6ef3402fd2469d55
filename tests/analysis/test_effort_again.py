"""Efforts drawn again: their curve is the closed form, their intervals hold it, and a spread knows its noise."""

from dataclasses import replace

import numpy as np
import pytest

from forcelab.analysis.effort_again import GAP, SHORT, effort_again, record_again
from forcelab.analysis.efforts import contractions
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.noise import Noise
from forcelab.analysis.noise_again import around, draw_again, sample_again
from forcelab.analysis.unsteady import around_square
from forcelab.model import OnsetRule, Trace
from tests.signals import S1, S4, sample

QUIET = Noise(1.0, 100.0, 0.0, 0.0)


def test_the_drawn_curve_is_nearer_to_the_force_than_the_samples_are() -> None:
    for rate, least in ((80.0, 0.8), (1000.0, 0.5)):
        trace = sample(S4, rate, noise=1.0, seed=2)
        drawn = draw_again(trace.t, trace.force, QUIET)
        inside = (drawn.t > 0.1) & (drawn.t < S4.end - 0.1)
        off = np.interp(drawn.t, trace.t, trace.force) - S4.force(drawn.t)
        assert np.std((drawn.force - S4.force(drawn.t))[inside]) < least * np.std(off[inside]) + 0.1


def test_a_kink_between_samples_is_found_where_it_is() -> None:
    t = np.arange(0.0, 1.0, 0.01)
    drawn = draw_again(t, np.maximum(t - 0.503, 0.0) * 5000.0, replace(QUIET, sd=0.01))
    assert drawn.force[drawn.t < 0.502].max() == pytest.approx(0.0, abs=0.05)
    assert float(np.interp(0.505, drawn.t, drawn.force)) == pytest.approx(10.0, abs=0.5)


def test_other_records_have_the_noise_the_step_and_the_phase_that_are_asked_for() -> None:
    t = np.arange(0.0, 20.0, 0.01)
    drawn = draw_again(t, np.zeros(len(t)), Noise(2.0, 100.0, 0.5, 0.1))
    again, force = sample_again(drawn, 0.25, np.random.default_rng(0))
    assert again[0] == pytest.approx(0.0025)
    assert float(force.std()) == pytest.approx(2.0, rel=0.1)
    assert float((force[1:] * force[:-1]).mean() / force.var()) == pytest.approx(0.5, abs=0.06)
    assert np.allclose(force, np.round(force / 0.1) * 0.1)


def test_an_interval_mends_the_bias_that_noise_gives() -> None:
    """Replicas that lie 10 too high say that the number does too."""
    low, high = around(110.0, 100.0, np.linspace(105.0, 115.0, 99)) or (0.0, 0.0)
    assert 95.0 < low < 96.0
    assert 104.0 < high < 105.0
    assert around(110.0, 100.0, np.array([np.nan] * 3 + [110.0] * 96)) is None


def test_a_spread_within_the_noise_may_be_nothing_and_one_above_it_is_not() -> None:
    rng = np.random.default_rng(0)
    rows = 1.0 + 0.05 * rng.standard_normal(99)
    low, high = around_square(1.0, 0.0, rows, (1.0, np.ones(99)), 40.0) or (1.0, 0.0)
    assert low == 0.0 < high < 1.0
    # A spread of 3 with noise of 1 is shown as √10.
    low, high = around_square(10**0.5, 3.0, np.sqrt(9.0 + rows**2), (1.0, np.ones(99)), 40.0) or (4.0, 0.0)
    assert 2.8 < low < 3.0 < high < 3.2


@pytest.mark.parametrize(("name", "truth"), [("rfr_75_25", -3000.0), ("plateau_ratio", 1.0), ("peak_rfr_100", -3000.0)])
def test_the_closed_form_lies_in_the_interval(name: str, truth: float) -> None:
    """600 N let go along a cosine of 0.3 s: 50 % in 0.1 s about its middle."""
    held = 0
    for seed in range(4):
        (c,) = contractions(sample(S4, 250.0, noise=0.5, seed=seed), OnsetRule())
        again = effort_again(c, OnsetRule())
        assert not isinstance(again, str)
        low, high = again.around(METRICS[name].compute(c) or 0.0, METRICS[name].compute) or (0.0, 0.0)
        slack = 0.25 * (high - low)
        held += low - slack <= truth <= high + slack
    assert held >= 3


def test_why_an_effort_cannot_be_drawn_again() -> None:
    trace = sample(S1, 250.0, noise=0.5)
    keep = (trace.t < 2.0) | (trace.t > 2.1)
    holed = Trace(trace.t[keep], trace.force[keep], 250.0)
    (c,) = contractions(holed, OnsetRule())
    assert effort_again(c, OnsetRule()) == GAP
    assert record_again(holed, [c]) == GAP
    assert effort_again(replace(c, part=replace(c.part, begin=c.part.stop - 5, end=c.part.stop)), OnsetRule()) == SHORT
