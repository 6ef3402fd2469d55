"""The LineScale 3, frame by frame: the maker's own example, and frames computed by hand from its table."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import candidates, identify
from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Ask,
    Channel,
    Command,
    HangUp,
    Info,
    Malformed,
    Notify,
    Pause,
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
from firmware_protocols.linescale import CONTROL, DATA, LINESCALE, LineScaleDialogue, LineScalePuppet

PUBLISHED = "52 30 30 30 2E 36 33 5A 2D 33 32 2E 38 34 52 4E 53 31 30 0D"
FORTY = "52 30 30 31 2E 32 35 4E 30 30 30 2E 30 30 48 4E 46 36 30 0D"
NEGATIVE = "52 2D 30 30 2E 33 35 4E 30 30 30 2E 30 30 39 4E 46 34 32 0D"
OVERLOAD = "4F 30 33 30 2E 35 30 4E 30 30 30 2E 30 30 52 4E 53 38 30 0D"


def heard(*pieces: str | bytes) -> list[Said]:
    dialogue = LineScaleDialogue()
    data = [piece if isinstance(piece, bytes) else bytes.fromhex(piece) for piece in pieces]
    return [message for piece in data for message in dialogue.receive(DATA, piece)]


def newtons(said: list[Said]) -> list[float]:
    return [value for one in said if isinstance(one, Samples) for value in one.values["force"]]


def infos(said: list[Said]) -> dict[str, object]:
    return {one.name: one.value for one in said if isinstance(one, Info)}


def summed(text: str) -> bytes:
    """A frame of 17 characters with its sum, as the maker's example has it."""
    body = text.encode("ascii")
    assert len(body) == 17
    return body + b"%02d\r" % (sum(body) % 100)


class TestWorkedFrames:
    def test_the_makers_example(self) -> None:
        said = heard(PUBLISHED)
        assert newtons(said) == pytest.approx([630.0])
        assert infos(said) == {"battery_percent": 100, "unit": "kN", "zero": "-32.84 kN", "shows": "force"}
        assert [one.rate for one in said if isinstance(one, Ready)] == [10.0]

    def test_the_sum_of_the_makers_example_is_over_seventeen_bytes(self) -> None:
        data = bytes.fromhex(PUBLISHED)
        assert sum(data[:17]) == 0x3F2
        assert data[17:19] == b"10"
        assert sum(data[:16]) % 100 != 10

    def test_forty_a_second(self) -> None:
        said = heard(FORTY)
        assert newtons(said) == pytest.approx([1250.0])
        assert infos(said) == {"battery_percent": 80, "unit": "kN", "zero": "absolute", "shows": "force"}
        assert not [one for one in said if isinstance(one, Ready)]

    def test_below_zero(self) -> None:
        said = heard(NEGATIVE)
        assert newtons(said) == pytest.approx([-350.0])
        assert infos(said)["battery_percent"] == 50

    def test_overload_is_told_while_it_lasts(self) -> None:
        said = heard(OVERLOAD, OVERLOAD, FORTY)
        assert newtons(said) == pytest.approx([30_500.0, 30_500.0, 1250.0])
        assert [one.value for one in said if isinstance(one, Info) and one.name == "overload"] == [True, False]

    @pytest.mark.parametrize(
        ("command", "data"),
        [
            (Start(), "41 0D 0A 58"),
            (Stop(), "45 0D 0A 5C"),
            (Tare(), "5A 0D 0A 71"),
            (Sleep(), "4F 0D 0A 66"),
        ],
    )
    def test_commands(self, command: Command, data: str) -> None:
        assert LineScaleDialogue().send(command)[0] == Write(CONTROL, bytes.fromhex(data), response=True)


class TestUnits:
    @pytest.mark.parametrize(("letter", "force"), [("N", 1250.0), ("G", 12.2583125), ("B", 5.560277)])
    def test_each_is_honoured(self, letter: str, force: float) -> None:
        assert newtons(heard(summed(f"R001.25N000.00H{letter}F"))) == pytest.approx([force])

    def test_it_is_told_when_it_changes(self) -> None:
        said = heard(FORTY, summed("R001.25N000.00HGF"), summed("R001.25N000.00HGF"))
        assert [one.value for one in said if isinstance(one, Info) and one.name == "unit"] == ["kN", "kgf"]


class TestModes:
    def test_the_largest_value_so_far_is_no_sample(self) -> None:
        said = heard(summed("C001.25N000.00HNF"), FORTY)
        assert newtons(said) == pytest.approx([1250.0])
        assert [one.value for one in said if isinstance(one, Info) and one.name == "shows"] == ["maximum", "force"]


