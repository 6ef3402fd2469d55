"""What the sum of two sensors may promise: no more than both sides, and no more than their clocks."""

import pytest

from forcelab.evaluate.apart import APART_RULE, apart
from forcelab.model import Baseline, Effort, Evaluation, Result, Role

EFFORT = Effort(1.0, 2.0, 3.0, 450.0, 5.0, "percent/1", Baseline(0.0, 0.1, 0.0, 0.5))
Range = tuple[float, float]


def told(value: float | None, interval: Range | None, why: str | None = None) -> Evaluation:
    given = Result("peak_force", value, "N", "r", interval=interval, no_interval=why)
    return Evaluation(EFFORT, (given,), (), "trusted", "rules")


def of(
    value: float, interval: Range | None, *, left: Evaluation, right: Evaluation, moved: tuple[float | None, ...] = ()
) -> Result:
    parts: dict[Role, Evaluation] = {"left": left, "right": right}
    total = told(value, interval, None if interval else "no interval: coarse")
    made = apart(total, parts, [told(one, None) for one in moved])
    assert made.rules.endswith(APART_RULE)
    return made.results[0]


LEFT, RIGHT = told(200.0, (150.0, 290.0)), told(250.0, (249.0, 252.0))


def test_an_interval_of_the_sum_reaches_as_far_as_those_of_both_sides_added() -> None:
    assert of(450.0, (449.9, 450.1), left=LEFT, right=RIGHT).interval == pytest.approx((399.0, 542.0))


def test_it_keeps_what_the_sum_itself_leaves_open_and_grows_by_the_clocks() -> None:
    made = of(450.0, (380.0, 550.0), left=LEFT, right=RIGHT, moved=(430.0, 451.0))
    assert made.interval == pytest.approx((360.0, 551.0))
    assert made.mark is None


def test_without_the_interval_of_a_side_the_sum_has_none_for_that_reason() -> None:
    made = of(450.0, (449.0, 451.0), left=told(200.0, None, "no interval: too coarse"), right=RIGHT)
    assert made.interval is None
    assert made.no_interval == "no interval: a side has none (left: too coarse)"


@pytest.mark.parametrize(
    ("moved", "mark"),
    [((449.0, 451.0), None), ((440.0, 460.0), "indicative"), ((400.0, 460.0), "rejected"), ((None, 450.0), "rejected")],
)
def test_without_interval_the_clocks_are_told_and_take_what_they_move_too_far(
    moved: tuple[float | None, ...], mark: str | None
) -> None:
    made = of(450.0, None, left=LEFT, right=RIGHT, moved=moved)
    assert (made.value, made.interval, made.mark) == (450.0, None, mark)
    if None not in moved:
        assert f"the clocks alone leave {moved[0]:.4g} to {moved[1]:.4g} N" in (made.no_interval or "")


def test_where_no_intervals_were_asked_for_the_mark_is_the_same_and_nothing_is_said_of_them() -> None:
    parts: dict[Role, Evaluation] = {"left": told(200.0, None), "right": told(250.0, None)}
    (made,) = apart(told(450.0, None), parts, [told(300.0, None)]).results
    assert (made.mark, made.interval, made.no_interval) == ("rejected", None, None)
