"""The shape that a device file fills in, and the values that pass between a device and us.

A device file holds three things: a `Dialogue` (our half of the conversation, a pure state machine without I/O), a
`Puppet` (the device's half, for tests, simulation and the virtual radio) and one `Codec` that names them and says
what the device can honestly support. This room refuses to know Bluetooth libraries, clocks, threads, files and
forcelab itself: bytes in, messages out, standard library only.

The state of a dialogue is made by the traffic alone: what was received and what was written, in order. So a capture,
a session file and a live link all lead to the same messages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, Protocol, TypeAlias

ADVERTISEMENT = "advertisement"
"""Stands in the place of a characteristic for devices that only broadcast."""

Property: TypeAlias = Literal["read", "write", "write-without-response", "notify", "indicate"]
Unit: TypeAlias = Literal["N", "kg", "lb", "count"]
"""`count`: what the converter gave, where nobody knows yet how much force that is."""

Settings: TypeAlias = Mapping[str, str]
"""{option's name: value} that a person chose for one sensor, as text."""
NO_SETTINGS: Settings = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Advertisement:
    """What a device calls into the room: name, 128-bit service UUIDs in lower case, {company id: payload}."""

    name: str | None
    services: frozenset[str] = frozenset()
    manufacturer: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One characteristic of the device's GATT table: the UUID in full, lower case, and what a read of it gives now."""

    uuid: str
    properties: frozenset[Property]
    value: bytes = b""


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
    """The device can be started; these are its channels and its way of keeping time.

    Attributes:
        channels: the first one is what a trial measures; a device with several cells puts their total there.
        timebase: how it keeps time.
        rate: Hz, where the device itself told or was told it; None where the family's declared rate holds.
        capacity: N, likewise.
        resolution: N, likewise.
    """

    channels: tuple[Channel, ...]
    timebase: Timebase
    rate: float | None = None
    capacity: float | None = None
    resolution: float | None = None


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins: ticks or index begin anew. Told when the host wrote the start.

    A device that streams as soon as it is connected, or that only broadcasts, has its run told just before its first
    samples; `Start` and `Stop` are accepted then and ask nothing.
    """


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
    """Something that the device says of itself; `reply` (hex) when the question is unknown.

    Names that are understood: `battery_mv`, `battery_percent`, `low_power`, `firmware`, `model`, `serial`, `maker`,
    `id`, `errors`, `overload` (true while it is, false when it has ended). Others are kept and shown as they are.
    """

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
class Read:
    """Read a characteristic: the value comes through `receive`, as a notification would.

    Nothing comes where the device has no such characteristic.
    """

    characteristic: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait before the next step of the same script."""

    seconds: float


Told: TypeAlias = Ready | RunStarted | RunStopped | Samples | Lost | Info | Malformed
Asked: TypeAlias = Write | Read | Pause
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
        """Take one notification, indication or value that was read.

        With `ADVERTISEMENT` one broadcast: company id, little-endian, and payload.
        """

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
    """The puppet sends a notification or indication; from `ADVERTISEMENT` it broadcasts company id and payload."""

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


Direction: TypeAlias = Literal["tension", "compression", "both"]

Evidence: TypeAlias = Literal["A", "B", "C", "D"]
"""A: the maker's own document or code. B: several independent sources, or bytes recorded from hardware by others.
C: one source only. D: inferred, or the sources disagree. C and D are never presented as verified."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a family can honestly support. SI units; None where no source settles it.

    Attributes:
        rate: declared sampling rate, Hz. The rate gate goes by it, unless the device itself tells another.
        own_time: whether each sample carries the device's own time.
        detects_loss: whether a lost notification can be noticed.
        resolution: smallest step of force on the wire, N.
        capacity: largest force, N.
        direction: pull, push or both; positive is the direction that the device is made for.
        tare: whether the device has a tare of its own that is safe to send.
        latency: least and greatest time in s from measuring a sample to handing it to the radio, as declared or, where
            nobody declares it, as assumed from the number of samples in a packet (the status says so).
        rate_settled: whether the rate is known from the maker or from several sources.
        scale_settled: whether what a number on the wire means in newtons is.
        timed: why no RFD and no other timed number is offered; "" where they are.
        sleeps_after: s without a connection or without load after which it switches itself off.
        sleeps_without: which of the two.
        steady: whether samples keep coming while it runs; False where each is the outcome of a weighing, so that
            silence is no loss.
    """

    rate: float
    own_time: bool
    detects_loss: bool
    resolution: float | None
    capacity: float | None
    direction: Direction
    tare: bool
    latency: tuple[float, float] | None = None
    rate_settled: bool = True
    scale_settled: bool = True
    timed: str = ""
    sleeps_after: float | None = None
    sleeps_without: Literal["connection", "load"] = "connection"
    steady: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """Something that only a person can tell about their sensor, or may choose, e.g. a coefficient from its maker.

    Attributes:
        name: lower case.
        what: one sentence for people.
        accepts: whether a value is possible.
        default: what holds if nobody tells; "" for nothing.
        example: a value that the puppet plays with.
    """

    name: str
    what: str
    accepts: Callable[[str], bool]
    default: str
    example: str


@dataclass(frozen=True, slots=True)
class Codec:
    """One device family: the single entry by which forcelab knows it.

    Attributes:
        id: the name for the command line and the session file.
        version: raised when the same bytes would give other messages.
        family: the name for people.
        status: what the support rests on and what of it is not settled, in a few honest words, shown wherever the
            family is listed.
        evidence: of the weakest fact that a number in newtons and seconds rests on.
        capabilities: what it can support.
        listens: characteristics whose notifications or indications are switched on before `open()`; exactly
            `(ADVERTISEMENT,)` for a device that only broadcasts and is never connected to.
        recognises: whether an advertisement may be this family's.
        sure: whether one that it recognises says enough to be taken for this family's without anybody's word. Never a
            service UUID alone that others share.
        dialogue_with: makes the state of one connection; call `dialogue`.
        puppet: makes a device for tests and simulation. It plays with the examples of the options.
        options: what a person may tell.
        also_listens: characteristics to listen to where the device has them.
        live: whether it may be connected to; otherwise only captures are decoded.
    """

    id: str
    version: int
    family: str
    status: str
    evidence: Evidence
    capabilities: Capabilities
    listens: tuple[str, ...]
    recognises: Callable[[Advertisement], bool]
    dialogue_with: Callable[[Settings], Dialogue]
    puppet: Callable[[], Puppet]
    options: tuple[Option, ...] = ()
    also_listens: tuple[str, ...] = ()
    live: bool = True
    sure: Callable[[Advertisement], bool] = lambda _advertisement: True

    @property
    def broadcasts(self) -> bool:
        """Whether it is only listened to and never connected to."""
        return self.listens == (ADVERTISEMENT,)

    @property
    def examples(self) -> Settings:
        """The settings that the puppet plays with."""
        return {option.name: option.example for option in self.options}

    def chosen(self, settings: Settings = NO_SETTINGS) -> Settings:
        """Every option with the value that holds: what a person chose, the defaults for the rest.

        Raises:
            ValueError: there is no such option, or it does not take this value; a sentence for people.
        """
        chosen = {option.name: option.default for option in self.options}
        for name, value in settings.items():
            option = next((option for option in self.options if option.name == name), None)
            if option is None:
                known = ", ".join(chosen) or "none"
                raise ValueError(f"{self.family} has no option {name!r}. Known are: {known}.")
            # What the device file takes for nobody's word may be written down, and must be read again.
            if value != option.default and not option.accepts(value):
                raise ValueError(f"{value!r} is no possible {name} of {self.family}: {option.what}")
            chosen[name] = value
        return chosen

    def dialogue(self, settings: Settings = NO_SETTINGS) -> Dialogue:
        """The state of a new connection, with what a person chose. Raises ValueError as `chosen` does."""
        return self.dialogue_with(self.chosen(settings))

    def set_to(self, settings: Settings) -> "Codec":
        """The same family, whose every dialogue goes by these settings. Raises ValueError as `chosen` does."""
        chosen = self.chosen(settings)
        return replace(self, dialogue_with=lambda _settings: self.dialogue_with(chosen))
