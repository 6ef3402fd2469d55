"""Checks a session file: whether it is as it was written, and whether its results come out again from its packets.

Each stored number is computed anew from the recorded packets with the assessment whose text is in the file, and is
found *identical* (same environment, same bits), *equal* (within 1e-9 relative, times within 1 µs), *differs*, or *older
definition* (its recipe or the sensor's codec has changed since: not damage). For an effort's marks, its flags and how
far its numbers may lie off, the rules that are stored with them stand for the recipe. Writes nothing.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final, Literal, TypeAlias

from firmware_protocols import codecs
from forcelab.analysis.onset import MANUAL
from forcelab.assemble import traces
from forcelab.assessments import AssessmentError, load
from forcelab.evaluate import evaluate, same_definition
from forcelab.journal import Fault, TrialState, environment, read, state
from forcelab.journal.records import Evaluated
from forcelab.model import Environment, Evaluation, Result, Role, Trace

Outcome: TypeAlias = Literal["identical", "equal", "older definition", "differs", "not recomputed"]
Verdict: TypeAlias = Outcome | Literal["no results", "ended without closing", "damaged"]

RELATIVE: Final = 1e-9
"""Across machines and versions of libraries numbers may differ by so much."""
TIME: Final = {"s": 1e-6, "ms": 1e-3}
"""Times may differ by 1 µs, whatever their size; by unit."""
_WORST_LAST: Final[tuple[Outcome, ...]] = ("identical", "equal", "older definition", "not recomputed", "differs")


@dataclass(frozen=True, slots=True)
class Checked:
    """One stored result beside the same result made anew.

    Attributes:
        trial: number of the trial in the session.
        what: id of the metric, or "effort" or "jump" (the marks), "weighing", "onset" (set by hand), "intervals" (with
            the ranges over onset rules), "flags" (with the verdict), "evaluation" (all of it).
        stored, now: the values, None if withheld or if it is not one number.
        sentence: what is to be said about it; empty if identical.
    """

    trial: int
    what: str
    outcome: Outcome
    stored: float | None = None
    now: float | None = None
    unit: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in a session file.

    Attributes:
        faults: what is wrong with its lines, the first bad line first.
        closed: whether it was ended in order or recovered.
        results: every stored result.
    """

    path: Path
    faults: tuple[Fault, ...]
    closed: bool
    results: tuple[Checked, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of all that was found."""
        if self.faults:
            return "damaged"
        if not self.closed:
            return "ended without closing"
        return max((one.outcome for one in self.results), key=_WORST_LAST.index, default="no results")

    @property
    def ok(self) -> bool:
        """Whether the exit code is 0: the file is whole and no result differs or withstands recomputation."""
        return self.verdict in ("identical", "equal", "older definition", "no results")

    @property
    def sentence(self) -> str:
        """The verdict for people."""
        count = sum(one.outcome == self.verdict for one in self.results)
        match self.verdict:
            case "damaged":
                more = f" {len(self.faults) - 1} more lines are faulty." if len(self.faults) > 1 else ""
                return f"The file is damaged. {self.faults[0].sentence}{more}"
            case "ended without closing":
                return "The session ended without closing; every line that is there is in order."
            case "no results":
                return "The file is in order; no results are stored in it."
            case "identical" | "equal":
                return f"The file is in order; all {len(self.results)} stored results come out {self.verdict}."
            case "older definition":
                return f"The file is in order; {count} stored results were made by an older definition."
            case outcome:
                first = next(one.sentence for one in self.results if one.outcome == outcome)
                return f"{count} of {len(self.results)} stored results: {outcome}. {first}"


def check(path: Path, *, here: Environment | None = None) -> CheckReport:
    """Read a session file and compute all its stored results anew.

    Args:
        path: the session file.
        here: the present environment, if it is to be another.

    Raises:
        JournalError: it cannot be read, is no session, or a newer one.
    """
    journal = read(path)
    session = state(journal.story)
    wanted = {number for number, trial in session.trials.items() if trial.evaluated}
    problems: dict[int, str] = {}
    found: dict[int, list[Checked]] = {}
    for number, made in traces(journal.story, problems.__setitem__) if wanted else ():
        if number in wanted:
            trial = session.trials[number]
            found[number] = list(_trial(trial, made, problems.get(number, ""), here or environment()))
    results = tuple(one for number in sorted(found) for one in found[number])
    return CheckReport(path, tuple(journal.faults), journal.closed, results)


def _trial(trial: TrialState, made: dict[Role, Trace], problem: str, here: Environment) -> Iterator[Checked]:
    """Each stored evaluation of a trial against a new one."""
    if (moved := _onset_in_force(trial)) is not None:
        yield moved
    for record, onset_then in zip(trial.evaluated, trial.onsets_then, strict=True):
        sentence = problem
        fresh: Sequence[Evaluation] = ()
        if not sentence:
            try:
                fresh = _again(trial, made, record.evaluation, _by_hand(record.evaluation, onset_then))
            except (AssessmentError, ValueError, ArithmeticError) as why:
                sentence = f"Trial {trial.number} cannot be evaluated: {why}."
        if sentence:
            yield Checked(trial.number, "evaluation", "not recomputed", sentence=sentence)
        else:
            yield from _Comparison(trial, record, record.environment == here).against(fresh)


def _onset_in_force(trial: TrialState) -> Checked | None:
    """What is to be said if the evaluation that counts was not made with the onset that a person has set last."""
    if not trial.onsets or trial.in_force is None:
        return None
    wanted, used = trial.onset_at, _by_hand(trial.in_force.evaluation, trial.onsets_then[-1])
    if used == wanted:
        return None
    said, done = ("the rule's" if at is None else f"{at:g} s" for at in (wanted, used))
    why = f"Trial {trial.number}: {trial.onsets[-1].record.by} set the onset to {said}, the result rests on {done}."
    return Checked(trial.number, "onset", "differs", used, wanted, "s", f"{why} Set it again.")


def _by_hand(stored: Evaluation, then: float | None) -> float | None:
    """The onset by hand that a stored evaluation rests on; `then` was in force when it was made."""
    if stored.effort is not None:
        return stored.effort.onset if stored.effort.rule == MANUAL else None
    return then if f"onset {MANUAL}/" in stored.rules else None


def _again(
    trial: TrialState, made: dict[Role, Trace], stored: Evaluation, onset_at: float | None
) -> Sequence[Evaluation]:
    """The trial evaluated in the way in which the stored evaluation was made."""
    if trial.assessment is None:
        raise ValueError("the file names no assessment for it")
    assessment = load(trial.assessment.text, trial.assessment.id)
    return evaluate(
        made,
        assessment,
        set_up=trial.set_up,
        onset_at=onset_at,
        # Where nothing is withheld for the rate, both answers are the same.
        show_all=not any((result.reason or "").startswith("rate:") for result in stored.results),
        intervals=any(rule.startswith("interval/") for rule in stored.rules.split("; ")),
    )


class _Comparison:
    """One stored evaluation, and whether it was made in the environment in which it is checked."""

    def __init__(self, trial: TrialState, record: Evaluated, same_place: bool) -> None:
        self._number = trial.number
        self._stored = record.evaluation
        self._best: Outcome = "identical" if same_place else "equal"
        known = codecs()
        self._older = any(
            c.codec in known and c.codec_version != known[c.codec].version for c in trial.connections.values()
        )

    def against(self, fresh: Sequence[Evaluation]) -> Iterator[Checked]:
        """Compare with the evaluation of the same effort or jump."""
        new = min(fresh, key=lambda one: _distance(one, self._stored))
        by_metric = {result.metric: result for result in _results(new)}
        checked = [self._result(result, by_metric.get(result.metric)) for result in _results(self._stored)]
        # One line for marks, intervals and flags together: where it has changed, another of them is no damage.
        self._older |= not same_definition(self._stored.rules, new.rules)
        yield from self._marks(new)
        yield from checked
        yield from self._intervals(new, {"onset", *(one.what for one in checked if one.outcome != "older definition")})
        yield self._flags(new)

    def _result(self, stored: Result, new: Result | None) -> Checked:
        where = f"Trial {self._number}, {stored.metric}"
        if new is None:
            why = f"{where}: this version does not compute it."
            return Checked(self._number, stored.metric, "older definition", stored.value, None, stored.unit, why)
        pairs = zip(_numbers(stored), _numbers(new), strict=True)
        outcome = max((self._compare(old, now, stored.unit) for old, now in pairs), key=_WORST_LAST.index)
        if stored.unit != new.unit:
            outcome = "differs"
        sentence = (
            "" if outcome in ("identical", "equal") else f"{where}: {_say(stored)} is stored, {_say(new)} comes out."
        )
        if not same_definition(stored.recipe, new.recipe):
            outcome, sentence = "older definition", f"{where}: it was made by another definition ({stored.recipe})."
        return Checked(self._number, stored.metric, outcome, stored.value, new.value, stored.unit, sentence)

    def _marks(self, new: Evaluation) -> Iterator[Checked]:
        """The effort, the jump and the weighing, one line each; nothing for what neither has."""
        for what, units in _MARKS.items():
            old, now = getattr(self._stored, what), getattr(new, what)
            if old is None and now is None:
                continue
            if old is None or now is None:
                outcome = self._worse()
            else:
                look = {name: attrgetter(name) for name in units}
                outcomes = [self._compare(look[name](old), look[name](now), unit) for name, unit in units.items()]
                outcome = max(outcomes, key=_WORST_LAST.index)
            moved = f"Trial {self._number}: the marks of the {what} have moved."
            yield Checked(self._number, what, outcome, sentence="" if outcome in ("identical", "equal") else moved)

    def _intervals(self, new: Evaluation, alike: set[str]) -> Iterator[Checked]:
        """How far the numbers may lie off, all in one line; nothing if neither has any.

        Args:
            new: beside which the stored one is put.
            alike: metrics whose numbers were made by the same definition.
        """
        stored, made = _ranges(self._stored), _ranges(new)
        outcomes: dict[str, Outcome] = {}
        for metric, kind in sorted(stored.keys() | made.keys()):
            if metric in alike:
                (low, high, unit), (new_low, new_high, new_unit) = (
                    side.get((metric, kind), (None, None, "")) for side in (stored, made)
                )
                both = [self._compare(*ends, unit or new_unit) for ends in ((low, new_low), (high, new_high))]
                outcomes[f"{kind} of {metric}"] = max(both, key=_WORST_LAST.index)
        if outcomes:
            which, outcome = max(outcomes.items(), key=lambda one: _WORST_LAST.index(one[1]))
            sentence = "" if outcome in ("identical", "equal") else f"Trial {self._number}: the {which} has moved."
            yield Checked(self._number, "intervals", outcome, sentence=sentence)

    def _flags(self, new: Evaluation) -> Checked:
        old_names, new_names = (sorted(flag.name for flag in one.flags) for one in (self._stored, new))
        if (old_names, self._stored.verdict) == (new_names, new.verdict):
            return Checked(self._number, "flags", self._best)
        old, now = (", ".join(names) or "no flags" for names in (old_names, new_names))
        sentence = f"Trial {self._number}: stored {old} ({self._stored.verdict}), now {now} ({new.verdict})."
        return Checked(self._number, "flags", self._worse(), sentence=sentence)

    def _compare(self, old: float | str | None, new: float | str | None, unit: str) -> Outcome:
        if not isinstance(old, float | int) or not isinstance(new, float | int):
            return self._best if old == new else self._worse()
        if struct.pack("<d", old) == struct.pack("<d", new):
            return self._best
        limit = TIME.get(unit, RELATIVE * max(abs(old), abs(new)))
        return "equal" if abs(old - new) <= limit else self._worse()

    def _worse(self) -> Outcome:
        return "older definition" if self._older else "differs"


_BASELINE: Final = {"baseline.mean": "N", "baseline.sd": "N", "baseline.start": "s", "baseline.stop": "s"}
_PHASES: Final = ("onset", "start", "lowest_velocity", "turn", "takeoff", "landing", "settled")
_MARKS: Final[Mapping[str, Mapping[str, str]]] = {
    "effort": {"onset": "s", "peak_at": "s", "release": "s", "peak": "N", "threshold": "N", "rule": "", **_BASELINE},
    "jump": {
        "kind": "", **dict.fromkeys(_PHASES, "s"), "threshold": "N", "residue": "N", "entry": "m/s", "entry_from": "",
    },
    "weighing": {"weight": "N", "sd": "N", "start": "s", "stop": "s", "given": ""},
}  # fmt: skip
"""What is compared of the marks of an evaluation: field -> the unit that says how close is equal."""


def _distance(one: Evaluation, other: Evaluation) -> float:
    """How far apart two efforts or jumps of one trial are, s; one is infinitely far from none and from the other."""
    if (one.effort is None, one.jump is None) != (other.effort is None, other.jump is None):
        return float("inf")
    if one.effort is not None and other.effort is not None:
        return abs(one.effort.onset - other.effort.onset)
    if one.jump is not None and other.jump is not None:
        return abs(one.jump.takeoff - other.jump.takeoff)
    return 0.0


def _results(evaluation: Evaluation) -> tuple[Result, ...]:
    """All numbers, also the one by which the trial is ranked."""
    return (*evaluation.results, *((evaluation.rank,) if evaluation.rank else ()))


def _numbers(result: Result) -> tuple[float | None, ...]:
    """The value and what the errors of the set-up leave open; its other ranges have rules of their own."""
    return (result.value, *(result.set_up_range or (None, None)))


def _ranges(evaluation: Evaluation) -> dict[tuple[str, str], tuple[float | None, float | None, str]]:
    """(metric or "onset", which range) -> its ends and their unit; only those that there are."""
    found = {
        (result.metric, kind): (ends, result.unit)
        for result in evaluation.results
        for kind, ends in (("interval", result.interval), ("range", result.method_range))
    }
    if evaluation.effort is not None:
        found["onset", "interval"] = evaluation.effort.onset_interval, "s"
        found["onset", "range"] = evaluation.effort.onset_range, "s"
    return {key: (*ends, unit) for key, (ends, unit) in found.items() if ends is not None}


def _say(result: Result) -> str:
    return "no value" if result.value is None else f"{result.value!r} {result.unit}"
