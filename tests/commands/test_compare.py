"""`compare` on sessions that were recorded, and what it refuses to compare; `analyse` with a known error."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import typer

from forcelab.commands.compare import refuse_unlike
from forcelab.commands.reanalysis import Shown, from_session
from tests.commands.running import forcelab


def record(folder: Path, name: str, *more: object, test: str = "abd_side", who: str = "P-07") -> Path:
    path = folder / f"{name}.forcelab"
    options = ("--assessment", test, "--participant", who, "--trials", 1, "--rest", 1, "--fast", "--json")
    said = forcelab("record", "--device", "simulated:progressor", *options, "--out", path, *more)
    assert said.code == 0, said.err
    return path


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two sessions of both sides, of different simulated days."""
    folder = tmp_path_factory.mktemp("pair")
    return record(folder, "before"), record(folder, "after", "--seed", 5)


def peaks(path: Path) -> dict[str, float]:
    told = forcelab("analyse", path, "--json").json["summary"]["sides"]
    return {side: found["scores"]["peak_force"]["value"] for side, found in told.items()}


def test_the_change_of_each_side_against_an_error_that_was_told(pair: tuple[Path, Path]) -> None:
    said = forcelab("compare", *pair, "--sem", 1000, "--json").json
    old, new = peaks(pair[0]), peaks(pair[1])
    assert set(said["sides"]) == {"left", "right"}
    for side, metrics in said["sides"].items():
        found = metrics["peak_force"]
        assert (found["before"], found["after"]) == (old[side], new[side])
        assert found["delta"] == pytest.approx(new[side] - old[side])
        assert found["verdict"] == "no change beyond the error"
        assert found["mdc95"] == pytest.approx(2771.8586, abs=5e-4)
        assert found["error"]["origin"] == "site"
        assert metrics["rfd_0_200"]["verdict"] is None
        assert "No change" in found["sentence"]
    small = forcelab("compare", *pair, "--sem", 1e-6, "--json").json["sides"]["left"]["peak_force"]
    assert small["verdict"] == ("improved" if new["left"] > old["left"] else "declined")


def test_the_error_of_the_sites_own_retest_study(pair: tuple[Path, Path], tmp_path: Path) -> None:
    table = tmp_path / "retest.csv"
    table.write_text("person,first,second\nA,300,310\nB,400,402\nC,500,512\nD,350,350\nE,450,456\n", encoding="utf-8")
    said = forcelab("compare", *pair, "--site", table, "--json")
    error = said.json["sides"]["left"]["peak_force"]["error"]
    assert error["sem"] == pytest.approx(28.4**0.5)  # MSE 13, MSJ 90: 13 + 77/5
    assert "retest.csv (5 persons, 2 sessions)" in error["source"]
    assert "persons" in said.err
    both = forcelab("compare", *pair, "--site", table, "--sem", 3)
    assert "not by both" in both.sentence


