"""How long the program waits, and for what: only in virtual time, where a wait is exact and over at once."""

import asyncio
from itertools import pairwise

import pytest

from firmware_protocols.codec import Start
from tests.system.cases.conftest import Place
from tests.system.cases.sensor import Sensor, is_what_was_felt, sensor
from tests.system.orders import order

pytestmark = pytest.mark.virtual_time


async def is_lost(kept: Sensor) -> None:
    kept.post(Start())
    await kept.measures(1.0)
    await order("out_of_range", supervision=2.0)
    await kept.reaches("lost")


async def is_back(kept: Sensor) -> None:
    await kept.reaches("ready", limit=60.0)
    kept.post(Start())
    await is_what_was_felt(await kept.measures(1.0))


async def test_a_sensor_that_is_gone_for_minutes_is_looked_for_with_growing_pauses(place: Place) -> None:
    await place("wave")
    async with sensor() as kept:
        await is_lost(kept)
        await asyncio.sleep(120.0)
        pauses = [
            after[0] - before[0]
            for before, after in pairwise(kept.diary.states)
            if before[1] in ("lost", "absent") and after[1] == "connecting"
        ]
        # The first one found the sensor. Then half a second for the radio to settle and 1.8 to the power of the
        # failures so far (the loss, the try after it that failed and the vain wait, and so on), ten at most.
        assert pauses[1:5] == pytest.approx([0.5 + 1.8, 0.5 + 1.8**3, 10.5, 10.5], abs=0.1)
        await order("in_range")
        await is_back(kept)


async def test_a_sensor_that_comes_back_during_a_try_is_connected_by_it(place: Place) -> None:
    await place("wave")
    async with sensor() as kept:
        await is_lost(kept)
        await kept.reaches("connecting")
        tries = len(kept.diary.states)
        await asyncio.sleep(3.0)
        await order("in_range")
        await is_back(kept)
        assert [state for _, state, _ in kept.diary.states[tries:]] == ["greeting", "ready"]


async def test_with_no_sensor_in_range_a_sentence_says_what_to_do_and_it_is_found_later(place: Place) -> None:
    async with sensor(comes=lambda: place("wave")) as kept:
        await is_back(kept)
    sentences = [sentence for _, state, sentence in kept.diary.states if state == "absent"]
    assert any("No sensor is in range" in sentence for sentence in sentences)
