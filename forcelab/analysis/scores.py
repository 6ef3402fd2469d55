"""From several trials to one score.

Whether one more trial is needed is `advice`'s. Knows each trial as its number and its values; None stands for a value
that the trial could not carry. What a value means is the metric's, whether a trial is valid was decided before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from forcelab.analysis.gate import fast_enough
from forcelab.model import Mark

Rule: TypeAlias = Literal["best", "mean_fastest_3", "mean"]

SCORE_RULES: Final[Mapping[Rule, str]] = {
    "best": "max over the valid trials",
    "mean_fastest_3": "mean over the 3 valid trials with the highest {rank}",
    "mean": "mean over the valid trials",
}
"""Rule -> formula. Choose one for an assessment and never mix: a best is no mean."""

DEFAULT_RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("peak_force", "best"),
    ("peak_torque", "best"),
    ("mean_1s", "best"),
    ("mean_500ms", "best"),
    ("mean_200ms", "best"),
    # Of a hold or a jump, which have no force after onset by which they could be ranked.
    ("time_in_band", "mean"),
    ("time_to_half", "mean"),
    ("force_at_turn", "mean"),
    ("rfd_", "mean_fastest_3"),
    ("nrfd_", "mean_fastest_3"),
    ("peak_rfd", "mean_fastest_3"),
    ("force_at_", "mean_fastest_3"),
    ("impulse_", "mean_fastest_3"),
    ("time_", "mean_fastest_3"),
)
"""How a metric's name begins -> its rule, first match; all others: the mean over the valid trials."""

RANKED: Final = 3
"""Trials whose mean is the score of a time-based number."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One maximal trial.

    Attributes:
        number: in the session.
        values: metric id -> value, None where the trial could not carry it. A trial that is not valid at all has no
            place among the attempts of a score.
    """

    number: int
    values: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Score:
    """What stands for the trials of one side.

    Attributes:
        metric: its id.
        value: in the metric's unit, None with a reason.
        rule: of SCORE_RULES.
        formula: the rule in words, with what the trials were ranked by.
        trials: the numbers of the trials that entered, in the order of the rank.
        reason: why there is no value.
        warning: a sentence to be shown with it.
        unit: of the value; "" where the numbers came without one.
        recipe: of the numbers that entered, one for all of them; "" likewise.
        mark: of the numbers that entered, where the sensor's rate only just carries them or does not; else None.
    """

    metric: str
    value: float | None
    rule: Rule
    formula: str
    trials: tuple[int, ...]
    reason: str | None = None
    warning: str | None = None
    unit: str = ""
    recipe: str = ""
    mark: Mark | None = None


def rule_for(metric: str) -> Rule:
    """The default rule of a metric.

    Formula: peak force, peak torque and the best mean over a window: best; RFD, force at a time, impulse:
    mean_fastest_3; others: mean.

    Source: our judgement. Mean of 3 gave the smallest detectable change in Light & Thorborg 2016
    (eprints.chi.ac.uk/1735); for RFD the mean of the best 3 of at least 5 fast trials is recommended after Maffiuletti
    et al. 2016, doi:10.1007/s00421-016-3346-6 (not verified).

    >>> rule_for("peak_force"), rule_for("peak_rfd_20"), rule_for("rfd_0_200"), rule_for("steadiness_cv")
    ('best', 'mean_fastest_3', 'mean_fastest_3', 'mean')
    """
    return next((rule for start, rule in DEFAULT_RULES if metric.startswith(start)), "mean")


HIGHER: Final = ("jump_height", "takeoff_velocity", "rsi", "peak_power", "mean_propulsive_power", "end_test_force")
LOWER: Final = ("time_", "half_relaxation", "steadiness_", "cv_", "rmse_target", "mean_error_target", "fatigue_index")
"""How names of numbers begin of which more, or less, is an improvement, beside those of strength."""


def better(metric: str) -> Literal["higher", "lower"] | None:
    """Which direction of change is an improvement; None where neither is, so that no verdict can be given.

    Source: our judgement; a fall in time to a share of peak counts as one, a change of body weight as none.

    >>> better("peak_force"), better("time_to_peak"), better("body_weight")
    ('higher', 'lower', None)
    """
    if metric.startswith(LOWER):
        return "lower"
    return "higher" if rule_for(metric) != "mean" or metric.startswith(HIGHER) else None


def rank_by(rate: float) -> str:
    """The metric that ranks trials: force 100 ms after onset where the sensor's rate carries it, else 200 ms after.

    Args:
        rate: Hz, the sensor's; files have estimated rates, hence the tolerance of the rate gate.

    Source: our judgement, by the rate gate.

    >>> rank_by(1000.0), rank_by(80.0)
    ('force_at_100', 'force_at_200')
    """
    return "force_at_100" if fast_enough(rate, 100.0) else "force_at_200"


def score(attempts: Sequence[Attempt], metric: str, rate: float, rule: Rule | None = None) -> Score:
    """The score of a metric over the valid trials of one side.

    Formula: by rule. best = max x_i. mean = Σ x_i / n. mean_fastest_3 = mean of x over the 3 trials with the highest
    force at 100 ms (200 ms for sensors below 100 Hz): the trials are chosen once, by how fast they were, and not for
    each metric by its own best value. Unit: the metric's.

    Edge cases: trials without a value for the metric do not count, nor, for mean_fastest_3, trials without a rank.
    Of trials of equal rank the earlier counts first. Fewer than 3 are averaged with a warning. None at all: no value,
    and the reason. Never 0.

    Source: our judgement; see `rule_for`.

    >>> attempts = [Attempt(n, {"rfd_0_200": x, "force_at_100": f}) for n, x, f in
    ...     [(1, 1000.0, 110.0), (2, 4000.0, 90.0), (3, 2000.0, 120.0), (4, 3000.0, 130.0)]]
    >>> found = score(attempts, "rfd_0_200", 1000.0)  # the highest RFD is in the slowest start: not among the three
    >>> found.value, found.trials
    (2000.0, (4, 3, 1))
    """
    chosen = rule or rule_for(metric)
    rank = rank_by(rate)
    formula = SCORE_RULES[chosen].format(rank=rank)
    held = [(a.number, x, a.values.get(rank)) for a in attempts if (x := a.values.get(metric)) is not None]
    if not held:
        return Score(metric, None, chosen, formula, (), f"no valid trial has {metric}")
    if chosen == "best":
        number, best, _ = max(held, key=lambda trial: trial[1])
        return Score(metric, best, chosen, formula, (number,))
    warning = None
    if chosen == "mean_fastest_3":
        ranked = [(number, x, place) for number, x, place in held if place is not None]
        if not ranked:
            return Score(metric, None, chosen, formula, (), f"no valid trial has {rank}, by which they are ranked")
        ranked = sorted(ranked, key=lambda trial: -trial[2])[:RANKED]
        held = [(number, x, place) for number, x, place in ranked]
    if len(held) < RANKED:
        warning = f"Mean of {len(held)} instead of {RANKED} trials: less reliable."
    value = sum(x for _, x, _ in held) / len(held)
    return Score(metric, value, chosen, formula, tuple(number for number, _, _ in held), warning=warning)
