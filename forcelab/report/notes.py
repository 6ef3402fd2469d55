"""What must be told with numbers, once: what an interval is and is not, and what the signs beside a number mean.

One place for the terminal, the picture and the window. Computes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from forcelab.analysis.definitions import ROUGH, definition
from forcelab.model import Flag, Result

UNVERIFIED: Final = "?"
"""The sign of a definition none of whose sources was looked at."""

SIGNS: Final[Mapping[str, str]] = {
    "x": "rejected: a doubt below takes this number away, do not use it",
    "i": "indicative: rate, noise or a short push only just carry it",
    "~": "a rough number at any rate",
    "!": "the rate does not carry it",
    UNVERIFIED: "definition not verified against its source",
    "*": "outside its interval: the greatest of many noisy samples, or shifted by sampling; "
    "the interval is about the force without noise",
    "–": "withheld, see below",
}
"""Sign beside a number -> what it means, in the order in which they are told."""

INTERVAL: Final = (
    "In brackets: 95 % interval of the instrument (noise, resolution, sampling) for the number as it is defined. "
    "It is not the error of the test: whether a person has changed is told by the MDC."
)
BARE: Final = "Without brackets: no interval was shown to hold for that number; `--json` says why of each."
ONSET_BIAS: Final = (
    "An onset by threshold is later than the true start: with the default rule by 3 ms on a sharp start and by 27 ms "
    "on a smooth rise of 0.3 s (closed forms). No interval holds that."
)

_MARKS: Final = {"rejected": "x", "indicative": "i", "below_rate": "!"}


def signs(result: Result) -> tuple[str, ...]:
    """The signs that stand beside a result."""
    if result.value is None:
        return ()
    known = definition(result.metric)
    rough = result.mark == "indicative" and known is not None and ROUGH in known.caution
    found = [
        "~" if rough else _MARKS.get(result.mark or "", ""),
        UNVERIFIED if known is not None and known.evidence == "not verified" else "",
        "*" if outside(result) else "",
    ]
    return tuple(filter(None, found))


def _by_threshold(result: Result) -> bool:
    """Whether a number rests on the onset of a push that a rule found. That of a jump is known to lie 30 ms early."""
    return "onset" in result.recipe and not any(other in result.recipe for other in ("onset manual", "jump onset"))


def outside(result: Result) -> bool:
    """Whether the displayed value lies outside its interval."""
    if result.value is None or result.interval is None:
        return False
    return not result.interval[0] <= result.value <= result.interval[1]


def doubt(flag: Flag) -> str:
    """A flag in a sentence; one whose limit nobody checked against its source says so."""
    known = definition(flag.name)
    unsure = flag.assessed and known is not None and known.evidence == "not verified"
    missing = "" if flag.assessed else " (not assessed)"
    return f"{flag.name}{missing}: {flag.sentence}{' (Limit not verified against its source.)' if unsure else ''}"


def legend(results: Sequence[Result]) -> list[str]:
    """What the signs beside these results mean: only those that stand there."""
    there = {sign for result in results for sign in signs(result)}
    if any(result.value is None for result in results):
        there.add("–")
    return [f"{sign}: {words}" for sign, words in SIGNS.items() if sign in there]


def notes(results: Iterable[Result]) -> list[str]:
    """What must be told with these results: about intervals, about onset, and the cautions of their definitions."""
    given = [result for result in results if result.value is not None]
    said = [INTERVAL] if any(result.interval for result in given) else []
    if said and not all(result.interval for result in given):
        said.append(BARE)
    if any(result.interval and _by_threshold(result) for result in given):
        said.append(ONSET_BIAS)
    cautions: dict[str, dict[str, None]] = {}
    for one in filter(None, (definition(result.metric) for result in given)):
        if one.caution:
            cautions.setdefault(one.caution, {})[one.term] = None
    return said + [f"{', '.join(terms)}: {caution}" for caution, terms in cautions.items()]
