"""How often the 95 % instrument interval holds the noise-free number, over many seeds; the table goes to docs/.

The promise, per cell of signal, rate, noise and metric: the 99.9 % Wilson interval of the coverage meets 93 to 97 %,
and the median width is at most 1.5 times the displayed number's own 2.5–97.5 % spread. Cells that cover more because
resolution or sampling phase rules are listed by name.
"""

import logging
import math
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from scipy.signal import lfilter

from forcelab.analysis.efforts import contractions
from forcelab.analysis.interval import INTERVAL_RULE, ONSET, STRETCH, measure
from forcelab.analysis.metrics import METRICS as KNOWN
from forcelab.model import Array, OnsetRule, Trace
from tests.signals import RESOLUTION, S1, S2, S3, S4, Signal
from tests.studies.truths import METRICS, Dense, by_percent, dense, truths

log = logging.getLogger(__name__)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "coverage.md"
SEEDS: Final = 4000
RATES: Final = (80.0, 250.0, 1000.0)
NOISES: Final = (0.1, 0.5, 1.0, 3.0)
SIGNALS: Final = (S1, S2, S3, S4)
LOW, HIGH, WIDE = 0.93, 0.97, 1.5
Z999: Final = 3.2905

HEAD = """# How often the instrument interval holds the noise-free number

Closed-form trials of `tests/signals.py` with random sampling phase at every rate, jitter of ±20 % of the interval (as
stamped) at 80 Hz, rounding to 0.05 N, {seeds} seeds a cell, method {rule}, stretch {stretch}. The truth is the
number's rule applied to the noise-free continuous force, with the true noise in the threshold; its zero is the
noise-free mean over the quiet window that the rule laid in that record. A cell passes if the 99.9 % Wilson interval of
its coverage meets 93 to 97 % and the median width is at most 1.5 times the displayed number's own 2.5–97.5 % spread.
"Covers more" is said where more than half of that spread stays without any noise: sampling phase and rounding rule.
Made by `python -m tests.studies coverage`.
"""
COLUMNS = """| signal | rate, Hz | noise SD, N | metric | coverage, % | median width, SI | width / spread | verdict |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Cell:
    """One cell of the table: what was covered, and how wide the intervals are beside the number's own spread."""

    signal: str
    rate: float
    noise: float
    metric: str
    seeds: int
    missing: int
    covered: int
    width: float
    spread: float
    still: float

    @property
    def coverage(self) -> float:
        return self.covered / max(self.seeds - self.missing, 1)

    @property
    def wilson(self) -> tuple[float, float]:
        """The 99.9 % Wilson interval of the coverage."""
        n, p = max(self.seeds - self.missing, 1), self.coverage
        centre = (p + Z999**2 / (2 * n)) / (1 + Z999**2 / n)
        reach = Z999 / (1 + Z999**2 / n) * math.sqrt(p * (1 - p) / n + Z999**2 / (4 * n * n))
        return centre - reach, centre + reach

    @property
    def ratio(self) -> float:
        return self.width / self.spread if self.spread > 0.0 else math.inf

    @property
    def verdict(self) -> str:
        """passes, covers too little, covers too much, or too wide."""
        low, high = self.wilson
        if high < LOW or self.missing > 0.01 * self.seeds:
            return "covers too little"
        if self.ratio > WIDE:
            return "too wide"
        if low > HIGH:
            return "covers more: phase or resolution rules" if self.still > 0.5 else "covers too much"
        return "passes"

    @property
    def broken(self) -> bool:
        """Whether a promise was not kept."""
        return self.verdict in ("covers too little", "covers too much", "too wide")

    def __str__(self) -> str:
        name = f"{self.signal} | {self.rate:.0f} | {self.noise:g} | {self.metric}"
        return f"| {name} | {100 * self.coverage:.1f} | {self.width:.4g} | {self.ratio:.2f} | {self.verdict} |"


