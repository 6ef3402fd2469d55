"""A fixed share of `python -m tests.studies analyse`: tables never seen before, through the command as people run it.

The truth comes from the curves' own formulas. Held to less than the study: of so few records even 88 % is no wonder.
"""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from tests.studies.analyse import Answer, Row, far_off, rows, run, truths
from tests.studies.strangers import NEWTONS, RATES, SHAPES, Push, stranger

SEEDS = range(40)


@pytest.fixture(scope="module")
def found() -> list[Answer]:
    return run(SEEDS)


def test_intervals_hold_the_truth_as_often_as_they_say(found: Sequence[Answer]) -> None:
    table = rows(found)
    assert len(table) == 20
    assert [str(row) for row in table if row.verdict != "kept"] == []


def test_no_displayed_peak_is_off_by_more_than_its_noise(found: Sequence[Answer]) -> None:
    assert far_off(found) == []


def test_numbers_lie_near_the_truth(found: Sequence[Answer]) -> None:
    # An interval as wide as the world would hold everything: half of them are narrower than 15 % of the number.
    wide = [(a.high - a.low) / abs(a.true) for a in found if a.metric in ("rfd_0_200", "impulse_0_250", "rfd_20_80")]
    assert np.median(wide) < 0.15


def test_the_tables_are_as_various_as_they_are_said_to_be() -> None:
    made = [stranger(seed) for seed in SEEDS]
    pushes = [push for one in made for push in one.pushes.values()]
    assert {push.shape for push in pushes} == set(SHAPES)
    assert {one.rate for one in made} == set(RATES)
    assert all(any(f"({unit})".encode() in one.text for one in made) for unit in NEWTONS)
    assert any("left" in one.pushes for one in made)
    assert any(one.text.startswith(b"#") for one in made)
    assert stranger(7).text == stranger(7).text


def test_the_truths_are_those_of_a_curve_solved_by_hand() -> None:
    # 2000 N/s for 0.25 s on 20 N: 2 % of 500 N are passed 5 ms late.
    ramp = Push("ramp", lambda t: 20.0 + 2000.0 * np.clip(t - 1.5, 0.0, 0.25), 1.5, 500.0, 20.0, 0.1, 0.05)
    true = truths(ramp)
    assert true["peak_force"] == pytest.approx(500.0)
    assert true["peak_force_gross"] == pytest.approx(520.0)
    assert true["mean_1s"] == pytest.approx(500.0)
    assert true["rfd_20_80"] == pytest.approx(2000.0)
    for w in (50, 100, 150, 200):
        assert true[f"rfd_0_{w}"] == pytest.approx(2000.0)
        assert true[f"force_at_{w}"] == pytest.approx(10.0 + 2.0 * w)
        assert true[f"impulse_0_{w}"] == pytest.approx(0.01 * w + 1000.0 * (w / 1000) ** 2)


def test_too_few_and_too_wide_are_told() -> None:
    assert Row("any", 300, 0, 285, 1.0).verdict == "kept"
    assert Row("any", 300, 0, 265, 1.0).verdict == "too few"
    assert Row("any", 3000, 0, 2990, 1.0).verdict == "more than promised"
    assert Row("any", 300, 5, 285, 1.0).verdict == "too often without"
    low, high = Row("any", 300, 0, 285, 1.0).band
    chance = [math.comb(300, k) * 0.95**k * 0.05 ** (300 - k) for k in range(301)]
    assert sum(chance[:low]) < 0.0005 <= sum(chance[: low + 1])
    assert sum(chance[high + 1 :]) <= 0.0005 < sum(chance[high:])
