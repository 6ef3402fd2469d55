"""THE KEYSTONES: from a trial's record to its numbers, doubts and verdict; from trials to scores and sides.

Live recording, replay, re-analysis and `check` all call these, so they cannot disagree. Nothing here reads a file, a
clock or a device; the same traces and the same assessment give the same bits.
"""

from forcelab.evaluate.asked import everything
from forcelab.evaluate.both import LOST, evaluate
from forcelab.evaluate.course import Changed, Errors, course
from forcelab.evaluate.jumps import ground_force
from forcelab.evaluate.one_clock import whole
from forcelab.evaluate.onsets import every_onset
from forcelab.evaluate.series import SERIES, evaluate_series
from forcelab.evaluate.sides import LSI_FORMULA, UNKNOWN_ERROR, Comparison, compare_sides
from forcelab.evaluate.summary import MIXED, SideSummary, Summary, summarise
from forcelab.evaluate.trial import same_definition, strongest, supported, weak_pushes
from forcelab.evaluate.uncertain import intervals_asked

__all__ = [
    "LOST",
    "LSI_FORMULA",
    "MIXED",
    "SERIES",
    "UNKNOWN_ERROR",
    "Changed",
    "Comparison",
    "Errors",
    "SideSummary",
    "Summary",
    "compare_sides",
    "course",
    "evaluate",
    "evaluate_series",
    "every_onset",
    "everything",
    "ground_force",
    "intervals_asked",
    "same_definition",
    "strongest",
    "summarise",
    "supported",
    "weak_pushes",
    "whole",
]
