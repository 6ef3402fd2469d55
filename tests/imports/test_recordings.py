"""Tables that other people's instruments wrote, against what their own pages say of them."""

from pathlib import Path

import numpy as np
import pytest

from forcelab.imports.table import TableError, read_table
from forcelab.model import Trace


def only(path: Path, rate: float | None = None) -> Trace:
    (trace,) = read_table(path, rate=rate).traces.values()
    return trace


def test_chronojump_semicolons_and_decimal_commas_in_microseconds(shared_data: Path) -> None:
    table = read_table(shared_data / "chronojump" / "isometric_pull_excerpt.csv")
    (trace,) = table.traces.values()
    assert list(table.traces) == ["Force(N)"]
    assert len(trace.t) == 366
    np.testing.assert_allclose(trace.t[:4], [0.0, 912e-6, 7228e-6, 18228e-6], rtol=1e-15)
    np.testing.assert_array_equal(trace.force[:4], [1.69, 1.84, 1.94, 2.06])
    assert trace.rate == pytest.approx(1e6 / 11_000, rel=0.02)  # most of its steps are 11 ms, and some a little less
    assert trace.discarded == 0
    assert any("semicolons" in sentence and "comma" in sentence for sentence in table.detected)
    assert any("µs" in sentence for sentence in table.detected)


@pytest.mark.parametrize("jump", ["CMJ", "SJ", "DJ"])
def test_left_and_right_plate_together_are_the_single_recording(shared_data: Path, jump: str) -> None:
    folder = shared_data / "gidiel-machado"
    dual = read_table(folder / f"Dual-{jump}-Fz.txt", rate=1000.0)
    single = only(folder / f"Single-{jump}-Fz.txt", rate=1000.0)
    assert list(dual.traces) == ["FP1", "FP2"]
    total = dual.total()
    n = min(len(total.t), len(single.t))
    assert n >= 4999
    np.testing.assert_allclose(total.force[:n], single.force[:n], atol=0.011)  # the single file has two decimals less
    np.testing.assert_array_equal(total.t[:n], single.t[:n])
    with pytest.raises(TableError, match=r"FP1.*FP2.*--column"):
        dual.roles()


def test_body_weight_of_the_countermovement_jump(shared_data: Path) -> None:
    dual = read_table(shared_data / "gidiel-machado" / "Dual-CMJ-Fz.txt", rate=1000.0)
    left, right = (float(np.mean(trace.force[:1000])) for trace in dual.traces.values())
    assert left == pytest.approx(307.9, abs=1.5)
    assert right == pytest.approx(355.0, abs=1.5)


def test_one_column_without_time_needs_the_rate(shared_data: Path) -> None:
    with pytest.raises(TableError, match="--rate"):
        read_table(shared_data / "BMClab" / "GRFZjump.txt")
    trace = only(shared_data / "BMClab" / "GRFZjump.txt", rate=600.0)
    assert len(trace.t) == 1200
    assert trace.rate == 600.0
    assert trace.t[-1] == pytest.approx(1199 / 600)


@pytest.mark.parametrize("file", ["jump1.txt", "jump2.txt"])
def test_tabs_and_units_in_brackets(shared_data: Path, file: str) -> None:
    table = read_table(shared_data / "BMClab" / file)
    (trace,) = table.traces.values()
    assert list(table.traces) == ["GRF[N]"]
    assert len(trace.t) == 4500
    assert trace.rate == pytest.approx(450.0)


@pytest.mark.parametrize("file", ["Gait.c3d", "LICENSE.txt", "no such file", "."])
def test_what_is_no_table_is_refused_with_a_sentence(shared_data: Path, file: str) -> None:
    with pytest.raises(TableError, match=r"no text|not a text|no rows|cannot be read"):
        read_table(shared_data / "BMClab" / file)
