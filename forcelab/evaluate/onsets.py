"""The onset of one effort by every rule, beside the one that was chosen: for a picture, and for whoever compares rules.

The numbers of an evaluation rest on the chosen rule alone. Draws nothing and decides nothing.
"""

from collections.abc import Mapping

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.efforts import contractions
from forcelab.analysis.onset import MANUAL
from forcelab.analysis.onset_rules import ONSET_METHODS, Found, Rise
from forcelab.model import Effort, OnsetRule, Trace


def every_onset(
    trace: Trace, effort: Effort, rule: OnsetRule, *, body_weight: float | None = None
) -> Mapping[str, Found]:
    """The onset of an effort by every rule of `ONSET_METHODS`.

    Args:
        trace: the whole record.
        effort: one that `evaluate` found in it with this rule.
        rule: how its onset was found; also holds the parameters of the other rules.
        body_weight: N, or None where nobody was weighed.

    Returns:
        Rule -> its onset in s on the trace's clock, or its reason for having none; empty if the record does not hold
        that effort.
    """
    given = effort.onset if effort.rule == MANUAL else None
    found = contractions(trace, rule, given, body_weight=body_weight)
    c = next((c for c in found if c.effort.peak_at == effort.peak_at), None)
    return {} if c is None else {name: _found(c, name, rule, body_weight) for name in ONSET_METHODS}


def _found(c: Contraction, name: str, rule: OnsetRule, body_weight: float | None) -> Found:
    effort, trace = c.effort, c.trace
    since = c.part.start - c.part.begin
    rise = Rise(
        c.t, c.net, effort.peak, effort.baseline.sd, trace.rate, since, body_weight, estimated=trace.rate_estimated
    )
    found = ONSET_METHODS[name].find(rule, rise)
    if found.at is not None and found.at >= effort.peak_at:
        return Found(None, reason="force does not pass the limit before its peak")
    return found
