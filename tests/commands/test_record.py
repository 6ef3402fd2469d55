"""`forcelab record` and `scan` with simulated sensors, without Bluetooth, and with a radio that refuses."""

import math
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from firmware_protocols import CODECS
from firmware_protocols.codec import Advertisement
from forcelab.acquisition.link import Found, Link, RadioError
from forcelab.check import check
from forcelab.commands import sessions
from forcelab.commands.output import emit
from forcelab.commands.terminal import prompt
from forcelab.engine import Engine
from forcelab.flow import EndSession
from forcelab.journal import read, records, resume, state
from forcelab.model import Phase, SensorView, View
from tests.commands.conftest import Recorded
from tests.commands.running import Said, forcelab
from tests.journal.story import SMALL, write

SIMULATED = ("--device", "simulated:progressor", "--fast", "--rest", 1)


def record(*options: object, assessment: str = "abd_side", participant: str = "P-07") -> Said:
    return forcelab("record", "--assessment", assessment, "--participant", participant, *options)


def test_json_is_one_object_and_progress_stands_beside_it(recorded: Recorded) -> None:
    assert recorded.said.code == 0
    assert len(recorded.said.out.splitlines()) == 1
    trials = recorded.said.json["trials"]
    assert [trial["practice"] for trial in trials].count(True) == 2
    assert [trial["side"] for trial in trials if not trial["practice"]].count("right") == 2
    for trial in trials:
        assert recorded.said.err.count(f"Trial {trial['trial']} ({trial['side']}") == 1
    assert str(recorded.path) in recorded.said.last


def test_what_the_sensor_tells_of_itself_is_told_once(recorded: Recorded) -> None:
    said = [line for line in recorded.said.err.splitlines() if "firmware" in line]
    assert said == ["Progressor_4711: battery 3.90 V, firmware 1.2.3.4, id 030201."]


def test_what_the_family_rests_on_is_told_once(recorded: Recorded) -> None:
    codec = CODECS["progressor"]
    assert recorded.said.err.count(f"{codec.family}: {codec.status}.") == 1


def test_folders_are_made_and_the_file_is_whole(recorded: Recorded) -> None:
    journal = read(recorded.path)
    assert journal.closed
    assert not journal.faults
    assert state(journal.story).participant == "P-07"


def test_one_limb_for_people(tmp_path: Path) -> None:
    said = record(*SIMULATED, "--side", "right", "--trials", 1, "--out", tmp_path / "s.forcelab")
    assert said.code == 0
    assert "trial 1 right" in said.out
    assert "peak_force" in said.out
    assert "\x1b" not in said.out + said.err


def test_what_was_planned_stands_in_the_file_and_analyse_goes_by_it(tmp_path: Path) -> None:
    path = tmp_path / "s.forcelab"
    told = record(*SIMULATED, "--trials", 2, "--practice", 1, "--side", "left", "--out", path, "--json").json["summary"]
    planned = state(read(path).story).planned
    assert planned is not None
    assert (planned.trials, planned.practice, planned.rest, planned.sides) == (2, 1, 1.0, ("left",))
    again = forcelab("analyse", path, "--json").json["summary"]
    assert again["planned"] == 2
    assert again == told
    assert not any("of 3" in sentence for sentence in again["sides"]["left"]["advice"]["sentences"])


def test_a_jump_is_refused_before_anything_is_recorded(tmp_path: Path) -> None:
    said = record(*SIMULATED, "--out", tmp_path / "new" / "s.forcelab", assessment="cmj")
    assert said.sentence.startswith("Jumps are not recorded live")
    assert not list(tmp_path.iterdir())


def test_a_session_that_was_ended_early_is_work_not_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def end_after_a_trial(engine: Engine, **_: object) -> None:
        while engine.running:
            if engine.view.trials:
                engine.post(EndSession())
            engine.join(0.01)

    monkeypatch.setattr(sessions, "guide", end_after_a_trial)
    path = tmp_path / "s.forcelab"
    said = record(*SIMULATED, "--rest", 600, "--trials", 10, "--json", "--out", path)
    assert said.code == 1
    assert "of 20 trials were recorded to their end" in said.last
    assert 0 < len(said.json["trials"]) < 20
    assert check(path).verdict == "identical"


def test_no_json_holds_what_is_not_a_number() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        emit({"value": math.nan})


