"""A Progressor over bleak's front end and real GATT bytes: what it feels is what comes out."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest

from firmware_protocols import identify
from firmware_protocols.codec import Advertisement, Info, Lost, Malformed, Start, Stop, Tare
from firmware_protocols.progressor import PROGRESSOR, SERVICE, ProgressorPuppet
from forcelab.acquisition.ble import BleRadio
from tests.integration.backend import Computer
from tests.integration.conftest import ADDRESS, Sitting, felt_as, first, wave
from tests.radio.air import Air
from tests.radio.peripheral import Peripheral

# The force travels as a float32 of kg: half a unit in its last place, relative.
FLOAT32 = 2.0**-24


async def record(radio: BleRadio, seconds: float) -> Sitting:
    """Connect, greet, and run for so many seconds of the device's clock."""
    sitting = Sitting()
    await sitting.open(radio, await first(radio))
    await sitting.greet()
    await sitting.play(sitting.stream.send(Start()))
    await sitting.until(lambda: bool(sitting.trace().t.size) and sitting.trace().t[-1] >= seconds)
    await sitting.play(sitting.stream.send(Stop()))
    return sitting


@pytest.mark.usefixtures("progressor")
async def test_the_name_in_the_scan_response_is_found(radio: BleRadio) -> None:
    found = await first(radio)
    assert found.address == ADDRESS
    assert found.advertisement.services == frozenset()
    assert found.signal == -50
    assert identify(found.advertisement) is PROGRESSOR


async def test_what_several_packets_say_is_kept_together(radio: BleRadio, air: Air) -> None:
    class Clone(ProgressorPuppet):
        """Some copies advertise the service, and the name beside it in the scan response."""

        @property
        def advertisement(self) -> Advertisement:
            return Advertisement("Progressor_0815", frozenset({SERVICE}), {0x0059: b"maker"})

    device = Peripheral(air, Clone(), wave)
    await device.power_on()
    async with asyncio.timeout(60.0), aclosing(radio.find()) as heard:
        said = [(await anext(heard)).advertisement for _ in range(6)]
    # Packet and scan response come in turn; the first packet alone has no name yet.
    assert [advertisement.name for advertisement in said] == [None] + ["Progressor_0815"] * 5
    assert {advertisement.services for advertisement in said} == {frozenset({SERVICE})}
    assert [advertisement.manufacturer for advertisement in said[:2]] == [{0x0059: b"maker"}, {}]
    await device.vanish()


@pytest.mark.usefixtures("progressor")
async def test_bluez_is_asked_for_what_loses_nothing(radio: BleRadio, computer: Computer) -> None:
    await record(radio, 1.0)
    assert computer.asked_of_bluez == {"filters": {"DuplicateData": True}, "use_start_notify": True}


@pytest.mark.usefixtures("progressor")
async def test_it_answers_our_questions(radio: BleRadio) -> None:
    sitting = Sitting()
    await sitting.open(radio, await first(radio))
    await sitting.greet()
    told = {info.name: info.value for info in sitting.told if isinstance(info, Info)}
    assert told == {"battery_mv": 3900, "firmware": "1.2.3.4", "id": "030201", "errors": ""}


async def test_what_it_feels_is_what_comes_out(radio: BleRadio, progressor: Peripheral) -> None:
    sitting = await record(radio, 10.0)
    trace = sitting.trace()
    np.testing.assert_array_equal(trace.t, np.arange(trace.t.size) / 80.0)
    np.testing.assert_allclose(trace.force, felt_as(progressor, trace), rtol=FLOAT32)
    assert (trace.lost, trace.discarded) == (0, 0)
    assert not [told for told in sitting.told if isinstance(told, Lost | Malformed)]


