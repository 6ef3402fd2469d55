"""One connection through bleak, and what each of bleak's exceptions means to a person.

With `ble`, the only file that imports bleak. It knows what three operating systems say when they refuse; it knows no
device and no force, and does not decide whether to try again. That StartNotify is kept, and why `disconnect()` has a
limit, stands in `ble`.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from forcelab.acquisition import sentences
from forcelab.acquisition.link import EVERYTHING, Found, RadioError
from forcelab.model import Packet

try:
    from bleak import BleakClient
    from bleak.backends.characteristic import BleakGATTCharacteristic
    from bleak.backends.device import BLEDevice
    from bleak.exc import (
        BleakBluetoothNotAvailableError,
        BleakCharacteristicNotFoundError,
        BleakDBusError,
        BleakGATTProtocolError,
    )
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError("Bluetooth support is not installed: pip install 'forcelab[ble]'") from missing

logger = logging.getLogger(__name__)

WRITE: Final = 5.0
"""s for one write with response; at 15–50 ms a connection event this is a hundred chances."""
READ: Final = 3.0
"""s for one read, or for one subscription that the sensor can do without."""
CLOSE: Final = 5.0
"""s for a disconnect: BlueZ takes 2.0–2.5 by its own timer, and ten when something is wrong."""
TELLS: Final = ("notify", "indicate")


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

    async def open(self, listens: Sequence[str], also_listens: Sequence[str]) -> None:
        """Connect and subscribe; raises what bleak raises, and is closed then."""
        try:
            async with asyncio.timeout(self._timeout + CLOSE):  # bleak's own limit does not cover every step
                await self._client.connect()
                for characteristic in listens:
                    # What notifies nothing is still asked, for the system's own words.
                    for one in self._having(characteristic, *TELLS) or self._any(characteristic):
                        await self._subscribe(one)
                for characteristic in also_listens:
                    for one in self._having(characteristic, *TELLS):
                        await self._try_to_subscribe(one)
            if self._lost:
                raise TimeoutError("the connection ended while it was being opened")
            self._opened = True
        except BaseException:
            await self.close()
            raise

    async def write(self, characteristic: str, data: bytes, *, response: bool) -> None:
        """See `Link.write`."""
        if not self.is_open:
            raise RadioError(sentences.lost(name(self._found)))
        try:
            async with asyncio.timeout(WRITE):
                way = "write" if response else "write-without-response"
                where = self._having(characteristic, way) or self._any(characteristic)
                await self._client.write_gatt_char(where[0], data, response=response)
        except Exception as error:  # as in `BleRadio.open`
            raise explain(error, self._found) from error

    async def read(self, characteristic: str) -> None:
        """See `Link.read`."""
        if not self.is_open:
            raise RadioError(sentences.lost(name(self._found)))
        readable = self._having(characteristic, "read")
        if not readable:
            return
        try:
            async with asyncio.timeout(READ):
                data = await self._client.read_gatt_char(readable[0])
        except Exception as error:  # as in `BleRadio.open`
            # It may be forbidden, want pairing or take for ever: a value that cannot be had loses nothing but itself.
            if self._lost or not self._client.is_connected:
                raise explain(error, self._found) from error
            logger.info("%s of %s cannot be read: %r", characteristic, self._found.address, error)
            return
        self._on_packet(Packet(self._now(), characteristic, bytes(data)))

    def _having(self, characteristic: str, *properties: str) -> list[BleakGATTCharacteristic]:
        """Those of that UUID that have any of these properties: a device may have it in several services."""
        table = self._client.services.characteristics.values()
        meant = [one for one in table if characteristic in (EVERYTHING, one.uuid.lower())]
        return [one for one in meant if set(properties) & set(one.properties)]

    def _any(self, characteristic: str) -> list[BleakGATTCharacteristic]:
        """Those of that UUID, whatever they can.

        Raises:
            BleakCharacteristicNotFoundError: there is none.
        """
        table = self._client.services.characteristics.values()
        found = [one for one in table if one.uuid.lower() == characteristic]
        if not found:
            raise BleakCharacteristicNotFoundError(characteristic)
        return found

    async def _subscribe(self, characteristic: BleakGATTCharacteristic) -> None:
        await self._client.start_notify(characteristic, self._notified, bluez={"use_start_notify": True})

    async def _try_to_subscribe(self, characteristic: BleakGATTCharacteristic) -> None:
        try:
            async with asyncio.timeout(READ):
                await self._subscribe(characteristic)
        except Exception as error:  # as in `BleRadio.open`
            if not self._client.is_connected:
                raise
            logger.info("no news of %s from %s: %r", characteristic.uuid, self._found.address, error)

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
            self._on_lost(sentences.lost(name(self._found)))
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
    trouble = sentences.trouble(called, why, name(found) if found else None)
    return RadioError(trouble.sentence, retry=trouble.retry, stranger=trouble.stranger)


def name(found: Found) -> str:
    """How a person knows the sensor."""
    return found.advertisement.name or found.address
