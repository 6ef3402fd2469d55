"""`forcelab demo` where no window can be opened."""

from pathlib import Path

import pytest

from forcelab import app
from forcelab.check import check
from tests.commands.running import forcelab

WHY = "Install the packages libgl1 and libegl1."


def test_without_qt_it_says_why_and_still_leaves_session_picture_and_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "missing_libraries", lambda: WHY)
    monkeypatch.setenv("COLUMNS", "120")  # room for three trials with their intervals
    folder = tmp_path / "new" / "demo"
    said = forcelab("demo", "--fast", "--seed", 3, "--out", folder)
    assert said.code == 0
    assert said.err.startswith(WHY)
    (session,) = folder.glob("*.forcelab")
    assert check(session).verdict == "identical"
    assert session.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    assert str(session) in said.last
    assert said.out.count("peak_force (N)") == 2, "a table for each limb"
    assert "Progressor" in said.err


def test_a_place_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    said = forcelab("demo", "--headless", "--fast", "--out", tmp_path / "file" / "below")
    assert said.code == 1
    assert "cannot be made" in said.sentence
