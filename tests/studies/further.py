"""How often the intervals of the further timed numbers hold, and those by other onset rules: a smaller study.

Two signals, two rates, 400 seeds a cell: enough to find a number whose interval is no good, and no proof to the
percent. The table goes to docs/.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from forcelab.model import OnsetRule
from tests.signals import S1, S4
from tests.studies.coverage import Asked, Cell, cells, page
from tests.studies.truths import FURTHER

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "coverage-further.md"
SEEDS: Final = 400
HEAD: Final = """# How often the interval of further numbers, and by other onset rules, holds the noise-free number

As docs/coverage.md, for the timed numbers that are not in it (noise of 0.5 N), and for some by the onset rules `sd3`
and `sd5` (noise of 0.1 to 3 N; the rule stands with the signal). {seeds} seeds a cell, method {rule}, stretch
{stretch}. Made by `python -m tests.studies further`.
"""
_EARLY: Final = ("rfd_0_100", "rfd_0_200", "impulse_0_200", "onset")
_RULES: Final = (
    Asked(_EARLY, OnsetRule(rule="sd3"), lambda _peak, sd: 3.0 * sd),
    Asked(_EARLY, OnsetRule(rule="sd5"), lambda _peak, sd: 5.0 * sd),
    Asked(_EARLY, OnsetRule(rule="abs"), lambda _peak, _sd: 5.0),
)


def run(rates: tuple[float, ...], noises: tuple[float, ...], seeds: int) -> list[Cell]:
    """All cells: the further numbers by the default rule, then some by the others."""
    places = [(signal, rate) for signal in (S1, S4) for rate in rates]
    found = [cell for signal, rate in places for cell in cells(signal, rate, 0.5, seeds, asked=Asked(FURTHER))]
    for asked in _RULES:
        for signal, rate in places:
            named = replace(signal, name=f"{signal.name}, {asked.rule.rule}")
            found += [cell for noise in noises for cell in cells(named, rate, noise, seeds, asked=asked)]
    return found


def main(full: bool) -> int:
    """Run the study; in full it writes the page.

    Args:
        full: 400 seeds a cell and the page (some minutes of one processor), else 20 seeds of a few cells.

    Returns:
        Exit code: 0 if no cell covers too little. Too wide are some by multiples of a small noise at 80 Hz, where all
        of the threshold lies within the first step of the rise.
    """
    found = run((80.0, 1000.0), (0.1, 0.5, 3.0), SEEDS) if full else run((80.0,), (0.5,), 20)
    if full:
        PAGE.write_text(page(HEAD, found, SEEDS), encoding="utf-8")
    return int(any(cell.verdict == "covers too little" for cell in found))
