"""What is asked of a sensor is written in order and with its pauses, once it is ready and while it is there."""

import asyncio
import dataclasses

import pytest

from firmware_protocols.codec import Ask, Ready, Said, Sleep, Start, Stop, Tare, Told
from forcelab.acquisition.connection import Connection
from forcelab.acquisition.conversation import COMMANDS
from forcelab.acquisition.simulated import SWITCHED_OFF
from forcelab.acquisition.virtual_time import now_ns
from forcelab.model import Packet
from tests.acquisition.stub_radio import StubRadio
from tests.acquisition.toy import (
    ADDRESS,
    DATA,
    HELLO,
    START,
    STOP,
    TARE,
    TOY,
    Diary,
    ToyDialogue,
    ToyPuppet,
    at_once,
    kept,
    radio_with,
)


def test_a_command_waits_for_a_sensor_that_is_not_asked_but_speaks_up_by_itself() -> None:
    class Patient(ToyDialogue):
        def open(self) -> list[Said]:
            return []

    async def main() -> Diary:
        diary, radio = Diary(), StubRadio()
        codec = dataclasses.replace(TOY, dialogue_with=lambda _settings: Patient())
        async with kept(radio, diary, lambda _: codec) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(1)
            assert diary.writes() == []
            radio.links[0].on_packet(Packet(now_ns(), DATA, b"!"))
            await asyncio.sleep(1)
            return diary

    assert [data for _, data in at_once(main()).writes()[:1]] == [START]


def test_a_script_is_played_in_order_with_its_pauses() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet()), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Tare())
            connection.post(Stop())
            await asyncio.sleep(5)
            return diary

    # Each write with response takes one connection event; the pauses of the toy's script are 50 ms and 1.2 s.
    expected = [(STOP, 1.0), (TARE, 1.065), (START, 2.28), (STOP, 2.295)]
    writes = at_once(main()).writes()[1:]
    assert [data for _, data in writes] == [data for data, _ in expected]
    assert [at for at, _ in writes] == pytest.approx([at for _, at in expected])


def test_commands_wait_until_the_sensor_is_ready() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet(deaf=2)), diary) as (connection, _):
            await asyncio.sleep(0.6)
            assert diary.states()[-1] == "greeting"
            connection.post(Start())
            await asyncio.sleep(3)
            return diary

    diary = at_once(main())
    assert [data for _, data in diary.writes()[:4]] == [HELLO, HELLO, HELLO, START]


def test_too_many_commands_are_our_mistake() -> None:
    async def main() -> None:
        diary = Diary()
        async with kept(radio_with(ToyPuppet(deaf=10**6)), diary) as (connection, _):
            await asyncio.sleep(1)
            for _ in range(COMMANDS):
                connection.post(Start())
            with pytest.raises(asyncio.QueueFull):
                connection.post(Start())

    at_once(main())


def test_commands_do_not_outlive_their_connection() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), radio_with(ToyPuppet())
        async with kept(radio, diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Tare())  # takes 1.28 s
            connection.post(Start())
            await asyncio.sleep(0.5)
            radio.drop(ADDRESS)
            await asyncio.sleep(10)
            return diary

    diary = at_once(main())
    assert diary.states().count("ready") == 2
    assert [data for _, data in diary.writes()] == [HELLO, STOP, TARE, HELLO]


def test_a_sensor_that_is_sent_to_sleep_hangs_up_and_stays_away() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet()), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Sleep())
            await asyncio.sleep(60)
            return diary

    diary = at_once(main())
    assert diary.of("disconnected") == [SWITCHED_OFF]
    assert diary.states().count("ready") == 1


def test_a_command_that_the_sensor_cannot_do_is_our_mistake_and_a_running_sensor_is_stopped() -> None:
    puppet = ToyPuppet()

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(puppet), diary, fails=True) as (connection, task):
            await asyncio.sleep(1)
            connection.post(Start())
            connection.post(Ask("firmware"))
            with pytest.raises(ExceptionGroup, match="unhandled"):
                await task
        return diary

    assert at_once(main()).writes()[-1][1] == STOP
    assert puppet.heard[-1] == STOP


def test_a_listener_may_post_from_inside_a_call() -> None:
    class Eager(Diary):
        connection: Connection

        def told(self, told: Told) -> None:
            super().told(told)
            if isinstance(told, Ready):
                self.connection.post(Start())

    async def main() -> Diary:
        diary = Eager()
        async with kept(radio_with(ToyPuppet()), diary) as (connection, _):
            diary.connection = connection
            await asyncio.sleep(2)
            return diary

    assert [data for _, data in at_once(main()).writes()[:2]] == [HELLO, START]
