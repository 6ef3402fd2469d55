"""`forcelab record --raw`: everything that a sensor sends, into a file that `forcelab decode` reads."""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

from forcelab import __version__
from forcelab.acquisition.link import Radio
from forcelab.acquisition.simulated import SimulatedRadio
from forcelab.acquisition.virtual_time import now_ns, run
from forcelab.commands.asked_device import AskedDevice, family_codec
from forcelab.commands.output import fail, tell
from forcelab.engine import KnownSensor
from forcelab.engine.raw import RawCapture

SIMULATED_FOR = 10.0
"""s for which a simulated sensor is captured, where nobody says how long: it would never end."""


def capture_raw(
    path: Path,
    devices: Sequence[AskedDevice],
    known: Sequence[KnownSensor],
    real_radio: Callable[[], Callable[[Callable[[], int]], Radio]],
    *,
    seconds: float | None,
    fast: bool,
) -> None:
    """Capture until the time is over or Ctrl-C.

    Args:
        path: the file; it must not exist.
        devices: which sensor; one at a time.
        known: sensors used before.
        real_radio: gives what makes the Bluetooth radio.
        seconds: how long, None for as long as the person wants.
        fast: whether a simulated sensor is to hurry.
    """
    if len(devices) > 1:
        fail("One sensor is captured at a time: name one with --device.")
    asked = devices[0]
    if fast and not asked.simulated:
        fail("Only simulated sensors can hurry: leave out --fast.")
    make = partial(_simulated, asked) if asked.simulated else real_radio()
    if asked.simulated and seconds is None:
        seconds = SIMULATED_FOR
    failure: OSError | None = None
    capture: RawCapture | None = None
    try:
        # Line by line, so that what was captured is there whatever happens to the program.
        with path.open("x", encoding="utf-8", newline="\n", buffering=1) as file:
            file.write(f"# forcelab {__version__}, begun {datetime.now(UTC).isoformat(timespec='seconds')}\n")

            async def main() -> None:
                nonlocal capture
                wanted = asked.wanted(None, known)
                capture = RawCapture(wanted, make(now_ns), write=write, tell=_Once(), now=now_ns)
                await capture.run(seconds)

            def write(line: str) -> None:
                file.write(f"{line}\n")

            with suppress(KeyboardInterrupt):
                run(main(), speed=math.inf if fast else 1.0)
    except* OSError as errors:
        failure = _first(errors)
    if failure is not None:
        _refuse(path, failure)
    _finish(path, capture)


class _Once:
    """Tells each sentence once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def __call__(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            tell(sentence)


def _first(errors: BaseExceptionGroup[OSError]) -> OSError:
    first = errors.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


def _simulated(asked: AskedDevice, now: Callable[[], int]) -> Radio:
    """A puppet that feels 100 ± 50 N, once up and down in two seconds."""
    puppet = family_codec(asked.family).puppet()
    return SimulatedRadio({"SIMULATED": (puppet, lambda seconds: 100.0 + 50.0 * math.sin(math.pi * seconds))}, now=now)


def _finish(path: Path, capture: RawCapture | None) -> None:
    if capture is None or not capture.packets:
        fail(f"Nothing was captured. What was heard of the sensor is in {path}.")
    sense = f", with {capture.samples} samples" if capture.samples else ""
    nonsense = f", and {capture.senseless} times no sense" if capture.senseless else ""
    tell(f"{capture.packets} packets are in {path}{sense}{nonsense}.")


def _refuse(path: Path, error: OSError) -> NoReturn:
    if isinstance(error, FileExistsError):
        fail(f"{path} exists already.")
    fail(f"{path} cannot be written: {error.strerror}.")
