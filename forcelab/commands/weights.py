"""What hangs at a sensor: weights as a person writes them, or a table of weights and what was read. Reads no sensor."""

import csv
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from forcelab.analysis.calibration import STANDARD_GRAVITY
from forcelab.journal import WeightReading

HEADING: Final = re.compile(r"\s*(applied|read)[\s_(\[]*(kg|N)[)\]\s]*")
MOST: Final = 1000
"""Readings in a table: more than anybody hangs."""


class WeightsError(ValueError):
    """They make no sense; `str()` is a sentence."""


def read_weights(text: str, gravity: float) -> tuple[float, ...]:
    """Weights in N, ascending, the empty sensor first.

    Args:
        text: numbers with commas between them, and kg or N behind.
        gravity: m/s², where the weights hang.

    >>> read_weights("10, 0, 5 kg", 10.0)
    (0.0, 50.0, 100.0)

    Raises:
        WeightsError: it is not of that form, holds no 0, or fewer than two others.
    """
    found = re.fullmatch(r"([\d.,\s]+?)\s*(kg|N)", text.strip())
    if found is None:
        raise WeightsError(f'Weights are written like "0,5,10,20 kg" or "0,50,100 N", not {text!r}.')
    newtons = sorted({_number(part.strip()) * (gravity if found[2] == "kg" else 1.0) for part in found[1].split(",")})
    if newtons[0] != 0.0:
        raise WeightsError("The empty sensor is one of the weights: begin with 0.")
    if len(newtons) < 3:
        raise WeightsError("Two weights beside 0 are needed: one alone cannot tell whether a sensor is linear.")
    return tuple(newtons)


def course(weights: Sequence[float], repeats: int) -> list[float]:
    """The order in which weights are hung: up and down, so many times; what ends one turn begins the next.

    >>> course((0.0, 5.0, 10.0), 2)
    [0.0, 5.0, 10.0, 5.0, 0.0, 5.0, 10.0, 5.0, 0.0]
    """
    up, down = list(weights), list(weights)[-2::-1]
    return [up[0], *(weight for _ in range(repeats) for weight in (*up[1:], *down))]


def read_table(path: Path, gravity: float) -> tuple[WeightReading, ...]:
    """Readings in N from a table of two columns, headed like `applied (kg),read (N)`, in the order of its rows.

    Between columns a comma, a semicolon or a tab. A weight in kg becomes N by `gravity`, m/s²; a reading in kg by
    standard gravity, as sensors show it.

    Raises:
        WeightsError: it cannot be read so.
    """
    rows = _rows(path)
    heads = [HEADING.fullmatch(cell) for cell in rows[0]] if rows else []
    names = [head[1] for head in heads if head is not None]
    if sorted(names) != ["applied", "read"] or len(heads) != 2:
        raise WeightsError(f"{path.name} must have two columns, headed like: applied (kg),read (N)")
    kilogram = {"applied": gravity, "read": STANDARD_GRAVITY}
    by = [kilogram[head[1]] if head[2] == "kg" else 1.0 for head in heads if head is not None]
    found = []
    for line, row in enumerate(rows[1:], 2):
        if len(row) != 2:
            raise WeightsError(f"{path.name}, row {line}: two numbers are needed.")
        values = [_number(cell.strip().replace(",", ".")) * factor for cell, factor in zip(row, by, strict=True)]
        found.append(WeightReading(values[names.index("applied")], values[names.index("read")]))
    return tuple(found)


def _rows(path: Path) -> list[list[str]]:
    """The cells of a table. Raises WeightsError."""
    try:
        lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except OSError as error:
        raise WeightsError(f"{path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise WeightsError(f"{path.name} is no table: it holds bytes that are no text.") from error
    if len(lines) > MOST:
        raise WeightsError(f"{path.name} holds more than {MOST} rows.")
    between = next((sign for sign in ("\t", ";") if lines and sign in lines[0]), ",")
    try:
        return list(csv.reader(lines, delimiter=between, strict=True))
    except csv.Error as error:
        raise WeightsError(f"{path.name} is no table: {error}.") from error


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > 1e6:
        raise WeightsError(f"{text!r} is no number that can be a weight or a reading.")
    return value
