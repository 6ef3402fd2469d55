"""A session that is not running: views and force by hand, commands collected. Truth is what the test puts in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from forcelab.flow import Request
from forcelab.model import (
    Array,
    Assessment,
    Baseline,
    Effort,
    Evaluation,
    Flag,
    Result,
    Role,
    SensorView,
    Side,
    Trace,
    TrialView,
    Verdict,
    View,
    Words,
)

WORDS = Words(
    name="Hip abduction, supine, long lever",
    position="Lie on your back, both legs straight, arms across the chest.",
    fixation="The belt holds the pelvis; the sensor is tied to the plinth.",
    landmark="The strap lies 5 cm above the outer ankle bone.",
    instruction="Push your leg outwards as hard and as fast as you can, and keep pushing.",
)

ABDUCTION = Assessment(
    id="abd_supine_long",
    version=1,
    kind="effort",
    sides="each",
    contraction="make",
    sensor="pull",
    lever="hip joint to lateral malleolus",
    hold=5.0,
    trials=3,
    rest=30.0,
    metrics=("peak_force", "mean_1s", "rfd_0_100", "rfd_0_150", "rfd_0_200", "rfd_0_250", "rfd_20_80"),
    text={"en": WORDS},
    target=(150.0, 180.0),
)

SENSOR = SensorView("Progressor_4711", "Progressor", "ready", "", "3.92 V")


class FakeRing:
    def __init__(self) -> None:
        self.t: Array = np.empty(0)
        self.force: Array = np.empty(0)

    def last(self, seconds: float) -> tuple[Array, Array]:
        if not self.t.size:
            return self.t, self.force
        keep = self.t >= self.t[-1] - seconds
        return self.t[keep], self.force[keep]


@dataclass
class FakeEngine:
    view: View = field(default_factory=lambda: View(phase="connecting"))
    ring: FakeRing = field(default_factory=FakeRing)
    failure: str = ""
    rings_of: dict[Role, FakeRing] = field(default_factory=dict)
    posted: list[Request] = field(default_factory=list)

    @property
    def rings(self) -> Mapping[Role, FakeRing]:
        return self.rings_of or {"total": self.ring}

    def post(self, request: Request) -> None:
        self.posted.append(request)


def push(peak: float, *, rate: float = 80.0, rise: float = 0.12, hold: float = 5.0, seed: int = 1) -> Trace:
    """Two quiet seconds, a saturating rise at t = 2 s, a hold, a release within 0.3 s, and a quiet second."""
    t = np.arange(0.0, 2.0 + hold + 1.3, 1 / rate)
    up = peak * (1 - np.exp(-np.clip(t - 2.0, 0, None) / rise)) * (1 + 0.03 * np.sin(1.7 * t))
    down = np.clip((2.0 + hold + 0.3 - t) / 0.3, 0, 1)
    noise = np.random.default_rng(seed).normal(0, 0.8, t.size)
    return Trace(t, np.where(t < 2, 0, up) * down + noise + 1.0, rate, zero=1.0)


def evaluation(trace: Trace, *, flags: tuple[Flag, ...] = (), verdict: Verdict = "trusted") -> Evaluation:
    net = trace.force - 1.0
    peak_at = int(np.argmax(net))
    onset = 2.005

    def rfd(ms: int) -> Result:
        rise = float(np.interp(onset + ms / 1000, trace.t, net))
        return Result(f"rfd_0_{ms}", rise / (ms / 1000), "N/s", "test")

    results = (
        Result("peak_force", float(net[peak_at]), "N", "test"),
        Result("mean_1s", float(net[peak_at]) * 0.97, "N", "test"),
        Result("rfd_0_50", None, "N/s", "test", reason="rate"),
        rfd(100),
        rfd(150),
        rfd(200),
        rfd(250),
        Result("rfd_20_80", 900.0, "N/s", "test"),
    )
    effort = Effort(
        onset, float(trace.t[peak_at]), 7.2, float(net[peak_at]), 4.0, "percent", Baseline(1.0, 0.8, 0, 1.8)
    )
    return Evaluation(effort, results, flags, verdict)


LATE = Flag(
    "PEAK_LATE", "Force was still rising when the push ended (6.1 N; at most 4.2 N). Repeat the trial.", 6.1, 4.2
)
COUNTER = Flag(
    "COUNTERMOVEMENT", "Force fell by 9 N just before the push (at most 4 N): start from rest.", 9.0, 4.0, "N"
)
GAP = Flag("PRELOAD", "Nobody recorded a zero, so a pre-load cannot be seen.", assessed=False)


def trial(
    number: int,
    side: Side,
    peak: float,
    verdict: Verdict = "trusted",
    flags: tuple[Flag, ...] = (),
    *,
    session: int = 0,
    practice: bool = False,
    excluded: bool = False,
    stopped: str = "released",
) -> TrialView:
    trace = push(peak, seed=number)
    found = evaluation(trace, flags=flags, verdict=verdict)
    return TrialView(
        trial=session or number,
        number=number,
        side=side,
        practice=practice,
        stopped=stopped,
        evaluation=found,
        trace=trace,
        excluded=excluded,
    )
