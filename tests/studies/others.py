"""How often the intervals of what rests on levels, areas and holds hold the noise-free number; the table goes to docs/.

Efforts in closed form for top, area and release; holds that are level, that waver, and that sag; a maximal hold that
gives way. All through `evaluate`, as a person would have them.
"""

import logging
import math
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from msgspec.structs import replace

from forcelab.evaluate import evaluate, evaluate_series
from forcelab.evaluate.again import LEVEL_RULES
from forcelab.model import Array, Assessment, Regime
from tests.signals import RESOLUTION, S1, S2, S4, Net, Signal, assessment
from tests.studies.coverage import COLUMNS, Cell, record, tally
from tests.studies.other_truths import Dense, dense, of_effort, of_hold, of_repetitions, of_sustained

log = logging.getLogger(__name__)

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "coverage-others.md"
SEEDS: Final = 400
TARGET, HELD, GIVEN_WAY = 100.0, 10.0, 20.0

HEAD: Final = """# How often the interval of what rests on levels, areas and holds holds the noise-free number

Closed forms with random sampling phase, at 80 Hz with jitter of ±20 % of the interval (as stamped), normal noise,
rounding to 0.05 N, {seeds} seeds a cell, method {rule}. The truth is the number's rule applied to the noise-free
continuous force, with the threshold of the true noise, by formulas of the study's own. A cell passes if the 99.9 %
Wilson interval of its coverage meets 93 to 97 % and the median width is at most 1.5 times the displayed number's own
2.5–97.5 % spread; "covers more" is said where more than half of that spread stays without any noise, and where the
truth is nothing at all, the end of what a spread can be. With {seeds} seeds a coverage is known to about ±3.6 %. A
number that covers too little has no interval in forcelab, and says so. Those of a spread (steadiness, error about a
target) are too wide beside what is displayed: that holds the noise, the measurand does not, and half a second of rest
tells the noise no better. Records whose number says why it has no interval are not counted. Made by
`python -m tests.studies others`.
"""


@dataclass(frozen=True)
class Case:
    """A push, how it is asked about, and what is true of it for a noise SD."""

    signal: Signal
    asked: Assessment
    truth: Callable[[Dense, float], dict[str, float]]


def held(top: float, waver: float = 0.0, hertz: float = 1.0, slope: float = 0.0) -> Net:
    """Up to `top` N within 0.5 s, then wavering by ± `waver` N and falling by `slope` N/s."""

    def net(tau: Array) -> Array:
        x = np.clip(tau / 0.5, 0.0, 1.0)
        after = np.maximum(tau - 0.5, 0.0)
        gate = np.clip(after / 0.5, 0.0, 1.0)
        return np.asarray(
            0.5 * top * (1.0 - np.cos(np.pi * x)) + gate * waver * np.cos(2.0 * np.pi * hertz * tau) - slope * after
        )

    return net


def gives_way(tau: Array) -> Array:
    """Rises with 80 ms to some 490 N and falls with 22 s."""
    x = np.maximum(tau, 0.0)
    return np.asarray(500.0 * (np.exp(-x / 22.0) - np.exp(-x / 0.08)))


TOPS: Final = (500.0, 480.0, 430.0, 400.0, 390.0, 385.0)
BEAT: Final = Regime(len(TOPS), 3.0, 2.0)


def pushes(sag: float) -> Net:
    """Six pushes to a beat, each up within 0.3 s and let go as fast, losing a share `sag` a second on the way."""

    def net(tau: Array) -> Array:
        whole = np.zeros(len(tau))
        for i, top in enumerate(TOPS):
            x = tau - i * (BEAT.work + BEAT.rest)
            up, down = np.clip(x / 0.3, 0.0, 1.0), np.clip((x - 2.7) / 0.3, 0.0, 1.0)
            force = 0.25 * top * (1.0 - np.cos(np.pi * up)) * (1.0 + np.cos(np.pi * down))
            whole += force * (1.0 - sag * np.clip(x - 0.3, 0.0, 2.4))
        return whole

    return net


