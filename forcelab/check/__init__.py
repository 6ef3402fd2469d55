"""Checks a session file: whether it is as it was written, and whether its results come out again from its packets.

Each stored number is computed anew from the recorded packets with the assessment whose text is in the file, and is
found *identical* (same environment, same bits), *equal* (within 1e-9 relative, times within 1 µs), *differs*, or *older
definition* (its recipe or the sensor's codec has changed since: not damage). For an effort's marks, its flags and how
far its numbers may lie off, the rules that are stored with them stand for the recipe. Writes nothing.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from forcelab.analysis.gate import WITHHELD
from forcelab.analysis.onset import MANUAL
from forcelab.assemble import traces
from forcelab.assessments import AssessmentError, load
from forcelab.check.comparison import Comparison
from forcelab.check.report import Checked, CheckReport
from forcelab.evaluate import evaluate, intervals_asked
from forcelab.journal import TrialState, environment, read, state
from forcelab.journal.records import ClockAnchor
from forcelab.model import Environment, Evaluation, Role, Trace

__all__ = ["CheckReport", "Checked", "check"]


def check(path: Path, *, here: Environment | None = None) -> CheckReport:
    """Read a session file and compute all its stored results anew.

    Args:
        path: the session file.
        here: the present environment, if it is to be another.

    Raises:
        JournalError: it cannot be read, is no session, or a newer one.
    """
    journal = read(path)
    session = state(journal.story)
    wanted = {number for number, trial in session.trials.items() if trial.evaluated}
    problems: dict[int, str] = {}
    found: dict[int, list[Checked]] = {}
    for number, made in traces(journal.story, problems.__setitem__) if wanted else ():
        if number in wanted:
            trial = session.trials[number]
            found[number] = list(_trial(trial, made, problems.get(number, ""), here or environment()))
    results = tuple(one for number in sorted(found) for one in found[number])
    sensors = {one.connection: one for trial in session.trials.values() for one in trial.connections.values()}
    began = next((one.utc_ns for one in journal.story if isinstance(one, ClockAnchor)), None)
    return CheckReport(path, tuple(journal.faults), journal.closed, results, tuple(sensors.values()), began)


def _trial(trial: TrialState, made: dict[Role, Trace], problem: str, here: Environment) -> Iterator[Checked]:
    """Each stored evaluation of a trial against a new one."""
    if (moved := _onset_in_force(trial)) is not None:
        yield moved
    for record, onset_then in zip(trial.evaluated, trial.onsets_then, strict=True):
        sentence = problem
        fresh: Sequence[Evaluation] = ()
        if not sentence:
            try:
                fresh = _again(trial, made, record.evaluation, _by_hand(record.evaluation, onset_then))
            except (AssessmentError, ValueError, ArithmeticError) as why:
                sentence = f"Trial {trial.number} cannot be evaluated: {why}."
        if sentence:
            yield Checked(trial.number, "evaluation", "not recomputed", sentence=sentence)
        else:
            yield from Comparison(trial, record.evaluation, record.environment == here).against(fresh)


def _onset_in_force(trial: TrialState) -> Checked | None:
    """What is to be said if the evaluation that counts was not made with the onset that a person has set last."""
    if not trial.onsets or trial.in_force is None:
        return None
    wanted, used = trial.onset_at, _by_hand(trial.in_force.evaluation, trial.onsets_then[-1])
    if used == wanted:
        return None
    said, done = ("the rule's" if at is None else f"{at:g} s" for at in (wanted, used))
    why = f"Trial {trial.number}: {trial.onsets[-1].record.by} set the onset to {said}, the result rests on {done}."
    return Checked(trial.number, "onset", "differs", used, wanted, "s", f"{why} Set it again.")


def _by_hand(stored: Evaluation, then: float | None) -> float | None:
    """The onset by hand that a stored evaluation rests on; `then` was in force when it was made."""
    if stored.effort is not None:
        return stored.effort.onset if stored.effort.rule == MANUAL else None
    return then if f"onset {MANUAL}/" in stored.rules else None


def _again(
    trial: TrialState, made: dict[Role, Trace], stored: Evaluation, onset_at: float | None
) -> Sequence[Evaluation]:
    """The trial evaluated in the way in which the stored evaluation was made."""
    if trial.assessment is None:
        raise ValueError("the file names no assessment for it")
    assessment = load(trial.assessment.text, trial.assessment.id)
    return evaluate(
        made,
        assessment,
        set_up=trial.set_up,
        onset_at=onset_at,
        # Where nothing is withheld for the rate, both answers are the same.
        show_all=not any(
            (result.reason or "").startswith(WITHHELD)
            for one in (stored, *stored.parts.values())
            for result in one.results
        ),
        intervals=intervals_asked(stored.rules),
    )
