"""Trials with their numbers in the terminal: a column a trial, a row a number, and what must be told below it."""

from collections.abc import Sequence

from forcelab.analysis.definitions import definition
from forcelab.commands import series
from forcelab.commands.details import tell_details
from forcelab.commands.output import emit, say, stdout, table, tell
from forcelab.commands.reanalysis import Shown, ShownTrial, with_parts
from forcelab.commands.series import ShownSeries
from forcelab.model import Result
from forcelab.report.notes import UNVERIFIED, doubt, legend, notes, signs
from forcelab.report.results import alignment_sentence, between, shown, term, verdict_words, withheld
from forcelab.report.summary import score_legend, score_rows, sentences

NAMES_WIDTH, TRIAL_WIDTH = 24, 26
"""Columns of the terminal that the metrics' names take, and that each trial takes."""


def present(shown: Shown, *, as_json: bool, details: bool = False) -> None:
    """Show what came out."""
    if as_json:
        emit(shown.json())
        return
    title = f"{shown.source.name}, {shown.assessment.words().name}"
    trials = with_parts(shown.trials)
    for group in side_by_side(trials, stdout.width):
        columns, body = rows(group)
        table(title, columns, body)
        title = ""
    for group in side_by_side([trial for trial in shown.trials if trial.parts], stdout.width):
        table("Right against left", *between_rows(group))
    if shown.series:
        table("", *series.rows(shown.series))
    if details:
        tell_details(trials)
    for line in (*marks(trials, shown.series), *explanations(trials, shown.series)):
        stdout.print(line)
    summary = shown.summary
    columns, body = score_rows(summary)
    if body:
        table("Scores", columns, body, note=f"n: how many trials entered\n{score_legend(summary)}".strip())
    about = sentences(summary, cut_offs=shown.involved is not None)
    # With the tables, since these tell what a dash, a flag and a score in them mean: a file that holds one holds both.
    for sentence in (*reasons(trials), *series.reasons(shown.series), *about):
        say(sentence)
    for sentence in shown.notes:
        tell(sentence)


def side_by_side(trials: Sequence[ShownTrial], width: int) -> list[list[ShownTrial]]:
    """Trials in groups that fit beside one another into so many columns of a terminal: limb by limb, in order."""
    most = max(1, (width - NAMES_WIDTH) // TRIAL_WIDTH)
    groups = []
    for side in dict.fromkeys(trial.side for trial in trials):
        own = [trial for trial in trials if trial.side == side]
        groups += [own[at : at + most] for at in range(0, len(own), most)]
    return groups


def marks(trials: Sequence[ShownTrial], series: Sequence[ShownSeries] = ()) -> list[str]:
    """What the signs in the tables of these trials mean: only those that stand there."""
    return legend(_all_results(trials, series))


def explanations(trials: Sequence[ShownTrial], series: Sequence[ShownSeries] = ()) -> list[str]:
    """What must be told once with the numbers of these trials: of intervals, of onset, of single numbers."""
    return notes(_all_results(trials, series))


def _all_results(trials: Sequence[ShownTrial], series: Sequence[ShownSeries]) -> list[Result]:
    single = [result for trial in trials for result in (*_results(trial), *_between(trial))]
    return single + [result for one in series for result in one.results]


def rows(trials: Sequence[ShownTrial]) -> tuple[list[str], list[list[str]]]:
    """A column a trial, a row a metric, flags and verdict below: what a person reads."""
    names = list(dict.fromkeys(result.metric for trial in trials for result in _results(trial)))
    units = {result.metric: result.unit for trial in trials for result in _results(trial)}
    columns = ["", *(trial.heading for trial in trials)]
    body = [["onset (s)", *(_onset(trial) for trial in trials)]]
    for name in names:
        cells = [next((_cell(result) for result in _results(trial) if result.metric == name), "–") for trial in trials]
        unit = "" if units[name] == "1" else f" ({units[name]})"
        body.append([f"{name}{unit}{unverified(name)}", *cells])
    body.append(["flags", *(_flags(trial) for trial in trials)])
    body.append(["verdict", *(verdict_words(trial.evaluation).advice if trial.evaluation else "–" for trial in trials)])
    return columns, body


def between_rows(trials: Sequence[ShownTrial]) -> tuple[list[str], list[list[str]]]:
    """A column a trial, a row a number of the right side against the left."""
    made = [_between(trial) for trial in trials]
    units = {result.metric: result.unit for between_ in made for result in between_ if result.value is not None}
    body = []
    for name, unit in units.items():
        cells = [next((_cell(result) for result in between_ if result.metric == name), "–") for between_ in made]
        body.append([f"{name} ({unit}){unverified(name)}", *cells])
    aligned = [trial.evaluation.alignment if trial.evaluation else None for trial in trials]
    body.append(
        ["on one clock to ± (s)", *("–" if one is None else shown(one.uncertainty, "s")[:-2] for one in aligned)]
    )
    return ["", *(trial.heading for trial in trials)], body


def reasons(trials: Sequence[ShownTrial]) -> list[str]:
    """Why numbers are missing and what flags mean: each sentence once."""
    said = [
        f"Not given: {', '.join(terms)}. {why}"
        for trial in trials
        if trial.evaluation
        for why, terms in withheld(trial.evaluation)
    ]
    said += [
        f"Not given: {term(result.metric)}. {result.reason}"
        for trial in trials
        for result in _between(trial)
        if result.value is None
    ]
    said += [sentence for trial in trials if trial.evaluation and (sentence := alignment_sentence(trial.evaluation))]
    said += [doubt(flag) for trial in trials if trial.evaluation for flag in trial.evaluation.flags]
    return list(dict.fromkeys(said))


def unverified(metric: str) -> str:
    """The sign of a definition that nobody checked against its source, with a blank before it; else nothing."""
    known = definition(metric)
    return f" {UNVERIFIED}" if known is not None and known.evidence == "not verified" else ""


def _results(trial: ShownTrial) -> tuple[Result, ...]:
    return trial.evaluation.results if trial.evaluation else ()


def _between(trial: ShownTrial) -> tuple[Result, ...]:
    return trial.evaluation.between if trial.evaluation else ()


def _onset(trial: ShownTrial) -> str:
    """Onset, with its interval where it has one."""
    effort, jump = (trial.evaluation.effort, trial.evaluation.jump) if trial.evaluation else (None, None)
    found = effort or jump
    interval = between(effort.onset_interval, "s") if effort else ""
    return " ".join(filter(None, (_plain(found.onset if found else None, "s"), f"({interval})" if interval else "")))


def _cell(result: Result) -> str:
    """The value, its interval in brackets, and its signs but for the one that stands at the row's head."""
    interval = between(result.interval, result.unit)
    own = [sign for sign in signs(result) if sign != UNVERIFIED]
    parts = [_plain(result.value, result.unit), f"({interval})" if interval else "", *own]
    return " ".join(filter(None, parts))


def _plain(value: float | None, unit: str) -> str:
    """The number as everywhere, without the unit that stands at the row's head."""
    return shown(value, unit).removesuffix(f" {unit}")


def _flags(trial: ShownTrial) -> str:
    flags = trial.evaluation.flags if trial.evaluation else ()
    return "\n".join(flag.name for flag in flags if flag.assessed) or "none"
