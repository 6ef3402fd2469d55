"""Each rule's limits from both sides: a curve just within and one just beyond, typed from the specification.

The curves are straight lines at 1000 Hz around an onset that is given, so that nothing but the limit decides.
"""

from collections.abc import Callable

import numpy as np
import pytest

from forcelab.analysis.baseline import quiet_window
from forcelab.analysis.contraction import Contraction, Part
from forcelab.analysis.doubt import Demand
from forcelab.analysis.efforts import find_efforts
from forcelab.analysis.explosive import peak_rfd
from forcelab.analysis.flags_record import RECORD
from forcelab.analysis.onset import find_onset, find_release
from forcelab.analysis.quality import FLAGS
from forcelab.model import Array, Baseline, Effort, OnsetRule, Trace

ONSET = 2.0
PEAK = 500.0
ASKED = Demand(hold=5.0, fast=True, plateau=True)

Points = list[tuple[float, float]]


def push(*points: tuple[float, float]) -> Points:
    """Rest until onset, then these points (s after onset, N), by default up within 0.25 s and held for 3 s."""
    after = points or ((0.25, PEAK), (3.0, PEAK))
    return [(-ONSET, 0.0), (0.0, 0.0), *after]


def step(at: float, to: float, before: float = PEAK) -> Points:
    """Two points between which force changes within a millisecond."""
    return [(at - 0.0005, before), (at + 0.0005, to)]


def look(
    name: str,
    points: Points,
    *,
    sd: float = 0.0,
    mean: float = 0.0,
    peak: float = PEAK,
    peak_at: float = 0.25,
    release: float | None = None,
    zero: float | None = 0.0,
    capacity: float | None = None,
    missing: tuple[float, float] | None = None,
    rate: float = 1000.0,
    more: Callable[[Array], Array] = np.zeros_like,
    demand: Demand = ASKED,
) -> bool:
    """Whether the flag is raised for this curve."""
    x, y = zip(*points, strict=True)
    tau = np.arange(round(x[0] * rate), round(x[-1] * rate) + 1) / rate
    if missing is not None:
        tau = tau[(tau <= missing[0] + 1e-9) | (tau >= missing[1] - 1e-9)]
    force = np.interp(tau, x, y) + more(tau) + mean
    trace = Trace(tau + ONSET, force, rate, zero=zero, capacity=capacity)
    end = None if release is None else ONSET + release
    effort = Effort(ONSET, ONSET + peak_at, end, peak, 0.0, "percent", Baseline(mean, sd, 1.2, 1.7))
    start = int(np.searchsorted(tau, 0.0))
    flag = FLAGS[name].look(Contraction(trace, Part(0, start, len(tau), len(tau)), effort), demand)
    assert flag is None or flag.assessed, flag
    return flag is not None


def bump(start: float, stop: float, height: float) -> Callable[[Array], Array]:
    """So much more force on [start, stop], s after onset."""
    return lambda tau: np.where((tau > start - 1e-9) & (tau < stop + 1e-9), height, 0.0)


def both(*parts: Callable[[Array], Array]) -> Callable[[Array], Array]:
    return lambda tau: np.asarray(sum(part(tau) for part in parts))


def drift(slope: float, since: float = -0.2, until: float = 0.0) -> Callable[[Array], Array]:
    """Force that rises to 0 N at `until` and stood below it before; the rest is level before `since`."""
    return lambda tau: slope * (np.clip(tau, since, until) - until)


def ripple(height: float) -> Callable[[Array], Array]:
    """Plus and minus by turns."""
    return lambda tau: np.where(np.round(tau * 1000) % 2 == 0, height, -height)


