"""Each onset rule on curves whose crossing is known by hand, in noise as simulated elsewhere, and by laws."""

import math
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.analysis.baseline import quiet_window
from forcelab.analysis.onset_method import OnsetMethod, Rise
from forcelab.analysis.onset_rules import ONSET_METHODS, THRESHOLDS
from forcelab.model import OnsetRule
from tests.signals import ONSET, S1, S2, S3, S4, Signal, sample

RULE = OnsetRule()
TOP = {"ramp": 500.0, "exponential": 600.0, "logistic": 800.0, "raised cosine": 600.0}


def clean(signal: Signal, rate: float, **known: float) -> Rise:
    signal = replace(signal, baseline=0.0)
    trace = sample(signal, rate)
    given = {"peak": TOP[signal.name], "sd": 0.1, **known}
    return Rise(trace.t, trace.force, rate=rate, **given)  # type: ignore[arg-type] # floats by name


def late(name: str, rise: Rise, rule: OnsetRule = RULE) -> float:
    found = ONSET_METHODS[name].find(rule, rise)
    assert found.at is not None, found.reason
    assert found.reason is None
    return 1e3 * (found.at - ONSET)


# Threshold in N -> ms after the true onset, from the closed forms.
CROSSINGS = [
    (S1, 5.0, 2.5), (S1, 12.0, 6.0),
    (S2, 5.0, 1.2552), (S2, 12.0, 3.0304), (S2, 30.0, 7.6940),
    (S4, 3.0, 13.5160), (S4, 5.0, 17.4589), (S4, 6.0, 19.1306), (S4, 10.0, 24.7252), (S4, 12.0, 27.1003),
    (S4, 20.0, 35.0658), (S4, 50.0, 55.9288),
    (S3, 8.0, 600.0 - 50.0 * math.log(99.0)),
]  # fmt: skip


@pytest.mark.parametrize(("signal", "theta", "delay"), CROSSINGS, ids=lambda v: v.name if isinstance(v, Signal) else "")
@pytest.mark.parametrize(("rate", "close"), [(1000.0, 0.1), (20000.0, 0.002)])
def test_thresholds_are_crossed_where_they_must(
    signal: Signal, theta: float, delay: float, rate: float, close: float
) -> None:
    close = 0.25 if signal is S4 and theta < 6.0 and rate == 1000.0 else close
    for times, name in ((3.0, "sd3"), (5.0, "sd5")):
        assert late(name, clean(signal, rate, sd=theta / times)) == pytest.approx(delay, abs=close)
    for percent, name in ((1.0, "bw1"), (2.5, "bw2.5"), (5.0, "bw5")):
        weighed = clean(signal, rate, body_weight=100.0 * theta / percent)
        assert late(name, weighed) == pytest.approx(delay, abs=close)
    if theta >= 5.0:
        found = ONSET_METHODS["abs"].find(OnsetRule(minimum=theta), clean(signal, rate))
        assert found.threshold == theta
        assert found.at is not None
        assert 1e3 * (found.at - ONSET) == pytest.approx(delay, abs=close)


def test_the_default_rule_stands_in_the_table_too() -> None:
    assert late("percent", clean(S4, 1000.0)) == pytest.approx(27.1003, abs=0.1)
    assert THRESHOLDS["percent"](RULE, 600.0, 0.1) == 12.0
    assert THRESHOLDS["abs"](RULE, 600.0, 0.1) == 5.0
    assert THRESHOLDS["sd5"](RULE, 600.0, 2.0) == 10.0


# D over 20 ms passes 20 % of its maximum: on the ramp at 400 N/s; on the exponential of its greatest mean slope over
# 20 ms, 3744.8004 N/s; on the cosine D is a sine; on the logistic D = 40 000 sinh 0.2 / (cosh u + cosh 0.2).
STEEP = [
    (S1, -6.0),
    (S2, 1e3 * (-0.15 * math.log(1.0 - 0.2 * 3744.8004 * 0.02 / 600.0) - 0.01)),
    (S4, 300.0 / math.pi * math.asin(0.2)),
    (S3, 600.0 - 50.0 * math.acosh(5.0 + 4.0 * math.cosh(0.2))),
]


@pytest.mark.parametrize(("signal", "delay"), STEEP, ids=lambda v: v.name if isinstance(v, Signal) else "")
def test_the_slope_passes_its_share_where_it_must(signal: Signal, delay: float) -> None:
    assert late("deriv", clean(signal, 1000.0)) == pytest.approx(delay, abs=0.05)


def test_the_last_trough_is_where_force_stops_falling() -> None:
    # 2000 N/s on a saw of ±0.2 N: falls end at each even ms; the last before the rise ends at its very start.
    t = np.arange(0.0, 4.0, 0.001)
    net = 2000.0 * np.clip(t - ONSET - 0.0005, 0.0, 0.25) + np.where(np.arange(len(t)) % 2, 0.2, -0.2)
    rise = Rise(t, net, 500.2, 0.2, 1000.0)
    assert late("trough", rise) == pytest.approx(0.0, abs=1e-6)
    assert ONSET_METHODS["trough"].find(RULE, rise).threshold == pytest.approx(-0.2)
    level = Rise(t, 2000.0 * np.clip(t - ONSET, 0.0, 0.25), 500.0, 0.2, 1000.0)
    assert late("trough", level) == pytest.approx(0.0, abs=1e-6)  # a level is where force does not rise


