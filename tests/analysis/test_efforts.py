"""All repetitions in a record are found, and nothing that is none."""

from dataclasses import replace

import numpy as np
import pytest

from forcelab.analysis.efforts import contractions, find_efforts, passed_over
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.onset import find_onset, find_release
from forcelab.model import Array, OnsetRule, Trace
from tests.signals import ONSET, S4, raised_cosine, sample

RULE = OnsetRule()


def pulls(
    peaks: list[float],
    *,
    rate: float = 80.0,
    hold: float = 3.0,
    rest: float = 3.0,
    noise: float = 0.5,
    seed: int = 0,
    between: float = 0.0,
) -> Trace:
    """Pulls of given height one after another; `between` N are held in the rests between the first and the last."""
    rng = np.random.default_rng(seed)
    period = rest + hold + 0.6
    t = np.arange(0.0, len(peaks) * period + rest, 1.0 / rate)
    force: Array = np.zeros(len(t))
    for k, peak in enumerate(peaks):
        tau = t - (k * period + rest)
        force += np.where(tau < hold + 0.3, raised_cosine(peak)(tau), peak - raised_cosine(peak)(tau - hold - 0.3))
    if between:
        inside = (t > rest) & (t < len(peaks) * period)
        force = np.where(inside, np.maximum(force, between), force)
    return Trace(t, force + rng.normal(0.0, noise, len(t)), rate, zero=0.0)


@pytest.mark.parametrize("rate", [80.0, 1000.0])
@pytest.mark.parametrize(
    "peaks", [[300.0], [300.0, 310.0, 290.0], [150.0, 300.0, 320.0], [400.0, 90.0, 380.0], [200.0] * 8]
)
def test_every_pull_is_one_effort_with_its_own_rest(peaks: list[float], rate: float) -> None:
    efforts = find_efforts(pulls(peaks, rate=rate), RULE)
    assert [round(effort.peak, -1) for effort in efforts] == [round(peak, -1) for peak in peaks]
    for k, effort in enumerate(efforts):
        truth = k * 6.6 + 3.0
        assert effort.onset == pytest.approx(truth + 0.027, abs=0.02)
        assert truth - 3.0 <= effort.baseline.start < effort.baseline.stop < effort.onset
        assert effort.release is not None
        assert truth + 3.3 < effort.release < truth + 3.7


@pytest.mark.parametrize(("hold", "rest"), [(7.0, 3.0), (0.2, 1.0), (30.0, 5.0)])
def test_other_rhythms(hold: float, rest: float) -> None:
    assert len(find_efforts(pulls([300.0] * 6, hold=hold, rest=rest), RULE)) == 6


def test_load_held_between_pulls_does_not_join_them() -> None:
    efforts = find_efforts(pulls([300.0, 300.0, 300.0], between=50.0), RULE)
    assert len(efforts) == 3
    assert efforts[1].baseline.mean == pytest.approx(50.0, abs=1.0)


def test_a_long_hold_with_a_short_rest_before_it_is_one_effort() -> None:
    efforts = find_efforts(pulls([300.0], hold=60.0, rest=1.0), RULE)
    assert len(efforts) == 1
    assert efforts[0].onset == pytest.approx(1.027, abs=0.02)


@pytest.mark.parametrize("noise", [0.05, 0.5, 5.0, 50.0])
@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_noise_is_no_effort(noise: float, rate: float) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        t = np.arange(int(rate * 20)) / rate
        assert find_efforts(Trace(t, 20.0 + rng.normal(0.0, noise, len(t)), rate), RULE) == []


def test_nothing_happens_in_a_record_without_change_or_without_samples() -> None:
    t = np.arange(100) / 80.0
    assert find_efforts(Trace(t, np.full(100, 7.0), 80.0), RULE) == []
    for n in range(4):
        assert find_efforts(Trace(t[:n], t[:n], 80.0), RULE) == []


def test_a_knock_before_the_push_is_passed_over() -> None:
    trace = sample(S4, 1000.0, noise=0.2)
    force = trace.force.copy()
    force[(trace.t > 0.90) & (trace.t < 0.91)] += 250.0
    efforts = find_efforts(replace(trace, force=force), RULE)
    assert len(efforts) == 1
    assert efforts[0].onset == pytest.approx(ONSET + 0.0271, abs=0.002)


