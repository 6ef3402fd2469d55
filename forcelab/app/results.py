"""The few numbers at the end: the score of each side, left against right with its formula, and whether to go on.

They are those of `summarise`: none is computed here. Knows no engine.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout

from forcelab.app.labels import Card, Text, in_unit
from forcelab.app.palette import Theme
from forcelab.app.words import say
from forcelab.evaluate import SideSummary, Summary, summarise
from forcelab.model import Side, TrialView, View


def summary_of(view: View) -> Summary | None:
    """What the trials of a session come to so far; None before it is known which test they are of."""
    if view.assessment is None:
        return None
    return summarise(with_parts(view.trials), view.assessment, planned=view.trials_wanted or None)


def with_parts(trials: Sequence[TrialView]) -> list[TrialView]:
    """The trials, each followed by what each of two sensors made of it."""
    return [one for trial in trials for one in (trial, *trial.parts)]


def best_trial(trials: Sequence[TrialView], summary: Summary | None, side: Side) -> TrialView | None:
    """The one trial that stands for a side; None where its score is a mean of several."""
    score = summary.score(side) if summary else None
    if score is None or score.rule != "best":
        return None
    return next((trial for trial in trials if (trial.side, trial.trial) == (side, score.trials[0])), None)


class ResultStrip(Card):
    """Score of the left side, of the right, left against right, and below them what else is to be said."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._sides: tuple[Side, ...] = ("left", "right")
        self.captions = [Text(say("best_left")), Text(say("best_right")), Text(say("symmetry"))]
        self.values = [Text("", 1.8, bold=True) for _ in self.captions]
        self.formula = Text("", 0.9, wrap=True)
        self.advice = Text("", 0.9, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(0)
        pairs = QGridLayout()
        pairs.setColumnStretch(0, 1)
        for row, (caption, value) in enumerate(zip(self.captions, self.values, strict=True)):
            pairs.addWidget(caption, row, 0)
            pairs.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        column.addLayout(pairs)
        column.addWidget(self.formula)
        column.addWidget(self.advice)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.wear(theme)
        self.show_summary(None)

    def show_summary(self, summary: Summary | None) -> None:
        """Show what the trials come to."""
        texts = [say("no_value")] * len(self.values)
        for index, side in enumerate(self._sides):
            score = summary.score(side) if summary else None
            if score is not None and score.value is not None:
                texts[index] = f"{in_unit(score.value, score.unit)} {score.unit}"
                self.captions[index].say(say(f"{'best' if score.rule == 'best' else 'mean'}_{side}"))
        first = summary.comparison if summary else None
        about = ""
        if first is not None and first.lsi is not None:
            texts[2] = f"{in_unit(first.lsi.value, '%')} %"
            beyond = first.decision.sentence if first.decision else say("no_error_known")
            about = f"{first.lsi.formula}. {beyond}"
        for caption, value, words in zip(self.captions, self.values, texts, strict=True):
            value.say(words)
            value.setAccessibleName(f"{caption.text()} {words}")
        self.formula.say(about)
        self.advice.say("\n".join(advice(summary)) if summary else "")

    def show_sides(self, *, both: bool) -> None:
        """Prepare for a test of each side by itself, or of both at once, which has no symmetry to tell."""
        self._sides = ("both",) if both else ("left", "right")
        self.captions[0].say(say("best_both" if both else "best_left"))
        for text in (*self.captions[1:], *self.values[1:], self.formula):
            text.setVisible(not both)

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for text in (*self.captions, self.formula, self.advice):
            text.paint_in(theme.muted)


def advice(summary: Summary) -> list[str]:
    """One line a side that needs another trial or a rest, once it had all that were planned."""
    return [
        say("advice", side=say(f"heading_{side}"), sentence=_sentence(found))
        for side, found in summary.sides.items()
        if found.made >= summary.planned and found.advice.sentences
    ]


def _sentence(side: SideSummary) -> str:
    words = " ".join(side.advice.sentences)
    return f"{words} {say('one_more')}" if side.advice.more else words
