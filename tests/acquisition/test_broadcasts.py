"""A sensor that only broadcasts is a sensor like any other: heard, lost by its silence, back again, several at once."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols.codec import ADVERTISEMENT, Codec, RunStarted, Samples, Start
from forcelab.acquisition.broadcast import ONE_WAY, BroadcastLink, packets_of
from forcelab.acquisition.connection import BROADCAST_SILENCE, LEFT
from forcelab.acquisition.conversation import UNHEARD
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.link import Found, Link, RadioError
from forcelab.acquisition.replay import Direction, ReplayRadio
from forcelab.acquisition.simulated import ADVERTISING, OUT_OF_REACH, SimulatedRadio
from forcelab.model import Packet
from tests.acquisition.beacon import BEACON, BEACON_NAME, COMPANY, RATE, BeaconPuppet
from tests.acquisition.toy import ADDRESS, DATA, TOY, Diary, ToyPuppet, at_once, kept

BEACONS = ("00:00:00:00:00:0A", "00:00:00:00:00:0B")


def wanted(found: Found) -> Codec | None:
    return next((codec for codec in (BEACON, TOY) if codec.recognises(found.advertisement)), None)


def radio_with(*puppets: BeaconPuppet, faults: Faults = Faults()) -> SimulatedRadio:  # noqa: B008 - frozen
    return SimulatedRadio(dict(zip(BEACONS, ((p, float) for p in puppets), strict=False)), faults=faults)


def forces(diary: Diary) -> list[float]:
    return [told.values["force"][0] for told in diary.of("told") if isinstance(told, Samples)]


async def opened(radio: SimulatedRadio, on_packet: Callable[[Packet], None]) -> Link:
    return await radio.open(Found(BEACONS[0], BEACON.puppet().advertisement), BEACON.listens, on_packet, print)


def only(address: str) -> Callable[[Found], Codec | None]:
    return lambda found: wanted(found) if found.address == address else None


def test_what_it_broadcasts_is_what_is_told_and_nothing_is_written() -> None:
    puppet = BeaconPuppet()

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(puppet), diary, wanted) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Start())
            await asyncio.sleep(10)
            return diary

    diary = at_once(main())
    assert forces(diary) == puppet.felt
    assert len(puppet.felt) > 80
    assert diary.of("sent") == []
    assert [told for told in diary.of("told") if isinstance(told, RunStarted)] == [RunStarted()]
    assert diary.states() == ["absent", "connecting", "greeting", "ready", "absent"]
    assert ("ready", f"{BEACON_NAME} is heard.") in diary.of("state")
    assert ("connecting", f"Listening to {BEACON_NAME}.") in diary.of("state")
    stamps = [packet.host_ns for packet in diary.of("packet")]
    assert {later - before for before, later in pairwise(stamps)} == {125_000_000}


def test_its_silence_is_its_loss_and_it_comes_back_by_itself() -> None:
    puppet = BeaconPuppet()
    away = BROADCAST_SILENCE + 30.0

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(puppet, faults=Faults(disconnect_at=(5.0, 60.0), away=away)), diary, wanted):
            await asyncio.sleep(150)
            return diary

    diary = at_once(main())
    assert diary.of("disconnected") == [UNHEARD, UNHEARD, LEFT]
    lost = diary.when("disconnected") - diary.when("connected")
    assert lost == pytest.approx(5.0 + BROADCAST_SILENCE, abs=BROADCAST_SILENCE / 4)
    assert diary.states()[-2] == "ready"
    assert len(diary.streams) == 3


def test_a_shorter_silence_is_no_loss() -> None:
    away = 0.7 * BROADCAST_SILENCE

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(BeaconPuppet(), faults=Faults(disconnect_at=(5.0, 20.0), away=away)), diary, wanted):
            await asyncio.sleep(60)
            return diary

    diary = at_once(main())
    assert diary.of("disconnected") == [LEFT]
    gaps = [later.host_ns - before.host_ns for before, later in pairwise(diary.of("packet"))]
    assert sum(gap >= away * 1e9 for gap in gaps) == 2


def test_several_are_heard_at_once_beside_a_connected_one() -> None:
    puppets = (BeaconPuppet(), BeaconPuppet("Beacon"))
    toy = ToyPuppet()

    async def main() -> list[Diary]:
        radio = SimulatedRadio(
            {BEACONS[0]: (puppets[0], float), BEACONS[1]: (puppets[1], lambda t: 2 * t), ADDRESS: (toy, float)}
        )
        diaries = [Diary(), Diary(), Diary()]
        async with (
            kept(radio, diaries[0], only(BEACONS[0])),
            kept(radio, diaries[1], only(BEACONS[1])),
            kept(radio, diaries[2], only(ADDRESS)) as (connection, _),
        ):
            await asyncio.sleep(2)
            connection.post(Start())
            await asyncio.sleep(10)
        return diaries

    one, two, connected = at_once(main())
    assert forces(one) == puppets[0].felt
    assert forces(two) == puppets[1].felt
    assert forces(connected) == [force for _, force in toy.felt]
    assert min(map(len, (puppets[0].felt, puppets[1].felt))) > 80


def test_two_may_listen_to_the_same_one_and_it_is_still_found() -> None:
    puppet = BeaconPuppet()

    async def main() -> tuple[list[Packet], list[Packet], int]:
        radio, one, two = radio_with(puppet), list[Packet](), list[Packet]()
        first = await opened(radio, one.append)
        await opened(radio, two.append)
        await asyncio.sleep(5)
        await first.close()
        closed_at = len(one)
        await asyncio.sleep(5)
        assert len(one) == closed_at
        heard = radio.find()
        return one, two, len([await anext(heard) for _ in range(5)])

    one, two, found = at_once(main())
    assert found == 5
    assert len(one) == pytest.approx(5 * RATE, abs=RATE)
    late = one.index(two[0])  # what was broadcast before the second began to listen
    assert late < 4
    assert two[: len(one) - late] == one[late:]
    assert len(two) > len(one) + 30


def test_after_closing_nothing_is_heard_and_writing_never_works() -> None:
    async def main() -> int:
        radio, packets = radio_with(BeaconPuppet()), list[Packet]()
        link = await opened(radio, packets.append)
        await asyncio.sleep(2)
        with pytest.raises(RadioError, match=ONE_WAY):
            await link.write(DATA, b"?", response=True)
        await link.read(DATA)
        await link.close()
        await link.close()
        before = len(packets)
        await asyncio.sleep(5)
        assert before > 0
        return len(packets) - before

    assert at_once(main()) == 0


def test_one_that_is_off_cannot_be_listened_to() -> None:
    async def main() -> None:
        radio = radio_with(BeaconPuppet())
        await asyncio.sleep(ADVERTISING)
        radio.switch_off(BEACONS[0])
        with pytest.raises(RadioError, match=OUT_OF_REACH[:20]):
            await opened(radio, print)

    at_once(main())


def test_a_recording_of_broadcasts_is_replayed() -> None:
    readings = [COMPANY.to_bytes(2, "little") + n.to_bytes(2, "big") for n in range(40)]
    recording: list[tuple[Direction, Packet]] = [
        ("received", Packet(n * 125_000_000, ADVERTISEMENT, data)) for n, data in enumerate(readings)
    ]

    async def main() -> Diary:
        diary = Diary()
        radio = ReplayRadio(recording, Found(BEACONS[0], BEACON.puppet().advertisement))
        async with kept(radio, diary, wanted):
            await asyncio.sleep(8)
        return diary

    assert forces(at_once(main())) == [n / 10 for n in range(40)]


@given(st.dictionaries(st.integers(0, 0xFFFF), st.binary(max_size=27), max_size=4), st.integers(0))
def test_one_packet_for_each_entry_and_every_byte_of_it(entries: dict[int, bytes], host_ns: int) -> None:
    packets = packets_of(host_ns, entries)
    assert {int.from_bytes(p.data[:2], "little"): p.data[2:] for p in packets} == entries
    assert all((p.host_ns, p.characteristic) == (host_ns, ADVERTISEMENT) for p in packets)


def test_a_mistake_of_ours_does_not_end_the_broadcasts(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> int:
        def clumsy(_packet: Packet) -> None:
            raise ValueError("a mistake of ours")

        radio = radio_with(BeaconPuppet())
        link = await opened(radio, clumsy)
        await asyncio.sleep(3)
        assert isinstance(link, BroadcastLink)
        return link.failures

    assert at_once(main()) > 20
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
