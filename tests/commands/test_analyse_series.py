"""Series and holds through the commands: a table of repetitions, a target that is given, a hold that is recorded."""

import re
from pathlib import Path

import numpy as np
import pytest

from forcelab.check import check
from forcelab.journal import read, state
from forcelab.model import Trace
from tests.commands.running import forcelab
from tests.evaluate.test_holds import TREMOR, held
from tests.evaluate.test_series import blocks, pulses


def table(path: Path, trace: Trace, *others: Trace) -> Path:
    columns = [trace.t, *(one.force for one in (trace, *others))]
    head = "time (s),force (N)" if not others else "time (s),left (N),right (N)"
    np.savetxt(path, np.column_stack(columns), delimiter=",", header=head, comments="", fmt="%.6f")
    return path


TOPS = tuple(500.0 - 10.0 * k for k in range(24))
LEVEL = (6.8 + 0.2 * 0.75) / 7.0 * 280.0
"""N: mean of the last three blocks of 290, 280 and 270 N between their edges at half height."""


def test_an_all_out_series_of_each_limb(tmp_path: Path) -> None:
    drawn = blocks(TOPS)
    left, right = (
        Trace(
            drawn.t, 15.0 + share * (drawn.force - 15.0) + np.random.default_rng(0).normal(0.0, 0.2, len(drawn.t)), 80.0
        )
        for share in (1.0, 0.5)
    )
    path = table(tmp_path / "s.csv", left, right)
    said = forcelab("analyse", path, "--assessment", "abd_all_out_24", "--json")
    assert said.code == 0, said.err
    assert [one["side"] for one in said.json["series"]] == ["left", "right"]
    for one, share in zip(said.json["series"], (1.0, 0.5), strict=True):
        result = one["results"]["end_test_force"]
        assert result["value"] == pytest.approx(share * LEVEL, rel=2e-3)
        assert "for trends only" in result["caution"]
        low, high = result["interval"]
        assert share * LEVEL - 0.5 < low < high < share * LEVEL + 0.5


def test_a_series_for_people(tmp_path: Path) -> None:
    said = forcelab("analyse", table(tmp_path / "s.csv", blocks(TOPS)), "--assessment", "abd_all_out_24")
    assert said.code == 0, said.err
    assert "over all repetitions" in said.out
    assert f"{LEVEL:.0f}" in said.out
    assert re.search(r"end_test_force \(N\).* \(\d+\.\d+–\d+\.\d+\)", said.out), "its interval in brackets"
    assert "for trends only" in said.out


def test_a_caution_is_told_once_with_all_that_it_is_about_and_an_impulse_has_its_own(tmp_path: Path) -> None:
    said = forcelab("analyse", table(tmp_path / "s.csv", blocks(TOPS)), "--assessment", "abd_all_out_24")
    assert said.words.count("it varies by 21 %") == 1
    assert "End-test force, End-test force over work and rest: To be used for trends only: from one" in said.words
    assert "Impulse above end-test force (W′): To be used for trends only: the error of the end-test" in said.words
    above = sum((top * (6.8 + 0.2 * 0.75) / 7.0 - LEVEL) * 7.0 for top in TOPS if top > 280.0)
    row = next(line for line in said.out.splitlines() if "impulse_above_end" in line)
    assert re.search(r" \d{5} ", row), "no decimals behind so many digits"
    assert float(re.search(r" (\d{5}) ", row)[1]) == pytest.approx(above, rel=2e-3)  # type: ignore[index] # as above


def test_why_a_number_over_repetitions_is_missing(tmp_path: Path) -> None:
    short = forcelab("analyse", table(tmp_path / "s.csv", blocks(TOPS[:5])), "--assessment", "abd_all_out_24")
    assert "The test has 5 repetitions" in short.words
    slow = forcelab("analyse", table(tmp_path / "p.csv", pulses(rate=100.0)), "--assessment", "abd_pulses_36", "--json")
    (series,) = slow.json["series"]
    assert series["results"]["rfd_scaling_factor"]["reason"].startswith("rate:")


