"""bleak's backends for a virtual adapter: client, scanner and adapter over bumble.

`Computer.install` puts them where bleak looks up the backend of the platform, so that the code under test and bleak's
own front end run as they are. They answer as BlueZ was seen to answer: the same exceptions for the same troubles.
"""

from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import pytest
from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from bleak.uuids import normalize_uuid_str
from bumble import hci
from bumble.core import UUID, AdvertisingData, ProtocolError
from bumble.core import TimeoutError as BumbleTimeout
from bumble.device import Connection, Device, DeviceConfiguration, Peer
from bumble.gatt import Characteristic
from bumble.gatt_client import CharacteristicProxy
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink

from tests.radio.air import Air, HostController

T = TypeVar("T")

PROPERTIES = (
    (Characteristic.Properties.READ, "read"),
    (Characteristic.Properties.WRITE_WITHOUT_RESPONSE, "write-without-response"),
    (Characteristic.Properties.WRITE, "write"),
    (Characteristic.Properties.NOTIFY, "notify"),
    (Characteristic.Properties.INDICATE, "indicate"),
)
UUID_LISTS = (
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
)


class Computer:
    """A computer with one adapter in the virtual air.

    Attributes:
        refusal: while set, why the system says that there is no Bluetooth.
        scanners: those that hear what is advertised.
        failures: errors with which the next attempts to connect fail.
        scans: how many scans were started.
        connects: how many attempts to connect were made.
        opened: what each client was made for.
        asked_of_bluez: what bleak's own BlueZ backend would have been asked for.
    """

    def __init__(self, air: Air) -> None:
        self._controller = HostController("COMPUTER", link=air)
        self._host = Host(self._controller, AsyncPipeSink(self._controller))
        self.device = Device(
            config=DeviceConfiguration(name="computer", address=hci.Address("F1:F2:F3:F4:F5:F6")), host=self._host
        )
        self.refusal: BleakBluetoothNotAvailableReason | None = None
        # Packet by packet, as other systems report them; bumble's "advertisement" has the scan response merged in.
        self._host.on("advertising_report", self._heard)
        self.scanners: set[Scanner] = set()
        self.failures: list[BaseException] = []
        self.scans = 0
        self.connects = 0
        self.opened: list[BLEDevice | str] = []
        self.asked_of_bluez: dict[str, Any] = {}
        self._left_over: dict[str, tuple[BLEDevice, frozenset[str]]] = {}

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let bleak's front end find this computer instead of the one that runs the test."""
        for kind, made in (("client", partial(Client, self)), ("scanner", partial(Scanner, self)), ("adapter", self)):
            monkeypatch.setattr(f"bleak.get_platform_{kind}_backend_type", lambda made=made: (made, "virtual"))

    def ready(self) -> Device:
        """The adapter, if Bluetooth is to be had; else raises as bleak does."""
        if self.refusal is not None:
            raise BleakBluetoothNotAvailableError(f"no Bluetooth: {self.refusal.name}", self.refusal)
        return self.device

    async def switch_off(self) -> None:
        """Bluetooth off: connections end, scanners hear nothing more and will not again."""
        self.refusal = BleakBluetoothNotAvailableReason.POWERED_OFF
        self.scanners.clear()
        if self.device.scanning:
            await self.device.stop_scanning()
        for connection in list(self.device.connections.values()):
            await connection.disconnect()

    def switch_on(self) -> None:
        """Bluetooth on again; scanners that were running before stay deaf."""
        self.refusal = None

    async def hold(self, address: str) -> None:
        """Connect a device for nobody, as the system does for a process that was killed while connected."""
        connection = await self.device.connect(hci.Address(address), timeout=2.0)
        peer = Peer(connection)
        services = frozenset(_uuid(service.uuid) for service in await peer.discover_services())
        name = b"".join(await peer.read_characteristics_by_uuid(UUID.from_16_bits(0x2A00))).decode()
        self._left_over[address] = (BLEDevice(address, name, hci.Address(address)), services)

    def _heard(self, report: hci.HCI_LE_Advertising_Report_Event.Report) -> None:
        for scanner in tuple(self.scanners):
            scanner.heard(report)

    async def get(self, **_kwargs: Any) -> "Computer":
        """As `BaseBleakAdapter.get`: this computer is its own adapter."""
        self.ready()
        return self

    async def get_connected_devices(self, service_uuids: frozenset[str]) -> list[BLEDevice]:
        """As `BaseBleakAdapter.get_connected_devices`."""
        return [device for device, services in self._left_over.values() if services & service_uuids]


