"""The onset by every rule: on curves solved by hand, with a reason where a rule refuses."""

import numpy as np
import pytest

from forcelab.analysis.onset_rules import ONSET_METHODS
from forcelab.assessments import available
from forcelab.evaluate import evaluate, every_onset
from forcelab.model import OnsetRule, Trace

FREE = available()["free"][0]


def ramps(rate: float, *starts: float) -> Trace:
    """2000 N/s for 0.25 s after each start, held for 2 s; rest that flickers by ±0.5 N, so that its SD is 0.5 N."""
    t = np.arange(int(rate * (max(starts) + 4.0))) / rate
    force = sum((np.interp(t, np.add(s, [0.0, 0.25, 2.25, 2.35]), [0.0, 500.0, 500.0, 0.0]) for s in starts), 0.0 * t)
    return Trace(t, np.where(force > 0.0, force, 0.5 * (-1.0) ** np.arange(len(t))), rate)


def test_each_rule_crosses_its_own_threshold_on_a_ramp() -> None:
    trace = ramps(1000.0, 1.5)
    effort = evaluate({"total": trace}, FREE)[0].effort
    assert effort is not None
    found = every_onset(trace, effort, FREE.onset, body_weight=800.0)
    assert list(found) == list(ONSET_METHODS)
    thresholds = {"percent": 10.0, "sd3": 1.5, "sd5": 2.5, "abs": 5.0, "bw1": 8.0, "bw2.5": 20.0, "bw5": 40.0}
    for name, newtons in thresholds.items():
        assert found[name].at == pytest.approx(1.5 + newtons / 2000.0, abs=1.5e-3), name
    assert found["percent"].at == effort.onset
    assert found["deriv"].at == pytest.approx(1.494, abs=1.5e-3)


def test_a_rule_that_refuses_says_why() -> None:
    trace = ramps(80.0, 1.5)
    effort = evaluate({"total": trace}, FREE)[0].effort
    assert effort is not None
    found = every_onset(trace, effort, FREE.onset)
    assert {name for name, one in found.items() if one.at is None} == {"bw1", "bw2.5", "bw5", "trough"}
    assert "nobody was weighed" in str(found["bw1"].reason)
    assert "500 Hz" in str(found["trough"].reason)


def test_of_several_efforts_each_has_its_own_onsets() -> None:
    trace = ramps(1000.0, 1.5, 6.0)
    first, second = (one.effort for one in evaluate({"total": trace}, FREE))
    assert first is not None
    assert second is not None
    for effort, start in ((first, 1.5), (second, 6.0)):
        at = every_onset(trace, effort, FREE.onset)["abs"].at
        assert at == pytest.approx(start + 0.0025, abs=1.5e-3)


def test_an_onset_by_hand_keeps_the_others_for_comparison() -> None:
    trace = ramps(1000.0, 1.5)
    effort = evaluate({"total": trace}, FREE, onset_at=1.52)[0].effort
    assert effort is not None
    assert every_onset(trace, effort, FREE.onset)["percent"].at == pytest.approx(1.505, abs=1.5e-3)


def test_an_effort_that_is_not_in_the_record_has_none() -> None:
    effort = evaluate({"total": ramps(1000.0, 1.5)}, FREE)[0].effort
    assert effort is not None
    assert every_onset(ramps(1000.0, 2.5), effort, OnsetRule()) == {}
