"""What sensors have in common that speak by themselves: nothing is written to them, and a run begins with a sample.

Each family's dialogue and puppet say only what is their own. Refuses to know any family.
"""

from typing import ClassVar, Final

from firmware_protocols import sig
from firmware_protocols.codec import (
    Ask,
    Command,
    Info,
    Played,
    RunStarted,
    Said,
    Samples,
    Start,
    Stop,
    UnsupportedCommand,
)


class Listening:
    """Our half where listening is all there is to do.

    Attributes:
        waiting: never: nothing is asked.
        tells: whether standard characteristics answer `Ask` (see `sig.reads`).
        refusal: why no other command is carried out.
    """

    waiting: Final = False
    tells: ClassVar[bool] = False
    refusal: ClassVar[str] = "this sensor takes no commands"

    def __init__(self) -> None:
        self._running = False
        self._known: dict[str, str | int | bool] = {}

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """Nothing that is written to it is understood."""
        return []

    def send(self, command: Command) -> list[Said]:
        """Start and Stop ask nothing of it.

        Raises:
            UnsupportedCommand: anything else, but for a question that a standard characteristic answers.
        """
        match command:
            case Start() | Stop():
                return []
            case Ask() if self.tells:
                return sig.reads(command)
        raise UnsupportedCommand(f"{type(command).__name__}: {self.refusal}")

    def overdue(self) -> list[Said]:
        """Nothing is ever asked."""
        return []

    def _begin(self) -> list[Said]:
        """What is told just before the first samples; nothing later on."""
        said: list[Said] = [] if self._running else [RunStarted()]
        self._running = True
        return said

    def _heard(self, *values: float) -> list[Said]:
        """Samples of the one channel `force` in its unit, and before the first ones that the run begins."""
        return [*self._begin(), Samples({"force": values})]

    def _news(self, name: str, value: str | int | bool) -> list[Said]:
        """What the sensor says of itself, told when it changes."""
        if self._known.get(name) == value:
            return []
        self._known[name] = value
        return [Info(name, value)]


class Unasked:
    """The device's half where nothing can be written to it, and nothing ends with a connection."""

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """It takes no commands."""
        return []

    def hung_up(self) -> None:
        """Nothing ends by it."""
