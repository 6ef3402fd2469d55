"""From a trial's record to its efforts, numbers, doubts and verdict.

A number that cannot be given is None with a reason, never zero and never NaN.
"""

import math
from collections.abc import Mapping, Sequence
from functools import partial

from forcelab.analysis.baseline import QUIET_RULE
from forcelab.analysis.contraction import Contraction
from forcelab.analysis.derived import is_derived, meaningless
from forcelab.analysis.doubt import Demand
from forcelab.analysis.efforts import EFFORTS_RULE, contractions, passed_over
from forcelab.analysis.gate import gate, rate_class
from forcelab.analysis.metric import Metric
from forcelab.analysis.metrics import ALIASES, METRICS, resolve
from forcelab.analysis.onset_choice import onset_recipe
from forcelab.analysis.onset_rules import ONSET_METHODS
from forcelab.analysis.quality import FLAGS, assess, assess_nothing, flag_recipe, verdict
from forcelab.evaluate.body import OnBody, wanted
from forcelab.evaluate.holds import HOLD_NUMBERS, Holds
from forcelab.evaluate.jumps import evaluate_jumps, unsupported_jumps
from forcelab.evaluate.series import unsupported_series
from forcelab.evaluate.standing import weighed_before_push
from forcelab.evaluate.uncertain import Doubt
from forcelab.model import Assessment, Effort, Evaluation, Flag, Result, Role, SetUp, Trace


def supported(assessment: Assessment) -> list[str]:
    """What an assessment asks for that this version cannot do, one sentence each; empty if nothing.

    Args:
        assessment: as read from its file.

    Returns:
        Sentences that name the assessment and the metric, rule or kind.
    """
    if assessment.kind == "jump":
        return unsupported_jumps(assessment)
    where = f"assessment {assessment.id}"
    problems = [
        f"{where} names the metric {name!r}, which is not known"
        for name in assessment.metrics
        if name not in METRICS
        and name not in ALIASES
        and name not in HOLD_NUMBERS
        and not is_derived(name)
        and not meaningless(name)
    ]
    problems += [f"{where} names {name!r}: {why}" for name in assessment.metrics if (why := meaningless(name))]
    problems += [
        f"{where} names the onset rule {name!r}, which is not known"
        for name in dict.fromkeys((assessment.onset.rule, *assessment.onset.compare))
        if name not in ONSET_METHODS
    ]
    return [*problems, *unsupported_series(assessment)]


def same_definition(recipe: str, other: str) -> bool:
    """Whether two results were made by the same definition: recipes hold all versions and parameters, so if equal."""
    return recipe == other


def evaluate(
    traces: Mapping[Role, Trace],
    assessment: Assessment,
    *,
    set_up: SetUp | None = None,
    onset_at: float | None = None,
    show_all: bool = False,
    intervals: bool = True,
) -> tuple[Evaluation, ...]:
    """All efforts or jumps of one trial with their numbers, flags and verdict.

    Args:
        traces: what each sensor of the trial recorded: one sensor in an effort, one plate or two in a jump.
        assessment: which numbers, which onset rule, how long a hold.
        set_up: what was measured on the participant, for torque, numbers per kg, the limb's weight and onset rules by
            body weight.
        onset_at: s on the trace's clock; onset given by hand. Then only the effort that follows it is evaluated.
        show_all: give also what the sensor's rate does not carry, marked "below_rate".
        intervals: say of each number how far it may lie off; takes many times as long as the numbers themselves.

    Returns:
        One `Evaluation` an effort, in order; never empty: without an effort it is one with `effort` None, whose
        numbers are None with a reason and whose verdict is "repeat".

    Raises:
        ValueError: the assessment names what is not known (see `supported`), not exactly one trace is given, or
            `onset_at` lies outside the record.
    """
    problems = supported(assessment)
    if problems:
        raise ValueError("; ".join(problems))
    if assessment.kind == "jump":
        return evaluate_jumps(traces, assessment, set_up=set_up, onset_at=onset_at, show_all=show_all)
    if len(traces) != 1:
        raise ValueError(f"a trial has one sensor in this version, not {len(traces)}")
    trace = next(iter(traces.values()))
    if onset_at is not None and not (len(trace.t) and trace.t[0] <= onset_at <= trace.t[-1]):
        raise ValueError(f"onset was set at {onset_at:g} s, which lies outside the record")
    weighed = weighed_before_push(trace, (set_up or SetUp()).gravity) if assessment.standing else None
    on_body = OnBody(assessment.limb_weight, set_up, trace, weighed)
    weight = None if on_body.body is None else on_body.body.weight
    doubt = Doubt(assessment.onset, onset_at is not None, weight) if intervals else None
    maker = _Maker(trace, assessment, on_body, doubt, manual=onset_at is not None, show_all=show_all)
    found = contractions(trace, assessment.onset, onset_at, body_weight=weight)
    return tuple(maker.evaluation(c) for c in found) or (maker.without_effort(onset_at),)


def weak_pushes(traces: Mapping[Role, Trace], assessment: Assessment) -> str:
    """A sentence about pushes that are so weak beside the strongest that they are no efforts; "" if there are none."""
    count = sum(passed_over(trace, assessment.onset) for trace in traces.values())
    if count == 0:
        return ""
    return f"{count} {'push' if count == 1 else 'pushes'} below a fifth of the strongest passed over."


