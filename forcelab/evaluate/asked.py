"""What an assessment asks of a sensor: which numbers under which recipes, which of them its rate does not carry.

The same for all trials of one assessment with one sensor, so it is worked out once and kept. It looks at no record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from forcelab.analysis.baseline import quiet_rule
from forcelab.analysis.derived import is_derived, meaningless
from forcelab.analysis.efforts import EFFORTS_RULE
from forcelab.analysis.gate import Leave, gate, rate_class
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.metric import Metric
from forcelab.analysis.metrics import ALIASES, METRICS, resolve
from forcelab.analysis.onset_choice import onset_recipe
from forcelab.analysis.onset_rules import ONSET_METHODS
from forcelab.analysis.scores import rank_by, rule_for
from forcelab.evaluate.body import wanted
from forcelab.evaluate.holds import DECLINE_NUMBERS, HOLD_NUMBERS
from forcelab.model import Assessment, Mark, OnsetRule, Result

_KEPT: Final = 64
"""Assessments × sensors of a day; a rate that had to be estimated is another one in each file."""

_MARKS: Final[dict[Leave, Mark]] = {
    "withheld": "below_rate",
    "indicative": "indicative",
}


@dataclass(frozen=True, slots=True)
class Sensor:
    """What of a sensor and of the question decides which numbers can be given; see `Trace` for those of the sensor.

    `manual`: onset is given by hand. `show_all`: give also what the rate does not carry. `weighed`: body weight was
    read in the record. `standing`: who pushes stands on the sensor.
    """

    rate: float
    rate_estimated: bool
    own_time: bool
    manual: bool
    show_all: bool
    weighed: bool = False
    standing: bool = False
    untimed: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One metric that is asked for, its recipe, the mark that its number bears, and why it is withheld ("" if not)."""

    metric: Metric
    recipe: str
    mark: Mark | None
    withheld: str

    def given(self, value: float) -> Result:
        """The number."""
        return Result(self.metric.id, value, self.metric.unit, self.recipe, mark=self.mark)

    def missing(self, why: str) -> Result:
        """That there is no number, and why."""
        return Result(self.metric.id, None, self.metric.unit, self.recipe, reason=why)


def everything(assessment: Assessment, *, sustained: bool = False) -> tuple[str, ...]:
    """Ids of all numbers that a record of this kind can give: the assessment's own first, then those of the tables.

    Without those in torque or per kg: each is asked for by its name.

    Args:
        assessment: of any kind.
        sustained: whether somebody said how long the push was in truth: then an effort may be a sustained hold.
    """
    if assessment.kind == "jump":
        return tuple(dict.fromkeys((*assessment.metrics, *JUMP_METRICS)))
    of_hold = sorted(HOLD_NUMBERS) if assessment.kind == "hold" else DECLINE_NUMBERS if sustained else ()
    return tuple(dict.fromkeys((*assessment.metrics, *of_hold, *METRICS)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an assessment asks of a sensor.

    Attributes:
        names: ids of all numbers in the order in which they are shown, aliases resolved.
        rows: id of each number that must be computed from the record -> its metric; None: a number of the hold.
        onset: the rule in words; `marks`: all rules by which an effort's marks are found.
        timed: whether numbers are wanted that rest on onset.
        fast: whether numbers are wanted that rest on a fast start.
        plateau: whether numbers are wanted that rest on a second of plateau.
        rank: the force by which trials are ranked for a score, where one is ranked so and that is none of `names`.
    """

    names: tuple[str, ...]
    rows: Mapping[str, Row | None]
    onset: str
    marks: tuple[str, ...]
    timed: bool
    fast: bool
    plateau: bool
    rank: Row | None


@lru_cache(_KEPT)
def asked(metrics: tuple[str, ...], onset: OnsetRule, sensor: Sensor) -> Asked:
    """What these metrics with this onset rule ask of a sensor.

    Args:
        metrics: of an assessment, all of them known (see `unknown`).
        onset: its rule.
        sensor: what it is measured with, and how it is asked.
    """
    rate, estimated = sensor.rate, sensor.rate_estimated
    # An alias and its target may both be asked for: one id, one number.
    names = wanted(metrics, partial(resolve, rate=rate, estimated=estimated), rate=rate, estimated=estimated)
    quiet = quiet_rule(sensor.standing).recipe
    onset_rule = onset_recipe(onset, manual=sensor.manual, weighed=sensor.weighed)
    rate_rule = rate_class(rate, estimated=estimated)

    def row(metric: Metric) -> Row:
        leave, why = gate(metric, rate, own_time=sensor.own_time, estimated=estimated, untimed=sensor.untimed)
        recipe = metric.recipe(EFFORTS_RULE, quiet, onset_rule, rate_rule)
        return Row(metric, recipe, _MARKS.get(leave), "" if sensor.show_all else why)

    rank, ranked = rank_by(rate), any(rule_for(name) == "mean_fastest_3" for name in names.metrics)
    found = [METRICS[name] for name in names.metrics if name in METRICS]
    return Asked(
        names.names,
        {name: row(METRICS[name]) if name in METRICS else None for name in names.metrics},
        onset_rule,
        (EFFORTS_RULE, quiet, onset_rule),
        timed=any(metric.timed for metric in found),
        fast=any(metric.timed and metric.window is not None for metric in found),
        plateau="mean_1s" in names.metrics,
        rank=row(METRICS[rank]) if ranked and rank not in names.names else None,
    )


@lru_cache(_KEPT)
def unknown(metrics: tuple[str, ...], onset: OnsetRule) -> tuple[str, ...]:
    """What among metrics and onset rules cannot be given, as the end of a sentence that says who names it."""
    known = METRICS.keys() | ALIASES.keys() | HOLD_NUMBERS
    nonsense = {name: why for name in metrics if (why := meaningless(name))}
    rules = dict.fromkeys((onset.rule, *onset.compare))
    return (
        *(
            f"the metric {name!r}, which is not known"
            for name in metrics
            if name not in known and name not in nonsense and not is_derived(name)
        ),
        *(f"{name!r}: {why}" for name, why in nonsense.items()),
        *(f"the onset rule {name!r}, which is not known" for name in rules if name not in ONSET_METHODS),
    )
