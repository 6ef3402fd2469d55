"""The words of PASCO's wireless sensors: characteristics, requests, events, sensors, and how counts become newtons.

Refuses to know what is said when.
"""

import re
import struct
from enum import IntEnum
from typing import Final, NamedTuple


def uuid(service: int, characteristic: int) -> str:
    """A characteristic of service 0 (the device) or of channel + 1 (a sensor); the service itself with 0."""
    return f"4a5c000{service}-000{characteristic}-0000-0000-5c1e741f1c00"


DEVICE_COMMAND: Final = uuid(0, 2)
DEVICE_RESPONSE: Final = uuid(0, 3)
SENSOR_COMMAND: Final = uuid(1, 2)
SENSOR_RESPONSE: Final = uuid(1, 3)
SENSOR_STREAM: Final = uuid(1, 4)
SENSOR_ACKNOWLEDGE: Final = uuid(1, 5)


class Opcode(IntEnum):
    """The requests that we ever make; the last three only if a person asks for streaming."""

    SAMPLE = 0x05
    SENSOR_ID = 0x08
    FETCH = 0x09
    PREPARE = 0x0E
    PERIOD = 0x01
    START = 0x06
    STOP = 0x07


class Event(IntEnum):
    """What the device sends."""

    CALIBRATION = 0x0A
    CALIBRATION_END = 0x0B
    IDENTITY = 0x82
    STATE = 0x85
    RESULT = 0xC0


class Sensor(NamedTuple):
    """What a sensor's id stands for: its name, raw values in a sample, and the greatest force in N."""

    name: str
    raws: int
    capacity: float


SENSORS: Final = {
    2023: Sensor("Force Acceleration", 1, 50.0),
    2025: Sensor("Smart Cart", 1, 100.0),
    2043: Sensor("Load Cell", 1, 50.0),
    2076: Sensor("Force Platform", 4, 4400.0),  # four beams
    2077: Sensor("Force Platform 2D", 5, 4400.0),  # and one beam for force along it
}
INTERFACES: Final = frozenset((1028, 1029, 1039, 1059, 1060))
"""Of the devices that hold one of these."""


class Line(NamedTuple):
    """Two points through which raw values become newtons."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def step(self) -> float:
        """N for one count; more counts are usually less force."""
        return (self.y2 - self.y1) / (self.x2 - self.x1)

    def newtons(self, raw: int) -> float:
        """Force of a raw value, N."""
        return self.y1 + (raw - self.x1) * self.step


TYPICAL: Final = Line(32768.0, 0.0, 5000.0, 50.0)
TYPICAL_BEAM: Final = Line(32768.0, 0.0, 1000.0, 100.0)
UNKNOWN: Final = Line(0.0, 0.0, 1.0, 1.0)
"""A count stays a count."""
POINTS: Final = struct.Struct("<4f")
"""The four numbers of a line, as they travel."""


def interface(name: str | None) -> int | None:
    """The number of the interface that an advertised name stands for, if it is a PASCO name.

    >>> interface("Smart Cart 742-993>5M")
    1029
    """
    found = re.search(r" [0-9]{3}-[0-9]{3}.([0-9A-Za-z*#])[^ ]*$", name or "")
    if found is None:
        return None
    order = "0123456789" + "KLMNOPQRSTUVWXYZ" + "ABCDEFGHIJ" + "abcdefghijklmnopqrstuvwxyz" + "*#"
    return 1024 + order.index(found[1])
