"""The Muscle Meter V2, packet by packet: bytes computed by hand from the format."""

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
from firmware_protocols.musclemeter import DATA, MUSCLEMETER, MuscleMeterDialogue, MuscleMeterPuppet

G = 9.80665
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"
NOTHING = "00 00 01"


def packet(*triplets: str) -> bytes:
    """Twenty triplets: these, then nothing."""
    return bytes.fromhex("".join([*triplets, *[NOTHING] * (20 - len(triplets))]))


def heard(data: bytes) -> list[Said]:
    return MuscleMeterDialogue().receive(DATA, data)


def kilograms(said: list[Said]) -> tuple[float, ...]:
    (only,) = [one for one in said if isinstance(one, Samples)]
    return only.values["force"]


class TestWorkedFrames:
    @pytest.mark.parametrize(
        ("triplet", "mass", "newtons"),
        [("00 C8 01", 20.0, 196.1), ("01 2C 11", -30.0, -294.2), ("00 C8 02", 20.0, 196.1)],
    )
    def test_tenths_of_a_kilogram_whatever_the_display_shows(self, triplet: str, mass: float, newtons: float) -> None:
        values = kilograms(heard(packet(triplet)))
        assert len(values) == 20
        assert values[0] == mass
        assert values[0] * G == pytest.approx(newtons, abs=0.05)

    def test_twenty_in_their_order(self) -> None:
        data = bytes.fromhex("".join(f"00 {i:02X} 01" for i in range(20)))
        assert kilograms(heard(data)) == pytest.approx([i / 10 for i in range(20)])

    def test_battery(self) -> None:
        assert MuscleMeterDialogue().receive(BATTERY, b"\x57") == [Info("battery_percent", 87)]


class TestMalformed:
    @given(st.binary(max_size=120).filter(lambda data: len(data) != 60))
    def test_any_other_length_is_no_packet(self, data: bytes) -> None:
        (said,) = heard(data)
        assert isinstance(said, Malformed)
        assert said.data == data

    @pytest.mark.parametrize("flags", ["00", "03", "10", "13", "21", "FF"])
    def test_unknown_flags_cost_their_samples_alone(self, flags: str) -> None:
        said = heard(packet("00 C8 01", f"00 C8 {flags}", f"01 2C {flags}"))
        assert len(kilograms(said)) == 18
        assert [one.samples for one in said if isinstance(one, Malformed)] == [2]

    def test_a_packet_of_unknown_flags_begins_no_run(self) -> None:
        (said,) = heard(bytes(60))
        assert isinstance(said, Malformed)
        assert said.samples == 20

    def test_from_another_characteristic(self) -> None:
        said = MuscleMeterDialogue().receive("0000ffe2-0000-1000-8000-00805f9b34fb", packet())
        assert isinstance(said[0], Malformed)


class TestScripts:
    def test_ready_at_once_then_it_reads_the_battery(self) -> None:
        ready, first, *_ = MuscleMeterDialogue().open()
        assert ready == Ready((Channel("force", "kg"),), Arrival(485.0))
        assert first == Read(BATTERY)

    def test_the_run_begins_with_the_first_packet(self) -> None:
        dialogue = MuscleMeterDialogue()
        assert [RunStarted() in dialogue.receive(DATA, packet()) for _ in range(2)] == [True, False]

    @pytest.mark.parametrize("command", [Start(), Stop()])
    def test_start_and_stop_ask_nothing(self, command: Command) -> None:
        assert MuscleMeterDialogue().send(command) == []

    @pytest.mark.parametrize("command", [Tare(), Sleep(), Ask("errors")])
    def test_what_it_cannot_do(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand):
            MuscleMeterDialogue().send(command)

    def test_nothing_is_ever_written(self) -> None:
        dialogue = MuscleMeterDialogue()
        said = [*dialogue.open(), *dialogue.overdue(), *dialogue.wrote(DATA, b"\1"), *dialogue.send(Ask("battery"))]
        assert not [one for one in said if isinstance(one, Write)]


def test_no_timed_number_without_a_time() -> None:
    assert MUSCLEMETER.capabilities.timed
    assert not MUSCLEMETER.capabilities.rate_settled


class TestRecognition:
    MODULE = frozenset({"0000ffe0-0000-1000-8000-00805f9b34fb"})

    @pytest.mark.parametrize(
        ("name", "service", "ours"),
        [
            ("MUSCLE_V2", False, True),
            ("muscle meter", False, True),
            ("MM-12", True, False),
            ("mmWave radar", True, False),
            ("MM-12", False, False),
            ("CTS500", True, False),
            (None, True, False),
        ],
    )
    def test_by_name_and_never_by_the_shared_service_alone(self, name: str | None, service: bool, ours: bool) -> None:
        advertisement = Advertisement(name, self.MODULE if service else frozenset())
        assert (identify(advertisement) is MUSCLEMETER) is ours
        possible = ours or (service and (name or "").lower().startswith("mm"))
        assert (MUSCLEMETER in candidates(advertisement)) is possible


class TestPuppet:
    def test_says_what_the_worked_triplets_say(self) -> None:
        puppet = MuscleMeterPuppet()
        played = [note for mass in (20.0, -30.0, *[0.0] * 18) for note in puppet.sample(0.0, mass * G)]
        assert played == [Notify(DATA, packet("00 C8 01", "01 2C 11"))]

    def test_what_is_not_full_stays_behind(self) -> None:
        puppet = MuscleMeterPuppet()
        puppet.sample(0.0, 1.0)
        puppet.hung_up()
        assert sum(len(puppet.sample(0.0, 0.0)) for _ in range(19)) == 0


def test_more_than_anybody_can_pull_is_refused() -> None:
    said = heard(packet("FF FF 01", *["00 C8 01"] * 19))
    assert len(kilograms(said)) == 19
    assert [one.samples for one in said if isinstance(one, Malformed)] == [1]
