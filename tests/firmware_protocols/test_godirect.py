"""The conversation with a Go Direct sensor: what is asked, what is told, and what is never switched on or believed."""

from dataclasses import replace
from typing import Any

import pytest

from firmware_protocols import CODECS, identify
from firmware_protocols.codec import (
    Advertisement,
    Arrival,
    Ask,
    Channel,
    Command,
    Index,
    Info,
    Lost,
    Malformed,
    Notify,
    Ready,
    RunStarted,
    RunStopped,
    Said,
    Samples,
    Sleep,
    Start,
    Stop,
    Tare,
    UnsupportedCommand,
    Write,
)
from firmware_protocols.godirect.dialogue import GoDirectDialogue
from firmware_protocols.godirect.frames import COMMAND, RESPONSE, Opcode, checksum
from firmware_protocols.godirect.puppet import GoDirectPuppet, PuppetChannel

GODIRECT = CODECS["godirect"]


class Talk:
    """A dialogue and a puppet joined without any radio, one request at a time as a link sends them."""

    def __init__(self, puppet: GoDirectPuppet | None = None, rate: float = 100.0, channel: int | None = None) -> None:
        self.puppet = puppet or GoDirectPuppet()
        self.dialogue = GoDirectDialogue(rate, channel)
        self.told: list[Said] = []
        self.asked: list[bytes] = []
        self.late = 0
        self.play(self.dialogue.open())

    def play(self, said: list[Said]) -> list[Said]:
        script, told = list(said), list[Said]()
        while script:
            step = script.pop(0)
            if not isinstance(step, Write):
                told.append(step)
                continue
            assert (step.characteristic, step.response) == (COMMAND, False)
            assert len(step.data) <= 20
            self.asked.append(step.data)
            told += self.dialogue.wrote(step.characteristic, step.data)
            answer = self.puppet.written(step.characteristic, step.data)
            script = self.hear([act.data for act in answer if isinstance(act, Notify)]) + script
            if step.reply_within is not None and self.dialogue.waiting and self.late < 8:
                self.late += 1
                script = self.dialogue.overdue() + script
        self.told += told
        return told

    def hear(self, notifications: list[bytes]) -> list[Said]:
        return [said for one in notifications for said in self.dialogue.receive(RESPONSE, one)]

    def send(self, command: Command) -> list[Said]:
        return self.play(self.dialogue.send(command))

    def feel(self, *forces: float) -> list[Said]:
        played = [act for force in forces for act in self.puppet.sample(0.0, force)]
        return self.play(self.hear([act.data for act in played if isinstance(act, Notify)]))

    @property
    def opcodes(self) -> list[int]:
        return [data[4] for data in self.asked if data[0] == 0x58]

    @property
    def ready(self) -> Ready:
        (only,) = [message for message in self.told if isinstance(message, Ready)]
        return only


def heard(*frames: str, after: tuple[str, ...] = (), rate: float = 100.0, channel: int | None = None) -> list[Said]:
    """What a new dialogue tells of frames, after the host wrote some."""
    dialogue = GoDirectDialogue(rate, channel)
    for write in after:
        dialogue.wrote(COMMAND, bytes.fromhex(write))
    return [said for frame in frames for said in dialogue.receive(RESPONSE, bytes.fromhex(frame))]


def of(kind: type, said: list[Said]) -> list[Any]:
    return [message for message in said if isinstance(message, kind)]


def force(said: list[Said], name: str = "force") -> list[float]:
    return [value for message in of(Samples, said) for value in message.values[name]]


THREE = "20 15 00 F2 06 02 00 03 00 00 00 F7 42 00 80 F8 42 00 00 00 BF"