def sags(tau: Array) -> Array:
    """Rises with 80 ms and sags by a tenth a second: a top that is not level."""
    x = np.maximum(tau, 0.0)
    return np.asarray(600.0 * (np.exp(-x / 10.0) - np.exp(-x / 0.08)))


_STEADY: Final = ("steadiness_cv", "steadiness_cv_raw", "rmse_target", "mean_error_target", "time_in_band")
_EFFORT: Final = ("plateau_ratio", "impulse_total", "half_relaxation", "rfr_75_25", "rfr_90_10",
                  "peak_rfr_20", "peak_rfr_50", "peak_rfr_100", "peak_rfr_200")  # fmt: skip
_HOLD: Final = replace(assessment(*_STEADY, hold=HELD), kind="hold", target=(0.95 * TARGET, 1.05 * TARGET))
_SUSTAINED: Final = replace(
    assessment("fatigue_index_auc", "time_to_half", "decline", hold=GIVEN_WAY), kind="hold", target=None
)


def _of_hold(d: Dense, sd: float) -> dict[str, float]:
    return of_hold(d, sd, TARGET, HELD)


def _hold(name: str, net: Net) -> Case:
    return Case(Signal(name, net, HELD + 1.0), _HOLD, _of_hold)


EFFORTS: Final = tuple(
    Case(signal, assessment(*_EFFORT), of_effort) for signal in (S1, S2, S4, Signal("sagging top", sags, 3.3))
)
HOLDS: Final = (
    _hold("level hold", held(TARGET)),
    _hold("level hold, 2 N off", held(TARGET + 2.0)),
    _hold("hold wavering by 1 N", held(TARGET, 1.0, 2.0)),
    _hold("hold wavering by 6 N, sagging", held(TARGET + 3.0, 6.0, 1.3, 0.8)),
    _hold("tremor of 4 N at 8 Hz", held(TARGET, 4.0, 8.0)),
)
SUSTAINED: Final = (
    Case(
        Signal("gives way", gives_way, GIVEN_WAY + 1.0),
        _SUSTAINED,
        lambda d, sd: of_sustained(d, sd, GIVEN_WAY),
    ),
)
_SERIES: Final = replace(
    assessment("peak_force"),
    series=("fatigue_index", "fatigue_index_pt", "end_test_force", "impulse_above_end", "end_test_average"),
    regime=BEAT,
)
REPEATED: Final = tuple(
    Case(
        Signal(name, pushes(sag), len(TOPS) * (BEAT.work + BEAT.rest)),
        _SERIES,
        lambda d, _: of_repetitions(d, len(TOPS), BEAT.work + BEAT.rest, BEAT.work),
    )
    for name, sag in (("six level pushes", 0.0), ("six sagging pushes", 0.03))
)
CASES: Final = (*EFFORTS, *HOLDS, *SUSTAINED, *REPEATED)


def cells(case: Case, rate: float, noise: float, seeds: int) -> list[Cell]:
    """All numbers of one push at one rate and noise."""
    d = dense(case.signal)
    true = case.truth(d, math.hypot(noise, RESOLUTION / math.sqrt(12.0)))
    asked = case.asked.series or case.asked.metrics
    names = [name for name in asked if not name.startswith("peak_rfr") or float(name[9:]) * rate >= 4000.0]
    rows = np.array([one(case, names, rate, noise, seed) for seed in range(seeds)])
    quiet = np.array([one(case, names, rate, 0.0, seed, bare=True) for seed in range(40)])
    found = []
    for k, name in enumerate(names):
        low, high, shown = rows[:, 0, k], rows[:, 1, k], rows[:, 2, k]
        there = np.isfinite(low)
        covered = int(((low <= true[name]) & (true[name] <= high)).sum())
        spread, phase = (
            float(np.subtract(*np.nanpercentile(values, (97.5, 2.5)))) for values in (shown, quiet[:, 2, k])
        )
        # A spread of nothing lies at the end of its interval, which then holds it from one side only.
        still = 1.0 if true[name] < 1e-6 else phase / spread if spread > 0.0 else 0.0
        width = float(np.median((high - low)[there])) if there.any() else math.nan
        found.append(Cell(case.signal.name, rate, noise, name, int(there.sum()), 0, covered, width, spread, still))
    return found


