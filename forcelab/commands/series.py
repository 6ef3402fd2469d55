"""Numbers over all repetitions of one record, as the commands show them: a table below the trials, and for JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forcelab.commands.output import number
from forcelab.evaluate import evaluate_series
from forcelab.model import Assessment, Result, Role, SetUp, Side, Trace
from forcelab.report.notes import signs
from forcelab.report.results import between, result_json, shown, term


@dataclass(frozen=True, slots=True)
class ShownSeries:
    """The numbers over one record: which limb, which trial of a session (None: a table), and the results."""

    side: Side | None
    trial: int | None
    results: tuple[Result, ...]

    def json(self) -> dict[str, object]:
        """What `--json` prints."""
        results = {result.metric: result_json(result) for result in self.results}
        return {"side": self.side, "trial": self.trial, "results": results}

    @property
    def heading(self) -> str:
        """What its column is called."""
        return " ".join(filter(None, (f"trial {self.trial}" if self.trial else "all", self.side)))


def over(
    roles: Mapping[Role, Trace], assessment: Assessment, set_up: SetUp | None, *, side: Side | None, trial: int | None
) -> tuple[ShownSeries, ...]:
    """The series of one record; nothing where the assessment asks for none."""
    if not assessment.series or not roles:
        return ()
    return (ShownSeries(side, trial, evaluate_series(roles, assessment, set_up=set_up)),)


def rows(series: Sequence[ShownSeries]) -> tuple[list[str], list[list[str]]]:
    """A column a record, a row a number: what a person reads."""
    columns = ["over all repetitions", *(one.heading for one in series)]
    by_name = [{result.metric: result for result in one.results} for one in series]
    body = []
    for result in {result.metric: result for one in series for result in one.results}.values():
        cells = [_cell(results[result.metric]) if result.metric in results else "–" for results in by_name]
        body.append([f"{result.metric} ({result.unit})", *cells])
    return columns, body


def _cell(result: Result) -> str:
    value, interval = shown(result.value, result.unit).removesuffix(f" {result.unit}"), ""
    if result.interval is not None:
        interval = f"({between(result.interval, result.unit)})"
    if result.unit == "N·s":
        value = number(result.value)  # of many pushes, so that decimals that fit the impulse of one pretend too much
        if result.interval is not None:
            interval = f"({'–'.join(map(number, result.interval))})"
    return " ".join(filter(None, (value, interval, *signs(result))))


def reasons(series: Sequence[ShownSeries]) -> list[str]:
    """Why numbers are missing: each sentence once."""
    said: dict[str, list[str]] = {}
    for one in series:
        for result in one.results:
            if result.value is None:
                said.setdefault(result.reason or "", []).append(term(result.metric))
    return [f"Not given: {', '.join(dict.fromkeys(terms))}. {why}" for why, terms in said.items()]
