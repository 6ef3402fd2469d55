"""Too short a rest before a push: its level is found beside the foot of the push, or no effort is.

Five closed forms of 700 N over 20 N at rest; each record begins so many seconds before force leaves the 20 N.
"""

from collections.abc import Callable
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.analysis.efforts import contractions
from forcelab.analysis.metrics import METRICS
from forcelab.evaluate import evaluate
from forcelab.evaluate.uncertain import SHORT_REST
from forcelab.model import Array, Evaluation, OnsetRule, Trace
from tests.signals import assessment

RULE = OnsetRule()
TOP, LEVEL = 700.0, 20.0
SEEDS = 6


def logistic(u: Array) -> Array:
    """From zero on, where it is cut at 1 % of its way."""
    at_zero = 1.0 / (1.0 + np.exp(0.14 / 0.03))
    return np.asarray((1.0 / (1.0 + np.exp((0.14 - u) / 0.03)) - at_zero) / (1.0 - at_zero))


SHAPES: dict[str, Callable[[Array], Array]] = {
    "raised cosine": lambda u: np.asarray((1.0 - np.cos(np.pi * np.minimum(u / 0.25, 1.0))) / 2.0),
    "exponential": lambda u: np.asarray(1.0 - np.exp(-u / 0.08)),
    "ramp": lambda u: np.asarray(np.minimum(u / 0.25, 1.0)),
    "Weibull": lambda u: np.asarray(1.0 - np.exp(-((u / 0.12) ** 1.8))),
    "logistic": logistic,
}


def push(shape: str, rest: float, rate: float, noise: float, seed: int = 0) -> Trace:
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, rest + 2.0, 1.0 / rate)
    u = t - rest + rng.uniform(0.0, 1.0 / rate)
    force = LEVEL + TOP * SHAPES[shape](np.maximum(u, 0.0))
    return Trace(t, force + rng.normal(0.0, noise, len(t)), rate)


def baselines(shape: str, rest: float, rate: float, noise: float) -> list[float]:
    """The baseline less the level of rest, of each record in which an effort is found."""
    found = [contractions(push(shape, rest, rate, noise, seed), RULE) for seed in range(SEEDS)]
    return [one[0].effort.baseline.mean - LEVEL for one in found if one]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rate", [80.0, 1000.0])
@pytest.mark.parametrize("noise", [0.1, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("rest", [0.8, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.0, -0.03])
def test_a_baseline_is_right_or_there_is_none(rest: float, noise: float, rate: float, shape: str) -> None:
    errors = baselines(shape, rest, rate, noise)
    # 1 % of the peak each; of records without rest, a few samples of noise hide the first of the foot now and then.
    assert all(abs(error) < 0.01 * TOP for error in errors if rest > 0.0)
    assert abs(fmean(errors or [0.0])) < 0.01 * TOP
    if rest >= 0.1 or (rest * rate >= 20 and noise <= 0.3):
        assert len(errors) == SEEDS
        assert abs(fmean(errors)) < 1.0 + noise
    if rest < 0.0:
        assert errors == []


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rest", [0.1, 0.05])
def test_the_peak_after_too_short_a_rest(rest: float, shape: str) -> None:
    (found,) = contractions(push(shape, rest, 1000.0, 0.3), RULE)
    assert not found.full_quiet
    # The greatest of two thousand samples of noise lies 3.5 SD high.
    assert found.effort.peak == pytest.approx(TOP, abs=1.6)


@pytest.mark.parametrize("rate", [80.0, 1000.0])
@pytest.mark.parametrize("rest", [0.15, 0.2, 0.3])
@pytest.mark.parametrize("falls", [0.1, 0.3])
def test_the_end_of_the_push_before_is_no_rest(falls: float, rest: float, rate: float) -> None:
    # Two pushes of a second; force falls linearly, rests, and rises again.
    corners = [0.0, 1.0, 1.25, 2.25, 2.25 + falls, 2.25 + falls + rest, 2.5 + falls + rest, 4.0 + falls + rest]
    t = np.arange(0.0, corners[-1], 1.0 / rate)
    force = LEVEL + np.interp(t, corners, [0.0, 0.0, TOP, TOP, 0.0, 0.0, TOP, TOP])
    force += np.random.default_rng(1).normal(0.0, 0.3, len(t))
    found = contractions(Trace(t, force, rate), RULE)
    assert [c.effort.baseline.mean for c in found] == [pytest.approx(LEVEL, abs=1.0)] * 2
    second = found[1].effort.baseline
    assert corners[4] - 1.5 / rate < second.start < second.stop < corners[5] + 1.5 / rate


@given(
    shape=st.sampled_from(sorted(SHAPES)),
    rate=st.sampled_from([80.0, 250.0, 1000.0]),
    rest=st.floats(0.0, 0.8),
    more=st.floats(0.0, 1.0),
)
def test_more_rest_makes_no_baseline_worse(shape: str, rate: float, rest: float, more: float) -> None:
    less, longer = (contractions(push(shape, seconds, rate, 0.0), RULE) for seconds in (rest, rest + more))
    errors = [abs(one[0].effort.baseline.mean - LEVEL) if one else np.inf for one in (less, longer)]
    # Of noise-free records with at least five samples of rest the level is exact: nothing of the foot is in it.
    assert errors[1] <= max(errors[0], 0.001 * TOP)
    if rest * rate >= 5.0 and rest > 0.012:
        assert errors[0] < 0.001 * TOP


@pytest.mark.parametrize("rest", [0.1, 0.3])
def test_no_number_after_too_short_a_rest_has_an_interval(rest: float) -> None:
    def told(seconds: float) -> Evaluation:
        return evaluate({"total": push("Weibull", seconds, 1000.0, 0.3)}, assessment())[0]

    short, ample = told(rest), told(1.0)
    given_ = [result for result in short.results if result.value is not None and result.metric in METRICS]
    assert {result.metric for result in given_} >= {"peak_force", "peak_force_gross", "mean_1s", "rfd_0_100"}
    # NO_QUIET rejects what rests on onset; the others say why they have none.
    assert {result.interval for result in given_} == {None}
    assert all(result.mark == "rejected" or result.no_interval == SHORT_REST for result in given_)
    assert short.effort is not None
    assert (short.effort.onset_interval, short.effort.no_onset_interval) == (None, SHORT_REST)
    assert "NO_QUIET" in {flag.name for flag in short.flags}
    assert any(result.interval for result in ample.results)


def test_no_rest_gives_no_number() -> None:
    (told,) = evaluate({"total": push("exponential", 0.0, 1000.0, 0.3)}, assessment())
    assert told.effort is None
    assert all(result.value is None and "quiet phase" in (result.reason or "") for result in told.results)
