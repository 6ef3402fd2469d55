"""One page with all trials of a session: small curves on common axes, a row a side, with peak, verdict and doubts.

For the look across: are the trials alike, are the sides alike. Numbers are those of the evaluations and of the summary
that every other view shows; computes none.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from forcelab.analysis.scores import Score
from forcelab.evaluate import Summary
from forcelab.model import Array, Side, TrialView
from forcelab.report.column import VERDICT_COLOURS
from forcelab.report.ink import CURVE, MUTED, ONSET, QUIET, heading, nothing, page, save, settings, small_print
from forcelab.report.results import shown, term, verdict_words
from forcelab.report.summary import SHORT_RULES, real_difference

_SIDES: Final[tuple[Side, ...]] = ("left", "right", "both")
_ACROSS: Final = 6
_BEFORE: Final = 0.5


def draw_session(trials: Sequence[TrialView], summary: Summary, path: Path, *, title: str) -> None:
    """Writes the page of a session as PNG.

    Args:
        trials: of one session, in any order; practice and trials that were left out are drawn pale.
        summary: what they come to.
        path: where to write.
        title: for people; drawn literally.

    Raises:
        OSError: when the file cannot be written.
    """
    with settings():
        save(session_figure(trials, summary, title), path)


def session_figure(trials: Sequence[TrialView], summary: Summary, title: str) -> Figure:
    """The page of a session, not yet written; to be made and drawn under `ink.settings`."""
    rows = _rows(trials)
    across = max((len(row) for row in rows), default=1)
    made = page((11.69, max(3.4, 1.6 + 2.2 * len(rows))))
    height = made.get_figheight()
    heading(made, title).set_y(1.0 - 0.35 / height)
    made.text(0.045, 1.0 - 0.68 / height, _summary(summary), fontsize=9, va="center", parse_math=False)
    doubt = real_difference(summary)
    made.text(0.045, 1.0 - 0.92 / height, doubt, fontsize=8, va="center", color=MUTED, parse_math=False)
    small_print(made, "peak force above rest; practice and excluded trials are pale and do not count")
    grid = made.add_gridspec(
        max(len(rows), 1),
        across,
        left=0.07,
        right=0.98,
        top=1.0 - 1.5 / height,
        bottom=0.8 / height,
        hspace=0.75,
        wspace=0.12,
    )
    if not rows:
        nothing(made.add_subplot(grid[0, 0]), "The session holds no trials.")
    (start, stop), top = _reach(trials)
    for down, row in enumerate(rows):
        for right, trial in enumerate(row):
            axes = made.add_subplot(grid[down, right])
            _draw_trial(axes, trial)
            axes.set_xlim(start, stop)
            axes.set_ylim(-0.05 * top, 1.08 * top)
            if right == 0:
                axes.set_ylabel(f"{trial.side}\nForce (N)")
            else:
                axes.tick_params(labelleft=False)
            if down == len(rows) - 1:
                axes.set_xlabel("Time after onset (s)")
    return made


def _rows(trials: Sequence[TrialView]) -> list[list[TrialView]]:
    """Sides one below the other, trials in order, at most six in a row."""
    rows = []
    for side in _SIDES:
        own = sorted((trial for trial in trials if trial.side == side), key=lambda trial: trial.trial)
        rows += [own[at : at + _ACROSS] for at in range(0, len(own), _ACROSS)]
    return rows


def _net(trial: TrialView) -> tuple[Array, Array] | None:
    """Time after onset in s and force above rest in N; without an effort, time from the start and gross force."""
    if trial.trace is None or len(trial.trace.t) == 0:
        return None
    effort = trial.evaluation.effort if trial.evaluation is not None else None
    if effort is None:
        return trial.trace.t - trial.trace.t[0], trial.trace.force
    return trial.trace.t - effort.onset, trial.trace.force - effort.baseline.mean


def _reach(trials: Sequence[TrialView]) -> tuple[tuple[float, float], float]:
    """Common axes: s around the onsets, N up to the greatest force."""
    curves = [curve for curve in map(_net, trials) if curve is not None]
    stop = max((float(t[-1]) for t, _ in curves), default=1.0)
    return (-_BEFORE, max(stop, 1.0)), max((float(np.max(force)) for _, force in curves), default=1.0) or 1.0


def _draw_trial(axes: Axes, trial: TrialView) -> None:
    pale = trial.practice or trial.excluded
    evaluation, curve = trial.evaluation, _net(trial)
    if curve is None:
        nothing(axes, "no curve")
    else:
        axes.plot(*curve, color=MUTED if pale else CURVE, linewidth=1.0, linestyle="dotted" if pale else "solid")
    effort = evaluation.effort if evaluation is not None else None
    if effort is not None:
        axes.axvline(0.0, color=ONSET, linestyle="dashed", linewidth=1.0)
        axes.plot(effort.peak_at - effort.onset, effort.peak, "o", color=QUIET, markersize=4)
    peak = shown(effort.peak, "N") if effort is not None else "no effort"
    _above(axes, f"{trial.number} · {peak}", 13.0, size=9.0, colour=CURVE, bold=True)
    state = [word for word, so in (("practice", trial.practice), ("excluded", trial.excluded)) if so]
    flags = []
    if evaluation is not None:
        state.append(verdict_words(evaluation).name)
        flags = [flag.name for flag in evaluation.flags if flag.assessed]
    words = ", ".join(state)
    if flags:
        words += f": {flags[0]}" + (f" +{len(flags) - 1}" if len(flags) > 1 else "")
    colour = MUTED if pale or evaluation is None else VERDICT_COLOURS[evaluation.verdict]
    _above(axes, words, 4.0, size=7.5, colour=colour, bold=False)


def _above(axes: Axes, words: str, points: float, *, size: float, colour: str, bold: bool) -> None:
    """Words above a panel, so many points over its edge."""
    axes.annotate(
        words,
        (0.0, 1.0),
        xycoords="axes fraction",
        xytext=(0.0, points),
        textcoords="offset points",
        fontsize=size,
        color=colour,
        fontweight="bold" if bold else "normal",
        parse_math=False,
    )


def _summary(summary: Summary) -> str:
    """The score of each side with its rule and number of trials, and the symmetry index with its formula."""
    scores = {side: found for side in _SIDES if (found := summary.score(side)) is not None}
    if not scores:
        return "No trial counts."
    told = [f"{side} {shown(found.value, found.unit)} ({_of(found, summary, side)})" for side, found in scores.items()]
    first = summary.comparison
    lsi = f" · {first.lsi.formula} = {first.lsi.value:.1f} %" if first and first.lsi else ""
    return f"{term(summary.scored)}: {', '.join(told)}{lsi}"


def _of(score: Score, summary: Summary, side: Side) -> str:
    """The rule of a score and of how many trials it was taken."""
    return f"{SHORT_RULES[score.rule]} of {summary.sides[side].counted}"