class TestMalformed:
    @pytest.mark.parametrize("at", range(17))
    def test_one_wrong_character(self, at: int) -> None:
        data = bytearray.fromhex(FORTY)
        data[at] ^= 0x01
        (said,) = heard(bytes(data))
        assert isinstance(said, Malformed)
        assert said.data == bytes(data[:-1])

    @pytest.mark.parametrize(
        "text", ["R0.1.25N000.00HNF", "R------N000.00HNF", "R001.25N0 0.00HNF", "R      N000.00HNF"]
    )
    def test_what_is_no_number(self, text: str) -> None:
        (said,) = heard(summed(text))
        assert isinstance(said, Malformed)
        assert said.samples == 1

    @pytest.mark.parametrize("data", ["0D", "52 0D", FORTY[:-6] + " 0D"])
    def test_what_is_no_frame(self, data: str) -> None:
        (said,) = heard(data)
        assert isinstance(said, Malformed)
        assert said.samples == 0

    def test_a_frame_without_an_end_is_given_up(self) -> None:
        said = heard(b"R" * 64, b"R", bytes.fromhex(FORTY))
        assert said[0] == Malformed("a frame without an end", b"R" * 65)
        assert newtons(said) == pytest.approx([1250.0])

    @given(st.lists(st.integers(0, 60), max_size=6))
    def test_cuts_do_not_matter(self, cuts: list[int]) -> None:
        text = bytes.fromhex(FORTY + NEGATIVE + FORTY)
        pieces = [text[a:b] for a, b in pairwise([0, *sorted(cuts), len(text)])]
        assert newtons(heard(*pieces)) == pytest.approx([1250.0, -350.0, 1250.0])

    def test_a_loss_costs_the_frames_that_it_hit(self) -> None:
        assert newtons(heard(FORTY[:24], FORTY, NEGATIVE)) == pytest.approx([1250.0, -350.0])

    def test_from_another_characteristic(self) -> None:
        assert isinstance(LineScaleDialogue().receive(CONTROL, bytes.fromhex(FORTY))[0], Malformed)

    def test_half_a_frame_does_not_cost_the_next(self) -> None:
        said = heard(b"R-00.35N0", b"R005.00N000.00HNF57\r")
        assert newtons(said) == pytest.approx([5000.0])
        assert [one.samples for one in said if isinstance(one, Malformed)] == [1]

    def test_spaces_in_place_of_zeros(self) -> None:
        assert newtons(heard(b"R  1.25N  0.00HNF96\r")) == pytest.approx([1250.0])


class TestScripts:
    def test_ready_at_once(self) -> None:
        assert LineScaleDialogue().open() == [Ready((Channel("force", "N"),), Arrival(40.0), rate=40.0)]

    def test_start_is_said_twice_and_is_one_run(self) -> None:
        dialogue = LineScaleDialogue()
        first, pause, second = dialogue.send(Start())
        assert first == second
        assert pause == Pause(0.2)
        assert isinstance(first, Write)
        assert [dialogue.wrote(CONTROL, first.data) for _ in range(2)] == [[RunStarted()], []]
        assert dialogue.wrote(CONTROL, bytes.fromhex("45 0D 0A 5C")) == [RunStopped()]
        assert dialogue.wrote(CONTROL, first.data) == [RunStarted()]

    @pytest.mark.parametrize("data", ["", "41", "41 0D 0A 59", "53 0D 0A 6A"])
    def test_nothing_else_starts_a_run(self, data: str) -> None:
        assert LineScaleDialogue().wrote(CONTROL, bytes.fromhex(data)) == []

    @pytest.mark.parametrize("command", [Ask("battery"), Ask("firmware")])
    def test_what_it_cannot_be_asked(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand):
            LineScaleDialogue().send(command)

    def test_no_script_overwrites_the_absolute_zero_or_changes_unit_or_speed(self) -> None:
        dialogue = LineScaleDialogue()
        said = [*dialogue.open(), *dialogue.overdue()]
        for command in (Start(), Stop(), Tare()):
            said += dialogue.send(command)
        assert {one.data[:1] for one in said if isinstance(one, Write)} == {b"A", b"E", b"Z"}


@pytest.mark.parametrize(("service", "ours"), [("1000", True), ("1002", False), ("ffe0", False)])
def test_its_service_makes_it_possible_and_never_sure(service: str, ours: bool) -> None:
    seen = Advertisement(None, frozenset({f"0000{service}-0000-1000-8000-00805f9b34fb"}))
    assert (LINESCALE in candidates(seen)) is ours
    assert identify(seen) is None


class TestPuppet:
    @pytest.mark.parametrize(("force", "battery", "frame"), [(1250.0, 80, FORTY), (-350.0, 50, NEGATIVE)])
    def test_says_what_the_worked_frames_say(self, force: float, battery: int, frame: str) -> None:
        puppet = LineScalePuppet(battery=battery)
        puppet.written(CONTROL, bytes.fromhex("41 0D 0A 58"))
        assert puppet.sample(0.0, force) == [Notify(DATA, bytes.fromhex(frame))]

    def test_overload_and_relative_zero(self) -> None:
        puppet = LineScalePuppet(battery=100)
        puppet.written(CONTROL, bytes.fromhex("41 0D 0A 58"))
        (note,) = puppet.sample(0.0, 30_500.0)
        assert isinstance(note, Notify)
        assert note.data[:8] == b"O030.50N"
        puppet.sample(0.0, -32_840.0)
        puppet.written(CONTROL, bytes.fromhex("5A 0D 0A 71"))
        (note,) = puppet.sample(0.0, -32_210.0)
        assert isinstance(note, Notify)
        assert note.data[1:15] == bytes.fromhex(PUBLISHED)[1:15]

    def test_is_silent_when_offline_and_goes_off_when_told(self) -> None:
        puppet = LineScalePuppet()
        assert puppet.sample(0.0, 10.0) == []
        assert puppet.written(CONTROL, bytes.fromhex("4F 0D 0A 66")) == [HangUp()]
