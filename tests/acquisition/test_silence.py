"""Answers are waited for, and silence is noticed, unless it was us who did not listen."""

import asyncio
import itertools
import math

import pytest

from firmware_protocols.codec import Ask, Samples, Start, Stop
from forcelab.acquisition.connection import LEFT
from forcelab.acquisition.conversation import GREETING, LOOKS, MUTE, SILENT, USELESS
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.simulated import INTERVAL
from forcelab.acquisition.virtual_time import VirtualLoop, now_ns
from forcelab.model import Packet
from tests.acquisition.stub_radio import StubRadio
from tests.acquisition.toy import (
    BATTERY,
    DATA,
    HELLO,
    START,
    Diary,
    ToyPuppet,
    at_once,
    kept,
    radio_with,
)


def test_a_question_without_an_answer_is_asked_again_in_time() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet(deaf=2)), diary):
            await asyncio.sleep(3)
            return diary

    asked = [at for at, data in at_once(main()).writes() if data == HELLO]
    gaps = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert gaps == pytest.approx([0.5 + INTERVAL] * 2)


def test_samples_are_no_answer_to_a_question() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet()), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            connection.post(Ask("battery"))
            await asyncio.sleep(3)
            return diary

    # The toy takes an overdue answer as a reason to say hello again.
    assert [data for _, data in at_once(main()).writes()[1:4]] == [START, BATTERY, HELLO]


def test_a_sensor_that_never_answers_is_given_up() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet(deaf=10**6)), diary):
            await asyncio.sleep(60)
            return diary

    diary = at_once(main())
    assert diary.of("disconnected")[0] == MUTE
    assert diary.when("disconnected") - diary.when("connected") == pytest.approx(GREETING)
    # It advertises all the while, yet the waits between the attempts do not shrink to nothing.
    assert len(diary.of("connected")) <= 6


def test_silence_in_a_run_counts_as_loss() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet(), Faults(silent_at=4.0)), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(20)
            return diary

    diary = at_once(main())
    assert diary.of("disconnected")[0] == SILENT
    since = diary.when("disconnected") - (diary.when("connected") + 4.0)
    assert 2.0 <= since <= 2.0 + 2 * 2.0 / LOOKS
    assert diary.states()[-2] == "ready"  # and is connected again


def test_a_stream_of_which_nothing_can_be_used_counts_as_loss_and_may_be_well_after_it() -> None:
    puppet = ToyPuppet(spoilt_at=4.0)

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(puppet), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(6)
            puppet.spoilt_at = math.inf
            await asyncio.sleep(10)
            connection.post(Start())
            await asyncio.sleep(60)
            return diary

    diary = at_once(main())
    assert diary.of("disconnected") == [USELESS, LEFT]
    assert ("lost", USELESS) in diary.of("state")
    good = [at for at, kind, what in diary.lines if kind == "told" and isinstance(what, Samples)]
    assert good[-1] - good[0] > 60
    last = next(at for at, force in puppet.felt if at >= 4.0)
    assert 2.0 - 0.02 <= diary.when("disconnected") - last <= 2.0 + 3 * 2.0 / LOOKS
    assert diary.streams[1].trace(rate=50.0, capacity=None, zero=None).discarded == 0


def test_silence_outside_of_a_run_is_nothing() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet()), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(1)
            connection.post(Stop())
            await asyncio.sleep(600)
            assert diary.of("disconnected") == []
            return diary

    assert at_once(main()).states().count("ready") == 1


def test_a_loop_that_was_held_up_does_not_take_its_own_absence_for_the_sensors() -> None:
    puppet = ToyPuppet()

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(puppet), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(1)
            loop = asyncio.get_running_loop()
            assert isinstance(loop, VirtualLoop)
            for _ in range(5):
                loop._clock.advance(3.0)  # what a blocking call of three seconds is to everybody else on the loop
                await asyncio.sleep(0.1)
            assert diary.of("disconnected") == []
            return diary

    told = [message for message in at_once(main()).of("told") if isinstance(message, Samples)]
    assert len(told) == len(puppet.felt) > 800


def test_what_waited_while_the_loop_was_held_up_twice_is_heard_before_anything_is_given_up() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), StubRadio()
        async with kept(radio, diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(0.1)
            loop = asyncio.get_running_loop()
            assert isinstance(loop, VirtualLoop)
            for _ in range(5):
                # Each time the watch is awake first: the system hands over what it kept only a moment later.
                for _ in range(2):
                    loop._clock.advance(3.0)
                    await asyncio.sleep(0.01)
                radio.links[0].on_packet(Packet(now_ns(), DATA, b"F" + bytes(8)))
            assert diary.of("disconnected") == []
            return diary

    assert sum(isinstance(told, Samples) for told in at_once(main()).of("told")) == 5
