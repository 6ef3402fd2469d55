"""A recorded connection, offered as a live device, gives what the live one gave: at every speed."""

import asyncio
import math

import pytest

from firmware_protocols import CODECS, identify
from firmware_protocols.codec import Advertisement, Command, Samples, Start, Stop
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.link import Found, RadioError
from forcelab.acquisition.person import effort_curve
from forcelab.acquisition.replay import OVER, PATIENCE, Direction, ReplayRadio
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.model import Packet
from tests.acquisition.toy import (
    ADDRESS,
    CONTROL,
    DATA,
    HELLO,
    NAME,
    START,
    Diary,
    ToyPuppet,
    at_once,
    kept,
    radio_with,
)

FOUND = Found(ADDRESS, Advertisement(NAME))
PROGRESSOR = Found(ADDRESS, Advertisement("Progressor_4711"))

Recording = list[tuple[Direction, Packet]]


def of(diary: Diary) -> Recording:
    """What a listener has of one connection: what a journal would hold."""
    return [
        ("sent" if kind == "sent" else "received", what) for _, kind, what in diary.lines if kind in ("sent", "packet")
    ]


def forces(diary: Diary) -> list[float]:
    return [value for told in diary.of("told") if isinstance(told, Samples) for value in told.values["force"]]


def live(seconds: float = 10.0) -> Diary:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet(), Faults(noise=1.0, delay=0.1)), diary) as (connection, _):
            await asyncio.sleep(2)
            connection.post(Start())
            await asyncio.sleep(seconds)
            connection.post(Stop())
            await asyncio.sleep(1)
            return diary

    return at_once(main())


def again(recording: Recording, speed: float, commands: tuple[Command, ...] = (Start(), Stop())) -> Diary:
    """Play a recording to a host that wants the same, but not at the same times."""

    async def main() -> Diary:
        diary = Diary()
        async with kept(ReplayRadio(recording, FOUND, speed=speed), diary) as (connection, task):
            while connection.stream is None or not connection.stream.channels:
                await asyncio.sleep(0.5)
            for command in commands:
                connection.post(command)
                await asyncio.sleep(10.5 / speed)
            await task  # returns when the recording is at its end and nothing more can come
        return diary

    return at_once(main())


@pytest.mark.parametrize("speed", [1.0, 10.0, math.inf])
def test_the_same_samples_come_at_every_speed(speed: float) -> None:
    original = live()
    replayed = again(of(original), speed)
    assert forces(replayed) == forces(original)
    assert len(forces(replayed)) > 490
    # Up to the stop, which this host writes half a second later than the recorded one.
    spacing, original_spacing = (
        [packet.host_ns - packets[1].host_ns for packet in packets[1:400]]
        for packets in (replayed.of("packet"), original.of("packet"))
    )
    assert spacing == original_spacing


def test_it_plays_as_fast_as_asked() -> None:
    recording = of(live())
    for speed in (1.0, 10.0):
        at = [at for at, kind, _ in again(recording, speed).lines if kind == "packet"]
        assert at[400] - at[1] == pytest.approx(8.0 / speed, rel=0.02)


def test_the_end_is_a_loss_with_a_sentence_after_which_nothing_is_tried() -> None:
    diary = again(of(live()), 10.0)
    assert diary.of("disconnected") == [OVER]
    assert diary.of("state")[-1] == ("refused", OVER)


def test_a_run_is_not_given_before_the_host_starts_it() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(ReplayRadio(of(live_one), FOUND, speed=math.inf), diary) as (connection, _):
            await asyncio.sleep(5)
            assert forces(diary) == []
            connection.post(Start())
            await asyncio.sleep(1)
            return diary

    live_one = live()
    assert len(forces(at_once(main()))) > 490


def test_a_host_that_asks_for_less_gets_the_rest_all_the_same() -> None:
    recording: Recording = [
        ("sent", Packet(0, CONTROL, HELLO)),
        ("received", Packet(10, DATA, b"!")),
        ("sent", Packet(2_000_000_000, CONTROL, b"never asked")),
        ("received", Packet(2_500_000_000, DATA, b"the answer")),
    ]
    diary = again(recording, 1.0, commands=())
    assert [packet.data for packet in diary.of("packet")] == [b"!", b"the answer"]
    at = [at for at, kind, _ in diary.lines if kind == "packet"]
    assert at[1] - at[0] == pytest.approx(2.0 + PATIENCE, abs=0.01)


