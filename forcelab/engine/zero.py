"""Reads the unloaded sensors when the session asks for their zero, and says what keeps it waiting.

What a sensor must show for its zero to count stands in `sensor`; when a zero is wanted the flow decides.
"""

from collections.abc import Callable, Sequence

from forcelab.engine.sensor import Sensor

PATIENCE = 4.0
"""s after the request from which on the reason for waiting is told, and a load that stays is taken to be meant."""


class Zeroing:
    """At most one request at a time.

    Attributes:
        problem: a sentence for people, or nothing. It outlives a zero that was taken of a loaded sensor.
    """

    def __init__(self, sensors: Sequence[Sensor], now: Callable[[], int]) -> None:
        self._sensors, self._now = sensors, now
        self._asked: int | None = None
        self.problem = ""

    def ask(self) -> None:
        """Forget the zeros and read new ones, from samples that come after this moment."""
        self._asked, self.problem = self._now(), ""
        for sensor in self._sensors:
            sensor.zero = None

    def give_up(self) -> None:
        """A sensor is gone: what it was asked for is asked anew when it is back."""
        self._asked, self.problem = None, ""

    def done(self) -> bool:
        """Try; whether every sensor has its zero now. To be called again and again; true once for each request."""
        if self._asked is None:
            return False
        patient = self._now() - self._asked <= PATIENCE * 1e9
        missing = [sensor for sensor in self._sensors if sensor.zero is None]
        sentences = [self._try(sensor, self._asked, even_loaded=not patient) for sensor in missing]
        if not patient:
            self.problem = next(filter(None, sentences), "")
        if any(sensor.zero is None for sensor in missing):
            return False
        self._asked = None
        return True

    def _try(self, sensor: Sensor, since_ns: int, *, even_loaded: bool) -> str:
        """A sentence, which says of several sensors which one it is about."""
        sentence = sensor.take_zero(since_ns, even_loaded=even_loaded)
        return f"{sensor.wanted.role.title()}: {sentence}" if sentence and len(self._sensors) > 1 else sentence
