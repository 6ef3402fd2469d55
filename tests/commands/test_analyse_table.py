"""`forcelab analyse` on tables whose every number is known from a formula or from another program."""

from pathlib import Path

import numpy as np
import pytest

from tests.commands.running import forcelab
from tests.signals import ONSET, S4, sample

METRICS = {
    "peak_force", "peak_force_gross", "mean_1s", "rfd_0_50", "rfd_0_100", "rfd_0_150", "rfd_0_200", "rfd_0_250",
    "rfd_20_80", "peak_rfd_20", "peak_rfd_50", "peak_rfd_200", "force_at_50", "force_at_90", "force_at_100",
    "force_at_150", "force_at_200", "force_at_250", "impulse_0_50", "impulse_0_100", "impulse_0_150", "impulse_0_200",
    "impulse_0_250", "time_to_peak",
}  # fmt: skip
"""The names that others build on, typed from the promise and not from the table of metrics."""

COSINE = {"peak_force": 600.0, "rfd_0_100": 1500.0, "rfd_0_200": 2250.0, "force_at_150": 300.0, "impulse_0_250": 60.676}
"""A raised cosine of 600 N and 300 ms, solved by hand."""


def write(path: Path, *, separator: str, comma: bool, time: float, force: float, head: str | None) -> Path:
    """The raised cosine at 1000 Hz; `time` and `force` are what a second and a newton are in the file."""
    trace = sample(S4, 1000.0)
    lines = [head] if head is not None else []
    for t, newtons in zip(trace.t, trace.force, strict=True):
        cells = [f"{t * time:.7f}", f"{newtons * force:.7f}"] if time else [f"{newtons * force:.7f}"]
        lines.append(separator.join(cells).replace(".", "," if comma else "."))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


