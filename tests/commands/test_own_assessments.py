"""Assessments of one's own, by folder and by file; another onset rule, another hold, and names that nothing bears."""

from pathlib import Path

import numpy as np
import pytest

from forcelab import assessments
from forcelab.commands import window
from forcelab.journal import read, state
from forcelab.model import Trace
from tests.commands.running import forcelab
from tests.commands.test_analyse_series import table
from tests.signals import ONSET, S4, sample

MINE = assessments.available()["abd_side"][1].replace('id = "abd_side"', 'id = "mine"')


def mine(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "my test.toml"
    path.write_text(MINE, encoding="utf-8")
    return path


def test_a_file_is_an_assessment_wherever_it_lies(tmp_path: Path) -> None:
    record = table(tmp_path / "t.csv", sample(S4, 1000.0))
    path = mine(tmp_path / "elsewhere")
    said = forcelab("analyse", record, "--assessment", path, "--json")
    assert said.json["assessment"] == "mine"
    out = tmp_path / "s.forcelab"
    options = ("--participant", "P-1", "--side", "left", "--trials", 1, "--device", "simulated:progressor", "--fast")
    assert forcelab("record", "--assessment", path, *options, "--out", out).code == 0
    kept = state(read(out).story).assessment
    assert kept is not None
    assert kept.text == MINE
    assert "mine, version" in forcelab("assessments", path).out


def test_the_folder_of_a_user_is_read_by_every_command(own_assessments: Path, tmp_path: Path) -> None:
    record = table(tmp_path / "t.csv", sample(S4, 1000.0))
    refused = forcelab("analyse", record, "--assessment", "mine")
    assert "No assessment is called" in refused.sentence
    mine(own_assessments)
    (own_assessments / "bad.toml").write_text("id = 5")
    assert forcelab("analyse", record, "--assessment", "mine", "--json").json["assessment"] == "mine"
    listed = forcelab("assessments")
    assert "mine" in listed.out
    assert str(own_assessments) in listed.err
    assert "bad.toml" in listed.err
    offer = window._offer(None)
    assert "mine" in offer.assessments
    assert "bad.toml" in " ".join(offer.problems)
    assert "bad.toml" in forcelab("analyse", record, "--assessment", "bad").err


def test_a_file_that_is_no_use_is_refused_in_one_sentence(tmp_path: Path) -> None:
    record = table(tmp_path / "t.csv", sample(S4, 1000.0))
    taken = tmp_path / "taken.toml"
    taken.write_text(assessments.available()["abd_side"][1], encoding="utf-8")
    assert "is taken" in forcelab("analyse", record, "--assessment", taken).sentence
    assert "cannot be read" in forcelab("analyse", record, "--assessment", tmp_path / "none.toml").sentence


def test_any_onset_rule_can_be_asked_for(tmp_path: Path) -> None:
    record = table(tmp_path / "t.csv", sample(S4, 1000.0))
    (trial,) = forcelab("analyse", record, "--onset-rule", "abs", "--json").json["trials"]
    # 5 N of a raised cosine of 600 N in 300 ms: (0.3 / pi) * acos(1 - 2 * 5 / 600).
    assert trial["onset"] == pytest.approx(ONSET + 0.3 / np.pi * np.arccos(1.0 - 10.0 / 600.0), abs=1e-3)
    assert "onset abs/1" in trial["results"]["rfd_0_200"]["recipe"]
    assert "trough" in forcelab("analyse", record, "--onset-rule", "mine").sentence
    assert "--onset-at" in forcelab("analyse", record, "--onset-rule", "abs", "--onset-at", 1.5).sentence
    assert "jump" in forcelab("analyse", record, "--assessment", "cmj", "--onset-rule", "abs").sentence


def test_a_long_hold_gives_its_fatigue_when_its_length_is_told(tmp_path: Path) -> None:
    t = np.arange(0.0, 70.0, 1.0 / 80.0)
    force = 20.0 + np.interp(t, [2.0, 2.3, 64.0, 64.3], [0.0, 500.0, 300.0, 0.0])
    record = table(tmp_path / "h.csv", Trace(t, force, 80.0))
    asked = ("analyse", record, "--assessment", "abd_supine_long", "--metrics", "fatigue_index_auc,decline")
    (short,) = forcelab(*asked, "--json").json["trials"]
    assert "The commanded hold ended" in short["results"]["decline"]["reason"]
    assert "--hold" in short["results"]["decline"]["reason"]
    (trial,) = forcelab(*asked, "--hold", 60, "--json").json["trials"]
    slope = 100.0 * -200.0 / (64.0 - 2.3) / 500.0
    assert trial["results"]["decline"]["value"] == pytest.approx(slope, rel=0.01)


def test_a_metric_that_nothing_bears_is_told_with_what_was_meant(tmp_path: Path) -> None:
    record = table(tmp_path / "t.csv", sample(S4, 1000.0))
    said = forcelab("analyse", record, "--metrics", "peak_frce").sentence
    assert said.startswith("No metric is called 'peak_frce'. Did you mean peak_force")
    assert "'lsi' is no number of an effort" in forcelab("analyse", record, "--metrics", "lsi").sentence
