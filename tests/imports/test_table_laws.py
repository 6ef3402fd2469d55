"""Laws of the table reader: a table reads back equal in any dialect, and no bytes can raise anything but TableError."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelab.imports.table import Table, TableError, read_table

# What one unit is in s and N, typed from the definitions and not taken from the reader.
TIME = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "micros": 1e-6, "us": 1e-6}
FORCE = {"N": 1.0, "kN": 1e3, "kg": 9.80665, "kgf": 9.80665, "lb": 0.45359237 * 9.80665, "lbs": 0.45359237 * 9.80665}

forces = st.floats(-5e3, 5e3, allow_nan=False).map(lambda value: round(value, 4))
steps = st.integers(500, 25_000)


def written(value: float, decimal: str) -> str:
    return repr(float(value)).replace(".", decimal)


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, dict[str, object], list[float], list[list[float]]]:
    """The bytes of a table, what must be told with it, its times in s and its columns in N."""
    separator = draw(st.sampled_from(["\t", ";", ",", "|", " "]))
    decimal = draw(st.sampled_from([".", ","]))
    time_unit, force_unit = draw(st.sampled_from(list(TIME))), draw(st.sampled_from(list(FORCE)))
    style = draw(st.sampled_from(["{name} ({unit})", "{name}[{unit}]", "{name}_{unit}", "{name}/{unit}", ""]))
    columns = draw(st.integers(1, 3))
    micros = np.cumsum([0, *draw(st.lists(steps, min_size=3, max_size=30))])
    rows = [draw(st.lists(forces, min_size=columns, max_size=columns)) for _ in micros]
    quote = '"' if separator == "," and decimal == "," else draw(st.sampled_from(["", "" if separator == " " else '"']))
    end = draw(st.sampled_from(["", separator.strip(" ")]))
    lines = draw(st.sampled_from([[], ["# remark"], [""], ["Recording 7 of Tuesday"]]))
    if style:
        names = ["Time", "Force", "Fz", "GRF"][: columns + 1]
        units = [time_unit, *[force_unit] * columns]
        cells = [style.format(name=name, unit=unit) for name, unit in zip(names, units, strict=True)]
        lines.append(separator.join(quote + cell + quote for cell in cells) + end)
    for time, row in zip(micros, rows, strict=True):
        cells = [written(time * 1e-6 / TIME[time_unit], decimal), *(written(value, decimal) for value in row)]
        lines.append(separator.join(quote + cell + quote for cell in cells) + end)
        lines.extend([""] * draw(st.integers(0, 1)))
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1"]))
    wishes: dict[str, object] = {} if style else {"time_unit": time_unit, "force_unit": force_unit}
    newtons = [[row[column] * FORCE[force_unit] for row in rows] for column in range(columns)]
    return newline.join(lines).encode(encoding), wishes, list(micros * 1e-6), newtons


@given(tables())
def test_a_table_reads_back_equal_in_any_dialect(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[bytes, dict[str, object], list[float], list[list[float]]]
) -> None:
    data, wishes, t, columns = made
    path = tmp_path_factory.mktemp("table") / "any.csv"
    path.write_bytes(data)
    read = read_table(path, **wishes)  # type: ignore[arg-type] # the wishes are as different as the tables
    assert len(read.traces) == len(columns)
    for trace, newtons in zip(read.traces.values(), columns, strict=True):
        np.testing.assert_allclose(trace.t, t, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(trace.force, newtons, rtol=1e-12)
        assert np.diff(t).min() * 0.999999 <= 1.0 / trace.rate <= np.diff(t).max() * 1.000001
        assert trace.discarded == 0


def read_or_refuse(path: Path, data: bytes, **wishes: object) -> Table | None:
    path.write_bytes(data)
    try:
        return read_table(path, **wishes)  # type: ignore[arg-type] # as above
    except TableError as error:
        sentence = str(error)
    assert sentence.startswith(path.name)
    assert sentence.isprintable()
    return None


def is_whole(read: Table | None) -> None:
    for trace in read.traces.values() if read is not None else ():
        assert len(trace.t) == len(trace.force) >= 2
        assert np.all(np.isfinite(trace.t))
        assert np.all(np.isfinite(trace.force))
        assert np.all(np.diff(trace.t) > 0.0)
        assert np.isfinite(trace.rate)


@given(data=st.binary(max_size=300), rate=st.one_of(st.none(), st.floats(1.0, 1e4)))
def test_any_bytes_are_a_table_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, rate: float | None
) -> None:
    is_whole(read_or_refuse(tmp_path_factory.mktemp("table") / "any.csv", data, rate=rate))


ALPHABET = "0123456789.,;|\t -+eE\"'#\n\r()[]tsmµNkglb%nainf\u2212\u00a0"


@given(text=st.text(ALPHABET, max_size=200), rate=st.one_of(st.none(), st.just(100.0)))
def test_any_text_of_the_signs_of_tables_is_a_table_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str, rate: float | None
) -> None:
    is_whole(read_or_refuse(tmp_path_factory.mktemp("table") / "any.csv", text.encode(), rate=rate))


@given(tables(), st.data())
def test_any_damage_is_a_table_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory,
    made: tuple[bytes, dict[str, object], list[float], list[list[float]]],
    draws: st.DataObject,
) -> None:
    data = bytearray(made[0])
    for _ in range(draws.draw(st.integers(1, 4))):
        at = draws.draw(st.integers(0, len(data)))
        data[at : at + draws.draw(st.integers(0, 6))] = draws.draw(st.binary(max_size=3))
    is_whole(read_or_refuse(tmp_path_factory.mktemp("table") / "any.csv", bytes(data), **made[1]))


def test_reading_takes_time_in_proportion_to_the_rows(tmp_path: Path) -> None:
    text = io.StringIO()
    text.write("t (ms);F (N)\n")
    text.writelines(f"{n};{n % 97}\n" for n in range(200_000))
    (tmp_path / "long.csv").write_text(text.getvalue())
    (trace,) = read_table(tmp_path / "long.csv").traces.values()
    assert len(trace.t) == 200_000
