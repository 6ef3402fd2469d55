"""The Motherboard, line by line: lines from other programs' tests and notes, or computed by hand from the format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import identify
from firmware_protocols.codec import (
    Advertisement,
    Ask,
    Channel,
    Command,
    HangUp,
    Index,
    Info,
    Lost,
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
from firmware_protocols.motherboard import (
    CONTROL,
    DATA,
    MOTHERBOARD,
    MotherboardDialogue,
    MotherboardPuppet,
    curve,
    kilograms,
)

BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"
FIRST = b"01002C010A0000ECFFFFE2FFFF000000\n"
SECOND = b"02002C01050000F6FFFFF1FFFF000000\n"
THIRD = b"03002C01140000D8FFFFC4FFFF000000\n"
ASK = Write(CONTROL, b"C", response=True, reply_within=3.0)


def dump(*masses: float, counts: float = 1.0, without: tuple[int, int] | None = None) -> bytes:
    """What the board prints for `C`, with the same points for each sensor."""
    points = [(s, n, mass) for s in range(4) for n, mass in enumerate(masses or (0.0, 10.0, 20.0, 1000.0))]
    lines = [f"{s},{n},{mass:.8f},{round(mass * counts)}\r\n" for s, n, mass in points if (s, n) != without]
    return "".join(lines).encode()


IDENTITY = dump()


def calibrated() -> MotherboardDialogue:
    dialogue = MotherboardDialogue()
    dialogue.wrote(CONTROL, b"C")
    dialogue.receive(DATA, IDENTITY)
    return dialogue


def values(said: list[Said]) -> list[tuple[float, ...]]:
    """Total, left, center, right of each sample."""
    return [tuple(value for (value,) in one.values.values()) for one in said if isinstance(one, Samples)]


class TestWorkedFrames:
    def test_a_sample_by_identity(self) -> None:
        said = calibrated().receive(DATA, FIRST)
        assert said == [
            Info("battery_raw", 300),
            Samples({"total": (60.0,), "left": (10.0,), "center": (20.0,), "right": (30.0,)}),
        ]

    def test_three_in_a_row(self) -> None:
        said = calibrated().receive(DATA, FIRST + SECOND + THIRD)
        assert values(said) == [(60.0, 10.0, 20.0, 30.0), (30.0, 5.0, 10.0, 15.0), (120.0, 20.0, 40.0, 60.0)]
        assert not [one for one in said if isinstance(one, Lost | Malformed)]

    def test_a_line_of_the_published_calibration(self) -> None:
        text = dump(0.0, 10.0, 20.0, 47.3, counts=1_112_352 / 47.3)
        assert b"\n2,3,47.30000000,1112352\r\n" in text
        dialogue = MotherboardDialogue()
        dialogue.receive(DATA, text)
        frame = b"\1\0\0\0" + b"".join(count.to_bytes(3, "little", signed=True) for count in (0, 0, -1_112_352, 0))
        ((total, _, _, right),) = values(dialogue.receive(DATA, frame.hex().encode() + b"\n"))
        assert (total, right) == pytest.approx((47.3, 47.3), rel=1e-5)

    def test_without_calibration_there_are_counts(self) -> None:
        said = MotherboardDialogue().receive(DATA, FIRST)
        assert said[0] == Ready(
            tuple(Channel(n, "count") for n in ("total", "left", "center", "right")), Index(30.0), 30.0
        )
        assert values(said) == [(60.0, 10.0, 20.0, 30.0)]

    def test_the_extremes_of_24_bits(self) -> None:
        line = ("0100" + "2C01" + "FFFF7F" + "000080" + "FFFFFF" + "000000").encode() + b"\r\n"
        assert values(MotherboardDialogue().receive(DATA, line))[0][1:] == (8_388_607.0, 8_388_608.0, 1.0)

    def test_battery(self) -> None:
        assert MotherboardDialogue().receive(BATTERY, b"\x57") == [Info("battery_percent", 87)]


class TestCurve:
    LINE = ((100.0, 0.0), (300.0, 10.0), (500.0, 30.0), (1100.0, 60.0))

    @pytest.mark.parametrize(
        ("count", "mass"),
        [(100, 0), (200, 5), (300, 10), (400, 20), (500, 30), (800, 45), (1100, 60)],
    )
    def test_straight_between_the_points(self, count: float, mass: float) -> None:
        assert kilograms(self.LINE, count) == pytest.approx(mass)

    @pytest.mark.parametrize(("count", "mass"), [(1300, 70), (2100, 110), (0, -5), (-100, -10)])
    def test_and_straight_on_beyond_them(self, count: float, mass: float) -> None:
        assert kilograms(self.LINE, count) == pytest.approx(mass)

    def test_a_peak_above_the_last_point_is_no_release(self) -> None:
        dialogue = calibrated()
        line = ("0100" + "2C01" + (1500).to_bytes(3, "little").hex() + "00" * 9).encode() + b"\n"
        said = dialogue.receive(DATA, line)
        assert values(said) == [(1500.0, 1500.0, 0.0, 0.0)]
        assert Info("beyond_calibration", True) in said
        assert Info("beyond_calibration", True) not in dialogue.receive(DATA, line.replace(b"0100", b"0200"))

    def test_points_that_leave_no_curve(self) -> None:
        whole = {(0, n): (float(n), float(n)) for n in range(4)}
        assert curve(whole, 0) is not None
        assert curve(whole | {(0, 3): (2.0, 9.0)}, 0) is None  # two at one count
        assert curve({key: value for key, value in whole.items() if key != (0, 2)}, 0) is None
        assert curve(whole, 1) is None


class TestCalibration:
    def test_is_asked_for_after_what_can_be_read(self) -> None:
        *reads, question = MotherboardDialogue().open()
        assert {type(one) for one in reads} == {Read}
        assert question == ASK

    def test_ready_when_it_is_whole(self) -> None:
        dialogue = MotherboardDialogue()
        dialogue.open()
        dialogue.wrote(CONTROL, b"C")
        assert dialogue.waiting
        assert dialogue.receive(DATA, IDENTITY[:-40]) == []
        assert dialogue.waiting
        (ready,) = dialogue.receive(DATA, IDENTITY[-40:])
        assert isinstance(ready, Ready)
        assert [channel.name for channel in ready.channels] == ["total", "left", "center", "right"]
        assert {channel.unit for channel in ready.channels} == {"kg"}
        assert ready.timebase == Index(30.0)
        assert ready.resolution == pytest.approx(3 * 9.80665)  # a count a zone, one kilogram each
        assert not dialogue.waiting

    def test_a_line_that_got_lost_is_asked_for_again(self) -> None:
        dialogue = MotherboardDialogue()
        dialogue.open()
        dialogue.wrote(CONTROL, b"C")
        assert dialogue.receive(DATA, dump(without=(1, 2))) == [ASK]
        dialogue.wrote(CONTROL, b"C")
        assert isinstance(dialogue.receive(DATA, dump(without=(0, 0)))[0], Ready)

    def test_silence_is_asked_three_times_and_then_there_are_counts(self) -> None:
        dialogue = MotherboardDialogue()
        dialogue.open()
        for _ in range(2):
            dialogue.wrote(CONTROL, b"C")
            assert dialogue.overdue() == [ASK]
        dialogue.wrote(CONTROL, b"C")
        (ready,) = dialogue.overdue()
        assert isinstance(ready, Ready)
        assert ready.channels[0].unit == "count"

    def test_the_fourth_sensor_may_be_empty(self) -> None:
        dialogue = MotherboardDialogue()
        said = dialogue.receive(DATA, IDENTITY.split(b"3,0")[0] + b"".join(b"3,%d,0.0,0\r\n" % n for n in range(4)))
        assert isinstance(said[0], Ready)
        assert said[0].channels[0].unit == "kg"

    def test_a_broken_one_does_not_undo_a_whole_one(self) -> None:
        dialogue = calibrated()
        dialogue.receive(DATA, dump(0.0, 10.0, 20.0, 20.0))
        assert values(dialogue.receive(DATA, FIRST)) == [(60.0, 10.0, 20.0, 30.0)]

    @pytest.mark.parametrize(
        "line", [b"4,0,1.0,5", b"0,4,1.0,5", b"0,0,nan,5", b"0,0,1.0", b"0,0,1.0,5,6", b"0,0,1e9,5"]
    )
    def test_lines_that_are_no_point(self, line: bytes) -> None:
        assert MotherboardDialogue().receive(DATA, line + b"\r\n") == [Malformed("a line that is not understood", line)]


class TestLines:
    @given(st.lists(st.integers(0, 120), max_size=6))
    def test_cuts_do_not_matter(self, cuts: list[int]) -> None:
        text = (FIRST + SECOND + THIRD).replace(b"\n", b"\r\n")
        edges = [0, *sorted(cuts), len(text)]
        dialogue = calibrated()
        said = [m for a, b in zip(edges, edges[1:], strict=False) for m in dialogue.receive(DATA, text[a:b])]  # noqa: RUF007 - beside `b` it reads alike
        assert values(said) == [(60.0, 10.0, 20.0, 30.0), (30.0, 5.0, 10.0, 15.0), (120.0, 20.0, 40.0, 60.0)]

    @pytest.mark.parametrize(
        "line", [b"01002C010A0000ECFF", FIRST[:-1] + b"00", b"01002C010A0000ECFFFFE2FFFF00000G", b"\xff"]
    )
    def test_what_is_no_line_is_told_with_its_bytes(self, line: bytes) -> None:
        assert calibrated().receive(DATA, line + b"\r\n") == [Malformed("a line that is not understood", line)]

    def test_a_line_without_an_end_is_given_up(self) -> None:
        dialogue = calibrated()
        assert dialogue.receive(DATA, bytes(512)) == []
        (said,) = dialogue.receive(DATA, b"\0")
        assert isinstance(said, Malformed)
        assert len(said.data) == 513
        assert values(dialogue.receive(DATA, FIRST)) == [(60.0, 10.0, 20.0, 30.0)]

    def test_an_error_is_told(self) -> None:
        assert calibrated().receive(DATA, b"Error VAL\r\n") == [Info("errors", "Error VAL")]

    def test_empty_lines_are_nothing(self) -> None:
        assert calibrated().receive(DATA, b"\r\n\n") == []

    def test_from_another_characteristic(self) -> None:
        assert isinstance(calibrated().receive(CONTROL, FIRST)[0], Malformed)


class TestLoss:
    @staticmethod
    def lost(*indices: int) -> list[int]:
        dialogue = calibrated()
        lines = [(i.to_bytes(2, "little") + bytes(14)).hex().encode() + b"\n" for i in indices]
        return [one.samples for line in lines for one in dialogue.receive(DATA, line) if isinstance(one, Lost)]

    def test_by_the_index(self) -> None:
        assert self.lost(1, 2, 3) == []
        assert self.lost(1, 5, 6) == [3]

    def test_across_the_wrap(self) -> None:
        assert self.lost(65_534, 65_535, 0, 1) == []
        assert self.lost(65_534, 2) == [3]

    def test_an_index_begun_anew_is_no_loss(self) -> None:
        assert self.lost(500, 1, 2) == []

    def test_a_repeated_line_is_no_sample(self) -> None:
        dialogue = calibrated()
        dialogue.receive(DATA, FIRST)
        assert [type(one) for one in dialogue.receive(DATA, FIRST + SECOND)] == [Malformed, Samples]

    def test_a_new_run_does_not_count_from_the_old_one(self) -> None:
        dialogue = calibrated()
        dialogue.receive(DATA, THIRD)
        dialogue.wrote(CONTROL, b"S30")
        assert not [one for one in dialogue.receive(DATA, FIRST) if isinstance(one, Lost)]


class TestScripts:
    @pytest.mark.parametrize(("command", "data"), [(Start(), b"S30"), (Stop(), b"#"), (Sleep(), b"\0")])
    def test_each_is_one_command(self, command: Command, data: bytes) -> None:
        assert calibrated().send(command) == [Write(CONTROL, data, response=True)]

    @pytest.mark.parametrize("command", [Tare(), Ask("errors")])
    def test_what_it_cannot_do(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand):
            calibrated().send(command)

    @pytest.mark.parametrize("command", [b"#", b"C", b"T", b"\0"])
    def test_any_command_ends_the_run(self, command: bytes) -> None:
        dialogue = calibrated()
        assert dialogue.wrote(CONTROL, b"S30") == [RunStarted()]
        assert dialogue.wrote(CONTROL, command) == [RunStopped()]
        assert dialogue.wrote(CONTROL, command) == []

    def test_what_stops_it_tells_the_serial_number(self) -> None:
        dialogue = calibrated()
        dialogue.wrote(CONTROL, b"#")
        assert dialogue.receive(DATA, b"MB0815\r\n") == [Info("serial", "MB0815")]
        assert isinstance(dialogue.receive(DATA, b"MB0815\r\n")[0], Malformed)

    def test_the_pace_that_the_board_states_holds(self) -> None:
        dialogue = calibrated()
        assert dialogue.wrote(CONTROL, b"S30") == [RunStarted()]
        assert dialogue.receive(DATA, b"Stream:30\r\n") == []
        (ready,) = dialogue.receive(DATA, b"Stream:20\r\n")
        assert isinstance(ready, Ready)
        assert (ready.timebase, ready.rate) == (Index(20.0), 20.0)

    def test_and_so_does_that_which_another_program_asked_for(self) -> None:
        ready, started = calibrated().wrote(CONTROL, b"S60")
        assert isinstance(ready, Ready)
        assert ready.rate == 60.0
        assert started == RunStarted()

    def test_no_script_writes_anything_else(self) -> None:
        dialogue = MotherboardDialogue()
        said = [*dialogue.open(), *dialogue.overdue(), *dialogue.overdue(), *dialogue.overdue()]
        for command in (Start(), Stop(), Ask("battery"), Ask("firmware"), Ask("id")):
            said += dialogue.send(command)
        assert {(one.characteristic, one.data) for one in said if isinstance(one, Write)} == {
            (CONTROL, data) for data in (b"C", b"S30", b"#")
        }


def test_a_pace_that_nobody_verified_carries_no_timed_number() -> None:
    assert "pace" in MOTHERBOARD.capabilities.timed
    assert not MOTHERBOARD.capabilities.rate_settled
    assert not MOTHERBOARD.capabilities.scale_settled


@pytest.mark.parametrize(("name", "ours"), [("Motherboard", True), ("Motherboard 2", False), (None, False)])
def test_recognised_by_its_exact_name_and_not_by_the_service_that_many_share(name: str | None, ours: bool) -> None:
    nordic = frozenset({"6e400001-b5a3-f393-e0a9-e50e24dcca9e"})
    assert (identify(Advertisement(name, nordic)) is MOTHERBOARD) is ours


class TestPuppet:
    def test_prints_sixteen_points_in_pieces_of_twenty_bytes(self) -> None:
        played = MotherboardPuppet().written(CONTROL, b"C")
        pieces = [one.data for one in played if isinstance(one, Notify)]
        assert max(map(len, pieces)) == 20
        lines = b"".join(pieces).split(b"\r\n")
        assert len(lines) == 17
        assert lines[11].startswith(b"2,3,47.3")

    def test_streams_what_it_feels(self) -> None:
        puppet = MotherboardPuppet(counts=1.0)
        puppet.written(CONTROL, b"S30")
        played = puppet.sample(0.0, 60 * 9.80665)
        text = b"".join(one.data for one in played if isinstance(one, Notify))
        assert text == b"01002C01140000ECFFFFECFFFF000000\r\n"  # 20, -20, -20

    def test_any_command_ends_the_stream(self) -> None:
        puppet = MotherboardPuppet()
        puppet.written(CONTROL, b"S30")
        puppet.written(CONTROL, b"X")
        assert puppet.sample(0.0, 1.0) == []
        assert puppet.written(CONTROL, b"\0") == [HangUp()]


@pytest.mark.parametrize(("kilograms", "beyond"), [(100.0, False), (-20.0, False), (150.0, True)])
def test_only_more_load_than_was_calibrated_is_beyond_it(kilograms: float, beyond: bool) -> None:
    puppet = MotherboardPuppet()
    dialogue = MotherboardDialogue()
    said: list[Said] = []
    for data in (b"C", b"S30"):
        said += dialogue.wrote(CONTROL, data)
        for note in puppet.written(CONTROL, data):
            assert isinstance(note, Notify)
            said += dialogue.receive(DATA, note.data)
    for note in puppet.sample(0.0, kilograms * 9.80665):
        assert isinstance(note, Notify)
        said += dialogue.receive(DATA, note.data)
    assert (Info("beyond_calibration", True) in said) is beyond
