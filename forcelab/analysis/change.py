"""Whether one client changed: the difference of two scores against the error of the test.

Knows two scores and where an error comes from. Whether a change that is beyond error matters to the client is not
known here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from forcelab.analysis.advice import FALL
from forcelab.analysis.distributions import Z95, normal_two_sided, t_quantile, t_two_sided
from forcelab.analysis.estimate import RefusedError, complete, finite, positive, sample, settled
from forcelab.analysis.measurement_error import recompute, sem_agreement
from forcelab.analysis.reliability import LEAST

Verdict: TypeAlias = Literal["improved", "declined", "within error"]
Origin: TypeAlias = Literal["site", "client", "published"]

BASELINES: Final = 3
"""Stable sessions of the client that an error can be taken from."""


@dataclass(frozen=True, slots=True)
class Sem:
    """A standard error of measurement and where it is from.

    Attributes:
        origin: "site" (own retest study of this assessment and device), "client" (own stable sessions), "published".
        value: in `unit`.
        unit: of the scores.
        df: degrees of freedom if the t distribution is to be used ("client"), else None.
        formula: how it was computed.
        source: in words, to be shown beside every verdict.
        passed_over: why better origins were not used, one sentence each.
    """

    origin: Origin
    value: float
    unit: str
    df: int | None
    formula: str
    source: str
    passed_over: tuple[str, ...] = ()

    @property
    def factor(self) -> float:
        """What the error is multiplied with for 95 %: 1.96, or t with few degrees of freedom."""
        return Z95 if self.df is None else t_quantile(0.975, self.df)


def from_site(values: Sequence[Sequence[float]] | ArrayLike, source: str, unit: str = "N") -> Sem:
    """The error by the site's own retest study of this assessment on this device.

    Formula: SEM (agreement) = √(MSE + max(0, (MSJ − MSE) / n)) over persons by sessions. Unit: that of the values.

    Edge cases: the agreement form, because a shift between sessions is error for a client who comes twice. Refused
    below 5 persons.

    Source: our judgement on the choice; the formula as in `sem_agreement`.

    >>> retest = [[300, 310], [400, 402], [500, 512], [350, 350], [450, 456]]  # MSE 13, MSJ 90
    >>> round(from_site(retest, "our study of 2026").value ** 2, 9)  # 13 + 77/5
    28.4
    """
    found = sem_agreement(complete(values, LEAST), unit)
    return Sem("site", _some(found.value), unit, None, found.formula, source)


def from_client(sessions: Sequence[float], unit: str = "N") -> Sem:
    """The error by the client's own sessions, at least three and stable, before anything was done.

    Formula: SEM = SD of the sessions' scores, with n − 1; df = n − 1, used with t. Unit: that of the scores.

    Edge cases: with 3 sessions t is 4.30 and not 1.96, so that only a great change counts. Refused if the scores rise
    or fall from session to session by more than 10 % in all: then they are no baseline.

    Source: our judgement.

    >>> found = from_client([290.0, 310.0, 300.0])
    >>> found.value, found.df, round(found.factor, 2)
    (10.0, 2, 4.3)
    """
    row = sample(sessions, "stable sessions", BASELINES)
    varied = settled(row - row.mean(), float(np.abs(row).max()))
    steps = np.diff(row)
    steady = bool((steps > 0).all() or (steps < 0).all())
    if steady and abs(float(row[-1] - row[0])) > FALL / 100.0 * positive(abs(float(row[0])), "first session"):
        raise RefusedError("The sessions rise or fall all the time by more than 10 % in all: they are not stable.")
    return Sem(
        "client", _some(float(np.std(varied, ddof=1))), unit, row.size - 1, "SEM = SD of the sessions; t with n − 1",
        f"{row.size} stable sessions of this client",
    )  # fmt: skip


def from_publication(sd: float, icc: float, source: str, unit: str = "N") -> Sem:
    """The error by a published study, computed again from its SD and ICC; printed errors are not taken over.

    Formula: SEM = SD · √(1 − ICC). Unit: that of the SD.

    Edge cases: another device, other persons, other hands: the weakest origin.

    Source: see `measurement_error.recompute` for why.

    >>> round(from_publication(42.5, 0.947, "Byrne et al. 2020, PMC7853325").value, 1)
    9.8
    """
    found = recompute(sd, icc, source, unit=unit)
    return Sem("published", _some(found.sem), unit, None, "SEM = SD · √(1 − ICC)", f"{source}, recomputed")


def choose(site: Sem | None = None, client: Sequence[float] | None = None, published: Sem | None = None) -> Sem:
    """The error to judge a client's change by: the site's own, else the client's own, else a published one.

    Args:
        site: from `from_site`, of the same assessment, score rule and device.
        client: the client's stable sessions.
        published: from `published.published_error`, or from `from_publication` for a study that is not among them.

    Returns:
        The first that there is, with the sentences why the better ones were not used.

    Raises:
        RefusedError: there is none; then no change can be judged.

    >>> found = choose(client=[300.0, 290.0], published=from_publication(40.0, 0.91, "a study"))
    >>> found.origin, found.passed_over[1]
    ('published', 'There must be at least 3 stable sessions; here there are 2.')
    """
    if site is not None:
        return site
    passed = ["There is no retest study of this site."]
    if client is None:
        passed.append("There are no stable sessions of this client.")
    else:
        try:
            found = from_client(client, published.unit if published else "N")
        except RefusedError as refused:
            passed.append(str(refused))
        else:
            return Sem(found.origin, found.value, found.unit, found.df, found.formula, found.source, tuple(passed))
    if published is None:
        raise RefusedError(" ".join((*passed, "Without the error of the test no change can be judged.")))
    return Sem(
        "published", published.value, published.unit, published.df, published.formula, published.source, tuple(passed)
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one client between two scores.

    Attributes:
        delta: after − before, in `unit`.
        percent: of before, None if before is not above 0.
        unit: of the scores.
        rci: reliable change index, in standard errors of the difference.
        p: two-sided probability of so great an index by error alone.
        low: lower end of the 95 % interval of the change.
        high: its upper end.
        mdc95: minimal detectable change by the same error.
        verdict: "improved", "declined" or "within error".
        sem: the error that it rests on, with its origin.
        formula: of all of them.
        sentence: for people, with the origin of the error.
    """

    delta: float
    percent: float | None
    unit: str
    rci: float
    p: float
    low: float
    high: float
    mdc95: float
    verdict: Verdict
    sem: Sem
    formula: str
    sentence: str


