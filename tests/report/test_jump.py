"""The picture of a jump: body weight, phases and heights as the evaluation says, on the closed-form jump."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from forcelab.assessments import available
from forcelab.evaluate import evaluate
from forcelab.model import Evaluation, Trace
from forcelab.report.jump import phases
from tests.analysis.jump.signals import countermovement, drop, sample
from tests.report.test_curve import lines, made, points, said, words


def evaluated(trace: Trace, assessment: str) -> Evaluation:
    return evaluate({"total": trace}, available()[assessment][0])[0]


def test_the_phases_of_a_countermovement_jump_are_shaded_from_mark_to_mark() -> None:
    trace = sample(countermovement())
    evaluation = evaluated(trace, "cmj")
    marks = evaluation.jump
    assert marks is not None
    found = list(phases(marks))
    assert [name for name, _, _ in found][:4] == ["unweighting", "braking", "propulsion", "flight"]
    drawn = made(trace, evaluation)
    near = drawn.axes[1]
    shaded = [
        (patch.get_x(), patch.get_x() + patch.get_width()) for patch in near.patches if isinstance(patch, Rectangle)
    ]
    assert shaded == pytest.approx([pytest.approx((begin, end)) for _, begin, end in found])
    for name, begin, end in found:
        assert f"{name}\n{1000.0 * (end - begin):.0f} ms" in words(drawn)


def test_body_weight_weighing_and_heights_stand_in_the_picture() -> None:
    trace = sample(countermovement())
    evaluation = evaluated(trace, "cmj")
    weighing = evaluation.weighing
    assert weighing is not None
    drawn = made(trace, evaluation)
    (line,) = lines(drawn.axes[0], "body weight")
    assert points(line)[1] == pytest.approx(weighing.weight)
    assert "Jump height (impulse) 0.31" in said(drawn)
    assert "Jump height (flight time)" in said(drawn)


def test_a_drop_jump_has_no_unweighting_and_begins_at_touch_down() -> None:
    evaluation = evaluated(sample(drop()), "dj_30")
    assert evaluation.jump is not None
    names = [name for name, _, _ in phases(evaluation.jump)]
    assert names[:3] == ["braking", "propulsion", "flight"]
    assert "unweighting" not in said(made(sample(drop()), evaluation))


def test_a_record_without_a_jump_is_drawn_with_the_reason() -> None:
    flat = Trace(np.arange(3000) / 1000.0, np.full(3000, 700.0), 1000.0)
    drawn = made(flat, evaluated(flat, "cmj"))
    assert "Nothing to evaluate was found in this record" in words(drawn)
