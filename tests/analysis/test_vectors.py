"""The specification's test vectors J1 to J4 as its tables have them, with its digits typed in.

Curves are sampled at 1000 Hz with the true onset given, or with onset where net force crosses a threshold. The others:
J5 steadiness and decline in test_holds.py, relaxation in test_further_metrics.py; J6 in test_asymmetry.py and
test_body.py; J7 in test_reliability.py; J8 in test_agreement.py and test_measurement_error.py; J9 in
jump/test_closed_form.py; J10 in test_flags.py; J11 in test_closed_forms.py, its laws in test_laws.py and beside the
rules that they bind.
"""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.efforts import contractions
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.onset import find_onset
from forcelab.model import OnsetRule
from tests.signals import ONSET, S1, S2, S3, S4, Signal, sample

# Metric -> value, from the tables of J1 to J4. Not in them: the slope at one instant, which no metric is.
TABLE: Final[dict[str, tuple[Signal, dict[str, float]]]] = {
    "J1": (S1, {
        "force_at_250": 500.0, "time_to_30": 0.075, "time_to_50": 0.125, "time_to_90": 0.225,
        **{f"peak_rfd_{w}": 2000.0 for w in (5, 10, 20, 50, 100, 200)},
        **{f"rfd_{w}": 2000.0 for w in ("50_100", "100_150", "150_200", "100_200")},
    }),
    "J2": (S2, {
        "rfd_100_200": 1498.9199, "rfd_50_100": 2437.3703, "rfd_150_200": 1251.3876, "nrfd_0_100": 486.5829,
        "time_to_30": 0.0535012, "time_to_50": 0.1039721, "time_to_80": 0.2414157, "time_to_90": 0.3453878,
        "peak_rfd_5": 3934.0679, "peak_rfd_10": 3869.5809, "peak_rfd_100": 2919.4973,
    }),
    "J3": (S3, {"peak_rfd_5": 3999.1669, "peak_rfd_10": 3996.6700, "peak_rfd_100": 3696.9373}),
    "J4": (S4, {
        "time_to_30": 0.1107030, "time_to_50": 0.15, "time_to_80": 0.2114498, "time_to_90": 0.2385502,
        "peak_rfd_5": 3141.2338, "peak_rfd_10": 3140.1574, "peak_rfd_100": 3000.0,
    }),
}  # fmt: skip

# Share of the peak in % -> ms after onset.
RISES: Final[dict[str, tuple[Signal, dict[float, float]]]] = {
    "J2": (S2, {10: 15.8041, 20: 33.4715, 30: 53.5012, 50: 103.9721, 80: 241.4157, 90: 345.3878, 95: 449.3598}),
    "J4": (S4, {
        1: 19.1306, 2: 27.1003, 2.5: 30.3248, 5: 43.0699, 10: 61.4498, 20: 88.5502, 30: 110.7030, 50: 150.0,
        80: 211.4498, 90: 238.5502,
    }),
}  # fmt: skip

# Threshold in N -> ms of delay, and the five RFD from the onset that it gives.
THRESHOLDS: Final = [
    (S1, 12.0, 6.0, ()), (S1, 5.0, 2.5, ()),
    (S2, 5.0, 1.2552, (3373.277, 2895.168, 2507.412, 2190.799, 1930.476)),
    (S2, 12.0, 3.0304, (3333.592, 2861.107, 2477.913, 2165.024, 1907.765)),
    (S2, 30.0, 7.6940, (3231.543, 2773.522, 2402.058, 2098.748, 1849.364)),
    (S4, 3.0, 13.5160, ()), (S4, 5.0, 17.4589, (1335.886, 1947.361, 2330.290, 2448.681, 2310.997)),
    (S4, 6.0, 19.1306, ()), (S4, 10.0, 24.7252, ()),
    (S4, 12.0, 27.1003, (1611.694, 2167.461, 2480.000, 2523.731, 2317.661)),
    (S4, 20.0, 35.0658, ()), (S4, 30.0, 43.0699, (2031.133, 2482.475, 2671.780, 2591.238, 2276.841)),
    (S4, 50.0, 55.9288, ()),
]  # fmt: skip
EPOCHS: Final = ("rfd_0_50", "rfd_0_100", "rfd_0_150", "rfd_0_200", "rfd_0_250")


def effort(signal: Signal, onset_at: float | None = ONSET) -> Contraction:
    (found,) = contractions(sample(signal, 1000.0), OnsetRule(), onset_at)
    return found


@pytest.mark.parametrize("vector", TABLE)
def test_the_numbers_of_the_tables(vector: str) -> None:
    signal, truth = TABLE[vector]
    c = effort(signal, None if vector == "J3" else ONSET)
    for name, value in truth.items():
        tolerance = 0.0002 if name.startswith("time_") else 0.005 * value
        assert METRICS[name].compute(c) == pytest.approx(value, abs=tolerance), name


@pytest.mark.parametrize("vector", RISES)
def test_when_force_passes_its_shares(vector: str) -> None:
    signal, truth = RISES[vector]
    c = effort(signal)
    for percent, ms in truth.items():
        reached = c.rise_to(percent / 100.0)
        assert reached is not None
        assert 1e3 * (reached - ONSET) == pytest.approx(ms, abs=0.2), percent


def test_rates_between_shares() -> None:
    # J2: RFD 10–90 is no metric, its shares are.
    low, high = (effort(S2).rise_to(share) for share in (0.1, 0.9))
    assert low is not None
    assert high is not None
    assert 0.8 * 600.0 / (high - low) == pytest.approx(1456.3828, rel=1e-3)


@pytest.mark.parametrize(("signal", "threshold", "delay", "rates"), THRESHOLDS)
def test_thresholds_delay_onset_and_raise_early_rates(
    signal: Signal, threshold: float, delay: float, rates: tuple[float, ...]
) -> None:
    true = effort(signal)
    onset = find_onset(true.t, true.net, true.effort.peak, threshold)
    assert onset is not None
    assert 1e3 * (onset - ONSET) == pytest.approx(delay, abs=0.1)
    c = effort(signal, onset)
    for name, rate in zip(EPOCHS, rates, strict=False):
        assert METRICS[name].compute(c) == pytest.approx(rate, rel=0.002), name


@pytest.mark.parametrize("signal", [S1, S2, S4], ids=lambda signal: signal.name)
@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_more_samples_on_the_same_straight_lines_change_nothing(signal: Signal, rate: float) -> None:
    # J11. The onset is given: the noise of samples that lie between others is not that of the sensor.
    trace = sample(signal, rate)
    t = np.sort(np.concatenate((trace.t, 0.5 * (trace.t[1:] + trace.t[:-1]))))
    denser = replace(trace, t=t, force=np.interp(t, trace.t, trace.force))
    (few,), (many,) = (contractions(one, OnsetRule(), ONSET) for one in (trace, denser))
    for name, metric in METRICS.items():
        one, other = metric.compute(few), metric.compute(many)
        assert (one is None) == (other is None), name
        assert one is None or other == pytest.approx(one, rel=1e-9, abs=1e-9), name
