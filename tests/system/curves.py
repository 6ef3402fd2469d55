"""The forces that the virtual sensor feels, by name: N against the sensor's own seconds. Knows no radio and no test."""

import csv
import math
from pathlib import Path

from forcelab.acquisition.person import Curve, effort_curve, recorded_curve

LET_GO = 0.5
"""s from the end of a recording, which was cut at full force, to where it began."""


def wave(seconds: float) -> float:
    """Two sines on a slow climb: no instant is like another, so that a sample's place can be told from its value."""
    return 200.0 + 150.0 * math.sin(2.0 * seconds) + 20.0 * math.sin(23.0 * seconds) + 0.05 * seconds


def climb(seconds: float) -> float:
    """Straight up: each instant is like no other, however coarse the steps of the wire."""
    return 20.0 + 10.0 * seconds


def load(_seconds: float) -> float:
    """A constant load, for the tare."""
    return 50.0


def nothing(_seconds: float) -> float:
    """The sensor hangs unloaded."""
    return 0.0


def recording(path: Path) -> Curve:
    """The portable load cell's recording `Time (micros);Force(N)`, with decimal commas, from the first second on."""
    with path.open(newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    seconds = [float(row[0].replace(",", ".")) * 1e-6 for row in rows]
    force = [float(row[1].replace(",", ".")) for row in rows]
    return recorded_curve([*seconds, seconds[-1] + LET_GO], [*force, force[0]], start=1.0)


def curve(name: str) -> Curve:
    """A curve by its name; what is not a name is the path of a recording."""
    named: dict[str, Curve] = {
        "wave": wave,
        "climb": climb,
        "load": load,
        "nothing": nothing,
        "effort": effort_curve([1.0], hold=5.5),
    }
    return named[name] if name in named else recording(Path(name))
