"""How often each spoilt trial is caught and each clean one accused, over many seeds; the table goes to docs/.

The promise: every spoilt vector is caught in at least 99 %, every clean one falsely flagged in at most 1 % of 1000
seeds, per vector and rate.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from forcelab.analysis.jump.flags import assess_jump
from forcelab.evaluate import evaluate
from tests.analysis.jump import vectors
from tests.signals import CLEAN, RESOLUTION, SPOILT, Signal, assessment, sample

log = logging.getLogger(__name__)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "flag-rates.md"
RATES = (1000.0, 80.0)
NOISES = (0.0, 0.5)
JUMP_RATES = (1000.0, 500.0)
JUMP_NOISES = (0.0, 1.0)
CAUGHT, ACCUSED = 0.99, 0.01

HEAD = """# How often trials are flagged

Closed-form trials of `tests/signals.py`, resolution {resolution} N, {seeds} seeds a row. At 1000 Hz samples are even,
at 80 Hz the sampling phase is random and stamps jitter by ±20 % of the interval. "Caught" is the share in which *all*
expected flags were raised, "accused" the share in which *any* flag was raised on a clean trial. Promised: caught in at
least 99 %, accused in at most 1 %. Made by `python -m tests.studies flags`.

"""
JUMPS = """
## Jumps

Closed-form jumps of `tests/analysis/jump/signals.py` with a random sampling phase; the same promise.

"""
COLUMNS = """| trial | rate, Hz | noise SD, N | expected | caught | accused | other flags raised |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One vector at one rate and noise: how often what was raised."""

    name: str
    rate: float
    noise: float
    expected: frozenset[str]
    seeds: int
    caught: int
    raised: Counter[str]
    flagged: int

    @property
    def kept(self) -> bool:
        """Whether the promise was kept."""
        if self.expected:
            return self.caught >= CAUGHT * self.seeds
        return self.flagged <= ACCUSED * self.seeds

    def __str__(self) -> str:
        others = ", ".join(
            f"{name} {100 * n / self.seeds:.1f} %"
            for name, n in sorted(self.raised.items())
            if name not in self.expected
        )
        caught = f"{100 * self.caught / self.seeds:.1f} %" if self.expected else "–"
        accused = "–" if self.expected else f"{100 * self.flagged / self.seeds:.1f} %"
        names = ", ".join(sorted(self.expected)) or "none"
        return f"| {self.name} | {self.rate:.0f} | {self.noise} | {names} | {caught} | {accused} | {others} |"


def count(
    name: str, rate: float, noise: float, *, expected: frozenset[str], look: Callable[[int], set[str]], seeds: int
) -> Row:
    """Looks at one vector over all seeds; `look` names the flags that one seed raises."""
    raised: Counter[str] = Counter()
    caught = flagged = 0
    for seed in range(seeds):
        names = look(seed)
        raised.update(names)
        caught += bool(expected) and expected <= names
        flagged += bool(names)
    return Row(name, rate, noise, expected, seeds, caught, raised, flagged)


def measure(signal: Signal, rate: float, noise: float, seeds: int) -> Row:
    """An effort."""
    asked = assessment()

    def look(seed: int) -> set[str]:
        trace = sample(signal, rate, seed=seed, noise=noise, resolution=RESOLUTION)
        evaluations = evaluate({"total": trace}, asked, intervals=False)
        names = {flag.name for evaluation in evaluations for flag in evaluation.flags if flag.assessed}
        alone = len(evaluations) == 1 and evaluations[0].effort is not None
        return names if alone else names | {"(not one effort)"}

    return count(signal.name, rate, signal.noise or noise, expected=signal.expected, look=look, seeds=seeds)


def measure_jump(vector: vectors.Vector, rate: float, noise: float, seeds: int) -> Row:
    """A jump; with no noise there is still a phase a seed."""

    def look(seed: int) -> set[str]:
        return {flag.name for flag in assess_jump(vector.jump(rate, noise, seed)) if flag.assessed}

    return count(vector.name, vector.rate or rate, noise, expected=vector.expected, look=look, seeds=seeds)


def main(full: bool) -> int:
    """Runs the study; in full it writes the page.

    Args:
        full: 1000 seeds and the page (about six minutes), else 10 seeds and only the answer.

    Returns:
        Exit code: 0 if every promise was kept.
    """
    seeds = 1000 if full else 10
    efforts = [
        measure(signal, rate, noise, seeds)
        for signal in (*CLEAN, *SPOILT)
        for rate in RATES
        for noise in (NOISES if signal.noise is None else NOISES[:1])
    ]
    jumps = [
        measure_jump(vector, rate, noise, seeds)
        for vector in (*vectors.CLEAN, *vectors.SPOILT)
        for rate in (JUMP_RATES if vector.rate is None else JUMP_RATES[:1])
        for noise in JUMP_NOISES
    ]
    if full:
        PAGE.parent.mkdir(exist_ok=True)
        head = HEAD.format(resolution=RESOLUTION, seeds=seeds) + COLUMNS
        tables = ("\n".join(map(str, rows)) for rows in (efforts, jumps))
        PAGE.write_text(head + f"\n{JUMPS}{COLUMNS}".join(tables) + "\n", encoding="utf-8")
    broken = [row for row in (*efforts, *jumps) if not row.kept]
    for row in broken:
        log.error("promise not kept: %s", row)
    return 1 if broken else 0
