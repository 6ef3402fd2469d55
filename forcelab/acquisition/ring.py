"""The last minute of force, for the eye only: written by the radio's thread, read by the window's.

The record is the stream's store; nothing is ever computed from this one. Knows neither packets nor trials.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Final

import numpy as np

from forcelab.model import Array

# A minute at 1000 Hz, the fastest sensor known, with room to spare: whatever a sensor claims, memory stays bounded.
_MOST: Final = 120_000


class Ring:
    """Force (N) against the device's time (s), not older than `seconds`. Every method may be called by any thread.

    The samples lie in the middle of two arrays, between `_first` and `_end`; when the end is reached they are moved
    to the front, so that the newest can always be copied in one piece and the lock is held for microseconds.
    """

    def __init__(self, seconds: float = 60.0) -> None:
        self._seconds = seconds
        self._t: Array = np.empty(1024)
        self._force: Array = np.empty(1024)
        self._first = self._end = 0
        self._lock = Lock()

    def add(self, t: Sequence[float], force: Sequence[float]) -> None:
        """Append samples in order of time. Time that goes back is a new run, and what stood here goes.

        Raises ValueError when the two differ in length.
        """
        if len(t) != len(force):
            raise ValueError(f"{len(t)} times for {len(force)} forces")
        t, force = t[-_MOST:], force[-_MOST:]
        if not t:
            return
        with self._lock:
            if self._first < self._end and t[0] <= self._t[self._end - 1]:
                self._first = self._end = 0
            if self._end + len(t) > len(self._t):
                self._move(len(t))
            end = self._end + len(t)
            self._t[self._end : end] = t
            self._force[self._end : end] = force
            self._first = max(self._first, end - _MOST)
            self._first += int(np.searchsorted(self._t[self._first : end], self._t[end - 1] - self._seconds))
            self._end = end

    def last(self, seconds: float) -> tuple[Array, Array]:
        """Copies of the samples of the last `seconds`: times (s) and forces (N), shape (n,) each."""
        with self._lock:
            t = self._t[self._first : self._end]
            first = int(np.searchsorted(t, t[-1] - seconds)) if t.size else 0
            return t[first:].copy(), self._force[self._first + first : self._end].copy()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._first = self._end = 0

    def _move(self, more: int) -> None:
        """Make room for `more` samples behind the present ones."""
        held = self._end - self._first
        # Twice what is needed: a move happens once in as many samples as it moves.
        size = max(len(self._t), 2 * (held + more))
        for name in ("_t", "_force"):
            old: Array = getattr(self, name)
            new = np.empty(size)
            new[:held] = old[self._first : self._end]
            setattr(self, name, new)
        self._first, self._end = 0, held
