"""The one run on shapes that the intervals were not made on; its table stands in docs/ whatever it says.

Run once for a method (`INTERVAL_RULE`), after that method is frozen; a second run needs a new method and new shapes.
Shapes: a Gaussian CDF, a second-order system that overshoots, a rise that begins steepest and flattens as a root does,
a beta CDF that ends in a corner; and two kinds of coloured noise.
"""

from pathlib import Path
from typing import Final

import numpy as np
from scipy.special import betainc, ndtr

from forcelab.model import Array
from tests.signals import Net, Signal
from tests.studies.coverage import NOISES, RATES, Colour, Job, study

PAGE = Path(__file__).resolve().parents[2] / "docs" / "coverage-unseen.md"
SEEDS: Final = 1000

HEAD = """# Instrument intervals on shapes they were not made on

The same table as in `coverage.md` for curves that nobody looked at while the method was made: a Gaussian CDF (600 N,
mean 200 ms, SD 60 ms), a second-order system that overshoots (550 N, 18 rad/s, damping 0.6: 9.5 % above), a rise that
begins steepest (600 N × u / √(1 + u²) with u = t / 120 ms) and a beta CDF (620 N in 350 ms, shape 2.5 and 1.5); then
the Gaussian CDF with noise of correlation 0.4 between neighbouring samples, and the rise that begins steepest with
noise that is the mean of three neighbours. {seeds} seeds a cell, method {rule}, stretch {stretch}. One run, after the
method was frozen; the table stands whatever it says. The shapes of the runs before are in docs/coverage-shapes.md.
Made by `python -m tests.studies unseen`.
"""


def gaussian_cdf(top: float = 600.0, mean: float = 0.2, sd: float = 0.06) -> Net:
    return lambda tau: np.asarray(top * ndtr((tau - mean) / sd))


def overshooting(top: float = 550.0, omega: float = 18.0, damping: float = 0.6) -> Net:
    beat = omega * np.sqrt(1.0 - damping**2)

    def net(tau: Array) -> Array:
        u = np.maximum(tau, 0.0)
        swing = np.cos(beat * u) + damping * omega / beat * np.sin(beat * u)
        return np.asarray(top * (1.0 - np.exp(-damping * omega * u) * swing))

    return net


def steepest_first(top: float = 600.0, scale: float = 0.12) -> Net:
    def net(tau: Array) -> Array:
        u = np.maximum(tau, 0.0) / scale
        return np.asarray(top * u / np.sqrt(1.0 + u * u))

    return net


def beta_cdf(top: float = 620.0, rise: float = 0.35, a: float = 2.5, b: float = 1.5) -> Net:
    return lambda tau: np.asarray(top * betainc(a, b, np.clip(tau / rise, 0.0, 1.0)))


GAUSSIAN: Final = Signal("Gaussian CDF", gaussian_cdf(), 3.4)
STEEPEST_FIRST: Final = Signal("steepest first", steepest_first(), 3.4)
SHAPES: Final = (
    GAUSSIAN,
    Signal("overshooting", overshooting(), 3.4),
    STEEPEST_FIRST,
    Signal("beta CDF", beta_cdf(), 3.4),
)
COLOURED: Final[tuple[tuple[Signal, Colour], ...]] = (
    (Signal("Gaussian CDF, correlation 0.4", GAUSSIAN.net, GAUSSIAN.hold_until), 0.4),
    (Signal("steepest first, mean of three", STEEPEST_FIRST.net, STEEPEST_FIRST.hold_until), 3),
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
    starts = [abs(float(signal.net(np.array([-0.3]))[0])) for signal in SHAPES]
    return int(any(start > 1e-6 for start in starts))
