"""Real Bluetooth: `BleRadio` finds and opens sensors through bleak, and turns each of its faults into a sentence.

With `ble_link`, the only file that imports bleak. It knows adapters and scans; it knows no device, no force, and does
not decide when to try again after a lost connection.

What it rests on was measured with bleak 3.1 and BlueZ 5.66: StartNotify is kept, since AcquireNotify silently drops
what a blocked loop does not fetch; a scanner does not wake up again when its adapter was off; the system keeps the
connection of a process that was killed, and the sensor then no longer advertises; `disconnect()` may hang.
"""

import asyncio
import logging
import sys
import time
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import suppress
from typing import Final

from firmware_protocols import codecs
from firmware_protocols.codec import Advertisement
from forcelab.acquisition import sentences
from forcelab.acquisition.ble_link import BleLink, explain, name
from forcelab.acquisition.broadcast import BroadcastLink, only_broadcasts, packets_of
from forcelab.acquisition.link import Found, RadioError
from forcelab.model import Packet

try:
    from bleak import BleakAdapter, BleakScanner
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData
    from bleak.exc import BleakBluetoothNotAvailableError
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError("Bluetooth support is not installed: pip install 'forcelab[ble]'") from missing

logger = logging.getLogger(__name__)

CONNECT: Final = 8.0
"""s for one try to connect; a sensor in range answers within one or two."""
PAUSES: Final = (0.5, 1.0)
"""s between the tries: BlueZ refuses a connect in the same instant as a disconnect, and takes it soon after."""
SILENCE: Final = 5.0
"""s without any advertisement from anyone, after which the scanner may be dead (adapter was off) and is made anew."""
WAITING: Final = 256
"""advertisements that a slow reader may leave unread before the oldest is dropped; they come again anyway."""
NOT_HEARD: Final = -127
"""dBm that stand for "no strength is known"."""
REMEMBERED: Final = 1000
"""devices to keep in mind; phones change their address every quarter of an hour, so a day's list has no end."""


def services_of_codecs() -> frozenset[str]:
    """UUIDs of the services in which the known families talk: what to look for among the devices already connected.

    Not those that half the world has, like the one for the battery: a headset is no left-over sensor.
    """
    return frozenset(
        service.uuid
        for codec in codecs().values()
        for service in codec.puppet().services
        if {item.uuid for item in service.characteristics} & set(codec.listens)
    )


