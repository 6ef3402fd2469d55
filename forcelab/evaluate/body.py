"""From numbers of a record to numbers of a body: limb weight, torque, per kg, % of body weight.

Everything here follows from results that are there already and from what was measured on the participant. A number
that is withheld stays withheld, with the reason that it had; nothing here looks at a curve. The body's mass and the
lever arm are measurements and so no part of a recipe: a trend goes on when they change. How the limb's weight is dealt
with is part of it.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from forcelab.analysis.body_weight import BODY_WEIGHT_RULE
from forcelab.analysis.derived import DERIVED, Derived, is_derived, resolve_derived
from forcelab.analysis.estimate import RefusedError
from forcelab.analysis.limb_weight import Correction, Limb, Modelled, Tared, Uncorrected, weight_on_strap
from forcelab.analysis.metric import Metric
from forcelab.analysis.metrics import METRICS
from forcelab.analysis.scaling import Body
from forcelab.analysis.torque import Lever, limb_length, torque_range
from forcelab.model import Effort, LimbWeight, Result, SetUp, Trace

NO_MASS: Final = "no body mass was given"
NO_LEVER: Final = "no lever arm was given"
OF_PEAK: Final = "the limb's weight was reckoned in, and this number rests on shares of a peak without it"
NO_PEAK: Final = "the limb's weight was reckoned in, and no peak force is left above it"
OVER_EFFORT: Final = "no interval: the limb's weight was reckoned in over a time that is uncertain itself"
NO_ZERO: Final = "limb weight: the sensor must be zeroed with the limb on it, and no zero is recorded"


@dataclass(frozen=True)
class Wanted:
    """Which numbers are asked for, apart from where they come from; aliases are resolved.

    Attributes:
        names: all ids in the order in which they are shown.
        metrics: the ids that must be computed from the record.
    """

    names: tuple[str, ...]
    metrics: tuple[str, ...]


def wanted(names: Iterable[str], resolve: Callable[[str], str], *, rate: float, estimated: bool = False) -> Wanted:
    """What is to be computed from a record, so that everything that is asked for can follow from it.

    Args:
        names: as the assessment has them.
        resolve: alias of a metric -> its id; other names -> themselves.
        rate: Hz, for aliases of derived numbers.
        estimated: whether the rate is an estimate.
    """
    meant, metrics = [], []
    for name in names:
        derived = resolve_derived(name, rate, estimated=estimated) if is_derived(name) else None
        meant.append(derived.id if derived else resolve(name))
        metrics.append(derived.base.id if derived else meant[-1])
    return Wanted(tuple(dict.fromkeys(meant)), tuple(dict.fromkeys(metrics)))


class OnBody:
    """Relates results to the body: the same for all efforts of one trial.

    Args:
        limb_weight: of the assessment.
        set_up: what was measured; None: nothing.
        trace: of the trial, for its zero.
        weighed: the body as it was weighed in the record; it stands in where no body mass was given.
    """

    def __init__(
        self, limb_weight: LimbWeight, set_up: SetUp | None, trace: Trace, weighed: Body | None = None
    ) -> None:
        self._set_up = set_up or SetUp()
        self._body, self._no_body = _body(self._set_up, weighed)
        self._lever, self._no_lever = _lever(self._set_up)
        self._correction = correction(limb_weight)
        self._weight, self._no_weight = self._limb_weight(trace)

    @property
    def weight(self) -> float | None:
        """Body weight in N; None where nobody was weighed."""
        return None if self._body is None else self._body.weight

    @property
    def in_record(self) -> bool:
        """Whether body weight was read in the record: then every recipe that rests on it says how."""
        return self._body is not None and self._set_up.body_mass is None

    @property
    def measured_weight(self) -> float | None:
        """Body weight in N from a mass that was measured apart from the record; None without one."""
        return None if self.in_record else self.weight

    def relate(self, results: Sequence[Result], names: Sequence[str], effort: Effort | None) -> tuple[Result, ...]:
        """Everything that was asked for, in order.

        Args:
            results: of all metrics that `Wanted.metrics` names.
            names: `Wanted.names`.
            effort: whose numbers they are; None where there is none.

        Returns:
            One result a name, limb weight taken off where the assessment says so.
        """
        if isinstance(self._correction, Uncorrected) and tuple(result.metric for result in results) == tuple(names):
            return tuple(results)
        corrected = {result.metric: self._without_limb(result, effort) for result in results}
        made = []
        for name in names:
            derived = None if name in corrected else DERIVED[name]
            made.append(self._derive(corrected[derived.base.id], derived) if derived else corrected[name])
        return tuple(made)

    def _without_limb(self, result: Result, effort: Effort | None) -> Result:
        """The number of the muscles alone: of levels of net force, their impulses, and what is related to the peak."""
        metric = METRICS.get(result.metric)  # None: of a hold, which is cut at shares of a peak or of a target
        of_peak = "share" if metric is None else metric.of_peak
        if isinstance(self._correction, Uncorrected) or not (of_peak or (metric and _is_level(metric))):
            return result
        result = msgspec.structs.replace(result, recipe=f"{result.recipe}; {self._correction.identity}")
        if self._no_weight:
            return _withheld(result, self._no_weight)
        if isinstance(self._correction, Tared):
            return result
        if metric is None or of_peak == "share":
            return _withheld(result, OF_PEAK)
        if of_peak == "ratio":
            return self._over_peak(result, effort)
        return self._raised(result, metric, effort)

    def _raised(self, result: Result, metric: Metric, effort: Effort | None) -> Result:
        """A force, or an impulse over as long as it lasts."""
        if metric.unit == "N":
            return _mapped(result, lambda value: value + self._weight)
        if metric.window is not None:
            impulse = self._weight * metric.window
            return _mapped(result, lambda value: value + impulse)
        if result.value is None or effort is None or effort.release is None:
            return result
        value = result.value + self._weight * (effort.release - effort.onset)
        # Each other onset has another duration to weigh: neither range can simply be shifted.
        why = result.no_interval if result.interval is None else OVER_EFFORT
        return msgspec.structs.replace(result, value=value, interval=None, no_interval=why, method_range=None)

    def _over_peak(self, result: Result, effort: Effort | None) -> Result:
        """A level or a slope over the peak; the weight is part of the peak and of a level, and not of a slope."""
        if effort is None or effort.peak <= 0.0:
            return result
        peak, weight = effort.peak, self._weight
        if peak + weight <= 0.0:
            return _withheld(result, NO_PEAK)
        level = weight if result.unit == "1" else 0.0
        return _mapped(result, lambda value: (value * peak + level) / (peak + weight))

    def _derive(self, result: Result, derived: Derived) -> Result:
        recipe = derived.recipe(result.recipe, self._set_up.gravity)
        result = msgspec.structs.replace(result, metric=derived.id, unit=derived.unit, recipe=recipe)
        if result.value is None:
            return result
        if derived.turned:
            if self._lever is None:
                return _withheld(result, self._no_lever)
            result = _turned(result, self._lever)
        if derived.scaling is not None:
            if self._body is None:
                return _withheld(result, self._no_body)
            if self.in_record:
                result = msgspec.structs.replace(result, recipe=f"{result.recipe}; {BODY_WEIGHT_RULE}")
            compute, body = derived.scaling.compute, self._body
            result = _mapped(result, lambda value: compute(value, body))
        return result

    def _limb_weight(self, trace: Trace) -> tuple[float, str]:
        """What is to be added to net force, N, or why that is not known."""
        if isinstance(self._correction, Tared):
            return 0.0, "" if trace.zero is not None else NO_ZERO
        if isinstance(self._correction, Uncorrected):
            return 0.0, ""
        given, body = self._set_up, self._body
        missing = [
            words
            for value, words in (
                (body, "body mass"),
                (given.sex, "sex"),
                (given.to_mass, "distance from joint to the limb's centre of mass"),
                (given.lever_arm, "lever arm"),
            )
            if value is None
        ]
        if body is None or given.sex is None or given.to_mass is None or given.lever_arm is None:
            return 0.0, f"limb weight: {', '.join(missing)} not given"
        try:
            return weight_on_strap(self._correction, Limb(body, given.sex, given.to_mass, given.lever_arm)), ""
        except RefusedError as refusal:
            return 0.0, f"limb weight: {_clause(refusal)}"


def correction(limb_weight: LimbWeight) -> Correction:
    """What an assessment says about the limb's weight, as the correction that it means."""
    match limb_weight.mode:
        case "none":
            return Uncorrected()
        case "tared":
            return Tared()
        case "modelled":
            return Modelled(limb_weight.segment, limb_weight.against, math.radians(limb_weight.angle))


