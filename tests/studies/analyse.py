"""`forcelab analyse` on tables that nobody made it on: how often the truth lies within the interval that it prints.

The truth is worked out here from the curve's own formula on a dense grid, by the rules' definitions written anew;
nothing of the analysis is asked. The promise: over all records, the share that a metric's interval holds lies in the
middle 99.9 % of what so many throws at 95 % give, and no displayed peak is off by more than its noise allows.
"""

import json
import logging
import math
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.stats import binom
from typer.testing import CliRunner

from forcelab.__main__ import app
from tests.studies.strangers import RATES, SHAPES, Push, Stranger, stranger

log = logging.getLogger(__name__)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "analyse-strangers.md"
RECORDS: Final = 1000
SLOW: Final = 80.0
STEP: Final = 2e-5
EPOCHS: Final = (50, 100, 150, 200, 250)
"""ms."""

HEAD = """# What `forcelab analyse` says of tables it has never seen

{records} tables from seeds: pushes of four shapes ({shapes}) of 120 to 1500 N on a baseline near 0, −300 or 500 N, with
noise of 0.1 to 3 N, at {rates} Hz (up to 200 Hz with jitter of ±20 % of the interval, as stamped), written in N, kN,
kg or lb, s or ms, with points or decimal commas, some with a column a side. Each goes through `forcelab analyse --all
--json`. The truth is the number's rule applied to the noise-free curve on a dense grid. Promised: the share held lies
in the band that 95 % allows (the middle 99.9 % of the binomial distribution), an interval is given in at least 99 %,
and no displayed peak is off by more than {tolerance}. Numbers that a raised doubt rejects bear no
interval and are left out. "More than promised" breaks no promise: such
intervals are wider than they need to be. The second table is of the same pushes at {slow:.0f} Hz, counted by itself:
there samples lie as far apart as a fast rise is bent. Made by `python -m tests.studies analyse`.
"""
COLUMNS: Final = """
| metric | pushes | without interval | held, % | band, % | median width, SI | verdict |
|---|---|---|---|---|---|---|
"""
TOLERANCE: Final = "−(1 N + 1.5 σ) to +(5.5 σ + 1 N)"


def truths(push: Push) -> dict[str, float]:
    """The noise-free numbers of a push, by the definitions: net of the mean of the half second that ends 0.2 s before
    force is a tenth of its way up, onset where net force last rises through max(2 % P, 5 σ, 2 N)."""
    t = np.arange(push.onset - 1.3, push.onset + 1.6, STEP)
    force = push.force(t)
    tenth = float(t[np.argmax(force > push.baseline + 0.1 * push.top)])
    zero = float(push.force(np.linspace(tenth - 0.7, tenth - 0.2, 5001)).mean())
    whole = push.force(np.arange(push.onset, push.onset + 4.5, 2e-4))
    area = np.concatenate(((0.0,), np.cumsum(0.5 * (whole[1:] + whole[:-1])))) * 2e-4
    peak = float(whole.max()) - zero
    net = force - zero
    level = max(0.02 * peak, 5.0 * math.hypot(push.noise, push.step / math.sqrt(12.0)), 2.0)
    certain = int(np.argmax(net > max(0.25 * peak, level)))
    onset = _up(t, net, int(np.flatnonzero(net[:certain] <= level)[-1]), level)

    def at(seconds: float) -> float:
        return float(np.interp(onset + seconds, t, net))

    def share(p: float) -> float:
        above = np.flatnonzero((net > p * peak) & (t > onset))
        return _up(t, net, int(above[0]) - 1, p * peak)

    impulse = np.concatenate(((0.0,), np.cumsum(0.5 * STEP * (net[1:] + net[:-1]))))
    start = float(np.interp(onset, t, impulse))
    return {
        "peak_force": peak,
        "peak_force_gross": peak + zero,
        "mean_1s": float((area[5000:] - area[:-5000]).max()) - zero,
        "rfd_20_80": 0.6 * peak / (share(0.8) - share(0.2)),
        **{f"rfd_0_{w}": (at(w / 1000) - at(0.0)) / (w / 1000) for w in EPOCHS},
        **{f"force_at_{w}": at(w / 1000) for w in (90, *EPOCHS)},
        **{f"impulse_0_{w}": float(np.interp(onset + w / 1000, t, impulse)) - start for w in EPOCHS},
    }


def _up(t: np.ndarray, net: np.ndarray, k: int, level: float) -> float:
    """Where the step after index k meets the level."""
    return float(t[k] + (level - net[k]) / (net[k + 1] - net[k]) * (t[k + 1] - t[k]))