class TestGreeting:
    def test_follows_the_known_sequence_one_request_at_a_time(self) -> None:
        talk = Talk()
        assert talk.opcodes == [0x1A, 0x51, *[0x50] * 7, 0x1B, 0x10, 0x55]
        assert b"".join(talk.asked[:2]) == bytes.fromhex(
            "58 19 FE 3F 1A A5 4A 06 49 07 48 08 47 09 46 0A 45 0B 44 0C 43 0D 42 0E 41"
        )
        assert [data[2] for data in talk.asked if data[0] == 0x58] == list(range(0xFE, 0xFE - 12, -1))

    def test_the_device_tells_channels_range_and_pace(self) -> None:
        assert Talk().ready == Ready((Channel("force", "N"),), Index(100.0), rate=100.0, capacity=850.0)

    def test_nothing_is_asked_while_a_reply_is_out(self) -> None:
        dialogue = GoDirectDialogue(100.0, None)
        for step in dialogue.open():
            assert isinstance(step, Write)
            dialogue.wrote(step.characteristic, step.data)
        assert dialogue.waiting
        assert of(Write, dialogue.receive(RESPONSE, bytes.fromhex(THREE))) == []
        assert of(Write, dialogue.send(Ask("battery"))) == []

    def test_times_for_replies(self) -> None:
        within = {}
        dialogue, puppet = GoDirectDialogue(100.0, None), GoDirectPuppet()
        script = dialogue.open()
        while script:
            step = script.pop(0)
            if isinstance(step, Write):
                dialogue.wrote(step.characteristic, step.data)
                within[step.data[4]] = step.reply_within
                for act in puppet.written(step.characteristic, step.data):
                    assert isinstance(act, Notify)
                    script += dialogue.receive(RESPONSE, act.data)
        assert within[Opcode.DEVICE_INFO] == 8.0
        assert {within[code] for code in (0x51, 0x50, 0x1B, 0x10)} == {5.0}

    def test_it_tells_of_itself(self) -> None:
        told = {message.name: message.value for message in of(Info, Talk().told)}
        assert told == {
            "battery_percent": 87,
            "charger": "charging",
            "firmware": "1.4.6",
            "firmware_radio": "1.2.3",
            "model": "GDX-HD",
            "serial": "071000A1",
            "maker": "Vernier",
        }

    def test_what_stays_unanswered_is_asked_again(self) -> None:
        talk = Talk(GoDirectPuppet(mute={Opcode.AVAILABLE}))
        assert talk.opcodes.count(0x51) > 2
        assert of(Ready, talk.told) == []

    def test_what_serves_only_to_know_more_holds_nothing_up(self) -> None:
        talk = Talk(GoDirectPuppet(mute={Opcode.STATUS, Opcode.DEVICE_INFO}))
        assert talk.ready.rate == 100.0
        assert talk.opcodes[-2:] == [0x10, 0x55]
        assert talk.send(Start()) == [RunStarted()]

    def test_a_late_answer_is_heard_but_ends_no_other_waiting(self) -> None:
        dialogue = GoDirectDialogue(100.0, None)
        dialogue.wrote(COMMAND, bytes.fromhex("58 05 FA A8 51"))
        said = dialogue.receive(RESPONSE, bytes.fromhex("98 12 00 20 10 FD 00 00 01 04 06 00 01 02 03 00 57 01"))
        assert Info("battery_percent", 87) in said
        assert dialogue.waiting
        # The right request, but an older one of its kind.
        frame = bytearray.fromhex("98 0A 00 00 51 F0 FE 00 00 00")
        frame[3] = checksum(frame)
        dialogue.receive(RESPONSE, bytes(frame))
        assert dialogue.waiting
        dialogue.receive(RESPONSE, bytes.fromhex("98 0A 00 EB 51 FA FE 00 00 00"))
        assert not dialogue.waiting


