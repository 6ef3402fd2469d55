"""What a family owns up to decides which numbers are given, and is told beside each of them."""

from dataclasses import replace

import msgspec
import pytest

from firmware_protocols.codec import (
    Arrival,
    Capabilities,
    Channel,
    Index,
    Ready,
    RunStarted,
    Said,
    Samples,
    Ticks,
    Timebase,
)
from forcelab.acquisition.stream import PACELESS, Stream
from forcelab.analysis.metrics import METRICS
from forcelab.evaluate import evaluate
from forcelab.model import Packet, Trace
from tests.signals import S4, assessment, sample

ALL = assessment()
CAN = Capabilities(100.0, False, False, None, None, "tension", False)
POUNDS = "it sends whole pounds"


@pytest.mark.parametrize("rate", [80.0, 1000.0])
def test_no_timed_number_is_offered_where_the_family_says_why(rate: float) -> None:
    trace = replace(sample(S4, rate), untimed=POUNDS)
    (found,) = evaluate({"total": trace}, ALL, intervals=False)
    reasons = {one.metric: one.reason for one in found.results}
    assert {name for name, why in reasons.items() if why == f"sensor: {POUNDS}"} == {
        name for name in reasons if name in METRICS and METRICS[name].timed
    }
    (usual,) = evaluate({"total": replace(trace, untimed="")}, ALL, intervals=False)
    untimed = [one for one in usual.results if not METRICS[one.metric].timed]
    assert [one for one in found.results if not METRICS[one.metric].timed] == untimed

    (everything,) = evaluate({"total": trace}, ALL, intervals=False, show_all=True)
    marks = {one.mark for one in everything.results if METRICS[one.metric].timed and one.value is not None}
    assert marks == {"below_rate"}


def test_an_unsettled_scale_is_told_with_every_effort_and_takes_nothing() -> None:
    trace = sample(S4, 1000.0)
    (usual,) = evaluate({"total": trace}, ALL, intervals=False)
    (found,) = evaluate({"total": replace(trace, scale_settled=False)}, ALL, intervals=False)
    assert [flag.name for flag in found.flags if flag.assessed] == ["SCALE"]
    assert "known weight" in found.flags[-1].sentence
    assert msgspec.structs.replace(found, flags=usual.flags) == usual


def packets(timebase: Timebase, can: Capabilities, hertz: float, seconds: float, told: float | None = None) -> Trace:
    """A run of a sensor that takes `hertz` samples a second, whatever it declares."""

    class Made:
        waiting = False

        def open(self) -> list[Said]:
            return [Ready((Channel("force", "N"),), timebase, rate=told), RunStarted()]

        def receive(self, _characteristic: str, data: bytes) -> list[Said]:
            number = int.from_bytes(data, "little")
            ticks = (round(number / hertz * 1e6),) if isinstance(timebase, Ticks) else None
            return [Samples({"force": (float(number),)}, ticks)]

    stream = Stream(Made())  # type: ignore[arg-type] # nobody writes to it
    stream.open()
    for number in range(round(seconds * hertz)):
        stream.receive(Packet(round((10.0 + number / hertz) * 1e9), "", number.to_bytes(4, "little")))
    return stream.trace(rate=can.rate, capacity=None, zero=None, can=can)


UNSETTLED = replace(CAN, rate_settled=False)


@pytest.mark.parametrize("timebase", [Ticks(1e6, 32), Arrival(100.0)])
def test_a_rate_that_is_not_settled_is_taken_from_the_record(timebase: Timebase) -> None:
    trace = packets(timebase, UNSETTLED, 87.0, 10.0)
    assert trace.rate == pytest.approx(87.0, rel=1e-4)
    assert trace.rate_estimated
    settled = packets(timebase, CAN, 87.0, 10.0)
    assert (settled.rate, settled.rate_estimated) == (100.0, False)
    said = packets(timebase, UNSETTLED, 87.0, 10.0, told=90.0)
    assert (said.rate, said.rate_estimated) == (90.0, False)
    short = packets(timebase, UNSETTLED, 87.0, 1.0)
    assert (short.rate, short.rate_estimated) == (100.0, True)


def test_where_time_is_counted_in_samples_of_an_unsettled_rate_none_is_believed() -> None:
    assert packets(Index(100.0), UNSETTLED, 87.0, 10.0).untimed == PACELESS
    assert packets(Index(100.0), UNSETTLED, 87.0, 10.0, told=87.0).untimed == ""
    assert packets(Index(100.0), replace(UNSETTLED, timed=POUNDS), 87.0, 10.0).untimed == POUNDS
    assert packets(Index(100.0), CAN, 87.0, 10.0).untimed == ""
    assert packets(Ticks(1e6, 32), replace(CAN, timed=POUNDS), 87.0, 10.0).untimed == POUNDS
