"""Reading captures: lines in, dictionaries out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols.progressor import CONTROL, DATA, PROGRESSOR
from forcelab.acquisition.capture import CaptureError, decode

G = 9.80665


def decoded(text: str) -> list[dict[str, object]]:
    return [json.loads(json.dumps(d, allow_nan=False)) for d in decode(PROGRESSOR, text.splitlines())]


def only(kind: str, text: str) -> list[dict[str, object]]:
    return [d for d in decoded(text) if d["is"] == kind]


def test_a_whole_conversation() -> None:
    text = f"""
        # battery, then a run
        1000 > {CONTROL} 6f
        2000 {DATA} 00041b100000
        3000 > {CONTROL} 6500

        4000 {DATA} 01 08 00 00 48 41 07 00 00 00
        5000 > {CONTROL} 66
        6000 {DATA} 0400
    """
    assert decoded(text) == [
        {
            "is": "ready",
            "time_ns": 1000,
            "channels": [{"name": "force", "unit": "kg"}],
            "timebase": {"is": "ticks", "hz": 1e6, "bits": 32},
        },
        {"is": "info", "time_ns": 2000, "name": "battery_mv", "value": 4123},
        {"is": "run_started", "time_ns": 3000},
        {"is": "samples", "time_ns": 4000, "t": [7e-6], "force": {"force": [12.5 * G]}},
        {"is": "run_stopped", "time_ns": 5000},
        {"is": "info", "time_ns": 6000, "name": "low_power", "value": True},
    ]


def test_without_the_hosts_writes() -> None:
    text = f"5 {DATA} 011000002041E803000000004841 20A10700\n6 {DATA} 0003010203"
    ready, lost, samples, reply = decoded(text)
    assert ready["is"] == "ready"
    assert (lost["is"], lost["samples"]) == ("lost", 39)
    assert samples["t"] == [0.001, 0.5]
    assert samples["force"] == {"force": [10.0 * G, 12.5 * G]}
    assert reply == {"is": "info", "time_ns": 6, "name": "reply", "value": "010203"}


def test_time_is_unwrapped_across_notifications() -> None:
    text = f"0 {DATA} 01080000FE4160F0FFFF\n0 {DATA} 0108000000423421 0000"
    assert [d["t"] for d in only("samples", text)] == [[4294.963296], [4294.975796]]


def test_host_times_that_mean_nothing_do_not_matter() -> None:
    text = "\n".join(
        f"{i} {DATA} 01080000FE41{(i * 600_000_000 % 2**32).to_bytes(4, 'little').hex()}" for i in range(30)
    )
    assert [d["t"] for d in only("samples", text)] == [[i * 600.0] for i in range(30)]


def test_a_new_run_begins_anew() -> None:
    text = f"0 {DATA} 0108000000FF60F0FFFF\n0 > {CONTROL} 65\n0 {DATA} 010800000042 34210000"
    assert [d["t"] for d in only("samples", text)] == [[4294.963296], [0.0085]]


def test_characteristics_and_hex_in_any_case() -> None:
    text = f"1 > {CONTROL.upper()} 6F\n2 {DATA.upper()} 00041B100000"
    assert only("info", text) == [{"is": "info", "time_ns": 2, "name": "battery_mv", "value": 4123}]


def test_what_is_no_number_never_reaches_the_json() -> None:
    (bad,) = only("malformed", f"1 {DATA} 010800 00C07F07000000")
    assert bad["hex"] == "0000c07f07000000"
    assert only("samples", f"1 {DATA} 01080000C07F07000000") == []


def test_an_empty_packet() -> None:
    assert only("malformed", f"1 {DATA}")[0]["hex"] == ""


def test_an_advertisement_is_taken_too() -> None:
    assert only("malformed", "1 advertisement c30401")[0]["hex"] == "c30401"


def test_nothing_in_nothing_out() -> None:
    assert decoded("\n# nothing\n") == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("abc", "line 3: 'abc' is not a time"),
        ("-5 " + DATA, "line 3: '-5' is not a time"),
        ("9223372036854775808 " + DATA, "not a time"),
        ("1", "line 3: '' is neither a full UUID nor `advertisement`"),
        ("1 7e4e1702 00", "line 3: '7e4e1702' is neither"),
        (f"1 {DATA} 0", "line 3: the packet is not written in pairs of hex digits"),
        (f"1 {DATA} 0x00", "pairs of hex digits"),
        (f"1 < {DATA} 00", "'<' is neither"),
        (f"1 {DATA} ００", "pairs of hex digits"),
    ],
)
def test_a_bad_line_is_named(line: str, complaint: str) -> None:
    with pytest.raises(CaptureError) as error:
        decoded(f"# heading\n1 {DATA} 0400\n{line}")
    assert complaint in str(error.value)


def test_what_stands_before_a_bad_line_is_told() -> None:
    found = decode(PROGRESSOR, [f"1 {DATA} 0400", "bad"])
    assert [next(found)["is"], next(found)["is"]] == ["ready", "info"]
    with pytest.raises(CaptureError):
        next(found)


@given(st.lists(st.text(max_size=60)))
def test_any_lines_give_json_or_a_sentence(lines: list[str]) -> None:
    try:
        for message in decode(PROGRESSOR, lines):
            json.dumps(message, allow_nan=False)
    except CaptureError as error:
        sentence = str(error)
        assert sentence.startswith("line ")


@given(st.lists(st.tuples(st.integers(0, 2**63 - 1), st.booleans(), st.binary(max_size=80))))
def test_any_packets_give_json(packets: list[tuple[int, bool, bytes]]) -> None:
    lines = [f"{ns} > {CONTROL} {data.hex()}" if out else f"{ns} {DATA} {data.hex()}" for ns, out, data in packets]
    for message in decode(PROGRESSOR, lines):
        json.dumps(message, allow_nan=False)
        if message["is"] == "samples":
            assert isinstance(message["force"], dict)
            assert isinstance(message["t"], list)
            assert len(message["t"]) == len(message["force"]["force"]) > 0