class _Maker:
    """What is the same for all efforts of one trial."""

    def __init__(
        self,
        trace: Trace,
        assessment: Assessment,
        on_body: OnBody,
        doubt: Doubt | None,
        *,
        manual: bool,
        show_all: bool,
    ) -> None:
        self._trace, self._onset, self._doubt, self._show_all = trace, assessment.onset, doubt, show_all
        # An alias and its target may both be asked for: one id, one number.
        resolved = partial(resolve, rate=trace.rate, estimated=trace.rate_estimated)
        asked = wanted(assessment.metrics, resolved, rate=trace.rate, estimated=trace.rate_estimated)
        self._on_body, self._names, names = on_body, asked.names, asked.metrics
        self._wanted = names
        self._metrics = [METRICS[name] for name in names if name in METRICS]
        onset = onset_recipe(assessment.onset, manual=manual)
        rate = rate_class(trace.rate, estimated=trace.rate_estimated)
        # Marks rest on what every timed number rests on, flags on the marks and on rules of their own.
        self._rules = "; ".join((EFFORTS_RULE, QUIET_RULE, onset, *(doubt.rules if doubt else ()), flag_recipe()))
        self._recipes = {metric.id: metric.recipe(EFFORTS_RULE, onset, rate) for metric in self._metrics}
        self._holds = Holds(assessment, onset)
        held = assessment.kind == "hold"
        # What is only held has no start to doubt, unless a number is wanted that rests on it.
        self._weighty = {
            rule.name
            for rule in FLAGS.values()
            if rule.rejects == "all" or not held or any(metric.timed for metric in self._metrics)
        }
        self._demand = Demand(
            hold=assessment.hold,
            fast=any(metric.timed and metric.window is not None for metric in self._metrics),
            plateau="mean_1s" in names and assessment.hold > 1.0 and not held,
            maximal=not held,
            tared=assessment.limb_weight.mode == "tared",
            standing=assessment.standing,
            body_weight=on_body.measured_weight,
        )

    def evaluation(self, c: Contraction) -> Evaluation:
        """The numbers and flags of one effort."""
        flags = assess(c, self._demand)
        dropout = next((flag for flag in flags if flag.name == "DROPOUT" and flag.assessed), None)
        results = tuple(
            self._holds.result(name, c) if name in HOLD_NUMBERS else self._result(METRICS[name], c, dropout)
            for name in self._wanted
        )
        effort = c.effort
        if self._doubt is not None:
            effort, results = self._doubt.about(c, results)
        worth = verdict(flag for flag in flags if flag.name in self._weighty)
        return Evaluation(effort, self._related(results, effort), flags, worth, self._rules)

    def without_effort(self, onset_at: float | None) -> Evaluation:
        """What is said of a record in which no effort was found, or none after an onset given by hand."""
        why = "no effort found: force does not rise clearly from a quiet phase"
        if onset_at is not None:
            why = f"no effort found: no push follows the onset that was set at {onset_at:g} s"
        if len(self._trace.t) == 0:
            why = "no effort found: the record holds no samples"
        flags = assess_nothing(self._trace, self._onset)
        results = tuple(
            self._holds.missing(name, why) if name in HOLD_NUMBERS else self._missing(METRICS[name], why)
            for name in self._wanted
        )
        return Evaluation(None, self._related(results, None), flags, "repeat", self._rules)

    def _related(self, results: Sequence[Result], effort: Effort | None) -> tuple[Result, ...]:
        return self._on_body.relate(results, self._names, effort)

    def _result(self, metric: Metric, c: Contraction, dropout: Flag | None) -> Result:
        trace = self._trace
        leave, why = gate(metric, trace.rate, own_time=trace.own_time, estimated=trace.rate_estimated)
        if leave == "withheld" and not self._show_all:
            return self._missing(metric, why)
        if metric.timed and dropout is not None:
            return self._missing(metric, f"dropout: {dropout.value:.2f} s of samples are missing around the push")
        if metric.timed and c.refused is not None:
            return self._missing(metric, f"no onset: {c.refused}")
        value = metric.compute(c)
        if value is None or not math.isfinite(value):
            return self._missing(metric, metric.absent)
        mark = {"withheld": "below_rate", "indicative": "indicative"}.get(leave)
        return Result(metric.id, float(value), metric.unit, self._recipes[metric.id], mark=mark)  # type: ignore[arg-type] # the two literals of the mapping

    def _missing(self, metric: Metric, why: str) -> Result:
        return Result(metric.id, None, metric.unit, self._recipes[metric.id], reason=why)


def strongest(evaluations: Sequence[Evaluation]) -> Evaluation:
    """The evaluation that stands for a trial: the effort with the greatest peak among those that are worth something.

    Of jumps it is the one with the greatest first number: the one that its assessment scores.

    A doubt about the start takes nothing from the peak, so that "trusted" is not put before "peak_only": a tug at the
    strap, with a perfect start, would else stand for the push that the trial was made for.

    Args:
        evaluations: of one trial, not empty.

    Returns:
        One of them; the first of equals.
    """
    return max(evaluations, key=lambda e: (bool(e.effort or e.jump), e.verdict != "repeat", _height(e)))


def _height(evaluation: Evaluation) -> float:
    if evaluation.effort is not None:
        return evaluation.effort.peak
    first = evaluation.results[0].value if evaluation.results else None
    return -math.inf if first is None else first
