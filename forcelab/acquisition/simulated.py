"""A radio in whose range puppets play: devices that advertise, connect, answer and stream as real ones would.

What pulls at each device is a curve, what goes wrong is in `Faults`; everything waits on the loop's own clock, so the
same simulation runs in real time or as fast as it can (`virtual_time`). Tests and demonstrations may also reach behind
the curtain: break a connection, switch a device off, take the whole radio away. Knows no device family and no force
units: it hands newtons to the puppet and bytes to the host.
"""

import asyncio
import itertools
import math
import random
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Final

from firmware_protocols.codec import ADVERTISEMENT, Advertisement, Characteristic, HangUp, Notify, Played, Puppet
from forcelab.acquisition.broadcast import BroadcastLink, only_broadcasts
from forcelab.acquisition.faults import Faults, Misfortune
from forcelab.acquisition.link import EVERYTHING, Found, Link, RadioError
from forcelab.acquisition.person import Curve
from forcelab.acquisition.virtual_time import now_ns
from forcelab.model import Packet

ADVERTISING: Final = 0.1  # s between two advertisements
CONNECTING: Final = 0.3  # s to connect, discover the services and switch notifications on
NOBODY_THERE: Final = 6.0  # s until an attempt to connect is given up; the real stack takes as long as it is told to
INTERVAL: Final = 0.015  # s, one connection event: how long a write takes until it is acknowledged

TERMINATED = "The sensor ended the connection."
SWITCHED_OFF = "The sensor switched itself off."
OUT_OF_REACH = "The sensor did not answer. Bring it closer, and wake it with its button."
BROKEN = "The connection was broken: the sensor is out of range or its battery is empty."


class _Device:
    """A puppet in the air: whether it can be heard, who is connected, and its own clock, which never restarts."""

    def __init__(self, address: str, puppet: Puppet, curve: Curve, misfortune: Misfortune, began: float) -> None:
        self.address = address
        self.puppet = puppet
        self.curve = curve
        self.misfortune = misfortune
        self.link: _SimulatedLink | None = None
        self.listeners: set[BroadcastLink] = set()
        self.asleep_until = -math.inf
        self.first_connected: float | None = None
        self.breaks = list(misfortune.faults.disconnect_at)
        self._began = began
        self._next_sample = 0

    def heard(self, now: float) -> bool:
        """Whether it advertises: awake, and not connected, as most devices fall silent while they are."""
        return (self.link is None or self.link.broadcasts) and now >= self.asleep_until

    def characteristics(self) -> list[Characteristic]:
        """What its table holds now."""
        return [item for service in self.puppet.services for item in service.characteristics]

    def count_samples_from(self, now: float) -> None:
        """Nobody was connected until now, or it had another rate: what it measured before is not computed."""
        seconds = self.misfortune.device_seconds(now - self._began)
        self._next_sample = math.floor(seconds * self.puppet.rate) + 1

    def next_sample_at(self) -> float:
        """When the next sample is due, on the host's clock."""
        return self._began + self.misfortune.host_seconds(self._next_sample / self.puppet.rate)

    def sample(self) -> list[Played]:
        """Measure what is due."""
        seconds = self._next_sample / self.puppet.rate
        self._next_sample += 1
        return self.puppet.sample(seconds, self.misfortune.force(self.curve(seconds)))


