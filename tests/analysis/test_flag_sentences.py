"""Every doubt is told in one sentence that names what was seen, and then says what to do about it."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import pytest

from forcelab.analysis.flags_record import UNSETTLED
from forcelab.analysis.jump.flags import JUMP_FLAGS, assess_jump
from forcelab.analysis.quality import FLAGS
from forcelab.evaluate import evaluate
from forcelab.model import Flag
from tests.analysis.jump import vectors
from tests.signals import SPOILT, assessment, sample

DO: Final = (
    "bring", "check", "choose", "dip", "hold", "keep", "land", "let go", "look", "push", "put", "read", "relax",
    "repeat", "rest", "stand", "test", "use", "wait", "weigh", "zero", "record", "do not",
)  # fmt: skip
"""Verbs with which a clause begins that asks a person for something."""


def raised_by_efforts() -> dict[str, Flag]:
    asked = assessment()
    return {
        flag.name: flag
        for signal in SPOILT
        for evaluation in evaluate({"total": sample(signal, 1000.0, noise=0.2, resolution=0.05)}, asked)
        for flag in evaluation.flags
        if flag.assessed
    }


def raised_by_jumps() -> dict[str, Flag]:
    found = (assess_jump(vector.jump(1000.0, 1.0, seed=0)) for vector in vectors.SPOILT)
    return {flag.name: flag for flags in found for flag in flags if flag.assessed}


def well_said(flag: Flag) -> bool:
    sentence = flag.sentence
    clauses = re.split(r"[:;,] (?:and |then |for RFD )?", sentence)
    return (
        (sentence[0].isupper() or sentence[0].isdigit())
        and sentence.endswith(".")
        and ". " not in sentence
        and not set("{}_") & set(sentence)
        and any(clause.startswith(DO) for clause in clauses[1:])
    )


@pytest.mark.parametrize(("table", "raised"), [(FLAGS, raised_by_efforts), (JUMP_FLAGS, raised_by_jumps)])
def test_every_flag_says_what_to_do(table: Mapping[str, object], raised: Callable[[], dict[str, Flag]]) -> None:
    told = {"SCALE": Flag("SCALE", UNSETTLED)} | raised()  # of the sensor's family, and of no spoilt record
    assert set(table) - set(told) <= {"NO_ONSET"}  # which comes from a rule, likewise
    assert {flag.name: flag.sentence for flag in told.values() if not well_said(flag)} == {}


@pytest.mark.parametrize(
    "sentence",
    ["Force dipped.", "Force dipped: do not swing. Repeat.", "force dipped: do not swing.", "Force dipped: it is bad.",
     "Force dipped by {value}: do not swing."],
)  # fmt: skip
def test_what_says_nothing_to_do_is_no_good(sentence: str) -> None:
    assert well_said(Flag("ANY", "Force dipped by 5 N: do not swing."))
    assert not well_said(Flag("ANY", sentence))
