"""Whether one more trial is needed: the spread of the best two, a client who still learns, a client who tires.

Knows the scored number of every maximal trial in order. Which number that is, and what it means, is not known here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from forcelab.analysis.estimate import Estimate, RefusedError, sample


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

PULLS: Final = frozenset({"imtp", "squat_iso_90", "squat_iso_120"})
"""Assessments in which the rule for pulls holds."""


def limit_for(assessment: str) -> Limit:
    """Which rule holds for the spread of the best two in an assessment.

    >>> limit_for("imtp"), limit_for("abd_side")
    ('pull', 'hip')
    """
    return "pull" if assessment in PULLS else "hip"


@dataclass(frozen=True, slots=True)
class Advice:
    """Whether to go on.

    Attributes:
        more: whether one more trial is asked for.
        rest: whether a longer rest is asked for first, or at the end would have been.
        spread: %, of the best two, None with fewer than two valid trials.
        sentences: why, for people; empty if nothing is to be said.
        limit: of SPREAD_LIMITS, which held for the best two; None where only enough trials were wanted.
    """

    more: bool
    rest: bool
    spread: float | None
    sentences: tuple[str, ...]
    limit: Limit | None


def advise(peaks: Sequence[float | None], limit: Limit | None = "hip", *, planned: int = 3, most: int = 6) -> Advice:
    """Whether one more trial is needed after these.

    Formula: one more if fewer than `planned` are valid; or best − second > L, L = 10 % of best ("hip") or
    min(250 N, 10 % of best) ("pull"); or the last trial exceeds the best before it by more than 5 %. Rest if the last
    is more than 10 % below the best. Never more than `most` trials.

    Args:
        peaks: peak force in N of every maximal trial in order, None for a trial that was not valid: it tires all the
            same and counts toward `most`.
        limit: of SPREAD_LIMITS; None where the best does not count, so that only enough trials are wanted.
        planned: valid trials that are wanted.
        most: trials that are allowed.

    Source: our judgement, "pull" after Comfort et al. 2019, doi:10.1519/SSC.0000000000000433 (not verified).

    >>> advise([300.0, 310.0, 305.0]).more, advise([300.0, 320.0, 340.0]).sentences  # 340 is 6.25 % above 320
    (False, ('The last trial is 6.2 % better than all before.',))
    """
    valid = [peak for peak in peaks if peak is not None]
    reasons = [f"{len(valid)} of {planned} trials are valid."] if len(valid) < planned else []
    apart = None
    if limit is not None and len(valid) > 1 and max(valid) > 0.0:
        apart = spread(valid).value
        reasons += _about_maxima(valid, apart, limit)
    more = bool(reasons) and len(peaks) < most
    if reasons and not more:
        reasons.append(f"{most} trials are the most that should be asked for.")
    rest = apart is not None and valid[-1] < (1.0 - FALL / 100.0) * max(valid)
    if rest:
        fall = 100.0 * (1.0 - valid[-1] / max(valid))
        reasons.append(f"The last trial is {fall:.1f} % below the best: give a longer rest.")
    return Advice(more, rest, apart, tuple(reasons), limit)


def _about_maxima(valid: Sequence[float], apart: float, limit: Limit) -> list[str]:
    """Why maximal trials call for one more: the best two differ, or the client still learns."""
    percent, newtons, _ = SPREAD_LIMITS[limit]
    second, best = sorted(valid)[-2:]
    before = max(valid[:-1])
    reasons = []
    if apart > percent:
        reasons.append(f"The best two trials are {apart:.1f} % apart, more than {percent:.0f} %.")
    elif newtons is not None and best - second > newtons:
        reasons.append(
            f"The best two trials are {best - second:.0f} N apart, more than {newtons:.0f} N (not verified)."
        )
    if valid[-1] > (1.0 + RISE / 100.0) * before:
        reasons.append(f"The last trial is {100.0 * (valid[-1] / before - 1.0):.1f} % better than all before.")
    return reasons
