"""The device's half of D2PIO: a hand dynamometer with its accelerometer and gyroscope, or what a test makes of it.

It answers also what we never ask (the default channels, the end of the connection), since other programs do.
"""

import struct
from dataclasses import dataclass, field
from typing import Final

from firmware_protocols.codec import Advertisement, Characteristic, HangUp, Notify, Played, Service
from firmware_protocols.godirect.frames import COMMAND, GREETING, RESPONSE, SERVICE, Opcode, channels_of, checksum

_DEFAULT_CHANNELS: Final = 0x56
_DISCONNECT: Final = 0x54
_LONGEST: Final = 255


@dataclass(frozen=True, slots=True)
class PuppetChannel:
    """What it tells of one channel; `reads` is what it measures where that is not the force."""

    name: str
    unit: str
    least: float
    greatest: float
    reads: float | None = None
    excludes: int = 0
    sensor_id: int = 1
    mode: int = 0


_ACCELERATION: Final = ("m/s²", -157.0, 157.0, 0.5)
_TURNING: Final = ("rad/s", -34.9, 34.9, 0.25)
_HAND: Final = {
    1: PuppetChannel("Force", "N", -850.0, 850.0),
    **{2 + i: PuppetChannel(f"{axis}-axis acceleration", *_ACCELERATION) for i, axis in enumerate("XYZ")},
    **{5 + i: PuppetChannel(f"{axis}-axis gyro", *_TURNING) for i, axis in enumerate("XYZ")},
}


