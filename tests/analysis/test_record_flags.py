"""The doubts about record and sensor: just within and just beyond their limits, and silent where nothing compares."""

from dataclasses import replace

import numpy as np
import pytest

from forcelab.acquisition.zeros import ZeroHistory
from forcelab.analysis.contraction import Contraction, drawn
from forcelab.analysis.doubt import Demand
from forcelab.analysis.flags_record import discarded, rate_off, zero_drift
from forcelab.model import Array, Flag, Trace

CLEAN = drawn([(0, 0), (1, 0), (1.25, 500), (4, 500)], onset=1.0)


def with_zeros(now: float | None, before: float | None, capacity: float | None = None) -> Contraction:
    return replace(CLEAN, trace=replace(CLEAN.trace, zero=now, zero_before=before, capacity=capacity))


def even(t: Array, declared: float, own_time: bool = True, rate_estimated: bool = False) -> Flag | None:
    c = drawn([(float(x), 0.0) for x in t], onset=0.0)
    trace = Trace(t, c.trace.force, declared, own_time, rate_estimated=rate_estimated)
    return rate_off(replace(c, trace=trace), Demand())


@pytest.mark.parametrize(
    ("now", "before", "capacity", "drift"),
    [
        (2.1, 0.0, None, 2.1), (0.0, 2.1, None, 2.1), (2.0, 0.0, None, None), (2.1, 0.0, 400.0, 2.1),
        (7.0, 0.0, 1500.0, None), (7.6, 0.0, 1500.0, 7.6), (9.0, None, None, None), (None, 9.0, None, None),
    ],
)  # fmt: skip
def test_a_zero_may_move_by_2_n_or_half_a_percent_of_capacity(
    now: float | None, before: float | None, capacity: float | None, drift: float | None
) -> None:
    flag = zero_drift(with_zeros(now, before, capacity), Demand())
    assert (flag.value if flag else None) == drift


def test_limbs_differ_where_the_zero_is_read_with_the_limb_on_the_sensor() -> None:
    assert zero_drift(with_zeros(70.0, 62.0), Demand(tared=True)) is None


def test_a_rate_within_2_percent_is_kept_and_samples_that_are_missing_are_no_other_rate() -> None:
    t = np.arange(400) / 80.0
    assert even(t, 80.0) is None
    assert even(t, 80.0 / 1.019) is None
    assert even(t, 80.0 / 0.981) is None
    for declared, nearer in ((77.0, 78.54), (83.0, 81.34), (40.0, 40.8), (160.0, 156.8)):
        flag = even(t, declared)
        assert flag is not None
        assert (flag.value, flag.limit) == pytest.approx((80.0, nearer))
    whole = np.ones(400, dtype=bool)
    whole[[50, 51, 52, 90, 200, *range(300, 340)]] = False
    assert even(t[whole], 80.0) is None
    assert even(np.delete(t, np.arange(10, 390, 20)), 80.0) is None, "one in twenty lost"
    assert even(t, 83.0, rate_estimated=True) is None
    assert even(t, 83.0, own_time=False) is None
    assert even(t[:50], 83.0) is None, "too short to tell"


@pytest.mark.parametrize("seed", range(20))
def test_jitter_is_no_other_rate(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert even((np.arange(100) + rng.uniform(-0.2, 0.2, 100)) / 80.0, 80.0) is None


def test_samples_that_could_not_be_used_are_counted() -> None:
    assert discarded(CLEAN, Demand()) is None
    flag = discarded(replace(CLEAN, trace=replace(CLEAN.trace, discarded=1)), Demand())
    assert flag is not None
    assert flag.sentence.startswith("1 sample was left out")


def test_zeros_compare_from_trial_to_trial_and_not_across_runs() -> None:
    history = ZeroHistory()
    for zero, before in ((1.0, None), (1.0, 1.0), (4.0, 1.0)):
        history.trial(zero)
        assert history.before == before
    history.run()
    history.trial(9.0)
    assert history.before is None
