"""A connection is kept: found, greeted, watched, lost, found again and left in order. All of it in virtual time."""

import asyncio
import itertools
from collections.abc import Callable
from contextlib import suppress

import pytest

from firmware_protocols import identify
from firmware_protocols.codec import Advertisement, Codec, Ready, Start
from forcelab.acquisition.connection import LOOKING, NOT_HEARD, SETTLE, Connection
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.link import Found, RadioError
from forcelab.acquisition.reconnect import backoff
from forcelab.acquisition.simulated import BROKEN, NOBODY_THERE, SimulatedRadio
from tests.acquisition.stub_radio import StubRadio
from tests.acquisition.toy import (
    ADDRESS,
    CURVE,
    HELLO,
    NAME,
    START,
    TOY,
    Diary,
    ToyPuppet,
    at_once,
    kept,
    radio_with,
    wanted,
)


def test_from_nothing_to_ready() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet()), diary):
            await asyncio.sleep(3)
            return diary

    diary = at_once(main())
    assert diary.states()[:4] == ["absent", "connecting", "greeting", "ready"]
    assert diary.of("state")[0][1] == LOOKING
    kinds = [kind for _, kind, _ in diary.lines]
    assert kinds[:8] == ["state", "state", "connected", "state", "sent", "packet", "told", "state"]
    assert isinstance(diary.of("told")[0], Ready)
    assert all(NAME in sentence for _, sentence in diary.of("state")[1:4])


def test_a_break_in_a_run_is_told_and_the_sensor_comes_back_but_not_the_run() -> None:
    puppet = ToyPuppet()

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(puppet, Faults(disconnect_at=(5.0,), away=3.0)), diary) as (connection, _):
            await asyncio.sleep(2)
            connection.post(Start())
            await asyncio.sleep(20)
            assert connection.stream is diary.streams[1]
            return diary

    diary = at_once(main())
    assert diary.of("disconnected")[0] == BROKEN
    assert ("lost", BROKEN) in diary.of("state")
    assert diary.states().count("ready") == 2
    assert diary.streams[0].running
    assert not diary.streams[1].running
    assert [data for _, data in diary.writes()] == [HELLO, START, HELLO]
    # Nothing of the old connection after its end.
    end = [kind for _, kind, _ in diary.lines].index("disconnected")
    assert diary.lines[end + 1][1:] == ("state", ("lost", BROKEN))
    assert not puppet.running


def test_being_heard_cuts_the_wait() -> None:
    async def main() -> tuple[Diary, StubRadio]:
        diary, radio = Diary(), StubRadio(after=None)
        async with kept(radio, diary):
            await asyncio.sleep(25)  # in the middle of a wait of ten seconds
            radio.after = 0.1
            await asyncio.sleep(10)
            return diary, radio

    diary, radio = at_once(main())
    gaps = [later - earlier for earlier, later in itertools.pairwise(radio.scans)]
    assert gaps[:5] == pytest.approx([1.0, 1.8, 3.24, 5.832, 10.0])
    assert 25.1 <= diary.when("connected") <= 25.3


def test_a_sensor_that_returns_is_connected_at_its_first_advertisement() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet(), Faults(disconnect_at=(5.0,), away=1.0)), diary):
            await asyncio.sleep(20)
            return diary

    diary = at_once(main())
    lost = diary.when("state", "lost")
    again = next(at for at, kind, what in diary.lines if at > lost and kind == "connected")
    # Away for 1 s, then two advertisements (the name comes with the second) and 0.3 s to connect.
    assert 1.29 < again - lost < 1.55


def test_nobody_in_range_is_told_in_a_sentence_that_says_what_to_do() -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(StubRadio(after=None), diary):
            await asyncio.sleep(60)
            return diary

    diary = at_once(main())
    assert diary.of("state")[1] == ("absent", NOT_HEARD)
    assert set(diary.states()) == {"absent"}


def test_devices_that_nobody_wants_are_left_alone() -> None:
    async def main() -> tuple[Diary, StubRadio]:
        diary, radio = Diary(), StubRadio()
        async with kept(radio, diary, lambda found: identify(found.advertisement)):
            await asyncio.sleep(10)
            return diary, radio

    diary, radio = at_once(main())
    assert radio.attempts == []
    assert set(diary.states()) == {"absent"}


