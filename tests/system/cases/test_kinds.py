"""Other kinds of sensor than the talker: one that is asked, one that only broadcasts, one that is read; and several.

Linux pauses its scan for a moment every ten seconds or so, and a broadcast that falls into the pause is gone: of 480
readings in a minute, three were. What is heard must be what was felt all the same, in its order and nothing twice.
"""

import asyncio

import pytest

from firmware_protocols.codec import Start, Stop
from firmware_protocols.godirect import GODIRECT
from firmware_protocols.progressor import PROGRESSOR
from firmware_protocols.whc06 import WHC06
from forcelab.acquisition.ble import BleRadio
from forcelab.acquisition.connection import BROADCAST_SILENCE
from forcelab.acquisition.conversation import UNHEARD
from tests.acquisition.beacon import MODEL, READER
from tests.system.cases.conftest import Place
from tests.system.cases.sensor import heard_of_felt, is_what_was_felt, sensor
from tests.system.orders import SENSOR, order

BESIDE = "F0:F1:F2:F3:F4:00"
THIRD = "F0:F1:F2:F3:F4:01"
MISSED = 0.05
"""Share of broadcasts that may fall into pauses of the scan."""


async def test_a_sensor_that_is_asked_tells_what_it_is_and_streams(place: Place) -> None:
    """Its requests are longer than 20 bytes and go out in pieces, without a response: it takes no others."""
    await place("wave")
    await order("beside", device=GODIRECT.id, force="climb", address=BESIDE)
    async with sensor(codec=GODIRECT) as kept:
        await kept.diary.until(lambda: {"battery_percent", "serial"} <= set(kept.diary.info))
        assert kept.diary.info["battery_percent"] == 87
        assert kept.diary.info["serial"] == "071000A1"
        kept.post(Start())
        trace = await kept.measures(10.0)
        assert await heard_of_felt(trace, GODIRECT, BESIDE) == 1.0
        assert (trace.lost, trace.discarded) == (0, 0)
        kept.post(Stop())
        stream = kept.diary.stream
        assert stream is not None
        await kept.diary.until(lambda: not stream.running)
        kept.post(Start())
        await kept.diary.until(lambda: stream.running)
        assert await heard_of_felt(await kept.measures(3.0), GODIRECT, BESIDE) == 1.0


async def test_a_sensor_that_is_asked_is_lost_in_its_run_and_comes_back(place: Place) -> None:
    await place("wave")
    await order("beside", device=GODIRECT.id, force="climb", address=BESIDE)
    async with sensor(codec=GODIRECT) as kept:
        kept.post(Start())
        await kept.measures(2.0)
        await order("out_of_range", supervision=2.0)
        await kept.reaches("lost")
        await order("in_range")
        await kept.reaches("ready", limit=60.0)
        kept.post(Start())
        assert await heard_of_felt(await kept.measures(3.0), GODIRECT, BESIDE) == 1.0


async def test_broadcasts_are_heard_in_order_and_none_twice(place: Place) -> None:
    await place("wave")
    await order("beside", device=WHC06.id, force="climb", address=BESIDE)
    async with sensor(codec=WHC06) as kept:
        kept.post(Start())
        await kept.measures(30.0)
        assert await heard_of_felt(kept.trace(), WHC06, BESIDE) > 1.0 - MISSED


async def test_a_broadcaster_is_lost_by_its_silence_and_comes_back(place: Place) -> None:
    await place("wave")
    await order("beside", device=WHC06.id, force="climb", address=BESIDE)
    async with sensor(codec=WHC06) as kept:
        await kept.measures(3.0)
        await order("vanish", address=BESIDE)
        assert await kept.reaches("lost") == UNHEARD
        silent = asyncio.get_running_loop().time() - kept.diary.packets[-1].host_ns * 1e-9
        assert silent == pytest.approx(BROADCAST_SILENCE, abs=BROADCAST_SILENCE / 4)
        await order("beside", device=WHC06.id, force="climb", address=BESIDE)
        await kept.reaches("ready", limit=60.0)
        await kept.measures(3.0)
        assert await heard_of_felt(kept.trace(), WHC06, BESIDE) > 1.0 - MISSED


