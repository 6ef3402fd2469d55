"""The onsets of one effort in its picture: the chosen one strongly with its interval, those of other rules faintly.

Each is named above the panel, with a thread down to its line, so that rules a millisecond apart can be told apart.
Computes no onset.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from forcelab.analysis.onset_method import Found
from forcelab.analysis.onset_rules import ONSET_METHODS
from forcelab.model import Effort
from forcelab.report.ink import MUTED, ONSET

_APART: Final = 0.105
"""Least distance of two names, as a share of the panel's width."""
_THREAD: Final = 14.0
"""Points between the panel and the names above it."""


def mark_onset(axes: Axes, effort: Effort, *, zero: float, scale: float, named: bool) -> None:
    """Onset with its interval, and the threshold that made it; `zero` and `scale` say how the axis counts time."""
    by_hand = effort.rule == "manual"
    at = (effort.onset - zero) * scale
    label = "onset, set by hand" if by_hand else "onset"
    axes.axvline(at, color=ONSET, linestyle="dashed", linewidth=1.6, label=label if named else None, zorder=3)
    if effort.onset_interval is not None:
        low, high = ((end - zero) * scale for end in effort.onset_interval)
        axes.axvspan(low, high, color=ONSET, alpha=0.2, linewidth=0, label="95 % interval of onset" if named else None)
        axes.plot((low, high), [effort.threshold] * 2, color=ONSET, linewidth=2.2, marker="|", markersize=9, zorder=4)
    if not by_hand:
        words = f"threshold {effort.threshold:.1f} N" if named else None
        axes.axhline(effort.threshold, color=ONSET, linestyle="dotted", linewidth=1.0, label=words)


def mark_rules(axes: Axes, effort: Effort, by_rule: Mapping[str, Found]) -> None:
    """A faint line for the onset of every other rule, in ms after the chosen one, and the names of all above the panel.

    Args:
        axes: counts ms after onset; its limits are set.
        effort: its onset is the chosen one.
        by_rule: what `every_onset` gave.
    """
    left, right = axes.get_xlim()
    seen = {effort.rule: 0.0}
    for name, found in by_rule.items():
        if found.at is None or name == effort.rule:
            continue
        after = 1000.0 * (found.at - effort.onset)
        if left <= after <= right:
            seen[name] = after
            axes.axvline(after, color=MUTED, linewidth=0.9, alpha=0.6, zorder=1)
    names = sorted(seen, key=lambda name: seen[name])
    places = spread([(seen[name] - left) / (right - left) for name in names], _APART)
    for name, place in zip(names, places, strict=True):
        chosen = name == effort.rule
        axes.annotate(
            "by hand" if name == "manual" else f"{name}\n{'chosen' if chosen else f'{seen[name]:+.1f} ms'}",
            (seen[name], 1.0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(place, _THREAD / (axes.bbox.height * 72.0 / axes.figure.dpi) + 1.0),
            textcoords="axes fraction",
            ha="center",
            va="bottom",
            fontsize=7.0,
            color=ONSET if chosen else MUTED,
            fontweight="bold" if chosen else "normal",
            linespacing=1.0,
            arrowprops={"arrowstyle": "-", "color": ONSET if chosen else MUTED, "linewidth": 0.7, "shrinkA": 0.0,
                        "shrinkB": 0.0, "relpos": (0.5, 0.0)},
            parse_math=False,
        )  # fmt: skip


def spread(wanted: Sequence[float], apart: float) -> list[float]:
    """Places as near as can be to the sorted ones that are wanted, no two nearer than `apart`, all within 0 and 1.

    >>> spread([0.4, 0.4, 0.9], 0.2)
    [0.3, 0.5, 0.9]
    """
    # Least squares under an order: what is too close is pooled and spread about its mean.
    groups: list[list[float]] = []
    for place in wanted:
        groups.append([place])
        while len(groups) > 1 and _span(groups[-2], apart)[1] + apart > _span(groups[-1], apart)[0] + 1e-12:
            last = groups.pop()
            groups[-1] += last
    return [float(at) for group in groups for at in np.linspace(*_span(group, apart), len(group)).round(9)]


def _span(group: Sequence[float], apart: float) -> tuple[float, float]:
    """First and last place of a group that stands about the mean of what its members want, pushed within the panel."""
    half = 0.5 * apart * (len(group) - 1)
    edge = 0.5 * apart
    middle = min(max(sum(group) / len(group), half + edge), max(1.0 - half - edge, half + edge))
    return middle - half, middle + half


def refusals(by_rule: Mapping[str, Found]) -> list[str]:
    """Why rules gave no onset: each reason once with the rules that it concerns."""
    grouped: dict[str, list[str]] = {}
    for name, found in by_rule.items():
        if found.at is None and name in ONSET_METHODS:
            grouped.setdefault(found.reason or "no reason was given", []).append(name)
    return [f"{', '.join(names)}: {why}" for why, names in grouped.items()]
