"""What passes on one open connection: scripts in order, answers in time, silence noticed, mistakes surfaced."""

import asyncio
import itertools

import pytest

from firmware_protocols.codec import Ask, Ready, RunStarted, RunStopped, Samples, Sleep, Start, Stop, Tare, Told
from forcelab.acquisition.connection import Connection
from forcelab.acquisition.conversation import COMMANDS, GREETING, LOOKS, MUTE, SILENT
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.simulated import INTERVAL, SWITCHED_OFF, SimulatedRadio
from forcelab.acquisition.virtual_time import VirtualLoop
from forcelab.model import Packet
from tests.acquisition.stub_radio import GONE, StubRadio
from tests.acquisition.toy import (
    ADDRESS,
    BATTERY,
    CURVE,
    DATA,
    HELLO,
    START,
    STOP,
    TARE,
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
