"""From packets to newtons against seconds: one `Stream` for each connection.

Joins a dialogue, a clock and the growing store of the present run. The one place where force becomes newtons. What it
holds depends only on the order of calls and on what is in the packets, so a live stream and one fed from a session
file hold equal arrays, bit for bit. Knows no radio, no file, and never looks at the host's clock.
"""

import math
from typing import Final, TypeVar

import numpy as np

from firmware_protocols.codec import (
    Arrival,
    Capabilities,
    Command,
    Dialogue,
    Index,
    Lost,
    Malformed,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Unit,
)
from forcelab.acquisition.alignment import Arrivals, arrivals_for
from forcelab.acquisition.clock import Clock, clock_for
from forcelab.model import Array, Packet, Trace

_NEWTONS: Final[dict[Unit, float]] = {
    "N": 1.0,
    "kg": 9.80665,  # standard gravity, m/s²: exact by definition
    "lb": 4.4482216152605,  # 0.45359237 kg of standard gravity: exact by definition
    "count": math.nan,  # nobody knows: such a sample is counted as discarded, never shown as force
}

PACELESS: Final = "its time rests on its rate, and that is not settled"

_Force = TypeVar("_Force", float, Array)


def to_newtons(value: _Force, unit: Unit) -> _Force:
    """Force in N, from N, kilogram-force ("kg") or pound-force ("lb"); not a number from "count".

    >>> to_newtons(1.0, "kg")
    9.80665
    """
    return value * _NEWTONS[unit]


def measured(
    samples: Samples, ready: Ready | None, clock: Clock | None, host_ns: int
) -> tuple[list[float], dict[str, list[float]]]:
    """Times on the device's clock (s), and forces (N) by channel in the order of `ready`, of one packet's samples.

    Raises:
        ValueError: the device has not told yet what it measures.
    """
    if ready is None or clock is None:
        raise ValueError("a codec gave samples before it was ready")
    forces = {c.name: [to_newtons(v, c.unit) for v in samples.values[c.name]] for c in ready.channels}
    return clock.stamp(host_ns, len(next(iter(forces.values()))), samples.ticks), forces


_ENOUGH: Final = 2.0
"""s of a run from which its rate is told: the packets at its ends may come a tenth of a second early or late."""


class _Store:
    """The samples of one run, in arrays that double, and what went wrong between them."""

    def __init__(self, channels: tuple[str, ...]) -> None:
        self.size = 0
        self.columns: dict[str, Array] = {name: np.empty(1024) for name in channels}
        self._t = np.empty(1024)
        self._last = -math.inf
        # Each event stands with the number of samples before it, so that a trial counts its own and not the run's.
        self.lost: list[tuple[int, int]] = []
        self.discarded: list[tuple[int, int]] = []

    @property
    def t(self) -> Array:
        """s, the samples so far."""
        return self._t[: self.size]

    def force(self, channel: str) -> Array:
        """N, the samples so far."""
        return self.columns[channel][: self.size]

    def rate(self, declared: float) -> float:
        """Samples a second, the lost among them, over the run so far; the declared one as long as that is too short."""
        seconds = float(self.t[-1] - self.t[0]) if self.size else 0.0
        if seconds < _ENOUGH:
            return declared
        return (self.size - 1 + sum(samples for _, samples in self.lost)) / seconds

    def add(self, t: float, values: tuple[float, ...]) -> bool:
        """Keep one sample; False if it is not finite, has no time, or is no later than the one before."""
        if not t > self._last or not all(map(math.isfinite, values)):
            self.discarded.append((self.size, 1))
            return False
        self._last = t
        if self.size == len(self._t):
            self._t = np.concatenate([self._t, np.empty_like(self._t)])
            self.columns = {name: np.concatenate([c, np.empty_like(c)]) for name, c in self.columns.items()}
        self._t[self.size] = t
        for column, value in zip(self.columns.values(), values, strict=True):
            column[self.size] = value
        self.size += 1
        return True


