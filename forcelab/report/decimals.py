"""With how many decimals a number is written: the one table for terminal, picture, page and window.

By the unit alone, so that one number reads alike wherever it stands. Files and JSON are not rounded, and what moves on
the screen while a trial runs is a preview in whole newtons. Writes nothing itself.
"""

from collections.abc import Mapping
from typing import Final

DECIMALS: Final[Mapping[str, int]] = {
    "N": 1,
    "N·m": 1,
    "N/s": 0,
    "N·m/s": 0,
    "N·s": 2,
    "N·m·s": 2,
    "N/kg": 2,
    "N·m/kg": 2,
    "N/kg^0.67": 2,
    "N/kg^(2/3)": 2,
    "N/s/kg": 1,
    "N·m/s/kg": 1,
    "N·s/kg": 3,
    "N·m·s/kg": 3,
    "s": 3,
    "1/s": 2,
    "%/s": 0,
    "Hz": 1,
    "m": 3,
    "m/s": 3,
    "N/m": 0,
    "W": 0,
    "kg": 1,
    "%": 1,
    "1": 2,
}
"""Unit -> decimals: three or four figures of a number of the usual size, which is as fine as sensors are."""

_OTHERWISE: Final = 2


def decimals(unit: str) -> int:
    """How many decimals a number of a unit has; two where this version does not know the unit.

    >>> decimals("N"), decimals("N/s"), decimals("furlong")
    (1, 0, 2)
    """
    return DECIMALS.get(unit, _OTHERWISE)


def decimals_of(ends: tuple[float, float], unit: str) -> int:
    """How many both ends of an interval have: one more where they would else read alike.

    >>> decimals_of((411.93, 412.88), "N"), decimals_of((500.01, 500.04), "N")
    (1, 2)
    """
    fewest = decimals(unit)
    return fewest + (round(ends[0], fewest) == round(ends[1], fewest))
