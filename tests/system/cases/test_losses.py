"""Everything that can go wrong with a connection, on a real stack: noticed, said, and mended as soon as it can be."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator

import pytest

from firmware_protocols import CODECS
from firmware_protocols.codec import Start
from forcelab.acquisition.ble import BleRadio
from forcelab.acquisition.link import RadioError
from tests.system.bluez import Bluez
from tests.system.cases.conftest import Place, until
from tests.system.cases.sensor import NAME, Sensor, find, is_what_was_felt, sensor
from tests.system.orders import order


async def comes_back(kept: Sensor) -> None:
    """The sensor is found and connected by itself, and a new run is whole."""
    await kept.reaches("ready", limit=60.0)
    kept.post(Start())
    await is_what_was_felt(await kept.measures(1.0))


async def test_the_name_is_found_in_the_scan_response(place: Place) -> None:
    await place("load")
    found = await find(BleRadio())
    assert CODECS["progressor"].recognises(found.advertisement)
    assert found.signal == -50


async def test_the_sensor_hangs_up(place: Place) -> None:
    await place("wave")
    async with sensor() as kept:
        kept.post(Start())
        await kept.measures(1.0)
        await order("hang_up")
        assert NAME in await kept.reaches("lost")
        await comes_back(kept)


async def test_the_sensor_gets_out_of_range_and_comes_back(place: Place) -> None:
    await place("wave")
    async with sensor() as kept:
        kept.post(Start())
        await kept.measures(1.0)
        await order("out_of_range", supervision=1.0)
        assert "lost" in await kept.reaches("lost")
        await order("in_range")
        await comes_back(kept)


async def test_our_own_watch_notices_before_a_slow_controller(place: Place) -> None:
    await place("wave")
    async with sensor() as kept:
        kept.post(Start())
        await kept.measures(1.0)
        await order("out_of_range", supervision=12.0)
        assert "sends nothing" in await kept.reaches("lost")
        await order("in_range")
        await comes_back(kept)


async def test_the_adapter_is_switched_off_and_on(place: Place) -> None:
    await place("wave")
    async with sensor() as kept, Bluez() as bluez:
        kept.post(Start())
        await kept.measures(1.0)
        await bluez.power(False)
        await kept.reaches("lost")
        await kept.says("Bluetooth is switched off")
        await bluez.power(True)
        await comes_back(kept)


async def test_a_search_that_is_under_way_says_that_the_adapter_was_switched_off(place: Place) -> None:
    await place("load")
    heard = BleRadio().find()
    assert isinstance(heard, AsyncGenerator)
    async with Bluez() as bluez, asyncio.timeout(30):
        assert (await anext(heard)).advertisement.name == NAME
        await bluez.power(False)
        # A scanner of bleak's would be silent from here on for ever, also when the adapter is on again.
        with pytest.raises(RadioError, match="switched off"):
            async for _ in heard:
                pass


async def test_the_adapter_is_pulled_out_and_put_in(place: Place) -> None:
    await place("wave")
    async with sensor() as kept, Bluez() as bluez:
        kept.post(Start())
        await kept.measures(1.0)
        await order("unplug")
        await kept.reaches("lost")
        await kept.says("no Bluetooth adapter")
        await order("plug")

        async def is_there() -> bool:
            return bool(await bluez.adapters())

        await until(is_there)
        await bluez.power(True)
        await comes_back(kept)


async def test_a_killed_process_leaves_a_connection_that_is_found_again(place: Place) -> None:
    await place("wave")
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.system.cases.stream_for_ever", stdout=asyncio.subprocess.PIPE
    )
    assert other.stdout is not None
    async with asyncio.timeout(60):
        assert await other.stdout.readline() == b"streaming\n"
    os.kill(other.pid, signal.SIGKILL)
    await other.wait()
    async with Bluez() as bluez:
        assert len(await bluez.connected()) == 1  # the system keeps it, so the sensor does not advertise
    async with sensor() as kept:
        kept.post(Start())
        # The sensor has been measuring all the while; ours is a run of its own, with ticks from the beginning.
        await is_what_was_felt(await kept.measures(1.0))


async def test_a_vanished_sensor_ends_in_a_sentence(place: Place) -> None:
    await place("load")
    radio = BleRadio(connect=3.0, pauses=(0.5,))
    found = await find(radio)
    await order("vanish")
    with pytest.raises(RadioError, match=f"{NAME} does not answer"):
        await radio.open(found, CODECS["progressor"].listens, print, print)
    # The controller has given the attempt up: the same sensor, back again, is connected as ever.
    await place("wave")
    async with sensor(radio) as kept:
        kept.post(Start())
        await is_what_was_felt(await kept.measures(1.0))
