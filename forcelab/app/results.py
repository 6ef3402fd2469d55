"""The few numbers at the end: the best of each side, and left against right with its formula beside it.

They are those of `summarise`: none is computed here. Knows no engine.
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from forcelab.app.labels import Card, Text, number
from forcelab.app.palette import Theme
from forcelab.app.words import say
from forcelab.evaluate import summarise
from forcelab.model import Side, TrialView


def best_trial(trials: Sequence[TrialView], side: Side) -> TrialView | None:
    """The trial that stands for a side: the one that `summarise` took its best peak from."""
    best = summarise(trials).best.get(side)
    for trial in trials:
        effort = trial.evaluation.effort if trial.evaluation else None
        counts = trial.side == side and not (trial.practice or trial.excluded) and effort is not None
        if counts and effort is not None and effort.peak == best:
            return trial
    return None


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
        summary = summarise(trials)
        texts = [say("no_value")] * len(self.values)
        for index, side in enumerate(self._sides):
            if side in summary.best:
                texts[index] = say("newtons", value=number(summary.best[side]))
        if summary.lsi is not None:
            texts[2] = f"{number(summary.lsi, 1)} %"
        formula = summary.formula if summary.lsi is not None else ""
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
