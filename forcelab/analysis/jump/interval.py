"""The 95 % instrument interval of a jump's numbers: the jump drawn again without noise, and recorded anew many times.

Inside it: noise of each plate, resolution, sampling interval and phase, and with them the error of body weight. Not
inside: how still the athlete stands, how he jumps and lands, the calibration, a sensor's own averaging. Refuses to
know assessments, and which numbers a doubt takes away.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forcelab.analysis.baseline import resolution_floor
from forcelab.analysis.gate import fast_enough
from forcelab.analysis.jump.drop import from_box
from forcelab.analysis.jump.flight import find_flights
from forcelab.analysis.jump.jump import LANDING_WINDOW, Jump
from forcelab.analysis.jump.metrics import JUMP_METRICS
from forcelab.analysis.jump.plates import together
from forcelab.analysis.jump.record import PlateRecord
from forcelab.analysis.jump.standing import from_stand
from forcelab.analysis.noise import Noise
from forcelab.analysis.noise_again import (
    AGAIN_RULE,
    FINE,
    REPLICAS,
    Drawn,
    around,
    draw_again,
    phases,
    sample_again,
)
from forcelab.model import Array, Role, Trace, Weighing

JUMP_INTERVAL_RULE: Final = f"jump {AGAIN_RULE}"

_BEFORE, _AFTER = 1.6, 0.05
"""s of record before take-off, and beyond the first and the last mark, that are drawn at least."""
_EMPTY: Final = 1.7
"""s of empty plate that tell it from a flight: kept before a drop jump, and after a take-off without landing."""
_SAME: Final = 0.05
"""s by which take-off may move and still be that of the same jump."""
_FEWEST: Final = 20
_SEEN: Final = 2.0
"""Standard errors (1/√n) from which on neighbouring samples count as correlated."""

SLOWEST: Final = 250.0
"""Hz: no interval was held to its coverage below."""
UNSHOWN: Final[Mapping[str, str]] = dict.fromkeys(
    (
        "unweighting_time", "braking_time", "braking_rfd", "leg_stiffness", "mean_braking_force",
        "braking_impulse_left_gross", "braking_impulse_right_gross",
    ),
    "no interval: where force has a kink as it passes body weight, it held in 71 to 88 % of jumps and not in 95 %",
)  # fmt: skip
_SLOW: Final = f"no interval: none was shown to hold below {SLOWEST:.0f} Hz"
_GIVEN: Final = "no interval: body weight was given, and nobody said how far it may lie off"
_NONE: Final = "no interval: this jump, recorded anew, does not always give the number"
_SHORT: Final = "no interval: too few samples of quiet standing or of flight to read the noise from"

Range = tuple[float, float]


def jump_intervals(jump: Jump, names: Sequence[str], *, seed: int = 0) -> dict[str, Range | str]:
    """As `measure_jump`, but for numbers whose interval was not shown to hold: of those the reason.

    Evidence: docs/coverage-jumps.md, made by `python -m tests.studies jumps`.
    """
    found: dict[str, Range | str] = {name: why for name in names if (why := _refused(jump, name))}
    wanted = [name for name in names if name not in found]
    return found | (measure_jump(jump, wanted, seed=seed) if wanted else {})


def measure_jump(jump: Jump, names: Sequence[str], *, seed: int = 0) -> dict[str, Range | str]:
    """The 95 % instrument interval of each number for what its recipe defines.

    A parametric bootstrap (Efron & Tibshirani 1993, An Introduction to the Bootstrap, the "basic" interval; not
    verified). Each plate's noise is read on the empty plate and in the stand (the greater of both; there of the
    differences of neighbours, so that sway is not taken for noise). The jump is drawn without it (see `draw_again`;
    corners where feet leave and meet the plate), recorded anew 99 times with other noise and another sampling phase,
    and found in each record by the rules that found it; body weight is read in the same stretch of time. By how much
    the numbers of these records miss that of the drawn jump is by how much the displayed number may miss the truth.

    Args:
        jump: as found.
        names: ids from `JUMP_METRICS`, of numbers that the jump has.
        seed: of the generator (numpy's PCG64).

    Returns:
        Id -> (low, high) in the metric's unit, or the reason why there is none. Cost: 100 times finding the jump.
    """
    plates: dict[Role, Trace] = {"total": jump.trace}
    if _two(jump):
        plates = {"left": jump.sides["left"], "right": jump.sides["right"]}
    noises = {role: _noise(jump, plate) for role, plate in plates.items()}
    if not all(noises.values()):
        return dict.fromkeys(names, _SHORT)
    start, stop = _cut(jump)
    drawn: dict[Role, Drawn] = {}
    for role, plate in plates.items():
        noise = noises[role]
        assert noise is not None, "asked above"
        inside = slice(plate.t.searchsorted(start), plate.t.searchsorted(stop, side="right"))
        drawn[role] = _draw(plate.t[inside], plate.force[inside], noise)
    lacking = math.hypot(*(one.noise.sd for one in drawn.values()))
    curves: dict[Role, Trace] = {role: Trace(d.t, d.force, FINE / d.interval) for role, d in drawn.items()}
    true = _numbers(_again(jump, curves, lacking=lacking, carry=FINE), names)
    rng = np.random.default_rng(seed)
    rows = np.array([_numbers(_again(jump, traces), names) for traces in _recorded(drawn, rng)])
    found: dict[str, Range | str] = {}
    for k, name in enumerate(names):
        value = JUMP_METRICS[name].compute(jump)
        assert value is not None, "only numbers that the jump has are asked for"
        found[name] = around(value, true[k], rows[:, k]) or _NONE
    return found


def _refused(jump: Jump, name: str) -> str | None:
    """Why no interval is to be sought at all."""
    if not fast_enough(jump.trace.rate, SLOWEST, estimated=jump.trace.rate_estimated):
        return _SLOW
    if jump.weighing is not None and jump.weighing.given and JUMP_METRICS[name].weighed:
        return _GIVEN
    return UNSHOWN.get(name)


def _two(jump: Jump) -> bool:
    return "left" in jump.sides and "right" in jump.sides


def _noise(jump: Jump, plate: Trace) -> Noise | None:
    """What a plate wavers by: empty in flight, or under the stand where that is more; None if neither is seen."""
    step = resolution_floor(plate.force) * 12.0**0.5
    least, m = step / 12.0**0.5, jump.marks
    stop = jump.until if m.landing is None else m.landing
    width = stop - m.takeoff
    empty = _part(plate, m.takeoff + 0.25 * width, min(stop - 0.25 * width, m.takeoff + _EMPTY))
    stand = np.empty(0)
    if jump.weighing is not None and not jump.weighing.given:
        stand = _part(plate, jump.weighing.start, jump.weighing.stop)
    if max(len(empty), len(stand)) < _FEWEST:
        return None
    rest = empty - empty.mean() if len(empty) >= _FEWEST else np.zeros(1)
    square = float((rest * rest).sum())
    products = float((rest[1:] * rest[:-1]).sum())
    seen = square > 0.0 and products > _SEEN / math.sqrt(len(rest)) * square
    correlation = min(products / square, 0.95) if seen else 0.0
    sd = math.sqrt(square / max(len(rest) - 1, 1))
    if len(stand) >= _FEWEST:
        # Sway is slow beside the sampling interval and leaves the differences of neighbours alone.
        sd = max(sd, math.sqrt(float(np.mean(np.diff(stand) ** 2)) / (2.0 * (1.0 - correlation))))
    return Noise(max(sd, least), float(len(rest) + len(stand)), correlation, step)


def _part(plate: Trace, start: float, stop: float) -> Array:
    return plate.force[plate.t.searchsorted(start) : plate.t.searchsorted(stop, side="right")]


def _cut(jump: Jump) -> Range:
    """From when to when the record is drawn: what the jump's numbers rest on, and nothing of another jump."""
    m, stand, t = jump.marks, jump.weighing, jump.trace.t
    starts, stops = [m.takeoff - _BEFORE], [m.takeoff + _EMPTY]
    if m.landing is not None:
        stops = [m.landing + LANDING_WINDOW + _AFTER]
    if m.settled is not None:
        stops.append(m.settled + _AFTER)
    if stand is not None and not stand.given:
        starts.append(stand.start)
        stops.append(stand.stop)
    first = float(t[min(int(t.searchsorted(jump.since, side="right")), len(t) - 1)])
    if m.kind == "dj" and m.start is not None:
        # The plate must be empty before a drop jump, whoever stood on it before that.
        return m.start - _EMPTY, min(max(stops), jump.until)
    return max(min(starts) - _AFTER, first), min(max(stops), jump.until) if m.landing is not None else max(stops)


def _draw(t: Array, force: Array, noise: Noise) -> Drawn:
    """The record without noise; feet leave the plate with a corner, and meet it with one where it is seen as a kink."""
    corners = [(one.takeoff, one.residue) for one in find_flights(t, force) if one.takeoff is not None]
    return draw_again(t, force, noise, corners)


def _recorded(drawn: Mapping[Role, Drawn], rng: np.random.Generator) -> Iterator[dict[Role, Trace]]:
    """Each plate's record, made anew."""
    for phase in phases(REPLICAS, rng):
        yield {role: Trace(*sample_again(one, phase, rng), 1.0 / one.interval) for role, one in drawn.items()}


@dataclass(frozen=True, eq=False)
class _SameStand(PlateRecord):
    """A record in which body weight is read where it was read before; `lacking`: SD of the noise that it lacks."""

    stand: Weighing | None = None
    lacking: float = 0.0

    def weighing(self, since: float, until: float) -> Weighing | None:  # noqa: ARG002 # asked as the record is
        """The stand, whatever the times."""
        if self.stand is None or self.stand.given:
            return None
        part = _part(self.trace, self.stand.start, self.stand.stop)
        sd = math.hypot(float(part.std(ddof=1)), self.lacking)
        return Weighing(float(part.mean()), max(sd, self.floor), self.stand.start, self.stand.stop)


def _again(jump: Jump, plates: Mapping[Role, Trace], *, lacking: float = 0.0, carry: int = 1) -> Jump | None:
    """The same jump as other records of it give it; None if they do not hold it."""
    total = together(plates["left"], plates["right"]) if "left" in plates else plates["total"]
    sides = plates if "left" in plates else {}
    given = jump.weighing.weight if jump.weighing is not None and jump.weighing.given else None
    with np.errstate(all="ignore"):
        flights = find_flights(total.t, total.force, lacking=lacking, carry=carry)
        floor = 0.0 if lacking else resolution_floor(total.force)
        record = _SameStand(total, jump.marks.kind, sides, jump.g, given, jump.box, floor, flights,
                            jump.weighing, lacking)  # fmt: skip
        make = from_box if jump.marks.kind == "dj" else from_stand
        for k, flight in enumerate(flights):
            if flight.takeoff is not None and abs(flight.takeoff - jump.marks.takeoff) < _SAME:
                return make(record, k)
    return None


def _numbers(jump: Jump | None, names: Sequence[str]) -> list[float]:
    """These numbers, NaN where the jump does not have one."""
    if jump is None:
        return [math.nan] * len(names)
    with np.errstate(all="ignore"):
        found = (None if JUMP_METRICS[name].lacking(jump) else JUMP_METRICS[name].compute(jump) for name in names)
        return [math.nan if value is None else value for value in found]