def test_a_scan_that_fails_is_tried_again_after_the_back_off_and_says_why() -> None:
    async def main() -> tuple[Diary, StubRadio]:
        diary, radio = Diary(), StubRadio(scan=RadioError("Bluetooth is switched off. Switch it on."))
        async with kept(radio, diary):
            await asyncio.sleep(40)
            radio.scan = None
            await asyncio.sleep(11)
            return diary, radio

    diary, radio = at_once(main())
    gaps = [later - earlier for earlier, later in itertools.pairwise(radio.scans)]
    assert gaps[:5] == pytest.approx([1.8, 3.24, 5.832, 10.0, 10.0])
    assert diary.of("state")[1] == ("absent", "Bluetooth is switched off. Switch it on.")
    assert diary.of("connected") == [ADDRESS]


@pytest.mark.parametrize("where", ["scan", "open"])
def test_what_the_system_refuses_is_not_tried_again_and_the_sentence_stays(where: str) -> None:
    refused = RadioError("The system does not let us use Bluetooth. Allow it.", retry=False)

    async def main() -> tuple[Diary, StubRadio]:
        diary, radio = Diary(), StubRadio(scan=refused if where == "scan" else None)
        radio.refusals = [refused]
        await Connection(radio, wanted, diary).run()  # returns: nobody cancels it
        await asyncio.sleep(600)
        return diary, radio

    diary, radio = at_once(main())
    assert diary.of("state")[-1] == ("refused", str(refused))
    assert len(radio.scans) == 1


def test_a_refused_connection_can_be_run_again() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), StubRadio(scan=RadioError("Not allowed.", retry=False))
        connection = Connection(radio, wanted, diary)
        await connection.run()
        radio.scan = None
        task = asyncio.create_task(connection.run())
        await asyncio.sleep(1)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return diary

    assert at_once(main()).of("connected") == [ADDRESS]


def test_an_attempt_that_fails_is_made_again_after_a_pause() -> None:
    async def main() -> tuple[Diary, StubRadio]:
        diary, radio = Diary(), StubRadio()
        radio.refusals = [RadioError("The sensor is busy with a phone. Close its app.")]
        async with kept(radio, diary):
            await asyncio.sleep(5)
            return diary, radio

    diary, radio = at_once(main())
    assert diary.states()[:4] == ["absent", "connecting", "absent", "connecting"]
    assert diary.of("state")[2][1] == "The sensor is busy with a phone. Close its app."
    assert radio.scans[1] - radio.scans[0] == pytest.approx(0.1 + 0.1 + SETTLE)
    assert len(diary.of("connected")) == 1


def test_a_sensor_that_is_known_but_not_heard_is_tried_all_the_same() -> None:
    async def main() -> tuple[Diary, StubRadio]:
        diary, radio = Diary(), StubRadio()
        radio.losses = [0.0]
        async with kept(radio, diary):
            await asyncio.sleep(0.2)
            radio.after = None  # held by the system for a process that was killed: it does not advertise
            await asyncio.sleep(5)
            return diary, radio

    diary, radio = at_once(main())
    assert len(diary.of("connected")) == 2
    assert radio.attempts == [radio.found] * 2


def test_a_sensor_that_was_ready_is_tried_soon_however_hard_it_was_to_connect_before() -> None:
    async def main() -> tuple[Diary, StubRadio]:
        diary, radio = Diary(), StubRadio()
        radio.refusals, radio.losses = [RadioError("Busy.")] * 5, [4.0]
        async with kept(radio, diary):
            while not diary.of("connected"):
                await asyncio.sleep(0.1)
            radio.after = None
            await asyncio.sleep(30)
            return diary, radio

    diary = at_once(main())[0]
    again = [at for at, kind, what in diary.lines if kind == "state" and what[0] == "connecting"][-1]
    assert again - diary.when("disconnected") == pytest.approx(SETTLE + backoff(1))


@pytest.mark.parametrize(
    ("later", "taken"),
    [
        (Found(ADDRESS, Advertisement("Toy_1")), True),
        (Found(ADDRESS, Advertisement("Toy_renamed")), True),
        (Found("00:00:00:00:00:02", Advertisement("Toy_1")), True),
        (Found("00:00:00:00:00:02", Advertisement("Toy_2")), False),
    ],
)
def test_only_the_same_sensor_comes_back(later: Found, taken: bool) -> None:
    async def main() -> StubRadio:
        radio = StubRadio()
        radio.losses = [0.0] * 3
        async with kept(radio, Diary()):
            await asyncio.sleep(0.2)
            radio.found = later
            await asyncio.sleep(2)
            return radio

    assert (later in at_once(main()).attempts[1:]) is taken


