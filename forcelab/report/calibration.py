"""What is said of a sensor's last check with known weights: when it was, whether it has run out. Reads no file."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, TypeAlias

from forcelab.journal.records import CalibrationCheck, Connected

Due: TypeAlias = Literal["valid", "overdue", "failed"]


def due_state(check: CalibrationCheck, on: date) -> Due:
    """How a check stands on a day; its last day belongs to it. One that was not passed is no better while it is new."""
    if not check.passed:
        return "failed"
    return "overdue" if on > date.fromisoformat(check.due) else "valid"


def calibration_sentences(sensors: Iterable[Connected], utc_ns: int | None) -> list[str]:
    """A sentence for each sensor of a session.

    Args:
        sensors: as they were connected.
        utc_ns: when the session was, ns since 1970; None where the file does not tell it.
    """
    # Counted, since some systems refuse the times that a damaged file may hold.
    on = None if utc_ns is None else date(1970, 1, 1) + timedelta(days=utc_ns // 86_400_000_000_000)
    return list(dict.fromkeys(_sentence(one, on) for one in sensors))


def _sentence(one: Connected, on: date | None) -> str:
    check = one.calibration
    if check is None:
        return f"{one.name}: no calibration check was known when it was connected."
    said = f"{one.name}: calibration checked on {check.checked}, due {check.due} ({check.id}, {check.sha256[:16]}…)."
    if not check.passed:
        said += " The check was not passed: the sensor read further off the weights than its limit."
    if on is not None and _day(check.due, on) < on:
        said += f" It was overdue on the day of the session, {on.isoformat()}."
    if check.codec_version != one.codec_version:
        said += " It was made with another version of the codec: check again."
    return said


def _day(text: str, otherwise: date) -> date:
    """A day of a session file, which may be damaged in it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
