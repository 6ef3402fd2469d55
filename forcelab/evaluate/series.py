"""Numbers over all repetitions of one record: fatigue, end-test force, scaling factors of fast pulses.

Takes the efforts of a record together where `evaluate` takes them one by one. Refuses to know how a number is computed
and who counted the repetitions: it counts those that it finds.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar

import msgspec
import numpy as np

from forcelab.analysis.baseline import quiet_rule
from forcelab.analysis.contraction import Contraction
from forcelab.analysis.critical_force import CRITICAL_FORCE, AllOut, beat, repetition
from forcelab.analysis.doubt import Demand
from forcelab.analysis.effort_again import NONE, Range, record_again
from forcelab.analysis.efforts import EFFORTS_RULE, contractions
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.fatigue import OVER_REPETITIONS
from forcelab.analysis.flags_during import dropout
from forcelab.analysis.gate import rate_class, timeless
from forcelab.analysis.measure import Measure
from forcelab.analysis.no_effort import why_none
from forcelab.analysis.noise_again import around
from forcelab.analysis.onset_choice import onset_recipe
from forcelab.analysis.pulses import SCALING_FACTORS, Pulse, Pulses, pulse
from forcelab.evaluate.standing import who_pulls
from forcelab.evaluate.uncertain import SEED
from forcelab.model import Assessment, Result, Role, SetUp, Trace

LOWEST_PULSE: Final = 0.1
"""Pulses count from this share of the strongest on: they are asked for at 20 % of maximum, and fall short at times."""

_REPEATED: Final[Mapping[str, Measure[Sequence[float]]]] = {measure.id: measure for measure in OVER_REPETITIONS}
_ALL_OUT: Final[Mapping[str, Measure[AllOut]]] = {measure.id: measure for measure in CRITICAL_FORCE}
_PULSES: Final[Mapping[str, Measure[Pulses]]] = {measure.id: measure for measure in SCALING_FACTORS}

SERIES: Final[frozenset[str]] = frozenset((*_REPEATED, *_ALL_OUT, *_PULSES))
"""Ids of all numbers over repetitions."""

_UNSHOWN: Final = "no interval: it rests on the steepest 20 ms of many pulses, and none was shown to hold"

T = TypeVar("T")
_Efforts: TypeAlias = Sequence[Contraction]


def unsupported_series(assessment: Assessment) -> list[str]:
    """What an assessment asks over repetitions that cannot be given, one sentence each; empty if nothing."""
    where = f"assessment {assessment.id}"
    problems = [
        f"{where} names {name!r}, which is no number over repetitions"
        for name in assessment.series
        if name not in SERIES
    ]
    if assessment.regime is None:
        problems += [
            f"{where} names {name!r}, which needs a beat (regime.repetitions, work and rest)"
            for name in assessment.series
            if name in _ALL_OUT
        ]
    if assessment.series and assessment.limb_weight.mode == "modelled":
        problems.append(f"{where} asks for numbers over repetitions, whose peaks are without the modelled limb weight")
    return problems


def evaluate_series(
    traces: Mapping[Role, Trace], assessment: Assessment, *, set_up: SetUp | None = None, intervals: bool = True
) -> tuple[Result, ...]:
    """The numbers over all efforts of one record, each with its onset by the rule: by hand there is one at most.

    Args:
        traces: of one sensor.
        assessment: which numbers (`series`), at which beat.
        set_up: what was measured on the participant, for onset rules by body weight.
        intervals: say of each number how far it may lie off; takes a hundred times as long as the numbers themselves.

    Returns:
        One result a name of `Assessment.series`, in order; None with a reason where there is none. Empty where the
        assessment asks for none.

    Raises:
        ValueError: the assessment names what is not known, or not exactly one trace is given.
    """
    problems = unsupported_series(assessment)
    if problems:
        raise ValueError("; ".join(problems))
    if len(traces) != 1:
        raise ValueError(f"repetitions are those of one sensor, not of {len(traces)}")
    trace, names = next(iter(traces.values())), tuple(dict.fromkeys(assessment.series))
    series = _Series(trace, assessment, set_up)
    results = tuple(series.result(name) for name in names)
    return _doubted(trace, assessment, set_up, results) if intervals else results


def _doubted(
    trace: Trace, assessment: Assessment, set_up: SetUp | None, results: Sequence[Result]
) -> tuple[Result, ...]:
    """Each number that is given with its interval, or with the reason why there is none."""
    asked = {one.metric: one.value for one in results if one.value is not None and one.metric not in _PULSES}
    told: dict[str, Range | str] = dict.fromkeys((one.metric for one in results if one.value is not None), _UNSHOWN)
    if asked:
        again = record_again(trace, contractions(trace, assessment.onset), seed=SEED)
        if isinstance(again, str):
            told |= dict.fromkeys(asked, again)
        else:
            rows = [
                [series.result(name).value for name in asked]
                for series in (_Series(one, assessment, set_up) for one in again)
            ]
            true, *others = np.array(rows, dtype=np.float64)
            for k, (name, value) in enumerate(asked.items()):
                told[name] = around(value, float(true[k]), np.array(others)[:, k]) or NONE

    def add(result: Result) -> Result:
        found = told.get(result.metric)
        if isinstance(found, str):
            return msgspec.structs.replace(result, no_interval=found)
        return msgspec.structs.replace(result, interval=found)

    return tuple(add(result) for result in results)


class _Series:
    """The efforts of one record, found once for each way of counting them."""

    def __init__(self, trace: Trace, assessment: Assessment, set_up: SetUp | None) -> None:
        self._trace, self._onset, self._regime = trace, assessment.onset, assessment.regime
        self._body, _ = who_pulls(trace, assessment, set_up)
        self._quiet = quiet_rule(assessment.standing)
        self._found: dict[float | None, _Efforts] = {}

    def result(self, name: str) -> Result:
        """One number, or why there is none."""
        counted = f"{EFFORTS_RULE}; {self._quiet.recipe}"
        if self._regime is not None:
            counted += f"; {beat(self._regime)}"
        if name in _REPEATED:
            return _given(_REPEATED[name], self._peaks, counted)
        if name in _ALL_OUT:
            return _given(_ALL_OUT[name], self._all_out, counted)
        trace = self._trace
        rate = rate_class(trace.rate, estimated=trace.rate_estimated)
        onset = onset_recipe(self._onset, manual=False, weighed=self._body.in_record)
        return _given(
            _PULSES[name], self._pulses, f"{counted}; from {LOWEST_PULSE:g} of the strongest; {onset}; {rate}"
        )

    def _efforts(self, least: float | None = None) -> _Efforts:
        if least not in self._found:
            wish = {} if least is None else {"least": least}  # else as efforts are counted everywhere
            self._found[least] = contractions(
                self._trace, self._onset, body_weight=self._body.weight, quiet=self._quiet, **wish
            )
        found = self._found[least]
        if not found:
            raise RefusedError(why_none(self._trace))
        if self._regime is not None and len(found) > self._regime.repetitions:
            raise RefusedError(
                f"There are {len(found)} repetitions in the record, and {self._regime.repetitions} were asked for: "
                "cut it to the test."
            )
        return found

    def _peaks(self) -> Sequence[float]:
        found = self._efforts()
        if self._regime is not None and len(found) < self._regime.repetitions:
            raise RefusedError(f"There are {len(found)} repetitions; {self._regime.repetitions} were asked for.")
        return [c.effort.peak for c in found]

    def _all_out(self) -> AllOut:
        assert self._regime is not None, "unsupported_series() has asked"
        found = self._efforts()
        return AllOut(self._regime, [repetition(c) for c in found])

    def _pulses(self) -> Pulses:
        if why := timeless(own_time=self._trace.own_time, untimed=self._trace.untimed):
            raise RefusedError(why)
        pulses = [_pulse(c) for c in self._efforts(LOWEST_PULSE)]
        return Pulses(pulses, self._trace.rate, self._trace.rate_estimated)


def _given(measure: Measure[T], subject: Callable[[], T], conditions: str) -> Result:
    try:
        return measure.result(subject(), conditions)
    except RefusedError as refusal:
        return Result(measure.id, None, measure.unit, measure.recipe(conditions), reason=str(refusal))


def _pulse(c: Contraction) -> Pulse:
    """A pulse whose samples are all there and whose onset is known; else it carries a peak only."""
    if c.refused is not None or dropout(c, Demand()) is not None:
        return Pulse(c.effort.peak, None, None)
    return pulse(c)
