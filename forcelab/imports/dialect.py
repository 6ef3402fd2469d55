"""How a table of numbers is written: encoding, separator, decimal sign, heading, first line of numbers.

Deterministic: each pair of separator and decimal sign is tried on the first lines, and the one under which most cells
are numbers wins. Where two readings fit equally well and would give different numbers it asks instead of guessing.
Knows nothing of force or time.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

LARGEST: Final = 64 * 1024 * 1024
"""Bytes. An hour of two force plates at 1000 Hz is about 70 MB; more is not one trial any more."""
LONGEST_LINE: Final = 64 * 1024
MOST_COLUMNS: Final = 256
_SAMPLE: Final = 300

SEPARATORS: Final = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "spaces"}
"""In order of preference where several fit: blanks come last, for they also stand beside the others."""

_NUMBER: Final = {
    ".": re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"),
    ",": re.compile(r"[+-]?(?:[0-9]+,?[0-9]*|,[0-9]+)(?:[eE][+-]?[0-9]+)?"),
}
_MISSING: Final = frozenset({"", "nan", "na", "n/a", "#n/a", "null", "none", "-", "--", "inf", "+inf", "-inf", "-nan"})
_LEADING_ZERO: Final = re.compile(r"[+-]?0[0-9]+")
_COMMENTS: Final = ("#", "%", "//")

Lines = list[tuple[int, str]]
"""Numbered from 1 as an editor counts; blank lines and comments are left out."""


class TableError(Exception):
    """A file that cannot be read as a table: `str(error)` says file, line where it can be told, and what to do."""

    def __init__(self, source: str, reason: str, line: int | None = None) -> None:
        self.source = source
        self.line = line
        where = source if line is None else f"{source}, line {line}"
        super().__init__(plain(f"{where}: {reason}"))


@dataclass(frozen=True)
class Dialect:
    """How a line becomes cells and a cell a number.

    `numeric` are the indices of the columns that hold numbers, `first` is the index of the first line of numbers;
    `heading` is the line above it if there are words in it, `above` the one above that, each empty where there is none.
    """

    separator: str
    decimal: str
    columns: int
    numeric: tuple[int, ...]
    first: int
    heading: tuple[str, ...]
    above: tuple[str, ...]

    def cells(self, line: str) -> list[str]:
        """The cells of a line, without quotes and blanks around them."""
        return _split(line, self.separator)

    def number(self, cell: str) -> float | None:
        """The number in a cell, NaN where the cell says that there is none; None if the cell holds something else."""
        return _number(cell, self.decimal)


def plain(sentence: str) -> str:
    """A sentence that quotes a file, made harmless: a terminal shows it and obeys nothing in it."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in sentence)


def decode(data: bytes, source: str) -> str:
    """The text of a file: UTF-8 or UTF-16 (with or without byte order mark), else Latin-1.

    Raises:
        TableError: when it is no text.
    """
    if data[:4] == b"PK\x03\x04":
        raise TableError(source, "this is a spreadsheet or an archive; save the table as CSV and read that")
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _no_binary(data.decode(name, errors="replace"), source)
    head = data[:1000]
    if head[1::2].count(0) > len(head) // 3:
        return _no_binary(data.decode("utf-16-le", errors="replace"), source)
    if head[::2].count(0) > len(head) // 3:
        return _no_binary(data.decode("utf-16-be", errors="replace"), source)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return _no_binary(text, source)


def numbered(text: str, source: str) -> tuple[Lines, str | None]:
    """The lines that may hold numbers, and the separator if the first line declares it as spreadsheets do (`sep=;`).

    Raises:
        TableError: for a line that is too long to be a row.
    """
    lines: Lines = []
    declared = None
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        bare = line.strip(" \n\ufeff")
        if len(bare) > LONGEST_LINE:
            raise TableError(source, "this line is too long for a row of a table; is it another kind of file?", number)
        if number == 1 and bare.lower().startswith("sep=") and bare[4:5] in SEPARATORS:
            declared = bare[4]
        elif bare.strip() and not bare.lstrip().startswith(_COMMENTS):
            lines.append((number, bare))
    return lines, declared


def detect(lines: Lines, source: str, separator: str | None = None, decimal: str | None = None) -> Dialect:
    """Finds the dialect from the first lines.

    Args:
        lines: as `numbered` gives them.
        source: name of the file, for errors.
        separator: if it is known; " " means any run of blanks.
        decimal: "." or "," if it is known.

    Raises:
        TableError: no numbers; two readings that differ; too many columns.
    """
    sample = [line for _, line in lines[:_SAMPLE]]
    best: tuple[tuple[float, int], Dialect] | None = None
    for each in SEPARATORS if separator is None else (separator,):
        rows = [_split(line, each) for line in sample]
        for sign in (".", ",") if decimal is None else (decimal,):
            if each == sign and not any('"' in line for line in sample):
                continue  # a comma can be both only where quotes keep the two apart
            tried = _try(rows, each, sign)
            if tried is not None and (best is None or tried[0] > best[0]):
                best = tried
    if best is None:
        raise TableError(source, "no rows of numbers were found in it")
    dialect = best[1]
    if dialect.columns > MOST_COLUMNS:
        raise TableError(source, f"it has {dialect.columns} columns; a force–time table has a few", lines[0][0])
    if dialect.separator == "," and separator is None and decimal is None:
        return _settle_commas(dialect, sample, source)
    return dialect


