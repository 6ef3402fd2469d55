"""`forcelab calibrate` and what follows from it, as a person sees it."""

import json
from pathlib import Path

import pytest

from tests.commands.running import forcelab

SENSOR = ("--device", "progressor:AA:BB")
GOOD = "applied (kg),read (N)\n0,0.2\n5,49.3\n10,98.1\n20,196.5\n10,98.3\n5,49.2\n0,0.3\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "weights.csv"
    path.write_text(GOOD, "utf-8")
    return path


def test_a_check_from_a_table_is_kept_and_listed(table: Path, calibrations_folder: Path) -> None:
    said = forcelab("calibrate", *SENSOR, "--from", table, "--operator", "AB")
    assert said.code == 0
    assert "Passed" in said.words
    (path,) = calibrations_folder.iterdir()
    check = json.loads(path.read_text("utf-8"))["check"]
    assert (check["address"], check["codec"], check["operator"], check["passed"]) == ("AA:BB", "progressor", "AB", True)
    assert check["readings"][1]["applied"] == 5 * 9.80665
    (listed,) = forcelab("calibrations", "--json").json["calibrations"]
    assert (listed["id"], listed["state"]) == (check["id"], "valid")
    assert "valid" in forcelab("calibrations").out


def test_a_check_that_is_not_passed_is_told_and_kept(table: Path) -> None:
    table.write_text("read (N)\tapplied (N)\n0\t0\n51,5\t50\n103\t100\n206\t200\n".replace("51,5", "51.5"), "utf-8")
    said = forcelab("calibrate", *SENSOR, "--from", table)
    assert said.code == 1
    assert "Not passed" in said.words
    assert "1.03" in said.out
    assert forcelab("calibrations", "--json").json["calibrations"][0]["state"] == "failed"
    assert forcelab("calibrate", *SENSOR, "--from", table, "--percent", "4").code == 0


def test_local_gravity_makes_the_newtons(table: Path) -> None:
    said = forcelab("calibrate", *SENSOR, "--from", table, "--gravity", "9.78", "--json")
    results = said.json["check"]["results"]
    assert results["span"] == 20 * 9.78
    assert results["error"] == pytest.approx(196.5 - 0.2 - 20 * 9.78)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "headed like"),
        ("a,b\n0,0\n", "headed like"),
        ("applied (kg),read (lb)\n0,0\n", "headed like"),
        ("applied (N),read (N)\n0,0\n1\n", "row 3"),
        ("applied (N),read (N)\n0,0\n1,x\n", "no number"),
        ("applied (N),read (N)\n0,0\n1,inf\n", "no number"),
        ("applied (N),read (N)\n10,0\n20,1\n30,4\n", "begin with the empty sensor"),
        ("applied (N),read (N)\n0,0\n10,1\n", "3 readings"),
        ('applied (N),read (N)\n0,"0\n', "table"),
    ],
)
def test_a_table_that_makes_no_sense_is_a_sentence(table: Path, calibrations_folder: Path, text: str, why: str) -> None:
    table.write_text(text, "utf-8")
    assert why in forcelab("calibrate", *SENSOR, "--from", table).sentence
    assert not calibrations_folder.exists()


def test_the_sensor_must_be_known(table: Path) -> None:
    assert "must be told" in forcelab("calibrate", "--device", "nobody", "--from", table).sentence
    assert "must be told" in forcelab("calibrate", "--device", "progressor", "--from", table).sentence


def test_a_file_that_was_changed_is_told_and_not_used(table: Path, calibrations_folder: Path) -> None:
    forcelab("calibrate", *SENSOR, "--from", table)
    (path,) = calibrations_folder.iterdir()
    path.write_text(path.read_text("utf-8").replace('"due": "20', '"due": "21'), "utf-8")
    said = forcelab("calibrations", "--json").json
    assert said["calibrations"] == []
    assert "changed after it was written" in said["problems"][0]
    assert "changed after it was written" in forcelab("calibrations").err
