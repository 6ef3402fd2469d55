"""The command `analyse`: every number of a session file or of a plain table, with pictures if asked for."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from forcelab.assessments import AssessmentError
from forcelab.commands import errors, measured
from forcelab.commands.asked import Asked
from forcelab.commands.known_assessments import find_assessment
from forcelab.commands.options import JSON, PATH, TARGET, finite
from forcelab.commands.output import fail, tell
from forcelab.commands.pictures import draw
from forcelab.commands.reanalysis import from_session, from_table
from forcelab.commands.results import present
from forcelab.imports.table import TableError, read_table
from forcelab.journal import SUFFIX, JournalError


def analyse(
    path: PATH,
    assessment: Annotated[
        str, typer.Option(help="Evaluate as this assessment: its name (see `forcelab assessments`) or its file.")
    ] = "",
    json: JSON = False,
    show_all: Annotated[bool, typer.Option("--all", help="Show numbers that the rate does not carry too.")] = False,
    onset_at: Annotated[
        float | None, typer.Option(help="Onset set by hand, s on the record's clock.", callback=finite)
    ] = None,
    onset_rule: Annotated[
        str, typer.Option(help="Find onset by this rule, whatever the assessment says; see `forcelab metrics`.")
    ] = "",
    hold: Annotated[
        float | None,
        typer.Option(
            min=0.1, max=3600, help="How long the push was to last, s, whatever the assessment says.", callback=finite
        ),
    ] = None,
    trial: Annotated[int | None, typer.Option(min=1, help="Only this trial of a session.")] = None,
    rate: Annotated[float | None, typer.Option(help="Hz; for a table that has no column of time.")] = None,
    time_unit: Annotated[str | None, typer.Option(help="Unit of time in a table: s, ms or us.")] = None,
    force_unit: Annotated[str | None, typer.Option(help="Unit of force in a table: N, kN, kg, g or lb.")] = None,
    column: Annotated[str | None, typer.Option(help="Which column of force: its name or its number.")] = None,
    left: Annotated[
        str | None, typer.Option(help="The left limb's or plate's column of force; together with --right.")
    ] = None,
    right: Annotated[str | None, typer.Option(help="The right one's.")] = None,
    separator: Annotated[
        str | None, typer.Option(help="What separates a table's columns: tabs, semicolons, bars, commas or spaces.")
    ] = None,
    decimal: Annotated[str | None, typer.Option(help="Decimal sign of a table: . or a comma.")] = None,
    capacity: Annotated[
        float | None, typer.Option(min=1, help="Capacity of a table's sensor, N.", callback=finite)
    ] = None,
    zero: Annotated[float | None, typer.Option(help="Force of a table's unloaded sensor, N.", callback=finite)] = None,
    metrics: Annotated[
        str,
        typer.Option(help="Give these numbers, whatever the assessment lists: names with commas between them, or all."),
    ] = "",
    target: TARGET = None,
    body_mass: measured.BODY_MASS = None,
    sex: measured.SEX = None,
    lever_arm: measured.LEVER_ARM = None,
    lever_arm_error: measured.LEVER_ERROR = None,
    pull_angle: measured.PULL_ANGLE = None,
    pull_angle_error: measured.ANGLE_ERROR = None,
    to_mass: measured.TO_MASS = None,
    gravity: measured.GRAVITY = None,
    involved: measured.INVOLVED = None,
    sem: errors.SEM = None,
    site: errors.SITE = None,
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
    if onset_rule and onset_at is not None:
        fail("An onset is set by a rule or by hand: leave out --onset-rule or --onset-at.")
    chosen = find_assessment(assessment)[0] if assessment else None
    asked = Asked(
        metrics=_names(metrics),
        target=target,
        show_all=show_all,
        onset_at=onset_at,
        onset_rule=onset_rule,
        hold=hold,
        set_up=measured.given(
            body_mass=body_mass,
            sex=sex,
            lever_arm=lever_arm,
            lever_arm_error=lever_arm_error,
            pull_angle=pull_angle,
            pull_angle_error=pull_angle_error,
            to_mass=to_mass,
            gravity=gravity,
            involved=involved,
        ),
    )
    try:
        if is_session(path):
            _refuse(path, rate=rate, time_unit=time_unit, force_unit=force_unit, column=column)
            _refuse(path, left=left, right=right)
            _refuse(path, separator=separator, decimal=decimal, capacity=capacity, zero=zero)
            shown = from_session(path, chosen, asked, trial=trial)
        else:
            if trial is not None:
                fail(f"{path.name} is a table; only a session has trials to choose from: leave out --trial.")
            found = read_table(
                path,
                rate=rate,
                time_unit=time_unit,
                force_unit=force_unit,
                column=column,
                sides=_sides(left, right, column),
                separator=separator,
                decimal=decimal,
            )
            using = chosen or find_assessment("free")[0]
            named = found.plates() if using.kind == "jump" else found.roles()
            roles = {role: replace(trace, capacity=capacity, zero=zero) for role, trace in named.items()}
            shown = from_table(found, path, using, roles, asked)
    except (JournalError, TableError, AssessmentError, ValueError) as error:
        fail(str(error))
    summary = shown.summary
    shown = replace(shown, error=errors.told(sem, site, summary.scored, summary))
    if plot is not None:
        tell(f"Drawn: {', '.join(str(picture) for picture in draw(shown, plot, smooth))}")
    present(shown, as_json=json, details=details)
    if not any(trial.evaluation and (trial.evaluation.effort or trial.evaluation.jump) for trial in shown.trials):
        fail(f"No {'jump' if shown.assessment.kind == 'jump' else 'effort'} was found in {path.name}.")


def _sides(left: str | None, right: str | None, column: str | None) -> tuple[str, str] | None:
    """The columns of both sides; both are told or none, and then no single one."""
    if left is None and right is None:
        return None
    if left is None or right is None or column is not None:
        fail("--left and --right each name a column of force: give both, without --column.")
    return left, right


def is_session(path: Path) -> bool:
    """Whether a file is a session and not a table: by its name or by its first bytes."""
    try:
        with path.open("rb") as file:
            return path.suffix == SUFFIX or file.read(7) == b'{"is":"'
    except OSError as error:
        raise TableError(path.name, f"it cannot be read ({error.strerror})") from error


def _names(text: str) -> tuple[str, ...]:
    """Names with commas between them, each once."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _refuse(path: Path, **given: object) -> None:
    """Options for tables say nothing of a session, which knows these things itself."""
    useless = [f"--{name.replace('_', '-')}" for name, value in given.items() if value is not None]
    if useless:
        fail(f"{path.name} is a session and says itself what a table has to be told: leave out {', '.join(useless)}.")