@dataclass(frozen=True)
class Answer:
    """One number that the command printed, beside the truth; NaN where it printed no interval."""

    metric: str
    push: Push
    shown: float
    low: float
    high: float
    true: float

    @property
    def held(self) -> bool:
        return self.low <= self.true <= self.high

    @property
    def in_tolerance(self) -> bool:
        """Whether a displayed peak lies where the greatest of many noisy samples may lie."""
        sigma = math.hypot(self.push.noise, self.push.step / math.sqrt(12.0))
        return -(1.0 + 1.5 * sigma) <= self.shown - self.true <= 5.5 * sigma + 1.0


def answers(one: Stranger, folder: Path) -> list[Answer]:
    """What the command says of a table.

    Raises:
        AssertionError: it fails, or does not find one effort a column.
    """
    path = folder / f"stranger-{one.seed}.csv"
    path.write_bytes(one.text)
    said = CliRunner().invoke(app, ["analyse", str(path), "--all", "--json"])
    assert said.exit_code == 0, (one.seed, said.stderr)
    trials: list[dict[str, Any]] = json.loads(said.stdout)["trials"]
    assert [trial["side"] for trial in trials] == list(one.pushes), one.seed
    found = []
    for trial in trials:
        push = one.pushes[trial["side"]]
        for metric, true in truths(push).items():
            result = trial["results"][metric]
            if result["mark"] == "rejected":  # a doubt takes it away, and with it the promise
                continue
            low, high = result["interval"] or (math.nan, math.nan)
            found.append(Answer(metric, push, result["value"], low, high, true))
    return found


@dataclass(frozen=True)
class Row:
    """One metric over all records."""

    metric: str
    count: int
    missing: int
    held: int
    width: float

    @property
    def band(self) -> tuple[int, int]:
        """So many of the given intervals hold the truth, if each does with 95 %: the middle 99.9 %."""
        n = self.count - self.missing
        return int(binom.ppf(0.0005, n, 0.95)), int(binom.ppf(0.9995, n, 0.95))

    @property
    def verdict(self) -> str:
        low, high = self.band
        if self.missing > 0.01 * self.count:
            return "too often without"
        return "too few" if self.held < low else "more than promised" if self.held > high else "kept"

    def __str__(self) -> str:
        n = max(self.count - self.missing, 1)
        band = " to ".join(f"{100 * x / n:.1f}" for x in self.band)
        held = f"{100 * self.held / n:.1f}"
        return (
            f"| {self.metric} | {self.count} | {self.missing} | {held} | {band} | {self.width:.4g} | {self.verdict} |"
        )


def rows(found: Iterable[Answer]) -> list[Row]:
    """The table, a row a metric."""
    grouped: dict[str, list[Answer]] = defaultdict(list)
    for answer in found:
        grouped[answer.metric].append(answer)
    table = []
    for metric, each in grouped.items():
        there = [answer for answer in each if not math.isnan(answer.low)]
        width = float(np.median([answer.high - answer.low for answer in there])) if there else math.nan
        held = sum(answer.held for answer in there)
        table.append(Row(metric, len(each), len(each) - len(there), held, width))
    return table


def far_off(found: Iterable[Answer]) -> list[Answer]:
    """Displayed peaks that the noise does not explain."""
    return [answer for answer in found if answer.metric.startswith("peak_force") and not answer.in_tolerance]


def run(seeds: Iterable[int], rate: float | None = None) -> list[Answer]:
    """What the command says of the tables of these seeds, at one rate in Hz or at the rates that are drawn."""
    with tempfile.TemporaryDirectory() as folder:
        return [answer for seed in seeds for answer in answers(stranger(seed, rate), Path(folder))]


def main(full: bool) -> int:
    """Runs the study; in full it writes the page.

    Args:
        full: 1000 tables and the page, else 20 and only the answer.

    Returns:
        Exit code: 0 if every promise was kept.
    """
    seeds = range(RECORDS if full else 20)
    drawn, slow = run(seeds), run(seeds, SLOW)
    tables, off = (rows(drawn), rows(slow)), far_off(drawn + slow)
    if full:
        rates = ", ".join(f"{rate:.0f}" for rate in RATES)
        facts = HEAD.format(records=RECORDS, shapes=", ".join(SHAPES), rates=rates, tolerance=TOLERANCE, slow=SLOW)
        written = [COLUMNS + "\n".join(map(str, table)) + "\n" for table in tables]
        tail = f"\nDisplayed peaks that are off by more: {len(off)}.\n"
        PAGE.write_text("".join((facts, *written, tail)), encoding="utf-8")
    broken = [row for table in tables for row in table if row.verdict in ("too few", "too often without")]
    for row in broken:
        log.error("promise not kept: %s", row)
    return int(bool(broken or off))
