"""What a sensor tells of itself, in words for people, and when it will probably switch itself off.

Everything that it says is in the session file already, as it came. Knows no radio, no file and no window, and never
looks at the clock: who asks says what time it is.
"""

from typing import Final

from firmware_protocols.codec import Capabilities, Info
from forcelab.model import LinkState

SECOND: Final = 1_000_000_000

NOTICE: Final = 60.0
"""s before a sensor switches itself off at which it is said; a fifth of the whole time where that is shorter [J]."""

LOADED: Final = 10.0
"""N away from zero at which a sensor counts as used [J]: nobody knows the makers' own limits."""

FLAT: Final = 10.0
"""% of the battery from which on it is said that it is low [J]."""

NAMES: Final = 24
"""How many things of one sensor are kept: no known family tells half of that."""
LONGEST: Final = 200
"""characters of one of them that are shown."""

WORDS: Final = {
    "firmware": "firmware",
    "model": "model",
    "serial": "serial number",
    "maker": "maker",
    "id": "id",
    "errors": "its own log of errors",
}
"""How the names that `Info` understands are called for people; any other is shown as the codec calls it."""

LOW_POWER: Final = "The sensor's battery is low and it will switch itself off soon: charge it now."
OVERLOAD: Final = "The sensor is loaded beyond what it can take: let go."


class About:
    """One connection's knowledge of its sensor.

    Args:
        capabilities: of its family.
        now_ns: the host's time, ns.

    Attributes:
        battery: as a person reads it, "" where unknown.
    """

    def __init__(self, capabilities: Capabilities, now_ns: int) -> None:
        self._capabilities = capabilities
        self._told: dict[str, str] = {}
        self._millivolts: float | None = None
        self._percent: float | None = None
        self._low_power = self._overload = False
        self._used_ns = self._connected_ns = now_ns

    def take(self, info: Info) -> None:
        """It told something."""
        match info.name, info.value:
            case "battery_mv", (int() | float()) as value:
                self._millivolts = value
            case "battery_percent", (int() | float()) as value:
                self._percent = value
            case "low_power", value:
                self._low_power = bool(value)
            case "overload", value:
                self._overload = bool(value)
            case name, value if name in self._told or len(self._told) < NAMES:
                self._told[name] = str(value)[:LONGEST]

    def felt(self, force: float, zero: float | None, now_ns: int) -> None:
        """It measured this, N; its zero, N, if there is one."""
        if abs(force - (zero or 0.0)) >= LOADED:
            self._used_ns = now_ns

    def connected(self, now_ns: int) -> None:
        """The connection still stood at this host time, ns."""
        self._connected_ns = now_ns

    @property
    def battery(self) -> str:
        """Both ways of telling it, where it has both."""
        percent = [] if self._percent is None else [f"{self._percent:.0f} %"]
        return ", ".join([*percent, *([] if self._millivolts is None else [f"{self._millivolts / 1000:.2f} V"])])

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """(name, value) of everything else, without what is empty."""
        return tuple((WORDS.get(name, name.replace("_", " ")), value) for name, value in self._told.items() if value)

    def warning(self, state: LinkState, now_ns: int) -> str:
        """What should be done soon, in sentences; "" for nothing."""
        said = [OVERLOAD] if self._overload else []
        if self._low_power:
            said.append(LOW_POWER)
        elif self._percent is not None and self._percent <= FLAT:
            said.append(f"The sensor's battery is low ({self._percent:.0f} %): charge it before the next session.")
        return " ".join([*said, *self._sleepy(state, now_ns)])

    def _sleepy(self, state: LinkState, now_ns: int) -> list[str]:
        after = self._capabilities.sleeps_after
        if after is None:
            return []
        for_load = self._capabilities.sleeps_without == "load"
        if for_load == (state != "ready"):  # connected does not matter to the one, loaded not to the other
            return []
        left = after - (now_ns - (self._used_ns if for_load else self._connected_ns)) / SECOND
        if left > min(NOTICE, after / 5):
            return []
        without = "being loaded" if for_load else "a connection"
        if left <= 0:
            return [f"The sensor may have switched itself off, as it does {_span(after)} without {without}: wake it."]
        use = (
            "Load it for a moment, or wake it again later." if for_load else "Bring it closer, or wake it again later."
        )
        return [f"The sensor will soon switch itself off, as it does {_span(after)} without {without}. {use}"]


def _span(seconds: float) -> str:
    """A time in words.

    >>> _span(600.0), _span(45.0)
    ('10 min', '45 s')
    """
    return f"{seconds / 60:g} min" if seconds >= 120 else f"{seconds:g} s"
