"""The picture of one jump: force with body weight, its phases shaded and named, the heights in words.

Draws what the evaluation says; computes no mark and no number.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from forcelab.model import Evaluation, JumpMarks, Trace, Weighing
from forcelab.report.ink import CURVE, MUTED, ONSET, PEAK, QUIET
from forcelab.report.results import between, shown, term

_HEIGHTS: Final = ("jump_height", "jump_height_flight", "jump_height_com")
_SHADES: Final = {
    "unweighting": (QUIET, 0.12),
    "braking": (PEAK, 0.22),
    "propulsion": (ONSET, 0.16),
    "flight": (MUTED, 0.08),
    "landing": (QUIET, 0.22),
}
_BEFORE, _AFTER = 0.35, 0.35


def draw_jump(whole: Axes, near: Axes, trace: Trace, evaluation: Evaluation) -> None:
    """The whole record above, the jump itself below.

    Args:
        whole: panel of the record.
        near: panel of the jump.
        trace: ground force, gross.
        evaluation: its `jump` is not None.
    """
    marks = evaluation.jump
    assert marks is not None, "only jumps are drawn here"
    for axes in (whole, near):
        axes.set_xlabel("Time (s)")
        axes.set_ylabel("Ground force (N)")
    _record(whole, trace, marks, evaluation.weighing)
    first = marks.onset if marks.onset is not None else marks.takeoff
    last = next(at for at in (marks.settled, marks.landing, marks.takeoff) if at is not None)
    seen = (trace.t >= first - _BEFORE - 0.1) & (trace.t <= last + _AFTER + 0.1)
    near.plot(trace.t[seen], trace.force[seen], color=CURVE, linewidth=1.2)
    near.set_xlim(first - _BEFORE, last + _AFTER)
    top = float(np.max(trace.force[seen], initial=1.0))
    near.set_ylim(-0.06 * top, 1.4 * top)
    if evaluation.weighing is not None:
        near.axhline(evaluation.weighing.weight, color=QUIET, linestyle="dashed", linewidth=1.1)
    if marks.onset is not None:
        near.axvline(marks.onset, color=ONSET, linestyle="dashed", linewidth=1.4)
        near.annotate("onset", (marks.onset, 1.0), xycoords=near.get_xaxis_transform(), xytext=(-4, -11),
                      textcoords="offset points", ha="right", fontsize=8, color=ONSET, parse_math=False)  # fmt: skip
    _name_phases(near, marks)
    near.set_title(_heights(evaluation), fontsize=8.5, loc="left", parse_math=False)


def _record(axes: Axes, trace: Trace, marks: JumpMarks, weighing: Weighing | None) -> None:
    axes.plot(trace.t, trace.force, color=CURVE, linewidth=1.0, label="force")
    if weighing is not None:
        words = f"body weight {shown(weighing.weight, 'N')}" + (", given" if weighing.given else "")
        axes.axhline(weighing.weight, color=QUIET, linestyle="dashed", linewidth=1.1, label=words)
        if not weighing.given:
            axes.axvspan(weighing.start, weighing.stop, color=QUIET, alpha=0.18, linewidth=0, label="weighing")
    axes.axhline(marks.threshold, color=ONSET, linestyle="dotted", linewidth=1.0,
                 label=f"plate empty below {shown(marks.threshold, 'N')}")  # fmt: skip
    axes.set_xlim(float(trace.t[0]), float(trace.t[-1]))
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False, fontsize=7.5, handlelength=2.2,
                borderaxespad=0.2, columnspacing=1.4)  # fmt: skip


def phases(marks: JumpMarks) -> Iterator[tuple[str, float, float]]:
    """The phases that the record holds: name, begin and end in s.

    >>> from forcelab.model import JumpMarks
    >>> sj = JumpMarks("sj", 1.0, 0.97, None, 0.97, 1.4, 1.9, None, 20.0, 0.0, 0.0, "rest")
    >>> list(phases(sj))
    [('propulsion', 0.97, 1.4), ('flight', 1.4, 1.9)]
    """
    spans = (
        ("unweighting", marks.start if marks.lowest_velocity is not None else None, marks.lowest_velocity),
        ("braking", marks.start if marks.kind == "dj" else marks.lowest_velocity, marks.turn),
        ("propulsion", marks.turn, marks.takeoff),
        ("flight", marks.takeoff, marks.landing),
        ("landing", marks.landing, marks.settled),
    )
    for name, begin, end in spans:
        if begin is not None and end is not None and end > begin:
            yield name, begin, end


def _name_phases(axes: Axes, marks: JumpMarks) -> None:
    """Shades the phases; names stand in two rows by turns, so that short ones do not run into each other."""
    for place, (name, begin, end) in enumerate(phases(marks)):
        colour, alpha = _SHADES[name]
        axes.axvspan(begin, end, color=colour, alpha=alpha, linewidth=0)
        axes.axvline(begin, color=MUTED, linewidth=0.6)
        axes.annotate(
            f"{name}\n{1000.0 * (end - begin):.0f} ms",
            (0.5 * (begin + end), 1.0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(0, -4 - 22 * (place % 2)),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=7.5,
            linespacing=1.0,
            parse_math=False,
        )


def _heights(evaluation: Evaluation) -> str:
    """The heights with their intervals, as far as they were asked for and are given."""
    told = []
    for result in evaluation.results:
        if result.metric in _HEIGHTS and result.value is not None:
            interval = f" ({between(result.interval, result.unit)})" if result.interval else ""
            mark = f" ({result.mark.replace('_', ' ')})" if result.mark else ""
            told.append(f"{term(result.metric)} {shown(result.value, result.unit)}{interval}{mark}")
    return " · ".join(told)
