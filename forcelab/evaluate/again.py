"""The intervals of what rests on levels, areas and holds of one effort: which method each of them has, and why not.

Every number here gets an interval or a reason. Refuses to know how an effort is drawn again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.effort_again import (
    EFFORT_AGAIN_RULE,
    LEVELS,
    NONE,
    Again,
    Range,
    effort_again,
)
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.unsteady import UNSTEADY_RULE
from forcelab.evaluate.holds import HOLD_NUMBERS, SQUARES, Holds
from forcelab.model import OnsetRule, Result

AGAIN: Final = LEVELS | HOLD_NUMBERS
"""Ids of the numbers that have their intervals from here."""

LEVEL_RULES: Final = f"{EFFORT_AGAIN_RULE}; {UNSTEADY_RULE}"

UNTOLD: Final[Mapping[str, str]] = {
    "mean_error_target": "no interval: noise adds to a mean amount as the force lets it; it held in 5 to 97 %",
    "time_in_band": "no interval: at the edges of the band noise decides; on a tremor it held in 16 to 64 %",
    "time_to_peak": "no interval: on a level top it is a matter of noise alone where the greatest sample lies",
    **dict.fromkeys(
        ("fatigue_index_auc", "time_to_half", "decline"),
        "no interval: where force gives way from a round top, it held in 70 to 80 % and not in 95 %",
    ),
}
"""Id -> why there is no interval, whatever the effort."""

_BY_ONSET: Final = frozenset(("impulse_total",))
_GIVEN: Final = "no interval: none was shown to hold after an onset that was given by hand"
_OTHER: Final = "no interval: none was shown to hold for the onset rule"
_BENT: Final = "no interval: where the top is not level for 0.6 s, it held in 65 to 89 % and not in 95 %"
_MOST: Final[Mapping[str, float]] = {"plateau_ratio": 1.0}
"""What a number cannot exceed."""
_TREMOR: Final = "no interval: force trembles within fewer than 20 samples, where it held in 88 to 89 % and not in 95 %"
_SAMPLES: Final = 20.0
_LEVEL: Final = 0.6
_ON_LEVEL: Final = frozenset(("plateau_ratio", "rfr_75_25"))


@dataclass(frozen=True, slots=True)
class LevelDoubt:
    """What is the same for all efforts of one trial: how onset was found, body weight in N, and where holds are cut."""

    rule: OnsetRule
    manual: bool
    body_weight: float | None
    holds: Holds

    def about(self, c: Contraction, results: Iterable[Result], seed: int) -> dict[str, Range | str]:
        """The interval of each of these numbers, or the reason why there is none.

        Args:
            c: the effort.
            results: its numbers; those without value, and those that are not in `AGAIN`, are passed over.
            seed: of the generator.
        """
        asked = {one.metric: one.value for one in results if one.value is not None and one.metric in AGAIN}
        told: dict[str, Range | str] = {name: why for name in asked if (why := self._refused(name))}
        for steady in (False, True):
            left = {
                name: value for name, value in asked.items() if name not in told and (name in HOLD_NUMBERS) is steady
            }
            if not left:
                continue
            again = effort_again(c, self.rule, body_weight=self.body_weight, resting=steady, seed=seed)
            if isinstance(again, str):
                told |= dict.fromkeys(left, again)
            else:
                told |= {name: self._interval(again, name, value) for name, value in left.items()}
        return told

    def _refused(self, name: str) -> str | None:
        if name in _BY_ONSET and self.manual:
            return _GIVEN
        if name in _BY_ONSET and self.rule.rule != "percent":
            return f"{_OTHER} {self.rule.rule!r}"
        return UNTOLD.get(name)

    def _interval(self, again: Again, name: str, value: float) -> Range | str:
        if name in HOLD_NUMBERS and again.true is not None:
            spread, often = self.holds.waver(again.true)
            if spread > again.noise.sd and often > again.rate / _SAMPLES:
                return _TREMOR
        if name in _ON_LEVEL and again.level < _LEVEL:
            return _BENT
        return self._around(again, name, value) or NONE

    def _around(self, again: Again, name: str, value: float) -> Range | None:
        compute = self._computed(name)
        if name in SQUARES:
            return again.around_spread(value, compute, lambda c: self.holds.per_noise(name, c))
        ends = again.around(value, compute)
        most = _MOST.get(name)
        return ends if ends is None or most is None else (min(ends[0], most), min(ends[1], most))

    def _computed(self, name: str) -> Callable[[Contraction], float | None]:
        return METRICS[name].compute if name in METRICS else lambda c: self.holds.number(name, c)
