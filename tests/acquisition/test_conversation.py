"""What passes on one open connection: scripts in order, answers in time, silence noticed, mistakes surfaced."""

import asyncio

import pytest

from firmware_protocols.codec import RunStarted, RunStopped, Samples, Start, Stop
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.acquisition.virtual_time import now_ns
from forcelab.model import Packet
from tests.acquisition.stub_radio import GONE, StubRadio
from tests.acquisition.toy import (
    ADDRESS,
    CURVE,
    DATA,
    START,
    STOP,
    Diary,
    ToyPuppet,
    at_once,
    kept,
    radio_with,
)


def test_what_the_sensor_felt_is_what_is_told_and_each_packet_is_kept_first() -> None:
    puppet = ToyPuppet()

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(puppet), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(10)
            return diary

    diary = at_once(main())
    told = [message.values["force"][0] for message in diary.of("told") if isinstance(message, Samples)]
    assert told == [force for _, force in puppet.felt]
    assert len(told) in (499, 500)
    for line, before in zip(diary.lines[1:], diary.lines, strict=False):
        assert before[1] == "packet" or not isinstance(line[2], Samples)


def test_a_packet_is_kept_before_the_stream_is_fed() -> None:
    class Careful(Diary):
        def packet(self, packet: Packet) -> None:
            super().packet(packet)
            fed.append(len(self.streams[0].trace(rate=50.0, capacity=None, zero=None).t))

    fed: list[int] = []

    async def main() -> None:
        async with kept(radio_with(ToyPuppet()), Careful()) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(1)

    at_once(main())
    assert fed[1:] == list(range(len(fed) - 1))
    assert len(fed) > 40


def test_after_the_end_nothing_more_is_heard() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), StubRadio(closing=2.5)
        radio.losses = [1.0]
        async with kept(radio, diary):
            await asyncio.sleep(2)
            assert diary.of("disconnected") == [GONE]
            # The real stack may still deliver while it disconnects.
            radio.links[0].on_packet(Packet(now_ns(), DATA, b"late"))
            return diary

    assert [packet.data for packet in at_once(main()).of("packet")] == [b"!"]


def test_a_write_is_told_before_what_follows_from_it() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet()), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            connection.post(Stop())
            await asyncio.sleep(1)
            return diary

    diary = at_once(main())
    after_ready = [what.data if kind == "sent" else what for _, kind, what in diary.lines if kind in ("sent", "told")]
    assert [step for step in after_ready[2:] if not isinstance(step, Samples)] == [
        START,
        RunStarted(),
        STOP,
        RunStopped(),
    ]


def test_a_write_that_fails_ends_the_connection_with_its_sentence() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), SimulatedRadio({ADDRESS: (WithoutControl(), CURVE)})
        async with kept(radio, diary):
            await asyncio.sleep(1)
            return diary

    class WithoutControl(ToyPuppet):
        @property
        def services(self) -> tuple[()]:
            return ()

    why = at_once(main()).of("disconnected")[0]
    assert why == "The sensor has no characteristic toy-control."


def test_what_comes_while_the_link_is_opened_is_kept_for_after_it() -> None:
    early = [Packet(7, DATA, b"hello"), Packet(8, DATA, b"!")]

    async def main() -> Diary:
        diary, radio = Diary(), StubRadio()
        radio.early = early
        async with kept(radio, diary):
            await asyncio.sleep(1)
            return diary

    diary = at_once(main())
    kinds = [kind for _, kind, _ in diary.lines]
    assert diary.of("packet")[:2] == early
    assert kinds.index("connected") < kinds.index("packet")
    assert "ready" in diary.states()


def test_a_link_that_is_lost_while_it_is_opened_was_still_there() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), StubRadio()
        radio.losses = [0.0]
        async with kept(radio, diary):
            await asyncio.sleep(0.3)
            return diary

    diary = at_once(main())
    assert diary.of("connected") == [ADDRESS]
    assert diary.of("disconnected") == [GONE]


class Clumsy(Diary):
    """Makes a mistake at the tenth packet."""

    def packet(self, packet: Packet) -> None:
        super().packet(packet)
        if len(self.of("packet")) == 10:
            raise ZeroDivisionError("our mistake")


def test_a_mistake_of_ours_comes_out_of_the_program_and_not_into_the_radio() -> None:
    puppet = ToyPuppet()

    async def main() -> Diary:
        diary = Clumsy()
        async with kept(radio_with(puppet), diary, fails=True) as (connection, task):
            await asyncio.sleep(1)
            connection.post(Start())
            with pytest.raises(ExceptionGroup) as caught:
                await task
            assert caught.group_contains(ZeroDivisionError, match="our mistake")
        return diary

    diary = at_once(main())
    assert len(diary.of("packet")) == 10
    assert diary.states()[-1] == "absent"
    assert len(diary.of("disconnected")) == 1
    assert not puppet.running
