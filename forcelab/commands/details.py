"""The details of a trial's numbers, one trial after the other: value, interval, range over onset rules, evidence."""

from collections.abc import Sequence

from forcelab.analysis.definitions import definition
from forcelab.commands.output import stdout, table
from forcelab.commands.reanalysis import ShownTrial
from forcelab.report.results import row

COLUMNS = ("number", "value", "95 % interval", "over onset rules", "evidence")


def tell_details(trials: Sequence[ShownTrial]) -> None:
    """Every number that is given, and by which rules intervals and ranges were made."""
    for trial in trials:
        evaluation = trial.evaluation
        given = [result for result in evaluation.results if result.value is not None] if evaluation else []
        if evaluation is None or not given:
            continue
        body = []
        for result in given:
            told, known = row(result), definition(result.metric)
            evidence = known.evidence if known else "unknown"
            body.append((result.metric, told.value, told.interval or "–", told.range or "–", evidence))
        name = trial.heading
        table(f"{name[:1].upper()}{name[1:]} in detail", COLUMNS, body)
        stdout.print(f"Over onset rules: the least and the greatest value; no coverage is claimed. {evaluation.rules}")