@dataclass(frozen=True)
class Asked:
    """What a cell looks at: which metrics by which onset rule, and what its threshold is in truth."""

    names: Sequence[str] = METRICS
    rule: OnsetRule = field(default_factory=OnsetRule)
    threshold: Callable[[float, float], float] = by_percent


Colour = float | int
"""Of noise: 0 none; a share: correlation of one sample with the next (autoregressive); 2 or more: a mean of so many."""


def coloured(white: Array, colour: Colour) -> Array:
    """White noise of unit SD as noise of unit SD whose neighbours are alike."""
    if colour >= 1:
        n = int(colour)
        before = np.concatenate((np.zeros(n - 1), white))
        return np.asarray(sum(before[k : k + len(white)] for k in range(n)) / math.sqrt(n))
    if colour == 0.0:
        return white
    fresh = math.sqrt(1.0 - colour * colour)
    out, _ = lfilter([fresh], [1.0, -colour], white[1:], zi=[colour * white[0]])
    return np.concatenate((white[:1], out))


def record(signal: Signal, rate: float, noise: float, seed: int, colour: Colour = 0.0) -> Trace:
    """What a sensor records: random phase at every rate, jitter of ±20 % as stamped below 100 Hz, rounded to 0.05 N."""
    rng = np.random.default_rng((seed, int(rate), int(1000 * noise)))
    count = int(np.floor(signal.end * rate))
    places = np.arange(count) + rng.uniform(0.0, 1.0)
    if rate < 100.0:
        places = places + rng.uniform(-0.2, 0.2, count)
    t = np.asarray(places / rate, dtype=np.float64)
    t = t[(t >= 0.0) & (t <= signal.end)]
    white = rng.standard_normal(len(t))
    force = signal.force(t) + noise * coloured(white, colour)
    return Trace(t, np.asarray(np.round(force / RESOLUTION) * RESOLUTION), rate, zero=signal.baseline)


def one(d: Dense, trace: Trace, noise: float, seed: int, asked: Asked) -> Array:
    """Rows of low, high, displayed and true, a column a metric; NaN where there is none."""
    names, rule = asked.names, asked.rule
    out = np.full((4, len(names)), np.nan)
    found = contractions(trace, rule)
    if len(found) != 1:
        return out
    c = found[0]
    given = measure(c, names, rule, seed=seed).given
    base = c.effort.baseline
    sd = math.hypot(noise, RESOLUTION / math.sqrt(12.0))
    true = truths(d, sd, (base.start, base.stop), asked.threshold)
    for k, name in enumerate(names):
        shown = c.effort.onset if name == ONSET else KNOWN[name].compute(c)
        low, high = given.get(name, (np.nan, np.nan))
        out[:, k] = low, high, np.nan if shown is None else shown, true[name]
    return out


def cells(
    signal: Signal, rate: float, noise: float, seeds: int, colour: Colour = 0.0, *, asked: Asked = Asked()
) -> list[Cell]:
    """All these metrics of one signal at one rate and noise."""
    d = dense(signal)
    all_ = np.array([one(d, record(signal, rate, noise, seed, colour), noise, seed, asked) for seed in range(seeds)])
    low, high, shown, true = (all_[:, row, :] for row in range(4))
    alone = _without_noise(signal, d, rate, asked) if noise <= 1.0 else np.zeros(len(asked.names))
    result = []
    for k, name in enumerate(asked.names):
        there = np.isfinite(low[:, k])
        covered = (low[:, k] <= true[:, k]) & (true[:, k] <= high[:, k]) & there
        if not there.any():
            result.append(Cell(signal.name, rate, noise, name, seeds, seeds, 0, math.nan, math.nan, 0.0))
            continue
        error = shown[there, k] - true[there, k]
        spread = float(np.subtract(*np.percentile(error, (97.5, 2.5))))
        width = float(np.median((high - low)[there, k]))
        still = float(alone[k]) / spread if spread > 0.0 else 0.0
        missing = seeds - int(there.sum())
        result.append(Cell(signal.name, rate, noise, name, seeds, missing, int(covered.sum()), width, spread, still))
    return result


