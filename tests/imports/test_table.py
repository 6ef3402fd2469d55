"""Dialects, units and headings: what is told is read as told, what is in doubt is asked for."""

from pathlib import Path

import numpy as np
import pytest

from forcelab.imports.table import Table, TableError, read_table

G0 = 9.80665
POUND = 4.4482216152605


def table(folder: Path, text: str | bytes, **wishes: object) -> Table:
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path, **wishes)  # type: ignore[arg-type] # the wishes are as different as the cases


def numbers(read: Table) -> tuple[list[float], list[float]]:
    (trace,) = read.traces.values()
    return list(trace.t), list(trace.force)


READ_AS = [
    ("t_ms,force_N\n0,1.5\n12.5,2.5\n25,3\n", [0.0, 0.0125, 0.025], [1.5, 2.5, 3.0]),
    ("Time (micros);Force(N)\n0;1,5\n12500;2,5\n", [0.0, 0.0125], [1.5, 2.5]),
    ("time [s]\tforce [kgf]\n0\t1\n0.1\t2\n", [0.0, 0.1], [G0, 2 * G0]),
    ("Time/s Force/lb\n0 1\n0.1 2\n", [0.0, 0.1], [POUND, 2 * POUND]),
    ("Time,Load\nms,kN\n0,0.5\n10,0.25\n", [0.0, 0.01], [500.0, 250.0]),
    ("Zeit (s);Kraft (N)\n0,0;1,0\n0,1;−2,0\n", [0.0, 0.1], [1.0, -2.0]),
    ("timestampMicros,forceNewton\n0,1\n1000,2\n", [0.0, 0.001], [1.0, 2.0]),
    ("seconds|newtons\n0|1\n0.1|2\n", [0.0, 0.1], [1.0, 2.0]),
    ('"Time (s)","Force (N)"\n"0","1,5"\n"0,1","2,5"\n', [0.0, 0.1], [1.5, 2.5]),
    ("Time (s)  Force (N)\n0  1\n0.1  2\n", [0.0, 0.1], [1.0, 2.0]),
    ("Measured on a Monday\n0.0 1.5\n0.1 2.5\n", [0.0, 0.1], [1.5, 2.5]),
    ("sep=;\nt (ms);F (N)\n0;1\n10;2\n", [0.0, 0.01], [1.0, 2.0]),
    ("# a comment\nAthlete: x\nDate;2024\n\nt (s);F (N);\n0;1;\n\n0,5;2;\n", [0.0, 0.5], [1.0, 2.0]),
    ("F (N),t (s)\n1.5,0\n2.5,0.1\n", [0.0, 0.1], [1.5, 2.5]),
    ("sample,time (s),force (N)\n1,0,5\n2,0.1,6\n", [0.0, 0.1], [5.0, 6.0]),
    ("time (s),phase,force (N)\n0,quiet,5\n0.1,pull,6\n", [0.0, 0.1], [5.0, 6.0]),
    ("time (s),force (N),torque (Nm)\n0,5,1\n0.1,6,1\n", [0.0, 0.1], [5.0, 6.0]),
    ("0.0 1e1\n0.1 +2.5E-1\n", [0.0, 0.1], [10.0, 0.25]),
    ("t(s),F(N)\r0,1\r0.1,2\r", [0.0, 0.1], [1.0, 2.0]),
    ("t(s);F(N)\n0;1\n0.1;\n0.2;NaN\n0.3;inf\n0.4;5\n", [0.0, 0.4], [1.0, 5.0]),
    ("t(s);F(N)\n0;1\n0.1;2\n0.2", [0.0, 0.1], [1.0, 2.0]),
]


