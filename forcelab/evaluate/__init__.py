"""THE KEYSTONES: from a trial's record to its numbers, doubts and verdict; from trials to scores and sides.

Live recording, replay, re-analysis and `check` all call these, so they cannot disagree. Nothing here reads a file, a
clock or a device; the same traces and the same assessment give the same bits.
"""

from forcelab.evaluate.summary import LSI_FORMULA, Summary, summarise
from forcelab.evaluate.trial import evaluate, same_definition, strongest, supported, weak_pushes

__all__ = [
    "LSI_FORMULA",
    "Summary",
    "evaluate",
    "same_definition",
    "strongest",
    "summarise",
    "supported",
    "weak_pushes",
]
