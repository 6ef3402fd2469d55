"""`forcelab analyse` on records of jumps, as tables of one plate or two: closed forms and other people's recordings."""

from pathlib import Path

import numpy as np
import pytest

from tests.analysis.jump.signals import countermovement, drop, sample
from tests.commands.running import forcelab


def table(path: Path, head: str, *columns: np.ndarray) -> Path:
    np.savetxt(path, np.column_stack(columns), delimiter=",", header=head, comments="", fmt="%.6f")
    return path


def test_one_column_is_one_plate(tmp_path: Path) -> None:
    trace = sample(countermovement())
    said = forcelab("analyse", table(tmp_path / "j.csv", "time (s),force (N)", trace.t, trace.force),
                    "--assessment", "cmj", "--json")  # fmt: skip
    assert said.code == 0, said.err
    (jump,) = said.json["trials"]
    assert jump["results"]["jump_height"]["value"] == pytest.approx(0.317566, rel=5e-4)
    assert jump["jump"]["kind"] == "cmj"
    assert jump["jump"]["takeoff"] == pytest.approx(2.6, abs=0.001)
    assert jump["onset"] == jump["jump"]["onset"]
    assert jump["weighing"]["weight"] == pytest.approx(784.8, rel=1e-6)


def test_left_and_right_columns_are_one_jump(tmp_path: Path) -> None:
    trace = sample(countermovement())
    path = table(tmp_path / "j.csv", "time (s),left (N),right (N)", trace.t, 0.45 * trace.force, 0.55 * trace.force)
    said = forcelab("analyse", path, "--assessment", "cmj", "--json", "--plot", tmp_path / "j.png")
    assert said.code == 0, said.err
    (jump,) = said.json["trials"]
    assert jump["side"] is None
    assert jump["results"]["jump_height"]["value"] == pytest.approx(0.317566, rel=5e-4)
    assert jump["results"]["propulsion_asymmetry"]["value"] == pytest.approx(10.0)
    assert (tmp_path / "j.png").exists()


def test_columns_without_a_side_are_added_up_and_that_is_told(tmp_path: Path) -> None:
    trace = sample(countermovement())
    path = table(tmp_path / "j.csv", "time (s),Fz1 (N),Fz2 (N)", trace.t, 0.45 * trace.force, 0.55 * trace.force)
    said = forcelab("analyse", path, "--assessment", "cmj", "--json")
    (jump,) = said.json["trials"]
    assert jump["results"]["jump_height"]["value"] == pytest.approx(0.317566, rel=5e-4)
    assert jump["results"]["propulsion_asymmetry"]["value"] is None
    assert any("added up" in note for note in said.json["notes"])


def test_a_person_says_which_column_is_which_side(tmp_path: Path) -> None:
    trace = sample(countermovement())
    path = table(tmp_path / "j.csv", "time (s),Fz1 (N),Fz2 (N)", trace.t, 0.45 * trace.force, 0.55 * trace.force)
    for left, right, asymmetry in (("Fz1", "Fz2", 10.0), ("3", "2", -10.0)):
        said = forcelab("analyse", path, "--assessment", "cmj", "--left", left, "--right", right, "--json")
        assert said.code == 0, said.err
        (jump,) = said.json["trials"]
        assert jump["results"]["propulsion_asymmetry"]["value"] == pytest.approx(asymmetry)
    for wrong in (("--left", "2"), ("--left", "2", "--right", "3", "--column", "2"), ("--left", "2", "--right", "Fz1")):
        assert forcelab("analyse", path, "--assessment", "cmj", *wrong).sentence


def test_a_drop_jump_for_people(tmp_path: Path) -> None:
    trace = sample(drop())
    said = forcelab("analyse", table(tmp_path / "j.csv", "time (s),force (N)", trace.t, trace.force),
                    "--assessment", "dj_30")  # fmt: skip
    assert said.code == 0, said.err
    assert "rsi (m/s)" in said.out
    assert "one plate does not tell left from right" in said.words


def test_a_short_stand_leaves_forces_and_flight_time(tmp_path: Path) -> None:
    trace = sample(countermovement(), before=0.4)
    path = table(tmp_path / "j.csv", "time (s),force (N)", trace.t, trace.force)
    said = forcelab("analyse", path, "--assessment", "cmj", "--plot", tmp_path / "j.png")
    assert "SHORT_WEIGHING" in said.out
    words = "".join(said.out.replace("│", " ").split())
    assert "trustforcesandflighttimeonly" in words


def test_no_jump_is_told(tmp_path: Path) -> None:
    t = np.arange(3000) / 1000.0
    path = table(tmp_path / "j.csv", "time (s),force (N)", t, np.full(3000, 700.0))
    said = forcelab("analyse", path, "--assessment", "cmj")
    assert said.code == 1
    assert said.last == "No jump was found in j.csv."
    refused = forcelab("analyse", path, "--assessment", "cmj", "--onset-at", 1.0)
    assert "cannot be set by hand" in refused.sentence


@pytest.mark.parametrize(("name", "assessment"), [("CMJ", "cmj"), ("SJ", "sj"), ("DJ", "dj_30")])
def test_left_and_right_of_a_recording_are_its_single_plate(shared_data: Path, name: str, assessment: str) -> None:
    folder = shared_data / "gidiel-machado"
    options = ("--assessment", assessment, "--rate", 1000, "--json")
    (alone,) = forcelab("analyse", folder / f"Single-{name}-Fz.txt", *options).json["trials"]
    sides = ("--left", "FP1", "--right", "FP2")
    (both,) = forcelab("analyse", folder / f"Dual-{name}-Fz.txt", *options, *sides).json["trials"]
    assert both["results"]["propulsion_asymmetry"]["value"] is not None
    for metric in ("jump_height", "flight_time", "body_weight", "push_peak_force", "landing_peak_force"):
        values = [trial["results"][metric]["value"] for trial in (alone, both)]
        assert values[0] == pytest.approx(values[1], rel=0.005), metric


def test_the_600_hz_recording_warns_of_its_short_weighing(shared_data: Path) -> None:
    said = forcelab("analyse", shared_data / "BMClab" / "GRFZjump.txt", "--assessment", "cmj", "--rate", 600, "--json")
    (jump,) = said.json["trials"]
    assert "SHORT_WEIGHING" in jump["flags"]
    assert jump["verdict"] == "peak_only"
    assert jump["results"]["jump_height_flight"]["value"] == pytest.approx(0.221, abs=0.002)
