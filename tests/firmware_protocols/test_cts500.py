"""The CTS500, frame by frame: bytes from another program's tests, or computed by hand from the supplier's commands."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import identify
from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Ask,
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
from firmware_protocols.cts500 import CONTROL, CTS500, DATA, Cts500Dialogue, Cts500Puppet, frame

G = 9.80665
WEIGHT = "05 01 00 00 04 D2 DC"
HEAVY = "05 01 00 00 61 A8 0F"


def heard(*pieces: str) -> list[Said]:
    dialogue = Cts500Dialogue()
    return [message for piece in pieces for message in dialogue.receive(DATA, bytes.fromhex(piece))]


def kilograms(said: list[Said]) -> list[float]:
    return [value for one in said if isinstance(one, Samples) for value in one.values["force"]]


class TestWorkedFrames:
    @pytest.mark.parametrize(("piece", "mass"), [(WEIGHT, 12.34), (HEAVY, 250.0)])
    def test_weight(self, piece: str, mass: float) -> None:
        assert heard(piece) == [Samples({"force": (mass,)})]

    def test_battery(self) -> None:
        assert heard("05 80 C4 00 01 63 AD") == [Info("battery_mv", 3550)]

    def test_temperature_below_zero(self) -> None:
        assert heard("05 80 C5 00 00 85 CF") == [Info("temperature", -5)]

    def test_temperature_above_zero(self) -> None:
        assert heard(frame(0x80, 0xC5, 0, 0, 21).hex()) == [Info("temperature", 21)]

    @pytest.mark.parametrize(
        ("command", "data"),
        [(Tare(), "05 A6 00 00 00 AB"), (Start(), "05 AA 00 00 00 AF"), (Stop(), "05 AB 00 00 00 B0")],
    )
    def test_commands(self, command: Command, data: str) -> None:
        written = Cts500Dialogue().send(command)[0]
        assert isinstance(written, Write)
        assert (written.characteristic, written.data) == (CONTROL, bytes.fromhex(data))

    def test_eighty_a_second(self) -> None:
        (rate, _) = [one for one in CTS500.dialogue({"rate": "80"}).open() if isinstance(one, Write)]
        assert rate == Write(CONTROL, bytes.fromhex("05 C1 00 00 03 C9"), response=True, reply_within=2.0)


class TestStream:
    @given(st.lists(st.integers(0, 40), max_size=8))
    def test_cuts_do_not_matter(self, cuts: list[int]) -> None:
        text = bytes.fromhex(f"{WEIGHT} 05 80 C4 00 01 63 AD 05 AA 00 00 00 AF {HEAVY} {WEIGHT}")
        dialogue = Cts500Dialogue()
        edges = [0, *sorted(cuts), len(text)]
        said = [one for a, b in pairwise(edges) for one in dialogue.receive(DATA, text[a:b])]
        assert kilograms(said) == [12.34, 250.0, 12.34]
        assert not [one for one in said if isinstance(one, Malformed)]

    @given(st.binary(max_size=12).filter(lambda noise: 5 not in noise))
    def test_noise_between_frames_is_passed_over_and_told(self, noise: bytes) -> None:
        said = Cts500Dialogue().receive(DATA, bytes.fromhex(WEIGHT) + noise + bytes.fromhex(HEAVY))
        assert kilograms(said) == [12.34, 250.0]
        assert [one.data for one in said if isinstance(one, Malformed)] == [noise] * bool(noise)

    def test_a_frame_that_lost_a_byte_costs_itself_alone(self) -> None:
        said = heard("05 01 00 04 D2 DC", WEIGHT, HEAVY)
        assert kilograms(said) == [12.34, 250.0]

    def test_a_wrong_sum(self) -> None:
        said = heard("05 01 00 00 04 D2 DD", HEAVY)
        assert kilograms(said) == [250.0]
        assert said[0] == Malformed("bytes that make no frame", bytes.fromhex("05 01 00 00 04 D2 DD"))

    def test_a_header_inside_of_a_weight(self) -> None:
        assert kilograms(heard("05 01 00 00 05 05 10", WEIGHT)) == [12.85, 12.34]

    @given(st.binary(max_size=300))
    def test_what_is_not_yet_a_frame_is_never_long(self, data: bytes) -> None:
        dialogue = Cts500Dialogue()
        dialogue.receive(DATA, data)
        told = dialogue.receive(DATA, bytes(7))  # zeros end whatever was begun
        assert sum(len(one.data) for one in told if isinstance(one, Malformed)) <= 13


class TestMalformed:
    @pytest.mark.parametrize("raw", ["FF FF FF FB", "00 04 93 E1", "80 00 00 00"])
    def test_a_weight_below_zero_or_beyond_all_ranges(self, raw: str) -> None:
        whole = frame(1, *bytes.fromhex(raw))
        (said,) = Cts500Dialogue().receive(DATA, whole)
        assert isinstance(said, Malformed)
        assert (said.data, said.samples) == (whole, 1)

    def test_three_tonnes_are_still_in_range(self) -> None:
        assert kilograms(heard(frame(1, *(300_000).to_bytes(4, "big")).hex())) == [3000.0]

    @pytest.mark.parametrize("opcode", [0x81, 0x84, 0x86, 0xA1, 0xA7, 0xAA, 0xC1, 0xD4])
    def test_an_echo_is_never_a_weight(self, opcode: int) -> None:
        assert Cts500Dialogue().receive(DATA, frame(opcode, 0, 0, 0)) == []

    def test_an_unknown_reply_stays_raw(self) -> None:
        assert heard("05 80 A4 00 01 09 33") == [Info("reply", "0580a400010933")]

    def test_empty_packets_and_other_characteristics(self) -> None:
        assert heard("") == []
        assert isinstance(Cts500Dialogue().receive(CONTROL, bytes.fromhex(WEIGHT))[0], Malformed)


class TestQuestions:
    @pytest.mark.parametrize(
        ("question", "answer"),
        [
            ("05 C4 00 00 00 C9", "05 80 C4 00 01 63 AD"),
            ("05 C1 00 00 03 C9", "05 C1 00 00 03 C9"),
            ("05 A6 00 00 00 AB", "05 A6 00 00 00 AB"),
        ],
    )
    def test_wait_for_their_own_answer(self, question: str, answer: str) -> None:
        dialogue = Cts500Dialogue()
        dialogue.wrote(CONTROL, bytes.fromhex(question))
        dialogue.receive(DATA, bytes.fromhex(WEIGHT) + frame(0x80, 0xC5, 0, 0, 21) + frame(0xAA, 0, 0, 0))
        assert dialogue.waiting
        dialogue.receive(DATA, bytes.fromhex(answer))
        assert not dialogue.waiting

    def test_a_rate_that_is_taken_up_in_silence(self) -> None:
        dialogue = Cts500Dialogue("80")
        dialogue.wrote(CONTROL, bytes.fromhex("05 C1 00 00 03 C9"))
        assert dialogue.overdue() == []
        assert not dialogue.waiting


class TestScripts:
    def test_the_rate_is_left_alone_unless_somebody_asks(self) -> None:
        said = Cts500Dialogue().open()
        assert [one.data[1] for one in said if isinstance(one, Write)] == [0xC4]
        ready = said[0]
        assert isinstance(ready, Ready)
        assert (ready.timebase, ready.rate) == (Arrival(10.0), None)

    @pytest.mark.parametrize(("rate", "code"), [("10", 0), ("20", 1), ("40", 2), ("80", 3), ("160", 4), ("320", 5)])
    def test_each_rate(self, rate: str, code: int) -> None:
        said = CTS500.dialogue({"rate": rate}).open()
        assert next(one.data[1:5] for one in said if isinstance(one, Write)) == bytes([0xC1, 0, 0, code])
        ready = said[0]
        assert isinstance(ready, Ready)
        assert ready.rate == float(rate)

    @pytest.mark.parametrize("rate", ["0", "100", "80.0", "fast"])
    def test_no_other_rate(self, rate: str) -> None:
        with pytest.raises(ValueError, match="rate"):
            CTS500.dialogue({"rate": rate})

    def test_a_run_begins_and_ends_with_the_command(self) -> None:
        dialogue = Cts500Dialogue()
        assert dialogue.wrote(CONTROL, bytes.fromhex("05 AA 00 00 00 AF")) == [RunStarted()]
        assert dialogue.wrote(CONTROL, bytes.fromhex("05 AB 00 00 00 B0")) == [RunStopped()]
        for other in (b"", b"\x05", bytes.fromhex("05 AA 00 00 00 AE"), bytes.fromhex("05 AA 00 00 AF")):
            assert dialogue.wrote(CONTROL, other) == []

    def test_what_it_has_no_command_for(self) -> None:
        assert isinstance(Cts500Dialogue().send(Ask("firmware"))[0], Read)
        for command in (Sleep(), Ask("errors")):
            with pytest.raises(UnsupportedCommand):
                Cts500Dialogue().send(command)

    @pytest.mark.parametrize("rate", ["", "320"])
    def test_no_script_writes_a_dangerous_command(self, rate: str) -> None:
        dialogue = Cts500Dialogue(rate)
        said = [*dialogue.open(), *dialogue.overdue()]
        for command in (Start(), Stop(), Tare(), Ask("battery"), Ask("firmware"), Ask("id")):
            said += dialogue.send(command)
        opcodes = {one.data[1] for one in said if isinstance(one, Write)}
        assert opcodes <= {0xA6, 0xAA, 0xAB, 0xC1, 0xC4}
        # Range, division, calibration, zero point, module speed, switching off, limits and alarms.
        assert not opcodes & set(bytes.fromhex("81 82 83 84 85 86 A1 A2 A7 C0 C3 C6 C7 CA D1 D2 D3 D4"))


class TestRecognition:
    @pytest.mark.parametrize(
        ("name", "ours"), [("CTS500", True), ("CTS-300", True), ("CTS", False), ("muscle", False), (None, False)]
    )
    def test_by_name_and_not_by_the_service_that_many_share(self, name: str | None, ours: bool) -> None:
        module = frozenset({"0000ffe0-0000-1000-8000-00805f9b34fb"})
        assert (identify(Advertisement(name, module)) is CTS500) is ours


class TestPuppet:
    def test_says_what_the_worked_frames_say(self) -> None:
        puppet = Cts500Puppet()
        puppet.written(CONTROL, frame(0xAA, 0, 0, 0))
        played = [note for mass in (12.34, 250.0, 12.34) for note in puppet.sample(0.0, mass * G)]
        assert played == [Notify(DATA, bytes.fromhex(f"{WEIGHT} {HEAVY} {WEIGHT}")[:20])]

    def test_takes_up_the_rate_with_or_without_an_echo(self) -> None:
        for echoes in (True, False):
            puppet = Cts500Puppet(echoes_rate=echoes)
            assert bool(puppet.written(CONTROL, frame(0xC1, 0, 0, 5))) is echoes
            assert puppet.rate == 320.0

    def test_its_own_zero(self) -> None:
        puppet = Cts500Puppet()
        puppet.sample(0.0, 10 * G)
        puppet.written(CONTROL, frame(0xA6, 0, 0, 0))
        puppet.written(CONTROL, frame(0xAA, 0, 0, 0))
        for _ in range(3):
            played = puppet.sample(0.0, 22.34 * G)
        assert isinstance(played[0], Notify)
        assert played[0].data[:7] == bytes.fromhex(WEIGHT)

    def test_answers_for_its_battery_and_knows_no_dangerous_command(self) -> None:
        puppet = Cts500Puppet()
        assert puppet.written(CONTROL, frame(0xC4, 0, 0, 0)) == [Notify(DATA, bytes.fromhex("05 80 C4 00 01 63 AD"))]
        assert puppet.written(CONTROL, frame(0xA7, 0, 0, 0)) == []
