"""What pulls at a simulated sensor: forces in N against the device's seconds, recorded, scheduled or cued.

Every force is a function of time and of a seed, whoever asks and however often, so that a simulation can be repeated
to the bit. The shapes are believable, not measured: nothing here is evidence about people. Knows no device.
"""

import itertools
import math
import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Curve: TypeAlias = Callable[[float], float]
"""Device seconds to newtons. Asked once for each sample, with seconds that never go back."""


def recorded_curve(seconds: Sequence[float], force: Sequence[float], *, start: float = 0.0) -> Curve:
    """A recording as it was, linear between its samples; before and after it, its first and last sample.

    Args:
        seconds: s, strictly increasing, at least one.
        force: N, as many.
        start: device seconds at which the first sample is played.

    Raises:
        ValueError: if there is no sample, if the lengths differ or if time does not increase.
    """
    times, forces = [float(value) for value in seconds], [float(value) for value in force]
    if not times or len(times) != len(forces):
        raise ValueError("a recording has at least one sample, and as many times as forces")
    if any(later <= earlier for earlier, later in itertools.pairwise(times)):
        raise ValueError("the times of a recording increase")
    shift = start - times[0]

    def curve(now: float) -> float:
        at = now - shift
        index = bisect_right(times, at)
        if index == 0:
            return forces[0]
        if index == len(times):
            return forces[-1]
        share = (at - times[index - 1]) / (times[index] - times[index - 1])
        return forces[index - 1] + share * (forces[index] - forces[index - 1])

    return curve


def _smooth(share: float) -> float:
    """From 0 to 1 with the least jerk: 10x³ − 15x⁴ + 6x⁵ (Flash & Hogan 1985, 10.1523/JNEUROSCI.05-07-01688.1985)."""
    if share <= 0.0:
        return 0.0
    if share >= 1.0:
        return 1.0
    return share**3 * (10.0 + share * (6.0 * share - 15.0))


class _Waver:
    """A restless line about 0 with SD 1: a few sines whose frequencies and phases come from a seed."""

    def __init__(self, chance: random.Random, lowest: float, highest: float, parts: int) -> None:
        self._parts = [
            (
                # Evenly spread over the octaves, so that slow changes weigh as much as fast ones.
                2.0 * math.pi * lowest * (highest / lowest) ** ((part + chance.random()) / parts),
                chance.uniform(0.0, 2.0 * math.pi),
            )
            for part in range(parts)
        ]
        self._scale = math.sqrt(2.0 / parts)

    def __call__(self, seconds: float) -> float:
        return self._scale * sum(math.sin(omega * seconds + phase) for omega, phase in self._parts)


RISE: Final = (0.25, 0.35)  # s from onset to plateau of a push as fast as possible
RELEASE: Final = 0.25  # s from plateau to rest
FATIGUE: Final = 0.012  # share of the force that is lost in each s of holding


@dataclass(frozen=True, slots=True)
class _Effort:
    """One push: from when, how high (N above rest), how fast, and when it is let go."""

    onset: float
    peak: float
    rise: float
    release: float = math.inf

    def share(self, now: float) -> float:
        """How far the muscle is on, from 0 to 1."""
        letting_go = (now - self.release) / RELEASE
        held = max(0.0, min(now, self.release) - self.onset - self.rise)
        return _smooth((now - self.onset) / self.rise) * (1.0 - _smooth(letting_go)) * (1.0 - FATIGUE * held)


def effort_curve(
    onsets: Sequence[float],
    *,
    peak: float = 250.0,
    hold: float = 5.0,
    rest: float = 4.0,
    seed: int = 0,
) -> Curve:
    """Maximal efforts on a schedule: quiet, a smooth rise, a wavering plateau, release, one after another.

    Args:
        onsets: device seconds at which they begin, ascending.
        peak: N above rest, about which the efforts vary by a few per cent from one to the next.
        hold: s from onset to release.
        rest: N with which limb and strap hang in the sensor between the efforts.
        seed: of everything that varies.
    """
    chance = random.Random(seed)
    efforts = [_Effort(at, peak * chance.gauss(1.0, 0.03), chance.uniform(*RISE), at + hold) for at in sorted(onsets)]
    starts = [effort.onset for effort in efforts]
    body = _Body(chance)

    def curve(now: float) -> float:
        index = bisect_right(starts, now) - 1
        return rest + body.force(now, efforts[index] if index >= 0 else None)

    return curve


