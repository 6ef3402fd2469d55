"""The PitchSix Force Board (Portable): a tension board that sends whole pounds, up to six in a packet.

Its maker publishes the interface. Pounds are never negative: what pushes the board comes as millions of them, and is
refused here as is every number beyond what the board can carry. One client doubts the unit, and the rate is about 80 Hz
now and was about 40 Hz in older firmware (neither is verified). It sends no time and no counter: a lost packet does not
show.

Refuses to know the modes in which the board decides by itself when to send, its threshold, and the characteristics that
nobody has described; and firmware update.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from firmware_protocols import sig
from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Ask,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Command,
    Malformed,
    Notify,
    Pause,
    Played,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Service,
    Start,
    Stop,
    Tare,
    UnsupportedCommand,
    Write,
)
from firmware_protocols.units import KILOGRAM, POUND

NAME: Final = "Force Board"
FORCE_SERVICE: Final = "9a88d67f-8df2-4afe-9e0d-c2bbbe773dd0"
FORCE: Final = "9a88d682-8df2-4afe-9e0d-c2bbbe773dd0"
ZERO: Final = "9a88d683-8df2-4afe-9e0d-c2bbbe773dd0"
MODE_SERVICE: Final = "467a8516-6e39-11eb-9439-0242ac130002"
MODE: Final = "467a8517-6e39-11eb-9439-0242ac130002"


class Mode(IntEnum):
    """The modes that we ever ask for."""

    STREAM = 0x04
    IDLE = 0x07


RATE: Final = 80.0
BUNDLE: Final = 6
MOST: Final = 2000
"""lb: beyond any board (450 kg are 992 lb), and far below the least that a push can look like."""

_ZERO_NOW: Final = b"\x01"
_SETTLE: Final = Pause(0.5)  # nobody says how long it takes; samples from before must have arrived


class ForceBoardDialogue:
    """Our half of one connection. The board answers nothing."""

    waiting: Final = False

    def open(self) -> list[Said]:
        """Ready at once; then what it tells of itself."""
        return [Ready((Channel("force", "lb"),), Arrival(RATE)), *sig.GREETING]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        """One packet: how many, then three bytes each."""
        if characteristic != FORCE:
            return sig.told(characteristic, data)
        count = int.from_bytes(data[:2], "big")
        if len(data) < 2 or len(data) < 2 + 3 * count:
            return [Malformed(f"{len(data)} bytes do not hold the number of samples that they declare", data)]
        # The first byte counts for 32 768 and not for 65 536, as the maker has it: it only ever shows in a push.
        pounds = [data[at] * 32768 + data[at + 1] * 256 + data[at + 2] for at in range(2, 2 + 3 * count, 3)]
        good = tuple(float(value) for value in pounds if value <= MOST)
        said: list[Said] = [Samples({"force": good})] if good else []
        if len(good) < count:
            why = f"a push, or more than the board can carry: {max(pounds)} lb"
            said.append(Malformed(why, data, samples=count - len(good)))
        return said

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        """A run begins and ends with the mode."""
        if characteristic == MODE and data == bytes([Mode.STREAM]):
            return [RunStarted()]
        if characteristic == MODE and data == bytes([Mode.IDLE]):
            return [RunStopped()]
        return []

    def send(self, command: Command) -> list[Said]:
        """The script for a command; it cannot be switched off. Its own zero asks for no stop."""
        match command:
            case Start():
                return [_write(MODE, bytes([Mode.STREAM]))]
            case Stop():
                return [_write(MODE, bytes([Mode.IDLE]))]
            case Tare():
                return [_write(ZERO, _ZERO_NOW), _SETTLE]
            case Ask():
                return sig.reads(command)
        raise UnsupportedCommand(f"{type(command).__name__}: this board has no such command")

    def overdue(self) -> list[Said]:
        """Nothing is ever asked."""
        return []


def _write(characteristic: str, data: bytes) -> Write:
    return Write(characteristic, data, response=True)


@dataclass
class ForceBoardPuppet:
    """The device's half.

    Attributes:
        batch: samples in a packet, 6 at most.
        battery: percent.
        zero: N that its own tare takes off.
    """

    batch: int = BUNDLE
    battery: int = 87
    zero: float = 0.0
    _streams: bool = field(default=False, init=False)
    _felt: float = field(default=0.0, init=False)
    _pending: list[int] = field(default_factory=list, init=False)

    @property
    def advertisement(self) -> Advertisement:
        """The name only."""
        return Advertisement(NAME)

    @property
    def services(self) -> tuple[Service, ...]:
        """Data and mode live in different services."""
        force = Characteristic(FORCE, frozenset({"read", "notify"}))
        zero = Characteristic(ZERO, frozenset({"write"}))
        mode = Characteristic(MODE, frozenset({"write"}))
        return (
            Service(FORCE_SERVICE, (force, zero)),
            Service(MODE_SERVICE, (mode,)),
            sig.battery_service(self.battery),
        )

    @property
    def rate(self) -> float:
        """About 80 Hz."""
        return RATE

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        """Obey a mode or the zero."""
        if characteristic == ZERO and data == _ZERO_NOW:
            self.zero = self._felt
        if characteristic == MODE and data == bytes([Mode.STREAM]):
            self._streams = True
        if characteristic == MODE and data == bytes([Mode.IDLE]):
            self._streams = False
            return self._flush()
        return []

    def sample(self, seconds: float, force: float) -> list[Played]:
        """Feel `force` (N); while streaming, send it in whole pounds, a push as the complement of 24 bits."""
        self._felt = force
        if not self._streams:
            return []
        self._pending.append(round((force - self.zero) / POUND) % (1 << 24))
        return self._flush() if len(self._pending) >= min(self.batch, BUNDLE) else []

    def hung_up(self) -> None:
        """Fall idle; the zero stays."""
        self._streams = False
        self._pending.clear()

    def _flush(self) -> list[Played]:
        pounds, self._pending = self._pending, []
        packed = b"".join(value.to_bytes(3, "big") for value in pounds)
        return [Notify(FORCE, len(pounds).to_bytes(2, "big") + packed)] if pounds else []


FORCEBOARD: Final = Codec(
    id="forceboard",
    version=1,
    family="PitchSix Force Board",
    status=(
        "tested on a virtual device only; scale (whole pounds, by the maker's word) and rate (about 80 Hz, 40 Hz in "
        "older firmware) not verified: check with a known weight"
    ),
    evidence="D",
    capabilities=Capabilities(
        rate=RATE,
        own_time=False,
        detects_loss=False,
        resolution=POUND,
        capacity=450.0 * KILOGRAM,
        direction="tension",
        tare=True,
        latency=(0.0, BUNDLE / RATE),  # an assumption: the samples of one packet
        rate_settled=False,
        scale_settled=False,
        timed="it sends force in steps of one pound (4.4 N), without a time of its own",
    ),
    listens=(FORCE,),
    recognises=lambda advertisement: advertisement.name == NAME,
    dialogue_with=lambda _settings: ForceBoardDialogue(),
    puppet=ForceBoardPuppet,
)
CODECS: Final = (FORCEBOARD,)
