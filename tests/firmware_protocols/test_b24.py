"""The B24, broadcast by broadcast: one recorded from a device by others, the rest computed by hand from the format."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols import identify
from firmware_protocols.b24 import (
    B24,
    B24_CONNECTED,
    INTERVAL,
    PIN,
    STATUS,
    UNIT,
    VALUE,
    B24ConnectedDialogue,
    B24ConnectedPuppet,
    B24Dialogue,
    B24Puppet,
    unveil,
    veil,
)
from firmware_protocols.codec import (
    ADVERTISEMENT,
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

RECORDED = "01 4D 80 6C C9 A4 C9 47 A2 5B F5 21 DF"
NEWTONS = "01 4D 80 4C 1E 5C 0B 91 4A 5B F5 21 DF"
KILOGRAMS = "01 4D 80 6C 72 DF 21 11 4A 5B F5 21 DF"


def broadcast(payload: str) -> bytes:
    return bytes.fromhex("C3 04" + payload)


def heard(payload: str, pin: str = "0000") -> list[Said]:
    return B24.dialogue({"pin": pin}).receive(ADVERTISEMENT, broadcast(payload))


def newtons(said: list[Said]) -> list[float]:
    return [value for one in said if isinstance(one, Samples) for value in one.values["force"]]


class TestWorkedFrames:
    def test_the_recorded_one_is_a_torque_and_no_force(self) -> None:
        reading = unveil(bytes.fromhex(RECORDED), "0000")
        assert reading is not None
        assert (reading.tag, reading.status, reading.unit) == (b"\x4d\x80", 0, 0x96)
        assert reading.value == pytest.approx(-0.005626, abs=5e-7)
        said = heard(RECORDED)
        assert said[0] == Info("unit", "N m")
        assert isinstance(said[1], Malformed)
        assert said[1].samples == 1

    def test_newtons_with_a_battery_that_is_low(self) -> None:
        assert heard(NEWTONS) == [
            Info("unit", "N"), Info("low_power", True), RunStarted(), Samples({"force": (250.5,)}),
        ]  # fmt: skip

    def test_kilograms(self) -> None:
        said = heard(KILOGRAMS)
        assert said[0] == Info("unit", "kg")
        assert newtons(said) == [pytest.approx(-3.25 * 9.80665)]

    def test_the_key_of_the_pin_that_it_comes_with(self) -> None:
        assert veil(bytes(10), "0000") == bytes.fromhex("6C 5F 1F 71 11 4A 16 75 6C 5F")


class TestPin:
    def test_another_one_shows_by_the_tags(self) -> None:
        (said,) = heard(NEWTONS, "0001")
        assert isinstance(said, Malformed)
        assert "PIN" in said.why

    @pytest.mark.parametrize("at", [1, 2, 9, 10, 11, 12])
    def test_any_of_the_three_tags_may_give_it_away(self, at: int) -> None:
        data = bytearray.fromhex(NEWTONS)
        data[at] ^= 0x10
        assert unveil(bytes(data), "0000") is None

    @given(st.binary(min_size=10, max_size=10), st.text("0123456789abcXYZ", min_size=1, max_size=10))
    def test_what_is_veiled_comes_to_light(self, secret: bytes, pin: str) -> None:
        assert veil(veil(secret, pin), pin) == secret

    def test_a_short_one_is_repeated(self) -> None:
        assert veil(bytes(10), "12") == veil(bytes(10), "1212121212")

    @pytest.mark.parametrize("pin", ["", "12345678901", "é", "1 2"])
    def test_what_is_none(self, pin: str) -> None:
        with pytest.raises(ValueError, match="pin"):
            B24.dialogue({"pin": pin})


class TestStatus:
    @staticmethod
    def with_status(status: int, value: float = 1.0) -> list[Said]:
        return B24Dialogue("0000").receive(ADVERTISEMENT, bytes.fromhex("C3 04") + payload(status, value))

    def test_what_it_tells(self) -> None:
        assert self.with_status(0x7C)[1:4] == [Info("tared", True), Info("overload", True), Info("low_power", True)]

    def test_is_told_when_it_changes(self) -> None:
        dialogue = B24Dialogue("0000")
        told = [dialogue.receive(ADVERTISEMENT, b"\xc3\x04" + payload(status, 1.0)) for status in (8, 8, 0)]
        assert [[one.value for one in said if isinstance(one, Info) and one.name == "overload"] for said in told] == [
            [True],
            [],
            [False],
        ]

    @pytest.mark.parametrize("status", [0x01, 0x02, 0x03])
    def test_a_shunt_and_a_broken_sensor_give_no_force(self, status: int) -> None:
        said = self.with_status(status)
        assert newtons(said) == []
        assert [one.samples for one in said if isinstance(one, Malformed)] == [1]


def payload(status: int, value: float, unit: int = 0x41, tag: bytes = b"\x4d\x80") -> bytes:
    """By the key of the PIN 0000, which the page gives in full."""
    key = bytes.fromhex("6C 5F 1F 71 11 4A 16 75 6C 5F")
    secret = bytes([status, unit]) + struct.pack(">f", value) + tag + tag
    return b"\x01" + tag + bytes(a ^ b for a, b in zip(secret, key, strict=True))


class TestMalformed:
    @pytest.mark.parametrize(
        "data",
        ["", "C3 04", "04 C3" + NEWTONS, "C3 04" + NEWTONS[:-3], "C3 04" + NEWTONS + "00", "C3 04 02" + NEWTONS[2:]],
    )
    def test_is_told_with_its_bytes(self, data: str) -> None:
        (said,) = B24Dialogue("0000").receive(ADVERTISEMENT, bytes.fromhex(data))
        assert isinstance(said, Malformed)
        assert (said.data, said.samples) == (bytes.fromhex(data), 0)

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
    def test_a_value_that_is_no_number(self, value: float) -> None:
        said = B24Dialogue("0000").receive(ADVERTISEMENT, b"\xc3\x04" + payload(0, value))
        assert newtons(said) == []
        assert isinstance(said[-1], Malformed)

    def test_a_value_of_an_unknown_unit(self) -> None:
        said = B24Dialogue("0000").receive(ADVERTISEMENT, b"\xc3\x04" + payload(0, 1.0, unit=0x20))
        assert said[0] == Info("unit", "code 0x20")
        assert isinstance(said[1], Malformed)

    def test_the_largest_number_of_kilograms(self) -> None:
        said = B24Dialogue("0000").receive(ADVERTISEMENT, b"\xc3\x04" + payload(0, 3.4e38, unit=0x2D))
        assert newtons(said) == [pytest.approx(3.4e38 * 9.80665, rel=1e-6)]

    def test_from_a_characteristic(self) -> None:
        assert isinstance(B24Dialogue("0000").receive(VALUE, broadcast(NEWTONS))[0], Malformed)


class TestConnected:
    def test_the_pin_comes_first_and_the_interval_is_left_alone(self) -> None:
        assert B24ConnectedDialogue(1234).open() == [
            Ready((Channel("force", "N"),), Arrival(12.5)),
            Write(PIN, bytes.fromhex("00 00 04 D2"), response=True),
            Read(UNIT),
            Read(STATUS),
        ]

    def test_the_interval_that_a_person_asks_for(self) -> None:
        ready, *_, interval = B24_CONNECTED.dialogue({"interval": "100"}).open()
        assert isinstance(ready, Ready)
        assert (ready.rate, ready.timebase) == (10.0, Arrival(10.0))
        assert interval == Write(INTERVAL, bytes.fromhex("00 00 00 64"), response=True)

    @pytest.mark.parametrize(
        ("option", "value"),
        [("interval", "79"), ("interval", "0"), ("interval", "10001"), ("interval", "8e1"), ("pin", "-1"), ("pin", ""),
         ("pin", "4294967296"), ("pin", "²")],
    )  # fmt: skip
    def test_what_is_no_choice(self, option: str, value: str) -> None:
        with pytest.raises(ValueError, match=option):
            B24_CONNECTED.dialogue({option: value})

    @pytest.mark.parametrize(("unit", "force"), [(0x41, 250.5), (0x2D, 250.5 * 9.80665)])
    def test_values_once_their_unit_is_known(self, unit: int, force: float) -> None:
        dialogue = B24ConnectedDialogue(0)
        value = struct.pack(">f", 250.5)
        assert value == bytes.fromhex("43 7A 80 00")
        assert isinstance(dialogue.receive(VALUE, value)[0], Malformed)
        dialogue.receive(UNIT, bytes([unit]))
        said = dialogue.receive(VALUE, value)
        assert said[0] == RunStarted()
        assert newtons(said) == [pytest.approx(force)]

    def test_status(self) -> None:
        assert B24ConnectedDialogue(0).receive(STATUS, b"\x28") == [Info("overload", True), Info("low_power", True)]

    @pytest.mark.parametrize(("where", "data"), [(UNIT, b""), (STATUS, b"\0\0"), (VALUE, b"\0\0\0"), (PIN, b"\0")])
    def test_malformed(self, where: str, data: bytes) -> None:
        (said,) = B24ConnectedDialogue(0).receive(where, data)
        assert isinstance(said, Malformed)
        assert said.data == data


@pytest.mark.parametrize("codec", [B24, B24_CONNECTED], ids=["broadcast", "connected"])
class TestBoth:
    def test_start_and_stop_ask_nothing_and_nothing_else_is_possible(self, codec: object) -> None:
        dialogue = (B24 if codec is B24 else B24_CONNECTED).dialogue()
        assert [dialogue.send(Start()), dialogue.send(Stop())] == [[], []]
        refused: tuple[Command, ...] = (Tare(), Sleep(), Ask("battery"))
        for command in refused:
            with pytest.raises(UnsupportedCommand):
                dialogue.send(command)

    def test_no_script_writes_calibration_a_new_pin_or_an_end_to_all_sending(self, codec: object) -> None:
        chosen = B24 if codec is B24 else B24_CONNECTED
        for settings in ({}, dict(chosen.examples)):
            dialogue = chosen.dialogue(settings)
            said = [*dialogue.open(), *dialogue.overdue(), *dialogue.send(Start()), *dialogue.send(Stop())]
            for one in said:
                if isinstance(one, Write):
                    assert one.characteristic in (PIN, INTERVAL)
                    assert one.characteristic != INTERVAL or any(one.data)


class TestRecognition:
    def test_by_its_payload_as_the_one_that_broadcasts(self) -> None:
        for name in ("B24", "Squeeze", None):
            seen = Advertisement(name, manufacturer={0x04C3: bytes.fromhex(RECORDED)})
            assert identify(seen) is B24
            assert B24_CONNECTED.recognises(seen)

    @pytest.mark.parametrize("found", [{}, {0x04C3: b"\x01"}, {0xC304: bytes.fromhex(RECORDED)}])
    def test_and_by_nothing_else(self, found: dict[int, bytes]) -> None:
        assert not B24.recognises(Advertisement("B24", manufacturer=found))


class TestPuppet:
    @pytest.mark.parametrize(
        ("unit", "status", "force", "frame"),
        [(0x41, 0x20, 250.5, NEWTONS), (0x2D, 0, -3.25 * 9.80665, KILOGRAMS)],
    )
    def test_says_what_the_worked_frames_say(self, unit: int, status: int, force: float, frame: str) -> None:
        puppet = B24Puppet(unit=unit, status=status)
        assert puppet.sample(0.0, force) == [Notify(ADVERTISEMENT, broadcast(frame))]
        assert puppet.advertisement.manufacturer == {0x04C3: bytes.fromhex(frame)}

    def test_connected_it_trusts_only_its_own_pin(self) -> None:
        puppet = B24ConnectedPuppet(configuration_pin=7)
        puppet.written(PIN, (6).to_bytes(4, "big"))
        puppet.written(INTERVAL, (1000).to_bytes(4, "big"))
        assert puppet.sample(0.0, 1.0) == []
        puppet.written(PIN, (7).to_bytes(4, "big"))
        puppet.written(INTERVAL, (1000).to_bytes(4, "big"))
        assert puppet.sample(0.0, 250.5) == [Notify(VALUE, bytes.fromhex("43 7A 80 00"))]
        assert puppet.rate == 1.0