def doubts(set_up: SetUp) -> list[str]:
    """What cannot be right in a set-up, a sentence each; empty if nothing. For those who ask a person for it."""
    found = []
    for value, check in (
        (set_up.gravity, lambda: Body(70.0, set_up.gravity)),
        (set_up.body_mass, lambda: Body(set_up.body_mass or 0.0)),
        (set_up.lever_arm, lambda: _as_lever(set_up, set_up.lever_arm or 0.0)),
        (set_up.to_mass, lambda: limb_length(set_up.to_mass or 0.0, "distance to the centre of mass")),
    ):
        try:
            if value is not None:
                check()
        except RefusedError as refusal:
            found.append(str(refusal))
    return found


def _body(set_up: SetUp, weighed: Body | None) -> tuple[Body | None, str]:
    if set_up.body_mass is None:
        return weighed, "" if weighed else NO_MASS
    try:
        return Body(set_up.body_mass, set_up.gravity), ""
    except RefusedError as refusal:
        return None, _clause(refusal)


def _lever(set_up: SetUp) -> tuple[Lever | None, str]:
    if set_up.lever_arm is None:
        return None, NO_LEVER
    try:
        return _as_lever(set_up, set_up.lever_arm), ""
    except RefusedError as refusal:
        return None, _clause(refusal)