def test_a_test_of_both_limbs_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.forcelab"
    said = record(*SIMULATED, "--trials", 1, "--out", path, "--json", assessment="squeeze_0_long")
    assert said.code == 0, said.err
    assert [trial["side"] for trial in said.json["trials"]] == ["both"]
    assert check(path).verdict == "identical"


def test_a_session_is_named_so_that_it_is_found_again(tmp_path: Path) -> None:
    assert record(*SIMULATED, "--side", "left", "--trials", 1, "--out", tmp_path / "s.txt").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["s.txt.forcelab"]
    assert record(*SIMULATED, "--side", "left", "--trials", 1, "--out", tmp_path, participant="A/../B").code == 0
    (second,) = (path.name for path in tmp_path.iterdir() if path.name != "s.txt.forcelab")
    assert second.endswith("_A____B_abd_side.forcelab")


def test_without_a_place_it_goes_into_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "sessions_folder", lambda: tmp_path / "mine")
    assert record(*SIMULATED, "--side", "left", "--trials", 1).code == 0
    assert len(list((tmp_path / "mine").glob("*.forcelab"))) == 1


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "s.forcelab"
    path.write_bytes(b"precious")
    said = record(*SIMULATED, "--out", path)
    assert said.code == 1
    assert "exists already" in said.sentence
    assert path.read_bytes() == b"precious"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    said = record(*SIMULATED, "--out", tmp_path / "file" / "below" / "s.forcelab")
    assert said.code == 1
    assert "cannot be made" in said.sentence


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)
    try:
        (shut / "probe").write_bytes(b"")
    except PermissionError:
        said = record(*SIMULATED, "--out", shut / "s.forcelab")
        assert said.code == 1
        assert "cannot be made" in said.sentence
    else:
        pytest.skip("this user may write everywhere")


def test_unclosed_sessions_are_offered_for_recovery_at_once(tmp_path: Path) -> None:
    write(tmp_path / "old.forcelab", SMALL[:-1])
    said = record(*SIMULATED, "--side", "left", "--trials", 1, "--out", tmp_path / "s.forcelab")
    assert said.code == 0
    assert "old.forcelab ended without closing" in said.err
    assert "forcelab recover" in said.err


@pytest.mark.skipif(sys.platform == "win32", reason="there the age of the file decides, since it has no such mark")
def test_a_session_that_is_being_recorded_is_not_offered(tmp_path: Path) -> None:
    write(tmp_path / "live.forcelab", SMALL[:-1])
    with resume(tmp_path / "live.forcelab"):
        assert sessions.recoverable(tmp_path) == []
    assert [path.name for path in sessions.recoverable(tmp_path)] == ["live.forcelab"]


@pytest.mark.parametrize("participant", ["", "  ", "\x1b[31mred", "two\nlines", "bell\a", "\udcff"])
def test_a_code_is_needed_and_harmless(participant: str, tmp_path: Path) -> None:
    said = record(*SIMULATED, "--out", tmp_path / "s.forcelab", participant=participant)
    assert said.code == 2
    assert "--participant" in said.sentence
    assert not list(tmp_path.iterdir())


def test_a_code_in_any_script_is_taken(tmp_path: Path) -> None:
    code = "Ζωή '); DROP [b]x[/b] 7"
    path = tmp_path / "s.forcelab"
    said = record(*SIMULATED, "--side", "left", "--trials", 1, "--out", path, "--json", participant=code)
    assert (said.code, said.json["participant"]) == (0, code)


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--device", "simulated:abacus"), 1, "progressor"),
        (("--device", "middle=Progressor_1"), 1, "'middle'"),
        (("--rest", "nan"), 2, "--rest"),
        (("--capacity", "inf"), 2, "--capacity"),
        (("--trials", "0"), 2, "--trials"),
        (("--operator", "\x1b"), 2, "--operator"),
    ],
)
def test_what_makes_no_sense_is_refused(options: tuple[str, ...], code: int, says: str, tmp_path: Path) -> None:
    said = record(*SIMULATED, "--out", tmp_path / "s.forcelab", *options)
    assert said.code == code
    assert says in said.sentence
    assert not list(tmp_path.iterdir())


def test_an_unknown_assessment_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    said = record(*SIMULATED, "--out", tmp_path / "s.forcelab", assessment="squat")
    assert "thrust_iso" in said.sentence


def test_a_real_sensor_cannot_hurry(tmp_path: Path) -> None:
    said = record("--device", "Progressor_1", "--fast", "--out", tmp_path / "s.forcelab")
    assert said.code == 1
    assert "--fast" in said.sentence


