"""The device's half of a PASCO sensor: a load cell, or what a test makes of it. It answers one question at a time.

Streaming it plays as one source describes it.
"""

import struct
from dataclasses import dataclass, field
from typing import Final

from firmware_protocols.codec import Advertisement, Characteristic, Notify, Played, Property, Service
from firmware_protocols.pasco.wire import (
    DEVICE_COMMAND,
    DEVICE_RESPONSE,
    POINTS,
    SENSOR_ACKNOWLEDGE,
    SENSOR_COMMAND,
    SENSOR_RESPONSE,
    SENSOR_STREAM,
    Event,
    Line,
    Opcode,
    uuid,
)

_RATE: Final = 10.0


@dataclass
class PascoPuppet:
    """The device's half.

    Attributes:
        name: what it advertises.
        sensor: its id.
        lines: its factory calibration, one line for each raw value.
        batch: samples in a packet while it streams.
        unheard: packets that it sends without an acknowledgement before it falls silent.
    """

    name: str = "Load Cell 742-993>P5"
    sensor: int = 2043
    lines: tuple[Line, ...] = (Line(32700.0, 0.0, 5100.0, 50.0),)
    batch: int = 1
    unheard: int = 16
    _wanted: bool = field(default=False, init=False)
    _streaming: bool = field(default=False, init=False)
    _period: int = field(default=50_000, init=False)  # µs
    _sequence: int = field(default=0, init=False)
    _silent: int = field(default=0, init=False)
    _rows: list[bytes] = field(default_factory=list, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """The name alone."""
        return Advertisement(self.name)

    @property
    def services(self) -> tuple[Service, ...]:
        """Those of the device and of its first channel."""
        write: frozenset[Property] = frozenset({"write-without-response"})
        notify: frozenset[Property] = frozenset({"notify"})
        device = (Characteristic(DEVICE_COMMAND, write), Characteristic(DEVICE_RESPONSE, notify))
        sensor = (
            Characteristic(SENSOR_COMMAND, write),
            Characteristic(SENSOR_RESPONSE, notify),
            Characteristic(SENSOR_STREAM, notify),
            Characteristic(SENSOR_ACKNOWLEDGE, write),
        )
        return (Service(uuid(0, 0), device), Service(uuid(1, 0), sensor))

    @property
    def rate(self) -> float:
        """As often as it can be asked, or as its period makes while it streams."""
        return 1e6 / self._period if self._streaming else _RATE

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """Answer what can be answered at once; a sample is measured when its time comes."""
        if characteristic == SENSOR_ACKNOWLEDGE:
            self._silent = 0
        if not data or characteristic not in (DEVICE_COMMAND, SENSOR_COMMAND):
            return []
        return self._obey(data[0], data[1:])

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Measure `force` (N), spread evenly over its beams, if somebody wants it."""
        beams = min(len(self.lines), 4)
        shares = [force / beams] * beams + [0.0] * (len(self.lines) - beams)
        raws = [round(line.x1 + (share - line.y1) / line.step) for share, line in zip(shares, self.lines, strict=True)]
        values = struct.pack(f"<{len(raws)}H", *(min(max(raw, 0), 0xFFFF) for raw in raws))
        played: list[Played] = []
        if self._wanted:
            self._wanted = False
            played = self._result(Opcode.SAMPLE, values)
        if self._streaming:
            self._rows.append(values)
            played += self._packet() if len(self._rows) >= self.batch else []
        return played

    def hung_up(self) -> None:
        """Nothing is wanted any more."""
        self._wanted = self._streaming = False

    def _obey(self, opcode: int, rest: bytes) -> list[Played]:
        match opcode:
            case Opcode.SENSOR_ID:
                return [Notify(SENSOR_RESPONSE, bytes([Event.IDENTITY]) + self.sensor.to_bytes(2, "little"))]
            case Opcode.SAMPLE:
                self._wanted = rest == bytes([2 * len(self.lines)])
                return [] if self._wanted else self._result(opcode, status=1)
            case Opcode.FETCH:
                return self._calibration()
            case Opcode.PERIOD if any(rest[:4]):
                self._period = int.from_bytes(rest[:4], "little")
            case Opcode.START | Opcode.STOP:
                self._streaming = opcode == Opcode.START
                self._sequence = self._silent = 0
                self._rows.clear()
        return self._result(opcode)

    def _packet(self) -> list[Played]:
        rows, self._rows = self._rows, []
        self._silent += 1
        if self._silent > self.unheard:
            return []
        packet = bytes([self._sequence]) + b"".join(rows)
        self._sequence = (self._sequence + 1) % 32
        return [Notify(SENSOR_STREAM, packet)]

    def _calibration(self) -> list[Played]:
        frames = [bytes([Event.CALIBRATION, i]) + POINTS.pack(*line) for i, line in enumerate(self.lines)]
        return [Notify(DEVICE_RESPONSE, frame) for frame in (*frames, bytes([Event.CALIBRATION_END]))]

    def _result(self, opcode: int, values: bytes = b"", status: int = 0) -> list[Played]:
        return [Notify(DEVICE_RESPONSE, bytes([Event.RESULT, status, opcode]) + values)]
