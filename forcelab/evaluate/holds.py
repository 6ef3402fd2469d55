"""Numbers of a held contraction: steadiness, and the decline of a sustained hold. For efforts and for holds.

Where a hold begins and ends is decided here: in a test of the kind "hold" it begins when force is at 90 % of the target
(of its own peak, where there is none) and ends as long after onset as the assessment says; an effort that nobody timed
is held from the first to the last time at 90 % of its peak. The target is a share of what this person could do that day
and so no part of a recipe, as body mass is none: a trend goes on when it changes. Refuses to know how a number is
computed.
"""

import math
from collections.abc import Mapping
from typing import Final

from forcelab.analysis.baseline import quiet_rule
from forcelab.analysis.contraction import Contraction
from forcelab.analysis.curve import first_rise
from forcelab.analysis.efforts import EFFORTS_RULE
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.fatigue import OVER_HOLD, Sustained, sustained
from forcelab.analysis.measure import Measure
from forcelab.analysis.steadiness import DROP, HOLD_RULE, STEADINESS, Hold, plateau_of
from forcelab.model import Assessment, Result

_STEADY: Final[Mapping[str, Measure[Hold]]] = {measure.id: measure for measure in STEADINESS}
_FATIGUE: Final[Mapping[str, Measure[Sustained]]] = {measure.id: measure for measure in OVER_HOLD}

DECLINE_NUMBERS: Final = tuple(_FATIGUE)
"""Ids of those that rest on how long the hold was to last."""

HOLD_NUMBERS: Final[frozenset[str]] = frozenset((*_STEADY, *_FATIGUE))
"""Ids of all numbers of a hold."""

SQUARES: Final = frozenset(("steadiness_cv", "steadiness_cv_raw", "rmse_target"))
"""Those that are roots of a mean square, to which noise adds its own."""

_REACHED: Final = 0.9
_CUT: Final = "hold cut/1"


def target_of(assessment: Assessment) -> float | None:
    """The force that is to be held, N: the middle of the band that is shown; None if there is none."""
    return None if assessment.target is None else 0.5 * (assessment.target[0] + assessment.target[1])


class Holds:
    """The numbers of the hold in each effort of one trial.

    Args:
        assessment: of the kind "effort" or "hold".
        onset: the recipe of its onset, since a commanded hold ends by onset.
    """

    def __init__(self, assessment: Assessment, onset: str) -> None:
        self._commanded, self._length = assessment.kind == "hold", assessment.hold
        self._target = target_of(assessment)
        found = f"{EFFORTS_RULE}; {quiet_rule(assessment.standing).recipe}"
        end = f"to {self._length:g} s after {onset}"
        reached = "the target" if self._target is not None else "peak"
        cut = f"{_CUT}: from 90 % of {reached} {end}" if self._commanded else f"{_CUT}: while at 90 % of peak"
        self._steady = f"{found}; {HOLD_RULE}; {cut}"
        self._fatigue = f"{found}; {_CUT}: from peak {end}"

    def result(self, name: str, c: Contraction) -> Result:
        """One number of one effort, or why there is none.

        Args:
            name: from `HOLD_NUMBERS`.
            c: the effort.
        """
        try:
            if name in _STEADY:
                return _STEADY[name].result(self._hold(c), self._steady)
            return _FATIGUE[name].result(self._sustained(c), self._fatigue)
        except RefusedError as refusal:
            return self.missing(name, str(refusal))

    def number(self, name: str, c: Contraction) -> float | None:
        """The bare number of an effort, None where there is none."""
        try:
            value = (
                _STEADY[name].compute(self._hold(c)) if name in _STEADY else _FATIGUE[name].compute(self._sustained(c))
            )
        except RefusedError:
            return None
        return value if math.isfinite(value) else None

    def per_noise(self, name: str, c: Contraction) -> float | None:
        """What 1 N of noise alone would give of a root of a mean square (one of `SQUARES`)."""
        if name == "rmse_target":
            return 1.0
        try:
            return 100.0 / float(self._hold(c).middle[1].mean())
        except (RefusedError, ZeroDivisionError):
            return None

    def waver(self, c: Contraction) -> tuple[float, float]:
        """How much and how fast force wavers in the middle of a hold: SD in N, and rises through its mean a second."""
        try:
            t, net = self._hold(c).middle
        except RefusedError:
            return 0.0, 0.0
        away = net - net.mean()
        rises = int(((away[:-1] < 0.0) & (away[1:] >= 0.0)).sum())
        return float(away.std()), rises / float(t[-1] - t[0])

    def missing(self, name: str, why: str) -> Result:
        """The number withheld."""
        measure, conditions = (_STEADY[name], self._steady) if name in _STEADY else (_FATIGUE[name], self._fatigue)
        return Result(name, None, measure.unit, measure.recipe(conditions), reason=why)

    def _hold(self, c: Contraction) -> Hold:
        if not self._commanded:
            return plateau_of(c, self._target)
        level = _REACHED * (c.effort.peak if self._target is None else self._target)
        start, stop = first_rise(c.t, c.net, level, c.effort.onset), self._end(c)
        if start is None or start >= stop:
            raise RefusedError("Force never comes to 90 % of the target.")
        self._kept(c, stop - DROP)
        return Hold(c.t, c.net, start, stop, self._target)

    def _sustained(self, c: Contraction) -> Sustained:
        stop = self._end(c)
        self._kept(c, stop)
        hold = sustained(c, stop)
        try:
            hold.inside()
        except RefusedError as refusal:
            told = f"The assessment commands {self._length:g} s; `--hold` tells how long it was in truth."
            raise RefusedError(f"{refusal} {told}") from refusal
        return hold

    def _end(self, c: Contraction) -> float:
        """The commanded end, s on the trace's clock."""
        if c.refused is not None:
            raise RefusedError(f"no onset: {c.refused}")
        return c.effort.onset + self._length

    def _kept(self, c: Contraction, until: float) -> None:
        """Letting go is no unsteadiness and no fatigue."""
        if c.effort.release is not None and c.effort.release < until:
            held = c.effort.release - c.effort.onset
            raise RefusedError(f"The hold was let go after {held:.1f} s; {self._length:.0f} s were asked for.")
