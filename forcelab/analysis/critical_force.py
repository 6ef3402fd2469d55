"""End-test force and the impulse above it, from repeated all-out contractions: what is sold as critical force.

Takes the repetitions of one test; how they were found is no matter of its own. It does not claim that the end-test
force can be sustained.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.curve import crossing, integral
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.measure import Measure
from forcelab.model import Regime

LAST: Final = 3
_EDGE: Final = 0.5

CAUTION: Final = (
    "To be used for trends only: from one test to the next it varies by 21 % (limits of agreement −63 to +58 %), and "
    "end-test force lies above the force that can be sustained."
)
"""What is shown with the end-test force and its share; McClean et al. 2023, doi:10.70252/DBIC1991."""

_IMPULSE_CAUTION: Final = (
    "To be used for trends only: the error of the end-test force enters with every repetition above it, and a force "
    "that lies above the sustainable one makes this impulse too small."
)
"""What is shown with W′, whose own variation is not that of the end-test force: it follows from the formula."""


def duty(regime: Regime) -> float:
    """The share of time that is work.

    >>> duty(Regime(24, 7.0, 3.0))
    0.7
    """
    return regime.work / (regime.work + regime.rest)


def beat(regime: Regime) -> str:
    """The rhythm as it stands in a recipe.

    >>> beat(Regime(24, 7.0, 3.0))
    'repetitions 24 × 7:3 s'
    """
    return f"repetitions {regime.repetitions} × {regime.work:g}:{regime.rest:g} s"


@dataclass(frozen=True, slots=True)
class Repetition:
    """One contraction of the test: mean net force in N over its duration in s."""

    mean: float
    duration: float


@dataclass(frozen=True, slots=True)
class AllOut:
    """A whole test: its rhythm and its repetitions in order."""

    regime: Regime
    repetitions: Sequence[Repetition]

    def complete(self) -> Sequence[Repetition]:
        """The repetitions.

        Raises:
            RefusedError: fewer than the rhythm has: then force has not come down to its end level.
        """
        wanted, there = self.regime.repetitions, len(self.repetitions)
        if there < wanted:
            raise RefusedError(f"The test has {there} repetitions; its end level takes {wanted}.")
        return self.repetitions


def repetition(c: Contraction) -> Repetition:
    """Mean force of one contraction, its edges where net force passes half of its own peak.

    Formula: F̄ = ∫ F dt / T from the first rise through 50 % of its peak to the last fall through it, T apart.

    Raises:
        RefusedError: the record ends before force falls.

    >>> from forcelab.analysis.contraction import drawn
    >>> c = drawn([(0, 0), (1, 0), (1.2, 100), (8, 100), (8.2, 0), (9, 0)], onset=1.0)
    >>> found = repetition(c)  # 1.1 to 8.1 s: 6.8 s at 100 N and twice 0.1 s at 75 N
    >>> round(found.mean, 6), round(found.duration, 6)
    (99.285714, 7.0)
    """
    level = _EDGE * c.effort.peak
    push = slice(c.part.start - c.part.begin, None)
    above = push.start + np.flatnonzero(c.net[push] > level)
    if len(above) == 0 or above[-1] + 1 >= len(c.net):
        raise RefusedError("The record ends before the last repetition does.")
    # From the push on: a knock in the rest before it is no part of it, but its edge may lie before the push's start.
    below = np.flatnonzero(c.net[: above[0]] <= level)
    start = crossing(c.t, c.net, int(below[-1]), level) if len(below) else float(c.t[0])
    stop = crossing(c.t, c.net, int(above[-1]), level)
    area = integral(c.t, c.net, start, stop)
    if area is None or not stop > start:
        raise RefusedError("A repetition has no width at half of its peak.")
    return Repetition(area / (stop - start), stop - start)


def end_test_force(test: AllOut) -> float:
    """End-test force: the mean of the last three repetitions of an all-out test.

    Formula: EF = mean(F̄_{n−2}, F̄_{n−1}, F̄_n), each F̄ the mean force of a repetition between the edges at half of its
    own peak. Unit: N.

    Edge cases: refused when the test has fewer repetitions than its rhythm asks for (24 × 7:3 s or 60 × 3:2 s).
    The caution belongs to the number: ICC 0.85 but CV 21 %, limits of agreement −63 to +58 %; and the mean of the last
    three is more than what can be sustained. So it is not called critical force.

    Source: Giles et al. 2021, doi:10.1123/ijspp.2020-0637; reliability from McClean et al. 2023,
    doi:10.70252/DBIC1991; for knee extensors Burnley 2009 (not verified).

    >>> end_test_force(AllOut(Regime(4, 7.0, 3.0), [Repetition(f, 7.0) for f in (500.0, 320.0, 300.0, 280.0)]))
    300.0
    """
    return sum(each.mean for each in test.complete()[-LAST:]) / LAST


def impulse_over(repetitions: Sequence[Repetition], force: float) -> float:
    """Impulse above a force: Σ (F̄_i − F) · T_i over the repetitions with F̄_i above it, in N·s.

    >>> impulse_over([Repetition(500.0, 7.0), Repetition(350.0, 6.0), Repetition(290.0, 7.0)], 300.0)
    1700.0
    """
    return sum((each.mean - force) * each.duration for each in repetitions if each.mean > force)


def impulse_above_end(test: AllOut) -> float:
    """Impulse above end-test force, known as W′.

    Formula: W′ = Σ (F̄_i − EF) · T_i over the repetitions with F̄_i above EF. Unit: N·s. It is an impulse and not work;
    where it is given in joules that is a mistake.

    Edge cases: as for end-test force; the error of EF enters each repetition.

    Source: Giles et al. 2021, doi:10.1123/ijspp.2020-0637; McClean et al. 2023, doi:10.70252/DBIC1991.

    >>> impulse_above_end(AllOut(Regime(4, 7.0, 3.0), [Repetition(f, 7.0) for f in (500.0, 320.0, 300.0, 280.0)]))
    1540.0
    """
    return impulse_over(test.complete(), end_test_force(test))


def end_test_average(test: AllOut) -> float:
    """End-test force averaged over work and rest.

    Formula: EF · work / (work + rest); for 7:3 s EF · 0.7. Unit: N.

    Edge cases: as for end-test force. The rhythm is the commanded one.

    Source: McClean et al. 2023, doi:10.70252/DBIC1991; Giles et al. 2021, doi:10.1123/ijspp.2020-0637.

    >>> end_test_average(AllOut(Regime(4, 7.0, 3.0), [Repetition(f, 7.0) for f in (500.0, 320.0, 300.0, 280.0)]))
    210.0
    """
    return end_test_force(test) * duty(test.regime)


_NEEDS: Final = ("all repetitions of the test",)
_GILES: Final = "Giles et al. 2021, doi:10.1123/ijspp.2020-0637; McClean et al. 2023, doi:10.70252/DBIC1991"

CRITICAL_FORCE: Final[tuple[Measure[AllOut], ...]] = (
    Measure(
        "end_test_force", 1, "End-test force", "N", "EF = mean of the last 3 repetition means", None, _NEEDS, _GILES,
        end_test_force, end_test_force, CAUTION,
    ),
    Measure(
        "impulse_above_end", 1, "Impulse above end-test force (W′)", "N·s", "W′ = Σ (F̄_i − EF) · T_i, F̄_i > EF", None,
        _NEEDS, _GILES, impulse_above_end, impulse_above_end, _IMPULSE_CAUTION,
    ),
    Measure(
        "end_test_average", 1, "End-test force over work and rest", "N", "EF · work / (work + rest)", None, _NEEDS,
        _GILES, end_test_average, end_test_average, CAUTION,
    ),
)  # fmt: skip
"""Measures of an all-out test."""
