"""What is worked out once and kept for the next trial must not be seen in a trial that asks something else."""

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import msgspec

from forcelab.evaluate import evaluate
from forcelab.evaluate.asked import asked, unknown
from forcelab.model import Assessment, Evaluation, OnsetRule, Trace
from tests.signals import ONSET, S4, assessment, sample

RATES = {rate: sample(S4, rate, noise=0.3) for rate in (80.0, 99.0, 250.0, 1000.0)}
ASSESSMENTS = (
    assessment("peak_force", "peak_rfd", "rfd_0_50", "rfd_0_100"),
    assessment("rfd_0_100", "peak_torque", "peak_force", "mean_1s"),
    msgspec.structs.replace(
        assessment("peak_force", "peak_rfd", "rfd_0_50", "rfd_0_100"), onset=OnsetRule(percent=3.0)
    ),
    msgspec.structs.replace(assessment("peak_force", "rfd_0_50"), onset=OnsetRule(rule="sd5")),
)

Call = Callable[[], tuple[Evaluation, ...]]


def calls() -> list[Call]:
    """Every way of asking, each by itself."""

    def call(assessed: Assessment, trace: Trace, at: float | None, show_all: bool) -> Call:
        return partial(evaluate, {"total": trace}, assessed, onset_at=at, show_all=show_all, intervals=False)

    return [
        call(assessed, replace(trace, rate_estimated=estimated, own_time=own_time), at, show_all)
        for assessed, trace, estimated, own_time, at, show_all in itertools.product(
            ASSESSMENTS, RATES.values(), (False, True), (True, False), (None, ONSET), (False, True)
        )
    ]


def test_what_is_kept_for_one_question_does_not_answer_another() -> None:
    fresh = []
    for call in calls():
        asked.cache_clear()
        unknown.cache_clear()
        fresh.append(call())
    # Many ways of asking tell something of their own, so that an answer to another one would be seen.
    assert len({repr(evaluations) for evaluations in fresh}) > 100
    order = random.Random(0).choices(range(len(fresh)), k=2 * len(fresh))
    made = calls()
    for k in order:
        assert made[k]() == fresh[k]
    assert asked.cache_info().hits > 0