class TestChannels:
    def test_only_force_in_newtons_is_ever_switched_on(self) -> None:
        talk = Talk()
        talk.send(Start())
        (start,) = [data for data in talk.asked if data[4] == Opcode.START]
        assert start[7:11] == b"\x02\0\0\0"

    def test_a_device_without_force_says_so(self) -> None:
        talk = Talk(GoDirectPuppet(channels={1: PuppetChannel("Light", "lx", 0.0, 1.0, 0.5)}))
        assert of(Ready, talk.told) == []
        assert talk.told == [Info("errors", "no channel of this device measures force in N")]
        with pytest.raises(UnsupportedCommand):
            talk.send(Start())

    @pytest.mark.parametrize("change", [{"sensor_id": 0}, {"mode": 1}, {"unit": "kg"}])
    def test_nor_is_what_only_looks_like_it(self, change: dict[str, Any]) -> None:
        channel = replace(PuppetChannel("Force", "N", 0.0, 50.0), **change)
        assert of(Ready, Talk(GoDirectPuppet(channels={1: channel})).told) == []

    def test_several_force_channels(self) -> None:
        cells = {n: PuppetChannel("Force", "N", -800.0, 3500.0, None if n == 4 else 1.0) for n in (4, 9)}
        talk = Talk(GoDirectPuppet(channels=cells, batch=1))
        assert [channel.name for channel in talk.ready.channels] == ["force_4", "force_9"]
        assert talk.ready.capacity == 3500.0
        talk.send(Start())
        assert talk.feel(7.0) == [Samples({"force_4": (7.0,), "force_9": (1.0,)})]

    def test_those_that_exclude_one_another_are_not_on_together(self) -> None:
        """As the two ranges of a force plate may."""
        ranges = {
            1: PuppetChannel("Force", "N", -200.0, 850.0, excludes=0b100),
            2: PuppetChannel("Force", "N", -800.0, 3500.0),
        }
        assert Talk(GoDirectPuppet(channels=ranges)).ready.capacity == 850.0
        assert Talk(GoDirectPuppet(channels=ranges), channel=2).ready.capacity == 3500.0

    def test_a_wide_mask(self) -> None:
        talk = Talk(GoDirectPuppet(channels={20: PuppetChannel("Force", "N", 0.0, 50.0)}, batch=2))
        talk.send(Start())
        assert force(talk.feel(1.5, 2.5)) == [1.5, 2.5]

    def test_a_chosen_channel_is_the_only_one_that_is_asked_for(self) -> None:
        talk = Talk(channel=1)
        assert talk.opcodes == [0x1A, 0x50, 0x1B, 0x10, 0x55]
        assert talk.ready.channels == (Channel("force", "N"),)
        assert of(Info, Talk(channel=2).told) == [
            Info("errors", "channel 2 of this device does not measure force in N")
        ]


class TestPace:
    @pytest.mark.parametrize(
        ("rate", "fastest", "grain", "period"),
        [
            (100.0, 1_000, 1_000, 10_000),
            (1000.0, 1_000, 1_000, 1_000),
            (1000.0, 5_000, 1_000, 5_000),  # faster than it can
            (300.0, 1_000, 1_000, 4_000),  # between two of its steps: the slower one
            (300.0, 1_000, 1, 3_334),
            (80.0, 1_000, 5_000, 15_000),
            (0.1, 1_000, 1_000, 3_600_000),  # slower than it goes
        ],
    )
    def test_is_what_the_device_allows(self, rate: float, fastest: int, grain: int, period: int) -> None:
        talk = Talk(GoDirectPuppet(fastest=fastest, grain=grain, slowest=3_600_000), rate=rate)
        assert talk.puppet.period == period
        assert talk.ready.rate == 1e6 / period
        assert talk.ready.timebase == Index(1e6 / period)

    def test_that_the_device_refuses_gives_no_time_of_its_own(self) -> None:
        puppet = GoDirectPuppet()
        puppet.period, puppet.slowest = 20_000, 3_600_000_000
        talk = Talk(puppet)
        dialogue = talk.dialogue
        dialogue.wrote(COMMAND, bytes.fromhex("58 0F F8 B0 1B FF 00 10 27 00 00 00 00 00 00"))
        frame = bytearray.fromhex("98 07 00 00 1B F8 02")
        frame[3] = checksum(frame)
        said = dialogue.receive(RESPONSE, bytes(frame))
        assert said[0] == Info("errors", "a request was ignored")
        assert said[1] == Ready((Channel("force", "N"),), Arrival(100.0), capacity=850.0)

    @pytest.mark.parametrize(
        ("name", "value"),
        [("rate", "0"), ("rate", "x"), ("rate", "nan"), ("rate", "1e9"), ("channel", "32"), ("channel", "-1")],
    )
    def test_options_that_cannot_be(self, name: str, value: str) -> None:
        with pytest.raises(ValueError, match=name):
            GODIRECT.dialogue({name: value})

    def test_options_reach_the_device(self) -> None:
        dialogue, puppet = GODIRECT.dialogue({"rate": "500", "channel": "1"}), GoDirectPuppet()
        script = dialogue.open()
        while script:
            step = script.pop(0)
            if isinstance(step, Write):
                dialogue.wrote(step.characteristic, step.data)
                for act in puppet.written(step.characteristic, step.data):
                    assert isinstance(act, Notify)
                    script += dialogue.receive(RESPONSE, act.data)
        assert puppet.rate == 500.0


