"""The file of one calibration check: what hung at a sensor and what it read, sealed with a hash.

A file is JSON that a person can read: `check` is what was found, `sha256` the SHA-256 of it as JSON with sorted names
and without blanks, in UTF-8. So a weight or a date that was changed is noticed; it is no signature. A damaged file is
a sentence and is never used. Computes nothing, knows no sensor and no folder.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from forcelab.journal.errors import JournalError
from forcelab.journal.records import CalibrationCheck

SUFFIX: Final = ".calibration.json"
VERSION: Final = 1


class WeightReading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One weight and what the sensor read: its mean and sample SD over `seconds`; None where nobody told them."""

    applied: float
    read: float
    sd: float | None = None
    seconds: float | None = None
    samples: int | None = None


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One check of one sensor. N and s; the sensor as it was told on that day, the codec by id and version.

    Attributes:
        id: the name of its file, without suffix.
        checked, due: days, ISO 8601; `checked_at` with time, UTC.
        operator: a code.
        weights: as the person wrote them.
        gravity: m/s², by which kilograms were made newtons.
        readings: in the order in which they were taken.
        limit: what a reading may be off, in words; `passed` whether all were within it.
        results: name -> number, None where `missing` says why.
    """

    id: str
    checked_at: str
    checked: str
    due: str
    operator: str
    name: str
    address: str
    serial: str
    firmware: str
    codec: str
    codec_version: int
    family: str
    settings: dict[str, str]
    weights: str
    gravity: float
    readings: tuple[WeightReading, ...]
    limit: str
    passed: bool
    results: dict[str, float | None]
    missing: dict[str, str]
    taken: str
    version: int = VERSION

    def reference(self, sha256: str) -> CalibrationCheck:
        """By which a session names it."""
        return CalibrationCheck(
            id=self.id, sha256=sha256, checked=self.checked, due=self.due, passed=self.passed,
            codec_version=self.codec_version,
        )  # fmt: skip


class Kept(msgspec.Struct, frozen=True):
    """A check as its file holds it, the hash having been found right."""

    check: Calibration
    sha256: str

    def is_of(self, address: str, codec: str, settings: Mapping[str, str]) -> bool:
        """Whether it is of this sensor, set so: names are shared by many, and another coefficient is another scale."""
        one = self.check
        return (one.address, one.codec, one.settings) == (address, codec, dict(settings))


def latest(kept: Iterable[Kept], address: str, codec: str, settings: Mapping[str, str]) -> CalibrationCheck | None:
    """The last check of a sensor, whatever it found; None without one."""
    own = [one for one in kept if one.is_of(address, codec, settings)]
    if not own:
        return None
    last = max(own, key=lambda one: one.check.checked_at)
    return last.check.reference(last.sha256)


def digest(check: Mapping[str, Any]) -> str:
    """The hash over the content of a file. Raises ValueError where a number in it is none."""
    return hashlib.sha256(_canonical(check)).hexdigest()


def _canonical(check: Mapping[str, Any]) -> bytes:
    text = json.dumps(check, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def write_calibration(check: Calibration, folder: Path) -> tuple[Path, Kept]:
    """Keep a check as a new file, which survives a power failure.

    Raises:
        JournalError: it cannot be written, or there is a file of this name.
    """
    content = msgspec.to_builtins(check)
    kept = Kept(check, digest(content))
    path = folder / f"{check.id}{SUFFIX}"
    text = json.dumps({"check": content, "sha256": kept.sha256}, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise JournalError(f"{path} exists already; a calibration check is never written over.") from error
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise JournalError(f"The calibration check cannot be kept as {path}: {error.strerror}.") from error
    return path, kept


def read_calibration(path: Path) -> Kept:
    """A check whose hash is right.

    Raises:
        JournalError: it cannot be read, is no such file, a newer one, or was changed after it was written.
    """
    try:
        raw = json.loads(path.read_bytes())
        content, sha256 = raw["check"], raw["sha256"]
        right = digest(content) == sha256
        version = content["version"]
    except OSError as error:
        raise JournalError(f"{path.name} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise JournalError(f"{path.name} is damaged or no calibration check, and is not used.") from error
    if not right:
        raise JournalError(
            f"{path.name} was changed after it was written (its content does not give its hash), and is not used."
        )
    if version != VERSION:
        raise JournalError(f"{path.name} was written by a newer version of forcelab, and is not used.")
    try:
        check = msgspec.convert(content, Calibration)
        for day in (check.checked, check.due):
            date.fromisoformat(day)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise JournalError(f"{path.name} is no calibration check as forcelab writes it, and is not used.") from error
    return Kept(check, sha256)


def read_calibrations(folder: Path) -> tuple[list[Kept], list[str]]:
    """All checks in a folder, the last one first, and a sentence for each file that cannot be used."""
    found: list[Kept] = []
    problems: list[str] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            found.append(read_calibration(path))
        except JournalError as error:
            problems.append(str(error))
    return sorted(found, key=lambda one: one.check.checked_at, reverse=True), problems
