"""The DynaMo, as captures hold it: frames computed by hand from the one description there is."""

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
from firmware_protocols.dynamo import CONTROL, DATA, DYNAMO, DynaMoDialogue, DynaMoPuppet, checked

VERSION = "02 02 04 00 FB 03"  # also what ends the stream
START = "02 02 53 00 AC 03"
STATUS = "02 02 52 00 AD 03"


def heard(*packets: str, dialogue: DynaMoDialogue | None = None) -> list[Said]:
    reader = dialogue or DynaMoDialogue()
    return [message for packet in packets for message in reader.receive(DATA, bytes.fromhex(packet))]


def newtons(said: list[Said]) -> list[float]:
    return [value for one in said if isinstance(one, Samples) for value in one.values["force"]]


class TestWorkedFrames:
    def test_steps_add_up(self) -> None:
        assert newtons(heard("04 7F", "04 32", "04 F6")) == [12.7, 17.7, 16.7]

    @pytest.mark.parametrize(
        ("frame", "meaning"),
        [
            (VERSION, (0x04, b"")),
            ("02 02 56 01 00 A8 03", (0x56, b"\x00")),
            ("02 02 10 00 EF 03", (0x10, b"")),
            ("02 02 50 05 F4 01 01 E1 00 D3 03", (0x50, bytes.fromhex("F4 01 01 E1 00"))),
            (START, (0x53, b"")),
        ],
    )
    def test_frames(self, frame: str, meaning: tuple[int, bytes]) -> None:
        assert checked(bytes.fromhex(frame)) == meaning

    def test_a_status_glued_behind_a_sample(self) -> None:
        assert heard("04 0A" + STATUS) == [RunStarted(), Samples({"force": (1.0,)}), Info("reply", "02025200ad03")]

    def test_texts(self) -> None:
        name = bytes([0x01, 5]) + b"Dyna\0"
        frame = b"\2\2" + name + bytes([(0xFF - sum(name)) & 0xFF, 3])
        assert DynaMoDialogue().receive(DATA, frame) == [Info("name", "Dyna")]


class TestRuns:
    def test_the_head_of_a_stream_begins_at_zero(self) -> None:
        said = heard("00 11 22", "04 0A", "00 11 22", "04 0A")
        assert said.count(RunStarted()) == 2
        assert newtons(said) == [1.0, 1.0]

    def test_a_start_that_was_recorded_and_its_head_are_one_beginning(self) -> None:
        dialogue = DynaMoDialogue()
        assert dialogue.wrote(CONTROL, bytes.fromhex(START)) == [RunStarted()]
        assert heard("00 11 22", "04 0A", dialogue=dialogue) == [Samples({"force": (1.0,)})]
        assert dialogue.wrote(CONTROL, bytes.fromhex(VERSION)) == [RunStopped()]
        assert dialogue.wrote(CONTROL, bytes.fromhex(VERSION)) == []

    @pytest.mark.parametrize("data", ["", "53 00", "02 02 53 00 AD 03", "02 02 10 00 EF 03"])
    def test_nothing_else_begins_one(self, data: str) -> None:
        assert DynaMoDialogue().wrote(CONTROL, bytes.fromhex(data)) == []

    def test_a_capture_that_begins_in_the_midst(self) -> None:
        assert heard("04 0A", "04 0A") == [RunStarted(), Samples({"force": (1.0,)}), Samples({"force": (2.0,)})]

    @pytest.mark.parametrize("step", ["7F", "80", "81"])
    def test_the_greatest_steps_are_marked_once(self, step: str) -> None:
        assert heard(f"04 {step}", f"04 {step}").count(Info("steps_may_be_flattened", True)) == 1
        assert Info("steps_may_be_flattened", True) not in heard("04 7E", "04 82")


class TestMalformed:
    @pytest.mark.parametrize(
        "packet",
        [
            "",
            "04",
            "00 11",
            "00 11 22 33",
            "02 02 53 00 AC",
            "02 02 53 00 AD 03",
            "02 02 53 01 AC 03",
            "02 02 53 00 AC 04",
            "FF",
        ],
    )
    def test_is_told_with_its_bytes(self, packet: str) -> None:
        (said,) = heard(packet)
        assert isinstance(said, Malformed)
        assert said.data == bytes.fromhex(packet)

    def test_behind_a_sample_it_does_not_cost_the_sample(self) -> None:
        said = heard("04 0A FF FF")
        assert newtons(said) == [1.0]
        assert said[-1] == Malformed("neither a sample nor a frame", b"\xff\xff")

    def test_from_another_characteristic(self) -> None:
        assert isinstance(DynaMoDialogue().receive(CONTROL, b"\x04\x0a")[0], Malformed)

    @given(st.lists(st.binary(max_size=12), max_size=30))
    def test_force_never_steps_by_more_than_a_byte_can_say(self, packets: list[bytes]) -> None:
        dialogue = DynaMoDialogue()
        last = 0.0
        for packet in packets:
            said = dialogue.receive(DATA, packet)
            last = 0.0 if RunStarted() in said else last
            for value in newtons(said):
                assert abs(value - last) <= 12.8 + 1e-9
                last = value


class TestNothingIsWritten:
    def test_ready_at_once(self) -> None:
        assert DynaMoDialogue().open() == [Ready((Channel("force", "N"),), Arrival(225.0))]

    def test_no_script_writes_anything(self) -> None:
        dialogue = DynaMoDialogue()
        said = [*dialogue.open(), *dialogue.overdue(), *dialogue.send(Start()), *dialogue.send(Stop())]
        assert not [one for one in said if isinstance(one, Write)]

    @pytest.mark.parametrize("command", [Tare(), Sleep(), Ask("battery")])
    def test_nothing_else_is_possible(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand, match="captures"):
            DynaMoDialogue().send(command)

    def test_it_is_not_for_measuring(self) -> None:
        assert not DYNAMO.live
        assert "captures only" in DYNAMO.status
        assert DYNAMO.capabilities.timed
        assert identify(Advertisement("DynaMo-08464")) is None
        assert DYNAMO.recognises(Advertisement("DynaMo-08464"))


class TestPuppet:
    def test_says_what_the_worked_samples_say(self) -> None:
        puppet = DynaMoPuppet()
        played = [note for force in (12.7, 17.7, 16.7) for note in puppet.sample(0.0, force)]
        assert played == [Notify(DATA, bytes.fromhex(packet)) for packet in ("00 00 00", "04 7F", "04 32", "04 F6")]

    def test_flattens_what_is_too_steep(self) -> None:
        puppet = DynaMoPuppet()
        assert puppet.sample(0.0, 100.0)[1] == Notify(DATA, b"\x04\x7f")
        assert puppet.sample(0.0, -100.0)[0] == Notify(DATA, b"\x04\x80")
