"""Flights: stretches in which the plate is empty, with the times at which feet leave it and meet it again.

Knows no body weight: an empty plate before somebody steps on, or after they step off, is one of its answers too, and
whether a stretch was a jump is decided in `find.py`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from forcelab.model import Array

FLIGHT_RULE: Final = "flight 5sd/1(mid=0.3,min=5,max=20,for=0.1,longest=1.5)"

_CEILING, _LEAST = 20.0, 5.0
SHORTEST: Final = 0.1
_LONGEST = 1.5  # s; 2.8 m high. A plate that stays empty for longer was left.
_MIDDLE, _SD = 0.3, 5.0
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


def find_flights(t: Array, force: Array) -> list[Flight]:
    """All stretches of empty plate of at least 0.1 s, in order.

    First all stretches below 20 N. For each, the threshold is the mean plus 5 SD of its middle 300 ms (of its middle
    half, if it is shorter than 600 ms), held between 5 and 20 N. The plate is empty from the first sample of the first
    run of at least 0.1 s below the threshold; one or two samples above it do not break a run. Take-off lies in the
    step before that run: where its straight line, having crossed the threshold, meets the mean of the empty plate, at
    latest at the end of the step. Landing likewise, backwards. The line is followed beyond the threshold because
    5 N above zero is 0.13 ms early on a take-off of 40 N/ms, which would make the closed-form jump 0.1 % too high; on
    a slow decay the end of the step holds it.

    Args:
        t: s, shape (n,).
        force: N, shape (n,), zero when empty.

    Returns:
        Flights, and other stretches in which the plate is empty.

    >>> t = np.array([0.0, 0.98, 1.0, 1.1, 1.2, 1.3, 1.4, 1.42, 2.0])
    >>> found = find_flights(t, np.array([800.0, 800.0, 0, 0, 0, 0, 0, 800.0, 800.0]))
    >>> found[0].takeoff, found[0].landing
    (1.0, 1.4)
    """
    flights = []
    for a, b in runs(force < _CEILING):
        if t[b] - t[a] < SHORTEST:
            continue
        threshold, residue = _threshold(t[a : b + 1], force[a : b + 1])
        inner = [(a + i, a + j) for i, j in runs(force[a : b + 1] < threshold) if t[a + j] - t[a + i] >= SHORTEST]
        if inner:
            flights.append(_flight(t, force, inner[0], threshold, residue))
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


def _threshold(t: Array, force: Array) -> tuple[float, float]:
    half = 0.5 * min(_MIDDLE, 0.5 * float(t[-1] - t[0]))
    centre = 0.5 * float(t[0] + t[-1])
    middle = force[int(t.searchsorted(centre - half)) : int(t.searchsorted(centre + half, side="right"))]
    if len(middle) < 3:
        middle = force
    mean = float(middle.mean())
    return min(max(mean + _SD * float(middle.std(ddof=1)), _LEAST), _CEILING), mean


def _flight(t: Array, force: Array, empty: tuple[int, int], threshold: float, residue: float) -> Flight:
    first, last = empty
    takeoff = _foot(t, force, first - 1, first, residue) if first > 0 else None
    landing = _foot(t, force, last + 1, last, residue) if last + 1 < len(t) else None
    if landing is not None and landing - float(t[first]) > _LONGEST:
        landing = None
    return Flight(first, last, takeoff, landing, threshold, residue)


def _foot(t: Array, force: Array, loaded: int, empty: int, residue: float) -> float:
    """Where the straight line from a loaded sample to the next empty one meets the residue, inside that step."""
    high, low = float(force[loaded]), float(force[empty])
    share = min(max((high - residue) / (high - low), 0.0), 1.0) if high > low else 1.0
    return float(t[loaded] + share * (t[empty] - t[loaded]))