async def test_values_are_read_and_indications_come(place: Place) -> None:
    await place("wave")
    await order("beside", device=READER.id, force="climb", address=BESIDE)
    async with sensor(codec=READER) as kept:
        await kept.measures(5.0)
        assert kept.diary.info["model"] == "R1"
        assert kept.diary.info["battery_percent"] == 0x56  # first 0x57 by a read, then news of it
        assert await heard_of_felt(kept.trace(), READER, BESIDE) == 1.0


@pytest.mark.virtual_time  # bluetoothd takes its time over a refused pairing, and longer on a busy computer
async def test_a_value_that_wants_pairing_costs_nothing_but_itself(place: Place) -> None:
    await place("wave")
    await order("beside", device=READER.id, force="climb", address=BESIDE, locked=[MODEL])
    async with sensor(codec=READER) as kept:
        await kept.measures(20.0)
        assert "model" not in kept.diary.info
        assert "battery_percent" in kept.diary.info
        assert [state for _, state, _ in kept.diary.states] == ["absent", "connecting", "greeting", "ready"]


async def test_three_kinds_at_once_and_the_loss_of_one_leaves_the_others_alone(place: Place) -> None:
    await place("wave")
    await order("beside", device=WHC06.id, force="climb", address=BESIDE)
    await order("beside", device=GODIRECT.id, force="climb", address=THIRD)
    radio = BleRadio()
    async with (
        sensor(radio, codec=WHC06) as scale,
        sensor(radio, codec=PROGRESSOR) as talker,
        sensor(radio, codec=GODIRECT) as asker,
    ):
        talker.post(Start())
        asker.post(Start())
        await asyncio.gather(scale.measures(5.0), talker.measures(5.0), asker.measures(5.0))
        await order("hang_up")
        await talker.reaches("lost")
        await talker.reaches("ready", limit=60.0)
        talker.post(Start())
        await is_what_was_felt(await talker.measures(3.0))
        # Making a connection stops the scan for its time; what was not missed then was heard once, in order.
        assert await heard_of_felt(scale.trace(), WHC06, BESIDE) > 1.0 - 4 * MISSED
        assert [state for _, state, _ in scale.diary.states][-1] == "ready"
        await order("vanish", address=BESIDE)
        await scale.reaches("lost")
        await is_what_was_felt(await talker.measures(10.0))
        assert await heard_of_felt(asker.trace(), GODIRECT, THIRD) == 1.0
        assert [state for _, state, _ in asker.diary.states][-1] == "ready"


@pytest.mark.virtual_time
async def test_broadcasts_are_heard_while_another_sensor_is_tried_in_vain(place: Place) -> None:
    await place("wave")
    await order("beside", device=WHC06.id, force="climb", address=BESIDE)
    radio = BleRadio()
    async with sensor(radio, codec=WHC06) as scale, sensor(radio, codec=PROGRESSOR) as talker:
        talker.post(Start())
        await talker.measures(2.0)
        await order("vanish")
        await talker.says("does not answer", limit=60.0)
        await talker.reaches("connecting", limit=60.0)
        assert await heard_of_felt(scale.trace(), WHC06, BESIDE) > 1.0 - MISSED
        assert [state for _, state, _ in scale.diary.states][-1] == "ready"


async def test_two_talkers_on_one_adapter(place: Place) -> None:
    await place("wave")
    await order("beside", device=PROGRESSOR.id, force="climb", address=BESIDE)
    radio = BleRadio()
    async with (
        sensor(radio, address=SENSOR) as left,
        sensor(radio, address=BESIDE) as right,
    ):
        left.post(Start())
        right.post(Start())
        await asyncio.gather(left.measures(5.0), right.measures(5.0))
        await order("hang_up", address=BESIDE)
        await right.reaches("lost")
        await right.reaches("ready", limit=60.0)
        right.post(Start())
        await is_what_was_felt(await right.measures(3.0), address=BESIDE)
        await is_what_was_felt(left.trace())
        assert [state for _, state, _ in left.diary.states][-1] == "ready"
