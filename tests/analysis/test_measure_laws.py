"""Laws of all numbers that come from holds, repetitions, all-out tests and many pulses, by their units and at once."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelab.analysis.critical_force import CRITICAL_FORCE, AllOut, Repetition
from forcelab.analysis.fatigue import OVER_HOLD, OVER_REPETITIONS, Sustained
from forcelab.analysis.measure import Measure
from forcelab.analysis.pulses import SCALING_FACTORS, Pulse, Pulses
from forcelab.analysis.steadiness import STEADINESS, Hold
from forcelab.model import Array, Regime
from tests.analysis.units import DEGREE, MEASURES


def _wave(rng: np.random.Generator, seconds: float, rate: float = 50.0) -> tuple[Array, Array]:
    t = np.arange(0.0, seconds, 1.0 / rate)
    return t, 400.0 * np.exp(-t / 40.0) + rng.normal(0.0, 6.0, len(t))


def hold(rng: np.random.Generator) -> Hold:
    t, net = _wave(rng, 12.0)
    return Hold(t, net, 0.0, 11.5, target=350.0)


def sustained(rng: np.random.Generator) -> Sustained:
    t, net = _wave(rng, 60.0)
    return Sustained(t, net, 0.0, 55.0, 420.0)


def repetitions(rng: np.random.Generator) -> Sequence[float]:
    return [float(x) for x in 400.0 - 9.0 * np.arange(12) + rng.normal(0.0, 20.0, 12)]


def all_out(rng: np.random.Generator) -> AllOut:
    each = [Repetition(float(200.0 + 300.0 * np.exp(-k / 6.0) + rng.normal(0.0, 5.0)), 7.0) for k in range(24)]
    return AllOut(Regime(24, 7.0, 3.0), each)


def pulses(rng: np.random.Generator) -> Pulses:
    peaks = rng.uniform(80.0, 480.0, 40)
    made = [Pulse(float(p), float(9.0 * p + rng.normal(40.0, 9.0)), float(-8.0 * p - rng.normal(0, 9))) for p in peaks]
    return Pulses(made, 1000.0)


def stronger(subject: Any, k: float) -> Any:
    """The same with all forces times k."""
    match subject:
        case Hold():
            return replace(subject, net=k * subject.net, target=k * subject.wanted())
        case Sustained():
            return replace(subject, net=k * subject.net, peak=k * subject.peak)
        case AllOut():
            return replace(subject, repetitions=[Repetition(k * r.mean, r.duration) for r in subject.repetitions])
        case Pulses():
            each = [Pulse(k * p.peak, k * (p.rfd or 0.0), k * (p.rfr or 0.0)) for p in subject.pulses]
            return replace(subject, pulses=each)
    return [k * x for x in subject]


def later(subject: Any, s: float) -> Any:
    """The same at another time of day."""
    match subject:
        case Hold() | Sustained():
            return replace(subject, t=subject.t + s, start=subject.start + s, stop=subject.stop + s)
    return subject


def shorter(subject: Any, n: int) -> Any:
    """Only its first n samples, repetitions or pulses."""
    match subject:
        case Hold() | Sustained():
            return replace(subject, t=subject.t[:n], net=subject.net[:n])
        case AllOut():
            return replace(subject, repetitions=subject.repetitions[:n])
        case Pulses():
            return replace(subject, pulses=subject.pulses[:n])
    return subject[:n]


@dataclass(frozen=True)
class Table:
    """A table of measures, what they are computed from, and how much of that every one of them needs."""

    measures: tuple[Measure[Any], ...]
    make: Callable[[np.random.Generator], Any]
    least: int


TABLES: Final = (
    Table(STEADINESS, hold, 500),
    Table(OVER_HOLD, sustained, 2700),
    Table(OVER_REPETITIONS, repetitions, 2),
    Table(CRITICAL_FORCE, all_out, 24),
    Table(SCALING_FACTORS, pulses, 36),
)
EACH: Final = pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.make.__name__))
SEEDS: Final = st.integers(0, 9999).map(np.random.default_rng)


def test_every_measure_is_in_a_table_here() -> None:
    assert {measure.id for table in TABLES for measure in table.measures} == set(MEASURES)


def values(table: Table, subject: Any) -> dict[str, float]:
    """All numbers of the table; each is one, or has a reason."""
    found = {}
    for measure in table.measures:
        result = measure.result(subject)
        assert result.unit == measure.unit
        assert (result.value is None) == bool(result.reason), result
        assert result.value is None or math.isfinite(result.value), result
        if result.value is not None:
            found[measure.id] = result.value
    return found


@EACH
@settings(max_examples=20, deadline=None)
@given(SEEDS, st.floats(0.05, 20.0))
def test_a_number_grows_with_force_as_its_unit_says(table: Table, rng: np.random.Generator, k: float) -> None:
    subject = table.make(rng)
    before, after = values(table, subject), values(table, stronger(subject, k))
    assert set(before) == set(after)
    assert len(before) == len(table.measures)
    for measure in table.measures:
        truth = before[measure.id] * k ** DEGREE[measure.unit]
        assert after[measure.id] == pytest.approx(truth, rel=1e-6, abs=1e-9), measure.id


@EACH
@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(-1024, 65536))
def test_when_it_happened_changes_no_number(table: Table, rng: np.random.Generator, seconds: int) -> None:
    subject = table.make(rng)
    assert values(table, later(subject, seconds)) == pytest.approx(values(table, subject), rel=1e-6)


@EACH
@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(0, 3000))
def test_too_little_gives_a_reason_and_never_zero(table: Table, rng: np.random.Generator, n: int) -> None:
    found = values(table, shorter(table.make(rng), n % (2 * table.least)))
    assert 0.0 not in found.values()
    if n % (2 * table.least) < table.least:
        assert not found


@EACH
@pytest.mark.parametrize("n", [0, 1, 2, 3, 10])
def test_next_to_nothing_gives_reasons(table: Table, n: int) -> None:
    found = values(table, shorter(table.make(np.random.default_rng(1)), n))
    assert 0.0 not in found.values()
    assert not found or n >= table.least


@EACH
def test_nothing_but_zeros_is_no_number(table: Table) -> None:
    found = values(table, stronger(table.make(np.random.default_rng(1)), 0.0))
    # What is left when force is nil: an error of nil against a target is refused, a mean of nil is nil.
    assert set(found) <= {"end_test_force", "end_test_average", "impulse_above_end"}