def test_what_was_not_recorded_may_be_written_and_is_ignored() -> None:
    recording: Recording = [
        ("sent", Packet(0, CONTROL, HELLO)),
        ("received", Packet(10, DATA, b"!")),
        ("received", Packet(3_000_000_000, DATA, b"later")),
    ]
    diary = again(recording, 1.0, commands=(Stop(), Stop()))
    assert [packet.data for packet in diary.of("packet")] == [b"!", b"later"]


def test_it_can_be_played_once_and_writing_after_the_end_fails() -> None:
    async def main() -> list[str]:
        lost: list[str] = []
        radio = ReplayRadio([("received", Packet(0, DATA, b"!"))], FOUND)
        link = await radio.open(FOUND, [DATA], lambda _: None, lost.append)
        await asyncio.sleep(1)
        with pytest.raises(RadioError, match="end"):
            await link.write(CONTROL, START, response=True)
        with pytest.raises(RadioError, match="end") as caught:
            await radio.open(FOUND, [DATA], lambda _: None, lost.append)
        assert not caught.value.retry
        await link.close()
        return lost

    assert at_once(main()) == [OVER]


def test_a_closed_replay_is_silent() -> None:
    async def main() -> tuple[list[Packet], list[str]]:
        packets: list[Packet] = []
        lost: list[str] = []
        recording: Recording = [("received", Packet(at * 10**9, DATA, b"!")) for at in range(10)]
        link = await ReplayRadio(recording, FOUND).open(FOUND, [DATA], packets.append, lost.append)
        await asyncio.sleep(4.5)
        await link.close()
        await asyncio.sleep(60)
        return packets, lost

    packets, lost = at_once(main())
    assert len(packets) == 5
    assert lost == []


@pytest.mark.parametrize("recording", [[], [("sent", Packet(5, CONTROL, HELLO))]])
def test_a_recording_without_packets_just_ends(recording: Recording) -> None:
    async def main() -> list[str]:
        lost: list[str] = []
        await ReplayRadio(recording, FOUND).open(FOUND, [DATA], lambda _: None, lost.append)
        await asyncio.sleep(60)
        return lost

    assert at_once(main()) == [OVER]


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan])
def test_a_recording_is_not_played_at_no_speed(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        ReplayRadio([], FOUND, speed=speed)


def test_two_runs_of_a_real_codec_come_back_with_equal_arrays() -> None:
    async def session(radio: SimulatedRadio | ReplayRadio) -> tuple[Diary, list[list[float]]]:
        diary, runs = Diary(), []
        async with kept(radio, diary, lambda found: identify(found.advertisement)) as (connection, _):
            await asyncio.sleep(3)
            for _ in range(2):
                connection.post(Start())
                await asyncio.sleep(6)
                connection.post(Stop())
                await asyncio.sleep(1)
                trace = diary.streams[0].trace(rate=80.0, capacity=None, zero=None)
                runs.append([*trace.t, *trace.force])
        return diary, runs

    puppet = CODECS["progressor"].puppet()
    simulated = SimulatedRadio({ADDRESS: (puppet, effort_curve([4.0, 11.0]))}, faults=Faults(noise=0.2, loss=0.1))
    original, runs = at_once(session(simulated))
    replayed, again_runs = at_once(session(ReplayRadio(of(original), PROGRESSOR)))
    assert again_runs == runs
    assert len(runs[1]) > 2 * 400
    assert [p.data for p in replayed.of("packet")] == [p.data for p in original.of("packet")]


def test_the_stamps_of_a_replay_never_go_back() -> None:
    async def main() -> list[int]:
        diary = Diary()
        async with kept(ReplayRadio(recording, FOUND, speed=100.0), diary) as (connection, _):
            await asyncio.sleep(1)
            for command in (Start(), Stop()):
                connection.post(command)
                await asyncio.sleep(0.5)
        return [packet.host_ns for packet in diary.of("packet")]

    recording = of(live())
    stamps = at_once(main())
    assert stamps == sorted(stamps)
    assert len(stamps) > 490
