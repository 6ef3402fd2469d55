"""The command `analyse`: every number of a session file or of a plain table, with pictures if asked for."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from forcelab.assessments import AssessmentError
from forcelab.commands import errors, measured
from forcelab.commands.asked import Asked, AskedOptions
from forcelab.commands.grouped import grouped
from forcelab.commands.known_assessments import find_assessment
from forcelab.commands.options import JSON, PATH, finite
from forcelab.commands.output import fail, tell
from forcelab.commands.pictures import draw
from forcelab.commands.reanalysis import Shown, from_session, from_table
from forcelab.commands.results import present
from forcelab.commands.tables import TableOptions
from forcelab.imports.table import TableError
from forcelab.journal import SUFFIX, JournalError
from forcelab.model import Assessment


@grouped
def analyse(
    path: PATH,
    *,
    assessment: Annotated[
        str, typer.Option(help="Evaluate as this assessment: its name (see `forcelab assessments`) or its file.")
    ] = "",
    json: JSON = False,
    asked: AskedOptions,
    trial: Annotated[int | None, typer.Option(min=1, help="Only this trial of a session.")] = None,
    table: TableOptions,
    set_up: measured.SetUpOptions,
    error: errors.ErrorOptions,
    details: Annotated[
        bool,
        typer.Option("--details", help="Tell of each number its interval, its range over onset rules, its evidence."),
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the force-time curve into this PNG; of several trials, each into its own.")
    ] = None,
    smooth: Annotated[
        float | None,
        typer.Option(
            min=1, help="In the picture, also a curve without what is faster, Hz; for the eye only.", callback=finite
        ),
    ] = None,
) -> None:
    """Compute every number of a session file, or of a plain table of force against time."""
    if smooth is not None and plot is None:
        fail("--smooth is for pictures: no number is ever computed from a filtered curve. Ask for one with --plot.")
    how = asked.asked(measured.given(set_up))
    shown = _analysed(path, find_assessment(assessment)[0] if assessment else None, how, table, trial)
    summary = shown.summary
    shown = replace(shown, error=errors.told(error, summary.scored, summary))
    if plot is not None:
        tell(f"Drawn: {', '.join(str(picture) for picture in draw(shown, plot, smooth))}")
    present(shown, as_json=json, details=details)
    if not any(trial.evaluation and (trial.evaluation.effort or trial.evaluation.jump) for trial in shown.trials):
        fail(f"No {'jump' if shown.assessment.kind == 'jump' else 'effort'} was found in {path.name}.")


def _analysed(path: Path, assessment: Assessment | None, how: Asked, table: TableOptions, trial: int | None) -> Shown:
    """The session or the table; leaves with a sentence where it cannot be analysed so."""
    try:
        if is_session(path):
            table.refuse_for(path)
            return from_session(path, assessment, how, trial=trial)
        if trial is not None:
            fail(f"{path.name} is a table; only a session has trials to choose from: leave out --trial.")
        found = table.read(path)
        using = assessment or find_assessment("free")[0]
        return from_table(found, path, using, table.roles(found, using), how)
    except (JournalError, TableError, AssessmentError, ValueError) as error:
        fail(str(error))


def is_session(path: Path) -> bool:
    """Whether a file is a session and not a table: by its name or by its first bytes."""
    try:
        with path.open("rb") as file:
            return path.suffix == SUFFIX or file.read(7) == b'{"is":"'
    except OSError as error:
        raise TableError(path.name, f"it cannot be read ({error.strerror})") from error
