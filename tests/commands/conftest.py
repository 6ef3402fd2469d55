from dataclasses import dataclass
from pathlib import Path

import pytest

from forcelab.commands import calibrate, calibrations, known_assessments, remembered
from tests.commands.running import Said, forcelab


@dataclass(frozen=True)
class Recorded:
    """A session that `forcelab record` made, and what it said meanwhile."""

    path: Path
    said: Said


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """One practice trial and two trials of each limb. No test may write into it."""
    path = tmp_path_factory.mktemp("recorded") / "folder" / "that is new" / "s.forcelab"
    options = ("--assessment", "abd_side", "--participant", "P-07", "--trials", 2, "--practice", 1, "--rest", 1)
    said = forcelab("record", "--device", "simulated:progressor", *options, "--fast", "--json", "--out", path)
    return Recorded(path, said)


@pytest.fixture(autouse=True)
def sensors_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sensors that were used before: not those of whoever runs the tests. The file is not there yet."""
    path = tmp_path / "settings" / "sensors.json"
    monkeypatch.setattr(remembered, "sensors_file", lambda: path)
    return path


@pytest.fixture(autouse=True)
def own_assessments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of assessments: not that of whoever runs the tests. It is not there yet."""
    folder = tmp_path / "own assessments"
    monkeypatch.setattr(known_assessments, "assessments_folder", lambda: folder)
    return folder


@pytest.fixture(autouse=True)
def calibrations_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's calibration checks: not those of whoever runs the tests. It is not there yet."""
    folder = tmp_path / "calibration checks"
    monkeypatch.setattr(calibrations, "calibrations_folder", lambda: folder)
    monkeypatch.setattr(calibrate, "calibrations_folder", lambda: folder)
    return folder
