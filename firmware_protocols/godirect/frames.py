"""The frames of Vernier's D2PIO: requests, replies and measurements, and how they are put together from notifications.

A frame begins with its kind, its length, a counter and a checksum (the sum of all other bytes). That measurements
carry counter and checksum as replies do is an inference (not verified), so here the checksum of a measurement counts
only once several in a row were right. Refuses to know what a channel measures and when anything is asked.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final, TypeAlias

SERVICE: Final = "d91714ef-28b9-4f91-ba16-f0d9a604f112"
COMMAND: Final = "f4bf14a6-c7d5-4b6d-8aa8-df1a7c83adcb"
RESPONSE: Final = "b41e6675-a329-40e0-aa01-44d2f444babe"

CHUNK: Final = 20
"""Bytes in one write: the characteristic takes no long writes, and 20 fit every connection."""


class Opcode(IntEnum):
    """The requests that we ever make."""

    STATUS = 0x10
    START = 0x18
    STOP = 0x19
    INIT = 0x1A
    PERIOD = 0x1B
    SENSOR_INFO = 0x50
    AVAILABLE = 0x51
    DEVICE_INFO = 0x55


GREETING: Final = bytes.fromhex("A5 4A 06 49 07 48 08 47 09 46 0A 45 0B 44 0C 43 0D 42 0E 41")
"""What INIT always says."""

REPLY_LENGTHS: Final[Mapping[int, int]] = {
    Opcode.STATUS: 18,
    Opcode.AVAILABLE: 10,
    Opcode.SENSOR_INFO: 154,
    Opcode.DEVICE_INFO: 158,
}
"""Of whole frames. The replies to the others are short, and nobody tells their length."""

_SHORT: Final = (Opcode.INIT, Opcode.PERIOD, Opcode.START, Opcode.STOP)

DROPPED: Final = 0x0D
_SPOKEN_OF: Final = frozenset((0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0C, 0x0D, 0x0E))
"""Kinds of measurement that have a name but no published layout."""

# kind: (where mask or channel stands and its bytes, where the count stands, where the values begin, their form)
_MASKED: Final = {0x06: (2, 7, 9), 0x07: (4, 9, 11)}
_SINGLE: Final = {0x08: "f", 0x09: "i", 0x0A: "f", 0x0B: "i"}
_SINGLE_VALUES: Final = 8

_SURE: Final = 4
"""That many right checksums in a row are no accident (one in 2**32): from then on a wrong one is a fault."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: the request that it echoes, that request's counter, and what it says."""

    opcode: int
    echo: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Measurement:
    """What the device measured: {channel: values in the sensor's unit}, or a notice without any.

    Attributes:
        kind: the type of the packet.
        counter: byte 2, which perhaps counts packets (not verified).
        count: samples of each channel.
        whole: whether they are integers, which nobody promises to be calibrated.
        data: the frame.
    """

    kind: int
    counter: int
    count: int
    values: dict[int, tuple[float, ...]]
    whole: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that belong to no frame; `samples` of each channel were surely among them."""

    data: bytes
    samples: int


Frame: TypeAlias = Reply | Measurement | Broken


def checksum(frame: bytes | bytearray) -> int:
    """The sum of all bytes but the one at its own place, in 8 bits."""
    return (sum(frame) - frame[3]) & 0xFF


def request(opcode: int, counter: int, parameters: bytes = b"") -> bytes:
    """A whole request.

    >>> request(0x10, 0xFD).hex(" ")
    '58 05 fd 6a 10'
    """
    frame = bytearray((0x58, 5 + len(parameters), counter, 0, opcode)) + parameters
    frame[3] = checksum(frame)
    return bytes(frame)


def is_request(frame: bytes) -> bool:
    """Whether this is a whole request with the right checksum."""
    return len(frame) >= 5 and frame[0] == 0x58 and frame[1] == len(frame) and frame[3] == checksum(frame)


@lru_cache(maxsize=64)
def channels_of(mask: int) -> tuple[int, ...]:
    """The channels whose bits are set, ascending: the order of the values in a packet."""
    return tuple(channel for channel in range(mask.bit_length()) if mask >> channel & 1)


@dataclass(frozen=True, slots=True)
class _Layout:
    channels: tuple[int, ...]
    count: int
    begin: int
    form: str


def _layout(frame: bytes | bytearray, at: int = 0) -> _Layout | None:
    """What the head of a measurement that begins `at` promises, if its own length agrees with it."""
    if len(frame) < at + _SINGLE_VALUES or frame[at] != 0x20:
        return None
    kind = frame[at + 4]
    if kind in _MASKED:
        width, counts, begin = _MASKED[kind]
        if len(frame) < at + begin:
            return None
        found = _Layout(
            channels_of(int.from_bytes(frame[at + 5 : at + 5 + width], "little")), frame[at + counts], begin, "f"
        )
    elif kind in _SINGLE and frame[at + 6] < 32:
        found = _Layout((frame[at + 6],), frame[at + 7], _SINGLE_VALUES, _SINGLE[kind])
    else:
        return None
    fits = found.channels and frame[at + 1] == found.begin + 4 * found.count * len(found.channels)
    return found if fits else None


def _measurement(frame: bytes) -> Measurement:
    """A whole frame whose head was found right."""
    layout = _layout(frame)
    if layout is None:
        return Measurement(frame[4], frame[2], 0, {}, False, frame)
    across = len(layout.channels)
    values = struct.unpack_from(f"<{layout.count * across}{layout.form}", frame, layout.begin)
    by_channel = {channel: values[i::across] for i, channel in enumerate(layout.channels)}
    return Measurement(frame[4], frame[2], layout.count, by_channel, layout.form == "i", frame)


class Reassembly:
    """Puts frames together from notifications, and finds its way again after some were lost.

    A frame is believed where its checksum is right; a measurement whose device seems to send none, where it begins and
    ends with a notification. A measurement's head at the start of a later notification breaks off a frame that is not
    yet whole: better one frame too few than one made of two.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._starts: list[int] = []  # where in it a notification began
        self._follows = False  # whether it begins where a good frame ended
        self._right = 0  # right checksums of measurements in a row

    def feed(self, data: bytes, asked: int | None) -> Iterator[Frame]:
        """Take one notification.

        Args:
            data: its bytes.
            asked: the opcode of the request that waits for its reply, which may be one that we never make.
        """
        if not self._buffer and self._whole(data):
            yield _measurement(data)
            return
        self._starts.append(len(self._buffer))
        self._buffer += data
        at, skipped, samples = 0, 0, 0
        while at < len(self._buffer):
            end = self._end_of_frame(at, asked, sure=self._follows or at in self._starts)
            if end is None:
                break
            if end > at:
                if skipped < at:
                    yield Broken(bytes(self._buffer[skipped:at]), samples)
                frame = bytes(self._buffer[at:end])
                yield _measurement(frame) if frame[0] == 0x20 else Reply(frame[4], frame[5], frame[6:])
                at, skipped, samples, self._follows = end, end, 0, True
                continue
            cut = _layout(self._buffer, at)
            samples += cut.count if cut else 0
            at, self._follows = at + 1, False
        if skipped < at:
            yield Broken(bytes(self._buffer[skipped:at]), samples)
        del self._buffer[:at]
        self._starts = [start - at for start in self._starts if start >= at and self._buffer]

    def _whole(self, data: bytes) -> bool:
        """The common case: one notification is one measurement."""
        if len(data) < 5 or data[0] != 0x20 or data[1] != len(data) or _layout(data) is None:
            return False
        return self._believed(data, bounded=True)

    def _end_of_frame(self, at: int, asked: int | None, *, sure: bool) -> int | None:
        """Where the frame that begins `at` ends; `at` if none begins there; None if more bytes are needed to tell."""
        buffer, rest = self._buffer, len(self._buffer) - at
        measured = buffer[at] == 0x20
        head = _measurement_head if measured else _reply_head
        promised = head(buffer, at, asked, sure)
        if promised is None or self._broken_off(at, promised):
            return at
        if rest < max(promised, 2):
            return None
        end, frame = at + promised, bytes(buffer[at : at + promised])
        if measured:
            bounded = at in self._starts and (end in self._starts or end == len(buffer))
            return end if self._believed(frame, bounded=bounded) else at
        return end if frame[3] == checksum(frame) else at

    def _broken_off(self, at: int, length: int) -> bool:
        return any(at < start < at + length and _layout(self._buffer, start) is not None for start in self._starts)

    def _believed(self, frame: bytes, *, bounded: bool) -> bool:
        if frame[3] == checksum(frame):
            self._right = min(self._right + 1, _SURE)
            return True
        if self._right == _SURE or not bounded:
            return False
        self._right = 0
        return True


