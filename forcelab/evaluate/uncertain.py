"""How far the numbers of an effort may lie off: the instrument interval of each, and its range over onset rules.

Every number that is given has an interval or says why it has none. Refuses to know how either is found, and looks at
no number that is withheld.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.interval import INTERVAL_RULE, ONSET, Intervals, measure, method_range, replace_onset
from forcelab.analysis.jump.interval import JUMP_INTERVAL_RULE
from forcelab.analysis.level import Range
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.onset_choice import compare_recipe, compared
from forcelab.evaluate.again import AGAIN, LEVEL_RULES, LevelDoubt
from forcelab.evaluate.holds import Holds
from forcelab.model import Effort, OnsetRule, Result

SEED: Final = 0
"""Of the generator: the same record gives the same intervals, live and again."""
SHORT_REST: Final = "no interval: too short a rest before the push"

_NAMES: Final = {rule.partition("/")[0] for rule in (INTERVAL_RULE, JUMP_INTERVAL_RULE)}


def intervals_asked(rules: str) -> bool:
    """Whether an evaluation was asked how far its numbers may lie off, as its rules tell; whatever their version."""
    return any(rule.partition("/")[0] in _NAMES for rule in rules.split("; "))


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is the same for all efforts of one trial.

    Attributes:
        rule: how onset was found, and with which rules it is compared.
        manual: whether onset was given by hand. Then nothing ranges over rules: none of them was used.
        body_weight: N, or None where nobody was weighed.
        weighed: whether it was read in the record.
    """

    rule: OnsetRule
    manual: bool
    body_weight: float | None
    weighed: bool = False

    @property
    def rules(self) -> tuple[str, ...]:
        """How intervals and ranges are made, for the rules of an evaluation."""
        made = (INTERVAL_RULE, LEVEL_RULES)
        return made if self.manual else (*made, compare_recipe(self.rule, weighed=self.weighed))

    def about(self, c: Contraction, results: Iterable[Result], holds: Holds) -> tuple[Effort, tuple[Result, ...]]:
        """The marks and the numbers of an effort, each with how far it may lie off.

        Args:
            c: the effort.
            results: its numbers; those without value stay as they are.
            holds: where the hold of an effort begins and ends.

        Returns:
            The effort and the results with interval and range, or with the reason why there is no interval.
        """
        results = tuple(results)
        shown = [result.metric for result in results if result.value is not None]
        rising = [name for name in shown if name in METRICS and name not in AGAIN]
        why = "onset was given by hand" if self.manual else c.refused
        said = self._measured(c, rising if why else [*rising, ONSET])
        levels = self._of_levels(c, results, holds)
        moved = self._moved(c)

        def add(result: Result) -> Result:
            if result.metric not in shown:
                return result
            level = levels.get(result.metric)
            return msgspec.structs.replace(
                result,
                interval=level if isinstance(level, tuple) else said.given.get(result.metric),
                no_interval=level if isinstance(level, str) else said.reasons.get(result.metric),
                method_range=_range(result.metric, moved),
            )

        effort = msgspec.structs.replace(
            c.effort,
            onset_interval=said.given.get(ONSET),
            onset_range=_range(ONSET, moved),
            no_onset_interval=f"no interval: {why}" if why else said.reasons.get(ONSET),
        )
        return effort, tuple(add(result) for result in results)

    def _measured(self, c: Contraction, asked: Sequence[str]) -> Intervals:
        """The intervals of these numbers; none is told where the baseline rests on less than a whole quiet window.

        Such a baseline was chosen for its drift, and a choice among few samples errs by more than their noise tells.
        """
        if not c.full_quiet:
            return Intervals({}, dict.fromkeys(asked, SHORT_REST))
        return measure(c, asked, self.rule, seed=SEED)

    def _of_levels(self, c: Contraction, results: Sequence[Result], holds: Holds) -> dict[str, Range | str]:
        """Those of what rests on no rise; none likewise after too short a rest."""
        if not c.full_quiet:
            return {one.metric: SHORT_REST for one in results if one.metric in AGAIN}
        return LevelDoubt(self.rule, self.manual, self.body_weight, holds).about(c, results, SEED)

    def _moved(self, c: Contraction) -> Sequence[Contraction]:
        """The effort with its onset as each rule finds it."""
        if self.manual or c.refused is not None:
            return ()
        return [replace_onset(c, at) for at in compared(c, self.rule, self.body_weight).values()]


def _range(metric: str, moved: Sequence[Contraction]) -> Range | None:
    """Only what rests on onset ranges over its rules."""
    rests = metric == ONSET or (metric in METRICS and "onset" in METRICS[metric].needs)
    return method_range(metric, moved) if rests else None
