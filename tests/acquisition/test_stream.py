"""The stream: newtons against seconds, run by run, the same for the same packets whoever brings them."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols.codec import (
    Arrival,
    Channel,
    Command,
    Index,
    Lost,
    Ready,
    RunStarted,
    Said,
    Samples,
    Timebase,
    Write,
)
from firmware_protocols.codec import Start as StartCommand
from firmware_protocols.progressor import CONTROL, DATA, PROGRESSOR
from forcelab.acquisition.stream import Stream, to_newtons
from forcelab.model import Packet, Trace

G = 9.80665
START, STOP = b"\x65", b"\x66"


def weights(*samples: tuple[float, int]) -> bytes:
    """A weight frame of (kg, µs), packed here by the format and not by the puppet."""
    return bytes([1, 8 * len(samples)]) + b"".join(struct.pack("<fI", kg, tick) for kg, tick in samples)


def progressor() -> Stream:
    stream = Stream(PROGRESSOR.dialogue())
    stream.open()
    stream.wrote(Packet(0, CONTROL, START))
    return stream


def whole(stream: Stream) -> Trace:
    return stream.trace(rate=80.0, capacity=None, zero=None)


def feed(stream: Stream, *samples: tuple[float, int], host_ns: int | None = None, late: int = 30_000_000) -> None:
    stream.receive(Packet(samples[-1][1] * 1000 + late if host_ns is None else host_ns, DATA, weights(*samples)))


def test_newtons() -> None:
    assert to_newtons(12.5, "kg") == 122.583125
    assert to_newtons(160.0, "lb") == pytest.approx(711.715460, abs=1e-5)  # 72.574779 kg
    assert to_newtons(3.5, "N") == 3.5
    assert to_newtons(np.array([1.0, -2.0]), "kg").tolist() == [G, -2 * G]


def test_a_worked_frame_in_newtons() -> None:
    stream = progressor()
    stream.receive(Packet(0, DATA, bytes.fromhex("01 10 00 00 20 41 E8 03 00 00 00 00 48 41 20 A1 07 00")))
    trace = stream.trace(rate=80.0, capacity=1471.0, zero=1.5)
    assert trace.t.tolist() == [0.001, 0.5]
    assert trace.force.tolist() == [10.0 * G, 12.5 * G]
    assert (trace.rate, trace.capacity, trace.zero, trace.own_time, trace.lost) == (80.0, 1471.0, 1.5, True, 39)
    assert stream.latest() == ([0.001, 0.5], [10.0 * G, 12.5 * G])
    stream.receive(Packet(0, DATA, bytes.fromhex("04 00")))
    assert stream.latest() == ([], [])


def test_before_anything() -> None:
    stream = Stream(PROGRESSOR.dialogue())
    assert (stream.channels, stream.running, stream.latest()) == ((), False, ([], []))
    assert whole(stream).t.size == 0
    assert stream.mean(0.5) is None
    stream.open()
    assert stream.channels == ("force",)
    assert stream.trace(since_ns=5, rate=80.0, capacity=None, zero=None).force.size == 0


def test_what_is_told_and_asked_is_passed_on() -> None:
    stream = Stream(PROGRESSOR.dialogue())
    assert [type(message).__name__ for message in stream.open()] == ["Ready", "Write"]
    assert stream.send(StartCommand()) == [Write(CONTROL, START, response=True)]
    assert stream.wrote(Packet(0, CONTROL, START)) == [RunStarted()]
    assert stream.running
    stream.wrote(Packet(0, CONTROL, STOP))
    assert not stream.running
    assert [type(message).__name__ for message in stream.overdue()] == ["Write"]


def test_a_start_makes_everything_new() -> None:
    stream = progressor()
    feed(stream, (10.0, 0), (11.0, 4_000_000_000))
    stream.wrote(Packet(0, CONTROL, START))
    assert whole(stream).t.size == 0
    feed(stream, (12.0, 0))
    trace = whole(stream)
    assert (trace.t.tolist(), trace.force.tolist()) == ([0.0], [12.0 * G])
    assert (trace.lost, trace.discarded) == (0, 0)


def test_a_stop_keeps_the_run() -> None:
    stream = progressor()
    feed(stream, (10.0, 0))
    stream.wrote(Packet(0, CONTROL, STOP))
    feed(stream, (11.0, 12_500))  # was still in the air
    assert whole(stream).t.tolist() == [0.0, 0.0125]


def test_duplicates_and_time_going_back_are_dropped_and_counted() -> None:
    stream = progressor()
    feed(stream, (10.0, 0), (11.0, 12_500))
    feed(stream, (10.0, 0), (11.0, 12_500))
    feed(stream, (12.0, 25_000))
    trace = whole(stream)
    assert trace.t.tolist() == [0.0, 0.0125, 0.025]
    assert (trace.discarded, trace.lost) == (2, 0)


def test_what_is_no_number_is_dropped_and_counted() -> None:
    stream = progressor()
    feed(stream, (10.0, 0), (float("nan"), 12_500), (12.0, 25_000))
    trace = whole(stream)
    assert trace.force.tolist() == [10.0 * G, 12.0 * G]
    assert (trace.discarded, trace.lost) == (1, 0)


def test_one_mad_tick_costs_one_sample() -> None:
    stream = progressor()
    for i in range(400):
        tick = i * 12_500
        feed(stream, (1.0, tick + 60_000_000 if i == 80 else tick), host_ns=10**12 + tick * 1000)
    trace = whole(stream)
    assert (trace.t.size, trace.discarded) == (399, 1)
    assert trace.t[-1] == pytest.approx(399 * 0.0125)


def test_what_never_was_a_sample_is_not_counted_as_one() -> None:
    stream = progressor()
    feed(stream, (10.0, 0))
    stream.wrote(Packet(0, CONTROL, b"\x6f"))
    for frame in ("", "01", "04 00", "05 04 00 00 00 00", "00 03 01 02 03", "01 03 00 00 00", "01 10 00 00 48 41"):
        stream.receive(Packet(0, DATA, bytes.fromhex(frame)))
    feed(stream, (float("nan"), 12_500), (float("inf"), 25_000), (10.0, 37_500))
    trace = whole(stream)
    assert (trace.t.size, trace.discarded, trace.lost) == (2, 2, 0)


class TestWindow:
    @staticmethod
    def stream() -> Stream:
        """Four seconds; the host runs 500 s ahead, its packets are late by 30 ms, one of them by only 10."""
        stream = progressor()
        for i in range(320):
            late = 10_000_000 if i == 160 else 30_000_000
            feed(stream, (float(i), i * 12_500), late=500 * 10**9 + late)
        return stream

    def test_begins_at_the_host_time(self) -> None:
        trace = self.stream().trace(since_ns=502_010_000_000 - 1000, rate=80.0, capacity=None, zero=None)
        assert trace.t[0] == 2.0
        assert trace.t.size == 160

    def test_before_the_run_is_the_whole_run(self) -> None:
        assert self.stream().trace(since_ns=0, rate=80.0, capacity=None, zero=None).t.size == 320

    def test_after_the_run_is_empty(self) -> None:
        assert self.stream().trace(since_ns=10**12, rate=80.0, capacity=None, zero=None).t.size == 0

    def test_counts_only_its_own_losses(self) -> None:
        stream = progressor()
        feed(stream, (0.0, 0), late=0)
        feed(stream, (1.0, 1_000_000), late=0)  # 79 lost
        feed(stream, (float("inf"), 1_012_500), late=0)
        feed(stream, (2.0, 1_025_000), late=0)
        feed(stream, (3.0, 1_062_500), late=0)  # 2 lost
        feed(stream, (3.0, 1_062_500), late=0)
        assert (whole(stream).lost, whole(stream).discarded) == (81, 2)
        window = stream.trace(since_ns=1_020_000_000, rate=80.0, capacity=None, zero=None)
        assert window.force.tolist() == [2.0 * G, 3.0 * G]
        assert (window.lost, window.discarded) == (2, 2)  # the one at its edge counts: it may lie inside

    def test_is_a_copy(self) -> None:
        stream = self.stream()
        whole(stream).force[:] = -1.0
        assert whole(stream).force[1] == G


class TestMean:
    def test_of_the_last_half_second(self) -> None:
        stream = progressor()
        for i in range(200):
            feed(stream, (100.0 if i < 120 else i % 2 * 2.0, i * 12_500))
        mean, sd, covered = stream.mean(0.5) or (0.0, 0.0, 0.0)
        assert covered == pytest.approx(0.5)
        last = np.array([i % 2 * 2.0 for i in range(159, 200)])  # 41 posts, 40 gaps
        assert mean == pytest.approx(last.mean() * G)
        assert sd == pytest.approx(last.std(ddof=1) * G)

    def test_none_before_there_is_that_much(self) -> None:
        stream = progressor()
        for i in range(40):
            feed(stream, (1.0, i * 12_500))
        assert stream.mean(0.5) is None
        feed(stream, (1.0, 40 * 12_500))
        mean, sd, covered = stream.mean(0.5) or (0.0, 0.0, 0.0)
        assert mean == pytest.approx(G)
        assert sd == pytest.approx(0.0, abs=1e-12)
        assert covered == 0.5

    def test_covers_the_same_wherever_it_lies(self) -> None:
        stream = progressor()
        covered = []
        for i in range(400):
            feed(stream, (1.0, 7_001 + i * 12_500))
            covered.append((stream.mean(0.5) or (0.0, 0.0, 0.0))[2])
        assert covered[:40] == [0.0] * 40
        assert covered[40:] == pytest.approx([0.5] * 360, abs=1e-9)

    def test_none_when_a_gap_leaves_one_sample(self) -> None:
        stream = progressor()
        feed(stream, (1.0, 0))
        feed(stream, (1.0, 9_000_000))
        assert stream.mean(0.5) is None


ticks = st.lists(st.tuples(st.floats(-300.0, 300.0, width=32), st.integers(0, 2**32 - 1)), min_size=1, max_size=9)


@given(st.lists(st.tuples(ticks, st.integers(0, 10**13)), max_size=12))
def test_the_same_packets_give_the_same_arrays_bit_for_bit(packets: list[tuple[list[tuple[float, int]], int]]) -> None:
    """And whatever the ticks are, time in a trace only goes forward and every sample is accounted for."""
    streams = (progressor(), progressor())
    for samples, host_ns in packets:
        feed(streams[0], *samples, host_ns=host_ns)
        whole(streams[0])  # looking changes nothing
        streams[0].mean(0.5)
    for samples, host_ns in packets:
        feed(streams[1], *samples, host_ns=host_ns)
    one, other = (whole(stream) for stream in streams)
    assert one.t.tobytes() == other.t.tobytes()
    assert one.force.tobytes() == other.force.tobytes()
    assert (np.diff(one.t) > 0).all()
    assert one.t.size + one.discarded == sum(len(samples) for samples, _ in packets)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20))
def test_how_samples_are_bundled_changes_nothing(bundles: list[int]) -> None:
    samples = [(i * 0.5, i * 12_500) for i in range(sum(bundles))]
    bundled, single = progressor(), progressor()
    for sample in samples:
        feed(single, sample)
    rest = list(samples)
    for count in bundles:
        feed(bundled, *rest[:count])
        del rest[:count]
    assert whole(bundled).t.tobytes() == whole(single).t.tobytes()
    assert whole(bundled).force.tobytes() == whole(single).force.tobytes()


def test_a_long_run_outgrows_the_first_arrays() -> None:
    stream = progressor()
    for i in range(5000):
        feed(stream, (i / 10, i * 12_500))
    trace = whole(stream)
    assert trace.t.tolist() == [i * 12_500 / 1e6 for i in range(5000)]
    assert trace.force.tolist() == [float(np.float32(i / 10)) * G for i in range(5000)]


class Scripted:
    """A device of two channels that says what it is given: two bytes a sample, or `L` and how many were lost."""

    def __init__(self, timebase: Timebase) -> None:
        self.timebase = timebase
        self.waiting = False

    def open(self) -> list[Said]:
        return []

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        if characteristic == "ready":
            return [Ready((Channel("left", "lb"), Channel("right", "N")), self.timebase)]
        if data[:1] == b"L":
            return [Lost(data[1], "said so")]
        return [Samples({"left": tuple(map(float, data[::2])), "right": tuple(map(float, data[1::2]))})]

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        raise NotImplementedError

    def send(self, command: Command) -> list[Said]:
        raise NotImplementedError

    def overdue(self) -> list[Said]:
        raise NotImplementedError


def scripted(timebase: Timebase) -> Stream:
    stream = Stream(Scripted(timebase))
    assert stream.open() == []
    assert stream.channels == ()
    stream.receive(Packet(0, "ready", b""))
    return stream


def test_each_channel_has_its_unit_and_its_trace() -> None:
    stream = scripted(Index(hz=100.0))
    stream.receive(Packet(0, "data", bytes([1, 2, 3, 4])))
    right = stream.trace(rate=100.0, capacity=None, zero=None, channel="right")
    assert stream.channels == ("left", "right")
    assert right.force.tolist() == [2.0, 4.0]
    assert whole(stream).force.tolist() == [4.4482216152605, 3 * 4.4482216152605]
    assert stream.latest()[1] == [4.4482216152605, 3 * 4.4482216152605]
    with pytest.raises(KeyError):
        stream.trace(rate=100.0, capacity=None, zero=None, channel="middle")


def test_lost_samples_move_an_index_on() -> None:
    stream = scripted(Index(hz=100.0))
    for data in (bytes([1, 2]), b"L\x03", bytes([1, 2])):
        stream.receive(Packet(0, "data", data))
    trace = whole(stream)
    assert trace.t.tolist() == [0.0, 0.04]
    assert (trace.lost, trace.own_time) == (3, True)


def test_a_device_without_time_lives_by_the_hosts() -> None:
    stream = scripted(Arrival(hz=8.0))
    for host_ns in (5_000_000_000, 5_125_000_000, 5_250_000_000):
        stream.receive(Packet(host_ns, "data", bytes([1, 2])))
    trace = whole(stream)
    assert trace.t.tolist() == [0.0, 0.125, 0.25]
    assert not trace.own_time
    assert stream.trace(since_ns=5_100_000_000, rate=8.0, capacity=None, zero=None).t.tolist() == [0.125, 0.25]
