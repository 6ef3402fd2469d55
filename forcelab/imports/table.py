"""Reads a plain table of force against time (CSV, TSV, blanks) into traces in s and N, and tells what it took it for.

Whatever is assumed and not said by the file or by the caller stands as a sentence in `Table.detected`, to be shown;
where a wrong guess would change the numbers it asks (`TableError`). Time stamps stay on the table's own scale, so that
times found in the trace can be found in the file. Knows no assessment and computes no metric.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forcelab.imports.columns import Table
from forcelab.imports.dialect import SEPARATORS, TableError, decode, detect, numbered, plain
from forcelab.imports.headings import FORCE_UNITS, NEWTONS, PER_SECOND, TIME_UNITS, ForceUnit, TimeUnit, folded
from forcelab.imports.rows import Column, Rows, contents, parse
from forcelab.model import Array, Trace

__all__ = ["Table", "TableError", "read_table"]

_MOST_DROPPED: Final = 0.1
"""Share of rows whose time may go back. More is no glitch: the file holds several recordings, or other columns."""

_RATE_FITS: Final = 0.02
"""How far a rate that was told may be from the time stamps, as a share."""


def read_table(
    path: Path,
    *,
    rate: float | None = None,
    time_unit: str | None = None,
    force_unit: str | None = None,
    column: str | None = None,
    sides: tuple[str, str] | None = None,
    separator: str | None = None,
    decimal: str | None = None,
) -> Table:
    """Reads a table of force against time.

    Args:
        path: the file.
        rate: Hz; needed where no column holds the time. Where one does, it must fit the time stamps within 2 % and is
            then taken for what the sensor declares.
        time_unit: "s", "ms" or "us", where the heading does not say it or says it wrongly.
        force_unit: "N", "kN", "kg", "g" or "lb", likewise.
        column: name or number (from 1) of the one column of force to read; None reads all of them.
        sides: names or numbers of the columns of the left and of the right limb or plate, in place of `column`.
        separator: the sign between columns, " " for any run of blanks, or its name (tabs, semicolons, bars, commas,
            spaces); None finds out.
        decimal: "." or ","; None finds out.

    Raises:
        TableError: with file, line where it can be told, and what to do; nothing else, whatever the file holds.
    """
    source = path.name
    wishes = _wishes(source, rate, time_unit, force_unit)
    separator = next((sign for sign, name in SEPARATORS.items() if name == separator), separator)
    if separator not in (None, *SEPARATORS) or decimal not in (None, ".", ","):
        known = ", ".join(SEPARATORS.values())
        raise TableError(source, f"columns are separated by {known} (--separator), decimals by . or , (--decimal)")
    lines, declared = numbered(decode(contents(path), source), source)
    rows = parse(lines, detect(lines, source, separator or declared, decimal), source)
    detected = list(rows.detected)
    time = _time_column(rows, wishes)
    if sides is None:
        forces = _force_columns(rows, time, column, detected)
    else:
        others = [each for each in rows.columns if each is not time]
        forces = [_wanted(name, others, source) for name in sides]
        if forces[0] is forces[1]:
            raise TableError(source, f"{forces[0]} cannot be both the left and the right one")
    t, found_rate = _seconds(time, rows, wishes, detected)
    estimated = wishes.rate is None
    traces: dict[str, Trace] = {}
    for place, each in enumerate(forces):
        newtons = each.values * _newtons(each, wishes, source, detected)
        name = ("left", "right")[place] if sides else plain(each.name) or f"column {each.number}"
        trace = replace(_trace(t, newtons, found_rate, rows, detected), rate_estimated=estimated)
        traces[name if name not in traces else f"{name} {each.number}"] = trace
    used = {each.number for each in (*forces, *([time] if time else ()))}
    left_out = [str(each) for each in rows.columns if each.number not in used] + [f'"{name}"' for name in rows.unread]
    if left_out:
        detected.append(f"not read: {', '.join(left_out)}")
    return Table(source, traces, tuple(plain(sentence) for sentence in dict.fromkeys(detected)))


@dataclass(frozen=True)
class _Wishes:
    """What the caller knows better than the file."""

    rate: float | None
    time_unit: TimeUnit | None
    force_unit: ForceUnit | None


def _wishes(source: str, rate: float | None, time_unit: str | None, force_unit: str | None) -> _Wishes:
    if rate is not None and not (math.isfinite(rate) and rate > 0.0):
        raise TableError(source, "the rate must be a positive number of samples per second")
    if time_unit is not None and folded(time_unit) not in TIME_UNITS:
        raise TableError(source, f'"{time_unit}" is no unit of time known here; use s, ms or us')
    if force_unit is not None and folded(force_unit) not in FORCE_UNITS:
        raise TableError(source, f'"{force_unit}" is no unit of force known here; use N, kN, kg, g or lb')
    return _Wishes(
        rate=None if rate is None else float(rate),
        time_unit=None if time_unit is None else TIME_UNITS[folded(time_unit)],
        force_unit=None if force_unit is None else FORCE_UNITS[folded(force_unit)],
    )


def _time_column(rows: Rows, wishes: _Wishes) -> Column | None:
    """The column of time: by its heading, else the first one if it counts up; None if there is none."""
    named = [column for column in rows.columns if column.heading.kind == "time"]
    if named:
        return named[0]
    first = rows.columns[0]
    if len(rows.columns) < 2 or first.heading.kind != "other" or not _counts_up(first.values):
        return None
    if _by_one(first.values) and wishes.time_unit is None:
        if wishes.rate is not None:
            return None
        reason = f"{first} goes up by 1: if it numbers the samples, tell the rate (--rate), if it is time, its unit"
        raise TableError(rows.source, f"{reason} (--time-unit)")
    return first


def _counts_up(values: Array) -> bool:
    steps = np.diff(values[np.isfinite(values)])
    return len(steps) > 0 and float(np.mean(steps > 0.0)) >= 1.0 - _MOST_DROPPED


def _force_columns(rows: Rows, time: Column | None, wanted: str | None, detected: list[str]) -> list[Column]:
    """The columns of force: the one asked for, else those whose heading says force, else by position."""
    others = [column for column in rows.columns if column is not time]
    if wanted is not None:
        return [_wanted(wanted, others, rows.source)]
    if named := [column for column in others if column.heading.kind == "force"]:
        return named
    counts = time is None and len(others) > 1 and others[0].heading.kind == "other" and _by_one(others[0].values)
    rest = [each for each in others[counts:] if each.heading.kind == "other" and not each.heading.strange]
    if not rest:
        names = ", ".join(str(column) for column in rows.columns)
        raise TableError(rows.source, f"no column is headed as force ({names}); say which one it is (--column)")
    detected.append(f"force taken from {', '.join(str(each) for each in rest)} by position; no heading says so")
    return rest


def _by_one(values: Array) -> bool:
    return len(values) > 1 and bool(np.all(np.diff(values) == 1.0))


def _wanted(wanted: str, columns: list[Column], source: str) -> Column:
    by_name = [each for each in columns if folded(each.name) == folded(wanted) and each.name]
    bare = [each for each in columns if folded(each.name.split("(")[0].split("[")[0]) == folded(wanted) and each.name]
    by_number = [each for each in columns if str(each.number) == wanted.strip()]
    for found in (by_name, bare, by_number):
        if found:
            return found[0]
    names = ", ".join(str(each) for each in columns)
    raise TableError(source, f'there is no column of numbers "{wanted}" to take for force; there are {names or "none"}')


def _seconds(time: Column | None, rows: Rows, wishes: _Wishes, detected: list[str]) -> tuple[Array, float]:
    """Times in s and the rate in Hz."""
    rate = wishes.rate
    if time is None:
        if rate is None:
            reason = "no column holds the time in numbers; tell the rate in samples per second (--rate)"
            raise TableError(rows.source, reason)
        detected.append(f"no column of time: sample n stands at n / {rate:g} Hz")
        return np.arange(len(rows.lines)) / rate, rate
    known = time.values[np.isfinite(time.values)]
    steps = np.diff(known)
    steps = steps[steps > 0.0]
    if len(steps) == 0:
        raise TableError(rows.source, f"the time in {time} never goes on; tell the rate (--rate) if it is no time")
    step = float(np.median(steps))
    unit = wishes.time_unit or time.heading.time_unit
    said = ""
    if unit is None:
        if time.heading.strange:
            reason = f'"{time.heading.strange}" in {time} is no unit of time known here; tell it (--time-unit)'
            raise TableError(rows.source, reason)
        # Half a second a sample is slower than any force sensor, and half a millisecond faster than any here.
        unit = "s" if step < 0.5 else "ms" if step < 500.0 else "µs"
        said = f", assumed from its step of {step:g}"
    seconds = time.values / PER_SECOND[unit]
    found = _rate(seconds[np.isfinite(seconds)])
    detected.append(f"time from {time} in {unit}{said}; mean step {1e3 / found:.4g} ms, {found:.4g} Hz")
    if rate is not None and abs(rate / found - 1.0) > _RATE_FITS:
        reason = f"its time stamps go on at {found:.4g} Hz, but {rate:g} Hz were told"
        raise TableError(rows.source, f"{reason}; leave out --rate, or correct the unit of time (--time-unit)")
    return seconds, rate or found


def _rate(t: Array) -> float:
    """Samples per second, estimated from time stamps in s: one over the mean of the steps near the median step.

    Near is within half of it, so that a lost sample does not count for a slow one. Stamps in whole milliseconds put a
    step up to 1 ms off, so with them a step is near within that too: at 700 Hz they go on by 1 ms or by 2 ms.
    """
    steps = np.diff(t)
    steps = steps[steps > 0.0]
    # The lower of two middle steps: a step that there is, so that there is one near it.
    step = float(np.sort(steps)[(len(steps) - 1) // 2])
    # Within a microsecond, for doubles leave no more of seconds since 1970.
    whole = bool(np.all(np.abs(1e3 * t - np.round(1e3 * t)) < 1e-3))
    near = max(0.5 * step, 1e-3 if whole else 0.0) + 1e-6
    return 1.0 / float(np.mean(steps[np.abs(steps - step) <= near]))


def _newtons(column: Column, wishes: _Wishes, source: str, detected: list[str]) -> float:
    """N for one unit of the column."""
    unit, said = wishes.force_unit or column.heading.force_unit, ""
    if unit is None and (column.heading.strange or column.heading.mass):
        what = f'"{column.heading.strange}" is no unit of force known here' if column.heading.strange else "N or kg?"
        raise TableError(source, f"{column}: {what}; tell the unit (--force-unit)")
    if unit is None:
        unit, said = "N", ", assumed: no unit is named"
    detected.append(f"force from {column} in {unit}{said}")
    return NEWTONS[unit]


def _trace(t: Array, force: Array, rate: float, rows: Rows, detected: list[str]) -> Trace:
    """The rows that can be used, the others counted."""
    usable = np.isfinite(t) & np.isfinite(force)
    onward = _onward(np.where(usable, t, -np.inf))
    keep = usable & onward
    back = usable & ~onward
    if (gone := int(np.sum(back))) > 0:
        line = rows.lines[int(np.argmax(back))]
        if gone > _MOST_DROPPED * len(t):
            reason = f"the time goes back here and stays behind in {gone} rows; cut the file into one per recording"
            raise TableError(rows.source, reason, line)
        detected.append(f"{gone} rows left out because their time does not go on (the first in line {line})")
    if (empty := int(np.sum(~usable))) > 0:
        detected.append(f"{empty} rows left out because a number is missing")
    if int(np.sum(keep)) < 2:
        raise TableError(rows.source, "fewer than two rows of it can be used")
    return Trace(t=t[keep], force=force[keep], rate=rate, discarded=int(np.sum(~keep)))


def _onward(t: Array) -> NDArray[np.bool_]:
    """True where a time is later than all before it."""
    onward = np.ones(len(t), dtype=bool)
    onward[1:] = t[1:] > np.maximum.accumulate(t)[:-1]
    return onward
