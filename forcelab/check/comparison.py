"""One stored evaluation against the same one made anew: each number, the marks, the intervals, the flags.

Two numbers are *identical* (same environment, same bits), *equal* (within 1e-9 relative, times within 1 µs), *differ*,
or were made by an *older definition* (recipe, rules or the sensor's codec have changed since). Evaluates nothing.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from firmware_protocols import codecs
from forcelab.check.report import WORST_LAST, Checked, Outcome
from forcelab.evaluate import same_definition
from forcelab.journal import TrialState
from forcelab.model import Alignment, Evaluation, Result, Role

RELATIVE: Final = 1e-9
"""Across machines and versions of libraries numbers may differ by so much."""
TIME: Final = {"s": 1e-6, "ms": 1e-3}
"""Times may differ by 1 µs, whatever their size; by unit."""


class Comparison:
    """One stored evaluation, and whether it was made in the environment in which it is checked.

    `role`: of the sensor, where it is one side's part of a trial with two.
    """

    def __init__(self, trial: TrialState, stored: Evaluation, same_place: bool, role: Role | None = None) -> None:
        self._trial, self._same_place = trial, same_place
        self._number = trial.number
        self._stored = stored
        self._of = f"{role} " if role else ""
        self._best: Outcome = "identical" if same_place else "equal"
        known = codecs()
        self._older = any(
            c.codec in known and c.codec_version != known[c.codec].version for c in trial.connections.values()
        )

    def against(self, fresh: Sequence[Evaluation]) -> Iterator[Checked]:
        """Compare with the evaluation of the same effort or jump."""
        new = min(fresh, key=lambda one: _distance(one, self._stored))
        yield from self._alone(new)
        yield from self._alignment(new)
        for role, part in self._stored.parts.items():
            yield from Comparison(self._trial, part, self._same_place, role).part(new.parts.get(role))

    def part(self, new: Evaluation | None) -> Iterator[Checked]:
        """Compare one side's part of a trial with two sensors."""
        if new is None:
            why = f"Trial {self._number}: {self._of}side does not come out."
            yield Checked(self._number, f"{self._of}evaluation", self._worse(), sentence=why)
            return
        for one in self._alone(new):
            yield replace(one, what=f"{self._of}{one.what}")

    def _alone(self, new: Evaluation) -> Iterator[Checked]:
        by_metric = {result.metric: result for result in _results(new)}
        checked = [self._result(result, by_metric.get(result.metric)) for result in _results(self._stored)]
        # One line for marks, intervals and flags together: where it has changed, another of them is no damage.
        self._older |= not same_definition(self._stored.rules, new.rules)
        yield from self._marks(new)
        yield from checked
        yield from self._intervals(new, {"onset", *(one.what for one in checked if one.outcome != "older definition")})
        yield self._flags(new)

    def _result(self, stored: Result, new: Result | None) -> Checked:
        where = f"Trial {self._number}, {self._of}{stored.metric}"
        if new is None:
            why = f"{where}: this version does not compute it."
            return Checked(self._number, stored.metric, "older definition", stored.value, None, stored.unit, why)
        pairs = zip(_numbers(stored), _numbers(new), strict=True)
        outcome = max((self._compare(old, now, stored.unit) for old, now in pairs), key=WORST_LAST.index)
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
                outcome = max(outcomes, key=WORST_LAST.index)
            moved = f"Trial {self._number}: the marks of the {what} have moved."
            yield Checked(self._number, what, outcome, sentence="" if outcome in ("identical", "equal") else moved)

    def _alignment(self, new: Evaluation) -> Iterator[Checked]:
        """How well two sensors were on one clock, in one line; nothing with one sensor."""
        old, now = (_aligned(one.alignment) for one in (self._stored, new))
        if not old and not now:
            return
        outcome = self._worse()
        if old.keys() == now.keys():
            outcome = max((self._compare(old[name], now[name], "s") for name in old), key=WORST_LAST.index)
        moved = f"Trial {self._number}: the two sensors are otherwise on one clock."
        yield Checked(self._number, "alignment", outcome, sentence="" if outcome in ("identical", "equal") else moved)

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
                outcomes[f"{kind} of {metric}"] = max(both, key=WORST_LAST.index)
        if outcomes:
            which, outcome = max(outcomes.items(), key=lambda one: WORST_LAST.index(one[1]))
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


def _aligned(alignment: Alignment | None) -> dict[str, float]:
    """All numbers of an alignment by their names."""
    if alignment is None:
        return {}
    clocks = {
        f"{role} {name}": value
        for role, c in alignment.clocks.items()
        for name, value in (
            ("offset", c.offset), ("rate", c.rate), ("wait", c.wait), ("period", c.period), ("step", c.stepped),
            ("least latency", c.latency[0]), ("greatest latency", c.latency[1]),
        )
    }  # fmt: skip
    return {"uncertainty": alignment.uncertainty, **clocks}


def _results(evaluation: Evaluation) -> tuple[Result, ...]:
    """All numbers, also those of one side against the other and the one by which the trial is ranked."""
    return (*evaluation.results, *evaluation.between, *((evaluation.rank,) if evaluation.rank else ()))


def _numbers(result: Result) -> tuple[float | None, ...]:
    """The value and what the errors of the set-up leave open; its other ranges have rules of their own."""
    return (result.value, *(result.set_up_range or (None, None)))


def _ranges(evaluation: Evaluation) -> dict[tuple[str, str], tuple[float | None, float | None, str]]:
    """(metric or "onset", which range) -> its ends and their unit; only those that there are."""
    found = {
        (result.metric, kind): (ends, result.unit)
        for result in (*evaluation.results, *evaluation.between)
        for kind, ends in (("interval", result.interval), ("range", result.method_range))
    }
    if evaluation.effort is not None:
        found["onset", "interval"] = evaluation.effort.onset_interval, "s"
        found["onset", "range"] = evaluation.effort.onset_range, "s"
    return {key: (*ends, unit) for key, (ends, unit) in found.items() if ends is not None}


def _say(result: Result) -> str:
    return "no value" if result.value is None else f"{result.value!r} {result.unit}"
