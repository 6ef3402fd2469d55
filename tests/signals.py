"""Force curves in closed form, whose every number is known by hand, and samplers that read them as sensors do.

The clean ones (ramp, exponential, logistic, raised cosine) rest for 1.5 s, rise, hold for 3 s, are released within
0.3 s and rest for another second. The spoilt ones are a raised cosine with one thing wrong, each made to be caught by
a flag; every flag has one. Truths are written out as formulas or typed from the specification, never taken from our
own output.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from forcelab.analysis.metrics import METRICS
from forcelab.model import Array, Assessment, Trace, Words

ONSET: Final = 1.5
BASELINE: Final = 20.0
RESOLUTION: Final = 0.05
RELEASE: Final = 0.3
REST: Final = 1.0

Net = Callable[[Array], Array]  # s after the true onset -> N above rest, valid until release


@dataclass(frozen=True)
class Signal:
    """A net force curve over the time after its true onset, and what stands around it.

    `hold_until` is when release begins, in s after onset; None: the record is cut at `cut`. `missing` is a stretch
    without samples. `noise`, where given, belongs to the signal and overrules the sampler's. `zero_before`: of the
    trial before; `repeated`: one sample came twice; `slow`: by how much slower the sensor samples than it declares.
    """

    name: str
    net: Net
    hold_until: float
    baseline: float = BASELINE
    cut: float | None = None
    missing: tuple[float, float] | None = None
    capacity: float | None = 2000.0
    noise: float | None = None
    zero_before: float | None = None
    repeated: bool = False
    slow: float = 1.0
    expected: frozenset[str] = field(default_factory=frozenset)

    @property
    def end(self) -> float:
        """Length of the record in s."""
        return ONSET + (self.hold_until + RELEASE + REST if self.cut is None else self.cut)

    def force(self, t: Array) -> Array:
        """Gross force in N at times t in s from the start of the record."""
        tau = t - ONSET
        held = self.net(np.minimum(tau, self.hold_until))
        share = np.clip((tau - self.hold_until) / RELEASE, 0.0, 1.0)
        return np.asarray(self.baseline + held * 0.5 * (1.0 + np.cos(np.pi * share)))


def ramp(slope: float = 2000.0, rise: float = 0.25) -> Net:
    return lambda tau: slope * np.clip(tau, 0.0, rise)


def exponential(top: float = 600.0, tau_c: float = 0.15) -> Net:
    return lambda tau: top * -np.expm1(-np.maximum(tau, 0.0) / tau_c)


def logistic(top: float = 800.0, k: float = 20.0, middle: float = 0.6) -> Net:
    return lambda tau: top / (1.0 + np.exp(-k * (tau - middle)))


def raised_cosine(top: float = 600.0, rise: float = 0.3) -> Net:
    return lambda tau: 0.5 * top * (1.0 - np.cos(np.pi * np.clip(tau, 0.0, rise) / rise))


S1: Final = Signal("ramp", ramp(), 0.25 + 3.0)
S2: Final = Signal("exponential", exponential(), 3.5)
S3: Final = Signal("logistic", logistic(), 4.2)
S4: Final = Signal("raised cosine", raised_cosine(), 0.3 + 3.0)
CLEAN: Final = (
    S1,
    S2,
    S4,
    Signal("raised cosine, 600 ms", raised_cosine(rise=0.6), 0.6 + 3.0),
    Signal("raised cosine, 2500 N", raised_cosine(top=2500.0), 0.3 + 3.0, capacity=5000.0),
)


def _with(net: Net, more: Net) -> Net:
    return lambda tau: net(tau) + more(tau)


def _dip(tau: Array) -> Array:
    inside = (tau > -0.15) & (tau < 0.0)
    return np.where(inside, -30.0 * np.sin(np.pi * (tau + 0.15) / 0.15), 0.0)


def _limit(net: Net, gross: float) -> Net:
    return lambda tau: np.minimum(net(tau), gross - BASELINE)


def _level(start: float, stop: float, height: float) -> Net:
    return lambda tau: np.where((tau >= start) & (tau < stop), height, 0.0)


def _sag(tau: Array) -> Array:
    """Half of 600 N is lost and won again, smoothly, from 1.0 to 1.8 s after onset."""
    return -150.0 * (1.0 - np.cos(2.0 * np.pi * np.clip((tau - 1.0) / 0.8, 0.0, 1.0)))


_COSINE: Final = raised_cosine()
SPOILT: Final = (
    Signal("dip of 30 N before onset", _with(_COSINE, _dip), 3.3, expected=frozenset({"COUNTERMOVEMENT"})),
    Signal(
        "pre-load rising to 40 N",
        _with(_COSINE, lambda tau: np.clip((tau + 0.4) * 100.0, 0.0, 40.0)),
        3.3,
        expected=frozenset({"CREEP", "SLOPE"}),
    ),
    Signal(
        "constant pre-load of 40 N",
        _with(_COSINE, lambda tau: np.where(tau >= -0.9, 40.0, 0.0)),
        3.3,
        expected=frozenset({"PRELOAD"}),
    ),
    Signal("samples missing", _COSINE, 3.3, missing=(0.100, 0.165), expected=frozenset({"DROPOUT"})),
    Signal("saturated at 500 N", _limit(_COSINE, 500.0), 3.3, capacity=500.0, expected=frozenset({"CLIPPED"})),
    Signal("cut at 0.25 s", _COSINE, 3.3, cut=0.25, expected=frozenset({"PEAK_LATE"})),
    Signal("ramp of 8 s", ramp(75.0, 8.0), 11.0, expected=frozenset({"SLOW_RISE", "CREEP", "SLOPE"})),
    Signal(
        "weak and noisy", raised_cosine(top=120.0), 3.3, noise=5.0, expected=frozenset({"NOISY_BASELINE", "NO_QUIET"})
    ),
    # Those above are of the specification (J10), those below are our own. 9 N stay below the threshold of 12 N.
    Signal(
        "9 N held in the last 0.3 s", _with(_COSINE, _level(-0.3, 9.0, 9.0)), 3.3, expected=frozenset({"PRETENSION"})
    ),
    Signal("held for 0.5 s", _COSINE, 0.8, expected=frozenset({"SHORT_HOLD"})),
    Signal("half lost and won again", _with(_COSINE, _sag), 3.3, expected=frozenset({"DOUBLE_PUSH"})),
    Signal("hung the wrong way round", lambda tau: -_COSINE(tau), 3.3, expected=frozenset({"SIGN"})),
    Signal("zero moved by 15 N", _COSINE, 3.3, zero_before=5.0, expected=frozenset({"ZERO_DRIFT"})),
    Signal("a stamp came twice", _COSINE, 3.3, repeated=True, expected=frozenset({"DISCARDED"})),
    Signal("declares 5 % more than it samples", _COSINE, 3.3, slow=1.05, expected=frozenset({"RATE_OFF"})),
)


def stamps(signal: Signal, rate: float, rng: np.random.Generator) -> Array:
    """Sample times in s: even from 500 Hz on; below, random phase and jitter of ±20 % of the interval, as stamped."""
    count = int(np.floor(signal.end * rate))
    if rate >= 500.0:
        return np.arange(count + 1) / rate
    t = (np.arange(count) + rng.uniform(0.0, 1.0) + rng.uniform(-0.2, 0.2, count)) / rate
    return np.asarray(t[(t >= 0.0) & (t <= signal.end)])


def sample(
    signal: Signal,
    rate: float,
    *,
    seed: int = 0,
    noise: float = 0.0,
    resolution: float | None = None,
) -> Trace:
    """What a sensor of this rate records of a signal; it was zeroed at 20 N where the signal rests at 20 N."""
    rng = np.random.default_rng((seed, int(rate)))
    t = stamps(signal, rate, rng)
    if signal.missing is not None:
        lost = (t > ONSET + signal.missing[0]) & (t < ONSET + signal.missing[1])
        t = t[~lost]
    force = signal.force(t)
    force = force + rng.normal(0.0, 1.0, len(t)) * (noise if signal.noise is None else signal.noise)
    if signal.capacity is not None:
        force = np.minimum(force, signal.capacity)
    if resolution is not None:
        force = np.round(force / resolution) * resolution
    return Trace(
        t,
        force,
        rate * signal.slow,
        capacity=signal.capacity,
        zero=signal.baseline,
        discarded=int(signal.repeated),
        zero_before=signal.zero_before,
    )


def assessment(*metrics: str, hold: float = 5.0) -> Assessment:
    """An assessment that asks for these metrics, or for all."""
    words = Words("Test", "any", "none", "none", "Push as fast and hard as you can.")
    return Assessment(
        id="test",
        version=1,
        kind="effort",
        sides="each",
        contraction="make",
        sensor="pull",
        lever="none",
        hold=hold,
        trials=3,
        rest=30.0,
        metrics=metrics or tuple(METRICS),
        text={"en": words},
    )
