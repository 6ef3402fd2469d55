"""One sensor of a session: what its connection hears is journalled first and fed afterwards.

Writes records and keeps what the window wants to know of the sensor. Decides nothing: what it hears it hands on.
"""

import logging
from collections.abc import Callable

from firmware_protocols.codec import (
    Ask,
    Codec,
    Command,
    Info,
    Malformed,
    RunStarted,
    Samples,
    Sleep,
    Start,
    Tare,
    Told,
    UnsupportedCommand,
)
from forcelab.acquisition.connection import Connection, patience
from forcelab.acquisition.link import Found, Radio
from forcelab.acquisition.stream import Stream
from forcelab.engine.about import About
from forcelab.engine.recognition import Recognised, Recognition, WantedSensor
from forcelab.engine.recording import Recording
from forcelab.journal import latest, records
from forcelab.model import LinkState, Packet, SensorView

log = logging.getLogger(__name__)

ZERO_SECONDS = 1.0
"""A zero is the mean of at least so much force of the unloaded sensor, s (analysis-independent: it is only stored)."""

STILL = 2.0
"""Largest sample SD, N, at which the unloaded sensor counts as still: the least onset threshold is no smaller [J]."""

TARED = 5.0
"""Largest |mean|, N, that a sensor may show after its own tare, which nothing confirms [J]: a strap weighs less."""

UNHEARD = 2.0
"""s of a run without a sample that can be used after which a sensor of an ordinary rate counts as bringing nothing."""

AGAIN = 1.0
"""s for which the same wish of a person is not passed on again: only so many commands may wait for a sensor."""

WAITING = "Waiting for the sensor's first second."


