"""Tables of force as other people's programs write them, of pushes whose shapes nobody made the analysis on.

Four shapes (a sigmoid of powers, Gompertz, a rise in two phases, straight pieces) at any height, noise and baseline,
at rates from 100 to 2000 Hz, in N, kN, kg or lb, s or ms, with points or commas, remarks and one or two columns; all of
it drawn from a seed. Each knows its noise-free force. Nothing of `forcelab` is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Curve = Callable[[Array], Array]

NEWTONS: Final = {"N": 1.0, "kN": 1000.0, "kg": 9.80665, "lb": 0.45359237 * 9.80665}
DECIMALS: Final = {"N": (1, 3), "kN": (4, 5), "kg": (2, 4), "lb": (2, 3)}
RATES: Final = (100.0, 200.0, 333.0, 500.0, 2000.0)
SHAPES: Final = ("power sigmoid", "Gompertz", "two phases", "straight pieces")


@dataclass(frozen=True)
class Push:
    """One push: noise-free gross force in N over s of the record, and what the sensor adds.

    `onset` is where the curve begins to rise, `top` its height above `baseline`, `step` the rounding in the file.
    """

    shape: str
    force: Curve
    onset: float
    top: float
    baseline: float
    noise: float
    step: float


@dataclass(frozen=True)
class Stranger:
    """A table as bytes, and the pushes in its columns by their side."""

    seed: int
    rate: float
    text: bytes
    pushes: dict[str | None, Push]


def _bend(u: Array) -> Array:
    return np.sin(0.5 * np.pi * np.clip(u, 0.0, 1.0)) ** 2


def _rise(shape: str, rng: np.random.Generator) -> Curve:
    """From 0 to 1 over s after its beginning."""
    match shape:
        case "power sigmoid":
            rise, a, b = rng.uniform(0.15, 0.6), rng.uniform(1.2, 3.0), rng.uniform(1.5, 4.0)
            return lambda tau: 1.0 - (1.0 - np.clip(tau / rise, 0.0, 1.0) ** a) ** b
        case "Gompertz":
            late, speed = rng.uniform(9.0, 12.0), rng.uniform(10.0, 30.0)
            return lambda tau: np.exp(-late * np.exp(-speed * np.maximum(tau, -0.5)))
        case "two phases":
            share, fast, slow = rng.uniform(0.4, 0.8), rng.uniform(0.06, 0.2), rng.uniform(0.3, 0.9)
            return lambda tau: share * _bend(tau / fast) + (1.0 - share) * _bend(tau / slow)
    x = np.concatenate(((0.0,), np.cumsum(rng.uniform(0.04, 0.15, 4))))
    y = np.concatenate(((0.0,), np.cumsum(rng.uniform(0.3, 1.0, 4))))
    return lambda tau: np.interp(tau, x, y / y[-1])


def _push(rng: np.random.Generator, onset: float, step: float) -> tuple[Push, float]:
    """A push and when its record ends."""
    shape = SHAPES[int(rng.integers(len(SHAPES)))]
    rise, top = _rise(shape, rng), float(np.exp(rng.uniform(np.log(120.0), np.log(1500.0))))
    baseline = float(rng.choice((0.0, -300.0, 500.0)) + rng.uniform(-20.0, 20.0))
    hold, fall = rng.uniform(2.0, 3.5), rng.uniform(0.2, 0.5)

    def force(t: Array) -> Array:
        tau = t - onset
        up = rise(np.minimum(tau, hold))
        return np.asarray(baseline + top * up * (1.0 - _bend((tau - hold) / fall)))

    noise = float(np.exp(rng.uniform(np.log(0.1), np.log(3.0))))
    return Push(shape, force, onset, top, baseline, noise, step), onset + hold + fall + rng.uniform(0.8, 1.5)


def stranger(seed: int, at: float | None = None) -> Stranger:
    """The table of this seed, at a rate in Hz that is given or drawn."""
    rng = np.random.default_rng((2026, seed))
    drawn, unit = float(rng.choice(RATES)), str(rng.choice(list(NEWTONS)))
    rate = drawn if at is None else at
    decimals = int(rng.choice(DECIMALS[unit]))
    sides: tuple[str | None, ...] = ("left", "right") if rng.random() < 0.3 else (None,)
    since = float(rng.choice((0.0, 12.5)))
    onset = since + rng.uniform(1.3, 2.5)
    made = [_push(rng, onset, NEWTONS[unit] * 10.0**-decimals) for _ in sides]
    count = int((max(end for _, end in made) - since) * rate)
    places = np.arange(count) + rng.uniform(0.2, 1.0)
    if rate <= 200.0:
        places = places + rng.uniform(-0.2, 0.2, count)
    t = np.asarray(since + places / rate, dtype=np.float64)
    columns = [(push.force(t) + push.noise * rng.standard_normal(count)) / NEWTONS[unit] for push, _ in made]
    text = _written(rng, t, columns, unit, decimals=decimals, sides=sides)
    return Stranger(seed, rate, text, {side: push for side, (push, _) in zip(sides, made, strict=True)})


def _written(
    rng: np.random.Generator, t: Array, columns: list[Array], unit: str, *, decimals: int, sides: tuple[str | None, ...]
) -> bytes:
    separator = str(rng.choice([",", ";", "\t", " "]))
    comma = separator != "," and bool(rng.random() < 0.4)
    per, time = (1e3, "ms") if rng.random() < 0.5 else (1.0, "s")
    names = [f"Force {side} ({unit})" if side else f"Force ({unit})" for side in sides]
    head = [f"Time ({time})", *names]
    lines = ["# a remark", ""] if rng.random() < 0.3 else []
    if separator == " ":
        head = [name.replace(" ", "_") for name in head]
    lines.append(separator.join(head))
    for row in zip(t * per, *columns, strict=True):
        cells = [f"{row[0]:.{7 if per == 1.0 else 4}f}", *(f"{value:.{decimals}f}" for value in row[1:])]
        line = separator.join(cells)
        lines.append(line.replace(".", ",") if comma else line)
    newline = "\r\n" if rng.random() < 0.3 else "\n"
    return (newline.join(lines) + newline).encode("utf-8-sig" if rng.random() < 0.3 else "utf-8")