def test_a_record_that_begins_inside_a_push_has_no_effort() -> None:
    trace = sample(S4, 80.0)
    inside = trace.t > ONSET + 1.0
    assert find_efforts(replace(trace, t=trace.t[inside], force=trace.force[inside]), RULE) == []


def test_one_mad_sample_hides_no_effort() -> None:
    trace = pulls([300.0, 310.0])
    force = trace.force.copy()
    force[40] = 50_000.0
    assert [round(effort.peak, -1) for effort in find_efforts(replace(trace, force=force), RULE)] == [300.0, 310.0]


def test_a_push_that_the_noise_could_be_is_none() -> None:
    weak = replace(S4, net=raised_cosine(top=9.0), noise=3.0)
    assert [find_efforts(sample(weak, 80.0, seed=seed), RULE) for seed in range(20)] == [[]] * 20


def test_less_than_eight_sd_of_the_rest_is_no_effort() -> None:
    for top, count in ((18.0, 0), (36.0, 1)):
        trace = sample(replace(S4, net=raised_cosine(top=top)), 80.0)
        rest = np.random.default_rng(0).normal(0.0, 3.0, len(trace.t)) * (trace.t < ONSET)
        assert len(find_efforts(replace(trace, force=trace.force + rest), RULE)) == count


def test_onset_given_by_hand_picks_the_effort_that_follows() -> None:
    trace = pulls([300.0, 310.0, 290.0])
    found = contractions(trace, RULE, onset_at=9.61)
    assert [c.effort.rule for c in found] == ["manual"]
    assert found[0].effort.onset == 9.61
    assert found[0].effort.peak == pytest.approx(310.0, abs=3.0)


@pytest.mark.parametrize("rate", [80.0, 1000.0])
@pytest.mark.parametrize("knocked", [False, True])
@pytest.mark.parametrize("at", [0.2, 2.0, 2.05, 2.9, 3.0, 3.1])
def test_an_onset_by_hand_moves_nothing_but_onset(at: float, knocked: bool, rate: float) -> None:
    # From 2 s on 30 N are held in the strap, and from 3 s on 330 N are pulled.
    whole = pulls([300.0], rate=rate)
    force = whole.force + np.where((whole.t > 2.0) & (whole.t < 6.0), 30.0, 0.0)
    force += np.where(knocked & (np.abs(whole.t - 1.0) < 0.015), 200.0, 0.0)
    trace = replace(whole, force=force)
    (by_rule,) = contractions(trace, RULE)
    (by_hand,) = contractions(trace, RULE, onset_at=at)
    assert by_hand.effort.onset == at
    assert by_hand.part == by_rule.part
    assert by_hand.effort.baseline == by_rule.effort.baseline
    assert by_hand.effort.peak == pytest.approx(300.6, abs=2.0)
    for name in (name for name, metric in METRICS.items() if not metric.timed):
        assert METRICS[name].compute(by_hand) == METRICS[name].compute(by_rule), name


def test_a_push_that_the_rule_takes_for_a_knock_can_be_set_by_hand() -> None:
    trace = pulls([300.0])
    cut = trace.t < 3.1
    short = replace(trace, t=trace.t[cut], force=trace.force[cut])
    assert contractions(short, RULE) == []
    (found,) = contractions(short, RULE, onset_at=3.0)
    assert found.effort.onset == 3.0


def test_rest_is_looked_for_in_the_ten_seconds_before_a_push() -> None:
    trace = pulls([300.0], rest=20.0)
    (found,) = contractions(trace, RULE)
    loose = replace(trace, force=np.where(trace.t < 9.0, -20.0, trace.force))
    (without,) = contractions(loose, RULE)
    assert without.effort.baseline == found.effort.baseline
    assert without.effort.onset == found.effort.onset


def test_onset_needs_three_samples_and_twenty_milliseconds() -> None:
    t = np.arange(20) / 100.0
    net = np.zeros(20)
    net[5:7] = 60.0  # a knock of two samples above a quarter of the peak
    net[12:] = 100.0
    assert find_onset(t, net, 100.0, 2.0) == pytest.approx(0.1102)