# flag, why, what is within its limit, what is beyond it
LIMITS: list[tuple[str, str, dict[str, object], dict[str, object]]] = [
    ("NO_QUIET", "1 % P", {"sd": 4.9}, {"sd": 5.1}),
    ("NO_QUIET", "3 N", {"sd": 2.9, "peak": 200.0}, {"sd": 3.1, "peak": 200.0}),
    ("PRELOAD", "5 % P over the zero", {"mean": 24.9}, {"mean": 25.1}),
    ("PRELOAD", "over the recorded zero", {"mean": 104.9, "zero": 80.0}, {"mean": 105.1, "zero": 80.0}),
    ("PRETENSION", "1 % P", {"more": bump(-1.0, -0.01, 4.9)}, {"more": bump(-1.0, -0.01, 5.1)}),
    ("PRETENSION", "3 SD", {"sd": 2.0, "more": bump(-1.0, -0.01, 5.9)}, {"sd": 2.0, "more": bump(-1.0, -0.01, 6.1)}),
    ("PRETENSION", "from -0.2 s", {"more": bump(-0.22, -0.201, 90.0)}, {"more": bump(-0.2, -0.181, 90.0)}),
    ("PRETENSION", "to -0.05 s", {"more": bump(-0.049, -0.03, 90.0)}, {"more": bump(-0.069, -0.05, 90.0)}),
    ("CREEP", "10 % P in 0.1 s", {"points": push((0.099, 50.1), (0.3, PEAK), (3.0, PEAK))},
     {"points": push((0.101, 49.9), (0.3, PEAK), (3.0, PEAK))}),
    ("CREEP", "wanted only for a fast start", {"points": push((0.5, 49.0), (0.7, PEAK)), "demand": Demand(fast=False)},
     {"points": push((0.5, 49.0), (0.7, PEAK))}),
    ("SLOPE", "1 % P in 0.2 s", {"points": push((0.05, 5.0), (3.0, 9.0)), "more": drift(24.0)},
     {"points": push((0.05, 5.0), (3.0, 9.0)), "more": drift(26.0)}),
    ("SLOPE", "3 SD in 0.2 s", {"points": push((0.05, 5.0), (3.0, 9.0)), "more": drift(44.0), "sd": 3.0},
     {"points": push((0.05, 5.0), (3.0, 9.0)), "more": drift(46.0), "sd": 3.0}),
    ("SLOPE", "10 % of RFD 0-50", {"more": drift(198.0)}, {"more": drift(202.0)}),
    ("SLOPE", "over the last 0.2 s", {"more": drift(900.0, -0.5, -0.21)}, {"more": drift(900.0, -0.5, -0.05)}),
    ("COUNTERMOVEMENT", "1 % P", {"more": bump(-0.3, -0.2, -4.9)}, {"more": bump(-0.3, -0.2, -5.1)}),
    ("COUNTERMOVEMENT", "5 SD", {"more": bump(-0.3, -0.2, -9.9), "sd": 2.0},
     {"more": bump(-0.3, -0.2, -10.1), "sd": 2.0}),
    ("COUNTERMOVEMENT", "mean of three samples", {"more": bump(-0.3, -0.3, -14.9)}, {"more": bump(-0.3, -0.3, -15.1)}),
    ("COUNTERMOVEMENT", "from -0.4 s", {"more": bump(-0.45, -0.402, -30.0)}, {"more": bump(-0.45, -0.398, -30.0)}),
    ("NOISY_BASELINE", "5 SD against 2 % P", {"sd": 1.99}, {"sd": 2.01}),
    ("DROPOUT", "50 ms", {"missing": (0.1, 0.149)}, {"missing": (0.1, 0.151)}),
    ("DROPOUT", "1.5 intervals of a slow sensor", {"rate": 10.0, "missing": (0.1, 0.2)},
     {"rate": 10.0, "missing": (0.1, 0.3)}),
    ("DROPOUT", "from -0.5 s", {"missing": (-0.6, -0.502)}, {"missing": (-0.6, -0.498)}),
    ("DROPOUT", "until 0.1 s after the peak", {"missing": (0.352, 0.6)}, {"missing": (0.348, 0.6)}),
    ("CLIPPED", "99 %", {"capacity": PEAK / 0.989}, {"capacity": PEAK / 0.991}),
    ("CLIPPED", "99 % downwards", {"capacity": 606.7, "more": bump(1.0, 1.1, -1100.0)},
     {"capacity": 605.0, "more": bump(1.0, 1.1, -1100.0)}),
    ("CLIPPED", "three equal samples", {"capacity": 600.0, "more": bump(1.0, 1.001, 100.0)},
     {"capacity": 600.0, "more": bump(1.0, 1.002, 100.0)}),
    ("PEAK_LATE", "2 % P", {"more": bump(2.751, 3.0, 9.9)}, {"more": bump(2.751, 3.0, 10.1)}),
    # Ripple of 100 N: SE = 100 N × √(1/250 + 1/500) = 7.75 N, three times that is 23.2 N.
    ("PEAK_LATE", "3 SE", {"more": both(ripple(100.0), bump(2.751, 3.0, 22.5))},
     {"more": both(ripple(100.0), bump(2.751, 3.0, 24.0))}),
    ("PEAK_LATE", "against 0.5 s and no more", {"more": bump(0.5, 2.24, -100.0)}, {"more": bump(2.25, 2.5, -24.0)}),
    ("PEAK_LATE", "at the end of the hold", {"more": bump(1.76, 3.0, 11.0), "demand": Demand(hold=2.6)},
     {"more": bump(1.76, 3.0, 11.0), "demand": Demand(hold=2.0)}),
    ("PEAK_LATE", "not once released", {"more": bump(2.751, 3.0, 50.0), "release": 1.0},
     {"more": bump(2.751, 3.0, 50.0)}),
    ("SLOW_RISE", "90 % P in 1.5 s", {"points": push((1.49, 450.1), (3.0, PEAK))},
     {"points": push((1.51, 449.9), (3.0, PEAK))}),
    ("SLOW_RISE", "wanted only for a fast start", {"points": push((3.0, PEAK)), "demand": Demand(fast=False)},
     {"points": push((3.0, PEAK))}),
    ("SHORT_HOLD", "1.0 s above 90 % P", {"points": [*push((0.25, PEAK)), *step(1.24, 0.0)]},
     {"points": [*push((0.25, PEAK)), *step(1.2, 0.0)]}),
    ("SHORT_HOLD", "90 % P", {"points": push((0.25, PEAK), (0.26, 450.1), (3.0, 450.1))},
     {"points": push((0.25, PEAK), (0.26, 449.9), (3.0, 449.9))}),
    ("SHORT_HOLD", "wanted only with a plateau",
     {"points": push((0.25, PEAK), (0.5, 0.0)), "demand": Demand(plateau=False)},
     {"points": push((0.25, PEAK), (0.5, 0.0))}),
    ("DOUBLE_PUSH", "a fall of 30 % P", {"more": bump(1.0, 1.5, -149.0)}, {"more": bump(1.0, 1.5, -151.0)}),
    ("DOUBLE_PUSH", "and back above 80 % P", {"points": push((0.25, PEAK), (1.0, 200.0), (2.0, 399.0))},
     {"points": push((0.25, PEAK), (1.0, 200.0), (2.0, 401.0))}),
    ("SIGN", "30 % P below rest", {"more": bump(2.0, 2.5, -649.0)}, {"more": bump(2.0, 2.5, -651.0)}),
    ("SIGN", "30 % P below the zero", {"mean": -149.0}, {"mean": -151.0}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "within", "beyond"), [(a, c, d) for a, _, c, d in LIMITS], ids=[f"{a}: {b}" for a, b, _, _ in LIMITS]
)
def test_on_both_sides_of_a_limit(name: str, within: dict[str, object], beyond: dict[str, object]) -> None:
    def raised(case: dict[str, object]) -> bool:
        points = case.get("points", push())
        return look(name, points, **{key: value for key, value in case.items() if key != "points"})  # type: ignore[arg-type] # keywords of each case

    assert not raised(within)
    assert raised(beyond)


