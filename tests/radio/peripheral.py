"""A device in the virtual air: plays any `Puppet`, pushed by a force curve, as a Bluetooth peripheral.

Advertising data, GATT table, writes and notifications are real bytes through bumble's host and controller. Knows no
device family: what to offer, answer and send is the puppet's own.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from bumble import att, gatt, hci
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink

from firmware_protocols.codec import Characteristic, HangUp, Notify, Played, Puppet, Service
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

    Attributes:
        felt: (s, N), one for each call of the puppet's `sample`: what came out may be held against it.
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
    ) -> None:
        self.puppet = puppet
        self.curve = curve
        self.felt: list[tuple[float, float]] = []
        self._speed = speed
        self._air = air
        self._advertising, self._scan_response = advertising(puppet, name_in_scan_response)
        self._controller = HostController("PERIPHERAL", link=air)
        self._device = Device(
            config=DeviceConfiguration(name=puppet.advertisement.name or "", address=hci.Address(address)),
            host=Host(self._controller, AsyncPipeSink(self._controller)),
        )
        self._characteristics: dict[str, gatt.Characteristic[bytes]] = {}
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

    async def _live(self) -> None:
        """Let the puppet feel the force at an even pace of its own clock; what is late is made up for at once."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for n in range(10**9):
            seconds = n / self.puppet.rate
            await asyncio.sleep(began + seconds / self._speed - loop.time())
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
            if connection is None:
                continue
            match act:
                case Notify(characteristic, data):
                    await self._device.notify_subscriber(connection, self._characteristics[characteristic], data)
                case HangUp():
                    self._on = False  # it has switched itself off: no more advertising
                    with suppress(hci.HCI_Error):
                        await connection.disconnect()

    def _gatt_service(self, service: Service) -> gatt.Service:
        for characteristic in service.characteristics:
            uuid = characteristic.uuid
            properties = gatt.Characteristic.Properties(0)
            for name in characteristic.properties:
                properties |= gatt.Characteristic.Properties[name.upper().replace("-", "_")]
            self._characteristics[uuid] = gatt.Characteristic(
                uuid,
                properties,
                gatt.Characteristic.READABLE | gatt.Characteristic.WRITEABLE,
                gatt.CharacteristicValue(read=lambda _: b"", write=self._written(characteristic)),
            )
        return gatt.Service(service.uuid, [self._characteristics[c.uuid] for c in service.characteristics])

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
