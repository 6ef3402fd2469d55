import re
from dataclasses import replace

import numpy as np
import pytest

from forcelab.analysis.contraction import Contraction, drawn
from forcelab.analysis.efforts import contractions
from forcelab.analysis.interval import ONSET, REPLICAS, intervals, measure, method_range, replace_onset
from forcelab.analysis.level import LEVELS, cut_off
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.noise import Noise, read_noise
from forcelab.analysis.onset import find_onset
from forcelab.analysis.replicas import NUMBERS, Curves, find_onsets, sample_anew
from forcelab.analysis.rise import foot, levers, parabolas, redraw, sampling, with_kink
from forcelab.model import OnsetRule, Trace
from tests.signals import S1, S2, S4, SPOILT, Signal
from tests.studies import further, truths
from tests.studies.coverage import cells, coloured, record

RULE = OnsetRule()
ASKED = truths.METRICS


def effort(signal: Signal, rate: float, noise: float, seed: int = 1, colour: float = 0.0) -> Contraction:
    (found,) = contractions(record(signal, rate, noise, seed, colour), RULE)
    return found


def test_the_truths_of_the_study_are_those_typed_from_the_specification() -> None:
    true = truths.truths(truths.dense(S4), 0.0, (0.5, 1.0))
    assert true["onset"] == pytest.approx(1.5 + 0.0271003, abs=2e-7)
    assert true["rfd_0_100"] == pytest.approx(2167.461, rel=1e-5)
    assert true["rfd_0_150"] == pytest.approx(2480.000, rel=1e-5)
    assert true["rfd_0_200"] == pytest.approx(2523.731, rel=1e-5)
    assert true["rfd_20_80"] == pytest.approx(2929.2189, rel=1e-5)
    assert true["impulse_0_200"] == pytest.approx(48.21471, rel=1e-5)
    assert true["peak_force"] == pytest.approx(600.0)
    assert true["mean_1s"] == pytest.approx(600.0)
    noisy = truths.truths(truths.dense(S1), 3.0, (0.5, 1.0))
    assert noisy["onset"] == pytest.approx(1.5 + 15.0 / 2000.0, abs=1e-7)  # 5 × 3 N is more than 2 % of 500 N


@pytest.mark.parametrize("signal", [S1, S4], ids=lambda signal: signal.name)
def test_intervals_hold_the_noise_free_number_as_often_as_they_say(signal: Signal) -> None:
    for cell in cells(signal, 80.0, 0.5, 150):
        assert cell.verdict in ("passes", "covers more: phase or resolution rules"), str(cell)


@pytest.mark.parametrize("rate", [80.0, 250.0])
def test_the_numbers_of_a_table_of_curves_are_those_of_the_metrics(rate: float) -> None:
    c = effort(S4, rate, 1.0)
    noise, _ = read_noise(c)
    rise = redraw(c, noise, c.effort.onset - 0.1, c.effort.onset + 0.4)
    assert rise is not None
    t, net = sample_anew(rise, noise, 20, np.random.default_rng(3))
    peak, level = net.max(axis=1), np.full(20, 12.0)
    onset = find_onsets(t, net, peak, level)
    table = Curves(t, net, peak, onset, np.zeros(20))
    for row in range(20):
        assert onset[row] == find_onset(t[row], net[row], float(peak[row]), 12.0)
        one = drawn(list(zip(t[row], net[row], strict=True)), onset=float(onset[row]))
        for name, number in NUMBERS.items():
            if name != ONSET:
                assert number(table)[row] == pytest.approx(METRICS[name].compute(one), rel=1e-9), name


def test_every_number_with_an_interval_by_sampling_anew_was_held_to_its_coverage() -> None:
    assert {*NUMBERS, *LEVELS} == {*truths.METRICS, *truths.FURTHER}
    shown = further.PAGE.read_text(encoding="utf-8").split("## All cells")[1]
    for name in truths.FURTHER:
        verdicts = re.findall(rf"\| {name} \|.*\| (.+?) \|", shown)
        assert verdicts, name
        assert "covers too little" not in verdicts, name


def test_the_displayed_peak_may_lie_outside_the_interval_about_the_noise_free_one() -> None:
    c = effort(S4, 1000.0, 3.0)
    low, high = measure(c, ["peak_force"], RULE).given["peak_force"]
    assert low < 600.0 < high < c.effort.peak


