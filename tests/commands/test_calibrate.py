"""`forcelab calibrate` and what follows from it, as a person sees it."""

import json
import math
from pathlib import Path

import pytest
from msgspec import structs

from forcelab.commands import weighed
from forcelab.journal import read, state, write_calibration
from forcelab.journal.calibration import read_calibration
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
    table.write_text("read (N)\tapplied (N)\n0\t0\n51,5\t50\n103\t100\n206\t200\n", "utf-8")
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


WEIGHTS = ("--device", "simulated:progressor", "--weights", "0,5,10,20 kg", "--fast")


def recorded(path: Path) -> Path:
    """A session of the same simulated sensor."""
    options = ("--assessment", "abd_side", "--participant", "P-07", "--side", "left", "--trials", 1, "--fast")
    assert forcelab("record", "--device", "simulated:progressor", *options, "--out", path).code == 0
    return path


def test_a_simulated_sensor_is_right_and_its_sessions_name_the_check(tmp_path: Path, calibrations_folder: Path) -> None:
    before = recorded(tmp_path / "before.forcelab")
    said = forcelab("calibrate", *WEIGHTS, "--json")
    assert said.code == 0
    assert said.json["check"]["results"]["slope"] == pytest.approx(1.0, abs=1e-5)
    (path,) = calibrations_folder.iterdir()
    kept = json.loads(path.read_text("utf-8"))
    assert (kept["check"]["firmware"], kept["check"]["serial"], len(kept["check"]["readings"])) == (
        "1.2.3.4",
        "030201",
        13,
    )
    after = recorded(tmp_path / "after.forcelab")
    journal = state(read(after).story)
    check = journal.connections[1].calibration
    assert check is not None
    assert (check.id, check.sha256) == (kept["check"]["id"], kept["sha256"])
    one, two = (forcelab("analyse", each, "--json").json for each in (before, after))
    assert [note for note in one["notes"] if "no calibration check" in note]
    assert [note for note in two["notes"] if f"due {check.due}" in note and check.sha256[:16] in note]
    assert one["trials"][0]["results"] == two["trials"][0]["results"], "a check changes no number"
    assert check.due in forcelab("check", after).err
    assert "no calibration check" in forcelab("check", before, "--json").json["calibration"][0]


def test_a_gain_error_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighed.Hanging, "__call__", lambda self, _seconds: 1.0 + 0.97 * self.newtons)
    said = forcelab("calibrate", *WEIGHTS, "--json")
    assert said.code == 1
    results = said.json["check"]["results"]
    assert results["slope"] == pytest.approx(0.97, abs=1e-4)
    assert results["offset"] == pytest.approx(1.0, abs=0.01)
    assert results["error"] == pytest.approx(-0.03 * 20 * 9.80665, abs=0.02)


def test_an_overdue_check_and_one_that_was_not_passed_are_told(tmp_path: Path, calibrations_folder: Path) -> None:
    assert forcelab("calibrate", *WEIGHTS).code == 0
    (path,) = calibrations_folder.iterdir()
    check = read_calibration(path).check
    path.unlink()
    old = structs.replace(check, checked="2020-01-31", checked_at="2020-01-31T00:00:00+00:00", due="2021-01-31")
    write_calibration(old, calibrations_folder)
    said = forcelab("analyse", recorded(tmp_path / "one.forcelab"))
    assert "It was overdue on the day of the session" in said.err
    assert forcelab("calibrations", "--json").json["calibrations"][0]["state"] == "overdue"
    write_calibration(structs.replace(check, id="newer", passed=False), calibrations_folder)
    said = forcelab("analyse", recorded(tmp_path / "two.forcelab"))
    assert "was not passed" in said.err
    assert "overdue" not in said.err


def test_a_damaged_check_is_told_before_a_session_and_not_named_in_it(
    tmp_path: Path, calibrations_folder: Path
) -> None:
    forcelab("calibrate", *WEIGHTS)
    (path,) = calibrations_folder.iterdir()
    path.write_text(path.read_text("utf-8").replace('"gravity": 9.8', '"gravity": 9.7'), "utf-8")
    options = ("--assessment", "abd_side", "--participant", "P", "--side", "left", "--trials", 1, "--fast")
    said = forcelab("record", "--device", "simulated:progressor", *options, "--out", tmp_path / "s.forcelab")
    assert said.code == 0
    assert "changed after it was written" in said.err
    assert state(read(tmp_path / "s.forcelab").story).connections[1].calibration is None


def test_a_weight_that_swings_is_refused(monkeypatch: pytest.MonkeyPatch, calibrations_folder: Path) -> None:
    monkeypatch.setattr(
        weighed.Hanging, "__call__", lambda self, seconds: self.newtons * (1 + 0.1 * math.sin(9 * seconds))
    )
    assert "does not hang still" in forcelab("calibrate", *WEIGHTS).last
    assert not calibrations_folder.exists()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ((), "Say either"),
        (("--weights", "0,5,10"), "are written like"),
        (("--weights", "5,10 kg"), "begin with 0"),
        (("--weights", "0,5 kg"), "Two weights beside 0"),
        (("--weights", "0,5,5 kg"), "Two weights beside 0"),
        (("--weights", "0,5,1.2.3 kg"), "no number"),
    ],
)
def test_weights_that_make_no_sense_are_a_sentence(options: tuple[str, ...], why: str) -> None:
    assert why in forcelab("calibrate", "--device", "simulated:progressor", "--fast", *options).sentence


def test_only_a_simulated_sensor_hurries() -> None:
    assert "hurry" in forcelab("calibrate", *SENSOR, "--weights", "0,5,10 kg", "--fast").sentence


def test_an_end_of_input_ends_the_series(calibrations_folder: Path) -> None:
    said = forcelab("calibrate", "--device", "simulated:progressor", "--weights", "0,5,10 kg", stdin=b"")
    assert "broken off" in said.last
    assert not calibrations_folder.exists()