def change(before: float, after: float, sem: Sem, better: Literal["higher", "lower"] = "higher") -> Change:
    """The change of one client and whether it is beyond the error of the test.

    Formula: Δ = after − before; RCI = Δ / (√2 · SEM); p = 2 Φ(−|RCI|); MDC95 = 1.96 · √2 · SEM; interval Δ ± MDC95;
    verdict by |Δ| > MDC95. With the client's own sessions t with its degrees of freedom takes the place of the normal
    distribution, in p and for 1.96. Unit: that of the scores; RCI and p, 1.

    Args:
        before: score, by the same rule as after.
        after: score.
        sem: error of one such score.
        better: which direction is an improvement.

    Edge cases: Δ equal to the MDC is within error. The index has the sign of Δ whichever direction is better. p is
    about this one comparison; who looks at twenty numbers finds one below 0.05.

    Source: Jacobson & Truax 1991, doi:10.1037/0022-006X.59.1.12 (not verified); MDC95 as in `measurement_error.mdc95`.

    >>> sem = Sem("published", 10.0, "N", None, "", "a study")
    >>> found = change(200.0, 230.0, sem)
    >>> round(found.rci, 4), round(found.mdc95, 2), found.verdict, round(found.p, 3)  # 30 / 14.14; 27.72
    (2.1213, 27.72, 'improved', 0.034)
    """
    delta = finite(after, "score after") - finite(before, "score before")
    error = math.sqrt(2.0) * _some(sem.value)
    rci = delta / error
    p = normal_two_sided(rci) if sem.df is None else t_two_sided(rci, sem.df)
    limit = sem.factor * error
    verdict: Verdict = "within error"
    if abs(delta) > limit:
        verdict = "improved" if (delta > 0.0) == (better == "higher") else "declined"
    by = "Φ and 1.96" if sem.df is None else f"t with {sem.df} degrees of freedom"
    size = f"change {delta:+.3g} {sem.unit}, detectable from {limit:.3g} {sem.unit}; error from {sem.source}"
    return Change(
        delta,
        100.0 * delta / before if before > 0.0 else None,
        sem.unit,
        rci,
        p,
        delta - limit,
        delta + limit,
        limit,
        verdict,
        sem,
        f"RCI = Δ / (√2 · SEM); MDC95 = q · √2 · SEM; interval Δ ± MDC95; p and q by {by}",
        f"{_SAID[verdict]} ({size}).",
    )


_SAID: Final[dict[Verdict, str]] = {
    "improved": "Improved by more than the error of the test",
    "declined": "Declined by more than the error of the test",
    "within error": "No change beyond the error of the test can be shown",
}


def _some(sem: float) -> float:
    if finite(sem, "SEM") <= 0.0:
        raise RefusedError("An error of 0 cannot be: the values it comes from are all the same.")
    return sem
