"""How the readings of known weights come about: weight by weight at a sensor that is connected, or from a table."""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from forcelab.acquisition.link import Radio
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.commands.asked_device import AskedDevice, DeviceError, family_codec
from forcelab.commands.output import number, tell
from forcelab.commands.sessions import PATIENCE, real_radio
from forcelab.commands.weights import WeightsError, course, read_table, read_weights
from forcelab.engine import KnownSensor, Worker
from forcelab.engine.weighing import Weighing, WeighingError
from forcelab.journal import WeightReading
from forcelab.journal.records import Connected


@dataclass(frozen=True, slots=True)
class Taken:
    """Readings of one sensor; `how` they came about, `weights` as the person wrote them."""

    sensor: Connected
    serial: str
    firmware: str
    readings: tuple[WeightReading, ...]
    weights: str
    how: str


class Hanging:
    """What hangs at a simulated sensor, N."""

    def __init__(self) -> None:
        self.newtons = 0.0

    def __call__(self, _seconds: float) -> float:
        """The force at its load cell."""
        return self.newtons


def from_table(path: Path, asked: AskedDevice, known: Sequence[KnownSensor], gravity: float) -> Taken:
    """Readings that somebody wrote down. Raises DeviceError, WeightsError."""
    return Taken(_named(asked, known), "", "", read_table(path, gravity), path.name, "from a table")


def _named(asked: AskedDevice, known: Sequence[KnownSensor]) -> Connected:
    """A sensor that is not connected: as it was used before, or as the person names it."""
    folded = asked.called.casefold()
    used = (one for one in known if folded and folded in (one.address.casefold(), one.name.casefold()))
    before = None if asked.simulated else next(used, None)
    family = asked.family or (before.family if before else "")
    called = "SIMULATED" if asked.simulated else asked.called
    if not family or not called:
        raise DeviceError("Which sensor it was must be told with --device: one used before, or FAMILY:ADDRESS.")
    codec = family_codec(family)
    same = before is not None and before.family == family
    settings = asked.settings or (before.settings if before is not None and same else codec.chosen())
    return Connected(
        host_ns=0, connection=0, role=asked.role, codec=codec.id, codec_version=codec.version, family=codec.family,
        name=before.name if before else called, address=before.address if before else called, settings=dict(settings),
    )  # fmt: skip


def from_sensor(
    asked: AskedDevice, known: Sequence[KnownSensor], weights: str, *, repeats: int, gravity: float, fast: bool
) -> Taken:
    """Hang one weight after another, up and down; of a simulated sensor that hurries nobody is asked to.

    Raises:
        DeviceError, WeightsError, WeighingError: with a sentence; nothing is left of the series.
    """
    newtons = read_weights(weights, gravity)
    if fast and not asked.simulated:
        raise DeviceError("Only simulated sensors can hurry: leave out --fast.")
    hanging = Hanging()
    make = _simulated(asked, hanging) if asked.simulated else real_radio()
    worker = Worker(math.inf if fast else 1.0)
    weighing = Weighing(asked.wanted(None, known), make, worker)
    try:
        tell("Looking for the sensor. Hang it up as in the test, with what holds the weights.")
        sensor = weighing.connect(PATIENCE)
        tell(f"{sensor.name} is connected. It is only read: no tare and no calibration is sent to it.")
        order = course(newtons, repeats)
        readings = []
        for turn, weight in enumerate(order, 1):
            prompt = "" if fast else f"{turn} of {len(order)}: {_hang(weight, gravity)}, wait, and press Enter."
            readings.append(_read(weighing, hanging, weight, prompt))
        about = weighing.about()
    finally:
        weighing.close()
        worker.stop()
    how = "simulated" if asked.simulated else "at the sensor"
    serial = about.get("serial number") or about.get("id", "")
    return Taken(sensor, serial, about.get("firmware", ""), tuple(readings), weights.strip(), how)


def _simulated(asked: AskedDevice, hanging: Hanging) -> Callable[[Callable[[], int]], Radio]:
    puppet = family_codec(asked.family).puppet()
    return lambda now: SimulatedRadio({"SIMULATED": (puppet, hanging)}, now=now)


def _hang(weight: float, gravity: float) -> str:
    if weight == 0.0:
        return "take all weights off"
    return f"hang {number(weight / gravity)} kg ({number(weight)} N)"


def _read(weighing: Weighing, hanging: Hanging, weight: float, prompt: str) -> WeightReading:
    """One reading, asked for again and again until it hangs still."""
    while True:
        if prompt:
            tell(prompt)
            if not sys.stdin.readline():
                raise WeightsError("The series was broken off. Nothing was kept.")
        hanging.newtons = weight
        reading = weighing.read()
        if not isinstance(reading, str):
            tell(f"{number(weight)} N: {reading.mean:.2f} N, SD {reading.sd:.2f} N.")
            return WeightReading(weight, reading.mean, reading.sd, reading.seconds, reading.samples)
        if not prompt:
            raise WeighingError(reading)
        tell(reading)
