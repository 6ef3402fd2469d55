"""From the trials of a session to a score a side for each number, advice on one more trial, and the sides compared.

Which trials count is decided here and nowhere else; the rules themselves stand in `analysis`. Knows no earlier session.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol

from forcelab.analysis.advice import Advice, advise, limit_for
from forcelab.analysis.change import Sem
from forcelab.analysis.derived import DERIVED
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.scores import Attempt, Score, rule_for, score
from forcelab.evaluate.sides import Comparison, Limb, compare_sides
from forcelab.model import Assessment, Evaluation, Result, Side, Trace

MIXED: Final = "the trials were made by different definitions, which are never mixed"

MOST: Final = 6
"""Maximal trials that one side is asked for, unless more were planned."""


class Scored(Protocol):
    """A finished trial, as far as a summary needs it."""

    @property
    def trial(self) -> int:
        """Its number in the session."""

    @property
    def side(self) -> Side | None:
        """Which limb; None where nobody said, and then it has no score."""

    @property
    def practice(self) -> bool:
        """Whether it was for practice only."""

    @property
    def excluded(self) -> bool:
        """Whether a person left it out."""

    @property
    def evaluation(self) -> Evaluation | None:
        """What came out of it."""

    @property
    def trace(self) -> Trace | None:
        """What its sensor recorded."""


@dataclass(frozen=True, slots=True)
class SideSummary:
    """What the trials of one side come to.

    Attributes:
        made: maximal trials, whether they count or not.
        counted: those that count.
        scores: of each number that was computed, by its id.
        values: of each number in the trials that count, in order.
        given: ids of the numbers that a maximal trial gave, whether it counts or not.
        advice: whether one more trial is needed, by the scored number.
    """

    made: int
    counted: int
    scores: Mapping[str, Score]
    values: Mapping[str, tuple[float, ...]]
    given: frozenset[str]
    advice: Advice


@dataclass(frozen=True, slots=True)
class Summary:
    """What the trials of a session come to.

    Attributes:
        scored: id of the number that stands for the test: the first of the assessment.
        planned: maximal trials a side that were wanted.
        sides: those that had a maximal trial.
        comparisons: left and right by each number that both have a score in.
    """

    scored: str
    planned: int
    sides: Mapping[Side, SideSummary]
    comparisons: Mapping[str, Comparison]

    def score(self, side: Side) -> Score | None:
        """The score that stands for a side; None if no trial of it counts."""
        found = self.sides.get(side)
        held = found.scores.get(self.scored) if found is not None else None
        return held if held is not None and held.value is not None else None

    @property
    def comparison(self) -> Comparison | None:
        """The sides compared by the scored number; None unless both have a score."""
        return self.comparisons.get(self.scored)


def counts(trial: Scored) -> bool:
    """Whether a trial counts toward a score: maximal, not left out by a person, and not to be repeated."""
    evaluation = trial.evaluation
    return not (trial.practice or trial.excluded or evaluation is None or evaluation.verdict == "repeat")


def summarise(
    trials: Iterable[Scored],
    assessment: Assessment,
    *,
    planned: int | None = None,
    involved: Literal["left", "right"] | None = None,
    error: Sem | None = None,
) -> Summary:
    """Scores a side for each number, the spread of the best two, and the comparison of the sides.

    Trials for practice, trials left out by a person and trials whose verdict is "repeat" do not count; of trials whose
    peak alone can be trusted no timed number does.

    Args:
        trials: finished trials of one assessment in any order.
        assessment: whose first number stands for the test.
        planned: maximal trials a side; those of the assessment if not said.
        involved: which side is injured, if anybody said so.
        error: of one score of the scored number by a retest, if it is known; else a published one is looked up.

    Returns:
        Scores by the default rule of each number; without a trial that counts they have no value but a reason.
    """
    maximal = sorted((trial for trial in trials if not trial.practice), key=lambda trial: trial.trial)
    scored = _scored(maximal, assessment)
    wanted = assessment.trials if planned is None else planned
    sides: dict[Side, SideSummary] = {}
    for side in dict.fromkeys(trial.side for trial in maximal):
        if side is not None:
            own = [trial for trial in maximal if trial.side == side]
            sides[side] = _side(own, assessment, scored, wanted)
    comparisons: dict[str, Comparison] = {}
    if "left" in sides and "right" in sides:
        for metric in sides["left"].scores:
            left, right = (_limb(sides[side], metric) for side in ("left", "right"))
            known = error if metric == scored and "both" not in sides else None
            if found := compare_sides(
                left, right, assessment.id, involved=involved, error=known, at_once="both" in sides
            ):
                comparisons[metric] = found
    return Summary(scored, wanted, sides, comparisons)


def _limb(side: SideSummary, metric: str) -> Limb | None:
    return Limb(side.scores[metric], side.values[metric]) if metric in side.scores else None


def _scored(trials: Sequence[Scored], assessment: Assessment) -> str:
    """The first number of the assessment, by the id under which it was computed: an alias has been resolved."""
    first = (trial.evaluation.results[0].metric for trial in trials if trial.evaluation and trial.evaluation.results)
    return next(first, assessment.metrics[0])


def _side(trials: Sequence[Scored], assessment: Assessment, scored: str, planned: int) -> SideSummary:
    """One side, from its maximal trials in order."""
    held = {trial.trial: _numbers(trial) for trial in trials if counts(trial)}
    attempts = [Attempt(number, {name: result.value for name, result in held[number].items()}) for number in held]
    rates = [trial.trace.rate for trial in trials if trial.trial in held and trial.trace is not None]
    whys = _whys(trials, held)
    peaks = [held[trial.trial][scored].value if scored in held.get(trial.trial, {}) else None for trial in trials]
    best = assessment.kind == "effort" and rule_for(base_of(scored)) == "best"
    return SideSummary(
        made=len(trials),
        counted=len(held),
        scores={
            name: _score(name, attempts, list(held.values()), min(rates, default=0.0), why)
            for name, why in whys.items()
        },
        values={name: tuple(x for one in attempts if (x := one.values.get(name)) is not None) for name in whys},
        given=frozenset(result.metric for trial in trials for result in _results(trial) if result.value is not None),
        advice=advise(peaks, limit_for(assessment.id) if best else None, planned=planned, most=max(planned, MOST)),
    )


def _whys(trials: Sequence[Scored], counted: Container[int]) -> dict[str, str]:
    """Each number of these trials -> why none of those that count has it, where it is one reason for all; else ""."""
    reasons: dict[str, set[str]] = {result.metric: set() for trial in trials for result in _results(trial)}
    for trial in trials:
        if trial.trial in counted:
            for result in _results(trial):
                reasons[result.metric].add("" if result.reason is None else result.reason)
    return {metric: said.pop() if len(said) == 1 else "" for metric, said in reasons.items()}


def _results(trial: Scored) -> tuple[Result, ...]:
    return trial.evaluation.results if trial.evaluation is not None else ()


def _numbers(trial: Scored) -> dict[str, Result]:
    """The numbers of a trial that count, by their ids; among them the one by which it is ranked."""
    made = trial.evaluation
    if made is None:
        return {}
    held = (*made.results, *((made.rank,) if made.rank else ()))
    peak_only = made.verdict == "peak_only"
    return {each.metric: each for each in held if each.mark != "rejected" and not (peak_only and timed(each.metric))}


def timed(metric: str) -> bool:
    """Whether a number rests on the start of the push, so that a doubt about the start takes it away.

    >>> timed("rfd_0_200"), timed("peak_force"), timed("peak_torque")
    (True, False, False)
    """
    base = base_of(metric)
    return METRICS[base].timed if base in METRICS else rule_for(base) == "mean_fastest_3"


def base_of(metric: str) -> str:
    """What a number per kg or about a joint was made from: it is scored as that is."""
    return DERIVED[metric].base.id if metric in DERIVED else metric


def _score(
    metric: str, attempts: Sequence[Attempt], numbers: Sequence[Mapping[str, Result]], rate: float, why: str
) -> Score:
    """The score of a number with its unit and recipe; refused where the trials hold several recipes.

    `why`: the one reason for which no trial has it, "" where there is none.
    """
    found = score(attempts, metric, rate, rule_for(base_of(metric)))
    results = [held[metric] for held in numbers if metric in held and held[metric].value is not None]
    recipes = {result.recipe for result in results}
    if len(recipes) > 1:
        return replace(found, value=None, trials=(), reason=MIXED, warning=None)
    if not results:
        return replace(found, reason=why) if why else found
    mark = next((result.mark for result in results if result.mark), None)
    return replace(found, unit=results[0].unit, recipe=results[0].recipe, mark=mark)