@pytest.mark.usefixtures("progressor")
async def test_eight_samples_travel_in_one_notification_and_are_stamped_in_order(radio: BleRadio) -> None:
    sitting = await record(radio, 3.0)
    weights = [packet for packet in sitting.packets if packet.data[0] == 1]
    assert {len(packet.data) for packet in weights[:-1]} == {2 + 8 * 8}
    stamps = [packet.host_ns for packet in weights]
    assert stamps == sorted(stamps)


@pytest.mark.parametrize("tares", ["streaming", "idle"])
async def test_tare_takes_the_present_load_off(radio: BleRadio, air: Air, tares: str) -> None:
    puppet = ProgressorPuppet()
    puppet.tares = tares  # type: ignore[assignment]  # one of the two that it knows
    device = Peripheral(air, puppet, lambda _: 123.4)
    await device.power_on()
    sitting = await record(radio, 1.0)
    assert sitting.trace().force[-1] == pytest.approx(123.4, rel=FLOAT32)
    await sitting.play(sitting.stream.send(Tare()))
    await sitting.play(sitting.stream.send(Start()))
    await sitting.until(lambda: sitting.trace().t.size > 80)
    assert np.abs(sitting.trace().force).max() < 1e-9
    await device.vanish()


async def test_a_real_recording_comes_through_unchanged(radio: BleRadio, air: Air, shared_data: Path) -> None:
    table = (shared_data / "chronojump" / "isometric_pull_excerpt.csv").read_text().replace(",", ".")
    micros, force = np.loadtxt(table.splitlines(), delimiter=";", skiprows=1, unpack=True)
    device = Peripheral(air, ProgressorPuppet(), lambda at: float(np.interp(at, 5.0 + micros * 1e-6, force)))
    await device.power_on()
    trace = (await record(radio, 9.0)).trace()
    # At rest the curve is flat, so it is lined up at its first sample that moves.
    seconds, felt = np.array(device.felt).T
    moved = np.flatnonzero(np.abs(trace.force - trace.force[0]) > 0.01)[0]
    also = np.flatnonzero(np.abs(felt - felt[0]) > 0.01)[0]
    n = trace.t.size - moved
    assert seconds[also] < 5.1
    assert n > 4 * 80
    np.testing.assert_allclose(trace.force[moved:], felt[also : also + n], rtol=FLOAT32)
    assert trace.force.max() == pytest.approx(felt.max(), rel=FLOAT32)
    await device.vanish()


async def test_two_sensors_stream_side_by_side(radio: BleRadio, air: Air) -> None:
    left = Peripheral(air, ProgressorPuppet(number=1), wave, address="F0:00:00:00:00:01")
    right = Peripheral(air, ProgressorPuppet(number=2), lambda t: 2.0 * wave(t), address="F0:00:00:00:00:02")
    await left.power_on()
    await right.power_on()
    sittings = Sitting(), Sitting()
    names = "Progressor_0001", "Progressor_0002"
    # At the same time: BlueZ takes only one scan of a process, so both searches must share it.
    found = await asyncio.gather(*(first(radio, name) for name in names))
    for sitting, its in zip(sittings, found, strict=True):
        await sitting.open(radio, its)
        await sitting.greet()
        await sitting.play(sitting.stream.send(Start()))
    for sitting, device in zip(sittings, (left, right), strict=True):
        await sitting.until(lambda sitting=sitting: sitting.trace().t.size > 240)  # type: ignore[misc]  # bound early
        trace = sitting.trace()
        np.testing.assert_allclose(trace.force, felt_as(device, trace), rtol=FLOAT32)
        await device.vanish()


def test_it_streams_in_real_time_on_the_loop_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        air = Air()
        computer = Computer(air)
        computer.install(monkeypatch)
        await computer.device.power_on()
        device = Peripheral(air, ProgressorPuppet(), wave)
        await device.power_on()
        trace = (await record(BleRadio(), 1.0)).trace()
        np.testing.assert_allclose(trace.force, felt_as(device, trace), rtol=FLOAT32)
        await device.vanish()

    asyncio.run(scenario())
