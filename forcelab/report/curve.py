"""The picture of one effort for the client's file: force against time with everything that was read from it.

Left the whole effort and its rise, enlarged, with the onset by every rule; right the verdict, the numbers, what is
withheld and why, and every doubt in words. Force is drawn above the quiet phase, as peak force and RFD are defined.
Computes no metric: marks, values and intervals are those of the evaluation. A jump has a picture of its own.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from forcelab.analysis.onset_method import Found
from forcelab.analysis.smoothing import smoothed
from forcelab.model import Effort, Evaluation, Trace
from forcelab.report.column import write_column
from forcelab.report.ink import CURVE, MUTED, PEAK, QUIET, heading, nothing, page, save, settings, small_print
from forcelab.report.jump import draw_jump
from forcelab.report.notes import outside
from forcelab.report.onset_marks import mark_onset, mark_rules, refusals
from forcelab.report.results import between, shown

_WINDOWS: Final = {f"rfd_0_{ms}": ms / 1000.0 for ms in (50, 100, 150, 200, 250)}
_DASHES: Final = {
    "rfd_0_50": (0, (1, 1)),
    "rfd_0_100": (0, (5, 1)),
    "rfd_0_150": (0, (3, 1, 1, 1)),
    "rfd_0_200": (0, (7, 2)),
    "rfd_0_250": "solid",
}
_LEAST: Final = 20.0
"""N that a panel spans at least, so that noise looks like noise."""
_BEFORE_ONSET, _AFTER_ONSET = 0.2, 0.35


def draw(
    trace: Trace,
    evaluation: Evaluation,
    path: Path,
    *,
    title: str,
    by_rule: Mapping[str, Found] | None = None,
    smooth: float | None = None,
) -> None:
    """Writes the picture of one effort or jump as PNG.

    Args:
        trace: the whole record; of an effort only the stretch around it is drawn.
        evaluation: of one effort or jump in it, or of a record without one.
        path: where to write.
        title: for people; drawn literally.
        by_rule: the onset by every rule (see `evaluate.every_onset`), or None.
        smooth: Hz, cut-off of a filtered curve to be drawn beside that of an effort, for the eye only; None: none.

    Raises:
        OSError: when the file cannot be written.
    """
    with settings():
        save(figure(trace, evaluation, title, by_rule, smooth), path)


def figure(
    trace: Trace,
    evaluation: Evaluation,
    title: str,
    by_rule: Mapping[str, Found] | None = None,
    smooth: float | None = None,
) -> Figure:
    """The picture of one effort or jump, not yet written; to be made and drawn under `ink.settings`."""
    made = page()
    grid = made.add_gridspec(
        2, 2, left=0.07, right=0.975, top=0.895, bottom=0.105, width_ratios=(1.65, 1.0), hspace=0.36, wspace=0.08
    )
    whole, rise = made.add_subplot(grid[0, 0]), made.add_subplot(grid[1, 0])
    if evaluation.jump is not None:
        draw_jump(whole, rise, trace, evaluation)
    else:
        draw_effort(whole, trace, evaluation, smooth)
        draw_rise(rise, trace, evaluation, by_rule or {})
    write_column(made.add_subplot(grid[:, 1]), evaluation, refusals(by_rule or {}))
    heading(made, title)
    small_print(made, _recipe(evaluation))
    return made


def draw_effort(axes: Axes, trace: Trace, evaluation: Evaluation, smooth: float | None = None) -> None:
    """The whole effort: quiet window, threshold, onset, peak with its interval, release."""
    effort = evaluation.effort
    axes.set_xlabel("Time (s)")
    if len(trace.t) == 0:
        nothing(axes, "The record holds no samples.")
        return
    if effort is None:
        axes.set_ylabel("Force (N)")
        axes.plot(trace.t, trace.force, color=CURVE, linewidth=1.2, label="force")
        low, high = float(trace.force.min()), float(trace.force.max())
        axes.set_ylim(min(low, 0.5 * (low + high - _LEAST)), max(high, 0.5 * (low + high + _LEAST)))
        axes.set_title("Nothing to evaluate was found in this record", fontsize=9, loc="left", parse_math=False)
        return
    quiet = effort.baseline
    start = min(quiet.start, effort.onset) - 0.3
    stop = (effort.release if effort.release is not None else float(trace.t[-1])) + 0.5
    seen = (trace.t >= start) & (trace.t <= stop)
    axes.set_ylabel("Force above rest (N)")
    net = trace.force[seen] - quiet.mean
    eased = None if smooth is None else smoothed(trace.t[seen], net, smooth)
    axes.plot(trace.t[seen], net, color=CURVE if eased is None else MUTED, linewidth=1.2, label="force")
    if eased is not None:
        # Not in the legend, which is full: named where it is drawn.
        axes.plot(*eased, color=CURVE, linewidth=1.0, gid="smoothed")
        said = f"black: below {smooth:g} Hz, display only; grey: as recorded"
        axes.text(0.5, 0.5, said, transform=axes.transAxes, ha="center", fontsize=7.5, color=MUTED)
    axes.axvspan(quiet.start, quiet.stop, color=QUIET, alpha=0.18, linewidth=0, label="quiet window")
    mark_onset(axes, effort, zero=0.0, scale=1.0, named=True)
    _mark_peak(axes, effort, evaluation)
    if effort.release is not None:
        axes.axvline(effort.release, color=QUIET, linestyle="dashdot", linewidth=1.2, label="release")
    axes.set_xlim(max(start, float(trace.t[0])), min(stop, float(trace.t[-1])))
    axes.set_ylim(top=effort.peak * 1.22)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=4,
        frameon=False,
        fontsize=7.5,
        handlelength=2.2,
        borderaxespad=0.2,
        columnspacing=1.4,
    )


def _mark_peak(axes: Axes, effort: Effort, evaluation: Evaluation) -> None:
    """The greatest sample, and the band in which the peak of the force itself lies."""
    words = f"peak {shown(effort.peak, 'N')}"
    peak = next((result for result in evaluation.results if result.metric == "peak_force"), None)
    if peak is not None and peak.value is not None and peak.interval is not None:
        axes.axhspan(*peak.interval, color=PEAK, alpha=0.3, linewidth=0.8, label="95 % interval of peak", zorder=1)
        words += f" (95 % {between(peak.interval, 'N')} N)" + (" *" if outside(peak) else "")
    if peak is not None and peak.mark == "rejected":
        words += " (rejected)"
    axes.plot(effort.peak_at, effort.peak, "o", color=PEAK, markeredgecolor=CURVE, markersize=7, label="peak")
    left, right = axes.get_xlim()
    late = effort.peak_at > 0.5 * (left + right)
    axes.annotate(
        words, (effort.peak_at, effort.peak), xytext=(6 if late else -6, 8), textcoords="offset points",
        ha="right" if late else "left", fontsize=9, parse_math=False,
    )  # fmt: skip


def draw_rise(axes: Axes, trace: Trace, evaluation: Evaluation, by_rule: Mapping[str, Found]) -> None:
    """The rise, ms after onset: samples, the onset by every rule, and each RFD that is given with its interval."""
    effort = evaluation.effort
    axes.set_xlabel("Time after onset (ms)")
    axes.set_ylabel("Force above rest (N)")
    if effort is None or len(trace.t) == 0:
        nothing(axes, "There is no onset from which to look at the rise.")
        return
    tau, net = trace.t - effort.onset, trace.force - effort.baseline.mean
    near = (tau >= -_BEFORE_ONSET - 0.1) & (tau <= _AFTER_ONSET + 0.1)
    axes.plot(1000.0 * tau[near], net[near], "-", color=CURVE, linewidth=1.2, marker="o", markersize=_dot(near))
    mark_onset(axes, effort, zero=effort.onset, scale=1000.0, named=False)
    at_onset = float(np.interp(effort.onset, trace.t, trace.force)) - effort.baseline.mean
    _draw_rfd(axes, evaluation, at_onset)
    axes.set_xlim(-1000.0 * _BEFORE_ONSET, 1000.0 * _AFTER_ONSET)
    inside = net[(tau >= -_BEFORE_ONSET) & (tau <= _AFTER_ONSET)]
    if len(inside):
        low, high = min(float(inside.min()), 0.0), max(float(inside.max()), effort.threshold)
        axes.set_ylim(low - 0.08 * (high - low), high + 0.08 * (high - low))
    mark_rules(axes, effort, by_rule)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="lower right", fontsize=7.5, framealpha=0.9, edgecolor=MUTED, handlelength=3.6)


def _draw_rfd(axes: Axes, evaluation: Evaluation, at_onset: float) -> None:
    """A secant for each RFD from onset; the bar at its end spans the force that the ends of its interval lead to."""
    for result in evaluation.results:
        if result.metric not in _WINDOWS or result.value is None:
            continue
        window = _WINDOWS[result.metric]
        colour = PEAK if result.metric in ("rfd_0_50", "rfd_0_150", "rfd_0_250") else QUIET
        mark = f" ({result.mark.replace('_', ' ')})" if result.mark else ""
        interval = f" ({between(result.interval, result.unit)})" if result.interval else ""
        axes.plot(
            (0.0, 1000.0 * window),
            (at_onset, at_onset + result.value * window),
            color=colour,
            linestyle=_DASHES[result.metric],
            linewidth=1.4,
            marker="s",
            markersize=3.5,
            markevery=[1],
            label=f"RFD 0–{1000.0 * window:.0f} ms: {shown(result.value, result.unit)}{interval}{mark}",
        )
        if result.interval is not None:
            ends = [at_onset + slope * window for slope in result.interval]
            axes.plot([1000.0 * window] * 2, ends, color=colour, linewidth=2.2, marker="_", markersize=9, zorder=4)


def _dot(near: NDArray[np.bool_]) -> float:
    """Samples are drawn as dots where there is room for them."""
    return 3.5 if int(near.sum()) < 120 else 0.0


def _recipe(evaluation: Evaluation) -> str:
    """What all numbers have in common: the longest recipe without the metric's own part."""
    longest = max((result.recipe for result in evaluation.results), key=len, default="")
    return longest.partition("; ")[2]