def test_every_flag_has_its_limits_here() -> None:
    # Those of the record and its sensor have theirs in test_record_flags.py; NO_ONSET has none.
    assert {name for name, _, _, _ in LIMITS} == set(FLAGS) - {rule.name for rule in RECORD} - {"NO_ONSET"}


RISE = 6.0


def calm(start: float, stop: float) -> tuple[Array, Array]:
    """±10 N by turns, but still on [start, stop], s before the rise."""
    t = np.arange(7001) / 1000.0
    still = (t >= RISE - start - 1e-9) & (t <= RISE - stop + 1e-9)
    return t, np.where(still, 0.0, np.where(np.arange(len(t)) % 2 == 0, 10.0, -10.0))


# Windows of 0.5 s end 0.2 s before the rise, or so many times 0.05 s earlier, and begin at most 3 s before it.
@pytest.mark.parametrize(
    ("start", "stop", "found"),
    [
        (0.70, 0.20, True),
        (0.69, 0.19, False),
        (0.75, 0.25, True),
        (0.90, 0.40, True),
        (0.93, 0.38, True),
        (3.00, 2.50, True),
        (3.05, 2.55, False),
    ],
)
def test_which_half_seconds_are_looked_at(start: float, stop: float, found: bool) -> None:
    quiet = quiet_window(*calm(start, stop), rise=RISE, floor=0.0)
    assert quiet is not None
    assert (quiet.baseline.sd == 0.0) == found


@pytest.mark.parametrize(("ratio", "latest"), [(1.45, True), (1.55, False)])
def test_how_restless_the_latest_window_may_be(ratio: float, latest: bool) -> None:
    t, force = calm(0.0, 0.0)
    force = np.where(t > RISE - 1.0, ratio * force, force)
    quiet = quiet_window(t, force, rise=RISE, floor=0.0)
    assert quiet is not None
    assert (quiet.baseline.stop > RISE - 0.25) == latest


