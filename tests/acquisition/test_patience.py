"""How long a silence must last before it is a loss: that depends on how often a sensor speaks at all."""

import asyncio
import math
from dataclasses import replace

import pytest

from firmware_protocols import CODECS
from firmware_protocols.codec import Codec, Played, Start, Stop
from forcelab.acquisition.connection import BROADCAST_SILENCE, LEFT, patience
from forcelab.acquisition.conversation import SILENT
from forcelab.acquisition.faults import Faults
from forcelab.acquisition.link import Found
from forcelab.acquisition.simulated import SimulatedRadio
from tests.acquisition.beacon import BEACON, READER, ReaderPuppet
from tests.acquisition.toy import ADDRESS, TOY, Diary, ToyPuppet, at_once, kept, radio_with


def of_rate(rate: float, *, steady: bool = True) -> Codec:
    return replace(TOY, capabilities=replace(TOY.capabilities, rate=rate, steady=steady))


def test_a_quick_sensor_must_be_silent_for_two_seconds_and_a_slow_one_for_eight_samples() -> None:
    assert patience(of_rate(80.0), None, 2.0) == 2.0
    assert patience(of_rate(0.5), None, 2.0) == 16.0
    assert patience(of_rate(80.0), 0.1, 2.0) == 80.0  # the sensor was told to be slow, and says so
    assert patience(BEACON, None, 2.0) == BROADCAST_SILENCE
    assert patience(of_rate(1.0, steady=False), None, 2.0) == math.inf


def test_a_scale_that_tells_a_weight_for_each_weighing_is_never_lost_by_its_silence() -> None:
    assert patience(CODECS["weightscale"], None, 2.0) == math.inf


@pytest.mark.parametrize(
    ("codec", "ends"), [(of_rate(50.0), 2.0), (of_rate(1.0), 8.0), (of_rate(1.0, steady=False), None)]
)
def test_a_connection_that_has_fallen_silent_is_given_up_when_that_means_something(
    codec: Codec, ends: float | None
) -> None:
    def wanted(_: Found) -> Codec:
        return codec

    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet(), Faults(silent_at=5.0)), diary, wanted) as (connection, _):
            await asyncio.sleep(2)
            connection.post(Start())
            await asyncio.sleep(60)
            return diary

    diary = at_once(main())
    if ends is None:
        assert diary.of("disconnected") == [LEFT]
    else:
        assert diary.when("disconnected") - diary.when("connected") == pytest.approx(5.0 + ends, abs=ends / 4)
    assert diary.of("connected")[0] == ADDRESS


@pytest.mark.parametrize("stops", [False, True])
def test_one_that_streams_by_itself_and_brings_nothing_is_given_up_only_while_it_is_wanted(stops: bool) -> None:
    class Mute(ReaderPuppet):
        """Tells of itself, and never of a force."""

        def sample(self, seconds: float, force: float) -> list[Played]:  # noqa: ARG002 - as in `Puppet`
            return []

    async def main() -> Diary:
        diary = Diary()
        radio = SimulatedRadio({ADDRESS: (Mute(), float)})
        async with kept(radio, diary, lambda _: READER) as (connection, _):
            await asyncio.sleep(10)
            assert diary.of("disconnected") == []
            connection.post(Start())
            if stops:
                connection.post(Stop())
            await asyncio.sleep(20)
            return diary

    diary = at_once(main())
    assert diary.of("disconnected") == ([LEFT] if stops else [SILENT, LEFT])