def test_a_limb_can_be_named_for_the_sensor(tmp_path: Path) -> None:
    path = tmp_path / "s.forcelab"
    device = ("--device", "left=simulated:progressor", "--fast", "--rest", 1)
    assert record(*device, "--side", "left", "--trials", 1, "--out", path).code == 0
    (connected,) = [one for one in read(path).story if isinstance(one, records.Connected)]
    assert connected.role == "left"


@pytest.fixture
def no_bluetooth(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an installation without the extra."""
    monkeypatch.setitem(sys.modules, "bleak", None)
    monkeypatch.delitem(sys.modules, "forcelab.acquisition.ble", raising=False)


@pytest.mark.usefixtures("no_bluetooth")
def test_without_the_library_bluetooth_is_asked_for_in_a_sentence(tmp_path: Path) -> None:
    for said in (record("--device", "Progressor_1", "--out", tmp_path / "s.forcelab"), forcelab("scan")):
        assert said.code == 1
        assert "forcelab[ble]" in said.sentence
    assert not list(tmp_path.iterdir())


class Air:
    """A radio that hears what it is given, or refuses."""

    def __init__(self, *heard: Found, error: RadioError | None = None) -> None:
        self._heard, self._error = heard, error

    async def find(self) -> AsyncIterator[Found]:
        for found in self._heard:
            yield found
        if self._error is not None:
            raise self._error

    async def open(self, *_: object) -> Link:
        raise RadioError("it is busy with a phone")


def with_air(monkeypatch: pytest.MonkeyPatch, *heard: Found, error: RadioError | None = None) -> None:
    def make(_now: Callable[[], int]) -> Air:
        return Air(*heard, error=error)

    monkeypatch.setattr(sessions, "real_radio", lambda: make)


def found(name: str | None, address: str, signal: float | None = -60.0) -> Found:
    return Found(address, Advertisement(name=name), signal)


def test_scan_lists_what_a_codec_knows_the_nearest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = [
        found("Progressor_1", "A", -70.0),
        found("Kettle", "B"),
        found(None, "C"),
        found("Progressor_2", "D", -50.0),
    ]
    with_air(monkeypatch, *heard)
    told = forcelab("scan", "--json")
    assert (told.code, told.err) == (0, "")
    assert [(one["name"], one["signal"]) for one in told.json] == [("Progressor_2", -50.0), ("Progressor_1", -70.0)]
    assert {one["family"] for one in told.json} == {CODECS["progressor"].family}
    said = forcelab("scan")
    assert "Progressor_2" in said.out
    assert "Kettle" not in said.out


def test_a_sensor_with_a_hostile_name_is_shown_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    with_air(monkeypatch, found("Progressor_\x1b[2J\x07[bold]x[/bold]", "A\x9b"))
    said = forcelab("scan")
    assert said.code == 0
    assert "\x1b" not in said.out
    assert "\x9b" not in said.out
    assert "[bold]" in "".join(said.out.split()), "shown as it is, never read as markup"


def test_no_sensor_and_no_bluetooth_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with_air(monkeypatch, found("Kettle", "B"))
    assert "button" in forcelab("scan").sentence
    assert forcelab("scan", "--json").json == []
    with_air(monkeypatch, error=RadioError("Bluetooth is off: switch it on."))
    assert forcelab("scan").sentence == "Bluetooth is off: switch it on."


def test_a_sensor_that_cannot_be_had_ends_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "PATIENCE", 0.0)
    with_air(monkeypatch, error=RadioError("Bluetooth is off: \x1b[31mswitch it on."))
    path = tmp_path / "s.forcelab"
    said = record("--device", "Progressor_1", "--out", path)
    assert said.code == 1
    assert "No trial was recorded" in said.last
    assert "\x1b" not in said.err
    assert read(path).closed


@pytest.mark.parametrize("phase", Phase.__args__)  # type: ignore[attr-defined] # a Literal knows its values
def test_there_are_words_for_every_phase(phase: Phase) -> None:
    sensor = SensorView("Progressor_1", "Progressor", "ready", "It is there.")
    words = prompt(View(phase=phase, side="left", number=2, trials_wanted=3, remaining=1.4, sensors=(sensor,)))
    assert words
    if phase in ("ready", "armed", "resting"):
        assert "left side, trial 2 of 3" in words
