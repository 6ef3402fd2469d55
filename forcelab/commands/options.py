"""Options that several commands share, and what no command accepts."""

import math
from pathlib import Path
from typing import Annotated

import typer

SESSION = Annotated[Path, typer.Argument(help="A session file.", show_default=False)]
PATH = Annotated[Path, typer.Argument(help="A session file, or a table of force against time.", show_default=False)]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def finite(value: float | None) -> float | None:
    """Refuses what `float` reads and no measurement knows: nan and inf."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter("a finite number is needed.")
    return value


TARGET = Annotated[
    float | None, typer.Option(min=1, help='The force that is to be held, N; of the kind "hold".', callback=finite)
]


def code(value: str) -> str:
    """A code for a person, without blanks around it; refuses signs that cannot be printed, whatever they might do."""
    if not value.isprintable():
        raise typer.BadParameter("a code is made of signs that can be printed.")
    return value.strip()


def named_code(value: str) -> str:
    """A code that must not be empty."""
    if not (stripped := code(value)):
        raise typer.BadParameter("a code is needed; it may be any that is no name.")
    return stripped
