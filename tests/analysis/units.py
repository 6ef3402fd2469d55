"""How a number grows with force, by its unit alone, and every metric and measure there is: what laws are made of."""

from collections.abc import Mapping
from typing import Any, Final

from forcelab.analysis.jump.metric import JumpMetric
from forcelab.analysis.measure import Measure
from forcelab.analysis.metric import Metric
from tests.analysis.test_explained import tables

DEGREE: Final[Mapping[str, int]] = {
    "N": 1, "N/s": 1, "N·s": 1, "N/m": 1, "N·m": 1, "N·m/s": 1, "W": 1, "J": 1, "kg": 1,
    "s": 0, "1/s": 0, "m": 0, "m/s": 0, "1": 0, "%": 0, "%/s": 0, "W/kg": 0,
}  # fmt: skip
"""Unit -> the power of force in it, where mass comes from weight; a new unit is to be entered here."""

EFFORT: Final[Mapping[str, Metric]] = {one.id: one for _, one in tables() if isinstance(one, Metric)}
JUMP: Final[Mapping[str, JumpMetric]] = {one.id: one for _, one in tables() if isinstance(one, JumpMetric)}
MEASURES: Final[Mapping[str, Measure[Any]]] = {one.id: one for _, one in tables() if isinstance(one, Measure)}
"""All of each kind by id, found by looking through the room."""
