"""Jumps in closed form with one thing wrong, each made to be caught by a flag, and clean ones that none may accuse."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import numpy as np

from forcelab.analysis.jump.find import find_jumps
from forcelab.analysis.jump.jump import Jump
from forcelab.model import JumpKind, Trace
from tests.analysis.jump.signals import DROP_BOX, Curve, countermovement, drop, sample, squat

CAPACITY: Final = 10_000.0


@dataclass(frozen=True)
class Vector:
    """A jump, what is done to its record, and the flags that it must raise; a rate that belongs to it overrules."""

    name: str
    kind: JumpKind
    curve: Curve
    spoil: Callable[[Trace], Trace] = lambda trace: trace
    before: float = 2.0
    rate: float | None = None
    expected: frozenset[str] = field(default_factory=frozenset)

    def jump(self, rate: float, noise: float, seed: int) -> Jump:
        """The first jump of its record, sampled with a phase of its own."""
        phase = float(np.random.default_rng((seed, 1)).uniform())
        trace = sample(self.curve, self.rate or rate, before=self.before, phase=phase, noise=noise, seed=seed)
        trace = self.spoil(replace(trace, capacity=CAPACITY))
        return find_jumps(trace, self.kind, box=DROP_BOX if self.kind == "dj" else None)[0]


def _sway(trace: Trace) -> Trace:
    return replace(trace, force=trace.force + np.where(trace.t < 2.0, 25.0 * np.sin(40.0 * trace.t), 0.0))


def _restless_before(trace: Trace) -> Trace:
    """From 3 s on the athlete sways by 60 N and so is never weighed again before the jump."""
    sways = (trace.t > 3.0) & (trace.t < 5.9)
    return replace(trace, force=trace.force + np.where(sways, 60.0, 0.0) * np.sign(np.sin(12.0 * trace.t)))


def _hole(trace: Trace) -> Trace:
    keep = (trace.t < 2.30) | (trace.t > 2.34)
    return replace(trace, t=trace.t[keep], force=trace.force[keep])


def _late(trace: Trace) -> Trace:
    """Lands 0.1 s later than physics has it: with bent knees, and more than that."""
    cut, count = trace.t < 2.8, round(0.1 * trace.rate)
    last = float(trace.t[cut][-1])
    t = np.concatenate((trace.t[cut], last + np.arange(1, count + 1) / trace.rate, trace.t[~cut] + count / trace.rate))
    force = np.concatenate((trace.force[cut], np.zeros(count), trace.force[~cut]))
    return replace(trace, t=t, force=force)


def _overloaded(trace: Trace) -> Trace:
    return replace(trace, force=np.minimum(trace.force, 2000.0), capacity=2000.0)


def _drifted(trace: Trace) -> Trace:
    return replace(trace, zero=-9.0)


def _spoilt(name: str, flag: str, kind: JumpKind = "cmj", curve: Curve | None = None) -> Callable[..., Vector]:
    return partial(Vector, name, kind, curve or countermovement(), expected=frozenset({flag}))


CLEAN: Final = (
    Vector("countermovement jump", "cmj", countermovement()),
    Vector("countermovement jump, smooth landing", "cmj", countermovement("smooth")),
    Vector("squat jump", "sj", squat()),
    Vector("squat jump, smooth landing", "sj", squat("smooth")),
    Vector("drop jump", "dj", drop()),
)
SPOILT: Final = (
    _spoilt("stands for 0.02 s", "NO_WEIGHING")(before=0.02),
    _spoilt("stands for 0.5 s", "SHORT_WEIGHING")(before=0.5),
    _spoilt("sways by 25 N", "RESTLESS_WEIGHING")(spoil=_sway),
    _spoilt("at 150 Hz", "RATE_TOO_LOW")(rate=150.0),
    _spoilt("at 400 Hz", "LOW_RATE")(rate=400.0),
    _spoilt("does not land", "NO_LANDING", curve=countermovement(lands=False))(),
    _spoilt("lands 0.1 s late", "HEIGHTS_DISAGREE")(spoil=_late),
    _spoilt("squat jump that dips by 60 N", "DIP", "sj", squat(dipping=60.0))(),
    _spoilt("squat jump for a countermovement jump", "NO_DIP", curve=squat())(),
    _spoilt("sways for 3 s before", "SLOW_START")(before=6.0, spoil=_restless_before),
    _spoilt("40 ms missing", "DROPOUT")(spoil=_hole),
    _spoilt("saturated at 2000 N", "CLIPPED")(spoil=_overloaded),
    _spoilt("zero 9 N off", "UNZEROED")(spoil=_drifted),
)
