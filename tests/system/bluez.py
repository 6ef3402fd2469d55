"""bluetoothd as a person's system settings see it: adapter on and off, devices forgotten. Over D-Bus, beside bleak."""

from types import TracebackType
from typing import Any, Final

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

ADAPTER: Final = "org.bluez.Adapter1"
DEVICE: Final = "org.bluez.Device1"


class Bluez:
    """One connection to the message bus."""

    def __init__(self) -> None:
        self._bus = MessageBus(bus_type=BusType.SYSTEM)

    async def __aenter__(self) -> "Bluez":
        await self._bus.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bus.disconnect()

    async def adapters(self) -> dict[str, bool]:
        """Path of each adapter, and whether it is on."""
        return {path: of[ADAPTER]["Powered"].value for path, of in (await self._objects()).items() if ADAPTER in of}

    async def connected(self) -> list[str]:
        """Addresses of the devices that the system holds connected."""
        devices = [of[DEVICE] for of in (await self._objects()).values() if DEVICE in of]
        return [device["Address"].value for device in devices if device["Connected"].value]

    async def power(self, on: bool) -> None:
        """Switch every adapter on or off."""
        for path in await self.adapters():
            await self._call(
                path, "org.freedesktop.DBus.Properties", "Set", "ssv", ADAPTER, "Powered", Variant("b", on)
            )

    async def forget_devices(self) -> None:
        """Remove every device, connected or not, with all that is remembered of it."""
        for path, of in (await self._objects()).items():
            if DEVICE in of:
                await self._call(path.rpartition("/")[0], ADAPTER, "RemoveDevice", "o", path)

    async def _objects(self) -> dict[str, dict[str, dict[str, Variant]]]:
        (objects,) = await self._call("/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
        return dict(objects)

    async def _call(self, path: str, interface: str, member: str, signature: str = "", *body: Any) -> list[Any]:
        reply = await self._bus.call(
            Message(
                destination="org.bluez",
                path=path,
                interface=interface,
                member=member,
                signature=signature,
                body=list(body),
            )
        )
        if reply.message_type is MessageType.ERROR:
            raise RuntimeError(f"bluetoothd refused {member}: {reply.error_name} {reply.body}")
        return reply.body
