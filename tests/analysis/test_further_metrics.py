"""The further metrics of one effort: closed forms, relaxation, records too short, and laws over all of them at once."""

import math
from dataclasses import replace
from typing import Final

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.analysis.contraction import Contraction, drawn
from forcelab.analysis.efforts import contractions
from forcelab.analysis.epochs import EPOCHS
from forcelab.analysis.gate import GATED_AS
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.normalised import NORMALISED
from forcelab.analysis.plateau import PLATEAU
from forcelab.analysis.relaxation import RELAXATION, first_fall
from forcelab.analysis.timing import TIMING
from forcelab.model import Effort, OnsetRule, Trace
from tests.signals import ONSET, S1, S2, S3, S4, Signal, sample

FURTHER: Final = (*PLATEAU, *EPOCHS, *NORMALISED, *TIMING, *RELAXATION)
TABLE: Final = {metric.id: metric for metric in FURTHER}

TRUTH: dict[str, dict[str, float]] = {
    "ramp": {
        "rfd_50_100": 2000.0, "rfd_100_150": 2000.0, "rfd_150_200": 2000.0, "rfd_100_200": 2000.0,
        "time_to_30": 0.075, "time_to_50": 0.125, "time_to_80": 0.2, "time_to_90": 0.225,
        "peak_rfd_2": 2000.0, "peak_rfd_5": 2000.0, "peak_rfd_10": 2000.0, "peak_rfd_100": 2000.0,
        "nrfd_0_100": 400.0, "rfd_per_peak_0_100": 4.0, "rfd_to_1_6": 2000.0, "rfd_to_1_2": 2000.0,
        "rfd_to_2_3": 2000.0, "mean_500ms": 500.0, "mean_200ms": 500.0, "plateau_ratio": 1.0,
        "force_at_100_gross": 220.0, "force_at_250_gross": 520.0,
        # 0.25 s at half of 500 N, 3 s at 500 N, and the release: half a cosine from 1 down to 5 %.
        "impulse_total": 62.5 + 1500.0
        + 500.0 * 0.3 * (math.acos(-0.9) / math.pi + math.sin(math.acos(-0.9)) / math.pi) / 2.0,
    },
    "exponential": {
        "rfd_100_200": 1498.9199, "rfd_50_100": 2437.3703, "rfd_150_200": 1251.3876,
        "rfd_100_150": (379.2723 - 291.9497) / 0.05,
        "time_to_30": 0.0535012, "time_to_50": 0.1039721, "time_to_80": 0.2414157, "time_to_90": 0.3453878,
        "peak_rfd_2": 3973.4515, "peak_rfd_5": 3934.0679, "peak_rfd_10": 3869.5809, "peak_rfd_100": 2919.4973,
        "nrfd_0_100": 486.5829, "rfd_per_peak_0_100": 4.865829, "nrfd_0_50": 3401.6243 / 6.0,
        "rfd_to_1_2": 300.0 / 0.1039721,
        "rfd_to_1_6": 100.0 / (0.15 * math.log(1.2)), "rfd_to_2_3": 400.0 / (0.15 * math.log(3.0)),
        "force_at_150_gross": 399.2723, "force_at_90_gross": 290.7130,
    },
    "logistic": {
        "peak_rfd_2": 3999.8667, "peak_rfd_5": 3999.1669, "peak_rfd_10": 3996.6700, "peak_rfd_100": 3696.9373,
    },
    "raised cosine": {
        "time_to_30": 0.1107030, "time_to_50": 0.150, "time_to_80": 0.2114498, "time_to_90": 0.2385502,
        "peak_rfd_2": 3141.5352, "peak_rfd_5": 3141.2338, "peak_rfd_10": 3140.1574, "peak_rfd_100": 3000.0,
        "rfd_100_200": 3000.0, "rfd_50_100": (150.0 - 40.1924) / 0.05, "rfd_150_200": 3000.0,
        "nrfd_0_200": 375.0, "nrfd_0_250": 2239.2305 / 6.0, "rfd_per_peak_0_150": 2000.0 / 600.0,
        "rfd_to_1_2": 2000.0, "rfd_to_1_6": 100.0 / (0.3 / math.pi * math.acos(2.0 / 3.0)),
        "mean_500ms": 600.0, "mean_200ms": 600.0, "force_at_50_gross": 60.1924,
    },
}  # fmt: skip


def effort(signal: Signal, rate: float, *, given: bool = True, seed: int = 0, noise: float = 0.0) -> Contraction:
    trace = sample(signal, rate, seed=seed, noise=noise)
    return contractions(trace, OnsetRule(), ONSET if given else None)[0]