@pytest.mark.parametrize(
    ("rate", "estimated", "taken"),
    [(80.0, False, False), (250.0, True, False), (495.0, False, False), (495.0, True, True), (500.0, False, True)],
)
def test_the_trough_is_refused_where_it_would_scatter(rate: float, estimated: bool, taken: bool) -> None:
    found = ONSET_METHODS["trough"].find(RULE, replace(clean(S4, 1000.0), rate=rate, estimated=estimated))
    assert (found.at is not None) is taken
    assert taken or re.match(r"rate: \d+ Hz is too slow", found.reason or "")


def test_body_weight_is_never_guessed() -> None:
    for name in ("bw1", "bw2.5", "bw5"):
        for weight in (None, 0.0, math.nan):
            found = ONSET_METHODS[name].find(RULE, replace(clean(S4, 1000.0), body_weight=weight))
            assert found.at is None
            assert "weighed" in (found.reason or "")


# Method, rate, σ -> mean and SD in ms of 200 simulated trials, as the specification has them. Our quiet window is the
# latest and not the quietest, so σ0 comes out up to a tenth larger, which at 80 Hz makes onset up to 2 ms later.
NOISY = [
    ("sd3", 1000.0, 0.3, 7.5, 0.8), ("sd3", 1000.0, 3.0, 25.5, 2.3), ("sd3", 80.0, 0.3, 4.3, 2.1),
    ("sd3", 80.0, 3.0, 21.1, 3.8),
    ("sd5", 1000.0, 0.3, 9.4, 0.7), ("sd5", 1000.0, 3.0, 31.5, 1.9), ("sd5", 80.0, 0.3, 7.0, 1.5),
    ("sd5", 80.0, 3.0, 27.5, 3.1),
    ("2 %", 1000.0, 0.3, 27.1, 0.3), ("2 %", 1000.0, 3.0, 29.6, 2.0), ("2 %", 80.0, 0.3, 26.6, 0.4),
    ("2 %", 80.0, 3.0, 27.0, 2.7),
    ("5 %", 1000.0, 0.3, 43.1, 0.2), ("5 %", 1000.0, 3.0, 44.3, 1.4), ("5 %", 80.0, 0.3, 42.8, 0.3),
    ("5 %", 80.0, 3.0, 43.0, 1.8),
    ("trough", 1000.0, 0.3, 7.7, 1.8), ("trough", 1000.0, 3.0, 30.7, 2.2), ("trough", 80.0, 0.3, -9.6, 10.6),
]  # fmt: skip
SEEDS = 60


def noisy(rate: float, sigma: float, seed: int) -> Rise:
    trace = sample(replace(S4, capacity=None), rate, seed=seed, noise=sigma)
    quiet = quiet_window(trace.t, trace.force, ONSET + 0.06, 0.0)
    assert quiet is not None
    net = trace.force - quiet.baseline.mean
    return Rise(trace.t, net, float(net.max()), quiet.baseline.sd, rate)


@pytest.mark.parametrize(("name", "rate", "sigma", "mean", "sd"), NOISY)
def test_in_noise_as_simulated(name: str, rate: float, sigma: float, mean: float, sd: float) -> None:
    rule = RULE
    if name.endswith("%"):
        name, rule = "percent", OnsetRule(percent=float(name.split(maxsplit=1)[0]), sd=0.0, minimum=0.0)
    found = []
    for seed in range(SEEDS):
        rise = noisy(rate, sigma, seed)
        # The trough at 80 Hz is refused; what it would give, shows why.
        found.append(late(name, replace(rise, rate=1000.0) if name == "trough" else rise, rule))
    error = 3.5 * sd / math.sqrt(SEEDS) + (0.25 if rate > 500.0 else 0.35) * max(sd, 1.0)
    assert abs(np.mean(found) - mean) <= error
    assert np.std(found, ddof=1) <= 1.4 * sd


def knock(rise: Rise, at: float, width: float, height: float) -> Rise:
    net = np.where((rise.t >= at) & (rise.t < at + width), height, rise.net)
    return replace(rise, net=net)


@pytest.mark.parametrize("name", ONSET_METHODS)
def test_neither_a_spike_nor_an_earlier_knock_is_an_onset(name: str) -> None:
    quiet = np.random.default_rng(1)
    rise = clean(S4, 1000.0, sd=0.3, body_weight=800.0)
    rise = replace(rise, net=rise.net + quiet.normal(0.0, 0.3, len(rise.t)))
    alone = late(name, rise)
    assert late(name, knock(rise, ONSET - 0.4, 0.004, 300.0)) == alone  # above 25 % of peak, but for 4 ms only
    assert late(name, knock(rise, ONSET - 0.6, 0.100, 60.0)) == alone  # long, but nowhere near 25 % of peak
    hump = np.where(
        np.abs(rise.t - ONSET + 0.5) < 0.1, 70.0 * (1.0 + np.cos((rise.t - ONSET + 0.5) / 0.1 * np.pi)), 0.0
    )
    assert late(name, replace(rise, net=rise.net + hump)) == alone  # as steep as a push, and for long enough


