"""Doubts about a trial: the shape of a flag's rule, the table of all flags, and the verdict that they lead to.

The rules stand in `flags_before.py` (what happened before onset) and `flags_during.py` (what happened after it).
A flag changes no number; which numbers a trial can carry is the verdict's business.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.doubt import Demand, Rule
from forcelab.analysis.flags_before import BEFORE
from forcelab.analysis.flags_during import DURING
from forcelab.model import Flag, Verdict

FLAGS: Final[Mapping[str, Rule]] = {rule.name: rule for rule in (*BEFORE, *DURING)}


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
