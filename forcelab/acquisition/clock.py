"""How a sensor keeps time: one class for each way. The only file that knows that counters wrap.

A clock serves one run and is made new for the next. It hands out seconds on the device's own clock and remembers how
far the host's clock is ahead of it at least. Knows no bytes, no force and does not read the host's clock itself.
"""

import math
from typing import Final, Protocol

from firmware_protocols.codec import Arrival, Index, Ticks, Timebase

AHEAD: Final = 10.0
"""s by which samples may seem to run ahead of the host: as long as the last packet may have been held up on its way."""


class Clock(Protocol):
    """The time of one run."""

    def stamp(self, host_ns: int, count: int, ticks: tuple[int, ...] | None) -> list[float]:
        """Seconds on the device's clock, unwrapped, for the `count` samples of a packet that came at `host_ns`.

        Not a number for a sample whose time cannot be told.
        """

    def lost(self, samples: int) -> None:
        """That many samples never arrived."""

    def host_offset(self) -> float | None:
        """Least (host − device) so far in this run, in s; None before the first sample.

        Delay only ever adds to the difference, so the least is the nearest to the truth.
        """


class _Offset:
    """Keeps the least difference between host and device."""

    def __init__(self) -> None:
        self._least: float | None = None

    def host_offset(self) -> float | None:
        """See `Clock.host_offset`."""
        return self._least

    def _saw(self, host_ns: int, stamps: list[float]) -> None:
        if stamps:
            ahead = host_ns * 1e-9 - max(stamps)
            self._least = ahead if self._least is None else min(self._least, ahead)


class TickClock(_Offset):
    """For a device that stamps its samples with a counter of so many bits.

    Whole turns of the counter are added so that a value lies nearest to where the host's clock expects it: at the
    last value plus the time since the last packet. Thus any number of turns inside a long silence is found; a capture
    whose host times mean nothing still survives each single turn; and a counter that was restarted shows as time
    that goes back. The first value stands as it came.

    Where the host's times can be trusted, a value that would let more time pass on the device than went by on the host
    since the last good one, and `AHEAD` more, gets no time (nan), and neither it nor one that goes back is built upon:
    one mad tick costs one sample, and not all that come after it.
    """

    def __init__(self, timebase: Ticks, *, host_time: bool) -> None:
        super().__init__()
        self._hz = timebase.hz
        self._turn = 1 << timebase.bits
        self._ahead = AHEAD * timebase.hz if host_time else math.inf
        self._back = 0.0 if host_time else -math.inf
        self._last: int | None = None
        self._host_ns = 0

    def stamp(self, host_ns: int, count: int, ticks: tuple[int, ...] | None) -> list[float]:
        """See `Clock.stamp`. Raises ValueError when the codec sends no tick for each sample."""
        if ticks is None or len(ticks) != count:
            raise ValueError(f"a codec with ticks gave {ticks} for {count} samples")
        # Host time cannot go back; in a hand-made capture it may, and then it says nothing.
        passed = max(0, host_ns - self._host_ns) * 1e-9 * self._hz
        stamps = []
        for raw in ticks:
            value, step = raw, 0.0
            if self._last is not None:
                value += round((self._last + passed - raw) / self._turn) * self._turn
                step = value - self._last
            if step > passed + self._ahead:
                stamps.append(math.nan)
                continue
            stamps.append(value / self._hz)
            if step >= self._back:
                self._last, self._host_ns, passed = value, host_ns, 0.0
                self._saw(host_ns, stamps[-1:])
        return stamps

    def lost(self, samples: int) -> None:
        """Nothing to do: the ticks themselves step over the gap."""


class IndexClock(_Offset):
    """For a device that keeps an even pace but sends no time: sample number over declared rate."""

    def __init__(self, timebase: Index) -> None:
        super().__init__()
        self._hz = timebase.hz
        self._next = 0

    def stamp(self, host_ns: int, count: int, ticks: tuple[int, ...] | None) -> list[float]:  # noqa: ARG002 - it has none
        """See `Clock.stamp`."""
        stamps = [(self._next + i) / self._hz for i in range(count)]
        self._next += count
        self._saw(host_ns, stamps)
        return stamps

    def lost(self, samples: int) -> None:
        """Leave the place of the lost samples free."""
        self._next += samples


class ArrivalClock(_Offset):
    """For a device that keeps no time at all: seconds of the host since the first packet of the run.

    Several samples in one packet are spread evenly over the time since the packet before, or over their nominal
    duration where that is shorter, the last one at the packet's arrival.
    """

    def __init__(self, timebase: Arrival) -> None:
        super().__init__()
        self._hz = timebase.hz
        self._first_ns: int | None = None
        self._last: float | None = None

    def stamp(self, host_ns: int, count: int, ticks: tuple[int, ...] | None) -> list[float]:  # noqa: ARG002 - it has none
        """See `Clock.stamp`."""
        if count == 0:
            return []
        if self._first_ns is None:
            self._first_ns = host_ns
        now = (host_ns - self._first_ns) * 1e-9
        width = count / self._hz
        if self._last is not None:
            width = min(width, now - self._last)
        stamps = [now - width * (count - 1 - i) / count for i in range(count)]
        self._last = now
        self._saw(host_ns, stamps)
        return stamps

    def lost(self, samples: int) -> None:
        """Nothing to do: time went on by itself."""


def clock_for(timebase: Timebase, *, host_time: bool = True) -> Clock:
    """A new clock for a run of a device with this way of keeping time.

    Args:
        timebase: that way.
        host_time: whether the host's times are those at which packets came; in a capture they may mean nothing.
    """
    match timebase:
        case Ticks():
            return TickClock(timebase, host_time=host_time)
        case Index():
            return IndexClock(timebase)
        case Arrival():
            return ArrivalClock(timebase)