class _SimulatedLink:
    """One open connection to a puppet, or, of a broadcasting one, what all who listen hear of it together."""

    def __init__(
        self,
        device: _Device,
        listens: Sequence[str],
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
        now: Callable[[], int],
    ) -> None:
        self._device = device
        self.broadcasts = only_broadcasts(listens)
        self._listens = frozenset(listens)
        self._on_packet = on_packet
        self._on_lost = on_lost
        self._now = now
        self._loop = asyncio.get_running_loop()
        self._timers: set[asyncio.TimerHandle] = set()
        self._in_the_air: deque[tuple[str, bytes]] = deque()
        self._silent_from = math.inf
        self._open = True
        device.link = self
        self._expect_misfortune()
        device.count_samples_from(self._loop.time())
        self._sampling = self._at(device.next_sample_at(), self._sample)

    async def write(self, characteristic: str, data: bytes, *, response: bool) -> None:
        """Let the puppet have it, after one connection event; with a response, come back when it says so."""
        self._must_be_open()
        if response:
            await asyncio.sleep(INTERVAL)
            self._must_be_open()
        offered = [item.properties for item in self._device.characteristics() if item.uuid == characteristic]
        if not offered:
            raise RadioError(f"The sensor has no characteristic {characteristic}.")
        wanted = "write" if response else "write-without-response"
        if not any(wanted in properties for properties in offered):
            raise RadioError(f"The characteristic {characteristic} of the sensor does not take a {wanted}.")
        pace = self._device.puppet.rate
        self._play(self._device.puppet.written(characteristic, data))
        if self._open and self._device.puppet.rate != pace:
            self._change_pace()

    async def read(self, characteristic: str) -> None:
        """Read what the puppet's table holds now, after one connection event; of several alike, the first."""
        self._must_be_open()
        await asyncio.sleep(INTERVAL)
        self._must_be_open()
        for item in self._device.characteristics():
            if item.uuid == characteristic and "read" in item.properties:
                self._on_packet(Packet(self._now(), characteristic, item.value))
                return

    async def close(self) -> None:
        """Close; nothing is heard of it any more."""
        self._end()

    def lose(self, why: str, away: float) -> None:
        """Break the connection; the device cannot be heard for `away` s, which is all that a listener notices."""
        if self._open:
            self._device.asleep_until = self._loop.time() + away
            if not self.broadcasts:
                self._end()
                self._on_lost(why)

    def _must_be_open(self) -> None:
        if not self._open:
            raise RadioError(BROKEN)

    def _end(self) -> None:
        if self._open:
            self._open = False
            for timer in self._timers:
                timer.cancel()
            self._timers.clear()
            self._device.link = None
            if not self.broadcasts:
                self._device.puppet.hung_up()

    def _expect_misfortune(self) -> None:
        device, faults = self._device, self._device.misfortune.faults
        now = self._loop.time()
        if device.first_connected is None:
            device.first_connected = now
            if faults.silent_at is not None:
                self._silent_from = now + faults.silent_at
        if device.breaks:
            at = max(now, device.first_connected + device.breaks[0])
            self._at(at, self._break)

    def _break(self) -> None:
        self._device.breaks.pop(0)
        self.lose(BROKEN, self._device.misfortune.faults.away)
        if self._open and self._device.breaks:
            self._expect_misfortune()

    def _change_pace(self) -> None:
        """The puppet was told another rate: its samples go on from now."""
        self._sampling.cancel()
        self._timers.discard(self._sampling)
        self._device.count_samples_from(self._loop.time())
        self._sampling = self._at(self._device.next_sample_at(), self._sample)

    def _at(self, when: float, action: Callable[[], None]) -> asyncio.TimerHandle:
        def act() -> None:
            self._timers.discard(timer)
            action()

        timer = self._loop.call_at(when, act)
        self._timers.add(timer)
        return timer

    def _sample(self) -> None:
        # A loop that was held up finds several samples due; the device has not waited for it.
        while self._open and self._device.next_sample_at() <= self._loop.time() + 1e-9:
            self._play(self._device.sample())
        if self._open:
            self._sampling = self._at(self._device.next_sample_at(), self._sample)

    def _play(self, played: Iterable[Played]) -> None:
        for act in played:
            match act:
                case Notify(characteristic, data):
                    self._send(characteristic, data)
                case HangUp():
                    self.lose(SWITCHED_OFF, math.inf)

    def _send(self, characteristic: str, data: bytes) -> None:
        now = self._loop.time()
        if characteristic not in self._listens or now >= self._silent_from or now < self._device.asleep_until:
            return
        for arrival in self._device.misfortune.arrivals(now):
            # A queue, since timers that are due at the same instant go off in any order.
            self._in_the_air.append((characteristic, data))
            if arrival <= now and len(self._in_the_air) == 1:
                self._arrive()
            else:
                self._at(arrival, self._arrive)

    def _arrive(self) -> None:
        self._on_packet(Packet(self._now(), *self._in_the_air.popleft()))


