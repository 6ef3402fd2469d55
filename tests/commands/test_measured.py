"""What is measured on the participant, from the command line into the file and out again; numbers by their name."""

import math
from pathlib import Path

import numpy as np
import pytest

from forcelab.check import check
from forcelab.journal import read, state
from forcelab.model import SetUp
from tests.commands.conftest import Recorded
from tests.commands.running import Said, forcelab

SIMULATED = ("--device", "simulated:progressor", "--fast", "--rest", 1, "--trials", 1, "--side", "left")
WOMAN = ("--body-mass", 72.5, "--lever-arm", 0.82, "--pull-angle", 80, "--sex", "female", "--lever-arm-error", 0.01)
ASKED = "peak_torque,peak_force_per_kg,peak_torque_per_kg,peak_force"


def table(path: Path) -> Path:
    """250 N above nothing, held for 2 s; 1000 Hz."""
    t = np.arange(0.0, 5.0, 0.001)
    force = np.interp(t, [0.0, 1.5, 1.7, 3.7, 3.9, 5.0], [0.0, 0.0, 250.0, 250.0, 0.0, 0.0])
    rows = (f"{a:.4f},{b:.6f}" for a, b in zip(t, force, strict=True))
    path.write_text("time (s),force (N)\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def values(said: Said) -> dict[str, float | None]:
    (trial,) = said.json["trials"]
    return {name: result["value"] for name, result in trial["results"].items()}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session with a set-up. No test may write into it."""
    path = tmp_path_factory.mktemp("measured") / "s.forcelab"
    said = forcelab("record", "--assessment", "abd_side", "--participant", "P", *SIMULATED, *WOMAN, "--out", path)
    assert said.code == 0, said.err
    return path


def test_what_was_measured_is_in_the_file_in_si(measured: Path) -> None:
    kept = state(read(measured).story).trials[1].set_up
    assert kept == SetUp(
        body_mass=72.5, sex="female", lever_arm=0.82, lever_arm_error=0.01, pull_angle=math.radians(80.0)
    )
    assert check(measured).verdict == "identical"


def test_a_session_is_analysed_with_what_it_holds(measured: Path) -> None:
    said = forcelab("analyse", measured, "--metrics", ASKED, "--json")
    made = values(said)
    assert list(made) == ASKED.split(",")
    peak = made["peak_force"]
    assert peak is not None
    assert made["peak_torque"] == pytest.approx(peak * 0.82 * math.sin(math.radians(80.0)))
    assert made["peak_force_per_kg"] == pytest.approx(peak / 72.5)
    (trial,) = said.json["trials"]
    assert trial["set_up"]["body_mass"] == 72.5
    assert trial["results"]["peak_torque"]["set_up_range"] == pytest.approx(
        [peak * (0.82 + error) * math.sin(math.radians(80.0)) for error in (-0.01, 0.01)]
    )
    assert any("body mass 72.5 kg, sex female, lever arm 0.82 m" in note for note in said.json["notes"])


def test_what_is_given_overrules_the_file_and_is_told(measured: Path) -> None:
    said = forcelab("analyse", measured, "--metrics", ASKED, "--body-mass", 80, "--json")
    made = values(said)
    peak = made["peak_force"]
    assert peak is not None
    assert made["peak_force_per_kg"] == pytest.approx(peak / 80.0)
    assert made["peak_torque"] == pytest.approx(peak * 0.82 * math.sin(math.radians(80.0)))
    assert "Given here, not as recorded: body mass 80 kg (recorded 72.5 kg)." in said.json["notes"]


def test_torque_of_a_table(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv")
    made = values(forcelab("analyse", path, "--metrics", ASKED, "--lever-arm", 0.82, "--body-mass", 70, "--json"))
    assert made == pytest.approx(
        {"peak_torque": 205.0, "peak_torque_per_kg": 2.928571, "peak_force_per_kg": 250.0 / 70.0, "peak_force": 250.0},
        rel=1e-5,
    )
    at_70 = forcelab("analyse", path, "--metrics", "peak_torque", "--lever-arm", 0.82, "--pull-angle", 70, "--json")
    assert values(at_70)["peak_torque"] == pytest.approx(192.637, rel=1e-5)


def test_what_errors_of_the_lever_leave_open_is_told(tmp_path: Path) -> None:
    options = ("--metrics", "peak_torque", "--lever-arm", 0.8, "--lever-arm-error", 0.01)
    said = forcelab("analyse", table(tmp_path / "t.csv"), *options)
    assert "from -1.2 to +1.2 %" in said.err


def test_a_changed_set_up_is_found_by_the_check(measured: Path, tmp_path: Path) -> None:
    lines = measured.read_bytes().replace(b'"body_mass":72.5', b'"body_mass":80.0')
    changed = tmp_path / "s.forcelab"
    changed.write_bytes(lines)
    report = check(changed)
    assert report.verdict == "damaged"
    assert {one.what for one in report.results if one.outcome == "differs"} == {
        "peak_force_per_kg",
        "peak_torque_per_kg",
        "intervals",
    }


def test_what_was_not_measured_is_told_once(tmp_path: Path) -> None:
    said = forcelab("analyse", table(tmp_path / "t.csv"), "--metrics", "peak_torque,rtd_0_200,mean_1s_torque")
    assert said.code == 0
    assert said.words.count("no lever arm was given") == 1
    assert "nan" not in said.out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--lever-arm", 82), "A lever arm of 82 m cannot be right."),
        (("--body-mass", 0.07), "A body mass of 0.07 kg cannot be right."),
        (("--lever-arm", 0.8, "--pull-angle", 190), "The angle of pull must lie between 0 and 180°."),
        (("--metrics", "strength"), "No metric is called 'strength'"),
        (("--metrics", "time_to_peak_per_kg"), "a number in s cannot be given as per kg"),
        (("--metrics", "peak_torque_percent_bw"), "a number in N·m cannot be given as % of body weight"),
    ],
)
def test_what_cannot_be_is_a_sentence(options: tuple[object, ...], sentence: str, tmp_path: Path) -> None:
    said = forcelab("analyse", table(tmp_path / "t.csv"), *options)
    assert said.code == 1
    assert sentence in said.sentence


def test_a_number_that_is_none_is_refused_by_the_command_line(tmp_path: Path) -> None:
    assert forcelab("analyse", table(tmp_path / "t.csv"), "--body-mass", "nan").code == 2


def test_a_session_without_measures_has_no_record_of_them(recorded: Recorded) -> None:
    assert state(read(recorded.path).story).set_up is None
    said = forcelab(
        "analyse", recorded.path, "--trial", 1, "--body-mass", 60, "--metrics", "peak_force_per_kg", "--json"
    )
    assert values(said)["peak_force_per_kg"] is not None
    assert not any("not as recorded" in note for note in said.json["notes"])
