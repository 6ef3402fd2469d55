"""The command `mark`: an onset set by hand, written into a session with who, when and why.

What stood in the file stays; the trial is evaluated anew and that evaluation follows. Decides nothing about where an
onset is.
"""

import time
from pathlib import Path
from typing import Annotated

import typer

from forcelab.analysis.onset import MANUAL
from forcelab.assessments import AssessmentError
from forcelab.commands.asked import Asked
from forcelab.commands.options import JSON, SESSION, finite, named_code
from forcelab.commands.output import fail, tell
from forcelab.commands.reanalysis import Shown, from_session
from forcelab.commands.results import present
from forcelab.journal import JournalError, being_written, environment, read, records, resume, state


def _reason(value: str) -> str:
    if not value.isprintable() or not value.strip():
        raise typer.BadParameter("a reason is needed, in words that can be printed.")
    return value.strip()


def mark(
    path: SESSION,
    trial: Annotated[int, typer.Argument(min=1, help="Which trial.", show_default=False)],
    by: Annotated[str, typer.Option(help="The code of who sets it.", show_default=False, callback=named_code)],
    reason: Annotated[str, typer.Option(help="Why the rule's onset is wrong.", show_default=False, callback=_reason)],
    onset: Annotated[
        float | None, typer.Option(help="Onset, s on the record's clock, as `analyse` shows it.", callback=finite)
    ] = None,
    rule: Annotated[bool, typer.Option("--rule", help="Give the onset back to the rule.")] = False,
    json: JSON = False,
) -> None:
    """Set the onset of a trial by hand: who, when and why are written into the session with the new results."""
    if (onset is None) != rule:
        fail("Say either where the onset is, with --onset, or --rule.")
    try:
        shown = _evaluated(path, trial, onset)
        _append(
            path, records.OnsetSet(host_ns=time.perf_counter_ns(), trial=trial, at=onset, by=by, reason=reason), shown
        )
        present(from_session(path, trial=trial), as_json=json)
    except (JournalError, AssessmentError, ValueError) as error:
        fail(str(error))
    tell(f"Written into {path.name}.")


def _evaluated(path: Path, number: int, onset: float | None) -> Shown:
    """The trial with its onset there; ValueError with a sentence if that is no onset, or the file is not in order."""
    if being_written(path):
        raise ValueError(f"{path.name} is being recorded into; wait until the session is over.")
    journal = read(path)
    if journal.faults or not journal.closed:
        raise ValueError(f"{path.name} is not in order; `forcelab check` tells why, and nothing is written into it.")
    kept = state(journal.story).trials.get(number)
    if onset is None and kept is not None and kept.onset_at is None:
        raise ValueError(f"The onset of trial {number} is the rule's already.")
    shown = from_session(path, asked=Asked(onset_at=onset, by_rule=onset is None), trial=number)
    (made,) = shown.trials
    if made.evaluation is None:
        raise ValueError(f"Trial {number} cannot be evaluated. {' '.join(shown.notes)}".strip())
    if onset is not None and (made.evaluation.effort is None or made.evaluation.effort.rule != MANUAL):
        raise ValueError(f"{onset:g} s is no onset in trial {number}: no push follows it there.")
    return shown


def _append(path: Path, record: records.OnsetSet, shown: Shown) -> None:
    """Write the mark and what comes out of it, tied to the calendar, and close the session again."""
    (made,) = shown.trials
    assert made.evaluation is not None, "as _evaluated has seen to"
    with resume(path) as writer:
        now = record.host_ns
        writer.append(records.ClockAnchor(host_ns=now, utc_ns=time.time_ns()))
        writer.append(record)
        writer.append(
            records.Evaluated(host_ns=now, trial=record.trial, environment=environment(), evaluation=made.evaluation)
        )
        writer.append(records.Closed(host_ns=now))