def test_a_sensor_that_could_not_be_connected_does_not_keep_others_out() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), StubRadio()
        radio.refusals = [RadioError("Busy.")]
        async with kept(radio, diary):
            await asyncio.sleep(0.15)
            radio.found = Found("00:00:00:00:00:02", Advertisement("Toy_2"))
            await asyncio.sleep(2)
            return diary

    assert at_once(main()).of("connected") == ["00:00:00:00:00:02"]


STRANGER = RadioError("Toy_1 does not offer what it should.", stranger=True)


def test_a_stranger_is_passed_over_and_the_next_one_taken() -> None:
    other = Found("00:00:00:00:00:02", Advertisement("Toy_2"))

    async def main() -> tuple[Diary, StubRadio]:
        diary, radio = Diary(), StubRadio()
        radio.others = [other]
        radio.refusals = [STRANGER]
        async with kept(radio, diary):
            await asyncio.sleep(10)
            return diary, radio

    diary, radio = at_once(main())
    assert radio.attempts == [radio.found, other]
    assert ("absent", str(STRANGER)) in diary.of("state")
    assert diary.states()[-2] == "ready"


def test_a_stranger_alone_is_told_and_tried_again() -> None:
    async def main() -> tuple[Diary, StubRadio]:
        diary, radio = Diary(), StubRadio()
        radio.refusals = [STRANGER] * 2
        async with kept(radio, diary):
            await asyncio.sleep(20)
            return diary, radio

    diary, radio = at_once(main())
    assert len(radio.attempts) == 3
    assert {what for what in diary.of("state") if what[0] == "absent"} - {("absent", "")} == {
        ("absent", LOOKING),
        ("absent", str(STRANGER)),
    }


def test_a_sensor_that_was_connected_is_no_stranger_when_it_comes_back_odd() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), StubRadio()
        radio.losses = [1.0]
        async with kept(radio, diary):
            await asyncio.sleep(1)
            radio.refusals = [STRANGER] * 3
            radio.others = [Found("00:00:00:00:00:02", Advertisement("Toy_2"))]
            await asyncio.sleep(30)
            return diary

    assert at_once(main()).of("connected") == [ADDRESS] * 2


def test_a_sensor_that_was_lost_stays_lost_until_it_is_back() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), StubRadio()
        radio.losses = [1.0]
        async with kept(radio, diary):
            await asyncio.sleep(1)
            radio.refusals = [RadioError("Busy.")] * 3
            await asyncio.sleep(30)
            return diary

    diary = at_once(main())
    assert diary.states()[3:11] == ["ready", "lost", "connecting", "lost", "connecting", "lost", "connecting", "lost"]
    assert diary.of("state")[6] == ("lost", "Busy.")


def test_a_device_that_is_out_of_reach_is_given_up_and_told() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), radio_with(ToyPuppet())
        async with kept(radio, diary):
            await asyncio.sleep(0.25)
            radio.switch_off(ADDRESS)  # heard, and gone before it could be connected
            await asyncio.sleep(NOBODY_THERE + 1)
            radio.switch_on(ADDRESS)
            await asyncio.sleep(20)
            return diary

    diary = at_once(main())
    assert diary.states()[1:3] == ["connecting", "absent"]
    assert diary.states()[-2] == "ready"


def test_a_command_without_a_connection_is_dropped() -> None:
    async def main() -> Diary:
        diary, radio = Diary(), radio_with(ToyPuppet())
        connection = Connection(radio, wanted, diary)
        connection.post(Start())
        task = asyncio.create_task(connection.run())
        await asyncio.sleep(3)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return diary

    assert [data for _, data in at_once(main()).writes()] == [HELLO]


def test_two_sensors_are_kept_side_by_side() -> None:
    def only(name: str) -> Callable[[Found], Codec | None]:
        return lambda found: TOY if found.advertisement.name == name else None

    async def main() -> list[Diary]:
        puppets = {address: (ToyPuppet(name=name), CURVE) for address, name in (("L", "Toy_L"), ("R", "Toy_R"))}
        radio, diaries = SimulatedRadio(puppets), [Diary(), Diary()]
        async with kept(radio, diaries[0], only("Toy_L")) as (left, _), kept(radio, diaries[1], only("Toy_R")):
            await asyncio.sleep(1)
            left.post(Start())
            await asyncio.sleep(1)
            radio.drop("R")
            await asyncio.sleep(5)
        return diaries

    left, right = at_once(main())
    assert left.of("connected") == ["L"]
    assert right.of("connected") == ["R", "R"]
    assert len(left.of("packet")) == 1 + 6 * 50