@pytest.mark.parametrize("name", ONSET_METHODS)
def test_no_rise_gives_no_onset_and_a_reason(name: str) -> None:
    t = np.arange(0.0, 2.0, 0.001)
    found = ONSET_METHODS[name].find(RULE, Rise(t, np.full(len(t), 300.0), 300.0, 1.0, 1000.0, body_weight=800.0))
    assert found.at is None
    assert found.reason


@given(
    st.sampled_from(sorted(ONSET_METHODS)), st.integers(0, 50), st.floats(0.1, 10.0), st.floats(-1e3, 1e3),
    st.sampled_from([500.0, 1000.0]),
)  # fmt: skip
def test_shift_and_scale(name: str, seed: int, scale: float, shift: float, rate: float) -> None:
    rise = replace(noisy(rate, 0.5, seed), body_weight=800.0)
    rule, scaled = OnsetRule(minimum=10.0), OnsetRule(minimum=max(10.0 * scale, 5.0))
    if 10.0 * scale < 5.0 and name == "abs":
        scale, scaled = 0.5, OnsetRule(minimum=5.0)
    other = Rise(rise.t + shift, rise.net * scale, rise.peak * scale, rise.sd * scale, rate, body_weight=800.0 * scale)
    if name == "percent":
        rule = scaled = OnsetRule(minimum=0.0)
    assert late(name, replace(other, t=other.t), scaled) == pytest.approx(
        late(name, rise, rule) + 1e3 * shift, abs=1e-3
    )


@pytest.mark.parametrize("method", ONSET_METHODS.values(), ids=ONSET_METHODS.keys())
def test_a_rule_explains_itself(method: OnsetMethod) -> None:
    assert ONSET_METHODS[method.id] is method
    assert method.version >= 1
    assert method.term
    assert method.formula
    assert method.needs
    text = method.define.__doc__ or ""
    assert ">>>" in text
    assert "doi:" in text
    if method.id != "percent":
        for part in ("Formula:", "Unit:", "Edge cases:", "Source:"):
            assert part in text
    for place in (method.source, text.replace("\n", " ")):
        for doi in ("s00421-005-0070-z", "japplphysiol.00283.2002", "j.jelekin.2013.04.015"):
            for found in re.finditer(re.escape(doi), place):
                assert "not verified" in re.sub(" +", " ", place[found.end() : found.end() + 30])


# Net force at onset on the two starts that the texts speak of, N.
AT: dict[str, float] = {"percent": 12.0, "abs": 5.0, "bw1": 8.0, "bw2.5": 20.0, "bw5": 40.0}


@pytest.mark.parametrize("method", ONSET_METHODS.values(), ids=ONSET_METHODS.keys())
def test_the_bias_that_is_told_is_that_of_the_closed_forms(method: OnsetMethod) -> None:
    told = [float(x.replace("−", "-")) for x in re.findall(r"([+−][\d.]+) ms", method.bias)]
    if method.id in AT:
        theta = AT[method.id]
        smooth, sharp = 300.0 / math.pi * math.acos(1.0 - theta / 300.0), -150.0 * math.log(1.0 - theta / 600.0)
    elif method.id == "deriv":
        smooth, sharp = STEEP[2][1], STEEP[1][1]
    else:  # as simulated for the specification, at 1000 Hz
        smooth, sharp = (mean for name, rate, _, mean, _ in NOISY if name == method.id and rate == 1000.0)
    assert told == pytest.approx([smooth, sharp], abs=0.5)


def test_recipes_name_the_rule_and_what_it_obeys_and_nothing_else() -> None:
    recipes = {method.recipe(RULE) for method in ONSET_METHODS.values()}
    assert len(recipes) == len(ONSET_METHODS)
    moved = OnsetRule(percent=5.0, sd=3.0, minimum=20.0)
    changed = {m.id for m in ONSET_METHODS.values() if m.recipe(moved) != m.recipe(RULE)}
    assert changed == {"percent", "abs"}


SHAPES: list[Callable[[Rise], Rise]] = [
    lambda rise: replace(rise, t=rise.t[:1], net=rise.net[:1]),
    lambda rise: replace(rise, t=rise.t[:0], net=rise.net[:0]),
]


@pytest.mark.parametrize("cut", SHAPES)
@pytest.mark.parametrize("name", ONSET_METHODS)
def test_hardly_any_samples_are_no_mistake_of_ours(name: str, cut: Callable[[Rise], Rise]) -> None:
    found = ONSET_METHODS[name].find(RULE, cut(clean(S4, 1000.0, body_weight=800.0)))
    assert found.at is None
    assert found.reason