def test_a_knock_below_a_quarter_of_the_peak_is_passed_over() -> None:
    t = np.arange(40) / 100.0
    net = np.zeros(40)
    net[5:15] = 20.0
    net[22:] = 100.0
    assert find_onset(t, net, 100.0, 2.0) == pytest.approx(0.2102)


def test_release_is_taken_after_the_last_push() -> None:
    t = np.arange(0.0, 2.0, 0.01)
    net = np.where((t < 1.0) | ((t > 1.3) & (t < 1.4)), 100.0, 0.0)
    assert find_release(t, net, 100.0) == pytest.approx(1.395, abs=0.01)


def test_release_is_the_last_fall_that_lasts() -> None:
    t = np.arange(0.0, 2.0, 0.01)
    net = np.where(t < 1.0, 100.0, 0.0)
    net[(t > 1.05) & (t < 1.08)] = 20.0  # back above 5 % too soon
    release = find_release(t, net, 100.0)
    assert release == pytest.approx(1.0775, abs=0.006)
    assert find_release(t[t < 1.1], net[t < 1.1], 100.0) is None


@pytest.mark.parametrize(
    ("begins", "truths"),
    [
        (0.0, [3.0, 9.6, 16.2]),
        (2.5, [3.0, 9.6, 16.2]),  # half a second of rest
        (3.15, [9.6, 16.2]),  # in the rise
        (5.0, [9.6, 16.2]),  # in the hold
        (6.4, [9.6, 16.2]),  # in the release
    ],
)
def test_a_record_that_begins_inside_a_push_has_the_efforts_after_it(begins: float, truths: list[float]) -> None:
    whole = pulls([400.0, 400.0, 400.0], noise=0.2)
    late = whole.t >= begins
    found = contractions(replace(whole, t=whole.t[late], force=whole.force[late]), RULE)
    assert [c.effort.onset for c in found] == [pytest.approx(truth + 0.027, abs=0.02) for truth in truths]
    assert all(c.full_quiet for c in found if c.effort.onset > 3.5)
    # What belongs to an effort holds nothing of the push before it.
    assert all(c.net[: c.part.start - c.part.begin].max() < 60.0 for c in found)


@pytest.mark.parametrize("at", [0.3, 1.0, 2.2])
def test_a_glitch_long_before_the_push_leaves_its_rest_quiet(at: float) -> None:
    trace = pulls([400.0, 400.0], rest=4.0, noise=0.2)
    force = trace.force.copy()
    force[round(at * 80)] = 350.0
    found = contractions(replace(trace, force=force), RULE)
    assert [c.full_quiet for c in found] == [True, True]
    assert found[0].effort.onset == pytest.approx(4.027, abs=0.01)
    assert found[0].effort.baseline.sd < 0.4


@pytest.mark.parametrize("rest", [0.4, 0.5, 0.6, 0.8])
@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_short_rests_leave_the_peaks_where_they_are(rest: float, rate: float) -> None:
    found = contractions(pulls([400.0] * 4, rest=rest, rate=rate, noise=0.2), RULE)
    assert len(found) == 4
    assert [c.effort.peak for c in found[1:]] == [pytest.approx(400.6, abs=1.0)] * 3


@pytest.mark.parametrize("rate", [80.0, 1000.0])
@pytest.mark.parametrize(
    ("peaks", "found", "weak"),
    [([400.0, 76.0, 400.0, 60.0], 2, 2), ([400.0, 84.0, 400.0], 3, 0), ([400.0], 1, 0), ([400.0, 30.0], 1, 0)],
)
def test_weak_pulls_are_passed_over_and_counted(peaks: list[float], found: int, weak: int, rate: float) -> None:
    trace = pulls(peaks, rate=rate, noise=0.2)
    assert len(find_efforts(trace, RULE)) == found
    assert passed_over(trace, RULE) == weak


def test_noise_and_knocks_are_not_counted_as_weak_pulls() -> None:
    trace = pulls([400.0], noise=8.0)
    force = trace.force.copy()
    force[80:83] += 60.0
    assert passed_over(replace(trace, force=force), RULE) == 0
    assert passed_over(replace(trace, t=trace.t[:2], force=trace.force[:2]), RULE) == 0
