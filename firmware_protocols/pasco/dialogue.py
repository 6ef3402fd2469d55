"""Our half of a connection with a PASCO sensor: which one it is, how it was calibrated, then one sample after another.

Refuses to know what the numbers of the sensors mean.
"""

import math
import struct
from collections.abc import Sequence
from typing import Final

from firmware_protocols.codec import (
    Arrival,
    Channel,
    Command,
    Info,
    Lost,
    Malformed,
    Pause,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Start,
    Stop,
    UnsupportedCommand,
    Write,
)
from firmware_protocols.pasco.wire import (
    DEVICE_COMMAND,
    DEVICE_RESPONSE,
    POINTS,
    SENSOR_ACKNOWLEDGE,
    SENSOR_COMMAND,
    SENSOR_RESPONSE,
    SENSOR_STREAM,
    SENSORS,
    TYPICAL,
    TYPICAL_BEAM,
    UNKNOWN,
    Event,
    Line,
    Opcode,
    Sensor,
)

RATE: Final = 10.0
"""Hz, assumed: users report between 3 and 25 when one sample is asked for at a time."""
REPLY_WITHIN: Final = 2.0
_PATIENCE: Final = Pause(0.5)  # before asking again what was refused
_STREAM_PERIOD_MS: Final = 10
_SEQUENCE: Final = 32
_ACKNOWLEDGED: Final = 8  # packets


