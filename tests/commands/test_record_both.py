"""`forcelab record` with a sensor at each limb, and what the other commands make of its session."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from forcelab import assessments
from forcelab.assemble import traces
from forcelab.check import check
from forcelab.commands.simulated import LAG
from forcelab.commands.terminal import told_of
from forcelab.evaluate import evaluate, whole
from forcelab.journal import read, state
from forcelab.model import TrialView
from tests.commands.running import Said, forcelab

PAIR = ("--device", "left=simulated:progressor", "--device", "right=simulated:godirect")
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
SHARE = 0.85
"""Of the simulated person's left side."""


def record(path: Path, *options: object, devices: tuple[str, ...] = PAIR, assessment: str = "squeeze_0_long") -> Said:
    usual = ("--assessment", assessment, "--participant", "P-07", "--fast", "--rest", 1, "--out", path)
    return forcelab("record", *usual, *devices, *options)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("both") / "both.forcelab"


@pytest.fixture(scope="module")
def recorded(path: Path) -> Said:
    said = record(path, "--side", "both", "--trials", 2, "--json")
    assert said.code == 0, said.err
    return said


def test_one_session_holds_both_on_one_clock(recorded: Said, path: Path) -> None:
    session = state(read(path).story)
    families = {one.role: one.codec for one in session.connections.values()}
    assert families == {"left": "progressor", "right": "godirect"}
    for trial in recorded.json["trials"]:
        aligned = trial["alignment"]
        assert set(aligned["clocks"]) == set(trial["parts"]) == {"left", "right"}
        # What cannot be observed is in it: either family's declared latency alone is 0.1 s.
        assert 0.05 < aligned["uncertainty"] < 0.15
        lag = trial["between"]["onset_lag"]
        assert lag["value"] == pytest.approx(LAG, abs=aligned["uncertainty"])
        assert lag["interval"] or "the two clocks alone leave ±" in lag["no_interval"]
        true = 100.0 * (1.0 - SHARE) / (1.0 + SHARE)
        assert trial["between"]["mean_1s_asymmetry"]["value"] == pytest.approx(true, abs=1.0)


def test_all_of_it_comes_out_again_bit_for_bit(recorded: Said, path: Path) -> None:
    assert check(path).verdict == "identical"
    again = forcelab("analyse", path, "--json").json
    assert again["trials"] == recorded.json["trials"]
    assert again["summary"] == recorded.json["summary"]


def test_people_are_told_each_side_the_difference_and_the_doubt(recorded: Said, path: Path) -> None:
    assert recorded.code == 0
    said = forcelab("analyse", path)
    assert "Right against left" in said.out
    assert "onset_lag (s)" in said.out
    assert "Both sensors are on one clock to within ±" in said.words
    assert "BAI-1 = 100 × (right − left) / (right + left)" in said.words
    for side in ("both", "left", "right"):
        assert f"trial 1 {side}" in said.out


def test_a_test_of_each_limb_takes_both_at_once_where_both_have_a_sensor(tmp_path: Path) -> None:
    said = record(tmp_path / "s", "--side", "both", "--trials", 1, "--json", assessment="abd_supine_long")
    (trial,) = said.json["trials"]
    assert (trial["side"], set(trial["parts"])) == ("both", {"left", "right"})


def test_one_limb_is_measured_with_its_own_sensor(tmp_path: Path) -> None:
    said = record(tmp_path / "s", "--side", "right", "--trials", 1, "--json", assessment="abd_supine_long")
    (trial,) = said.json["trials"]
    assert trial["side"] == "right"
    assert trial["alignment"] is None


@pytest.mark.parametrize(
    ("devices", "words"),
    [
        (("--device", "simulated:progressor", "--device", "right=simulated:progressor"), "total and right"),
        (("--device", "left=simulated:progressor", "--device", "left=simulated:progressor"), "left and left"),
        (("--device", "left=simulated:progressor", "--device", "right=progressor"), "both are simulated or none"),
    ],
)
def test_what_cannot_record_together_is_told(tmp_path: Path, devices: tuple[str, ...], words: str) -> None:
    assert words in record(tmp_path / "s", devices=devices).sentence


def test_the_terminal_tells_the_peak_of_each_side(recorded: Said, path: Path) -> None:
    assert path.exists()
    (line, *_) = [line for line in recorded.err.splitlines() if line.startswith("Trial 1 (both): peak")]
    assert " N (left " in line
    assert ", right " in line


def test_the_terminal_tells_a_sensor_that_was_lost(recorded: Said, path: Path) -> None:
    assert recorded.code == 0
    story = read(path).story
    both = dict(traces(story))[1]
    right = both["right"]
    both["right"] = replace(right, t=right.t[:-200], force=right.force[:-200], broken_off="It is out of range.")
    assessment, _ = assessments.available()["squeeze_0_long"]
    (found,) = evaluate(both, assessment)
    shown = TrialView(1, 1, "both", False, "released", found, whole(both))
    shown = replace(shown, parts=tuple(replace(shown, side=side, evaluation=found.parts[side]) for side in SIDES))
    told = told_of(shown)
    assert "The right sensor was lost in the trial: It is out of range." in told
    assert "Peak: left 2" in told


def test_a_delay_that_nobody_declares_is_told_as_assumed(tmp_path: Path) -> None:
    pair = ("--device", "left=simulated:pasco", "--device", "right=simulated:progressor")
    said = record(tmp_path / "s", "--trials", "1", devices=pair)
    words = " ".join(said.out.split() + said.err.split())
    assert "That left hands its samples over within 50 ms is an assumption: nobody tells." in words
    assert "That right" not in words
