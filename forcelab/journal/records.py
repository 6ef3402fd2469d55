"""What can stand in a session file: one struct a kind of record, its tag (`is`) the name by which others read it.

The file is the story of a session in the order in which things happened. Packets and decisions are the truth in it;
results are kept beside them, with the recipe that made them. A kind that this version does not know is `Unknown`: it
is kept and passed over. Knows no codec, no metric and no file handle.
"""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from forcelab.model import Environment, Evaluation, Role, SetUp, Side

FORMAT: Final = "forcelab-session"
VERSION: Final = 1

Nanoseconds: TypeAlias = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
"""What fits a signed 64-bit count; anything else in a file is damage, and floats would choke on it."""
Hex: TypeAlias = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{2})*$")]

Stopped: TypeAlias = Literal["released", "held", "timeout", "operator", "interrupted"]


class Entry(msgspec.Struct, frozen=True, tag_field="is", kw_only=True):
    """Base of all records. `host_ns` is `perf_counter_ns` of the computer that wrote it."""

    host_ns: Nanoseconds


class Opened(Entry, frozen=True, tag="opened"):
    """The first line: which format this is and which software began it."""

    version: int
    environment: Environment
    format: Literal["forcelab-session"] = FORMAT


class ClockAnchor(Entry, frozen=True, tag="clock_anchor"):
    """Ties the host's counter, which has no epoch, to the calendar (`utc_ns` since 1970).

    Written at opening, resume and wake.
    """

    utc_ns: Nanoseconds


class Participant(Entry, frozen=True, tag="participant"):
    """Who is tested: a code, never a name."""

    code: str


class Operator(Entry, frozen=True, tag="operator"):
    """Who tests: a code."""

    code: str


class AssessmentText(Entry, frozen=True, tag="assessment"):
    """The test that follows, as the full text of its TOML file, so that the file explains itself for ever."""

    id: str
    version: int
    text: str


class Planned(Entry, frozen=True, tag="planned"):
    """What the session was to be, whatever the assessment says: trials and practice a side, s of rest, the sides.

    The last one counts. Without one the assessment's own numbers hold.
    """

    trials: int
    practice: int
    rest: float
    sides: tuple[Side, ...]


class Measured(Entry, frozen=True, tag="measured"):
    """What was measured on the participant and the set-up, by the operator whose code stands before.

    All of it as it is known from here on, not only what is new. It holds for the trials that start after it; one that
    comes later puts none of them right.
    """

    set_up: SetUp


class CalibrationCheck(msgspec.Struct, frozen=True):
    """The last check of a sensor with known weights, by the name of its file and the SHA-256 of its content.

    `checked` and `due` are days (ISO 8601); `passed` whether every reading was within the limit that it states;
    `codec_version` the one with which it was made. It changes no recorded number.
    """

    id: str
    sha256: str
    checked: str
    due: str
    passed: bool
    codec_version: int


class Connected(Entry, frozen=True, tag="connected"):
    """A connection to a sensor. Each has a number of its own; a reconnection is a new one.

    `capacity` in N as the user told it, None if unknown; `settings` every option of the codec with the value that held;
    `calibration` the last check of it that was known on that day, None without one.
    """

    connection: int
    role: Role
    codec: str
    codec_version: int
    family: str
    name: str
    address: str
    capacity: float | None = None
    settings: dict[str, str] = {}
    calibration: CalibrationCheck | None = None


class Disconnected(Entry, frozen=True, tag="disconnected"):
    """A connection ended; `why` is a sentence."""

    connection: int
    why: str


class Sent(Entry, frozen=True, tag="sent"):
    """What we wrote to the sensor, as hex."""

    connection: int
    characteristic: str
    hex: Hex


class PacketIn(Entry, frozen=True, tag="packet"):
    """What the sensor sent, as hex. `host_ns` is the time at which the radio handed it over."""

    connection: int
    characteristic: str
    hex: Hex


class Zeroed(Entry, frozen=True, tag="zeroed"):
    """The unloaded sensor was read: mean and sample SD in N over `seconds` of its own clock."""

    connection: int
    mean: float
    sd: float
    seconds: float


class TrialStarted(Entry, frozen=True, tag="trial_started"):
    """A trial begins. Samples from `since_ns` (host) on belong to it, the seconds before the trigger among them."""

    trial: int
    side: Side
    roles: dict[Role, int]
    since_ns: Nanoseconds
    practice: bool = False


class TrialStopped(Entry, frozen=True, tag="trial_stopped"):
    """A trial ends: packets that stand further down in the file are no part of it."""

    trial: int
    why: Stopped


class Evaluated(Entry, frozen=True, tag="evaluated"):
    """What was computed from a trial, by which software, with which recipe (inside each result)."""

    trial: int
    environment: Environment
    evaluation: Evaluation


class Judged(Entry, frozen=True, tag="judged"):
    """A person left a trial out or took it back in."""

    trial: int
    excluded: bool
    reason: str


class OnsetSet(Entry, frozen=True, tag="onset_set"):
    """A person (`by`, a code) set the onset of a trial by hand, or took back what was set before.

    `at` is in s on the clock of the trial's trace; None gives the onset back to the rule. Evaluation anew follows as a
    record of its own.
    """

    trial: int
    at: float | None
    by: str
    reason: str


class Recovered(Entry, frozen=True, tag="recovered"):
    """The file had ended in the middle of a line, or without closing: the torn bytes (hex), left where they are."""

    torn_hex: Hex


class Closed(Entry, frozen=True, tag="closed"):
    """The session was ended in order."""


class Unknown(msgspec.Struct, frozen=True):
    """A record of a kind that this version does not know, with its line as it stands."""

    kind: str
    line: str


Known: TypeAlias = (
    Opened
    | ClockAnchor
    | Participant
    | Operator
    | AssessmentText
    | Planned
    | Measured
    | Connected
    | Disconnected
    | Sent
    | PacketIn
    | Zeroed
    | TrialStarted
    | TrialStopped
    | Evaluated
    | Judged
    | OnsetSet
    | Recovered
    | Closed
)
AnyRecord: TypeAlias = Known | Unknown
