"""One number reads alike wherever it stands: every unit has its decimals, and the window takes the same as paper."""

import doctest

import pytest
from PySide6.QtCore import QLocale

from forcelab.analysis.definitions import DEFINITIONS
from forcelab.app import uncertainty
from forcelab.app.labels import in_unit
from forcelab.model import Result
from forcelab.report import decimals as table
from forcelab.report.decimals import DECIMALS
from forcelab.report.results import between, shown

NO_UNITS = ("", "that of the number")


def test_every_unit_has_its_decimals() -> None:
    units = {unit for one in DEFINITIONS for unit in one.unit.split(", ") if unit not in NO_UNITS}
    assert units <= DECIMALS.keys()


def test_examples() -> None:
    assert doctest.testmod(table).failed == 0


@pytest.mark.parametrize("unit", [*DECIMALS, "furlong"])
def test_the_window_writes_as_paper_does(unit: str) -> None:
    locale = QLocale()
    QLocale.setDefault(QLocale.c())
    try:
        name = "" if unit == "1" else f" {unit}"
        assert f"{in_unit(123.45678, unit)}{name}" == shown(123.45678, unit)
        for ends in ((123.4, 129.6), (123.41, 123.43)):
            line = uncertainty.with_interval(Result("peak_force", 123.45678, unit, "r", interval=ends))
            assert line.endswith(f"{shown(123.45678, unit)} ({between(ends, unit)})")
    finally:
        QLocale.setDefault(locale)
