"""How often the instrument interval of a jump's numbers holds what they are without noise; the table goes to docs/.

Closed forms: a countermovement jump, a squat jump, a drop jump, each with a landing whose force swings about body
weight before it stands still; and the countermovement jump on two plates.
"""

import logging
import math
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from forcelab.analysis.jump.find import find_jumps
from forcelab.analysis.jump.interval import JUMP_INTERVAL_RULE, UNSHOWN, measure_jump
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.jump.plates import together
from forcelab.model import Array, JumpKind, Role, Trace
from tests.analysis.jump.signals import DROP_BOX, GRAVITY, WEIGHT, Curve, countermovement, drop, squat
from tests.studies.coverage import COLUMNS, Cell, tally
from tests.studies.jump_truths import dense, sides, truths

log = logging.getLogger(__name__)

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "coverage-jumps.md"
SEEDS: Final = 400
RESOLUTION: Final = 0.05
BEFORE, AFTER = 1.6, 1.9
"""s of record around the start of the movement."""

HEAD: Final = """# How often the interval of a jump's numbers holds the noise-free number

Closed forms of `tests/analysis/jump/signals.py` with a landing that swings about body weight, random sampling phase,
normal noise on each plate, rounding to 0.05 N, {seeds} seeds a cell, method {rule}. The truth is the number's rule
applied to the noise-free continuous force, with the thresholds of the true noise, by formulas of the study's own. A
cell passes if the 99.9 % Wilson interval of its coverage meets 93 to 97 % and the median width is at most 1.5 times the
displayed number's own 2.5–97.5 % spread; "covers more" is said where more than half of that spread stays without any
noise: sampling phase rules. With {seeds} seeds a coverage is known to about ±3.6 %. A number that covers too little in
any cell has no interval in forcelab, and says so. Made by `python -m tests.studies jumps`.
"""


@dataclass(frozen=True)
class Case:
    """A jump to be recorded; on two plates where `left` is the share of the one on the left."""

    name: str
    kind: JumpKind
    curve: Curve
    left: float | None = None


def swinging(curve: Curve, touch: float, top: float = 2600.0, rise: float = 0.3) -> Curve:
    """The jump with another landing: a half sine of `rise` s and `top` N, half as much below weight, then stand."""

    def force(tau: Array) -> Array:
        x = tau - touch
        push = np.where((x > 0.0) & (x < rise), top * np.sin(np.pi * np.clip(x / rise, 0.0, 1.0)), 0.0)
        back = np.clip((x - rise + 0.1) / 0.1, 0.0, 1.0)
        stand = WEIGHT * back * back * (3.0 - 2.0 * back)
        return np.asarray(np.where(tau < touch, curve(tau), push + stand))

    return force


def _landed(curve: Curve, kind: JumpKind) -> Curve:
    return swinging(curve, dense(curve, kind, 0.0).landing - 1e-4)


CASES: Final = (
    Case("countermovement", "cmj", _landed(countermovement(), "cmj")),
    Case("countermovement, soft landing", "cmj", countermovement("smooth")),
    Case("squat jump", "sj", _landed(squat(), "sj")),
    Case("drop jump", "dj", _landed(drop(), "dj")),
    Case("countermovement, two plates", "cmj", _landed(countermovement(), "cmj"), left=0.45),
)
"""The soft landing of the second comes to rest without a swing, where noise alone tells when: no number of that."""

_NOT_SOFT: Final = frozenset(("landing_time", "landing_impulse"))


def record(case: Case, rate: float, noise: float, seed: int) -> dict[Role, Trace]:
    """What the plate, or the two plates, record."""
    rng = np.random.default_rng((seed, int(rate), int(1000 * noise)))
    count = int((BEFORE + AFTER) * rate)
    tau = np.asarray((np.arange(count) + rng.uniform()) / rate - BEFORE, dtype=np.float64)
    whole = case.curve(tau)
    parts: dict[Role, Array] = (
        {"total": whole} if case.left is None else {"left": case.left * whole, "right": (1.0 - case.left) * whole}
    )

    def measured(force: Array) -> Trace:
        noisy = force + noise * rng.standard_normal(count)
        return Trace(tau + BEFORE, np.asarray(np.round(noisy / RESOLUTION) * RESOLUTION), rate)

    return {role: measured(force) for role, force in parts.items()}


def true_numbers(case: Case, noise: float) -> dict[str, float]:
    """The truths of a case."""
    sd = math.hypot(noise, RESOLUTION / math.sqrt(12.0)) * (1.0 if case.left is None else math.sqrt(2.0))
    if case.left is not None:
        return sides(case.curve, case.kind, sd, case.left)
    found = truths(case.curve, case.kind, sd)
    return {k: v for k, v in found.items() if "soft" not in case.name or k not in _NOT_SOFT}