def test_one_seed_gives_one_answer_whatever_else_is_asked_of_the_peak() -> None:
    c = effort(S2, 80.0, 0.5)
    assert intervals(c, ASKED, RULE, seed=7) == intervals(c, ASKED, RULE, seed=7)
    assert intervals(c, ASKED, RULE, seed=7) != intervals(c, ASKED, RULE, seed=8)
    assert intervals(c, ["peak_force"], RULE)["peak_force"] == intervals(c, ASKED, RULE)["peak_force"]


def test_a_number_that_was_tried_and_did_not_hold_says_why() -> None:
    said = measure(effort(S4, 1000.0, 0.5), ["peak_rfd_20", "peak_rfd_200", "time_to_peak"], RULE)
    assert not said.given
    assert "steepest" in said.reasons["peak_rfd_20"]
    assert said.reasons["peak_rfd_20"] == said.reasons["peak_rfd_200"]
    assert "chance" in said.reasons["time_to_peak"]


@pytest.mark.parametrize("power", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("phase", [0.1, 0.5, 0.9])
def test_a_foot_between_two_samples_is_told_by_those_after_it(power: float, phase: float) -> None:
    t = np.asarray(1.0 + (np.arange(8.0) + phase) / 80.0)  # the foot begins at 1 s + one interval
    net = np.maximum(t - 1.0 - 1.0 / 80.0, 0.0) ** power * 1e4
    assert net[0] == 0.0 < net[1]
    start, found = foot(t, net)
    assert found == power
    assert start == pytest.approx(1.0 + 1.0 / 80.0, abs=1e-9)


def test_a_bend_in_one_step_is_a_corner_and_a_bend_in_all_is_none() -> None:
    t = np.arange(20) / 80.0
    ramp = 2000.0 * np.minimum(t, 0.1274)
    x, y, k = with_kink(t, ramp, 1.0)
    assert k is not None
    assert (x[k], y[k]) == pytest.approx((0.1274, 254.8))
    assert with_kink(t, ramp, 1000.0)[2] is None
    assert with_kink(t, 600.0 * -np.expm1(-t / 0.15), 1.0)[2] is None
    assert with_kink(t, 300.0 - 300.0 * np.cos(np.pi * t / 0.3), 1.0)[2] is None


@pytest.mark.parametrize("rho", [0.0, 0.5])
@pytest.mark.parametrize("half", [2, 8])
def test_what_smoothing_leaves_of_noise_is_what_it_leaves_of_drawn_noise(half: int, rho: float) -> None:
    n = 100_000
    noise = coloured(np.random.default_rng(1).standard_normal(n), rho)
    fitted = parabolas(np.arange(float(n)), noise, half)
    inner = slice(half, n - half)
    kept, taken = levers(half, rho)
    assert kept == pytest.approx(float((fitted[inner] ** 2).mean()), rel=0.03)
    assert taken == pytest.approx(float(((noise - fitted)[inner] ** 2).mean()), rel=0.03)


def test_a_slight_sag_of_the_top_opens_the_interval_of_the_peak_upwards() -> None:
    sagging = replace(S1, net=lambda tau: np.where(tau < 0.25, 2000.0 * np.clip(tau, 0.0, 0.25), 507.5 - 30.0 * tau))
    c = effort(sagging, 250.0, 0.5)
    _, top = read_noise(c)
    low, high = measure(c, ["peak_force"], RULE).given["peak_force"]
    assert top.beyond > 0.0
    assert high - top.level == pytest.approx(top.level - low + top.beyond)


def test_a_best_mean_gets_back_what_straight_lines_cut_off_a_bent_top() -> None:
    t = np.arange(0.0, 3.0, 0.0125)
    arch = np.maximum(500.0 - 500.0 * (t - 1.5) ** 2, 0.0)
    c = drawn(list(zip(t, arch, strict=True)), onset=0.6)
    shown = METRICS["mean_1s"].compute(c) or 0.0
    true = 500.0 - 500.0 * 2.0 * 0.5**3 / 3.0
    assert shown + (cut_off(c, 1.0) or 0.0) == pytest.approx(true, abs=2e-4)
    assert true - shown == pytest.approx(0.0125**2 * 1000.0 / 12.0, rel=0.05)


def test_what_has_no_interval_has_a_reason() -> None:
    c = effort(S4, 80.0, 0.5)
    asked = [*METRICS, ONSET]
    said = measure(c, asked, RULE)
    assert set(said.given) | set(said.reasons) == set(asked)
    assert not set(said.given) & set(said.reasons)
    assert all(reason.startswith("no interval") for reason in said.reasons.values())
    assert intervals(c, ["time_to_peak"], RULE) == {"time_to_peak": None}


def test_an_onset_given_by_hand_has_no_interval_but_the_numbers_after_it_have() -> None:
    trace = record(S4, 250.0, 0.5, 1)
    (c,) = contractions(trace, RULE, onset_at=1.5)
    said = measure(c, [ONSET, "rfd_0_200"], RULE)
    low, high = said.given["rfd_0_200"]
    assert low < 2250.0 < high
    assert ONSET in said.reasons


@pytest.mark.parametrize("signal", SPOILT, ids=lambda signal: signal.name)
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_no_spoilt_trial_makes_it_fall_over(signal: Signal, noise: float) -> None:
    for rate in (80.0, 1000.0):
        for c in contractions(record(signal, rate, noise, 1), RULE):
            for low, high in measure(c, ASKED, RULE).given.values():
                assert np.isfinite(low)
                assert low <= high


def test_a_record_without_any_noise_or_rounding_has_its_number_in_its_interval() -> None:
    t = np.arange(0.0, 4.0, 0.001)
    force = np.interp(t, [0.0, 1.5, 1.75, 4.0], [0.0, 0.0, 500.0, 500.0])
    (c,) = contractions(Trace(t, force, 1000.0), RULE)
    for name, (low, high) in measure(c, ["peak_force", "rfd_0_100"], RULE).given.items():
        assert low - 1e-6 <= {"peak_force": 500.0, "rfd_0_100": 2000.0}[name] <= high + 1e-6


def test_noise_is_read_with_its_colour() -> None:
    white, _ = read_noise(effort(S4, 250.0, 2.0))
    coloured, _ = read_noise(effort(S4, 250.0, 2.0, colour=0.6))
    assert white.sd == pytest.approx(2.0, rel=0.12)
    assert white.correlation == pytest.approx(0.0, abs=0.12)
    assert coloured.correlation == pytest.approx(0.6, abs=0.12)


def test_a_mean_of_rounded_still_samples_keeps_what_rounding_leaves() -> None:
    assert Noise(0.05 / 12**0.5, 40.0, 0.0, 0.05).of_mean(1e12) == pytest.approx(0.05 / np.pi / 3**0.5)
    assert Noise(0.5, 40.0, 0.0, 0.05).of_mean(100.0) == pytest.approx(0.05)


def test_jitter_is_read_from_the_stamps() -> None:
    rng = np.random.default_rng(1)
    interval, jitter = sampling((np.arange(4000) + rng.uniform(-0.2, 0.2, 4000)) / 80.0)
    assert interval == pytest.approx(0.0125, rel=0.02)
    assert jitter == pytest.approx(0.2 * 0.0125, rel=0.05)
    assert sampling(np.arange(100) / 1000.0)[1] == 0.0


def test_the_range_over_methods_is_from_the_least_to_the_greatest() -> None:
    ramp = drawn([(0, 0), (1, 0), (1.1, 100), (1.2, 300), (4, 300)], onset=1.0)

    def over(metric: str, onsets: list[float]) -> tuple[float, float] | None:
        return method_range(metric, [replace_onset(ramp, at) for at in onsets])

    assert over(ONSET, [1.02, 1.0, 1.01]) == (1.0, 1.02)
    low, high = over("force_at_50", [1.0, 1.05, 1.1]) or (0.0, 0.0)
    assert (low, high) == pytest.approx((50.0, 200.0))
    assert over("rfd_0_100", []) is None
    assert over("rfd_0_100", [3.95]) is None


def test_replicas_bound_exactly_two_and_a_half_percent() -> None:
    assert 5 / (REPLICAS + 1) == 0.025


def test_a_smooth_tremor_is_no_noise_that_swallows_the_push() -> None:
    t = np.arange(0.0, S4.end, 1.0 / 80.0)
    tremor = 0.2 * np.sin(2 * np.pi * 7.3 * t + 1.0) + 0.15 * np.sin(2 * np.pi * 4.1 * t)
    (c,) = contractions(Trace(t, S4.force(t) + tremor, 80.0, zero=S4.baseline), RULE)
    assert read_noise(c)[0].correlation > 0.8
    given = intervals(c, ("peak_force", ONSET), RULE)
    peak, onset = given["peak_force"], given[ONSET]
    assert peak is not None
    assert onset is not None
    assert peak[0] <= 600.0 <= peak[1]
    assert peak[1] - peak[0] < 6.0
    assert onset[1] - onset[0] < 0.02
