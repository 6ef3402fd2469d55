"""From several trials to one score, and whether one more trial is needed.

Knows each trial as its number and its values; None stands for a value that the trial could not carry. What a value
means is the metric's, whether a trial is valid was decided before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from forcelab.analysis.estimate import Estimate, RefusedError, sample
from forcelab.analysis.gate import fast_enough

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
    ("mean_", "best"),
    ("rfd_", "mean_fastest_3"),
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
    """

    metric: str
    value: float | None
    rule: Rule
    formula: str
    trials: tuple[int, ...]
    reason: str | None = None
    warning: str | None = None


def rule_for(metric: str) -> Rule:
    """The default rule of a metric.

    Formula: peak force and mean forces: best; RFD, force at a time, impulse: mean_fastest_3; others: mean.

    Source: our judgement. Mean of 3 gave the smallest detectable change in Light & Thorborg 2016
    (eprints.chi.ac.uk/1735); for RFD the mean of the best 3 of at least 5 fast trials is recommended after Maffiuletti
    et al. 2016, doi:10.1007/s00421-016-3346-6 (not verified).

    >>> rule_for("peak_force"), rule_for("peak_rfd_20"), rule_for("rfd_0_200"), rule_for("steadiness_cv")
    ('best', 'mean_fastest_3', 'mean_fastest_3', 'mean')
    """
    return next((rule for start, rule in DEFAULT_RULES if metric.startswith(start)), "mean")


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


def spread(peaks: Sequence[float]) -> Estimate:
    """How far the two best trials lie apart.

    Formula: spread = 100 · (best − second best) / best. Unit: %.

    Edge cases: refused with fewer than two valid trials, or if the best is not above 0.

    Source: our judgement, as the limits on it are.

    >>> spread([285.0, 300.0, 240.0]).value
    5.0
    """
    second, best = sorted(sample(peaks, "valid trials", 2).tolist())[-2:]
    if best <= 0.0:
        raise RefusedError("The best trial is not above 0.")
    return Estimate("spread", 100.0 * (best - second) / best, "%", "spread = 100 · (best − second best) / best")


Limit: TypeAlias = Literal["hip", "pull"]

SPREAD_LIMITS: Final[Mapping[Limit, tuple[float, float | None, str]]] = {
    "hip": (10.0, None, "best two within 10 % (our judgement; goal 5 %)"),
    "pull": (
        10.0, 250.0,
        "best two within min(250 N, 10 %): Comfort et al. 2019, doi:10.1519/SSC.0000000000000433 (not verified)",
    ),
}  # fmt: skip
"""Kind of test -> % of the best, N or None, the rule in words. "pull": mid-thigh pull and isometric squat, where
250 N is the custom; it means nothing in a weak client, hence the 10 %."""

GOAL: Final = 5.0
"""%: the spread that is aimed at."""

RISE: Final = 5.0
"""%: a last trial better than all before by more than this: the client is still learning."""

FALL: Final = 10.0
"""%: a last trial below the best by more than this: the client tires."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Whether to go on.

    Attributes:
        more: whether one more trial is asked for.
        rest: whether a longer rest is asked for first, or at the end would have been.
        spread: %, of the best two, None with fewer than two valid trials.
        goal: whether the spread reaches the goal of 5 %.
        sentences: why, for people; empty if nothing is to be said.
    """

    more: bool
    rest: bool
    spread: float | None
    goal: bool
    sentences: tuple[str, ...]


def advise(peaks: Sequence[float | None], limit: Limit = "hip", *, planned: int = 3, most: int = 6) -> Advice:
    """Whether one more trial is needed after these.

    Formula: one more if fewer than `planned` are valid; or best − second > L, L = 10 % of best ("hip") or
    min(250 N, 10 % of best) ("pull"); or the last trial exceeds the best before it by more than 5 %. Rest if the last
    is more than 10 % below the best. Never more than `most` trials.

    Args:
        peaks: peak force in N of every maximal trial in order, None for a trial that was not valid: it tires all the
            same and counts toward `most`.
        limit: of SPREAD_LIMITS.
        planned: valid trials that are wanted.
        most: trials that are allowed.

    Source: our judgement, "pull" after Comfort et al. 2019, doi:10.1519/SSC.0000000000000433 (not verified).

    >>> advise([300.0, 310.0, 305.0]).more, advise([300.0, 320.0, 340.0]).sentences  # 340 is 6.25 % above 320
    (False, ('The last trial is 6.2 % better than all before.',))
    """
    valid = [peak for peak in peaks if peak is not None]
    apart = spread(valid).value if len(valid) > 1 else None
    gap = max(valid) - sorted(valid)[-2] if len(valid) > 1 else 0.0
    percent, newtons, _ = SPREAD_LIMITS[limit]
    reasons: list[str] = []
    if len(valid) < planned:
        reasons.append(f"{len(valid)} of {planned} trials are valid.")
    if apart is not None and apart > percent:
        reasons.append(f"The best two trials are {apart:.1f} % apart, more than {percent:.0f} %.")
    elif newtons is not None and gap > newtons:
        reasons.append(f"The best two trials are {gap:.0f} N apart, more than {newtons:.0f} N.")
    if len(valid) > 1 and valid[-1] > (1.0 + RISE / 100.0) * (before := max(valid[:-1])):
        reasons.append(f"The last trial is {100.0 * (valid[-1] / before - 1.0):.1f} % better than all before.")
    more = bool(reasons) and len(peaks) < most
    if reasons and not more:
        reasons.append(f"{most} trials are the most that should be asked for.")
    rest = len(valid) > 1 and valid[-1] < (1.0 - FALL / 100.0) * max(valid)
    if rest:
        fall = 100.0 * (1.0 - valid[-1] / max(valid))
        reasons.append(f"The last trial is {fall:.1f} % below the best: give a longer rest.")
    return Advice(more, rest, apart, apart is not None and apart <= GOAL, tuple(reasons))
