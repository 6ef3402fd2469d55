"""How the clock of a sensor stands to the host's, and how far two sensors may be apart on it: numbers in, numbers out.

For each packet of a run two times are known: the device's own for the last sample in it, and the host's of arrival.
Delay only ever adds to their difference, so the line below all of them that leaves the least above it is the nearest to
the truth: an edge of the lower convex hull, the one over the mean of the device's times (Moon, Skelly & Towsley 1999,
10.1109/INFCOM.1999.749287; Zhang, Liu & Xia 2002, 10.1109/INFCOM.2002.1019382). What the least delay itself is no
arrival can tell; how large it may be is stated:

- `wait`: a packet goes out at the next connection event only. Arrivals betray the interval of the events, for they come
  on a lattice of it. Where packets are complete at all phases between two events, the shortest wait is next to nothing.
  Where they are complete at the same phases again and again, it may be as long as the widest stretch of the interval in
  which none ever was.
- `latency`: what the family declares for the time from measuring to handing over, or a stated assumption.
- `stepped`: where time is counted in samples and a packet that was lost is not numbered, all later samples are early by
  its length; the least delay steps up by that, and stays there. The clock is that of the samples after it; if the loss
  may lie in a trial, its whole length is stated besides.
- `period`: where arrival is the only time there is, something may have happened anywhere between two samples.

They are taken as evenly spread and independent, and the uncertainty of two sensors is the half-width that holds 97 % of
their difference. `docs/alignment.md` tells how often it holds the truth.

Knows no packets, no force and no family; looks at no more than the last `WINDOW` of a run, so that a clock that changes
its pace with temperature is followed, and memory does not grow.
"""

import math
from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np

from firmware_protocols.codec import Arrival, Index, Ticks, Timebase
from forcelab.model import Array, HostClock

KEPT: Final = 2048
"""Packets of a run that are kept, for the connection interval: three minutes and a half at ten a second."""

WINDOW: Final = 40.0
"""s before the last packet that are looked at: longer than a trial, and so short that crystals hardly change in it."""

CRYSTAL: Final = 1e-4
"""Part by which two clocks that go by crystals differ at most: 50 ppm each."""

SLACK: Final = 1e-3
"""Largest part by which a clock that stamps its samples runs fast or slow at all."""

INDEX_SLACK: Final = 3e-2
"""The same where only a rate is declared: those that were measured lie within 2 % of it."""

LATENCY: Final = (0.0, 0.05)
"""s, assumed where a family declares none: as long as four samples at 80 Hz take to be sent together."""

INTERVALS: Final[Array] = 1.25e-3 * np.arange(6.0, 41.0)
"""s, connection intervals that are looked for: 7.5 to 50 ms in the steps of 1.25 ms that Bluetooth allows."""

LONGEST: Final = float(INTERVALS[-1])
"""s, the connection interval that is assumed where too few packets came to see one."""

ENOUGH: Final = 30
"""Packets from which on an interval is looked for."""

RECENT: Final = 20.0
"""s before the last packet since when a trial may have begun: a step before is mended, one since then stated."""

AROW: Final = 10
"""Packets in a row of which some come through at the first event."""

NEAR: Final = 1.5e-3
"""s either way within which an arrival counts as on the lattice."""

FAR: Final = 2.25e-3
"""s from which on it is off the lattice, and not only noticed late."""

DOUBT: Final = 0.05
"""Share by which a finer lattice may hold less than a coarser one and still be the true one."""

STRIKING: Final = 2.5
"""SD of chance by which more of these must lie on a finer lattice for that one to be the true one."""

SEEN: Final = 0.3
"""Share of arrivals on a lattice, beyond chance, from which on it is believed."""

PART: Final = 2.0
"""s over which the least delay is taken to see it step, and `AROW` packets at least."""

ASIDE: Final = 3
"""Parts on either side of a step that are compared."""

CLEAR: Final = 0.6
"""Share of the time of a packet by which the least delay must step up to tell that one was lost."""

COVERAGE: Final = 0.97
"""Share of the possible differences that the stated uncertainty holds."""


