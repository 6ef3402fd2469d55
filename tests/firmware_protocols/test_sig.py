"""Battery level and device information, as the Bluetooth SIG has them."""

import pytest

from firmware_protocols.codec import Ask, Info, Malformed, Read, UnsupportedCommand
from firmware_protocols.sig import BATTERY_LEVEL, FIRMWARE, GREETING, SERIAL, battery_service, reads, told, uuid


class TestBattery:
    def test_worked_frame(self) -> None:
        assert told("00002a19-0000-1000-8000-00805f9b34fb", b"\x57") == [Info("battery_percent", 87)]

    @pytest.mark.parametrize("percent", [0, 100])
    def test_ends(self, percent: int) -> None:
        assert told(BATTERY_LEVEL, bytes([percent])) == [Info("battery_percent", percent)]

    @pytest.mark.parametrize("value", [b"", b"\x65", b"\xff", b"\x57\x00"])
    def test_no_percentage(self, value: bytes) -> None:
        (said,) = told(BATTERY_LEVEL, value)
        assert isinstance(said, Malformed)
        assert said.data == value

    def test_of_a_puppet(self) -> None:
        (battery,) = battery_service(87).characteristics
        assert (battery.uuid, battery.value) == (BATTERY_LEVEL, b"\x57")


class TestDeviceInformation:
    @pytest.mark.parametrize(
        ("short", "name"),
        [
            (0x2A24, "model"),
            (0x2A25, "serial"),
            (0x2A26, "firmware"),
            (0x2A27, "hardware"),
            (0x2A28, "software"),
            (0x2A29, "maker"),
        ],
    )
    def test_texts(self, short: int, name: str) -> None:
        assert told(uuid(short), b"1.0") == [Info(name, "1.0")]

    def test_ended_by_a_zero(self) -> None:
        assert told(FIRMWARE, b"109a\0\0\xff") == [Info("firmware", "109a")]

    def test_an_empty_one_tells_nothing(self) -> None:
        assert told(SERIAL, b" \0") == []

    def test_that_is_no_text(self) -> None:
        assert told(SERIAL, b"A\xff") == [Info("serial", "A\ufffd")]


def test_any_other_characteristic() -> None:
    assert told(uuid(0x2A9D), b"\x00") == [Malformed(f"nothing is expected from {uuid(0x2A9D)}", b"\x00")]


def test_the_greeting_begins_with_the_battery() -> None:
    assert GREETING[0] == Read(BATTERY_LEVEL)
    assert len(GREETING) == 7


def test_questions() -> None:
    assert reads(Ask("battery")) == [Read(BATTERY_LEVEL)]
    assert reads(Ask("firmware")) == [Read(FIRMWARE)]
    assert reads(Ask("id")) == [Read(SERIAL)]
    with pytest.raises(UnsupportedCommand, match="errors"):
        reads(Ask("errors"))
