"""How commands speak: results on stdout, as tables with what explains them or as JSON; all else in sentences on stderr.

Text that came from outside (names of sensors, of files, of participants) is shown as it is, never read as markup.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

FAILED = 1
"""Exit code of work that was not done. Wrong usage is 2, as typer has it."""

stdout = Console(highlight=False, markup=False)
stderr = Console(stderr=True, highlight=False, markup=False)


def emit(value: object) -> None:
    """One JSON value on stdout, whole and in one piece."""
    _write(json.dumps(value, allow_nan=False, indent=2 if sys.stdout.isatty() else None))


def emit_line(value: object) -> None:
    """One JSON value on a line of its own, at once: somebody may be reading along."""
    _write(json.dumps(value, allow_nan=False))


def _write(text: str) -> None:
    # ASCII, since a pipe on Windows may know no µ. Flushed, since here a reader who has left is noticed in order.
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, note: str = "") -> None:
    """A table on stdout; columns that hold numbers are set to the right."""
    body = [[clean(cell, keep="\n") for cell in row] for row in rows]
    shown = Table()
    for index, column in enumerate(columns):
        numeric = bool(body) and all(_is_number(row[index]) for row in body)
        # An id that is broken in two cannot be copied.
        shown.add_column(column, justify="right" if numeric else "left", overflow="fold", no_wrap=column == "id")
    for row in body:
        shown.add_row(*(Text(cell) for cell in row))
    if title:
        stdout.print(Text(clean(title), style="bold"), soft_wrap=True)
    stdout.print(shown)
    if note:
        stdout.print(Text(note), soft_wrap=True)


def listing(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """One thing with its properties below one another, on stdout: for things that have more than a row holds."""
    body = [(clean(name), clean(value)) for name, value in rows]
    shown = Table.grid(padding=(0, 2))
    shown.add_column()
    shown.add_column(overflow="fold")
    for name, value in body:
        shown.add_row(Text("  " + name), Text(value))
    stdout.print(Text(clean(title), style="bold"), soft_wrap=True)
    stdout.print(shown)


def say(sentence: str) -> None:
    """A sentence on stdout: part of the results, without which a table above it cannot be read."""
    stdout.print(Text(clean(sentence)))


def tell(sentence: str) -> None:
    """A sentence for the person, beside the results."""
    stderr.print(Text(clean(sentence)), soft_wrap=True)


def fail(sentence: str) -> NoReturn:
    """Tell why the work was not done, and leave."""
    tell(sentence)
    raise typer.Exit(FAILED)


def number(value: float | None, digits: int = 4) -> str:
    """A number with so many significant digits, never in powers of ten; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:.{digits}g}"
    return f"{value:.0f}" if "e" in text else text


def clean(text: str, *, keep: str = "") -> str:
    """Without control characters: a name from outside must not move the cursor, change colours or begin a line."""
    return "".join(char if char.isprintable() or char in keep else "�" for char in text)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell in ("–", "")
    return True
