"""The file of a calibration check: as it was written it is read, and whatever was changed in it is noticed."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forcelab.journal import Calibration, JournalError, WeightReading, latest, read_calibrations, write_calibration
from forcelab.journal.calibration import SUFFIX, read_calibration


def check(**changes: object) -> Calibration:
    usual: dict[str, object] = {
        "id": "one", "checked_at": "2026-03-01T10:00:00+00:00", "checked": "2026-03-01", "due": "2027-03-01",
        "operator": "AB", "name": "Sensor µ", "address": "AA", "serial": "7", "firmware": "1.2", "codec": "progressor",
        "codec_version": 1, "family": "F", "settings": {}, "weights": "0,10,20 kg", "gravity": 9.80665,
        "readings": (WeightReading(0.0, 0.1, 0.01, 2.0, 160), WeightReading(98.0665, 98.3)), "limit": "1 %",
        "passed": True, "results": {"slope": 1.001, "hysteresis": None}, "missing": {"hysteresis": "Not read."},
        "taken": "from a table",
    }  # fmt: skip
    return Calibration(**(usual | changes))  # type: ignore[arg-type] # each test names fields of it


def test_what_was_written_is_read_and_anybody_can_make_its_hash(tmp_path: Path) -> None:
    path, kept = write_calibration(check(), tmp_path / "new")
    assert read_calibration(path) == kept
    raw = json.loads(path.read_text("utf-8"))
    text = json.dumps(raw["check"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == raw["sha256"] == kept.sha256
    assert "\n" in path.read_text("utf-8").strip(), "a person can read it"
    with pytest.raises(JournalError, match="never written over"):
        write_calibration(check(), tmp_path / "new")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"read": 98.3', '"read": 98.1'),
        ('"due": "2027-03-01"', '"due": "2037-03-01"'),
        ('"passed": true', '"passed": false'),
        ('"address": "AA"', '"address": "AB"'),
        ('"operator": "AB"', '"operator": "AB", "more": 1'),
    ],
)
def test_whatever_is_changed_is_found_by_the_hash(tmp_path: Path, old: str, new: str) -> None:
    path, _ = write_calibration(check(), tmp_path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(JournalError, match="was changed after it was written"):
        read_calibration(path)
    assert read_calibrations(tmp_path)[0] == []


def test_a_newer_one_and_one_of_another_shape_are_not_used(tmp_path: Path) -> None:
    write_calibration(check(id="newer", version=2), tmp_path)
    write_calibration(check(id="shape", due="soon"), tmp_path)
    found, problems = read_calibrations(tmp_path)
    assert found == []
    assert [problem.split()[0] for problem in problems] == [f"newer{SUFFIX}", f"shape{SUFFIX}"]
    assert "newer version" in problems[0]
    assert "not used" in problems[1]


@given(
    st.binary(max_size=80) | st.sampled_from([b'{"check":1e999,"sha256":""}', b"[" * 5000, b'{"check":[],"sha256":1}'])
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_any_damage_is_a_sentence(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / f"x{SUFFIX}"
    path.write_bytes(damage)
    found, (problem,) = read_calibrations(tmp_path)
    assert found == []
    assert problem.startswith(path.name)


def test_any_content_comes_back(tmp_path: Path) -> None:
    strange = check(name='"\\\u2028é', settings={"coefficient": "1e-3"}, gravity=9.80665000000001)
    path, kept = write_calibration(strange, tmp_path)
    assert read_calibration(path).check == kept.check == strange


def test_the_last_check_of_the_very_sensor_counts(tmp_path: Path) -> None:
    write_calibration(check(id="a"), tmp_path)
    write_calibration(check(id="b", checked_at="2026-04-01T10:00:00+00:00", passed=False), tmp_path)
    write_calibration(check(id="c", checked_at="2026-05-01T10:00:00+00:00", address="BB"), tmp_path)
    write_calibration(check(id="d", checked_at="2026-05-01T10:00:00+00:00", settings={"step": "2"}), tmp_path)
    kept, problems = read_calibrations(tmp_path)
    assert problems == []
    last = latest(kept, "AA", "progressor", {})
    assert last is not None
    assert (last.id, last.passed) == ("b", False), "a check that was not passed is not hidden by an older one"
    assert last.sha256 == next(one.sha256 for one in kept if one.check.id == "b")
    assert latest(kept, "AA", "godirect", {}) is None
    assert latest(kept, "CC", "progressor", {}) is None