@pytest.mark.parametrize(("height", "onset"), [(24.0, 2.0), (26.0, 1.0)])
def test_a_rise_is_certain_above_a_quarter_of_the_peak(height: float, onset: float) -> None:
    t = np.arange(3000) / 1000.0
    net = np.where((t >= 1.0) & (t < 1.2), height, np.where(t >= 2.0, 100.0, 0.0))
    assert find_onset(t, net, 100.0, 2.0) == pytest.approx(onset, abs=0.001)


@pytest.mark.parametrize(
    ("rate", "samples", "onset"), [(1000.0, 20, 2.0), (1000.0, 22, 1.0), (50.0, 2, 2.0), (50.0, 3, 1.0)]
)
def test_an_onset_is_confirmed_by_three_samples_and_20_ms(rate: float, samples: int, onset: float) -> None:
    t = np.arange(int(3 * rate)) / rate
    net = np.where(t >= 2.0, 100.0, 0.0)
    net[int(rate) : int(rate) + samples] = 60.0
    assert find_onset(t, net, 100.0, 2.0) == pytest.approx(onset, abs=1.0 / rate)


@pytest.mark.parametrize(("rest", "release"), [(4.9, 0.5), (5.1, 1.5)])
def test_release_is_a_fall_through_five_percent(rest: float, release: float) -> None:
    t = np.arange(2000) / 1000.0
    net = np.where(t < 0.5, 100.0, np.where(t < 1.5, rest, 0.0))
    assert find_release(t, net, 100.0) == pytest.approx(release, abs=0.002)


@pytest.mark.parametrize(("gap", "lasts"), [(0.098, False), (0.102, True)])
def test_release_lasts_100_ms(gap: float, lasts: bool) -> None:
    t = np.arange(1000) / 1000.0
    net = np.where((t < 0.5) | (t >= 0.5 + gap), 100.0, 0.0)
    assert (find_release(t, net, 100.0) is not None) == lasts


@pytest.mark.parametrize(("jump", "within"), [(0.50, True), (0.52, False)])
def test_peak_rfd_starts_at_most_half_a_second_after_onset(jump: float, within: bool) -> None:
    points = push((jump, 100.0), (jump + 0.02, PEAK), (3.0, PEAK))
    x, y = (np.array(axis) for axis in zip(*points, strict=True))
    tau = np.arange(-2000, 3001) / 1000.0
    effort = Effort(ONSET, ONSET + jump + 0.02, None, PEAK, 0.0, "percent", Baseline(0.0, 0.0, 1.2, 1.7))
    trace = Trace(tau + ONSET, np.interp(tau, x, y), 1000.0)
    found = peak_rfd(Contraction(trace, Part(0, 2000, len(tau), len(tau)), effort), window=0.02)
    assert found == pytest.approx(400.0 / 0.02 if within else 100.0 / jump, rel=0.01)


def pulses(*spans: tuple[float, float, float], end: float = 12.0, noise: float = 0.01) -> Trace:
    """Force of a height from one time to another; ±noise by turns."""
    t = np.arange(int(end * 1000)) / 1000.0
    force = np.where(np.arange(len(t)) % 2 == 0, noise, -noise)
    for start, stop, height in spans:
        force += np.where((t >= start) & (t < stop), height, 0.0)
    return Trace(t, force, 1000.0)


@pytest.mark.parametrize(
    ("trace", "count"),
    [
        (pulses((3, 5, 4.9)), 0), (pulses((3, 5, 5.2)), 1),  # 5 N
        (pulses((3, 3.078, 300)), 0), (pulses((3, 3.084, 300)), 1),  # 80 ms above the half
        (pulses((3, 5, 69), noise=10.0), 0), (pulses((3, 5, 72), noise=10.0), 1),  # 8 SD, the peak with its noise
        (pulses((3, 5, 300), (8, 10, 58)), 1), (pulses((3, 5, 300), (8, 10, 62)), 2),  # a fifth of the strongest
        # 0.3 s below 30 % part two pushes between which some load is held
        (pulses((3, 4, 300), (4, 4.29, 60), (4.29, 6, 300)), 1),
        (pulses((3, 4, 300), (4, 4.33, 60), (4.33, 6, 300)), 2),
        (pulses((3, 4, 300), (4, 5.0, 95), (5.0, 6, 300)), 1),
        (pulses((3, 4, 300), (4, 5.0, 85), (5.0, 6, 300)), 2),
        (pulses((3, 4, 300), (4.09, 6, 300)), 1),
    ],
)  # fmt: skip
def test_what_is_an_effort(trace: Trace, count: int) -> None:
    assert len(find_efforts(trace, OnsetRule())) == count
