"""What the world does to a connection, and what a person is told: never an exception other than RadioError."""

import asyncio
import logging
import runpy
import sys
from typing import Any

import pytest
from bleak.exc import BleakBluetoothNotAvailableReason, BleakDBusError, BleakError

from firmware_protocols.codec import Sleep
from firmware_protocols.progressor import CONTROL, DATA, PROGRESSOR, ProgressorPuppet
from forcelab.acquisition import ble, ble_link
from forcelab.acquisition.ble import BleRadio
from forcelab.acquisition.ble_link import CLOSE, WRITE, BleLink
from forcelab.acquisition.link import RadioError
from forcelab.acquisition.virtual_time import now_ns
from tests.integration.backend import Client, Computer
from tests.integration.conftest import NAME, Sitting, first, streaming, wave
from tests.radio.air import Air
from tests.radio.peripheral import Peripheral

ELSEWHERE = "7e4e1799-1ea6-40c9-9dcc-13d34ffead57"


async def lost(sitting: Sitting) -> str:
    """The sentence with which the connection ended."""
    await sitting.until(lambda: bool(sitting.losses))
    assert isinstance(sitting.link, BleLink)
    assert not sitting.link.is_open
    return sitting.losses[0]


async def test_the_sensor_ends_the_connection_and_can_be_connected_again(
    radio: BleRadio, progressor: Peripheral
) -> None:
    sitting = await streaming(radio)
    await progressor.hang_up()
    assert await lost(sitting) == (
        f"The connection to {NAME} was lost. Hold the sensor closer to the computer and check that it is on."
    )
    assert sitting.link is not None
    await sitting.link.close()
    again = await streaming(radio)
    await again.until(lambda: again.trace().t.size > 80)
    assert len(sitting.losses) == 1


@pytest.mark.usefixtures("progressor")
async def test_out_of_range_and_back(radio: BleRadio, air: Air) -> None:
    sitting = await streaming(radio)
    air.out_of_range(supervision=2.0)
    assert "was lost" in await lost(sitting)
    air.in_range()
    again = await streaming(radio)
    await again.until(lambda: again.trace().t.size > 80)


@pytest.mark.usefixtures("progressor")
async def test_a_sensor_that_switches_itself_off_is_lost(radio: BleRadio) -> None:
    sitting = await streaming(radio)
    assert sitting.link is not None
    for write in sitting.stream.send(Sleep()):
        if hasattr(write, "data"):
            await sitting.link.write(CONTROL, write.data, response=False)
    assert "was lost" in await lost(sitting)
    with pytest.raises(TimeoutError):
        await first(radio)


@pytest.mark.usefixtures("progressor")
async def test_bluetooth_switched_off_and_on(radio: BleRadio, computer: Computer) -> None:
    sitting = await streaming(radio)
    await computer.switch_off()
    assert "was lost" in await lost(sitting)
    with pytest.raises(RadioError, match=r"Bluetooth is switched off\. Switch it on") as told:
        await first(radio)
    assert told.value.retry
    computer.switch_on()
    again = await streaming(radio)
    await again.until(lambda: again.trace().t.size > 80)


async def test_a_sensor_that_vanished_does_not_answer(
    radio: BleRadio, computer: Computer, progressor: Peripheral
) -> None:
    found = await first(radio)
    await progressor.vanish()
    with pytest.raises(RadioError, match=r"does not answer\. It may be connected to a phone") as told:
        await Sitting().open(radio, found)
    assert told.value.retry
    assert computer.connects == 3


async def test_an_attempt_that_was_given_up_is_not_in_the_way_of_another_sensor(
    radio: BleRadio, air: Air, progressor: Peripheral
) -> None:
    found = await first(radio)
    await progressor.vanish()
    with pytest.raises(RadioError, match="does not answer"):
        await Sitting().open(radio, found)
    other = Peripheral(air, ProgressorPuppet(number=4712), wave, address="F0:F1:F2:F3:F4:F6")
    await other.power_on()
    sitting = await streaming(radio, await first(radio, "Progressor_4712"))
    await sitting.until(lambda: sitting.trace().t.size > 80)
    await other.vanish()


@pytest.mark.parametrize("reason", BleakBluetoothNotAvailableReason)
@pytest.mark.usefixtures("progressor")
async def test_the_system_says_why_there_is_no_bluetooth(
    radio: BleRadio, computer: Computer, reason: BleakBluetoothNotAvailableReason
) -> None:
    found = await first(radio)
    computer.refusal = reason
    denied = reason.name.startswith("DENIED")
    for attempt in (first(radio), Sitting().open(radio, found)):
        with pytest.raises(RadioError) as told:
            await attempt
        assert told.value.retry is not denied
    assert computer.connects == 1  # not thrice: Bluetooth itself is missing, not this sensor


@pytest.mark.usefixtures("progressor")
async def test_a_connect_that_fails_twice_is_tried_a_third_time(radio: BleRadio, computer: Computer) -> None:
    computer.failures = [
        BleakDBusError("org.bluez.Error.Failed", ["Input/output error"]),
        BleakError("failed to discover services, device disconnected"),
    ]
    await streaming(radio)
    assert computer.connects == 3


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(-2147023729, "Element not found"), r"Bluetooth failed .*Element not found"),  # as Windows puts it
        (BleakDBusError("org.bluez.Error.Failed", ["Input/output error"]), r"Bluetooth failed \(Input/output error\)"),
        (BleakDBusError("org.bluez.Error.Failed", ["ATT error: 0x"]), r"Bluetooth failed \(ATT error: 0x\)"),
        (BleakDBusError("org.freedesktop.DBus.Error.UnknownObject", []), "was there a moment ago and is gone"),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "The Bluetooth service .* is not running"),
    ],
)
@pytest.mark.usefixtures("progressor")
async def test_a_connect_that_always_fails_ends_in_a_sentence(
    radio: BleRadio, computer: Computer, error: Exception, sentence: str
) -> None:
    found = await first(radio)
    computer.failures = [error] * 3
    with pytest.raises(RadioError, match=sentence):
        await Sitting().open(radio, found)


