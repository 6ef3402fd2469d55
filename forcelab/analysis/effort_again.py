"""One effort drawn again without its noise and found again in other records of it: for numbers of levels and areas.

What rests on the rise has a method of its own (`interval`); here whole records are made, so that a number may look at
all of an effort: its top, its area, its end, a long hold. Refuses to know which number is asked for.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec
import numpy as np

from forcelab.analysis.contraction import Contraction
from forcelab.analysis.efforts import contractions
from forcelab.analysis.noise import Noise, Top, read_noise
from forcelab.analysis.noise_again import (
    AGAIN_RULE,
    REPLICAS,
    Drawn,
    around,
    draw_again,
    phases,
    sample_again,
)
from forcelab.analysis.onset import MANUAL
from forcelab.analysis.unsteady import around_square
from forcelab.model import OnsetRule, Trace

EFFORT_AGAIN_RULE: Final = f"effort {AGAIN_RULE}"

LEVELS: Final = frozenset(
    (
        "plateau_ratio", "impulse_total", "time_to_peak", "half_relaxation",
        *(f"peak_rfr_{w}" for w in (20, 50, 100, 200)), "rfr_75_25", "rfr_90_10",
    )
)  # fmt: skip
"""Metrics of an effort whose interval is sought here."""

GAP: Final = "no interval: samples are missing in the push"
NONE: Final = "no interval: this effort, recorded anew, does not always give the number"
SHORT: Final = "no interval: the record around the push is too short to draw it again"

RESTLESS: Final = "no interval: too short a rest before one of the pushes"

_FAST: Final = 499.0
_COARSE: Final = 4
"""Steps an interval on which the curve of a fast sensor is kept."""
_FEWEST: Final = 20
_ASIDE: Final = 0.06
"""s by which another record may lay its quiet window aside: a little more than the windows are stepped by."""

Range = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Again:
    """One effort, drawn without noise and found in other records of itself.

    Attributes:
        noise: that was taken out, and put into each record.
        rate: Hz, of the sensor.
        level: s, how long the effort's top stands still.
        true: the effort on the drawn curve, with the onset threshold that belongs to the noise.
        rows: the effort in each of the records; None where it is not found.
    """

    noise: Noise
    rate: float
    level: float
    true: Contraction | None
    rows: Sequence[Contraction | None]

    def around_spread(
        self, value: float, compute: Callable[[Contraction], float | None], per: Callable[[Contraction], float | None]
    ) -> Range | None:
        """The 95 % interval of a root of a mean square, see `unsteady.around_square`.

        Args:
            value: as displayed.
            compute: gives it of an effort.
            per: what 1 N of noise gives of it in an effort.
        """
        true, *rows = (_number(compute, c) for c in (self.true, *self.rows))
        each = np.array([self.noise.sd * _number(per, c) for c in self.rows])
        known = each[np.isfinite(each)]
        alone = float(np.median(known)) if len(known) else math.nan
        return around_square(value, true, np.array(rows), (alone, each), self.noise.dof)

    def around(self, value: float, compute: Callable[[Contraction], float | None]) -> Range | None:
        """The 95 % interval of a number that is read from an effort, see `noise_again.around`."""
        true, *rows = (_number(compute, c) for c in (self.true, *self.rows))
        return around(value, true, np.array(rows))


def effort_again(
    c: Contraction, rule: OnsetRule, *, body_weight: float | None = None, resting: bool = False, seed: int = 0
) -> Again | str:
    """The effort drawn without noise (see `noise_again.draw_again`) and found in 99 other records of that curve.

    Args:
        c: the effort.
        rule: the onset rule by which it was found.
        body_weight: N, for onset rules by body weight.
        resting: whether noise is read at rest alone, and not on a level top too: for how unsteady that is.
        seed: of the generator.

    Returns:
        What was found, or the reason why no interval can come of it. Cost: 100 times finding the effort.
    """
    part = slice(c.part.begin, c.part.end)
    t, force = c.trace.t[part], c.trace.force[part]
    if len(t) < _FEWEST:
        return SHORT
    pushed = c.trace.t[c.part.start : c.part.stop]
    if len(pushed) > 1 and float((pushed[1:] - pushed[:-1]).max()) > 1.9 / c.trace.rate:
        return GAP
    noise, top = read_noise(c)
    if resting:
        noise = at_rest(c, noise)
    drawn = draw_again(t, force, noise, fine=fine_of(c.trace.rate))
    level_rest(drawn, c)
    if not resting:
        level_top(drawn, c, top)

    def found(trace: Trace, used: OnsetRule) -> Contraction | None:
        given = c.effort.onset if c.effort.rule == MANUAL else None
        near = [
            one
            for one in contractions(trace, used, given, body_weight=body_weight)
            if trace.t[one.part.start] <= c.effort.peak_at <= trace.t[one.part.stop - 1]
        ]
        return near[0] if near else None

    rng = np.random.default_rng(seed)
    records = _records(drawn, c.trace, rng)
    return Again(
        noise,
        c.trace.rate,
        top.seconds,
        found(curve_of(drawn), with_noise(rule, noise)),
        [found(trace, rule) for trace in records],
    )


def at_rest(c: Contraction, noise: Noise) -> Noise:
    """The noise of the quiet window alone, about its straight line; correlation and step as known already."""
    base = c.effort.baseline
    i, j = c.trace.t.searchsorted(base.start), c.trace.t.searchsorted(base.stop, side="right")
    x, y = c.trace.t[i:j] - c.trace.t[i:j].mean(), c.trace.force[i:j] - c.trace.force[i:j].mean()
    y -= x * (float((x * y).sum()) / float((x * x).sum()))
    dof = max(len(y) - 2.0, 1.0)
    sd = max(math.sqrt(float((y * y).sum()) / dof), noise.step / 12.0**0.5)
    # Alike neighbours tell less: as many as there are times of their memory.
    return Noise(sd, max(dof / noise.stretch**2, 1.0), noise.correlation, noise.step)


def record_again(trace: Trace, efforts: Sequence[Contraction], *, seed: int = 0) -> list[Trace] | str:
    """A whole record drawn without noise, and 99 other records of that curve: for numbers over many efforts.

    Args:
        trace: the record.
        efforts: those that were found in it; the noise is that of all their rests and level tops together.
        seed: of the generator.

    Returns:
        The curve itself first, then the records; or the reason why no interval can come of it.
    """
    if not efforts or not all(c.full_quiet for c in efforts):
        return RESTLESS
    if float(np.diff(trace.t).max()) > 1.9 / trace.rate:
        return GAP
    read = [read_noise(c) for c in efforts]
    dof = sum(noise.dof for noise, _ in read)
    noise = Noise(
        math.sqrt(sum(one.dof * one.sd**2 for one, _ in read) / dof),
        dof,
        sum(one.dof * one.correlation for one, _ in read) / dof,
        read[0][0].step,
    )
    drawn = draw_again(trace.t, trace.force, noise, fine=fine_of(trace.rate))
    for c, (_, top) in zip(efforts, read, strict=True):
        level_rest(drawn, c)
        level_top(drawn, c, top)
    return [curve_of(drawn), *_records(drawn, trace, np.random.default_rng(seed))]


def _records(drawn: Drawn, trace: Trace, rng: np.random.Generator) -> Iterator[Trace]:
    """Other records of the curve by the same sensor."""
    for phase in phases(REPLICAS, rng):
        t, force = sample_again(drawn, phase, rng)
        yield replace(trace, t=t, force=force)


def level_rest(drawn: Drawn, c: Contraction) -> None:
    """Make the quiet window level, so that the curve has its zero where the record has it."""
    base = c.effort.baseline
    rest = slice(*drawn.t.searchsorted((base.start - _ASIDE, base.stop + _ASIDE)))
    drawn.force[rest] = base.mean


def level_top(drawn: Drawn, c: Contraction, top: Top) -> None:
    """Cut off what is left of the noise on a level top: it would else be its greatest force."""
    if top.seconds > 0.0:
        push = slice(*drawn.t.searchsorted((c.trace.t[c.part.start], c.trace.t[c.part.stop - 1])))
        force = drawn.force[push]
        np.minimum(force, c.effort.baseline.mean + top.level, out=force)


def fine_of(rate: float) -> int:
    """Steps an interval on which the curve of a sensor is kept: a fast one's samples lie close already."""
    return _COARSE if rate >= _FAST else 4 * _COARSE


def curve_of(drawn: Drawn) -> Trace:
    """The drawn curve as if a sensor had recorded it."""
    return Trace(drawn.t, drawn.force, (len(drawn.t) - 1) / float(drawn.t[-1] - drawn.t[0]))


def with_noise(rule: OnsetRule, noise: Noise) -> OnsetRule:
    """The onset rule with the threshold that the noise sets, for a curve that has none."""
    if rule.rule != "percent":
        return rule
    return msgspec.structs.replace(rule, minimum=max(rule.minimum, rule.sd * noise.sd))


def _number(compute: Callable[[Contraction], float | None], c: Contraction | None) -> float:
    value = None if c is None else compute(c)
    return math.nan if value is None else value