@pytest.mark.parametrize("signal", [S1, S2, S3, S4], ids=lambda s: s.name)
def test_closed_forms(signal: Signal) -> None:
    c = effort(signal, 4000.0, given=signal is not S3)
    for metric, truth in TRUTH[signal.name].items():
        tolerance = 0.0002 if TABLE[metric].unit == "s" else truth * (0.001 if "impulse" in metric else 0.002)
        assert TABLE[metric].compute(c) == pytest.approx(truth, abs=tolerance), metric


@pytest.mark.parametrize(("signal", "middle"), [(S1, 0.125), (S2, 0.1039721), (S4, 0.150)], ids=lambda v: str(v)[:9])
def test_time_to_half_at_80_hz(signal: Signal, middle: float) -> None:
    found = [TABLE["time_to_50"].compute(effort(signal, 80.0, seed=seed)) for seed in range(60)]
    assert abs(np.mean([x - middle for x in found if x is not None])) <= 0.0005
    assert None not in found


@pytest.mark.parametrize(
    ("rate", "carried"), [(1000.0, {5, 10, 100}), (400.0, {10, 100}), (80.0, {100}), (39.0, set())]
)
def test_a_window_of_fewer_than_four_intervals_carries_no_number(rate: float, carried: set[int]) -> None:
    c = effort(S4, 1000.0)
    c = replace(c, trace=replace(c.trace, rate=rate))
    assert {w for w in (2, 5, 10, 100) if TABLE[f"peak_rfd_{w}"].compute(c) is not None} == carried
    assert ("peak_rfr_20" in given_by(c)) is (rate >= 200.0)


def given_by(c: Contraction) -> dict[str, float]:
    found = ((metric.id, metric.compute(c)) for metric in FURTHER)
    return {name: value for name, value in found if value is not None}


def relaxing(rate: float = 1000.0, tau: float = 0.08, *, hole: tuple[float, float] = (9.0, 9.0)) -> Contraction:
    """600 N held for 2 s and let go as an exponential; the time of letting go is a sample."""
    t = np.round(np.arange(0.0, 6.0, 1.0 / rate), 9)
    t = t[(t <= hole[0]) | (t >= hole[1])]
    force = np.where(t < 1.0, 0.0, np.where(t <= 3.0, 600.0, 600.0 * np.exp(-np.maximum(t - 3.0, 0.0) / tau)))
    c = drawn(list(zip(t.tolist(), force.tolist(), strict=True)), onset=1.0)
    marks = msgspec.structs.replace(c.effort, release=3.0 + tau * math.log(20.0))
    return replace(c, trace=Trace(t, force, rate), effort=marks)


def test_relaxation_of_an_exponential() -> None:
    found = given_by(relaxing())
    assert first_fall(relaxing()) == pytest.approx(3.0 + 0.08 * math.log(1.0 / 0.9), abs=1e-5)
    assert found["half_relaxation"] == pytest.approx(0.0554518, abs=2e-5)
    assert found["rfr_75_25"] == pytest.approx(-3413.3971, rel=1e-3)
    assert found["rfr_90_10"] == pytest.approx(-2730.7177, rel=1e-3)
    for w in (0.02, 0.05, 0.1, 0.2):
        # From the 540 N at which relaxation counts as begun.
        truth = -540.0 / w * -math.expm1(-w / 0.08)
        assert found[f"peak_rfr_{1000 * w:.0f}"] == pytest.approx(truth, rel=1e-3)


def test_relative_rates_count_from_zero_and_time_from_the_threshold() -> None:
    # 12 N are crossed at 27.1003 ms, half of the peak at 150 ms.
    c = effort(S4, 4000.0, given=False)
    assert given_by(c)["rfd_to_1_2"] == pytest.approx(300.0 / (0.150 - 0.0271003), rel=1e-3)


def test_what_falls_after_the_release_is_no_relaxation() -> None:
    c = relaxing()
    blow = np.where((c.trace.t > 4.5) & (c.trace.t < 4.6), 500.0, c.trace.force)
    struck = replace(c, trace=replace(c.trace, force=blow))
    assert given_by(struck) == given_by(c)


def test_relaxation_is_not_read_across_missing_samples() -> None:
    missing = given_by(relaxing(hole=(3.02, 3.08)))
    assert not {"half_relaxation", "rfr_75_25", "rfr_90_10", "peak_rfr_20", "peak_rfr_50"} & set(missing)
    assert "half_relaxation" in given_by(relaxing(hole=(3.02, 3.06)))
    assert "half_relaxation" in given_by(relaxing(hole=(4.5, 4.8)))  # long after
    assert "half_relaxation" in given_by(relaxing(hole=(2.0, 2.5)))  # long before


def test_relaxation_begins_at_the_last_time_at_ninety_percent() -> None:
    dented = [(0.0, 0.0), (1.0, 0.0), (2.0, 100.0), (2.5, 60.0), (3.0, 95.0), (4.0, 0.0), (5.0, 0.0)]
    c = drawn(dented, onset=1.0)
    assert first_fall(c) == pytest.approx(3.0 + 5.0 / 95.0)
    assert TABLE["half_relaxation"].compute(c) is None  # samples a second apart hold no relaxation
    ends = drawn(dented[:5], onset=1.0)
    assert first_fall(ends) is None


