"""The checks of sensors with known weights that this user keeps: the command `calibrations`, and who else asks."""

from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from forcelab.commands.options import JSON
from forcelab.commands.output import emit, table, tell
from forcelab.journal import Kept, read_calibrations
from forcelab.report.calibration import due_state


def calibrations_folder() -> Path:
    """Where this platform keeps a user's calibration checks; it need not be there."""
    return Path(platformdirs.user_data_dir("forcelab", appauthor=False)) / "calibrations"


def known_calibrations() -> tuple[Kept, ...]:
    """All checks whose hash is right, the last one first; of each other file it is told why it is not used."""
    kept, problems = read_calibrations(calibrations_folder())
    for problem in problems:
        tell(problem)
    return tuple(kept)


def calibrations(json: JSON = False) -> None:
    """List the calibration checks of sensors, and which of them are overdue."""
    kept, problems = read_calibrations(calibrations_folder())
    today = datetime.now(UTC).date()
    states = [due_state(one.check.reference(one.sha256), today) for one in kept]
    if json:
        checks = [
            {
                "id": one.check.id,
                "name": one.check.name,
                "address": one.check.address,
                "family": one.check.family,
                "checked": one.check.checked,
                "due": one.check.due,
                "state": state,
                "sha256": one.sha256,
                "results": one.check.results,
            }
            for one, state in zip(kept, states, strict=True)
        ]
        emit({"calibrations": checks, "problems": problems})
    elif kept:
        rows = [(one.check.id, one.check.name, one.check.due, state) for one, state in zip(kept, states, strict=True)]
        note = f"They lie in {calibrations_folder()}."
        table("Calibration checks", ("id", "sensor", "due", "state"), rows, note=note)
    else:
        tell("No sensor was checked: `forcelab calibrate` does it with known weights.")
    if not json:
        for problem in problems:
            tell(problem)
