"""Values that are read, characteristics that a device may lack, and indications, on the simulated radio."""

import asyncio

from firmware_protocols.codec import Codec, Info, Malformed, Samples
from forcelab.acquisition.link import Found
from forcelab.acquisition.simulated import SimulatedRadio
from tests.acquisition.beacon import BATTERY, MODEL, READER, ReaderPuppet
from tests.acquisition.toy import ADDRESS, Diary, at_once, kept


def told_by(puppet: ReaderPuppet) -> Diary:
    def wanted(_found: Found) -> Codec:
        return READER

    async def main() -> Diary:
        diary = Diary()
        async with kept(SimulatedRadio({ADDRESS: (puppet, lambda t: 10 * t)}), diary, wanted):
            await asyncio.sleep(5)
            return diary

    return at_once(main())


def test_values_come_as_packets_in_the_order_in_which_they_were_asked_for() -> None:
    diary = told_by(ReaderPuppet())
    told = [told for told in diary.of("told") if isinstance(told, Info)]
    assert told[:2] == [Info("model", "R1"), Info("battery_percent", 0x57)]
    read = [packet.characteristic for packet in diary.of("packet") if packet.characteristic in (MODEL, BATTERY)]
    assert read[:2] == [MODEL, BATTERY]


def test_what_it_has_not_and_what_must_not_be_read_brings_nothing_and_breaks_nothing() -> None:
    diary = told_by(ReaderPuppet())
    assert diary.states()[-2] == "ready"
    assert not [told for told in diary.of("told") if isinstance(told, Malformed)]


def test_indications_are_heard_and_news_of_the_battery_where_it_has_one() -> None:
    with_one, without = ReaderPuppet(), ReaderPuppet(has_battery=False)
    for puppet, batteries in ((with_one, {0x57, 0x56}), (without, set())):
        diary = told_by(puppet)
        told = [t.values["force"][0] for t in diary.of("told") if isinstance(t, Samples)]
        assert told == puppet.felt
        assert len(told) > 30
        assert {t.value for t in diary.of("told") if isinstance(t, Info) and t.name == "battery_percent"} == batteries
