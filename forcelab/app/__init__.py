"""The window. The only room with Qt and pyqtgraph.

Importing this file imports neither, so that a machine without them can ask `missing_libraries` first.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from forcelab.app.libraries import missing_libraries, no_display

if TYPE_CHECKING:
    from forcelab.app.choice import Choice, Offer
    from forcelab.app.source import EngineShape
    from forcelab.app.window import MainWindow

__all__ = ["choose", "main", "missing_libraries", "no_display"]


def choose(offer: "Offer") -> "Choice | None":
    """Show the first page until a person has chosen; None when it is closed instead."""
    from forcelab.app.run import ask  # noqa: PLC0415 - Qt may be missing, and this file has to be importable then

    return ask(offer)


def main(
    engine: "EngineShape",
    *,
    on_ready: "Callable[[MainWindow], None] | None" = None,
    screenshot: Path | None = None,
) -> int:
    """Show the window of a started engine until it is closed.

    Args:
        engine: the running session; it is not stopped here, but closing the window asks it to end.
        on_ready: called once with the shown window.
        screenshot: write a picture of the window here when the session is over, and close it then.

    Returns:
        The exit code of the program.
    """
    from forcelab.app.run import run  # noqa: PLC0415 - Qt may be missing, and this file has to be importable then

    return run(engine, on_ready=on_ready, screenshot=screenshot)
