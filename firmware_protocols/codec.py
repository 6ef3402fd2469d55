"""The shape that a device file fills in, and the values that pass between a device and us.

A device file holds three things: a `Dialogue` (our half of the conversation, a pure state machine without I/O), a
`Puppet` (the device's half, for tests, simulation and the virtual radio) and one `Codec` that names them and says
what the device can honestly support. This room refuses to know Bluetooth libraries, clocks, threads, files and
forcelab itself: bytes in, messages out, standard library only.

The state of a dialogue is made by the traffic alone: what was received and what was written, in order. So a capture,
a session file and a live link all lead to the same messages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

ADVERTISEMENT = "advertisement"
"""Stands in the place of a characteristic for devices that only broadcast."""

Property: TypeAlias = Literal["read", "write", "write-without-response", "notify", "indicate"]
Unit: TypeAlias = Literal["N", "kg", "lb"]


@dataclass(frozen=True, slots=True)
class Advertisement:
    """What a device calls into the room: name, 128-bit service UUIDs in lower case, {company id: payload}."""

    name: str | None
    services: frozenset[str] = frozenset()
    manufacturer: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One characteristic of the device's GATT table; the UUID in full, lower case."""

    uuid: str
    properties: frozenset[Property]


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the device's GATT table."""

    uuid: str
    characteristics: tuple[Characteristic, ...]


@dataclass(frozen=True, slots=True)
class Ticks:
    """The device stamps each sample with a counter of `hz` ticks a second and `bits` bits, which wraps."""

    hz: float
    bits: int


@dataclass(frozen=True, slots=True)
class Index:
    """The device keeps an even pace of `hz` samples a second but sends no time: time is index / hz."""

    hz: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """The device neither stamps nor keeps pace: the host's time of arrival is all there is (about `hz` a second)."""

    hz: float


Timebase: TypeAlias = Ticks | Index | Arrival


@dataclass(frozen=True, slots=True)
class Channel:
    """One quantity that the device measures, in the unit in which the wire carries it."""

    name: str
    unit: Unit


# --- told to us -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """The device can be started; these are its channels and its way of keeping time."""

    channels: tuple[Channel, ...]
    timebase: Timebase


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The device was told to start: its ticks or its index begin anew."""


@dataclass(frozen=True, slots=True)
class RunStopped:
    """The device was told to stop."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of one notification: {channel name: values in the channel's unit}; `ticks` only where it sends them."""

    values: Mapping[str, tuple[float, ...]]
    ticks: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """Samples that never arrived, as far as the device's own numbering tells. `samples` is an estimate."""

    samples: int
    why: str


@dataclass(frozen=True, slots=True)
class Info:
    """Something that the device says of itself, e.g. `battery_mv` 3700; `reply` (hex) when the question is unknown."""

    name: str
    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Malformed:
    """Bytes that break the device's own rules. A value, never an exception: their mistakes are counted and kept.

    `samples`: how many samples of the run they surely were.
    """

    why: str
    data: bytes
    samples: int = 0


# --- asked of us ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Write:
    """Write `data` to a characteristic.

    With `reply_within` it is a question: nothing else is written until the dialogue is not `waiting` any more, or until
    that many seconds have passed; then call `overdue()`.
    """

    characteristic: str
    data: bytes
    response: bool
    reply_within: float | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait before the next `Write` of the same script."""

    seconds: float


Told: TypeAlias = Ready | RunStarted | RunStopped | Samples | Lost | Info | Malformed
Asked: TypeAlias = Write | Pause
Said: TypeAlias = Told | Asked


# --- what forcelab may want of a device -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a run."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the run."""


@dataclass(frozen=True, slots=True)
class Tare:
    """Let the device take its present load as zero."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the device about itself; the answer comes as `Info`."""

    about: Literal["battery", "firmware", "id", "errors"]


@dataclass(frozen=True, slots=True)
class Sleep:
    """Switch the device off. Only ever on the user's explicit wish."""


Command: TypeAlias = Start | Stop | Tare | Ask | Sleep


class UnsupportedCommand(Exception):  # noqa: N818 - it reads as what happened, like h11's LocalProtocolError
    """We asked for something that this device cannot do: our mistake, so an exception."""


class Dialogue(Protocol):
    """Our half of one connection. No method but `send` raises, whatever bytes come.

    `send` may raise `UnsupportedCommand`. The caller reports each `Write` through `wrote` at the moment that it goes
    out, and does so likewise for the writes found in a capture or in a session file.
    """

    def open(self) -> list[Said]:
        """What to do and what is known once connected and listening."""

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """Take one notification (or, with `ADVERTISEMENT`, one broadcast: company id, little-endian, and payload)."""

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """Take note of what the host wrote."""

    def send(self, command: Command) -> list[Said]:
        """The script that carries out a command."""

    @property
    def waiting(self) -> bool:
        """Whether the last question written has no reply yet: only the dialogue can tell a reply from other news."""

    def overdue(self) -> list[Said]:
        """`reply_within` has passed and the dialogue still was `waiting`: what to do instead."""


@dataclass(frozen=True, slots=True)
class Notify:
    """The puppet sends a notification."""

    characteristic: str
    data: bytes


@dataclass(frozen=True, slots=True)
class HangUp:
    """The puppet drops the connection, as a device does that switches itself off."""


Played: TypeAlias = Notify | HangUp


class Puppet(Protocol):
    """The device's half: what a real one would advertise, offer, answer and send. It keeps no clock of its own."""

    @property
    def advertisement(self) -> Advertisement:
        """What it broadcasts; the name may travel in the scan response."""

    @property
    def services(self) -> tuple[Service, ...]:
        """Its GATT table."""

    @property
    def rate(self) -> float:
        """How many times a second, in Hz, `sample` wants to be called while it is on."""

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """The host wrote something."""

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Measure `force` (N, before any tare) at `seconds` on the device's own clock, which never restarts."""

    def hung_up(self) -> None:
        """The connection ended."""


Tension: TypeAlias = Literal["tension", "compression", "both"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a family can honestly support. SI units; None where no source settles it.

    Attributes:
        rate: declared sampling rate, Hz. The rate gate goes by it.
        own_time: whether each sample carries the device's own time.
        detects_loss: whether a lost notification can be noticed.
        resolution: smallest step of force on the wire, N.
        capacity: largest force, N.
        direction: pull, push or both.
        tare: whether the device has a tare of its own.
    """

    rate: float
    own_time: bool
    detects_loss: bool
    resolution: float | None
    capacity: float | None
    direction: Tension
    tare: bool


@dataclass(frozen=True, slots=True)
class Codec:
    """One device family: the single entry by which forcelab knows it.

    Attributes:
        id: the name for the command line and the session file.
        version: raised when the same bytes would give other messages.
        family: the name for people.
        status: what the support rests on, in a few honest words, shown wherever the family is listed.
        capabilities: what it can support.
        listens: characteristics whose notifications are switched on before `open()`.
        recognises: whether an advertisement is this family's. Never by the service UUID alone.
        dialogue: makes the state of one connection.
        puppet: makes a device for tests and simulation.
    """

    id: str
    version: int
    family: str
    status: str
    capabilities: Capabilities
    listens: tuple[str, ...]
    recognises: Callable[[Advertisement], bool]
    dialogue: Callable[[], Dialogue]
    puppet: Callable[[], Puppet]
