"""A device file for a device that nobody makes: a pull gauge that sends its force as i16 in 0.1 N, ten times a second.

Written as the files in `firmware_protocols` are, so that tests can put it there, or into a package of its own.
"""

import struct
from typing import Final

from firmware_protocols.codec import (
    Advertisement,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Command,
    Index,
    Malformed,
    Notify,
    Option,
    Played,
    Ready,
    RunStarted,
    Said,
    Samples,
    Service,
    Start,
    Stop,
    UnsupportedCommand,
)

SERVICE: Final = "7d3a0001-0000-4000-8000-000000000000"
DATA: Final = "7d3a0002-0000-4000-8000-000000000000"
STEP: Final = 0.1
"""N a count, unless the owner knows better."""


class ImaginaryDialogue:
    """It streams from the moment at which somebody listens."""

    waiting = False

    def __init__(self, step: float) -> None:
        self._step = step
        self._running = False

    def open(self) -> list[Said]:
        """Nothing is asked of it."""
        return [Ready((Channel("force", "N"),), Index(10.0))]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """Two bytes a sample."""
        if characteristic != DATA or len(data) != 2:
            return [Malformed("no sample", data)]
        began: list[Said] = [] if self._running else [RunStarted()]
        self._running = True
        return [*began, Samples({"force": (struct.unpack("<h", data)[0] * self._step,)})]

    def wrote(self, _characteristic: str, _data: bytes) -> list[Said]:
        """Nothing is ever written."""
        return []

    def send(self, command: Command) -> list[Said]:
        """Starts and stops by itself."""
        if isinstance(command, Start | Stop):
            return []
        raise UnsupportedCommand(f"an imaginary gauge cannot {command}")

    def overdue(self) -> list[Said]:
        """Nothing was asked."""
        return []


class ImaginaryPuppet:
    """The device's half."""

    advertisement = Advertisement("Imaginary 1", frozenset({SERVICE}))
    services = (Service(SERVICE, (Characteristic(DATA, frozenset({"notify"})),)),)
    rate = 10.0

    def written(self, _characteristic: str, _data: bytes) -> list[Played]:
        """It cannot be written to."""
        return []

    def sample(self, _seconds: float, force: float) -> list[Played]:
        """One notification a sample."""
        return [Notify(DATA, struct.pack("<h", round(force / STEP)))]

    def hung_up(self) -> None:
        """Nothing changes."""


def _is_step(value: str) -> bool:
    try:
        return 0.0 < float(value) < 100.0
    except ValueError:
        return False


CODECS: Final = (
    Codec(
        id="imaginary",
        version=1,
        family="Imaginary Gauge",
        status="does not exist",
        evidence="A",
        capabilities=Capabilities(10.0, False, False, STEP, 1000.0, "tension", False),
        listens=(DATA,),
        recognises=lambda advertisement: (advertisement.name or "").startswith("Imaginary"),
        dialogue_with=lambda settings: ImaginaryDialogue(float(settings["step"])),
        puppet=ImaginaryPuppet,
        options=(Option("step", "Newtons a count, above 0.", _is_step, str(STEP), str(STEP)),),
    ),
)