class Arrivals:
    """The packets of one run, as far as they are kept.

    Args:
        slack: largest part by which the device's clock may run fast or slow.
        period: s between two samples of a device without any time of its own, for which arrival is the time.
        counts: whether the device's time is a count of its samples.
    """

    def __init__(self, slack: float = SLACK, period: float | None = None, *, counts: bool = False) -> None:
        self._slack, self._period, self._counts = slack, period, counts
        self._pairs: deque[tuple[float, int]] = deque(maxlen=KEPT)

    def add(self, device: float, host_ns: int) -> None:
        """A packet came at `host_ns`, whose last sample was measured at `device` s on the device's clock."""
        self._pairs.append((device, host_ns))

    def __len__(self) -> int:
        """How many packets are kept."""
        return len(self._pairs)

    def clock(self, latency: tuple[float, float] | None) -> HostClock | None:
        """The clock as the packets kept tell it; None before the first.

        Args:
            latency: s, least and greatest, as the family declares it; None for `LATENCY`.
        """
        if not self._pairs:
            return None
        device = np.array([device for device, _ in self._pairs])
        first = self._pairs[0][1]
        host = np.array([host_ns - first for _, host_ns in self._pairs]) * 1e-9
        known = latency or LATENCY
        events = interval(host) if len(host) >= ENOUGH else LONGEST
        guessed = latency is None
        if self._period is not None:  # each packet has its own wait, and none of them is told
            offset = first * 1e-9 - float(device[0])
            return HostClock(offset, 1.0, events or LONGEST, known, self._period, assumed=guessed)
        up, doubt = 0.0, events or LONGEST  # a step is read no better than an event is long
        if self._counts:
            up, begins = step_up(device, host - device, doubt)
            host = np.where(device < begins, host + up, host)
            up = up if device[-1] - begins < RECENT else 0.0
        late = device >= device[-1] - WINDOW
        offset, rate = fit(device[late], host[late], *self._rates(device, host))
        wait = unseen_wait(offset + rate * device[late], host[late], events)
        if up:
            offset, up = offset + doubt, up + doubt
        return HostClock(first * 1e-9 + offset, rate, wait, known, stepped=up, assumed=guessed)

    def _rates(self, device: Array, host: Array) -> tuple[float, float]:
        """Least and greatest rate to be believed: that of crystals, unless all that is kept speaks against it."""
        _, rate = fit(device, host, 1.0 - self._slack, 1.0 + self._slack)
        doubt = LONGEST / max(device[-1] - device[0], LONGEST)
        if abs(rate - 1.0) <= CRYSTAL + doubt:
            return 1.0 - CRYSTAL, 1.0 + CRYSTAL
        return rate - doubt, rate + doubt


def arrivals_for(timebase: Timebase) -> Arrivals:
    """The packets of a new run of a device with this way of keeping time."""
    match timebase:
        case Ticks():
            return Arrivals(SLACK)
        case Index():
            return Arrivals(INDEX_SLACK, counts=True)
        case Arrival(hz=hz):
            return Arrivals(SLACK, 1.0 / hz)


def fit(device: Array, host: Array, slowest: float, fastest: float) -> tuple[float, float]:
    """The line below all arrivals that leaves the least above it.

    Args:
        device: s, shape (n,), n ≥ 1, increasing.
        host: s, shape (n,).
        slowest: least slope of the line.
        fastest: its greatest.

    Returns:
        offset in s and rate, so that offset + rate × device ≤ host everywhere.
    """
    middle = float(np.mean(device))
    x, ahead = device - middle, host - device
    corners = lower_hull(x, ahead)
    slope = 0.0
    if len(corners) > 1:
        after = int(np.clip(np.searchsorted(x[corners], 0.0), 1, len(corners) - 1))
        a, b = corners[after - 1], corners[after]
        slope = (ahead[b] - ahead[a]) / (x[b] - x[a])
    slope = float(np.clip(slope, slowest - 1.0, fastest - 1.0))
    level = float(np.min(ahead - slope * x))
    return level - slope * middle, 1.0 + slope


def lower_hull(x: Array, y: Array) -> list[int]:
    """Indices of the corners of the lower convex hull, from left to right (Andrew 1979, 10.1016/0020-0190(79)90072-3).

    Args:
        x: shape (n,), strictly increasing.
        y: shape (n,).

    >>> lower_hull(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 5.0, 1.0, 9.0]))
    [0, 2, 3]
    """
    xs, ys = x.tolist(), y.tolist()
    corners: list[int] = []
    for k in range(len(xs)):
        while len(corners) > 1:
            a, b = corners[-2], corners[-1]
            if (ys[b] - ys[a]) * (xs[k] - xs[b]) < (ys[k] - ys[b]) * (xs[b] - xs[a]):
                break
            corners.pop()
        corners.append(k)
    return corners


def interval(host: Array) -> float | None:
    """The connection interval in s on whose lattice packets arrive: the longest that explains them; None if none does.

    Args:
        host: s, shape (n,), arrivals in order.
    """
    between = np.diff(host)
    rest = np.abs(between - INTERVALS[:, None] * np.round(between / INTERVALS[:, None]))
    near, chance = rest <= NEAR, 2.0 * NEAR / INTERVALS
    seen = (near.mean(axis=1) - chance) / (1.0 - chance)
    for k in range(len(INTERVALS) - 1, -1, -1):
        # What is off the lattice of the true interval is on no other that holds the rest, but by chance.
        odd = near[:k, rest[k] > FAR]
        beyond = odd.sum(axis=1) - odd.shape[1] * chance[:k]
        striking = beyond > STRIKING * np.sqrt(odd.shape[1] * chance[:k] * (1.0 - chance[:k])) + 1.0
        if seen[k] >= SEEN and not np.any(striking & (seen[:k] >= seen[k] - DOUBT)):
            return float(INTERVALS[k])
    return None


