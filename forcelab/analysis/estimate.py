"""The shape of a number that comes from several others: its value, unit, formula, interval, and the refusal to give it.

For scores, sides, reliability and change. Knows no trial, no trace and no formula itself.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Table: TypeAlias = NDArray[np.float64]
"""Rows are persons, columns are trials, sessions or raters; complete."""


class RefusedError(ValueError):
    """The number that was asked for does not exist for this input; the message is the sentence for people."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with the formula that made it.

    Attributes:
        id: as it stands in tables and exports.
        value: in `unit`.
        unit: SI, "%" or "1".
        formula: in symbols, as it is to be printed beside the number.
        low: lower end of the interval, in `unit`; None where the formula has none.
        high: its upper end.
        level: the coverage that the interval claims, 0 to 1; None without an interval.
        df: degrees of freedom that the number rests on, where the interval depends on them.
        warning: a sentence to be shown with the number, or None.
    """

    id: str
    value: float
    unit: str
    formula: str
    low: float | None = None
    high: float | None = None
    level: float | None = None
    df: float | None = None
    warning: str | None = None


def finite(value: float, name: str) -> float:
    """The number, if it is one.

    Raises:
        RefusedError: it is NaN or infinite.

    >>> finite(3, "peak force")
    3.0
    """
    if not math.isfinite(value):
        raise RefusedError(f"The {name} is missing or not a number.")
    return float(value)


def strength(value: float, name: str) -> float:
    """The number, if it can be a strength: finite and not negative.

    Raises:
        RefusedError: it is not.

    >>> strength(-1.0, "left side")
    Traceback (most recent call last):
    forcelab.analysis.estimate.RefusedError: The left side is -1, and a strength cannot be negative.
    """
    number = finite(value, name)
    if number < 0.0:
        raise RefusedError(f"The {name} is {number:g}, and a strength cannot be negative.")
    return number


def positive(value: float, name: str) -> float:
    """The number, if something can be divided by it: finite and above 0.

    Raises:
        RefusedError: it is not.

    >>> positive(2.5, "peak force")
    2.5
    """
    number = finite(value, name)
    if number <= 0.0:
        raise RefusedError(f"The {name} is {number:g}; it must be above 0.")
    return number


def sample(values: Sequence[float] | ArrayLike, name: str, least: int) -> Table:
    """A row of numbers, if there are enough of them and all are there. Shape (n,).

    Raises:
        RefusedError: fewer than `least`, or one of them is missing.

    >>> sample([1, 2, 3], "sessions", 3)
    array([1., 2., 3.])
    """
    row = np.asarray(values, dtype=np.float64)
    if row.ndim != 1:
        raise RefusedError(f"The {name} must be one row of numbers.")
    if row.size < least:
        raise RefusedError(f"There must be at least {least} {name}; here there are {row.size}.")
    if not np.isfinite(row).all():
        raise RefusedError(f"One of the {name} is missing; leave it out or measure it again.")
    return row


def complete(values: Sequence[Sequence[float]] | ArrayLike, least: int = 2) -> Table:
    """A table of persons by trials, if it is complete. Shape (n, k), k at least 2.

    Args:
        values: one row a person, one column a trial, session or rater.
        least: how many persons there must be.

    Raises:
        RefusedError: a row is shorter than another, a value is missing, or rows or columns are too few.

    >>> complete([[1, 2], [3, 4]]).shape
    (2, 2)
    """
    try:
        table = np.asarray(values, dtype=np.float64)
    except ValueError:  # rows of unequal length
        raise RefusedError("Each person needs the same number of values.") from None
    if table.ndim != 2:
        raise RefusedError("A table is needed: one row a person, one column a trial, session or rater.")
    persons, columns = table.shape
    if columns < 2:
        raise RefusedError("Each person must have been measured at least twice.")
    if persons < least:
        raise RefusedError(f"There must be at least {least} persons; here there {_count(persons)}.")
    if not np.isfinite(table).all():
        raise RefusedError("A value is missing; leave that person out, or measure again.")
    return table


ROUNDING: Final = 1e-12
"""Of the largest value: what differs by less is the same number, written by a computer."""


def settled(differences: Table, largest: float) -> Table:
    """Differences from a mean with those that are only rounding put to 0, so that equal values are found equal.

    >>> settled(np.array([1e-17, 0.1]), 0.3)
    array([0. , 0.1])
    """
    return np.where(np.abs(differences) <= ROUNDING * largest, 0.0, differences)


def _count(persons: int) -> str:
    return "is 1" if persons == 1 else f"are {persons}"
