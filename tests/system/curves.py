"""The forces that the virtual sensor feels, by name: N against the sensor's own seconds. Knows no radio and no test."""

import csv
import math
from pathlib import Path

from forcelab.acquisition.person import Curve, recorded_curve


def wave(seconds: float) -> float:
    """Two sines on a slow climb: no instant is like another, so that a sample's place can be told from its value."""
    return 200.0 + 150.0 * math.sin(2.0 * seconds) + 20.0 * math.sin(23.0 * seconds) + 0.05 * seconds


def load(_seconds: float) -> float:
    """A constant load, for the tare."""
    return 50.0


def recording(path: Path) -> Curve:
    """The portable load cell's recording `Time (micros);Force(N)`, with decimal commas, from the first second on."""
    with path.open(newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    seconds = [float(row[0].replace(",", ".")) * 1e-6 for row in rows]
    return recorded_curve(seconds, [float(row[1].replace(",", ".")) for row in rows], start=1.0)


def curve(name: str) -> Curve:
    """A curve by its name; what is not a name is the path of a recording."""
    named = {"wave": wave, "load": load}
    return named[name] if name in named else recording(Path(name))
