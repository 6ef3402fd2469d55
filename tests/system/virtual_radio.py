"""Runs in the guest: an adapter at /dev/vhci, sensors in the air around it, and an ear for orders.

The kernel takes the adapter for a USB stick. Each sensor plays the puppet of a device family, pushed by a curve. The
cases give orders through a socket (`orders.py`): get out of range, hang up, vanish, pull the adapter out. Most have one
sensor, at `SENSOR`; more of them stand at addresses of their own. Knows no device family but by its name in the table
of codecs, and judges nothing.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from bumble.transport.common import Transport
from bumble.transport.vhci import open_vhci_transport

from firmware_protocols import CODECS
from tests.acquisition.beacon import READER
from tests.radio.air import Air, HostController
from tests.radio.peripheral import Peripheral
from tests.system.curves import curve
from tests.system.orders import LONGEST, SENSOR, SOCKET

log = logging.getLogger(__name__)

ADAPTER = "00:11:22:33:44:55"

DEVICES = {**CODECS, READER.id: READER}
"""What can be placed: every family, and a toy that does what not every family does."""

Answer: TypeAlias = Mapping[str, Any]


class VirtualRadio:
    """The adapter, the sensor and what lies between them."""

    def __init__(self) -> None:
        self._air = Air()
        self._adapter: HostController | None = None
        self._transport: Transport | None = None
        self._sensors: dict[str, Peripheral] = {}
        self._supervision: asyncio.TimerHandle | None = None
        self.orders: Mapping[str, Callable[..., Awaitable[Answer | None]]] = {
            "plug": self.plug,
            "unplug": self.unplug,
            "place": self.place,
            "beside": self.beside,
            "push": self.push,
            "vanish": self.vanish,
            "hang_up": self.hang_up,
            "out_of_range": self.out_of_range,
            "in_range": self.in_range,
            "felt": self.felt,
        }

    async def plug(self) -> None:
        """Put the adapter in, if it is not."""
        if self._transport is None:
            self._transport = await open_vhci_transport(None)
            self._adapter = HostController(
                "ADAPTER", self._transport.source, self._transport.sink, self._air, public_address=ADAPTER
            )

    async def unplug(self) -> None:
        """Pull the adapter out; the sensor notices at once."""
        if self._transport is not None and self._adapter is not None:
            transport, self._transport = self._transport, None
            await transport.close()
            self._air.controllers.discard(self._adapter)
            self._air.drop()

    async def place(self, device: str, force: str) -> None:
        """A new sensor of the family `device` in range, pushed by the curve `force`; those before are gone."""
        for address in list(self._sensors):
            await self.vanish(address)
        await self.in_range()
        self._air.drop()
        await self.beside(device, force, SENSOR)

    async def beside(self, device: str, force: str, address: str, locked: Sequence[str] = ()) -> None:
        """One more sensor; the characteristics that are `locked` want pairing before they are read."""
        await self.vanish(address)
        sensor = Peripheral(self._air, DEVICES[device].puppet(), curve(force), address=address, locked=locked)
        self._sensors[address] = sensor
        await sensor.power_on()

    async def push(self, force: str, delay: float, address: str = SENSOR) -> None:
        """Feel the curve `force` from its beginning, `delay` s from now; until then what was felt before."""
        sensor = self._sensors[address]
        at = sensor.felt[-1][0] + delay
        before, then = sensor.curve, curve(force)
        sensor.curve = lambda seconds: then(seconds - at) if seconds >= at else before(seconds)

    async def vanish(self, address: str = SENSOR) -> None:
        """The sensor is gone for good, without a word."""
        sensor = self._sensors.pop(address, None)
        if sensor is not None:
            await sensor.vanish()

    async def hang_up(self, address: str = SENSOR) -> None:
        """The sensor ends the connection."""
        if address in self._sensors:
            await self._sensors[address].hang_up()

    async def out_of_range(self, supervision: float) -> None:
        """Nobody hears anybody; the controllers give their connections up after `supervision` s."""
        self._air.jam = True
        self._supervision = asyncio.get_running_loop().call_later(supervision, self._air.drop)

    async def in_range(self) -> None:
        """Everybody hears everybody again."""
        self._air.jam = False
        if self._supervision is not None:
            self._supervision.cancel()

    async def felt(self, address: str = SENSOR) -> Answer:
        """What the sensor has felt so far, (s, N), since when (monotonic), and the kg that its own tare takes off."""
        if address not in self._sensors:
            return {"felt": [], "began": 0.0, "zero": 0.0}
        sensor = self._sensors[address]
        return {"felt": sensor.felt, "began": sensor.began, "zero": getattr(sensor.puppet, "zero", 0.0)}

    async def obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one order, one answer: `{}` or what was asked, `{"error": …}` if it could not be done."""
        try:
            asked = json.loads(await reader.readline())
            log.info("%s", asked)
            answer = await self.orders[asked.pop("order")](**asked) or {}
        except Exception as error:  # whatever it is, the case that ordered it must hear of it, not this log alone
            log.exception("an order failed")
            answer = {"error": repr(error)}
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()
        writer.close()


async def main() -> None:
    """Plug the adapter in and obey until the machine is switched off."""
    radio = VirtualRadio()
    await radio.plug()
    server = await asyncio.start_unix_server(radio.obey, SOCKET, limit=LONGEST)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(relativeCreated)8d %(name)s %(message)s")
    asyncio.run(main())
