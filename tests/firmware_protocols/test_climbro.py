"""The Climbro, byte by byte: bytes from another program's tests, or computed by hand from the format."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import identify
from firmware_protocols.climbro import CLIMBRO, DATA, ClimbroDialogue, ClimbroPuppet
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
    Said,
    Samples,
    Sleep,
    Start,
    Stop,
    Tare,
    UnsupportedCommand,
)

G = 9.80665


def heard(*pieces: str) -> list[Said]:
    dialogue = ClimbroDialogue()
    return [message for piece in pieces for message in dialogue.receive(DATA, bytes.fromhex(piece))]


def kilograms(said: list[Said]) -> list[float]:
    return [value for message in said if isinstance(message, Samples) for value in message.values["force"]]


class TestWorkedFrames:
    def test_battery_and_force_in_one_packet(self) -> None:
        said = heard("F0 70 F5 0A F6 14")
        assert said == [Info("battery_percent", 0), RunStarted(), Samples({"force": (10.0, 36.0, 20.0)})]

    def test_force(self) -> None:
        assert heard("F5 0A") == [RunStarted(), Samples({"force": (10.0,)})]

    @pytest.mark.parametrize(("byte", "percent"), [("AB", 50), ("70", 0), ("E6", 100)])
    def test_battery(self, byte: str, percent: int) -> None:
        assert heard("F0" + byte) == [Info("battery_percent", percent)]


class TestStream:
    @given(st.lists(st.integers(0, 20), max_size=5))
    def test_cuts_do_not_matter(self, cuts: list[int]) -> None:
        stream = bytes.fromhex("F0 70 F5 0A F6 14 F0 AB F5 00 24 EF")
        whole = ClimbroDialogue().receive(DATA, stream)
        dialogue = ClimbroDialogue()
        edges = [0, *sorted(cuts), len(stream)]
        pieces = [stream[a:b] for a, b in pairwise(edges)]
        said = [message for piece in pieces for message in dialogue.receive(DATA, piece)]
        assert kilograms(said) == kilograms(whole) == [10.0, 36.0, 20.0, 0.0, 36.0, 239.0]

    def test_the_marker_lives_on_in_the_next_packet(self) -> None:
        assert heard("F5", "0A", "14") == [RunStarted(), Samples({"force": (10.0,)}), Samples({"force": (20.0,)})]
        assert heard("F0", "AB") == [Info("battery_percent", 50)]

    def test_a_battery_in_the_midst_does_not_end_the_run(self) -> None:
        assert heard("F5 0A F0 AB", "F5 0B").count(RunStarted()) == 1

    def test_thirty_six_in_both_forms(self) -> None:
        assert kilograms(heard("F5 F6 24")) == [36.0, 36.0]


class TestMalformed:
    def test_bytes_before_any_marker_are_no_force(self) -> None:
        said = heard("0A 14", "F5 0A")
        assert said[0] == Malformed("bytes before any marker", b"\x0a\x14")
        assert kilograms(said) == [10.0]

    @pytest.mark.parametrize("byte", ["00", "6F", "E7", "FF", "F6"])
    def test_a_battery_out_of_its_range(self, byte: str) -> None:
        (said,) = heard("F0" + byte)
        assert isinstance(said, Malformed)
        assert said.data == bytes.fromhex("F0" + byte)

    def test_an_empty_packet(self) -> None:
        assert heard("") == []

    def test_from_another_characteristic(self) -> None:
        (said,) = ClimbroDialogue().receive("49535343-8841-43f4-a8d4-ecbe34729bb3", b"\xf5\x0a")
        assert isinstance(said, Malformed)


class TestScripts:
    def test_ready_at_once(self) -> None:
        assert ClimbroDialogue().open() == [Ready((Channel("force", "kg"),), Arrival(10.0))]

    @pytest.mark.parametrize("command", [Start(), Stop()])
    def test_start_and_stop_ask_nothing(self, command: Command) -> None:
        assert ClimbroDialogue().send(command) == []

    @pytest.mark.parametrize("command", [Tare(), Sleep(), Ask("battery"), Ask("id")])
    def test_nothing_else_is_possible(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand):
            ClimbroDialogue().send(command)

    def test_nothing_is_asked_of_what_others_write(self) -> None:
        dialogue = ClimbroDialogue()
        assert (dialogue.wrote(DATA, b"$$$"), dialogue.overdue(), dialogue.waiting) == ([], [], False)


def test_what_rests_on_one_source_is_told() -> None:
    assert CLIMBRO.evidence == "C"
    assert not CLIMBRO.capabilities.scale_settled
    assert "kilogram" in CLIMBRO.capabilities.timed


@pytest.mark.parametrize(
    ("name", "ours"), [("Climbro", True), ("Climbro_12", True), ("My Climbro", False), (None, False)]
)
def test_recognised_by_its_name(name: str | None, ours: bool) -> None:
    assert (identify(Advertisement(name)) is CLIMBRO) is ours


class TestPuppet:
    def test_says_battery_first_and_thirty_six_by_its_own_byte(self) -> None:
        puppet = ClimbroPuppet(batch=3, battery=0x70)
        played = [note for value in (10, 36, 20) for note in puppet.sample(0.0, value * G)]
        assert played == [Notify(DATA, bytes.fromhex("F0 70 F5 0A F6 14"))]

    def test_never_says_a_marker_for_a_force(self) -> None:
        (note,) = ClimbroPuppet().sample(0.0, 245 * G)
        assert note == Notify(DATA, bytes.fromhex("F0 AB F5 EF"))

    def test_tells_all_anew_after_a_hang_up(self) -> None:
        puppet = ClimbroPuppet()
        puppet.sample(0.0, 0.0)
        puppet.hung_up()
        assert puppet.sample(0.0, 10 * G) == [Notify(DATA, bytes.fromhex("F0 AB F5 0A"))]
