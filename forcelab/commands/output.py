"""How commands speak: results on stdout, as a table or as JSON; everything else as a sentence on stderr.

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
    json.dump(value, sys.stdout, ensure_ascii=False, allow_nan=False, indent=2 if sys.stdout.isatty() else None)
    sys.stdout.write("\n")


def emit_line(value: object) -> None:
    """One JSON value on a line of its own, at once: somebody may be reading along."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, note: str = "") -> None:
    """A table on stdout; columns that hold numbers are set to the right."""
    body = [[_clean(cell) for cell in row] for row in rows]
    shown = Table(
        title=Text(_clean(title)), title_justify="left", caption=Text(note) if note else None, caption_justify="left"
    )
    for index, column in enumerate(columns):
        numeric = bool(body) and all(_is_number(row[index]) for row in body)
        shown.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in body:
        shown.add_row(*(Text(cell) for cell in row))
    stdout.print(shown)


def tell(sentence: str) -> None:
    """A sentence for the person, beside the results."""
    stderr.print(Text(_clean(sentence)), soft_wrap=True)


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


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell in ("–", "")
    return True


def _clean(text: str) -> str:
    """Without control characters: a name from outside must not move the cursor or change colours."""
    return "".join(char if char.isprintable() or char == "\n" else "�" for char in text)
