"""A device in the virtual air: plays any `Puppet`, pushed by a force curve, as a Bluetooth peripheral.

Advertising data, GATT table, reads, writes, notifications and indications are real bytes through bumble's host and
controller. One that broadcasts advertises exactly when its puppet says so, and what it says. Knows no device family:
what to offer, answer and send is the puppet's own.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from bumble import att, gatt, hci
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink

from firmware_protocols.codec import ADVERTISEMENT, Characteristic, HangUp, Notify, Played, Puppet, Service
from tests.radio.air import Air, HostController

logger = logging.getLogger(__name__)

ADVERTISING_INTERVAL = 50.0
"""ms, before bumble makes 1.6 times as much of it."""


class Peripheral:
    """One device.

    Args:
        air: where it can be heard.
        puppet: what it is.
        curve: the force in N that it feels at a time in s of its own clock, which begins with `power_on`.
        address: its static random address.
        speed: how many times faster than real its own clock goes.
        name_in_scan_response: whether the name travels there, as with the genuine Progressor, or in the advertisement.
        locked: characteristics of which a read is answered with "insufficient authentication".

    Attributes:
        felt: (s, N), one for each call of the puppet's `sample`: what came out may be held against it.
        began: when its clock began, s of the event loop's; not a number before.
    """

    def __init__(
        self,
        air: Air,
        puppet: Puppet,
        curve: Callable[[float], float],
        *,
        address: str = "F0:F1:F2:F3:F4:F5",
        speed: float = 1.0,
        name_in_scan_response: bool = True,
        locked: Collection[str] = (),
    ) -> None:
        self.puppet = puppet
        self.curve = curve
        self.felt: list[tuple[float, float]] = []
        self.began = math.nan
        self._speed = speed
        self._locked = frozenset(locked)
        self._air = air
        self._advertising, self._scan_response = advertising(puppet, name_in_scan_response)
        self._controller = HostController("PERIPHERAL", link=air)
        self._device = Device(
            config=DeviceConfiguration(name=puppet.advertisement.name or "", address=hci.Address(address)),
            host=Host(self._controller, AsyncPipeSink(self._controller)),
        )
        self._characteristics: dict[str, gatt.Characteristic[bytes]] = {}
        # Of one UUID in several services the telling one: what it is asked to send, it sends from there.
        self._told_from: dict[str, set[str]] = {}
        for service in puppet.services:
            self._device.add_service(self._gatt_service(service))
        self._device.on("connection", self._connected)
        self._connection: Connection | None = None
        self._to_play: asyncio.Queue[Played] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._on = False

    async def power_on(self) -> None:
        """Wake up: begin to feel, and advertise until somebody connects."""
        self._on = True
        await self._device.power_on()
        await self._advertise()
        self._tasks = [asyncio.create_task(self._live()), asyncio.create_task(self._play())]

    async def vanish(self) -> None:
        """Gone without a word, as with an empty battery: the other side has to notice by itself."""
        self._on = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._controller.le_legacy_advertiser.stop()
        self._air.controllers.discard(self._controller)

    async def hang_up(self) -> None:
        """End the connection properly from this side, and advertise again."""
        if self._connection is not None:
            await self._connection.disconnect()

    async def _advertise(self) -> None:
        await self._device.start_advertising(
            advertising_data=self._advertising,
            scan_response_data=self._scan_response,
            advertising_interval_min=ADVERTISING_INTERVAL,
            advertising_interval_max=ADVERTISING_INTERVAL,
        )
        if not self.puppet.services:
            timer = self._controller.le_legacy_advertiser.timer_handle
            assert timer is not None, "it has just begun to advertise"
            timer.cancel()

    def _broadcast(self, data: bytes) -> None:
        """Advertise once, now."""
        advertiser = self._controller.le_legacy_advertiser
        entry = AdvertisingData([(AdvertisingData.FLAGS, b"\x06"), (AdvertisingData.MANUFACTURER_SPECIFIC_DATA, data)])
        advertiser.advertising_data = bytes(entry)
        advertiser.send_advertising_data()

    async def _live(self) -> None:
        """Let the puppet feel the force at an even pace of its own clock; what is late is made up for at once."""
        loop = asyncio.get_running_loop()
        self.began = loop.time()
        since, count, rate = 0.0, 0, self.puppet.rate
        while True:
            seconds = since + count / rate
            await asyncio.sleep(self.began + seconds / self._speed - loop.time())
            if self.puppet.rate != rate:  # it was told another one meanwhile, which holds from now
                since, count, rate = (loop.time() - self.began) * self._speed, 0, self.puppet.rate
                continue
            count += 1
            force = self.curve(seconds)
            self.felt.append((seconds, force))
            self._perform(self.puppet.sample(seconds, force))

    def _perform(self, played: Sequence[Played]) -> None:
        for act in played:
            self._to_play.put_nowait(act)

    async def _play(self) -> None:
        while True:
            act = await self._to_play.get()
            connection = self._connection
            match act:
                case Notify(where, data) if where == ADVERTISEMENT:
                    self._broadcast(data)
                case Notify(characteristic, data) if connection is not None:
                    await self._tell(connection, characteristic, data)
                case HangUp() if connection is not None:
                    self._on = False  # it has switched itself off: no more advertising
                    with suppress(hci.HCI_Error):
                        await connection.disconnect()

    async def _tell(self, connection: Connection, uuid: str, data: bytes) -> None:
        characteristic = self._characteristics[uuid]
        if "notify" in self._told_from[uuid]:
            await self._device.notify_subscriber(connection, characteristic, data)
        else:
            with suppress(TimeoutError):  # bumble's own limit: the other side has gone before it confirmed
                await self._device.indicate_subscriber(connection, characteristic, data)

    def _gatt_service(self, service: Service) -> gatt.Service:
        offered = [self._gatt_characteristic(characteristic) for characteristic in service.characteristics]
        return gatt.Service(service.uuid, offered)

    def _gatt_characteristic(self, characteristic: Characteristic) -> "gatt.Characteristic[bytes]":
        properties = gatt.Characteristic.Properties(0)
        for name in characteristic.properties:
            properties |= gatt.Characteristic.Properties[name.upper().replace("-", "_")]
        made: gatt.Characteristic[bytes] = gatt.Characteristic(
            characteristic.uuid,
            properties,
            gatt.Characteristic.READABLE | gatt.Characteristic.WRITEABLE,
            gatt.CharacteristicValue(read=self._read(characteristic), write=self._written(characteristic)),
        )
        tells = characteristic.properties & {"notify", "indicate"}
        if tells or characteristic.uuid not in self._characteristics:
            self._characteristics[characteristic.uuid] = made
            self._told_from[characteristic.uuid] = set(tells)
        return made

    def _read(self, characteristic: Characteristic) -> Callable[[Connection], bytes]:
        def read(_: Connection) -> bytes:
            # bumble's server lets every read pass, whatever the table says.
            if "read" not in characteristic.properties:
                raise att.ATT_Error(att.ErrorCode.READ_NOT_PERMITTED)
            if characteristic.uuid in self._locked:
                raise att.ATT_Error(att.ErrorCode.INSUFFICIENT_AUTHENTICATION)
            table = [item for service in self.puppet.services for item in service.characteristics]
            return next(item.value for item in table if item.uuid == characteristic.uuid and "read" in item.properties)

        return read

    def _written(self, characteristic: Characteristic) -> Callable[[Connection, bytes], None]:
        def written(_: Connection, data: bytes) -> None:
            # bumble's server lets every write pass, whatever the table says.
            if not {"write", "write-without-response"} & characteristic.properties:
                raise att.ATT_Error(att.ErrorCode.WRITE_NOT_PERMITTED)
            self._perform(self.puppet.written(characteristic.uuid, bytes(data)))

        return written

    def _connected(self, connection: Connection) -> None:
        self._connection = connection
        connection.on("disconnection", self._disconnected)

    def _disconnected(self, reason: int) -> None:
        logger.debug("disconnected, reason 0x%02x", reason)
        self._connection = None
        self.puppet.hung_up()
        if self._on:
            self._tasks.append(asyncio.create_task(self._advertise()))


def advertising(puppet: Puppet, name_in_scan_response: bool) -> tuple[bytes, bytes]:
    """What the puppet advertises, as (advertising data, scan response) in the structures of the Core Supplement."""
    said = puppet.advertisement
    flags = (AdvertisingData.FLAGS, b"\x06")
    name = [(AdvertisingData.COMPLETE_LOCAL_NAME, said.name.encode())] if said.name is not None else []
    rest = [
        (AdvertisingData.MANUFACTURER_SPECIFIC_DATA, company.to_bytes(2, "little") + payload)
        for company, payload in said.manufacturer.items()
    ]
    rest += [
        (AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, UUID(service).to_bytes())
        for service in sorted(said.services)
    ]
    if name_in_scan_response:
        return bytes(AdvertisingData([flags, *rest])), bytes(AdvertisingData(name))
    return bytes(AdvertisingData([flags, *name, *rest])), b""
