"""Sessions for the tests: a simulated sensor, a simulated person, no waiting."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from firmware_protocols.codec import Played, Puppet
from firmware_protocols.progressor import ProgressorPuppet
from forcelab import assessments, flow
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.link import Radio
from forcelab.acquisition.person import Curve, Person
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.engine import Engine, SessionPlan, WantedSensor, Worker
from forcelab.model import View

LONG = 60.0
"""s of real time after which a session without waiting hangs."""


def plan(path: Path, **changes: object) -> SessionPlan:
    assessment, text = assessments.available()["abd_supine_long"]
    usual = SessionPlan(
        participant="P001",
        assessment=assessment,
        text=text,
        sides=("left", "right"),
        trials=2,
        sensors=(WantedSensor("total"),),
        path=path,
        rest=2.0,
    )
    return replace(usual, **changes)  # type: ignore[arg-type] # each test names fields of the plan


LEFT, RIGHT = "SIMULATED-LEFT", "SIMULATED-RIGHT"
PAIR = (WantedSensor("left", LEFT), WantedSensor("right", RIGHT))


def squeeze(path: Path, **changes: object) -> SessionPlan:
    """A session of squeezes with a sensor at each limb."""
    assessment, text = assessments.available()["squeeze_0_long"]
    usual = {"assessment": assessment, "text": text, "sides": ("both",), "sensors": PAIR}
    return plan(path, **{**usual, **changes})


class WatchedEngine(Engine):
    """Keeps every problem that was ever shown, and lets a test look at each view as it comes."""

    told: frozenset[str] = frozenset()
    on_view: Callable[[View], None] = staticmethod(lambda _view: None)

    def _publish(self, view: View) -> None:
        self.told |= {view.problem}
        super()._publish(view)
        self.on_view(view)


@dataclass
class Untared(ProgressorPuppet):
    """A sensor that takes no notice of a tare, as some do while they run and some while they do not."""

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        return [] if data[:1] == b"\x64" else super().written(characteristic, data)


class Simulation:
    """An engine with its simulated surroundings in reach."""

    def __init__(
        self,
        plan: SessionPlan,
        *,
        faults: Faults | Mapping[str, Faults] = Faults(),  # noqa: B008 - frozen
        curve: Curve | None = None,
        puppet: Puppet | None = None,
        person: Person | None = None,
        worker: Worker | None = None,
        on_cue: Callable[["Simulation", flow.Cue], None] = lambda _simulation, _cue: None,
    ) -> None:
        self.person = person or Person(seed=3)
        self.cues: list[flow.Cue] = []
        self.radio: SimulatedRadio | None = None
        self._faults, self._curve, self._on_cue = faults, curve or self.person.curve, on_cue
        self._puppet = puppet or ProgressorPuppet()
        self.engine = WatchedEngine(plan, self._make_radio, worker=worker, speed=math.inf, cue=self._cue)

    def run(self) -> "Simulation":
        self.engine.start()
        assert self.engine.join(LONG), "the session hangs"
        assert not self.engine.failure
        return self

    def _make_radio(self, now: Callable[[], int]) -> Radio:
        puppets: dict[str, tuple[Puppet, Curve]] = {"SIMULATED": (self._puppet, self._curve)}
        if len(self.engine.plan.sensors) > 1:
            puppets = {
                LEFT: (ProgressorPuppet(), self.person.limb("left")),
                RIGHT: (ProgressorPuppet(), self.person.limb("right")),
            }
        self.radio = SimulatedRadio(puppets, faults=self._faults, now=now, seed=3)
        return self.radio

    def _cue(self, cue: flow.Cue) -> None:
        self.cues.append(cue)
        match cue.word:
            case "zero":
                self.person.leave()
            case "push" if cue.item is not None:
                self.person.push(cue.item.side)
            case _:
                self.person.rest()
        self._on_cue(self, cue)