def one(case: Case, names: Sequence[str], traces: dict[Role, Trace], *, bare: bool = False) -> Array:
    """Rows of low, high and displayed, a column a number; NaN where there is none."""
    out = np.full((3, len(names)), np.nan)
    total = traces["total"] if len(traces) == 1 else together(traces["left"], traces["right"])
    found = find_jumps(total, case.kind, sides=traces, box=DROP_BOX if case.kind == "dj" else None, g=GRAVITY)
    if len(found) != 1:
        return out
    jump = found[0]
    shown = {name: JUMP_METRICS[name].compute(jump) for name in names if JUMP_METRICS[name].lacking(jump) is None}
    there = [name for name, value in shown.items() if value is not None]
    given = {} if bare else measure_jump(jump, there)
    for k, name in enumerate(names):
        told = given.get(name)
        low, high = told if isinstance(told, tuple) else (math.nan, math.nan)
        value = shown.get(name)
        out[:, k] = low, high, math.nan if value is None else value
        if name.startswith("weighing_impulse") and jump.weighing is not None:
            out[:, k] /= jump.weighing.stop - jump.weighing.start  # each record lays its own window
    return out


def cells(case: Case, rate: float, noise: float, seeds: int) -> list[Cell]:
    """All numbers of one jump at one rate and noise."""
    true = true_numbers(case, noise)
    names = tuple(true)
    rows = np.array([one(case, names, record(case, rate, noise, seed)) for seed in range(seeds)])
    quiet = np.array([one(case, names, record(case, rate, 0.0, seed), bare=True) for seed in range(40)])
    found = []
    for k, name in enumerate(names):
        low, high, shown = rows[:, 0, k], rows[:, 1, k], rows[:, 2, k]
        there = np.isfinite(low)
        covered = int(((low <= true[name]) & (true[name] <= high)).sum())
        spread = float(np.subtract(*np.nanpercentile(shown, (97.5, 2.5))))
        still = float(np.subtract(*np.nanpercentile(quiet[:, 2, k], (97.5, 2.5)))) / spread if spread > 0.0 else 0.0
        width = float(np.median((high - low)[there])) if there.any() else math.nan
        missing = seeds - int(there.sum())
        found.append(Cell(case.name, rate, noise, name, seeds, missing, covered, width, spread, still))
    return found


Job = tuple[int, float, float]  # number of the case, Hz, N


def _cells_of(job: Job, seeds: int) -> list[Cell]:
    k, rate, noise = job
    group = cells(CASES[k], rate, noise, seeds)
    bad = [f"{cell.metric} {100 * cell.coverage:.1f} {cell.ratio:.2f}" for cell in group if cell.broken]
    log.info("%s at %g Hz, %g N: %s", CASES[k].name, rate, noise, "; ".join(bad) or "all hold")
    return group


def run(jobs: Sequence[Job], seeds: int) -> list[Cell]:
    """The cells of many jobs, in order, on all processors (forked: curves in closed form cannot be pickled)."""
    if seeds < 100 or "fork" not in multiprocessing.get_all_start_methods():
        return [cell for job in jobs for cell in _cells_of(job, seeds)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("fork")) as pool:
        return [cell for group in pool.map(partial(_cells_of, seeds=seeds), jobs) for cell in group]


def jobs() -> list[Job]:
    """One plate at 250 to 1000 Hz with little and with much noise; two plates at 1000 Hz."""
    return [
        *((0, rate, noise) for rate, noise in ((250.0, 0.5), (500.0, 3.0), (1000.0, 0.5))),
        *((1, rate, noise) for rate, noise in ((500.0, 3.0), (1000.0, 0.5))),
        *((2, rate, noise) for rate, noise in ((250.0, 3.0), (1000.0, 0.5))),
        *((3, rate, noise) for rate, noise in ((250.0, 0.5), (1000.0, 0.5))),
        (4, 1000.0, 1.0),
    ]


def page(found: list[Cell], seeds: int) -> str:
    """The page: how many cells came out how, those that do not pass by name, and the whole table."""
    given = [cell for cell in found if cell.metric not in UNSHOWN]
    rows = "\n".join(map(str, given))
    others = "\n".join(str(cell) for cell in given if cell.verdict != "passes")
    refused = "\n".join(str(cell) for cell in found if cell.metric in UNSHOWN)
    head = HEAD.format(seeds=seeds, rule=JUMP_INTERVAL_RULE)
    return (
        f"{head}\n{tally(given)}\n## Cells that do not pass\n\n{COLUMNS}{others}\n\n"
        f"## Numbers whose interval is not given\n\n{COLUMNS}{refused}\n\n## All cells\n\n{COLUMNS}{rows}\n"
    )


def main(full: bool) -> int:
    """Run the study; in full it writes the page.

    Args:
        full: 400 seeds a cell and the page (about half an hour of two processors), else a few seeds of one cell.

    Returns:
        Exit code: 0 if no number whose interval is given covers too little.
    """
    found = run(jobs(), SEEDS) if full else run([(0, 250.0, 0.5)], 6)
    if full:
        PAGE.write_text(page(found, SEEDS), encoding="utf-8")
    return int(any(cell.verdict == "covers too little" for cell in found if cell.metric not in UNSHOWN))