class BleRadio:
    """The computer's Bluetooth adapter as a `Radio`.

    Args:
        services: service UUIDs by which a left-over connection of a killed process is found again; by default those
            of all known families. Scanning never goes by them: genuine Progressors do not advertise theirs.
        connect: s for one try to connect.
        pauses: s to wait before each further try.
        silence: s without advertisements after which the scanner is made anew.
        now: the host's clock, ns.
    """

    def __init__(
        self,
        services: Collection[str] | None = None,
        *,
        connect: float = CONNECT,
        pauses: Sequence[float] = PAUSES,
        silence: float = SILENCE,
        now: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self._services = sorted(services_of_codecs() if services is None else services)
        self._connect = connect
        self._pauses = tuple(pauses)
        self._silence = silence
        self._now = now
        self._known: dict[str, tuple[BLEDevice, Advertisement]] = {}
        self._links: dict[str, BleLink] = {}
        # BlueZ allows one scan a process: every `find` listens to the same scanner.
        self._scanner: BleakScanner | None = None
        self._scanning = asyncio.Lock()
        self._heard_at = 0.0
        self._ears: set[asyncio.Queue[Found]] = set()
        self._listeners: dict[str, set[BroadcastLink]] = {}
        self._keeping: asyncio.Task[None] | None = None
        self._last_packet: dict[str, object] = {}

    async def find(self) -> AsyncGenerator[Found, None]:
        """See `Radio.find`. Devices that the system still holds connected, but not by this radio, are found as well."""
        ear: asyncio.Queue[Found] = asyncio.Queue(WAITING)
        self._ears.add(ear)
        try:
            await self._scan()
            # Beside the scan, not before it: Windows may take seconds to tell.
            looking = asyncio.create_task(self._look_for_left_over(ear))
            try:
                while True:
                    heard = await self._next(ear)
                    if heard is None:
                        await self._scan()
                    else:
                        yield heard
            finally:
                looking.cancel()
        finally:
            self._ears.discard(ear)
            await self._rest()

    async def open(
        self,
        found: Found,
        listens: Sequence[str],
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
        also_listens: Sequence[str] = (),
    ) -> "BleLink | BroadcastLink":
        """See `Radio.open`. Packets may come before this returns; `on_lost` is never called before."""
        if only_broadcasts(listens):
            return await self._listen(found, on_packet, on_lost)
        for pause in (*self._pauses, None):
            link = BleLink(self._device(found), found, on_packet, on_lost, timeout=self._connect, now=self._now)
            try:
                await link.open(listens, also_listens)
            except Exception as error:  # three systems below bleak raise classes of their own (WinRT, D-Bus, Cocoa)
                logger.debug("connecting to %s failed: %r", found.address, error)
                if pause is None or isinstance(error, BleakBluetoothNotAvailableError):
                    raise explain(error, found) from error
                await asyncio.sleep(pause)
            else:
                break
        self._links = {address: other for address, other in self._links.items() if other.is_open}
        self._links[found.address] = link
        return link

    async def _listen(
        self, found: Found, on_packet: Callable[[Packet], None], on_lost: Callable[[str], None]
    ) -> BroadcastLink:
        """Listen to what a sensor broadcasts; open once it has been heard."""

        async def leave(link: BroadcastLink) -> None:
            listeners = self._listeners.get(found.address, set())
            listeners.discard(link)
            if not listeners:
                self._listeners.pop(found.address, None)
                self._last_packet.pop(found.address, None)
            await self._rest()

        link = BroadcastLink(on_packet, on_lost, leave)
        self._listeners.setdefault(found.address, set()).add(link)
        try:
            await self._scan()
            if self._keeping is None or self._keeping.done():
                self._keeping = asyncio.create_task(self._keep_scanning())
            async with asyncio.timeout(self._connect):
                await link.heard
        except BaseException as error:
            await link.close()
            if isinstance(error, TimeoutError):
                raise RadioError(sentences.unheard(name(found))) from error
            raise
        return link

    async def _keep_scanning(self) -> None:
        """Make the scanner anew whenever it has died, for as long as anybody listens to a broadcast."""
        while self._listeners:
            await asyncio.sleep(self._heard_at + self._silence - asyncio.get_running_loop().time())
            try:
                await self._scan()
            except RadioError as error:
                for link in [link for links in self._listeners.values() for link in links]:
                    link.lose(str(error))
                return

    async def _rest(self) -> None:
        """Stop the scanner when nobody listens any more."""
        async with self._scanning:
            if self._ears or self._listeners:
                return
            if self._keeping is not None:
                self._keeping.cancel()
                self._keeping = None
            await self._stop()

    def _device(self, found: Found) -> BLEDevice | str:
        known = self._known.get(found.address)
        return known[0] if known else found.address

    async def _scan(self) -> None:
        """Start the scanner, or make it anew when it has been silent."""
        async with self._scanning:
            now = asyncio.get_running_loop().time()
            if self._scanner is not None and now - self._heard_at < self._silence:
                return
            await self._stop()
            # Broadcasting scales repeat one reading in identical packets, which BlueZ would otherwise hold back.
            scanner = BleakScanner(self._advertised, bluez={"filters": {"DuplicateData": True}})
            try:
                await scanner.start()
            except Exception as error:  # as in `open`
                raise explain(error, None) from error
            self._scanner = scanner
            self._heard_at = now

    async def _stop(self) -> None:
        scanner, self._scanner = self._scanner, None
        if scanner is not None:
            # It raises when the adapter was switched off meanwhile ("No discovery started"); then it has stopped.
            with suppress(Exception):
                await scanner.stop()

    async def _next(self, ear: asyncio.Queue[Found]) -> Found | None:
        try:
            async with asyncio.timeout(self._silence):
                return await ear.get()
        except TimeoutError:
            return None

    def _advertised(self, device: BLEDevice, said: AdvertisementData) -> None:
        """Merge what came in several packets (often the name only in the scan response) and tell every listener."""
        host_ns = self._now()
        self._heard_at = asyncio.get_running_loop().time()
        listeners = self._listeners.get(device.address)
        if listeners and self._is_new(device.address, said):
            for packet in packets_of(host_ns, said.manufacturer_data):
                for listener in tuple(listeners):
                    listener.hear(packet)
        known = self._known.pop(device.address, None)
        before = known[1] if known else Advertisement(None)
        advertisement = Advertisement(
            name=said.local_name or device.name or before.name,
            services=before.services.union(uuid.lower() for uuid in said.service_uuids),
            manufacturer=dict(said.manufacturer_data),
        )
        self._remember(device, advertisement)
        found = Found(device.address, advertisement, said.rssi)
        for ear in self._ears:
            _tell(ear, found)

    def _is_new(self, address: str, said: AdvertisementData) -> bool:
        """Whether this tells of a broadcast that came now, and not of one from before.

        BlueZ also tells of changes that came by no air; what it has forgotten the strength of was not heard (-127).
        Windows tells of each scan response as well, together with the broadcast before it.
        """
        if said.rssi <= NOT_HEARD:
            return False
        if sys.platform != "win32":
            return True
        (_, packets), before = said.platform_data, self._last_packet.get(address)
        self._last_packet[address] = packets.adv
        return packets.adv is not before

    def _remember(self, device: BLEDevice, advertisement: Advertisement) -> None:
        self._known[device.address] = (device, advertisement)
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]

    async def _look_for_left_over(self, ear: asyncio.Queue[Found]) -> None:
        """Devices that the system holds connected for nobody: a killed process leaves its sensor so."""
        if not self._services:
            return
        try:
            devices = await (await BleakAdapter.get()).get_connected_devices(self._services)
        except Exception as error:  # not every system can tell; the scan still finds what advertises
            logger.debug("no list of connected devices: %r", error)
            return
        for device in devices:
            link = self._links.get(device.address)
            if link is None or not link.is_open:
                advertisement = Advertisement(device.name)
                self._remember(device, advertisement)
                _tell(ear, Found(device.address, advertisement))


def _tell(ear: asyncio.Queue[Found], found: Found) -> None:
    if ear.full():
        ear.get_nowait()
    ear.put_nowait(found)
