"""The simulated radio behaves as devices do in the air, and does what its faults say."""

import asyncio
import itertools
import time

import numpy as np
import pytest

from firmware_protocols import identify
from firmware_protocols.codec import Samples, Start
from firmware_protocols.progressor import ProgressorPuppet
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.link import Found, Link, RadioError
from forcelab.acquisition.simulated import ADVERTISING, BROKEN, OUT_OF_REACH, SWITCHED_OFF, SimulatedRadio
from forcelab.acquisition.virtual_time import VirtualLoop, now_ns
from forcelab.model import Packet, Trace
from tests.acquisition.toy import (
    ADDRESS,
    CONTROL,
    CURVE,
    DATA,
    HELLO,
    NAME,
    START,
    STOP,
    Diary,
    ToyPuppet,
    at_once,
    kept,
    radio_with,
)


async def heard(radio: SimulatedRadio, seconds: float) -> list[Found]:
    found: list[Found] = []
    try:
        async with asyncio.timeout(seconds):
            async for one in radio.find():
                found.append(one)
    except TimeoutError:
        pass
    return found


async def opened(radio: SimulatedRadio, packets: list[Packet] | None = None, lost: list[str] | None = None) -> Link:
    device = Found(ADDRESS, ToyPuppet().advertisement)
    return await radio.open(
        device, [DATA], ([] if packets is None else packets).append, ([] if lost is None else lost).append
    )


def recorded(faults: Faults, seconds: float = 20.0, seed: int = 0) -> tuple[ToyPuppet, Diary]:
    """A run of so many seconds, begun 1 s after the start."""
    puppet = ToyPuppet()

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(puppet, faults, seed), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(seconds)
            return diary

    return puppet, at_once(main())


def test_devices_advertise_ten_times_a_second_and_the_name_comes_later() -> None:
    found = at_once(heard(radio_with(ToyPuppet()), 1.05))
    assert [one.address for one in found] == [ADDRESS] * 10
    assert found[0].advertisement.name is None
    assert {one.advertisement.name for one in found[1:]} == {NAME}
    assert all(one.signal is not None and -80 < one.signal < -40 for one in found)


def test_a_connected_device_does_not_advertise() -> None:
    async def main() -> list[int]:
        radio = radio_with(ToyPuppet())
        link = await opened(radio)
        during = await heard(radio, 1)
        await link.close()
        return [len(during), len(await heard(radio, 1.05))]

    assert at_once(main()) == [0, 10]


def test_notifications_carry_the_time_at_which_they_come() -> None:
    async def main() -> list[int]:
        packets: list[Packet] = []
        link = await opened(radio_with(ToyPuppet()), packets)
        began = now_ns()
        await link.write(CONTROL, START, response=True)
        await asyncio.sleep(1)
        return [packet.host_ns - began for packet in packets]

    stamps = at_once(main())
    assert len(stamps) == 50
    assert {later - earlier for earlier, later in itertools.pairwise(stamps)} == {20_000_000}


def test_what_is_not_listened_to_is_not_heard() -> None:
    async def main() -> list[Packet]:
        packets: list[Packet] = []
        radio = radio_with(ToyPuppet())
        link = await radio.open(Found(ADDRESS, ToyPuppet().advertisement), ["other"], packets.append, print)
        await link.write(CONTROL, HELLO, response=True)
        return packets

    assert at_once(main()) == []


def test_after_closing_nothing_is_heard_and_writing_fails() -> None:
    async def main() -> tuple[int, int, list[str]]:
        packets: list[Packet] = []
        lost: list[str] = []
        link = await opened(radio_with(ToyPuppet(), Faults(delay=0.5, disconnect_at=(3.0,))), packets, lost)
        await link.write(CONTROL, START, response=False)
        await asyncio.sleep(1)
        before = len(packets)
        await link.close()
        await link.close()
        await asyncio.sleep(5)
        with pytest.raises(RadioError):
            await link.write(CONTROL, STOP, response=True)
        return before, len(packets), lost

    before, after, lost = at_once(main())
    assert before == after > 0
    assert lost == []