def test_without_an_error_no_verdict_is_given(pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    said = forcelab("compare", *pair)
    assert said.code == 0
    assert "Without the error of the test no change can be judged" in " ".join(said.out.split())
    table = [line for line in said.out.splitlines() if "│" in line]
    assert table
    for word in ("improved", "declined", "no change"):
        assert not any(word in line for line in table)
    assert max(map(len, said.out.splitlines())) <= 100


def test_the_clients_own_stable_sessions(pair: tuple[Path, Path], tmp_path: Path) -> None:
    again = record(tmp_path, "again")  # the same simulated day as the first
    three = [option for path in (*pair, again) for option in ("--baseline", path)]
    said = forcelab("compare", *pair, *three, "--json").json
    found = said["sides"]["right"]["peak_force"]
    old, new = (peaks(path)["right"] for path in pair)
    assert found["error"]["origin"] == "client"
    assert found["error"]["df"] == 2
    assert found["error"]["sem"] == pytest.approx(abs(new - old) / 3.0**0.5)  # SD of a, b, a
    judged = sum(one["verdict"] is not None for side in said["sides"].values() for one in side.values())
    assert judged > 20
    (chance,) = [note for note in said["notes"] if "by chance" in note]
    assert chance.startswith(f"{judged} changes are judged here, each by itself at 5 %")
    assert f"about {judged / 20:.2g} of them" in chance


def test_one_session_is_no_two(pair: tuple[Path, Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy.forcelab"
    copy.write_bytes(pair[0].read_bytes())
    for other in (pair[0], copy):
        assert "the same session is given twice" in forcelab("compare", pair[0], other).sentence
    stable = [option for path in (*pair, copy) for option in ("--baseline", path)]
    assert "copy.forcelab: the same session" in forcelab("compare", *pair, *stable).sentence


def test_what_must_not_be_compared(pair: tuple[Path, Path], tmp_path: Path) -> None:
    other = record(tmp_path, "other", who="P-08", test="abd_side")
    assert "two participants, P-07 and P-08" in forcelab("compare", pair[0], other).sentence
    supine = record(tmp_path, "supine", test="abd_supine_long")
    assert "abd_side version 1, the other of abd_supine_long" in forcelab("compare", pair[0], supine).sentence
    assert "holds no nonsense" in forcelab("compare", *pair, "--metric", "nonsense").sentence
    assert forcelab("compare", pair[0], tmp_path / "none.forcelab").code == 1


def test_sensors_rates_and_definitions_must_match(pair: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (from_session(path) for path in pair)
    refuse_unlike(one, two)
    scale = msgspec.structs.replace(two.sensors[0], family="a crane scale")
    fast = tuple(
        replace(trial, trace=replace(trial.trace, rate=1000.0) if trial.trace else None) for trial in two.trials
    )
    by_hand = tuple(
        replace(trial, evaluation=msgspec.structs.replace(trial.evaluation, results=tuple(
            msgspec.structs.replace(result, recipe="another") for result in trial.evaluation.results
        )))
        for trial in two.trials if trial.evaluation
    )  # fmt: skip
    for other, words in (
        (replace(two, sensors=(scale,)), "compatible; a crane scale)"),
        (replace(two, trials=fast), "the sensors' rates differ (rate below 100 Hz; rate 500 Hz and above)"),
        (replace(two, trials=by_hand), "Peak force was made by two definitions"),
        (replace(two, trials=()), "no side has a score in both"),
    ):
        with pytest.raises(typer.Exit):
            refuse_unlike(one, other)
        assert words in capsys.readouterr().err.replace("\n", " ")


def test_the_involved_side_stands_in_the_file_and_need_not_be_told_again(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    hurt = record(tmp_path, "hurt", "--involved", "left")
    left, right = (peaks(hurt)[side] for side in ("left", "right"))

    def index(*options: object) -> tuple[float, str]:
        lsi = forcelab("analyse", hurt, "--json", *options).json["summary"]["lsi"]
        return lsi["value"], lsi["formula"]

    value, formula = index()
    assert (value, formula) == (100.0 * left / right, "LSI = 100 · I / U, I the left side")
    value, formula = index("--involved", "right")
    assert (value, formula) == (100.0 * right / left, "LSI = 100 · I / U, I the right side")
    notes = forcelab("analyse", hurt, "--json", "--involved", "right").json["notes"]
    assert "Given here, not as recorded: involved side right (recorded left)." in notes
    said = forcelab("compare", pair[1], hurt)
    assert "left, the involved side" in said.words
    assert "right, the involved side" not in said.words
    assert "The set-up differs: involved side not said, then left." in said.words
    assert forcelab("compare", pair[1], hurt, "--json").json["involved"] == "left"
    assert forcelab("compare", *pair, "--json").json["involved"] is None


def test_a_study_in_another_unit_is_refused(pair: tuple[Path, Path], tmp_path: Path) -> None:
    table = tmp_path / "kg.csv"
    table.write_text(
        "person,one [kg],two [kg]\n" + "".join(f"P{n},{n + 20},{n + 21}\n" for n in range(6)), encoding="utf-8"
    )
    assert "kg.csv is in kg, the scores are in N" in forcelab("compare", *pair, "--site", table).sentence


def test_the_unit_is_that_of_any_side_with_a_score(
    pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_left(path: Path) -> Shown:
        whole = from_session(path)
        return replace(whole, trials=tuple(replace(one, excluded=one.side == "left") for one in whole.trials))

    monkeypatch.setattr("forcelab.commands.compare.from_session", without_left)
    table = tmp_path / "site.csv"
    table.write_text(
        "person,one [N],two [N]\n" + "".join(f"P{n},{n + 200},{n + 201 + n % 2}\n" for n in range(6)), encoding="utf-8"
    )
    said = forcelab("compare", *pair, "--site", table, "--json")
    assert said.code == 0, said.err
    assert said.json["sides"]["right"]["peak_force"]["error"]["origin"] == "site"


def test_holds_of_other_targets_are_compared_and_the_targets_told(tmp_path: Path) -> None:
    one, two = (
        record(tmp_path, f"at{target}", "--target", target, "--side", "left", test="abd_hold_20") for target in (60, 66)
    )
    said = forcelab("compare", one, two, "--json")
    assert said.code == 0, said.err
    found = said.json["sides"]["left"]
    assert found["rmse_target"]["delta"] is not None
    (note,) = [note for note in said.json["notes"] if "target" in note]
    assert note.startswith("The targets differ: 60.0 N, then 66.0 N.")
    assert "Errors in N depend on it: Root mean square error to target, Mean absolute error" in note
    same = record(tmp_path, "same", "--target", 60, "--side", "left", "--seed", 5, test="abd_hold_20")
    assert not any("target" in note for note in forcelab("compare", one, same, "--json").json["notes"])


def test_each_note_tells_which_file_it_is_about(pair: tuple[Path, Path], tmp_path: Path) -> None:
    weighed = record(tmp_path, "weighed", "--body-mass", 70)
    notes = forcelab("compare", pair[0], weighed, "--json").json["notes"]
    assert "weighed.forcelab: Measured: body mass 70 kg." in notes
    assert not any(note.startswith("Measured") for note in notes)
    again = record(tmp_path, "again", "--body-mass", 70)
    twice = forcelab("compare", weighed, again, "--json").json["notes"]
    assert sum("Measured" in note for note in twice) == 1


def test_numbers_without_a_verdict_are_counted_or_named(pair: tuple[Path, Path]) -> None:
    said = " ".join(forcelab("compare", *pair).out.split())
    assert "other numbers" not in said
    assert "No verdict on 2" in said
    assert "No verdict on RFD 0–50 ms, Peak RFD (20 ms window)" in said
    assert "rate: 80 Hz does not carry this number (sensors below 100 Hz)" in said
    assert "by chance" not in said  # nothing is judged


def test_another_set_up_and_the_wrong_order_are_told(pair: tuple[Path, Path], tmp_path: Path) -> None:
    longer = record(tmp_path, "longer", "--lever-arm", 0.82, "--body-mass", 70)
    notes = forcelab("compare", pair[0], longer, "--json").json["notes"]
    assert "The set-up differs: body mass not measured, then 70 kg; lever arm not measured, then 0.82 m." in notes
    back = forcelab("compare", pair[1], pair[0], "--json").json["notes"]
    assert any("recorded before" in note for note in back)


def test_an_asymmetry_is_real_beyond_a_known_error_only(pair: tuple[Path, Path]) -> None:
    def compared(*options: object) -> dict[str, object]:
        told = forcelab("analyse", pair[0], "--json", *options).json["summary"]["comparisons"]["peak_force"]
        assert isinstance(told, dict)
        return told

    unknown = compared()
    assert unknown["beyond_error"] is None
    assert "No retest error is known" in str(unknown["why"])
    assert compared("--sem", 0.01)["beyond_error"] is True
    assert compared("--sem", 1000)["beyond_error"] is False
    injured = compared("--involved", "right")
    left, right = (peaks(pair[0])[side] for side in ("left", "right"))
    lsi = injured["lsi"]
    assert isinstance(lsi, dict)
    assert lsi["value"] == pytest.approx(100.0 * right / left)
    assert "I the right side" in lsi["formula"]
    assert [cut["mark"] for cut in injured["cut_offs"]] == ["not verified"]  # type: ignore[attr-defined] # a list of objects
