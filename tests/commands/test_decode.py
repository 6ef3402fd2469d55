"""`forcelab decode` on frames that other people published; none of them comes from our own encoder."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.commands.running import Said, forcelab

DATA = "7e4e1702-1ea6-40c9-9dcc-13d34ffead57"
CONTROL = "7e4e1703-1ea6-40c9-9dcc-13d34ffead57"
G = 9.80665

BATCH = """
    0000A041 40420F00 0000A441 14730F00 0000A841 E8A30F00 0000AC41 BCD40F00
    0000B041 90051000 0000B441 64361000 0000B841 38671000 0000BC41 0C981000
""".replace("\n", " ")

FRAMES: list[tuple[str, list[float], list[float]]] = [
    ("01 10 00 00 20 41 E8 03 00 00 00 00 48 41 20 A1 07 00", [0.001, 0.5], [10.0, 12.5]),
    ("01 08 00 00 48 41 07 00 00 00", [7e-6], [12.5]),
    ("01 08 00 00 80 BE D4 30 00 00", [0.0125], [-0.25]),
    (
        f"01 40 {BATCH}",
        [1.0 + n * 0.0125 for n in range(8)],
        [20.0 + n * 0.5 for n in range(8)],
    ),
]


def decoded(said: Said) -> list[dict[str, Any]]:
    return [Said(0, line, "").json for line in said.out.splitlines()]


@pytest.mark.parametrize("road", ["file", "stdin"])
@pytest.mark.parametrize(("frame", "t", "kilograms"), FRAMES)
def test_published_frames(frame: str, t: list[float], kilograms: list[float], road: str, tmp_path: Path) -> None:
    capture = f"# a capture\n\n1000 {DATA} {frame}\n"
    path = tmp_path / "capture.txt"
    path.write_text(capture)
    said = forcelab("decode", "progressor", path) if road == "file" else forcelab(*STDIN, stdin=capture.encode())
    assert (said.code, said.err) == (0, "")
    (samples,) = [one for one in decoded(said) if one["is"] == "samples"]
    assert samples["t"] == pytest.approx(t, abs=1e-12)
    (force,) = samples["force"].values()
    assert force == pytest.approx([kg * G for kg in kilograms], rel=1e-12)
    assert samples["time_ns"] == 1000


STDIN = ("decode", "progressor", "-")


def test_time_goes_on_across_the_wrap() -> None:
    frame = "01 10 00 00 FE 41 60 F0 FF FF 00 00 00 42 34 21 00 00"
    (samples,) = [one for one in decoded(forcelab(*STDIN, stdin=f"1 {DATA} {frame}\n".encode())) if "t" in one]
    assert samples["t"][1] - samples["t"][0] == pytest.approx(0.0125, abs=1e-9)


def test_a_reply_is_understood_with_its_question_and_raw_without() -> None:
    reply = f"2 {DATA} 00 04 1B 10 00 00\n"
    alone = [one for one in decoded(forcelab(*STDIN, stdin=reply.encode())) if one["is"] == "info"]
    asked = decoded(forcelab(*STDIN, stdin=f"1 > {CONTROL} 6F\n{reply}".encode()))
    assert [one["name"] for one in alone] != ["battery_mv"]
    assert [(one["name"], one["value"]) for one in asked if one["is"] == "info"] == [("battery_mv", 4123)]


def test_low_power_and_nonsense_are_told_and_not_refused() -> None:
    said = forcelab(*STDIN, stdin=f"1 {DATA} 04 00\n2 {DATA} 01 ff 00\n3 {DATA}\n".encode())
    assert said.code == 0
    kinds = [one["is"] for one in decoded(said)]
    assert kinds.count("malformed") == 2
    assert "info" in kinds


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("yesterday " + DATA + " 00", "yesterday"),
        ("1 2a37 00", "2a37"),
        (f"1 {DATA} 0", "hex"),
        (f"1 {DATA} zz", "hex"),
        (f"1 > {DATA} 0x64", "hex"),
        ("-1 advertisement 00", "-1"),
        ("1", "line 3"),
        ("\x1b[2J", "line 3"),
    ],
)
def test_a_bad_line_is_named_and_what_stands_before_it_is_decoded(line: str, says: str) -> None:
    said = forcelab(*STDIN, stdin=f"1 {DATA} 04 00\n\n{line}\n".encode())
    assert said.code == 1
    assert "line 3" in said.last
    assert says in said.last
    assert said.last.endswith(".")
    assert len(said.err.splitlines()) == 1
    assert decoded(said)


def test_a_capture_that_is_no_text_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    assert "no text" in forcelab("decode", "progressor", tmp_path / "bytes").sentence
    assert "cannot be read" in forcelab("decode", "progressor", tmp_path / "nothing").sentence
    assert "cannot be read" in forcelab("decode", "progressor", tmp_path).sentence


def test_an_unknown_family_is_told_with_those_that_are_known() -> None:
    assert "progressor" in forcelab("decode", "abacus").sentence


def test_help_tells_the_form_of_the_lines() -> None:
    said = " ".join(forcelab("decode", "--help").out.split())
    for promised in ("time_ns characteristic hex", "time_ns > characteristic hex", "advertisement", "samples", "null"):
        assert promised in said


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(st.characters(exclude_characters="\r\n"), max_size=40) | st.binary(max_size=20), max_size=6))
def test_whatever_comes_is_decoded_or_refused_in_a_sentence(lines: list[str | bytes]) -> None:
    texts = [
        f"{n} {DATA} {line.hex()}" if isinstance(line, bytes) else line.encode("utf-8", "replace").decode()
        for n, line in enumerate(lines)
    ]
    said = forcelab(*STDIN, stdin="\n".join(texts).encode())
    decoded(said)
    if said.code:
        assert "line " in said.last
