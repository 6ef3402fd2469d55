"""A device that only broadcasts, and one that is read: for tests of what must not know any device."""
# ruff: noqa: ARG002 - the names of arguments are those of `Dialogue` and `Puppet`, used or not

from dataclasses import dataclass, field

from firmware_protocols.codec import (
    ADVERTISEMENT,
    Advertisement,
    Arrival,
    Capabilities,
    Channel,
    Characteristic,
    Codec,
    Command,
    Info,
    Malformed,
    Notify,
    Played,
    Read,
    Ready,
    RunStarted,
    Said,
    Samples,
    Service,
    Start,
    Stop,
    UnsupportedCommand,
)

BEACON_NAME = "Beacon"
COMPANY = 0x0A11
RATE = 8.0

READER_NAME = "Reader"
SERVICE = "0000c0de-0000-1000-8000-00805f9b34fb"
MODEL = "00002a24-0000-1000-8000-00805f9b34fb"
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"
NOWHERE = "00002a29-0000-1000-8000-00805f9b34fb"
SECRET = "0000c0df-0000-1000-8000-00805f9b34fb"
WEIGHT = "00002a9d-0000-1000-8000-00805f9b34fb"


class BeaconDialogue:
    """Tenths of a newton, big-endian, behind the company id."""

    waiting = False

    def __init__(self) -> None:
        self._running = False

    def open(self) -> list[Said]:
        return [Ready((Channel("force", "N"),), Arrival(RATE))]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        if characteristic != ADVERTISEMENT or data[:2] != COMPANY.to_bytes(2, "little") or len(data) != 4:
            return [Malformed("no reading", data)]
        started: list[Said] = [] if self._running else [RunStarted()]
        self._running = True
        return [*started, Samples({"force": (int.from_bytes(data[2:], "big") / 10.0,)})]

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        raise AssertionError("nobody can write to it")

    def send(self, command: Command) -> list[Said]:
        if isinstance(command, Start | Stop):
            return []
        raise UnsupportedCommand(f"a beacon cannot do {command}")

    def overdue(self) -> list[Said]:
        return []


@dataclass
class BeaconPuppet:
    """`felt`: every force that it broadcast, N."""

    name: str = BEACON_NAME
    felt: list[float] = field(default_factory=list)

    @property
    def advertisement(self) -> Advertisement:
        tenths = round(self.felt[-1] * 10) if self.felt else 0
        return Advertisement(self.name, manufacturer={COMPANY: tenths.to_bytes(2, "big")})

    @property
    def services(self) -> tuple[Service, ...]:
        return ()

    @property
    def rate(self) -> float:
        return RATE

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        raise AssertionError("nobody can write to it")

    def sample(self, seconds: float, force: float) -> list[Played]:
        self.felt.append(round(force * 10) / 10)
        return [Notify(ADVERTISEMENT, COMPANY.to_bytes(2, "little") + round(force * 10).to_bytes(2, "big"))]

    def hung_up(self) -> None:
        raise AssertionError("nobody can connect to it")


BEACON = Codec(
    id="beacon",
    version=1,
    family="Beacon",
    status="does not exist",
    evidence="A",
    capabilities=Capabilities(RATE, False, False, 0.1, None, "tension", False),
    listens=(ADVERTISEMENT,),
    recognises=lambda advertisement: advertisement.name == BEACON_NAME,
    dialogue_with=lambda _settings: BeaconDialogue(),
    puppet=BeaconPuppet,
)


class ReaderDialogue:
    """Reads its model and battery, and what it has not or must not; then weighs by indication, whole newtons."""

    waiting = False

    def __init__(self) -> None:
        self._running = False

    def open(self) -> list[Said]:
        return [Ready((Channel("force", "N"),), Arrival(RATE)), *map(Read, (NOWHERE, SECRET, MODEL, BATTERY))]

    def receive(self, characteristic: str, data: bytes) -> list[Said]:
        match characteristic:
            case c if c == MODEL:
                return [Info("model", data.decode())]
            case c if c == BATTERY:
                return [Info("battery_percent", data[0])]
            case c if c == WEIGHT:
                started: list[Said] = [] if self._running else [RunStarted()]
                self._running = True
                return [*started, Samples({"force": (float(int.from_bytes(data, "big")),)})]
        return [Malformed("from where?", data)]

    def wrote(self, characteristic: str, data: bytes) -> list[Said]:
        raise AssertionError("nobody writes to it")

    def send(self, command: Command) -> list[Said]:
        if isinstance(command, Start | Stop):
            return []
        raise UnsupportedCommand(f"a reader cannot do {command}")

    def overdue(self) -> list[Said]:
        return []


@dataclass
class ReaderPuppet:
    """`has_battery`: whether it offers its battery, and tells of it with every eighth sample."""

    has_battery: bool = True
    felt: list[float] = field(default_factory=list)

    @property
    def advertisement(self) -> Advertisement:
        return Advertisement(READER_NAME)

    @property
    def services(self) -> tuple[Service, ...]:
        own = [
            Characteristic(WEIGHT, frozenset({"indicate"})),
            Characteristic(SECRET, frozenset({"write"}), b"never"),
            Characteristic(MODEL, frozenset({"read"}), b"R1"),
        ]
        if self.has_battery:
            own.append(Characteristic(BATTERY, frozenset({"read", "notify"}), b"\x57"))
        return (Service(SERVICE, tuple(own)),)

    @property
    def rate(self) -> float:
        return RATE

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        raise AssertionError("nobody writes to it")

    def sample(self, seconds: float, force: float) -> list[Played]:
        self.felt.append(float(round(force)))
        played: list[Played] = [Notify(WEIGHT, round(force).to_bytes(2, "big"))]
        if self.has_battery and len(self.felt) % 8 == 0:
            played.append(Notify(BATTERY, b"\x56"))
        return played

    def hung_up(self) -> None:
        pass


READER = Codec(
    id="reader",
    version=1,
    family="Reader",
    status="does not exist",
    evidence="A",
    capabilities=Capabilities(RATE, False, False, 1.0, None, "tension", False),
    listens=(WEIGHT,),
    also_listens=(BATTERY, NOWHERE, MODEL),
    recognises=lambda advertisement: advertisement.name == READER_NAME,
    dialogue_with=lambda _settings: ReaderDialogue(),
    puppet=ReaderPuppet,
)