@dataclass
class GoDirectPuppet:
    """The device's half.

    Attributes:
        code, serial: its order code and serial number, which make its name.
        channels: what it measures, by number.
        period: µs; what it is set to.
        fastest, slowest, grain: µs, the periods that it takes.
        batch: samples in a packet; None for a tenth of a second, as real ones are said to do.
        chunk: bytes in a notification.
        status: the bits of its status, told and then cleared.
        battery: %.
        counts: whether its counter counts packets; it stays 0 otherwise.
        sums: whether measurements carry a checksum; it stays 0 otherwise.
        mute: requests that it does not answer.
    """

    code: str = "GDX-HD"
    serial: str = "071000A1"
    channels: dict[int, PuppetChannel] = field(default_factory=lambda: dict(_HAND))
    period: int = 10_000
    fastest: int = 1_000
    slowest: int = 3_600_000_000
    grain: int = 1_000
    batch: int | None = None
    chunk: int = 20
    status: int = 0
    battery: int = 87
    counts: bool = True
    sums: bool = True
    mute: set[int] = field(default_factory=set)
    _asked: bytes = field(default=b"", init=False)
    _counter: int = field(default=0, init=False)
    _mask: int = field(default=0, init=False)
    _rows: list[tuple[float, ...]] = field(default_factory=list, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """Order code and serial number."""
        return Advertisement(f"{self.code} {self.serial}", frozenset({SERVICE}))

    @property
    def services(self) -> tuple[Service, ...]:
        """One for requests, one for everything that comes back."""
        command = Characteristic(COMMAND, frozenset({"write-without-response"}))
        return (Service(SERVICE, (command, Characteristic(RESPONSE, frozenset({"notify"})))),)

    @property
    def rate(self) -> float:
        """What its period makes."""
        return 1e6 / self.period

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """Collect a request from its pieces, and answer it."""
        if characteristic != COMMAND:
            return []
        self._asked += data
        if len(self._asked) < 5 or len(self._asked) < self._asked[1]:
            return []
        frame, self._asked = self._asked, b""
        if frame[0] != 0x58 or len(frame) != frame[1] or frame[3] != checksum(frame) or frame[4] in self.mute:
            return []
        return self._answer(frame[4], frame[2], frame[5:])

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Measure all channels that are on; a packet goes out when it is full."""
        if not self._mask:
            return []
        on = [self.channels[number] for number in channels_of(self._mask) if number in self.channels]
        self._rows.append(tuple(force if channel.reads is None else channel.reads for channel in on))
        fit = (_LONGEST - 11) // (4 * len(on))
        wanted = self.batch or max(1, round(self.rate / 10))
        return self._flush() if len(self._rows) >= min(wanted, fit) else []

    def hung_up(self) -> None:
        """Stop measuring."""
        self._mask, self._asked = 0, b""
        self._rows.clear()

    def _answer(self, opcode: int, echo: int, parameters: bytes) -> list[Played]:
        played: list[Played] = []
        body = b"\0"
        match opcode:
            case Opcode.INIT:
                self.hung_up()
                body = b"" if parameters == GREETING else b"\2"
            case Opcode.STATUS:
                body = struct.pack("<BxBBHBBHBB", self.status, 1, 4, 6, 1, 2, 3, self.battery, 1)
                self.status = 0
            case Opcode.DEVICE_INFO:
                body = self._description()
            case Opcode.AVAILABLE:
                body = sum(1 << number for number in self.channels).to_bytes(4, "little")
            case _ if opcode == _DEFAULT_CHANNELS:
                body = (1 << min(self.channels)).to_bytes(4, "little")
            case Opcode.SENSOR_INFO:
                body = self._describe(parameters[0])
            case Opcode.PERIOD:
                period = int.from_bytes(parameters[2:], "little")
                fits = self.fastest <= period <= self.slowest and period % self.grain == 0
                self.period, body = (period, b"\0") if fits else (self.period, b"\2")
            case Opcode.START:
                self._rows.clear()
                self._mask = int.from_bytes(parameters[2:6], "little")
            case Opcode.STOP:
                played = self._flush()
                self._mask = 0
            case _ if opcode == _DISCONNECT:
                return [*self._reply(opcode, echo, body), HangUp()]
            case _:
                body = b"\1"
        return [*played, *self._reply(opcode, echo, body)]

    def _description(self) -> bytes:
        texts = (self.code.encode(), self.serial.encode(), f"{self.code} {self.serial}".encode())
        versions = (1, 4, 6, 1, 2, 3)
        return struct.pack(
            "<16s16s32sHHBBBBHBBH6sI64s", *texts, 1, 2024, 5, 17, *versions, bytes(6), 65536, b"Hand Dynamometer"
        )

    def _describe(self, number: int) -> bytes:
        channel = self.channels.get(number, PuppetChannel("", "", 0.0, 0.0, sensor_id=0))
        return struct.pack(
            "<bxIBB60s32sdddIQIII",
            number,
            channel.sensor_id,
            0,
            channel.mode,
            channel.name.encode(),
            channel.unit.encode(),
            0.1,
            channel.least,
            channel.greatest,
            self.fastest,
            self.slowest,
            10_000,
            self.grain,
            channel.excludes,
        )

    def _flush(self) -> list[Played]:
        rows, self._rows = self._rows, []
        if not rows:
            return []
        values = [value for row in rows for value in row]
        wide = self._mask > 0xFFFF
        mask = self._mask.to_bytes(4 if wide else 2, "little")
        body = bytes([7 if wide else 6]) + mask + bytes([len(rows), 0]) + struct.pack(f"<{len(values)}f", *values)
        return self._send(0x20, body, summed=self.sums)

    def _reply(self, opcode: int, echo: int, body: bytes) -> list[Played]:
        return self._send(0x98, bytes([opcode, echo]) + body, summed=True)

    def _send(self, kind: int, rest: bytes, *, summed: bool) -> list[Played]:
        frame = bytearray((kind, 4 + len(rest), self._counter, 0)) + rest
        frame[3] = checksum(frame) if summed else 0
        self._counter = (self._counter + self.counts) % 256
        pieces = [bytes(frame[at : at + self.chunk]) for at in range(0, len(frame), self.chunk)]
        return [Notify(RESPONSE, piece) for piece in pieces]