def unseen_wait(ready: Array, host: Array, events: float | None) -> float:
    """How long in s the shortest wait for a connection event may have been, beyond what the arrivals tell.

    Args:
        ready: s, shape (n,), when each packet was complete, up to a constant.
        host: s, shape (n,), when it arrived.
        events: s, the connection interval; None where arrivals come on no lattice: then the spread of the delays tells
            how much of them can hide.
    """
    if events is None:
        return min(LONGEST, float(np.percentile(host - ready, 90)))
    if len(host) < ENOUGH:
        return events
    exact = _exact(events, host)
    phases = np.sort(np.mod(ready, exact))
    gaps = np.diff(np.append(phases, phases[0] + exact))
    widest = float(gaps.max())
    return max(widest - _wandered(host - ready), min(widest, CRYSTAL * WINDOW))


def step_up(device: Array, delay: Array, events: float) -> tuple[float, float]:
    """By how much in s the least delay has stepped up for good: the length of packets that were lost and not numbered.

    The run is parted every `PART`; a step lies where the least delay of the next three parts is above that of the three
    before by more than a connection event can do, and by `CLEAR` of a packet's time. A loss in the last part is not
    seen, and of several losses the largest is.

    Args:
        device: s, shape (n,), increasing.
        delay: s, shape (n,), up to a constant.
        events: s, the connection interval.

    Returns:
        The largest such step, and the device's time of the first part after it; (0, inf) where there is none.

    >>> device = np.arange(0.0, 20.0, 0.1)
    >>> up, begins = step_up(device, np.where(device < 12.0, 0.0, 0.1), 0.015)
    >>> round(up, 3), round(begins, 1)
    (0.1, 12.0)
    """
    none = (0.0, math.inf)
    if len(device) < 4 * AROW:
        return none
    packet = float(np.median(np.diff(device)))
    part = max(PART, AROW * packet)
    count = int((device[-1] - device[0]) / part)
    if count < ASIDE + 1:
        return none
    place = np.maximum(count - 1 - ((device[-1] - device) / part).astype(np.intp), 0)  # the last part is whole
    least = np.full(count, np.inf)
    np.minimum.at(least, place, delay)
    if not np.isfinite(least).all():
        return none
    least -= np.median(np.diff(least)) * np.arange(count)  # a wrong pace, which a single step does not touch
    ups = [float(least[k : k + ASIDE].min() - least[max(k - ASIDE, 0) : k].max()) for k in range(1, count)]
    best = int(np.argmax(ups))
    if not ups[best] > max(CLEAR * packet, events):
        return none
    return ups[best], float(device[np.searchsorted(place, best + 1)])


def _wandered(delay: Array) -> float:
    """By how much in s the shortest delay of a few packets in a row has changed: a phase that passed an event did so.

    A packet that had to be sent again is late by itself, and those around it are not.
    """
    least = delay[: len(delay) // AROW * AROW].reshape(-1, AROW).min(axis=1)
    return float(np.ptp(least))


def _exact(nominal: float, host: Array) -> float:
    """The interval as the host's own clock counts it: within 200 ppm of its name, where arrivals agree best."""
    lasted = float(host[-1] - host[0])
    steps = int(np.ceil(200e-6 * 8.0 * lasted / nominal))
    turns = host / nominal
    tried = 1.0 + 200e-6 * np.arange(-steps, steps + 1) / max(steps, 1)
    agree = [abs(np.mean(np.exp(2j * np.pi * turns / stretch))) for stretch in tried.tolist()]
    return nominal * float(tried[int(np.argmax(agree))])


def event(clock: HostClock, device: float) -> float:
    """When on the host's clock, in s, a sensor measured what it stamped `device` s: the middle of what is possible."""
    return clock.offset + clock.rate * device - (clock.wait + sum(clock.latency) + clock.period + clock.stepped) / 2.0


def uncertainty(one: HostClock, other: HostClock) -> float:
    """Half-width in s that holds `COVERAGE` of what the times of two sensors may be apart by, beyond `event`."""
    widths = [w for c in (one, other) for w in (c.wait, c.latency[1] - c.latency[0], c.period)]
    widths = [w for w in widths if w > 0.0]
    return half_width(widths, COVERAGE) + (one.stepped + other.stepped) / 2.0


def half_width(widths: Sequence[float], coverage: float) -> float:
    """Half-width of the middle interval that holds a share of the sum of independent, evenly spread quantities.

    Args:
        widths: of each of them, above 0; none: 0 comes out.
        coverage: that share, above 0 and below 1.

    >>> round(half_width([2.0], 0.96), 3), round(half_width([1.0, 1.0], 0.96), 3)
    (0.96, 0.8)
    """
    if not widths:
        return 0.0
    cells = 4000
    step = sum(widths) / cells
    density = np.ones(1)
    for width in widths:
        whole = width / step
        box = np.ones(max(1, int(np.ceil(whole))))
        box[-1] -= len(box) - max(whole, 1.0)  # the last cell is filled in part
        density = np.convolve(density, box)
    share = np.concatenate(((0.0,), np.cumsum(density) / density.sum()))
    edges = (np.arange(len(share)) - (len(share) - 1) / 2.0) * step
    low, high = np.interp(((1.0 - coverage) / 2.0, (1.0 + coverage) / 2.0), share, edges)
    return float((high - low) / 2.0)
