"""Laws of the instrument intervals, over all numbers that have one at once: order, scale, shift, the same each time."""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forcelab.analysis.efforts import contractions
from forcelab.analysis.interval import ONSET, measure
from forcelab.model import OnsetRule, Trace
from tests.analysis.units import DEGREE, EFFORT
from tests.signals import S1, S2, S3, S4, SPOILT, Signal
from tests.studies.coverage import record

RULE: Final = OnsetRule()
LONG: Final = replace(
    S4, name="raised cosine of 1 s", net=lambda t: 300.0 * (1.0 - np.cos(np.pi * np.clip(t, 0.0, 1.0)))
)
ASKED: Final = (*EFFORT, ONSET)


def given_by(trace: Trace, seed: int = 0) -> dict[str, tuple[float, float]]:
    (c,) = contractions(trace, RULE)
    return dict(measure(c, ASKED, RULE, seed=seed).given)


@st.composite
def trials(draw: st.DrawFn) -> Trace:
    """A closed form as a sensor records it, with so little noise that 2 % of peak sets the threshold."""
    signal, rate = draw(st.sampled_from([S1, S2, S4])), draw(st.sampled_from([80.0, 250.0, 500.0]))
    return record(signal, rate, draw(st.floats(0.1, 1.0)), draw(st.integers(0, 9999)))


def test_there_are_intervals_to_speak_of() -> None:
    assert {"peak_force", "mean_1s", "rfd_0_100", "rfd_20_80", "impulse_0_200", ONSET} <= set(
        given_by(record(S4, 250.0, 0.5, 1))
    )


@settings(max_examples=10, deadline=None)
@given(trials(), st.integers(0, 99))
def test_low_is_below_high_and_one_seed_gives_one_answer(trace: Trace, seed: int) -> None:
    found = given_by(trace, seed)
    for name, (low, high) in found.items():
        assert np.isfinite((low, high)).all(), name
        assert low <= high, name
    copy = replace(trace, t=trace.t.copy(), force=trace.force.copy())
    assert given_by(copy, seed) == found


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([S1, S2, S3, S4, *SPOILT, LONG]),
    st.sampled_from([80.0, 250.0, 1000.0]),
    st.lists(st.sampled_from(ASKED), unique=True, min_size=1),
    st.integers(0, 99),
)
def test_what_a_number_gets_rests_on_nothing_else_that_is_asked_for(
    signal: Signal, rate: float, asked: list[str], seed: int
) -> None:
    for c in contractions(record(signal, rate, 0.5, seed), RULE):
        whole, some = measure(c, ASKED, RULE, seed=seed), measure(c, asked, RULE, seed=seed)
        alone = measure(c, asked[-1:], RULE, seed=seed)
        for name in asked:
            assert some.given.get(name) == whole.given.get(name), name
            assert some.reasons.get(name) == whole.reasons.get(name), name
        assert alone.given.get(asked[-1]) == whole.given.get(asked[-1])


@pytest.mark.parametrize("signal", [S1, S4, LONG], ids=lambda signal: signal.name)
@pytest.mark.parametrize("rate", [80.0, 250.0, 1000.0])
def test_each_number_alone_gets_what_it_gets_among_all(signal: Signal, rate: float) -> None:
    (c,) = contractions(record(signal, rate, 0.5, 1), RULE)
    whole = measure(c, ASKED, RULE)
    assert "impulse_0_250" in whole.given
    for name in ASKED:
        alone = measure(c, [name], RULE)
        assert (alone.given.get(name), alone.reasons.get(name)) == (whole.given.get(name), whole.reasons.get(name))


@settings(max_examples=10, deadline=None)
@given(trials(), st.integers(-2, 4))
def test_an_interval_grows_with_force_as_its_unit_says(trace: Trace, power: int) -> None:
    factor = 2.0**power  # so that rounding is the same, and with it what is taken for a step of the sensor
    assume(trace.force.max() * factor > 150.0)
    before = given_by(trace)
    after = given_by(replace(trace, force=trace.force * factor, zero=(trace.zero or 0.0) * factor))
    assert set(after) == set(before)
    for name, pair in before.items():
        scale = 1.0 if name == ONSET else factor ** DEGREE[EFFORT[name].unit]
        assert after[name] == pytest.approx((pair[0] * scale, pair[1] * scale), rel=1e-9), name


@settings(max_examples=10, deadline=None)
@given(trials(), st.integers(-500, 500))
def test_a_load_on_the_sensor_moves_intervals_of_gross_forces_only(trace: Trace, load: int) -> None:
    before = given_by(trace)
    after = given_by(replace(trace, force=trace.force + load, zero=(trace.zero or 0.0) + load))
    assert set(after) == set(before)
    for name, (low, high) in before.items():
        shift = load if name.endswith("_gross") else 0.0
        assert after[name] == pytest.approx((low + shift, high + shift), abs=1e-6 * (high - low) + 1e-9, rel=0.0), name


@settings(max_examples=20, deadline=None)
@given(trials(), st.integers(-1024, 1024))
def test_when_it_happened_changes_no_interval(trace: Trace, later: int) -> None:
    before, after = given_by(trace), given_by(replace(trace, t=trace.t + later))
    assert set(after) == set(before)
    for name, (low, high) in before.items():
        shift = later if name == ONSET else 0.0
        assert after[name] == pytest.approx((low + shift, high + shift), abs=1e-5 * (high - low) + 1e-9, rel=0.0), name


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([S1, S2, S4]), st.sampled_from([80.0, 1000.0]), st.integers(0, 999), st.floats(1.5, 4.0))
def test_more_noise_is_a_wider_interval_of_the_peak(signal: Signal, rate: float, seed: int, factor: float) -> None:
    still = record(signal, rate, 0.0, seed)
    noise = np.random.default_rng(seed).normal(0.0, 1.0, len(still.t))
    narrow, wide = (given_by(replace(still, force=still.force + k * noise))["peak_force"] for k in (1.0, factor))
    assert wide[1] - wide[0] > narrow[1] - narrow[0]


@pytest.mark.parametrize("signal", SPOILT, ids=lambda signal: signal.name)
def test_no_spoilt_trial_turns_one_round(signal: Signal) -> None:
    for rate in (80.0, 1000.0):
        for c in contractions(record(signal, rate, 0.5, 1), RULE):
            said = measure(c, ASKED, RULE)
            assert set(said.given) | set(said.reasons) == set(ASKED)
            for name, (low, high) in said.given.items():
                assert low <= high, name


def test_rounded_forces_that_tie_are_no_matter_of_when_it_happened() -> None:
    trace = record(S2, 500.0, 0.1, 149)  # where the kink's rule ties, found by the law above
    before, after = given_by(trace), given_by(replace(trace, t=trace.t + 63))
    for name, (low, high) in before.items():
        shift = 63 if name == ONSET else 0.0
        assert after[name] == pytest.approx((low + shift, high + shift), abs=1e-5 * (high - low) + 1e-9, rel=0.0), name
