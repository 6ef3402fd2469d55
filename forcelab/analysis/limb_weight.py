"""What the limb itself weighs on the sensor, and how it is taken off: as part of what an assessment is.

The effect is larger than most detectable changes, so values with different corrections must not meet in one trend:
`identity` belongs in the recipe. Knows no assessment; which correction applies is its choice.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from forcelab.analysis.estimate import RefusedError, finite
from forcelab.analysis.scaling import Body
from forcelab.analysis.torque import limb_length

Sex: TypeAlias = Literal["female", "male"]
Segment: TypeAlias = Literal["leg", "thigh", "shank", "foot"]

MASS_SHARE: Final[Mapping[Segment, Mapping[Sex, float]]] = {
    "leg": {"male": 0.199, "female": 0.209},
    "thigh": {"male": 0.142, "female": 0.148},
    "shank": {"male": 0.043, "female": 0.048},
    "foot": {"male": 0.014, "female": 0.013},
}
"""Segment -> sex -> its share of body mass. de Leva 1996, doi:10.1016/0021-9290(95)00178-6 (not verified)."""

Correction: TypeAlias = "Uncorrected | Tared | Modelled"


@dataclass(frozen=True, slots=True)
class Uncorrected:
    """Nothing is taken off: force is what the sensor shows above its quiet phase."""

    @property
    def identity(self) -> str:
        """As it stands in recipes."""
        return "limb weight none/1"


@dataclass(frozen=True, slots=True)
class Tared:
    """The sensor was zeroed with the limb relaxed on it in the position of the test: net force is active force."""

    @property
    def identity(self) -> str:
        """As it stands in recipes."""
        return "limb weight tared/1"


@dataclass(frozen=True, slots=True)
class Modelled:
    """The limb hangs below the strap and was not zeroed: its weight is reckoned from tables.

    Attributes:
        segment: what hangs.
        against: whether the limb must be lifted against gravity; else gravity helps.
        angle: rad, of the limb from the horizontal, −π/2 to π/2.
    """

    segment: Segment = "leg"
    against: bool = True
    angle: float = 0.0

    def __post_init__(self) -> None:
        if not abs(finite(self.angle, "angle of the limb")) <= math.pi / 2:
            raise RefusedError("The angle of the limb from the horizontal must lie between −90 and 90°.")

    @property
    def identity(self) -> str:
        """As it stands in recipes. Mass and lengths are measurements and not part of it.

        >>> Modelled(angle=math.radians(10.0)).identity
        'limb weight model/1(leg,s=+1,angle=10,de Leva 1996)'
        """
        sign = "+1" if self.against else "-1"
        return f"limb weight model/1({self.segment},s={sign},angle={math.degrees(self.angle):g},de Leva 1996)"


@dataclass(frozen=True, slots=True)
class Limb:
    """Whose limb: its owner's body and sex, and m from the joint to its centre of mass and to the strap."""

    body: Body
    sex: Sex
    to_mass: float
    to_strap: float

    def __post_init__(self) -> None:
        limb_length(self.to_mass, "distance to the centre of mass")
        limb_length(self.to_strap, "distance to the strap")


def weight_on_strap(correction: Correction, limb: Limb | None) -> float:
    """What is to be added to the measured force to get the active one.

    Formula: s · W_L · cosα · (d_COM / d_S), W_L = k_L · m · g; s = +1 when the limb is lifted against gravity and −1
    when gravity helps, α the angle of the limb from the horizontal, both distances from the joint. Unit: N. Zero where
    the limb was tared, and where nothing is corrected.

    Edge cases: refused where the model is asked for and nobody measured the limb; it is not set to 0. The tables are
    means of groups: 10 % of W_L is a usual error of one person (our judgement). Do not use it where the quiet phase
    before the effort holds the limb's weight already, or it is counted twice.

    Source: mechanics; shares of mass from de Leva 1996, doi:10.1016/0021-9290(95)00178-6 (not verified).

    >>> leg = Limb(Body(75.0), "male", to_mass=0.43, to_strap=0.85)  # 0.199 · 75 kg · 9.81 m/s² = 146.4 N
    >>> round(weight_on_strap(Modelled(), leg), 2), round(weight_on_strap(Modelled(against=False), leg), 2)
    (74.07, -74.07)
    >>> weight_on_strap(Tared(), None)
    0.0
    """
    match correction:
        case Uncorrected() | Tared():
            return 0.0
        case Modelled(segment, against, angle):
            if limb is None:
                raise RefusedError("The limb's weight is to be reckoned, but body mass and distances are missing.")
            weight = MASS_SHARE[segment][limb.sex] * limb.body.weight
            return (1.0 if against else -1.0) * weight * math.cos(angle) * limb.to_mass / limb.to_strap
