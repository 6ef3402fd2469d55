"""The Frez Dyno, packet by packet: computed by hand from the maker's format, scales from other programs' tests."""

import struct

import pytest

from firmware_protocols import identify
from firmware_protocols.codec import (
    Advertisement,
    Ask,
    Channel,
    Command,
    HangUp,
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
    Ticks,
    UnsupportedCommand,
    Write,
)
from firmware_protocols.frez import CONTROL, DATA, FREZ, FrezDialogue, FrezPuppet

G = 9.80665
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"
WORKED = (
    "01 00 18FCFFFF00000000 7CFCFFFF04000000 E0FCFFFF08000000 44FDFFFF0C000000 A8FDFFFF10000000"
    " 0CFEFFFF14000000 70FEFFFF18000000 D4FEFFFF1C000000 38FFFFFF20000000"
)
RAW = (-1000, -900, -800, -700, -600, -500, -400, -300, -200)
TICKS = (0, 4, 8, 12, 16, 20, 24, 28, 32)


def packet(first: int, *, raw: int = 0, step: int = 4) -> bytes:
    return b"\x01\x00" + b"".join(struct.pack("<iI", raw, (first + i * step) % 2**32) for i in range(9))


def heard(frame: str, coefficient: str = "") -> list[Said]:
    return FREZ.dialogue({"coefficient": coefficient}).receive(DATA, bytes.fromhex(frame))


class TestWorkedFrame:
    def test_counts_until_somebody_tells_the_coefficient(self) -> None:
        assert heard(WORKED) == [Samples({"force": RAW}, TICKS)]
        assert FREZ.dialogue().open()[0] == Ready((Channel("force", "count"),), Ticks(1000.0, 32))

    def test_kilograms_from_then_on(self) -> None:
        (said,) = heard(WORKED, "0.01")
        assert isinstance(said, Samples)
        kilograms = said.values["force"]
        assert kilograms == pytest.approx([raw / 100 for raw in RAW])
        # The zero of the published example is the first sample, -1000 counts.
        assert kilograms[5] - kilograms[0] == pytest.approx(5.0)
        assert kilograms[6] - kilograms[0] == pytest.approx(6.0)

    def test_above_zero(self) -> None:
        (said,) = FREZ.dialogue({"coefficient": "0.01"}).receive(DATA, packet(0, raw=200))
        assert isinstance(said, Samples)
        assert said.values["force"][0] + 10.0 == pytest.approx(12.0)

    def test_with_a_coefficient_the_resolution_is_known(self) -> None:
        ready = FREZ.dialogue({"coefficient": "-0.01"}).open()[0]
        assert isinstance(ready, Ready)
        assert ready.channels == (Channel("force", "kg"),)
        assert ready.resolution == pytest.approx(0.0980665)

    def test_battery(self) -> None:
        assert FrezDialogue().receive(BATTERY, b"\x57") == [Info("battery_percent", 87)]


class TestCoefficient:
    @pytest.mark.parametrize("text", ["0", "nan", "inf", "-inf", "1e-10", "1e4", "kg", "0,01", " "])
    def test_what_is_none_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="coefficient"):
            FREZ.dialogue({"coefficient": text})

    @pytest.mark.parametrize("text", ["", "0.01", "-2.5e-5", "1"])
    def test_what_is_one_is_taken(self, text: str) -> None:
        FREZ.dialogue({"coefficient": text})


