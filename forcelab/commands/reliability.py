"""The command `reliability`: what a table of persons × sessions says about a test."""

import math
from pathlib import Path
from typing import Annotated

import typer

from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.retest import Finding, study
from forcelab.commands.options import JSON
from forcelab.commands.output import emit, fail, listing, number, table, tell
from forcelab.imports.dialect import TableError
from forcelab.imports.retest import Retest, read_retest

SEPARATOR = Annotated[
    str | None, typer.Option(help="What separates a table's columns: tabs, semicolons, bars, commas or spaces.")
]
DECIMAL = Annotated[str | None, typer.Option(help="Decimal sign of a table: . or a comma.")]


def reliability(
    path: Annotated[
        Path,
        typer.Argument(
            help="A table: a row a person and a column a session, or a row a measurement.", show_default=False
        ),
    ],
    unit: Annotated[str, typer.Option(help="Unit of the values, as it is to be shown.")] = "",
    column: Annotated[
        list[str] | None, typer.Option(help="A column of values, by name or number; give it again for each.")
    ] = None,
    separator: SEPARATOR = None,
    decimal: DECIMAL = None,
    json: JSON = False,
) -> None:
    """Tell how reliable a test is, from persons measured again: ICC, typical error, SEM, MDC, Bland–Altman."""
    try:
        found = read_retest(path, columns=column or (), separator=separator, decimal=decimal)
        findings = study(found.values, unit or found.unit)
    except (TableError, RefusedError) as error:
        fail(str(error) if isinstance(error, TableError) else f"{path.name}: {error}")
    if json:
        emit(_json(found, unit or found.unit, findings))
        return
    table(f"{found.source}, {len(found.persons)} persons", ("number", "value", "95 % interval", "formula"),
          [_row(finding) for finding in findings])  # fmt: skip
    sources: dict[str, list[str]] = {}
    for finding in findings:
        sources.setdefault(finding.source, []).append(finding.term)
    listing("Sources", [("; ".join(terms), source) for source, terms in sources.items()])
    for sentence in dict.fromkeys((*found.detected, *(said for finding in findings for said in _said(finding)))):
        tell(sentence)


def _row(finding: Finding) -> tuple[str, str, str, str]:
    estimate = finding.estimate
    if estimate is None:
        return finding.term, "–", "–", "–"
    unit = "" if estimate.unit in ("", "1") else f" {estimate.unit}"
    interval = "–"
    if estimate.low is not None and estimate.high is not None:
        low = number(estimate.low) if math.isfinite(estimate.low) else "open"
        interval = f"{low} to {number(estimate.high)}"
    return finding.term, f"{number(estimate.value)}{unit}", interval, estimate.formula


def _said(finding: Finding) -> list[str]:
    said = [f"{finding.term}: {finding.reason}"] if finding.reason else []
    if finding.word:
        said.append(f"{finding.term}: {finding.word}.")
    if finding.estimate is not None and finding.estimate.warning:
        said.append(finding.estimate.warning)
    return said


def _json(found: Retest, unit: str, findings: tuple[Finding, ...]) -> dict[str, object]:
    return {
        "source": found.source,
        "form": found.form,
        "persons": list(found.persons),
        "sessions": list(found.sessions),
        "unit": unit,
        "detected": list(found.detected),
        "findings": {finding.id: _finding_json(finding) for finding in findings},
    }


def _finding_json(finding: Finding) -> dict[str, object]:
    estimate = finding.estimate
    return {
        "term": finding.term,
        "value": estimate.value if estimate else None,
        "unit": estimate.unit if estimate else None,
        "low": _end(estimate.low) if estimate else None,
        "high": _end(estimate.high) if estimate else None,
        "level": estimate.level if estimate else None,
        "df": estimate.df if estimate else None,
        "formula": estimate.formula if estimate else None,
        "source": finding.source,
        "word": finding.word or None,
        "warning": estimate.warning if estimate else None,
        "reason": finding.reason or None,
    }


def _end(value: float | None) -> float | None:
    """An end of an interval; None where it is open."""
    return value if value is not None and math.isfinite(value) else None