def test_numbers_over_repetitions_by_name(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", blocks(TOPS[:5]))
    said = forcelab("analyse", path, "--metrics", "fatigue_index,peak_force", "--json")
    (series,) = said.json["series"]
    assert series["results"]["fatigue_index"]["value"] == pytest.approx(100.0 * 30.0 / 500.0, rel=1e-3)
    assert set(said.json["trials"][0]["results"]) == {"peak_force"}
    refused = forcelab("analyse", path, "--metrics", "end_test_force")
    assert "needs a beat" in refused.sentence


def test_pulses(tmp_path: Path) -> None:
    said = forcelab("analyse", table(tmp_path / "p.csv", pulses(rate=500.0)), "--assessment", "abd_pulses_36", "--json")
    (series,) = said.json["series"]
    assert series["results"]["rfd_scaling_factor"]["value"] == pytest.approx(9.0, rel=0.03)


def test_a_hold_at_a_target_that_is_given(tmp_path: Path) -> None:
    path = table(tmp_path / "h.csv", held())
    said = forcelab("analyse", path, "--assessment", "abd_hold_20", "--target", 200, "--zero", 20, "--json")
    assert said.code == 0, said.err
    (trial,) = said.json["trials"]
    results = trial["results"]
    assert results["steadiness_cv"]["value"] == pytest.approx(100.0 * TREMOR / np.sqrt(2.0) / 200.0, rel=0.02)
    assert results["time_in_band"]["value"] == pytest.approx(100.0)
    assert trial["verdict"] == "trusted"
    free = forcelab("analyse", path, "--assessment", "abd_hold_20", "--json").json["trials"][0]["results"]
    assert free["time_in_band"]["reason"] == "No target force was set."


def test_all_holds_the_decline_of_an_effort_whose_length_is_told(tmp_path: Path) -> None:
    t = np.arange(0.0, 25.0, 1.0 / 80.0)
    # Up to 500 N in 0.2 s, then 10 N less each second: 2 % of the peak a second, half of it lost of the area.
    net = np.interp(t, [1.0, 1.2, 22.2, 22.4], [0.0, 500.0, 290.0, 0.0])
    path = table(tmp_path / "d.csv", Trace(t, 20.0 + net, 80.0))
    said = forcelab("analyse", path, "--metrics", "all", "--hold", 20, "--json")
    assert said.code == 0, said.err
    results = said.json["trials"][0]["results"]
    assert results["decline"]["value"] == pytest.approx(-2.0, rel=1e-3)
    assert results["fatigue_index_auc"]["value"] == pytest.approx(20.0 - 0.2 + 0.02 * 0.2, rel=1e-3)  # onset at 2 %
    assert "above half" in results["time_to_half"]["reason"]
    untold = forcelab("analyse", path, "--metrics", "all", "--json").json["trials"][0]["results"]
    assert set(results) - set(untold) == {"decline", "fatigue_index_auc", "time_to_half"}


def test_a_live_hold_and_its_target_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "s.forcelab"
    options = ("--assessment", "abd_hold_20", "--participant", "P-1", "--side", "left", "--trials", 1, "--target", 60)
    said = forcelab("record", *options, "--device", "simulated:progressor", "--fast", "--out", path, "--json")
    assert said.code == 0, said.err
    (trial,) = said.json["trials"]
    assert trial["stopped"] == "released"
    for metric in ("steadiness_cv", "rmse_target", "time_in_band"):
        assert trial["results"][metric]["value"] is not None, trial["results"][metric]
    kept = state(read(path).story).assessment
    assert kept is not None
    assert kept.text.startswith("target = [57.0, 63.0]")
    assert check(path).ok


@pytest.mark.parametrize("assessment", ["abd_all_out_24", "abd_pulses_36"])
def test_a_series_is_refused_before_anything_is_recorded(assessment: str, tmp_path: Path) -> None:
    options = ("--participant", "P-1", "--device", "simulated:progressor", "--fast", "--out", tmp_path / "s.forcelab")
    said = forcelab("record", "--assessment", assessment, *options)
    assert "not recorded live" in said.sentence
    assert not list(tmp_path.iterdir())
