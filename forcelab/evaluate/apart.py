"""How far the numbers of the sum of two sensors may lie off: by what each sensor leaves open, and by their clocks.

The sum lies on the times of both, between which each was interpolated: there the steps of a coarse sensor and half of
its noise are no longer to be seen. So what an interval found on the sum says is not enough. Refuses to know how a
record becomes numbers and how the clocks were brought together: it is handed what comes out if they are moved.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from forcelab.model import Effort, Evaluation, Mark, Result, Role

APART_RULE: Final = "sum of two/1"
"""Raised whenever the same numbers of sum and sides would get other intervals or marks; part of a sum's rules."""

SLIGHT: Final = 0.01
"""Part of a number without interval by which the clocks may move it and it is still taken as it is."""

TOO_FAR: Final = 0.1
"""Part of it from which on the clocks take it away."""

Range = tuple[float, float]


def nearest(effort: Effort | None, others: Sequence[Evaluation]) -> Evaluation | None:
    """The same effort in a sum that was put together a little differently."""
    if effort is None:
        return None
    found = [one for one in others if one.effort is not None]
    return min(found, key=lambda one: abs(one.effort.peak_at - effort.peak_at) if one.effort else 0.0, default=None)


def apart(total: Evaluation, parts: Mapping[Role, Evaluation], moved: Sequence[Evaluation | None]) -> Evaluation:
    """The numbers of the sum with intervals no narrower than sides and clocks allow.

    An interval reaches from the value as far as the intervals of both sides do from theirs, added, or as far as that of
    the sum itself if it is longer, and then by what the clocks move. Errors of two sensors added are the most that the
    error of their sum can be: for independent ones it is too much by up to √2. Where a side has no interval the sum has
    none. A number without interval says how far the clocks alone move it; it is "indicative" from `SLIGHT` on, and
    "rejected" from `TOO_FAR` on.

    Args:
        total: the sum in one effort.
        parts: the sides in the same effort.
        moved: the same effort of the sum with the clocks moved as far as they may be apart, either way; none where
            there is one clock.
    """
    if total.effort is None:
        return total
    sides = {role: {one.metric: one for one in part.results} for role, part in parts.items()}
    others = [{one.metric: one.value for one in found.results} if found else {} for found in moved]
    results = tuple(
        _judged(
            one,
            {role: known[one.metric] for role, known in sides.items() if one.metric in known},
            [other.get(one.metric) for other in others],
        )
        for one in total.results
    )
    return msgspec.structs.replace(
        total,
        effort=_started(total.effort, parts, [one.effort for one in moved if one and one.effort]),
        results=results,
        rules=f"{total.rules}; {APART_RULE}",
    )


def _judged(result: Result, sides: Mapping[Role, Result], moved: Sequence[float | None]) -> Result:
    value = result.value
    if value is None or result.mark == "rejected":
        return result
    known = [one for one in moved if one is not None]
    open_ = min([value, *known]), max([value, *known])
    interval, why = result.interval, result.no_interval
    asked = interval is not None or why is not None
    if interval is not None and len(known) < len(moved):
        interval, why = None, "no interval: with the clocks moved as far as they may be apart there is no such number"
    if interval is not None:
        given = [(one.value, one.interval) for one in sides.values()]
        interval, why = _widest(value, interval, given, open_), None
        if interval is None:
            why = _lacking({role: one.no_interval or one.reason for role, one in sides.items() if not one.interval})
    if interval is not None:
        return msgspec.structs.replace(result, interval=interval)
    if open_[0] < open_[1]:
        why = f"{why}; the clocks alone leave {open_[0]:.4g} to {open_[1]:.4g} {result.unit}"
    mark = _mark(result.mark, value, open_, gone=len(known) < len(moved))
    return msgspec.structs.replace(result, interval=None, no_interval=why if asked else None, mark=mark)


def _mark(mark: Mark | None, value: float, open_: Range, *, gone: bool) -> Mark | None:
    """That of a number without interval."""
    span = open_[1] - open_[0]
    if gone or span > TOO_FAR * abs(value):
        return "rejected"
    return mark or ("indicative" if span > SLIGHT * abs(value) else None)


def _lacking(reasons: Mapping[Role, str | None]) -> str:
    said = "; ".join(f"{role}: {(why or 'none').removeprefix('no interval: ')}" for role, why in reasons.items())
    return f"no interval: a side has none ({said})"


def _widest(
    value: float, interval: Range, sides: Sequence[tuple[float | None, Range | None]], open_: Range
) -> Range | None:
    """The interval of the sum; None where a side has none."""
    below = above = 0.0
    for middle, ends in sides:
        if middle is None or ends is None:
            return None
        below, above = below + max(0.0, middle - ends[0]), above + max(0.0, ends[1] - middle)
    low, high = min(interval[0], value - below), max(interval[1], value + above)
    return low + open_[0] - value, high + open_[1] - value


def _started(effort: Effort, parts: Mapping[Role, Evaluation], moved: Sequence[Effort]) -> Effort:
    """The effort with how far its onset may lie off."""
    interval = effort.onset_interval
    if interval is None:
        return effort
    starts = [effort.onset, *(one.onset for one in moved)]
    given = [(one.effort.onset, one.effort.onset_interval) if one.effort else (None, None) for one in parts.values()]
    found = _widest(effort.onset, interval, given, (min(starts), max(starts)))
    if found is not None:
        return msgspec.structs.replace(effort, onset_interval=found)
    why = _lacking(
        {
            role: one.effort.no_onset_interval if one.effort else "no push of this side in this effort"
            for role, one in parts.items()
            if one.effort is None or one.effort.onset_interval is None
        }
    )
    return msgspec.structs.replace(effort, onset_interval=None, no_onset_interval=why)