TABLES = {
    "semicolons, decimal comma, s, N": {
        "separator": ";", "comma": True, "time": 1.0, "force": 1.0, "head": "Zeit (s);Kraft (N)"
    },
    "tabs, ms, kg": {"separator": "\t", "comma": False, "time": 1e3, "force": 1 / 9.80665, "head": "time [ms]\tkg"},
    "commas, µs, lb": {"separator": ",", "comma": False, "time": 1e6, "force": 1 / 4.4482216152605, "head": "us,lb"},
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_a_curve_solved_by_hand_comes_out_of_any_table(table: str, tmp_path: Path) -> None:
    said = forcelab("analyse", write(tmp_path / "t.csv", **TABLES[table]), "--onset-at", ONSET, "--json")  # type: ignore[arg-type] # the keywords of each table
    assert said.code == 0, said.err
    (trial,) = said.json["trials"]
    assert trial["onset"] == ONSET
    for metric, truth in COSINE.items():
        assert trial["results"][metric]["value"] == pytest.approx(truth, rel=2e-4), metric


def test_no_column_of_time_needs_the_rate(tmp_path: Path) -> None:
    path = write(tmp_path / "t.txt", separator=",", comma=False, time=0.0, force=1.0, head=None)
    refused = forcelab("analyse", path)
    assert refused.code == 1
    assert "--rate" in refused.sentence
    said = forcelab("analyse", path, "--rate", 1000, "--force-unit", "N", "--json")
    (trial,) = said.json["trials"]
    assert trial["results"]["peak_force"]["value"] == pytest.approx(600.0, rel=1e-6)


def test_the_object_is_as_promised(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", **TABLES["tabs, ms, kg"])  # type: ignore[arg-type] # as above
    said = forcelab("analyse", path, "--json")
    told = said.json
    assert (told["assessment"], told["participant"]) == ("free", None)
    (trial,) = told["trials"]
    assert trial["side"] is None
    assert isinstance(trial["onset"], float)
    assert set(trial["results"]) >= METRICS
    for metric, result in trial["results"].items():
        assert set(result) >= {"value", "unit", "interval", "method_range", "recipe", "reason"}, metric
        assert (result["value"] is None) != (result["reason"] is None), metric
        assert result["recipe"].startswith(f"{metric}/")
        assert result["unit"] in ("N", "N/s", "N·s", "s", "1", "1/s", "%/s")
        for pair in (result["interval"], result["method_range"]):
            assert pair is None or (len(pair) == 2 and pair[0] <= pair[1])
    assert all(isinstance(name, str) and name.isupper() for name in trial["flags"])


def test_one_trial_for_each_effort_of_a_table(tmp_path: Path) -> None:
    trace = sample(S4, 1000.0)
    force = np.concatenate([trace.force, trace.force])
    path = tmp_path / "twice.csv"
    path.write_text("t (s),F (N)\n" + "".join(f"{n / 1000:.3f},{f:.5f}\n" for n, f in enumerate(force)))
    trials = forcelab("analyse", path, "--json").json["trials"]
    assert [trial["trial"] for trial in trials] == [1, 2]
    assert trials[1]["onset"] - trials[0]["onset"] == pytest.approx(len(trace.t) / 1000, abs=1e-6)
    drawn = forcelab("analyse", path, "--plot", tmp_path / "p.png")
    assert drawn.code == 0
    assert sorted(page.name for page in tmp_path.glob("*.png")) == ["p-1.png", "p-2.png", "p.png"]


def test_an_assessment_chooses_the_numbers(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", **TABLES["tabs, ms, kg"])  # type: ignore[arg-type] # as above
    told = forcelab("analyse", path, "--assessment", "squeeze_0_long", "--json").json
    assert told["assessment"] == "squeeze_0_long"
    unknown = forcelab("analyse", path, "--assessment", "squat")
    assert "'squat'" in unknown.sentence
    assert "thrust_iso" in unknown.sentence


def test_chronojump_with_the_onset_given_by_hand(shared_data: Path) -> None:
    path = shared_data / "chronojump" / "isometric_pull_excerpt.csv"
    said = forcelab("analyse", path, "--onset-at", 2.70194, "--all", "--json")
    (trial,) = said.json["trials"]
    published = {"rfd_0_50": 5405, "rfd_0_100": 5011, "rfd_0_150": 3279, "rfd_0_200": 2542, "rfd_0_250": 2083}
    for metric, value in published.items():
        assert trial["results"][metric]["value"] == pytest.approx(value, rel=1e-3), metric


def test_chronojump_with_our_defaults(shared_data: Path) -> None:
    path = shared_data / "chronojump" / "isometric_pull_excerpt.csv"
    said = forcelab("analyse", path, "--json")
    assert said.code == 0
    (trial,) = said.json["trials"]
    results = trial["results"]
    assert trial["onset"] == pytest.approx(2.698, abs=0.001)
    for metric, value in {"rfd_0_100": 5032, "rfd_0_150": 3272, "rfd_0_200": 2559, "rfd_0_250": 2086}.items():
        assert results[metric]["value"] == pytest.approx(value, rel=0.01), metric
    assert results["rfd_0_50"]["value"] is None
    assert results["rfd_0_50"]["reason"].startswith("rate")
    shown = forcelab("analyse", path, "--json", "--all").json["trials"][0]["results"]["rfd_0_50"]
    assert shown["value"] == pytest.approx(4786, rel=0.01)
    assert (shown["reason"], shown["mark"]) == (None, "rejected")


def test_a_person_reads_the_same_numbers_and_why_some_are_missing(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "chronojump" / "isometric_pull_excerpt.csv"
    said = forcelab("analyse", path, "--plot", tmp_path / "p.png")
    assert said.code == 0
    assert "714.1" in said.out
    assert "–: withheld" in said.out
    assert "!: " not in said.out, "a sign is explained only where it stands"
    assert "RFD 0–50 ms" in said.words
    assert "PEAK_LATE" in said.out
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        ("t,F\n", (), "rows"),
        ("", (), "t.csv"),
        ("0,1\n1,2\n2,3\n", (), "--rate"),
        ("s,N\n0,1\n0.1,1\n0.2,1\n", ("--rate", "nan"), "rate"),
        ("s,N\n0,1\n0.1,1\n0.2,1\n", ("--onset-at", "9"), "outside"),
        ("s,N\n0,1\n0.1,1\n0.2,1\n", ("--trial", "1"), "--trial"),
        ("s,N\n0,1\n0.1,1\n0.2,1\n", ("--column", "7"), "column"),
        ("s,N\n0,1\n0.1,1\n0.2,1\n", ("--time-unit", "h"), "unit of time"),
    ],
)
def test_what_is_no_use_is_refused_in_one_sentence(
    content: str, options: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content)
    said = forcelab("analyse", path, *options)
    assert said.code == 1
    assert says in said.sentence
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("option", ["--capacity", "--zero", "--onset-at"])
@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_only_finite_numbers_are_taken(option: str, number: str, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", **TABLES["tabs, ms, kg"])  # type: ignore[arg-type] # as above
    said = forcelab("analyse", path, f"{option}={number}", "--json")
    assert said.code == 2
    assert option in said.sentence


def test_a_table_without_a_push_is_work_not_done(tmp_path: Path) -> None:
    path = tmp_path / "quiet.csv"
    path.write_text("s,N\n" + "".join(f"{n / 100},{1 + n % 2}\n" for n in range(500)))
    said = forcelab("analyse", path, "--json")
    assert said.code == 1
    assert "No effort" in said.last
    (trial,) = said.json["trials"]
    assert (trial["onset"], trial["verdict"]) == (None, "repeat")
    assert all(result["value"] is None and result["reason"] for result in trial["results"].values())


@pytest.mark.parametrize("name", ["t\n\x1b[31mred.csv", "a\ttab.csv"])
def test_a_hostile_file_name_is_shown_harmless(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    try:
        path.write_text("s,N\n0,1\n")
    except OSError:
        pytest.skip("this file system takes no such name")
    said = forcelab("analyse", path)
    assert len(said.err.splitlines()) == 1
    assert "\x1b" not in said.err
    assert said.sentence
    write(path, **TABLES["tabs, ms, kg"])  # type: ignore[arg-type] # as above
    shown = forcelab("analyse", path)
    assert shown.code == 0
    assert "\x1b" not in shown.out


def test_a_picture_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", **TABLES["tabs, ms, kg"])  # type: ignore[arg-type] # as above
    said = forcelab("analyse", path, "--plot", tmp_path / "no folder" / "p.png")
    assert said.code == 1
    assert "cannot be written" in said.sentence


def test_the_options_that_an_error_names_exist_and_settle_the_doubt(tmp_path: Path) -> None:
    path = tmp_path / "commas.csv"
    path.write_text("633,21\n628,46\n631,17\n")
    asked = forcelab("analyse", path)
    assert asked.code == 1
    assert "--decimal or --separator" in asked.sentence
    number = forcelab("analyse", path, "--decimal", ",", "--rate", "10", "--json").json
    assert any("decimals with a comma" in note for note in number["notes"])
    columns = forcelab("analyse", path, "--separator", "commas", "--rate", "10", "--column", "2", "--json").json
    assert any("columns separated by commas" in note for note in columns["notes"])
    wrong = forcelab("analyse", path, "--separator", "x")
    assert (wrong.code, "--separator" in wrong.sentence) == (1, True)


def test_weak_pulls_do_not_vanish_without_a_word(tmp_path: Path) -> None:
    trace = sample(S4, 1000.0)
    force = np.concatenate([trace.force, 20.0 + 0.15 * (trace.force - 20.0)])
    path = tmp_path / "weak.csv"
    path.write_text("t (s),F (N)\n" + "".join(f"{n / 1000:.3f},{f:.5f}\n" for n, f in enumerate(force)))
    told = forcelab("analyse", path, "--json").json
    assert len(told["trials"]) == 1
    assert "1 push below a fifth of the strongest passed over." in told["notes"]
