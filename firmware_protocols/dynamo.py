"""The VALD DynaMo, from captures only: it is never connected to.

Its maker has published nothing, and all that is known comes from one public client (not verified). What keeps it from
being measured with is its own way of sending: each sample is the step from the one before, in tenths of a newton and in
one byte, without counter, check or time. One packet lost shifts all that follows for good, and nothing shows it; and a
step is 12.7 N at most, so that a fast contraction may be flattened, about 2.9 kN/s at 225 samples a second. Besides,
it is a clinical device whose maker did not ask for company. So this file reads what somebody has recorded, and says so.

Refuses to know how to start the stream or keep it alive: nothing is ever written.
"""

from dataclasses import dataclass, field
from typing import Final

from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Info,
    Malformed,
    Notify,
    Played,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Service,
)
from firmware_protocols.listening import Listening, Unasked

SERVICE: Final = "569a1101-b87f-490c-92cb-11ed6a12fc81"
DATA: Final = "569a2000-b87f-490c-92cb-11ed6a12fc81"
CONTROL: Final = "569a2001-b87f-490c-92cb-11ed6a12fc81"

RATE: Final = 225.0
STEP: Final = 0.1
_STEEPEST: Final = 127

_SAMPLE: Final = 0x04
_HEADER: Final = 0x00
_OPENS: Final = b"\x02\x02"
_CLOSES: Final = 0x03
_STARTS: Final = 0x53
_STOPS: Final = 0x04  # also the question for its version
_TEXTS: Final = {0x01: "name", 0x05: "firmware"}


def checked(frame: bytes) -> tuple[int, bytes] | None:
    """Command and payload of a frame in either direction; None if it breaks its form or its check."""
    if len(frame) < 6 or not frame.startswith(_OPENS) or frame[-1] != _CLOSES or len(frame) != 6 + frame[3]:
        return None
    return (frame[2], frame[4:-2]) if (0xFF - sum(frame[2:-2])) & 0xFF == frame[-2] else None


class DynaMoDialogue(Listening):
    """Reads a capture; has nothing to say."""

    refusal = "this device is only read from captures"

    def __init__(self) -> None:
        super().__init__()
        self._tenths = 0
        self._fresh = False  # no sample yet in this run
        self._steep = False

    def open(self) -> list[Said]:
        """Ready at once."""
        return [Ready((Channel("force", "N"),), Arrival(RATE))]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """A sample, perhaps with a frame glued to it; the head of a stream; or a frame."""
        if characteristic != DATA:
            return [Malformed(f"nothing is expected from {characteristic}", data)]
        if len(data) >= 2 and data[0] == _SAMPLE:
            sample = self._sample(int.from_bytes(data[1:2], "big", signed=True))
            return sample + (self._frame(data[2:]) if len(data) > 2 else [])
        if len(data) == 3 and data[0] == _HEADER:
            return self._anew() if not self._fresh else []
        return self._frame(data)

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """What the program that was recorded told it to do."""
        frame = checked(data) if characteristic == CONTROL else None
        if frame == (_STARTS, b""):
            return self._anew()
        if frame == (_STOPS, b"") and self._running:
            self._running = False
            return [RunStopped()]
        return []

    def _anew(self) -> list[Said]:
        self._tenths, self._running, self._fresh, self._steep = 0, True, True, False
        return [RunStarted()]

    def _sample(self, step: int) -> list[Said]:
        said: list[Said] = [] if self._running else self._anew()
        self._fresh = False
        self._tenths += step
        if abs(step) >= _STEEPEST and not self._steep:
            self._steep = True
            said.append(Info("steps_may_be_flattened", True))
        return [*said, Samples({"force": (self._tenths / 10,)})]

    def _frame(self, data: bytes) -> list[Said]:
        frame = checked(data)
        if frame is None:
            return [Malformed("neither a sample nor a frame", data)]
        opcode, payload = frame
        text = payload.split(b"\0", 1)[0].decode("utf-8", "replace").strip()
        if opcode in _TEXTS and text and text.isprintable() and "\ufffd" not in text:
            return [Info(_TEXTS[opcode], text)]
        return [Info("reply", data.hex())]


@dataclass
class DynaMoPuppet(Unasked):
    """What a device would send that somebody else has started. It cannot follow a step of more than `steepest`.

    Attributes:
        steepest: N between two samples.
    """

    steepest: Final = _STEEPEST * STEP
    _tenths: int = field(default=0, init=False)
    _told: bool = field(default=False, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """Name and service."""
        return Advertisement("DynaMo-04711", frozenset({SERVICE}))

    @property
    def services(self) -> tuple[Service, ...]:
        """A serial line."""
        data = Characteristic(DATA, frozenset({"notify"}))
        return (Service(SERVICE, (data, Characteristic(CONTROL, frozenset({"write"})))),)

    @property
    def rate(self) -> float:
        """About 225 Hz."""
        return RATE

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Send the step to `force` (N), as far as a byte goes; before the first the head of the stream."""
        step = min(max(round(force / STEP) - self._tenths, -_STEEPEST - 1), _STEEPEST)
        self._tenths += step
        head: list[Played] = [] if self._told else [Notify(DATA, bytes([_HEADER, 0, 0]))]
        self._told = True
        return [*head, Notify(DATA, bytes([_SAMPLE, step & 0xFF]))]

    def hung_up(self) -> None:
        """The next stream begins at zero."""
        self._tenths, self._told = 0, False


DYNAMO: Final = Codec(
    id="dynamo",
    version=1,
    family="VALD DynaMo",
    status=(
        "captures only, never connected to: its maker published nothing, and one lost packet shifts all that follows "
        "unseen; scale and rate not verified (one source)"
    ),
    evidence="C",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=STEP,
        capacity=None,
        direction="compression",
        tare=False,
        rate_settled=False,
        scale_settled=False,
        timed="its samples carry no time, fast steps may be flattened, and a lost one shifts all that follow",
    ),
    listens=(DATA,),
    recognises=lambda advertisement: "dynamo" in (advertisement.name or "").lower(),
    dialogue_with=lambda _settings: DynaMoDialogue(),
    puppet=DynaMoPuppet,
    live=False,
)
CODECS: Final = (DYNAMO,)
