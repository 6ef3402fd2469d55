"""The command `calibrate`: known weights, what the sensor reads, and how far it is off. Nothing is written to it."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from forcelab.analysis.calibration import AT_LEAST, OF_READING, STANDARD_GRAVITY, Findings, findings
from forcelab.analysis.estimate import Estimate, RefusedError
from forcelab.commands.asked_device import SYNTAX, DeviceError, asked_device
from forcelab.commands.calibrations import calibrations_folder
from forcelab.commands.grouped import grouped
from forcelab.commands.options import JSON, code, finite
from forcelab.commands.output import emit, fail, listing, number, say, table, tell
from forcelab.commands.remembered import known_sensors
from forcelab.commands.weighed import Taken, from_sensor, from_table
from forcelab.commands.weights import WeightsError
from forcelab.engine.weighing import WeighingError
from forcelab.journal import Calibration, JournalError, Kept, write_calibration

GRAVITIES: Final = (9.76, 9.84)
"""m/s², what there is on Earth: from a high mountain at the equator to a pole."""


@dataclass(frozen=True)
class LimitOptions:
    """What a reading may be off, and how long the check holds."""

    percent: Annotated[
        float, typer.Option(min=0.01, max=20, help="A reading may be off by so many % …", callback=finite)
    ] = OF_READING
    least: Annotated[
        float, typer.Option(min=0.01, max=100, help="… or by so many N, whichever is more.", callback=finite)
    ] = AT_LEAST
    months: Annotated[int, typer.Option(min=1, max=120, help="After so many months the check is due again.")] = 12
    gravity: Annotated[
        float,
        typer.Option(min=GRAVITIES[0], max=GRAVITIES[1], help="Where the weights hang, m/s².", callback=finite),
    ] = STANDARD_GRAVITY

    @property
    def words(self) -> str:
        """The limit as it is stated, and whose it is."""
        own = " (forcelab's own limit, no standard's)" if (self.percent, self.least) == (OF_READING, AT_LEAST) else ""
        return f"{self.percent:g} % of the weight or {self.least:g} N, whichever is more{own}"


@grouped
def calibrate(
    *,
    device: Annotated[str, typer.Option(metavar=SYNTAX, help="The sensor, as `record` has it.", show_default=False)],
    weights: Annotated[str, typer.Option(help='What is hung at it, with 0 and the unit: "0,5,10,20 kg", or N.')] = "",
    repeats: Annotated[int, typer.Option(min=1, max=10, help="How many times up and down again.")] = 2,
    table_of: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Take weights and readings from a table: applied (kg),read (N)."),
    ] = None,
    limits: LimitOptions,
    operator: Annotated[str, typer.Option(help="The code of who checks.", callback=code)] = "",
    fast: Annotated[bool, typer.Option("--fast", help="Do not wait; for simulated sensors only.")] = False,
    json: JSON = False,
) -> None:
    """Check a sensor with known weights: linearity, hysteresis, repeatability, zero return. It changes no number."""
    if bool(weights) == (table_of is not None):
        fail('Say either what is hung at the sensor, as in --weights "0,5,10,20 kg", or --from FILE.')
    known = known_sensors()
    try:
        asked = asked_device(device, known)
        if table_of is not None:
            taken = from_table(table_of, asked, known, limits.gravity)
        else:
            taken = from_sensor(asked, known, weights, repeats=repeats, gravity=limits.gravity, fast=fast)
    except (DeviceError, WeightsError, WeighingError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("The series was broken off. Nothing was kept.")
    applied, read = [one.applied for one in taken.readings], [one.read for one in taken.readings]
    try:
        found = findings(applied, read, percent=limits.percent, least=limits.least)
        path, kept = write_calibration(_check(taken, found, limits, operator), calibrations_folder())
    except (RefusedError, JournalError) as error:
        fail(str(error))
    if json:
        emit({"source": str(path), "sha256": kept.sha256, "check": _told(kept)})
    else:
        _show(kept, found)
    tell(f"Saved as {path}")
    if not found.passed:
        raise typer.Exit(1)


def _check(taken: Taken, found: Findings, limits: LimitOptions, operator: str) -> Calibration:
    now, sensor = datetime.now(UTC), taken.sensor
    today = now.date()
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "_" for char in sensor.name)
    return Calibration(
        id=f"{now:%Y-%m-%d_%H%M%S_%f}_{safe[:40]}",
        checked_at=now.isoformat(timespec="microseconds"),
        checked=today.isoformat(),
        due=_later(today, limits.months).isoformat(),
        operator=operator,
        name=sensor.name,
        address=sensor.address,
        serial=taken.serial,
        firmware=taken.firmware,
        codec=sensor.codec,
        codec_version=sensor.codec_version,
        family=sensor.family,
        settings=sensor.settings,
        weights=taken.weights,
        gravity=limits.gravity,
        readings=taken.readings,
        limit=limits.words,
        passed=found.passed,
        results=_results(found),
        missing=found.missing,
        taken=taken.how,
    )


def _later(day: date, months: int) -> date:
    """The same day of a later month, or its last day where it has no such day."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _results(found: Findings) -> dict[str, float | None]:
    """Every number, each under the name by which it is kept."""
    line = found.line
    return {
        "slope": line.slope.value,
        "slope_low": line.slope.low,
        "slope_high": line.slope.high,
        "offset": line.offset.value,
        "offset_low": line.offset.low,
        "offset_high": line.offset.high,
        "residual_sd": line.residual_sd,
        "span": found.span,
        "linearity": found.linearity,
        "linearity_percent": found.linearity_percent,
        "hysteresis": found.hysteresis,
        "repeatability": found.repeatability,
        "repeatability_df": float(found.repeatability_df),
        "zero_return": found.zero_return,
        "error": found.error,
        "error_at": found.error_at,
        "error_limit": found.error_limit,
    }