class TestLoss:
    @staticmethod
    def lost(*packets: bytes) -> list[int]:
        dialogue = FrezDialogue()
        said = [message for data in packets for message in dialogue.receive(DATA, data)]
        return [message.samples for message in said if isinstance(message, Lost)]

    def test_none_between_packets_that_follow_each_other(self) -> None:
        assert self.lost(packet(0), packet(36)) == []

    def test_a_packet(self) -> None:
        assert self.lost(packet(0), packet(72)) == [9]

    @pytest.mark.parametrize(("step", "lost"), [(6, []), (7, [1])])
    def test_more_than_one_and_a_half_periods(self, step: int, lost: list[int]) -> None:
        assert self.lost(packet(0), packet(32 + step)) == lost

    def test_across_the_wrap(self) -> None:
        assert self.lost(packet(2**32 - 36), packet(0), packet(72)) == [9]

    def test_one_repeated_packet_loses_nothing_and_ends_nothing(self) -> None:
        dialogue = FrezDialogue()
        told = [dialogue.receive(DATA, packet(first)) for first in (0, 0, 36)]
        assert [[type(message) for message in said] for said in told] == [[Samples]] * 3

    def test_a_new_run_does_not_count_from_the_old_one(self) -> None:
        dialogue = FrezDialogue()
        dialogue.receive(DATA, packet(0))
        assert dialogue.wrote(CONTROL, b"\x01\x00") == [RunStarted()]
        assert [type(message) for message in dialogue.receive(DATA, packet(90_000))] == [Samples]


class TestMalformed:
    @pytest.mark.parametrize(
        "frame", ["", "01", "01 00", WORKED[:-2], WORKED + "00", "02 00" + WORKED[5:], WORKED[:56]]
    )
    def test_is_told_with_its_bytes(self, frame: str) -> None:
        (said,) = heard(frame)
        assert isinstance(said, Malformed)
        assert said.data == bytes.fromhex(frame)

    def test_from_another_characteristic(self) -> None:
        assert isinstance(FrezDialogue().receive(CONTROL, bytes.fromhex(WORKED))[0], Malformed)


class TestScripts:
    @pytest.mark.parametrize(("command", "data"), [(Start(), "01 00"), (Stop(), "02 00"), (Sleep(), "FF 00")])
    def test_each_is_two_bytes(self, command: Command, data: str) -> None:
        assert FrezDialogue().send(command) == [Write(CONTROL, bytes.fromhex(data), response=True)]

    def test_greeting(self) -> None:
        assert FrezDialogue().open()[1] == Read(BATTERY)
        assert FrezDialogue().send(Ask("battery")) == [Read(BATTERY)]

    @pytest.mark.parametrize("command", [Tare(), Ask("errors")])
    def test_what_it_cannot_do(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand):
            FrezDialogue().send(command)

    def test_the_run_ends_with_stop_and_with_nothing_else(self) -> None:
        dialogue = FrezDialogue()
        assert dialogue.wrote(CONTROL, b"\x02\x00") == [RunStopped()]
        assert dialogue.wrote(CONTROL, b"\x02") == []
        assert dialogue.wrote(DATA, b"\x01\x00") == []

    def test_it_is_never_switched_off_unasked(self) -> None:
        dialogue = FrezDialogue()
        said = [*dialogue.open(), *dialogue.send(Start()), *dialogue.send(Stop()), *dialogue.overdue()]
        assert {message.data for message in said if isinstance(message, Write)} == {b"\x01\x00", b"\x02\x00"}


class TestRecognition:
    @pytest.mark.parametrize(("name", "ours"), [("FrezDyno-0123", True), ("Frez", False), (None, False)])
    def test_by_its_name(self, name: str | None, ours: bool) -> None:
        assert (identify(Advertisement(name)) is FREZ) is ours


class TestPuppet:
    def test_says_what_the_worked_frame_says(self) -> None:
        puppet = FrezPuppet()
        puppet.written(CONTROL, b"\x01\x00")
        played = [note for i, raw in enumerate(RAW) for note in puppet.sample(i * 0.004, raw * 0.01 * G)]
        assert played == [Notify(DATA, bytes.fromhex(WORKED))]

    def test_switches_itself_off(self) -> None:
        assert FrezPuppet().written(CONTROL, b"\xff\x00") == [HangUp()]


def test_a_converter_at_its_end_gives_no_force() -> None:
    samples, malformed = FREZ.dialogue({"coefficient": "0.01"}).receive(
        DATA, b"\x01\x00" + struct.pack("<iI", 2**31 - 1, 0) + packet(4, raw=7)[2:66]
    )
    assert isinstance(samples, Samples)
    assert (samples.ticks, len(samples.values["force"])) == (tuple(range(4, 36, 4)), 8)
    assert isinstance(malformed, Malformed)
    assert malformed.samples == 1
