"""The command `compare`: one client, one assessment, two sessions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from forcelab.analysis.gate import rate_class
from forcelab.analysis.steadiness import STEADINESS
from forcelab.assessments import AssessmentError
from forcelab.commands import errors, measured
from forcelab.commands.grouped import grouped
from forcelab.commands.options import JSON
from forcelab.commands.output import emit, fail, number, say, table
from forcelab.commands.reanalysis import Shown, from_session
from forcelab.evaluate import Changed, Errors, course
from forcelab.evaluate.holds import target_of
from forcelab.evaluate.summary import counts
from forcelab.journal import JournalError
from forcelab.model import SetUp, Side
from forcelab.report.results import listed, shown, term
from forcelab.report.summary import error_json, score_legend, scored

VERDICTS: Final = {
    "improved": "improved",
    "declined": "declined",
    "within error": "no change beyond the error",
}


@grouped
def compare(
    before: Annotated[Path, typer.Argument(help="The earlier session file.", show_default=False)],
    after: Annotated[Path, typer.Argument(help="The later one, of the same assessment.", show_default=False)],
    *,
    error: errors.ErrorOptions,
    metric: Annotated[
        str, typer.Option(help="The number that --site or --sem is about; the assessment's first if not said.")
    ] = "",
    baseline: Annotated[
        list[Path] | None,
        typer.Option(help="A stable session of this client before anything was done; give it again, at least 3."),
    ] = None,
    json: JSON = False,
) -> None:
    """Tell what changed from one session to another, and whether that is more than the error of the test."""
    one, two = _read(before), _read(after)
    stable = [_read(path) for path in baseline or ()]
    _refuse_twice(one, two)
    for earlier, later in combinations(stable, 2):
        _refuse_twice(earlier, later)
    for other in (*stable, two):
        refuse_unlike(one, other)
    held = dict.fromkeys(name for side in one.summary.sides.values() for name in side.scores)
    about = metric or one.summary.scored
    if about not in held:
        fail(f"{before.name} holds no {about}. It holds: {', '.join(held)}.")
    known = errors.told(error, about, one.summary, two.summary)
    given = Errors({about: known} if known else {}, [each.summary for each in stable])
    changes = course(one.summary, two.summary, one.assessment.id, given)
    notes = [*_notes(one, two), *_own_notes(one, two), *_by_chance(changes)]
    if json:
        emit(_json(one, two, changes, notes))
        return
    for side in dict.fromkeys(each.side for each in changes):
        own = [each for each in changes if each.side == side and each.delta is not None]
        title = f"{one.assessment.words().name}, {side}{', the involved side' if side == _involved(one, two) else ''}"
        table(title, COLUMNS, [_row(each) for each in own], note=score_legend(one.summary))
    for sentence in dict.fromkeys((*_sentences(changes), *notes)):
        say(sentence)


COLUMNS: Final = ("score", "before", "after", "change", "MDC95", "verdict")


def _read(path: Path) -> Shown:
    try:
        return from_session(path)
    except (JournalError, AssessmentError, ValueError) as error:
        fail(str(error))


def _refuse_twice(one: Shown, other: Shown) -> None:
    """Leaves with a sentence where two files are one session: it began at one nanosecond, whatever its copy is called.

    A session whose clock was never tied to the calendar is known by its path.
    """
    known = one.utc_ns is not None and one.utc_ns == other.utc_ns
    if known or one.source.resolve() == other.source.resolve():
        names = " and ".join(dict.fromkeys(str(each.source) for each in (one, other)))
        fail(f"{names}: the same session is given twice, and nothing changes within one.")


def refuse_unlike(one: Shown, other: Shown) -> None:
    """Leaves with a sentence where two sessions must not be compared."""

    def refuse(why: str) -> NoReturn:
        fail(f"{one.source.name} and {other.source.name} cannot be compared: {why}.")

    if one.participant != other.participant:
        refuse(f"they are of two participants, {one.participant or 'unnamed'} and {other.participant or 'unnamed'}")
    tests = [f"{each.assessment.id} version {each.assessment.version}" for each in (one, other)]
    if tests[0] != tests[1]:
        refuse(f"one is of {tests[0]}, the other of {tests[1]}")
    families = [sorted({sensor.family for sensor in each.sensors}) for each in (one, other)]
    if families[0] != families[1]:
        refuse(f"the sensors differ ({', '.join(families[0]) or 'none'}; {', '.join(families[1]) or 'none'})")
    both = [side for side in one.summary.sides if one.summary.score(side) and other.summary.score(side)]
    if not both:
        refuse("no side has a score in both")
    rates = [_rates(each) for each in (one, other)]
    if rates[0] != rates[1]:
        refuse(f"the sensors' rates differ ({', '.join(rates[0]) or 'none'}; {', '.join(rates[1]) or 'none'})")
    for side in both:
        mine, theirs = (each.summary.sides[side].scores[each.summary.scored] for each in (one, other))
        if (theirs.metric, theirs.recipe, theirs.rule) != (mine.metric, mine.recipe, mine.rule):
            refuse(f"{term(mine.metric)} was made by two definitions ({mine.recipe}; {theirs.recipe})")


def _rates(session: Shown) -> list[str]:
    traces = [trial.trace for trial in session.trials if counts(trial) and trial.trace is not None]
    return sorted({rate_class(trace.rate, estimated=trace.rate_estimated) for trace in traces})


def _notes(one: Shown, two: Shown) -> list[str]:
    """What should be known beside the change: another sensor of the family, another set-up, the wrong order."""
    said = []
    names = [sorted({sensor.name or sensor.address for sensor in each.sensors}) for each in (one, two)]
    if names[0] != names[1]:
        said.append(f"Two sensors of one family: {', '.join(names[0])}, then {', '.join(names[1])}.")
    before, after = _set_ups(one), _set_ups(two)
    if len(before) > 1 or len(after) > 1:
        said.append("The set-up changed within a session.")
    if before and after and (parts := measured.differs(before[-1], after[-1])):
        said.append(f"The set-up differs: {parts}.")
    if said_of_targets := _targets(one, two):
        said.append(said_of_targets)
    if one.utc_ns is not None and two.utc_ns is not None and two.utc_ns < one.utc_ns:
        said.append(f"{two.source.name} was recorded before {one.source.name}: the change is the one back in time.")
    return said


def _involved(one: Shown, two: Shown) -> Side | None:
    """The injured side, as one session or both have it; None where they name two."""
    named = {each.involved for each in (one, two) if each.involved}
    return named.pop() if len(named) == 1 else None


def _targets(one: Shown, two: Shown) -> str:
    """A sentence about other forces that were to be held; "" where they are the same."""
    targets = [target_of(each.assessment) for each in (one, two)]
    if targets[0] == targets[1]:
        return ""
    first, then = ("none" if target is None else shown(target, "N") for target in targets)
    held = {name for session in (one, two) for side in session.summary.sides.values() for name in side.scores}
    grown = [measure.term for measure in STEADINESS if measure.unit == "N" and measure.id in held]
    in_newtons = f" Errors in N depend on it: {', '.join(grown)}." if grown else ""
    return f"The targets differ: {first}, then {then}.{in_newtons}"


def _by_chance(changes: Sequence[Changed]) -> list[str]:
    """What is to be expected of so many verdicts, each by itself at 5 %; nothing where there is one at most."""
    judged = sum(each.change is not None for each in changes)
    if judged < 2:
        return []
    expected = number(judged / 20, 2)
    told = "changes are judged here, each by itself at 5 %: if nothing changed at all"
    return [f"{judged} {told}, about {expected} of them would still be told as beyond the error, by chance."]


def _own_notes(*sessions: Shown) -> list[str]:
    """What was told of each session when it was read, with the file that it is about."""
    names = [session.source.name for session in sessions]
    alike = len(set(names)) < len(names)
    about: dict[str, list[str]] = {}
    for session in sessions:
        for sentence in session.notes:
            about.setdefault(sentence, []).append(str(session.source) if alike else session.source.name)
    return [
        sentence if all(name in sentence for name in files) else f"{' and '.join(files)}: {sentence}"
        for sentence, files in about.items()
    ]


def _set_ups(session: Shown) -> list[SetUp]:
    found: list[SetUp] = []
    for trial in session.trials:
        if counts(trial) and (set_up := trial.set_up or SetUp()) not in found:
            found.append(set_up)
    return found


def _row(each: Changed) -> list[str]:
    unit = each.before.unit
    assert each.delta is not None, "rows are of what was compared"
    percent = f" ({each.percent:+.1f} %)" if each.percent is not None else ""
    plus = "+" if each.delta > 0.0 else ""
    return [
        term(each.before.metric),
        scored(each.before),
        scored(each.after),
        f"{plus}{shown(each.delta, unit)}{percent}",
        shown(each.change.mdc95, unit) if each.change else "–",
        VERDICTS[each.change.verdict] if each.change else "–",
    ]


def _sentences(changes: Sequence[Changed]) -> list[str]:
    """The verdicts with the origin of their error, and why there is none."""
    said = []
    for each in changes:
        if each.change is not None:
            found = each.change
            more = f"Reliable change index {found.rci:.2f} (Jacobson & Truax 1991, not verified), p {_p(found.p)}."
            said.append(f"{term(each.before.metric)}, {each.side}: {found.sentence} {more}")
            said += found.sem.passed_over
    whys: dict[str, list[str]] = {}
    for each in changes:
        if each.change is None:
            whys.setdefault(each.why, []).append(each.before.metric)
    return said + [f"No verdict on {listed(metrics)}: {why}" for why, metrics in whys.items()]


def _p(p: float) -> str:
    return "below 0.001" if p < 0.001 else f"{p:.3f}"


def _json(one: Shown, two: Shown, changes: Sequence[Changed], notes: Sequence[str]) -> dict[str, object]:
    sides: dict[str, dict[str, object]] = {}
    for each in changes:
        sides.setdefault(each.side, {})[each.before.metric] = _change_json(each)
    return {
        "before": {"source": str(one.source), "recorded": _when(one)},
        "after": {"source": str(two.source), "recorded": _when(two)},
        "assessment": one.assessment.id,
        "participant": one.participant,
        "involved": _involved(one, two),
        "sides": sides,
        "notes": list(dict.fromkeys(notes)),
    }


def _change_json(each: Changed) -> dict[str, object]:
    found = each.change
    return {
        "before": each.before.value,
        "after": each.after.value,
        "unit": each.before.unit or each.after.unit,
        "n": [len(each.before.trials), len(each.after.trials)],
        "rule": each.before.rule,
        "recipe": each.before.recipe or each.after.recipe,
        "delta": each.delta,
        "percent": each.percent,
        "verdict": VERDICTS[found.verdict] if found else None,
        "mdc95": found.mdc95 if found else None,
        "low": found.low if found else None,
        "high": found.high if found else None,
        "rci": found.rci if found else None,
        "p": found.p if found else None,
        "formula": found.formula if found else None,
        "sentence": found.sentence if found else None,
        "error": error_json(found.sem) if found else None,
        "reason": each.why or None,
    }


def _when(session: Shown) -> str | None:
    return None if session.utc_ns is None else datetime.fromtimestamp(session.utc_ns // 10**9, UTC).isoformat()
