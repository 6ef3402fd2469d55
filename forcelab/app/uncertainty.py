"""How far a number may lie off, in words for the window: its interval in brackets, the rest in a tooltip.

Tells what `evaluate` has found; computes nothing.
"""

from collections.abc import Sequence

from forcelab.analysis.definitions import ROUGH, definition
from forcelab.app.labels import in_unit, number
from forcelab.app.words import metric_words, say
from forcelab.model import Result
from forcelab.report.decimals import decimals_of
from forcelab.report.notes import outside


def with_interval(result: Result) -> str:
    """Name, value, unit, and the interval in brackets where there is one."""
    if result.value is None:
        return f"{metric_words(result.metric)} {say('withheld')}"
    unit = "" if result.unit == "1" else f" {result.unit}"
    words = marked(result, f"{metric_words(result.metric)} {in_unit(result.value, result.unit)}{unit}")
    return f"{words} ({_ends(result, result.interval)})" if result.interval else words


def marked(result: Result, words: str) -> str:
    """The words for a number; one that a doubt takes away is called rejected wherever it stands."""
    return say("rejected_number", number=words) if result.mark == "rejected" else words


def leading(results: Sequence[Result], wanted: Sequence[str]) -> list[Result]:
    """Those of the wanted results that are given, in that order."""
    by_id = {result.metric: result for result in results}
    return [by_id[name] for name in wanted if name in by_id and by_id[name].value is not None]


def tip(result: Result) -> str:
    """All that is known of a number's uncertainty, a line each."""
    if result.value is None:
        return result.reason or ""
    lines = [with_interval(result)]
    if result.interval:
        lines.append(say("interval_meaning"))
    if outside(result):
        lines.append(say("outside_interval"))
    if result.method_range:
        lines.append(say("over_rules", ends=_ends(result, result.method_range), unit=result.unit))
    if result.set_up_range:
        lines.append(say("over_set_up", ends=_ends(result, result.set_up_range), unit=result.unit))
    known = definition(result.metric)
    if result.mark and not (result.mark == "indicative" and known is not None and ROUGH in known.caution):
        lines.append(say(result.mark))
    if known is not None and known.evidence == "not verified":
        lines.append(say("not_verified"))
    if known is not None and known.caution:
        lines.append(known.caution)
    return "\n".join(lines)


def _ends(result: Result, ends: tuple[float, float]) -> str:
    low, high = (number(end, decimals_of(ends, result.unit)) for end in ends)
    return say("from_to" if ends[0] < 0.0 else "between", low=low, high=high)
