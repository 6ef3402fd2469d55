"""From a trial's record to its efforts, numbers, doubts and verdict.

A number that cannot be given is None with a reason, never zero and never NaN.
"""

import math
from collections.abc import Mapping, Sequence

import msgspec

from forcelab.analysis.baseline import quiet_rule
from forcelab.analysis.body_weight import BODY_WEIGHT_RULE
from forcelab.analysis.contraction import Contraction
from forcelab.analysis.doubt import Demand
from forcelab.analysis.efforts import contractions, passed_over
from forcelab.analysis.no_effort import EMPTY, why_none
from forcelab.analysis.quality import FLAGS, assess, assess_nothing, flag_recipe, verdict
from forcelab.evaluate.asked import Row, Sensor, asked, unknown
from forcelab.evaluate.body import OnBody
from forcelab.evaluate.doubted import MARK_RULE, of_effort
from forcelab.evaluate.holds import Holds
from forcelab.evaluate.jumps import unsupported_jumps
from forcelab.evaluate.series import unsupported_series
from forcelab.evaluate.standing import who_pulls
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
    problems = [f"{where} names {what}" for what in unknown(assessment.metrics, assessment.onset)]
    return [*problems, *unsupported_series(assessment)]


def same_definition(recipe: str, other: str) -> bool:
    """Whether two results were made by the same definition: recipes hold all versions and parameters, so if equal."""
    return recipe == other


def evaluate_one(
    trace: Trace,
    assessment: Assessment,
    *,
    set_up: SetUp | None = None,
    onset_at: float | None = None,
    show_all: bool = False,
    intervals: bool = True,
) -> tuple[Evaluation, ...]:
    """All efforts in the record of one sensor with their numbers, flags and verdict; see `both.evaluate`.

    Raises:
        ValueError: `onset_at` lies outside the record.
    """
    if onset_at is not None and not (len(trace.t) and trace.t[0] <= onset_at <= trace.t[-1]):
        raise ValueError(f"onset was set at {onset_at:g} s, which lies outside the record")
    on_body, weighing = who_pulls(trace, assessment, set_up)
    doubt = Doubt(assessment.onset, onset_at is not None, on_body.weight, on_body.in_record) if intervals else None
    maker = _Maker(trace, assessment, on_body, doubt, manual=onset_at is not None, show_all=show_all)
    quiet = quiet_rule(assessment.standing)
    found = contractions(trace, assessment.onset, onset_at, body_weight=on_body.weight, quiet=quiet)
    made = tuple(maker.evaluation(c) for c in found) or (maker.without_effort(onset_at),)
    return tuple(msgspec.structs.replace(one, weighing=weighing) for one in made) if weighing else made


def weak_pushes(traces: Mapping[Role, Trace], assessment: Assessment) -> str:
    """A sentence about pushes that are so weak beside the strongest that they are no efforts; "" if there are none."""
    count = sum(passed_over(trace, assessment.onset, quiet_rule(assessment.standing)) for trace in traces.values())
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
        self._trace, self._onset, self._doubt, self._on_body = trace, assessment.onset, doubt, on_body
        sensor = Sensor(
            trace.rate,
            trace.rate_estimated,
            trace.own_time,
            manual,
            show_all,
            on_body.in_record,
            standing=assessment.standing,
            untimed=trace.untimed,
        )
        self._asked = asked(assessment.metrics, assessment.onset, sensor)
        # Marks rest on what every timed number rests on, flags on the marks and on rules of their own.
        weighing = (BODY_WEIGHT_RULE,) if assessment.standing else ()
        self._rules = "; ".join(
            (*self._asked.marks, *weighing, *(doubt.rules if doubt else ()), flag_recipe(), MARK_RULE)
        )
        self._holds = Holds(assessment, self._asked.onset)
        held = assessment.kind == "hold"
        # What is only held has no start to doubt, unless a number is wanted that rests on it.
        self._only_held = held and not self._asked.timed
        self._demand = Demand(
            hold=assessment.hold,
            start=not self._only_held,
            fast=self._asked.fast,
            plateau=self._asked.plateau and assessment.hold > 1.0 and not held,
            maximal=not held,
            tared=assessment.limb_weight.mode == "tared",
            standing=assessment.standing,
            body_weight=on_body.measured_weight,
        )

    def evaluation(self, c: Contraction) -> Evaluation:
        """The numbers and flags of one effort."""
        flags = assess(c, self._demand)
        untimed = _untimed(c, flags)
        results = tuple(
            self._holds.result(name, c) if row is None else _result(row, c, untimed)
            for name, row in self._asked.rows.items()
        )
        effort = c.effort
        if self._doubt is not None:
            effort, results = self._doubt.about(c, results, self._holds)
        results = of_effort(c, results, flags)
        rank = None
        if self._asked.rank is not None:
            (rank,) = of_effort(c, [_result(self._asked.rank, c, untimed)], flags)
        worth = verdict(flag for flag in flags if not self._only_held or FLAGS[flag.name].rejects == "all")
        return Evaluation(effort, self._related(results, effort), flags, worth, self._rules, rank=rank)

    def without_effort(self, onset_at: float | None) -> Evaluation:
        """What is said of a record in which no effort was found, or none after an onset given by hand."""
        why = why_none(self._trace)
        if onset_at is not None:
            why = f"no effort found: no push follows the onset that was set at {onset_at:g} s"
        if len(self._trace.t) == 0:
            why = EMPTY
        flags = assess_nothing(self._trace, self._onset, quiet_rule(self._demand.standing))
        results = tuple(
            self._holds.missing(name, why) if row is None else row.missing(why)
            for name, row in self._asked.rows.items()
        )
        return Evaluation(None, self._related(results, None), flags, "repeat", self._rules)

    def _related(self, results: Sequence[Result], effort: Effort | None) -> tuple[Result, ...]:
        return self._on_body.relate(results, self._asked.names, effort)


def _untimed(c: Contraction, flags: Sequence[Flag]) -> str:
    """Why no number that rests on onset and on times near it can be given; "" if it can."""
    for flag in flags:
        if flag.name == "DROPOUT" and flag.assessed:
            return f"dropout: {flag.value:.2f} s of samples are missing around the push"
    return "" if c.refused is None else f"no onset: {c.refused}"


def _result(row: Row, c: Contraction, untimed: str) -> Result:
    """One number of one effort, or why there is none."""
    metric = row.metric
    why = row.withheld or (untimed if metric.timed else "")
    if why:
        return row.missing(why)
    value = metric.compute(c)
    return row.missing(metric.absent) if value is None or not math.isfinite(value) else row.given(float(value))


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