def _as_lever(set_up: SetUp, length: float) -> Lever:
    return Lever(length, set_up.pull_angle, set_up.lever_arm_error, set_up.pull_angle_error)


def _is_level(metric: Metric) -> bool:
    """Whether a number holds the limb's weight as a force does. Gross force is told as the sensor gave it.

    Slopes, and times that rest on no share of the peak, are the same with and without a constant. Onset and release
    are marks of the recorded force.
    """
    return metric.unit in ("N", "N·s") and not metric.id.endswith("_gross")


def _turned(result: Result, lever: Lever) -> Result:
    """The torque form; the errors of lever and angle are bounds of their own and not in the sensor's interval."""
    exact = lever.length_error == 0.0 and lever.angle_error == 0.0
    bounds = None if exact or result.value is None else torque_range(result.value, lever)
    return msgspec.structs.replace(_mapped(result, lambda value: value * lever.arm), set_up_range=bounds)


def _mapped(result: Result, change: Callable[[float], float]) -> Result:
    """The value and its ranges changed alike."""

    def both(ends: tuple[float, float] | None) -> tuple[float, float] | None:
        return None if ends is None else (change(ends[0]), change(ends[1]))

    return msgspec.structs.replace(
        result,
        value=None if result.value is None else change(result.value),
        interval=both(result.interval),
        method_range=both(result.method_range),
        set_up_range=both(result.set_up_range),
    )


def _withheld(result: Result, why: str) -> Result:
    """The result without its number; a reason that it had stays."""
    reason = result.reason if result.value is None and result.reason else why
    return msgspec.structs.replace(
        result,
        value=None,
        interval=None,
        no_interval=None,
        method_range=None,
        set_up_range=None,
        mark=None,
        reason=reason,
    )


def _clause(refusal: RefusedError) -> str:
    """The sentence of a refusal as reasons are written: without capital and full stop."""
    sentence = str(refusal).removesuffix(".")
    return sentence[:1].lower() + sentence[1:]
