"""Sensors that only broadcast, values that are read, indications and small writes, over bleak's front end."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any

import pytest
from bleak.exc import BleakDBusError

from firmware_protocols.codec import Codec, Info, Samples
from forcelab.acquisition.ble import BleRadio
from forcelab.acquisition.link import Found, RadioError
from forcelab.acquisition.virtual_time import now_ns
from forcelab.engine.raw import RawCapture
from forcelab.engine.recognition import WantedSensor
from tests.acquisition.beacon import (
    BATTERY,
    BEACON,
    BEACON_NAME,
    MODEL,
    READER,
    READER_NAME,
    WEIGHT,
    BeaconPuppet,
    ReaderPuppet,
)
from tests.acquisition.toy import Diary
from tests.acquisition.toy import kept as kept_connected
from tests.integration.backend import Client, Computer
from tests.integration.conftest import NAME, Sitting, first, streaming
from tests.radio.air import Air
from tests.radio.peripheral import Peripheral


def climbing(seconds: float) -> float:
    return round(10.0 * seconds) / 10.0


@pytest.fixture
async def beacon(air: Air) -> AsyncIterator[Peripheral]:
    device = Peripheral(air, BeaconPuppet(), climbing, address="F0:00:00:00:00:0B")
    await device.power_on()
    yield device
    await device.vanish()


async def listening(radio: BleRadio) -> Sitting:
    sitting = Sitting(BEACON)
    sitting.stream.open()
    await sitting.open(radio, await first(radio, BEACON_NAME))
    return sitting


async def hears(sitting: Sitting, seconds: float) -> list[float]:
    """What it tells in the next so many seconds, N."""
    before = len(sitting.told)
    await asyncio.sleep(seconds)
    return [told.values["force"][0] for told in sitting.told[before:] if isinstance(told, Samples)]


def is_piece(heard: list[float], beacon: Peripheral) -> bool:
    """Whether it is what was felt, without a gap; the last that was felt may still be in the air."""
    felt = [force for _, force in beacon.felt]
    return heard in (felt[-len(heard) :], felt[-len(heard) - 1 : -1])


async def test_every_broadcast_is_heard_once_and_nothing_is_connected(
    radio: BleRadio, computer: Computer, beacon: Peripheral
) -> None:
    sitting = await listening(radio)
    heard = await hears(sitting, 10.0)
    assert len(heard) == pytest.approx(80, abs=1)
    assert is_piece(heard, beacon)
    assert computer.connects == 0
    assert (computer.scans, len(computer.scanners)) == (2, 1)  # one to find it, one to listen
    assert sitting.link is not None
    await sitting.link.close()
    assert not computer.scanners


async def test_broadcasts_are_heard_while_another_sensor_is_searched_connected_and_lost(
    radio: BleRadio, computer: Computer, beacon: Peripheral, progressor: Peripheral
) -> None:
    sitting = await listening(radio)
    other = await streaming(radio)
    heard = await hears(sitting, 5.0)
    await progressor.hang_up()
    await other.until(lambda: bool(other.losses))
    heard += await hears(sitting, 5.0)
    assert is_piece(heard, beacon)
    assert len(heard) == pytest.approx(80, abs=2)
    assert computer.scans == 2
    assert other.trace().t.size > 300


async def test_two_listen_to_one_and_the_last_one_ends_the_scan(
    radio: BleRadio, computer: Computer, beacon: Peripheral
) -> None:
    one, two = await listening(radio), await listening(radio)
    told = await asyncio.gather(hears(one, 3.0), hears(two, 3.0))
    assert told[0] == told[1]
    assert is_piece(told[0], beacon)
    assert one.link is not None
    assert two.link is not None
    await one.link.close()
    assert await hears(one, 1.0) == []
    assert len(await hears(two, 1.0)) in (7, 8, 9)
    await two.link.close()
    assert not computer.scanners


async def test_bluetooth_switched_off_is_told_to_every_listener(
    radio: BleRadio, computer: Computer, beacon: Peripheral
) -> None:
    sitting = await listening(radio)
    await computer.switch_off()
    await sitting.until(lambda: bool(sitting.losses))
    assert sitting.losses == ["Bluetooth is switched off. Switch it on in the settings of the system."]
    computer.switch_on()
    assert sitting.link is not None
    await sitting.link.close()
    again = await listening(radio)
    assert len(await hears(again, 1.0)) in (7, 8, 9)
    assert beacon.felt


async def test_a_scanner_that_has_died_is_made_anew(radio: BleRadio, computer: Computer, beacon: Peripheral) -> None:
    sitting = await listening(radio)
    await computer.switch_off()
    computer.switch_on()
    assert await hears(sitting, 20.0)
    assert not sitting.losses
    assert computer.scans == 3
    assert beacon.felt


async def test_one_that_is_not_heard_any_more_cannot_be_opened(
    radio: BleRadio, computer: Computer, beacon: Peripheral
) -> None:
    found = await first(radio, BEACON_NAME)
    await beacon.vanish()
    with pytest.raises(RadioError, match=f"{BEACON_NAME} was heard a moment ago") as told:
        await Sitting(BEACON).open(radio, found)
    assert told.value.retry
    assert not computer.scanners


async def test_listening_that_is_broken_off_leaves_nothing_behind(
    radio: BleRadio, computer: Computer, beacon: Peripheral
) -> None:
    found = await first(radio, BEACON_NAME)
    await beacon.vanish()
    opening = asyncio.create_task(Sitting(BEACON).open(radio, found))
    await asyncio.sleep(1.0)
    opening.cancel()
    await asyncio.wait([opening])
    assert opening.cancelled()
    assert not computer.scanners


async def test_news_that_came_by_no_air_are_no_readings(radio: BleRadio, beacon: Peripheral) -> None:
    """BlueZ tells of any change of what it keeps of a device, with the last reading beside it and no strength."""
    sitting = await listening(radio)
    await hears(sitting, 1.0)
    device, _ = radio._known["F0:00:00:00:00:0B"]
    before = len(sitting.packets)
    said: Any = SimpleNamespace(local_name=None, service_uuids=[], manufacturer_data={1: b"old"}, rssi=-127)
    radio._advertised(device, said)
    assert len(sitting.packets) == before
    assert beacon.felt


async def test_windows_tells_twice_of_one_broadcast_and_it_counts_once(
    radio: BleRadio, beacon: Peripheral, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the scan response is told of as well, with the broadcast before it merged in; the objects are its own."""
    sitting = await listening(radio)
    await beacon.vanish()
    monkeypatch.setattr(sys, "platform", "win32")
    device, _ = radio._known["F0:00:00:00:00:0B"]
    before = len(sitting.packets)
    for reading in (object(), object()):
        for response in (None, object()):
            said: Any = SimpleNamespace(
                local_name=None,
                service_uuids=[],
                manufacturer_data={0x0A11: b"\0\1"},
                rssi=-50,
                platform_data=(None, SimpleNamespace(adv=reading, scan=response)),
            )
            radio._advertised(device, said)
    assert len(sitting.packets) == before + 2


