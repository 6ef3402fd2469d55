"""Doubts about a trial: the shape of a flag's rule, the table of all flags, and the verdict that they lead to.

The rules stand in `flags_before.py` (what happened before onset), `flags_during.py` (what happened after it) and
`flags_record.py` (the sensor).
A flag changes no number; which numbers a trial can carry is the verdict's business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from forcelab.analysis.baseline import RESTING, QuietRule
from forcelab.analysis.contraction import Contraction
from forcelab.analysis.doubt import Demand, Rule
from forcelab.analysis.efforts import contractions
from forcelab.analysis.flags_before import BEFORE
from forcelab.analysis.flags_during import DURING, wrong_way
from forcelab.analysis.flags_record import RECORD
from forcelab.model import Flag, OnsetRule, Trace, Verdict

FLAGS: Final[Mapping[str, Rule]] = {rule.name: rule for rule in (*BEFORE, *DURING, *RECORD)}


def flag_recipe() -> str:
    """Names and versions of all rules in one line: what an effort's flags and verdict depend on besides its record.

    >>> flag_recipe().split(" ")[:3]
    ['flags', 'NO_QUIET/2', 'PRELOAD/2']
    """
    return " ".join(("flags", *(f"{rule.name}/{rule.version}" for rule in FLAGS.values())))


def assess(c: Contraction, demand: Demand) -> tuple[Flag, ...]:
    """All doubts about one effort, in the order of the table; rules that lack what they need tell so.

    Args:
        c: the effort in its record.
        demand: what the assessment asked for.

    Returns:
        Flags; those with `assessed` False are gaps and not doubts.
    """
    found = (rule.look(c, demand) for rule in FLAGS.values())
    return tuple(flag for flag in found if flag is not None)


def assess_nothing(trace: Trace, rule: OnsetRule, quiet: QuietRule = RESTING) -> tuple[Flag, ...]:
    """What is said of a record in which no effort was found: SIGN, if there is one upside down.

    The record is turned over. What is found there may be no more than a load that was let go, so with a recorded zero
    force must have fallen below it by more than 30 % of that effort's peak; without one force must have come back, or
    never have risen above 30 % of that peak.

    Args:
        trace: a record without efforts.
        rule: how onset is found.
        quiet: which rest the baseline is read in.

    Returns:
        SIGN with the depth to which force went, or nothing.
    """
    found = []
    for c in contractions(replace(trace, force=-trace.force), rule, quiet=quiet):
        peak, rest = c.effort.peak, -c.effort.baseline.mean
        if trace.zero is not None:
            found.append(wrong_way(trace.zero - (rest - peak), peak))
        elif c.effort.release is not None or float(trace.force.max()) <= 0.3 * peak:
            found.append(wrong_way(peak, peak))
    return tuple(flag for flag in found if flag is not None)[:1]


def verdict(flags: Iterable[Flag]) -> Verdict:
    """What a trial with these flags is good for.

    "repeat" if any flag rejects everything, else "peak_only" if any rejects what rests on onset, else "trusted".

    >>> verdict([Flag("PRELOAD", "")]), verdict([Flag("NOISY_BASELINE", "")])
    ('peak_only', 'trusted')
    """
    rejects = {FLAGS[flag.name].rejects for flag in flags if flag.assessed and flag.name in FLAGS}
    if "all" in rejects:
        return "repeat"
    return "peak_only" if "timed" in rejects else "trusted"
