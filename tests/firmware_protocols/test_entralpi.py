"""The Entralpi, packet by packet: bytes from another program's tests, or computed by hand from the format."""

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
    Said,
    Samples,
    Sleep,
    Start,
    Stop,
    Tare,
    UnsupportedCommand,
    Write,
)
from firmware_protocols.entralpi import ENTRALPI, EntralpiDialogue, EntralpiPuppet

G = 9.80665
FFF4 = "0000fff4-0000-1000-8000-00805f9b34fb"
FFF1 = "0000fff1-0000-1000-8000-00805f9b34fb"
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"


def heard(frame: str, characteristic: str = FFF4) -> list[Said]:
    return EntralpiDialogue().receive(characteristic, bytes.fromhex(frame))


class TestWorkedFrames:
    @pytest.mark.parametrize("characteristic", [FFF4, FFF1])
    @pytest.mark.parametrize(("frame", "kilograms"), [("04 CE", 12.30), ("20 17", 82.15), ("00 00", 0.0)])
    def test_hundredths_of_a_kilogram(self, frame: str, kilograms: float, characteristic: str) -> None:
        assert heard(frame, characteristic) == [RunStarted(), Samples({"force": (kilograms,)})]

    def test_in_newtons(self) -> None:
        (_, said) = heard("04 CE")
        assert isinstance(said, Samples)
        assert said.values["force"][0] * G == pytest.approx(120.6, abs=0.05)

    def test_battery(self) -> None:
        assert heard("57", BATTERY) == [Info("battery_percent", 87)]


class TestSource:
    def test_where_both_speak_the_first_is_believed_and_the_other_counted(self) -> None:
        dialogue = EntralpiDialogue()
        told = [dialogue.receive(source, b"\x04\xce") for source in (FFF1, FFF4, FFF1, FFF4, FFF1)]
        kinds = [type(said[-1]) for said in told]
        assert kinds == [Samples, Malformed, Samples, Malformed, Samples]

    def test_one_stray_packet_does_not_silence_the_weights(self) -> None:
        dialogue = EntralpiDialogue()
        told = [dialogue.receive(source, b"\x04\xce") for source in (FFF1, FFF4, FFF4, FFF4)]
        assert [type(said[-1]) for said in told] == [Samples, Malformed, Samples, Samples]

    def test_all_ones_are_no_weight(self) -> None:
        (said,) = heard("FF FF")
        assert isinstance(said, Malformed)
        assert said.samples == 1

    def test_and_malformed_bytes_do_not_count_as_speech(self) -> None:
        dialogue = EntralpiDialogue()
        dialogue.receive(FFF1, b"\x04")
        assert RunStarted() in dialogue.receive(FFF4, b"\x04\xce")

    def test_both_are_listened_to_where_they_are(self) -> None:
        assert (ENTRALPI.listens, ENTRALPI.also_listens) == ((FFF4,), (FFF1,))


class TestMalformed:
    @pytest.mark.parametrize("frame", ["", "04", "04 CE 00", "CF 00 00 00 00 00 00 00 00 00 00"])
    def test_is_told_with_its_bytes(self, frame: str) -> None:
        (said,) = heard(frame)
        assert isinstance(said, Malformed)
        assert (said.data, said.samples) == (bytes.fromhex(frame), 0)

    def test_from_another_characteristic(self) -> None:
        assert isinstance(heard("04 CE", "0000fff2-0000-1000-8000-00805f9b34fb")[0], Malformed)

    @given(st.binary(max_size=20).filter(lambda data: len(data) != 2))
    def test_no_other_length_is_a_weight(self, data: bytes) -> None:
        assert [type(said) for said in EntralpiDialogue().receive(FFF4, data)] == [Malformed]


class TestScripts:
    def test_ready_at_once_then_it_reads_the_battery(self) -> None:
        ready, first, *_ = EntralpiDialogue().open()
        assert ready == Ready((Channel("force", "kg"),), Arrival(10.0))
        assert first == Read(BATTERY)

    @pytest.mark.parametrize("command", [Start(), Stop()])
    def test_start_and_stop_ask_nothing(self, command: Command) -> None:
        assert EntralpiDialogue().send(command) == []

    @pytest.mark.parametrize("command", [Tare(), Sleep(), Ask("errors")])
    def test_what_it_cannot_do(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand):
            EntralpiDialogue().send(command)

    def test_nothing_is_ever_written(self) -> None:
        dialogue = EntralpiDialogue()
        said = [*dialogue.open(), *dialogue.overdue(), *dialogue.send(Start()), *dialogue.send(Stop())]
        for about in ("battery", "firmware", "id"):
            said += dialogue.send(Ask(about))
        assert not [message for message in said if isinstance(message, Write)]
        assert dialogue.wrote(FFF1, b"\x01") == []


def test_what_rests_on_one_source_is_told() -> None:
    assert ENTRALPI.evidence == "C"
    assert not ENTRALPI.capabilities.scale_settled
    assert not ENTRALPI.capabilities.rate_settled
    assert ENTRALPI.capabilities.timed


@pytest.mark.parametrize(("name", "ours"), [("ENTRALPI", True), ("Entralpi", False), (None, False)])
def test_recognised_by_its_exact_name(name: str | None, ours: bool) -> None:
    assert (identify(Advertisement(name)) is ENTRALPI) is ours


def test_its_service_alone_is_nobodys() -> None:
    assert not ENTRALPI.recognises(Advertisement(None, frozenset({"0000fff0-0000-1000-8000-00805f9b34fb"})))


class TestPuppet:
    @pytest.mark.parametrize(
        ("kilograms", "frame"), [(12.30, "04 CE"), (82.15, "20 17"), (-5.0, "00 00"), (700.0, "FF FE")]
    )
    def test_says_what_the_worked_frames_say(self, kilograms: float, frame: str) -> None:
        assert EntralpiPuppet().sample(0.0, kilograms * G) == [Notify(FFF4, bytes.fromhex(frame))]
