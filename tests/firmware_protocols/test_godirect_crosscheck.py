"""Go Direct against its maker's own library, in both directions: its requests and ours, its reading and ours.

What that library reads wrongly by its own code is left out: wide masks, and single channels while others are on.
"""

import queue
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols.codec import (
    Index,
    Info,
    Notify,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Start,
    Stop,
    Write,
)
from firmware_protocols.godirect.dialogue import GoDirectDialogue
from firmware_protocols.godirect.frames import COMMAND, RESPONSE, Opcode, checksum, is_request
from firmware_protocols.godirect.puppet import GoDirectPuppet
from tests.firmware_protocols import vernier

pytestmark = pytest.mark.skipif(not vernier.installed(), reason=vernier.MISSING)


class Meeting:
    """The maker's host on our puppet, and our dialogue overhearing the two."""

    def __init__(self, puppet: GoDirectPuppet | None = None) -> None:
        self.puppet = puppet or GoDirectPuppet(batch=3)
        self.overheard = GoDirectDialogue(100.0, None)
        self.told: list[Said] = []
        self.written: list[bytes] = []
        self.host: Any = vernier.host(self.write)

    def write(self, data: bytes) -> None:
        self.written.append(data)
        self.told += self.overheard.wrote(COMMAND, data)
        self.hear(self.puppet.written(COMMAND, data))

    def hear(self, played: list[Any]) -> None:
        for act in played:
            if isinstance(act, Notify):
                self.told += self.overheard.receive(RESPONSE, act.data)
                self.host._notify_callback(None, act.data)

    def run(self, forces: list[float]) -> list[float]:
        """What the host reads of a run."""
        assert self.host.open()
        self.host.list_sensors()
        self.host.enable_sensors([1])
        assert self.host.start(period=10)
        for force in forces:
            self.hear(self.puppet.sample(0.0, force))
        while not self.host._responses.empty():
            assert self.host.read()
        assert self.host.stop()
        values: list[float] = self.host.get_sensor(1).values
        return values

    @property
    def samples(self) -> list[float]:
        return [value for one in self.told if isinstance(one, Samples) for value in one.values["force"]]


@given(st.lists(st.floats(-850.0, 850.0, width=32), max_size=30), st.integers(1, 61), st.integers(20, 244))
def test_its_host_reads_of_our_puppet_what_we_read(forces: list[float], batch: int, chunk: int) -> None:
    meeting = Meeting(GoDirectPuppet(batch=batch, chunk=chunk))
    assert meeting.run(forces) == meeting.samples == forces


def test_we_understand_a_whole_session_of_its_host() -> None:
    meeting = Meeting()
    meeting.run([1.0, 2.0, 3.0])
    told = meeting.told
    assert [one.timebase for one in told if isinstance(one, Ready)] == [Index(100.0)]
    assert [one for one in told if isinstance(one, RunStarted | RunStopped)] == [RunStarted(), RunStopped()]
    meeting.host.close()
    assert is_request(meeting.written[-1])
    assert meeting.written[-1][4] == 0x54  # the end of the connection, which we leave to the link


def test_both_read_the_same_of_the_device_itself() -> None:
    meeting = Meeting(GoDirectPuppet(battery=42))
    meeting.run([])
    info = {one.name: one.value for one in meeting.told if isinstance(one, Info)}
    host = meeting.host
    assert info["battery_percent"] == host.battery_level_percent == 42
    assert info["model"] == host.order_code
    assert info["serial"] == host.serial_number
    assert info["firmware"] == host.primary_cpu_version
    assert info["firmware_radio"] == host.secondary_cpu_version
    force = host.get_sensor(1)
    assert (force.sensor_units, force.sensor_description) == ("N", "Force")
    (ready,) = [one for one in meeting.told if isinstance(one, Ready)]
    assert ready.capacity == force.max_measurement


def test_our_requests_are_byte_for_byte_its_own() -> None:
    ours: list[bytes] = []
    dialogue, puppet = GoDirectDialogue(100.0, None), GoDirectPuppet()
    script = [*dialogue.open(), Start(), Stop()]
    while script:
        step = script.pop(0)
        if isinstance(step, Start | Stop):
            script = dialogue.send(step) + script
        elif isinstance(step, Write):
            ours.append(step.data)
            dialogue.wrote(step.characteristic, step.data)
            for act in puppet.written(step.characteristic, step.data):
                assert isinstance(act, Notify)
                script = [*dialogue.receive(RESPONSE, act.data), *script]
    theirs: list[bytes] = []
    host = vernier.host(theirs.append)
    build = {
        Opcode.STATUS: host._GDX_get_status,
        Opcode.DEVICE_INFO: host._GDX_get_device_info,
        Opcode.AVAILABLE: host._GDX_get_available_sensors,
        Opcode.PERIOD: lambda: host._GDX_set_measurement_period(10),
        Opcode.START: lambda: host._GDX_start_measurements(0b10),
        Opcode.STOP: host._GDX_stop_measurements,
    }
    # It waits for a reply to each; that none comes is all the same here.
    for request in (b"".join(ours[:2]), *ours[2:]):
        assert is_request(request)
        host._rolling_counter = (request[2] + 1) % 256
        make = build.get(Opcode(request[4]))
        if request[4] == Opcode.INIT:
            make = host._GDX_init
        elif request[4] == Opcode.SENSOR_INFO:
            make = lambda channel=request[5]: host._GDX_get_sensor_info(channel)  # noqa: E731 - the one that fits
        assert make is not None
        with pytest.raises(queue.Empty):
            make()
    assert b"".join(theirs) == b"".join(ours)


@given(
    values=st.lists(st.tuples(st.floats(width=32, allow_nan=False, allow_infinity=False)), min_size=1, max_size=61),
    kind=st.sampled_from([0x06, 0x08, 0x0A]),
)
def test_packets_of_each_kind_are_read_alike(values: list[tuple[float]], kind: int) -> None:
    body = struct.pack(f"<{len(values)}f", *(value for (value,) in values))
    head = bytes([6, 2, 0, len(values), 0]) if kind == 0x06 else bytes([kind, 0, 1, len(values)])
    packet = bytearray([0x20, 4 + len(head) + len(body), 0, 0]) + head + body
    packet[3] = checksum(packet)
    meeting = Meeting()
    meeting.run([])
    meeting.host.get_sensor(1).clear()
    meeting.hear([Notify(RESPONSE, bytes(packet))])
    assert meeting.host.read()
    assert meeting.host.get_sensor(1).values == meeting.samples
