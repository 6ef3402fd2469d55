"""From force to torque: the lever arm and the angle of pull, and what their errors do to the number.

Angles in rad. Knows no limb and no landmark: from where to where the lever is measured is the assessment's business.
"""

import math
from dataclasses import dataclass
from typing import Final

from forcelab.analysis.estimate import RefusedError, finite

TORQUE_RULE: Final = "torque/1(F L sin φ)"
"""Name and version of the rule, as they stand in recipes."""

_SHORTEST, _LONGEST = 0.01, 3.0
"""m; beyond these a length on a limb was given in another unit or mistyped."""


def limb_length(value: float, name: str) -> float:
    """A length that was measured on a limb, in m, if it can be one.

    Raises:
        RefusedError: it is not.

    >>> limb_length(82.0, "lever arm")
    Traceback (most recent call last):
    forcelab.analysis.estimate.RefusedError: A lever arm of 82 m cannot be right.
    """
    if not _SHORTEST <= finite(value, name) <= _LONGEST:
        raise RefusedError(f"A {name} of {value:g} m cannot be right.")
    return value


@dataclass(frozen=True, slots=True)
class Lever:
    """How a force turns a joint.

    Attributes:
        length: m, from the centre of the joint along the limb to the line of force; above 0.
        angle: rad, between limb and line of force; π/2 is ideal.
        length_error: m, how far the length may be wrong either way.
        angle_error: rad, how far the angle may be wrong either way.
    """

    length: float
    angle: float = math.pi / 2
    length_error: float = 0.0
    angle_error: float = 0.0

    def __post_init__(self) -> None:
        limb_length(self.length, "lever arm")
        if not 0.0 < finite(self.angle, "angle of pull") < math.pi:
            raise RefusedError("The angle of pull must lie between 0 and 180°.")
        if not (0.0 <= finite(self.length_error, "error of the lever arm") < self.length):
            raise RefusedError("The error of the lever arm must be at least 0 and smaller than the lever arm.")
        if not 0.0 <= finite(self.angle_error, "error of the angle") <= math.pi / 2:
            raise RefusedError("The error of the angle must lie between 0 and 90°.")

    @property
    def arm(self) -> float:
        """The lever arm that counts, L·sinφ, in m."""
        return self.length * math.sin(self.angle)


def torque(force: float, lever: Lever) -> float:
    """Torque of a force about a joint.

    Formula: M = F · L · sinφ. Unit: N·m. L from the centre of the joint along the limb to the line of force, φ between
    limb and line of force. The same formula turns N/s into N·m/s and N·s into N·m·s.

    Edge cases: refused (by `Lever`) without a believable length or with an angle that is not between 0 and 180°. To
    leave an angle out makes torque too large: by 1.5 % of itself at 10° off the right angle, 3.4 % at 15°, 6.0 % at
    20°.

    Source: mechanics.

    >>> torque(250.0, Lever(0.82))
    205.0
    >>> round(torque(250.0, Lever(0.82, math.radians(70.0))), 3)
    192.637
    """
    return finite(force, "force") * lever.arm


def torque_range(force: float, lever: Lever) -> tuple[float, float]:
    """The least and the greatest torque that errors of lever and angle leave open.

    Formula: F · (L ± δL) · (least and greatest sin over φ ± δφ). Unit: N·m. Bounds and no confidence interval; the
    error of the force itself is not in them. Exact also at 90°, where a first-order error of the angle is nothing.

    Source: mechanics; an error of 1 cm in 80 cm is 1.25 % of the torque.

    >>> [round(m, 3) for m in torque_range(100.0, Lever(0.80, length_error=0.01))]
    [79.0, 81.0]
    >>> [round(m, 3) for m in torque_range(100.0, Lever(1.0, angle_error=math.radians(10.0)))]
    [98.481, 100.0]
    """
    low, high = max(lever.angle - lever.angle_error, 0.0), min(lever.angle + lever.angle_error, math.pi)
    least = min(math.sin(low), math.sin(high))
    most = 1.0 if low <= math.pi / 2 <= high else max(math.sin(low), math.sin(high))
    ends = (
        finite(force, "force") * (lever.length - lever.length_error) * least,
        force * (lever.length + lever.length_error) * most,
    )
    return min(ends), max(ends)
