"""The Squegg, packet by packet: bytes that other programs recorded, or computed by hand from the format."""

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
    Said,
    Samples,
    Sleep,
    Start,
    Stop,
    Tare,
    UnsupportedCommand,
)
from firmware_protocols.squegg import SQUEGG, SqueggDialogue, SqueggPuppet

FFB2 = "0000ffb2-0000-1000-8000-00805f9b34fb"


def heard(data: bytes) -> list[Said]:
    return SqueggDialogue().receive(FFB2, data)


def told(battery: int, squeezing: bool, kilograms: float) -> list[Said]:
    news = [Info("battery_percent", battery), Info("squeezing", squeezing)]
    return [RunStarted(), *news, Samples({"force": (kilograms,)})]


@pytest.mark.parametrize(
    ("packet", "battery", "squeezing", "kilograms"),
    [
        ("31 38 30 31 34 2E 32 35 30 00 31 30 38 34", 90, False, 14.250),
        ("31 39 31 33 30 2E 35 30 30 00 31 30 38 35", 100, True, 30.500),
        ("31 30 30 30 2E 30 30 30 00 31 30 38 35", 10, False, 0.0),  # 13 bytes
    ],
)
def test_worked_frames(packet: str, battery: int, squeezing: bool, kilograms: float) -> None:
    assert heard(bytes.fromhex(packet)) == told(battery, squeezing, kilograms)


@pytest.mark.parametrize(
    ("packet", "squeezing", "kilograms"),
    [
        (b"1910", True, 0.0),
        (b"19119.627", True, 19.627),
        (b"19024.193", False, 24.193),
        (b"1907.953", False, 7.953),
        (b"191.458", True, 0.458),
    ],
)
def test_older_ones_end_with_the_weight(packet: bytes, squeezing: bool, kilograms: float) -> None:
    """Packets of another program's tests."""
    assert heard(packet) == told(100, squeezing, kilograms)


def test_the_count_is_no_part_of_the_weight() -> None:
    """Without its zero byte 14.250 and 1084 would read as 14.2501084."""
    assert isinstance(heard(b"18014.2501084")[0], Malformed)
    said = heard(b"18014.250\0" + b"1084")
    assert said[-1] == Samples({"force": (14.25,)})


def test_news_are_told_once() -> None:
    dialogue = SqueggDialogue()
    packets = (b"1801.000\x007", b"1801.500\x007", b"1812.000\x008", b"1712.500\x008")
    said = [message for packet in packets for message in dialogue.receive(FFB2, packet)]
    assert [m for m in said if isinstance(m, Info)] == [
        Info("battery_percent", 90),
        Info("squeezing", False),
        Info("squeezing", True),
        Info("battery_percent", 80),
    ]
    assert len([m for m in said if isinstance(m, RunStarted)]) == 1


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"1",
        b"180",
        b"28014.250\x001084",
        b"1A014.250\x001084",
        b"18214.250\x001084",
        b"180nan\x001084",
        b"1801e9\x001084",
        b"180-1.0\x001084",
        b"18014.250\x00x",
        b"180\x001084",
        b"1801.2.3",
        "180１.0".encode(),
    ],
)
def test_malformed(packet: bytes) -> None:
    assert heard(packet) == [Malformed("not the text of a weight", packet)]


def test_from_another_characteristic() -> None:
    assert isinstance(SqueggDialogue().receive("0000ffb1-0000-1000-8000-00805f9b34fb", b"1910")[0], Malformed)


@given(st.floats(0.0, 999.0), st.integers(0, 9), st.booleans())
def test_what_the_puppet_says_is_what_we_hear(kilograms: float, battery: int, counts: bool) -> None:
    (note,) = SqueggPuppet(battery=battery, counts=counts).sample(0.0, kilograms * 9.80665)
    assert isinstance(note, Notify)
    *_, samples = heard(note.data)
    assert isinstance(samples, Samples)
    assert samples.values["force"][0] == pytest.approx(kilograms, abs=0.0005 + 1e-9)


def test_it_is_ready_at_once_and_never_written_to() -> None:
    dialogue = SqueggDialogue()
    assert dialogue.open() == [Ready((Channel("force", "kg"),), Arrival(5.0))]
    assert dialogue.send(Start()) == dialogue.send(Stop()) == []
    assert dialogue.wrote(FFB2, b"\x01") == []


@pytest.mark.parametrize("command", [Tare(), Sleep(), Ask("battery")])
def test_what_it_cannot_do_is_our_mistake(command: Command) -> None:
    with pytest.raises(UnsupportedCommand):
        SqueggDialogue().send(command)


@pytest.mark.parametrize(
    ("name", "ours"), [("Squegg", True), ("My SQUEGG 2", True), ("weixin-nini", True), ("weixin", False), (None, False)]
)
def test_recognised_by_name_alone(name: str | None, ours: bool) -> None:
    found = identify(Advertisement(name, frozenset({"0000ffb0-0000-1000-8000-00805f9b34fb"})))
    assert (found is SQUEGG) == ours