def _settle_commas(dialect: Dialect, sample: Sequence[str], source: str) -> Dialect:
    """`633,21`: two whole numbers, or one with a decimal comma? Leading zeros and the heading tell; else we ask."""
    data = sample[dialect.first :]
    if any('"' in line or "." in line for line in data):
        return dialect
    rows = [_split(line, ",") for line in data]
    names = sum(1 for cell in dialect.heading if cell)
    leading_zero = any(_LEADING_ZERO.fullmatch(cell) for row in rows for cell in row[1:])
    if dialect.columns == 2 and (names == 1 or (names == 0 and leading_zero)):
        tried = _try([_split(line, " ") for line in sample], " ", ",")
        if tried is not None:
            return tried[1]
    if not leading_zero and (names == dialect.columns or (not names and dialect.columns > 2) or _counts_up(rows)):
        return dialect
    if dialect.columns > 2 or names:
        reason = "the comma seems to separate the columns and the decimals as well; save the table with semicolons"
    else:
        reason = "commas may separate two columns or stand for decimal points; say which (--decimal or --separator)"
    raise TableError(source, reason)


def _counts_up(rows: list[list[str]]) -> bool:
    """Whether the first cells rise from row to row, as time does."""
    firsts = [_number(row[0], ".") for row in rows]
    return len(firsts) > 1 and all(a is not None and b is not None and b > a for a, b in pairwise(firsts))


def _try(rows: list[list[str]], separator: str, decimal: str) -> tuple[tuple[float, int], Dialect] | None:
    """The dialect that a pair of signs would make, and how well it fits: share of numbers, number of columns."""
    tail = rows[len(rows) // 2 :]
    if not tail:
        return None
    columns = Counter(len(row) for row in tail).most_common(1)[0][0]
    tail = [row for row in tail if len(row) == columns]
    shares = [sum(_number(row[index], decimal) is not None for row in tail) / len(tail) for index in range(columns)]
    filled = [index for index in range(columns) if any(row[index] for row in tail)]
    # Half is enough: in a short table the tail has headings in it, and a stray word is to be told with its line.
    numeric = [i for i in filled if shares[i] >= 0.5 and any(_holds(row[i], decimal) for row in tail)]
    if not numeric:
        return None
    first = _first_data(rows, columns, numeric, decimal)
    heading, above = _words(rows, first - 1, decimal), _words(rows, first - 2, decimal)
    found = Dialect(separator, decimal, columns, tuple(numeric), first, heading, above if heading else ())
    return (sum(shares[i] for i in filled) / len(filled), len(numeric)), found


def _words(rows: list[list[str]], index: int, decimal: str) -> tuple[str, ...]:
    """The cells of a line above the numbers if there are words in it."""
    if index < 0 or not any(cell and not _holds(cell, decimal) for cell in rows[index]):
        return ()
    return tuple(rows[index])


def _first_data(rows: list[list[str]], columns: int, numeric: Sequence[int], decimal: str) -> int:
    """The first line that looks like data; what follows it and does not is a mistake, to be told with its line."""
    return next(i for i, row in enumerate(rows) if i + 1 == len(rows) or _is_data(row, columns, numeric, decimal))


def _is_data(row: list[str], columns: int, numeric: Sequence[int], decimal: str) -> bool:
    if len(row) != columns or not any(_holds(row[index], decimal) for index in numeric):
        return False
    return all(_number(row[index], decimal) is not None for index in numeric)


def _split(line: str, separator: str) -> list[str]:
    if separator == " ":
        return [cell.strip('"') for cell in line.split()]
    if '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True))]
    except (csv.Error, StopIteration):
        return [line]


def _number(cell: str, decimal: str) -> float | None:
    cell = cell.replace("\u2212", "-")
    if _NUMBER[decimal].fullmatch(cell):
        return float(cell.replace(",", "."))
    return float("nan") if cell.casefold() in _MISSING else None


def _holds(cell: str, decimal: str) -> bool:
    """Whether there is a number in the cell, not only the word for none."""
    number = _number(cell, decimal)
    return number is not None and number == number  # noqa: PLR0124 - NaN is the one number that differs from itself


def _no_binary(text: str, source: str) -> str:
    control = sum(1 for c in _first(text, 4000) if c not in "\t\n\r\x0c\x1a" and unicodedata.category(c) == "Cc")
    if "\x00" in text or control > 0:
        raise TableError(source, "this is not a text file; export the measurement as a table of text (CSV)")
    return text


def _first(text: str, count: int) -> Iterator[str]:
    return iter(text[:count])
