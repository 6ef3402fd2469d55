"""Every spoilt jump is caught and no clean one accused, over seeds of noise.

A small share of the seeds; `python -m tests.studies flags` runs them all and writes the table of rates.
"""

from dataclasses import replace

import numpy as np
import pytest

from forcelab.analysis.jump.find import find_jumps
from forcelab.analysis.jump.flags import JUMP_FLAGS, assess_jump
from forcelab.analysis.jump.jump import Jump
from tests.analysis.jump.signals import WEIGHT, countermovement, sample, squat
from tests.analysis.jump.vectors import CAPACITY, CLEAN, SPOILT, Vector

SEEDS = range(15)


def names(jump: Jump) -> set[str]:
    return {flag.name for flag in assess_jump(jump)}


@pytest.mark.parametrize("rate", [1000.0, 500.0])
@pytest.mark.parametrize("noise", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("vector", CLEAN, ids=lambda vector: vector.name)
def test_clean_is_silent(vector: Vector, noise: float, rate: float) -> None:
    for seed in SEEDS:
        assert names(vector.jump(rate, noise, seed)) == set(), seed


@pytest.mark.parametrize("rate", [1000.0, 500.0])
@pytest.mark.parametrize("vector", SPOILT, ids=lambda vector: vector.name)
def test_spoilt_is_caught(vector: Vector, rate: float) -> None:
    for seed in SEEDS:
        flags = {flag.name: flag for flag in assess_jump(vector.jump(rate, 1.0, seed)) if flag.assessed}
        assert vector.expected <= set(flags), seed


def test_a_clipped_plate_is_told_also_behind_the_sum() -> None:
    trace = sample(countermovement())
    right = replace(trace, force=np.minimum(0.5 * trace.force, 1000.0), capacity=1000.0)
    left = replace(trace, force=0.5 * trace.force, capacity=CAPACITY)
    total = replace(trace, force=left.force + right.force)
    (jump,) = find_jumps(total, "cmj", sides={"left": left, "right": right})
    assert any(flag.name == "CLIPPED" and flag.assessed for flag in assess_jump(jump))
    (alone,) = find_jumps(replace(total, capacity=11_000.0), "cmj")
    assert "CLIPPED" not in names(alone)
    assert any(f.name == "CLIPPED" and not f.assessed for f in assess_jump(find_jumps(total, "cmj")[0]))


def test_every_flag_has_a_spoilt_jump() -> None:
    # One flag is of the plate's family, and no jump raises it.
    assert frozenset().union(*(vector.expected for vector in SPOILT)) == set(JUMP_FLAGS) - {"SCALE"}


def test_a_squat_jump_without_a_dip_is_not_accused_for_its_body_weight() -> None:
    (jump,) = find_jumps(sample(squat(dipping=0.02 * WEIGHT), noise=1.0), "sj")
    assert "DIP" not in names(jump)
