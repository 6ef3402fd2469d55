"""Whatever comes in place of a reply, or with it, the questions after it are still asked."""

import asyncio
from dataclasses import dataclass

import pytest

from firmware_protocols.codec import Ask, Info, Malformed, Notify, Played, Start
from firmware_protocols.progressor import DATA, PROGRESSOR, ProgressorPuppet
from forcelab.acquisition.simulated import SimulatedRadio
from tests.acquisition.toy import ADDRESS, BATTERY, CURVE, HELLO, Diary, ToyPuppet, at_once, kept, radio_with

QUESTIONS = [b"\x6f", b"\x6b", b"\x70", b"\x6c"]


@pytest.mark.parametrize("instead", [b"", b"noise", b"F" + bytes(8)], ids=["empty", "info", "sample"])
def test_only_the_dialogue_knows_a_reply(instead: bytes) -> None:
    async def main() -> Diary:
        diary = Diary()
        async with kept(radio_with(ToyPuppet(instead=instead)), diary) as (connection, _):
            await asyncio.sleep(1)
            connection.post(Ask("battery"))
            await asyncio.sleep(3)
            return diary

    # The toy takes an overdue answer as a reason to say hello again.
    assert [data for _, data in at_once(main()).writes()] == [HELLO, BATTERY, HELLO]


@dataclass
class Odd(ProgressorPuppet):
    """Says `instead` when it is asked for its battery; `streaming` from the start, as a killed program leaves it."""

    instead: bytes | None = None
    streaming: bool = False

    def __post_init__(self) -> None:
        self._measuring = self.streaming

    def written(self, characteristic: str, data: bytes) -> list[Played]:
        if data == b"\x6f" and self.instead is not None:
            return [Notify(DATA, self.instead)]
        return super().written(characteristic, data)


def asked_of(puppet: ProgressorPuppet) -> Diary:
    """Greeted, asked for its firmware again, and started."""

    async def main() -> Diary:
        diary = Diary()
        radio = SimulatedRadio({ADDRESS: (puppet, CURVE)})
        async with kept(radio, diary, lambda _: PROGRESSOR) as (connection, _):
            await asyncio.sleep(10)
            connection.post(Ask("firmware"))
            connection.post(Start())
            await asyncio.sleep(10)
            assert diary.of("disconnected") == []
            return diary

    return at_once(main())


@pytest.mark.parametrize(
    "instead",
    ["", "04 00", "02 00", "FF 01 00", "00", "00 03 01 02 03", "01 08 00 00 48 41 07 00 00 00", "01 01 00"],
)
def test_a_progressor_is_asked_on_whatever_it_says_instead(instead: str) -> None:
    diary = asked_of(Odd(instead=bytes.fromhex(instead)))
    writes = [data for _, data in diary.writes() if data != b"\x66"]
    assert writes[:6] == [*QUESTIONS, b"\x6b", b"\x65"]
    told = [told for told in diary.of("told") if isinstance(told, Info)]
    assert told.count(Info("firmware", "1.2.3.4")) == 2
    assert Info("id", "030201") in told


def test_a_stream_that_was_left_running_is_stopped_and_then_asked() -> None:
    diary = asked_of(Odd(streaming=True))
    assert [data for _, data in diary.writes()[:7]] == [b"\x6f", b"\x66", b"\x6b", b"\x70", b"\x6c", b"\x6b", b"\x65"]
    assert not [told for told in diary.of("told") if isinstance(told, Malformed)]


def test_a_reply_in_time_is_not_waited_out() -> None:
    diary = asked_of(ProgressorPuppet())
    asked = [at for at, data in diary.writes() if data in QUESTIONS]
    assert asked[3] - asked[0] < 0.5