async def test_a_connection_that_ends_while_it_is_opened_is_opened_again(
    radio: BleRadio, computer: Computer, progressor: Peripheral, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_notify = Client.start_notify

    async def and_hang_up(client: Client, *args: Any, **kwargs: Any) -> None:
        await start_notify(client, *args, **kwargs)
        if computer.connects == 1:
            await progressor.hang_up()
            async with asyncio.timeout(60.0):
                await gone.wait()

    gone = asyncio.Event()
    computer.device.on("connection", lambda connection: connection.on("disconnection", lambda _: gone.set()))
    monkeypatch.setattr(Client, "start_notify", and_hang_up)
    sitting = await streaming(radio)
    assert computer.connects == 2
    assert not sitting.losses


@pytest.mark.parametrize("characteristic", [ELSEWHERE, CONTROL])
async def test_a_stranger_of_the_same_name_is_told_and_let_go(
    radio: BleRadio, computer: Computer, progressor: Peripheral, characteristic: str
) -> None:
    found = await first(radio)
    with pytest.raises(RadioError, match="does not offer what a sensor of its family should") as told:
        await radio.open(found, [characteristic], lambda _: None, lambda _: None)
    assert told.value.stranger
    assert not computer.device.connections
    await first(radio)  # let go, it advertises again
    assert progressor.felt


@pytest.mark.usefixtures("progressor")
async def test_a_packet_that_cannot_be_handled_does_not_end_the_stream(
    radio: BleRadio, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[int] = []
    enough = asyncio.Event()

    def clumsy(_packet: object) -> None:
        heard.append(1)
        if len(heard) == 20:
            enough.set()
        raise ValueError("a mistake of ours")

    link = await radio.open(await first(radio), PROGRESSOR.listens, clumsy, lambda _: None)
    await link.write(CONTROL, b"\x65", response=True)
    async with asyncio.timeout(60.0):
        await enough.wait()
    assert link.failures == 20
    assert [record.levelno for record in caplog.records if record.name.endswith("ble_link")].count(logging.ERROR) == 1


async def test_a_loss_that_cannot_be_handled_stays_inside(
    radio: BleRadio, progressor: Peripheral, caplog: pytest.LogCaptureFixture
) -> None:
    told = asyncio.Event()

    def clumsy(_sentence: str) -> None:
        told.set()
        raise ValueError("a mistake of ours")

    link = await radio.open(await first(radio), PROGRESSOR.listens, lambda _: None, clumsy)
    await progressor.hang_up()
    async with asyncio.timeout(60.0):
        await told.wait()
    await link.close()
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == [
        "telling of a lost connection failed"
    ]


@pytest.mark.usefixtures("progressor")
async def test_writes_that_fail_end_in_sentences(radio: BleRadio) -> None:
    sitting = await streaming(radio)
    assert sitting.link is not None
    with pytest.raises(RadioError, match=r"refused a command \(write not permitted\)"):
        await sitting.link.write(DATA, b"\x65", response=True)
    with pytest.raises(RadioError, match="does not offer"):
        await sitting.link.write(ELSEWHERE, b"\x65", response=True)
    await sitting.link.close()
    with pytest.raises(RadioError, match="was lost"):
        await sitting.link.write(CONTROL, b"\x65", response=True)


@pytest.mark.usefixtures("progressor")
async def test_a_write_into_the_void_does_not_wait_for_ever(radio: BleRadio, air: Air) -> None:
    sitting = await streaming(radio)
    assert sitting.link is not None
    air.jam = True
    before = now_ns()
    with pytest.raises(RadioError, match="does not answer"):
        await sitting.link.write(CONTROL, b"\x6f", response=True)
    assert now_ns() - before <= (WRITE + 0.1) * 1e9


async def test_after_close_nothing_is_called_any_more(radio: BleRadio, progressor: Peripheral) -> None:
    sitting = await streaming(radio)
    assert sitting.link is not None
    await sitting.link.close()
    packets = len(sitting.packets)
    felt = len(progressor.felt)
    await sitting.link.close()
    await first(radio)  # it advertises again: the connection has ended on its side as well
    assert len(progressor.felt) > felt
    assert len(sitting.packets) == packets
    assert not sitting.losses


@pytest.mark.parametrize("how", ["hangs", "raises"])
@pytest.mark.usefixtures("progressor")
async def test_a_close_survives_what_the_system_does_to_it(
    radio: BleRadio, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    async def disconnect(_client: Client) -> None:
        if how == "raises":
            raise BleakError("disconnect failed")
        await asyncio.get_running_loop().create_future()

    sitting = await streaming(radio)
    assert sitting.link is not None
    monkeypatch.setattr(Client, "disconnect", disconnect)
    before = now_ns()
    await sitting.link.close()
    assert now_ns() - before <= (CLOSE + 0.1) * 1e9
    packets = len(sitting.packets)
    with pytest.raises(TimeoutError):
        await first(radio)  # the connection stands, and for a minute data come in, but we have done with it
    assert len(sitting.packets) == packets
    assert not sitting.losses


@pytest.mark.parametrize("file", [ble.__file__, ble_link.__file__])
def test_without_bleak_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    monkeypatch.setitem(sys.modules, "bleak", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'forcelab\[ble\]'"):
        runpy.run_path(file)
