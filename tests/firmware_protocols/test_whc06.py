"""The WH-C06, broadcast by broadcast.

Bytes stand here as other programs' emulators hold them, or as they were computed by hand from the format: never as our
own puppet would make them.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import identify
from firmware_protocols.codec import (
    ADVERTISEMENT,
    Advertisement,
    Arrival,
    Ask,
    Channel,
    Command,
    Info,
    Malformed,
    Notify,
    Ready,
    RunStarted,
    Said,
    Samples,
    Sleep,
    Start,
    Stop,
    Tare,
    UnsupportedCommand,
)
from firmware_protocols.whc06 import WHC06, Whc06Dialogue, Whc06Puppet

G = 9.80665
EMPTY = "02 03 11 FF FF FF FF FF FF 01 00 00 01 F4 01 99 90"
TWENTY_SIX = "02 03 11 FF FF FF FF FF FF 01 0A 28 01 F4 01 00 00"


def broadcast(payload: str) -> bytes:
    return bytes.fromhex("00 01" + payload)


def heard(payload: str, **settings: str) -> list[Said]:
    """What a new dialogue tells of one broadcast."""
    return WHC06.dialogue(settings).receive(ADVERTISEMENT, broadcast(payload))


def weight(said: list[Said]) -> float:
    (only,) = [message for message in said if isinstance(message, Samples)]
    assert only.ticks is None
    (value,) = only.values["force"]
    return value


class TestWorkedFrames:
    def test_nothing_hangs_on_it(self) -> None:
        assert heard(EMPTY) == [RunStarted(), Info("unit", "kg"), Samples({"force": (0.0,)})]

    def test_twenty_six_kilograms_and_not_their_bytes_swapped(self) -> None:
        assert weight(heard(TWENTY_SIX)) == 26.0
        assert pytest.approx(254.97, abs=5e-3) == 26.0 * G

    def test_a_steady_load(self) -> None:
        assert weight(heard("02 03 11 FF FF FF FF FF FF 01 03 E8 01 F4 A1 00 00")) == 10.0

    @pytest.mark.parametrize("flags", ["02", "00", "A0", "A2"])
    @pytest.mark.parametrize("marker", ["00", "FF", "01"])
    def test_pounds(self, marker: str, flags: str) -> None:
        said = heard(f"02 03 11 FF FF FF FF FF FF {marker} 16 64 01 F4 {flags} 00 00")
        assert weight(said) == pytest.approx(26.00, abs=1e-3)
        assert Info("unit", "lb") in said

    def test_stones(self) -> None:
        said = heard("02 03 11 FF FF FF FF FF FF 01 01 2C 01 F4 03 00 00")  # 3.00 st, each of 14 lb
        assert weight(said) == pytest.approx(19.0508795, abs=1e-6)
        assert Info("unit", "st") in said

    def test_jin(self) -> None:
        assert weight(heard("02 03 11 FF FF FF FF FF FF 01 14 50 01 F4 04 00 00")) == 26.0  # 52.00, each of 500 g

    def test_with_a_mac_in_it(self) -> None:
        assert weight(heard("02 03 11 A4 C1 38 00 12 34 01 0A 28 01 F4 01 12 34")) == 26.0


class TestUnit:
    def test_is_told_when_it_changes_and_only_then(self) -> None:
        dialogue = Whc06Dialogue()
        pounds = TWENTY_SIX.replace("F4 01", "F4 02")
        told = [dialogue.receive(ADVERTISEMENT, broadcast(p)) for p in (TWENTY_SIX, EMPTY, pounds, pounds, EMPTY)]
        units = [[m.value for m in said if isinstance(m, Info)] for said in told]
        assert units == [["kg"], [], ["lb"], [], ["kg"]]

    def test_a_person_may_say_that_it_is_always_kilograms(self) -> None:
        assert weight(heard(TWENTY_SIX.replace("F4 01", "F4 02"), unit="kg")) == 26.0

    @pytest.mark.parametrize("unit", ["", "lb", "KG"])
    def test_and_nothing_else(self, unit: str) -> None:
        with pytest.raises(ValueError, match="unit"):
            WHC06.dialogue({"unit": unit})

    @pytest.mark.parametrize("unit", [0x5, 0xF])
    def test_an_unknown_one_is_a_sample_that_cannot_be_used(self, unit: int) -> None:
        (said,) = heard(f"02 03 11 FF FF FF FF FF FF 01 0A 28 01 F4 A{unit:X} 00 00")
        assert isinstance(said, Malformed)
        assert said.samples == 1


class TestMalformed:
    @pytest.mark.parametrize(
        "data",
        [
            "",
            "00",
            "00 01",
            "01 00" + TWENTY_SIX,  # company id, byte-swapped
            "00 01" + TWENTY_SIX[:-3],
            "00 01" + TWENTY_SIX + "00",
            "00 01 02 03 10 FF FF FF FF FF FF 01 0A 28 01 F4 01 00 00",
            TWENTY_SIX,  # without company id
        ],
    )
    def test_is_told_with_its_bytes(self, data: str) -> None:
        (said,) = Whc06Dialogue().receive(ADVERTISEMENT, bytes.fromhex(data))
        assert isinstance(said, Malformed)
        assert (said.data, said.samples) == (bytes.fromhex(data), 0)

    def test_from_a_characteristic(self) -> None:
        (said,) = Whc06Dialogue().receive("00002a19-0000-1000-8000-00805f9b34fb", broadcast(TWENTY_SIX))
        assert isinstance(said, Malformed)

    @given(st.binary(max_size=40))
    def test_no_bytes_without_its_header_are_a_sample(self, data: bytes) -> None:
        said = Whc06Dialogue().receive(ADVERTISEMENT, data)
        if not (len(data) == 19 and data.startswith(bytes.fromhex("00 01 02 03 11"))):
            assert [type(message) for message in said] == [Malformed]


class TestConversation:
    def test_it_is_ready_at_once_and_keeps_no_time(self) -> None:
        assert Whc06Dialogue().open() == [Ready((Channel("force", "kg"),), Arrival(8.0))]

    def test_the_run_begins_with_the_first_weight(self) -> None:
        dialogue = Whc06Dialogue()
        dialogue.receive(ADVERTISEMENT, b"")
        told = [dialogue.receive(ADVERTISEMENT, broadcast(p)) for p in (TWENTY_SIX, TWENTY_SIX)]
        assert [RunStarted() in said for said in told] == [True, False]

    @pytest.mark.parametrize("command", [Start(), Stop()])
    def test_start_and_stop_ask_nothing(self, command: Command) -> None:
        assert Whc06Dialogue().send(command) == []

    @pytest.mark.parametrize("command", [Tare(), Ask("battery"), Ask("firmware"), Ask("id"), Sleep()])
    def test_nothing_else_is_possible(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand, match="broadcasts"):
            Whc06Dialogue().send(command)

    def test_nobody_can_write_to_it(self) -> None:
        dialogue = Whc06Dialogue()
        assert (dialogue.wrote("", b"\x01"), dialogue.overdue(), dialogue.waiting) == ([], [], False)


class TestRecognition:
    @pytest.mark.parametrize("name", ["IF_B7", None])
    def test_by_its_payload_and_not_against_its_name(self, name: str | None) -> None:
        assert identify(Advertisement(name, manufacturer={0x0100: bytes.fromhex(TWENTY_SIX)})) is WHC06

    @pytest.mark.parametrize(
        "advertisement",
        [
            Advertisement("IF_B7"),
            Advertisement("IF_B7", manufacturer={0x0100: bytes.fromhex("01 10 00") + bytes(14)}),  # a body scale
            Advertisement("IF_B7", manufacturer={0x0001: bytes.fromhex(TWENTY_SIX)}),
            Advertisement("TomTom", manufacturer={0x0100: bytes.fromhex(TWENTY_SIX)}),
            Advertisement("IF_B7", manufacturer={0x0100: bytes.fromhex(TWENTY_SIX)[:-1]}),
        ],
    )
    def test_look_alikes_are_left_alone(self, advertisement: Advertisement) -> None:
        assert not WHC06.recognises(advertisement)


class TestHonesty:
    def test_what_is_contested_is_told(self) -> None:
        assert WHC06.evidence == "D"
        assert not WHC06.capabilities.scale_settled
        assert "known weight" in WHC06.status
        assert WHC06.capabilities.timed
        assert WHC06.broadcasts


class TestPuppet:
    def test_says_what_the_worked_frame_says(self) -> None:
        assert Whc06Puppet().sample(0.0, 26.0 * G) == [Notify(ADVERTISEMENT, broadcast(TWENTY_SIX))]

    def test_in_pounds(self) -> None:
        (note,) = Whc06Puppet(unit=2).sample(0.0, 57.32 * 4.4482216152605)
        assert note == Notify(ADVERTISEMENT, broadcast("02 03 11 FF FF FF FF FF FF 00 16 64 01 F4 02 00 00"))

    @pytest.mark.parametrize(("force", "raw"), [(-50.0, 0), (1e5, 0xFFFE)])
    def test_knows_neither_push_nor_more_than_two_bytes(self, force: float, raw: int) -> None:
        (note,) = Whc06Puppet().sample(0.0, force)
        assert isinstance(note, Notify)
        assert int.from_bytes(note.data[12:14], "big") == raw

    def test_advertises_its_last_weight(self) -> None:
        puppet = Whc06Puppet()
        puppet.sample(0.0, 26.0 * G)
        assert puppet.advertisement == Advertisement("IF_B7", manufacturer={0x0100: bytes.fromhex(TWENTY_SIX)})


@pytest.mark.parametrize("weight", ["FF FF", "AF C9"])
def test_more_than_half_as_much_again_as_it_can_carry_is_refused(weight: str) -> None:
    *_, said = heard(f"02 03 11 FF FF FF FF FF FF 01 {weight} 01 F4 01 00 00")
    assert isinstance(said, Malformed)
    assert said.samples == 1
