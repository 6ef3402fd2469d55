"""Laws that hold for every number of an effort at once, by its unit, so that a new metric is covered by being listed.

Domains: noise so small that 2 % of peak sets the threshold of onset, and zero shifted and scaled with the force;
jitter where onset is given by hand; packets for a sensor with its own time.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_protocols.progressor import DATA
from forcelab.analysis.contraction import Contraction
from forcelab.analysis.efforts import contractions
from forcelab.analysis.metrics import METRICS
from forcelab.evaluate import evaluate
from forcelab.model import OnsetRule, Packet, Trace
from tests.acquisition.test_stream import G, progressor, weights, whole
from tests.analysis.units import DEGREE, EFFORT
from tests.signals import ONSET, Net, Signal, assessment, exponential, logistic, raised_cosine, ramp, sample

RULE: Final = OnsetRule()
ALL: Final = assessment()
GROSS: Final = {name for name in EFFORT if name.endswith("_gross")}


def found(trace: Trace, onset_at: float | None = None) -> Contraction:
    (c,) = contractions(trace, RULE, onset_at)
    return c


def numbers(c: Contraction) -> dict[str, float]:
    """All numbers that this effort has."""
    values = {name: metric.compute(c) for name, metric in EFFORT.items()}
    return {name: value for name, value in values.items() if value is not None}


def test_every_metric_of_an_effort_is_in_the_table() -> None:
    assert set(EFFORT) == set(METRICS)


def curve(shape: str, top: float, rise: float) -> Net:
    return {
        "cosine": lambda: raised_cosine(top, rise),
        "exponential": lambda: exponential(top, 0.3 * rise),
        "ramp": lambda: ramp(top / rise, rise),
        "logistic": lambda: logistic(top, 9.0 / rise, 0.6 * rise + 0.2),
    }[shape]()


RATES: Final = st.sampled_from([80.0, 250.0, 500.0])


@st.composite
def trials(draw: st.DrawFn, *, noisy: bool = True) -> Trace:
    """A fast push of any height. Noise is none or more than rounding, and there where force creeps up to its top:
    which sample of an even plateau is the largest is anybody's guess."""
    top, rise = draw(st.floats(150.0, 3000.0)), draw(st.floats(0.1, 1.0))
    noise = draw(st.just(0.0) | st.floats(1e-5, 1e-3)) if noisy else 0.0
    shape = draw(st.sampled_from(["cosine", "ramp", "exponential", "logistic"] if noise else ["cosine", "ramp"]))
    signal = Signal("any", curve(shape, top, rise), rise + 2.5, capacity=None)
    return sample(signal, draw(RATES), seed=draw(st.integers(0, 9999)), noise=noise * top)


@settings(max_examples=15, deadline=None)
@given(trials(), st.floats(0.8, 20.0))
def test_a_number_grows_with_force_as_its_unit_says(trace: Trace, factor: float) -> None:
    before = numbers(found(trace))
    after = numbers(found(replace(trace, force=trace.force * factor, zero=(trace.zero or 0.0) * factor)))
    assert set(after) == set(before)
    for name, value in before.items():
        assert after[name] == pytest.approx(value * factor ** DEGREE[EFFORT[name].unit], rel=1e-6, abs=1e-7), name


@settings(max_examples=15, deadline=None)
@given(trials(), st.floats(-500.0, 500.0))
def test_a_load_on_the_sensor_adds_to_gross_forces_only(trace: Trace, load: float) -> None:
    before = numbers(found(trace))
    after = numbers(found(replace(trace, force=trace.force + load, zero=(trace.zero or 0.0) + load)))
    assert set(after) == set(before)
    for name, value in before.items():
        assert after[name] == pytest.approx(value + (load if name in GROSS else 0.0), rel=1e-6, abs=1e-6), name


