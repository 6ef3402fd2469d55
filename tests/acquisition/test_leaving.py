"""A connection can be left at any moment, and is left in order: stopped, closed, told."""

import asyncio

import pytest

from firmware_protocols.codec import Start
from forcelab.acquisition.connection import CLOSING, LEFT
from forcelab.acquisition.virtual_time import now_ns
from forcelab.model import Packet
from tests.acquisition.stub_radio import StubRadio
from tests.acquisition.toy import (
    DATA,
    HELLO,
    STOP,
    Diary,
    ToyPuppet,
    at_once,
    kept,
    radio_with,
)


def test_leaving_stops_the_sensor_closes_the_link_and_tells_so() -> None:
    puppet = ToyPuppet()

    async def main() -> Diary:
        diary, radio = Diary(), radio_with(puppet)
        async with kept(radio, diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(1)
        assert connection.stream is None
        await asyncio.sleep(60)
        return diary

    diary = at_once(main())
    assert diary.writes()[-1][1] == STOP
    assert puppet.heard[-1] == STOP
    assert [line[1:] for line in diary.lines[-2:]] == [("disconnected", LEFT), ("state", ("absent", ""))]


def test_leaving_does_not_stop_what_does_not_run() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet()), diary):
            await asyncio.sleep(1)
        return diary

    assert [data for _, data in at_once(main()).writes()] == [HELLO]


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.15, 0.25, 0.4, 0.55])
def test_it_can_be_left_at_any_moment(moment: float) -> None:
    async def main() -> tuple[Diary, bool]:
        diary, radio = Diary(), radio_with(ToyPuppet())
        async with kept(radio, diary) as (_, task):
            await asyncio.sleep(moment)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with asyncio.timeout(1):
            async for found in radio.find():
                if found.advertisement.name:
                    return diary, True  # advertises again: nobody holds it
        return diary, False

    diary, free = at_once(main())
    assert free
    assert diary.of("state")[-1] == ("absent", "") or not diary.lines
    assert len(diary.of("connected")) == len(diary.of("disconnected"))


def test_an_impatient_owner_does_not_disturb_the_farewell() -> None:
    async def main() -> tuple[Diary, StubRadio]:
        diary, radio = Diary(), StubRadio(closing=2.0)
        async with kept(radio, diary) as (connection, task):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(1)
            for _ in range(5):
                task.cancel()
                await asyncio.sleep(0.1)
        return diary, radio

    diary, radio = at_once(main())
    assert diary.writes()[-1][1] == STOP
    assert radio.links[0].closed
    assert diary.of("disconnected") == [LEFT]


def test_a_link_that_does_not_close_is_left_behind() -> None:
    async def main() -> tuple[Diary, float]:
        diary, radio = Diary(), StubRadio(closing=600.0)
        async with kept(radio, diary) as (_, task):
            await asyncio.sleep(1)
            before = now_ns()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return diary, (now_ns() - before) * 1e-9

    diary, seconds = at_once(main())
    assert seconds == pytest.approx(CLOSING)
    assert diary.of("disconnected") == [LEFT]


def test_a_loss_is_told_before_the_slow_closing_of_what_is_left() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), StubRadio(closing=2.5)
        radio.losses = [1.0]
        async with kept(radio, diary):
            await asyncio.sleep(2)
            return diary

    diary = at_once(main())
    assert diary.when("disconnected") == diary.when("state", "lost") == pytest.approx(1.2)


def test_nothing_is_heard_while_the_link_is_being_closed() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), StubRadio(closing=2.0)
        async with kept(radio, diary) as (_, task):
            await asyncio.sleep(1)
            task.cancel()
            await asyncio.sleep(0.5)
            assert diary.of("disconnected") == [LEFT]
            radio.links[0].on_packet(Packet(now_ns(), DATA, b"late"))
        return diary

    assert [packet.data for packet in at_once(main()).of("packet")] == [b"!"]
