"""The Progressor, frame by frame.

Bytes stand here as they stand in the vendor's description, in other programs' tests, or as they were computed by hand
from the format: never as our own puppet would make them.
"""

from itertools import product

import pytest

from firmware_protocols import identify
from firmware_protocols.codec import (
    Advertisement,
    Ask,
    Command,
    HangUp,
    Info,
    Lost,
    Malformed,
    Notify,
    Pause,
    Read,
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
from firmware_protocols.progressor import CONTROL, DATA, PROGRESSOR, SERVICE, ProgressorDialogue, ProgressorPuppet

G = 9.80665


def heard(frame: str, *, after: str = "") -> list[Said]:
    """What a new dialogue tells of a frame, after the host wrote `after`."""
    dialogue = ProgressorDialogue()
    if after:
        dialogue.wrote(CONTROL, bytes.fromhex(after))
    said = dialogue.receive(DATA, bytes.fromhex(frame))
    return [one for one in said if not isinstance(one, Write | Read | Pause)]


def opcodes(said: list[Said]) -> list[int]:
    return [message.data[0] for message in said if isinstance(message, Write)]


def samples(said: list[Said]) -> Samples:
    (only,) = [message for message in said if isinstance(message, Samples)]
    return only


class TestWorkedFrames:
    def test_two_samples(self) -> None:
        said = heard("01 10 00 00 20 41 E8 03 00 00 00 00 48 41 20 A1 07 00")
        assert samples(said) == Samples({"force": (10.0, 12.5)}, (1_000, 500_000))
        assert [m.samples for m in said if isinstance(m, Lost)] == [39]  # 499 ms between two samples: 40 periods

    def test_one_sample(self) -> None:
        assert heard("01 08 00 00 48 41 07 00 00 00") == [Samples({"force": (12.5,)}, (7,))]

    def test_a_push_is_negative(self) -> None:
        said = heard("01 08 00 00 80 BE D4 30 00 00")
        assert said == [Samples({"force": (-0.25,)}, (12_500,))]
        assert samples(said).values["force"][0] * G == pytest.approx(-2.452, abs=5e-4)

    def test_across_the_wrap_nothing_is_lost(self) -> None:
        said = heard("01 10 00 00 FE 41 60 F0 FF FF 00 00 00 42 34 21 00 00")
        assert said == [Samples({"force": (31.75, 32.0)}, (4_294_963_296, 8_500))]

    def test_a_notification_of_eight(self) -> None:
        said = heard(
            "01 40 0000A041 40420F00 0000A441 14730F00 0000A841 E8A30F00 0000AC41 BCD40F00"
            " 0000B041 90051000 0000B441 64361000 0000B841 38671000 0000BC41 0C981000"
        )
        weights = (20.0, 20.5, 21.0, 21.5, 22.0, 22.5, 23.0, 23.5)
        ticks = (1_000_000, 1_012_500, 1_025_000, 1_037_500, 1_050_000, 1_062_500, 1_075_000, 1_087_500)
        assert said == [Samples({"force": weights}, ticks)]

    @pytest.mark.parametrize(("frame", "millivolt"), [("00 04 1B 10 00 00", 4123), ("00 04 74 0E 00 00", 3700)])
    def test_battery(self, frame: str, millivolt: int) -> None:
        assert heard(frame, after="6F") == [Info("battery_mv", millivolt)]

    def test_firmware(self) -> None:
        assert heard("00 07 31 2E 32 2E 33 2E 34", after="6B") == [Info("firmware", "1.2.3.4")]

    def test_id(self) -> None:
        assert heard("00 03 01 02 03", after="70") == [Info("id", "030201")]

    def test_low_power(self) -> None:
        assert heard("04 00") == [Info("low_power", True)]

    def test_a_calibration_block_that_another_program_asked_for_stays_raw(self) -> None:
        said = heard("00 0C 17 B7 D1 37 00 00 48 C1 CD CC 4C 3D", after="72")
        assert said == [Info("reply", "17b7d137000048c1cdcc4c3d")]


class TestReplies:
    def test_text_padded_with_zeros(self) -> None:
        assert heard("00 06 32 2E 30 2E 00 00", after="6B") == [Info("firmware", "2.0.")]

    def test_text_that_is_not_utf8(self) -> None:
        assert heard("00 02 41 FF", after="6C") == [Info("errors", "A\ufffd")]

    @pytest.mark.parametrize(
        ("reply", "answers"),
        [
            ("1B 10 00 00", {"6F": Info("battery_mv", 4123)}),
            ("0D 0D 00 00", {"6F": Info("battery_mv", 3341), "6C": Info("errors", "\r\r")}),  # looks like both
            ("31 2E 32 2E 33 2E 34", {"6B": Info("firmware", "1.2.3.4")}),
            ("32 2E 30 00", {"6B": Info("firmware", "2.0")}),
            ("01 02 03", {"70": Info("id", "030201")}),
            ("01 02 03 00 00 00 00 00", {"70": Info("id", "030201")}),
            ("CF 07 00 00", {}),  # 1999 mV
            ("89 13 00 00", {}),  # 5001 mV
            ("D0 07 00 00", {"6F": Info("battery_mv", 2000)}),
            ("88 13 00 00", {"6F": Info("battery_mv", 5000)}),
            ("1B 10 00", {}),
            ("61 20 6C 6F 6E 67 20 6C 0A 6F 67", {"6C": Info("errors", "a long l\nog")}),
        ],
    )
    def test_a_late_reply_answers_no_other_question(self, reply: str, answers: dict[str, Info]) -> None:
        payload = bytes.fromhex(reply)
        frame = (bytes([0, len(payload)]) + payload).hex()
        told = {question: heard(frame, after=question) for question in ("6F", "6B", "70", "6C")}
        assert {question: said for question, (said,) in told.items() if isinstance(said, Info)} == answers
        for question in told.keys() - answers.keys():
            assert isinstance(told[question][0], Malformed)

    def test_no_errors(self) -> None:
        assert heard("00 00", after="6C") == [Info("errors", "")]

    def test_an_id_whose_trailing_zeros_were_sent_is_the_same_id(self) -> None:
        assert heard("00 08 01 02 03 00 00 00 00 00", after="7000") == [Info("id", "030201")]

    @pytest.mark.parametrize(
        ("question", "frame", "right"),
        [
            ("6F", "00 03 01 02 03", "00 04 74 0E 00 00"),
            ("70", "00 09 01 02 03 04 05 06 07 08 09", "00 03 01 02 03"),
        ],
    )
    def test_a_reply_that_does_not_fit_leaves_the_question_open(self, question: str, frame: str, right: str) -> None:
        dialogue = ProgressorDialogue()
        dialogue.wrote(CONTROL, bytes.fromhex(question))
        assert isinstance(dialogue.receive(DATA, bytes.fromhex(frame))[0], Malformed)
        (answer,) = dialogue.receive(DATA, bytes.fromhex(right))
        assert answer in (Info("battery_mv", 3700), Info("id", "030201"))

    def test_nor_does_it_hold_up_the_next_question_beyond_its_time(self) -> None:
        dialogue = ProgressorDialogue()
        play(dialogue, dialogue.open())
        assert opcodes(dialogue.receive(DATA, bytes.fromhex("00 03 01 02 03"))) == []
        assert dialogue.waiting
        assert opcodes(dialogue.overdue()) == [0x6B]

    @pytest.mark.parametrize("frame", ["", "04 00", "02 00", "FF 00", "00", "01 08 00 00 48 41 07 00 00 00"])
    def test_only_a_reply_ends_the_waiting(self, frame: str) -> None:
        dialogue = ProgressorDialogue()
        assert not dialogue.waiting
        dialogue.wrote(CONTROL, b"\x6f")
        dialogue.receive(DATA, bytes.fromhex(frame))
        assert dialogue.waiting
        dialogue.receive(DATA, bytes.fromhex("00 04 1B 10 00 00"))
        assert not dialogue.waiting

    def test_a_reply_without_a_question_stays_raw(self) -> None:
        assert heard("00 04 74 0E 00 00") == [Info("reply", "740e0000")]

    def test_one_question_takes_one_reply(self) -> None:
        dialogue = ProgressorDialogue()
        dialogue.wrote(CONTROL, b"\x6f")
        frame = bytes.fromhex("00 04 74 0E 00 00")
        assert dialogue.receive(DATA, frame) == [Info("battery_mv", 3700)]
        assert dialogue.receive(DATA, frame) == [Info("reply", "740e0000")]

    def test_calibration_read_by_another_program_is_no_answer_to_our_question(self) -> None:
        dialogue = ProgressorDialogue()
        dialogue.wrote(CONTROL, b"\x6f")
        dialogue.wrote(CONTROL, b"\x72")
        assert dialogue.receive(DATA, bytes.fromhex("00 04 74 0E 00 00")) == [Info("reply", "740e0000")]


class TestMalformed:
    @pytest.mark.parametrize(
        "frame",
        [
            "",
            "01",
            "01 10 00 00 00 00",
            "01 05 00 00 00 00 00",
            "01 10 00 00 48 41 07 00 00 00",  # the one sample that is there may be cut as well as whole
            "00 05 31 2E 32",
            "01 00",
            "05 04 00 00 00 00",
            "FF 00",
        ],
    )
    def test_is_told_with_its_bytes(self, frame: str) -> None:
        (said,) = heard(frame)
        assert isinstance(said, Malformed)
        assert said.data == bytes.fromhex(frame)

    @pytest.mark.parametrize("weight", ["0000C07F", "0000807F", "000080FF"])
    def test_a_sample_that_is_no_number_is_left_out_and_told(self, weight: str) -> None:
        said = heard(f"01 18 0000A041 00000000 {weight} D4300000 0000A841 A8610000")
        assert samples(said) == Samples({"force": (20.0, 21.0)}, (0, 25_000))
        (bad,) = [message for message in said if isinstance(message, Malformed)]
        assert bad.data == bytes.fromhex(weight + "D4300000")
        assert not [message for message in said if isinstance(message, Lost)]  # it did arrive

    def test_from_another_characteristic(self) -> None:
        assert isinstance(ProgressorDialogue().receive(CONTROL, b"\x04\x00")[0], Malformed)

    def test_what_stands_before_it_is_kept(self) -> None:
        said = heard("01 08 00 00 48 41 07 00 00 00 01")
        assert said[0] == Samples({"force": (12.5,)}, (7,))
        assert said[1] == Malformed("a frame without a length", b"\x01")

    def test_several_frames_in_one_notification(self) -> None:
        said = heard("04 00 01 08 00 00 48 41 07 00 00 00 02 01 AB 03 00")
        assert said == [
            Info("low_power", True),
            Samples({"force": (12.5,)}, (7,)),
            Info("rfd_peak", "ab"),
            Info("rfd_series", ""),
        ]


class TestLoss:
    @staticmethod
    def told(*ticks: int) -> list[int]:
        dialogue = ProgressorDialogue()
        said: list[Said] = []
        for tick in ticks:
            said += dialogue.receive(DATA, b"\x01\x08\x00\x00\xa0\x41" + tick.to_bytes(4, "little"))
        return [message.samples for message in said if isinstance(message, Lost)]

    def test_a_step_of_one_and_a_half_periods_is_still_none(self) -> None:
        assert self.told(0, 12_500, 31_250) == []

    def test_a_little_more_is_one(self) -> None:
        assert self.told(0, 18_751) == [1]

    def test_a_notification_of_eight(self) -> None:
        assert self.told(0, 9 * 12_500) == [8]

    def test_across_the_wrap(self) -> None:
        assert self.told(2**32 - 12_500, 25_000) == [2]

    def test_a_repeated_notification_loses_nothing(self) -> None:
        assert self.told(0, 12_500, 0, 12_500, 25_000) == []

    def test_a_new_run_does_not_count_from_the_old_one(self) -> None:
        dialogue = ProgressorDialogue()
        dialogue.receive(DATA, bytes.fromhex("01 08 00 00 48 41 07 00 00 00"))
        assert dialogue.wrote(CONTROL, b"\x65") == [RunStarted()]
        assert len(dialogue.receive(DATA, bytes.fromhex("01 08 00 00 48 41 40 42 0F 00"))) == 1


class TestWrites:
    @pytest.mark.parametrize("form", ["65", "65 00"])
    def test_start_in_both_forms(self, form: str) -> None:
        assert ProgressorDialogue().wrote(CONTROL, bytes.fromhex(form)) == [RunStarted()]

    @pytest.mark.parametrize("form", ["66", "66 00"])
    def test_stop_in_both_forms(self, form: str) -> None:
        assert ProgressorDialogue().wrote(CONTROL, bytes.fromhex(form)) == [RunStopped()]

    @pytest.mark.parametrize("form", ["", "65 01", "65 00 00", "64", "67"])
    def test_anything_else_starts_nothing(self, form: str) -> None:
        assert ProgressorDialogue().wrote(CONTROL, bytes.fromhex(form)) == []

    def test_another_characteristic_starts_nothing(self) -> None:
        assert ProgressorDialogue().wrote(DATA, b"\x65") == []


STOP = Write(CONTROL, b"\x66", response=True)
START = Write(CONTROL, b"\x65", response=True)
TARE = Write(CONTROL, b"\x64", response=True)


def play(dialogue: ProgressorDialogue, said: list[Said]) -> list[Said]:
    """Report each write of a script as gone out."""
    for message in said:
        if isinstance(message, Write):
            dialogue.wrote(message.characteristic, message.data)
    return said


class TestScripts:
    def test_start_is_the_bare_opcode(self) -> None:
        assert ProgressorDialogue().send(Start()) == [START]

    def test_start_again_ends_the_run_first(self) -> None:
        dialogue = ProgressorDialogue()
        play(dialogue, dialogue.send(Start()))
        assert dialogue.send(Start()) == [STOP, Pause(0.05), START]

    def test_tare_at_rest(self) -> None:
        assert ProgressorDialogue().send(Tare()) == [TARE, Pause(1.2)]

    def test_tare_in_a_run(self) -> None:
        dialogue = ProgressorDialogue()
        play(dialogue, dialogue.send(Start()))
        assert dialogue.send(Tare()) == [STOP, Pause(0.05), TARE, Pause(1.2), START]

    def test_sleep_stops_first(self) -> None:
        dialogue = ProgressorDialogue()
        play(dialogue, dialogue.send(Start()))
        assert opcodes(dialogue.send(Sleep())) == [0x66, 0x6E]

    def test_what_is_no_command_is_our_mistake(self) -> None:
        with pytest.raises(UnsupportedCommand):
            ProgressorDialogue().send("calibrate")  # type: ignore[arg-type]  # that is the point

    def test_opening_asks_one_thing_at_a_time(self) -> None:
        dialogue = ProgressorDialogue()
        said = play(dialogue, dialogue.open())
        assert isinstance(said[0], Ready)
        asked = opcodes(said)
        for reply in ("00 04 1B 10 00 00", "00 03 31 2E 32", "00 03 01 02 03", "00 00"):
            said = play(dialogue, dialogue.receive(DATA, bytes.fromhex(reply)))
            assert len(opcodes(said)) <= 1
            asked += opcodes(said)
        assert asked == [0x6F, 0x6B, 0x70, 0x6C]

    def test_every_question_has_a_time_limit(self) -> None:
        (write,) = [message for message in ProgressorDialogue().open() if isinstance(message, Write)]
        assert write.reply_within == 1.0

    def test_an_overdue_reply_lets_the_next_question_out_and_may_still_come(self) -> None:
        dialogue = ProgressorDialogue()
        play(dialogue, dialogue.open())
        for _ in range(4):
            said = play(dialogue, dialogue.overdue())
        assert said == []
        assert dialogue.receive(DATA, bytes.fromhex("00 02 6F 6B")) == [Info("errors", "ok")]

    def test_the_battery_is_not_asked_in_a_run(self) -> None:
        dialogue = ProgressorDialogue()
        play(dialogue, dialogue.send(Start()))
        assert dialogue.send(Ask("battery")) == []
        assert opcodes(dialogue.send(Ask("firmware"))) == [0x6B]
        dialogue.wrote(CONTROL, b"\x6b")
        assert dialogue.receive(DATA, bytes.fromhex("00 01 31")) == [Info("firmware", "1")]
        assert opcodes(dialogue.send(Stop())) == [0x66, 0x6F]

    def test_nor_in_the_middle_of_a_tare(self) -> None:
        dialogue = ProgressorDialogue()
        play(dialogue, dialogue.send(Start()))
        dialogue.send(Ask("firmware"))
        dialogue.wrote(CONTROL, b"\x6b")
        dialogue.send(Ask("battery"))
        dialogue.send(Tare())
        dialogue.wrote(CONTROL, b"\x66")
        assert opcodes(dialogue.receive(DATA, bytes.fromhex("00 01 31"))) == []

    def test_a_question_waits_for_the_reply_to_the_one_before(self) -> None:
        dialogue = ProgressorDialogue()
        assert opcodes(play(dialogue, dialogue.send(Ask("id")))) == [0x70]
        assert dialogue.send(Ask("errors")) == []
        said = dialogue.receive(DATA, bytes.fromhex("00 03 01 02 03"))
        assert said == [Info("id", "030201"), Write(CONTROL, b"\x6c", response=True, reply_within=1.0)]

    def test_the_same_question_waits_once(self) -> None:
        dialogue = ProgressorDialogue()
        play(dialogue, dialogue.send(Start()))
        for _ in range(100):
            dialogue.send(Ask("battery"))
        play(dialogue, dialogue.send(Stop()))
        assert dialogue.receive(DATA, bytes.fromhex("00 04 1B 10 00 00")) == [Info("battery_mv", 4123)]


class TestSafety:
    """A wrong opcode can spoil a device: 0x69, 0x6A and everything above 0x70 must never go out."""

    COMMANDS: tuple[Command, ...] = (
        Start(), Stop(), Tare(), Ask("battery"), Ask("firmware"), Ask("id"), Ask("errors"), Sleep(),
    )  # fmt: skip
    SAFE = frozenset({0x64, 0x65, 0x66, 0x6B, 0x6C, 0x6E, 0x6F, 0x70})

    def test_every_command_after_every_three_others_sends_only_safe_opcodes(self) -> None:
        replies = [bytes.fromhex(frame) for frame in ("00 04 1B 10 00 00", "00 00", "04 00", "01 08 0000A041 00000000")]
        sent: set[int] = set()
        for walk in product(self.COMMANDS, repeat=4):
            dialogue = ProgressorDialogue()
            said = play(dialogue, dialogue.open())
            for command, reply in zip(walk, replies, strict=True):
                said += play(dialogue, dialogue.send(command))
                said += play(dialogue, dialogue.receive(DATA, reply))
            said += play(dialogue, dialogue.overdue())
            assert {len(message.data) for message in said if isinstance(message, Write)} == {1}
            sent |= set(opcodes(said))
        assert sent == self.SAFE

    def test_sleep_goes_out_for_nothing_but_sleep(self) -> None:
        for walk in product(self.COMMANDS[:-1], repeat=3):
            dialogue = ProgressorDialogue()
            said = dialogue.open()
            for command in walk:
                said += play(dialogue, dialogue.send(command))
            assert 0x6E not in opcodes(said)


class TestDiscovery:
    @pytest.mark.parametrize(
        ("advertisement", "known"),
        [
            (Advertisement("Progressor_1234"), True),
            (Advertisement("Progressor"), True),
            (Advertisement("Bench 3", frozenset({SERVICE})), True),
            (Advertisement(None, frozenset({SERVICE})), True),
            (Advertisement(None), False),
            (Advertisement(""), False),
            (Advertisement("My Progressor"), False),
            (Advertisement("GDX-HD 071000U9"), False),
        ],
    )
    def test_by_name_or_by_service(self, advertisement: Advertisement, known: bool) -> None:
        assert (identify(advertisement) is PROGRESSOR) == known


class TestPuppet:
    @staticmethod
    def notified(puppet: ProgressorPuppet, force: float, begin: float, seconds: float) -> list[bytes]:
        count = round(seconds * 80)
        played = [note for i in range(count) for note in puppet.sample(begin + i / 80, force)]
        return [note.data for note in played if isinstance(note, Notify)]

    def test_speaks_the_worked_frames(self) -> None:
        puppet = ProgressorPuppet(batch=2, first_tick=4_294_963_296 - 12_500, battery_mv=4123)
        assert puppet.written(CONTROL, b"\x6f") == [Notify(DATA, bytes.fromhex("00 04 1B 10 00 00"))]
        assert puppet.written(CONTROL, b"\x6b\x00") == [Notify(DATA, bytes.fromhex("00 07 31 2E 32 2E 33 2E 34"))]
        assert puppet.written(CONTROL, b"\x70") == [Notify(DATA, bytes.fromhex("00 03 01 02 03"))]
        puppet.written(CONTROL, b"\x65")
        puppet.sample(100.0, 0.0)
        puppet.sample(100.0125, 31.75 * G)
        puppet.written(CONTROL, b"\x66")
        puppet.first_tick = 4_294_963_296
        puppet.written(CONTROL, b"\x65")
        played = puppet.sample(200.0, 31.75 * G) + puppet.sample(200.0125, 32.0 * G)
        assert played == [
            Notify(DATA, bytes.fromhex("01 10 00 00 FE 41 60 F0 FF FF 00 00 00 42 34 21 00 00")),
        ]

    def test_a_notification_of_eight_is_66_bytes(self) -> None:
        puppet = ProgressorPuppet()
        puppet.written(CONTROL, b"\x65")
        assert [len(data) for data in self.notified(puppet, 100.0, 5.0, 0.25)] == [66, 66]

    def test_what_is_not_full_at_stop_goes_out_with_it(self) -> None:
        puppet = ProgressorPuppet()
        puppet.written(CONTROL, b"\x65")
        assert self.notified(puppet, 100.0, 5.0, 0.05) == []
        assert [len(note.data) for note in puppet.written(CONTROL, b"\x66") if isinstance(note, Notify)] == [34]

    def test_the_battery_is_silent_in_a_run(self) -> None:
        puppet = ProgressorPuppet()
        puppet.written(CONTROL, b"\x65")
        assert puppet.written(CONTROL, b"\x6f") == []

    def test_it_warns_once(self) -> None:
        puppet = ProgressorPuppet(battery_mv=2700)
        assert self.notified(puppet, 0.0, 0.0, 1.0) == [b"\x04\x00"]

    def test_told_to_sleep_it_hangs_up_in_the_middle_of_a_run(self) -> None:
        puppet = ProgressorPuppet(batch=1)
        puppet.written(CONTROL, b"\x65")
        assert puppet.written(CONTROL, b"\x6e") == [HangUp()]
        assert puppet.sample(1.0, 1.0) == []

    @pytest.mark.parametrize("opcode", [0x69, 0x6A, 0x6D, 0x71, 0x74, 0x00])
    def test_it_ignores_what_we_never_send(self, opcode: int) -> None:
        before = ProgressorPuppet()
        assert before.written(CONTROL, bytes([opcode])) == []
        assert before == ProgressorPuppet()

    def test_one_kind_tares_while_it_streams(self) -> None:
        puppet = ProgressorPuppet(batch=1)
        puppet.written(CONTROL, b"\x65")
        puppet.sample(0.0, 50.0)
        puppet.written(CONTROL, b"\x64")
        assert heard(self.notified(puppet, 50.0, 0.0125, 0.0125)[0].hex()) == [Samples({"force": (0.0,)}, (12_500,))]

    def test_the_other_kind_refuses_in_a_run(self) -> None:
        puppet = ProgressorPuppet(tares="idle")
        puppet.written(CONTROL, b"\x65")
        puppet.written(CONTROL, b"\x64")
        self.notified(puppet, 50.0, 0.0, 2.0)
        assert puppet.zero == 0.0

    def test_and_needs_a_second_at_rest(self) -> None:
        puppet = ProgressorPuppet(tares="idle")
        puppet.written(CONTROL, b"\x64")
        self.notified(puppet, 50.0, 0.0, 1.0)
        assert puppet.zero == 0.0
        self.notified(puppet, 50.0, 1.0, 0.05)
        assert puppet.zero == pytest.approx(50.0 / G)

    @pytest.mark.parametrize("tares", ["streaming", "idle"])
    def test_our_script_tares_both_kinds_in_a_run(self, tares: str) -> None:
        puppet = ProgressorPuppet(tares="streaming" if tares == "streaming" else "idle", batch=1)
        dialogue, now = ProgressorDialogue(), 0.0
        for step in [*play(dialogue, dialogue.send(Start())), Pause(0.5), *dialogue.send(Tare())]:
            if isinstance(step, Write):
                puppet.written(step.characteristic, step.data)
            elif isinstance(step, Pause):
                self.notified(puppet, 50.0, now, step.seconds)
                now += step.seconds
        (data,) = self.notified(puppet, 50.0, now, 1 / 80)
        tared = samples(heard(data.hex()))
        assert tared.ticks == (0,)
        assert abs(tared.values["force"][0]) < 1e-9


def test_a_stream_that_a_killed_program_left_running_is_stopped_once() -> None:
    dialogue = PROGRESSOR.dialogue()
    dialogue.open()
    one = bytes.fromhex("0108000048410700 0000")
    told, *asked = dialogue.receive(DATA, one)
    assert isinstance(told, Samples)
    assert asked == [Write(CONTROL, b"\x66", response=True), Pause(0.05)]
    assert [type(said) for said in dialogue.receive(DATA, one)] == [Samples]


def test_a_stream_that_we_started_is_left_alone() -> None:
    dialogue = PROGRESSOR.dialogue()
    dialogue.open()
    dialogue.send(Start())
    dialogue.wrote(CONTROL, b"\x65")
    assert [type(said) for said in dialogue.receive(DATA, bytes.fromhex("01080000484107000000"))] == [Samples]
