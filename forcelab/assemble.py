"""From the records of a session to the traces of its trials: the only reader of packets.

Each connection's packets and writes go, in the order of the file, through the same `Stream` that had them live, and a
trial's trace is taken from it where the trial's stop stands. So replay is live, bit for bit. Knows no metric and no
file.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from firmware_protocols import codecs
from firmware_protocols.codec import Codec, RunStarted
from forcelab.acquisition.stream import Stream
from forcelab.acquisition.zeros import ZeroHistory
from forcelab.journal.records import (
    AnyRecord,
    Connected,
    Disconnected,
    PacketIn,
    Sent,
    TrialStarted,
    TrialStopped,
    Zeroed,
)
from forcelab.model import Packet, Role, Trace

OnFault: TypeAlias = Callable[[int, str], None]
"""Is told the number of a trial and a sentence."""


class AssembleError(Exception):
    """A trial cannot be assembled; `str()` says why."""


@dataclass(slots=True)
class _Sensor:
    """One connection as far as the file has been read.

    `problem` is why there is no stream, `gone` why the connection has ended.
    """

    connected: Connected
    codec: Codec | None
    stream: Stream | None
    problem: str = ""
    zero: float | None = None
    zeros: ZeroHistory = field(default_factory=ZeroHistory)
    gone: str = ""

    def trace(self, since_ns: int) -> Trace:
        if self.codec is None or self.stream is None:
            raise AssembleError(self.problem)
        return self.stream.trace(
            since_ns=since_ns,
            rate=self.codec.capabilities.rate,
            capacity=self.connected.capacity,
            zero=self.zero,
            zero_before=self.zeros.before,
            can=self.codec.capabilities,
            broken_off=self.gone,
        )


@dataclass(slots=True)
class _Pass:
    """One pass over the records: the sensors so far, and the trials that have started and not yet stopped."""

    fault: OnFault
    sensors: dict[int, _Sensor] = field(default_factory=dict)
    running: dict[int, TrialStarted] = field(default_factory=dict)

    def take(self, record: AnyRecord) -> TrialStarted | None:
        """Take in a record; a trial that it ends."""
        match record:
            case Connected():
                self.sensors[record.connection] = _sensor(record)
            case PacketIn() | Sent():
                self._feed(record)
            case Disconnected():
                if record.connection in self.sensors:
                    self.sensors[record.connection].gone = record.why
            case Zeroed():
                if record.connection in self.sensors:
                    self.sensors[record.connection].zero = record.mean
            case TrialStarted():
                self.running[record.trial] = record
                for number in set(record.roles.values()) & set(self.sensors):
                    self.sensors[number].zeros.trial(self.sensors[number].zero)
            case TrialStopped():
                return self.running.pop(record.trial, None)
            case _:
                pass
        return None

    def _feed(self, record: PacketIn | Sent) -> None:
        sensor = self.sensors.get(record.connection)
        if sensor is None or sensor.stream is None:
            return
        packet = Packet(record.host_ns, record.characteristic, bytes.fromhex(record.hex))
        said = sensor.stream.wrote(packet) if isinstance(record, Sent) else sensor.stream.receive(packet)
        if any(isinstance(message, RunStarted) for message in said):
            sensor.zeros.run()

    def traces(self, trial: TrialStarted) -> dict[Role, Trace]:
        """The trial's traces from what has been read; a role that cannot be had is told and left out."""
        made: dict[Role, Trace] = {}
        for role, connection in trial.roles.items():
            try:
                if connection not in self.sensors:
                    raise AssembleError(f"It names a connection, {connection}, that the file does not tell of.")
                made[role] = self.sensors[connection].trace(trial.since_ns)
            except AssembleError as problem:
                self.fault(trial.trial, f"Trial {trial.trial} cannot be assembled. {problem}")
        return made


def traces(records: Iterable[AnyRecord], fault: OnFault | None = None) -> Iterator[tuple[int, dict[Role, Trace]]]:
    """Every trial's number and its traces by role, in one pass, in the order in which the trials stopped.

    A trial without a stop, as a crash leaves it, comes last and ends with the last record.

    Args:
        records: the records of one session, in the order of its file.
        fault: is told of each trial of which a sensor is missing or unknown; that role is left out.
    """
    reading = _Pass(fault or (lambda *_: None))
    for record in records:
        stopped = reading.take(record)
        if stopped is not None:
            yield stopped.trial, reading.traces(stopped)
    for trial in reading.running.values():
        yield trial.trial, reading.traces(trial)


def assemble(records: Iterable[AnyRecord], trial: int) -> dict[Role, Trace]:
    """The traces of one trial, by role.

    Raises:
        AssembleError: the trial never started, or one of its sensors is missing or unknown.
    """
    faults: dict[int, str] = {}
    made = dict(traces(records, faults.__setitem__))
    if trial in faults:
        raise AssembleError(faults[trial])
    if trial not in made:
        raise AssembleError(f"There is no trial {trial} in this session.")
    return made[trial]


def _sensor(connected: Connected) -> _Sensor:
    codec = codecs().get(connected.codec)
    of_family = f"It was recorded with a sensor of the family {connected.family!r} (codec {connected.codec!r}), which"
    if codec is None:
        return _Sensor(connected, None, None, f"{of_family} this version of forcelab does not know.")
    try:
        stream = Stream(codec.dialogue(connected.settings))
    except ValueError as problem:
        return _Sensor(connected, codec, None, f"{of_family} was set in a way that cannot be read: {problem}")
    stream.open()
    return _Sensor(connected, codec, stream)