def short(c: Contraction, seconds: float) -> Contraction:
    keep = c.trace.t <= c.effort.onset + seconds
    trace = replace(c.trace, t=c.trace.t[keep], force=c.trace.force[keep])
    part = replace(c.part, stop=min(c.part.stop, len(trace.t)), end=min(c.part.end, len(trace.t)))
    return replace(c, trace=trace, part=part, effort=msgspec.structs.replace(c.effort, release=None))


def test_a_record_too_short_gives_nothing_and_never_zero() -> None:
    c = effort(S4, 1000.0)
    whole, cut = given_by(c), given_by(short(c, 0.12))
    assert len(whole) == len(FURTHER) - 1  # all but the window of 2 ms, which 1000 Hz do not resolve
    gone = {
        "rfd_100_150", "rfd_150_200", "rfd_100_200", "nrfd_0_150", "nrfd_0_200", "rfd_per_peak_0_250",
        "force_at_150_gross", "time_to_50", "time_to_90", "rfd_to_1_2", "impulse_total", "half_relaxation",
        "rfr_75_25", "peak_rfr_20",
    }  # fmt: skip
    assert not gone & set(cut)
    assert {"rfd_50_100", "nrfd_0_100", "force_at_100_gross", "rfd_to_1_6"} <= set(cut)
    assert all(value != 0.0 for value in cut.values())
    assert not {"mean_500ms", "plateau_ratio"} & set(given_by(short(drawn([(0.0, 0.0), (0.4, 9.0)], onset=0.1), 1.0)))


DEGREE: Final = {"N": 1, "N/s": 1, "N·s": 1, "s": 0, "1": 0, "1/s": 0, "%/s": 0}


def moved(c: Contraction, *, shift: float = 0.0, scale: float = 1.0, offset: float = 0.0) -> Contraction:
    """The same effort later, stronger, or on a sensor that stands off by so many N."""
    e, b = c.effort, c.effort.baseline
    quiet = msgspec.structs.replace(
        b, mean=b.mean * scale + offset, sd=b.sd * scale, start=b.start + shift, stop=b.stop + shift
    )
    marks = Effort(
        e.onset + shift, e.peak_at + shift, None if e.release is None else e.release + shift, e.peak * scale,
        e.threshold * scale, e.rule, quiet,
    )  # fmt: skip
    trace = replace(c.trace, t=c.trace.t + shift, force=c.trace.force * scale + offset)
    return Contraction(trace, c.part, marks, c.full_quiet)


@given(
    signal=st.sampled_from([S1, S2, S4]),
    rate=st.sampled_from([80.0, 250.0, 1000.0]),
    seed=st.integers(0, 99),
    shift=st.floats(-1000.0, 1000.0),
    scale=st.floats(0.05, 20.0),
    offset=st.floats(-500.0, 500.0),
)
def test_shift_scale_and_offset(
    *, signal: Signal, rate: float, seed: int, shift: float, scale: float, offset: float
) -> None:
    c = effort(signal, rate, seed=seed, noise=0.5, given=False)
    before, after = given_by(c), given_by(moved(c, shift=shift, scale=scale, offset=offset))
    assert set(before) == set(after)
    for name, value in before.items():
        truth = value * scale ** DEGREE[TABLE[name].unit] + (offset if name.endswith("_gross") else 0.0)
        assert after[name] == pytest.approx(truth, rel=1e-6, abs=1e-6 * max(1.0, scale)), name


def test_relations_between_numbers() -> None:
    c = effort(S2, 1000.0, noise=0.3, given=False)
    found = given_by(c)
    assert found["rfd_100_200"] == pytest.approx((found["rfd_100_150"] + found["rfd_150_200"]) / 2.0)
    assert found["mean_200ms"] >= found["mean_500ms"] >= found["plateau_ratio"] * c.effort.peak
    assert found["peak_rfd_5"] > found["peak_rfd_10"] > found["peak_rfd_100"]
    assert found["force_at_100_gross"] - c.effort.baseline.mean == METRICS["force_at_100"].compute(c)
    rfd = METRICS["rfd_0_200"].compute(c)
    assert rfd is not None
    assert found["nrfd_0_200"] == pytest.approx(100.0 * rfd / c.effort.peak)


def test_names_are_once_in_the_table_and_gated_as_something_known() -> None:
    assert all(METRICS[metric.id] is metric for metric in FURTHER)
    assert set(GATED_AS) <= set(TABLE)
    assert not set(GATED_AS.values()) & set(GATED_AS)
    assert set(GATED_AS.values()) <= set(METRICS)
