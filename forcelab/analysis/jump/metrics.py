"""The table of all metrics of jumps. Computes nothing."""

from collections.abc import Mapping
from typing import Final

from forcelab.analysis.jump.height import HEIGHT
from forcelab.analysis.jump.landing import LANDING
from forcelab.analysis.jump.metric import JumpMetric
from forcelab.analysis.jump.push import PUSH
from forcelab.analysis.jump.sides import SIDES
from forcelab.analysis.jump.timing import TIMING

JUMP_METRICS: Final[Mapping[str, JumpMetric]] = {
    metric.id: metric for metric in (*HEIGHT, *TIMING, *PUSH, *LANDING, *SIDES)
}
"""Every metric of a jump by its id."""
