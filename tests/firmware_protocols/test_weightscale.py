"""The Weight Scale Service, indication by indication: bytes computed by hand from the SIG's layout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import identify, sig
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
)
from firmware_protocols.weightscale import WEIGHTSCALE, WeightScaleDialogue, WeightScalePuppet

MEASUREMENT = "00002a9d-0000-1000-8000-00805f9b34fb"
FEATURE = "00002a9e-0000-1000-8000-00805f9b34fb"
SERVICE = "0000181d-0000-1000-8000-00805f9b34fb"


def heard(frame: str, characteristic: str = MEASUREMENT) -> list[Said]:
    return WeightScaleDialogue().receive(characteristic, bytes.fromhex(frame))


def kilograms(said: list[Said]) -> float:
    (samples,) = [message for message in said if isinstance(message, Samples)]
    (value,) = samples.values["force"]
    return value


class TestWorkedFrames:
    def test_kilograms(self) -> None:
        said = heard("00 A4 38")
        assert said[0] == RunStarted()
        assert kilograms(said) == pytest.approx(72.5)

    def test_pounds_have_a_step_of_their_own(self) -> None:
        assert kilograms(heard("01 71 3E")) == pytest.approx(72.507, abs=5e-4)
        assert kilograms(heard("01 71 3E")) == pytest.approx(159.85 * 0.45359237)

    def test_with_a_time(self) -> None:
        said = heard("02 A4 38 EA 07 09 1E 0C 00 00")
        assert kilograms(said) == pytest.approx(72.5)
        assert Info("weighed_at", "2026-09-30T12:00:00") in said

    def test_of_a_user_with_height(self) -> None:
        said = heard("0C A4 38 01 EB 00 DC 06")
        assert kilograms(said) == pytest.approx(72.5)
        assert not [message for message in said if isinstance(message, Info)]  # who it was is nobody's business here

    def test_features(self) -> None:
        assert heard("A1 00 00 00", FEATURE) == [Info("resolution_kg", 0.05)]

    def test_flags_that_promise_a_time_which_is_not_there(self) -> None:
        (said,) = heard("0E A4 38 01 EB 00 DC 06")
        assert isinstance(said, Malformed)
        assert said.data == bytes.fromhex("0E A4 38 01 EB 00 DC 06")

    def test_battery(self) -> None:
        assert heard("57", "00002a19-0000-1000-8000-00805f9b34fb") == [Info("battery_percent", 87)]


def test_a_weighing_that_did_not_succeed_is_no_weight() -> None:
    assert heard("00 FF FF") == [Info("errors", "the scale could not weigh")]
    assert heard("01 FF FF") == [Info("errors", "the scale could not weigh")]
    assert kilograms(heard("00 FE FF")) == pytest.approx(327.67)


@pytest.mark.parametrize("frame", ["", "00", "00 A4", "00 A4 38 00", "02 A4 38", "04 A4 38", "08 A4 38 EB 00 DC"])
def test_malformed(frame: str) -> None:
    (said,) = heard(frame)
    assert isinstance(said, Malformed)
    assert said.data == bytes.fromhex(frame)


def test_flags_of_later_versions_may_bring_more_behind() -> None:
    assert kilograms(heard("10 A4 38 01 02")) == pytest.approx(72.5)
    assert isinstance(heard("12 A4 38 01 02")[0], Malformed)


@pytest.mark.parametrize("frame", ["", "A1 00 00", "A1 00 00 00 00"])
def test_malformed_features(frame: str) -> None:
    assert isinstance(heard(frame, FEATURE)[0], Malformed)


@pytest.mark.parametrize(("code", "step"), [(1, 0.5), (2, 0.2), (3, 0.1), (4, 0.05), (5, 0.02), (6, 0.01), (7, 0.005)])
def test_steps_that_a_scale_may_have(code: int, step: float) -> None:
    assert heard((code << 3).to_bytes(4, "little").hex(), FEATURE) == [Info("resolution_kg", step)]


@pytest.mark.parametrize("code", [0, 8, 15])
def test_a_step_that_is_not_told(code: int) -> None:
    assert heard((code << 3).to_bytes(4, "little").hex(), FEATURE) == []


@given(st.floats(0.0, 290.0), st.booleans())
def test_what_the_puppet_weighs_is_what_we_hear(weight: float, pounds: bool) -> None:
    (note,) = WeightScalePuppet(pounds=pounds).sample(0.0, weight * 9.80665)
    assert isinstance(note, Notify)
    step = 0.01 * 0.45359237 if pounds else 0.005
    assert kilograms(heard(note.data.hex())) == pytest.approx(weight, abs=step / 2 + 1e-9)


def test_it_is_ready_at_once_and_tells_of_itself() -> None:
    ready, feature, *rest = WeightScaleDialogue().open()
    assert ready == Ready((Channel("force", "kg"),), Arrival(1.0))
    assert feature == Read(FEATURE)
    assert rest == list(sig.GREETING)


def test_nothing_is_ever_written_to_it() -> None:
    dialogue = WeightScaleDialogue()
    assert dialogue.send(Start()) == dialogue.send(Stop()) == dialogue.wrote(MEASUREMENT, b"\x01") == []
    assert dialogue.send(Ask("battery")) == [Read("00002a19-0000-1000-8000-00805f9b34fb")]


@pytest.mark.parametrize("command", [Tare(), Sleep(), Ask("errors")])
def test_what_it_cannot_do_is_our_mistake(command: Command) -> None:
    with pytest.raises(UnsupportedCommand):
        WeightScaleDialogue().send(command)


def test_recognised_by_its_service() -> None:
    assert identify(Advertisement("anything", frozenset({SERVICE}))) is WEIGHTSCALE
    assert identify(Advertisement("Scale")) is None


def test_a_device_with_a_protocol_of_its_own_is_not_taken_for_a_scale() -> None:
    found = identify(Advertisement("ENTRALPI", frozenset({SERVICE})))
    assert found is not None
    assert found.id == "entralpi"
