"""What the unloaded sensor read for the trial before, so that a zero that moves can be told.

One for each connection, fed in the same order live and from a session file. Reads no sensor and judges nothing.
"""


class ZeroHistory:
    """The zeros of the trials of one run.

    Attributes:
        before: N, the zero that the trial before this one was made with; None without one in the same run.
    """

    def __init__(self) -> None:
        self.before: float | None = None
        self._used: float | None = None

    def run(self) -> None:
        """A new run: a tare on the way to it may have moved the sensor's own zero, and nothing compares."""
        self.before = self._used = None

    def trial(self, zero: float | None) -> None:
        """A trial begins with this zero, N."""
        self.before, self._used = self._used, zero