class TestRuns:
    def test_start_measure_stop(self) -> None:
        talk = Talk(GoDirectPuppet(batch=3))
        assert talk.send(Start()) == [RunStarted()]
        assert force(talk.feel(1.0, 2.0, 3.0, 4.0)) == [1.0, 2.0, 3.0]
        said = talk.send(Stop())
        assert RunStopped() in said
        assert force(said) == [4.0]  # what came before the reply to Stop belongs to the run
        assert Info("battery_percent", 87) in said

    def test_the_battery_has_to_wait_while_a_run_is_on(self) -> None:
        talk = Talk()
        talk.send(Start())
        assert talk.send(Ask("battery")) == []
        assert Info("battery_percent", 87) in talk.send(Stop())
        assert Info("battery_percent", 87) in talk.send(Ask("battery"))
        assert Info("serial", "071000A1") in talk.send(Ask("id"))

    def test_start_again_ends_the_run_first(self) -> None:
        talk = Talk()
        talk.send(Start())
        talk.asked.clear()
        talk.send(Start())
        assert talk.opcodes == [Opcode.STOP, Opcode.START]

    @pytest.mark.parametrize("command", [Tare(), Sleep(), "calibrate"])
    def test_what_it_cannot_do_is_our_mistake(self, command: Command) -> None:
        with pytest.raises(UnsupportedCommand):
            Talk().send(command)

    def test_no_request_but_the_known_ones_is_ever_made(self) -> None:
        assert {int(code) for code in Opcode} == {0x10, 0x18, 0x19, 0x1A, 0x1B, 0x50, 0x51, 0x55}
        talk = Talk()
        for command in (Start(), Ask("errors"), Ask("firmware"), Stop(), Ask("id"), Start(), Start(), Stop()):
            talk.send(command)
        assert set(talk.opcodes) <= {int(code) for code in Opcode}

    def test_measurements_that_were_on_before_we_came_are_not_ours(self) -> None:
        talk = Talk()
        (said,) = talk.hear([bytes.fromhex(THREE)])
        assert isinstance(said, Malformed)


