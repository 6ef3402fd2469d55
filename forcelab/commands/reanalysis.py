"""From a session file or a plain table to trials with their numbers, as the commands ask for them.

`analyse`, `record` and `demo` all come here, so that a session shown at its end and one opened years later hold the
same. Shows nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from forcelab import assessments
from forcelab.analysis.change import Sem
from forcelab.assemble import traces
from forcelab.commands.asked import AS_IT_SAYS, Asked
from forcelab.commands.measured import overruled, told, with_given
from forcelab.commands.series import ShownSeries, over
from forcelab.evaluate import Summary, evaluate, ground_force, strongest, summarise, weak_pushes, whole
from forcelab.imports.table import Table
from forcelab.journal import Fault, JournalError, OnsetByHand, TrialState, read, state
from forcelab.journal.records import ClockAnchor, Connected
from forcelab.model import Assessment, Evaluation, Role, SetUp, Side, Trace
from forcelab.report.calibration import calibration_sentences
from forcelab.report.results import trial_json
from forcelab.report.summary import summary_json

NOTHING = Evaluation(None, (), (), "repeat")
"""What is known of a trial whose packets cannot be read."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownTrial:
    """A trial with what came out of it; `trial` counts within its session or table, `onsets` are those set by hand.

    `assessment` is the one that it was evaluated with; None: that of all. `parts` are the same trial by each of two
    sensors, whose sum `trace` is then.
    """

    trial: int
    side: Side | None
    practice: bool
    excluded: bool
    stopped: str | None
    trace: Trace | None
    evaluation: Evaluation | None
    onsets: tuple[OnsetByHand, ...] = ()
    set_up: SetUp | None = None
    assessment: Assessment | None = None
    parts: tuple["ShownTrial", ...] = ()

    @property
    def heading(self) -> str:
        """What the trial is called."""
        side = f" {self.side}" if self.side else ""
        doubt = " (left out)" if self.excluded else " (practice)" if self.practice else ""
        return f"trial {self.trial}{side}{doubt}"


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A session or a table with its trials, and sentences about how it was read.

    `series` are its numbers over all repetitions of a record; `planned` and `error` are what its summary is told beside
    the trials; `sensors` recorded the trials of a session, which began at `utc_ns`.
    """

    source: Path
    assessment: Assessment
    participant: str | None
    trials: tuple[ShownTrial, ...]
    notes: tuple[str, ...]
    planned: int | None = None
    error: Sem | None = None
    sensors: tuple[Connected, ...] = ()
    utc_ns: int | None = None
    series: tuple[ShownSeries, ...] = ()

    @property
    def involved(self) -> Literal["left", "right"] | None:
        """The injured side, as the set-up of the last trial has it."""
        set_up = self.trials[-1].set_up if self.trials else None
        return set_up.involved if set_up else None

    @property
    def summary(self) -> Summary:
        """What the trials come to."""
        return summarise(
            with_parts(self.trials), self.assessment, planned=self.planned, involved=self.involved, error=self.error
        )

    def json(self) -> dict[str, object]:
        """What `--json` prints."""
        return {
            "source": str(self.source),
            "assessment": self.assessment.id,
            "participant": self.participant,
            "trials": [_trial_json(trial) for trial in self.trials],
            "series": [one.json() for one in self.series],
            "summary": summary_json(self.summary),
            "notes": list(self.notes),
        }


def _trial_json(trial: ShownTrial) -> dict[str, object]:
    about = {
        "practice": trial.practice,
        "excluded": trial.excluded,
        "stopped": trial.stopped,
        "onsets_by_hand": [
            {"at": one.record.at, "by": one.record.by, "when": when(one), "reason": one.record.reason}
            for one in trial.onsets
        ],
        "set_up": msgspec.to_builtins(trial.set_up),
    }
    told = trial_json(trial.evaluation or NOTHING, side=trial.side, trial=trial.trial) | about
    if trial.parts:
        told |= {
            "parts": {
                str(part.side): trial_json(part.evaluation or NOTHING, side=part.side, trial=part.trial)
                for part in trial.parts
            }
        }
    return told


def with_parts(trials: Sequence[ShownTrial]) -> list[ShownTrial]:
    """The trials, each followed by what each of two sensors made of it."""
    return [one for trial in trials for one in (trial, *trial.parts)]


def from_session(
    path: Path,
    assessment: Assessment | None = None,
    asked: Asked = AS_IT_SAYS,
    *,
    trial: int | None = None,
) -> Shown:
    """Re-analyse a session, or one trial of it, from its raw packets.

    Each trial is evaluated with the assessment in force when it started, unless one is given; what is told of the
    session as a whole goes by that of the last trial.

    An onset by hand that stands in the session is used, unless another one is given or the rule's is wanted
    (`by_rule`).

    Raises:
        JournalError, AssessmentError, ValueError: with a sentence.
    """
    journal = read(path)
    session = state(journal.story)
    wanted = [number for number in session.trials if trial in (None, number)]
    if trial is not None and not wanted:
        known = ", ".join(map(str, session.trials)) or "none"
        raise ValueError(f"{path.name} has no trial {trial}. It has: {known}.")
    if asked.onset_at is not None and len(wanted) > 1:
        raise ValueError(f"An onset belongs to one trial, and {path.name} has several: say which one with --trial.")
    notes = [fault.sentence for fault in journal.faults]
    if not journal.closed:
        notes.append(f"{path.name} ended without closing. `forcelab recover` marks it as dealt with.")
    last = (session.trials[wanted[-1]].assessment if wanted else None) or session.assessment
    using = asked.assessment(assessment or _recorded_assessment(last.text if last else None, path, journal.faults))
    made: dict[int, dict[Role, Trace]] = dict(traces(journal.story, lambda _trial, sentence: notes.append(sentence)))
    trials: list[ShownTrial] = []
    series: list[ShownSeries] = []
    for number in wanted:
        kept, roles = session.trials[number], made.get(number, {})
        named = assessment or _own(kept, path)
        if named is None:
            notes.append(f"Trial {number}: the file names no assessment for it; say which one with --assessment.")
            roles = {}
        test = asked.assessment(named) if named else using
        shown = _again(number, kept, roles, test, asked)
        trials.append(shown)
        notes += _about(shown, kept, roles, test, asked)
        series += over(roles, test, shown.set_up, side=shown.side, trial=number)
    sensors = {one.connection: one for number in wanted for one in session.trials[number].connections.values()}
    utc_ns = next((one.utc_ns for one in journal.story if isinstance(one, ClockAnchor)), None)
    notes += calibration_sentences(sensors.values(), utc_ns)
    return Shown(
        path,
        using,
        session.participant or None,
        tuple(trials),
        tuple(dict.fromkeys(notes)),
        planned=session.planned.trials if session.planned else None,
        sensors=tuple(sensors.values()),
        utc_ns=utc_ns,
        series=tuple(series),
    )


def _again(
    number: int, kept: TrialState, roles: Mapping[Role, Trace], assessment: Assessment, asked: Asked
) -> ShownTrial:
    """One trial of a session, from what its packets gave."""
    by_hand = kept.onset_at if asked.onset_at is None and not asked.by_rule else asked.onset_at
    set_up = with_given(kept.set_up, asked.set_up)
    if len(roles) < len(kept.started.roles):  # what one of two sensors recorded is not what both did
        roles = {}
    shown = ShownTrial(
        trial=number,
        side=kept.started.side,
        practice=kept.started.practice,
        excluded=kept.excluded,
        stopped=kept.stopped.why if kept.stopped else None,
        trace=whole(roles),
        evaluation=strongest(_evaluate(roles, assessment, asked, set_up, by_hand)) if roles else None,
        onsets=kept.onsets,
        set_up=set_up,
        assessment=assessment,
    )
    parts = shown.evaluation.parts if shown.evaluation else {}
    return replace(
        shown,
        parts=tuple(
            replace(shown, side=role, trace=roles[role], evaluation=part, onsets=())
            for role, part in parts.items()
            if role != "total"
        ),
    )


def _about(
    shown: ShownTrial, kept: TrialState, roles: Mapping[Role, Trace], assessment: Assessment, asked: Asked
) -> Iterator[str]:
    """What is to be said of a trial beside its numbers."""
    yield from (sentence for sentence in (overruled(kept.set_up, asked.set_up), told(shown.set_up)) if sentence)
    if assessment.kind != "jump" and (weak := weak_pushes(roles, assessment)):
        yield f"Trial {shown.trial}: {weak}"
    yield from (onset_sentence(shown.trial, one) for one in shown.onsets)


def _evaluate(
    roles: Mapping[Role, Trace], assessment: Assessment, asked: Asked, set_up: SetUp, onset_at: float | None
) -> tuple[Evaluation, ...]:
    return evaluate(roles, assessment, set_up=set_up, show_all=asked.show_all, onset_at=onset_at)


def when(one: OnsetByHand) -> str | None:
    """The time at which an onset was set by hand, as ISO 8601 in UTC; None where the file does not tell."""
    if one.utc_ns is None:
        return None
    return datetime.fromtimestamp(one.utc_ns // 10**9, UTC).isoformat()


def onset_sentence(trial: int, one: OnsetByHand) -> str:
    """Who set an onset by hand, when and why."""
    done = "gave the onset back to the rule" if one.record.at is None else f"set the onset to {one.record.at:.4g} s"
    return f"Trial {trial}: {one.record.by} {done} ({when(one) or 'time unknown'}). Reason: {one.record.reason}"


def _own(kept: TrialState, path: Path) -> Assessment | None:
    """The assessment in force when a trial started; None where the file had named none."""
    return assessments.load(kept.assessment.text, path.name) if kept.assessment else None


def _recorded_assessment(text: str | None, path: Path, faults: Sequence[Fault]) -> Assessment:
    if text is None:
        hint = f" {faults[0].sentence} It may have named one." if faults else ""
        raise JournalError(f"{path.name} names no assessment; say which one with --assessment.{hint}")
    return assessments.load(text, path.name)


def from_table(
    table: Table,
    path: Path,
    assessment: Assessment,
    roles: Mapping[Role, Trace],
    asked: Asked = AS_IT_SAYS,
) -> Shown:
    """One trial for each effort found in each column, or for each jump found in all; raises ValueError."""
    trials: list[ShownTrial] = []
    series: list[ShownSeries] = []
    assessment, set_up = asked.assessment(assessment), with_given(None, asked.set_up)
    if assessment.kind == "jump":
        whole = ground_force(roles)
        for number, jump in enumerate(_evaluate(roles, assessment, asked, set_up, asked.onset_at), 1):
            trials.append(ShownTrial(number, None, False, False, None, whole, jump, set_up=set_up))
        names = f"columns added up as plates under one body: {', '.join(table.traces)}"
        added = names if len(table.traces) > len(roles) else ""
        told_of = (*table.detected, added, told(set_up))
        return Shown(path, assessment, None, tuple(trials), tuple(note for note in told_of if note))
    for role, trace in roles.items():
        side: Side | None = None if role == "total" else role
        series += over({role: trace}, assessment, set_up, side=side, trial=None)
        for evaluation in _evaluate({role: trace}, assessment, asked, set_up, asked.onset_at):
            trials.append(ShownTrial(len(trials) + 1, side, False, False, None, trace, evaluation, set_up=set_up))
    more = (weak_pushes(roles, assessment), told(set_up))
    all_notes = (*table.detected, *(note for note in more if note))
    return Shown(path, assessment, None, tuple(trials), all_notes, series=tuple(series))
