"""Searching: what is heard, what is not, and what the system still holds connected for nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from firmware_protocols.codec import Ask
from firmware_protocols.progressor import ProgressorPuppet
from forcelab.acquisition import ble
from forcelab.acquisition.ble import WAITING, BleRadio
from forcelab.acquisition.link import Found
from tests.integration.backend import Computer
from tests.integration.conftest import ADDRESS, first, streaming
from tests.radio.air import Air
from tests.radio.peripheral import Peripheral


async def exhaust(heard: AsyncIterator[Found]) -> None:
    async for _ in heard:
        pass


@pytest.mark.usefixtures("progressor")
async def test_a_search_outlives_bluetooth_switched_off_and_on(radio: BleRadio, computer: Computer) -> None:
    async with asyncio.timeout(60.0), aclosing(radio.find()) as heard:
        await anext(heard)
        await computer.switch_off()
        computer.switch_on()
        for _ in range(300):  # more than what had been heard before
            await anext(heard)
    assert computer.scans == 2


async def test_a_search_that_hears_nothing_makes_its_scanner_anew(
    radio: BleRadio, computer: Computer, progressor: Peripheral
) -> None:
    async with asyncio.timeout(60.0), aclosing(radio.find()) as heard:
        await anext(heard)
        await progressor.vanish()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(exhaust(heard), 12.0)
        assert computer.scans == 3
    assert not computer.scanners


async def test_a_sensor_in_nobodys_range_is_never_found(radio: BleRadio) -> None:
    with pytest.raises(TimeoutError):
        await first(radio)


async def test_a_device_that_was_forgotten_is_opened_by_its_address(
    radio: BleRadio, air: Air, computer: Computer, progressor: Peripheral, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ble, "REMEMBERED", 1)
    found = await first(radio)
    other = Peripheral(air, ProgressorPuppet(number=2), progressor.curve, address="F0:00:00:00:00:02")
    await other.power_on()
    await first(radio, "Progressor_0002")
    await other.vanish()
    await streaming(radio, found)
    assert computer.opened == [ADDRESS]


async def test_a_connection_left_over_by_a_killed_process_is_found_and_taken_over(
    radio: BleRadio, computer: Computer, progressor: Peripheral
) -> None:
    await computer.hold(ADDRESS)
    found = await first(radio)
    assert (found.address, found.signal) == (ADDRESS, None)
    sitting = await streaming(radio, found)
    await sitting.until(lambda: sitting.trace().t.size > 80)
    assert progressor.felt


@pytest.mark.usefixtures("progressor")
async def test_a_computer_that_cannot_tell_what_is_connected_still_scans(
    radio: BleRadio, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def get_connected_devices(_computer: Computer, _services: frozenset[str]) -> list[object]:
        raise NotImplementedError

    monkeypatch.setattr(Computer, "get_connected_devices", get_connected_devices)
    assert (await first(radio)).address == ADDRESS
    assert computer.scans == 1


@pytest.mark.usefixtures("progressor")
async def test_a_slow_reader_misses_the_oldest(radio: BleRadio) -> None:
    async with asyncio.timeout(600.0), aclosing(radio.find()) as slow:
        await anext(slow)
        async with aclosing(radio.find()) as quick:
            for _ in range(2 * WAITING):
                latest = await anext(quick)
        for _ in range(WAITING):
            heard = await anext(slow)
    assert heard.advertisement is latest.advertisement


@pytest.mark.usefixtures("progressor")
async def test_our_own_connection_is_no_left_over(radio: BleRadio, computer: Computer) -> None:
    await computer.hold(ADDRESS)
    await streaming(radio)
    with pytest.raises(TimeoutError):
        await first(radio)


@pytest.mark.usefixtures("progressor")
async def test_closing_the_search_ends_the_scan(radio: BleRadio, computer: Computer) -> None:
    async with asyncio.timeout(60.0), aclosing(radio.find()) as one, aclosing(radio.find()) as other:
        await anext(one)
        await anext(other)
        assert computer.scans == 1
        await one.aclose()
        assert computer.scanners
        await anext(other)
    assert not computer.scanners


@pytest.mark.usefixtures("progressor")
async def test_questions_are_answered_while_another_search_runs(radio: BleRadio) -> None:
    sitting = await streaming(radio)
    async with asyncio.timeout(60.0), aclosing(radio.find()) as heard:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(heard), 3.0)
        before = len(sitting.told)
        await sitting.play(sitting.stream.send(Ask("firmware")))
        await sitting.until(lambda: len(sitting.told) > before)
