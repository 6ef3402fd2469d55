"""The PASCO sensors, message by message: bytes that others recorded, or computed by hand from the format."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import CODECS, identify
from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Ask,
    Channel,
    Command,
    Info,
    Lost,
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
from firmware_protocols.pasco.dialogue import PascoDialogue
from firmware_protocols.pasco.puppet import PascoPuppet
from firmware_protocols.pasco.wire import Line, Opcode, interface

DEVICE_COMMAND = "4a5c0000-0002-0000-0000-5c1e741f1c00"
DEVICE_RESPONSE = "4a5c0000-0003-0000-0000-5c1e741f1c00"
SENSOR_COMMAND = "4a5c0001-0002-0000-0000-5c1e741f1c00"
SENSOR_RESPONSE = "4a5c0001-0003-0000-0000-5c1e741f1c00"
SENSOR_STREAM = "4a5c0001-0004-0000-0000-5c1e741f1c00"
SENSOR_ACKNOWLEDGE = "4a5c0001-0005-0000-0000-5c1e741f1c00"

CALIBRATION = "0A 00 00 00 00 47 00 00 00 00 00 40 9C 45 00 00 48 42"
LOAD_CELL = "82 FB 07"  # sensor 2043


def of(kind: type, said: list[Said]) -> list[Any]:
    return [message for message in said if isinstance(message, kind)]


def heard(*frames: str, characteristic: str = DEVICE_RESPONSE, stream: bool = False) -> list[Said]:
    dialogue = PascoDialogue(stream=stream)
    return [said for frame in frames for said in dialogue.receive(characteristic, bytes.fromhex(frame))]


def force(said: list[Said], name: str = "force") -> list[float]:
    return [value for message in of(Samples, said) for value in message.values[name]]


class Talk:
    """A dialogue and a puppet joined without any radio."""

    def __init__(self, puppet: PascoPuppet | None = None, *, stream: bool = False) -> None:
        self.puppet = puppet or PascoPuppet()
        self.dialogue = PascoDialogue(stream=stream)
        self.asked: list[tuple[str, bytes]] = []
        self.told = self.play(self.dialogue.open())

    def play(self, said: list[Said]) -> list[Said]:
        script, told = list(said), list[Said]()
        while script:
            step = script.pop(0)
            if isinstance(step, Write):
                assert not step.response
                self.asked.append((step.characteristic, step.data))
                told += self.dialogue.wrote(step.characteristic, step.data)
                for act in self.puppet.written(step.characteristic, step.data):
                    assert isinstance(act, Notify)
                    script += self.dialogue.receive(act.characteristic, act.data)
            else:
                told.append(step)
        return told

    def feel(self, *forces: float) -> list[Said]:
        told: list[Said] = []
        for value in forces:
            for act in self.puppet.sample(0.0, value):
                assert isinstance(act, Notify)
                told += self.play(self.dialogue.receive(act.characteristic, act.data))
        return told


class TestWorkedFrames:
    @pytest.mark.parametrize(
        ("frame", "newtons"),
        [
            ("C0 00 05 30 75", 4.984),
            ("C0 00 05 00 80", 0.0),
            ("C0 00 05 88 13", 50.0),
            ("C0 00 05 40 9C", -13.022),
        ],
    )
    @pytest.mark.parametrize("characteristic", [DEVICE_RESPONSE, SENSOR_RESPONSE])
    def test_a_load_cell_with_the_typical_calibration(self, frame: str, newtons: float, characteristic: str) -> None:
        """The reply to a sensor's request was seen on the device's own characteristic."""
        said = heard(frame, characteristic=characteristic)
        assert force(said) == [pytest.approx(newtons, abs=5e-4)]
        assert of(Info, said)[0].name == "assumed"
        assert of(Ready, said)[0].channels == (Channel("force", "N"),)

    def test_a_platform(self) -> None:
        said = heard("C0 00 05 30 75 24 77 18 79 3C 73")
        assert force(said) == [pytest.approx(31.705, abs=5e-4)]
        beams = [force(said, f"beam_{number}")[0] for number in (1, 2, 3, 4)]
        assert beams == pytest.approx([8.713, 7.139, 5.565, 10.287], abs=5e-4)

    def test_a_platform_with_five_values_keeps_the_fifth_as_a_count(self) -> None:
        said = heard("C0 00 05 30 75 24 77 18 79 3C 73 07 00")
        assert force(said) == [pytest.approx(31.705, abs=5e-4)]
        assert force(said, "along") == [7.0]
        assert of(Ready, said)[0].channels[-1] == Channel("along", "count")

    def test_a_calibration(self) -> None:
        said = heard(LOAD_CELL, CALIBRATION, "0B", "C0 00 05 30 75")
        (ready,) = of(Ready, said)
        assert ready.channels == (Channel("force", "N"),)
        assert (ready.timebase, ready.capacity) == (Arrival(10.0), 50.0)
        assert ready.resolution == pytest.approx(0.00180063, abs=5e-9)
        assert force(said) == [pytest.approx(4.984, abs=5e-4)]
        assert of(Info, said) == [Info("model", "Load Cell")]

    def test_requests(self) -> None:
        talk = Talk()
        assert talk.asked == [
            (SENSOR_COMMAND, bytes.fromhex("08")),
            (DEVICE_COMMAND, bytes.fromhex("0E 83 02 00 00 00 10 00")),
            (DEVICE_COMMAND, bytes.fromhex("09 01 10 00 10")),
            (SENSOR_COMMAND, bytes.fromhex("05 02")),
        ]

    def test_requests_that_stream(self) -> None:
        assert Talk(stream=True).asked[-2:] == [
            (SENSOR_COMMAND, bytes.fromhex("01 10 27 00 00 00 00")),
            (DEVICE_COMMAND, bytes.fromhex("06 0A 00")),
        ]

    def test_a_packet_of_a_stream(self) -> None:
        said = heard("04 30 75 3A 75 44 75", characteristic=SENSOR_STREAM)
        assert force(said) == pytest.approx([4.984, 4.966, 4.948], abs=5e-4)

    def test_a_packet_that_was_recorded(self) -> None:
        assert len(force(heard("1A CE 06", characteristic=SENSOR_STREAM))) == 1

    @pytest.mark.parametrize("event", ["85 96 0F 62 00 04", "85 7D 0F 5D 00 00"])
    def test_an_event_whose_layout_nobody_knows_stays_raw(self, event: str) -> None:
        assert heard(event) == [Info("event_85", event[3:].replace(" ", "").lower())]


class TestCalibration:
    def test_the_sensor_s_own_counts_and_not_the_typical_one(self) -> None:
        """The typical one is several percent off."""
        talk = Talk(PascoPuppet(lines=(Line(32000.0, 0.0, 6000.0, 50.0),)))
        said = talk.feel(25.0)
        assert force(said) == [pytest.approx(25.0, abs=0.001)]

    def test_larger_counts_are_less_force(self) -> None:
        assert force(heard("C0 00 05 40 9C"))[0] < 0.0 < force(heard("C0 00 05 30 75"))[0]

    def test_samples_before_it_are_not_believed(self) -> None:
        dialogue = PascoDialogue()
        dialogue.wrote(SENSOR_COMMAND, b"\x08")
        (said,) = dialogue.receive(DEVICE_RESPONSE, bytes.fromhex("C0 00 05 30 75"))
        assert isinstance(said, Malformed)
        assert isinstance(dialogue.receive(SENSOR_STREAM, bytes.fromhex("04 30 75"))[0], Malformed)

    def test_of_a_platform_has_a_line_for_each_beam(self) -> None:
        lines = tuple(Line(32768.0, 0.0, 1000.0, 1000.0 + number) for number in range(4))
        talk = Talk(PascoPuppet(name="Force Platform 742-993>J5", sensor=2076, lines=lines))
        assert (DEVICE_COMMAND, bytes.fromhex("09 01 40 00 10")) in talk.asked
        assert (SENSOR_COMMAND, bytes.fromhex("05 08")) in talk.asked
        (ready,) = of(Ready, talk.told)
        assert [channel.name for channel in ready.channels] == ["force", "beam_1", "beam_2", "beam_3", "beam_4"]
        assert ready.capacity == 4400.0
        said = talk.feel(800.0)
        assert force(said) == [pytest.approx(800.0, abs=0.1)]
        assert force(said, "beam_1") == [pytest.approx(200.0, abs=0.05)]

    def test_a_beam_along_the_platform_is_no_part_of_the_total(self) -> None:
        lines = (Line(32768.0, 0.0, 1000.0, 1000.0),) * 4 + (Line(30000.0, 0.0, 1000.0, 1000.0),)
        talk = Talk(PascoPuppet(name="Force Plat. 2D 742-993>a5", sensor=2077, lines=lines))
        said = talk.feel(800.0)
        assert force(said) == [pytest.approx(800.0, abs=0.1)]
        assert force(said, "along") == [pytest.approx(0.0, abs=0.05)]

    def test_that_is_not_complete_is_asked_for_again(self) -> None:
        talk = Talk()
        talk.dialogue.wrote(DEVICE_COMMAND, bytes.fromhex("09 01 10 00 10"))
        said = talk.dialogue.receive(DEVICE_RESPONSE, b"\x0b")
        assert isinstance(said[0], Malformed)
        assert isinstance(said[1], Pause)
        assert [step.data[0] for step in of(Write, said)] == [Opcode.PREPARE, Opcode.FETCH]
        assert of(Ready, said) == []

    @pytest.mark.parametrize(
        "line", [(1.0, 0.0, 1.0, 50.0), (float("nan"), 0.0, 1.0, 1.0), (0.0, float("inf"), 1.0, 1.0)]
    )
    def test_that_is_no_line(self, line: tuple[float, ...]) -> None:
        frame = "0A 00" + struct.pack("<4f", *line).hex()
        assert isinstance(heard(frame)[0], Malformed)
        assert of(Ready, heard(LOAD_CELL, frame, "0B")) == []

    def test_a_sensor_that_does_not_measure_force(self) -> None:
        said = heard("82 FC 07")  # 2044, an accelerometer
        assert Info("errors", "sensor 2044 is not known to measure force") in said


class TestPolling:
    def test_one_question_at_a_time_for_ever(self) -> None:
        talk = Talk()
        assert talk.dialogue.waiting
        said = talk.feel(1.0, 2.0, 3.0)
        assert said[0] == RunStarted()
        assert force(said) == [pytest.approx(value, abs=0.001) for value in (1.0, 2.0, 3.0)]
        assert len(of(RunStarted, said)) == 1
        assert [data for _, data in talk.asked[3:]] == [b"\x05\x02"] * 4

    def test_start_and_stop_ask_nothing(self) -> None:
        talk = Talk()
        assert talk.dialogue.send(Start()) == talk.dialogue.send(Stop()) == []

    @pytest.mark.parametrize("command", [Tare(), Sleep(), Ask("battery"), Ask("id")])
    def test_what_it_cannot_do_is_our_mistake(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand):
            PascoDialogue().send(command)

    def test_what_is_not_answered_is_asked_again(self) -> None:
        dialogue = PascoDialogue()
        assert dialogue.overdue() == []
        for opening, opcodes in (("08", [0x08]), ("05 02", [0x05])):
            dialogue.wrote(SENSOR_COMMAND, bytes.fromhex(opening))
            assert [step.data[0] for step in of(Write, dialogue.overdue())] == opcodes
        dialogue.wrote(DEVICE_COMMAND, bytes.fromhex("09 01 10 00 10"))
        assert [step.data[0] for step in of(Write, dialogue.overdue())] == [0x0E, 0x09]

    def test_a_refusal_is_told_and_asked_again_after_a_while(self) -> None:
        talk = Talk()
        info, pause, again = talk.dialogue.receive(DEVICE_RESPONSE, bytes.fromhex("C0 01 05"))
        assert info == Info("errors", "request 05 was refused (01)")
        assert isinstance(pause, Pause)
        assert again == Write(SENSOR_COMMAND, b"\x05\x02", response=False, reply_within=2.0)
        assert talk.dialogue.receive(DEVICE_RESPONSE, bytes.fromhex("C0 01 00")) == [
            Info("errors", "request 00 was refused (01)")
        ]

    def test_a_keepalive_of_another_program_says_nothing(self) -> None:
        assert heard("C0 00 00") == heard("C0 00 37") == []

    def test_a_sample_of_another_size_is_not_one(self) -> None:
        talk = Talk()
        said = talk.dialogue.receive(DEVICE_RESPONSE, bytes.fromhex("C0 00 05 30 75 24 77 18 79 3C 73"))
        assert isinstance(said[0], Malformed)
        assert of(Write, said)  # and the asking goes on


class TestStreaming:
    def test_is_off_unless_asked_for(self) -> None:
        assert Talk().asked[-1][1][0] == Opcode.SAMPLE
        assert {data[0] for _, data in Talk().asked} == {Opcode.SENSOR_ID, Opcode.PREPARE, Opcode.FETCH, Opcode.SAMPLE}
        assert CODECS["pasco"].options[0].default == "no"

    def test_goes_at_the_period_that_was_set(self) -> None:
        assert Talk().puppet.rate == 10.0
        talk = Talk(stream=True)
        assert talk.puppet.rate == 100.0
        (ready,) = of(Ready, talk.told)
        assert ready.timebase == Arrival(100.0)

    def test_is_acknowledged_every_eight_packets(self) -> None:
        talk = Talk(PascoPuppet(batch=2), stream=True)
        said = talk.feel(*[1.0] * 80)
        assert len(force(said)) == 80
        acknowledged = [data for characteristic, data in talk.asked if characteristic == SENSOR_ACKNOWLEDGE]
        assert acknowledged == [bytes([0, 0, 0, 0, number]) for number in (7, 15, 23, 31, 7)]

    def test_a_device_that_is_not_heard_falls_silent(self) -> None:
        talk = Talk(PascoPuppet(unheard=4), stream=True)
        assert len(force(talk.feel(*[1.0] * 80))) == 4

    @pytest.mark.parametrize(
        ("numbers", "lost"), [((0, 1, 2), []), ((30, 31, 0), []), ((1, 4), [4]), ((31, 1), [2]), ((5, 5), [])]
    )
    def test_loss_modulo_32(self, numbers: tuple[int, ...], lost: list[int]) -> None:
        frames = [f"{number:02x} 30 75 3A 75" for number in numbers]
        said = heard(*frames, characteristic=SENSOR_STREAM)
        assert [message.samples for message in of(Lost, said)] == lost
        assert len(force(said)) == 2 * len(numbers)

    def test_start_and_stop_of_another_program(self) -> None:
        dialogue = PascoDialogue()
        assert dialogue.wrote(DEVICE_COMMAND, bytes.fromhex("06 0A 00")) == [RunStarted()]
        assert dialogue.wrote(DEVICE_COMMAND, b"\x07") == [RunStopped()]
        assert dialogue.wrote(DEVICE_COMMAND, b"\x07") == []

    @pytest.mark.parametrize("packet", ["", "04", "04 30", "04 30 75 3A", "20 30 75", "FF 30 75"])
    def test_malformed(self, packet: str) -> None:
        said = heard(packet, characteristic=SENSOR_STREAM)
        assert of(Samples, said) == []
        assert of(Malformed, said)[0].data == bytes.fromhex(packet)


@pytest.mark.parametrize(
    "frame", ["", "C0", "C0 00", "82", "82 FB", "0A", CALIBRATION[:-3], "0A 05" + CALIBRATION[5:], "FF 00"]
)
def test_malformed(frame: str) -> None:
    assert [type(message) for message in heard(frame)] == [Malformed]


@pytest.mark.parametrize("sample", ["", "30", "30 75 24", "30 75 24 77", "30 75 24 77 18 79"])
def test_a_sample_of_no_sensor(sample: str) -> None:
    said = heard("C0 00 05" + sample)
    assert [type(message) for message in said] == [Malformed]


def test_from_another_characteristic() -> None:
    assert isinstance(PascoDialogue().receive(SENSOR_COMMAND, b"\x85")[0], Malformed)


def test_no_request_but_the_known_ones_is_ever_made() -> None:
    """Not those that set ranges (28) and sizes (02), nor functions of their own (37)."""
    assert {int(code) for code in Opcode} == {0x01, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0E}


@given(st.floats(-50.0, 50.0))
def test_what_the_puppet_feels_is_what_we_hear(newtons: float) -> None:
    assert force(Talk().feel(newtons)) == [pytest.approx(newtons, abs=0.001)]


class TestNames:
    @pytest.mark.parametrize(
        ("letter", "number"),
        [("4", 1028), ("5", 1029), ("P", 1039), ("J", 1059), ("a", 1060), ("0", 1024), ("9", 1033), ("K", 1034),
         ("Z", 1049), ("A", 1050), ("z", 1085), ("*", 1086), ("#", 1087)],
    )  # fmt: skip
    def test_the_interface_stands_in_the_name(self, letter: str, number: int) -> None:
        assert interface(f"Load Cell 742-993>{letter}M") == number

    @pytest.mark.parametrize(
        "name",
        [
            "Force Accel 742-993>4M",
            "Smart Cart 742-993>5M",
            "Load Cell 742-993>P",
            "Force Platform 742-993>J5",
            "Force Plat. 2D 742-993>a5",
        ],
    )
    def test_recognised(self, name: str) -> None:
        assert identify(Advertisement(name)) is CODECS["pasco"]

    @pytest.mark.parametrize(
        "name", [None, "", "Smart Cart", "Temperature 742-993>0M", "Load Cell 742-993", "742-993>P"]
    )
    def test_and_nothing_else(self, name: str | None) -> None:
        assert identify(Advertisement(name)) is None
