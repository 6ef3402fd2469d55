"""What became of a trial, beside the live graph until the next push: recording, verdict, doubts in words.

Before the first trial and while a push is under way the card says how the test is done. Shows what `evaluate` has
found and decides nothing.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from forcelab.app.labels import Card, Scrolling, Text, in_unit
from forcelab.app.palette import Theme
from forcelab.app.prompt import ShapeName
from forcelab.app.shapes import Sign
from forcelab.app.trial_plot import TrialPlot, picture
from forcelab.app.uncertainty import leading, marked, tip, with_interval
from forcelab.app.words import flag_words, metric_words, say
from forcelab.model import Assessment, Evaluation, Flag, TrialView, Verdict

VERDICTS: dict[Verdict, tuple[str, ShapeName]] = {
    "trusted": ("trusted", "check"),
    "peak_only": ("peak_only", "half"),
    "repeat": ("repeat_it", "again"),
}
"""Id of the word and the sign of each verdict."""

LEADING = ("peak_force", "rfd_0_200", "mean_1s", "rfd_0_100")
"""Metrics that lead where the test has them, in this order of preference."""

_MAIN = 2
"""How many of them stand under the curve."""


def verdict_words(verdict: Verdict) -> str:
    """What to do with a trial."""
    return say(VERDICTS[verdict][0])


def trial_title(trial: TrialView) -> str:
    """Which trial it is."""
    key = "practice_title" if trial.practice else "trial_title"
    return say(key, number=trial.number, limb=say(f"limb_{trial.side}"))


def doubts(trial: TrialView) -> str:
    """Why the verdict is what it is: one line a flag, gaps told as gaps."""
    evaluation = trial.evaluation
    lines = [say(f"stopped_{trial.stopped}")] if trial.stopped in ("timeout", "operator", "interrupted") else []
    if evaluation is None:
        return "\n".join([*lines, say("no_trace" if trial.trace is None else "evaluating")])
    if evaluation.effort is None and evaluation.jump is None:
        lines.append(say("no_onset"))
    lines += [_flag_line(flag) for flag in sorted(evaluation.flags, key=lambda flag: not flag.assessed)]
    if not any(flag.assessed for flag in evaluation.flags) and not lines[:1]:
        lines.append(say("no_flags"))
    return "\n".join(lines)


def _flag_line(flag: Flag) -> str:
    if not flag.assessed:
        return say("not_assessed", sentence=flag.sentence or flag_words(flag.name))
    words = flag_words(flag.name)
    return f"{words[:1].upper()}{words[1:]}. {flag.sentence}".strip()


def summary(trial: TrialView) -> str:
    """The trial in one line, for a screen reader: the graph itself cannot be read out."""
    evaluation = trial.evaluation
    if evaluation is None:
        return f"{trial_title(trial)}. {doubts(trial)}"
    numbers = [
        marked(result, f"{metric_words(result.metric)} {in_unit(result.value, result.unit)} {result.unit}")
        for result in evaluation.results
        if result.value is not None
    ]
    return say(
        "trial_summary",
        title=trial_title(trial),
        peak="; ".join(numbers) or say("no_onset"),
        verdict=verdict_words(evaluation.verdict),
        flags=doubts(trial),
    )


class TrialCard(Card):
    """A trial's recording, verdict and doubts; or how the test is done."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.trial: TrialView | None = None
        self.pages = QStackedLayout(self)
        self.how_to = _HowTo()
        self.pages.addWidget(self.how_to)
        self.pages.addWidget(self._result_page(theme))

    def _result_page(self, theme: Theme) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 10, 14, 10)
        self.title = Text("", 1.0, bold=True)
        self.sign = Sign(1.5)
        self.verdict = Text("", 1.5, bold=True)
        head = QHBoxLayout()
        head.addWidget(self.sign)
        head.addWidget(self.verdict)
        head.addStretch(1)
        head.addWidget(self.title)
        self.plot, self.rise = TrialPlot(theme, enlarged=False), TrialPlot(theme, enlarged=True)
        plots = QHBoxLayout()
        plots.addWidget(self.plot, 3)
        plots.addWidget(self.rise, 2)
        self.numbers = Text(wrap=True)
        self.meaning = Text(say("interval_meaning"), 0.85, wrap=True)
        self.doubts = Text(wrap=True)
        self.doubts.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addLayout(plots, 1)
        words = QWidget()
        lines = QVBoxLayout(words)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for text in (self.doubts, self.numbers, self.meaning):
            lines.addWidget(text)
        lines.addStretch(1)
        column.addWidget(Scrolling(words, say("reasons")))
        return page

    def explain(self, assessment: Assessment | None) -> None:
        """Show how the test is done."""
        self.trial = None
        self.how_to.explain(assessment)
        self.pages.setCurrentIndex(0)

    def show_trial(self, trial: TrialView, *, announce: bool = False) -> None:
        """Show a finished trial; `announce` tells it to a screen reader as well."""
        self.trial = trial
        self.title.say(trial_title(trial))
        self._judge(trial.evaluation)
        self.doubts.say(doubts(trial))
        self._tell_numbers(trial.evaluation)
        shown = picture(trial.trace, trial.evaluation) if trial.trace is not None and trial.trace.t.size else None
        self.rise.setVisible(shown is not None and shown.effort is not None)
        self.plot.show_picture(shown)
        self.rise.show_picture(shown)
        self.plot.setAccessibleName(trial_title(trial))
        self.plot.setAccessibleDescription(summary(trial))
        self.pages.setCurrentIndex(1)
        if announce:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, summary(trial)))

    def _tell_numbers(self, evaluation: Evaluation | None) -> None:
        """The main numbers, each with its interval; the whole of what is known of them as a tooltip."""
        given = leading(evaluation.results if evaluation else (), LEADING)[:_MAIN]
        self.numbers.say("\n".join(with_interval(result) for result in given))
        self.numbers.setToolTip("\n\n".join(tip(result) for result in given))
        self.numbers.setVisible(bool(given))
        self.meaning.setVisible(any(result.interval for result in given))

    def _judge(self, evaluation: Evaluation | None) -> None:
        if evaluation is None:
            self.verdict.say(say("no_value"))
            self.sign.show_shape(None, self._theme.muted)
            return
        key, shape = VERDICTS[evaluation.verdict]
        colour = self._theme.curve if evaluation.verdict == "trusted" else self._theme.attention
        self.verdict.say(say(key))
        self.verdict.paint_in(colour)
        self.sign.show_shape(shape, colour)

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        for plot in (self.plot, self.rise):
            plot.wear(theme)
        self.sign.resize_to_text()
        self.meaning.paint_in(theme.muted)
        self.how_to.wear(theme)
        if self.trial is not None:
            self.show_trial(self.trial)


class _HowTo(QWidget):
    """Position, fixation, landmark and instruction of a test."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        self.heading = Text(say("how_to"), bold=True)
        self.body = Text("", 1.1, wrap=True)
        self.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.heading)
        column.addWidget(Scrolling(self.body, say("how_to")), 1)

    def explain(self, assessment: Assessment | None) -> None:
        """Show the texts of a test."""
        words = assessment.words() if assessment else None
        parts = (words.position, words.fixation, words.landmark, words.instruction) if words else ()
        self.body.say("\n\n".join(part for part in parts if part))

    def wear(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.heading.paint_in(theme.muted)