def test_a_device_that_is_connected_or_off_cannot_be_connected() -> None:
    async def main() -> None:
        radio = radio_with(ToyPuppet())
        await opened(radio)
        with pytest.raises(RadioError, match=OUT_OF_REACH[:20]):
            await opened(radio)
        radio.switch_off(ADDRESS)
        with pytest.raises(RadioError, match=OUT_OF_REACH[:20]):
            await opened(radio)
        radio.switch_on(ADDRESS)
        await opened(radio)
        with pytest.raises(RadioError, match=OUT_OF_REACH[:20]):
            await radio.open(Found("elsewhere", ToyPuppet().advertisement), [DATA], print, print)

    at_once(main())


def test_a_radio_that_is_switched_off_says_so_and_comes_back() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), radio_with(ToyPuppet())
        async with kept(radio, diary):
            await asyncio.sleep(2)
            radio.failure = RadioError("Bluetooth is switched off.")
            radio.drop(ADDRESS, away=0.0, why="The adapter is gone.")
            await asyncio.sleep(10)
            radio.failure = None
            await asyncio.sleep(15)
            return diary

    diary = at_once(main())
    assert diary.of("disconnected")[0] == "The adapter is gone."
    assert ("lost", "Bluetooth is switched off.") in diary.of("state")
    assert diary.states()[-2] == "ready"


def test_lost_notifications_are_lost_for_good() -> None:
    puppet, diary = recorded(Faults(loss=0.25), seconds=40.0, seed=3)
    share = sum(isinstance(told, Samples) for told in diary.of("told")) / len(puppet.felt)
    assert share == pytest.approx(0.75, abs=0.05)


def test_doubled_notifications_come_twice_in_a_row() -> None:
    puppet, diary = recorded(Faults(duplication=1.0))
    forces = [told.values["force"][0] for told in diary.of("told") if isinstance(told, Samples)]
    assert forces == [force for _, force in puppet.felt for _ in range(2)]


def test_late_notifications_come_late_in_order_and_in_bunches() -> None:
    puppet, diary = recorded(Faults(delay=0.3), seed=3)
    packets = [packet for packet in diary.of("packet") if packet.data != b"!"]
    forces = [told.values["force"][0] for told in diary.of("told") if isinstance(told, Samples)]
    assert forces == [force for _, force in puppet.felt[: len(forces)]]
    stamps = [packet.host_ns for packet in packets]
    assert stamps == sorted(stamps)
    assert len(set(stamps)) < len(stamps)


def test_several_breaks_come_each_at_its_time() -> None:
    _, diary = recorded(Faults(disconnect_at=(5.0, 15.0), away=1.0), seconds=40.0)
    first = diary.when("connected")
    breaks = [at - first for at, kind, why in diary.lines if kind == "disconnected" and why == BROKEN]
    assert breaks == pytest.approx([5.0, 15.0])


def test_a_break_that_falls_into_an_absence_comes_at_the_next_connection() -> None:
    _, diary = recorded(Faults(disconnect_at=(5.0, 6.0), away=5.0), seconds=40.0)
    assert diary.of("disconnected")[:2] == [BROKEN, BROKEN]
    assert diary.states()[-2] == "ready"


def test_a_fast_crystal_makes_more_samples() -> None:
    steady, _ = recorded(Faults(), seconds=100.0)
    fast, _ = recorded(Faults(drift=10_000.0), seconds=100.0)
    assert len(fast.felt) - len(steady.felt) == pytest.approx(50, abs=1)
    assert fast.felt[-1][0] - fast.felt[0][0] == pytest.approx(101.0, abs=0.1)


def test_noise_and_saturation_are_felt_by_the_device_itself() -> None:
    puppet, _ = recorded(Faults(noise=0.5, saturation=10.0), seconds=20.0)
    forces = [force for _, force in puppet.felt]
    assert max(forces) == 10.0
    residuals = [force - at for at, force in puppet.felt if at < 8.0]
    assert 0.4 < (sum(residual**2 for residual in residuals) / len(residuals)) ** 0.5 < 0.6


