"""Reads captured notifications, one a line, and tells what they say: the engine of `forcelab decode`.

In:  `time_ns characteristic hex` for what the sensor sent, `time_ns > characteristic hex` for what the host wrote; the
characteristic is a full UUID or `advertisement`; hex digits may be set apart by spaces, and no hex is an empty packet.
Empty lines and lines that begin with # are passed over.
Out: plain dictionaries ready for JSON, one a message; `is` names its kind and `time_ns` is the time of its line.

Shows what came, duplicates included: what a trial makes of it is the stream's business. Knows no files.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Final

from firmware_protocols.codec import (
    ADVERTISEMENT,
    NO_SETTINGS,
    Arrival,
    Codec,
    Info,
    Lost,
    Malformed,
    Pause,
    Read,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Settings,
    Write,
)
from forcelab.acquisition.clock import Clock, clock_for
from forcelab.acquisition.stream import measured
from forcelab.model import Packet

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME: Final = re.compile(r"[0-9]{1,19}")


class CaptureError(Exception):
    """A line that is not of the form above. `str(error)` is a sentence that names it."""


def decode(codec: Codec, lines: Iterable[str], settings: Settings = NO_SETTINGS) -> Iterator[dict[str, object]]:
    """The messages in a capture, in order.

    A capture without the host's writes decodes as well: the sensor is told ready with the first line, runs are not
    told, and replies stay raw.

    Args:
        codec: the family of the sensor that was captured.
        lines: as described above.
        settings: what a person chose for the sensor.

    Yields:
        One dictionary a message. `samples` holds `t` (s on the device's clock, unwrapped; null where it keeps none)
        and `force` (channel → N), arrays of equal length; nothing in them is infinite or not a number. A channel whose
        counts nobody can turn into newtons stands in `counts` instead.

    Raises:
        CaptureError: a line cannot be read.
        ValueError: an option is unknown or takes no such value.
    """
    dialogue = codec.dialogue(settings)
    teller = _Teller()
    opened = False
    for number, line in enumerate(lines, 1):
        parsed = _parse(line, number)
        if parsed is None:
            continue
        packet, by_host = parsed
        said: list[Said] = [] if opened else dialogue.open()
        opened = True
        said += (dialogue.wrote if by_host else dialogue.receive)(packet.characteristic, packet.data)
        for message in said:
            told = teller.tell(message, packet.host_ns)
            if told is not None:
                yield told


def _parse(line: str, number: int) -> tuple[Packet, bool] | None:
    """The packet in a line and whether the host wrote it; None for a line without one."""
    words = line.split()
    if not words or words[0].startswith("#"):
        return None
    time, *rest = words
    by_host = rest[:1] == [">"]
    if by_host:
        del rest[0]
    if not _TIME.fullmatch(time) or int(time) >= 1 << 63:
        raise CaptureError(f"line {number}: {time[:40]!r} is not a time in nanoseconds")
    characteristic = rest[0].lower() if rest else ""
    if characteristic != ADVERTISEMENT and not _UUID.fullmatch(characteristic):
        raise CaptureError(f"line {number}: {characteristic[:40]!r} is neither a full UUID nor `{ADVERTISEMENT}`")
    try:
        data = bytes.fromhex("".join(rest[1:]))
    except ValueError:
        raise CaptureError(f"line {number}: the packet is not written in pairs of hex digits") from None
    return Packet(int(time), characteristic, data), by_host


class _Teller:
    """Turns messages into dictionaries; keeps the clock of the run."""

    def __init__(self) -> None:
        self._ready: Ready | None = None
        self._clock: Clock | None = None

    def tell(self, message: Said, host_ns: int) -> dict[str, object] | None:
        """One dictionary, or None for what is asked of us and not told to us."""
        told: dict[str, object]
        match message:
            case Ready():
                self._ready = message
                self._begin()
                told = {
                    "is": "ready",
                    "channels": [asdict(channel) for channel in message.channels],
                    "timebase": {"is": type(message.timebase).__name__.lower(), **asdict(message.timebase)},
                }
            case RunStarted():
                self._begin()
                told = {"is": "run_started"}
            case RunStopped():
                told = {"is": "run_stopped"}
            case Samples():
                told = {"is": "samples", **self._samples(message, host_ns)}
            case Lost(samples=samples, why=why):
                if self._clock:
                    self._clock.lost(samples)
                told = {"is": "lost", "samples": samples, "why": why}
            case Info(name=name, value=value):
                finite = not isinstance(value, float) or math.isfinite(value)
                told = {"is": "info", "name": name, "value": value if finite else None}
            case Malformed(why=why, data=data):
                told = {"is": "malformed", "why": why, "hex": data.hex()}
            case Write() | Read() | Pause():
                return None
        return {"is": told.pop("is"), "time_ns": host_ns, **told}

    def _begin(self) -> None:
        self._clock = clock_for(self._ready.timebase, host_time=False) if self._ready else None

    def _samples(self, message: Samples, host_ns: int) -> dict[str, object]:
        stamps, force = measured(message, self._ready, self._clock, host_ns)
        keeps_time = self._ready is not None and not isinstance(self._ready.timebase, Arrival)
        raw = (
            {c.name: list(message.values[c.name]) for c in self._ready.channels if c.unit == "count"}
            if self._ready
            else {}
        )
        known = {name: values for name, values in force.items() if name not in raw}
        told: dict[str, object] = {"t": stamps if keeps_time else None, "force": known}
        return told | {"counts": raw} if raw else told
