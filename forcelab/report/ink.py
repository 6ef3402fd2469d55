"""Colours, sizes and text of the static pictures: plain, fit for print and for colour-blind eyes.

Text that comes from people or files is drawn as it stands: no formulas, no line breaks of its own, no control
characters. The user's own matplotlib settings are kept out, so that a picture for the file looks the same everywhere.
Knows no force.
"""

import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import forcelab

# Okabe & Ito 2008: told apart by eyes of every kind of colour vision; nothing is told by colour alone.
CURVE: Final = "#000000"
QUIET: Final = "#0072B2"
ONSET: Final = "#D55E00"
PEAK: Final = "#CC79A7"
MUTED: Final = "#555555"
GRID: Final = "#E2E2E2"

PAGE: Final = (11.69, 8.27)
"""A4 lying, in inches."""

_MARGIN: Final = 0.045

DISCLAIMER: Final = f"forcelab {forcelab.__version__} · not a medical device"

# Any: which keys the type knows differs between the versions of matplotlib.
_SETTINGS: Final[Any] = {
    "text.usetex": False,
    "text.parse_math": False,
    "axes.formatter.use_mathtext": False,
    "axes.formatter.useoffset": False,
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "axes.labelcolor": CURVE,
    # Agg gives up on very long curves that are drawn in one piece.
    "agg.path.chunksize": 20_000,
}


@contextmanager
def settings() -> Iterator[None]:
    """Our own settings while a picture is made and drawn."""
    with matplotlib.rc_context(_SETTINGS), warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes; the picture is worth more than the warning.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


def page(size: tuple[float, float] = PAGE) -> Figure:
    """An empty page that draws without a window system."""
    figure = Figure(figsize=size, dpi=120, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write the page as PNG; OSError if that cannot be."""
    figure.savefig(path, format="png", metadata={"Software": f"forcelab {forcelab.__version__}"})


def plain(text: str, most: int = 600) -> str:
    """Text from outside in one line: what cannot be printed is a blank, what is endless is cut."""
    bare = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return bare if len(bare) <= most else f"{bare[: most - 1]}…"


def wrapped(text: str, width: int) -> list[str]:
    """Text from outside in lines of at most `width` signs."""
    return textwrap.wrap(plain(text), width) or [""]


def heading(figure: Figure, text: str) -> Text:
    """The title of a page, smaller where it would not fit."""
    title = figure.text(_MARGIN, 0.955, plain(text, 110), fontsize=14, fontweight="bold", va="center", parse_math=False)
    room = (1.0 - 2.0 * _MARGIN) * figure.bbox.width
    title.set_fontsize(14.0 * min(1.0, room / max(title.get_window_extent().width, 1.0)))
    return title


def small_print(figure: Figure, text: str) -> Text:
    """What stands at the foot of a page: which software, that it is no medical device, and the recipe."""
    lines = wrapped(f"{DISCLAIMER} · {text}" if text else DISCLAIMER, 200)
    return figure.text(_MARGIN, 0.018, "\n".join(lines[:2]), fontsize=6.5, color=MUTED, va="bottom", parse_math=False)


def nothing(axes: Axes, text: str) -> None:
    """Says in a panel why there is nothing in it."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.text(0.5, 0.5, plain(text), transform=axes.transAxes, ha="center", va="center", color=MUTED, parse_math=False)