def _measurement_head(buffer: bytearray, at: int, _asked: int | None, sure: bool) -> int | None:
    """The length of the measurement that may begin here (1 while unknown), or None."""
    rest = len(buffer) - at
    length = buffer[at + 1] if rest > 1 else 1
    if rest > 1 and length < 5:
        return None
    if rest > 4 and sure and buffer[at + 4] in _SPOKEN_OF:
        return length
    if _layout(buffer, at) is not None:
        return length
    kind = buffer[at + 4] if rest > 4 else 0x06
    begin = _MASKED[kind][2] if kind in _MASKED else _SINGLE_VALUES
    cut = rest < begin and length > rest and (kind in _MASKED or kind in _SINGLE)
    return length if sure and (cut or rest == 1) else None


def _reply_head(buffer: bytearray, at: int, asked: int | None, sure: bool) -> int | None:
    """The length of the reply that may begin here (1 while unknown), or None."""
    rest = len(buffer) - at
    if rest < 5:
        possible = sure and (rest == 1 or buffer[at + 1] >= 6)
        return (buffer[at + 1] if rest > 1 else 1) if possible else None
    length, opcode = buffer[at + 1], buffer[at + 4]
    if opcode != asked and not (sure and (opcode in REPLY_LENGTHS or opcode in _SHORT)):
        return None
    expected = REPLY_LENGTHS.get(opcode)
    return length if (length >= 6 if expected is None else length == expected) else None
