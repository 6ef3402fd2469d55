"""The Force Board, packet by packet: bytes from other programs' tests, or computed by hand from the maker's format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import identify
from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Ask,
    Channel,
    Command,
    Info,
    Malformed,
    Notify,
    Read,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Sleep,
    Start,
    Stop,
    Tare,
    UnsupportedCommand,
    Write,
)
from firmware_protocols.forceboard import FORCE, FORCEBOARD, MODE, ZERO, ForceBoardDialogue, ForceBoardPuppet

POUND = 4.4482216152605
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"


def heard(frame: str) -> list[Said]:
    return ForceBoardDialogue().receive(FORCE, bytes.fromhex(frame))


class TestWorkedFrames:
    @pytest.mark.parametrize(
        ("frame", "pounds", "newtons"),
        [
            ("00 02 00 03 E8 00 04 B0", (1000, 1200), (4448.2, 5337.9)),
            ("00 01 00 00 2A", (42,), (186.83,)),
            (
                "00 06 00 00 00 00 00 01 00 00 37 00 00 78 00 00 B4 00 00 C8",
                (0, 1, 55, 120, 180, 200),
                (0, 4.45, 244.65, 533.79, 800.68, 889.64),
            ),
        ],
    )
    def test_whole_pounds(self, frame: str, pounds: tuple[int, ...], newtons: tuple[float, ...]) -> None:
        assert heard(frame) == [Samples({"force": pounds})]
        assert [value * POUND for value in pounds] == pytest.approx(newtons, abs=0.05)

    @pytest.mark.parametrize(
        ("frame", "pounds"),
        [
            ("00 01 01 1C 40", 40_000),  # by the maker's odd rule; a plain number of 24 bits would be 72 768
            ("00 01 FF FF FB", 8_421_371),  # somebody pushes
        ],
    )
    def test_what_no_board_can_carry_is_rejected(self, frame: str, pounds: int) -> None:
        (said,) = heard(frame)
        assert isinstance(said, Malformed)
        assert f"{pounds} lb" in said.why
        assert (said.data, said.samples) == (bytes.fromhex(frame), 1)

    def test_battery(self) -> None:
        assert ForceBoardDialogue().receive(BATTERY, b"\x57") == [Info("battery_percent", 87)]


class TestOverflow:
    def test_costs_only_the_samples_that_it_hit(self) -> None:
        said = heard("00 04 00 00 01 FF FF FB FF FF FF 00 00 02")
        assert said[0] == Samples({"force": (1.0, 2.0)})
        assert isinstance(said[1], Malformed)
        assert said[1].samples == 2

    @pytest.mark.parametrize(("raw", "good"), [("00 07 D0", True), ("00 07 D1", False)])
    def test_the_ceiling_is_2000_pounds(self, raw: str, good: bool) -> None:
        assert isinstance(heard("00 01" + raw)[0], Samples) is good

    @given(st.integers(-2000, -1))
    def test_no_push_passes_for_a_pull(self, pounds: int) -> None:
        (said,) = ForceBoardDialogue().receive(FORCE, b"\0\1" + (pounds % 2**24).to_bytes(3, "big"))
        assert isinstance(said, Malformed)


class TestMalformed:
    @pytest.mark.parametrize("frame", ["", "00", "00 01", "00 01 00 00", "00 02 00 00 01 00 00", "FF FF 00 00 01"])
    def test_too_short_for_what_it_declares(self, frame: str) -> None:
        (said,) = heard(frame)
        assert isinstance(said, Malformed)
        assert (said.data, said.samples) == (bytes.fromhex(frame), 0)

    def test_what_stands_behind_is_passed_over(self) -> None:
        assert heard("00 01 00 00 2A FF FF") == [Samples({"force": (42.0,)})]

    def test_an_empty_packet_holds_nothing(self) -> None:
        assert heard("00 00") == []

    def test_from_another_characteristic(self) -> None:
        assert isinstance(ForceBoardDialogue().receive(MODE, b"\x04")[0], Malformed)


class TestScripts:
    def test_ready_at_once_then_it_reads_the_battery(self) -> None:
        ready, first, *_ = ForceBoardDialogue().open()
        assert ready == Ready((Channel("force", "lb"),), Arrival(80.0))
        assert first == Read(BATTERY)

    @pytest.mark.parametrize(
        ("command", "characteristic", "data"),
        [(Start(), MODE, b"\x04"), (Stop(), MODE, b"\x07"), (Tare(), ZERO, b"\x01")],
    )
    def test_each_is_one_byte(self, command: Command, characteristic: str, data: bytes) -> None:
        assert ForceBoardDialogue().send(command)[0] == Write(characteristic, data, response=True)

    def test_a_run_begins_and_ends_with_the_mode(self) -> None:
        dialogue = ForceBoardDialogue()
        assert dialogue.wrote(MODE, b"\x04") == [RunStarted()]
        assert dialogue.wrote(MODE, b"\x07") == [RunStopped()]

    @pytest.mark.parametrize(
        ("characteristic", "data"), [(MODE, b""), (MODE, b"\x05"), (MODE, b"\x04\x00"), (ZERO, b"\x04")]
    )
    def test_and_with_nothing_else(self, characteristic: str, data: bytes) -> None:
        assert ForceBoardDialogue().wrote(characteristic, data) == []

    def test_the_battery_is_read(self) -> None:
        assert ForceBoardDialogue().send(Ask("battery")) == [Read(BATTERY)]

    @pytest.mark.parametrize("command", [Sleep(), Ask("errors")])
    def test_what_it_cannot_do(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand):
            ForceBoardDialogue().send(command)

    def test_no_script_writes_anything_else(self) -> None:
        dialogue = ForceBoardDialogue()
        said = [*dialogue.open(), *dialogue.overdue()]
        for command in (Start(), Stop(), Tare(), Ask("battery"), Ask("firmware"), Ask("id")):
            said += dialogue.send(command)
        written = {(message.characteristic, message.data) for message in said if isinstance(message, Write)}
        assert written == {(MODE, b"\x04"), (MODE, b"\x07"), (ZERO, b"\x01")}


class TestHonesty:
    def test_no_timed_number_from_steps_of_a_pound(self) -> None:
        assert "pound" in FORCEBOARD.capabilities.timed
        assert FORCEBOARD.capabilities.resolution == pytest.approx(POUND)

    def test_what_nobody_verified_is_told(self) -> None:
        assert not FORCEBOARD.capabilities.scale_settled
        assert not FORCEBOARD.capabilities.rate_settled
        assert "not verified" in FORCEBOARD.status


class TestRecognition:
    @pytest.mark.parametrize(("name", "ours"), [("Force Board", True), ("Force Board 2", False), (None, False)])
    def test_by_its_exact_name(self, name: str | None, ours: bool) -> None:
        assert (identify(Advertisement(name)) is FORCEBOARD) is ours


class TestPuppet:
    def test_says_what_the_worked_frame_says(self) -> None:
        puppet = ForceBoardPuppet()
        puppet.written(MODE, b"\x04")
        played = [note for pounds in (0, 1, 55, 120, 180, 200) for note in puppet.sample(0.0, pounds * POUND)]
        expected = bytes.fromhex("00 06 00 00 00 00 00 01 00 00 37 00 00 78 00 00 B4 00 00 C8")
        assert played == [Notify(FORCE, expected)]

    def test_a_push_overflows(self) -> None:
        puppet = ForceBoardPuppet(batch=1)
        puppet.written(MODE, b"\x04")
        assert puppet.sample(0.0, -5 * POUND) == [Notify(FORCE, bytes.fromhex("00 01 FF FF FB"))]

    def test_its_own_zero(self) -> None:
        puppet = ForceBoardPuppet(batch=1)
        puppet.written(MODE, b"\x04")
        puppet.sample(0.0, 100 * POUND)
        puppet.written(ZERO, b"\x01")
        assert puppet.sample(0.0, 142 * POUND) == [Notify(FORCE, bytes.fromhex("00 01 00 00 2A"))]

    def test_is_silent_until_asked_and_after_a_hang_up(self) -> None:
        puppet = ForceBoardPuppet(batch=1)
        assert puppet.sample(0.0, 50.0) == []
        puppet.written(MODE, b"\x04")
        puppet.hung_up()
        assert puppet.sample(0.0, 50.0) == []
