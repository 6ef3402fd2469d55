"""Sessions without a sensor and without a person: puppets, and somebody who does what the cues say."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from firmware_protocols.codec import Puppet
from forcelab import flow
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.link import Radio
from forcelab.acquisition.person import Curve, Person
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.commands.asked_device import family_codec
from forcelab.engine import Engine, SessionPlan, Worker

LAG: Final = 0.03
"""s by which the simulated right limb follows the left one."""

AIR: Final = (Faults(interval=0.03, drift=20.0), Faults(interval=0.0225, drift=-20.0))
"""Of two simulated sensors: connection intervals that differ, and crystals."""


def simulated_engine(
    plan: SessionPlan, families: Sequence[str], *, speed: float = 1.0, seed: int = 0, worker: Worker | None = None
) -> Engine:
    """An engine whose sensors are puppets and whose person does what the cues say.

    Args:
        plan: of the session.
        families: id of each of its sensors' family.
        speed: 1 in real time.
        seed: of the person and of the air.
        worker: the thread, or None for one of its own.

    Raises:
        DeviceError: there is no such family.
    """
    codecs = [family_codec(family) for family in families]
    person = Person(lag=LAG, seed=seed)
    puppets: dict[str, tuple[Puppet, Curve]] = {}
    faults: dict[str, Faults] = {}
    if len(codecs) == 1:
        puppets["SIMULATED"] = (codecs[0].puppet(), person.curve)
    else:
        sensors = tuple(replace(sensor, called=f"SIMULATED-{sensor.role.upper()}") for sensor in plan.sensors)
        plan = replace(plan, sensors=sensors)
        for sensor, codec, air in zip(sensors, codecs, AIR, strict=True):
            curve = person.limb("left" if sensor.role == "left" else "right")
            puppets[sensor.called], faults[sensor.called] = (codec.puppet(), curve), air

    def cue(given: flow.Cue) -> None:
        match given.word:
            case "zero":
                person.leave()
            case "push" if given.item is not None:
                person.push(given.item.side, 0.6 if given.item.practice else 1.0)
            case _:
                person.rest()

    def radio(now: Callable[[], int]) -> Radio:
        return SimulatedRadio(puppets, faults=faults, now=now, seed=seed)

    return Engine(plan, radio, worker=worker, speed=speed, cue=cue)