class TestLoss:
    def test_dropped_by_the_device(self) -> None:
        talk = Talk()
        talk.send(Start())
        (lost,) = of(Lost, talk.hear([bytes.fromhex("20 07 00 00 0D 01 00")]))
        assert lost.samples == 1

    def test_a_buffer_that_ran_over(self) -> None:
        talk = Talk()
        talk.send(Start())
        talk.puppet.status = 0x40
        said = talk.send(Stop())
        assert len(of(Lost, said)) == 1
        assert Info("errors", "its buffer ran over, so samples were lost") in said

    def test_by_the_counter_once_it_has_behaved_like_one(self) -> None:
        talk = Talk(GoDirectPuppet(batch=2, chunk=64))
        talk.send(Start())
        talk.feel(*[1.0] * 18)
        for _ in range(4):
            talk.puppet.sample(0.0, 1.0)
        assert [lost.samples for lost in of(Lost, talk.feel(1.0, 1.0))] == [4]

    @pytest.mark.parametrize("steps", [[0] * 12, [3] * 12, [1, 1, 1, 5, 1], [1] * 9 + [0, 5], [1] * 9 + [200]])
    def test_never_by_one_that_counts_something_else(self, steps: list[int]) -> None:
        talk = Talk()
        talk.send(Start())
        counter, said = 0, []
        for step in steps:
            counter = (counter + step) % 256
            frame = bytearray.fromhex("20 0D 00 00 06 02 00 01 00 00 00 80 3F")
            frame[2] = counter
            frame[3] = checksum(frame)
            said += talk.hear([bytes(frame)])
        assert of(Lost, said) == []
        assert len(force(said)) == len(steps)

    def test_a_piece_that_is_missing_leaves_its_place_free(self) -> None:
        talk = Talk(GoDirectPuppet(batch=10, counts=False, sums=False))
        talk.send(Start())
        played = [act for n in range(30) for act in talk.puppet.sample(0.0, float(n)) if isinstance(act, Notify)]
        del played[4]
        said = talk.hear([act.data for act in played])
        assert force(said) == [*range(10), *range(20, 30)]
        assert [lost.samples for lost in of(Lost, said)] == [10]

    def test_and_is_not_counted_twice_where_the_counter_tells_it_as_well(self) -> None:
        talk = Talk(GoDirectPuppet(batch=10))
        talk.send(Start())
        played = [act for n in range(300) for act in talk.puppet.sample(0.0, float(n)) if isinstance(act, Notify)]
        del played[46]  # of packet 15, 3 pieces each
        said = talk.hear([act.data for act in played])
        assert [lost.samples for lost in of(Lost, said)] == [10]

    @pytest.mark.parametrize("bad", ["00 00 C0 7F", "00 00 80 7F", "00 00 80 FF"])
    def test_a_sample_that_is_no_number(self, bad: str) -> None:
        talk = Talk()
        talk.send(Start())
        said = talk.hear([bytes.fromhex(f"20 15 00 00 06 02 00 03 00 00 00 80 3F {bad} 00 00 00 40")])
        assert force(said) == [1.0, 2.0]
        kinds = [type(message) for message in said]
        assert kinds == [Samples, Malformed, Lost, Samples]

    def test_whole_numbers_from_a_channel_of_fractions_are_no_newtons(self) -> None:
        talk = Talk()
        talk.send(Start())
        said = talk.hear([bytes.fromhex("20 0C 00 2D 09 00 01 01 F9 FF FF FF")])
        assert [type(message) for message in said] == [Malformed, Lost]

    def test_part_of_the_channels_is_no_sample(self) -> None:
        cells = {n: PuppetChannel("Force", "N", 0.0, 50.0) for n in (1, 2)}
        talk = Talk(GoDirectPuppet(channels=cells))
        talk.send(Start())
        assert [type(message) for message in talk.hear([bytes.fromhex(THREE)])] == [Malformed, Lost]
        assert force(talk.hear([bytes.fromhex("20 19 00 16 06 06 00 02 00") + bytes(16)]), "force_1") == [0.0, 0.0]

    def test_channels_that_we_did_not_switch_on_are_passed_over(self) -> None:
        """Their values stand between ours; a reader that knows only its own channels shifts everything."""
        talk = Talk()
        talk.send(Start())
        mixed = "20 19 00 16 06 06 00 02 00 00 00 20 41 00 00 00 3F 00 00 30 41 00 00 80 3E"
        assert talk.hear([bytes.fromhex(mixed)]) == [Samples({"force": (10.0, 11.0)})]
        assert talk.hear([bytes.fromhex("20 0C 00 2F 09 00 03 01 F9 FF FF FF")]) == []

    @pytest.mark.parametrize("kind", ["0C", "0E", "00", "05"])
    def test_what_has_no_published_layout_stays_raw(self, kind: str) -> None:
        assert heard(f"20 07 00 00 {kind} AB CD") == [Info(f"measurement_{kind.lower()}", "abcd")]


