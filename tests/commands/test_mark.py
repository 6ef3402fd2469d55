"""`mark`: an onset set by hand stands in the session with who, when and why, and every reader goes by it."""

import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from forcelab.journal import read, records, resume, state
from tests.commands.conftest import Recorded
from tests.commands.running import Said, forcelab

WHY = ("--by", "AB", "--reason", "a knock before the push")


@pytest.fixture
def session(recorded: Recorded, tmp_path: Path) -> Path:
    """A copy that may be written into."""
    return Path(shutil.copy(recorded.path, tmp_path / "s.forcelab"))


def analysed(path: Path, trial: int) -> dict[str, Any]:
    (told,) = forcelab("analyse", path, "--trial", trial, "--json").json["trials"]
    return dict(told)


def mark(path: Path, trial: int, *options: object) -> Said:
    return forcelab("mark", path, trial, *options, *WHY, "--json")


def test_who_when_and_why_stand_in_the_file_and_the_new_numbers_with_them(session: Path) -> None:
    before, old = session.read_bytes(), analysed(session, 2)
    wanted = old["onset"] - 0.02
    started = int(time.time())
    said = mark(session, 2, "--onset", wanted)
    assert said.code == 0
    assert session.read_bytes().startswith(before), "nothing that stood there is touched"
    told = analysed(session, 2)
    assert said.json["trials"] == [told]
    assert told["onset"] == wanted
    assert told["results"] != old["results"]
    (entry,) = told["onsets_by_hand"]
    assert (entry["at"], entry["by"], entry["reason"]) == (wanted, "AB", "a knock before the push")
    assert started <= datetime.fromisoformat(entry["when"]).timestamp() <= time.time()
    assert "AB set the onset" in forcelab("analyse", session).err
    kept = state(read(session).story).trials[2]
    assert [one.evaluation.effort.rule for one in kept.evaluated if one.evaluation.effort] == ["percent", "manual"]
    report = forcelab("check", session, "--json").json
    assert (report["verdict"], report["closed"]) == ("identical", True)


def test_the_last_one_counts_and_all_are_kept(session: Path) -> None:
    old = analysed(session, 2)
    first, second = (old["onset"] - step for step in (0.02, 0.03))
    for at in (first, second):
        assert mark(session, 2, "--onset", at).code == 0
    assert analysed(session, 2)["onset"] == second
    assert mark(session, 2, "--rule").code == 0
    new = analysed(session, 2)
    assert {name: new[name] for name in old if name != "onsets_by_hand"} == {
        name: value for name, value in old.items() if name != "onsets_by_hand"
    }
    assert [one["at"] for one in new["onsets_by_hand"]] == [first, second, None]
    assert "the rule's already" in mark(session, 2, "--rule").sentence
    assert forcelab("check", session).code == 0


def test_what_is_no_onset_is_refused_and_nothing_is_written(session: Path) -> None:
    before = session.read_bytes()
    late = analysed(session, 2)["release"] + 1.0
    assert mark(session, 2, "--onset", 1e6).sentence
    assert mark(session, 2, "--onset", late).sentence
    assert "no trial 99" in mark(session, 99, "--onset", 1.0).sentence
    assert "--rule" in mark(session, 2).sentence
    assert "--rule" in mark(session, 2, "--onset", 1.0, "--rule").sentence
    assert forcelab("mark", session, 2, "--onset", 1.0, "--by", "AB").code == 2
    assert forcelab("mark", session, 2, "--onset", 1.0, "--by", "AB", "--reason", " ").code == 2
    assert forcelab("mark", session, 2, "--onset", 1.0, "--by", "", "--reason", "x").code == 2
    assert session.read_bytes() == before


def test_a_session_that_is_recorded_into_or_not_in_order_is_left_alone(session: Path, tmp_path: Path) -> None:
    at = analysed(session, 2)["onset"]
    with resume(session) as writer:
        assert "recorded into" in mark(session, 2, "--onset", at).sentence
        writer.append(records.Closed(host_ns=1 << 50))
    cut = tmp_path / "cut.forcelab"
    cut.write_bytes(session.read_bytes()[:-30])
    assert "not in order" in mark(cut, 2, "--onset", at).sentence


def test_check_tells_of_a_mark_that_no_result_followed(session: Path) -> None:
    with resume(session) as writer:
        writer.append(records.OnsetSet(host_ns=1 << 50, trial=2, at=1.5, by="AB", reason="x"))
        writer.append(records.Closed(host_ns=1 << 50))
    said = forcelab("check", session)
    assert said.code == 1
    assert "AB set the onset to 1.5 s" in said.last
