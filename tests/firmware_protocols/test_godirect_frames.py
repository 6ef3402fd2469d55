"""The frames of D2PIO, byte by byte, and how they are found again after some were lost.

Bytes stand here as other programs build them or as they were computed by hand from the format, never as our puppet
makes them; only the study of losses uses it, for long streams.
"""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols.codec import Notify
from firmware_protocols.godirect.frames import (
    COMMAND,
    GREETING,
    Broken,
    Frame,
    Measurement,
    Opcode,
    Reassembly,
    Reply,
    checksum,
    is_request,
    request,
)
from firmware_protocols.godirect.puppet import GoDirectPuppet

INIT = "58 19 FE 3F 1A A5 4A 06 49 07 48 08 47 09 46 0A 45 0B 44 0C 43 0D 42 0E 41"
STATUS = "98 12 00 20 10 FD 00 00 01 04 06 00 01 02 03 00 57 01"
MASK = "98 0A 00 EB 51 FA FE 00 00 00"
THREE = "20 15 00 F2 06 02 00 03 00 00 00 F7 42 00 80 F8 42 00 00 00 BF"
TWO_CHANNELS = "20 19 00 16 06 06 00 02 00 00 00 20 41 00 00 00 3F 00 00 30 41 00 00 80 3E"
WIDE = "20 13 00 C7 07 02 00 01 00 01 00 00 00 48 42 00 00 C0 3F"
WHOLE = "20 0C 00 2F 09 00 03 01 F9 FF FF FF"


def fed(*notifications: str | bytes, asked: int | None = None) -> list[Frame]:
    found = Reassembly()
    data = [bytes.fromhex(one) if isinstance(one, str) else one for one in notifications]
    return [frame for one in data for frame in found.feed(one, asked)]


def measured(frames: list[Frame]) -> list[Measurement]:
    return [frame for frame in frames if isinstance(frame, Measurement)]


@pytest.mark.parametrize(
    ("opcode", "counter", "parameters", "frame"),
    [
        (Opcode.INIT, 0xFE, GREETING.hex(), INIT),
        (Opcode.STATUS, 0xFD, "", "58 05 FD 6A 10"),
        (Opcode.DEVICE_INFO, 0xFC, "", "58 05 FC AE 55"),
        (0x56, 0xFB, "", "58 05 FB AE 56"),
        (Opcode.AVAILABLE, 0xFA, "", "58 05 FA A8 51"),
        (Opcode.SENSOR_INFO, 0xF9, "01", "58 06 F9 A8 50 01"),
        (Opcode.PERIOD, 0xF8, "FF 00 10 27 00 00 00 00 00 00", "58 0F F8 B0 1B FF 00 10 27 00 00 00 00 00 00"),
        (
            Opcode.START,
            0xF7,
            "FF 01 02 00 00 00 00 00 00 00 00 00 00 00",
            "58 13 F7 7C 18 FF 01 02 00 00 00 00 00 00 00 00 00 00 00",
        ),
        (Opcode.STOP, 0xF6, "FF 00 FF FF FF FF", "58 0B F6 6D 19 FF 00 FF FF FF FF"),
        (0x54, 0xF5, "", "58 05 F5 A6 54"),
    ],
)
def test_requests(opcode: int, counter: int, parameters: str, frame: str) -> None:
    assert request(opcode, counter, bytes.fromhex(parameters)) == bytes.fromhex(frame)
    assert is_request(bytes.fromhex(frame))


@pytest.mark.parametrize(
    ("frame", "read"),
    [
        (STATUS, Reply(0x10, 0xFD, bytes.fromhex("00 00 01 04 06 00 01 02 03 00 57 01"))),
        (MASK, Reply(0x51, 0xFA, bytes.fromhex("FE 00 00 00"))),
        (THREE, {1: (123.5, 124.25, -0.5)}),
        (TWO_CHANNELS, {1: (10.0, 11.0), 2: (0.5, 0.25)}),
        (WIDE, {1: (50.0,), 16: (1.5,)}),
        (WHOLE, {3: (-7,)}),
    ],
)
def test_worked_frames(frame: str, read: Reply | dict[int, tuple[float, ...]]) -> None:
    (found,) = fed(frame)
    assert (found.values if isinstance(found, Measurement) else found) == read
    one_by_one = fed(*(bytes([byte]) for byte in bytes.fromhex(frame)))
    assert one_by_one == [found]


@pytest.mark.parametrize(("kind", "whole"), [("08", False), ("0A", False), ("09", True), ("0B", True)])
def test_single_channels_are_told_by_their_own_byte(kind: str, whole: bool) -> None:
    """Another reader takes the channels that it switched on in its place, and puts channel 3 into channel 1."""
    (found,) = measured(fed(f"20 10 00 00 {kind} 00 03 02 00 00 80 3F 00 00 00 C0"))
    ones = (0x3F800000, -0x40000000) if whole else (1.0, -2.0)
    assert (found.values, found.whole) == ({3: ones}, whole)


@given(
    frames=st.lists(st.sampled_from([STATUS, MASK, THREE, TWO_CHANNELS, WIDE, WHOLE]), min_size=1, max_size=6),
    cuts=st.lists(st.integers(1, 40), max_size=40),
)
def test_any_splitting_of_the_bytes_gives_the_same_frames(frames: list[str], cuts: list[int]) -> None:
    stream = b"".join(bytes.fromhex(frame) for frame in frames)
    pieces, at = [], 0
    for cut in cuts:
        pieces.append(stream[at : at + cut])
        at += cut
    assert fed(*(piece for piece in (*pieces, stream[at:]) if piece)) == [fed(frame)[0] for frame in frames]


