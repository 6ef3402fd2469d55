"""The sensors that were used before and what was said of them, in a file in the user's folder for settings.

So they are found again by themselves, a choice is made once, and what only the owner of a sensor knows is typed once.
The file holds no participant and no force. A damaged one is put aside and told, and nobody loses a session for it.
"""

import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
import platformdirs
import typer

from forcelab.commands.options import JSON
from forcelab.commands.output import emit, fail, number, table, tell
from forcelab.engine import KnownSensor
from forcelab.journal import JournalError, read, state
from forcelab.journal.records import Connected
from forcelab.model import Role

MOST: Final = 100
"""Sensors that are kept, the last used ones: more than a clinic has."""


class Remembered(msgspec.Struct, frozen=True):
    """One sensor: as what it was heard, how it was spoken with, when last (ISO 8601, UTC)."""

    address: str
    name: str
    codec: str
    role: Role
    last_used: str
    settings: dict[str, str] = {}
    capacity: float | None = None

    @property
    def known(self) -> KnownSensor:
        """As the search for sensors wants it."""
        return KnownSensor(self.address, self.name, self.codec, self.settings, self.capacity)


class _File(msgspec.Struct, frozen=True):
    sensors: tuple[Remembered, ...]
    version: Literal[1] = 1


def sensors_file() -> Path:
    """Where this platform keeps a user's settings; it need not be there."""
    return Path(platformdirs.user_config_dir("forcelab", appauthor=False)) / "sensors.json"


def recall() -> tuple[Remembered, ...]:
    """All that is remembered, the last used first. What cannot be read is told, and nothing is remembered then."""
    path = sensors_file()
    try:
        return msgspec.json.decode(path.read_bytes(), type=_File).sensors
    except FileNotFoundError:
        return ()
    except OSError as error:
        tell(f"The sensors used before cannot be read from {path}: {error.strerror}.")
    except (msgspec.DecodeError, UnicodeDecodeError):
        tell(f"The file of the sensors used before is damaged. {_put_aside(path)}")
    return ()


def known_sensors() -> tuple[KnownSensor, ...]:
    """What is remembered, as the search for sensors wants it."""
    return tuple(one.known for one in recall())


def remember(connected: Collection[Connected]) -> None:
    """Keep sensors, as they were connected, before all others. That it cannot be done is told."""
    now, before = datetime.now(UTC).isoformat(timespec="seconds"), recall()
    # A device that was found by its address may have been taken before its name had come.
    called = {one.address: one.name for one in before} | {
        one.address: one.name for one in connected if one.name != one.address
    }
    new = {
        one.address: Remembered(
            one.address, called.get(one.address, one.name), one.codec, one.role, now, one.settings, one.capacity
        )
        for one in connected
    }
    names = {one.name for one in new.values()}
    if new:
        # Some systems give a sensor another address now and then: its name stands for it.
        _keep([*new.values(), *(one for one in before if one.address not in new and one.name not in names)])


def remember_from(path: Path) -> None:
    """Keep the sensors of a session that has just been recorded: those that took part in a trial."""
    with suppress(JournalError):  # it is told where the session itself is read
        trials = state(read(path).story).trials.values()
        remember({one.connection: one for trial in trials for one in trial.connections.values()}.values())


def forget(
    name: Annotated[str, typer.Argument(help="Its name or address, as `forcelab devices --remembered` lists it.")],
) -> None:
    """Forget a sensor that was used before: it is not looked for by itself any more."""
    known = recall()
    left = [one for one in known if name.casefold() not in (one.name.casefold(), one.address.casefold())]
    if len(left) == len(known):
        names = ", ".join(one.name for one in known) or "none"
        fail(f"No sensor called {name!r} is remembered. Remembered are: {names}.")
    if _keep(left):
        tell(f"{name} is forgotten.")
    else:
        raise typer.Exit(1)


def list_remembered(*, as_json: JSON = False) -> None:
    """Show what is remembered."""
    known = recall()
    if as_json:
        emit([msgspec.to_builtins(one) for one in known])
    elif known:
        rows = [(one.name, one.codec, _settings(one), _capacity(one), one.last_used[:10]) for one in known]
        note = "`forcelab forget NAME` forgets one of them."
        table("Sensors used before", ("name", "family", "set to", "capacity", "last used"), rows, note=note)
    else:
        tell("No sensor is remembered: each one is, once a session was recorded with it.")


def _settings(one: Remembered) -> str:
    return ", ".join(f"{name}={value}" for name, value in one.settings.items() if value) or "–"


def _capacity(one: Remembered) -> str:
    return "–" if one.capacity is None else f"{number(one.capacity)} N"


def _keep(sensors: Iterable[Remembered]) -> bool:
    """Write the file whole beside the old one, and then in its place, so that it is never half there."""
    path = sensors_file()
    data = msgspec.json.format(msgspec.json.encode(_File(tuple(sensors)[:MOST])))
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        tell(f"The sensors used before cannot be kept in {path}: {error.strerror}.")
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        return False
    return True


def _put_aside(path: Path) -> str:
    """Give a damaged file another name, so that what is in it can be looked at and the next one does not hide it."""
    for turn in range(1, 1000):
        aside = path.with_name(f"{path.name}.damaged-{turn}")
        if not aside.exists():
            try:
                path.replace(aside)
            except OSError as error:
                return f"It cannot be put aside: {error.strerror}."
            return f"It is kept as {aside.name}, and they have to be found anew."
    return "Delete it."
