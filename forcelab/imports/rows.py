"""From a file's bytes to columns of numbers with their names; a row that does not fit is told with its line.

Knows neither units nor which column is which.
"""

import math
import re
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forcelab.imports.dialect import LARGEST, SEPARATORS, Dialect, Lines, TableError
from forcelab.imports.headings import Heading, is_unit, understand
from forcelab.model import Array

_NAME_AND_UNIT = re.compile(r"[^\s\[(]+(?: ?[\[(][^\])]*[\])])?")


@dataclass(frozen=True, eq=False)
class Column:
    """One column of numbers (NaN where there is none): its number from 1, its name in the file and what that says."""

    number: int
    name: str
    heading: Heading
    values: Array

    def __str__(self) -> str:
        return f'column {self.number} "{self.name}"' if self.name else f"column {self.number}"


@dataclass(frozen=True, eq=False)
class Rows:
    """All columns of numbers, the names of the other columns, and the line on which each row stands."""

    source: str
    columns: tuple[Column, ...]
    unread: tuple[str, ...]
    lines: tuple[int, ...]
    detected: tuple[str, ...]


def contents(path: Path) -> bytes:
    """The bytes of a file; TableError where it cannot be read or is too large for one table."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise TableError(path.name, f"the file cannot be read ({why})") from error
    if len(data) > LARGEST:
        raise TableError(path.name, f"it is larger than {LARGEST // 2**20} MB; cut it into one file per recording")
    return data


def parse(lines: Lines, dialect: Dialect, source: str) -> Rows:
    """Reads all rows below the heading.

    Raises:
        TableError: a row with more or fewer cells than the others, or a cell that is no number.
    """
    detected = [_written(dialect)]
    body = lines[dialect.first :]
    if len(body) > 1 and len(dialect.cells(body[-1][1])) != dialect.columns:
        detected.append(f"line {body[-1][0]}, the last one, is incomplete and was left out")
        body = body[:-1]
    values = {index: array("d") for index in dialect.numeric}
    for number, line in body:
        cells = dialect.cells(line)
        if len(cells) != dialect.columns:
            reason = f"this row has {len(cells)} cells, the others have {dialect.columns}"
            raise TableError(source, f"{reason}; correct or delete it", number)
        for index, column in values.items():
            value = dialect.number(cells[index])
            if value is None:
                raise TableError(source, f'"{cells[index][:40]}" is no number; correct or delete the row', number)
            column.append(value if math.isfinite(value) else math.nan)
    names = _names(dialect, lines, source)
    columns = tuple(
        Column(index + 1, names[index], understand(names[index]), np.array(column)) for index, column in values.items()
    )
    unread = tuple(name for index, name in enumerate(names) if index not in values and name)
    return Rows(source, columns, unread, tuple(number for number, _ in body), tuple(detected))


def _written(dialect: Dialect) -> str:
    sign = "a comma" if dialect.decimal == "," else "a point"
    if dialect.columns == 1:
        return f"one column, decimals with {sign}"
    return f"columns separated by {SEPARATORS.get(dialect.separator, repr(dialect.separator))}, decimals with {sign}"


def _names(dialect: Dialect, lines: Lines, source: str) -> list[str]:
    """A name a column, "" where the file gives none; a line of units below the names is joined to them."""
    heading, above = _fitted(dialect), list(dialect.above)
    if len(heading) != dialect.columns:
        if all(understand(cell).kind == "other" for cell in heading):
            return [""] * dialect.columns  # a title or a date stands above the numbers, not their names
        reason = f"the heading names {len(heading)} columns, the rows have {dialect.columns}"
        hint = "; the comma seems to separate columns and decimals as well" if dialect.separator == "," else ""
        raise TableError(source, f"{reason}{hint}", lines[dialect.first - 1][0])
    units = [cell.strip("[]() ") for cell in heading]
    if len(above) == dialect.columns and all(is_unit(unit) for unit in units if unit):
        return [f"{name} [{unit}]" if unit else name for name, unit in zip(above, units, strict=True)]
    return heading


def _fitted(dialect: Dialect) -> list[str]:
    """The cells of the heading; where blanks separate, a unit in brackets stays with its name."""
    heading = list(dialect.heading)
    if dialect.separator == " " and len(heading) != dialect.columns:
        line = " ".join(heading)
        heading = [line] if dialect.columns == 1 else _NAME_AND_UNIT.findall(line)
    while len(heading) > dialect.columns and not heading[-1]:
        heading.pop()
    return heading
