"""`reliability`: the worked examples of the literature as tables, in every form, and sentences for what is no study."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from forcelab.imports.dialect import TableError
from forcelab.imports.retest import read_retest
from tests.analysis.test_reliability import JUDGES, M1, W1, W2
from tests.commands.running import forcelab


def written(folder: Path, text: str, name: str = "retest.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def wide(folder: Path, *columns: list[int], heading: str) -> Path:
    rows = [",".join([f"P{n}", *map(str, row)]) for n, row in enumerate(zip(*columns, strict=True), 1)]
    return written(folder, "\n".join([heading, *rows]) + "\n")


def test_shrout_and_fleiss_1979(tmp_path: Path) -> None:
    path = wide(tmp_path, *map(list, zip(*JUDGES, strict=True)), heading="target,judge 1,judge 2,judge 3,judge 4")
    said = forcelab("reliability", path, "--json").json
    assert (said["form"], len(said["persons"]), len(said["sessions"])) == ("wide", 6, 4)
    found = said["findings"]
    published = {"icc_1_1": 0.17, "icc_2_1": 0.29, "icc_3_1": 0.71, "icc_1_k": 0.44, "icc_2_k": 0.62, "icc_3_k": 0.91}
    assert {name: round(found[name]["value"], 2) for name in published} == published
    ends = {"icc_1_1": (-0.1329, 0.7226), "icc_2_1": (0.0188, 0.7611), "icc_3_1": (0.3425, 0.9459),
            "icc_2_k": (0.0711, 0.9272), "icc_3_k": (0.6757, 0.9859)}  # fmt: skip
    for name, (low, high) in ends.items():
        assert (found[name]["low"], found[name]["high"]) == pytest.approx((low, high), abs=6e-5), name
        assert "Shrout & Fleiss 1979" in found[name]["source"]
        assert found[name]["formula"]
    assert found["sem_consistency"]["value"] == pytest.approx(1.009675, abs=5e-7)
    assert found["mdc95_consistency"]["value"] == pytest.approx(2.798677, abs=5e-7)
    assert found["icc_3_1"]["word"].startswith("poor")
    assert "not verified" in found["icc_3_1"]["word"]
    assert "6 persons only" in found["icc_2_1"]["warning"]
    assert "bias" not in found


def test_bland_and_altman_1986(tmp_path: Path) -> None:
    path = wide(tmp_path, W1, M1, heading="subject;Wright [l/min];mini [l/min]".replace(";", ","))
    said = forcelab("reliability", path, "--json").json
    found = said["findings"]
    assert said["unit"] == "l/min"
    assert found["bias"]["value"] == pytest.approx(-2.117647, abs=5e-7)
    assert (found["bias"]["low"], found["bias"]["high"]) == pytest.approx((-22.05, 17.81), abs=5e-3)
    assert found["sd_differences"]["value"] == pytest.approx(38.765130, abs=5e-7)
    limits = (found["lower_limit"]["value"], found["upper_limit"]["value"])
    assert limits == pytest.approx((-78.097, 73.862), abs=2e-3)
    assert "√(1 / n + m² / (2 (n − 1)))" in found["upper_limit"]["formula"]
    assert "Bland & Altman 1986" in found["upper_limit"]["source"]
    assert "not verified" in found["upper_limit"]["source"]


def test_the_error_of_the_wright_meter(tmp_path: Path) -> None:
    found = forcelab("reliability", wide(tmp_path, W1, W2, heading="subject,first,second"), "--json").json["findings"]
    expected = {
        "typical_error": 15.361215, "icc_3_1": 0.983046, "icc_2_1": 0.983164, "icc_2_k": 0.991511,
        "mdc95_consistency": 42.579114, "mdc95_percent_consistency": 9.5068, "cv_log": 3.511767, "cv_rms": 3.499559,
        "swc": 23.4946,
    }  # fmt: skip
    for name, value in expected.items():
        assert found[name]["value"] == pytest.approx(value, abs=5e-5), name
    assert (found["typical_error"]["low"], found["typical_error"]["high"]) == pytest.approx(
        (11.4406, 23.3787), abs=5e-5
    )


def test_all_forms_of_a_table_say_the_same(tmp_path: Path) -> None:
    expected = forcelab("reliability", wide(tmp_path, W1, W2, heading="subject,first,second"), "--json").json[
        "findings"
    ]
    pairs = list(zip(W1, W2, strict=True))
    forms = {
        "long.csv": "session,person,value\n" + "".join(
            f"{name},P{n},{pair[at]}\n" for at, name in enumerate(("a", "b")) for n, pair in enumerate(pairs)
        ),
        "order.csv": "person,value\n" + "".join(f"P{n},{x}\n" for n, pair in enumerate(pairs) for x in pair),
        "bare.tsv": "".join(f"{a}\t{b}\n" for a, b in pairs),
        "counted.csv": "".join(f"{n};{a},0;{b},0\n" for n, (a, b) in enumerate(pairs, 1)),
    }  # fmt: skip
    for name, text in forms.items():
        said = forcelab("reliability", written(tmp_path, text, name), "--json").json
        assert len(said["persons"]) == 17, name
        assert said["findings"] == expected, name
        assert said["detected"]


def test_what_was_read_is_said_and_columns_can_be_chosen(tmp_path: Path) -> None:
    text = "name,age,s1,s2\nA,20,300,310\nB,30,400,402\nC,25,500,512\nD,26,350,350\nE,40,450,456\n"
    path = written(tmp_path, text)
    assert forcelab("reliability", path, "--json").json["sessions"] == ["age", "s1", "s2"]
    said = forcelab("reliability", path, "--column", "s1", "--column", "4", "--unit", "N", "--json").json
    assert (said["sessions"], said["unit"]) == (["s1", "s2"], "N")
    assert any('not read: "age"' in sentence for sentence in said["detected"])
    assert said["findings"]["sem_agreement"]["value"] == pytest.approx(28.4**0.5)  # MSE 13, MSJ 90: 13 + 77/5
    assert "no column" in forcelab("reliability", path, "--column", "s9").sentence


def test_people_read_it_in_80_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = forcelab("reliability", wide(tmp_path, W1, M1, heading="subject,first,second"), "--unit", "l/min")
    assert said.code == 0
    assert max(map(cell_len, said.out.splitlines())) <= 80  # x̄ is two signs and one column
    for word in ("ICC(2,1)", "Typical error", "MDC90", "Bias", "Shrout & Fleiss 1979", "not verified"):
        assert word in said.out
    assert "17 persons (column 1" in said.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("person,a,b\nP1,300,310\n", "One person has no ICC"),
        ("person,a\nP1,300\nP2,310\n", "at least two measurements"),
        ("a\n300\n310\n", "measured at least twice"),
        ("person,a,b\nP1,300,310\nP2,,320\nP3,1,2\n", 'line 3: a value is missing in column 2 "a"'),
        ("person,a,b\nP1,300,310\nP2,x,320\nP3,1,2\n", 'line 3: "x" is no number'),
        ("person,a,b\nP1,300,310\nP1,301,320\nP3,1,2\n", 'line 3: person "P1" stands in line 2 already'),
        ("person,session,v\nA,1,300\nA,2,310\nB,1,320\n", 'person "B" has no session "2"'),
        ("person,session,v\nA,1,300\nA,1,310\nB,1,320\n", 'line 3: person "A" has session "1" twice'),
        ("nothing here\n", "no rows of numbers"),
    ],
)
def test_what_is_no_study_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    sentence = forcelab("reliability", written(tmp_path, text)).sentence
    assert sentence.startswith("retest.csv")
    assert words in sentence


def test_few_persons_have_an_error_and_no_icc(tmp_path: Path) -> None:
    path = written(tmp_path, "person,a,b\nP1,300,310\nP2,400,402\nP3,500,512\n")
    found = forcelab("reliability", path, "--json").json["findings"]
    assert (found["icc_2_1"]["value"], found["icc_2_1"]["reason"][:21]) == (None, "An ICC from 3 persons")
    assert found["typical_error"]["value"] == pytest.approx(14.0**0.5)  # differences 10, 2, 12: SD is √28


def test_values_without_any_difference_are_told(tmp_path: Path) -> None:
    said = forcelab(
        "reliability", written(tmp_path, "person,a,b\n" + "".join(f"P{n},5,5\n" for n in range(6))), "--json"
    )
    found = said.json["findings"]
    assert (found["icc_2_1"]["value"], found["typical_error"]["value"]) == (None, 0.0)


CELLS = st.one_of(st.integers(-5, 999).map(str), st.sampled_from(["", "x", "P1", "1,5", "2.5", "nan", '"', "person"]))
TEXTS = st.lists(st.lists(CELLS, min_size=1, max_size=4).map(";".join), max_size=8).map("\n".join)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), TEXTS.map(str.encode)))
def test_no_bytes_raise_anything_but_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(data)
    try:
        found = read_retest(path)
    except TableError:
        assert forcelab("reliability", path).sentence.startswith("any.csv")
    else:
        assert found.values.shape == (len(found.persons), len(found.sessions))
        assert forcelab("reliability", path, "--json").code in (0, 1)
