"""What is asked of a person: one kind of test, as its TOML file says it. Forces in N, times in s.

Knows no trial and no number that came out of one.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from forcelab.model.terms import JumpKind, Kind, OnsetName, Value


class OnsetRule(Value, frozen=True):
    """How onset is found; the definitions stand in analysis/onset.py and analysis/onset_rules.py.

    Attributes:
        rule: which one.
        percent, sd, minimum: of the rule "percent": its threshold is max(percent of peak, sd × quiet SD, minimum N).
        compare: the rules over which `method_range` spans, besides the chosen one.
    """

    rule: OnsetName = "percent"
    percent: Annotated[float, msgspec.Meta(ge=1.0, le=5.0)] = 2.0
    sd: Annotated[float, msgspec.Meta(ge=0.0)] = 5.0
    minimum: Annotated[float, msgspec.Meta(ge=0.0)] = 2.0
    compare: tuple[OnsetName, ...] = ("percent", "sd3", "sd5", "abs", "deriv")


class LimbWeight(Value, frozen=True):
    """What is done about the limb's own weight: part of what an assessment is, see analysis/limb_weight.py.

    Attributes:
        mode: "none", "tared" with the limb at rest on the sensor, or "modelled" from tables of body segments.
        segment: what hangs on the sensor.
        against: whether the limb must be lifted against gravity; else gravity helps.
        angle: degrees, of the limb from the horizontal.
    """

    mode: Literal["none", "tared", "modelled"] = "none"
    segment: Literal["leg", "thigh", "shank", "foot"] = "leg"
    against: bool = True
    angle: Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)] = 0.0


class JumpForm(Value, frozen=True):
    """Which jump an assessment of kind "jump" asks for; `box` is the height in m that a drop jump starts from."""

    form: JumpKind
    box: Annotated[float, msgspec.Meta(gt=0.0, le=2.0)] | None = None


class Regime(Value, frozen=True):
    """Repeated efforts to a beat: how many, and s of work and of rest in each."""

    repetitions: Annotated[int, msgspec.Meta(ge=2, le=200)]
    work: Annotated[float, msgspec.Meta(gt=0.0, le=60.0)]
    rest: Annotated[float, msgspec.Meta(ge=0.0, le=600.0)]


class Words(Value, frozen=True):
    """The texts of an assessment in one language."""

    name: str
    position: str
    fixation: str
    landmark: str
    instruction: str


class Assessment(Value, frozen=True):
    """One kind of test, as its TOML file says it. Times in s.

    Attributes:
        sides: "each" limb by itself, or "both" at once.
        sensor: how the sensor is loaded, "pull" or "push".
        lever: from which joint to which landmark the lever arm is measured.
        hold: how long the push lasts; `rest`: between trials.
        trials: maximal trials a side; `practice`: submaximal ones before them.
        start_at, stop_at: N above zero; a trial begins above the one and ends below the other.
        target: band in N that the window shows, or None.
        metrics: ids from the tables of metrics, in the order in which they are shown; the first one is scored.
        series: ids of numbers over all repetitions of one record (fatigue, critical force, scaling factors).
        regime: the beat of such a series, or None.
        jump: which jump, for the kind "jump".
        limb_weight: what is done about the limb's own weight.
        standing: whether the sensor carries the participant, who is weighed in the quiet phase.
        sources: where position and landmark come from, each with its evidence mark.
    """

    id: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]*$")]
    version: int
    kind: Kind
    sides: Literal["each", "both"]
    contraction: Literal["make", "break"]
    sensor: Literal["pull", "push"]
    lever: str
    hold: Annotated[float, msgspec.Meta(gt=0.0, le=60.0)]
    trials: Annotated[int, msgspec.Meta(ge=1, le=10)]
    rest: Annotated[float, msgspec.Meta(ge=0.0, le=600.0)]
    metrics: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    text: Mapping[str, Words]
    practice: Annotated[int, msgspec.Meta(ge=0, le=5)] = 1
    start_at: Annotated[float, msgspec.Meta(gt=0.0)] = 15.0
    stop_at: Annotated[float, msgspec.Meta(gt=0.0)] = 10.0
    target: tuple[float, float] | None = None
    onset: OnsetRule = OnsetRule()
    series: tuple[str, ...] = ()
    regime: Regime | None = None
    jump: JumpForm | None = None
    limb_weight: LimbWeight = LimbWeight()
    standing: bool = False
    sources: tuple[str, ...] = ()

    def words(self, language: str = "en") -> Words:
        """The texts in a language, else in English, which every assessment has."""
        return self.text.get(language) or self.text["en"]
