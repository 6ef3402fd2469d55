"""The one run on shapes that the intervals were not made on; its table stands in docs/ whatever it says.

Run once for a method (`INTERVAL_RULE`), after that method is frozen; a second run needs a new method and new shapes.
Shapes: a Hill curve, a rise with a pause in it, a log-normal CDF, a soft ramp that sags from a soft corner; and two
kinds of coloured noise.
"""

from pathlib import Path
from typing import Final

import numpy as np
from scipy.special import ndtr

from forcelab.model import Array
from tests.signals import Net, Signal, raised_cosine
from tests.studies.coverage import NOISES, RATES, Colour, Job, study

PAGE = Path(__file__).resolve().parents[2] / "docs" / "coverage-unseen.md"
SEEDS: Final = 1000

HEAD = """# Instrument intervals on shapes they were not made on

The same table as in `coverage.md` for curves that nobody looked at while the method was made: a Hill curve (650 N,
power 3, half of it at 120 ms), a rise that pauses (250 N in 150 ms, 60 ms still, the rest to 600 N in 200 ms, each a
raised cosine), a log-normal CDF (600 N, median 130 ms, σ 0.45) and a soft ramp (2200 N/s that set in over some 8 ms,
to 550 N, from where it sags by 25 N/s); then the Hill curve with noise of correlation 0.3 between neighbouring samples,
and the log-normal CDF with noise that is the mean of two neighbours. {seeds} seeds a cell, method {rule}, stretch
{stretch}. One run, after the method was frozen; the table stands whatever it says. The shapes of the run before are in
docs/coverage-shapes.md: this method was made on them too. Made by `python -m tests.studies unseen`.
"""


def hill(top: float = 650.0, half: float = 0.12, power: float = 3.0) -> Net:
    def net(tau: Array) -> Array:
        u = np.maximum(tau, 0.0) ** power
        return np.asarray(top * u / (u + half**power))

    return net


def paused() -> Net:
    first, second = raised_cosine(250.0, 0.15), raised_cosine(350.0, 0.20)
    return lambda tau: first(tau) + second(tau - 0.21)


def log_normal(top: float = 600.0, median: float = 0.13, sigma: float = 0.45) -> Net:
    return lambda tau: np.asarray(top * ndtr(np.log(np.maximum(tau, 1e-9) / median) / sigma))


def soft_ramp(slope: float = 2200.0, top: float = 550.0, soft: float = 0.008, sag: float = 25.0) -> Net:
    def bend(tau: Array) -> Array:
        return np.asarray(soft * np.logaddexp(0.0, tau / soft))

    return lambda tau: slope * (bend(tau) - bend(tau - top / slope)) - sag * bend(tau - top / slope)


HILL: Final = Signal("Hill", hill(), 3.4)
LOG_NORMAL: Final = Signal("log-normal CDF", log_normal(), 3.4)
SHAPES: Final = (
    HILL,
    Signal("rise with a pause", paused(), 3.5),
    LOG_NORMAL,
    Signal("soft ramp that sags", soft_ramp(), 3.4),
)
COLOURED: Final[tuple[tuple[Signal, Colour], ...]] = (
    (Signal("Hill, correlation 0.3", HILL.net, HILL.hold_until), 0.3),
    (Signal("log-normal CDF, mean of two", LOG_NORMAL.net, LOG_NORMAL.hold_until), 2),
)


def jobs() -> list[Job]:
    kinds: list[tuple[Signal, Colour]] = [*((signal, 0.0) for signal in SHAPES), *COLOURED]
    return [(signal, rate, noise, colour) for signal, colour in kinds for rate in RATES for noise in NOISES]


def main(full: bool) -> int:
    """The one run, in full; without, only that the shapes are what they are said to be.

    Args:
        full: 1000 seeds a cell and the page.

    Returns:
        Exit code: 0 if every promise was kept.
    """
    if full:
        return study(HEAD, PAGE, jobs(), SEEDS)
    starts = [abs(float(signal.net(np.array([-0.2]))[0])) for signal in SHAPES]
    return int(any(start > 1e-6 for start in starts))