@settings(max_examples=15, deadline=None)
@given(trials(), st.floats(-1000.0, 10_000.0))
def test_when_it_happened_changes_no_number(trace: Trace, later: float) -> None:
    before, after = found(trace), found(replace(trace, t=trace.t + later))
    assert after.effort.onset == pytest.approx(before.effort.onset + later, abs=1e-6)
    assert set(numbers(after)) == set(numbers(before))
    for name, value in numbers(before).items():
        # So far from zero stamps are rounded at 1e-12 s, and a slope divides by the steps between them.
        assert numbers(after)[name] == pytest.approx(value, rel=1e-5, abs=1e-6), name


@settings(max_examples=15, deadline=None)
@given(trials(noisy=False), st.integers(0, 8000), st.integers(0, 8000))
def test_more_rest_at_either_end_changes_nothing(trace: Trace, ahead: int, behind: int) -> None:
    step = 1.0 / trace.rate
    early, late = trace.t[0] - step * np.arange(ahead, 0, -1), trace.t[-1] + step * np.arange(1, behind + 1)
    t = np.concatenate((early, trace.t, late))
    force = np.concatenate((np.full(ahead, trace.force[0]), trace.force, np.full(behind, trace.force[-1])))
    before, after = found(trace), found(replace(trace, t=t, force=force))
    assert after.effort.onset == pytest.approx(before.effort.onset, abs=1e-9)
    for name, value in numbers(before).items():
        assert numbers(after)[name] == pytest.approx(value, rel=1e-6, abs=1e-9), name
    assert set(numbers(after)) == set(numbers(before))


CORNERS: Final = np.array([0.0, ONSET, ONSET + 0.25, ONSET + 3.25, ONSET + 3.55, ONSET + 4.55])
LEVELS: Final = np.array([20.0, 20.0, 520.0, 520.0, 20.0, 20.0])


def straight(rate: float, jitter: float, seed: int) -> Trace:
    """A ramp, a hold and a release, stamped as sampled, a sample at each corner and one close behind the last one."""
    even = np.arange(0.0, CORNERS[-1], 1.0 / rate)
    t = even + np.random.default_rng(seed).uniform(-jitter, jitter, len(even)) / rate
    t = np.sort(np.concatenate((t[np.abs(t[:, np.newaxis] - CORNERS).min(axis=1) > 1e-4], CORNERS)))
    t = t[(t >= 0.0) & (t <= CORNERS[-1]) & (np.diff(t, prepend=-1.0) > 1e-5)]
    return Trace(t, np.interp(t, CORNERS, LEVELS), rate, zero=20.0)


@settings(max_examples=15, deadline=None)
@given(st.floats(80.0, 1000.0), st.floats(0.0, 0.45), st.integers(0, 9999))
def test_jitter_with_right_stamps_changes_nothing_on_straight_lines(rate: float, jitter: float, seed: int) -> None:
    even, uneven = (numbers(found(straight(rate, x, seed), ONSET)) for x in (0.0, jitter))
    assert set(even) == set(uneven)
    for name, value in even.items():
        assert uneven[name] == pytest.approx(value, rel=1e-9), name
    for name in ("rfd_0_50", "rfd_0_100", "rfd_20_80", "rfd_100_200", "peak_rfd_100", "rfd_to_1_2"):
        assert uneven[name] == pytest.approx(2000.0, rel=1e-9), name


def through_packets(trace: Trace, sizes: list[int], delays: list[int]) -> Trace:
    """What a stream makes of the samples, so many a notification, each heard so many ns late."""
    stream, first, k = progressor(), 0, 0
    while first < len(trace.t):
        part = slice(first, first + sizes[k % len(sizes)])
        pairs = [(f / G, round(t * 1e6)) for t, f in zip(trace.t[part], trace.force[part], strict=True)]
        stream.receive(Packet(pairs[-1][1] * 1000 + delays[k % len(delays)], DATA, weights(*pairs)))
        first, k = part.stop, k + 1
    return whole(stream)