class Sensor:
    """The journal's and the session's ear at one connection. Fills in `acquisition.connection.Listener`."""

    def __init__(
        self,
        wanted: WantedSensor,
        radio: Radio,
        *,
        now: Callable[[], int],
        write: Callable[[records.Known], None],
        number: Callable[[], int],
        changed: Callable[["Sensor"], None],
        sampled: Callable[["Sensor", list[float], list[float]], None],
        free: Callable[["Sensor", str], bool] = lambda _sensor, _address: True,
    ) -> None:
        self.wanted = wanted
        self._recognition = Recognition(wanted, now)
        self.connection = Connection(radio, self._choose, self, now=now, stranger=self._recognition.stranger)
        self.link_state: LinkState = "absent"
        self.recording: Recording | None = None
        self.address = ""
        self.malformed = 0
        self._fresh = False
        self._tared = False
        self._heard_ns = 0
        self._ordered: dict[Command, int] = {}
        self._now, self._write, self._next_number = now, write, number
        self._changed, self._sampled, self._free = changed, sampled, free
        self._recognised: Recognised | None = None
        self._about: About | None = None
        self._name, self._sentence = wanted.called, ""

    # --- what the connection tells ---

    def connected(self, found: Found, stream: Stream) -> None:
        """A new connection: it gets a number of its own, so that nobody can stitch it to the one before."""
        recognised = self._recognised
        assert recognised is not None, "the connection opens only what _choose has accepted"
        self.recording = Recording(self._next_number(), recognised.codec, stream, recognised.capacity)
        self._about = About(recognised.codec.capabilities, self._now())
        self._name = found.advertisement.name or found.address
        self._write(
            records.Connected(
                host_ns=self._now(),
                connection=self.recording.number,
                role=self.wanted.role,
                codec=recognised.codec.id,
                codec_version=recognised.codec.version,
                family=recognised.codec.family,
                name=self._name,
                address=found.address,
                capacity=recognised.capacity,
                settings=dict(recognised.settings),
                calibration=latest(self.wanted.calibrations, found.address, recognised.codec.id, recognised.settings),
            )
        )

    def packet(self, packet: Packet) -> None:
        """A notification: into the file before anything is made of it."""
        self._fresh = True
        self._write(
            records.PacketIn(
                host_ns=packet.host_ns,
                connection=self._number(),
                characteristic=packet.characteristic,
                hex=packet.data.hex(),
            )
        )

    def sent(self, packet: Packet) -> None:
        """A write: into the file as well, since replies cannot be read without their questions."""
        self._write(
            records.Sent(
                host_ns=packet.host_ns,
                connection=self._number(),
                characteristic=packet.characteristic,
                hex=packet.data.hex(),
            )
        )

    def told(self, told: Told) -> None:
        """What the dialogue made of it."""
        match told:
            case Samples() if self.recording is not None and self._fresh:
                self._fresh = False  # one notification may hold several frames, and `latest` gives all of it
                t, force = self.recording.stream.latest()
                if t:
                    self._heard_ns = self._now()
                    if self._about is not None:
                        self._about.felt(max(force, key=abs), self.zero, self._heard_ns)
                    self._sampled(self, t, force)
            case RunStarted():
                self._heard_ns = self._now()
                if self.recording is not None:
                    self.recording.zeros.run()
            case Info() if self._about is not None:
                self._about.take(told)
            case Malformed(why):
                self.malformed += 1
                log.info("connection %s: %s", self._number(), why)

    def state(self, state: LinkState, sentence: str) -> None:
        """The connection has moved on."""
        self.link_state, self._sentence = state, sentence
        if state in ("absent", "lost") and self._recognition.problem:
            self._sentence = self._recognition.problem
        self._changed(self)

    def disconnected(self, why: str) -> None:
        """The connection has ended. Its stream stays until the next: a trial that it broke off is taken from it."""
        if self._about is not None:
            self._about.connected(self._now())
        if self.recording is not None:
            self.recording.gone = why
        self._write(records.Disconnected(host_ns=self._now(), connection=self._number(), why=why))

    # --- what the session wants ---

    def tare_and_start(self) -> None:
        """Let it take its own zero where it can, and start it; taring one that runs starts it again by itself."""
        self._tared = self._codec is not None and self._codec.capabilities.tare
        if self._tared:
            self.connection.post(Tare())
        if self.recording is None or not self.recording.stream.running:
            self.connection.post(Start())

    def ask_battery(self) -> None:
        """Ask for the battery; a sensor that is not connected is not asked."""
        self._order(Ask("battery"))

    def sleep(self) -> None:
        """Switch it off, where it can be; a sensor that is not connected stays as it is."""
        self._order(Sleep())

    def _order(self, command: Command) -> None:
        """What a person may ask for as often as they like, also while the sensor is busy: once a second is enough."""
        again = command in self._ordered and self._now() - self._ordered[command] < AGAIN * 1e9
        if self.link_state != "ready" or again or not self._can(command):
            return
        self._ordered[command] = self._now()
        self.connection.post(command)

    def _can(self, command: Command) -> bool:
        """Whether the family knows the command: asked of a dialogue that leads nowhere."""
        if self._codec is None:
            return False
        try:
            self._codec.dialogue().send(command)
        except UnsupportedCommand:
            return False
        return True

    @property
    def brings_nothing(self) -> bool:
        """Whether it runs but has given no sample for a while that could be used."""
        if self.recording is None or not self._runs():
            return False
        waits = patience(self.recording.codec, self.recording.stream.told_rate, UNHEARD)
        return self._now() - self._heard_ns > waits * 1e9

    def take_zero(self, since_ns: int, *, even_loaded: bool) -> str:
        """Record the zero if the sensor has been still, in its present run, for long enough since a host time.

        Args:
            since_ns: what was measured before is not read.
            even_loaded: take a load that its own tare has left for its zero: perhaps a limb is meant to hang in it.

        Returns:
            A sentence for people: what is missing, or what is doubtful of the zero that was taken.
        """
        reading = self._reading(since_ns)
        if reading is None:
            return WAITING
        mean, sd, seconds = reading
        if sd > STILL:
            return f"The sensor is not still ({sd:.1f} N SD, at most {STILL:g} N): let go of it and of the strap."
        doubt = ""
        if self._tared and abs(mean) > TARED:
            doubt = (
                f"The sensor shows {mean:.0f} N although it was told to take its zero: "
                "take all load off it and press Zero."
            )
            if not even_loaded:
                return doubt
        self._tared = False  # a zero that is asked for later is the person's, and what hangs there then is meant
        self.zero = mean
        self._write(records.Zeroed(host_ns=self._now(), connection=self._number(), mean=mean, sd=sd, seconds=seconds))
        return doubt

    def _reading(self, since_ns: int) -> tuple[float, float, float] | None:
        if self.recording is None or not self._runs():
            return None
        fresh = self.recording.stream.seconds_since(since_ns)
        if fresh is None or fresh < ZERO_SECONDS - 1e-6:  # ticks are whole microseconds
            return None
        return self.recording.stream.mean(ZERO_SECONDS)

    def _runs(self) -> bool:
        return self.link_state == "ready" and self.recording is not None and self.recording.stream.running

    @property
    def zero(self) -> float | None:
        """Mean force of the unloaded sensor, N; None until it is known for this connection."""
        return self.recording.zero if self.recording else None

    @zero.setter
    def zero(self, mean: float | None) -> None:
        if self.recording is not None:
            self.recording.zero = mean

    def view(self) -> SensorView:
        """For the window."""
        family = self._codec.family if self._codec else ""
        if self._about is None:
            return SensorView(self._name, family, self.link_state, self._sentence)
        battery, warning = self._about.battery, self._about.warning(self.link_state, self._now())
        about, status = self._about.told, self._status()
        return SensorView(self._name, family, self.link_state, self._sentence, battery, warning, about, status)

    def _status(self) -> str:
        """What the support of its family rests on, and what its owner would have to tell, once it is connected."""
        if self._recognised is None:
            return ""
        codec, told = self._recognised.codec, self._recognised.settings
        untold = [f"Not told: {one.name} ({one.what})" for one in codec.options if not told[one.name]]
        return " ".join(filter(None, (f"{codec.family}: {codec.status}.", *untold, self._recognised.doubt(self._name))))

    def _choose(self, found: Found) -> Codec | None:
        recognised = self._recognition.look(found) if self._free(self, found.address) else None
        if recognised is None:
            return None
        self._recognised, self.address = recognised, found.address
        return recognised.as_set

    @property
    def _codec(self) -> Codec | None:
        return self._recognised.codec if self._recognised else None

    def _number(self) -> int:
        assert self.recording is not None, "nothing is heard before a connection has its number"
        return self.recording.number
