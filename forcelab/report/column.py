"""The words beside the curve: verdict, doubts, numbers, what is withheld and why. Places text, draws no curve."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from matplotlib.axes import Axes

from forcelab.model import Evaluation, Verdict
from forcelab.report.ink import CURVE, MUTED, ONSET, QUIET, plain, wrapped
from forcelab.report.notes import doubt, legend, notes
from forcelab.report.results import row, verdict_words, withheld

VERDICT_COLOURS: Final[dict[Verdict, str]] = {"trusted": QUIET, "peak_only": ONSET, "repeat": ONSET}

_LINES: Final = 42.0
"""How many lines the column holds at full size; where there is more to say, all of it is written smaller."""
_WIDTH: Final = 60
_MOST: Final = 20
"""Numbers that stand in the column; with more of them nothing could be read."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A text at its place: `line` from the top, `x` as a share of the width."""

    text: str
    line: float
    x: float
    size: float
    colour: str
    bold: bool
    ha: Literal["left", "right"]


@dataclass
class _Pen:
    """Notes the words from top to bottom, and sets them once it is known how many lines there are."""

    line: float = 0.0
    words: list[_Words] = field(default_factory=list)

    def note(
        self,
        text: str,
        *,
        x: float = 0.0,
        size: float = 8.0,
        colour: str = CURVE,
        bold: bool = False,
        ha: Literal["left", "right"] = "left",
    ) -> None:
        """A text on the present line; does not move on."""
        self.words.append(_Words(text, self.line, x, size, colour, bold, ha))

    def paragraph(self, text: str, *, colour: str = CURVE) -> None:
        """A text in as many lines as it needs."""
        for line in wrapped(text, _WIDTH):
            self.note(line, colour=colour)
            self.line += 1.0

    def headline(self, text: str) -> None:
        """A small title with room above it."""
        self.line += 0.6
        self.note(text, bold=True, size=9.0)
        self.line += 1.2

    def set(self, axes: Axes) -> None:
        """Writes everything into the panel."""
        scale = min(1.0, _LINES / max(self.line, 1.0))
        for words in self.words:
            axes.text(
                words.x,
                1.0 - (words.line + 1.0) * scale / _LINES,
                words.text,
                fontsize=words.size * scale,
                color=words.colour,
                fontweight="bold" if words.bold else "normal",
                ha=words.ha,
                va="baseline",
                parse_math=False,
            )


def write_column(axes: Axes, evaluation: Evaluation, refused: Sequence[str] = ()) -> None:
    """Writes everything that the evaluation says in words; `refused`: onset rules that give none, and why."""
    axes.set_axis_off()
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)
    pen = _Pen()
    _verdict(pen, evaluation)
    _doubts(pen, evaluation)
    _numbers(pen, evaluation)
    _withheld(pen, evaluation)
    if refused:
        pen.headline("No onset by other rules")
    for reason in refused:
        pen.paragraph(reason, colour=MUTED)
    _explain(pen, evaluation)
    pen.set(axes)


def _verdict(pen: _Pen, evaluation: Evaluation) -> None:
    words = verdict_words(evaluation)
    pen.note(words.name.capitalize(), size=13.0, bold=True, colour=VERDICT_COLOURS[evaluation.verdict])
    pen.line += 1.4
    pen.paragraph(words.sentence)


def _doubts(pen: _Pen, evaluation: Evaluation) -> None:
    raised = [flag for flag in evaluation.flags if flag.assessed]
    if raised or evaluation.effort is not None or evaluation.jump is not None:
        pen.headline("Doubts" if raised else "No doubts were raised")
    for flag in raised:
        pen.paragraph(doubt(flag), colour=ONSET)
    for flag in evaluation.flags:
        if not flag.assessed:
            pen.paragraph(flag.sentence, colour=MUTED)


def _numbers(pen: _Pen, evaluation: Evaluation) -> None:
    """Term, value, interval and signs; so many as can be read at arm's length, in the order of the assessment."""
    given = [row(result) for result in evaluation.results if result.value is not None]
    pen.headline("Numbers" if given else "No numbers are given")
    for line in given[:_MOST]:
        pen.note(plain(line.term, 34))
        pen.note(line.value, x=0.63, ha="right")
        pen.note(f"({line.interval})" if line.interval else "", x=0.65, size=7.0)
        pen.note(line.signs, x=1.0, size=7.0, colour=ONSET, ha="right")
        pen.line += 1.0
    if len(given) > _MOST:
        pen.paragraph(f"and {len(given) - _MOST} more, which the table tells", colour=MUTED)


def _withheld(pen: _Pen, evaluation: Evaluation) -> None:
    gaps = withheld(evaluation)
    if gaps:
        pen.headline("Withheld")
    for why, terms in gaps:
        everything = len(terms) == len(evaluation.results)
        pen.paragraph(why if everything else f"{why}: {', '.join(terms)}", colour=MUTED)


def _explain(pen: _Pen, evaluation: Evaluation) -> None:
    """What the brackets and the signs mean, in small print."""
    shown = [result for result in evaluation.results if result.value is not None][:_MOST]
    pen.line += 0.6
    for text in (*notes(shown), *legend(shown)):
        for line in wrapped(text, 72):
            pen.note(line, size=6.5, colour=MUTED)
            pen.line += 0.85
