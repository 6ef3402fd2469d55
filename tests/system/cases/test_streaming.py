"""What the sensor feels is what the program hears, through the whole of a real Bluetooth stack."""

import time
from pathlib import Path

import pytest

from firmware_protocols.codec import Start, Tare
from tests.system.cases.conftest import Place
from tests.system.cases.sensor import Sensor, is_what_was_felt, sensor

DATA_FRAME = 2 + 8 * 8
"""bytes: type and length, and 8 samples of 8 bytes."""


def in_frames_of_eight(kept: Sensor) -> None:
    frames = [packet.data for packet in kept.diary.packets if packet.data[0] == 1]
    assert {len(frame) for frame in frames} == {DATA_FRAME}


async def test_a_closed_form_curve_arrives_as_it_was_felt(place: Place) -> None:
    await place("wave")
    async with sensor() as kept:
        kept.post(Start())
        await is_what_was_felt(await kept.measures(5.0))
        in_frames_of_eight(kept)


async def test_a_real_recording_arrives_as_it_was_felt(place: Place, shared_data: Path) -> None:
    await place(str(shared_data / "chronojump" / "isometric_pull_excerpt.csv"))
    async with sensor() as kept:
        kept.post(Start())
        trace = await kept.measures(6.0)
        await is_what_was_felt(trace)
    # The pull itself was on the air, not only the rest before or after it: its peak is 305.65 N in the file.
    assert trace.force.max() > 250.0


async def test_the_sensor_tells_about_itself(place: Place) -> None:
    await place("load")
    async with sensor() as kept:
        await kept.diary.until(lambda: "id" in kept.diary.info)
    assert kept.diary.info["battery_mv"] == 3900
    assert kept.diary.info["firmware"] == "1.2.3.4"
    assert kept.diary.info["id"] == "030201"


async def test_tare_takes_the_load_off_and_the_run_begins_anew(place: Place) -> None:
    await place("load")
    async with sensor() as kept:
        kept.post(Start())
        assert (await kept.measures(1.0)).force == pytest.approx(50.0, abs=1e-5)
        kept.post(Tare())
        stream = kept.diary.stream
        assert stream is not None
        await kept.diary.until(lambda: not stream.running)
        await kept.diary.until(lambda: stream.running)
        trace = await kept.measures(1.0)
        assert (trace.force == 0.0).all()
        await is_what_was_felt(trace)


# Of the two ways in which BlueZ hands notifications over, one drops what is beyond 277 in its socket: 28 s of ours.
@pytest.mark.parametrize("held", [3.0, pytest.param(60.0, marks=pytest.mark.virtual_time)])
async def test_a_loop_that_is_blocked_loses_no_sample(place: Place, held: float) -> None:
    await place("wave")
    async with sensor() as kept:
        kept.post(Start())
        await kept.measures(1.0)
        time.sleep(held)  # the fault itself: whatever holds up the loop
        await is_what_was_felt(await kept.measures(held + 3.0))
        assert [state for _, state, _ in kept.diary.states][-1] == "ready"  # nor did the watch take it for a loss


@pytest.mark.virtual_time
async def test_ten_minutes(place: Place) -> None:
    await place("wave")
    async with sensor() as kept:
        kept.post(Start())
        trace = await kept.measures(600.0)
        await is_what_was_felt(trace)
    assert trace.t.size >= 48_000