def one(case: Case, names: Sequence[str], rate: float, noise: float, seed: int, *, bare: bool = False) -> Array:
    """Rows of low, high and displayed, a column a number; NaN where there is none."""
    out = np.full((3, len(names)), np.nan)
    trace = record(case.signal, rate, noise, seed)
    if case.asked.series:
        every = evaluate_series({"total": trace}, case.asked, intervals=not bare)
    else:
        every = evaluate({"total": trace}, case.asked, intervals=not bare, show_all=True)[0].results
    results = {result.metric: result for result in every}
    for k, name in enumerate(names):
        told = results[name]
        low, high = told.interval or (math.nan, math.nan)
        out[:, k] = low, high, math.nan if told.value is None else told.value
    return out


Job = tuple[int, float, float]  # number of the case, Hz, N


def _cells_of(job: Job, seeds: int) -> list[Cell]:
    k, rate, noise = job
    group = cells(CASES[k], rate, noise, seeds)
    bad = [f"{cell.metric} {100 * cell.coverage:.1f} {cell.ratio:.2f}" for cell in group if cell.verdict != "passes"]
    log.info("%s at %g Hz, %g N: %s", CASES[k].signal.name, rate, noise, "; ".join(bad) or "all hold")
    return group


def run(jobs: Sequence[Job], seeds: int) -> list[Cell]:
    """The cells of many jobs, in order, on all processors (forked: curves in closed form cannot be pickled)."""
    if seeds < 100 or "fork" not in multiprocessing.get_all_start_methods():
        return [cell for job in jobs for cell in _cells_of(job, seeds)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("fork")) as pool:
        return [cell for group in pool.map(partial(_cells_of, seeds=seeds), jobs) for cell in group]


def jobs() -> list[Job]:
    """Most at 80 Hz with little or with much noise, some at 250 and 1000 Hz."""
    cells: dict[int, tuple[tuple[float, float], ...]] = {
        0: ((80.0, 0.5), (250.0, 0.5)),
        1: ((80.0, 0.5), (250.0, 0.5)),
        2: ((80.0, 3.0), (1000.0, 3.0)),
        3: ((80.0, 0.5), (80.0, 3.0)),
        4: ((80.0, 0.5),),
        5: ((80.0, 3.0),),
        6: ((80.0, 0.5),),
        7: ((80.0, 0.5), (80.0, 3.0)),
        8: ((80.0, 0.5), (250.0, 0.5)),
        10: ((80.0, 0.5), (250.0, 0.5)),
        11: ((80.0, 3.0),),
    }
    return [(k, rate, noise) for k, places in cells.items() for rate, noise in places]


def page(found: list[Cell], seeds: int) -> str:
    """The page: how many cells came out how, those that do not pass by name, and the whole table."""
    given = [cell for cell in found if cell.seeds]
    rows = "\n".join(map(str, given))
    others = "\n".join(str(cell) for cell in given if cell.verdict != "passes")
    head = HEAD.format(seeds=seeds, rule=LEVEL_RULES)
    return (
        f"{head}\n{tally(given)}\n## Cells that do not pass\n\n{COLUMNS}{others}\n\n## All cells\n\n{COLUMNS}{rows}\n"
    )


def main(full: bool) -> int:
    """Run the study; in full it writes the page.

    Args:
        full: 400 seeds a cell and the page (about half an hour of two processors), else a few seeds of one cell.

    Returns:
        Exit code: 0 if no number whose interval is given covers too little.
    """
    found = run(jobs(), SEEDS) if full else run([(2, 80.0, 0.5)], 6)
    if full:
        PAGE.write_text(page(found, SEEDS), encoding="utf-8")
    return int(any(cell.verdict == "covers too little" for cell in found if cell.seeds))