class TestCapturesWithoutTheGreeting:
    def test_channel_1_is_taken_for_force_and_that_is_told(self) -> None:
        ready, assumed, samples = heard(THREE)
        assert ready == Ready((Channel("force", "N"),), Arrival(100.0))
        assert isinstance(assumed, Info)
        assert assumed.name == "assumed"
        assert samples == Samples({"force": (123.5, 124.25, -0.5)})

    def test_other_channels_stay_counts(self) -> None:
        said = heard("20 13 00 C7 07 02 00 01 00 01 00 00 00 48 42 00 00 C0 3F")
        assert of(Samples, said) == [Samples({"force": (50.0,), "channel_16": (1.5,)})]
        assert of(Ready, said)[0].channels == (Channel("force", "N"), Channel("channel_16", "count"))
        said = heard("20 0C 00 2F 09 00 03 01 F9 FF FF FF")
        assert of(Samples, said) == [Samples({"channel_3": (-7,)})]

    def test_a_person_may_tell_which_channel_it_is(self) -> None:
        frame = "20 0C 00 00 08 00 03 01 00 00 80 3F"
        assert of(Ready, heard(frame, channel=3))[0].channels == (Channel("force", "N"),)

    def test_the_period_that_was_set_gives_the_time(self) -> None:
        reply = bytearray.fromhex("98 07 00 00 1B F8 00")
        reply[3] = checksum(reply)
        said = heard(reply.hex(), THREE, after=("58 0F F8 B0 1B FF 00 10 27 00 00 00 00 00 00",))
        assert of(Ready, said)[0].timebase == Index(100.0)

    @pytest.mark.parametrize("pieces", [1, 7, 20, 64])
    def test_runs_of_another_program(self, pieces: int) -> None:
        dialogue = GoDirectDialogue(100.0, None)
        start = bytes.fromhex("58 13 F7 7C 18 FF 01 02 00 00 00 00 00 00 00 00 00 00 00")
        stop = bytes.fromhex("58 0B F6 6D 19 FF 00 FF FF FF FF")
        said = [
            message
            for frame in (b"\x01\x02", start, stop)
            for at in range(0, len(frame), pieces)
            for message in dialogue.wrote(COMMAND, frame[at : at + pieces])
        ]
        assert said == [RunStarted(), RunStopped()]


class TestMalformed:
    @pytest.mark.parametrize("frame", ["", "98 05 00 00 10", "20 04 00 00 06", "00 02 03 04 05 06"])
    def test_is_told_with_its_bytes(self, frame: str) -> None:
        (said,) = heard(frame)
        assert isinstance(said, Malformed)
        assert said.data == bytes.fromhex(frame)

    def test_from_another_characteristic(self) -> None:
        assert isinstance(GoDirectDialogue(100.0, None).receive(COMMAND, b"\x20")[0], Malformed)

    def test_a_battery_beyond_its_end(self) -> None:
        frame = bytearray.fromhex("98 12 00 00 10 FD 00 00 01 04 06 00 01 02 03 00 80 07")
        frame[3] = checksum(frame)
        said = heard(frame.hex())
        assert "battery_percent" not in {message.name for message in of(Info, said)}
        assert len(of(Malformed, said)) == 1

    def test_a_description_of_no_channel(self) -> None:
        frame = bytearray(154)
        frame[:7] = bytes.fromhex("98 9A 00 00 50 00 FF")
        frame[3] = checksum(frame)
        assert isinstance(heard(frame.hex())[0], Malformed)


@pytest.mark.parametrize("name", ["GDX-FOR 071000U9", "GDX-HD 071000A1"])
def test_recognised_by_its_name(name: str) -> None:
    assert identify(Advertisement(name)) is GODIRECT


@pytest.mark.parametrize("name", [None, "", "Go Direct", "gdx-for 071000U9"])
def test_and_by_nothing_else(name: str | None) -> None:
    assert identify(Advertisement(name, frozenset({"d91714ef-28b9-4f91-ba16-f0d9a604f112"}))) is None


def test_its_maker_s_words_on_use_stand_where_the_family_is_listed() -> None:
    assert "education" in GODIRECT.status
    assert "not verified" in GODIRECT.status
