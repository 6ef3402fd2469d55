"""What a sensor tells of itself, and the warning before it switches itself off."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocols.codec import Capabilities, Info
from forcelab.engine.about import LOADED, NAMES, About
from forcelab.model import LinkState

PLAIN = Capabilities(80.0, True, True, None, None, "tension", False)
S = 1_000_000_000


def told(*infos: Info, capabilities: Capabilities = PLAIN) -> About:
    about = About(capabilities, 0)
    for info in infos:
        about.take(info)
    return about


def test_the_battery_in_each_way_of_telling_it() -> None:
    assert told().battery == ""
    assert told(Info("battery_mv", 3904)).battery == "3.90 V"
    assert told(Info("battery_percent", 87)).battery == "87 %"
    assert told(Info("battery_mv", 3904), Info("battery_percent", 87)).battery == "87 %, 3.90 V"
    assert told(Info("battery_percent", 0)).battery == "0 %"


def test_every_name_that_is_understood_is_shown_and_the_others_as_they_are() -> None:
    names = ("firmware", "model", "serial", "maker", "id", "errors", "zone_count")
    about = told(*(Info(name, f"its {name}") for name in names), Info("reply", ""))
    assert [value for _, value in about.told] == [f"its {name}" for name in names]
    assert ("serial number", "its serial") in about.told
    assert ("zone count", "its zone_count") in about.told


def test_a_new_value_takes_the_place_of_the_old() -> None:
    assert told(Info("firmware", "1"), Info("firmware", "2")).told == (("firmware", "2"),)


@given(st.lists(st.tuples(st.text(max_size=9), st.one_of(st.text(), st.integers(), st.floats(), st.booleans()))))
def test_nothing_that_it_tells_can_raise_or_grow_without_end(infos: list[tuple[str, str | float]]) -> None:
    about = told(*(Info(name, value) for name, value in infos), *(Info(str(n), "x" * 10_000) for n in range(100)))
    assert len(about.told) <= NAMES
    assert all(len(value) <= 200 for _, value in about.told)
    for state in get_args(LinkState):
        about.warning(state, 5 * S)


def test_low_power_and_overload_warn_while_they_last() -> None:
    about = told(Info("low_power", True), Info("overload", True))
    assert "let go" in about.warning("ready", S)
    assert "charge it now" in about.warning("ready", S)
    about.take(Info("overload", False))
    about.take(Info("low_power", False))
    assert about.warning("ready", S) == ""


@pytest.mark.parametrize(("percent", "warns"), [(11, False), (10, True), (0, True)])
def test_a_battery_that_is_nearly_empty_is_told(percent: int, warns: bool) -> None:
    assert ("charge" in told(Info("battery_percent", percent)).warning("ready", S)) is warns


def test_one_that_sleeps_without_a_connection_warns_only_while_it_has_none() -> None:
    about = told(capabilities=replace(PLAIN, sleeps_after=600.0))
    about.connected(100 * S)
    gone: tuple[LinkState, ...] = ("lost", "connecting", "absent")
    for state in gone:
        assert about.warning(state, 639 * S) == ""
        assert "will soon switch itself off, as it does 10 min without a connection" in about.warning("lost", 641 * S)
        assert "may have switched itself off" in about.warning("lost", 701 * S)
    assert about.warning("ready", 5000 * S) == ""


def test_one_that_sleeps_without_a_load_warns_unless_it_is_used() -> None:
    about = told(capabilities=replace(PLAIN, sleeps_after=30.0, sleeps_without="load"))
    about.felt(200.0, 195.0, 20 * S)  # a strap hangs in it: no load
    assert about.warning("ready", 23 * S) == ""
    assert "30 s without being loaded" in about.warning("ready", 25 * S)
    about.felt(-LOADED, None, 26 * S)
    assert about.warning("ready", 49 * S) == ""
    assert "will soon" in about.warning("ready", 51 * S)
    assert "wake it" in about.warning("ready", 57 * S)
    assert about.warning("lost", 57 * S) == ""


def test_one_of_which_nothing_is_known_says_nothing() -> None:
    assert told().warning("lost", 10**6 * S) == ""
