"""Which onset an effort gets: by the rule that was chosen, or by a substitute where that one gives none; and why.

Beside it, what other rules would have given. Refuses to know how an onset is found; that is each rule's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from forcelab.analysis.body_weight import BODY_WEIGHT_RULE
from forcelab.analysis.contraction import Contraction
from forcelab.analysis.onset import MANUAL
from forcelab.analysis.onset_method import Found, Rise
from forcelab.analysis.onset_rules import OF_BODY_WEIGHT, ONSET_METHODS
from forcelab.model import OnsetRule

SUBSTITUTE: Final = "percent"
"""The rule that lays the windows of flags and intervals where the chosen one gives no onset."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The onset of an effort: at what time in s, at which net force in N, by which rule.

    `refused`: why the chosen rule gave none. Then `rule` is the substitute, and no number may rest on this onset.
    """

    at: float
    threshold: float
    rule: str
    refused: str | None = None


def choose(rule: OnsetRule, rise: Rise, peak_at: float) -> Choice | None:
    """The onset by the chosen rule; where that gives none, by the substitute with its own defaults, and why.

    An effort keeps its peak and its means when a rule cannot place its onset (the last trough below 500 Hz, a share of
    body weight where nobody was weighed). It has an onset nonetheless, so that its rest and its start can be judged.

    Args:
        rule: how onset is found.
        rise: the effort.
        peak_at: s; an onset from there on is none.

    Returns:
        The onset, or None if the substitute has none either: then it is no effort.
    """
    found = _before(peak_at, ONSET_METHODS[rule.rule].find(rule, rise))
    if found.at is not None and found.threshold is not None:
        return Choice(found.at, found.threshold, rule.rule)
    if rule.rule == SUBSTITUTE:
        return None
    instead = _before(peak_at, ONSET_METHODS[SUBSTITUTE].find(OnsetRule(), rise))
    if instead.at is None or instead.threshold is None:
        return None
    return Choice(instead.at, instead.threshold, SUBSTITUTE, found.reason)


def onset_by(c: Contraction, name: str, rule: OnsetRule, body_weight: float | None = None) -> Found:
    """The onset of an effort as another rule finds it.

    Args:
        c: the effort.
        name: which rule.
        rule: holds its parameters.
        body_weight: N, or None where nobody was weighed.
    """
    effort, trace = c.effort, c.trace
    since = c.part.start - c.part.begin
    rise = Rise(
        c.t, c.net, effort.peak, effort.baseline.sd, trace.rate, since, body_weight, estimated=trace.rate_estimated
    )
    return _before(effort.peak_at, ONSET_METHODS[name].find(rule, rise))


def compared(c: Contraction, rule: OnsetRule, body_weight: float | None = None) -> Mapping[str, float]:
    """The onset of an effort by its own rule and by each that this is compared with.

    Returns:
        Rule -> s on the trace's clock; rules that refuse, or find no onset before the peak, are left out.
    """
    found = {name: onset_by(c, name, rule, body_weight).at for name in _names(rule)}
    return {name: at for name, at in found.items() if at is not None}


def onset_recipe(rule: OnsetRule, *, manual: bool, weighed: bool = False) -> str:
    """How onset was found, as it stands in a recipe; with how body weight was, where that was read in the record.

    >>> onset_recipe(OnsetRule(), manual=False), onset_recipe(OnsetRule(), manual=True)
    ('onset percent/1(percent=2,sd=5,minimum=2)', 'onset manual/1')
    """
    return f"onset {MANUAL}/1" if manual else _recipe(rule.rule, rule, weighed)


def compare_recipe(rule: OnsetRule, *, weighed: bool = False) -> str:
    """The rules over which the range of a number spans, as they stand in the rules of an evaluation.

    >>> compare_recipe(OnsetRule(rule="sd5", compare=("sd3", "abs", "sd5")))
    'range over onset sd5/1, onset sd3/1, onset abs/1(minimum=2)'
    """
    return "range over " + ", ".join(_recipe(name, rule, weighed) for name in _names(rule))


def _recipe(name: str, rule: OnsetRule, weighed: bool) -> str:
    recipe = ONSET_METHODS[name].recipe(rule)
    return f"{recipe}; {BODY_WEIGHT_RULE}" if weighed and name in OF_BODY_WEIGHT else recipe


def _names(rule: OnsetRule) -> tuple[str, ...]:
    return tuple(dict.fromkeys((rule.rule, *rule.compare)))


def _before(peak_at: float, found: Found) -> Found:
    if found.at is not None and found.at >= peak_at:
        return Found(None, reason="force does not pass the rule's limit before its peak")
    return found