def stream(puppet: GoDirectPuppet, count: int) -> list[bytes]:
    """What the puppet sends once it was told to measure forces of 1, 2, 3 … N."""
    puppet.written(COMMAND, request(Opcode.START, 0, bytes.fromhex("FF 01 02 00 00 00") + bytes(8)))
    played = [act for number in range(count) for act in puppet.sample(number / 100.0, float(number))]
    return [act.data for act in played if isinstance(act, Notify)]


@given(
    sums=st.booleans(),
    batch=st.integers(1, 61),
    chunk=st.integers(20, 64),
    hit=st.dictionaries(st.integers(0, 9), st.integers(0, 12), min_size=1),
)
def test_after_a_loss_nothing_is_invented_and_the_rest_is_found(
    sums: bool, batch: int, chunk: int, hit: dict[int, int]
) -> None:
    """One piece of every second packet at most: without a checksum nobody could tell if an end and a head are gone."""
    pieces = stream(GoDirectPuppet(batch=batch, chunk=chunk, sums=sums), 21 * batch)
    each = len(pieces) // 21
    lost = {2 * packet * each + piece % each for packet, piece in hit.items()}
    values = [
        v for frame in measured(fed(*(p for i, p in enumerate(pieces) if i not in lost))) for v in frame.values[1]
    ]
    whole = [float(n) for n in range(21 * batch) if n // batch % 2 or n // batch // 2 not in hit]
    assert values == whole


def test_a_packet_made_of_two_is_not_believed_although_its_length_fits() -> None:
    """49 bytes travel as 20, 20 and 9; without the second piece the next packet's first one would fit its place."""
    pieces = stream(GoDirectPuppet(batch=10, sums=False), 30)
    found = fed(*pieces[:1], *pieces[2:])
    assert isinstance(found[0], Broken)
    assert found[0].samples == 10
    assert [frame.values[1][0] for frame in measured(found)] == [10.0, 20.0]


@pytest.mark.parametrize("kind", ["98", "B8", "58", "00"])
def test_the_first_byte_of_a_reply_may_be_any_but_that_of_a_measurement(kind: str) -> None:
    frame = bytearray.fromhex(MASK.replace("98", kind, 1))
    frame[3] = checksum(frame)
    assert fed(bytes(frame[:4]), bytes(frame[4:])) == [Reply(0x51, 0xFA, b"\xfe\0\0\0")]


def test_a_measurement_between_request_and_reply_answers_nothing() -> None:
    assert [type(frame) for frame in fed(THREE, STATUS, asked=Opcode.STATUS)] == [Measurement, Reply]


def test_noise_before_a_frame_is_passed_over() -> None:
    found = fed("00 11 22", THREE)
    assert found[0] == Broken(bytes.fromhex("00 11 22"), 0)
    assert measured(found)[0].values == {1: (123.5, 124.25, -0.5)}


@pytest.mark.parametrize(
    "frame",
    [
        "20 15 00 F2 06 02 00 04 00 00 00 F7 42 00 80 F8 42 00 00 00 BF",  # 4 samples do not fit
        "20 15 00 F2 06 06 00 03 00 00 00 F7 42 00 80 F8 42 00 00 00 BF",  # nor do 3 of two channels
        "20 0D 00 00 06 02 00 3E 00 00 00 F7 42",  # 62 samples fit no packet at all
        "20 0D 00 00 06 00 00 01 00 00 00 F7 42",  # of no channel
        "20 0C 00 2F 09 00 20 01 F9 FF FF FF",  # channel 32
        "20 0C 00 2F 0F 00 03 01 F9 FF FF FF",  # no known kind
        "98 12 00 21 10 FD 00 00 01 04 06 00 01 02 03 00 57 01",  # checksum
        "98 0B 00 EC 51 FA FE 00 00 00 00",  # a mask of 5 bytes
        "20 04 00 00",
        "98 05 00 00 10",
    ],
)
def test_what_breaks_the_rules_is_told_with_its_bytes(frame: str) -> None:
    found = fed(frame)
    assert found == [Broken(bytes.fromhex(frame), 0)]


def test_a_wrong_checksum_counts_only_where_right_ones_were_seen() -> None:
    wrong = THREE.replace("F2", "F3")
    assert len(measured(fed(wrong))) == 1
    assert len(measured(fed(THREE, THREE, THREE, wrong))) == 4
    found = fed(THREE, THREE, THREE, THREE, wrong, THREE)
    assert [type(frame) for frame in found[4:]] == [Broken, Measurement]
    assert found[4] == Broken(bytes.fromhex(wrong), 3)


def test_two_frames_in_one_notification() -> None:
    assert len(fed(bytes.fromhex(STATUS + THREE))) == 2


def test_a_reply_to_a_request_that_we_never_make_is_read_when_it_was_asked_for() -> None:
    frame = bytearray.fromhex("98 0A 00 00 56 FB 02 00 00 00")
    frame[3] = checksum(frame)
    assert fed(bytes(frame), asked=0x56) == [Reply(0x56, 0xFB, b"\2\0\0\0")]
    assert fed(bytes(frame)) == [Broken(bytes(frame), 0)]


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=60))
def test_what_waits_for_its_end_stays_short(notifications: list[bytes]) -> None:
    found = Reassembly()
    for one in notifications:
        list(found.feed(one, None))
        assert len(found._buffer) < 255


def test_values_are_float32_of_the_wire() -> None:
    frame = bytes.fromhex("20 0D 00 00 06 02 00 01 00") + struct.pack("<f", 0.1)
    (found,) = measured(fed(frame))
    assert found.values[1] == (struct.unpack("<f", struct.pack("<f", 0.1))[0],)