@pytest.mark.parametrize(("text", "t", "force"), READ_AS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_tables_are_read_as_their_headings_say(
    tmp_path: Path, text: str, t: list[float], force: list[float], encoding: str
) -> None:
    found_t, found_force = numbers(table(tmp_path, text.encode(encoding)))
    np.testing.assert_allclose(found_t, t, rtol=1e-14)
    np.testing.assert_allclose(found_force, force, rtol=1e-14)


def test_the_micro_sign_in_latin_1(tmp_path: Path) -> None:
    t, _ = numbers(table(tmp_path, "Zeit [µs];Kraft [N]\n0;1\n1000;2\n".encode("latin-1")))
    assert t == [0.0, 0.001]


def test_what_the_caller_knows_stands_above_what_the_heading_says(tmp_path: Path) -> None:
    read = table(tmp_path, "t_s,force_N\n0,1\n10,2\n", time_unit="ms", force_unit="kg", rate=100)
    assert numbers(read) == ([0.0, 0.01], [G0, 2 * G0])
    assert next(iter(read.traces.values())).rate == 100.0


@pytest.mark.parametrize(("step", "unit"), [("0.0125", "s"), ("12.5", "ms"), ("12500", "µs")])
def test_a_time_without_unit_is_taken_by_its_step_and_that_is_told(tmp_path: Path, step: str, unit: str) -> None:
    read = table(tmp_path, f"time,force\n0,1.5\n{step},2.5\n")
    assert numbers(read)[0] == [0.0, 0.0125]
    assert any(f"in {unit}, assumed" in sentence for sentence in read.detected)
    assert any("in N, assumed" in sentence for sentence in read.detected)


def test_columns_without_any_heading_go_by_position_and_that_is_told(tmp_path: Path) -> None:
    read = table(tmp_path, "0.0\t10\t20\n0.5\t11\t21\n0.9\t12\t22\n")
    assert list(read.traces) == ["column 2", "column 3"]
    assert any("by position" in sentence for sentence in read.detected)
    np.testing.assert_array_equal(read.total().force, [30.0, 32.0, 34.0])


def test_left_and_right_are_roles_and_one_column_is_the_whole(tmp_path: Path) -> None:
    both = table(tmp_path, "t(s),Force right (N),Force left (N)\n0,1,10\n1,2,20\n").roles()
    assert list(both["left"].force) == [10.0, 20.0]
    assert list(both["right"].force) == [1.0, 2.0]
    assert set(table(tmp_path, "t(s),Force right (N)\n0,1\n1,2\n").roles()) == {"total"}


@pytest.mark.parametrize("wanted", ["Fy (N)", "fy", "3"])
def test_one_column_is_chosen_by_name_or_number(tmp_path: Path, wanted: str) -> None:
    read = table(tmp_path, "t(s),Fx (N),Fy (N)\n0,1,10\n1,2,20\n", column=wanted)
    assert numbers(read)[1] == [10.0, 20.0]
    assert any("not read" in sentence and "Fx" in sentence for sentence in read.detected)


def test_columns_of_one_name_are_all_kept(tmp_path: Path) -> None:
    assert list(table(tmp_path, "t(s),F,F\n0,1,10\n1,2,20\n").traces) == ["F", "F 3"]


def test_a_rate_replaces_a_missing_time(tmp_path: Path) -> None:
    read = table(tmp_path, "Force (N)\n5,5\n6,5\n7,5\n", rate=80)
    assert numbers(read) == ([0.0, 0.0125, 0.025], [5.5, 6.5, 7.5])


def test_a_gap_in_a_table_without_time_keeps_its_place(tmp_path: Path) -> None:
    read = table(tmp_path, "Force (N)\n5.5\nNaN\n7.5\n", rate=80)
    assert numbers(read) == ([0.0, 0.025], [5.5, 7.5])
    assert next(iter(read.traces.values())).discarded == 1


def test_time_that_goes_back_is_left_out_and_counted(tmp_path: Path) -> None:
    rows = [f"{n / 100},{n}" for n in range(40)]
    rows[20] = rows[19]
    rows[30] = "0.05,999"
    read = table(tmp_path, "t(s),F(N)\n" + "\n".join(rows))
    (trace,) = read.traces.values()
    assert trace.discarded == 2
    assert np.all(np.diff(trace.t) > 0.0)
    assert 999.0 not in trace.force
    assert any("2 rows left out" in sentence and "line 22" in sentence for sentence in read.detected)


ASKED = [
    ("5.5\n6.5\n", "--rate"),
    ("Force (V)\n5.5\n6.5\n", "--rate"),
    ("t(s),Force (mV)\n0,5\n1,6\n", '"mV" is no unit'),
    ("t(s),weight\n0,5\n1,6\n", "--force-unit"),
    ("time (h),force (N)\n0,5\n1,6\n", '"h" in column 1'),
    ("0,5.5\n1,6.5\n2,7.5\n", "--time-unit"),
    ("633,21\n628,46\n", "--decimal"),
    ("time,force\n0,0,5\n1,0,6\n", "heading|comma"),
    ("0,00,1,69\n0,01,1,70\n0,02,1,71\n", "comma"),
    ("t(s),F(N)\n0,5\n1,abc\n2,7\n3,8\n", 'line 3: "abc" is no number'),
    ("t(s),F(N)\n0,5\n1\n2,7\n3,8\n", "line 3: this row has 1 cells"),
    ("t(s),torque (Nm)\n0,5\n1,6\n", "--column"),
    ("t(s),F(N)\n0,1\n1,2\n2,3\n0,1\n1,2\n2,3\n", "line 5: the time goes back"),
    ("t(s),F(N)\n5,1\n5,2\n", "never goes on"),
    ("t(s),F(N)\n1,1\n", "never goes on"),
    ("t(s),F(N)\n1,1\n2,nan\n", "fewer than two"),
    ("", "no rows"),
    ("time,force\n", "no rows"),
    (",".join("1" * 500) + "\n" + ",".join("2" * 500), "500 columns"),
    ("1" * 100_000, "line 1: this line is too long"),
    (b"PK\x03\x04 an archive", "spreadsheet"),
    (b"1.0\n2.0\x00\n3.0\n" * 20, "not a text file"),
]


@pytest.mark.parametrize(("text", "words"), ASKED)
def test_what_is_in_doubt_is_asked_for(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(TableError, match=words) as told:
        table(tmp_path, text)
    assert str(told.value).startswith("table.csv")


@pytest.mark.parametrize(
    "wish",
    [
        {"rate": 0.0},
        {"rate": float("nan")},
        {"time_unit": "weeks"},
        {"force_unit": "stone"},
        {"column": "9"},
        {"column": "t(s)"},
        {"separator": "x"},
        {"decimal": ";"},
    ],
)
def test_a_wish_that_makes_no_sense_is_told(tmp_path: Path, wish: dict[str, object]) -> None:
    with pytest.raises(TableError):
        table(tmp_path, "t(s),F(N)\n0,5\n1,6\n", **wish)


def test_the_doubt_about_commas_is_settled_by_the_caller(tmp_path: Path) -> None:
    assert numbers(table(tmp_path, "633,21\n628,46\n", decimal=",", rate=10))[1] == [633.21, 628.46]
    assert numbers(table(tmp_path, "1,21\n3,46\n", separator=","))[1] == [21.0, 46.0]
    assert numbers(table(tmp_path, "1,21\n3,46\n", separator="commas"))[1] == [21.0, 46.0]


def test_a_hostile_heading_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    with pytest.raises(TableError) as told:
        table(tmp_path, "t(s),Force \u202e (\u009bm)\n0,5\n1,6\n".encode())
    assert str(told.value).isprintable()


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forcelab.imports.rows.LARGEST", 10)
    with pytest.raises(TableError, match="larger than"):
        table(tmp_path, "t(s),F(N)\n0,5\n1,6\n")


def stamped(rate: float, *, whole: bool, lost: float = 0.0, since: float = 0.0) -> str:
    """Eight seconds of a sensor of this rate, its stamps rounded to milliseconds or not, a share of samples lost."""
    rng = np.random.default_rng(int(rate))
    t = np.arange(0.0, 8.0, 1.0 / rate) + since
    if not whole:
        t += rng.uniform(-0.2, 0.2, len(t)) / rate
    kept = t[rng.uniform(0.0, 1.0, len(t)) >= lost]
    return "time (ms),force (N)\n" + "".join(f"{1e3 * x:.{0 if whole else 3}f},1.5\n" for x in kept)


@pytest.mark.parametrize("rate", [80.0, 95.0, 410.0, 450.0, 480.0, 600.0, 700.0, 800.0, 900.0])
@pytest.mark.parametrize("since", [0.0, 1.7e9])
def test_the_rate_is_estimated_within_two_percent_from_whole_milliseconds(
    tmp_path: Path, rate: float, since: float
) -> None:
    (trace,) = table(tmp_path, stamped(rate, whole=True, since=since)).traces.values()
    assert trace.rate == pytest.approx(rate, rel=0.02)
    assert trace.rate_estimated


@pytest.mark.parametrize("rate", [40.0, 80.0, 98.5, 333.0, 1000.0])
def test_lost_samples_and_jitter_leave_the_estimate_where_it_is(tmp_path: Path, rate: float) -> None:
    (trace,) = table(tmp_path, stamped(rate, whole=False, lost=0.1)).traces.values()
    assert trace.rate == pytest.approx(rate, rel=0.02)


def test_a_gap_beside_one_step_gives_an_estimate(tmp_path: Path) -> None:
    (trace,) = table(tmp_path, "t(s),F(N)\n0,1\n0.1,2\n90,3\n").traces.values()
    assert trace.rate == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("told", "fits"), [(101.9, True), (98.1, True), (103.0, False), (97.0, False), (1000.0, False)]
)
def test_a_rate_that_is_told_must_fit_the_time_stamps(tmp_path: Path, told: float, fits: bool) -> None:
    text = "t (s),F (N)\n" + "".join(f"{n / 100:.2f},{n}\n" for n in range(200))
    if fits:
        (trace,) = table(tmp_path, text, rate=told).traces.values()
        assert (trace.rate, trace.rate_estimated) == (told, False)
    else:
        with pytest.raises(TableError, match=r"100 Hz, but .* Hz were told; leave out --rate"):
            table(tmp_path, text, rate=told)
