"""How long a notification takes from the sensor to the program: the air's events and the whole of the real stack.

Sensor and program share a clock here, so what no arrival can tell by itself can be measured. The quantiles stand in the
verdict's file (`junit.xml`, as properties); those of one run are what the study `alignment` draws from.
"""

import asyncio
from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from firmware_protocols.codec import Start
from firmware_protocols.progressor import PROGRESSOR
from forcelab.acquisition.alignment import SLACK, Arrivals, event, uncertainty
from forcelab.acquisition.ble import BleRadio
from tests.radio.air import CONNECTION_INTERVAL
from tests.system.cases.conftest import Place
from tests.system.cases.sensor import STANDARD_GRAVITY, sensor
from tests.system.orders import SENSOR, order

BESIDE = "F0:F1:F2:F3:F4:00"
BATCH = 8
LEAST_OF_HOST = 5e-3
"""s by which the least of what the host takes may differ between two sensors."""
QUANTILES = (0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 100)


@pytest.mark.real_time
async def test_no_packet_comes_before_it_was_sent(
    place: Place, record_testsuite_property: Callable[[str, object], None]
) -> None:
    await place("wave")
    async with sensor() as kept:
        kept.post(Start())
        trace = await kept.measures(60.0)
        host_ns = [packet.host_ns for packet in kept.diary.packets if packet.data[0] == 1]
    answer = await order("felt")
    felt = (np.array([force for _, force in answer["felt"]]) / STANDARD_GRAVITY).astype(np.float32)
    (first,) = np.flatnonzero(felt.astype(np.float64) * STANDARD_GRAVITY == trace.force[0])
    packets = min(len(host_ns), len(trace.t) // BATCH)
    host = np.array(host_ns[:packets]) * 1e-9
    last = first + BATCH * np.arange(1, packets + 1) - 1
    measured = answer["began"] + last / PROGRESSOR.capabilities.rate
    delay = host - measured
    events = np.ceil(measured / CONNECTION_INTERVAL) * CONNECTION_INTERVAL
    for name, one in (("delay", delay), ("beyond the event", host - events)):
        record_testsuite_property(
            f"{name}, ms", [round(1e3 * value, 3) for value in np.percentile(one, QUANTILES).tolist()]
        )
    assert delay.min() > 0.0
    arrivals = Arrivals(SLACK)
    for device, arrival in zip(trace.t[BATCH - 1 :: BATCH].tolist(), host_ns, strict=False):
        arrivals.add(device, arrival)
    clock = arrivals.clock(None)
    assert clock is not None
    early = clock.offset + clock.rate * trace.t[BATCH * packets - 1] - measured[-1]
    record_testsuite_property(
        "clock, ms", [round(1e3 * value, 3) for value in (early, clock.wait, *np.percentile(delay, (0, 5)))]
    )
    assert early > 0.0


@pytest.mark.real_time
async def test_two_sensors_are_apart_by_no_more_than_is_stated(
    place: Place, record_testsuite_property: Callable[[str, object], None]
) -> None:
    await place("wave")
    await order("beside", device=PROGRESSOR.id, force="climb", address=BESIDE)
    radio = BleRadio()
    async with sensor(radio, address=SENSOR) as left, sensor(radio, address=BESIDE) as right:
        for kept in (left, right):
            kept.post(Start())
        traces = await asyncio.gather(left.measures(30.0), right.measures(30.0))
    clocks, apart = [], 0.0
    for sign, trace, address in zip((1.0, -1.0), traces, (SENSOR, BESIDE), strict=True):
        answer = await order("felt", address=address)
        felt = (np.array([force for _, force in answer["felt"]]) / STANDARD_GRAVITY).astype(np.float32)
        (first,) = np.flatnonzero(felt.astype(np.float64) * STANDARD_GRAVITY == trace.force[0])
        measured = answer["began"] + (first + len(trace.t) - 1) / PROGRESSOR.capabilities.rate
        assert trace.clock is not None
        clocks.append(msgspec.structs.replace(trace.clock, latency=(0.0, 0.0)))  # it sends what it has at once
        apart += sign * (event(clocks[-1], float(trace.t[-1])) - measured)
    stated = uncertainty(clocks[0], clocks[1])
    record_testsuite_property("two sensors: apart, stated, ms", [round(1e3 * apart, 3), round(1e3 * stated, 3)])
    # Of the time that the host itself takes, the least is not the same for both: some ms on a busy machine.
    assert abs(apart) <= stated + LEAST_OF_HOST
