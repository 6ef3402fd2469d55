"""The table of all doubts about a jump, and the verdict that they lead to. A flag changes no number."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from forcelab.analysis.jump import flags_athlete as athlete
from forcelab.analysis.jump import flags_plate as plate
from forcelab.analysis.jump.flight import FLIGHT_RULE
from forcelab.analysis.jump.jump import Jump
from forcelab.analysis.jump.onset import ONSET_RULE
from forcelab.analysis.jump.rule import JumpRule
from forcelab.analysis.jump.weighing import WEIGHING_RULE
from forcelab.model import Flag, JumpKind, Verdict

JUMP_FLAGS: Final[Mapping[str, JumpRule]] = {
    rule.name: rule
    for rule in (
        JumpRule("NO_WEIGHING", 1, "timed", "s", "definition", athlete.no_weighing),
        JumpRule("SHORT_WEIGHING", 1, "timed", "s", "computed from the error of body weight", athlete.short_weighing),
        JumpRule("RESTLESS_WEIGHING", 1, "timed", "N", "our own judgement", athlete.restless_weighing),
        JumpRule("RATE_TOO_LOW", 1, "timed", "Hz", "computed on the closed-form jump", plate.rate_too_low),
        JumpRule("LOW_RATE", 1, "none", "Hz", "recommended rate (not verified)", plate.low_rate),
        JumpRule("NO_LANDING", 1, "none", "s", "definition", athlete.no_landing),
        JumpRule("HEIGHTS_DISAGREE", 1, "none", "%", "our own judgement", athlete.heights_disagree),
        JumpRule("DIP", 1, "all", "N", "our own judgement", athlete.dip),
        JumpRule("NO_DIP", 1, "none", "m", "our own judgement", athlete.no_dip),
        JumpRule("SLOW_START", 1, "timed", "s", "our own judgement", athlete.slow_start),
        JumpRule("DROPOUT", 1, "timed", "s", "our own judgement", plate.dropout),
        JumpRule("CLIPPED", 1, "all", "N", "our own judgement", plate.clipped),
        JumpRule("UNZEROED", 1, "none", "N", "computed", plate.unzeroed),
        JumpRule("SCALE", 1, "none", "", "definition", plate.scale),
    )
}
"""Every doubt about a jump by its name, in the order in which they are told."""


def jump_rules(kind: JumpKind) -> str:
    """Names and versions of all that a jump's marks, flags and verdict depend on besides its record, in one line.

    >>> jump_rules("cmj").split("; ")[-1].split(" ")[:3]
    ['flags', 'NO_WEIGHING/1', 'SHORT_WEIGHING/1']
    """
    flags = " ".join(("flags", *(f"{rule.name}/{rule.version}" for rule in JUMP_FLAGS.values())))
    return "; ".join((kind, FLIGHT_RULE, WEIGHING_RULE, ONSET_RULE, flags))


def assess_jump(jump: Jump) -> tuple[Flag, ...]:
    """All doubts about one jump, in the order of the table; rules that lack what they need tell so."""
    with np.errstate(all="ignore"):
        found = [rule.look(jump) for rule in JUMP_FLAGS.values()]
    return tuple(flag for flag in found if flag is not None)


def jump_verdict(flags: Sequence[Flag]) -> Verdict:
    """What a jump with these flags is good for.

    "repeat" if any flag rejects everything, else "peak_only" if any rejects what rests on body weight and onset (forces
    and flight time stay), else "trusted".

    >>> jump_verdict([Flag("SHORT_WEIGHING", "")]), jump_verdict([Flag("NO_LANDING", "")])
    ('peak_only', 'trusted')
    """
    rejects = {JUMP_FLAGS[flag.name].rejects for flag in flags if flag.assessed and flag.name in JUMP_FLAGS}
    if "all" in rejects:
        return "repeat"
    return "peak_only" if "timed" in rejects else "trusted"