class Scanner(BaseBleakScanner):
    """bleak's scanner on a virtual computer."""

    def __init__(
        self,
        computer: Computer,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        computer.asked_of_bluez |= kwargs["bluez"]
        self._computer = computer
        self._active = scanning_mode == "active"

    async def start(self) -> None:
        device = self._computer.ready()
        self._computer.scans += 1
        self.seen_devices = {}
        self._computer.scanners.add(self)
        if not device.scanning:
            await device.start_scanning(active=self._active)

    async def stop(self) -> None:
        device, scanners = self._computer.device, self._computer.scanners
        if self not in scanners:
            raise BleakError("No discovery started")
        scanners.discard(self)
        if device.scanning and not scanners:
            await device.stop_scanning()

    def heard(self, report: hci.HCI_LE_Advertising_Report_Event.Report) -> None:
        structures: Any = AdvertisingData.from_bytes(report.data)
        name = structures.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        uuids = [_uuid(uuid) for kind in UUID_LISTS for uuid in structures.get(kind) or []]
        makers = structures.get_all(AdvertisingData.MANUFACTURER_SPECIFIC_DATA)
        if not self.is_allowed_uuid(uuids):
            return
        said = AdvertisementData(
            name, {int(company): bytes(data) for company, data in makers}, {}, uuids, None, report.rssi, ()
        )
        address = report.address.to_string(False)
        self.call_detection_callbacks(self.create_or_update_device(address, address, name, report.address, said), said)


class Client(BaseBleakClient):
    """bleak's client on a virtual computer."""

    def __init__(
        self,
        computer: Computer,
        address_or_ble_device: BLEDevice | str,
        services: set[str] | None = None,  # noqa: ARG002 - bleak passes it; forcelab never filters
        **kwargs: Any,
    ) -> None:
        super().__init__(
            address_or_ble_device,
            disconnected_callback=kwargs["disconnected_callback"],
            timeout=kwargs["timeout"],
        )
        computer.opened.append(address_or_ble_device)
        self._computer = computer
        self._peer_address = (
            address_or_ble_device.details if isinstance(address_or_ble_device, BLEDevice) else hci.Address(self.address)
        )
        self._connection: Connection | None = None
        self._callbacks: dict[int, Any] = {}

    @property
    def mtu_size(self) -> int:
        return self._connection.att_mtu if self._connection else 23

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **_kwargs: Any) -> None:  # noqa: ARG002 - nothing here pairs
        self._computer.connects += 1
        device = self._computer.ready()
        if self._computer.failures:
            raise self._computer.failures.pop(0)
        connection = device.find_connection_by_bd_addr(self._peer_address)
        try:
            if connection is None:
                # bumble must be told the limit itself, or the attempt stays pending in the controller.
                connection = await device.connect(self._peer_address, timeout=self._timeout)
            self._connection = connection
            connection.on("disconnection", self._ended)
            peer = Peer(connection)
            await peer.request_mtu(517)
            await peer.discover_all()  # type: ignore[no-untyped-call]  # bumble leaves this one without types
        except BumbleTimeout as error:
            raise TimeoutError from error
        except ProtocolError as error:
            raise BleakDeviceNotFoundError(self.address, str(error)) from error
        except BaseException:
            await self.disconnect()
            raise
        self.services = self._services(peer)

    async def disconnect(self) -> None:
        if self._connection is not None:
            with suppress(hci.HCI_Error):
                await self._connection.disconnect()

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:
        raise NotImplementedError

    async def unpair(self) -> None:
        raise NotImplementedError

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_kwargs: Any) -> bytearray:
        return bytearray(await self._asked(characteristic.obj.read_value()))

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_kwargs: Any) -> bytearray:
        return bytearray(await self._asked(descriptor.obj.read_value()))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        await self._asked(characteristic.obj.write_value(bytes(data), with_response=response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        await self._asked(descriptor.obj.write_value(bytes(data), with_response=True))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **kwargs: Any
    ) -> None:
        self._computer.asked_of_bluez |= kwargs["bluez"]
        if not {"notify", "indicate"} & set(characteristic.properties):
            raise BleakDBusError("org.bluez.Error.NotSupported", ["Operation is not supported"])

        def received(value: bytes) -> None:
            callback(bytearray(value))

        self._callbacks[characteristic.handle] = received
        await self._asked(characteristic.obj.subscribe(received))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        received = self._callbacks.pop(characteristic.handle)
        await self._asked(characteristic.obj.unsubscribe(received))

    def _ended(self, _reason: int) -> None:
        self._connection = None
        self.services = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def _asked(self, request: Coroutine[Any, Any, T]) -> T:
        if self._connection is None:
            request.close()
            raise BleakError("Not connected")
        try:
            return await request
        except ProtocolError as error:
            raise BleakGATTProtocolError(error.error_code or 0) from error

    def _services(self, peer: Peer) -> BleakGATTServiceCollection:
        collection = BleakGATTServiceCollection()
        for service in peer.services:
            ours = BleakGATTService(service, service.handle, _uuid(service.uuid))
            collection.add_service(ours)
            for characteristic in service.characteristics:
                collection.add_characteristic(self._characteristic(characteristic, ours))
        return collection

    def _characteristic(
        self, characteristic: CharacteristicProxy[bytes], service: BleakGATTService
    ) -> BleakGATTCharacteristic:
        properties: list[Any] = [name for flag, name in PROPERTIES if characteristic.properties & flag]
        return BleakGATTCharacteristic(
            characteristic,
            characteristic.handle,
            _uuid(characteristic.uuid),
            properties,
            lambda: self.mtu_size - 3,
            service,
        )


def _uuid(uuid: UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str("-"))
