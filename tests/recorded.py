"""Sessions recorded from a puppet without a radio, a loop or a clock: the same calls in the same order as live ones.

Host time is made up: each packet is handed over a little late, by an amount that varies.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_protocols import CODECS
from firmware_protocols.codec import Command, Notify, Pause, Played, Puppet, Said, Start, Stop, Write
from forcelab.acquisition.stream import Stream
from forcelab.acquisition.zeros import ZeroHistory
from forcelab.assessments import available
from forcelab.evaluate import evaluate, strongest
from forcelab.journal import environment
from forcelab.journal.records import (
    VERSION,
    AssessmentText,
    ClockAnchor,
    Closed,
    Connected,
    Evaluated,
    Known,
    Opened,
    PacketIn,
    Participant,
    Sent,
    TrialStarted,
    TrialStopped,
    Zeroed,
)
from forcelab.model import Packet, Trace

Curve = Callable[[float], float]
CAPACITY = 1500.0


@dataclass
class Recording:
    """A session under way, its records so far and the traces that its trials had live."""

    seed: int = 0
    seconds: float = 5.0
    records: list[Known] = field(default_factory=list)
    live: dict[int, Trace] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.assessment, text = available()["abd_side"]
        self.random = random.Random(self.seed)
        self.connections = 0
        self._add(
            Opened(host_ns=self.now, version=VERSION, environment=environment()),
            ClockAnchor(host_ns=self.now, utc_ns=1_700_000_000_000_000_000),
            Participant(host_ns=self.now, code="P"),
            AssessmentText(host_ns=self.now, id=self.assessment.id, version=self.assessment.version, text=text),
        )
        self.connect()

    @property
    def now(self) -> int:
        return round(self.seconds * 1e9)

    def connect(self) -> None:
        """A new connection, as after a loss."""
        codec = CODECS["progressor"]
        self.puppet: Puppet = codec.puppet()
        self.stream = Stream(codec.dialogue())
        self.connections += 1
        self.zero: float | None = None
        self.zeros = ZeroHistory()
        self._add(
            Connected(
                host_ns=self.now,
                connection=self.connections,
                role="left",
                codec=codec.id,
                codec_version=codec.version,
                family=codec.family,
                name="Progressor_4711",
                address="00:00",
                capacity=CAPACITY,
            )
        )
        self._play(self.stream.open())

    def send(self, command: Command) -> None:
        if isinstance(command, Start):
            self.zeros.run()
        self._play(self.stream.send(command))

    def send_start_and_rest(self) -> None:
        """Start the sensor, unloaded, and read its zero."""
        self.send(Start())
        self.feel(push(0.0), 6.0)
        self.take_zero()

    def feel(self, curve: Curve, seconds: float) -> None:
        """Let the sensor feel a force, N over s from now."""
        began = self.seconds
        for n in range(round(seconds * self.puppet.rate)):
            self.seconds = began + n / self.puppet.rate
            self._hear(self.puppet.sample(self.seconds, curve(self.seconds - began)))
        self.seconds = began + seconds

    def take_zero(self) -> None:
        mean = self.stream.mean(1.0)
        assert mean is not None
        self.zero = mean[0]
        self._add(Zeroed(host_ns=self.now, connection=self.connections, mean=mean[0], sd=mean[1], seconds=mean[2]))

    def start(self, trial: int, *, before: float = 4.0) -> None:
        """A trial that reaches `before` s back."""
        self.since = self.now - round(before * 1e9)
        self.zeros.trial(self.zero)
        roles = {"left": self.connections}
        self._add(TrialStarted(host_ns=self.now, trial=trial, side="left", roles=roles, since_ns=self.since))  # type: ignore[arg-type] # "left" is a Role

    def stop(self, trial: int, *, result: bool = True) -> None:
        """End it, and store what comes out."""
        self._add(TrialStopped(host_ns=self.now, trial=trial, why="released"))
        self.keep(trial)
        if result:
            one = strongest(evaluate({"left": self.live[trial]}, self.assessment))
            self._add(Evaluated(host_ns=self.now, trial=trial, environment=environment(), evaluation=one))

    def keep(self, trial: int) -> None:
        rate = CODECS["progressor"].capabilities.rate
        self.live[trial] = self.stream.trace(
            since_ns=self.since,
            rate=rate,
            capacity=CAPACITY,
            zero=self.zero,
            zero_before=self.zeros.before,
            can=CODECS["progressor"].capabilities,
        )

    def close(self) -> None:
        self._add(Closed(host_ns=self.now))

    def _add(self, *records: Known) -> None:
        self.records.extend(records)

    def _play(self, script: list[Said]) -> None:
        for said in script:
            if isinstance(said, Pause):
                self.feel(lambda _: 0.0, said.seconds)
            elif isinstance(said, Write):
                packet = Packet(self.now, said.characteristic, said.data)
                self._add(
                    Sent(
                        host_ns=packet.host_ns,
                        connection=self.connections,
                        characteristic=said.characteristic,
                        hex=said.data.hex(),
                    )
                )
                self._play(self.stream.wrote(packet))
                self._hear(self.puppet.written(said.characteristic, said.data))

    def _hear(self, played: list[Played]) -> None:
        for one in played:
            assert isinstance(one, Notify)
            late = self.random.randrange(3_000_000, 30_000_000)
            packet = Packet(self.now + late, one.characteristic, one.data)
            self._add(
                PacketIn(
                    host_ns=packet.host_ns,
                    connection=self.connections,
                    characteristic=one.characteristic,
                    hex=one.data.hex(),
                )
            )
            self._play(self.stream.receive(packet))


def push(peak: float, rise: float = 0.4, hold: float = 3.0) -> Curve:
    """Straight up, held, straight down; a little restless, so that no two samples are the same."""

    def force(t: float) -> float:
        unrest = 0.05 * ((t * 7919.0) % 1.0 - 0.5)
        return peak * max(0.0, min(1.0, t / rise, (hold + 2 * rise - t) / rise)) + unrest

    return force


def session(*peaks: float, seed: int = 0) -> Recording:
    """A closed session with one trial for each peak, N."""
    recording = Recording(seed)
    recording.send_start_and_rest()
    for trial, peak in enumerate(peaks, start=1):
        recording.feel(push(0.0), 5.0)
        recording.start(trial)
        recording.feel(push(peak), 4.5)
        recording.stop(trial)
    recording.send(Stop())
    recording.close()
    return recording
