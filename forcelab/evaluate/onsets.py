"""The onset of one effort by every rule, beside the one that was chosen: for a picture, and for whoever compares rules.

The numbers of an evaluation rest on the chosen rule alone. Draws nothing and decides nothing.
"""

from collections.abc import Mapping

from forcelab.analysis.baseline import quiet_rule
from forcelab.analysis.efforts import contractions
from forcelab.analysis.onset import MANUAL
from forcelab.analysis.onset_choice import onset_by
from forcelab.analysis.onset_method import Found
from forcelab.analysis.onset_rules import ONSET_METHODS
from forcelab.model import Effort, OnsetRule, Trace


def every_onset(
    trace: Trace, effort: Effort, rule: OnsetRule, *, body_weight: float | None = None, standing: bool = False
) -> Mapping[str, Found]:
    """The onset of an effort by every rule of `ONSET_METHODS`.

    Args:
        trace: the whole record.
        effort: one that `evaluate` found in it with this rule.
        rule: how its onset was found; also holds the parameters of the other rules.
        body_weight: N, or None where nobody was weighed.
        standing: whether who pushes stands on the sensor.

    Returns:
        Rule -> its onset in s on the trace's clock, or its reason for having none; empty if the record does not hold
        that effort.
    """
    given = effort.onset if effort.rule == MANUAL else None
    found = contractions(trace, rule, given, body_weight=body_weight, quiet=quiet_rule(standing))
    c = next((c for c in found if c.effort.peak_at == effort.peak_at), None)
    return {} if c is None else {name: onset_by(c, name, rule, body_weight) for name in ONSET_METHODS}