class PascoDialogue:
    """Our half of one connection. It asks for samples as soon as it is ready; a run begins with the first of them.

    Args:
        stream: whether to let the device send by itself, which nobody has verified.
    """

    def __init__(self, *, stream: bool = False) -> None:
        self._stream = stream
        self._asked_who = False  # whether the traffic holds our questions, or only samples of a stranger's capture
        self._open: Opcode | None = None
        self._sensor: Sensor | None = None
        self._points: dict[int, Line] = {}
        self._lines: tuple[Line, ...] = ()
        self._names: tuple[str, ...] = ()
        self._running = False
        self._sequence: int | None = None

    def open(self) -> list[Said]:
        """Ask what sensor it is; everything else follows from the replies."""
        return [*self._ask(Opcode.SENSOR_ID)]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One message. Replies to the sensor come from the device's own characteristic as well."""
        if characteristic == SENSOR_STREAM:
            return self._streamed(data)
        if characteristic not in (DEVICE_RESPONSE, SENSOR_RESPONSE):
            return [Malformed(f"nothing is expected from {characteristic}", data)]
        return self._message(data)

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """Learn from a request, ours or another program's."""
        opcode = data[0] if data else None
        if characteristic == SENSOR_COMMAND and opcode in (Opcode.SENSOR_ID, Opcode.SAMPLE):
            self._open = Opcode(data[0])
            self._asked_who = self._asked_who or opcode == Opcode.SENSOR_ID
        elif characteristic == DEVICE_COMMAND:
            match opcode:
                case Opcode.FETCH:
                    self._open, self._asked_who = Opcode.FETCH, True
                    self._points.clear()
                case Opcode.START:
                    self._running, self._sequence = True, None
                    return [RunStarted()]
                case Opcode.STOP if self._running:
                    self._running = False
                    return [RunStopped()]
        return []

    def send(self, command: Command) -> list[Said]:
        """Start and Stop ask nothing of it: it is being asked for samples all the time."""
        if isinstance(command, Start | Stop):
            return []
        raise UnsupportedCommand(f"{type(command).__name__}: nothing that is published does it on a PASCO sensor")

    @property
    def waiting(self) -> bool:
        """By the traffic: the last question has no answer yet."""
        return self._open is not None

    def overdue(self) -> list[Said]:
        """Ask once more."""
        return [] if self._open is None else [*self._ask(self._open)]

    # --- what to write -------------------------------------------------------------------------------------------

    def _ask(self, opcode: Opcode) -> list[Write]:
        if opcode == Opcode.SENSOR_ID:
            return [Write(SENSOR_COMMAND, bytes([opcode]), response=False, reply_within=REPLY_WITHIN)]
        if opcode == Opcode.SAMPLE:
            size = 2 * (self._sensor.raws if self._sensor else 1)
            return [Write(SENSOR_COMMAND, bytes([opcode, size]), response=False, reply_within=REPLY_WITHIN)]
        size = POINTS.size * (self._sensor.raws if self._sensor else 1)
        prepare = struct.pack("<BBIH", Opcode.PREPARE, 0x83, 2, size)
        fetch = struct.pack("<BBHB", Opcode.FETCH, 1, size, POINTS.size)
        return [
            Write(DEVICE_COMMAND, prepare, response=False),
            Write(DEVICE_COMMAND, fetch, response=False, reply_within=REPLY_WITHIN),
        ]

    def _begin(self) -> list[Write]:
        """What makes samples come."""
        if not self._stream:
            return self._ask(Opcode.SAMPLE)
        period = struct.pack("<BIH", Opcode.PERIOD, 1000 * _STREAM_PERIOD_MS, 0)
        start = struct.pack("<BH", Opcode.START, _STREAM_PERIOD_MS)
        return [Write(SENSOR_COMMAND, period, response=False), Write(DEVICE_COMMAND, start, response=False)]

    # --- what the traffic shows ----------------------------------------------------------------------------------

    def _message(self, data: bytes) -> list[Said]:
        match data[0] if data else None:
            case Event.RESULT if len(data) >= 3:
                return self._result(data)
            case Event.IDENTITY if len(data) >= 3:
                return self._identity(int.from_bytes(data[1:3], "little"))
            case Event.CALIBRATION if len(data) == 2 + POINTS.size and data[1] < 5:
                return self._calibration(data)
            case Event.CALIBRATION_END:
                return self._calibrated(data)
            case Event.STATE:
                return [Info("event_85", data[1:].hex())]  # battery perhaps; its layout is not known
        return [Malformed("a message of no known kind or length", data)]

    def _answered(self, opcode: Opcode) -> bool:
        if self._open != opcode:
            return False
        self._open = None
        return True

    def _result(self, data: bytes) -> list[Said]:
        if data[1]:
            refused: list[Said] = [Info("errors", f"request {data[2]:02x} was refused ({data[1]:02x})")]
            asked = self._open
            if asked is None or data[2] not in (asked, Opcode.PREPARE):
                return refused
            self._open = None
            return [*refused, _PATIENCE, *self._ask(asked)]
        if data[2] != Opcode.SAMPLE:
            return []
        ours = self._answered(Opcode.SAMPLE)
        told = self._sampled(data[3:], data)
        return [*told, *self._ask(Opcode.SAMPLE)] if ours else told

    def _identity(self, number: int) -> list[Said]:
        self._sensor = SENSORS.get(number)
        ours = self._answered(Opcode.SENSOR_ID)
        if self._sensor is None:
            return [Info("errors", f"sensor {number} is not known to measure force")]
        told: list[Said] = [Info("model", self._sensor.name)]
        return [*told, *self._ask(Opcode.FETCH)] if ours else told

    def _calibration(self, data: bytes) -> list[Said]:
        line = Line(*POINTS.unpack_from(data, 2))
        if not all(map(math.isfinite, line)) or line.x1 == line.x2:
            return [Malformed("a calibration that is no line", data)]
        self._points[data[1]] = line
        return []

    def _calibrated(self, data: bytes) -> list[Said]:
        ours = self._answered(Opcode.FETCH)
        raws = self._sensor.raws if self._sensor else len(self._points)
        if sorted(self._points) != list(range(raws)) or raws not in (1, 4, 5):
            told: list[Said] = [Malformed("the end of a calibration that is not complete", data)]
            return [*told, _PATIENCE, *self._ask(Opcode.FETCH)] if ours and self._sensor else told
        told = self._be_ready(tuple(self._points[number] for number in range(raws)), known=raws)
        return [*told, *self._begin()] if ours else told

    def _be_ready(self, lines: tuple[Line, ...], known: int) -> list[Said]:
        """Total first; of the values beyond `known` nobody told what a count is."""
        self._lines = lines
        beams = [f"beam_{number + 1}" for number in range(min(len(lines), 4))]
        self._names = ("force",) if len(lines) == 1 else ("force", *beams, *["along"][: len(lines) - 4])
        counts = 0 if len(lines) == 1 else len(lines) - known
        channels = [
            Channel(name, "count" if place >= len(self._names) - counts else "N")
            for place, name in enumerate(self._names)
        ]
        capacity = self._sensor.capacity if self._sensor else None
        pace = Arrival(1000.0 / _STREAM_PERIOD_MS if self._stream else RATE)
        return [Ready(tuple(channels), pace, capacity=capacity, resolution=abs(lines[0].step) or None)]

    def _assume(self, raws: int) -> list[Said]:
        """The typical calibration for a sample of so many values, in a capture without any."""
        if raws == len(self._lines):
            return []
        lines = (TYPICAL,) if raws == 1 else (TYPICAL_BEAM,) * 4 + (UNKNOWN,) * (raws - 4)
        why = "the calibration is not in this capture: the typical one is used, a real one differs by several percent"
        return [*self._be_ready(lines, known=min(raws, 4)), Info("assumed", why)]

    def _sampled(self, values: bytes, data: bytes) -> list[Said]:
        """One sample that was asked for."""
        raws = len(values) // 2
        usual = len(values) % 2 == 0 and raws in (1, 4, 5)
        said = self._assume(raws) if usual and not self._asked_who else []
        if not usual or raws != len(self._lines):
            return [*said, Malformed(f"a sample of {len(values)} bytes is not what was asked for", data)]
        return [*said, *self._run(), self._samples([struct.unpack(f"<{raws}H", values)])]

    def _streamed(self, data: bytes) -> list[Said]:
        """A packet that the device sends by itself: its number modulo 32, and samples (not verified)."""
        said = self._assume(1) if not self._lines and not self._asked_who else []
        size = 2 * len(self._lines)
        if not size or len(data) < 1 + size or (len(data) - 1) % size or data[0] >= _SEQUENCE:
            return [*said, Malformed("no packet of whole samples", data)]
        rows = list(struct.iter_unpack(f"<{len(self._lines)}H", data[1:]))
        missing = 0 if self._sequence is None else max((data[0] - self._sequence) % _SEQUENCE - 1, 0)
        self._sequence = data[0]
        said += self._run()
        if missing:
            said.append(Lost(missing * len(rows), f"{missing} packets are missing by their numbers"))
        said.append(self._samples(rows))
        if self._stream and data[0] % _ACKNOWLEDGED == _ACKNOWLEDGED - 1:
            said.append(Write(SENSOR_ACKNOWLEDGE, bytes([0, 0, 0, 0, data[0]]), response=False))
        return said

    def _run(self) -> list[Said]:
        if self._running:
            return []
        self._running = True
        return [RunStarted()]

    def _samples(self, rows: Sequence[tuple[int, ...]]) -> Samples:
        cells = [[line.newtons(raw) for line, raw in zip(self._lines, row, strict=True)] for row in rows]
        whole = cells if len(self._lines) == 1 else [[sum(row[:4]), *row] for row in cells]
        return Samples(dict(zip(self._names, zip(*whole, strict=True), strict=True)))
