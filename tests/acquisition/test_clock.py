"""Clocks: what they make of counters that wrap, gaps, restarts and packets that come late."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols.codec import Arrival, Index, Ticks
from forcelab.acquisition.clock import clock_for

MICROSECONDS = Ticks(hz=1e6, bits=32)
TURN = 2**32


def ns(seconds: float) -> int:
    return round(seconds * 1e9)


class TestTicks:
    def test_the_worked_frame_across_the_wrap(self) -> None:
        stamps = clock_for(MICROSECONDS).stamp(ns(1.0), 2, (4_294_963_296, 8_500))
        assert stamps == [4294.963296, 4294.975796]  # (2**32 + 8500) µs

    def test_the_first_value_stands_as_it_came(self) -> None:
        assert clock_for(MICROSECONDS).stamp(ns(9_999.0), 1, (4_000_000_000,)) == [4000.0]

    def test_a_counter_read_as_signed_would_fail_here(self) -> None:
        clock = clock_for(MICROSECONDS)
        assert clock.stamp(0, 2, (2**31 - 6_250, 2**31 + 6_250)) == [2147.477398, 2147.489898]

    def test_a_silence_of_several_turns_is_found_by_the_host(self) -> None:
        clock = clock_for(MICROSECONDS)
        clock.stamp(ns(50.0), 1, (1_000_000,))
        later = 5 * TURN + 700_000
        assert clock.stamp(ns(50.0) + 5 * TURN * 1000 + ns(0.03), 1, (700_000,)) == [later / 1e6]

    def test_a_long_gap_within_one_turn(self) -> None:
        clock = clock_for(MICROSECONDS)
        clock.stamp(ns(0.0), 1, (0,))
        assert clock.stamp(ns(3600.0), 1, (3_600_000_000,)) == [3600.0]

    def test_a_capture_without_host_times_survives_turn_after_turn(self) -> None:
        clock = clock_for(MICROSECONDS, host_time=False)
        truth = range(0, 3 * TURN, TURN // 7)
        stamps = [clock.stamp(0, 1, (value % TURN,))[0] for value in truth]
        assert stamps == [value / 1e6 for value in truth]

    def test_a_restart_shows_as_time_going_back(self) -> None:
        clock = clock_for(MICROSECONDS)
        clock.stamp(ns(100.0), 1, (20_000_000,))
        assert clock.stamp(ns(101.0), 1, (12_500,)) == [0.0125]

    @pytest.mark.parametrize("mad", [15_000_000, 2_000_000_000, 2_200_000_000, TURN - 1, 4, 90_000_000])
    @pytest.mark.parametrize("bundled", [False, True])
    def test_one_mad_tick_costs_one_sample(self, mad: int, bundled: bool) -> None:
        clock = clock_for(MICROSECONDS)
        truth = [100_000_000 + 12_500 * i for i in range(8)]
        sent = [*truth[:4], (truth[4] + mad) % TURN, *truth[5:]]
        if bundled:
            stamps = clock.stamp(ns(500.0), 8, tuple(sent))
        else:
            stamps = [
                clock.stamp(ns(400.0) + tick * 1000, 1, (seen,))[0] for tick, seen in zip(truth, sent, strict=True)
            ]
        assert [*stamps[:4], *stamps[5:]] == [tick / 1e6 for tick in (*truth[:4], *truth[5:])]

    def test_a_mad_tick_has_no_time_and_does_not_move_the_host_offset(self) -> None:
        clock = clock_for(MICROSECONDS)
        clock.stamp(ns(50.0), 1, (1_000_000,))
        (stamp,) = clock.stamp(ns(50.1), 1, (11_200_000,))
        assert stamp != stamp  # noqa: PLR0124 - that is what not a number is
        assert clock.host_offset() == 49.0
        assert clock.stamp(ns(50.2), 1, (1_200_000,)) == [1.2]

    def test_a_packet_held_up_for_long_is_followed_by_good_ones(self) -> None:
        clock = clock_for(MICROSECONDS)
        clock.stamp(ns(50.0), 1, (0,))
        held = [clock.stamp(ns(350.0), 1, (tick,))[0] for tick in range(1_000_000, 300_000_000, 1_000_000)]
        assert held == [float(s) for s in range(1, 300)]

    def test_host_times_that_go_back_are_passed_over(self) -> None:
        clock = clock_for(MICROSECONDS)
        clock.stamp(ns(9000.0), 1, (0,))
        assert clock.stamp(0, 1, (12_500,)) == [0.0125]

    def test_a_codec_that_breaks_its_word_is_our_mistake(self) -> None:
        with pytest.raises(ValueError, match="ticks"):
            clock_for(MICROSECONDS).stamp(0, 2, (1,))

    @given(
        st.integers(0, TURN - 1),
        st.lists(st.tuples(st.integers(1, 4 * TURN), st.integers(1, 8), st.integers(0, ns(5.0))), max_size=20),
    )
    def test_any_gap_any_split_any_delay(self, start: int, packets: list[tuple[int, int, int]]) -> None:
        """Truth is a plain integer; the wire sees it modulo 2**32; the host sees it late by up to five seconds."""
        clock, now = clock_for(MICROSECONDS), start
        for gap, count, late in packets:
            truth = list(accumulate([12_500] * (count - 1), initial=now))
            stamps = clock.stamp(truth[-1] * 1000 + late, count, tuple(value % TURN for value in truth))
            assert stamps == [value / 1e6 for value in truth]
            now = truth[-1] + gap

    def test_lost_moves_nothing(self) -> None:
        clock = clock_for(MICROSECONDS)
        clock.lost(7)
        assert clock.stamp(0, 1, (5,)) == [5e-6]


class TestIndex:
    def test_even_pace_from_zero(self) -> None:
        clock = clock_for(Index(hz=40.0))
        assert clock.stamp(ns(3.0), 2, None) + clock.stamp(ns(9.0), 1, None) == [0.0, 0.025, 0.05]

    def test_lost_samples_keep_their_place(self) -> None:
        clock = clock_for(Index(hz=40.0))
        clock.stamp(0, 2, None)
        clock.lost(4)
        assert clock.stamp(0, 1, None) == [0.15]

    @given(st.lists(st.integers(0, 9), max_size=9))
    def test_splitting_changes_nothing(self, counts: list[int]) -> None:
        clock = clock_for(Index(hz=250.0))
        stamps = [t for count in counts for t in clock.stamp(0, count, None)]
        assert stamps == clock_for(Index(hz=250.0)).stamp(0, sum(counts), None)


class TestArrival:
    def test_time_since_the_first_packet(self) -> None:
        clock = clock_for(Arrival(hz=8.0))
        stamps = [clock.stamp(ns(t), 1, None)[0] for t in (500.0, 500.1, 500.35)]
        assert stamps == pytest.approx([0.0, 0.1, 0.35])

    def test_several_at_once_are_spread_over_the_time_since_the_last(self) -> None:
        clock = clock_for(Arrival(hz=10.0))
        clock.stamp(ns(1.0), 1, None)
        assert clock.stamp(ns(1.1), 2, None) == pytest.approx([0.05, 0.1])
        assert clock.stamp(ns(9.1), 2, None) == pytest.approx([8.0, 8.1])

    @given(st.lists(st.tuples(st.integers(1_000, 10**10), st.integers(0, 9)), max_size=20))
    def test_time_only_goes_forward(self, packets: list[tuple[int, int]]) -> None:
        clock, now = clock_for(Arrival(hz=80.0)), 10**12
        stamps: list[float] = []
        for gap, count in packets:
            now += gap
            stamps += clock.stamp(now, count, None)
        assert all(a < b for a, b in pairwise(stamps))


class TestHostOffset:
    @pytest.mark.parametrize("timebase", [MICROSECONDS, Index(80.0), Arrival(80.0)])
    def test_unknown_before_the_first_sample(self, timebase: Ticks | Index | Arrival) -> None:
        clock = clock_for(timebase)
        assert clock.host_offset() is None
        clock.stamp(0, 0, () if isinstance(timebase, Ticks) else None)
        assert clock.host_offset() is None

    def test_is_the_least_delay_seen_so_far(self) -> None:
        clock = clock_for(MICROSECONDS)
        seen = []
        for device, delay in ((0.1, 0.04), (0.2, 0.01), (0.3, 0.09)):
            clock.stamp(ns(70.0 + device + delay), 1, (round(device * 1e6),))
            seen.append(clock.host_offset())
        assert seen == pytest.approx([70.04, 70.01, 70.01])

    def test_a_packet_counts_with_its_newest_sample(self) -> None:
        clock = clock_for(MICROSECONDS)
        clock.stamp(ns(5.1), 8, tuple(range(0, 100_000, 12_500)))
        assert clock.host_offset() == pytest.approx(5.1 - 0.0875)