async def reading(radio: BleRadio, puppet: ReaderPuppet, air: Air, **how: Any) -> tuple[Diary, Peripheral]:
    """Half a minute of a sensor that is read."""

    def wanted(found: Found) -> Codec | None:
        return READER if READER.recognises(found.advertisement) else None

    device = Peripheral(air, puppet, lambda t: 10.0 * t, **how)
    await device.power_on()
    diary = Diary()
    async with kept_connected(radio, diary, wanted):
        await asyncio.sleep(30.0)
    await device.vanish()
    return diary, device


def infos(diary: Diary) -> list[tuple[str, object]]:
    return [(told.name, told.value) for told in diary.of("told") if isinstance(told, Info)]


@pytest.mark.parametrize("has_battery", [True, False])
async def test_reads_and_indications_and_news_of_the_battery(radio: BleRadio, air: Air, has_battery: bool) -> None:
    puppet = ReaderPuppet(has_battery)
    diary, _ = await reading(radio, puppet, air)
    weights = [told.values["force"][0] for told in diary.of("told") if isinstance(told, Samples)]
    start = puppet.felt.index(weights[0])
    assert weights == puppet.felt[start : start + len(weights)]
    assert len(weights) > 200
    assert infos(diary)[0] == ("model", "R1")
    assert (("battery_percent", 0x57) in infos(diary)) is has_battery
    assert (("battery_percent", 0x56) in infos(diary)) is has_battery
    assert diary.states()[:4] == ["absent", "connecting", "greeting", "ready"]


