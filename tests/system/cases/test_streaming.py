"""What the sensor feels is what the program hears, through the whole of a real Bluetooth stack."""

import asyncio
from contextlib import aclosing


from firmware_protocols import CODECS
from firmware_protocols.codec import Start, Write
from forcelab.acquisition.ble import BleRadio
from forcelab.acquisition.link import Found
from forcelab.acquisition.stream import Stream
from forcelab.model import Packet
from tests.system.cases.conftest import Place

NAME = "Progressor_4711"


async def find(radio: BleRadio) -> Found:
    async with asyncio.timeout(15), aclosing(radio.find()) as heard:
        async for found in heard:
            if found.advertisement.name == NAME:
                return found
    raise AssertionError("the search ended by itself")


async def test_the_name_is_found_in_the_scan_response(place: Place) -> None:
    await place("wave")
    found = await find(BleRadio())
    assert CODECS["progressor"].recognises(found.advertisement)
    assert found.signal == -50


async def test_80_hz(place: Place) -> None:
    await place("wave")
    radio = BleRadio()
    found = await find(radio)
    stream = Stream(CODECS["progressor"].dialogue())
    packets: list[Packet] = []

    def take(packet: Packet) -> None:
        packets.append(packet)
        stream.receive(packet)

    link = await radio.open(found, CODECS["progressor"].listens, take, lambda why: None)
    stream.open()
    for said in stream.send(Start()):
        if isinstance(said, Write):
            await link.write(said.characteristic, said.data, response=said.response)
            stream.wrote(Packet(0, said.characteristic, said.data))
    await asyncio.sleep(5)
    await link.close()
    trace = stream.trace(rate=80, capacity=None, zero=None)
    assert trace.lost == 0
    print(trace.t.size, len(packets), trace.t[:5])
