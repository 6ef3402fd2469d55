"""Reads a plain table of persons × sessions: a row a person (wide), or a row a measurement (long), and tells which.

Whatever is assumed stands as a sentence in `Retest.detected`. Knows no statistics; that a cell is empty is told with
its line, because a person without a value must be left out by people and not by a program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from forcelab.imports.dialect import SEPARATORS, Dialect, Lines, TableError, decode, detect, numbered, plain
from forcelab.imports.headings import folded
from forcelab.imports.rows import Column, Rows, contents, parse
from forcelab.model import Array

_PERSONS: Final = frozenset(
    (
        *("person", "persons", "subject", "subjects", "id", "participant", "participants", "client", "athlete"),
        *("player", "patient", "code", "name", "target", "targets", "nr", "no", "n", "#"),
    )
)
_SESSIONS: Final = frozenset(
    (
        *("session", "trial", "rater", "judge", "visit", "occasion", "day", "week", "test", "time", "measurement"),
        *("device", "method", "tester"),
    )
)


@dataclass(frozen=True, eq=False)
class Retest:
    """A table as read.

    Attributes:
        source: name of the file.
        form: "wide", a row a person; "long", a row a measurement.
        persons: their labels, n of them.
        sessions: names of the columns or sessions, k of them.
        values: shape (n, k), finite.
        unit: as the headings name it; "" where they name none or several.
        detected: sentences for the user: how the table was read.
    """

    source: str
    form: Literal["wide", "long"]
    persons: tuple[str, ...]
    sessions: tuple[str, ...]
    values: Array
    unit: str
    detected: tuple[str, ...]


def read_retest(
    path: Path, *, columns: Sequence[str] = (), separator: str | None = None, decimal: str | None = None
) -> Retest:
    """Reads a table of persons × sessions.

    Args:
        path: the file.
        columns: names or numbers (from 1) of the columns of values; none means all that hold numbers.
        separator: the sign between columns or its name (tabs, semicolons, bars, commas, spaces); None finds out.
        decimal: "." or ","; None finds out.

    Raises:
        TableError: with file, line where it can be told, and what to do; nothing else, whatever the file holds.
    """
    source = path.name
    separator = next((sign for sign, name in SEPARATORS.items() if name == separator), separator)
    if separator not in (None, *SEPARATORS) or decimal not in (None, ".", ","):
        known = ", ".join(SEPARATORS.values())
        raise TableError(source, f"columns are separated by {known} (--separator), decimals by . or , (--decimal)")
    lines, declared = numbered(decode(contents(path), source), source)
    dialect = detect(lines, source, separator or declared, decimal)
    rows = parse(lines, dialect, source)
    sheet = _Sheet(rows, dialect, lines)
    chosen = [_chosen(rows, wanted) for wanted in columns]
    person = sheet.person(chosen)
    session = sheet.heads(_SESSIONS, exact=True)
    values = chosen or [each for each in rows.columns if each.number not in (person, session)]
    if not values:
        raise TableError(source, "no column of values is left beside the persons; say which (--column)")
    if len(values) == 1 and person is not None:
        return sheet.long(person, session, values[0])
    if len(values) == 1:
        raise TableError(source, "it holds one column of values; each person must have been measured at least twice")
    return sheet.wide(person, values)


def _chosen(rows: Rows, wanted: str) -> Column:
    for each in rows.columns:
        if folded(wanted) in (folded(each.name) or None, str(each.number)):
            return each
    names = ", ".join(str(each) for each in rows.columns)
    raise TableError(rows.source, f'there is no column of numbers "{wanted}"; there are {names}')


class _Sheet:
    """The rows with the words in them, which the columns of numbers have not."""

    def __init__(self, rows: Rows, dialect: Dialect, lines: Lines) -> None:
        self._rows = rows
        self._cells = [dialect.cells(line) for _, line in lines[dialect.first :][: len(rows.lines)]]
        self._names = {each.number: each.name for each in rows.columns}
        numbers = range(1, dialect.columns + 1)
        if len(dialect.heading) == dialect.columns:
            self._names |= {n: dialect.heading[n - 1] for n in numbers if n not in self._names}
        self._words = [n for n in numbers if not any(each.number == n for each in rows.columns)]

    def heads(self, words: frozenset[str], *, exact: bool = False) -> int | None:
        """The number of the one column that is headed by such a word; None if there is none, or several."""
        found = [n for n, name in self._names.items() if _headed(name, words, exact=exact)]
        return found[0] if len(found) == 1 else None

    def person(self, values: Sequence[Column]) -> int | None:
        """The column of persons: by its heading, else the first of words, else one that counts the rows from 1."""
        taken = {each.number for each in values}
        named = sorted(n for n, name in self._names.items() if n not in taken and _headed(name, _PERSONS))
        if named:
            return named[0]
        session = self.heads(_SESSIONS, exact=True)
        if words := [n for n in self._words if n != session and any(cells[n - 1] for cells in self._cells)]:
            return words[0]
        first = self._rows.columns[0]
        counts = np.array_equal(first.values, np.arange(1.0, len(first.values) + 1.0)) and len(first.values) > 1
        return first.number if counts and len(self._rows.columns) > 2 and first.number not in taken else None

    def wide(self, person: int | None, values: Sequence[Column]) -> Retest:
        """A row a person."""
        labels = self._labels(person)
        seen: dict[str, int] = {}
        for label, line in zip(labels, self._rows.lines, strict=True):
            if label in seen:
                reason = f'person "{label}" stands in line {seen[label]} already; one row a person is needed'
                raise TableError(self._rows.source, reason, line)
            seen[label] = line
        for each in values:
            self._refuse_gaps(each)
        names = tuple(each.name or f"column {each.number}" for each in values)
        said = f"a row a person, {len(labels)} persons ({self._where(person)}); sessions: {', '.join(names)}"
        detected = self._detected(said, person, *(each.number for each in values))
        table = np.column_stack([each.values for each in values])
        return Retest(self._rows.source, "wide", labels, names, table, self._units(values), detected)

    def long(self, person: int, session: int | None, values: Column) -> Retest:
        """A row a measurement; without a column of sessions the nth row of a person is session n."""
        self._refuse_gaps(values)
        labels, held = self._labels(person), dict[tuple[str, str], float]()
        counted: dict[str, int] = {}
        for cells, label, line, value in zip(self._cells, labels, self._rows.lines, values.values, strict=True):
            counted[label] = counted.get(label, 0) + 1
            key = (label, cells[session - 1] if session is not None else str(counted[label]))
            if key in held:
                raise TableError(self._rows.source, f'person "{label}" has session "{key[1]}" twice', line)
            held[key] = float(value)
        persons, sessions = (tuple(dict.fromkeys(key[at] for key in held)) for at in (0, 1))
        for label in persons:
            for name in sessions:
                if (label, name) not in held:
                    reason = f'person "{label}" has no session "{name}"; leave that person out, or measure again'
                    raise TableError(self._rows.source, reason)
        if len(sessions) < 2:
            raise TableError(self._rows.source, "each person stands in it once; at least two measurements are needed")
        table = np.array([[held[label, name] for name in sessions] for label in persons])
        by = self._where(session) if session is not None else "by their order"
        who = f"{len(persons)} persons ({self._where(person)})"
        said = f"a row a measurement, {who}, sessions {', '.join(sessions)} ({by})"
        detected = self._detected(said, person, session, values.number)
        return Retest(self._rows.source, "long", persons, sessions, table, self._units([values]), detected)

    def _units(self, values: Sequence[Column]) -> str:
        units = {each.heading.force_unit or each.heading.strange for each in values}
        return units.pop() if len(units) == 1 else ""

    def _detected(self, said: str, *used: int | None) -> tuple[str, ...]:
        left = [f'"{name}"' if name else f"column {n}" for n, name in sorted(self._names.items()) if n not in used]
        told = (*self._rows.detected, said, *([f"not read: {', '.join(left)}"] if left else []))
        return tuple(plain(sentence) for sentence in told)

    def _labels(self, person: int | None) -> tuple[str, ...]:
        if person is None:
            return tuple(f"line {line}" for line in self._rows.lines)
        for cells, line in zip(self._cells, self._rows.lines, strict=True):
            if not cells[person - 1]:
                raise TableError(self._rows.source, "this row names no person", line)
        return tuple(cells[person - 1] for cells in self._cells)

    def _where(self, number: int | None) -> str:
        if number is None:
            return "no column names them"
        name = self._names.get(number, "")
        return f'column {number} "{name}"' if name else f"column {number}"

    def _refuse_gaps(self, column: Column) -> None:
        for value, line in zip(column.values, self._rows.lines, strict=True):
            if not np.isfinite(value):
                reason = f"a value is missing in {column}; leave that person out, or measure again"
                raise TableError(self._rows.source, reason, line)


def _headed(name: str, words: frozenset[str], *, exact: bool = False) -> bool:
    parts = folded(name).replace("_", " ").split()
    return bool(parts) and parts[0] in words and (len(parts) == 1 or not exact)