async def test_a_value_that_wants_pairing_is_left_alone(radio: BleRadio, air: Air) -> None:
    diary, _ = await reading(radio, ReaderPuppet(), air, locked=[MODEL])
    assert infos(diary)[0] == ("battery_percent", 0x57)
    assert diary.states().count("ready") == 1


async def test_a_read_that_never_ends_is_given_up(radio: BleRadio, air: Air, monkeypatch: pytest.MonkeyPatch) -> None:
    async def read_gatt_char(client: Client, characteristic: Any, **kwargs: Any) -> bytearray:
        if characteristic.uuid == MODEL:
            await asyncio.get_running_loop().create_future()
        return await read_as_ever(client, characteristic, **kwargs)

    read_as_ever = Client.read_gatt_char
    monkeypatch.setattr(Client, "read_gatt_char", read_gatt_char)
    diary, _ = await reading(radio, ReaderPuppet(), air)
    assert ("battery_percent", 0x57) in infos(diary)
    assert diary.states().count("ready") == 1


async def test_a_subscription_that_is_refused_is_done_without_where_it_is_only_wished_for(
    radio: BleRadio, air: Air, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def start_notify(client: Client, characteristic: Any, *args: Any, **kwargs: Any) -> None:
        if characteristic.uuid == BATTERY:
            raise BleakDBusError("org.bluez.Error.NotPermitted", ["Not paired"])
        await start_as_ever(client, characteristic, *args, **kwargs)

    start_as_ever = Client.start_notify
    monkeypatch.setattr(Client, "start_notify", start_notify)
    diary, _ = await reading(radio, ReaderPuppet(), air)
    assert ("battery_percent", 0x56) not in infos(diary)
    assert diary.states().count("ready") == 1


async def test_a_sensor_that_wants_pairing_says_so(
    radio: BleRadio, progressor: Peripheral, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def start_notify(*_: Any, **__: Any) -> None:
        raise BleakDBusError("org.bluez.Error.NotPermitted", ["Not paired"])

    monkeypatch.setattr(Client, "start_notify", start_notify)
    with pytest.raises(RadioError, match=f"{NAME} wants to be paired with this computer"):
        await Sitting().open(radio, await first(radio))
    assert progressor.felt


async def test_a_connection_lost_during_a_read_is_a_loss(radio: BleRadio, air: Air) -> None:
    device = Peripheral(air, ReaderPuppet(), climbing)
    await device.power_on()
    sitting = Sitting(READER)
    await sitting.open(radio, await first(radio, READER_NAME))
    assert sitting.link is not None
    await device.hang_up()
    await sitting.until(lambda: bool(sitting.losses))
    with pytest.raises(RadioError, match="was lost"):
        await sitting.link.read(MODEL)
    async with aclosing(radio.find()) as heard:
        await anext(heard)
    await device.vanish()


async def test_of_a_device_of_no_family_all_that_notifies_is_captured(radio: BleRadio, air: Air) -> None:
    device = Peripheral(air, ReaderPuppet(), climbing)
    await device.power_on()
    lines: list[str] = []
    capture = RawCapture(WantedSensor("total", READER_NAME), radio, write=lines.append, tell=lambda _: None, now=now_ns)
    await capture.run(10.0)
    characteristics = [line.split()[1] for line in lines if not line.startswith("#")]
    assert characteristics.count(WEIGHT) > 10
    assert ">" not in characteristics, "nothing is written to what nobody knows"
    assert any(line.startswith("# connected: ") for line in lines)
    assert lines[-1].startswith("# disconnected: ")
    await device.vanish()