def test_the_devices_clock_never_restarts() -> None:
    puppet = ToyPuppet()

    async def main() -> None:
        radio = radio_with(puppet)
        for _ in range(2):
            link = await opened(radio)
            await link.write(CONTROL, START, response=True)
            await asyncio.sleep(1)
            await link.close()
            await asyncio.sleep(10)

    at_once(main())
    times = [at for at, _ in puppet.felt]
    assert times == sorted(times)
    assert times[-1] > 12.0
    assert len(times) in (99, 100, 101)


def test_the_same_seed_is_the_same_recording_to_the_bit() -> None:
    faults = Faults(loss=0.1, duplication=0.1, delay=0.2, noise=0.3, drift=40.0, disconnect_at=(7.0,))
    (_, one), (_, same), (_, other) = (recorded(faults, seed=seed) for seed in (1, 1, 2))
    assert one.lines == same.lines
    assert one.of("packet") != other.of("packet")


def test_ticks_that_wrap_in_the_middle_of_a_run_leave_no_trace_of_it() -> None:
    puppet = ProgressorPuppet(first_tick=2**32 - 5_000_000)

    async def main() -> Trace:
        diary, radio = Diary(), SimulatedRadio({ADDRESS: (puppet, CURVE)}, faults=Faults(delay=0.2, drift=30.0))
        async with kept(radio, diary, lambda found: identify(found.advertisement)) as (connection, _):
            await asyncio.sleep(2)
            connection.post(Start())
            await asyncio.sleep(20)
            return diary.streams[0].trace(rate=80.0, capacity=None, zero=None)

    trace = at_once(main())
    assert len(trace.t) > 1550
    assert np.diff(trace.t) == pytest.approx(0.0125)
    assert np.diff(trace.force) == pytest.approx(0.0125, abs=1e-4)


def test_ten_minutes_pass_in_a_moment() -> None:
    began = time.process_time()
    puppet, diary = recorded(Faults(noise=0.1), seconds=600.0)
    assert len(puppet.felt) == pytest.approx(30_000, abs=1)
    assert len(diary.of("packet")) > 30_000
    # Not a measurement: it takes a second or two, and would take 600 if anything waited for real time.
    assert time.process_time() - began < 100


def test_a_loop_that_was_held_up_gets_every_sample_afterwards() -> None:
    async def main() -> int:
        packets: list[Packet] = []
        link = await opened(radio_with(ToyPuppet()), packets)
        await link.write(CONTROL, START, response=True)
        await asyncio.sleep(1)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop._clock.advance(3.0)  # as a call that blocks does
        await asyncio.sleep(1)
        return len(packets)

    assert at_once(main()) == pytest.approx(250, abs=1)


def test_a_puppet_that_switches_off_is_gone_until_its_button_is_pressed() -> None:
    async def main() -> tuple[list[str], int, int]:
        lost: list[str] = []
        radio = SimulatedRadio({ADDRESS: (ToyPuppet(), CURVE)})
        link = await opened(radio, lost=lost)
        await link.write(CONTROL, b"z", response=False)
        silent = len(await heard(radio, 3600))
        radio.switch_on(ADDRESS)
        return lost, silent, len(await heard(radio, 10.5 * ADVERTISING))

    assert at_once(main()) == ([SWITCHED_OFF], 0, 10)


@pytest.mark.parametrize("rate", [200.0, 10.0])
def test_a_device_that_is_told_another_rate_goes_on_from_there(rate: float) -> None:
    class Paced(ToyPuppet):
        """Its rate changes with the start."""

        @property
        def rate(self) -> float:
            return rate if self.running else 50.0

    puppet = Paced()

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(puppet), diary) as (connection, _):
            await asyncio.sleep(10)
            connection.post(Start())
            await asyncio.sleep(10)
            return diary

    diary = at_once(main())
    seconds = [at for at, _ in puppet.felt]
    assert {round(later - before, 9) for before, later in itertools.pairwise(seconds)} == {1 / rate}
    assert seconds[0] == pytest.approx(10, abs=0.7)
    assert len(seconds) == pytest.approx(10 * rate, abs=0.1 * rate)
    assert sum(isinstance(told, Samples) for told in diary.of("told")) == len(seconds)
