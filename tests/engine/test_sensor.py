"""One sensor by itself, told by hand what its connection would tell it."""

import struct

import pytest

from firmware_protocols import CODECS
from firmware_protocols.codec import Ask, Command, Sleep, Start, Tare, UnsupportedCommand
from firmware_protocols.progressor import ProgressorDialogue
from forcelab.acquisition.link import Found
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.acquisition.stream import Stream
from forcelab.engine import WantedSensor
from forcelab.engine.sensor import WAITING, Sensor
from forcelab.journal import records
from forcelab.model import Packet

PROGRESSOR = CODECS["progressor"]
DATA, CONTROL = "7e4e1702-1ea6-40c9-9dcc-13d34ffead57", "7e4e1703-1ea6-40c9-9dcc-13d34ffead57"
SECOND = 1_000_000_000


class Hand:
    """A sensor that is connected, and what came of it."""

    def __init__(self) -> None:
        self.now = SECOND
        self.written: list[records.Known] = []
        self.seen: list[int] = []
        self.posted: list[Command] = []
        self.stream = Stream(PROGRESSOR.dialogue())
        self.sensor = Sensor(
            WantedSensor("total"),
            SimulatedRadio({}),
            now=lambda: self.now,
            write=self.written.append,
            number=lambda: 1,
            changed=lambda _sensor: None,
            sampled=lambda _sensor, t, _force: self.seen.append(len(t)),
        )
        self.sensor.connection.post = self.posted.append  # type: ignore[assignment,method-assign] # nothing is to be connected
        found = Found("A", PROGRESSOR.puppet().advertisement)
        self.sensor.connection._wanted(found)  # as the connection asks before it opens
        self.sensor.connected(found, self.stream)
        self.stream.open()
        self.sensor.state("greeting", "")

    def ready(self) -> "Hand":
        self.sensor.state("ready", "")
        return self

    def write(self, opcode: int) -> None:
        for told in self.stream.wrote(Packet(self.now, CONTROL, bytes([opcode]))):
            self.sensor.told(told)  # type: ignore[arg-type] # a write is answered by nothing that is asked of us

    def hear(self, frame: bytes) -> None:
        packet = Packet(self.now, DATA, frame)
        self.sensor.packet(packet)
        for told in self.stream.receive(packet):
            self.sensor.told(told)  # type: ignore[arg-type] # nor does a sample ask anything

    def stream_for(self, seconds: float, kilograms: float = 0.0) -> None:
        """Samples at 80 Hz, one a notification."""
        for _ in range(round(seconds * 80)):
            self.now += SECOND // 80
            tick = (self.now - SECOND) // 1000
            self.hear(b"\x01\x08" + struct.pack("<fI", kilograms, tick))


def test_a_notification_of_two_frames_is_shown_once() -> None:
    hand = Hand().ready()
    hand.write(0x65)
    hand.hear(bytes.fromhex("0108000048410700000001080000484114320000"))
    assert hand.seen == [2]


def test_a_zero_wants_a_second_of_the_present_run_since_it_was_asked_for() -> None:
    hand = Hand().ready()
    hand.write(0x65)
    hand.stream_for(3.0)
    asked = hand.now
    assert hand.sensor.take_zero(asked, even_loaded=False) == WAITING
    hand.stream_for(0.98)
    assert hand.sensor.take_zero(asked, even_loaded=False) == WAITING
    hand.stream_for(0.05)
    assert hand.sensor.take_zero(asked, even_loaded=False) == ""
    assert hand.sensor.zero == 0.0
    assert isinstance(hand.written[-1], records.Zeroed)


@pytest.mark.parametrize("how", ["stopped", "lost", "stopped and started"])
def test_no_zero_of_a_run_that_is_over(how: str) -> None:
    hand = Hand().ready()
    hand.write(0x65)
    hand.stream_for(3.0)
    if how == "lost":
        hand.sensor.disconnected("gone")
        hand.sensor.state("lost", "gone")
    else:
        hand.write(0x66)
    if how == "stopped and started":
        hand.write(0x65)
    assert hand.sensor.take_zero(hand.now - 2 * SECOND, even_loaded=True) == WAITING
    assert hand.sensor.zero is None


def test_a_running_sensor_is_not_started_beside_its_tare() -> None:
    hand = Hand().ready()
    hand.sensor.tare_and_start()
    assert hand.posted == [Tare(), Start()]
    hand.write(0x65)
    hand.posted.clear()
    hand.sensor.tare_and_start()
    assert hand.posted == [Tare()]


def test_a_run_without_a_sample_that_can_be_used_is_noticed() -> None:
    hand = Hand().ready()
    hand.now += 10 * SECOND
    assert not hand.sensor.brings_nothing, "nobody has started it"
    hand.write(0x65)
    hand.now += 2 * SECOND
    assert not hand.sensor.brings_nothing
    hand.hear(b"\x01\x08" + struct.pack("<fI", float("nan"), 7))
    hand.now += 1
    assert hand.sensor.brings_nothing
    hand.hear(b"\x01\x08" + struct.pack("<fI", 1.0, 9))
    assert not hand.sensor.brings_nothing
    hand.now += SECOND
    hand.hear(b"\x01\x08" + struct.pack("<fI", 1.0, 9))  # the same tick again: discarded
    hand.now += SECOND + 1
    assert hand.sensor.brings_nothing
    hand.sensor.state("lost", "gone")
    assert not hand.sensor.brings_nothing, "that it is gone is told already"


def test_a_sensor_that_is_not_ready_is_asked_nothing() -> None:
    hand = Hand()
    hand.sensor.ask_battery()
    hand.sensor.sleep()
    assert hand.posted == []


def test_the_same_wish_is_passed_on_once_a_second() -> None:
    hand = Hand().ready()
    for _ in range(40):
        hand.sensor.ask_battery()
        hand.sensor.sleep()
    assert hand.posted == [Ask("battery"), Sleep()]
    hand.now += SECOND
    hand.sensor.ask_battery()
    assert hand.posted == [Ask("battery"), Sleep(), Ask("battery")]


def test_a_sensor_that_cannot_be_switched_off_is_left_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def send(_dialogue: object, command: Command) -> None:
        raise UnsupportedCommand(f"it cannot do {command}")

    hand = Hand().ready()
    monkeypatch.setattr(ProgressorDialogue, "send", send)
    hand.sensor.sleep()
    assert hand.posted == []


def test_a_sensor_that_is_connected_tells_what_its_support_rests_on() -> None:
    assert Hand().sensor.view().status == f"{PROGRESSOR.family}: {PROGRESSOR.status}."
