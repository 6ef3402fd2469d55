"""What can go wrong between a sensor and the host, on request and by seed, so that the same faults come again.

The faults stand outside of the device: what reaches the load cell, how the device's crystal runs, and what the air does
to its notifications. None of them knows how a device writes its bytes; ticks that wrap soon after the start are
therefore asked of the puppet itself.
"""

import math
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Faults:
    """Which faults to expect; none of them by default.

    Attributes:
        loss: share of notifications that never arrive, 0 to 1.
        duplication: share of notifications that arrive twice, 0 to 1.
        delay: s by which a notification may be late, evenly spread from 0. They never overtake each other, for the
            link layer keeps their order: late ones arrive in bunches.
        interval: s between connection events, at which alone notifications get through; 0 for a link without delay.
            When the first of them is, is left to chance.
        disconnect_at: s after the device was first connected at which the connection breaks, each of them once.
        away: s for which the device cannot be heard after such a break.
        silent_at: s after the device was first connected from which on this connection brings nothing more although it
            seems to be open, or None. The next connection is well again.
        drift: ppm by which the device's clock runs fast.
        saturation: N beyond which the load cell shows no more, in either direction, or None.
        noise: N, SD of white noise on each sample.

    Raises:
        ValueError: if a share is not within 0 to 1, or a time or a force is negative.
    """

    loss: float = 0.0
    duplication: float = 0.0
    delay: float = 0.0
    interval: float = 0.0
    disconnect_at: tuple[float, ...] = ()
    away: float = 2.0
    silent_at: float | None = None
    drift: float = 0.0
    saturation: float | None = None
    noise: float = 0.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.loss <= 1.0 and 0.0 <= self.duplication <= 1.0):
            raise ValueError("the shares of lost and doubled notifications lie within 0 and 1")
        times = (self.delay, self.interval, self.away, self.silent_at or 0.0, *self.disconnect_at)
        if min(*times, self.noise, self.saturation or 0.0) < 0.0:
            raise ValueError("delays, times, noise and saturation cannot be negative")


class Misfortune:
    """The faults of one device, drawn from a seed in the order in which its samples and notifications come."""

    def __init__(self, faults: Faults, seed: int | str) -> None:
        self.faults = faults
        # Two streams, so that a lost notification does not alter the noise of every later sample.
        self._cell = random.Random(f"{seed} cell")
        self._air = random.Random(f"{seed} air")
        self._last_arrival = 0.0
        self._first_event = random.Random(f"{seed} events").uniform(0.0, faults.interval)

    def force(self, force: float) -> float:
        """What the load cell makes of a force in N."""
        if self.faults.noise:
            force += self._cell.gauss(0.0, self.faults.noise)
        limit = self.faults.saturation
        return force if limit is None else max(-limit, min(limit, force))

    def device_seconds(self, seconds: float) -> float:
        """How much the device's crystal counts while `seconds` of the host's go by."""
        return seconds * (1.0 + self.faults.drift * 1e-6)

    def host_seconds(self, seconds: float) -> float:
        """How long the device's `seconds` are for the host: the inverse of `device_seconds`."""
        return seconds / (1.0 + self.faults.drift * 1e-6)

    def arrivals(self, now: float) -> list[float]:
        """When, in s on the host's clock, a notification sent `now` arrives: never, once or twice."""
        faults = self.faults
        if not (faults.loss or faults.duplication or faults.delay or faults.interval):
            return [now]
        if self._air.random() < faults.loss:
            return []
        copies = 2 if self._air.random() < faults.duplication else 1
        arrivals = []
        for _ in range(copies):
            self._last_arrival = max(self._last_arrival, self._event(now + self._air.uniform(0.0, faults.delay)))
            arrivals.append(self._last_arrival)
        return arrivals

    def _event(self, now: float) -> float:
        """The next connection event."""
        interval = self.faults.interval
        if not interval:
            return now
        return self._first_event + interval * math.ceil((now - self._first_event) / interval)