class Stream:
    """What one connection has delivered.

    Attributes:
        running: whether the sensor was told to start and not yet to stop.
    """

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self._ready: Ready | None = None
        self._clock: Clock | None = None
        self._arrivals: Arrivals | None = None
        self._store = _Store(())
        self._latest: tuple[list[float], list[float]] = ([], [])
        self.running = False

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the sensor's channels; none before it is ready."""
        return tuple(channel.name for channel in self._ready.channels) if self._ready else ()

    @property
    def told_rate(self) -> float | None:
        """Samples a second, Hz, as the sensor itself told them; None where it told none."""
        return self._ready.rate if self._ready else None

    @property
    def waiting(self) -> bool:
        """Whether the last question that was written has no reply yet."""
        return self._dialogue.waiting

    def open(self) -> list[Said]:
        """Begin the conversation: what is known already, and what to write first."""
        return self._heed(self._dialogue.open(), 0)

    def receive(self, packet: Packet) -> list[Said]:
        """Take one notification into the run."""
        self._latest = ([], [])
        return self._heed(self._dialogue.receive(packet.characteristic, packet.data), packet.host_ns)

    def wrote(self, packet: Packet) -> list[Said]:
        """Take note of what was written: a start makes clock and store new."""
        return self._heed(self._dialogue.wrote(packet.characteristic, packet.data), packet.host_ns)

    def send(self, command: Command) -> list[Said]:
        """The script for a command. Raises UnsupportedCommand."""
        return self._heed(self._dialogue.send(command), 0)

    def overdue(self) -> list[Said]:
        """The time for a reply has passed and the dialogue was still `waiting`: what to do instead."""
        return self._heed(self._dialogue.overdue(), 0)

    def latest(self) -> tuple[list[float], list[float]]:
        """Times (s) and forces (N) of the first channel that the last `receive` added."""
        return self._latest

    def trace(
        self,
        *,
        since_ns: int | None = None,
        rate: float,
        capacity: float | None,
        zero: float | None,
        zero_before: float | None = None,
        channel: str | None = None,
        can: Capabilities | None = None,
        broken_off: str = "",
    ) -> Trace:
        """A copy of the present run, or of its samples from a host time on.

        Args:
            since_ns: host time (`perf_counter_ns`), brought onto the device's clock by the least (host − device) of
                the run so far; None takes the run from its start.
            rate: Hz, as the family declares it; what the device itself told goes before.
            capacity: N, or None for what the device told, if anything.
            zero: N, or None.
            zero_before: N, that of the trial before, or None.
            channel: by default the first.
            can: what else the family says of itself; None where nothing stands against its numbers. Where its rate is
                not settled, and the device told none, the rate of the run so far stands in its place.
            broken_off: why nothing more came, if the connection has ended.

        Raises:
            KeyError: there is no such channel.
        """
        store, first = self._store, 0
        offset = self._clock.host_offset() if self._clock else None
        if since_ns is not None and offset is not None:
            first = int(np.searchsorted(store.t, since_ns * 1e-9 - offset, side="left"))
        told = self._ready.rate if self._ready else None
        doubtful = can is not None and not can.rate_settled and told is None
        return Trace(
            t=store.t[first:].copy(),
            force=self._column(channel)[first:].copy(),
            rate=told or (store.rate(rate) if doubtful else rate),
            own_time=not (self._ready and isinstance(self._ready.timebase, Arrival)),
            capacity=capacity or (self._ready.capacity if self._ready else None),
            zero=zero,
            lost=sum(count for at, count in store.lost if at >= first),
            discarded=sum(count for at, count in store.discarded if at >= first),
            rate_estimated=doubtful,
            zero_before=zero_before,
            untimed=self._untimed(can, doubtful=doubtful),
            scale_settled=can is None or can.scale_settled,
            clock=self._arrivals.clock(can.latency if can else None) if self._arrivals else None,
            broken_off=broken_off,
        )

    def _untimed(self, can: Capabilities | None, *, doubtful: bool) -> str:
        if doubtful and self._ready and isinstance(self._ready.timebase, Index):
            return PACELESS if can is None or not can.timed else can.timed
        return can.timed if can else ""

    def seconds_since(self, host_ns: int) -> float | None:
        """How many s of the run were measured since a host time; None without two samples."""
        offset, t = self._clock.host_offset() if self._clock else None, self._store.t
        first = 0 if offset is None else int(np.searchsorted(t, host_ns * 1e-9 - offset, side="left"))
        return float(t[-1] - t[first]) if t.size - first > 1 else None

    def mean(self, seconds: float, channel: str | None = None) -> tuple[float, float, float] | None:
        """Mean (N), sample SD (N) and time covered (s) of the last `seconds` of the run; None if it is shorter."""
        t, force = self._store.t, self._column(channel)
        if not t.size:
            return None
        # Ticks are whole microseconds: half of one keeps a sample that lies exactly on the edge.
        edge = t[-1] - seconds - 5e-7
        first = int(np.searchsorted(t, edge, side="left"))
        if t[0] > edge + 1e-6 or t.size - first < 2:
            return None
        return float(np.mean(force[first:])), float(np.std(force[first:], ddof=1)), float(t[-1] - t[first])

    def _column(self, channel: str | None) -> Array:
        names = self.channels
        if channel is None and not names:
            return np.empty(0)
        return self._store.force(channel or names[0])

    def _heed(self, said: list[Said], host_ns: int) -> list[Said]:
        for message in said:
            match message:
                case Ready():
                    self._ready = message
                    self._begin()
                case RunStarted():
                    self.running = True
                    self._begin()
                case RunStopped():
                    self.running = False
                case Lost(samples=samples):
                    self._store.lost.append((self._store.size, samples))
                    if self._clock:
                        self._clock.lost(samples)
                case Malformed(samples=samples) if samples:
                    self._store.discarded.append((self._store.size, samples))
                case Samples():
                    self._add(message, host_ns)
        return said

    def _begin(self) -> None:
        self._store = _Store(self.channels)
        self._clock = clock_for(self._ready.timebase) if self._ready else None
        self._arrivals = arrivals_for(self._ready.timebase) if self._ready else None

    def _add(self, samples: Samples, host_ns: int) -> None:
        stamps, forces = measured(samples, self._ready, self._clock, host_ns)
        for t, values in zip(stamps, zip(*forces.values(), strict=True), strict=True):
            if self._store.add(t, values):
                self._latest[0].append(t)
                self._latest[1].append(values[0])
        if self._latest[0] and self._arrivals is not None:
            self._arrivals.add(self._latest[0][-1], host_ns)