class _Body:
    """The restlessness of a living limb, at rest and in effort."""

    def __init__(self, chance: random.Random) -> None:
        self._tremor = _Waver(chance, 0.5, 10.0, 5)
        self._effort = _Waver(chance, 0.4, 6.0, 5)

    def force(self, now: float, effort: _Effort | None) -> float:
        """N above rest: tremor of 0.25 N SD, and in effort fluctuations of 1 % of the force."""
        force = 0.25 * self._tremor(now)
        if effort is not None:
            share = effort.share(now)
            if share > 0.0:
                force += effort.peak * share * (1.0 + 0.01 * share * self._effort(now))
        return force


class Person:
    """Somebody who follows cues, with a time to react, a weaker side and no two efforts alike.

    Give `curve` to the simulated sensor, or `limb("left")` and `limb("right")` to two of them, and call the cues when
    the session gives them. A cue counts from the next sample on. At first nobody touches a sensor.

    Args:
        peak: N above rest of a maximal effort on the right.
        left: strength of the left side as a share of the right.
        rest: N with which limb and strap hang in the sensor at rest.
        lag: s by which the right limb follows the left when both push at once.
        seed: of reaction times, peaks, rises and restlessness.
    """

    def __init__(
        self, *, peak: float = 260.0, left: float = 0.85, rest: float = 4.0, lag: float = 0.0, seed: int = 0
    ) -> None:
        self._chance = random.Random(seed)
        self._peak = peak
        self._left = left
        self._rest = rest
        self._body = _Body(self._chance)
        self._lag = lag
        self._limbs = {side: _Body(random.Random(f"{seed} {side}")) for side in ("left", "right")}
        self._side: Literal["left", "right", "both"] = "both"
        self._touching = False
        self._effort: _Effort | None = None
        self._cue: tuple[Literal["push", "rest"], float] | None = None

    def push(self, side: Literal["left", "right", "both"], strength: float = 1.0) -> None:
        """Cue: push as hard as `strength` (1 is maximal) allows until told to rest."""
        peak = self._peak * strength * (self._left if side == "left" else 1.0)
        self._touching, self._side = True, side
        self._cue = ("push", peak)

    def rest(self) -> None:
        """Cue: lie still in position, and let go if pushing."""
        self._touching = True
        self._cue = ("rest", 0.0)

    def leave(self) -> None:
        """Take the limb out of the strap: the sensor hangs unloaded, as it must be for its zero."""
        self._touching = False
        self._effort = self._cue = None

    def curve(self, now: float) -> float:
        """N at these device seconds."""
        self._listen(now)
        if not self._touching:
            return 0.0
        return self._rest + self._body.force(now, self._effort)

    def limb(self, side: Literal["left", "right"]) -> Curve:
        """What pulls at the sensor of one limb, where each has its own: the weaker side is so in every push of both."""
        share = self._left if side == "left" else 1.0
        late = self._lag if side == "right" else 0.0

        def curve(now: float) -> float:
            self._listen(now)
            if not self._touching:
                return 0.0
            if self._side == "both":
                return self._rest + share * self._limbs[side].force(now - late, self._effort)
            return self._rest + self._limbs[side].force(now, self._effort if self._side == side else None)

        return curve

    def _listen(self, now: float) -> None:
        if self._cue is not None:
            self._obey(*self._cue, now + self._chance.uniform(0.15, 0.3))
            self._cue = None

    def _obey(self, cue: Literal["push", "rest"], peak: float, at: float) -> None:
        if cue == "push":
            # Trials of one person vary by a few per cent; the second is often the best, which nobody here claims.
            varied = peak * min(1.0, max(0.85, self._chance.gauss(0.97, 0.025)))
            self._effort = _Effort(at, varied, self._chance.uniform(*RISE))
        elif self._effort is not None and self._effort.release > at:
            self._effort = _Effort(self._effort.onset, self._effort.peak, self._effort.rise, at)
