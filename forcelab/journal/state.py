"""The one fold over the records of a session: who, what, which sensors, which trials, and what became of them.

Every reader asks this and none walks the records by itself, so that they cannot disagree on what is in force. Knows
no codec and no metric, and passes over packets.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from forcelab.journal.records import (
    AnyRecord,
    AssessmentText,
    ClockAnchor,
    Closed,
    Connected,
    Disconnected,
    Evaluated,
    Judged,
    Measured,
    OnsetSet,
    Opened,
    Operator,
    Participant,
    Planned,
    Recovered,
    TrialStarted,
    TrialStopped,
    Zeroed,
)
from forcelab.model import Environment, Role, SetUp


@dataclass(frozen=True, slots=True)
class OnsetByHand:
    """An onset that a person set, or took back: what was recorded, and when, as UTC ns since 1970 where it is known."""

    record: OnsetSet
    utc_ns: int | None


@dataclass(frozen=True, slots=True)
class TrialState:
    """One trial.

    Attributes:
        assessment: the test in force when it started, None if none was named.
        connections: of each role, the sensor as it was connected.
        zeros: the zero in force when it started, by connection.
        set_up: what was measured on the participant before it started; None if nothing was.
        stopped: None if the session ended before the trial did.
        evaluated: everything that was ever computed from it; the last of them is in force.
        onsets_then: for each of `evaluated` the onset by hand that was in force, None: the rule's.
        judged: the last judgement of a person, None if nobody judged.
        onsets: every onset that was set by hand or taken back; the last of them is in force.
    """

    started: TrialStarted
    assessment: AssessmentText | None
    connections: Mapping[Role, Connected]
    zeros: Mapping[int, Zeroed]
    set_up: SetUp | None = None
    stopped: TrialStopped | None = None
    evaluated: tuple[Evaluated, ...] = ()
    onsets_then: tuple[float | None, ...] = ()
    judged: Judged | None = None
    onsets: tuple[OnsetByHand, ...] = ()

    @property
    def number(self) -> int:
        """The trial's number in the session."""
        return self.started.trial

    @property
    def excluded(self) -> bool:
        """Whether a person left it out."""
        return self.judged is not None and self.judged.excluded

    @property
    def onset_at(self) -> float | None:
        """The onset by hand that is in force, s on the clock of the trial's trace; None: the rule's counts."""
        return self.onsets[-1].record.at if self.onsets else None

    @property
    def in_force(self) -> Evaluated | None:
        """The evaluation that counts."""
        return self.evaluated[-1] if self.evaluated else None


@dataclass(slots=True)
class SessionState:
    """A session as it stands after its last record. Written by `state` alone.

    Attributes:
        participant, operator: codes; "" if unsaid.
        assessment: the test in force at the end.
        planned: how many trials and sides it was to have, None if the file does not say.
        set_up: what was last measured on the participant, None if nothing was.
        connections: every connection there was, by number; `gone` those that ended.
        zeros: the last zero of each connection.
        anchor: the last tie of the host's counter to the calendar.
        trials: by number, in the order in which they started.
        closed: whether the last record is a closing or a recovery; `recovered` whether there ever was a recovery.
    """

    participant: str = ""
    operator: str = ""
    environment: Environment | None = None
    assessment: AssessmentText | None = None
    planned: Planned | None = None
    set_up: SetUp | None = None
    connections: dict[int, Connected] = field(default_factory=dict)
    gone: dict[int, Disconnected] = field(default_factory=dict)
    zeros: dict[int, Zeroed] = field(default_factory=dict)
    anchor: ClockAnchor | None = None
    trials: dict[int, TrialState] = field(default_factory=dict)
    closed: bool = False
    recovered: bool = False


def state(records: Iterable[AnyRecord]) -> SessionState:
    """Fold the records of a session, in the order of its file.

    Records about a trial that never started are passed over.
    """
    session = SessionState()
    for record in records:
        session.closed = isinstance(record, Closed | Recovered)
        session.recovered |= isinstance(record, Recovered)
        _about_session(session, record)
        _about_trial(session, record)
    return session


def _about_session(session: SessionState, record: AnyRecord) -> None:
    match record:
        case Opened():
            session.environment = record.environment
        case ClockAnchor():
            session.anchor = record
        case Participant():
            session.participant = record.code
        case Operator():
            session.operator = record.code
        case AssessmentText():
            session.assessment = record
        case Planned():
            session.planned = record
        case Measured():
            session.set_up = record.set_up
        case Connected():
            session.connections[record.connection] = record
        case Disconnected():
            session.gone[record.connection] = record
        case Zeroed():
            session.zeros[record.connection] = record
        case TrialStarted():
            roles = record.roles.items()
            known = {role: session.connections[number] for role, number in roles if number in session.connections}
            session.trials[record.trial] = TrialState(
                record, session.assessment, known, dict(session.zeros), session.set_up
            )
        case _:
            pass


def _about_trial(session: SessionState, record: AnyRecord) -> None:
    trials = session.trials
    if not isinstance(record, TrialStopped | Evaluated | Judged | OnsetSet) or record.trial not in trials:
        return
    trial = trials[record.trial]
    match record:
        case TrialStopped():
            trial = replace(trial, stopped=record)
        case Evaluated():
            then = (*trial.onsets_then, trial.onset_at)
            trial = replace(trial, evaluated=(*trial.evaluated, record), onsets_then=then)
        case Judged():
            trial = replace(trial, judged=record)
        case OnsetSet():
            trial = replace(trial, onsets=(*trial.onsets, OnsetByHand(record, _utc_ns(session.anchor, record.host_ns))))
    trials[record.trial] = trial


def _utc_ns(anchor: ClockAnchor | None, host_ns: int) -> int | None:
    return None if anchor is None else anchor.utc_ns + host_ns - anchor.host_ns
