"""What a sensor gave: packets as they stood on the wire, and force against its own time.

Knows no trial and nothing that was made of it.
"""

from dataclasses import dataclass

from forcelab.model.terms import Array, Record


@dataclass(frozen=True, slots=True)
class Packet:
    """One notification (or broadcast, or write) as it stood on the wire, with the host's time."""

    host_ns: int
    characteristic: str
    data: bytes


class HostClock(Record, frozen=True):
    """How the clock of a sensor stands to the host's in one run: host = offset + rate × device.

    Attributes:
        offset: s on the host's clock (`perf_counter`) at the device's zero, least delay included.
        rate: s of the host's in a second of the device's.
        wait: s, how much of the least delay may be waiting for a connection event, which nothing can observe.
        latency: s, least and greatest time from measuring to handing over to the radio, as declared or assumed.
        period: s between two samples of a sensor whose time is that of arrival, 0 for others.
        stepped: s by which samples from before a loss that nobody numbered are late on this clock, where that loss may
            lie in the trial; 0 where there was none, or long ago.
        assumed: whether the latency is an assumption of ours, since the family declares none.
    """

    offset: float
    rate: float
    wait: float
    latency: tuple[float, float]
    period: float = 0.0
    stepped: float = 0.0
    assumed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Force against the device's own time, and what is known of the sensor that made it.

    Attributes:
        t: s, shape (n,), strictly increasing; zero is the start of the sensor's run (or of the table).
        force: N, shape (n,), finite, gross: nothing is taken off but what the device itself tared.
        rate: Hz, as the sensor declares it; for files estimated from the time stamps (`rate_estimated`).
        own_time: whether `t` comes from the sensor and not from the host's time of arrival.
        capacity: N, or None where unknown.
        zero: N, mean force of the unloaded sensor, or None if nobody recorded it.
        lost: samples that are known to be missing.
        discarded: samples that could not be used: not finite, stamped no later than the one before, or far ahead.
        rate_estimated: whether `rate` is an estimate, which may be off by 2 %.
        zero_before: N, `zero` as it was for the trial before in the same run of the sensor, or None without one.
        untimed: why this sensor carries no number that rests on times, although it may keep them; "" where it does.
        scale_settled: whether it is known what force a number of this sensor means.
        clock: how `t` stands to the host's clock; None for files, whose columns share one clock.
        broken_off: why the record ends before the trial did, a sentence; "" where it does not.
    """

    t: Array
    force: Array
    rate: float
    own_time: bool = True
    capacity: float | None = None
    zero: float | None = None
    lost: int = 0
    discarded: int = 0
    rate_estimated: bool = False
    zero_before: float | None = None
    untimed: str = ""
    scale_settled: bool = True
    clock: HostClock | None = None
    broken_off: str = ""
