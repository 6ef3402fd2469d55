"""The ring against the plainest thing that could replace it: two lists."""

from threading import Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.acquisition import ring as ring_module
from forcelab.acquisition.ring import Ring


@given(
    st.floats(0.5, 30.0),
    st.lists(st.tuples(st.integers(0, 400), st.floats(0.001, 2.0)), max_size=30),
    st.floats(0.0, 40.0),
)
def test_holds_the_last_seconds(keep: float, packets: list[tuple[int, float]], window: float) -> None:
    ring, t, force = Ring(keep), [0.0], [0.0]
    ring.add(t[:], force[:])
    for count, step in packets:
        more = [t[-1] + step * (i + 1) for i in range(count)]
        ring.add(more, [-x for x in more])
        t += more
        force += [-x for x in more]
    wanted = [(a, b) for a, b in zip(t, force, strict=True) if a >= t[-1] - min(keep, window)]
    got_t, got_force = ring.last(window)
    assert list(zip(got_t.tolist(), got_force.tolist(), strict=True)) == wanted


def test_empty() -> None:
    ring = Ring()
    ring.add([], [])
    assert [array.size for array in ring.last(5.0)] == [0, 0]


def test_clear() -> None:
    ring = Ring()
    ring.add([1.0], [2.0])
    ring.clear()
    assert ring.last(5.0)[0].size == 0


def test_a_new_run_takes_the_place_of_the_old_one() -> None:
    ring = Ring()
    ring.add([50.0, 51.0], [1.0, 2.0])
    ring.add([0.0, 0.1], [3.0, 4.0])
    assert [array.tolist() for array in ring.last(99.0)] == [[0.0, 0.1], [3.0, 4.0]]


def test_what_is_handed_out_is_a_copy() -> None:
    ring = Ring()
    ring.add([0.0], [1.0])
    for array in ring.last(1.0):
        array[0] = 99.0
    assert [array.tolist() for array in ring.last(1.0)] == [[0.0], [1.0]]


def test_memory_is_bounded_whatever_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ring_module, "_MOST", 1000)
    ring = Ring(60.0)
    for i in range(50):
        ring.add([i + k * 1e-3 for k in range(700)], [1.0] * 700)
    assert ring.last(60.0)[0].size == 1000
    ring.add((np.arange(5000) * 1e-3 + 100.0).tolist(), [2.0] * 5000)
    t, force = ring.last(60.0)
    assert t.size == 1000
    assert (t[-1], set(force)) == (pytest.approx(104.999), {2.0})


def test_unequal_lengths_are_our_mistake() -> None:
    with pytest.raises(ValueError, match="2 times"):
        Ring().add([0.0, 1.0], [1.0])


def test_a_reader_in_another_thread_never_sees_half_a_packet() -> None:
    ring = Ring(1.0)
    torn: list[tuple[int, int]] = []

    def read() -> None:
        for _ in range(2000):
            t, force = ring.last(1.0)
            if t.size != force.size or not np.array_equal(t, force):
                torn.append((t.size, force.size))

    reader = Thread(target=read)
    reader.start()
    for i in range(5000):
        packet = [i * 0.1 + k * 0.0125 for k in range(8)]
        ring.add(packet, packet)
    reader.join()
    assert torn == []
