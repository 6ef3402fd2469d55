"""Options that say how large the error of a test is, and the error that they mean."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from forcelab.analysis.change import Sem, from_site
from forcelab.analysis.estimate import RefusedError
from forcelab.commands.options import finite
from forcelab.commands.output import fail, tell
from forcelab.evaluate import Summary
from forcelab.imports.dialect import TableError
from forcelab.imports.retest import read_retest


@dataclass(frozen=True)
class ErrorOptions:
    """What was said of the error of a test; None: not said."""

    sem: Annotated[
        float | None,
        typer.Option(help="Standard error of measurement of one score, in its unit.", callback=finite, min=0.0),
    ] = None
    site: Annotated[
        Path | None,
        typer.Option(help="Your own retest study: a table of persons × sessions, in the unit of the score."),
    ] = None


def told(options: ErrorOptions, metric: str, *summaries: Summary) -> Sem | None:
    """The error that was given by its value or by a table; None if neither; leaves with a sentence if it cannot be.

    Args:
        options: its value in the unit of the scores, or the table.
        metric: whose error it is.
        summaries: that hold the scores. A side without one has no unit, so that all sides are asked.
    """
    sem, site = options.sem, options.site
    if sem is not None and site is not None:
        fail("Give the error by --sem or by --site, not by both.")
    sides = [side for summary in summaries for side in summary.sides.values()]
    units = (side.scores[metric].unit for side in sides if metric in side.scores)
    unit = next(filter(None, units), "")
    if sem is not None:
        if sem <= 0.0:
            fail("An error of 0 cannot be: --sem must be above 0.")
        return Sem("site", sem, unit, None, "as told", "what the user told (--sem)")
    if site is None:
        return None
    try:
        found = read_retest(site)
        if unit and found.unit and found.unit != unit:
            fail(f"{site.name} is in {found.unit}, the scores are in {unit}: convert the table.")
        count = f"{len(found.persons)} persons, {len(found.sessions)} sessions"
        made = from_site(found.values, f"the site's own retest study {site.name} ({count})", unit)
    except (TableError, RefusedError) as error:
        fail(str(error) if isinstance(error, TableError) else f"{site.name}: {error}")
    for sentence in found.detected:
        tell(f"{site.name}: {sentence}")
    return made
