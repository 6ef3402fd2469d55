"""What one connection has delivered, for as long as a trial needs it: also after the sensor is gone or has come back.

Decides nothing and writes no record.
"""

from dataclasses import dataclass, field

from firmware_protocols.codec import Codec
from forcelab.acquisition.stream import Stream
from forcelab.acquisition.zeros import ZeroHistory
from forcelab.model import Trace


@dataclass(slots=True)
class Recording:
    """One connection.

    Attributes:
        number: of the connection in the session.
        codec: of its family.
        stream: its packets, decoded.
        capacity: N, as the user told it, or None.
        zero: N, mean force of the unloaded sensor, None until it is known.
        gone: why the connection has ended, a sentence; "" while it lasts.
    """

    number: int
    codec: Codec
    stream: Stream
    capacity: float | None
    zero: float | None = None
    zeros: ZeroHistory = field(default_factory=ZeroHistory)
    gone: str = ""

    def begin_trial(self) -> None:
        """A trial begins, with the zero as it is now."""
        self.zeros.trial(self.zero)

    def trace(self, since_ns: int) -> Trace:
        """What was recorded since a host time, as the session file will give it again."""
        return self.stream.trace(
            since_ns=since_ns,
            rate=self.codec.capabilities.rate,
            capacity=self.capacity,
            zero=self.zero,
            zero_before=self.zeros.before,
            can=self.codec.capabilities,
            broken_off=self.gone,
        )
