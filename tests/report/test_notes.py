"""What stands once below the numbers: what an interval is, which signs there are; nothing about what is not there."""

import pytest

from forcelab.model import Flag, Result
from forcelab.report.notes import BARE, INTERVAL, ONSET_BIAS, SIGNS, doubt, legend, notes, outside, signs

PLAIN = Result("peak_force", 400.0, "N", "peak_force/1; efforts/2")
TIMED = Result("rfd_0_100", 1234.0, "N/s", "rfd_0_100/1; onset percent/1(percent=2,sd=5,minimum=2)", (1200.0, 1300.0))
BY_HAND = Result("rfd_0_100", 1234.0, "N/s", "rfd_0_100/1; onset manual/1", (1200.0, 1300.0))
LIFTED = Result("peak_force", 410.0, "N", "peak_force/1", (399.0, 401.0))


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (PLAIN, ()),
        (Result("impulse_0_100", 3.0, "N·s", ""), ("?",)),
        (Result("peak_rfd_20", 3.0, "N/s", "", mark="below_rate"), ("!", "?")),
        (Result("rfd_0_100", 3.0, "N/s", "", mark="indicative"), ("i",)),
        (LIFTED, ("*",)),
        (Result("impulse_0_100", None, "N·s", "", reason="too short"), ()),
        (Result("later_metric", 1.0, "N", ""), ()),
    ],
)
def test_signs_stand_beside_what_they_belong_to(result: Result, expected: tuple[str, ...]) -> None:
    assert signs(result) == expected


@pytest.mark.parametrize(("value", "expected"), [(398.9, True), (399.0, False), (401.0, False), (401.1, True)])
def test_a_value_outside_its_interval_is_noticed_on_both_sides(value: float, expected: bool) -> None:
    assert outside(Result("peak_force", value, "N", "", (399.0, 401.0))) is expected


def test_only_signs_that_stand_there_are_explained() -> None:
    assert legend([PLAIN]) == []
    assert legend([LIFTED, Result("x", None, "N", "", reason="no")]) == [f"{sign}: {SIGNS[sign]}" for sign in "*–"]


def test_what_an_interval_is_not_is_told_once_and_only_with_intervals() -> None:
    assert notes([PLAIN]) == []
    assert notes([LIFTED, LIFTED, TIMED]) == [INTERVAL, ONSET_BIAS]
    assert notes([LIFTED, PLAIN]) == [INTERVAL, BARE]
    assert "MDC" in INTERVAL
    assert notes([BY_HAND]) == [INTERVAL], "an onset by hand has no threshold"


def test_cautions_of_definitions_are_told_with_their_numbers() -> None:
    (said,) = notes([Result("fatigue_index_pt", 12.0, "%", "")])
    assert said.startswith("Fatigue index (first to last): First repetitions")
    assert notes([Result("fatigue_index_pt", None, "%", "", reason="one repetition")]) == []


def test_a_limit_that_nobody_checked_says_so_beside_its_flag() -> None:
    assert doubt(Flag("PEAK_LATE", "Still rising.")).endswith("Still rising. (Limit not verified against its source.)")
    assert doubt(Flag("PRELOAD", "Held.")) == "PRELOAD: Held."
    assert doubt(Flag("PEAK_LATE", "No end.", assessed=False)) == "PEAK_LATE (not assessed): No end."
    assert doubt(Flag("LATER_FLAG", "New.")) == "LATER_FLAG: New."
