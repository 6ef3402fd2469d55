"""Commands on files: `analyse`, `check`, `recover`, `decode`. They write nothing but what is asked for by name."""

import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from firmware_protocols import CODECS
from forcelab import assessments
from forcelab.acquisition.capture import CaptureError, decode
from forcelab.assessments import AssessmentError
from forcelab.check import CheckReport
from forcelab.check import check as check_file
from forcelab.commands import errors, measured, series
from forcelab.commands.details import tell_details
from forcelab.commands.options import JSON, PATH, SESSION, TARGET, finite
from forcelab.commands.output import FAILED, emit, emit_line, fail, stdout, table, tell
from forcelab.commands.pictures import draw
from forcelab.commands.results import (
    Asked,
    Shown,
    explanations,
    from_session,
    from_table,
    marks,
    reasons,
    rows,
    side_by_side,
)
from forcelab.imports.table import TableError, read_table
from forcelab.journal import SUFFIX, JournalError, read
from forcelab.journal import recover as recover_file
from forcelab.model import Assessment
from forcelab.report.summary import score_legend, score_rows, sentences


def analyse(
    path: PATH,
    assessment: Annotated[str, typer.Option(help="Evaluate as this assessment; see `forcelab assessments`.")] = "",
    json: JSON = False,
    show_all: Annotated[bool, typer.Option("--all", help="Show numbers that the rate does not carry too.")] = False,
    onset_at: Annotated[
        float | None, typer.Option(help="Onset set by hand, s on the record's clock.", callback=finite)
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
        str, typer.Option(help="Give these numbers, whatever the assessment lists; names with commas between them.")
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
    involved: Annotated[
        Literal["left", "right"] | None, typer.Option(help="The injured side: the symmetry index is then by that.")
    ] = None,
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
    chosen = _assessment(assessment) if assessment else None
    asked = Asked(
        metrics=_names(metrics),
        target=target,
        show_all=show_all,
        onset_at=onset_at,
        set_up=measured.given(
            body_mass=body_mass,
            sex=sex,
            lever_arm=lever_arm,
            lever_arm_error=lever_arm_error,
            pull_angle=pull_angle,
            pull_angle_error=pull_angle_error,
            to_mass=to_mass,
            gravity=gravity,
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
            using = chosen or _assessment("free")
            named = found.plates() if using.kind == "jump" else found.roles()
            roles = {role: replace(trace, capacity=capacity, zero=zero) for role, trace in named.items()}
            shown = from_table(found, path, using, roles, asked)
    except (JournalError, TableError, AssessmentError, ValueError) as error:
        fail(str(error))
    if plot is not None:
        tell(f"Drawn: {', '.join(str(picture) for picture in draw(shown, plot, smooth))}")
    present(_told(shown, involved, sem, site), as_json=json, details=details)
    if not any(trial.evaluation and (trial.evaluation.effort or trial.evaluation.jump) for trial in shown.trials):
        fail(f"No {'jump' if shown.assessment.kind == 'jump' else 'effort'} was found in {path.name}.")


def _sides(left: str | None, right: str | None, column: str | None) -> tuple[str, str] | None:
    """The columns of both sides; both are told or none, and then no single one."""
    if left is None and right is None:
        return None
    if left is None or right is None or column is not None:
        fail("--left and --right each name a column of force: give both, without --column.")
    return left, right


def _told(shown: Shown, involved: Literal["left", "right"] | None, sem: float | None, site: Path | None) -> Shown:
    """With what was told about the sides and the error of the scored number."""
    summary = shown.summary
    scores = [score for side in summary.sides if (score := summary.score(side)) is not None]
    return replace(shown, involved=involved, error=errors.told(sem, site, scores[0].unit if scores else ""))


def check(path: SESSION, json: JSON = False) -> None:
    """Verify a session file and compute every stored result again from its raw packets."""
    try:
        report = check_file(path)
    except JournalError as error:
        fail(str(error))
    if json:
        emit(_report_json(report))
    else:
        doubtful = [one for one in report.results if one.outcome != "identical"]
        if doubtful:
            cells = [(str(one.trial), one.what, one.outcome, one.sentence) for one in doubtful]
            table(path.name, ("trial", "result", "outcome", "what it means"), cells)
        for fault in report.faults:
            tell(fault.sentence)
        tell(report.sentence)
    if not report.ok:
        raise typer.Exit(FAILED)


def _report_json(report: CheckReport) -> dict[str, object]:
    return {
        "source": str(report.path),
        "verdict": report.verdict,
        "ok": report.ok,
        "closed": report.closed,
        "sentence": report.sentence,
        "faults": [{"line": fault.line, "sentence": fault.sentence} for fault in report.faults],
        "results": [asdict(one) for one in report.results],
    }


def recover(path: SESSION) -> None:
    """Mark a session that ended without closing as dealt with. Nothing that stands in it is touched."""
    try:
        record = recover_file(path)
        faults = read(path).faults
    except JournalError as error:
        fail(str(error))
    if record is None:
        tell(f"{path.name} was closed in order; there is nothing to recover.")
    else:
        torn = len(record.torn_hex) // 2
        tell(f"{path.name} is dealt with; {torn} bytes of an unfinished line were left in place.")
    if faults:
        tell(f"{len(faults)} of its lines are damaged, which no recovery can mend: `forcelab check {path}` names them.")


def decode_capture(
    device: Annotated[str, typer.Argument(help="The family of the sensor; see `forcelab devices`.")],
    file: Annotated[str, typer.Argument(help="The capture, or - for standard input.")] = "-",
) -> None:
    """Turn captured notifications into JSON lines of decoded messages.

    In, one a line: `time_ns characteristic hex` for what the sensor sent, `time_ns > characteristic hex` for what the
    host wrote, with the characteristic's full UUID; for broadcasters `advertisement` and the hex of company id,
    little-endian, plus payload. Empty lines and lines that begin with # are passed over.

    Out, one JSON object a line: `is` names its kind (samples, lost, malformed, info, ready, run_started,
    run_stopped), `time_ns` is the time of its line. Samples hold, as arrays of equal length, `t` (s on the sensor's
    own clock, unwrapped; null where it keeps no time) and `force` (channel to N). A reply whose question is not in the
    capture stays raw `info`.
    """
    codec = CODECS.get(device)
    if codec is None:
        fail(f"No sensor family is called {device!r}. Known are: {', '.join(CODECS)}.")
    name = "standard input" if file == "-" else file
    try:
        for message in decode(codec, _lines(file, name)):
            emit_line(message)
    except CaptureError as error:
        fail(f"{name}, {error}.")


def is_session(path: Path) -> bool:
    """Whether a file is a session and not a table: by its name or by its first bytes."""
    try:
        with path.open("rb") as file:
            return path.suffix == SUFFIX or file.read(7) == b'{"is":"'
    except OSError as error:
        raise TableError(path.name, f"it cannot be read ({error.strerror})") from error


def present(shown: Shown, *, as_json: bool, details: bool = False) -> None:
    """Show what came out."""
    if as_json:
        emit(shown.json())
        return
    title = f"{shown.source.name}, {shown.assessment.words().name}"
    for group in side_by_side(shown.trials, stdout.width):
        columns, body = rows(group)
        table(title, columns, body)
        title = ""
    if shown.series:
        table("", *series.rows(shown.series))
    if details:
        tell_details(shown.trials)
    for line in (*marks(shown.trials, shown.series), *explanations(shown.trials, shown.series)):
        stdout.print(line)
    summary = shown.summary
    columns, body = score_rows(summary)
    if body:
        table("Scores", columns, body, note=f"n: how many trials entered\n{score_legend(summary)}".strip())
    about = sentences(summary, cut_offs=shown.involved is not None)
    for sentence in (*reasons(shown.trials), *series.reasons(shown.series), *shown.notes, *about):
        tell(sentence)


def _assessment(name: str) -> Assessment:
    catalogue = assessments.available()
    if name not in catalogue:
        fail(f"No assessment is called {name!r}. Known are: {', '.join(catalogue)}.")
    return catalogue[name][0]


def _names(text: str) -> tuple[str, ...]:
    """Names with commas between them, each once."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _refuse(path: Path, **given: object) -> None:
    """Options for tables say nothing of a session, which knows these things itself."""
    useless = [f"--{name.replace('_', '-')}" for name, value in given.items() if value is not None]
    if useless:
        fail(f"{path.name} is a session and says itself what a table has to be told: leave out {', '.join(useless)}.")


def _lines(file: str, name: str) -> Iterator[str]:
    try:
        if file == "-":
            yield from sys.stdin
        else:
            with Path(file).open(encoding="utf-8") as lines:
                yield from lines
    except OSError as error:
        fail(f"{name} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        fail(f"{name} is no capture: it holds bytes that are no text.")
