"""Every spoilt jump is caught and no clean one accused, over seeds of noise."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from forcelab.analysis.jump.find import find_jumps
from forcelab.analysis.jump.flags import JUMP_FLAGS, assess_jump
from forcelab.analysis.jump.jump import Jump
from forcelab.model import JumpKind, Trace
from tests.analysis.jump.signals import DROP_BOX, WEIGHT, Curve, countermovement, drop, sample, squat

SEEDS = range(15)
CAPACITY = 10_000.0


def found(trace: Trace, kind: JumpKind) -> Jump:
    jumps = find_jumps(replace(trace, capacity=CAPACITY), kind, box=DROP_BOX if kind == "dj" else None)
    return jumps[0]


def names(jump: Jump) -> set[str]:
    return {flag.name for flag in assess_jump(jump)}


@pytest.mark.parametrize("rate", [1000.0, 500.0])
@pytest.mark.parametrize("noise", [0.0, 1.0, 3.0])
@pytest.mark.parametrize(
    ("curve", "kind"),
    [(countermovement(), "cmj"), (countermovement("smooth"), "cmj"), (squat(), "sj"), (squat("smooth"), "sj"),
     (drop(), "dj")],
    ids=["cmj", "cmj smooth", "sj", "sj smooth", "dj"],
)  # fmt: skip
def test_clean_is_silent(curve: Curve, kind: JumpKind, noise: float, rate: float) -> None:
    for seed in SEEDS:
        trace = sample(curve, rate, noise=noise, seed=seed, phase=seed / 15)
        assert names(found(trace, kind)) == set(), seed


def _sway(trace: Trace) -> Trace:
    return replace(trace, force=trace.force + np.where(trace.t < 2.0, 25.0 * np.sin(40.0 * trace.t), 0.0))


def _hole(trace: Trace) -> Trace:
    keep = (trace.t < 2.30) | (trace.t > 2.34)
    return replace(trace, t=trace.t[keep], force=trace.force[keep])


def _late(trace: Trace) -> Trace:
    """Lands 0.1 s later than physics has it: with bent knees, and more than that."""
    cut = trace.t < 2.8
    t = np.concatenate((trace.t[cut], 2.8 + np.arange(100) / trace.rate, trace.t[~cut] + 0.1))
    force = np.concatenate((trace.force[cut], np.zeros(100), trace.force[~cut]))
    return replace(trace, t=t, force=force)


SPOILT: dict[str, tuple[JumpKind, Callable[[int], Trace]]] = {
    "NO_WEIGHING": ("cmj", lambda k: replace(sample(countermovement(), noise=1.0, seed=k, before=0.02))),
    "SHORT_WEIGHING": ("cmj", lambda k: sample(countermovement(), noise=1.0, seed=k, before=0.5)),
    "RESTLESS_WEIGHING": ("cmj", lambda k: _sway(sample(countermovement(), noise=1.0, seed=k))),
    "RATE_TOO_LOW": ("cmj", lambda k: sample(countermovement(), 150.0, noise=1.0, seed=k)),
    "LOW_RATE": ("cmj", lambda k: sample(countermovement(), 400.0, noise=1.0, seed=k)),
    "NO_LANDING": ("cmj", lambda k: sample(countermovement(lands=False), noise=1.0, seed=k)),
    "HEIGHTS_DISAGREE": ("cmj", lambda k: _late(sample(countermovement(), noise=1.0, seed=k))),
    "DIP": ("sj", lambda k: sample(squat(dipping=60.0), noise=1.0, seed=k)),
    "NO_DIP": ("cmj", lambda k: sample(squat(), noise=1.0, seed=k)),
    "DROPOUT": ("cmj", lambda k: _hole(sample(countermovement(), noise=1.0, seed=k))),
    "UNZEROED": ("cmj", lambda k: replace(sample(countermovement(), noise=1.0, seed=k), zero=-9.0)),
}


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_is_caught(name: str) -> None:
    kind, make = SPOILT[name]
    for seed in SEEDS:
        flags = {flag.name: flag for flag in assess_jump(found(make(seed), kind))}
        assert name in flags, seed
        assert flags[name].assessed
        assert "{" not in flags[name].sentence


def test_a_start_long_before_the_push_is_told() -> None:
    for seed in SEEDS:
        trace = sample(countermovement(), noise=1.0, seed=seed, before=6.0)
        # From 3 s on the athlete sways by 20 N and so is never weighed again before the jump.
        swaying = replace(trace, force=trace.force + np.where((trace.t > 3.0) & (trace.t < 5.9), 60.0, 0.0)
                          * np.sign(np.sin(12.0 * trace.t)))  # fmt: skip
        assert "SLOW_START" in names(found(swaying, "cmj")), seed


def test_a_clipped_plate_is_told_also_behind_the_sum() -> None:
    trace = sample(countermovement())
    right = replace(trace, force=np.minimum(0.5 * trace.force, 1000.0), capacity=1000.0)
    left = replace(trace, force=0.5 * trace.force, capacity=CAPACITY)
    total = replace(trace, force=left.force + right.force)
    (jump,) = find_jumps(total, "cmj", sides={"left": left, "right": right})
    assert any(flag.name == "CLIPPED" and flag.assessed for flag in assess_jump(jump))
    (alone,) = find_jumps(replace(total, capacity=11_000.0), "cmj")
    assert "CLIPPED" not in names(alone)
    assert any(f.name == "CLIPPED" and not f.assessed for f in assess_jump(find_jumps(total, "cmj")[0]))


def test_every_flag_is_caught_here() -> None:
    assert set(SPOILT) | {"SLOW_START", "CLIPPED"} == set(JUMP_FLAGS)


def test_a_squat_jump_without_a_dip_is_not_accused_for_its_body_weight() -> None:
    assert "DIP" not in names(found(sample(squat(dipping=0.02 * WEIGHT), noise=1.0), "sj"))
