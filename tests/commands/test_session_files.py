"""`analyse`, `check` and `recover` on session files: fresh, older, altered, torn."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from forcelab.evaluate import Summary
from forcelab.journal import read
from forcelab.journal.records import FORMAT, Closed, Entry, Evaluated
from forcelab.report import curve, session
from tests.commands.conftest import Recorded
from tests.commands.running import forcelab
from tests.journal.story import write


def test_a_session_analysed_again_gives_what_recording_gave(recorded: Recorded) -> None:
    again = forcelab("analyse", recorded.path, "--json")
    assert again.code == 0
    assert again.json["trials"] == recorded.said.json["trials"]
    assert [(trial["side"], trial["practice"]) for trial in again.json["trials"]].count(("left", False)) == 2
    assert again.json["participant"] == "P-07"
    assert again.json["summary"]["lsi"]["value"] == pytest.approx(85.0, abs=8.0)


def test_one_trial_and_an_onset_by_hand(recorded: Recorded) -> None:
    whole = forcelab("analyse", recorded.path, "--json").json["trials"]
    last = whole[-1]
    by_hand = last["onset"] + 0.01
    (trial,) = forcelab("analyse", recorded.path, "--trial", last["trial"], "--onset-at", by_hand, "--json").json[
        "trials"
    ]
    assert (trial["trial"], trial["onset"]) == (last["trial"], by_hand)
    assert trial["results"]["rfd_0_200"]["recipe"] != last["results"]["rfd_0_200"]["recipe"]
    assert "--trial" in forcelab("analyse", recorded.path, "--onset-at", 3).sentence
    assert "no trial 99" in forcelab("analyse", recorded.path, "--trial", 99).sentence


def test_all_and_another_assessment(recorded: Recorded) -> None:
    told = forcelab("analyse", recorded.path, "--assessment", "free", "--all", "--json").json
    assert told["assessment"] == "free"
    shown = told["trials"][0]["results"]["rfd_0_50"]
    assert (shown["mark"], shown["reason"]) == ("below_rate", None)


def test_trials_stand_limb_by_limb_in_80_columns(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = forcelab("analyse", recorded.path)
    assert max(map(len, said.out.splitlines())) <= 80
    assert said.out.count("peak_force (N)") == 4, "two trials with their intervals beside one another, a limb at a time"
    assert "(practice)" in said.out


def test_a_picture_of_the_session_and_one_of_each_trial(recorded: Recorded, tmp_path: Path) -> None:
    said = forcelab("analyse", recorded.path, "--plot", tmp_path / "page.png", "--json")
    assert said.code == 0
    names = {page.name for page in tmp_path.iterdir()}
    assert names == {"page.png", *(f"page-{trial['trial']}.png" for trial in said.json["trials"])}
    assert all(page.read_bytes().startswith(b"\x89PNG") for page in tmp_path.iterdir())
    eased = forcelab("analyse", recorded.path, "--plot", tmp_path / "eased.png", "--smooth", 5, "--json")
    assert eased.json == said.json, "no number comes from a filtered curve"
    assert (tmp_path / "eased-2.png").read_bytes() != (tmp_path / "page-2.png").read_bytes()
    assert "--plot" in forcelab("analyse", recorded.path, "--smooth", 5).sentence


def test_the_picture_shows_what_the_text_says(
    recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[Summary] = []
    monkeypatch.setattr(curve, "draw", lambda *_args, **_named: None)
    monkeypatch.setattr(session, "draw_session", lambda _views, summary, _path, **_named: pages.append(summary))
    told = ("--sem", 12, "--involved", "left")
    assert forcelab("analyse", recorded.path, "--plot", tmp_path / "page.png", *told).code == 0
    (summary,) = pages
    compared = summary.comparison
    assert compared is not None
    assert compared.lsi is not None
    assert (compared.error and compared.error.value, compared.lsi.formula) == (
        12.0,
        "LSI = 100 · I / U, I the left side",
    )


def test_a_file_holds_why_numbers_are_missing_beside_the_table(recorded: Recorded) -> None:
    said = forcelab("analyse", recorded.path, "--metrics", "peak_force,peak_torque")
    assert "no lever arm" in said.words.partition("see below")[2]
    assert "no lever arm" not in said.err


def test_a_session_says_its_units_itself(recorded: Recorded) -> None:
    said = forcelab("analyse", recorded.path, "--rate", 80, "--force-unit", "lb")
    assert "--rate, --force-unit" in said.sentence


def test_a_fresh_session_is_identical(recorded: Recorded) -> None:
    said = forcelab("check", recorded.path, "--json")
    assert said.code == 0
    assert (said.json["verdict"], said.json["ok"], said.json["faults"]) == ("identical", True, [])
    assert {one["outcome"] for one in said.json["results"]} == {"identical"}
    assert "identical" in forcelab("check", recorded.path).err


def damaged(recorded: Recorded, folder: Path) -> tuple[Path, int]:
    """A copy in which one bit of a packet has turned, and the number of its line."""
    lines = recorded.path.read_bytes().splitlines(keepends=True)
    at = [n for n, line in enumerate(lines) if line.startswith(b'{"is":"packet"')][-3]
    end = lines[at].index(b'"', lines[at].index(b'"hex":"') + 7) - 1
    lines[at] = lines[at][:end] + (b"0" if lines[at][end : end + 1] != b"0" else b"1") + lines[at][end + 1 :]
    path = folder / "damaged.forcelab"
    path.write_bytes(b"".join(lines))
    return path, at + 1


def test_damage_is_named_with_its_line(recorded: Recorded, tmp_path: Path) -> None:
    path, line = damaged(recorded, tmp_path)
    said = forcelab("check", path)
    assert said.code == 1
    assert f"Line {line} was altered" in said.last
    told = forcelab("check", path, "--json")
    assert told.code == 1
    assert (told.json["verdict"], told.json["faults"][0]["line"]) == ("damaged", line)
    analysed = forcelab("analyse", path)
    assert f"Line {line} was altered" in analysed.err, "who reads numbers from it is told as well"


def story(recorded: Recorded) -> list[Entry]:
    """The records of the session, all of which this version knows."""
    return [record for record in read(recorded.path).story if isinstance(record, Entry)]


def resealed(recorded: Recorded, folder: Path, change: Callable[[Evaluated], Evaluated]) -> Path:
    """A copy with other stored results, whose lines are all in order."""

    def changed(record: Entry) -> Entry:
        return change(record) if isinstance(record, Evaluated) else record

    return write(folder / "resealed.forcelab", map(changed, story(recorded)))


def other(record: Evaluated, **new: object) -> Evaluated:
    """The record with other fields in its first result, that of peak force."""
    first, *rest = record.evaluation.results
    return replace(record, evaluation=replace(record.evaluation, results=(replace(first, **new), *rest)))


def test_an_older_definition_is_no_damage(recorded: Recorded, tmp_path: Path) -> None:
    path = resealed(recorded, tmp_path, lambda record: other(record, recipe="peak_force/0", value=1.0))
    said = forcelab("check", path)
    assert said.code == 0
    assert "older definition" in said.last
    assert "older definition" in said.out
    assert forcelab("check", path, "--json").json["verdict"] == "older definition"


def test_a_number_that_does_not_come_out_again_is_told(recorded: Recorded, tmp_path: Path) -> None:
    path = resealed(recorded, tmp_path, lambda record: other(record, value=1.0))
    said = forcelab("check", path)
    assert said.code == 1
    assert "differs" in said.last
    assert "peak_force" in said.out


def test_what_was_cut_off_is_recovered_and_analysed(recorded: Recorded, tmp_path: Path) -> None:
    path = tmp_path / "cut.forcelab"
    path.write_bytes(recorded.path.read_bytes()[:-30])
    assert forcelab("check", path).code == 1
    before = path.read_bytes()
    assert "ended without closing" in forcelab("analyse", path).err
    said = forcelab("recover", path)
    assert (said.code, said.out) == (0, "")
    assert path.read_bytes().startswith(before)
    assert forcelab("check", path).code == 0
    assert "nothing to recover" in forcelab("recover", path).err
    torn, _line = damaged(recorded, tmp_path)
    torn.write_bytes(torn.read_bytes()[:-30])
    said = forcelab("recover", torn)
    assert said.code == 0
    assert "forcelab check" in said.last, "what recovery does not mend is told"
    assert forcelab("analyse", path, "--json").json["trials"] == recorded.said.json["trials"]


def test_a_session_that_holds_no_trial_is_work_not_done(recorded: Recorded, tmp_path: Path) -> None:
    path = write(tmp_path / "empty.forcelab", [*story(recorded)[:6], Closed(host_ns=1 << 50)])
    said = forcelab("analyse", path)
    assert said.code == 1
    assert "No effort" in said.last
    assert "no trial that could be drawn" in forcelab("analyse", path, "--plot", tmp_path / "p.png").last


@pytest.mark.parametrize("command", ["check", "recover", "analyse"])
def test_what_is_no_session_is_refused(command: str, tmp_path: Path) -> None:
    other_file = tmp_path / "letter.forcelab"
    other_file.write_bytes(b"Dear colleague,\n\x00\x1b[31m\n")
    assert "not a forcelab session" in forcelab(command, other_file).sentence
    assert "cannot be read" in forcelab(command, tmp_path / "nothing.forcelab").sentence
    assert forcelab(command, tmp_path).sentence
    newer = tmp_path / "newer.forcelab"
    newer.write_text(f'{{"is":"opened","format":"{FORMAT}","version":99,"h":"0123456789abcdef"}}\n')
    assert "newer forcelab" in forcelab(command, newer).sentence


def test_every_line_of_a_session_names_its_kind(recorded: Recorded) -> None:
    kinds = [json.loads(line)["is"] for line in recorded.path.read_text(encoding="utf-8").splitlines()]
    assert {"connected", "packet", "trial_started"} <= set(kinds)


def test_a_damaged_line_that_may_have_named_the_assessment_is_pointed_to(recorded: Recorded, tmp_path: Path) -> None:
    lines = recorded.path.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith(b'{"is":"assessment"'))
    lines[at] = lines[at][:40] + b"?" + lines[at][41:-30] + b"\n"
    path = tmp_path / "torn.forcelab"
    path.write_bytes(b"".join(lines))
    said = forcelab("analyse", path)
    assert said.code == 1
    assert "names no assessment" in said.sentence
    assert "--assessment" in said.sentence
    assert f"Line {at + 1} cannot be read" in said.sentence
    told = forcelab("analyse", path, "--assessment", "free", "--json")
    assert told.json["assessment"] == "free"
