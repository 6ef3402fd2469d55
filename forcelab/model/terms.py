"""The words that all nouns of forcelab are made of: limbs, roles, kinds, marks, verdicts, and two shapes of structs.

Knows no noun.
"""

from typing import Final, Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

GRAVITY: Final = 9.81
"""m/s², acceleration of free fall where that of the place is not given."""

Side: TypeAlias = Literal["left", "right", "both"]
Role: TypeAlias = Literal["left", "right", "total"]
"""What a sensor measures in a trial: one limb, or the whole (a bilateral squeeze, an unsided test)."""

Kind: TypeAlias = Literal["effort", "hold", "jump"]
JumpKind: TypeAlias = Literal["cmj", "sj", "dj"]
"""Countermovement jump, squat jump (from a held squat, without a dip), drop jump (from a box)."""

OnsetName: TypeAlias = Literal["percent", "sd3", "sd5", "abs", "bw1", "bw2.5", "bw5", "deriv", "trough"]
Mark: TypeAlias = Literal["rejected", "indicative", "below_rate"]
"""What is to be known of a number before it is used, see `Result`."""
Verdict: TypeAlias = Literal["trusted", "peak_only", "repeat"]


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the structs that are read from assessments: unknown fields are mistakes there, and are told."""


class Record(msgspec.Struct, frozen=True):
    """Base of the structs inside the session file: newer fields are passed over when an older program reads."""
