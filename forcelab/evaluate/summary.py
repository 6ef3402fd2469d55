"""From the trials of a session to a score a side, and the comparison of sides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from forcelab.model import Evaluation, Side

LSI_FORMULA: Final = "LSI = 100 × left / right"


class Scored(Protocol):
    """A finished trial, as far as a summary needs it."""

    @property
    def side(self) -> Side:
        """Which limb."""

    @property
    def practice(self) -> bool:
        """Whether it was for practice only."""

    @property
    def excluded(self) -> bool:
        """Whether a person left it out."""

    @property
    def evaluation(self) -> Evaluation | None:
        """What came out of it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Best peak force a side in N, from how many trials, and the limb symmetry index in % with its formula."""

    best: Mapping[Side, float]
    counted: Mapping[Side, int]
    lsi: float | None
    formula: str = LSI_FORMULA


def summarise(trials: Iterable[Scored]) -> Summary:
    """Scores a side: the greatest peak force of the valid trials.

    Trials for practice, trials left out by a person and trials whose verdict is "repeat" do not count.

    Args:
        trials: finished trials in any order.

    Returns:
        Best peak a side; LSI = 100 × left / right, None unless both sides have a trial that counts.
    """
    best: dict[Side, float] = {}
    counted: dict[Side, int] = {}
    for trial in trials:
        evaluation = trial.evaluation
        if trial.practice or trial.excluded or evaluation is None or evaluation.effort is None:
            continue
        if evaluation.verdict == "repeat":
            continue
        counted[trial.side] = counted.get(trial.side, 0) + 1
        best[trial.side] = max(best.get(trial.side, 0.0), evaluation.effort.peak)
    lsi = 100.0 * best["left"] / best["right"] if "left" in best and "right" in best else None
    return Summary(best, counted, lsi)
