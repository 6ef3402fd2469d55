"""The few numbers at the end: the best of each side, and left against right with its formula beside it.

Practice, excluded trials and trials to be repeated do not count. Knows no engine.
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from forcelab.app.labels import Card, Text, number
from forcelab.app.palette import Theme
from forcelab.app.trial_table import result_of
from forcelab.app.words import say
from forcelab.model import Side, TrialView


def best_trial(trials: Sequence[TrialView], side: Side) -> TrialView | None:
    """The trial that stands for a side: the largest trustworthy peak force."""
    scores = []
    for trial in trials:
        result = result_of(trial, "peak_force")
        counts = trial.evaluation is not None and trial.evaluation.verdict != "repeat"
        if trial.side != side or not counts or trial.practice or trial.excluded:
            continue
        if result is not None and result.value is not None:
            scores.append((result.value, trial))
    return max(scores, key=lambda pair: pair[0])[1] if scores else None


def peak_of(trial: TrialView | None) -> float | None:
    """Peak force of a trial, N."""
    result = result_of(trial, "peak_force") if trial else None
    return result.value if result else None


class ResultStrip(Card):
    """Best left, best right, left against right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._sides: tuple[Side, ...] = ("left", "right")
        self.captions = [Text(say("best_left")), Text(say("best_right")), Text(say("symmetry"))]
        self.values = [Text("", 1.8, bold=True) for _ in self.captions]
        self.formula = Text("", 0.9, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(0)
        for caption, value in zip(self.captions, self.values, strict=True):
            column.addWidget(caption)
            column.addWidget(value)
        column.addWidget(self.formula)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.wear(theme)
        self.show_trials(())

    def show_trials(self, trials: Sequence[TrialView]) -> None:
        """Show what the trials come to."""
        peaks = [peak_of(best_trial(trials, side)) for side in self._sides]
        texts = [_newtons(peak) for peak in peaks] + [say("no_value")] * (3 - len(peaks))
        left, right = (*peaks, None)[:2]
        formula = ""
        if left and right:
            texts[2] = f"{number(100 * min(left, right) / max(left, right), 1)} %"
            formula = say("symmetry_formula", weaker=say("limb_left" if left < right else "limb_right"))
        for caption, value, words in zip(self.captions, self.values, texts, strict=True):
            value.say(words)
            value.setAccessibleName(f"{caption.text()} {words}")
        self.formula.say(formula)

    def show_sides(self, *, both: bool) -> None:
        """Prepare for a test of each side by itself, or of both at once, which has no symmetry to tell."""
        self._sides = ("both",) if both else ("left", "right")
        self.captions[0].say(say("best_both" if both else "best_left"))
        for text in (*self.captions[1:], *self.values[1:], self.formula):
            text.setVisible(not both)

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for text in (*self.captions, self.formula):
            text.paint_in(theme.muted)


def _newtons(value: float | None) -> str:
    return say("no_value") if value is None else say("newtons", value=number(value))