def _without_noise(signal: Signal, d: Dense, rate: float, asked: Asked) -> Array:
    """The spread of each number that stays without any noise: what sampling phase and resolution alone do."""
    errors = []
    for seed in range(60):
        found = contractions(record(signal, rate, 0.0, seed), asked.rule)
        if len(found) == 1:
            base = found[0].effort.baseline
            true = truths(d, RESOLUTION / math.sqrt(12.0), (base.start, base.stop), asked.threshold)
            shown = [found[0].effort.onset if name == ONSET else KNOWN[name].compute(found[0]) for name in asked.names]
            errors.append(
                [math.nan if x is None else x - true[name] for name, x in zip(asked.names, shown, strict=True)]
            )
    if not errors:
        return np.zeros(len(asked.names))
    table = np.array(errors)
    low, high = np.percentile(table, (2.5, 97.5), axis=0)
    return np.asarray(np.nan_to_num(high - low))


Job = tuple[Signal, float, float, Colour]  # signal, Hz, N, colour of the noise


def _cells_of(job: Job, seeds: int) -> list[Cell]:
    signal, rate, noise, colour = job
    group = cells(signal, rate, noise, seeds, colour)
    log.info("%s at %g Hz, %g N: %s", signal.name, rate, noise, ", ".join(cell.verdict for cell in group))
    return group


def run(jobs: Iterable[Job], seeds: int) -> list[Cell]:
    """The cells of many jobs, in order, on all processors (forked: curves in closed form cannot be pickled)."""
    global _JOBS  # noqa: PLW0603 # what the forked workers see; a lambda does not go through a pipe
    _JOBS = tuple(jobs)
    numbers = range(len(_JOBS))
    if seeds < 100 or "fork" not in multiprocessing.get_all_start_methods():
        return [cell for k in numbers for cell in _numbered(k, seeds)]
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(_JOBS)), mp_context=context) as pool:
        return [cell for group in pool.map(partial(_numbered, seeds=seeds), numbers) for cell in group]


_JOBS: tuple[Job, ...] = ()


def _numbered(k: int, seeds: int) -> list[Cell]:
    return _cells_of(_JOBS[k], seeds)


def made_on() -> list[Job]:
    """The cells on which the method was made."""
    return [(signal, rate, noise, 0.0) for signal in SIGNALS for rate in RATES for noise in NOISES]


def tally(found: list[Cell]) -> str:
    """How many cells came out how, a line a verdict."""
    count = Counter(cell.verdict for cell in found)
    return "".join(f"- {verdict}: {n} of {len(found)}\n" for verdict, n in count.most_common())


def page(head: str, found: list[Cell], seeds: int) -> str:
    """The page: how many cells came out how, those that do not pass by name, and the whole table."""
    rows = "\n".join(map(str, found))
    others = "\n".join(str(cell) for cell in found if cell.verdict != "passes")
    facts = head.format(seeds=seeds, rule=INTERVAL_RULE, stretch=STRETCH)
    return (
        f"{facts}\n{tally(found)}\n## Cells that do not pass\n\n{COLUMNS}{others}\n\n## All cells\n\n{COLUMNS}{rows}\n"
    )


def study(head: str, path: Path, jobs: list[Job], seeds: int) -> int:
    """Run a study and write its page; 0 if no cell covers too little, covers too much or is too wide."""
    found = run(jobs, seeds)
    path.parent.mkdir(exist_ok=True)
    path.write_text(page(head, found, seeds), encoding="utf-8")
    return int(any(cell.broken for cell in found))


def main(full: bool) -> int:
    """Runs the study on the shapes on which the method was made; in full it writes the page.

    Args:
        full: 4000 seeds a cell and the page (about an hour of one processor), else 20 seeds of a few cells.

    Returns:
        Exit code: 0 if every promise was kept.
    """
    if full:
        return study(HEAD, PAGE, made_on(), SEEDS)
    return int(any(cell.broken for cell in run([(S1, 80.0, 0.5, 0.0), (S4, 80.0, 0.5, 0.0)], 20)))