@settings(max_examples=6, deadline=None)
@given(
    trials(),
    st.lists(st.integers(1, 30), min_size=1, max_size=9),
    st.lists(st.integers(0, 200_000_000), min_size=1, max_size=9),
)
def test_how_samples_are_put_into_packets_changes_no_bit(trace: Trace, sizes: list[int], delays: list[int]) -> None:
    one, other = through_packets(trace, [15], [0]), through_packets(trace, sizes, delays)
    assert len(one.t) == len(trace.t)
    assert evaluate({"total": other}, ALL, show_all=True) == evaluate({"total": one}, ALL, show_all=True)


@settings(max_examples=15, deadline=None)
@given(trials(), st.booleans())
def test_a_sensor_the_other_way_round_is_never_trusted(trace: Trace, zeroed: bool) -> None:
    zero = (trace.zero or 0.0) if zeroed else None
    over = replace(trace, force=-trace.force, zero=None if zero is None else -zero)
    for evaluation in evaluate({"total": over}, ALL):
        assert evaluation.verdict == "repeat"
        assert "SIGN" in {flag.name for flag in evaluation.flags if flag.assessed}


def descending(values: dict[str, float], names: str, slack: float = 1e-9) -> None:
    """Each of these is at least the one after it."""
    for high, low in pairwise(name for name in names.split() if name in values):
        assert values[high] >= values[low] - slack * max(abs(values[high]), 1.0), (high, low)


@settings(max_examples=20, deadline=None)
@given(trials())
def test_numbers_of_one_effort_stand_in_their_order(trace: Trace) -> None:
    c = found(trace)
    e, got = c.effort, numbers(c)
    assert e.baseline.start < e.baseline.stop <= e.onset < e.peak_at
    assert e.release is not None
    assert e.peak_at < e.release
    descending(got, "peak_force_gross peak_force mean_200ms mean_500ms mean_1s")
    descending(got, "time_to_peak time_to_90 time_to_80 time_to_50 time_to_30")
    assert 0.0 < got["plateau_ratio"] <= 1.0 + 1e-12
    for w in (50, 100, 150, 200, 250):
        assert got[f"force_at_{w}_gross"] == pytest.approx(got[f"force_at_{w}"] + e.baseline.mean)
        assert got[f"nrfd_0_{w}"] == pytest.approx(100.0 * got[f"rfd_per_peak_0_{w}"])
        assert got[f"rfd_per_peak_0_{w}"] == pytest.approx(got[f"rfd_0_{w}"] / e.peak)
        assert got[f"force_at_{w}"] == pytest.approx(e.threshold + got[f"rfd_0_{w}"] * w / 1000, rel=1e-6)
    assert got["rfd_100_200"] == pytest.approx((got["rfd_100_150"] + got["rfd_150_200"]) / 2.0)
    assert got["rfd_0_100"] == pytest.approx((got["rfd_0_50"] + got["rfd_50_100"]) / 2.0)


@settings(max_examples=20, deadline=None)
@given(trials(noisy=False))
def test_where_force_never_falls_on_its_way_up_more_time_is_more(trace: Trace) -> None:
    got = numbers(found(trace))
    assert min(value for name, value in got.items() if "rfr" not in name) >= 0.0
    assert max(value for name, value in got.items() if "rfr" in name) < 0.0
    descending(got, "impulse_total impulse_0_250 impulse_0_200 impulse_0_150 impulse_0_100 impulse_0_50")
    descending(got, "peak_force force_at_250 force_at_200 force_at_150 force_at_100 force_at_90 force_at_50")
    # The steeper half of a window of twice the length is at least as steep.
    for row in ("peak_rfd_5 peak_rfd_10", "peak_rfd_10 peak_rfd_20", "peak_rfd_50 peak_rfd_100 peak_rfd_200"):
        descending(got, row)
    for w in (50, 100, 200):
        assert got[f"peak_rfd_{w}"] >= got[f"rfd_0_{w}"] * (1.0 - 1e-9)
