"""What the heading of a column says: is it time or force, and in which unit. Knows no file and no number.

A unit stands in brackets ("Force(N)", "Time [s]"), or as a word of its own ("t_ms", "force kg"), or is the whole name.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

TimeUnit: TypeAlias = Literal["s", "ms", "µs"]
ForceUnit: TypeAlias = Literal["N", "kN", "kg", "g", "lb"]

TIME_UNITS: Final[dict[str, TimeUnit]] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "sekunden"), "s"),
    **dict.fromkeys(("ms", "msec", "msecs", "millis", "millisec", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("us", "μs", "usec", "usecs", "micros", "microsec", "microsecond", "microseconds"), "µs"),
}
PER_SECOND: Final[dict[TimeUnit, float]] = {"s": 1.0, "ms": 1e3, "µs": 1e6}

FORCE_UNITS: Final[dict[str, ForceUnit]] = {
    **dict.fromkeys(("n", "newton", "newtons"), "N"),
    "kn": "kN",
    **dict.fromkeys(("kg", "kgs", "kgf", "kp", "kilo", "kilos", "kilogram", "kilograms"), "kg"),
    **dict.fromkeys(("g", "gf", "gram", "grams"), "g"),
    **dict.fromkeys(("lb", "lbs", "lbf", "pound", "pounds"), "lb"),
}
# Standard gravity is exact by definition (CGPM 1901); the pound is 0.45359237 kg exactly (1959).
NEWTONS: Final[dict[ForceUnit, float]] = {
    "N": 1.0,
    "kN": 1000.0,
    "kg": 9.80665,
    "g": 0.00980665,
    "lb": 4.4482216152605,
}

_TIME: Final = frozenset(
    (
        "t",
        "time",
        "times",
        "timestamp",
        "timestamps",
        "elapsed",
        "zeit",
        "tiempo",
        "temps",
        "tempo",
        "tijd",
        "tid",
        "czas",
    )
)
_COUNT: Final = frozenset(
    ("i", "index", "idx", "n", "nr", "no", "sample", "samples", "frame", "frames", "row", "count", "counter", "#")
)
_FORCE: Final = re.compile(
    r"f|f[xyz]\d*|v?grf[a-z0-9]*|fp\d+|force[s]?\d*|load|weight|kraft|fuerza|forza|for[cç]a|kracht|siła|newtons?"
)
_MASS: Final = frozenset({"weight", "mass", "gewicht", "peso", "poids"})
_BRACKETS: Final = re.compile(r"[\[({<]\s*([^\])}>]*?)\s*[\])}>]")
_WORDS: Final = re.compile(r"[^\W_]+|#|%")
_CAMEL: Final = re.compile(r"(?<=[a-z]{2})(?=[A-Z])")


@dataclass(frozen=True)
class Heading:
    """What one heading says. `unit` is None where it names none; `strange` is a unit in brackets we do not know."""

    kind: Literal["time", "force", "count", "other"]
    time_unit: TimeUnit | None = None
    force_unit: ForceUnit | None = None
    strange: str = ""
    mass: bool = False


def is_unit(name: str) -> bool:
    """Whether a cell holds nothing but a unit."""
    return folded(name) in TIME_UNITS or folded(name) in FORCE_UNITS


def folded(name: str) -> str:
    """A name as it is compared: without blanks, case and the two ways to write the micro sign."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def understand(name: str) -> Heading:
    """Reads one heading.

    >>> understand("Time (micros)")
    Heading(kind='time', time_unit='µs', force_unit=None, strange='', mass=False)
    >>> understand("force_kg").force_unit
    'kg'
    >>> understand("Torque [Nm]")
    Heading(kind='other', time_unit=None, force_unit=None, strange='Nm', mass=False)
    """
    brackets = _BRACKETS.findall(name)
    bracket = brackets[-1] if brackets else ""
    words = [folded(word) for word in _WORDS.findall(_CAMEL.sub(" ", _BRACKETS.sub(" ", name)))]
    named_time = any(word in _TIME for word in words)
    named_force = any(_FORCE.fullmatch(word) for word in words)
    of_time, of_force = TIME_UNITS.get(folded(bracket)), FORCE_UNITS.get(folded(bracket))
    strange = bracket if bracket and of_time is None and of_force is None else ""
    if not bracket:
        lone = len(words) == 1
        if not named_force or named_time:
            of_time = next((TIME_UNITS[word] for word in words if word in TIME_UNITS and (lone or named_time)), None)
        if not named_time:
            of_force = next(
                (FORCE_UNITS[word] for word in words if word in FORCE_UNITS and (lone or named_force)), None
            )
    if words and words[0] in _COUNT and not bracket and name.strip() != "N":
        return Heading("count")
    if named_time or (of_time is not None and not named_force):
        return Heading("time", time_unit=of_time, strange=strange)
    if named_force or of_force is not None:
        mass = any(word in _MASS for word in words)
        return Heading("force", force_unit=of_force, strange=strange, mass=mass)
    return Heading("other", strange=strange)
