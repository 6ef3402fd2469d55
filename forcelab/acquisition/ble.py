"""Real Bluetooth: `BleRadio` finds and opens sensors through bleak, and turns each of its faults into a sentence.

The only file that imports bleak. It knows adapters, scans, connections and what three operating systems say when
they refuse; it knows no device, no force, and does not decide when to try again after a lost connection.

What it rests on was measured with bleak 3.1 and BlueZ 5.66: StartNotify is kept, since AcquireNotify silently drops
what a blocked loop does not fetch; a scanner does not wake up again when its adapter was off; the system keeps the
connection of a process that was killed, and the sensor then no longer advertises; `disconnect()` may hang.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import suppress
from typing import Final

from firmware_protocols import codecs
from firmware_protocols.codec import Advertisement
from forcelab.acquisition import sentences
from forcelab.acquisition.link import Found, RadioError
from forcelab.model import Packet

try:
    from bleak import BleakAdapter, BleakClient, BleakScanner
    from bleak.backends.characteristic import BleakGATTCharacteristic
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData
    from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError, BleakGATTProtocolError
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError("Bluetooth support is not installed: pip install 'forcelab[ble]'") from missing

logger = logging.getLogger(__name__)

CONNECT: Final = 8.0
"""s for one try to connect; a sensor in range answers within one or two."""
PAUSES: Final = (0.5, 1.0)
"""s between the tries: BlueZ refuses a connect in the same instant as a disconnect, and takes it soon after."""
SILENCE: Final = 5.0
"""s without any advertisement from anyone, after which the scanner may be dead (adapter was off) and is made anew."""
WRITE: Final = 5.0
"""s for one write with response; at 15–50 ms a connection event this is a hundred chances."""
CLOSE: Final = 5.0
"""s for a disconnect: BlueZ takes 2.0–2.5 by its own timer, and ten when something is wrong."""
WAITING: Final = 256
"""advertisements that a slow reader may leave unread before the oldest is dropped; they come again anyway."""
REMEMBERED: Final = 1000
"""devices to keep in mind; phones change their address every quarter of an hour, so a day's list has no end."""


def services_of_codecs() -> frozenset[str]:
    """UUIDs of all services that the known families offer: what to look for among the devices already connected."""
    return frozenset(service.uuid for codec in codecs().values() for service in codec.puppet().services)


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
            async with self._scanning:
                if not self._ears:
                    await self._stop()

    async def open(
        self,
        found: Found,
        listens: Sequence[str],
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
    ) -> "BleLink":
        """See `Radio.open`. Packets may come before this returns; `on_lost` is never called before."""
        for pause in (*self._pauses, None):
            link = BleLink(self._device(found), found, on_packet, on_lost, timeout=self._connect, now=self._now)
            try:
                await link.open(listens)
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
        self._heard_at = asyncio.get_running_loop().time()
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


class BleLink:
    """One connection through bleak, as a `Link`. Made by `BleRadio.open`."""

    def __init__(
        self,
        device: BLEDevice | str,
        found: Found,
        on_packet: Callable[[Packet], None],
        on_lost: Callable[[str], None],
        *,
        timeout: float,
        now: Callable[[], int],
    ) -> None:
        self._found = found
        self._timeout = timeout
        self._now = now
        self._on_packet = on_packet
        self._on_lost = on_lost
        # Windows keeps the table of services from an earlier connection, wrong after an update of the sensor.
        self._client = BleakClient(device, self._disconnected, timeout=timeout, winrt={"use_cached_services": False})
        self._opened = False
        self._lost = False
        self._closed = False
        self.failures = 0

    @property
    def is_open(self) -> bool:
        """Whether the connection stands, as far as the system has told."""
        return self._opened and not (self._lost or self._closed)

    async def open(self, listens: Sequence[str]) -> None:
        """Connect and subscribe; raises what bleak raises, and is closed then."""
        try:
            async with asyncio.timeout(self._timeout + CLOSE):  # bleak's own limit does not cover every step
                await self._client.connect()
                for characteristic in listens:
                    await self._client.start_notify(characteristic, self._notified, bluez={"use_start_notify": True})
            if self._lost:
                raise TimeoutError("the connection ended while it was being opened")
            self._opened = True
        except BaseException:
            await self.close()
            raise

    async def write(self, characteristic: str, data: bytes, *, response: bool) -> None:
        """See `Link.write`."""
        if not self.is_open:
            raise RadioError(sentences.lost(_name(self._found)))
        try:
            async with asyncio.timeout(WRITE):
                await self._client.write_gatt_char(characteristic, data, response=response)
        except Exception as error:  # as in `BleRadio.open`
            raise explain(error, self._found) from error

    async def read(self, characteristic: str) -> None:
        """See `Link.read`."""
        if not self.is_open:
            raise RadioError(sentences.lost(_name(self._found)))
        if self._client.services.get_characteristic(characteristic) is None:
            return
        try:
            async with asyncio.timeout(WRITE):
                data = await self._client.read_gatt_char(characteristic)
        except (
            BleakGATTProtocolError
        ) as error:  # it has the characteristic and does not let us: nothing is lost by that
            logger.info("%s cannot be read: %s", characteristic, error)
            return
        except Exception as error:  # as in `BleRadio.open`
            raise explain(error, self._found) from error
        self._on_packet(Packet(self._now(), characteristic, bytes(data)))

    async def close(self) -> None:
        """See `Link.close`."""
        self._closed = True
        try:
            async with asyncio.timeout(CLOSE):
                await self._client.disconnect()
        except Exception as error:  # whatever it says, nothing of this connection is used any more
            logger.debug("disconnecting from %s: %r", self._found.address, error)

    def _notified(self, characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        host_ns = self._now()
        if self._closed:
            return
        try:
            self._on_packet(Packet(host_ns, characteristic.uuid.lower(), bytes(data)))
        except Exception:  # an exception in a callback of bleak's ends nothing and helps nobody: count it, say it once
            self.failures += 1
            level = logging.ERROR if self.failures == 1 else logging.DEBUG
            logger.log(level, "handling a packet failed (%d times so far)", self.failures, exc_info=True)

    def _disconnected(self, _client: BleakClient) -> None:
        if self._lost or self._closed:
            return
        self._lost = True
        if not self._opened:
            return
        try:
            self._on_lost(sentences.lost(_name(self._found)))
        except Exception:  # out of bleak's callback it would let the next `disconnect` hang for ten seconds
            logger.exception("telling of a lost connection failed")


def explain(error: Exception, found: Found | None) -> RadioError:
    """What an exception out of bleak means to a person; `found` is the sensor concerned, None while scanning."""
    called, why = type(error).__name__, ""
    match error:
        case BleakBluetoothNotAvailableError():
            called = error.reason.name
        case BleakDBusError():
            # Not str(error), which takes the text apart in search of a number and raises when it has another form.
            called, why = error.dbus_error, ", ".join(str(detail) for detail in error.args[1:])
        case BleakGATTProtocolError():
            why = error.code.name.lower().replace("_", " ")
        case _:
            why = str(error)
    trouble = sentences.trouble(called, why, _name(found) if found else None)
    return RadioError(trouble.sentence, retry=trouble.retry, stranger=trouble.stranger)


def _tell(ear: asyncio.Queue[Found], found: Found) -> None:
    if ear.full():
        ear.get_nowait()
    ear.put_nowait(found)


def _name(found: Found) -> str:
    return found.advertisement.name or found.address
