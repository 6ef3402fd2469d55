"""The shape of an onset rule: what it looks at, what it answers, and what is told of it. Holds no rule itself."""

from collections.abc import Callable
from dataclasses import dataclass

from forcelab.model import Array, OnsetRule


@dataclass(frozen=True, slots=True, eq=False)
class Rise:
    """What an onset rule looks at: one effort from its quiet phase on. Times in s, forces in N above the baseline.

    Attributes:
        t: shape (n,), strictly increasing.
        net: shape (n,).
        peak: the largest net sample of the effort.
        sd: quiet SD σ0, floored at the resolution.
        rate: Hz, the sensor's.
        since: index from which on the rise is looked for; what is before may be an earlier effort's end.
        body_weight: N, or None where nobody was weighed.
        estimated: whether the rate is an estimate.
    """

    t: Array
    net: Array
    peak: float
    sd: float
    rate: float
    since: int = 0
    body_weight: float | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An onset, or the reason why there is none. `threshold`: net force in N at which it was taken."""

    at: float | None
    threshold: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OnsetMethod:
    """One onset rule.

    Attributes:
        id: the name in assessments and recipes.
        version: raised whenever the same curve would give another onset.
        term: the name for people.
        formula: of the threshold θ: P peak, σ0 quiet SD, BW body weight; what is special, for the others.
        needs: what a record must hold, in words for people.
        source: author, year, DOI; what nobody checked against the paper says so.
        bias: by how much its onset lies after the true one (before it: −) on two starts whose truth is known: a smooth
            one (raised cosine, 600 N in 300 ms) and a sharp one (exponential, 600 N, time constant 150 ms). To be told
            beside interval and range; it is in neither.
        find: the rule. All of them confirm the rise: at least 3 samples and 20 ms above the threshold.
        define: the function that bears the definition.
        adjustable: the fields of `OnsetRule` that it obeys; they belong in its recipe and the others do not.
    """

    id: str
    version: int
    term: str
    formula: str
    needs: tuple[str, ...]
    source: str
    bias: str
    find: Callable[[OnsetRule, Rise], Found]
    define: Callable[..., object]
    adjustable: tuple[str, ...] = ()

    def recipe(self, rule: OnsetRule) -> str:
        """The rule as it stands in a recipe: name, version and the parameters that it obeys.

        >>> from forcelab.analysis.onset_rules import ONSET_METHODS
        >>> ONSET_METHODS["percent"].recipe(OnsetRule()), ONSET_METHODS["sd3"].recipe(OnsetRule())
        ('onset percent/1(percent=2,sd=5,minimum=2)', 'onset sd3/1')
        """
        held = ",".join(f"{name}={getattr(rule, name):g}" for name in self.adjustable)
        return f"onset {self.id}/{self.version}" + (f"({held})" if held else "")