class SimulatedRadio:
    """A `Radio` in whose range the puppets given are, and nothing else.

    Args:
        puppets: address to puppet and the force at its load cell (device seconds to N).
        faults: what goes wrong, for every device alike, or address to what goes wrong with that one.
        now: the host's clock in ns, read for each notification.
        seed: of everything that is left to chance.

    Attributes:
        failure: while it is set, looking for devices and connecting raise it, as with Bluetooth switched off.
    """

    def __init__(
        self,
        puppets: Mapping[str, tuple[Puppet, Curve]],
        *,
        faults: Faults | Mapping[str, Faults] = Faults(),  # noqa: B008 - frozen, so it can be shared
        now: Callable[[], int] = now_ns,
        seed: int = 0,
    ) -> None:
        self.failure: RadioError | None = None
        self._puppets = dict(puppets)
        self._faults = faults
        self._now = now
        self._seed = seed
        self._devices: dict[str, _Device] = {}
        self._strength = random.Random(seed)

    async def find(self) -> AsyncIterator[Found]:
        """Devices as they advertise, ten times a second each; the first time without the name, which comes later."""
        devices = self._awake_devices()
        for turn in itertools.count():
            await asyncio.sleep(ADVERTISING)
            self._must_work()
            for device in devices.values():
                if device.heard(asyncio.get_running_loop().time()):
                    called = device.puppet.advertisement
                    if turn == 0:
                        called = Advertisement(None, called.services, called.manufacturer)
                    yield Found(device.address, called, round(self._strength.gauss(-58.0, 3.0)))

    async def open(
        self,
        found: Found,
        listens: Sequence[str],
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
        also_listens: Sequence[str] = (),
    ) -> Link:
        """Connect to a puppet; one that is asleep, away or connected does not answer, until it comes back."""
        self._must_work()
        await asyncio.sleep(CONNECTING)
        self._must_work()
        loop = asyncio.get_running_loop()
        give_up = loop.time() + NOBODY_THERE
        device = self._awake_devices().get(found.address)
        while device is None or not device.heard(loop.time()):
            if loop.time() > give_up:
                raise RadioError(OUT_OF_REACH)
            await asyncio.sleep(ADVERTISING)
            self._must_work()
        if only_broadcasts(listens):
            return self._listen(device, on_packet, on_lost)
        notifying = [item.uuid for item in device.characteristics() if item.properties & {"notify", "indicate"}]
        also = [one for one in notifying if {one, EVERYTHING} & set(also_listens)]
        return _SimulatedLink(device, [*listens, *also], on_packet, on_lost, self._now)

    def _listen(
        self, device: _Device, on_packet: Callable[[Packet], None], on_lost: Callable[[str], None]
    ) -> BroadcastLink:
        async def leave(link: BroadcastLink) -> None:
            device.listeners.discard(link)
            if not device.listeners and device.link is not None:
                await device.link.close()

        def hear(packet: Packet) -> None:
            for listener in tuple(device.listeners):
                listener.hear(packet)

        link = BroadcastLink(on_packet, on_lost, leave)
        device.listeners.add(link)
        if device.link is None:
            _SimulatedLink(device, (ADVERTISEMENT,), hear, on_lost, self._now)
        return link

    def drop(self, address: str, away: float = 2.0, why: str = BROKEN) -> None:
        """Break a device's connection, if it has one; it cannot be heard for `away` s."""
        device = self._awake_devices()[address]
        if device.link is not None:
            device.link.lose(why, away)
        else:
            device.asleep_until = asyncio.get_running_loop().time() + away

    def switch_off(self, address: str) -> None:
        """Switch a device off, until it is switched on again."""
        self.drop(address, math.inf, SWITCHED_OFF)

    def switch_on(self, address: str) -> None:
        """Press the button of a device."""
        self._awake_devices()[address].asleep_until = -math.inf

    def _faults_of(self, address: str) -> Faults:
        return self._faults if isinstance(self._faults, Faults) else self._faults.get(address, Faults())

    def _must_work(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _awake_devices(self) -> dict[str, _Device]:
        # Devices begin to count when somebody first looks for them, since only then there is a loop with a clock.
        if not self._devices:
            now = asyncio.get_running_loop().time()
            for address, (puppet, curve) in self._puppets.items():
                misfortune = Misfortune(self._faults_of(address), f"{self._seed} {address}")
                self._devices[address] = _Device(address, puppet, curve, misfortune, now)
        return self._devices
