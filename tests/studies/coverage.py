"""How often the 95 % instrument interval holds the noise-free number, over many seeds; the table goes to docs/.

The promise, per cell of signal, rate, noise and metric: the 99.9 % Wilson interval of the coverage meets 93 to 97 %,
and the median width is at most 1.5 times the displayed number's own 2.5–97.5 % spread. Cells that cover more because
resolution or sampling phase rules are listed by name.
"""

import logging
import math
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Final

import numpy as np

from forcelab.analysis.efforts import contractions
from forcelab.analysis.interval import INTERVAL_RULE, ONSET, measure
from forcelab.analysis.metrics import METRICS as KNOWN
from forcelab.model import Array, OnsetRule, Trace
from tests.signals import RESOLUTION, S1, S2, S3, S4, Signal
from tests.studies.truths import METRICS, Dense, dense, truths

log = logging.getLogger(__name__)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "coverage.md"
SEEDS: Final = 4000
RATES: Final = (80.0, 250.0, 1000.0)
NOISES: Final = (0.1, 0.5, 1.0, 3.0)
SIGNALS: Final = (S1, S2, S3, S4)
LOW, HIGH, WIDE = 0.93, 0.97, 1.5
Z999: Final = 3.2905


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

    def __str__(self) -> str:
        name = f"{self.signal} | {self.rate:.0f} | {self.noise:g} | {self.metric}"
        return f"| {name} | {100 * self.coverage:.1f} | {self.width:.4g} | {self.ratio:.2f} | {self.verdict} |"


def record(signal: Signal, rate: float, noise: float, seed: int, colour: float = 0.0) -> Trace:
    """What a sensor records: random phase at every rate, jitter of ±20 % as stamped below 100 Hz, rounded to 0.05 N."""
    rng = np.random.default_rng((seed, int(rate), int(1000 * noise)))
    count = int(np.floor(signal.end * rate))
    places = np.arange(count) + rng.uniform(0.0, 1.0)
    if rate < 100.0:
        places = places + rng.uniform(-0.2, 0.2, count)
    t = places / rate
    t = t[(t >= 0.0) & (t <= signal.end)]
    white = rng.standard_normal(len(t))
    for k in range(1, len(t)) if colour > 0.0 else ():
        white[k] = colour * white[k - 1] + math.sqrt(1.0 - colour * colour) * white[k]
    force = signal.force(t) + noise * white
    return Trace(t, np.round(force / RESOLUTION) * RESOLUTION, rate, zero=signal.baseline)


def one(signal: Signal, d: Dense, rate: float, noise: float, seed: int, colour: float) -> Array:
    """Rows of low, high, displayed and true, a column a metric; NaN where there is none."""
    out = np.full((4, len(METRICS)), np.nan)
    trace = record(signal, rate, noise, seed, colour)
    rule = OnsetRule()
    found = contractions(trace, rule)
    if len(found) != 1:
        return out
    c = found[0]
    given = measure(c, METRICS, rule, seed=seed).given
    base = c.effort.baseline
    sd = math.hypot(noise, RESOLUTION / math.sqrt(12.0))
    true = truths(d, sd, (base.start, base.stop))
    for k, name in enumerate(METRICS):
        shown = c.effort.onset if name == ONSET else KNOWN[name].compute(c)
        low, high = given.get(name, (np.nan, np.nan))
        out[:, k] = low, high, np.nan if shown is None else shown, true[name]
    return out


def cells(signal: Signal, rate: float, noise: float, seeds: int, colour: float = 0.0) -> list[Cell]:
    """All metrics of one signal at one rate and noise."""
    d = dense(signal)
    all_ = np.array([one(signal, d, rate, noise, seed, colour) for seed in range(seeds)])
    low, high, shown, true = (all_[:, row, :] for row in range(4))
    result = []
    for k, name in enumerate(METRICS):
        there = np.isfinite(low[:, k])
        covered = (low[:, k] <= true[:, k]) & (true[:, k] <= high[:, k]) & there
        if not there.any():
            result.append(Cell(signal.name, rate, noise, name, seeds, seeds, 0, math.nan, math.nan, 0.0))
            continue
        error = shown[there, k] - true[there, k]
        spread = float(np.subtract(*np.percentile(error, (97.5, 2.5))))
        width = float(np.median((high - low)[there, k]))
        still = _without_noise(signal, d, rate, name, spread) if noise <= 1.0 else 0.0
        missing = seeds - int(there.sum())
        result.append(Cell(signal.name, rate, noise, name, seeds, missing, int(covered.sum()), width, spread, still))
    return result


def _without_noise(signal: Signal, d: Dense, rate: float, name: str, spread: float) -> float:
    """The share of the spread that stays without any noise: what sampling phase and resolution alone do."""
    errors = []
    for seed in range(60):
        trace = record(signal, rate, 0.0, seed)
        found = contractions(trace, OnsetRule())
        if len(found) != 1:
            continue
        base = found[0].effort.baseline
        shown = found[0].effort.onset if name == ONSET else KNOWN[name].compute(found[0])
        if shown is not None:
            errors.append(shown - truths(d, RESOLUTION / math.sqrt(12.0), (base.start, base.stop))[name])
    return float(np.subtract(*np.percentile(errors, (97.5, 2.5)))) / spread if errors and spread > 0.0 else 0.0


def run(jobs: Iterable[tuple[Signal, float, float, float]], seeds: int, workers: int = 1) -> list[Cell]:
    """The cells of many (signal, rate, noise, colour), in order."""
    listed = list(jobs)
    columns = tuple(zip(*listed, strict=True))
    names = (columns[0], columns[1], columns[2], repeat(seeds), columns[3])
    if workers == 1:
        return [cell for group in map(cells_of, *names) for cell in group]
    with ProcessPoolExecutor(workers) as pool:
        return [cell for group in pool.map(cells_of, *names) for cell in group]


def cells_of(signal: Signal, rate: float, noise: float, seeds: int, colour: float) -> list[Cell]:
    group = cells(signal, rate, noise, seeds, colour)
    log.info("%s at %g Hz, %g N: %s", signal.name, rate, noise, ", ".join(cell.verdict for cell in group))
    return group
