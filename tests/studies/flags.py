"""How often each spoilt trial is caught and each clean one accused, over many seeds; the table goes to docs/.

The promise: every spoilt vector is caught in at least 99 %, every clean one falsely flagged in at most 1 % of 1000
seeds, per vector and rate.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from forcelab.evaluate import evaluate
from tests.signals import CLEAN, RESOLUTION, SPOILT, Signal, assessment, sample

log = logging.getLogger(__name__)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "flag-rates.md"
RATES = (1000.0, 80.0)
NOISES = (0.0, 0.5)
CAUGHT, ACCUSED = 0.99, 0.01

HEAD = """# How often trials are flagged

Closed-form trials of `tests/signals.py`, resolution {resolution} N, {seeds} seeds a row. At 1000 Hz samples are even,
at 80 Hz the sampling phase is random and stamps jitter by ±20 % of the interval. "Caught" is the share in which *all*
expected flags were raised, "accused" the share in which *any* flag was raised on a clean trial. Promised: caught in at
least 99 %, accused in at most 1 %. Made by `python -m tests.studies flags`.

| trial | rate, Hz | noise SD, N | expected | caught | accused | other flags raised |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    signal: Signal
    rate: float
    noise: float
    seeds: int
    caught: int
    raised: Counter[str]
    flagged: int

    @property
    def kept(self) -> bool:
        """Whether the promise was kept."""
        if self.signal.expected:
            return self.caught >= CAUGHT * self.seeds
        return self.flagged <= ACCUSED * self.seeds

    def __str__(self) -> str:
        expected = self.signal.expected
        others = ", ".join(
            f"{name} {100 * n / self.seeds:.1f} %" for name, n in sorted(self.raised.items()) if name not in expected
        )
        caught = f"{100 * self.caught / self.seeds:.1f} %" if expected else "–"
        accused = "–" if expected else f"{100 * self.flagged / self.seeds:.1f} %"
        names = ", ".join(sorted(expected)) or "none"
        return f"| {self.signal.name} | {self.rate:.0f} | {self.noise} | {names} | {caught} | {accused} | {others} |"


def measure(signal: Signal, rate: float, noise: float, seeds: int) -> Row:
    asked = assessment()
    raised: Counter[str] = Counter()
    caught = flagged = 0
    for seed in range(seeds):
        trace = sample(signal, rate, seed=seed, noise=noise, resolution=RESOLUTION)
        evaluations = evaluate({"total": trace}, asked)
        names = {flag.name for evaluation in evaluations for flag in evaluation.flags if flag.assessed}
        if len(evaluations) != 1 or evaluations[0].effort is None:
            names.add("(not one effort)")
        raised.update(names)
        caught += bool(signal.expected) and signal.expected <= names
        flagged += bool(names)
    return Row(signal, rate, signal.noise or noise, seeds, caught, raised, flagged)


def main(full: bool) -> int:
    """Runs the study; in full it writes the page.

    Args:
        full: 1000 seeds and the page, else 10 seeds and only the answer.

    Returns:
        Exit code: 0 if every promise was kept.
    """
    seeds = 1000 if full else 10
    rows = [
        measure(signal, rate, noise, seeds)
        for signal in (*CLEAN, *SPOILT)
        for rate in RATES
        for noise in (NOISES if signal.noise is None else NOISES[:1])
    ]
    if full:
        PAGE.parent.mkdir(exist_ok=True)
        text = HEAD.format(resolution=RESOLUTION, seeds=seeds) + "\n".join(map(str, rows)) + "\n"
        PAGE.write_text(text, encoding="utf-8")
    broken = [row for row in rows if not row.kept]
    for row in broken:
        log.error("promise not kept: %s", row)
    return 1 if broken else 0
