"""Flights: stretches in which the plate is empty, with the times at which feet leave it and meet it again.

Knows no body weight: an empty plate before somebody steps on, or after they step off, is one of its answers too, and
whether a stretch was a jump is decided in `find.py`.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from forcelab.analysis.curve import crossing
from forcelab.model import Array

FLIGHT_RULE: Final = "flight 5sd/1(mid=0.3,margin=1,min=5,max=20,for=0.1,longest=1.5)"

_CEILING, _LEAST = 20.0, 5.0
SHORTEST: Final = 0.1
_LONGEST = 1.5  # s; 2.8 m high. A plate that stays empty for longer was left.
_MIDDLE, _SD, _MARGIN = 0.3, 5.0, 1.0
_SPIKE = 2  # samples above the threshold that do not end a flight: one mad sample is no foot


@dataclass(frozen=True, slots=True)
class Flight:
    """One stretch of empty plate. Times in s, forces in N.

    Attributes:
        first: index of its first sample below the threshold.
        last: index of its last one.
        takeoff: None if the record starts with it.
        landing: None if the record ends with it, or the plate stays empty for longer than 1.5 s.
        threshold: below which the plate counts as empty.
        residue: mean force of the empty plate.
    """

    first: int
    last: int
    takeoff: float | None
    landing: float | None
    threshold: float
    residue: float


def find_flights(t: Array, force: Array, *, lacking: float = 0.0, carry: int = 1) -> list[Flight]:
    """All stretches of empty plate of at least 0.1 s, in order.

    First all stretches below 20 N. For each, the threshold is the mean plus 5 SD (at least 1 N, for plates without
    noise) of its middle 300 ms (of its middle half, if it is shorter than 600 ms), held between 5 and 20 N. The plate
    is empty from the first sample of the first run of at least 0.1 s below the threshold; one or two samples above it
    do not break a run. Landing is where the step after that run crosses the threshold. Take-off is where the straight
    line of the step into the run meets the mean of the empty plate (carried on by at most one step), or, if that is
    earlier, where the line of the step before it would meet it.

    Why not the crossing of the threshold: 5 N above zero is 0.13 ms early on a take-off of 40 N/ms, and would make the
    closed-form jump 0.1 % too high; and feet that leave the plate between two samples leave it earlier than the line
    to the next empty sample tells, on average half an interval: 0.3 % of the height at 1000 Hz, up to 0.7 %.

    Args:
        t: s, shape (n,).
        force: N, shape (n,), zero when empty.
        lacking: N, SD of noise that a drawn curve lacks and a record of it would have; counts in the threshold.
        carry: how many steps of `t` make one of the sensor, by which take-off is carried on at most.

    Returns:
        Flights, and other stretches in which the plate is empty.

    >>> t = np.array([0.0, 0.98, 1.0, 1.1, 1.2, 1.3, 1.4, 1.42, 2.0])
    >>> found = find_flights(t, np.array([800.0, 800.0, 0, 0, 0, 0, 0, 800.0, 800.0]))
    >>> found[0].takeoff, round(found[0].landing, 9)
    (1.0, 1.400125)
    """
    flights = []
    for a, b in runs(force < _CEILING):
        if t[b] - t[a] < SHORTEST:
            continue
        threshold, residue = _threshold(t[a : b + 1], force[a : b + 1], lacking)
        inner = [(a + i, a + j) for i, j in runs(force[a : b + 1] < threshold) if t[a + j] - t[a + i] >= SHORTEST]
        if inner:
            flights.append(_flight(t, force, inner[0], (threshold, residue), carry))
    return flights


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """First and last index of each run of True; one or two False between two True do not part it.

    >>> runs(np.array([False, True, False, True, False, False, False, True]))
    [(1, 3), (7, 7)]
    """
    on = np.flatnonzero(mask)
    if len(on) == 0:
        return []
    parted = np.flatnonzero(np.diff(on) > _SPIKE + 1)
    starts, stops = np.concatenate(((0,), parted + 1)), np.concatenate((parted, (len(on) - 1,)))
    return [(int(on[i]), int(on[j])) for i, j in zip(starts, stops, strict=True)]


def _threshold(t: Array, force: Array, lacking: float) -> tuple[float, float]:
    half = 0.5 * min(_MIDDLE, 0.5 * float(t[-1] - t[0]))
    centre = 0.5 * float(t[0] + t[-1])
    middle = force[int(t.searchsorted(centre - half)) : int(t.searchsorted(centre + half, side="right"))]
    if len(middle) < 3:
        middle = force
    mean = float(middle.mean())
    sd = math.hypot(float(middle.std(ddof=1)), lacking) if lacking else float(middle.std(ddof=1))
    return min(max(mean + max(_SD * sd, _MARGIN), _LEAST), _CEILING), mean


def _flight(t: Array, force: Array, empty: tuple[int, int], levels: tuple[float, float], carry: int) -> Flight:
    (first, last), (threshold, residue) = empty, levels
    takeoff = _takeoff(t, force, first, residue, carry) if first > 0 else None
    landing = crossing(t, force, last, threshold) if last + 1 < len(t) else None
    if landing is not None and landing - float(t[first]) > _LONGEST:
        landing = None
    return Flight(first, last, takeoff, landing, threshold, residue)


def _takeoff(t: Array, force: Array, first: int, residue: float, carry: int) -> float:
    """When feet leave the plate: in the step that ends with the first empty sample, or in the one after it."""
    start, left = float(t[first - 1]), float(force[first - 1]) - residue
    latest = float(t[min(first + carry, len(t) - 1)])
    gone = latest
    # The line of the step into the empty stretch, and that of the step before it, each carried on to the residue.
    for i in (first - 1, first - 2):
        fall = float(force[i] - force[i + 1]) if i >= 0 else 0.0
        if fall > 0.0:
            gone = min(gone, start + max(left, 0.0) / fall * float(t[i + 1] - t[i]))
    return gone