def _told(kept: Kept) -> dict[str, object]:
    check = kept.check
    return {
        "id": check.id,
        "name": check.name,
        "address": check.address,
        "checked": check.checked,
        "due": check.due,
        "limit": check.limit,
        "passed": check.passed,
        "results": check.results,
        "missing": check.missing,
    }


def _show(kept: Kept, found: Findings) -> None:
    """The readings, what they come to, and the verdict."""
    check, line, span = kept.check, found.line, found.span
    rows = [(number(one.applied), number(one.read, 5), number(one.sd, 2)) for one in check.readings]
    table(f"{check.name}, {check.family}", ("weight (N)", "read (N)", "SD (N)"), rows)
    numbers = [
        ("slope", _between(line.slope, 5)),
        ("offset", f"{_between(line.offset, 3)} N"),
        ("off the line, at most", f"{_newtons(found.linearity)}, {found.linearity_percent:.2f} % of {number(span)} N"),
        ("hysteresis", _newtons(found.hysteresis)),
        ("repeatability", f"{_newtons(found.repeatability)} SD" if found.repeatability is not None else "–"),
        ("return to zero", _newtons(found.zero_return)),
        ("furthest off", f"{found.error:+.2f} N at {number(found.error_at)} N (limit {found.error_limit:.2f} N)"),
    ]  # fmt: skip
    listing("Found", numbers)
    for why in found.missing.values():
        say(f"Not given: {why}")
    verdict = "Passed: every reading lies within" if found.passed else "Not passed: a reading is further off than"
    say(f"{verdict} the limit, {check.limit}. Due again on {check.due}. No recorded number is changed by this check.")


def _between(estimate: Estimate, digits: int) -> str:
    low, high = estimate.low, estimate.high
    return f"{estimate.value:.{digits}f} (95 % {low:.{digits}f} to {high:.{digits}f})"


def _newtons(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} N"
